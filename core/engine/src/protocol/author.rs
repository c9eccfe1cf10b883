//! What an author writes: a typed state machine with no clock, no randomness and no I/O. `order/lamport.rs` of the protocols
//! is a small one, and CONTRIBUTING.md walks through one.

use super::assumptions::Assumptions;
use super::durable::Durable;
use super::effect::Effect;
use super::fact::Fact;
use super::message::{AnyMessage, Message, Payload};
use super::observer::{Observer, View};
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
    /// What travels.
    type Message: Message;
    /// What a node waits for; at most one of each is armed. A protocol without timers says
    /// [`NoTimer`](crate::protocol::vocabulary::NoTimer).
    type Timer: Timer;
    /// What a crash leaves.
    type Durable: Durable;
    /// What happens, for figure and judge. A protocol that says none has [`NoFact`](crate::protocol::NoFact).
    type Fact: Fact;
    /// Who watches the run and judges its properties.
    type Observer: Observer<Self>;

    /// The protocol's name, knobs, flaws, properties and words.
    const SPECIFICATION: Specification;

    /// What is taken for granted with these knobs, if they change what the specification says.
    fn assumes(_config: &Self::Config) -> Assumptions {
        Self::SPECIFICATION.assumes
    }

    /// Reads the knobs. Settings are inside their ranges.
    fn configure(settings: &Settings) -> Self::Config;

    /// The lanes of a run, in order; at most [`crate::limits::MAX_NODES`].
    fn lanes(config: &Self::Config) -> Vec<Lane>;

    /// Starts a node, at the beginning or after a crash, from what it had persisted.
    fn boot(durable: Self::Durable, out: &mut Out<'_, Self>) -> Self;

    /// A message arrives.
    fn on_message(&mut self, from: NodeId, message: &Self::Message, out: &mut Out<'_, Self>);

    /// An armed timer is due. It is no longer armed. A protocol without timers does not write this.
    fn on_timer(&mut self, _timer: Self::Timer, _out: &mut Out<'_, Self>) {
        const { assert!(Self::Timer::ALL.is_empty(), "a protocol with timers says what they do") }
    }

    /// The outside world asks something of this node. Any lane may accept requests, not only a client's.
    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Self>);

    /// Groups of at least two nodes that could change places, with all that is known of them and sent between them, and
    /// nobody would act differently: none is told from another by its number, neither in an order, nor as the next in
    /// turn, nor in a number made from it. All that is kept by such nodes is in a [`NodeId`], a [`NodeSet`], a
    /// [`crate::table::Table`] or a [`crate::id::PerNode`].
    fn interchangeable(_config: &Self::Config) -> Vec<NodeSet> {
        Vec::new()
    }

    /// Whether a message under way never matters any more: delivered now or ever later, whatever happens in between (crashes
    /// and restarts too, but no lost disk), it changes no node and no disk, answers nobody, shows the observer nothing, and
    /// has nothing sent but messages of which all this is true as well. A search may then forget it. If in doubt, false. Only
    /// the two nodes are looked at: what happens elsewhere changes nothing.
    fn never_matters(_: &Self::Message, _from: NodeId, _to: NodeId, _: View<'_, Self>, _: &Self::Config) -> bool {
        false
    }

    /// How the lane looks now. Cheap: it is asked after every event.
    fn lane_status(&self) -> LaneStatus {
        LaneStatus::NODE
    }

    /// What is so for a while: what is locked, in doubt, waited for, held back. Pushed onto `now`, which is empty. Cheap: it
    /// is asked after every event. What is not pushed any more is over; a crashed node has none.
    fn conditions(&self, _now: &mut Vec<Condition>) {}

    /// The state in the field's words, for the margin. Built only when shown.
    fn inspect(&self, view: &mut Inspection);
}

/// A timer: a small enum without data.
pub trait Timer: Copy + PartialEq + Debug + 'static {
    /// Every timer with its name in files and labels; at most 16.
    const ALL: &'static [(Self, &'static str)];
}

/// What a handler may do, and what it may know besides its own state.
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

    /// This node's own clock, in microseconds: virtual time with the skew and drift that edits gave it.
    #[must_use]
    pub fn clock_micros(&self) -> i64 {
        self.clock_read.set(true);
        self.clock_micros
    }

    /// The same for what decides only how long a timer runs.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment(self.clock_micros)
    }

    /// Sends `message` to `to`. Sending to oneself is not possible: call the handler.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send { to, message: Rc::new(message) as Rc<dyn AnyMessage> });
    }

    /// Sends one message to every node of `to` but this one, in lane order.
    pub fn broadcast(&mut self, to: NodeSet, message: P::Message) {
        let message: Payload = Rc::new(message);
        for to in to.without(self.node).iter() {
            self.effects.push(Effect::Send { to, message: message.clone() });
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

    /// Says that something happens: the lane shows its mark, judges read its fields.
    pub fn happened(&mut self, fact: P::Fact) {
        self.effects.push(Effect::Happened(Rc::new(fact)));
    }

    /// Puts a mark on the lane, which no judge can read. Goes when every protocol says facts.
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

    /// Says that this event speaks for `belief`: a vote counted, an acknowledgement noted.
    pub fn evidence(&mut self, belief: Belief) {
        self.effects.push(Effect::Evidence(belief));
    }
}

fn timer_index<T: Timer>(timer: T) -> u8 {
    let place = T::ALL.iter().position(|(each, _)| *each == timer);
    assert!(place.is_some(), "every timer of a protocol stands in its Timer::ALL");
    place.unwrap_or(0) as u8
}
