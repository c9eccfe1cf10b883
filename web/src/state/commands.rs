//! What can be done with a node at the cursor, in words for how it is then. Keys, menu, margin and sheet share this list.

use super::arrival::STEP_MICROS;
use super::cut::{self, CutChoice};
use super::moves::with_move;
use super::run::{Action, Light, Selection, State};
use super::{ask, outcome};
use crate::words;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::{Timer, TimerEnd};
use lightcone_engine::{Action as Act, Edit, EventIndex, NodeId, NodeSet, Time, TimerId, Trace, resimulate};
use lightcone_figure::read::history::History;
use lightcone_figure::read::index::{timer_end, toggled};
use lightcone_figure::read::sentences::names;

/// Something that can be done with a node.
pub struct Command {
    /// Its name, in the imperative.
    pub name: String,
    /// The key that does the same.
    pub key: &'static str,
    /// The actions, one after another; none if it must first be asked what a client is to ask.
    pub does: Option<Vec<Action>>,
}

/// All that can be done with a node at the cursor.
#[must_use]
pub fn of_lane(state: &State, node: NodeId) -> Vec<Command> {
    let history = History::of_all(&state.trace).into_iter().nth(node.index());
    let Some(history) = history else { return Vec::new() };
    let (trace, at) = (&state.trace, state.cursor);
    let (up, mut all) = (history.is_up(at), Vec::new());
    for (key, crash) in [("C", true), ("Z", false)] {
        if let Some(action) = toggled(&history, node, at, crash) {
            all.push(one(name_of(&action).to_owned(), key, make(state, action)));
        }
    }
    if let Some(edit) = next_timer(trace, node, at).filter(|_| up) {
        all.push(one(words::FIRE_NOW.to_owned(), "G", Action::Make(edit)));
    }
    all.extend(cut_off(state, node));
    if up && ask::accepts(trace, node) {
        all.push(Command { name: words::SEND_A_REQUEST.to_owned(), key: "R", does: None });
    }
    all.extend(why(state, node));
    all
}

fn one(name: String, key: &'static str, action: Action) -> Command {
    Command { name, key, does: Some(vec![action]) }
}

/// What is known of a command's outcome.
#[must_use]
pub fn outcome_of(state: &State, command: &Command) -> Option<String> {
    match command.does.as_deref()?.first()? {
        Action::Make(edit @ Edit::Fire { timer, .. }) => fired(&state.trace, *edit, *timer),
        Action::Make(Edit::At { action: Act::Crash(_), .. }) => Some(words::MEMORY_GOES.to_owned()),
        Action::Try(Some(choice)) => {
            let stay = choice.clients_stay && !cut::clients(&state.trace).is_empty();
            stay.then(|| words::CLIENTS_STAY.to_owned())
        }
        _ => None,
    }
}

fn name_of(action: &Act) -> &'static str {
    match action {
        Act::Crash(_) => words::STOP_NODE,
        Act::Restart(_) => words::RESTART,
        Act::Pause(_) => words::PAUSE_NODE,
        _ => words::RESUME,
    }
}

fn make(state: &State, action: Act) -> Action {
    Action::Make(Edit::At { at: state.acts_at(), action })
}

/// Tries to cut a node off from all servers; connects it again, if it is cut off from anybody.
fn cut_off(state: &State, node: NodeId) -> Option<Command> {
    let trace = &state.trace;
    let (only, cut) = (NodeSet::only(node), cut::cut_off_from(trace, node, state.cursor));
    if !cut.is_empty() {
        let heal = Act::Heal { from: only, to: cut, one_way: false };
        let name = format!("{} {}", words::CONNECT_AGAIN, names(trace, cut));
        return Some(one(name, "X", make(state, heal)));
    }
    let choice = CutChoice::of(trace, only);
    let name = format!("{} {}", words::CUT_OFF_FROM, names(trace, choice.rest(trace)));
    (!choice.rest(trace).is_empty()).then(|| one(name, "X", Action::Try(Some(choice))))
}

/// Why it believes what it does: its last event, and the messages that led there.
fn why(state: &State, node: NodeId) -> Option<Command> {
    let trace = &state.trace;
    let seen = trace.events.partition_point(|event| event.at <= state.cursor);
    let place = trace.events[..seen].iter().rposition(|event| event.node == Some(node))?;
    let event = EventIndex(u32::try_from(place).ok()?);
    let does = vec![Action::Select(Selection::Event(event)), Action::Light(Light::Why)];
    Some(Command { name: words::WHY_BELIEVE.to_owned(), key: "W", does: Some(does) })
}

/// Fires the timer of the node that is due next.
fn next_timer(trace: &Trace, node: NodeId, cursor: Time) -> Option<Edit> {
    let runs = |timer: &&Timer| {
        let ended = !matches!(timer.end, TimerEnd::Armed) && timer_end(trace, timer) <= cursor;
        timer.id.node == node && timer.armed <= cursor && !ended
    };
    let timer = trace.timers.iter().filter(runs).min_by_key(|timer| timer.due)?;
    Some(Edit::Fire { timer: timer.id, at: cursor.max(timer.armed.after(STEP_MICROS)) })
}

/// The role that a timer brings if it fires so early.
fn fired(trace: &Trace, edit: Edit, timer: TimerId) -> Option<String> {
    let after = resimulate(trace, &with_move(&trace.scenario, edit));
    let place = after.events.iter().position(|event| event.cause == Cause::Fire(timer))?;
    outcome::role(&after, EventIndex(u32::try_from(place).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;

    fn state(at: u64) -> State {
        let exhibit = gallery::find("raft", "log-replication").expect("the gallery has it");
        State::new(&exhibit.scenario).after(Action::Look(Time::from_millis(at)))
    }

    fn names(state: &State, node: u8) -> Vec<String> {
        of_lane(state, NodeId(node)).into_iter().map(|command| command.name).collect()
    }

    fn done(state: &State, node: u8, key: &str) -> State {
        let command = of_lane(state, NodeId(node)).into_iter().find(|command| command.key == key);
        let does = command.and_then(|command| command.does).unwrap_or_else(|| panic!("{key} does something"));
        does.into_iter().fold(state.clone(), |state, action| state.after(action))
    }

    #[test]
    fn a_command_says_what_it_does_to_the_node_as_it_is() {
        let state = state(60);
        assert_eq!(names(&state, 0)[..2], ["Stop", "Pause"]);
        let stopped = done(&state, 0, "C");
        let later = stopped.after(Action::Look(Time::from_millis(90)));
        assert_eq!(names(&later, 0)[0], "Restart");
        assert!(!names(&later, 0).iter().any(|name| name == words::FIRE_NOW), "who is stopped has no timers");
        let paused = done(&state, 0, "Z").after(Action::Look(Time::from_millis(90)));
        assert_eq!(names(&paused, 0)[1], "Resume");
    }

    #[test]
    fn who_is_cut_off_is_connected_again_by_the_same_key() {
        let state = state(60);
        assert!(names(&state, 0).iter().any(|name| name == "Cut off from S2, S3, S4 and S5"));
        let cut = done(&state, 0, "X").after(Action::Keep).after(Action::Look(Time::from_millis(90)));
        assert!(names(&cut, 0).iter().any(|name| name == "Heal the links to S2, S3, S4 and S5"));
        let healed = done(&cut, 0, "X");
        assert_eq!(healed.scenario().moves.len(), 2);
        assert!(names(&healed, 0).iter().any(|name| name == "Cut off from S2, S3, S4 and S5"));
    }

    #[test]
    fn a_move_takes_the_cursor_to_its_moment_and_its_future_is_not_pale_until_the_cursor_leaves() {
        let state = state(20);
        let crash = Act::Crash(NodeId(1));
        let made = state.after(Action::Make(Edit::At { at: Time::from_millis(70), action: crash }));
        assert_eq!((made.cursor, made.answers, state.answers), (Time::from_millis(70), true, false));
        assert!(!made.after(Action::Look(Time::from_millis(71))).answers && !made.after(Action::Undo).answers);
        let message = &made.trace.messages[0];
        let at = message.arrives.after(3_000);
        let moved = made.after(Action::Make(Edit::Deliver { message: message.id, at }));
        assert_eq!(moved.cursor, at);
        let dropped = moved.after(Action::Make(Edit::Drop { message: message.id }));
        assert_eq!(dropped.cursor, at, "a message that is lost happens at no moment");
    }

    #[test]
    fn what_a_timer_would_bring_is_known_before_it_fires() {
        let state = state(1);
        let fire = of_lane(&state, NodeId(1)).into_iter().find(|command| command.key == "G").expect("a timer runs");
        assert_eq!(outcome_of(&state, &fire).as_deref(), Some("candidate in term 1"));
    }
}
