//! A register without a leader: quorums that meet (D. K. Gifford, *Weighted Voting for Replicated Data*, SOSP
//! 1979), sloppy ones that need not (G. DeCandia and others, *Dynamo: Amazon's Highly Available Key-value
//! Store*, SOSP 2007), and the register of H. Attiya, A. Bar-Noy and D. Dolev (*Sharing Memory Robustly in
//! Message-Passing Systems*, JACM 1995, "ABD") for several writers (N. Lynch and A. Shvartsman, *Robust
//! Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts*, FTCS 1997).
//!
//! **Problem.** A few nodes keep copies of a value. Some stop, messages are late or lost, and still clients
//! read and write. What a client sees should be what one copy on one node would have shown.
//!
//! **Idea.** Every value has a stamp: a counter, then its writer. An operation has one or two phases. In its
//! *query phase* a client asks all N replicas of the key and takes the newest of the first R answers. In its
//! *store phase* it sends a version to all N and waits until W have it. A write queries, goes beyond the stamp
//! that it has found, and stores. A read queries and returns what it has found. If R + W > N, a query meets
//! every store that was over before it began, in some replica.
//!
//! That alone is not enough. While a write is under way, one reader may see it and the next may not:
//!
//! ```text
//!                                          N1     N2     N3
//! c1 writes x = 1, which is over           x = 1  x = 1  x = 1
//! c1 writes x = 2, which reaches N1        x = 2  x = 1  x = 1
//! c2 reads, asks N1 and N2, finds x = 2
//! c2 reads, asks N2 and N3, finds x = 1    an old value after a new one
//! ```
//!
//! With ABD a reader therefore stores what it has found (it *writes back*) before it returns it. In the picture
//! the first read leaves x = 2 at N2 or N3 as well, and the second read meets it.
//!
//! | knobs                     | what it is         | what holds                                              |
//! |---------------------------|--------------------|---------------------------------------------------------|
//! | R + W > N                 | Gifford's voting   | quorums meet; what is stored is kept                    |
//! | R + W > N, `abd`          | ABD, several writers | these, and clients are linearizable                   |
//! | `sloppy`, or R + W ≤ N    | Dynamo             | what is stored is kept; readers may miss it for a while |
//! | `anti-entropy`            | Dynamo             | once all are up and heard, replicas become the same     |
//!
//! **Invariant.** *What a store phase has brought to W nodes, W nodes have for ever after, or something newer.*
//! Each step keeps it:
//!
//! - A replica takes a version only if it is newer than its own (`Quorum::merge`), whoever sends it: a store, a
//!   read repair, a stand-in or another replica. What it has only becomes newer.
//! - It saves the version before it says so. A crash takes nothing away that a client has counted.
//! - A stand-in forgets a hint only when the replica has said that it has that version or a newer one: for the
//!   copy that goes, another has come.
//!
//! Now let R + W > N and count replicas only. If operation A is over before B begins, the query of B meets the
//! store of A, so the stamp of B's version is at least that of A's. If B is a write, it is larger: B goes
//! beyond what it finds. A read under ABD stores before it is over, so this is true of reads as well as of
//! writes. And no two writes have one stamp: writers differ in their numbers, and one writer never uses a
//! counter twice, not even after a crash. So order all operations by stamp, each write before the reads that
//! return it, and reads of one stamp as they happened. One copy could have answered them in this order, and
//! whatever was over before something else began stands before it: the register is **linearizable**. (A read
//! that finds nothing need not write back: every replica has at least nothing.)
//!
//! **Flaws.** Each breaks one step of that argument.
//!
//! - [`Flaw::WriteBackSkipped`]: a read is over, and W nodes need not have what it returned. The next read may
//!   find less.
//! - [`Flaw::NoTieBreak`]: two writes may have one stamp, and stamps order them no more. Of the two, each
//!   replica keeps the one that came first, for neither is newer than the other.
//! - [`Flaw::SloppyCountedAsStrict`]: a store phase counts nodes that are no replicas. No query has to meet
//!   those.
//! - [`Flaw::AcknowledgesBeforePersisting`]: a replica that stops between its answer and its disk has been
//!   counted among the W, and does not have the version.
//! - [`Flaw::WriteSkipsQuery`]: a stamp may be smaller than that of a write that is over. The replicas keep the
//!   newer version, acknowledge the older, and nobody ever reads it.
//! - [`Flaw::HintDroppedEarly`]: the stand-in's copy is gone before the replica has its own.
//! - [`Flaw::RepairOverwritesNewer`]: a replica goes back to an older version.
//!
//! **Roles.** Nodes stand on a ring; the N from a key's place on are its replicas. Those after them stand in
//! for replicas that do not answer, and keep *hints*: versions that are meant for another (Dynamo's sloppy
//! quorum and hinted handoff). With the knob `sloppy` hints count for R and W, and quorums need not meet;
//! without it they do not count. Clients coordinate their own operations (Dynamo §4.5, §6.4). Nodes among
//! themselves only repair.
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
//! **Faults.** Messages are lost, doubled and late; nodes crash and come back with their disks. Nodes keep
//! versions on disk, and so do clients their largest counter, which none of the papers needs because there
//! nobody comes back: a client that forgot it might give a stamp twice. A node that loses its disk takes copies
//! away that were counted, and a client that loses its disk may give a stamp twice: then nothing is promised.
//! An operation goes on as long as R and W replicas answer; with fewer it waits, and is safe.
//!
//! **Where.** [`client`] asks and counts; [`replica`] stores, hands off and compares; [`judge`] judges.
//!
//! **Left out.** Dynamo's vector clocks: of two concurrent writes the one with the larger stamp stays. Its
//! trees of hashes: nodes compare stamps key by key. The i-th replica of a key has one stand-in, the i-th node
//! after its replicas. Votes of different weight, members that come and go.

pub mod client;
pub mod judge;
mod message;
pub mod replica;

pub use message::{Call, Message, Stamp, Version};

use crate::parts::requests::Requests;
use client::Round;
use judge::Judge;
use lightcone_engine::prelude::*;
use replica::Stable;

knobs! {
    /// N: how many nodes are replicas of a key.
    replicas: Count(1..=7, default 3) = "replicas", "Replicas of a key, N";
    /// R: how many replicas a query phase waits for; no more than N.
    read_quorum: Count(1..=7, default 2) = "read-quorum", "Read quorum, R";
    /// W: how many replicas a store phase waits for; no more than N.
    write_quorum: Count(1..=7, default 2) = "write-quorum", "Write quorum, W";
    /// Readers store what they have found before they return it.
    abd: Switch(off) = "abd", "Reads write back (ABD)";
    /// Readers send the newest version to replicas that have an older one.
    read_repair: Switch(on) = "read-repair", "Read repair";
    /// Nodes besides the N, which can stand in for replicas.
    stand_ins: Count(0..=4, default 0) = "stand-ins", "Stand-ins";
    /// Whether answers of stand-ins count for R and W.
    sloppy: Switch(off) = "sloppy", "Stand-ins count for R and W";
    /// From one attempt of a stand-in to hand off its hints to the next.
    hand_off_micros: Millis(default 60) = "hand-off", "Hand-off is tried every";
    /// From one comparison of a node with another to the next, at most; 0 for never.
    anti_entropy_micros: Millis(0..=60_000, default 0) = "anti-entropy", "Nodes compare every (0: never)";
    /// Clients, which read and write.
    clients: Count(0..=4, default 2) = "clients", "Clients";
    /// How long a client waits for a quorum before it asks again.
    retry_micros: Millis(default 60) = "client-retry", "A client asks again after";
}

flaws! {
    WriteBackSkipped = "write-back-skipped", "An ABD reader answers without writing back the value that it read.", needs abd 1;
    NoTieBreak = "no-tie-break", "Timestamps have no writer: two writers can use the same one.", needs clients 2;
    SloppyCountedAsStrict = "sloppy-counted-as-strict",
        "Answers of stand-ins are counted although quorums are to be strict.", needs stand_ins 1;
    AcknowledgesBeforePersisting = "acknowledges-before-persisting",
        "A replica acknowledges a version before it has saved that version.";
    WriteSkipsQuery = "write-skips-query",
        "A writer skips its query phase and increments the timestamp of its own last write.", needs clients 2;
    HintDroppedEarly = "hint-dropped-early", "A stand-in forgets a hint as soon as it has sent it.",
        needs stand_ins 1, needs sloppy 1;
    RepairOverwritesNewer = "repair-overwrites-newer", "A read repair replaces a newer version too.", needs read_repair 1;
}

promises! {
    QuorumsMeet: Always = "quorums-meet", "Quorums meet",
        "If R + W > N, each read quorum shares a node with every earlier write quorum of the key. A sloppy quorum, which counts stand-ins, breaks this.",
        "Gifford 1979; Dynamo (DeCandia et al. 2007), §4.5 and §4.6";
    Linearizable: Always = "linearizable", "Linearizable clients",
        "Every operation takes effect at one moment between its call and its answer. Only ABD with R + W > N promises this.",
        "Attiya, Bar-Noy & Dolev 1995; Herlihy & Wing 1990";
    StoredIsKept: Always = "stored-is-kept", "What is stored is kept",
        "W nodes have each version that a quorum has stored, or a newer one, on their disks.",
        "Dynamo §4.5 and §4.6";
    Converged: ByTheEnd = "converged", "Replicas converge",
        "All replicas of a key have the same version, and nothing waits at a stand-in.", "Dynamo §4.7";
    EveryRequestAnswered: ByTheEnd = "every-request-answered", "Every request is answered",
        "Every client has its answers.", "Attiya, Bar-Noy & Dolev 1995";
}

timers! {
    /// A stand-in: to try again to hand over what it keeps for others (Dynamo §4.6).
    Handoff;
    /// A node: to compare what it has with another (Dynamo §4.7).
    Compare;
    /// A client: for a quorum.
    Retry;
}

facts! {
    /// What happens.
    Fact {
        /// A node has saved a version.
        Saved {
            /// Its key.
            key: Key,
            /// The version, newer than what was there.
            version: Version,
            /// The replica for which it is a hint; none if the node is a replica of the key.
            hint: Option<NodeId>,
        } => match hint {
            None => (Mark::Applied, version.phrase(*key)),
            Some(replica) => (Mark::Received, phrase!("keeps {key} for {node}", key, replica)),
        };
        /// A stand-in hears that a replica has what was kept for it, and forgets it.
        HandedOver {
            /// The replica.
            replica: NodeId,
            /// The key.
            key: Key,
        } = Turning, "{node} has {key}", replica, key;
        /// A client's operation is over.
        Completed {
            /// Its key.
            key: Key,
            /// The version that it has written or returns.
            version: Version,
        } => (Mark::Committed, version.phrase(*key));
    }
}

/// A belief: a client's last quorum. What speaks for it are the answers that were counted.
const QUORUM: &str = "quorum";
/// A belief: the versions that a node has. What speaks for it is the message that brought the newest.
const STORE: &str = "store";

/// A phase of an operation: a round trip to a quorum. A write has both, a read the second only with ABD (Lynch
/// & Shvartsman call them query and propagation).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What is the newest version?
    Query,
    /// Keep this version.
    Store,
}

impl Config {
    /// How many nodes keep values.
    fn nodes(&self) -> u8 {
        self.replicas + self.stand_ins
    }

    /// The node so many places after the key's on the ring (Dynamo §4.2). Keys are numbered, and stand where
    /// their number says: a hash would hide which node has what.
    fn place(&self, key: Key, steps: u8) -> NodeId {
        NodeId((key.0 % self.nodes() + steps) % self.nodes())
    }

    /// The replicas of a key: the first N of its preference list (Dynamo §4.3).
    fn replicas_of(&self, key: Key) -> NodeSet {
        (0..self.replicas).map(|steps| self.place(key, steps)).collect()
    }

    /// Who takes what is meant for this replica of the key while it is away (Dynamo §4.6). None if there are
    /// fewer stand-ins than replicas and this one has none. No node stands in for two replicas of a key, so
    /// each answer is for one of N.
    fn stand_in(&self, key: Key, replica: NodeId) -> Option<NodeId> {
        let steps = (0..self.replicas.min(self.stand_ins)).find(|&steps| self.place(key, steps) == replica)?;
        Some(self.place(key, self.replicas + steps))
    }

    /// Whether stand-ins count for R and W. If not, they only keep hints.
    fn counts_stand_ins(&self) -> bool {
        self.sloppy || self.has(Flaw::SloppyCountedAsStrict)
    }

    /// How many answers a phase waits for: R or W.
    fn needed(&self, phase: Phase) -> u32 {
        u32::from(if phase == Phase::Query { self.read_quorum } else { self.write_quorum })
    }
}

/// "N1 and N2".
fn names(nodes: NodeSet) -> String {
    nodes.iter().map(|node| format!("N{}", node.0 + 1)).collect::<Vec<_>>().join(" and ")
}

/// A node, which keeps values, or a client, which reads and writes. What only the one needs stays empty with
/// the other.
#[derive(Clone, Debug)]
pub struct Quorum {
    /// Whether it is a client.
    client: bool,
    /// What a crash leaves: a node's versions, a client's counter.
    stable: Stable,
    /// A node: how often it has compared. The others take turns.
    turn: u8,
    /// A client: what it was asked to do.
    requests: Requests,
    /// A client: the phase under way.
    current: Option<Round>,
    /// A client: the last phase that had its quorum.
    last: Option<Round>,
}

impl Hash for Quorum {
    /// Of the last quorum, only what it found counts: late answers are compared with it.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let last = self.last.as_ref().map(|last| (last.id, last.phase, last.key, last.write, last.version));
        (self.client, &self.stable, self.turn, &self.requests, &self.current, last).hash(state);
    }
}

impl Protocol for Quorum {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 5,
        id: "quorum",
        version: 1,
        title: "Quorum register",
        summary: "Clients read and write at a quorum of replicas, without a leader.",
        source: "Attiya, Bar-Noy & Dolev 1995; DeCandia et al. 2007",
        epoch_word: "",
        // ABD: asynchronous, fewer than half of the nodes stop. Dynamo's come back (§4.6), with what they had stored; messages are
        // asked for again until they are answered, so links may lose them.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: &[],
    };

    const GOALS: &'static [Goal<Quorum>] = &[Goal {
        id: "completed",
        sentence: "A read or write has its quorum",
        reached: Reached::Happens(|fact| matches!(fact, Fact::Completed { .. })),
    }];

    fn configure(settings: &Settings) -> Config {
        let config = Config::read(settings);
        let most = |quorum: u8| quorum.min(config.replicas);
        Config { read_quorum: most(config.read_quorum), write_quorum: most(config.write_quorum), ..config }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let nodes = Lane::nodes("N", config.nodes(), &[]);
        nodes.chain(Lane::clients(config.clients, &[Accepts::Read, Accepts::Write])).collect()
    }

    /// Without stand-ins every node is a replica of every key, and only counted. With them the ring tells one
    /// from the other, and so does the turn in which nodes compare what they have. Clients break ties by their
    /// numbers.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let alike = config.stand_ins == 0 && config.anti_entropy_micros == 0 && config.replicas > 1;
        if alike { vec![NodeSet::first(config.replicas)] } else { Vec::new() }
    }

    /// A message matters no more if its receiver has a version as new as it brings, or does not wait for it.
    /// Hints come and go, so what is left with or said to stand-ins may always matter; and with the flaw that a
    /// repair overwrites, no version stays for good.
    fn never_matters(message: &Message, from: NodeId, to: NodeId, nodes: View<'_, Quorum>, config: &Config) -> bool {
        let only_newer = !config.has(Flaw::RepairOverwritesNewer);
        let has = |node, key, stamp| only_newer && nodes.durable(node).version(key).stamp >= stamp;
        // Numbers of operations are not used again: what its client does not do now, it never will.
        let client = nodes.state(to);
        let of = |call: Call| move |round: &&Round| round.id.ordinal == call.sequence;
        let current = |call| client?.current.as_ref().filter(of(call));
        match *message {
            // Whatever it is answered with: versions of a replica only become newer.
            Message::Query(call, key) => {
                let for_good = only_newer && call.instead_of.is_none();
                let version = if for_good { nodes.durable(to).version(key) } else { Version::default() };
                Quorum::never_matters(&Message::Found(call, key, version), to, from, nodes, config)
            }
            Message::Found(call, key, version) => {
                let may_repair = config.read_repair && config.replicas_of(key).contains(from);
                let repairs = |round: &&Round| may_repair && round.write.is_none();
                if let Some(round) = current(call).filter(|round| round.phase == Phase::Query) {
                    return !round.counts(from, call, config) && !repairs(&round);
                }
                // Late: it matters if it is older than what the read found, and the replica still has nothing
                // as new.
                let read = current(call).or_else(|| client?.last.as_ref().filter(of(call))).filter(repairs);
                let newest = read.map(|round| round.version.stamp);
                newest.is_none_or(|newest| version.stamp >= newest || has(from, key, newest))
            }
            // It stores nothing, and nobody counts the answer.
            Message::Store(call, key, version) | Message::WriteBack(call, key, version) => {
                let stores_nothing = call.instead_of.is_none() && has(to, key, version.stamp);
                stores_nothing && Quorum::never_matters(&Message::Stored(call), to, from, nodes, config)
            }
            Message::Stored(call) => {
                current(call).is_none_or(|round| round.phase == Phase::Store && !round.counts(from, call, config))
            }
            Message::Repair(key, version) => has(to, key, version.stamp),
            Message::Newer(ref versions) => versions.iter().all(|(key, version)| has(to, *key, version.stamp)),
            Message::HandOff(..) | Message::HandedOff(..) | Message::Compare(_) => false,
        }
    }

    fn boot(stable: Stable, out: &mut Out<'_, Quorum>) -> Quorum {
        let client = out.me().0 >= out.config().nodes();
        let quorum = Quorum { client, stable, turn: 0, requests: Requests::default(), current: None, last: None };
        quorum.arm_hand_off(out);
        quorum.arm_compare(out);
        quorum
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Quorum>) {
        match *message {
            Message::Query(call, key) => {
                out.send(from, Message::Found(call, key, self.stable.version(key)));
            }
            Message::Found(call, _, version) => self.on_found(from, call, version, out),
            Message::Store(call, key, version) | Message::WriteBack(call, key, version) => {
                self.on_store(from, call, key, version, out);
            }
            Message::Stored(call) => self.on_stored(from, call, out),
            // The flaw: whatever is there goes.
            Message::Repair(key, version) if out.config().has(Flaw::RepairOverwritesNewer) => {
                self.save(key, version, None, out);
            }
            Message::Repair(key, version) => self.merge(key, version, None, out),
            Message::HandOff(key, version) => {
                self.merge(key, version, None, out);
                out.send(from, Message::HandedOff(key, version.stamp));
            }
            Message::HandedOff(key, stamp) => self.on_handed_off(from, key, stamp, out),
            Message::Compare(ref have) => self.on_compare(from, have, out),
            Message::Newer(ref versions) => {
                versions.iter().for_each(|&(key, version)| self.merge(key, version, None, out));
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out<'_, Quorum>) {
        match timer {
            Timer::Handoff => self.hand_off(out),
            Timer::Compare => self.compare(out),
            Timer::Retry => self.ask(true, out),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Quorum>) {
        self.requests.push(id, operation);
        self.begin(out);
    }

    fn lane_status(&self) -> LaneStatus {
        match (self.client, self.has_hints()) {
            (true, _) => LaneStatus::CLIENT,
            (_, true) => LaneStatus { role: "stands in", weight: Weight::Stands, epoch: 0 },
            _ => LaneStatus::NODE,
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let hints = self.stable.hints().map(|(key, _, replica)| phrase!("{key} waits for {node}", key, replica));
        let phases = self.current.iter().map(|Round { phase, key, .. }| match phase {
            Phase::Query => phrase!("asks for {key}", key),
            Phase::Store => phrase!("stores {key}", key),
        });
        now.extend(hints.chain(phases).map(|phrase| Condition { what: ConditionKind::Waits, phrase }));
    }

    fn inspect(&self, view: &mut Inspection) {
        self.stable.inspect(view);
        if self.client {
            self.inspect_client(view);
        }
    }
}
