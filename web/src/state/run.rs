//! The page's only state, and the only ways to change it: a pure reducer over one [`Action`] enum.
//!
//! Everything shown about a run comes from [`State::trace`]. What a hand does while it holds a
//! message is the figure's own; when it lets go, one [`Action::Make`] arrives here.

use crate::state::beside::{Beside, Setting};
use crate::state::cut::CutChoice;
use crate::state::moves::{put_back, with_move, without_move, without_moves};
use crate::state::rename::renamed;
use crate::state::texts;
use lightcone_engine::id::{EventIndex, MessageId};
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_engine::protocol::Cause;
use lightcone_engine::{Edit, Scenario, Time, Trace, resimulate, simulate};
use lightcone_figure::read::opening;
pub use lightcone_figure::view::{Light, SHORTEST_WINDOW_MICROS, Selection, Tool, Window};
use std::rc::Rc;

/// What the page shows: snapshots behind `Rc`, so that components compare pointers.
#[derive(Clone)]
pub struct State {
    /// The run that is shown.
    pub trace: Rc<Trace>,
    /// The run without the last move, to be shown as its ghost; until the next change.
    pub ghost: Option<Rc<Trace>>,
    /// The moment of the cursor, between the start and the horizon.
    pub cursor: Time,
    /// The stretch of time that the figure shows.
    pub window: Window,
    /// What is selected.
    pub selection: Selection,
    /// Whether the ghost stays until the next change.
    pub compares: bool,
    /// What of the run is lit around the selected event.
    pub light: Light,
    /// What a click on a lane does.
    pub tool: Tool,
    /// The moment after which events are numbered as the steps of what was found; none for a run told by the clock.
    pub steps: Option<Time>,
    /// The text of the run before it was edited, while the editor is open.
    pub base: Option<Rc<str>>,
    /// The run's text as the reader wrote it, also the lines that cannot be read; none if nobody has written.
    pub draft: Option<Rc<str>>,
    /// Where the reader writes: to go on there is no new step for undo.
    pub spot: Option<Spot>,
    /// The other run of a comparison, if this one is one of two.
    pub beside: Option<Beside>,
    /// The runs to which undo goes back, the latest last.
    pub past: Vec<Left>,
    /// The runs to which redo goes forward, the next last.
    pub future: Vec<Left>,
    /// Whether the browser's history has the run before this one, as it has after the page was loaded again.
    pub behind: bool,
    /// Whether the future is still the answer to the reader's move: until the cursor goes elsewhere.
    pub answers: bool,
    /// Whether the cursor moved by itself, as it does while the run plays.
    pub plays: bool,
    /// The cut that the reader chooses, and the run with it, if it has two sides.
    pub tried: Option<(CutChoice, Option<Rc<Trace>>)>,
}

/// A run that was left, and where the reader looked in it.
#[derive(Clone)]
pub struct Left {
    /// That run.
    pub scenario: Rc<Scenario>,
    draft: Option<Rc<str>>,
    steps: Option<Time>,
    cursor: Time,
    window: Window,
}

/// A place in which the reader writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The field for the title.
    Title,
    /// The field for the note.
    Note,
    /// A line of the text.
    Line(usize),
}

/// Everything that can happen to the page's state.
#[derive(Clone)]
pub enum Action {
    /// Show another run from its beginning, its events after this moment numbered as steps; the one shown so far can be
    /// undone to.
    Open(Box<Scenario>, Option<Time>),
    /// The same, in the place of the run that is shown: undo leads to where that one led.
    Exchange(Box<Scenario>, Option<Time>),
    /// Make a move: one edit, appended to the reader's moves. A move about the same message, timer or
    /// moment takes the earlier one's place. The cursor goes to the moment that the move names.
    Make(Edit),
    /// Try a cut at the cursor: it is shown, but is no move yet. None: take it back.
    Try(Option<CutChoice>),
    /// Make a move of the cut that is tried.
    Keep,
    /// Take back the move at this place of the reader's moves.
    Unmake(usize),
    /// Take back whatever the reader did to this message.
    PutBack(MessageId),
    /// Take back all moves.
    Reset,
    /// Change knobs, flaws, the model or the seed: any scenario of the same story.
    Configure(Box<Scenario>),
    /// Let the run go on for as long again as it takes now.
    RunLonger,
    /// Open the editor, with the text that the run has now; close it.
    Edit(Option<Rc<str>>),
    /// The run's text is this now. Writing that goes on in the same place is one step for undo; without a place it is a
    /// step of its own. A text that does not say what it is about leaves the run as it is.
    Write(Rc<str>, Option<Spot>),
    /// One step back.
    Undo,
    /// The same, as a part of something else that the page does: the browser's history does not go back for it.
    Return,
    /// One step forward again.
    Redo,
    /// Look at another moment. The window follows if it must.
    Look(Time),
    /// The same, by itself: the run plays.
    Play(Time),
    /// Select an event and look at its moment.
    Visit(EventIndex),
    /// Show another stretch of time.
    Show(Window),
    /// Select this, or nothing.
    Select(Selection),
    /// Light this around the selected event; if it is lit, nothing.
    Light(Light),
    /// Keep the ghost until the next change, or let it go.
    Compare,
    /// Take up another tool.
    Take(Tool),
    /// Show the run beside itself, with these settings the other way; with none of them, show it alone.
    Beside(Vec<Setting>),
    /// The reader did this in the other run of a comparison: in the lower one.
    Below(Box<Action>),
    /// The notes tell of the lower run, or of the upper one again.
    Heed(bool),
}

impl Action {
    /// Whether it changes only where the reader looks, and not the run. Of what was recorded, nothing else can be done.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        let look = matches!(self, Action::Look(_) | Action::Play(_) | Action::Visit(_));
        look || matches!(self, Action::Show(_) | Action::Select(_) | Action::Light(_))
    }
}

/// Steps that undo remembers.
const MOST_UNDO: usize = 200;
/// The part of numbered steps that is shown of the time before them.
const STEPS_MARGIN: u64 = 16;

impl State {
    /// Whether undo or redo leads to this run, perhaps in several steps.
    #[must_use]
    pub fn leads_to(&self, scenario: &Scenario) -> bool {
        self.past.iter().any(|left| *left.scenario == *scenario) || self.has_undone(scenario)
    }

    /// The state after so many steps of undo or redo that this run is shown; the same if none leads there.
    #[must_use]
    pub fn travelled_to(&self, scenario: &Scenario) -> State {
        let back = self.past.iter().rev().position(|left| *left.scenario == *scenario);
        let forth = self.future.iter().rev().position(|left| *left.scenario == *scenario);
        let (step, far) = match (back, forth) {
            (Some(far), _) => (Action::Undo, far + 1),
            (None, Some(far)) => (Action::Redo, far + 1),
            (None, None) => (Action::Undo, 0),
        };
        (0..far).fold(self.clone().trying(None), |state, _| state.after(step.clone()))
    }

    /// Whether redo leads to this run.
    #[must_use]
    pub fn has_undone(&self, scenario: &Scenario) -> bool {
        self.future.iter().any(|left| *left.scenario == *scenario)
    }

    /// The state in which `scenario` was just opened.
    #[must_use]
    pub fn new(scenario: &Scenario) -> State {
        State::of(Rc::new(simulate(scenario)))
    }

    /// The state in which a run was just opened.
    #[must_use]
    pub fn of(trace: Rc<Trace>) -> State {
        let cursor = opening::moment(&trace);
        State {
            ghost: None,
            cursor,
            window: opening::window(&trace, cursor),
            selection: Selection::Nothing,
            compares: false,
            light: Light::Past,
            tool: Tool::Move,
            steps: None,
            base: None,
            draft: None,
            spot: None,
            beside: None,
            past: Vec::new(),
            future: Vec::new(),
            behind: false,
            answers: false,
            plays: false,
            tried: None,
            trace,
        }
    }

    /// When what is done at the cursor happens: after all that is seen there. A leader that is cut off at the moment of
    /// its election has been elected.
    #[must_use]
    pub fn acts_at(&self) -> Time {
        let here = self.trace.events.partition_point(|event| event.at < self.cursor);
        let mut seen = self.trace.events[here..].iter().take_while(|event| event.at == self.cursor);
        let happens = seen.any(|event| matches!(event.cause, Cause::Deliver(_) | Cause::Fire(_)));
        if happens { self.cursor.after(1).min(self.trace.horizon()) } else { self.cursor }
    }

    /// This state with another window, cursor and selection.
    #[must_use]
    pub fn shown(self, window: Window, cursor: Time, selection: Selection) -> State {
        State { window: self.legal_window(window), cursor: cursor.min(self.trace.horizon()), selection, ..self }
    }

    /// This state with the events after a moment numbered as steps: it shows all of them, and looks at the last.
    #[must_use]
    pub fn stepped(self, begins: Option<Time>) -> State {
        if begins.is_none() {
            return self;
        }
        State { steps: begins, window: self.stretch(begins), cursor: self.last(begins), ..self }
    }

    /// The moment that a figure of the run tells of at first: what the run is about, or its last numbered step.
    #[must_use]
    pub fn last(&self, begins: Option<Time>) -> Time {
        let last = self.trace.events.last().filter(|_| begins.is_some());
        last.map_or_else(|| opening::moment(&self.trace), |event| event.at)
    }

    /// The window with which a run's figure opens: around what it is about, or its numbered steps and a little before them.
    #[must_use]
    pub fn stretch(&self, begins: Option<Time>) -> Window {
        let Some(begins) = begins else { return opening::window(&self.trace, opening::moment(&self.trace)) };
        let to = self.trace.horizon();
        let before = to.since(begins) / STEPS_MARGIN;
        self.legal_window(Window { from: Time::from_micros(begins.micros().saturating_sub(before)), to })
    }

    /// The scenario shown.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.trace.scenario
    }

    /// Whether undo leads anywhere.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.behind || !self.past.is_empty()
    }

    /// The cut that the reader chooses, if they choose one.
    #[must_use]
    pub fn choice(&self) -> Option<CutChoice> {
        self.tried.as_ref().map(|(choice, _)| *choice)
    }

    /// The run with the cut that is tried; none while there is none.
    #[must_use]
    pub fn answer(&self) -> Option<&Rc<Trace>> {
        self.tried.as_ref().and_then(|(_, answer)| answer.as_ref())
    }

    /// What Escape takes out of the reader's hand: the cut that is tried, or else the tool.
    #[must_use]
    pub fn put_away(&self) -> Option<Action> {
        match (self.tried.is_some(), self.tool) {
            (true, _) => Some(Action::Try(None)),
            (false, Tool::Move) => None,
            (false, _) => Some(Action::Take(Tool::Move)),
        }
    }

    /// What a press does: while a cut is chosen, it chooses lanes.
    #[must_use]
    pub fn tool_in_use(&self) -> Tool {
        if self.tried.is_some() { Tool::Cut } else { self.tool }
    }

    /// The state after `action`. What happens to the run happens to the other one of a comparison, too.
    #[must_use]
    pub fn after(&self, action: Action) -> State {
        if self.trace.is_recorded() && !action.only_looks() {
            return self.clone();
        }
        let plays = matches!(action, Action::Play(_));
        let mut after = match action {
            Action::Beside(settings) => self.clone().beside(settings),
            Action::Below(action) => self.after_below(*action),
            Action::Heed(below) => self.heeding(below).followed(),
            Action::Select(_) | Action::Visit(_) => self.heeding(false).next(action).followed(),
            action => self.next(action).followed(),
        };
        after.plays = plays;
        after
    }

    fn next(&self, action: Action) -> State {
        match action {
            Action::Open(scenario, steps) => self.opened(&scenario, steps),
            Action::Exchange(scenario, steps) => self.exchanged(&scenario, steps),
            Action::Make(edit) => self.made(edit),
            Action::Try(choice) => self.clone().trying(choice),
            Action::Keep => self.kept().map_or_else(|| self.clone(), |edit| self.made(edit)),
            Action::Unmake(place) => self.changed(without_moves(self.scenario(), |index, _| index == place)),
            Action::PutBack(message) => self.changed(put_back(self.scenario(), message)),
            Action::Reset => self.changed(self.scenario().without_moves()),
            Action::Configure(scenario) => self.changed(renamed(self.scenario(), *scenario)),
            Action::RunLonger => self.longer(),
            Action::Edit(base) => State { base, spot: None, ..self.clone() },
            Action::Write(text, spot) => self.written(text, spot),
            // What is only tried is undone first.
            Action::Undo if self.tried.is_some() => self.clone().trying(None),
            Action::Undo | Action::Return => self.travelled(|past, future| (past, future)),
            Action::Redo => self.travelled(|past, future| (future, past)),
            Action::Look(at) | Action::Play(at) => State { answers: false, ..self.looking(at) }.trying(self.choice()),
            Action::Visit(event) => match self.trace.events.get(event.index()) {
                Some(here) => self.next(Action::Select(Selection::Event(event))).next(Action::Look(here.at)),
                None => self.clone(),
            },
            Action::Show(window) => State { window: self.legal_window(window), ..self.clone() },
            Action::Select(selection) => State { selection, light: Light::Past, ..self.clone() },
            Action::Compare => State { compares: !self.compares, ..self.clone() },
            Action::Light(light) => {
                let light = if self.light == light { Light::Off } else { light };
                State { light, ..self.clone() }
            }
            Action::Take(tool) => State { tool, ..self.clone() }.trying(None),
            // The two runs of a comparison are seen to by `after`.
            Action::Beside(_) | Action::Below(_) | Action::Heed(_) => self.clone(),
        }
    }

    pub(super) fn trying(self, choice: Option<CutChoice>) -> State {
        let tried = choice.map(|choice| {
            let edit = self.cut(choice);
            let answer = edit.map(|edit| Rc::new(resimulate(&self.trace, &with_move(self.scenario(), edit))));
            (choice, answer)
        });
        State { tried, ..self }
    }

    fn kept(&self) -> Option<Edit> {
        self.choice().and_then(|choice| self.cut(choice))
    }

    fn cut(&self, choice: CutChoice) -> Option<Edit> {
        let at = self.acts_at();
        choice.action(&self.trace, at).map(|action| Edit::At { at, action })
    }

    fn opened(&self, scenario: &Scenario, steps: Option<Time>) -> State {
        let mut past = self.past.clone();
        remember(&mut past, self.left());
        State { past, ..self.exchanged(scenario, steps) }
    }

    fn exchanged(&self, scenario: &Scenario, steps: Option<Time>) -> State {
        State { past: self.past.clone(), behind: self.behind, ..State::new(scenario).stepped(steps) }
    }

    fn left(&self) -> Left {
        Left {
            scenario: self.trace.scenario.clone(),
            draft: self.draft.clone(),
            steps: self.steps,
            cursor: self.cursor,
            window: self.window,
        }
    }

    fn written(&self, text: Rc<str>, spot: Option<Spot>) -> State {
        if self.draft.as_ref() == Some(&text) {
            return self.clone();
        }
        let scenario =
            texts::here().and_then(|texts| (texts.recover)(&text)).unwrap_or_else(|| self.scenario().clone());
        let mut past = self.past.clone();
        if spot.is_none() || spot != self.spot {
            remember(&mut past, self.left());
        }
        let running = self.running(&scenario);
        State { past, future: Vec::new(), ghost: None, draft: Some(text), spot, ..running }
    }

    /// One more move, and a look at its moment. However often it is adjusted, what it changed is told against the run
    /// without it.
    fn made(&self, edit: Edit) -> State {
        let next = self.changed(with_move(self.scenario(), edit));
        if Rc::ptr_eq(&next.trace, &self.trace) {
            return next;
        }
        let without = without_move(&self.trace, &edit);
        // A copy that is dropped leaves no move: what changed is that it is gone.
        let ghost = if without.scenario == next.trace.scenario { self.trace.clone() } else { without };
        let next = State { ghost: Some(ghost), ..next };
        match edit {
            Edit::Deliver { at, .. } | Edit::Duplicate { at, .. } | Edit::Fire { at, .. } | Edit::At { at, .. } => {
                next.looking(at)
            }
            Edit::Drop { .. } | Edit::CrashDuring { .. } => next,
        }
    }

    /// The run goes on, and the reader sees its old end in the middle of the window.
    fn longer(&self) -> State {
        let end = self.trace.horizon();
        let next =
            self.changed(Scenario { horizon: end.after(end.micros()).min(MAX_HORIZON), ..self.scenario().clone() });
        let width = self.window.to.since(self.window.from).min(end.micros());
        let from = Time::from_micros(end.micros().saturating_sub(width / 2));
        let window = next.legal_window(Window { from, to: from.after(width) });
        State { ghost: None, window, ..next }
    }

    fn changed(&self, scenario: Scenario) -> State {
        if scenario == *self.scenario() {
            return self.clone();
        }
        let mut past = self.past.clone();
        remember(&mut past, self.left());
        State { past, future: Vec::new(), answers: true, ..self.running(&scenario) }
    }

    fn running(&self, scenario: &Scenario) -> State {
        let trace = Rc::new(resimulate(&self.trace, scenario));
        let draft =
            self.draft.as_ref().zip(texts::here()).map(|(draft, texts)| (texts.rewritten)(draft, scenario).into());
        let ghost = Some(self.trace.clone());
        let mut next = State { ghost, trace, draft, spot: None, compares: false, tried: None, ..self.clone() };
        next.window = if self.window == Window::whole(self.trace.horizon()) {
            Window::whole(next.trace.horizon())
        } else {
            next.legal_window(self.window)
        };
        next.selection = self.selection_in(&next.trace);
        next.cursor = self.cursor.min(next.trace.horizon());
        next
    }

    fn travelled(&self, order: impl Fn(Vec<Left>, Vec<Left>) -> (Vec<Left>, Vec<Left>)) -> State {
        let (mut from, mut to) = order(self.past.clone(), self.future.clone());
        let Some(left) = from.pop() else { return self.clone() };
        remember(&mut to, self.left());
        let (past, future) = order(from, to);
        let Left { draft, steps, .. } = left;
        let next = State { past, future, ghost: None, answers: false, draft, steps, ..self.running(&left.scenario) };
        // Between a run and what a search made of it, the reader looks again where they looked then.
        if left.steps == self.steps { next } else { next.shown(left.window, left.cursor, Selection::Nothing) }
    }

    fn looking(&self, at: Time) -> State {
        let cursor = at.min(self.trace.horizon());
        let Window { from, to } = self.window;
        let width = to.since(from);
        let window = if cursor < from || cursor > to {
            let from = Time::from_micros(cursor.micros().saturating_sub(width / 2));
            Window { from, to: from.after(width) }
        } else {
            self.window
        };
        State { cursor, window: self.legal_window(window), ..self.clone() }
    }

    /// The same selection in another run. An event stays selected only if it happens there, too.
    pub(super) fn selection_in(&self, after: &Trace) -> Selection {
        let Selection::Event(event) = self.selection else { return self.selection };
        let Some(here) = self.trace.events.get(event.index()) else { return Selection::Nothing };
        let first = after.events.partition_point(|each| each.at < here.at);
        let same = after.events[first..].iter().take_while(|each| each.at == here.at);
        let place = same.zip(first..).find(|(each, _)| each.cause == here.cause).map(|(_, place)| place);
        place.map_or(Selection::Nothing, |place| Selection::Event(EventIndex(place as u32)))
    }

    fn legal_window(&self, window: Window) -> Window {
        window.within(self.trace.horizon())
    }
}

fn remember(runs: &mut Vec<Left>, left: Left) {
    if runs.len() == MOST_UNDO {
        runs.remove(0);
    }
    runs.push(left);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::run::trace::Fate;

    fn opened() -> State {
        State::new(&gallery::find("raft", "election").expect("the gallery has it").scenario)
    }

    fn delayed(state: &State, by_micros: u64) -> State {
        let delivered = |message: &&lightcone_engine::run::trace::Message| matches!(message.fate, Fate::Delivered(_));
        let message = state.past.first().map_or(&state.trace, |_| state.ghost.as_ref().unwrap_or(&state.trace));
        let message = message.messages.iter().find(delivered).expect("a message arrives");
        state.after(Action::Make(Edit::Deliver { message: message.id, at: message.arrives.after(by_micros) }))
    }

    #[test]
    fn a_move_adjusted_twice_is_held_against_the_run_without_it() {
        let state = opened();
        let once = delayed(&state, 30_000);
        let twice = delayed(&once, 60_000);
        assert_ne!(once.trace.digest, twice.trace.digest);
        for after in [&once, &twice] {
            let ghost = after.ghost.as_ref().expect("the run without the move");
            assert_eq!((ghost.digest, ghost.scenario.moves.len()), (state.trace.digest, 0));
        }
    }

    #[test]
    fn an_earlier_move_stays_in_what_a_later_one_is_held_against() {
        let first = delayed(&opened(), 30_000);
        let crash = Edit::At {
            at: Time::from_millis(40),
            action: lightcone_engine::Action::Crash(lightcone_engine::NodeId(1)),
        };
        let second = first.after(Action::Make(crash));
        assert_eq!(second.ghost.expect("the run before it").digest, first.trace.digest);
    }

    #[test]
    fn a_move_that_changes_nothing_leaves_the_ghost() {
        let once = delayed(&opened(), 30_000);
        let again = once.after(Action::Make(once.scenario().moves[0]));
        assert!(Rc::ptr_eq(&again.trace, &once.trace));
        assert_eq!(again.past.len(), once.past.len());
    }

    #[test]
    fn a_run_goes_on_for_as_long_again_and_that_can_be_undone() {
        let state = opened();
        let end = state.trace.horizon();
        let longer = state.after(Action::RunLonger);
        assert_eq!(longer.trace.horizon(), end.after(end.micros()));
        assert!(longer.window.from < end && end < longer.window.to && longer.scenario().moves.is_empty());
        assert_eq!(longer.after(Action::Undo).trace.digest, state.trace.digest);
        let longest = (0..20).fold(longer, |state, _| state.after(Action::RunLonger));
        assert_eq!(longest.trace.horizon(), MAX_HORIZON);
    }

    #[test]
    fn a_message_dragged_past_the_end_takes_the_end_along() {
        let state = opened();
        let end = state.trace.horizon();
        let message = state.trace.messages[0].id;
        let after = state.after(Action::Make(Edit::Deliver { message, at: end.after(1_000) }));
        assert!(after.trace.horizon() > end.after(1_000));
        assert!(matches!(after.trace.message(message).expect("it is sent").fate, Fate::Delivered(_)));
    }
}
