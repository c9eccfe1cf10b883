//! The keys that work everywhere on the page.

use crate::browser::{self, Press};
use crate::panels::steps;
use crate::state::beside;
use crate::state::playback;
use crate::state::run::{Action, SHORTEST_WINDOW_MICROS, Window};
use crate::state::search_job::SearchJob;
use crate::state::session::{Open, Session, SessionAction};
use crate::state::snapshot::Snapshot;
use lightcone_engine::Time;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Target;
use std::cell::RefCell;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The state that the keys act on.
pub struct Keys {
    /// The page's state.
    pub run: Snapshot,
    /// What lies around it.
    pub session: Rc<Session>,
    /// Whether the page is a part of another: then fewer keys are its own.
    pub embedded: bool,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Called with each session action.
    pub tell: Callback<SessionAction>,
    /// Starts and stops playing.
    pub play: Callback<()>,
    /// Searches from here for what is told; asks if nothing is.
    pub search: Callback<Option<Target>>,
    /// Opens the editor.
    pub edit: Callback<()>,
}

/// Hears the keys that work everywhere. The figure's own keys come first: it takes them. What was pressed before is done at once.
#[hook]
pub fn use_keys(keys: Keys, kept: &ByPointer<RefCell<Vec<Press>>>) {
    // One listener for the page's life, which asks for the latest of all this.
    let latest = use_mut_ref(|| None);
    latest.replace(Some(Rc::new(keys)));
    let kept = kept.clone();
    use_effect_with((), move |()| {
        let hears = Callback::from(move |press: Press| {
            // What a key does is drawn at once, and then there is a later one.
            let now: Option<Rc<Keys>> = latest.borrow().clone();
            if now.is_some_and(|keys| keys.answer(&press)) {
                press.take();
            }
        });
        let before = kept.take();
        let listener = browser::on_key(hears.clone());
        if !before.is_empty() {
            // After this: each key is answered before the next.
            spawn_local(async move { before.into_iter().for_each(|press| hears.emit(press)) });
        }
        move || drop(listener)
    });
}

impl Keys {
    /// Does what the key says; false if it says nothing here.
    fn answer(&self, press: &Press) -> bool {
        // The text of the editor is undone as the run is: they are one.
        if press.typing && !(press.command && self.run.base.is_some()) {
            return false;
        }
        if press.command {
            match (press.key.to_ascii_lowercase().as_str(), press.shift) {
                ("z", false) => self.dispatch.emit(Action::Undo),
                ("z", true) | ("y", false) => self.dispatch.emit(Action::Redo),
                _ => return false,
            }
            return true;
        }
        if press.key == "Escape"
            && let Some(action) = self.run.put_away()
        {
            self.dispatch.emit(action);
            return true;
        }
        self.session.single_keys && (self.own(press) || self.around(press))
    }

    /// Keys that move the cursor and the window.
    fn own(&self, press: &Press) -> bool {
        let (run, trace) = (&self.run, &self.run.trace);
        let action = match press.key.as_str() {
            "Home" => Action::Look(Time::ZERO),
            "End" => Action::Look(trace.horizon()),
            "j" | "J" => {
                // After the last violation comes the first.
                let next = playback::next_violation(trace, run.cursor);
                let Some(event) = next.or_else(|| playback::violations(trace).min()) else { return false };
                Action::Visit(event)
            }
            "+" | "=" => Action::Show(zoomed(run, 0.5)),
            "-" | "−" => Action::Show(zoomed(run, 2.0)),
            "0" => Action::Show(Window::whole(trace.horizon())),
            "v" | "V" if run.beside.is_some() => Action::Beside(Vec::new()),
            "v" | "V" => match beside::flaws_on(run.scenario()) {
                flaws if flaws.is_empty() => return false,
                flaws => Action::Beside(flaws),
            },
            _ => return false,
        };
        self.dispatch.emit(action);
        true
    }

    /// Keys for what lies around the run.
    fn around(&self, press: &Press) -> bool {
        let action = match (press.key.as_str(), self.embedded) {
            (" ", _) if !press.presses => {
                self.play.emit(());
                return true;
            }
            ("b" | "B" | "f" | "F", false) if self.run.beside.is_none() => {
                self.search.emit(press.key.eq_ignore_ascii_case("b").then_some(Target::AnyBreach));
                return true;
            }
            ("Escape", true) => {
                browser::leave();
                return true;
            }
            ("Escape", false) if self.session.search.as_ref().is_some_and(SearchJob::is_going) => {
                SessionAction::StopSearch
            }
            ("e" | "E", false) if self.run.base.is_none() => {
                self.edit.emit(());
                return true;
            }
            ("l" | "L", false) => SessionAction::List,
            ("s" | "S", false) => SessionAction::Step,
            ("?", false) => SessionAction::Open(Open::Keys),
            (digit, _) => return self.session.stepping && self.take(digit),
        };
        self.tell.emit(action);
        true
    }

    /// Step mode: a digit takes the choice of that number.
    fn take(&self, digit: &str) -> bool {
        let Some(place) = digit.parse::<usize>().ok().filter(|digit| (1..=9).contains(digit)) else { return false };
        let choices = steps::choices(&self.run.trace, self.run.cursor);
        choices.get(place - 1).is_some_and(|choice| {
            steps::take(&self.dispatch, choice);
            true
        })
    }
}

/// The window made narrower or wider around the cursor, or around its middle if the cursor is outside.
fn zoomed(run: &Snapshot, factor: f64) -> Window {
    let Window { from, to } = run.window;
    let width = to.since(from);
    let new = ((width as f64 * factor) as u64).max(SHORTEST_WINDOW_MICROS);
    let inside = (from..=to).contains(&run.cursor);
    let fixed = if inside { run.cursor } else { from.after(width / 2) };
    let before = (fixed.since(from) as f64 * new as f64 / width.max(1) as f64) as u64;
    let start = Time::from_micros(fixed.micros().saturating_sub(before));
    Window { from: start, to: start.after(new) }
}
