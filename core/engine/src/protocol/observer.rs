//! Who watches a run: an observer sees every event and the states of all nodes, and says when a
//! property breaks. It belongs to nobody in the run; what is "chosen" or "committed" is its
//! judgement, not the nodes'. It is part of the [`crate::run::World`], so that the search judges
//! paths by what led to them.

use super::author::Protocol;
use super::edit::Action;
use super::event::{Cause, Happening, Sent};
use super::fact::AnyFact;
use super::node::{Nodes, known};
use super::specification::{Property, place};
use crate::id::{EventIndex, NodeId, NodeSet, RequestId};
use crate::operation::Operation;
use crate::time::Time;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

/// Watches a run of `P`. Its state holds only what judging needs: it is hashed with the world's.
pub trait Observer<P: Protocol>: Clone + Hash + 'static {
    /// An observer at the start of a run.
    fn new(config: &P::Config) -> Self;
    /// Sees one event, after it.
    fn observe(&mut self, seen: &Seen<'_, P>, findings: &mut Findings);
    /// Judges what must be true by the end.
    fn at_end(&self, _nodes: View<'_, P>, _findings: &mut Findings) {}
}

/// For protocols that promise nothing.
impl<P: Protocol> Observer<P> for () {
    fn new(_: &P::Config) {}
    fn observe(&mut self, _: &Seen<'_, P>, _: &mut Findings) {}
}

/// One event as an observer sees it.
pub struct Seen<'a, P> {
    /// Which event.
    pub event: EventIndex,
    /// When.
    pub at: Time,
    /// Why.
    pub cause: Cause,
    /// On which node; none for what happens to the network.
    pub node: Option<NodeId>,
    /// The operation that was asked, if this event is one.
    pub asked: Option<(RequestId, Operation)>,
    /// What the handler did, in order.
    pub happenings: &'a [Happening],
    /// All nodes after the event.
    pub nodes: View<'a, P>,
}

impl<'a, P: Protocol> Seen<'a, P> {
    /// What happened, in order. What else was done in between stands in [`Seen::happenings`].
    pub fn facts(&self) -> impl Iterator<Item = &'a P::Fact> + use<'a, P> {
        self.happenings.iter().filter_map(|happening| match happening {
            Happening::Happened(fact) => Some(known(fact.as_any())),
            _ => None,
        })
    }

    /// A fact among [`Seen::happenings`], with its type.
    #[must_use]
    pub fn fact(&self, fact: &'a Rc<dyn AnyFact>) -> &'a P::Fact {
        known(fact.as_any())
    }

    /// Whether the node wrote to its stable storage.
    #[must_use]
    pub fn persisted(&self) -> bool {
        self.happenings.iter().any(|happening| matches!(happening, Happening::Persisted(_)))
    }

    /// Whether the node crashed, by itself or in the middle of its handler.
    #[must_use]
    pub fn crashed(&self) -> bool {
        let inside = |happening: &Happening| matches!(happening, Happening::CrashedHere(_));
        matches!(self.cause, Cause::Act(Action::Crash(_))) || self.happenings.iter().any(inside)
    }

    /// What a message says that was sent.
    #[must_use]
    pub fn message(&self, sent: &'a Sent) -> &'a P::Message {
        known(sent.payload.as_any())
    }
}

/// The states of all nodes.
pub struct View<'a, P> {
    nodes: &'a dyn Nodes,
    protocol: PhantomData<fn() -> P>,
}

impl<P> Clone for View<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for View<'_, P> {}

impl<'a, P: Protocol> View<'a, P> {
    pub(crate) fn of(nodes: &'a dyn Nodes) -> View<'a, P> {
        View { nodes, protocol: PhantomData }
    }

    /// The node's state; none while it is crashed.
    #[must_use]
    pub fn state(self, node: NodeId) -> Option<&'a P> {
        self.nodes.state(node).map(|state| known(state.as_any()))
    }

    /// What the node has in stable storage.
    #[must_use]
    pub fn durable(self, node: NodeId) -> &'a P::Durable {
        known(self.nodes.durable(node).as_any())
    }

    /// Whether the node is paused.
    #[must_use]
    pub fn paused(self, node: NodeId) -> bool {
        self.nodes.paused(node)
    }

    /// The nodes that are up, with their states.
    pub fn up(self) -> impl Iterator<Item = (NodeId, &'a P)> {
        (0..self.nodes.count()).map(NodeId).filter_map(move |node| Some((node, self.state(node)?)))
    }
}

/// What an observer finds at one event.
#[derive(Default)]
pub struct Findings {
    /// Properties already found broken, one bit each: only the first violation counts.
    pub(crate) broken: u32,
    /// Properties whose good moment was already reached.
    pub(crate) reached: u32,
    pub(crate) new: Vec<Finding>,
    /// Where the promises of the judge that speaks begin.
    pub(crate) first: u8,
}

/// Something found about the property at this index of the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Index into [`crate::protocol::Specification::properties`].
    pub property: u8,
    /// A violation, or none for "its good moment is reached". Of a property judged by the end: its good
    /// moment is over, and why.
    pub breach: Option<Breach>,
}

/// How a property breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// One sentence: who says what that cannot both be true.
    pub sentence: String,
    /// The nodes that contradict each other.
    pub nodes: NodeSet,
    /// The events that contradict each other, besides the one at which it shows.
    pub events: Vec<EventIndex>,
}

impl Findings {
    /// Whether the property is still unbroken: what would find it broken need not be worked out again.
    #[must_use]
    pub fn holds(&self, property: impl Into<u8>) -> bool {
        self.broken & (1 << self.place(property)) == 0
    }

    /// Whether the property's good moment was reached.
    #[must_use]
    pub fn is_reached(&self, property: impl Into<u8>) -> bool {
        self.reached & (1 << self.place(property)) != 0
    }

    /// The property breaks. Only the first violation counts.
    pub fn breaks(&mut self, property: impl Into<u8>, breach: impl FnOnce() -> Breach) {
        let property = self.place(property);
        if self.broken & (1 << property) == 0 {
            self.broken |= 1 << property;
            self.new.push(Finding { property, breach: Some(breach()) });
        }
    }

    /// The property's good moment is over: the next one counts. For what must be true by the end.
    pub fn lapses(&mut self, property: impl Into<u8>, breach: impl FnOnce() -> Breach) {
        let property = self.place(property);
        self.reached &= !(1 << property);
        self.new.push(Finding { property, breach: Some(breach()) });
    }

    /// The property's good moment is here. Only the first counts, until it lapses.
    pub fn reaches(&mut self, property: impl Into<u8>) {
        let property = self.place(property);
        if self.reached & (1 << property) == 0 {
            self.reached |= 1 << property;
            self.new.push(Finding { property, breach: None });
        }
    }

    /// What a judge finds that several protocols share: `promises` is its own list, which stands somewhere in that of `P`.
    pub fn within<P: Protocol>(&mut self, promises: &[Property], judge: impl FnOnce(&mut Findings)) {
        let before = core::mem::replace(&mut self.first, place(P::SPECIFICATION.properties, promises));
        judge(self);
        self.first = before;
    }

    /// The place in the protocol's list of what the judge that speaks calls `property`.
    fn place(&self, property: impl Into<u8>) -> u8 {
        self.first + property.into()
    }
}

/// An event that an observer remembers to name it as evidence. It does not count as state: two
/// paths to the same state hash alike.
#[derive(Clone, Copy, Debug)]
pub struct Evidence(pub EventIndex);

impl Hash for Evidence {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
impl PartialEq for Evidence {
    fn eq(&self, _: &Evidence) -> bool {
        true
    }
}
impl Eq for Evidence {}
impl PartialOrd for Evidence {
    fn partial_cmp(&self, other: &Evidence) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Evidence {
    /// Nor does it decide which of two things is the larger.
    fn cmp(&self, _: &Evidence) -> Ordering {
        Ordering::Equal
    }
}

/// What is kept only to show it or to write a sentence. It does not count as state either.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unhashed<T>(pub T);

impl<T> Hash for Unhashed<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
