//! Causality, for every protocol alike: vector clocks, causal past and future, and the chain of events behind a belief. All
//! of it is worked out from the trace; the protocol has no part in it.

use crate::id::{EventIndex, NodeId};
use crate::protocol::{Belief, Cause};
use crate::run::trace::Trace;
use crate::run::trace::{Deed, Event};
use crate::sorted_map::SortedMap;
use alloc::vec;
use alloc::vec::Vec;

/// The vector clock of every event of a trace (Fidge 1988, Mattern 1989).
pub struct VectorClocks {
    nodes: usize,
    counts: Vec<u32>,
}

impl VectorClocks {
    /// Works out the clocks: one pass over the events.
    #[must_use]
    pub fn of(trace: &Trace) -> VectorClocks {
        let nodes = trace.lanes().len();
        let mut counts = vec![0_u32; nodes * trace.events.len()];
        for (place, event) in trace.events.iter().enumerate() {
            let (before, from_here) = counts.split_at_mut(place * nodes);
            let own = &mut from_here[..nodes];
            for parent in parents(trace, event) {
                let theirs = &before[parent.index() * nodes..][..nodes];
                own.iter_mut().zip(theirs).for_each(|(own, theirs)| *own = (*own).max(*theirs));
            }
            if let Some(node) = event.node {
                own[node.index()] += 1;
            }
        }
        VectorClocks { nodes, counts }
    }

    /// How many events of each node `event` can know of, itself included.
    #[must_use]
    pub fn at(&self, event: EventIndex) -> &[u32] {
        &self.counts[event.index() * self.nodes..][..self.nodes]
    }

    /// Whether `cause` happened before `effect` (Lamport 1978): a chain of messages leads from one to the other.
    #[must_use]
    pub fn happened_before(&self, trace: &Trace, cause: EventIndex, effect: EventIndex) -> bool {
        let Some(node) = trace.event(cause).node else { return false };
        cause != effect && self.at(effect)[node.index()] >= self.at(cause)[node.index()]
    }

    /// Whether neither happened before the other.
    #[must_use]
    pub fn concurrent(&self, trace: &Trace, one: EventIndex, other: EventIndex) -> bool {
        one != other && !self.happened_before(trace, one, other) && !self.happened_before(trace, other, one)
    }

    /// The last event of `node` that `event` can know of: where the light cone ends on that lane.
    #[must_use]
    pub fn horizon(&self, trace: &Trace, event: EventIndex, node: NodeId) -> Option<EventIndex> {
        let count = self.at(event)[node.index()];
        let mut own =
            (0..trace.events.len() as u32).map(EventIndex).filter(|each| trace.event(*each).node == Some(node));
        own.nth(count.checked_sub(1)? as usize)
    }
}

/// The events that directly led to this one: the event before it on its lane, and the event that sent its message; where
/// several messages were recorded as received at once, the senders of all of them.
pub fn parents<'a>(trace: &'a Trace, event: &'a Event) -> impl Iterator<Item = EventIndex> + 'a {
    let deeds = &trace.deeds[event.deeds.start as usize..event.deeds.end as usize];
    let others = deeds.iter().filter_map(|deed| match deed {
        Deed::Heard(record) => Some(trace.messages[*record as usize].sent_by),
        _ => None,
    });
    event.previous.into_iter().chain(event.sender).chain(others)
}

/// Everything `event` can know of, itself included, in order.
#[must_use]
pub fn past(trace: &Trace, event: EventIndex) -> Vec<EventIndex> {
    let mut known = vec![false; event.index() + 1];
    known[event.index()] = true;
    for place in (0..=event.index()).rev() {
        if known[place] {
            parents(trace, &trace.events[place]).for_each(|parent| known[parent.index()] = true);
        }
    }
    marked(&known)
}

/// Everything that can know of `event`, itself included, in order.
#[must_use]
pub fn future(trace: &Trace, event: EventIndex) -> Vec<EventIndex> {
    let mut knows = vec![false; trace.events.len()];
    knows[event.index()] = true;
    for place in event.index() + 1..trace.events.len() {
        knows[place] = parents(trace, &trace.events[place]).any(|parent| knows[parent.index()]);
    }
    marked(&knows)
}

fn marked(marks: &[bool]) -> Vec<EventIndex> {
    let places = marks.iter().enumerate().filter(|(_, mark)| **mark);
    places.map(|(place, _)| EventIndex(place as u32)).collect()
}

/// Why `node` holds the belief `fact` at the event `until`: the event from which the node holds it, the events that were
/// evidence for it, and for each of these the chain of messages that led there. In order; empty if the node does not hold it.
#[must_use]
pub fn why(trace: &Trace, node: NodeId, fact: Belief, until: EventIndex) -> Vec<EventIndex> {
    let own = (0..=until.0).rev().map(EventIndex).filter(|event| trace.event(*event).node == Some(node));
    let mut chain = SortedMap::new();
    let mut held = false;
    for event in own {
        let deeds = trace.deeds(event);
        let holds = deeds.iter().any(|deed| matches!(deed, Deed::Holds(each) if *each == fact));
        let speaks = deeds.iter().any(|deed| matches!(deed, Deed::Evidence(each) if *each == fact));
        if holds && held {
            break;
        }
        if holds || (held && speaks) {
            held = true;
            brought_by(trace, event).into_iter().for_each(|each| _ = chain.add(each));
        }
        if matches!(trace.event(event).cause, Cause::Boot(_)) {
            break;
        }
    }
    chain.into_iter().map(|(event, ())| event).collect()
}

/// `event`, the event that sent its message, the event that sent that event's message, and so on.
fn brought_by(trace: &Trace, event: EventIndex) -> Vec<EventIndex> {
    let mut chain = vec![event];
    let mut last = event;
    while let (Cause::Deliver(_), Some(sender)) = (trace.event(last).cause, trace.event(last).sender) {
        chain.push(sender);
        last = sender;
    }
    chain
}
