//! Lamport timestamps (L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*,
//! CACM 1978).
//!
//! **Problem.** Number events so that an effect never gets a smaller number than its cause, without
//! clocks that agree.
//!
//! **Idea.** Every node keeps a counter. Whoever speaks says the largest counter it has seen; whoever
//! listens goes beyond it. Pairs (counter, node) are unique and ordered, and the order agrees with
//! causality. It says more than causality does: of two concurrent events one has the smaller pair, and
//! nobody can tell from the pairs that neither caused the other.
//!
//! **Roles.** Nodes stamp writes. Clients write at any node and carry the largest counter they have seen
//! from one node to the next.
//!
//! | message | from, to | carries | §  |
//! |---------|----------|---------|----|
//! | Write   | client, node | the largest counter the client has seen | IR2 (a) |
//! | Stamp   | node, client | the stamp: the node's counter after the write | IR2 (b) |
//!
//! **Faults.** The paper has none. Here the counter is written before anything else, so a crash keeps it; who
//! loses its disk counts from nothing and breaks every promise. What a node saw and had not written when it
//! crashed counts as not seen.
//!
//! **Left out.** The mutual exclusion algorithm of the paper's second half, and physical clocks.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use lightcone_engine::hash::{Hasher64, loose};
use lightcone_engine::id::{MessageId, NodeId, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{
    Accepts, Action, Argument, Aside, Assumptions, Breach, Cause, Command, Durable, Evidence, Face, Findings, Flaw,
    Happening, Inspection, Kind, Lane, Mark, Message, Observer, Out, Parameter, Payload, Property, Protocol, Seen,
    Settings, Specification, Style, Timer, Unit, Weight, When,
};
use lightcone_engine::table::Table;

/// A stamp: counters are compared first, then nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The node's counter after the event.
    pub counter: u32,
    /// The node, counted from 1 as people do.
    pub node: u8,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.counter, self.node)
    }
}

/// The knobs.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    nodes: u8,
    clients: u8,
    receiver_ignores_maximum: bool,
    client_forgets_maximum: bool,
}

/// A node or a client.
#[derive(Clone, Debug, Hash)]
pub enum Lamport {
    /// Stamps writes.
    Node {
        /// The largest counter seen.
        counter: u32,
        /// The stamps it gave.
        stamps: Aside<Vec<Stamp>>,
    },
    /// Writes, one operation after the other.
    Client {
        /// The largest counter seen.
        largest: u32,
        /// What it asked and has no stamp for.
        waiting: Option<RequestId>,
        /// What it has still to ask, and where.
        queue: VecDeque<(RequestId, NodeId)>,
        /// The stamps it got.
        stamps: Aside<Vec<Stamp>>,
    },
}

/// What travels.
#[derive(Clone, Debug, Hash)]
pub enum Say {
    /// Stamp this write.
    Write {
        /// The largest counter its client has seen.
        largest: u32,
        /// Which of its client's writes this is.
        write: u16,
    },
    /// The write has this stamp.
    Stamped {
        /// The stamp.
        stamp: Stamp,
        /// Which of the client's writes has it: a write that arrives twice is stamped twice.
        write: u16,
    },
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Say::Write { largest, .. } => write!(f, "Write, seen {largest}"),
            Say::Stamped { stamp, .. } => write!(f, "{stamp}"),
        }
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Write", label: "Write", style: Style::Client, reply: false },
        Kind { name: "Stamp", label: "Stamp", style: Style::Client, reply: true },
    ];

    fn kind(&self) -> u8 {
        match self {
            Say::Write { .. } => 0,
            Say::Stamped { .. } => 1,
        }
    }
}

/// The largest counter seen. The paper has no crashes; with them, this must survive.
#[derive(Clone, Debug, Default, Hash)]
pub struct Kept {
    counter: u32,
}

impl Durable for Kept {
    fn inspect(&self, view: &mut Inspection) {
        view.fact("Counter", format!("{}", self.counter));
    }
}

/// There is nothing to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTimer {}

impl Timer for NoTimer {
    const ALL: &'static [(NoTimer, &'static str)] = &[];
}

const WRITE_AT: u8 = 0;
const CLOCK_CONDITION: u8 = 0;
const TOTAL_ORDER: u8 = 1;

impl Protocol for Lamport {
    type Config = Config;
    type Message = Say;
    type Timer = NoTimer;
    type Durable = Kept;
    type Observer = Order;

    const SPECIFICATION: Specification = Specification {
        number: 1,
        id: "lamport",
        version: 1,
        title: "Lamport timestamps",
        summary: "Number events so that an effect never gets a smaller number than its cause.",
        source: "Lamport 1978",
        epoch_word: "",
        // The paper has no faults, and its clocks need nothing of links but that effects come after causes. Counters are kept
        // on disk here, so that nodes may come back.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[
            Parameter { id: "nodes", name: "Nodes", unit: Unit::Count, least: 1, most: 8, default: 2 },
            Parameter { id: "clients", name: "Clients", unit: Unit::Count, least: 1, most: 6, default: 2 },
        ],
        flaws: &[
            Flaw {
                id: "receiver-ignores-maximum",
                sentence: "A node counts on without looking at the counter it is told.",
            },
            Flaw { id: "client-forgets-maximum", sentence: "A client does not carry the largest counter it has seen." },
        ],
        properties: &[
            Property {
                id: "clock-condition",
                name: "Clock condition",
                when: When::Always,
                sentence: "If one stamped event happened before another, its counter is smaller.",
                source: "Lamport 1978, Clock Condition",
            },
            Property {
                id: "total-order",
                name: "Total order",
                when: When::Always,
                sentence: "No two events have the same stamp, so the stamps order all of them.",
                source: "Lamport 1978, Ordering the Events Totally",
            },
        ],
        commands: &[Command { id: "write-at", name: "Write at", argument: Argument::Node }],
    };

    fn configure(settings: &Settings) -> Config {
        Config {
            nodes: settings.number(0) as u8,
            clients: settings.number(1) as u8,
            receiver_ignores_maximum: settings.flaws.has(0),
            client_forgets_maximum: settings.flaws.has(1),
        }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let nodes = (1..=config.nodes).map(|node| Lane { name: format!("N{node}"), client: false, accepts: &[] });
        let clients = (1..=config.clients).map(|client| Lane {
            name: format!("c{client}"),
            client: true,
            accepts: &[Accepts::Command(WRITE_AT)],
        });
        nodes.chain(clients).collect()
    }

    // No `interchangeable`: stamps are compared by node, and clients are told at which node to write. No `never_matters`:
    // the observer follows causality, and of that every message carries some.

    fn boot(kept: Kept, out: &mut Out<'_, Lamport>) -> Lamport {
        if out.me().0 < out.config().nodes {
            return Lamport::Node { counter: kept.counter, stamps: Aside::default() };
        }
        Lamport::Client { largest: kept.counter, waiting: None, queue: VecDeque::new(), stamps: Aside::default() }
    }

    fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Lamport>) {
        match (self, message) {
            (Lamport::Node { counter, stamps }, &Say::Write { largest, write }) => {
                // IR2 (b): the receiver sets its counter to no less than its own and greater than what it is told.
                let seen = if out.config().receiver_ignores_maximum { 0 } else { largest };
                // IR1: the counter grows between any two events of a node.
                *counter = (*counter).max(seen) + 1;
                let stamp = Stamp { counter: *counter, node: out.me().0 + 1 };
                stamps.0.push(stamp);
                out.persist(Kept { counter: *counter });
                out.mark(Mark::Applied, Phrase::with("({}, {})", &[stamp.counter as i32, i32::from(stamp.node)]));
                out.send(from, Say::Stamped { stamp, write });
            }
            (client @ Lamport::Client { .. }, &Say::Stamped { stamp, write }) => client.take_stamp(stamp, write, out),
            _ => out.ignore(Phrase::plain("not for this role")),
        }
    }

    fn on_timer(&mut self, timer: NoTimer, _: &mut Out<'_, Lamport>) {
        match timer {}
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Lamport>) {
        let (Lamport::Client { queue, .. }, Operation::Command { argument, .. }) = (&mut *self, operation) else {
            return;
        };
        if argument >= out.config().nodes {
            out.reply(id, Answer::Refused);
            return;
        }
        queue.push_back((id, NodeId(argument)));
        self.ask_next(out);
    }

    fn face(&self) -> Face {
        match self {
            Lamport::Node { .. } => Face { role: "", weight: Weight::Follows, epoch: 0 },
            Lamport::Client { .. } => Face { role: "", weight: Weight::Client, epoch: 0 },
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        let stamps = match self {
            Lamport::Node { counter, stamps } => {
                view.summary = format!("counter {counter}");
                view.fact("Counter", format!("{counter}"));
                stamps
            }
            Lamport::Client { largest, waiting, queue, stamps } => {
                view.summary = format!("has seen {largest}");
                view.fact("Largest seen", format!("{largest}"));
                if waiting.is_some() {
                    view.fact("Waits for", "a stamp");
                }
                if !queue.is_empty() {
                    view.fact("Still to write", format!("{}", queue.len()));
                }
                stamps
            }
        };
        let stamps: Vec<String> = stamps.0.iter().map(|stamp| format!("{stamp}")).collect();
        view.fact("Stamps", if stamps.is_empty() { "none".into() } else { stamps.join(" ") });
    }
}

impl Lamport {
    fn take_stamp(&mut self, stamp: Stamp, write: u16, out: &mut Out<'_, Lamport>) {
        let Lamport::Client { largest, waiting, stamps, .. } = self else { return };
        // IR2 (b), whether or not it is an answer: the stamp has been seen.
        *largest = (*largest).max(stamp.counter);
        out.persist(Kept { counter: *largest });
        let Some(id) = waiting.take_if(|id| id.ordinal == write) else {
            out.ignore(Phrase::plain("this write has its stamp, or is forgotten"));
            return;
        };
        stamps.0.push(stamp);
        out.reply(id, Answer::Done);
        self.ask_next(out);
    }

    fn ask_next(&mut self, out: &mut Out<'_, Lamport>) {
        let Lamport::Client { largest, waiting, queue, .. } = self else { return };
        if waiting.is_some() {
            return;
        }
        let Some((id, node)) = queue.pop_front() else { return };
        *waiting = Some(id);
        // IR2 (a): a message carries its sender's counter.
        let largest = if out.config().client_forgets_maximum { 0 } else { *largest };
        out.send(node, Say::Write { largest, write: id.ordinal });
    }
}

/// A message under way.
#[derive(Clone)]
struct Travelling {
    /// Hash of what it says.
    says: u64,
    /// The largest stamp in its sender's causal past, and where it was given.
    past: Option<(Stamp, Evidence)>,
}

/// Judges the stamps against what happened before what, which it follows by itself.
#[derive(Clone)]
pub struct Order {
    /// The largest stamp in each lane's causal past, and where it was given.
    past: Vec<Option<(Stamp, Evidence)>>,
    /// The same as of the last time the lane wrote to its disk: what it remembers after a crash.
    kept: Vec<Option<(Stamp, Evidence)>>,
    /// The same for the senders of messages under way.
    travelling: Table<MessageId, Travelling>,
    given: Table<Stamp, Evidence>,
}

impl Hash for Order {
    /// A message under way is known by its ends and by what it says, not by its name.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.past, &self.kept, &self.given).hash(state);
        loose(self.travelling.iter().map(|(id, each)| (id.from, id.to, each.says, each.past)), state);
    }
}

impl Observer<Lamport> for Order {
    fn new(config: &Config) -> Order {
        let lanes = usize::from(config.nodes + config.clients);
        Order { past: vec![None; lanes], kept: vec![None; lanes], travelling: Table::new(), given: Table::new() }
    }

    fn observe(&mut self, seen: &Seen<'_, Lamport>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if let Cause::Deliver(message) = seen.cause {
            let brought = self.travelling.remove(&message).and_then(|message| message.past);
            let own = &mut self.past[node.index()];
            *own = largest(*own, brought);
        }
        let mut written = false;
        let mut crashed = matches!(seen.cause, Cause::Act(Action::Crash(_)));
        for happening in seen.happenings {
            match happening {
                Happening::Persisted(_) => written = true,
                Happening::CrashedHere(_) => crashed = true,
                Happening::Marked(Mark::Applied, phrase) => {
                    let stamp = Stamp { counter: phrase.numbers[0] as u32, node: phrase.numbers[1] as u8 };
                    self.judge(node, stamp, seen, findings);
                }
                Happening::Sent(sent) if sent.lost.is_none() => {
                    let (says, past) = (hash_of(&sent.payload), self.past[node.index()]);
                    self.travelling.insert(sent.message, Travelling { says, past });
                }
                _ => {}
            }
        }
        if written {
            self.kept[node.index()] = self.past[node.index()];
        }
        if crashed {
            self.past[node.index()] = self.kept[node.index()];
        }
    }
}

impl Order {
    fn judge(&mut self, node: NodeId, stamp: Stamp, seen: &Seen<'_, Lamport>, findings: &mut Findings) {
        if let Some((before, evidence)) = self.past[node.index()]
            && before.counter >= stamp.counter
        {
            findings.breaks(CLOCK_CONDITION, || Breach {
                sentence: format!("{stamp} happened after {before}, and its counter is not larger."),
                nodes: [node, NodeId(before.node - 1)].into_iter().collect(),
                events: vec![evidence.0],
            });
        }
        if let Some(first) = self.given.insert(stamp, Evidence(seen.event)) {
            findings.breaks(TOTAL_ORDER, || Breach {
                sentence: format!("{stamp} is given twice."),
                nodes: [node].into_iter().collect(),
                events: vec![first.0],
            });
        }
        let own = &mut self.past[node.index()];
        *own = largest(*own, Some((stamp, Evidence(seen.event))));
    }
}

fn hash_of(payload: &Payload) -> u64 {
    let mut hasher = Hasher64::default();
    payload.fingerprint(&mut hasher);
    hasher.finish()
}

fn largest(one: Option<(Stamp, Evidence)>, other: Option<(Stamp, Evidence)>) -> Option<(Stamp, Evidence)> {
    let counter = |each: &Option<(Stamp, Evidence)>| each.map(|(stamp, _)| stamp);
    if counter(&other) > counter(&one) { other } else { one }
}
