//! Lamport timestamps (L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*,
//! CACM 1978).
//!
//! **Problem.** Number events so that an effect never gets a smaller number than its cause, without clocks that agree.
//!
//! **Idea.** Every node keeps a counter. Whoever speaks says the largest counter it has seen; whoever listens goes beyond it.
//! A stamp is a pair: the counter, then the node. Pairs are compared in that order, so of two stamps one is smaller.
//!
//! **Invariant.** *A counter is at least as large as that of every stamp in its holder's past.* The holder is a node, a
//! client or a message under way; its past is all that happened before, in the sense of the paper: a chain of messages leads
//! from there to here. Each step keeps it:
//!
//! - A node stamps a write (`Lamport::stamp`). The event has two causes: what the node did before, and what the client saw
//!   before it wrote. Both counters are at least as large as all stamps behind them. The new counter is larger than both, so
//!   it is larger than every stamp in its past: the **Clock Condition**.
//! - The answer carries the stamp, which is the largest in the past of the answer.
//! - A client takes an answer (`Lamport::note`): the larger of two counters is at least as large as all behind both.
//! - A client writes (`Lamport::write_next`): the message carries the client's counter, and its past is the client's.
//! - A crash: the counter is on disk before anybody hears of a stamp. What is not on disk is not in the past either.
//!
//! A node never gives one counter twice, and two nodes never give one pair: the stamps are a **total order**.
//! It says more than causality does. Of two concurrent events one has the smaller stamp, and nobody can tell from the stamps
//! that neither caused the other.
//!
//! **Flaws.** Each breaks one step of that argument. [`Flaw::ReceiverIgnoresMaximum`]: the node goes beyond its own counter
//! only, so the stamp may be smaller than one that the client saw elsewhere. [`Flaw::ClientForgetsMaximum`]: the message
//! carries 0, so the invariant does not hold for it, and the node that goes beyond it goes beyond nothing.
//!
//! | message | from, to     | carries                               | §       |
//! |---------|--------------|---------------------------------------|---------|
//! | Write   | client, node | the largest counter the client has seen | IR2 (a) |
//! | Stamp   | node, client | the stamp: the node's counter after the write | IR2 (b) |
//!
//! **Faults.** The paper has none. Here messages may be lost, doubled and late, nodes crash and come back with their disks.
//! Whoever loses its disk counts from nothing and breaks every promise.
//!
//! **Left out.** The mutual exclusion algorithm of the paper's second half, and physical clocks.

use crate::parts::causal_past::CausalPast;
use crate::parts::requests::Requests;
use lightcone_engine::prelude::*;

knobs! {
    /// Nodes, which stamp writes.
    nodes: Count(1..=8, default 2) = "nodes", "Nodes";
    /// Clients, which write, now at one node, now at another.
    clients: Count(1..=6, default 2) = "clients", "Clients";
}

flaws! {
    ReceiverIgnoresMaximum = "receiver-ignores-maximum", "A node counts on without looking at the counter it is told.";
    ClientForgetsMaximum = "client-forgets-maximum", "A client does not carry the largest counter it has seen.";
}

promises! {
    ClockCondition: Always = "clock-condition", "Clock condition",
        "If one stamped event happened before another, its counter is smaller.", "Lamport 1978, Clock Condition";
    TotalOrder: Always = "total-order", "Total order",
        "No two events have the same stamp, so the stamps order all of them.",
        "Lamport 1978, Ordering the Events Totally";
}

commands! {
    /// Write at this node.
    WriteAt(Node) = "write-at", "Write at";
}

messages! {
    /// What travels: a write to a node, its stamp back to the client.
    Message {
        /// Stamp this write.
        Write {
            /// The largest counter its client has seen.
            largest: u32,
            /// The write's number among its client's.
            write: u16,
        } = Client, "Write", "Write (has seen {largest})";
        /// This write has this stamp.
        Stamp {
            /// The stamp.
            stamp: Stamp,
            /// The write's number. A write that arrives twice is stamped twice: the first answer counts.
            write: u16,
        } = Client reply, "Stamp", "{stamp}";
    }
}

facts! {
    /// What happens.
    Fact {
        /// A node has stamped a write.
        Stamped {
            /// With this.
            stamp: Stamp,
        } = Applied, "({}, {})", stamp.counter, stamp.node;
    }
}

/// A stamp. The order of the fields is the order of stamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The node's counter after the event.
    pub counter: u32,
    /// The node, counted from 1 as people do. It breaks ties.
    pub node: u8,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.counter, self.node)
    }
}

/// What a crash leaves. The paper has no crashes; with them, the counter must survive.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// The largest counter given or seen.
    counter: u32,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.fact("Counter", self.counter);
    }
}

/// A node, which stamps, or a client, which writes: one operation after the other.
#[derive(Clone, Debug, Hash)]
pub struct Lamport {
    /// Whether it is a client.
    client: bool,
    /// The paper's C: the largest counter that it has given or seen.
    counter: u32,
    /// What a client has to write, and where.
    requests: Requests<NodeId>,
    /// The stamps that it gave or got, to be shown.
    stamps: Unhashed<Vec<Stamp>>,
}

impl Protocol for Lamport {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 1,
        id: "lamport",
        version: 1,
        title: "Lamport timestamps",
        summary: "Nodes number events so that an effect never gets a smaller number than its cause.",
        source: "Lamport 1978",
        epoch_word: "",
        // The paper has no faults, and its clocks need nothing of links but that effects come after causes. Counters are kept
        // on disk here, so that nodes may come back.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Lamport>] = &[
        Goal {
            id: "stamped",
            sentence: "A write gets its timestamp",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Stamped { .. })),
        },
        Goal {
            id: "same-counter",
            sentence: "Two nodes have the same counter",
            reached: Reached::Is(|nodes| {
                let counters = nodes.up().filter(|(_, node)| !node.client && node.counter > 0);
                let counters: Vec<u32> = counters.map(|(_, node)| node.counter).collect();
                (1..).zip(&counters).any(|(place, counter)| counters[place..].contains(counter))
            }),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let nodes = Lane::nodes("N", config.nodes, &[]);
        nodes.chain(Lane::clients(config.clients, const { &[Verb::WriteAt.accepted()] })).collect()
    }

    // No `interchangeable`: stamps are compared by node, and clients are told at which node to write. No `never_matters`:
    // the judge follows causality, and of that every message carries some.

    fn boot(Stable { counter }: Stable, out: &mut Out<'_, Lamport>) -> Lamport {
        let client = out.me().0 >= out.config().nodes;
        Lamport { client, counter, requests: Requests::default(), stamps: Unhashed::default() }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Lamport>) {
        // Lanes take nothing but what they say they accept; what the command is about may be any lane.
        let Some(Command::WriteAt(node)) = Command::of(operation) else { return };
        if node.0 >= out.config().nodes {
            return out.reply(id, Answer::Refused);
        }
        self.requests.push(id, node);
        self.write_next(out);
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Lamport>) {
        match *message {
            Message::Write { largest, write } => self.stamp(from, largest, write, out),
            Message::Stamp { stamp, write } => self.note(stamp, write, out),
        }
    }

    fn lane_status(&self) -> LaneStatus {
        if self.client { LaneStatus::CLIENT } else { LaneStatus::NODE }
    }

    fn inspect(&self, view: &mut Inspection) {
        let (brief, name) = if self.client { ("has seen", "Largest seen") } else { ("counter", "Counter") };
        view.summary = format!("{brief} {}", self.counter);
        view.fact(name, self.counter);
        view.maybe("Waits for", self.requests.current().map(|_| "a stamp"));
        self.requests.inspect_queue(view);
        view.list("Stamps", &self.stamps.0);
    }
}

impl Lamport {
    /// A node's event. IR1: its counter grows. IR2 (b): it goes beyond the counter that the message carries.
    fn stamp(&mut self, client: NodeId, told: u32, write: u16, out: &mut Out<'_, Lamport>) {
        // The flaw forgets the second of the event's two causes: what the client saw before it wrote.
        let told = if out.config().has(Flaw::ReceiverIgnoresMaximum) { 0 } else { told };
        self.counter = self.counter.max(told) + 1;
        let stamp = Stamp { counter: self.counter, node: out.me().0 + 1 };
        self.stamps.0.push(stamp);
        // On disk before it is shown: a node that comes back never gives a stamp again.
        out.persist(Stable { counter: self.counter });
        out.happened(Fact::Stamped { stamp });
        out.send(client, Message::Stamp { stamp, write });
    }

    /// A client takes a stamp. IR2 (b), whether or not it still waits for this one: the stamp has been seen.
    fn note(&mut self, stamp: Stamp, write: u16, out: &mut Out<'_, Lamport>) {
        self.counter = self.counter.max(stamp.counter);
        out.persist(Stable { counter: self.counter });
        let Some(id) = self.requests.finish(write) else {
            return out.ignore(phrase!("the client has the stamp of this write, or has forgotten the write"));
        };
        self.stamps.0.push(stamp);
        out.reply(id, Answer::Done);
        self.write_next(out);
    }

    /// A client's next write, once the last has its stamp. IR2 (a): a message carries its sender's counter.
    fn write_next(&mut self, out: &mut Out<'_, Lamport>) {
        // One at a time: what it hears of one write, it carries to the next.
        let Some((id, node)) = self.requests.begin() else { return };
        // The flaw says that it has seen nothing.
        let largest = if out.config().has(Flaw::ClientForgetsMaximum) { 0 } else { self.counter };
        out.send(node, Message::Write { largest, write: id.ordinal });
    }
}

/// Judges the stamps by what happened before what.
#[derive(Clone, Hash)]
pub struct Judge {
    past: CausalPast<Stamp>,
    /// All stamps, with the events that first gave them.
    given: SortedMap<Stamp, Witness>,
}

impl Observer<Lamport> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { past: CausalPast::new(usize::from(config.nodes + config.clients)), given: SortedMap::new() }
    }

    /// A node gives a stamp: larger than all in its past, and never given before?
    fn observe(&mut self, seen: &Seen<'_, Lamport>, findings: &mut Findings) {
        let Judge { past, given } = self;
        past.observe(
            seen,
            |Fact::Stamped { stamp }| Some(*stamp),
            |node, stamp, before| {
                if let Some((before, event)) = before
                    && before.counter >= stamp.counter
                {
                    let sentence = || format!("{stamp} happened after {before}, but its counter is not larger.");
                    let nodes = [node, NodeId(before.node - 1)];
                    findings.breaks(Promise::ClockCondition, || Breach::of(sentence(), nodes, [event]));
                }
                if let Some(first) = given.insert(stamp, Witness(seen.event)) {
                    findings.breaks(Promise::TotalOrder, || {
                        Breach::of(format!("{stamp} is given twice."), [node], [first])
                    });
                }
            },
        );
    }

    fn at_end(&self, _: View<'_, Lamport>, findings: &mut Findings) {
        for promise in [Promise::ClockCondition, Promise::TotalOrder] {
            findings.untested_if(self.given.is_empty(), promise, "nothing was stamped");
            findings.untested_if(self.given.iter().count() < 2, promise, "only one stamp was given");
        }
    }
}
