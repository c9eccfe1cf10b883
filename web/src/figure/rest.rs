//! What a figure does besides being drawn and dragged: its keys, its lists, what its signs mean, what it says aloud. All of it arrives
//! with what stands around a figure. What a reader does before that is kept, and done then.

use super::FigureProps;
use super::component::{Figure, Msg};
use crate::browser;
use crate::state::run::Selection;
use crate::words::CUT;
use lightcone_engine::Trace;
use lightcone_figure::read::words;
use lightcone_figure::scene::Scene;
use std::cell::{Cell, RefCell};
use yew::platform::spawn_local;
use yew::prelude::*;

/// What a figure does besides being drawn and dragged.
pub struct Rest {
    /// Does what a key, a press or a list asks for; whether the figure is drawn again.
    pub hears: fn(&mut Figure, &Context<Figure>, Msg) -> bool,
    /// The list or the note beside the figure.
    pub draw: fn(&Figure, &Context<Figure>, &Scene) -> Html,
    /// The figure's keys, in words.
    pub keys: fn(&Trace) -> String,
}

/// All of it.
pub const REST: Rest = Rest { hears, draw, keys: |trace| words::keys(trace).into() };

/// So much is kept at most of what a reader does before the rest is here.
const MOST: usize = 32;

thread_local! {
    static HERE: Cell<Option<&'static Rest>> = const { Cell::new(FIRST) };
    static FETCH: Cell<fn()> = const { Cell::new(|| ()) };
    static WAITING: RefCell<Vec<Callback<()>>> = const { RefCell::new(Vec::new()) };
}

#[cfg(feature = "parts")]
const FIRST: Option<&Rest> = None;
#[cfg(not(feature = "parts"))]
const FIRST: Option<&Rest> = Some(&REST);

/// How the rest is fetched, when a reader needs it before it is here.
pub fn fetch_by(fetch: fn()) {
    FETCH.set(fetch);
}

/// The rest has arrived: who waits hears of it.
pub fn arrived(rest: &'static Rest) {
    HERE.set(Some(rest));
    WAITING.take().into_iter().for_each(|waits| waits.emit(()));
}

/// The rest, if it is here.
pub(super) fn here() -> Option<&'static Rest> {
    HERE.get()
}

/// Calls back once the rest is here, unless it is here already.
pub(super) fn when_here(done: Callback<()>) {
    if here().is_none() {
        WAITING.with_borrow_mut(|waiting| waiting.push(done));
    }
}

fn hears(figure: &mut Figure, context: &Context<Figure>, message: Msg) -> bool {
    let props = context.props();
    match message {
        Msg::Key(event) => figure.key(props, &event),
        Msg::Pressed(target, at) => figure.pressed(props, &target, at),
        Msg::Context(event) => figure.context_menu(props, &event),
        Msg::Chosen(place) => figure.chosen(props, place),
        Msg::Typed(typed) => figure.typed(props, &typed),
        Msg::Understood => {
            figure.explain_nothing(props);
            false
        }
        Msg::Explain => {
            let at = figure.menu.take().map(|(_, at)| at).unwrap_or_default();
            figure.explain_at(props, at);
            true
        }
        Msg::Say => {
            figure.spoken = figure.announcement(props);
            true
        }
        _ => false,
    }
}

fn draw(figure: &Figure, context: &Context<Figure>, scene: &Scene) -> Html {
    html! { <>{ figure.draw_menu(context, scene) }{ figure.draw_sign(context, &scene.frame) }</> }
}

impl Figure {
    /// Does what needs the rest; keeps it until that is here.
    pub(super) fn late(&mut self, context: &Context<Figure>, message: Msg) -> bool {
        match here() {
            Some(rest) => (rest.hears)(self, context, message),
            None => {
                self.keep(context.props(), message);
                false
            }
        }
    }

    fn keep(&mut self, props: &FigureProps, message: Msg) {
        match &message {
            Msg::Key(event) if self.may_be_own(props, event) => event.prevent_default(),
            Msg::Context(event) => event.prevent_default(),
            Msg::Pressed(..) => {}
            _ => return,
        }
        if self.kept.len() < MOST {
            self.kept.push(message);
        }
        FETCH.get()();
    }

    /// Whether a key may be one of the figure's own. Tab is, once there is something from which it goes on.
    fn may_be_own(&self, props: &FigureProps, event: &KeyboardEvent) -> bool {
        let name = event.key();
        let goes_on = !self.kept.is_empty() || props.state.selection != Selection::Nothing;
        let own = match name.as_str() {
            "Tab" => goes_on,
            "Enter" | "Escape" | "ContextMenu" | "Delete" | "Backspace" | "Home" | "End" => true,
            name => name.starts_with("Arrow") || name.chars().count() == 1,
        };
        own && !event.ctrl_key() && !event.meta_key()
    }

    /// The rest is here: what was kept is done, in its order. A key is pressed again, for it may be the page's.
    pub(super) fn catch_up(&mut self, context: &Context<Figure>) {
        let (kept, link, figure) = (std::mem::take(&mut self.kept), context.link().clone(), self.frame_box.clone());
        if kept.is_empty() {
            return;
        }
        // After this message: each key is answered before the next is pressed.
        spawn_local(async move {
            for message in kept {
                match message {
                    Msg::Key(event) => browser::press_again(&event, &figure),
                    other => link.send_message(other),
                }
            }
        });
    }

    /// What is said aloud of what is selected.
    fn announcement(&self, props: &FigureProps) -> String {
        let Some(index) = &self.laid_out.index else { return String::new() };
        let (tried, ghost) = (props.state.answer().map(|_| &*props.state.trace), props.state.ghost.as_deref());
        let choice = props.state.choice().and_then(|choice| choice.said(&props.state.trace));
        let said = words::announcement(index, props.state.selection, props.state.cursor, tried.or(ghost));
        choice.map_or(said.clone(), |choice| format!("{CUT} {choice}. {said}"))
    }
}
