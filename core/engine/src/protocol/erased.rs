//! Type erasure: the engine sees nodes, messages and stores as `dyn` traits, with one blanket implementation each. It is
//! compiled once, whatever the number of protocols.

use super::assumptions::Assumptions;
use super::author::{Out, Protocol, Timer};
use super::durable::AnyDurable;
use super::event::{Cause, Happening};
use super::fact::{AnyFact, Fact};
use super::message::{AnyMessage, Kind, Message};
use super::node::{Context, Node, Nodes, known};
use super::observer::{Findings, Observer, Reached, Seen, View};
use super::shown::{Condition, Inspection, Lane, LaneStatus};
use super::specification::{Settings, Specification};
use crate::hash::Hasher64;
use crate::id::{EventIndex, NodeId, NodeSet, RequestId};
use crate::limits::MAX_NODES;
use crate::operation::Operation;
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

impl<P: Protocol> Node for P {
    fn fork(&self) -> Rc<dyn Node> {
        Rc::new(self.clone())
    }
    fn on_message(&mut self, from: NodeId, message: &dyn AnyMessage, context: Context<'_>) {
        Protocol::on_message(self, from, known(message.as_any()), &mut context.out());
    }
    fn on_timer(&mut self, timer: u8, context: Context<'_>) {
        Protocol::on_timer(self, P::Timer::ALL[usize::from(timer)].0, &mut context.out());
    }
    fn on_request(&mut self, id: RequestId, operation: Operation, context: Context<'_>) {
        Protocol::on_request(self, id, operation, &mut context.out());
    }
    fn lane_status(&self) -> LaneStatus {
        Protocol::lane_status(self)
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

/// A protocol without its type: what a list of protocols holds.
pub trait AnyProtocol: Sync {
    /// Its name, knobs, flaws, properties and words.
    fn specification(&self) -> &'static Specification;
    /// Its message kinds.
    fn kinds(&self) -> &'static [Kind];
    /// Its timers' names, in order.
    fn timers(&self) -> Vec<&'static str>;
    /// The names of its facts, in order.
    fn facts(&self) -> &'static [&'static str];
    /// What a search may look for besides broken promises, at this place: its name in files, and what happens.
    fn goal(&self, place: u8) -> Option<(&'static str, &'static str)>;
    /// Whether this goal is reached at an event that states these facts, after which the nodes are so.
    fn reaches(&self, goal: u8, facts: &mut dyn Iterator<Item = &dyn AnyFact>, nodes: &dyn Nodes) -> bool;
    /// Reads the knobs.
    fn configure(&self, settings: &Settings) -> Rc<dyn Any>;
    /// The protocol's assumptions with these knobs.
    fn assumes(&self, config: &dyn Any) -> Assumptions;
    /// The lanes of a run.
    fn lanes(&self, config: &dyn Any) -> Vec<Lane>;
    /// Groups of nodes that could change places.
    fn interchangeable(&self, config: &dyn Any) -> Vec<NodeSet>;
    /// Whether a message under way cannot matter any more; see [`Protocol::never_matters`].
    fn never_matters(
        &self,
        message: &dyn AnyMessage,
        from: NodeId,
        to: NodeId,
        nodes: &dyn Nodes,
        config: &dyn Any,
    ) -> bool;
    /// What a node that never ran has in stable storage.
    fn blank(&self) -> Rc<dyn AnyDurable>;
    /// Starts a node.
    fn boot(&self, durable: &dyn AnyDurable, context: Context<'_>) -> Rc<dyn Node>;
    /// An observer at the start of a run.
    fn observer(&self, config: &dyn Any) -> Rc<dyn AnyObserver>;
}

impl dyn AnyProtocol {
    /// The lanes of a run: at least one, at most [`MAX_NODES`].
    #[must_use]
    pub fn lanes_of(&self, config: &dyn Any) -> Vec<Lane> {
        let mut lanes = self.lanes(config);
        assert!(!lanes.is_empty(), "every protocol has a lane");
        lanes.truncate(usize::from(MAX_NODES));
        lanes
    }

    /// What a search may look for besides broken promises, in order: place, name in files, and what happens.
    pub fn goals(&self) -> impl Iterator<Item = (u8, &'static str, &'static str)> {
        (0..).map_while(|place| self.goal(place).map(|(id, sentence)| (place, id, sentence)))
    }

    /// The settings with a number for each knob, every number moved into its knob's range.
    #[must_use]
    pub fn legal(&self, settings: &Settings) -> Settings {
        let parameters = self.specification().parameters.iter().enumerate();
        let parameters = parameters.map(|(index, parameter)| {
            let value = settings.parameters.get(index).copied().unwrap_or(parameter.default);
            value.clamp(parameter.least, parameter.most)
        });
        Settings { parameters: parameters.collect(), flaws: settings.flaws }
    }
}

/// Two protocols are the same if they have the same number in links.
impl PartialEq for dyn AnyProtocol {
    fn eq(&self, other: &dyn AnyProtocol) -> bool {
        self.specification().number == other.specification().number
    }
}

impl Eq for dyn AnyProtocol {}

impl Hash for dyn AnyProtocol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.specification().number.hash(state);
    }
}

/// Shows the protocol's name in files.
impl fmt::Debug for dyn AnyProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.specification().id)
    }
}

/// The protocols that a link or text may name, in the order in which they are listed.
pub type Protocols = [&'static dyn AnyProtocol];

/// The protocol with this number in links.
#[must_use]
pub fn by_number(protocols: &Protocols, number: u8) -> Option<&'static dyn AnyProtocol> {
    protocols.iter().copied().find(|protocol| protocol.specification().number == number)
}

/// The protocol with this name in files and addresses.
#[must_use]
pub fn by_id(protocols: &Protocols, id: &str) -> Option<&'static dyn AnyProtocol> {
    protocols.iter().copied().find(|protocol| protocol.specification().id == id)
}

/// The entry of protocol `P` in a list of them.
pub struct Erased<P>(pub PhantomData<fn() -> P>);

impl<P: Protocol> Erased<P> {
    /// An entry for the protocol's list. It holds no data: the type alone says which protocol it is.
    #[must_use]
    pub const fn new() -> Erased<P> {
        Erased(PhantomData)
    }
}

impl<P: Protocol> Default for Erased<P> {
    fn default() -> Erased<P> {
        Erased::new()
    }
}

impl<P: Protocol> AnyProtocol for Erased<P> {
    fn specification(&self) -> &'static Specification {
        const { &P::SPECIFICATION }
    }
    fn kinds(&self) -> &'static [Kind] {
        P::Message::KINDS
    }
    fn timers(&self) -> Vec<&'static str> {
        P::Timer::ALL.iter().map(|(_, name)| *name).collect()
    }
    fn facts(&self) -> &'static [&'static str] {
        P::Fact::NAMES
    }
    fn goal(&self, place: u8) -> Option<(&'static str, &'static str)> {
        P::GOALS.get(usize::from(place)).map(|goal| (goal.id, goal.sentence))
    }
    fn reaches(&self, goal: u8, mut facts: &mut dyn Iterator<Item = &dyn AnyFact>, nodes: &dyn Nodes) -> bool {
        match P::GOALS.get(usize::from(goal)).map(|goal| &goal.reached) {
            Some(Reached::Happens(is_it)) => Iterator::any(&mut facts, |fact| is_it(known(fact.as_any()))),
            Some(Reached::Is(are_so)) => are_so(View::of(nodes)),
            None => false,
        }
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
        nodes: &dyn Nodes,
        config: &dyn Any,
    ) -> bool {
        P::never_matters(known(message.as_any()), from, to, View::of(nodes), known(config))
    }
    fn blank(&self) -> Rc<dyn AnyDurable> {
        Rc::new(P::Durable::default())
    }
    fn boot(&self, durable: &dyn AnyDurable, context: Context<'_>) -> Rc<dyn Node> {
        let durable: &P::Durable = known(durable.as_any());
        Rc::new(P::boot(durable.clone(), &mut context.out()))
    }
    fn observer(&self, config: &dyn Any) -> Rc<dyn AnyObserver> {
        Rc::new(Watch::<P>::new(known(config)))
    }
}

/// An [`Observer`] without its protocol's type.
pub trait AnyObserver: Any {
    /// A copy that may change.
    fn fork(&self) -> Rc<dyn AnyObserver>;
    /// Becomes like another one of the same run, in its own room.
    fn assign(&mut self, other: &dyn AnyObserver);
    /// Sees one event, after it.
    fn observe(&mut self, event: &Occurrence<'_>, findings: &mut Findings);
    /// Judges what must be true by the end.
    fn at_end(&self, nodes: &dyn Nodes, findings: &mut Findings);
    /// Feeds its state to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
}

/// One event for an observer, before types are known; with types it is [`Seen`].
pub struct Occurrence<'a> {
    pub(crate) event: EventIndex,
    pub(crate) at: Time,
    pub(crate) cause: Cause,
    pub(crate) asked: Option<(RequestId, Operation)>,
    pub(crate) happenings: &'a [Happening],
    pub(crate) nodes: &'a dyn Nodes,
}

/// The observer of `P`, with its type.
pub struct Watch<P: Protocol>(P::Observer);

impl<P: Protocol> Watch<P> {
    pub(crate) fn new(config: &P::Config) -> Watch<P> {
        Watch(P::Observer::new(config))
    }
}

impl<P: Protocol> AnyObserver for Watch<P> {
    fn fork(&self) -> Rc<dyn AnyObserver> {
        Rc::new(Watch::<P>(self.0.clone()))
    }
    fn assign(&mut self, other: &dyn AnyObserver) {
        self.0.clone_from(&known::<Watch<P>>(other).0);
    }
    fn observe(&mut self, event: &Occurrence<'_>, findings: &mut Findings) {
        let seen = Seen {
            event: event.event,
            at: event.at,
            cause: event.cause,
            node: event.cause.node(),
            asked: event.asked,
            happenings: event.happenings,
            nodes: View::of(event.nodes),
        };
        self.0.observe(&seen, findings);
    }
    fn at_end(&self, nodes: &dyn Nodes, findings: &mut Findings) {
        self.0.at_end(View::of(nodes), findings);
    }
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.0.hash(hasher);
    }
}

impl<'a> Context<'a> {
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
