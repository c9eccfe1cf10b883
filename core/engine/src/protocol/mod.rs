//! What an author writes: a typed state machine with no clock, no randomness and no I/O, and a [`Specification`] that says in the
//! field's words what it is. See `protocols/lamport.rs` for a small one and CONTRIBUTING.md for a walk through.

use crate::id::{NodeId, NodeSet, RequestId};
use crate::operation::{Answer, Operation};
use crate::phrase::Phrase;
use crate::protocol::{AnyMessage, Durables, Observer, Payload, View};
use crate::time::Moment;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt::{Debug, Display};
use core::hash::Hash;

/// A protocol: the state of one node and what it does when something happens to it.
///
/// Nodes of one run may play different roles; clients are nodes too.
pub trait Protocol: Clone + Hash + 'static {
    /// The knobs, read once from the scenario's settings.
    type Config: Clone + 'static;
    /// What travels.
    type Message: Message;
    /// What a node waits for; at most one of each is armed. A protocol without timers has an empty enum: `NoTimer` in
    /// `lamport.rs`.
    type Timer: Timer;
    /// What a crash leaves.
    type Durable: Durable;
    /// Who watches the run and judges its properties.
    type Observer: Observer<Self>;

    /// The protocol's name, knobs, flaws, properties and words.
    const SPECIFICATION: Specification;

    /// What is taken for granted with these knobs, if they change what the specification says.
    fn assumes(_config: &Self::Config) -> crate::protocol::Assumptions {
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

    /// An armed timer is due. It is no longer armed.
    fn on_timer(&mut self, timer: Self::Timer, out: &mut Out<'_, Self>);

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
    fn face(&self) -> Face;

    /// What is so for a while: what is locked, in doubt, waited for, held back. Pushed onto `now`, which is empty. Cheap: it
    /// is asked after every event. What is not pushed any more is over; a crashed node has none.
    fn conditions(&self, _now: &mut Vec<Condition>) {}

    /// The state in the field's words, for the margin. Built only when shown.
    fn inspect(&self, view: &mut Inspection);
}

/// A message. `Display` is its full label ("Request vote, term 2").
pub trait Message: Clone + Hash + Display + Debug + 'static {
    /// The kinds of message; at most 32.
    const KINDS: &'static [Kind];
    /// Which kind this one is: an index into [`Message::KINDS`].
    fn kind(&self) -> u8;
}

/// What an author says about a kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in files and identities: `RequestVote`. Letters and digits; part of published links' meaning.
    pub name: &'static str,
    /// Its name in the figure: "Request vote".
    pub label: &'static str,
    /// How it is drawn.
    pub style: Style,
    /// Whether it answers another message: drawn with an open head.
    pub reply: bool,
}

/// What a message is for; decides its stroke. Protocols never choose a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Asks for or gives permission: votes, prepares, promises.
    Permission,
    /// Carries values: entries, accepts, writes between replicas.
    Value,
    /// Announces a decision: commit, abort, ordered delivery.
    Decision,
    /// Says only "I am here": heartbeats and their answers.
    Beat,
    /// Between a client and a server.
    Client,
}

/// A timer: a small enum without data.
pub trait Timer: Copy + PartialEq + Debug + 'static {
    /// Every timer with its name in files and labels; at most 16.
    const ALL: &'static [(Self, &'static str)];
}

/// What survives a crash.
pub trait Durable: Clone + Default + Hash + Debug + 'static {
    /// The surviving fields in the field's words, for the mark of a restart.
    fn inspect(&self, view: &mut Inspection);
}

/// For protocols that persist nothing.
impl Durable for () {
    fn inspect(&self, _: &mut Inspection) {}
}

/// What a protocol is called and what can be set, broken and promised about it.
#[derive(Clone, Copy, Debug)]
pub struct Specification {
    /// Its number in links. Never reused.
    pub number: u8,
    /// Its name in files and addresses: `raft`.
    pub id: &'static str,
    /// Its behaviour's version in links: goes up when the same scenario would run differently.
    pub version: u8,
    /// Its name for people: "Raft".
    pub title: &'static str,
    /// One sentence on what it is for.
    pub summary: &'static str,
    /// The paper or book it follows.
    pub source: &'static str,
    /// What its epochs are called: "term", "ballot"; empty if it has none.
    pub epoch_word: &'static str,
    /// What it takes for granted: outside of it, it promises nothing.
    pub assumes: crate::protocol::Assumptions,
    /// The knobs, in the order in which links carry them. Only ever appended to.
    pub parameters: &'static [Parameter],
    /// Known wrong variants; at most 32. Only ever appended to.
    pub flaws: &'static [Flaw],
    /// What it promises; at most 32.
    pub properties: &'static [Property],
    /// Words of [`Operation::Command`].
    pub commands: &'static [Command],
}

/// A knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in files: `election-timeout-min`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What its number means.
    pub unit: Unit,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
    /// What it is if nothing is said.
    pub default: u32,
}

/// What a knob's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Milliseconds.
    Millis,
    /// Off (0) or on (1).
    Switch,
    /// One of these words, by position.
    Choice(&'static [&'static str]),
}

/// A known wrong variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Its name in files: `vote-not-persisted`.
    pub id: &'static str,
    /// What is wrong, as a sentence.
    pub sentence: &'static str,
}

/// What a protocol promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name in files: `election-safety`.
    pub id: &'static str,
    /// Its name for people: "Election safety".
    pub name: &'static str,
    /// Whether it must hold always or by the end.
    pub when: When,
    /// The promise in one sentence.
    pub sentence: &'static str,
    /// Where it is stated.
    pub source: &'static str,
}

/// When a property is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// Safety: holds in every reachable state.
    Always,
    /// Liveness: judged when the run is over, under the scenario's synchrony.
    ByTheEnd,
}

/// A word of [`Operation::Command`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name in files: `transfer-to`.
    pub id: &'static str,
    /// Its name for people: "Hand leadership to".
    pub name: &'static str,
    /// What its argument is.
    pub argument: Argument,
}

/// What the argument of a [`Command`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// There is none.
    Nothing,
    /// A node.
    Node,
    /// A number.
    Number,
}

/// A lane of the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name: `S1`, `c1`. Letters and digits; unique in the run.
    pub name: String,
    /// Whether it is a client: drawn thin, its operations as boxes.
    pub client: bool,
    /// What may be asked of it.
    pub accepts: &'static [Accepts],
}

/// A form of operation that a lane accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// [`Operation::Read`].
    Read,
    /// [`Operation::Write`].
    Write,
    /// [`Operation::Add`].
    Add,
    /// [`Operation::CompareAndSet`].
    CompareAndSet,
    /// [`Operation::Command`] with this verb.
    Command(u8),
}

/// How a lane looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Face {
    /// The role's word: "follower". Empty if there is nothing to say.
    pub role: &'static str,
    /// How heavy its line is.
    pub weight: Weight,
    /// The epoch's number; 0 if it has none.
    pub epoch: u32,
}

/// How heavy a lane's line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Follows, or has no special role.
    Follows,
    /// Stands for a role it does not have yet.
    Stands,
    /// Leads or coordinates.
    Leads,
    /// A client.
    Client,
}

/// The values of a scenario's knobs and flaws.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// One number a parameter, in the specification's order.
    pub parameters: Vec<u32>,
    /// The flaws that are switched on.
    pub flaws: FlawSet,
}

impl Settings {
    /// Everything at its default, no flaw.
    #[must_use]
    pub fn defaults(specification: &Specification) -> Settings {
        Settings {
            parameters: specification.parameters.iter().map(|parameter| parameter.default).collect(),
            flaws: FlawSet(0),
        }
    }

    /// The number of the parameter at `index`; 0 if there is none.
    #[must_use]
    pub fn number(&self, index: usize) -> u32 {
        self.parameters.get(index).copied().unwrap_or(0)
    }

    /// The number at `index`, in milliseconds, as microseconds.
    #[must_use]
    pub fn micros(&self, index: usize) -> u64 {
        u64::from(self.number(index)) * 1_000
    }

    /// Whether the switch at `index` is on.
    #[must_use]
    pub fn on(&self, index: usize) -> bool {
        self.number(index) != 0
    }
}

/// A set of flaws, one bit each, in the specification's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FlawSet(pub u32);

impl FlawSet {
    /// Whether the flaw at `index` is switched on.
    #[must_use]
    pub const fn has(self, index: u8) -> bool {
        index < 32 && self.0 & (1 << index) != 0
    }

    /// The set with the flaw at `index` in it.
    #[must_use]
    pub const fn with(self, index: u8) -> FlawSet {
        FlawSet(self.0 | (1 << index))
    }

    /// The set without the flaw at `index`.
    #[must_use]
    pub const fn without(self, index: u8) -> FlawSet {
        FlawSet(self.0 & !(1 << index))
    }
}

/// What stands on a lane, apart from what the engine draws by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A request is taken in: open ring.
    Received,
    /// In the log, not yet decided: open square.
    Appended,
    /// Committed or decided: filled diamond.
    Committed,
    /// Aborted: open diamond.
    Aborted,
    /// Handed to the application: shield.
    Delivered,
    /// The state machine moved on: filled dot.
    Applied,
    /// Leading starts: flag.
    Elected,
    /// A turning point without a sign of its own: its label only.
    Turning,
}

/// Something that is so on a lane for a while. Two conditions with the same words are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How it is drawn.
    pub what: Lasting,
    /// What is so: "x locked by T1".
    pub phrase: Phrase,
}

/// What a [`Condition`] is; decides how it is drawn. From the event after which it is so to the event after which it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lasting {
    /// The node holds a lock for somebody: a ribbon above the lane.
    Locked,
    /// Somebody waits here for something: a dashed line under the lane.
    Waits,
    /// The node has promised and does not know the decision: the lane is hatched.
    InDoubt,
    /// A message has arrived and is not delivered yet: a dashed line from its arrival to its delivery. Begins at the event
    /// that receives the message.
    HeldBack,
}

/// A fact that a node holds and that a reader may ask *why* about: a noun that fits *Why this … of S1?* (`vote`, `commit`).
/// `role` asks *Why does S1 believe it is …?* with the role of its face.
pub type Fact = &'static str;

/// An effect of a handler, in the order in which the handler asked for it.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a message.
    Send {
        /// For whom.
        to: NodeId,
        /// What.
        message: Payload,
    },
    /// Arm a timer, replacing it if it is armed. The time is drawn from the range.
    Arm {
        /// Index into the protocol's timers.
        timer: u8,
        /// Shortest and longest, in microseconds of the node's own clock.
        range_micros: (u64, u64),
    },
    /// Disarm a timer; nothing happens if it is not armed.
    Disarm {
        /// Index into the protocol's timers.
        timer: u8,
    },
    /// Replace what a crash leaves.
    Persist(Rc<dyn Durables>),
    /// Answer an operation of this lane.
    Reply {
        /// Which operation.
        request: RequestId,
        /// The answer.
        answer: Answer,
    },
    /// Put a mark on the lane.
    Mark(Mark, Phrase),
    /// The message or timer being handled is ignored, and why.
    Ignore(Phrase),
    /// From now on this node holds the fact.
    Hold(Fact),
    /// This event speaks for the fact, which is not yet held.
    Evidence(Fact),
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

    /// Puts a mark on the lane.
    pub fn mark(&mut self, mark: Mark, phrase: Phrase) {
        self.effects.push(Effect::Mark(mark, phrase));
    }

    /// Says that what is being handled is ignored, and why ("term {} has passed").
    pub fn ignore(&mut self, why: Phrase) {
        self.effects.push(Effect::Ignore(why));
    }

    /// Says that from now on this node holds `fact`, because of this event and the evidence so far.
    pub fn hold(&mut self, fact: Fact) {
        self.effects.push(Effect::Hold(fact));
    }

    /// Says that this event speaks for `fact`: a vote counted, an acknowledgement noted.
    pub fn evidence(&mut self, fact: Fact) {
        self.effects.push(Effect::Evidence(fact));
    }
}

fn timer_index<T: Timer>(timer: T) -> u8 {
    let place = T::ALL.iter().position(|(each, _)| *each == timer);
    assert!(place.is_some(), "every timer of a protocol stands in its Timer::ALL");
    place.unwrap_or(0) as u8
}

/// A node's state in the field's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// One or two facts for the lane head: "log 3, commit 3".
    pub summary: String,
    /// Named facts.
    pub facts: Vec<(&'static str, String)>,
    /// Logs, queues and tables.
    pub tables: Vec<Table>,
}

/// A log, queue or table of an [`Inspection`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name: "Log".
    pub name: &'static str,
    /// The columns' names; the first names the rows.
    pub columns: &'static [&'static str],
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The epoch it belongs to, shown as a chip on its tint; 0 if none.
    pub epoch: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// Whether it is settled (committed, decided); the rest is set lighter.
    pub settled: bool,
}

impl Inspection {
    /// Adds a named fact.
    pub fn fact(&mut self, name: &'static str, value: impl Into<String>) {
        self.add(name, value.into());
    }

    // Kept in one place: it is called everywhere, and never in a hurry.
    #[inline(never)]
    fn add(&mut self, name: &'static str, value: String) {
        self.facts.push((name, value));
    }
}
