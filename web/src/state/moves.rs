//! The list of the reader's moves: one of each subject.

use lightcone_engine::id::{MessageId, TimerId};
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_engine::{Edit, Scenario, Trace, resimulate};
use std::rc::Rc;

/// The subject of an edit. A later move of the same subject takes the earlier move's place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Message(MessageId),
    Timer(TimerId),
    Handling(lightcone_engine::protocol::Handling),
}

fn subject(edit: &Edit) -> Option<Subject> {
    match *edit {
        Edit::Deliver { message, .. } | Edit::Drop { message } => Some(Subject::Message(message)),
        Edit::Duplicate { copy, .. } => Some(Subject::Message(copy)),
        Edit::Fire { timer, .. } => Some(Subject::Timer(timer)),
        Edit::CrashDuring { handling, .. } => Some(Subject::Handling(handling)),
        Edit::At { .. } => None,
    }
}

/// `scenario` with one more move. A message that is brought past the end takes the end along.
#[must_use]
pub fn with_move(scenario: &Scenario, edit: Edit) -> Scenario {
    let mut scenario = scenario.clone();
    let earlier = subject(&edit).and_then(|about| scenario.moves.iter().position(|each| subject(each) == Some(about)));
    match (earlier, edit) {
        // A copy that is moved is still a copy.
        (Some(place), Edit::Deliver { message, at }) if matches!(scenario.moves[place], Edit::Duplicate { .. }) => {
            scenario.moves[place] = Edit::Duplicate { copy: message, at };
        }
        // A copy that is dropped was never made.
        (Some(place), Edit::Drop { .. }) if matches!(scenario.moves[place], Edit::Duplicate { .. }) => {
            scenario.moves.remove(place);
        }
        (Some(place), edit) => scenario.moves[place] = edit,
        (None, edit) => scenario.moves.push(edit),
    }
    if let Edit::Deliver { at, .. } | Edit::Duplicate { at, .. } = edit {
        // Whoever drags a message past the end wants to see what it does there.
        let answers = 4 * scenario.model.links.mean_latency_micros();
        if at >= scenario.horizon {
            scenario.horizon = at.after(answers).min(MAX_HORIZON);
        }
    }
    scenario
}

/// The run without the reader's move of the same subject as `edit`; the same run if there is none.
#[must_use]
pub fn without_move(trace: &Rc<Trace>, edit: &Edit) -> Rc<Trace> {
    let about = subject(edit);
    let scenario = without_moves(&trace.scenario, |_, each| about.is_some() && subject(each) == about);
    if scenario == *trace.scenario { trace.clone() } else { Rc::new(resimulate(trace, &scenario)) }
}

/// `scenario` without the reader's move about this message.
#[must_use]
pub fn put_back(scenario: &Scenario, message: MessageId) -> Scenario {
    without_moves(scenario, |_, edit| subject(edit) == Some(Subject::Message(message)))
}

/// `scenario` without the moves of which this says that they are gone: their places, and what they are.
#[must_use]
pub fn without_moves(scenario: &Scenario, gone: impl Fn(usize, &Edit) -> bool) -> Scenario {
    let moves = scenario.moves.iter().enumerate().filter(|(place, edit)| !gone(*place, edit));
    Scenario { moves: moves.map(|(_, edit)| *edit).collect(), ..scenario.clone() }
}
