//! Observers. An observer sees every event and the states of all nodes, and says when a property breaks. It is no node of
//! the run: that a value is "chosen" or "committed" is the observer's judgement, not a node's. Its state is part of the
//! [`crate::run::World`], so that a search can judge every path.

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

/// Watches a run of `P`. Its state is hashed with the world, so it holds only what judging needs.
pub trait Observer<P: Protocol>: Clone + Hash + 'static {
    /// An observer at the start of a run.
    fn new(config: &P::Config) -> Self;
    /// Sees one event, after it has happened.
    fn observe(&mut self, seen: &Seen<'_, P>, findings: &mut Findings);
    /// Judges the properties that must be true by the end, and says which the run did not put to the test
    /// ([`Findings::untested_if`]), which the observer cannot decide ([`Findings::undecided`]), and which the protocol does not
    /// promise with its settings ([`Findings::not_promised_if`]).
    fn at_end(&self, _nodes: View<'_, P>, _findings: &mut Findings) {}
}

/// The observer of a protocol that promises nothing.
impl<P: Protocol> Observer<P> for () {
    fn new(_: &P::Config) {}
    fn observe(&mut self, _: &Seen<'_, P>, _: &mut Findings) {}
}

/// One event as an observer sees it.
pub struct Seen<'a, P> {
    /// The event's place in the run.
    pub event: EventIndex,
    /// The instant at which it happened.
    pub at: Time,
    /// What made it happen.
    pub cause: Cause,
    /// The node that it happened to; none for what happened to the network.
    pub node: Option<NodeId>,
    /// The operation, if this event is a request.
    pub asked: Option<(RequestId, Operation)>,
    /// What the handler did, and what was done to its node meanwhile, in order.
    pub happenings: &'a [Happening],
    /// All nodes after the event.
    pub nodes: View<'a, P>,
}

impl<'a, P: Protocol> Seen<'a, P> {
    /// The facts among [`Seen::happenings`], in order.
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

    /// The content of a message that was sent, with its type.
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

/// What may happen in a run of `P` and need not be wrong: "The vote is split". A search looks for the shortest run in which it
/// happens.
pub struct Goal<P: Protocol> {
    /// Its name in files: `split-vote`.
    pub id: &'static str,
    /// What happens, for people, without a full stop: "The vote is split".
    pub sentence: &'static str,
    /// How to tell.
    pub reached: Reached<P>,
}

/// How to tell that a goal is reached: by an event alone, or by the states alone. A search that leaves out the other order of
/// two events could miss what depends on both.
pub enum Reached<P: Protocol> {
    /// An event states a fact for which this is true.
    Happens(fn(&P::Fact) -> bool),
    /// The states of the nodes are so. It depends on nothing that is not hashed, and not on which of several interchangeable
    /// nodes is which.
    Is(fn(View<'_, P>) -> bool),
}

/// What an observer finds at one event.
#[derive(Default)]
pub struct Findings {
    /// Properties already found broken, one bit each: only the first violation counts.
    pub(crate) broken: u32,
    /// Properties whose good moment was already reached.
    pub(crate) reached: u32,
    pub(crate) new: Vec<Finding>,
    /// The place of the current judge's first promise in the protocol's list.
    pub(crate) first: u8,
}

/// Something found about the property at this index of the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Index into [`crate::protocol::Specification::properties`].
    pub property: u8,
    /// What was found.
    pub judgement: Judgement,
}

/// What is found about a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Its good moment is reached.
    Reached,
    /// It breaks. For a property judged by the end: the good moment is over, and why.
    Broken(Breach),
    /// The run did not put it to the test, and why not: "nothing was asked".
    Untested(&'static str),
    /// The observer has given up, and why.
    Undecided(String),
    /// With these settings the protocol does not promise it, and why not: "best-effort broadcast does not promise it".
    NotPromised(&'static str),
}

/// How a property breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// One sentence that says who contradicts whom.
    pub sentence: String,
    /// The nodes that contradict each other.
    pub nodes: NodeSet,
    /// The events that contradict each other, besides the one at which the violation shows.
    pub events: Vec<EventIndex>,
}

impl Findings {
    /// Whether the property is still unbroken. A judge need not judge a broken property again.
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
            self.new.push(Finding { property, judgement: Judgement::Broken(breach()) });
        }
    }

    /// The property's good moment is over, and the next one counts. For properties that must be true by the end.
    pub fn lapses(&mut self, property: impl Into<u8>, breach: impl FnOnce() -> Breach) {
        let property = self.place(property);
        self.reached &= !(1 << property);
        self.new.push(Finding { property, judgement: Judgement::Broken(breach()) });
    }

    /// The property's good moment is here. Only the first counts, until it lapses.
    pub fn reaches(&mut self, property: impl Into<u8>) {
        let property = self.place(property);
        if self.reached & (1 << property) == 0 {
            self.reached |= 1 << property;
            self.new.push(Finding { property, judgement: Judgement::Reached });
        }
    }

    /// The run is over and has not put the property to the test if `condition` is true: it may be kept, but nothing tried it.
    /// `why` is half a sentence: "nothing was asked". Of several reasons the first counts.
    pub fn untested_if(&mut self, condition: bool, property: impl Into<u8>, why: &'static str) {
        let property = self.place(property);
        let said =
            |finding: &Finding| finding.property == property && matches!(finding.judgement, Judgement::Untested(_));
        if condition && !self.new.iter().any(said) {
            self.new.push(Finding { property, judgement: Judgement::Untested(why) });
        }
    }

    /// The run is over and the property cannot be decided, for this reason.
    pub fn undecided(&mut self, property: impl Into<u8>, why: String) {
        let property = self.place(property);
        self.new.push(Finding { property, judgement: Judgement::Undecided(why) });
    }

    /// With these settings the protocol does not promise the property if `condition` is true. It is judged all the same: a
    /// breach shows what is missing. `why` is half a sentence: "best-effort broadcast does not promise it".
    pub fn not_promised_if(&mut self, condition: bool, property: impl Into<u8>, why: &'static str) {
        let property = self.place(property);
        if condition {
            self.new.push(Finding { property, judgement: Judgement::NotPromised(why) });
        }
    }

    /// Lets a judge that several protocols share add its findings. `promises` is the judge's own list, which is a part of the
    /// list of `P`.
    pub fn within<P: Protocol>(&mut self, promises: &[Property], judge: impl FnOnce(&mut Findings)) {
        let before = core::mem::replace(&mut self.first, place(P::SPECIFICATION.properties, promises));
        judge(self);
        self.first = before;
    }

    /// The place in the protocol's list of the current judge's `property`.
    fn place(&self, property: impl Into<u8>) -> u8 {
        self.first + property.into()
    }
}

/// An event that an observer remembers, to name it in a breach. It is not hashed: two paths to the same state hash alike.
#[derive(Clone, Copy, Debug)]
pub struct Witness(pub EventIndex);

impl Hash for Witness {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
impl PartialEq for Witness {
    fn eq(&self, _: &Witness) -> bool {
        true
    }
}
impl Eq for Witness {}
impl PartialOrd for Witness {
    fn partial_cmp(&self, other: &Witness) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Witness {
    /// All are equal: the event does not decide which of two things is the larger.
    fn cmp(&self, _: &Witness) -> Ordering {
        Ordering::Equal
    }
}

/// A value that is kept only to be shown or to write a sentence. It is not hashed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unhashed<T>(pub T);

impl<T> Hash for Unhashed<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
