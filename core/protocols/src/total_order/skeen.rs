//! Total order multicast by agreed priorities: Skeen's algorithm, known as ABCAST of ISIS (K. Birman & T. Joseph, *Reliable Communication
//! in the Presence of Failures*, ACM TOCS 1987, who credit D. Skeen; told as in G. Coulouris, J. Dollimore, T. Kindberg & G. Blair,
//! *Distributed Systems*, 5th edition, section 15.4.3; what is promised: [`multicast`]; that only the sender and the group have work,
//! genuineness: R. Guerraoui & A. Schiper 2001).
//!
//! **Problem.** A message goes to some of the nodes, and other messages to other nodes: groups overlap. What nodes deliver must fit
//! into one order, and no node that a message does not concern should have any work with it. So there is no sequencer.
//!
//! **Idea.** Every node to which a message goes proposes a priority for it, larger than all that it has seen, and puts the message
//! into its queue. The sender takes the largest proposal: that is the message's final priority, at all nodes the same. A node
//! that hears it moves the message to its new place. It delivers what stands first in its queue, if that is final. A priority is a
//! number and the node that proposed it, "3.2" for number 3 of N2: two nodes that propose 3 propose different priorities.
//!
//! **Invariant.** *Every node delivers in the order of final priorities, of which no two are alike.* Why each step keeps it:
//!
//! - A node proposes no priority twice, since its number grows (`Skeen::propose`), and its name is a part of it. A final priority is
//!   somebody's proposal for that message, so no other message has it.
//! - A final priority is at least as large as every proposal (`Skeen::collect`): in a queue a message moves back, never forward.
//! - A node delivers a message if it is final and first (`Skeen::deliver`). What stands behind it has a larger priority now, and
//!   so a larger final one.
//! - What comes later is larger, too: whoever hears a final priority proposes larger ones from then on (`Skeen::settle`), so a message
//!   that the node does not know yet ends behind all that it has delivered.
//!
//! All nodes follow one order, that of the priorities, so there is no cycle across groups either: *acyclic order*, not only *pairwise*.
//!
//! **When all is delivered.** While no node stops. The sender waits for the proposals of all; a queue waits for the final priority of
//! its first message. A sender that stops in between leaves it in every queue for ever, before all that come after it. ISIS lets
//! a receiver take over: it asks the others what they know, and ends the protocol in the sender's place. That needs agreement on
//! who has failed (ISIS: the view), and is left out.
//!
//! **Flaws.** [`Flaw::ProposedUsed`]: nodes keep to their own proposals, which differ from node to node. [`Flaw::OpenNotWaitedFor`]:
//! what is final overtakes what may still become smaller than it. [`Flaw::ClockNotRaised`]: a message that comes later may end up
//! before one that was delivered. [`Flaw::TiesLeftOpen`]: of two messages with one number each node takes that first which it
//! happens to have first in its queue.
//!
//! | message   | from, to         | carries                               | in Coulouris et al.                    |
//! |-----------|------------------|---------------------------------------|----------------------------------------|
//! | Multicast | sender, group    | the message and where else it goes    | message, with its unique identifier    |
//! | Proposed  | receiver, sender | the receiver's priority for it        | proposed sequence number               |
//! | Final     | sender, group    | the largest                           | agreed sequence number                 |
//!
//! **Faults.** Messages may come late, in any order, and twice; links lose nothing. A node that stops, and stays away, delays others for
//! ever, but breaks no order.
//!
//! **Left out.** Taking over from a sender that stops, and views; what ISIS does to send fewer messages.

use crate::parts::broadcast::Item;
use crate::parts::multicast::{self, Group};
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::{Crashes, Links};

knobs! {
    /// Nodes, which multicast and deliver.
    nodes: Count(2..=6, default 3) = "nodes", "Nodes";
}

flaws! {
    ProposedUsed = "proposed-used", "A node delivers by its own proposal instead of the final priority.";
    OpenNotWaitedFor = "open-not-waited-for", "A node delivers a final message although one with a smaller proposal is still open.";
    ClockNotRaised = "clock-not-raised", "A node that hears a final priority goes on to propose smaller ones.";
    TiesLeftOpen = "ties-left-open", "Of two equal numbers the smaller node does not come first: nodes compare numbers only.";
}

commands! {
    /// To every node.
    ToAll = "to-all", "Multicast to all";
    /// To every node but one. Such groups overlap.
    ToAllBut(Node) = "to-all-but", "Multicast to all but";
}

messages! {
    /// What travels.
    Message {
        /// Propose a priority for this message.
        Multicast {
            /// Which message.
            item: Item,
            /// All to whom it goes.
            to: Group,
        } = Value, "Multicast", "{item} to {to}";
        /// This is my proposal.
        Proposed {
            /// For which message.
            item: Item,
            /// Its priority, as far as this node knows.
            priority: Priority,
        } = Permission reply, "Proposed priority", "{item} proposed {priority}";
        /// This is its priority.
        Final {
            /// Which message's.
            item: Item,
            /// The largest of the proposals.
            priority: Priority,
        } = Decision, "Final priority", "{item} final {priority}";
    }
}

facts! {
    /// What happens.
    Fact {
        /// A node is asked to multicast a message.
        Multicast {
            /// Which.
            item: Item,
            /// To whom.
            to: Group,
        } = Received, "multicasts {node}.{}", item.0.node, item.0.ordinal;
        /// A sender has all proposals.
        Agreed {
            /// For which message.
            item: Item,
            /// The largest.
            priority: Priority,
        } = Committed, "{node}.{} final {}.{}", item.0.node, item.0.ordinal, priority.number, priority.node;
        /// A node hears a final priority.
        Settled {
            /// Which message's.
            item: Item,
            /// Whether the message moves back in its queue.
            moved: bool,
        };
        /// A node delivers a message.
        Delivered {
            /// Which.
            item: Item,
            /// By this priority.
            priority: Priority,
        } = Delivered, "{}.{}: {node}.{}", priority.number, priority.node, item.0.node, item.0.ordinal;
    }
}

/// A priority: "3.2". The order of the fields is the order of priorities. The smaller is delivered first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority {
    /// Larger than all numbers that its proposer had seen.
    pub number: u32,
    /// The proposer, counted from 1 as people do. It breaks ties.
    pub node: u8,
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.number, self.node)
    }
}

/// A message in a node's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Entry {
    item: Item,
    /// The node's own proposal, until the final priority is known.
    priority: Priority,
    /// Whether it is final.
    settled: bool,
}

/// What a sender collects for one of its messages.
#[derive(Clone, Debug, Hash)]
struct Collection {
    to: NodeSet,
    proposals: SortedMap<NodeId, Priority>,
}

/// A node.
#[derive(Clone, Debug, Default, Hash)]
pub struct Skeen {
    /// The largest number that it has proposed, or heard in a final priority.
    clock: u32,
    /// What it has received and not delivered, the smallest priority first.
    queue: Vec<Entry>,
    /// Its own messages without a final priority.
    collecting: SortedMap<Item, Collection>,
    /// What it has delivered.
    delivered: SortedMap<Item>,
    /// The same in its order, to be shown.
    log: Unhashed<Vec<(Item, Priority)>>,
}

impl Protocol for Skeen {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 11,
        id: "skeen",
        version: 1,
        title: "Agreed priorities (Skeen)",
        summary: "Receivers propose priorities, the sender takes the largest, and all deliver by it, in groups that overlap.",
        source: "Birman & Joseph 1987",
        epoch_word: "",
        assumes: Assumptions {
            links: Links { repeat: true, ..Links::RELIABLE },
            crashes: Crashes::Stop,
            ..Assumptions::CRASH_RECOVERY
        },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: multicast::Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Skeen>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "reordered",
            sentence: "A final priority reorders a queue",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Settled { moved: true, .. })),
        },
        Goal {
            id: "final-waits",
            sentence: "A message has its final priority and waits for one with a smaller proposal",
            reached: Reached::Is(|nodes| {
                nodes.up().any(|(_, node)| node.queue.iter().any(|entry| node.blocks(entry).is_some()))
            }),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        Lane::nodes("N", config.nodes, const { &[Verb::ToAll.accepted(), Verb::ToAllBut.accepted()] }).collect()
    }

    // No `interchangeable`: of two equal numbers the smaller node's comes first.

    /// A proposal matters while its sender collects and has none of this node: a sender that restarts collects nothing. All else
    /// may always matter, since nodes forget in a crash what they have delivered.
    fn never_matters(message: &Message, from: NodeId, to: NodeId, nodes: View<'_, Skeen>, _: &Config) -> bool {
        let Message::Proposed { item, .. } = message else { return false };
        let collection = nodes.state(to).and_then(|sender| sender.collecting.get(item));
        collection.is_none_or(|it| it.proposals.contains(&from))
    }

    fn boot((): (), _: &mut Out<'_, Skeen>) -> Skeen {
        Skeen::default()
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Skeen>) {
        let all = NodeSet::first(out.nodes());
        let to = match Command::of(operation) {
            Some(Command::ToAll) => all,
            // The command may name a lane that there is not: then the message goes to all.
            Some(Command::ToAllBut(node)) => all.without(node),
            None => return,
        };
        let item = Item(id);
        out.happened(Fact::Multicast { item, to: Group(to) });
        self.collecting.insert(item, Collection { to, proposals: SortedMap::new() });
        out.broadcast(to, Message::Multicast { item, to: Group(to) });
        if to.contains(out.me()) {
            let priority = self.propose(item, out);
            self.collect(item, out.me(), priority, out);
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Skeen>) {
        match *message {
            Message::Multicast { item, .. } if self.knows(item) => {
                out.ignore(phrase!("{node}.{} has arrived before", item.0.node, item.0.ordinal));
            }
            Message::Multicast { item, .. } => {
                let priority = self.propose(item, out);
                out.send(from, Message::Proposed { item, priority });
            }
            Message::Proposed { item, priority } => self.collect(item, from, priority, out),
            Message::Final { item, priority } => self.settle(item, priority, out),
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        for entry in &self.queue {
            let Item(id) = entry.item;
            let Priority { number, node } = entry.priority;
            let phrase = match entry.settled {
                true => phrase!("{node}.{} final {}.{}", id.node, id.ordinal, number, node),
                false => phrase!("{node}.{} proposed {}.{}", id.node, id.ordinal, number, node),
            };
            now.push(Condition { what: ConditionKind::Queued, phrase });
        }
        for entry in &self.queue {
            if let (Item(id), Some(Item(open))) = (entry.item, self.blocks(entry)) {
                let phrase = phrase!("{node}.{} waits for {node}.{}", id.node, id.ordinal, open.node, open.ordinal);
                now.push(Condition { what: ConditionKind::HeldBack, phrase });
            }
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        view.summary = format!("clock {}, delivered {}", self.clock, self.delivered.len());
        view.fact("Clock", self.clock);
        let row = |entry: &Entry| {
            let word = if entry.settled { "final" } else { "proposed" };
            let waits_for = match self.blocks(entry) {
                Some(open) => format!("{open}, which may stay before it"),
                None if entry.settled => "its turn".into(),
                None => format!("the final priority, from N{}", entry.item.0.node.0 + 1),
            };
            Row::of(vec![entry.item.to_string(), format!("{word} {}", entry.priority), waits_for])
                .settled_if(entry.settled)
        };
        view.table("Queue", &["Message", "Priority (count.node)", "Waits for"], self.queue.iter().map(row));
        let row = |(item, collection): &(Item, Collection)| {
            let proposals = collection.proposals.iter().map(|(_, priority)| priority.to_string());
            Row::of(vec![
                item.to_string(),
                proposals.collect::<Vec<_>>().join(", "),
                Group(collection.missing()).to_string(),
            ])
            .settled_if(false)
        };
        view.table("Collects proposals", &["Message", "Proposals", "Waits for"], self.collecting.iter().map(row));
        let row = |(item, priority): &(Item, Priority)| Row::of(vec![item.to_string(), priority.to_string()]);
        view.table("Delivered", &["Message", "Priority (count.node)"], self.log.0.iter().map(row));
    }
}

impl Collection {
    /// Who has not proposed yet.
    fn missing(&self) -> NodeSet {
        self.proposals.iter().fold(self.to, |missing, (node, _)| missing.without(*node))
    }
}

impl Skeen {
    /// A receiver: a priority larger than all that it has seen, and a place in the queue.
    fn propose(&mut self, item: Item, out: &Out<'_, Skeen>) -> Priority {
        self.clock += 1;
        let priority = Priority { number: self.clock, node: out.me().0 + 1 };
        self.enqueue(Entry { item, priority, settled: false }, out);
        priority
    }

    /// The sender: the largest proposal is final once all to whom the message goes have proposed.
    fn collect(&mut self, item: Item, from: NodeId, priority: Priority, out: &mut Out<'_, Skeen>) {
        let Some(mut collection) = self.collecting.remove(&item) else {
            return out.ignore(phrase!("{node}.{} has its final priority", item.0.node, item.0.ordinal));
        };
        // A node proposes once; one that comes back after a crash may propose again, which nobody looks at.
        collection.proposals.or_insert(from, priority);
        out.evidence("priority");
        if !collection.missing().is_empty() {
            self.collecting.insert(item, collection);
            return;
        }
        let Collection { to, proposals } = collection;
        let priority = proposals.iter().fold(priority, |largest, (_, other)| largest.max(*other));
        out.hold("priority");
        out.happened(Fact::Agreed { item, priority });
        out.broadcast(to, Message::Final { item, priority });
        out.reply(item.0, Answer::Done);
        if to.contains(out.me()) {
            self.settle(item, priority, out);
        }
    }

    /// A receiver hears the final priority: the message moves to its place.
    fn settle(&mut self, item: Item, priority: Priority, out: &mut Out<'_, Skeen>) {
        let open = |entry: &Entry| entry.item == item && !entry.settled;
        let Some(place) = self.queue.iter().position(open) else {
            return out.ignore(phrase!("the priority of {node}.{} is known", item.0.node, item.0.ordinal));
        };
        // From now on it proposes larger ones. The flaw does not.
        if !out.config().has(Flaw::ClockNotRaised) {
            self.clock = self.clock.max(priority.number);
        }
        let proposed = self.queue.remove(place).priority;
        // The flaw orders by what it has proposed itself.
        let priority = if out.config().has(Flaw::ProposedUsed) { proposed } else { priority };
        let moved = self.enqueue(Entry { item, priority, settled: true }, out) != place;
        out.happened(Fact::Settled { item, moved });
        self.deliver(out);
    }

    /// Puts an entry before the first with a larger priority, and says where that is.
    fn enqueue(&mut self, entry: Entry, out: &Out<'_, Skeen>) -> usize {
        // The flaw compares numbers only: what is in the queue stays before what comes.
        let numbers_only = out.config().has(Flaw::TiesLeftOpen);
        let larger = |other: &Entry| match numbers_only {
            true => other.priority.number > entry.priority.number,
            false => other.priority > entry.priority,
        };
        let place = self.queue.iter().position(larger).unwrap_or(self.queue.len());
        self.queue.insert(place, entry);
        place
    }

    /// Delivers the first of the queue while it is final.
    fn deliver(&mut self, out: &mut Out<'_, Skeen>) {
        // The flaw takes the first that is final, whatever stands before it.
        let anywhere = out.config().has(Flaw::OpenNotWaitedFor);
        let next =
            |queue: &[Entry]| queue.iter().position(|entry| entry.settled).filter(|place| *place == 0 || anywhere);
        while let Some(place) = next(&self.queue) {
            let Entry { item, priority, .. } = self.queue.remove(place);
            self.delivered.add(item);
            self.log.0.push((item, priority));
            out.happened(Fact::Delivered { item, priority });
        }
    }

    /// Whether a message is in its queue or has been delivered.
    fn knows(&self, item: Item) -> bool {
        self.delivered.contains(&item) || self.queue.iter().any(|entry| entry.item == item)
    }

    /// The open message that keeps a final one from being delivered.
    fn blocks(&self, entry: &Entry) -> Option<Item> {
        let before = self.queue.iter().take_while(|other| other.item != entry.item);
        before.filter(|_| entry.settled).find(|other| !other.settled).map(|other| other.item)
    }
}

/// Judges the multicasts by what nodes say that they send and deliver.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    multicasts: multicast::Judge,
    nodes: u8,
}

impl Observer<Skeen> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { multicasts: multicast::Judge::new(config.nodes), nodes: config.nodes }
    }

    fn observe(&mut self, seen: &Seen<'_, Skeen>, findings: &mut Findings) {
        for (fact, node) in seen.facts().zip(seen.node.iter().cycle()) {
            match *fact {
                Fact::Multicast { item, to } => self.multicasts.multicasts(item, to.0),
                Fact::Delivered { item, .. } => self.multicasts.delivers::<Skeen>(*node, item, seen.event, findings),
                Fact::Agreed { .. } | Fact::Settled { .. } => {}
            }
        }
    }

    fn at_end(&self, nodes: View<'_, Skeen>, findings: &mut Findings) {
        self.multicasts.at_end::<Skeen>(nodes.up().count() == usize::from(self.nodes), findings);
    }
}
