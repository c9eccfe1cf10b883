//! What an author writes: a typed state machine without clock, randomness or I/O. `order/lamport.rs` of the protocols is a
//! small example, and CONTRIBUTING.md walks through another.

use super::assumptions::Assumptions;
use super::durable::Durable;
use super::effect::Effect;
use super::fact::Fact;
use super::message::{AnyMessage, Message, Payload};
use super::observer::{Goal, Observer, View};
use super::shown::{Belief, Condition, Inspection, Lane, LaneStatus, Mark};
use super::specification::{Settings, Specification};
use crate::id::{NodeId, NodeSet, RequestId};
use crate::operation::{Answer, Operation};
use crate::phrase::Phrase;
use crate::time::Moment;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt::Debug;
use core::hash::Hash;

/// A protocol: the state of one node and what it does when something happens to it.
///
/// Nodes of one run may play different roles; clients are nodes too.
pub trait Protocol: Clone + Hash + 'static {
    /// The knobs, read once from the scenario's settings.
    type Config: Clone + 'static;
    /// The messages that its nodes send.
    type Message: Message;
    /// The timers of a node; each is armed once or not at all. A protocol without timers says
    /// [`NoTimer`](crate::protocol::vocabulary::NoTimer).
    type Timer: Timer;
    /// What a node keeps in stable storage.
    type Durable: Durable;
    /// The facts that figure and judges read. A protocol without facts says [`NoFact`](crate::protocol::NoFact).
    type Fact: Fact;
    /// The observer that judges the protocol's properties.
    type Observer: Observer<Self>;

    /// The protocol's name, knobs, flaws, properties and words.
    const SPECIFICATION: Specification;

    /// What may happen in a run and need not be wrong, for a search to look for; at most 32. The list only grows at its end.
    const GOALS: &'static [Goal<Self>] = &[];

    /// The assumptions with these knobs, if knobs change what the specification says.
    fn assumes(_config: &Self::Config) -> Assumptions {
        Self::SPECIFICATION.assumes
    }

    /// Reads the knobs. Every setting is inside its range.
    fn configure(settings: &Settings) -> Self::Config;

    /// The lanes of a run, in order; at most [`crate::limits::MAX_NODES`].
    fn lanes(config: &Self::Config) -> Vec<Lane>;

    /// Starts a node from its stable storage, at the beginning of the run or after a crash.
    fn boot(durable: Self::Durable, out: &mut Out<'_, Self>) -> Self;

    /// A message arrives.
    fn on_message(&mut self, from: NodeId, message: &Self::Message, out: &mut Out<'_, Self>);

    /// A timer fires, and is no longer armed. A protocol without timers does not write this handler.
    fn on_timer(&mut self, _timer: Self::Timer, _out: &mut Out<'_, Self>) {
        const { assert!(Self::Timer::ALL.is_empty(), "a protocol with timers says what they do") }
    }

    /// The outside world asks something of this node. Any lane may accept requests, not only a client's.
    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Self>);

    /// Groups of at least two nodes that are interchangeable: if two of a group changed places, with everything known of them
    /// and every message between them, no node would act differently. No node is preferred by its number: not in an order,
    /// not as the next in turn, not in a number made from it. State about such nodes is kept by [`NodeId`], in a [`NodeSet`],
    /// a [`crate::sorted_map::SortedMap`] or a [`crate::per_node::PerNode`].
    fn interchangeable(_config: &Self::Config) -> Vec<NodeSet> {
        Vec::new()
    }

    /// Whether a message under way cannot matter any more, so that a search may forget it. Its delivery, now or later, must
    /// change no node and no stable storage, answer no operation, state no fact, and send only messages of which the same is
    /// true. This must stay so whatever happens in between, crashes and restarts included, lost disks excluded. If in doubt,
    /// say false. The answer may depend only on the sender and the receiver.
    fn never_matters(_: &Self::Message, _from: NodeId, _to: NodeId, _: View<'_, Self>, _: &Self::Config) -> bool {
        false
    }

    /// How the lane looks now. This is asked after every event and must be cheap.
    fn lane_status(&self) -> LaneStatus {
        LaneStatus::NODE
    }

    /// Pushes the conditions that hold now onto `now`, which is empty: locks, doubt, waiting, messages held back. A condition
    /// ends with the first event after which it is not pushed; a crashed node has none. Their order is that in which they are
    /// drawn, so a condition that changes places with another ends and begins anew. This is asked after every event and must
    /// be cheap.
    fn conditions(&self, _now: &mut Vec<Condition>) {}

    /// Describes the state in the field's words, for the margin. This is asked only when it is shown.
    fn inspect(&self, view: &mut Inspection);
}

/// A timer: a small enum without data.
pub trait Timer: Copy + PartialEq + Debug + 'static {
    /// Every timer with its name in files and labels; at most 16.
    const ALL: &'static [(Self, &'static str)];
}

/// What a handler may do, and all that it may know besides its own state.
pub struct Out<'a, P: Protocol> {
    pub(crate) node: NodeId,
    pub(crate) nodes: u8,
    pub(crate) clock_micros: i64,
    pub(crate) config: &'a P::Config,
    pub(crate) effects: &'a mut Vec<Effect>,
    pub(crate) clock_read: &'a Cell<bool>,
}

impl<P: Protocol> Out<'_, P> {
    /// The node whose handler runs.
    #[must_use]
    pub fn me(&self) -> NodeId {
        self.node
    }

    /// The number of lanes of the run.
    #[must_use]
    pub fn nodes(&self) -> u8 {
        self.nodes
    }

    /// The scenario's knobs.
    #[must_use]
    pub fn config(&self) -> &P::Config {
        self.config
    }

    /// This node's own clock, in microseconds: virtual time with the offset and drift that edits gave it.
    #[must_use]
    pub fn clock_micros(&self) -> i64 {
        self.clock_read.set(true);
        self.clock_micros
    }

    /// This node's own clock, for deciding only how long a timer runs.
    #[must_use]
    pub fn timer_clock(&self) -> Moment {
        Moment(self.clock_micros)
    }

    /// Sends `message` to `to`. Sending to oneself is not possible: call the handler.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send { to, message: Rc::new(message) as Rc<dyn AnyMessage>, refusal: None });
    }

    /// Sends `message` to `to`, which asked for something that this node denies: no vote, no promise, an abort. `why` ends
    /// the sentence "no: …" ("voted for {node}").
    pub fn refuse(&mut self, to: NodeId, message: P::Message, why: Phrase) {
        self.effects.push(Effect::Send { to, message: Rc::new(message) as Rc<dyn AnyMessage>, refusal: Some(why) });
    }

    /// Sends one message to every node of `to` but this one, in lane order.
    pub fn broadcast(&mut self, to: NodeSet, message: P::Message) {
        let message: Payload = Rc::new(message);
        for to in to.without(self.node).iter() {
            self.effects.push(Effect::Send { to, message: message.clone(), refusal: None });
        }
    }

    /// Arms `timer` for a time drawn from `range_micros`, replacing it if it is armed.
    pub fn arm(&mut self, timer: P::Timer, range_micros: (u64, u64)) {
        self.effects.push(Effect::Arm { timer: timer_index(timer), range_micros });
    }

    /// Disarms `timer`.
    pub fn disarm(&mut self, timer: P::Timer) {
        self.effects.push(Effect::Disarm { timer: timer_index(timer) });
    }

    /// Writes `durable` to stable storage, in its place among the other effects.
    pub fn persist(&mut self, durable: P::Durable) {
        self.effects.push(Effect::Persist(Rc::new(durable)));
    }

    /// Answers an operation that was asked of this lane.
    pub fn reply(&mut self, request: RequestId, answer: Answer) {
        self.effects.push(Effect::Reply { request, answer });
    }

    /// States a fact: the lane shows its mark, and judges read its fields.
    pub fn happened(&mut self, fact: P::Fact) {
        self.effects.push(Effect::Happened(Rc::new(fact)));
    }

    /// Puts a mark on the lane that no judge can read. This method goes when every protocol states facts.
    pub fn mark(&mut self, mark: Mark, phrase: Phrase) {
        self.effects.push(Effect::Mark(mark, phrase));
    }

    /// Says that what is being handled is ignored, and why ("term {} has passed").
    pub fn ignore(&mut self, why: Phrase) {
        self.effects.push(Effect::Ignore(why));
    }

    /// Says that from now on this node holds `belief`, because of this event and the evidence so far.
    pub fn hold(&mut self, belief: Belief) {
        self.effects.push(Effect::Hold(belief));
    }

    /// Says that this event is evidence for `belief`: a vote counted, an acknowledgement noted.
    pub fn evidence(&mut self, belief: Belief) {
        self.effects.push(Effect::Evidence(belief));
    }
}

fn timer_index<T: Timer>(timer: T) -> u8 {
    let place = T::ALL.iter().position(|(each, _)| *each == timer);
    assert!(place.is_some(), "every timer of a protocol stands in its Timer::ALL");
    place.unwrap_or(0) as u8
}
