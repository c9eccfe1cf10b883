//! Total order from timestamps (L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*, CACM 1978, "Ordering
//! the Events Totally"): one queue, with which nodes broadcast in one order or take turns with a resource.
//!
//! **Problem.** All nodes are to do the same things in the same order. No node is special, and no clocks agree.
//!
//! **Idea.** Timestamps order everything: by counter, and of one counter by node ([Lamport timestamps](crate::order::lamport)). A node
//! keeps what it has heard of in a queue in that order. The first in the queue is the first of all once nothing with a smaller
//! timestamp can come any more. Links keep their order, and a node's timestamps only grow. So it is enough to have heard from every node
//! something with a larger timestamp, and for that every node acknowledges everything.
//!
//! **Invariant.** *If a node has heard a timestamp from another, it has heard all of that node's with smaller ones.* So, if it has
//! heard from every node a timestamp as large as that of the first in its queue, no smaller one is missing: it has all that comes
//! before it, in order, and so has everybody else who gets as far. Each step keeps it:
//!
//! - A node's next timestamp is larger than all that it has given or heard (`Process::tick`): the paper's IR1 and IR2.
//! - Messages of one link are taken in the order of sending (`Process::on_message`). The paper assumes that of links, and says that
//!   "message numbers" give it where links do not. Here messages have numbers: one that comes early is held back.
//! - A node delivers the first in its queue, when it has heard from everybody (`Process::unheard`).
//!
//! The order agrees with causality: who broadcasts an answer has heard the question, so the answer has the larger timestamp.
//!
//! **The price.** If one node stops, nobody hears from it any more, and everything stops for ever. Nothing wrong is delivered.
//!
//! **Taking turns** (the paper's algorithm, its rules 1 to 5). A request is acknowledged to its node only. A node has the resource when its
//! own request is the first in its queue and it has heard from everybody; others leave a request in their queues until its node
//! says that it has released the resource.
//!
//! **Flaws.** [`Flaw::FifoNotRestored`] breaks the invariant: an acknowledgement overtakes a message with a smaller timestamp.
//! [`Flaw::MajorityIsEnough`] does not ask all, and the one that was not asked has something smaller. [`Flaw::OwnFirst`] orders
//! what has one counter differently at every node.
//!
//! | message     | from, to        | carries, besides number and timestamp | in the paper                      |
//! |-------------|-----------------|----------------------------------------|-----------------------------------|
//! | Data        | node, all       | a message to be delivered              | rule 1, as a command of the state machine |
//! | Request     | node, all       | that it asks for the resource          | rule 1                            |
//! | Acknowledge | node, all; of a request: its node | what it has heard of | rule 2                            |
//! | Release     | node, all       | that it has released the resource      | rule 3                            |
//!
//! **Faults.** Links lose nothing, and may repeat and reorder: numbers tell. Nodes may stop, and stay away (crash-stop). Then all that
//! must hold always still holds; what comes by the end, only while all nodes are up.
//!
//! **Left out.** The paper's footnote: an acknowledgement is not needed if something later has been sent there. Physical clocks.

mod judge;
mod message;

use crate::order::lamport::Stamp;
use crate::parts::broadcast::{Item, name};
use crate::parts::majority;
pub use judge::Judge;
use judge::Promise;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::{Crashes, Links};
pub use message::{Fact, Message};

choices! {
    /// What the queue is for.
    Use {
        /// Nodes broadcast, and deliver in one order.
        Broadcast = "broadcast";
        /// Nodes take turns with a resource.
        MutualExclusion = "mutual-exclusion";
    }
}

knobs! {
    /// What the queue is for.
    purpose: Choice(Use::Broadcast) = "use", "Used for";
    /// Nodes.
    nodes: Count(1..=7, default 3) = "nodes", "Nodes";
    /// How long a node has the resource before it releases it, in microseconds.
    hold: Millis(default 20) = "hold", "Holds the resource for";
}

flaws! {
    FifoNotRestored = "fifo-not-restored",
        "A node takes messages as they arrive, even when an earlier one of the same sender is missing.", needs nodes 2;
    MajorityIsEnough = "majority-is-enough",
        "A node goes on when a majority has acknowledged, not all.", needs nodes 3;
    OwnFirst = "own-first", "Of two with the same counter, a node puts its own first.", needs nodes 2;
}

commands! {
    /// Broadcast a message.
    Broadcast = "broadcast", "Broadcast";
    /// Ask for the resource.
    Ask = "ask", "Ask for the resource";
}

timers! {
    /// Who has the resource: until it releases it.
    Release;
}

/// A node, the paper's process.
#[derive(Clone, Debug, Hash)]
pub struct Process {
    me: NodeId,
    purpose: Use,
    /// The largest counter that it has given or heard.
    clock: u32,
    /// What it has heard of and has not delivered; what asks for the resource and has not released it.
    queue: SortedMap<Stamp, Item>,
    /// The largest timestamp that it has heard from each node.
    heard: PerNode<Vec<Stamp>>,
    /// To each node, how many messages it has sent.
    sent: PerNode<Vec<u16>>,
    /// From each node, how many messages it has taken, in order.
    taken: PerNode<Vec<u16>>,
    /// What has come too early.
    early: SortedMap<(NodeId, u16), Message>,
    /// The request for which it has the resource, with its place in the queue.
    has: Option<(Stamp, Item)>,
    /// What it has delivered, in its order, to be shown.
    log: Unhashed<Vec<Item>>,
}

impl Protocol for Process {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 10,
        id: "lamport-tob",
        version: 1,
        title: "Total order by Lamport timestamps",
        summary: "All nodes deliver in the order of timestamps, once every node has acknowledged.",
        source: "Lamport 1978",
        epoch_word: "",
        // The paper's links keep their order. Numbers do that here, and know copies.
        assumes: Assumptions {
            links: Links { repeat: true, ..Links::RELIABLE },
            crashes: Crashes::Stop,
            ..Assumptions::CRASH_RECOVERY
        },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Process>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "two-in-a-queue",
            sentence: "Two messages wait in one queue",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| node.queue.len() > 1)),
        },
        Goal {
            id: "held-back",
            sentence: "A message that came early is held back",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| !node.early.is_empty())),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let accepts: &[Accepts] = match config.purpose {
            Use::Broadcast => const { &[Verb::Broadcast.accepted()] },
            Use::MutualExclusion => const { &[Verb::Ask.accepted()] },
        };
        Lane::nodes("N", config.nodes, accepts).collect()
    }

    // No `interchangeable`: timestamps with one counter are compared by node.
    // No `never_matters`: whatever is missing in the numbers of a link holds back what comes after it.

    fn boot((): (), out: &mut Out<'_, Process>) -> Process {
        let nodes = usize::from(out.nodes());
        Process {
            me: out.me(),
            purpose: out.config().purpose,
            clock: 0,
            queue: SortedMap::new(),
            heard: PerNode(vec![Stamp::default(); nodes]),
            sent: PerNode(vec![0; nodes]),
            taken: PerNode(vec![0; nodes]),
            early: SortedMap::new(),
            has: None,
            log: Unhashed(Vec::new()),
        }
    }

    /// Rule 1.
    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Process>) {
        let item = Item(id);
        match (Command::of(operation), self.purpose) {
            (Some(Command::Broadcast), Use::Broadcast) => {
                let stamp = self.tick();
                out.happened(Fact::Broadcast { item, stamp });
                self.enqueue(stamp, item, out);
                self.send_all(|number| Message::Data(number, stamp, item), out);
            }
            (Some(Command::Ask), Use::MutualExclusion) => {
                let stamp = self.tick();
                out.happened(Fact::Asked { item, stamp });
                self.enqueue(stamp, item, out);
                self.send_all(|number| Message::Request(number, stamp, item), out);
            }
            _ => return out.reply(id, Answer::Refused),
        }
        self.go_on(out);
    }

    /// The clock goes beyond every timestamp that arrives. The rest waits until the sender's earlier messages have come.
    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Process>) {
        let (number, stamp, _) = message.parts();
        self.clock = self.clock.max(stamp.counter);
        // The flaw does not look at numbers.
        if out.config().has(Flaw::FifoNotRestored) {
            return self.take(from, message, out);
        }
        if number <= self.taken[from.index()] || self.early.contains(&(from, number)) {
            return out.ignore(phrase!("message {} of {node} has come before", number, from));
        }
        self.early.insert((from, number), message.clone());
        while let Some(next) = self.early.remove(&(from, self.taken[from.index()] + 1)) {
            self.taken[from.index()] += 1;
            self.take(from, &next, out);
        }
    }

    /// Rule 3.
    fn on_timer(&mut self, Timer::Release: Timer, out: &mut Out<'_, Process>) {
        let Some((place, item)) = self.has.take() else { return };
        self.queue.remove(&place);
        out.happened(Fact::Released { item });
        let stamp = self.tick();
        self.send_all(|number| Message::Release(number, stamp, item), out);
        self.go_on(out);
    }

    fn lane_status(&self) -> LaneStatus {
        match self.has {
            Some(_) => LaneStatus { role: "has the resource", weight: Weight::Leads, epoch: 0 },
            None => LaneStatus::NODE,
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        if self.has.is_some() {
            now.push(Condition { what: ConditionKind::Locked, phrase: phrase!("has the resource") });
        }
        for ((from, number), _) in &self.early {
            let first = self.taken[from.index()] + 1;
            let phrase = phrase!("message {} of {node} waits for its message {}", number, from, first);
            now.push(Condition { what: ConditionKind::HeldBack, phrase });
        }
        for (stamp, Item(id)) in &self.queue {
            let phrase = phrase!("{node}.{} ({}, {})", id.node, id.ordinal, stamp.counter, stamp.node);
            now.push(Condition { what: ConditionKind::Queued, phrase });
        }
        if let Some(phrase) = self.waits_for() {
            now.push(Condition { what: ConditionKind::Waits, phrase });
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        view.summary = format!("clock {}, queue {}", self.clock, self.queue.len());
        view.fact("Clock", self.clock);
        if self.purpose == Use::Broadcast {
            view.list("Delivered", &self.log.0);
        }
        let queue = self.queue.iter().map(|(stamp, item)| {
            let unheard: Vec<String> = self.unheard(*stamp).iter().map(name).collect();
            let unheard = if unheard.is_empty() { "nobody".into() } else { unheard.join(", ") };
            Row::of(vec![item.to_string(), stamp.to_string(), unheard]).settled_if(false)
        });
        view.table("Queue", &["Message", "Timestamp", "Not heard from"], queue);
        let others = (0..self.heard.len() as u8).map(NodeId).filter(|node| *node != self.me);
        let heard = others.map(|node| {
            let last = Some(self.heard[node.index()]).filter(|stamp| stamp.counter > 0);
            Row::of(vec![name(node), last.map_or_else(|| "none".into(), |stamp| stamp.to_string())])
        });
        view.table("Heard", &["Node", "Largest timestamp"], heard);
        let early = self.early.iter().map(|((from, number), message)| {
            let first = self.taken[from.index()] + 1;
            Row::of(vec![format!("{} of {}", number, name(*from)), message.to_string(), format!("message {first}")])
        });
        view.table("Hold-back queue", &["Number", "Message", "Waits for"], early);
    }
}

impl Process {
    /// The next timestamp. IR1 and IR2: larger than all that it has given or heard.
    fn tick(&mut self) -> Stamp {
        self.clock += 1;
        Stamp { counter: self.clock, node: self.me.0 + 1 }
    }

    /// Sends to one node, with the next number of that link.
    fn send(&mut self, to: NodeId, message: impl Fn(u16) -> Message, out: &mut Out<'_, Process>) {
        self.sent[to.index()] += 1;
        out.send(to, message(self.sent[to.index()]));
    }

    fn send_all(&mut self, message: impl Fn(u16) -> Message, out: &mut Out<'_, Process>) {
        for to in NodeSet::first(out.nodes()).without(self.me).iter() {
            self.send(to, &message, out);
        }
    }

    /// Puts something in its place in the queue.
    fn enqueue(&mut self, stamp: Stamp, item: Item, out: &mut Out<'_, Process>) {
        self.queue.insert(self.place(stamp, item, out), item);
    }

    /// The place of something in the queue: its timestamp.
    fn place(&self, stamp: Stamp, item: Item, out: &Out<'_, Process>) -> Stamp {
        // The flaw puts the node's own before all others with that counter.
        let first = out.config().has(Flaw::OwnFirst) && item.0.node == self.me;
        Stamp { node: if first { 0 } else { stamp.node }, ..stamp }
    }

    /// Takes a message in its turn: rules 2 and 4.
    fn take(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Process>) {
        let (_, stamp, item) = message.parts();
        self.heard[from.index()] = self.heard[from.index()].max(stamp);
        out.evidence(self.belief());
        match *message {
            Message::Data(..) => {
                self.enqueue(stamp, item, out);
                let stamp = self.tick();
                self.send_all(|number| Message::Acknowledge(number, stamp, item), out);
            }
            Message::Request(..) => {
                self.enqueue(stamp, item, out);
                let stamp = self.tick();
                self.send(from, |number| Message::Acknowledge(number, stamp, item), out);
            }
            Message::Acknowledge(..) => {}
            Message::Release(..) => {
                let place = self.queue.iter().find(|(_, each)| *each == item).map(|(place, _)| *place);
                place.map(|place| self.queue.remove(&place));
            }
        }
        self.go_on(out);
    }

    /// Delivers what is the first of all. Rule 5: a node has the resource if its own request is.
    fn go_on(&mut self, out: &mut Out<'_, Process>) {
        while let Some(&(place, item)) = self.queue.iter().next() {
            let mine = item.0.node == self.me;
            let waits = !self.is_known(place, out) || self.purpose == Use::MutualExclusion && !mine;
            if waits || self.has.is_some() {
                return;
            }
            out.hold(self.belief());
            match self.purpose {
                Use::Broadcast => {
                    self.queue.remove(&place);
                    self.log.0.push(item);
                    out.happened(Fact::Delivered { item });
                }
                Use::MutualExclusion => {
                    self.has = Some((place, item));
                    out.happened(Fact::Granted { item });
                    out.arm(Timer::Release, (out.config().hold, out.config().hold));
                }
            }
            if mine {
                out.reply(item.0, Answer::Done);
            }
        }
    }

    /// Whether all that comes before this place is in the queue or is done: it has heard from all nodes.
    fn is_known(&self, place: Stamp, out: &Out<'_, Process>) -> bool {
        let unheard = self.unheard(place).len();
        // The flaw asks a majority only, itself included.
        let majority = out.config().has(Flaw::MajorityIsEnough);
        unheard == 0 || majority && u32::from(out.nodes()) - unheard >= majority::majority(out.nodes())
    }

    /// From whom it has heard nothing as large as this timestamp. Its own node's last is the one itself, so equal is enough.
    fn unheard(&self, place: Stamp) -> NodeSet {
        let others = (0..self.heard.len() as u8).map(NodeId).filter(|node| *node != self.me);
        others.filter(|node| self.heard[node.index()] < place).collect()
    }

    /// What the first in the queue waits for, with the names of nodes; nothing if this node has the resource for it.
    fn waits_for(&self) -> Option<Phrase> {
        let (place, Item(id)) = self.queue.iter().next().filter(|_| self.has.is_none())?;
        if self.purpose == Use::MutualExclusion && id.node != self.me {
            return Some(phrase!("waits for {node} to release", id.node));
        }
        let unheard = self.unheard(*place);
        let mut nodes = unheard.iter();
        Some(match (nodes.next()?, nodes.next(), unheard.len()) {
            (one, None, _) => phrase!("{node}.{} waits for {node}", id.node, id.ordinal, one),
            (one, Some(two), 2) => phrase!("{node}.{} waits for {node} and {node}", id.node, id.ordinal, one, two),
            (one, _, more) => phrase!("{node}.{} waits for {node} and {} more", id.node, id.ordinal, one, more - 1),
        })
    }

    fn belief(&self) -> &'static str {
        match self.purpose {
            Use::Broadcast => "delivery",
            Use::MutualExclusion => "grant",
        }
    }
}
