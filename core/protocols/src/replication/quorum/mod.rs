//! A register without a leader: quorums that meet (D. K. Gifford, *Weighted Voting for Replicated Data*, SOSP 1979),
//! sloppy ones that need not (G. DeCandia and others, *Dynamo: Amazon's Highly Available Key-value Store*, SOSP 2007), and
//! the register of H. Attiya, A. Bar-Noy and D. Dolev (*Sharing Memory Robustly in Message-Passing Systems*, JACM 1995) for
//! several writers (N. Lynch and A. Shvartsman, *Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged
//! Broadcasts*, FTCS 1997).
//!
//! **Problem.** A few nodes keep copies of a value. Some stop, messages are late or lost, and still clients read and write.
//!
//! **Idea.** Every value has a stamp. A writer asks R of the N replicas for the largest, goes beyond it, and waits until W
//! have stored its value; a reader asks R and takes the newest. If R + W > N, the two have met somewhere. That alone is not
//! enough: while a write is under way, one reader may see it and the next may not. With ABD a reader therefore stores what
//! it has read, at W replicas, before it says so.
//!
//! **Roles.** Nodes stand on a ring; the N from a key's place on are its replicas, those after them stand in. Clients
//! coordinate their own operations (Dynamo §4.5, §6.4). Nodes among themselves only repair.
//!
//! | message             | from, to           | carries                                         | source |
//! |---------------------|--------------------|-------------------------------------------------|--------|
//! | Query, Found        | client, replica    | a key; the version that is there                | Gifford; ABD; Lynch & Shvartsman |
//! | Store, Stored       | client, replica    | a version; that a version as new is there       | the same |
//! | WriteBack, Stored   | client, replica    | the version that a read is about to return      | ABD    |
//! | Repair              | client, replica    | a version newer than what the replica answered  | Dynamo §5 |
//! | HandOff, HandedOff  | stand-in, replica  | what was left there while the replica was away  | Dynamo §4.6 |
//! | Compare, Newer      | node, node         | stamps of what the sender has; what it lacks    | Dynamo §4.7; Demers and others 1987 (pull) |
//!
//! **Faults.** Nodes keep versions on disk, and so do clients their largest counter, which none of the papers needs because
//! there nobody comes back: a client that forgot it might give a stamp twice.
//!
//! **Where.** [`replica`] stores, hands off and compares; [`client`] asks and counts; [`observer`] judges.
//!
//! **Left out.** Dynamo's vector clocks: of two concurrent writes the one with the larger stamp stays. Its trees of hashes:
//! nodes compare stamps key by key. The i-th replica of a key has one stand-in, the i-th node after its replicas. Votes of
//! different weight, members that come and go.

pub mod client;
mod message;
pub mod observer;
pub mod replica;

pub use message::{Phase, Say, Stamp, Version};

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use client::Client;
use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{
    Accepts, Assumptions, Condition, Flaw, FlawSet, Inspection, Lane, LaneStatus, NoFact, Out, Parameter, Property,
    Protocol, Settings, Specification, Timer, Unit, View, Weight, When,
};
use observer::Watch;
use replica::{Kept, Replica};

/// The knobs.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Config {
    /// N: replicas of a key.
    homes: u8,
    /// R: replicas that a query waits for.
    read: u8,
    /// W: replicas that a store waits for.
    write: u8,
    /// Readers store what they have read before they say so.
    abd: bool,
    /// Readers send the newest version to replicas that have an older one.
    repair: bool,
    /// Nodes beyond the replicas of a key.
    stand_ins: u8,
    /// Stand-ins count for R and W.
    sloppy: bool,
    /// From one attempt to hand off to the next, in microseconds.
    hand_off: u64,
    /// From one comparison to the next, in microseconds; 0 for never.
    anti_entropy: u64,
    clients: u8,
    /// How long a client waits for a quorum, in microseconds.
    retry: u64,
    flaws: FlawSet,
}

impl Config {
    /// How many nodes keep values.
    fn nodes(&self) -> u8 {
        self.homes + self.stand_ins
    }

    /// The node so many places after the key's on the ring (Dynamo §4.2).
    fn place(&self, key: Key, steps: u8) -> NodeId {
        NodeId((key.0 % self.nodes() + steps) % self.nodes())
    }

    /// The replicas of a key: the first N of its preference list (Dynamo §4.3).
    fn homes_of(&self, key: Key) -> NodeSet {
        (0..self.homes).map(|steps| self.place(key, steps)).collect()
    }

    /// Who takes what is meant for this replica of the key while it is away (Dynamo §4.6).
    fn stand_in(&self, key: Key, home: NodeId) -> Option<NodeId> {
        let steps = (0..self.homes.min(self.stand_ins)).find(|&steps| self.place(key, steps) == home)?;
        Some(self.place(key, self.homes + steps))
    }

    /// Whether stand-ins count for R and W. If not, they only keep hints.
    fn counts_stand_ins(&self) -> bool {
        self.sloppy || self.flaws.has(flaw::SLOPPY_COUNTED_AS_STRICT)
    }

    /// How many answers a phase waits for.
    fn needed(&self, phase: Phase) -> u32 {
        u32::from(if phase == Phase::Query { self.read } else { self.write })
    }

    /// A lane's name.
    fn name(&self, node: NodeId) -> String {
        match node.0.checked_sub(self.nodes()) {
            None => format!("N{}", node.0 + 1),
            Some(client) => format!("c{}", client + 1),
        }
    }

    fn names(&self, nodes: NodeSet) -> String {
        let names: Vec<String> = nodes.iter().map(|node| self.name(node)).collect();
        names.join(" and ")
    }
}

/// Flaws, by place in the specification.
mod flaw {
    pub const WRITE_BACK_SKIPPED: u8 = 0;
    pub const NO_TIE_BREAK: u8 = 1;
    pub const SLOPPY_COUNTED_AS_STRICT: u8 = 2;
    pub const ACKNOWLEDGES_BEFORE_PERSISTING: u8 = 3;
    pub const WRITE_SKIPS_QUERY: u8 = 4;
    pub const HINT_DROPPED_EARLY: u8 = 5;
    pub const REPAIR_OVERWRITES_NEWER: u8 = 6;
}

/// Beliefs that a reader may ask why about.
mod belief {
    use lightcone_engine::protocol::Belief;

    /// A client: its last quorum.
    pub const QUORUM: Belief = "quorum";
    /// A node: what it keeps.
    pub const STORE: Belief = "store";
}

/// A node or a client.
#[derive(Clone, Debug, Hash)]
pub enum Quorum {
    /// Keeps values.
    Replica(Replica),
    /// Asks.
    Client(Client),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A stand-in: to try again to hand over what it keeps for others (Dynamo §4.6).
    HandOff,
    /// A node: to compare what it has with another (Dynamo §4.7).
    AntiEntropy,
    /// A client: for a quorum.
    Retry,
}

impl Timer for Wait {
    const ALL: &'static [(Wait, &'static str)] =
        &[(Wait::HandOff, "Handoff"), (Wait::AntiEntropy, "Compare"), (Wait::Retry, "Retry")];
}

const fn count(id: &'static str, name: &'static str, (least, most): (u32, u32), default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Count, least, most, default }
}

const fn millis(id: &'static str, name: &'static str, least: u32, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Millis, least, most: 60_000, default }
}

const fn switch(id: &'static str, name: &'static str, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Switch, least: 0, most: 1, default }
}

impl Protocol for Quorum {
    type Config = Config;
    type Message = Say;
    type Timer = Wait;
    type Durable = Kept;
    type Fact = NoFact;
    type Observer = Watch;

    const SPECIFICATION: Specification = Specification {
        number: 5,
        id: "quorum",
        version: 1,
        title: "Quorum register",
        summary: "Clients read and write values at enough replicas to meet, without a leader.",
        source: "Attiya, Bar-Noy & Dolev 1995; DeCandia et al. 2007",
        epoch_word: "",
        // ABD: asynchronous, fewer than half of the nodes stop. Dynamo's come back (§4.6), with what they had stored; messages are
        // asked for again until they are answered, so links may lose them.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[
            count("replicas", "Replicas of a key, N", (1, 7), 3),
            count("read-quorum", "A read waits for, R", (1, 7), 2),
            count("write-quorum", "A write waits for, W", (1, 7), 2),
            switch("abd", "Reads write back (ABD)", 0),
            switch("read-repair", "Read repair", 1),
            count("stand-ins", "Stand-ins", (0, 4), 0),
            switch("sloppy", "Stand-ins count for R and W", 0),
            millis("hand-off", "Hand-off is tried every", 1, 60),
            millis("anti-entropy", "Nodes compare every (0: never)", 0, 0),
            count("clients", "Clients", (0, 4), 2),
            millis("client-retry", "A client asks again after", 1, 60),
        ],
        flaws: &[
            Flaw {
                id: "write-back-skipped",
                sentence: "An ABD reader answers without storing what it has read.",
                needs: &[],
            },
            Flaw { id: "no-tie-break", sentence: "Stamps are counters alone: they do not say who wrote.", needs: &[] },
            Flaw {
                id: "sloppy-counted-as-strict",
                sentence: "Answers of stand-ins are counted although quorums are to be strict.",
                needs: &[],
            },
            Flaw {
                id: "acknowledges-before-persisting",
                sentence: "A replica acknowledges a version before it has saved it.",
                needs: &[],
            },
            Flaw {
                id: "write-skips-query",
                sentence: "A writer does not ask for the largest stamp: it counts on from its own last write.",
                needs: &[],
            },
            Flaw {
                id: "hint-dropped-early",
                sentence: "A stand-in forgets a hint as soon as it has sent it.",
                needs: &[],
            },
            Flaw { id: "repair-overwrites-newer", sentence: "A read repair replaces a newer version too.", needs: &[] },
        ],
        properties: PROPERTIES,
        commands: &[],
    };

    fn configure(settings: &Settings) -> Config {
        let homes = settings.number(0) as u8;
        Config {
            homes,
            read: homes.min(settings.number(1) as u8),
            write: homes.min(settings.number(2) as u8),
            abd: settings.on(3),
            repair: settings.on(4),
            stand_ins: settings.number(5) as u8,
            sloppy: settings.on(6),
            hand_off: settings.micros(7),
            anti_entropy: settings.micros(8),
            clients: settings.number(9) as u8,
            retry: settings.micros(10),
            flaws: settings.flaws,
        }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let all = (0..config.nodes() + config.clients).map(NodeId);
        let lane = |node: NodeId| {
            let client = node.0 >= config.nodes();
            let accepts: &[Accepts] = if client { &[Accepts::Read, Accepts::Write] } else { &[] };
            Lane { name: config.name(node), client, accepts }
        };
        all.map(lane).collect()
    }

    /// Without stand-ins every node is a replica of every key, and only counted. With them the ring tells one from the
    /// other, and so does the turn in which nodes compare what they have. Clients break ties by their numbers.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let alike = config.stand_ins == 0 && config.anti_entropy == 0 && config.homes > 1;
        if alike { Vec::from([NodeSet::first(config.homes)]) } else { Vec::new() }
    }

    fn never_matters(message: &Say, from: NodeId, to: NodeId, nodes: View<'_, Self>, config: &Config) -> bool {
        message.never_matters(from, to, nodes, config)
    }

    fn boot(kept: Kept, out: &mut Out<'_, Quorum>) -> Quorum {
        if out.me().0 < out.config().nodes() {
            return Quorum::Replica(Replica::boot(kept, out));
        }
        Quorum::Client(Client::boot(kept.counter))
    }

    fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Quorum>) {
        match self {
            Quorum::Replica(replica) => replica.on_message(from, message, out),
            Quorum::Client(client) => client.on_message(from, message, out),
        }
    }

    fn on_timer(&mut self, timer: Wait, out: &mut Out<'_, Quorum>) {
        match (self, timer) {
            (Quorum::Replica(replica), Wait::HandOff) => replica.on_hand_off_due(out),
            (Quorum::Replica(replica), Wait::AntiEntropy) => replica.on_anti_entropy_due(out),
            (Quorum::Client(client), Wait::Retry) => client.ask(true, out),
            (Quorum::Replica(_), Wait::Retry) | (Quorum::Client(_), _) => {}
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Quorum>) {
        if let Quorum::Client(client) = self {
            client.on_request(id, operation, out);
        }
    }

    fn lane_status(&self) -> LaneStatus {
        match self {
            Quorum::Client(_) => LaneStatus { role: "", weight: Weight::Client, epoch: 0 },
            Quorum::Replica(replica) if replica.kept.has_hints() => {
                LaneStatus { role: "stands in", weight: Weight::Stands, epoch: 0 }
            }
            Quorum::Replica(_) => LaneStatus { role: "", weight: Weight::Follows, epoch: 0 },
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        match self {
            Quorum::Replica(replica) => replica.conditions(now),
            Quorum::Client(client) => client.conditions(now),
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        match self {
            Quorum::Replica(replica) => replica.kept.describe(view),
            Quorum::Client(client) => client.inspect(view),
        }
    }
}

const fn property(id: &'static str, name: &'static str, sentence: &'static str, source: &'static str) -> Property {
    Property { id, name, when: When::Always, sentence, source }
}

const PROPERTIES: &[Property] = &[
    property(
        "quorums-meet",
        "Quorums meet",
        "If R + W > N, some node counts for a read and for each write of the key before it. Stand-ins that count break this.",
        "Gifford 1979; Dynamo §4.5 and §4.6",
    ),
    property(
        "linearizable",
        "Linearizable clients",
        "Every operation takes effect at one moment between its call and its answer. Only ABD with R + W > N promises this.",
        "Attiya, Bar-Noy & Dolev 1995; Herlihy & Wing 1990",
    ),
    property(
        "stored-is-kept",
        "What is stored is kept",
        "W nodes have each version that a quorum has stored, or a newer one, on their disks.",
        "Dynamo §4.5 and §4.6",
    ),
    Property {
        id: "converged",
        name: "Replicas converge",
        when: When::ByTheEnd,
        sentence: "All replicas of a key have the same version, and nothing waits at a stand-in.",
        source: "Dynamo §4.7",
    },
    Property {
        id: "every-request-answered",
        name: "Every request is answered",
        when: When::ByTheEnd,
        sentence: "No client waits for an answer.",
        source: "Attiya, Bar-Noy & Dolev 1995",
    },
];

impl Quorum {
    /// The client, if it is one.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        match self {
            Quorum::Client(client) => Some(client),
            Quorum::Replica(_) => None,
        }
    }
}
