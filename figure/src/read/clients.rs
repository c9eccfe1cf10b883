//! The clients' view: what the clients asked and were told, without the servers. It has one row for each client, and one
//! box for each operation, from its call to its answer. It also says which operation breaks linearizability, which earlier
//! operation is the reason, and how far orders go.
//!
//! The view says where an operation took effect only if the run does: its answer comes from an event that committed,
//! applied or delivered something.

use crate::read::history::Operation;
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::{Mark, Specification};
use lightcone_engine::run::trace;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, NodeId, RequestId, Time, Trace, operation};
use lightcone_formats::history::of_trace;
use lightcone_judges::check::linearizable;
use lightcone_judges::{MAX_WHOLE_CONFIGURATIONS, Register, Verdict};

/// The property that the clients' view is about: whoever promises it has this name for it.
const LINEARIZABLE: &str = "linearizable";

/// The clients' view of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientsView {
    /// The clients that asked something, in the lanes' order.
    pub clients: Vec<NodeId>,
    /// What they asked, in order of asking.
    pub operations: Vec<ClientOperation>,
    /// Whether some order of the operations explains every answer.
    pub explained: Explained,
}

/// Whether some order of the operations explains every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    /// Some order does.
    Yes,
    /// None does.
    No,
    /// Nothing is answered, so there is nothing to explain.
    NothingAnswered,
    /// Nobody can tell.
    CannotTell,
}

/// An operation as its client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientOperation {
    /// The operation's name, which no other of the run has.
    pub id: RequestId,
    /// What was asked.
    pub what: operation::Operation,
    /// When, and by which event.
    pub asked: (Time, EventIndex),
    /// When it was answered, by which event, and the answer.
    pub answered: Option<(Time, EventIndex, Answer)>,
    /// When it took effect, if the run says so.
    pub effect: Option<Time>,
    /// Its place, from 1, in an order that goes as far as any, if no order explains every answer.
    pub order: Option<u32>,
    /// For the operation that cannot be placed: what is wrong with it, and why, unless another operation is the reason.
    pub wrong: Option<String>,
    /// For the operation that cannot be placed: the operation that is the reason. It was done before this one was asked.
    pub after: Option<RequestId>,
}

/// Whether a run has a clients' view.
#[must_use]
pub fn has_view(trace: &Trace) -> bool {
    property(trace.specification()).is_some()
        && trace.events.iter().any(|event| event.asked.is_some_and(|(_, what)| what.key().is_some()))
}

fn property(specification: &Specification) -> Option<usize> {
    specification.properties.iter().position(|property| property.id == LINEARIZABLE)
}

/// The clients' view, if the protocol promises linearizability and clients ask something.
#[must_use]
pub fn view(trace: &Trace, operations: &[Operation]) -> Option<ClientsView> {
    let verdict = trace.verdicts.get(property(trace.specification())?);
    let keyed = operations.iter().filter(|each| each.what.key().is_some());
    let mut seen: Vec<ClientOperation> = keyed.map(|each| one(trace, each)).collect();
    let explained = match verdict? {
        trace::Verdict::Broken { .. } => Explained::No,
        trace::Verdict::Untested { .. } => Explained::NothingAnswered,
        trace::Verdict::CannotTell { .. } => Explained::CannotTell,
        trace::Verdict::Holds { .. } | trace::Verdict::NotByTheEnd { .. } | trace::Verdict::NotPromised { .. } => {
            Explained::Yes
        }
    };
    if explained == Explained::No {
        misplace(trace, &mut seen);
    }
    let lanes = (0..trace.lanes().len() as u8).map(NodeId);
    let clients: Vec<NodeId> = lanes.filter(|node| seen.iter().any(|each| each.id.node == *node)).collect();
    (!clients.is_empty()).then_some(ClientsView { clients, operations: seen, explained })
}

fn one(trace: &Trace, operation: &Operation) -> ClientOperation {
    let at = |event: EventIndex| trace.event(event).at;
    ClientOperation {
        id: operation.id,
        what: operation.what,
        asked: (at(operation.asked), operation.asked),
        answered: operation.answered.map(|(event, answer)| (at(event), event, answer)),
        effect: operation.answered.and_then(|(event, _)| effect(trace, event)),
        order: None,
        wrong: None,
        after: None,
    }
}

/// When an answered operation took effect: at the event that sent its answer, if that event settled something.
fn effect(trace: &Trace, answered: EventIndex) -> Option<Time> {
    let from = trace.event(answered).sender?;
    let settles = |deed: &Deed| matches!(deed, Deed::Marked(Mark::Committed | Mark::Applied | Mark::Delivered, _));
    trace.deeds(from).iter().any(settles).then(|| trace.event(from).at)
}

/// Says of the operation that cannot be placed what is wrong with it, and of others how far orders of them go.
fn misplace(trace: &Trace, seen: &mut [ClientOperation]) {
    let run = of_trace(trace);
    let Verdict::Unexplained(unplaced) = linearizable::<Register>(&run.history, MAX_WHOLE_CONFIGURATIONS) else {
        return;
    };
    let name = |operation: u32| run.names[operation as usize];
    for each in seen {
        each.order =
            (1..).zip(&unplaced.furthest).find(|(_, operation)| name(**operation) == each.id).map(|(nth, _)| nth);
        if each.id == name(unplaced.operation) {
            let reason = unplaced.reason.as_ref();
            each.after = reason.and_then(|reason| reason.because).map(name);
            each.wrong = Some(match reason {
                Some(reason) if each.after.is_none() => [&unplaced.claim, ": ", &reason.text].concat(),
                _ => unplaced.claim.clone(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::read::index::Index;
    use crate::read::words;
    use lightcone_engine::simulate;
    use std::rc::Rc;

    fn seen(protocol: &str, slug: &str) -> (Index, Option<ClientsView>) {
        let index = Index::of(Rc::new(simulate(&gallery::find(protocol, slug).expect("the gallery has it").scenario)));
        let view = index.clients.clone();
        (index, view)
    }

    #[test]
    fn the_operation_that_cannot_be_placed_says_so_and_what_was_done_before() {
        let (index, view) = seen("raft", "stale-read-from-deposed-leader");
        let view = view.expect("clients ask something");
        assert_eq!(view.explained, Explained::No);
        let wrong: Vec<&ClientOperation> = view.operations.iter().filter(|each| each.wrong.is_some()).collect();
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].wrong.as_deref(), Some("read x = 1 must be 2"));
        let first = view.operations.iter().find(|each| Some(each.id) == wrong[0].after).expect("something was before");
        assert_eq!(first.what.to_string(), "write x = 2");
        assert_ne!(first.id.node, wrong[0].id.node);
        let told = |each: &ClientOperation| words::told(&index.trace, each);
        let told: Vec<String> = view.operations.iter().filter(|each| each.wrong.is_none()).map(told).collect();
        assert_eq!(told, ["1. write x = 1", "2. write x = 2"], "as far as orders go");
    }

    #[test]
    fn an_operation_took_effect_where_its_answer_says_between_call_and_answer_or_nowhere() {
        let (index, view) = seen("raft", "stale-read-from-deposed-leader");
        for each in view.expect("clients ask something").operations {
            let (answered, event, _) = each.answered.expect("all are answered");
            let writes = matches!(each.what, operation::Operation::Write { .. });
            assert_eq!(each.effect.is_some(), writes, "{:?}", each.what);
            let Some(at) = each.effect else { continue };
            assert!(each.asked.0 < at && at < answered);
            let from = index.trace.event(event).sender.expect("a message brought the answer");
            assert_eq!(index.trace.event(from).at, at);
        }
    }

    #[test]
    fn a_run_without_clients_operations_has_no_view() {
        for slug in ["election", "split-vote"] {
            let (index, view) = seen("raft", slug);
            assert_eq!(view, None);
            assert!(!has_view(&index.trace));
        }
        let (index, view) = seen("lamport", "figure");
        assert_eq!((view, has_view(&index.trace)), (None, false));
    }
}
