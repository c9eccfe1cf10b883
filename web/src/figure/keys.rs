//! The figure's own keys: what each does to what is selected. Pure; the page's keys are elsewhere.

use crate::state::arrival::STEP_MICROS;
use crate::state::commands::{self, Command};
use crate::state::cut::{self, CutChoice};
use crate::state::key_moves;
use crate::state::run::{Action, Light, Selection, State, Tool};
use lightcone_engine::run::trace::{Deed, Fate, Message};
use lightcone_engine::{Edit, EventIndex, MessageId, NodeId, NodeSet, Time};
use lightcone_figure::read::index::Index;

/// A key as it was pressed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Key<'a> {
    /// The key's name, as browsers give it.
    pub name: &'a str,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

/// The effect of a key.
pub enum Answer {
    /// These, one after another.
    Does(Vec<Action>),
    /// More must be known first.
    Asks(Question),
}

/// A question to the reader that comes before an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// When is this message to arrive?
    Arrival(MessageId),
    /// What is this client to ask at this moment?
    Request(NodeId, Time),
}

/// A long step: this many events.
const STRIDE: usize = 10;
const MILLI: i64 = 1_000;

/// The effect of a key on what is selected; none if it has none here.
#[must_use]
pub fn answer(index: &Index, state: &State, key: Key<'_>) -> Option<Answer> {
    let answer = any_answer(index, state, key)?;
    let looks = matches!(&answer, Answer::Does(actions) if actions.iter().all(Action::only_looks));
    (looks || !index.trace.is_recorded()).then_some(answer)
}

fn any_answer(index: &Index, state: &State, key: Key<'_>) -> Option<Answer> {
    if key.name == "Escape" {
        let lets_go = || (state.selection != Selection::Nothing).then_some(Action::Select(Selection::Nothing));
        return state.put_away().or_else(lets_go).map(does);
    }
    let keys = Keys { index, state };
    if let Some(answer) = keys.choosing(key) {
        return Some(answer);
    }
    match state.selection {
        Selection::Message(id) if index.message(id).is_some() => keys.message(index.message(id)?, key),
        Selection::Lane(node) if index.lane(node).is_some() => keys.lane(node, key),
        Selection::Event(event) if event.index() < index.trace.events.len() => keys.event(Some(event), key),
        _ => keys.event(None, key),
    }
}

fn does(action: Action) -> Answer {
    Answer::Does(vec![action])
}

/// Selects an event and lights something around it. To select is to light its past.
fn lit(event: EventIndex, light: Light) -> Answer {
    let select = Action::Select(Selection::Event(event));
    Answer::Does(if light == Light::Past { vec![select] } else { vec![select, Action::Light(light)] })
}

/// The event at which a message arrived, or the event that sent it if it never arrived.
fn reached(message: &Message) -> EventIndex {
    match message.fate {
        Fate::Delivered(event) => event,
        _ => message.sent_by,
    }
}

struct Keys<'a> {
    index: &'a Index,
    state: &'a State,
}

impl Keys<'_> {
    /// Keys that choose the lanes of a cut, while one is chosen or the tool for it is in the hand; X begins.
    fn choosing(&self, key: Key<'_>) -> Option<Answer> {
        let state = self.state;
        let begins = || CutChoice::of(&self.index.trace, NodeSet::EMPTY);
        match (key.name, state.selection) {
            ("Enter", _) if state.choice().is_some() => Some(does(Action::Keep)),
            (" ", Selection::Lane(node)) if state.tool_in_use() == Tool::Cut => {
                let choice = state.choice().unwrap_or_else(begins).toggled(node);
                Some(does(Action::Try(Some(choice))))
            }
            ("x" | "X", Selection::Nothing | Selection::Event(_) | Selection::Timer(_)) => {
                let first = Selection::Lane(*self.index.order.first()?);
                Some(Answer::Does(vec![Action::Try(Some(begins())), Action::Select(first)]))
            }
            _ => None,
        }
    }

    fn event(&self, event: Option<EventIndex>, key: Key<'_>) -> Option<Answer> {
        let trace = &self.index.trace;
        let stride = if key.shift || key.alt { STRIDE } else { 1 };
        match key.name {
            "ArrowLeft" => self.go(self.before(event)?.saturating_sub(stride - 1)),
            "ArrowRight" => self.go((self.after(event) + stride - 1).min(trace.events.len().checked_sub(1)?)),
            "ArrowUp" | "ArrowDown" => {
                let here = event.and_then(|event| trace.event(event).node);
                let step = if key.name == "ArrowUp" { -1 } else { 1 };
                self.select_lane(here.map_or(0, |node| self.place(node) + step))
            }
            "Tab" if !key.shift => {
                let first = self.messages_of(event?).next()?;
                Some(does(Action::Select(Selection::Message(first))))
            }
            "w" | "W" => self.light(event, Light::Why),
            "p" | "P" => self.light(event, Light::Past),
            "f" | "F" => self.light(event, Light::Future),
            _ => None,
        }
    }

    /// Lights something around the selected event, or around the last one by the cursor.
    fn light(&self, event: Option<EventIndex>, light: Light) -> Option<Answer> {
        match event {
            Some(_) => Some(does(Action::Light(light))),
            None => self.index.trace.last_event_by(self.state.cursor).map(|event| lit(event, light)),
        }
    }

    /// The place of the event before the selected one, or before the cursor.
    fn before(&self, event: Option<EventIndex>) -> Option<usize> {
        let trace = &self.index.trace;
        let place = match event {
            Some(event) => event.index(),
            None => trace.events.partition_point(|event| event.at < self.state.cursor),
        };
        place.checked_sub(1)
    }

    fn after(&self, event: Option<EventIndex>) -> usize {
        let trace = &self.index.trace;
        let at_end = self.state.cursor >= trace.horizon();
        match event {
            Some(event) => event.index() + 1,
            // A run is opened at its end: the first step forward goes to its beginning.
            None if at_end => 0,
            None => trace.events.partition_point(|event| event.at <= self.state.cursor),
        }
    }

    fn go(&self, place: usize) -> Option<Answer> {
        let event = EventIndex(u32::try_from(place).ok()?);
        self.index.trace.events.get(place)?;
        Some(does(Action::Visit(event)))
    }

    fn select_lane(&self, place: isize) -> Option<Answer> {
        let last = self.index.order.len() as isize - 1;
        let node = self.index.order.get(usize::try_from(place.min(last).max(0)).ok()?)?;
        Some(does(Action::Select(Selection::Lane(*node))))
    }

    /// The place of a lane in the figure.
    fn place(&self, node: NodeId) -> isize {
        self.index.order.iter().position(|each| *each == node).map_or(0, |place| place as isize)
    }

    /// The messages that an event sent, after the one that it received.
    fn messages_of(&self, event: EventIndex) -> impl Iterator<Item = MessageId> + '_ {
        let trace = &self.index.trace;
        let received = match trace.event(event).cause {
            lightcone_engine::protocol::Cause::Deliver(id) => Some(id),
            _ => None,
        };
        let sent = trace.deeds(event).iter().filter_map(|deed| match deed {
            Deed::Sent(record) => Some(trace.messages[*record as usize].id),
            _ => None,
        });
        sent.chain(received)
    }

    fn message(&self, message: &Message, key: Key<'_>) -> Option<Answer> {
        let trace = &self.index.trace;
        let by = |micros: i64| key_moves::by(trace, message, micros).map(does);
        match (key.name, key.shift, key.alt) {
            ("ArrowLeft", true, _) => by(-MILLI),
            ("ArrowRight", true, _) => by(MILLI),
            ("ArrowLeft", _, true) => by(-10 * MILLI),
            ("ArrowRight", _, true) => by(10 * MILLI),
            ("ArrowLeft", ..) => key_moves::earlier(trace, message).map(does),
            ("ArrowRight", ..) => key_moves::later(trace, message).map(does),
            ("ArrowUp", ..) => self.neighbour(message, -1),
            ("ArrowDown", ..) => self.neighbour(message, 1),
            ("Delete" | "Del", ..) => key_moves::drop(message).map(does),
            ("d" | "D", ..) => key_moves::twice(trace, message).map(does),
            ("Backspace", ..) => key_moves::put_back(trace, message).map(does),
            ("x" | "X", ..) => {
                let MessageId { from, to, .. } = message.id;
                let (sides, at) = ((NodeSet::only(from), NodeSet::only(to), false), message.sent.after(STEP_MICROS));
                Some(does(Action::Make(Edit::At { at, action: cut::cut_or_heal(trace, sides, at) })))
            }
            ("t" | "T", ..) => Some(Answer::Asks(Question::Arrival(message.id))),
            ("w" | "W", ..) => Some(lit(message.sent_by, Light::Why)),
            ("p" | "P", ..) => Some(lit(reached(message), Light::Past)),
            ("f" | "F", ..) => Some(lit(reached(message), Light::Future)),
            ("Tab", shift, _) => self.next_of_event(message, shift),
            _ => None,
        }
    }

    /// The next message of the same event; after the last the focus leaves the figure.
    fn next_of_event(&self, message: &Message, back: bool) -> Option<Answer> {
        let sent_by = message.sent_by;
        if back {
            return Some(does(Action::Select(Selection::Event(sent_by))));
        }
        let mut all = self.messages_of(sent_by).skip_while(|id| *id != message.id).skip(1);
        Some(does(Action::Select(Selection::Message(all.next()?))))
    }

    /// The message above or below that is under way at the same time.
    fn neighbour(&self, message: &Message, step: isize) -> Option<Answer> {
        let meets = |other: &&Message| other.sent <= message.arrives && other.arrives >= message.sent;
        let together = self.index.trace.messages.iter().filter(meets);
        let place = |other: &Message| (other.id.to, other.arrives, other.id);
        let next = if step < 0 {
            together.filter(|other| place(other) < place(message)).max_by_key(|other| place(other))
        } else {
            together.filter(|other| place(other) > place(message)).min_by_key(|other| place(other))
        }?;
        Some(does(Action::Select(Selection::Message(next.id))))
    }

    fn lane(&self, node: NodeId, key: Key<'_>) -> Option<Answer> {
        let trace = &self.index.trace;
        let cursor = self.state.cursor;
        let at_end = cursor >= trace.horizon();
        let own = || trace.events.iter().filter(|event| event.node == Some(node)).map(|event| event.at);
        match key.name {
            "ArrowLeft" => Some(does(Action::Look(own().rfind(|at| *at < cursor)?))),
            "ArrowRight" if at_end => Some(does(Action::Look(own().next()?))),
            "ArrowRight" => Some(does(Action::Look(own().find(|at| *at > cursor)?))),
            "ArrowUp" => self.select_lane(self.place(node) - 1),
            "ArrowDown" => self.select_lane(self.place(node) + 1),
            name => {
                let pressed = |command: &Command| command.key.eq_ignore_ascii_case(name);
                let command = commands::of_lane(self.state, node).into_iter().find(pressed)?;
                Some(command.does.map_or(Answer::Asks(Question::Request(node, cursor)), Answer::Does))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;

    fn state() -> State {
        State::new(&gallery::find("raft", "election").expect("the gallery has it").scenario)
    }

    fn press(state: &State, name: &str, shift: bool) -> Option<State> {
        let index = Index::of(state.trace.clone());
        match answer(&index, state, Key { name, shift, alt: false })? {
            Answer::Does(actions) => Some(actions.into_iter().fold(state.clone(), |state, action| state.after(action))),
            Answer::Asks(_) => None,
        }
    }

    fn pressed(state: &State, name: &str) -> State {
        press(state, name, false).unwrap_or_else(|| panic!("{name} does something"))
    }

    #[test]
    fn the_arrows_walk_through_all_events_and_the_cursor_goes_with_them() {
        let at_the_end = state().after(Action::Look(state().trace.horizon()));
        let mut here = pressed(&at_the_end, "ArrowRight");
        for place in 0..here.trace.events.len() {
            let event = EventIndex(place as u32);
            assert_eq!((here.selection, here.cursor), (Selection::Event(event), here.trace.event(event).at));
            let last = place + 1 == here.trace.events.len();
            here = if last { here } else { pressed(&here, "ArrowRight") };
        }
        assert_eq!(
            pressed(&here, "ArrowLeft").selection,
            Selection::Event(EventIndex(here.trace.events.len() as u32 - 2))
        );
    }

    #[test]
    fn the_messages_of_an_event_are_reached_and_the_last_lets_go() {
        let state = state();
        let sender = state.trace.messages[0].sent_by;
        let mut here = pressed(&state.after(Action::Select(Selection::Event(sender))), "Tab");
        assert_eq!(here.selection, Selection::Message(state.trace.messages[0].id));
        let mut seen = 1;
        while let Some(next) = press(&here, "Tab", false) {
            here = next;
            seen += 1;
        }
        assert!(seen >= 2, "a broadcast");
        assert_eq!(press(&here, "Tab", true).map(|back| back.selection), Some(Selection::Event(sender)));
    }

    #[test]
    fn a_message_is_dropped_and_put_back_by_key() {
        let state = state();
        let id = state.trace.messages[0].id;
        let chosen = state.after(Action::Select(Selection::Message(id)));
        let dropped = pressed(&chosen, "Delete");
        assert_eq!(dropped.trace.message(id).map(|message| message.fate), Some(Fate::Dropped));
        assert_eq!(pressed(&dropped, "Backspace").trace.digest, state.trace.digest);
        assert_eq!(pressed(&chosen, "ArrowRight").scenario().moves.len(), 1);
        assert!(pressed(&chosen, "d").trace.messages.len() > state.trace.messages.len());
    }

    #[test]
    fn a_link_is_cut_from_its_message_and_the_message_is_lost() {
        let state = state();
        let id = state.trace.messages[0].id;
        let cut = pressed(&state.after(Action::Select(Selection::Message(id))), "x");
        assert_eq!(cut.trace.message(id).map(|message| message.fate), Some(Fate::CutAtArrival));
    }

    #[test]
    fn a_node_is_crashed_and_restarted_by_key() {
        let state = state();
        let lane = state.after(Action::Select(Selection::Lane(NodeId(0)))).after(Action::Look(Time::from_millis(50)));
        let crashed = pressed(&lane, "c");
        let later = crashed.after(Action::Look(Time::from_millis(90)));
        assert!(crashed.trace.status_at(NodeId(0), Time::from_millis(60)).is_none());
        let back = pressed(&later, "c");
        assert!(back.trace.status_at(NodeId(0), Time::from_millis(95)).is_some());
    }

    #[test]
    fn a_node_is_cut_off_and_healed_by_key() {
        let state = state();
        let lane = state.after(Action::Select(Selection::Lane(NodeId(1)))).after(Action::Look(Time::from_millis(50)));
        let tried = pressed(&lane, "x");
        assert!(tried.trace.digest == state.trace.digest && press(&tried, "Escape", false).is_some());
        let cut = pressed(&tried, "Enter").after(Action::Look(Time::from_millis(90)));
        let healed = pressed(&cut, "x");
        let cuts = Index::of(healed.trace.clone()).cuts;
        assert_eq!(cuts.len(), 1);
        assert_eq!((cuts[0].stretch.from, cuts[0].stretch.to), (Time::from_millis(50), Time::from_millis(90)));
    }

    #[test]
    fn lanes_are_chosen_for_a_cut_with_arrows_and_space() {
        let state = state().after(Action::Look(Time::from_millis(50)));
        let begun = pressed(&state, "x");
        assert_eq!(begun.selection, Selection::Lane(NodeId(0)));
        let third = ["ArrowDown", "ArrowDown", " "].into_iter().fold(begun, |state, key| pressed(&state, key));
        assert_eq!(third.choice().map(|choice| choice.chosen), Some(NodeSet::only(NodeId(2))));
        assert!(third.answer().is_some() && third.scenario().moves.is_empty());
        let back = pressed(&third, "Escape");
        assert!(back.choice().is_none() && back.trace.digest == state.trace.digest);
        assert_eq!(pressed(&third, "Enter").scenario().moves.len(), 1);
    }

    #[test]
    fn escape_puts_the_tool_away_before_it_lets_go_of_what_is_selected() {
        let lane = Selection::Lane(NodeId(0));
        let armed = state().after(Action::Select(lane)).after(Action::Take(Tool::Crash));
        let once = pressed(&armed, "Escape");
        assert_eq!((once.tool, once.selection), (Tool::Move, lane));
        assert_eq!(pressed(&once, "Escape").selection, Selection::Nothing);
    }
}
