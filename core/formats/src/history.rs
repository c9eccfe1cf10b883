//! The history of a run: what its clients asked and were told.

use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::{EventIndex, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::sorted_map::SortedMap;
use lightcone_judges::History;

/// The history of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfTrace {
    /// The operations that have a key. A client's lane is a process.
    pub history: History<Operation, Answer>,
    /// The operations' names in the run, in the same order.
    pub names: Vec<RequestId>,
}

/// An operation of a run, and the events at which it begins and ends.
struct Asked {
    name: RequestId,
    operation: Operation,
    begins: EventIndex,
    answered: Option<(EventIndex, Answer)>,
}

/// The history of a run's operations that have a key.
///
/// A client has one operation at a time: an operation that was asked while the client waited begins when the earlier one is
/// answered. If that answer never comes, the client has given up the earlier one. A refused change did not happen; a failed
/// comparison is an answer.
#[must_use]
pub fn of_trace(trace: &Trace) -> OfTrace {
    let all = asked(trace);
    let mut steps = SortedMap::new();
    for (place, each) in (0_u32..).zip(&all) {
        steps.add((each.begins.0, 1_u32, place));
        if let Some((at, _)) = each.answered {
            // An answer comes before the next request at the same event, but never before its own request.
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
            // The client waits for nothing, or gives up the operation that it waits for.
            _ = found.history.give_up(process);
            _ = found.history.call(process, each.operation);
            found.names.push(each.name);
            continue;
        }
        // The answer came after the next request, which is answered as well. This never happens to a client that waits.
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

/// The operations that have a key, in order of asking.
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
