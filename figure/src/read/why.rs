//! What made a node believe what it believes.

use lightcone_engine::Trace;
use lightcone_engine::id::{EventIndex, NodeId};
use lightcone_engine::protocol::{Belief, Cause};
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Deed;

/// Facts told of a node at most.
pub const MOST_FACTS: usize = 2;

/// The facts that `node` holds, the latest first.
#[must_use]
pub fn held(trace: &Trace, node: NodeId, until: EventIndex) -> Vec<Belief> {
    let mut facts = Vec::new();
    for index in (0..=until.0).rev().map(EventIndex).filter(|index| trace.event(*index).node == Some(node)) {
        for deed in trace.deeds(index).iter().rev() {
            if let Deed::Holds(fact) = deed
                && !facts.contains(fact)
            {
                facts.push(*fact);
            }
        }
        let event = trace.event(index);
        let gone = matches!(event.cause, Cause::Act(lightcone_engine::Action::Crash(_)));
        if gone || matches!(event.cause, Cause::Boot(_)) {
            break;
        }
    }
    facts
}

/// The events that made an event's node believe what it believes then; if it believes nothing, those that led here
/// by messages.
#[must_use]
pub fn chain(trace: &Trace, event: EventIndex) -> Vec<EventIndex> {
    let mut chain = Vec::new();
    if let Some(node) = trace.event(event).node {
        for fact in held(trace, node, event).into_iter().take(MOST_FACTS) {
            chain.extend(causality::why(trace, node, fact, event));
        }
    }
    let mut here = Some(event).filter(|_| chain.is_empty());
    while let Some(event) = here {
        chain.push(event);
        here = trace.event(event).sender;
    }
    lightcone_engine::table::in_order(&mut chain);
    chain
}
