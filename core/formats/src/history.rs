//! The history of a run: what its clients asked and were told.

use super::history::History;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::{EventIndex, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::table::Table;

/// The history of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfTrace {
    /// Operations with a key. A client's lane is a process.
    pub history: History<Operation, Answer>,
    /// Their names in the run.
    pub names: Vec<RequestId>,
}

/// An operation of a run, and the events at which it begins and ends.
struct Asked {
    name: RequestId,
    operation: Operation,
    begins: EventIndex,
    answered: Option<(EventIndex, Answer)>,
}

/// What the clients of a run asked and were told, of what has a key.
///
/// A client does one thing after the other: what it was asked while it waited for an answer begins with that answer. If
/// that never comes, it had given up. A change that is refused did not happen, but that a comparison failed is an answer.
#[must_use]
pub fn of_trace(trace: &Trace) -> OfTrace {
    let all = asked(trace);
    let mut steps = Table::new();
    for (place, each) in (0_u32..).zip(&all) {
        steps.add((each.begins.0, 1_u32, place));
        if let Some((at, _)) = each.answered {
            // What is answered comes before what is asked then, but nothing is answered before it is asked.
            steps.add((at.0, if at == each.begins { 2 } else { 0 }, place));
        }
    }
    let mut found = OfTrace { history: History::default(), names: Vec::new() };
    let mut called = vec![false; all.len()];
    for ((_, _, place), ()) in steps {
        let place = place as usize;
        let each = &all[place];
        let process = u32::from(each.name.node.0);
        if !core::mem::replace(&mut called[place], true) {
            // It waits for nothing, or gives up what it waits for.
            _ = found.history.give_up(process);
            _ = found.history.call(process, each.operation);
            found.names.push(each.name);
            continue;
        }
        // Answered after the next was asked, which is answered as well: never so for a client that waits.
        _ = match (each.operation, each.answered) {
            (Operation::Write { .. } | Operation::Add { .. } | Operation::Read { .. }, Some((_, Answer::Refused))) => {
                found.history.fail(process)
            }
            (_, Some((_, answer))) => found.history.answer(process, answer),
            (_, None) => continue,
        };
    }
    found
}

/// What was asked with a key, in order.
fn asked(trace: &Trace) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    for (event, place) in trace.events.iter().zip(0..) {
        let here = EventIndex(place);
        if let Some((name, operation)) = event.asked
            && operation.key().is_some()
        {
            all.push(Asked { name, operation, begins: here, answered: None });
        }
        for deed in trace.deeds(here) {
            let Deed::Replied(name, answer) = deed else { continue };
            let Some(place) = all.iter().rposition(|each| each.name == *name) else { continue };
            if all[place].answered.is_some() {
                continue;
            }
            all[place].answered = Some((here, *answer));
            for next in all[place + 1..].iter_mut().filter(|next| next.name.node == name.node) {
                next.begins = here;
            }
        }
    }
    all
}
