//! Where types are forgotten: the engine sees `dyn` nodes, messages and stores through one blanket
//! impl each, so it is compiled once, whatever the number of protocols.

use crate::hash::Hasher64;
use crate::id::{NodeId, NodeSet, RequestId};
use crate::operation::Operation;
use crate::protocol::{AnyObserver, Assumptions, View, Watch};
use crate::protocol::{
    Condition, Durable, Effect, Face, Inspection, Kind, Lane, Message, Out, Protocol, Settings, Specification, Timer,
};
use crate::run::Slot;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::Any;
use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

/// A message whose type is forgotten; shared by the copies of a broadcast.
pub type Payload = Rc<dyn AnyMessage>;

/// A [`Message`] whose type is forgotten.
pub trait AnyMessage {
    /// Index into the protocol's kinds.
    fn kind(&self) -> u8;
    /// Its full label.
    fn label(&self) -> String;
    /// Feeds its content to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// For the way back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<M: Message> AnyMessage for M {
    fn kind(&self) -> u8 {
        Message::kind(self)
    }
    fn label(&self) -> String {
        self.to_string()
    }
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.hash(hasher);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Its label: what it is for whoever does not know its type.
impl fmt::Debug for dyn AnyMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

/// A [`Durable`] whose type is forgotten.
pub trait Durables {
    /// Feeds its content to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// The surviving fields in the field's words.
    fn inspect(&self, view: &mut Inspection);
    /// For the way back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<D: Durable> Durables for D {
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.hash(hasher);
    }
    fn inspect(&self, view: &mut Inspection) {
        Durable::inspect(self, view);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Its fields and what they hold.
impl fmt::Debug for dyn Durables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = Inspection::default();
        self.inspect(&mut view);
        f.debug_map().entries(view.facts).finish()
    }
}

/// What a handler is told besides what happens to it.
pub struct Surroundings<'a> {
    /// The node whose handler runs.
    pub node: NodeId,
    /// Lanes of the run.
    pub nodes: u8,
    /// The node's own clock.
    pub clock_micros: i64,
    /// The protocol's `Config`.
    pub config: &'a dyn Any,
    /// Where the handler's effects go.
    pub effects: &'a mut Vec<Effect>,
    /// Whether some handler has read its clock.
    pub clock_read: &'a Cell<bool>,
}

impl<'a> Surroundings<'a> {
    fn out<P: Protocol>(self) -> Out<'a, P> {
        Out {
            node: self.node,
            nodes: self.nodes,
            clock_micros: self.clock_micros,
            config: known(self.config),
            effects: self.effects,
            clock_read: self.clock_read,
        }
    }
}

/// A node whose protocol is forgotten.
pub trait Node {
    /// A copy that may change.
    fn fork(&self) -> Rc<dyn Node>;
    /// A message of its protocol arrives.
    fn on_message(&mut self, from: NodeId, message: &dyn AnyMessage, surroundings: Surroundings<'_>);
    /// A timer is due.
    fn on_timer(&mut self, timer: u8, surroundings: Surroundings<'_>);
    /// The outside world asks something.
    fn on_request(&mut self, id: RequestId, operation: Operation, surroundings: Surroundings<'_>);
    /// How its lane looks.
    fn face(&self) -> Face;
    /// What is so for a while.
    fn conditions(&self, now: &mut Vec<Condition>);
    /// Its state in the field's words.
    fn inspect(&self, view: &mut Inspection);
    /// Feeds its state to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// For the way back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<P: Protocol> Node for P {
    fn fork(&self) -> Rc<dyn Node> {
        Rc::new(self.clone())
    }
    fn on_message(&mut self, from: NodeId, message: &dyn AnyMessage, surroundings: Surroundings<'_>) {
        Protocol::on_message(self, from, known(message.as_any()), &mut surroundings.out());
    }
    fn on_timer(&mut self, timer: u8, surroundings: Surroundings<'_>) {
        Protocol::on_timer(self, P::Timer::ALL[usize::from(timer)].0, &mut surroundings.out());
    }
    fn on_request(&mut self, id: RequestId, operation: Operation, surroundings: Surroundings<'_>) {
        Protocol::on_request(self, id, operation, &mut surroundings.out());
    }
    fn face(&self) -> Face {
        Protocol::face(self)
    }
    fn conditions(&self, now: &mut Vec<Condition>) {
        Protocol::conditions(self, now);
    }
    fn inspect(&self, view: &mut Inspection) {
        Protocol::inspect(self, view);
    }
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.hash(hasher);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A protocol whose type is forgotten: what the registry lists.
pub trait Family: Sync {
    /// Its name, knobs, flaws, properties and words.
    fn specification(&self) -> &'static Specification;
    /// Its message kinds.
    fn kinds(&self) -> &'static [Kind];
    /// Its timers' names, in order.
    fn timers(&self) -> Vec<&'static str>;
    /// Reads the knobs.
    fn configure(&self, settings: &Settings) -> Rc<dyn Any>;
    /// What is taken for granted with these knobs.
    fn assumes(&self, config: &dyn Any) -> Assumptions;
    /// The lanes of a run.
    fn lanes(&self, config: &dyn Any) -> Vec<Lane>;
    /// Groups of nodes that could change places.
    fn interchangeable(&self, config: &dyn Any) -> Vec<NodeSet>;
    /// Whether a message under way never matters any more.
    fn never_matters(
        &self,
        message: &dyn AnyMessage,
        from: NodeId,
        to: NodeId,
        slots: &[Rc<Slot>],
        config: &dyn Any,
    ) -> bool;
    /// What a node that never ran has in stable storage.
    fn blank(&self) -> Rc<dyn Durables>;
    /// Starts a node.
    fn boot(&self, durable: &dyn Durables, surroundings: Surroundings<'_>) -> Rc<dyn Node>;
    /// Someone to watch a run from its beginning.
    fn observer(&self, config: &dyn Any) -> Rc<dyn AnyObserver>;
}

/// The registry's entry of protocol `P`.
pub struct Of<P>(pub PhantomData<fn() -> P>);

impl<P: Protocol> Of<P> {
    /// The entry.
    #[must_use]
    pub const fn new() -> Of<P> {
        Of(PhantomData)
    }
}

impl<P: Protocol> Default for Of<P> {
    fn default() -> Of<P> {
        Of::new()
    }
}

impl<P: Protocol> Family for Of<P> {
    fn specification(&self) -> &'static Specification {
        const { &P::SPECIFICATION }
    }
    fn kinds(&self) -> &'static [Kind] {
        P::Message::KINDS
    }
    fn timers(&self) -> Vec<&'static str> {
        P::Timer::ALL.iter().map(|(_, name)| *name).collect()
    }
    fn configure(&self, settings: &Settings) -> Rc<dyn Any> {
        Rc::new(P::configure(settings))
    }
    fn assumes(&self, config: &dyn Any) -> Assumptions {
        P::assumes(known(config))
    }
    fn lanes(&self, config: &dyn Any) -> Vec<Lane> {
        P::lanes(known(config))
    }
    fn interchangeable(&self, config: &dyn Any) -> Vec<NodeSet> {
        P::interchangeable(known(config))
    }
    fn never_matters(
        &self,
        message: &dyn AnyMessage,
        from: NodeId,
        to: NodeId,
        slots: &[Rc<Slot>],
        config: &dyn Any,
    ) -> bool {
        P::never_matters(known(message.as_any()), from, to, View::of(slots), known(config))
    }
    fn blank(&self) -> Rc<dyn Durables> {
        Rc::new(P::Durable::default())
    }
    fn boot(&self, durable: &dyn Durables, surroundings: Surroundings<'_>) -> Rc<dyn Node> {
        let durable: &P::Durable = known(durable.as_any());
        Rc::new(P::boot(durable.clone(), &mut surroundings.out()))
    }
    fn observer(&self, config: &dyn Any) -> Rc<dyn AnyObserver> {
        Rc::new(Watch::<P>::new(known(config)))
    }
}

/// The value behind `forgotten`, whose type is known because a run has one protocol.
pub(crate) fn known<T: 'static>(forgotten: &dyn Any) -> &T {
    match forgotten.downcast_ref() {
        Some(value) => value,
        None => unreachable!("a run's nodes, messages and stores are all of the run's one protocol"),
    }
}
