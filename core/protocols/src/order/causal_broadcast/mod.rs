//! Broadcast at five levels, up to causal broadcast (K. Birman, A. Schiper & P. Stephenson, *Lightweight Causal and Atomic Group
//! Multicast*, ACM TOCS 1991, section 5.1, "BSS"; what is promised: V. Hadzilacos & S. Toueg 1994, section 3, and Cachin, Guerraoui
//! & Rodrigues 2011, chapter 3, "CGR").
//!
//! **Problem.** A node sends one message to all. It may crash half-way, so that some get it and others do not. And messages
//! overtake each other: a third node may see the answer before the question.
//!
//! **Idea.** To *receive* a message is not yet to *deliver* it to whoever uses the broadcast. Between the two a node can do
//! something for the others, and it can wait. Each level does a little more than one before it:
//!
//! | level       | between receiving and delivering                             | promises, besides validity and integrity | algorithm in CGR |
//! |-------------|--------------------------------------------------------------|------------------------------------------|------------------|
//! | best effort | nothing                                                      | nothing                                  | 3.1              |
//! | reliable    | passes on what it receives for the first time                | agreement                                | 3.3              |
//! | uniform     | passes it on, and waits until a majority is known to have it | uniform agreement                        | 3.5              |
//! | FIFO        | passes it on, and waits for the sender's earlier messages    | agreement, FIFO order                    | 3.12             |
//! | causal      | passes it on, and waits for all that happened before         | agreement, causal order (so FIFO order)  | 3.15             |
//!
//! FIFO and causal broadcast are built on reliable broadcast here, as in CGR and in the report of Hadzilacos & Toueg: an order says
//! nothing about who delivers at all. They could be built on uniform broadcast as well; then they would need a majority.
//!
//! **Agreement.** *A node that delivers a message has sent it to every node that has not received it*
//! ([`passed_on`](crate::parts::broadcast::passed_on)). It delivers and passes on in one step (`Broadcaster::receive`), so only a
//! crash comes between, and agreement does not owe what a node delivered that has crashed. Uniform agreement does. So a node first
//! passes on, and delivers when a majority has done so: if more than half of the nodes stay up, one of that majority does, and
//! has sent the message to all. A link owes nothing to a sender that has crashed. (Here what has left arrives all the same;
//! nothing rests on that.)
//!
//! **Causal order.** Every node keeps a vector: of each node, how many of its messages it has delivered. The sender puts its vector
//! on the message, with itself counted one further (`Broadcaster::stamp`). So the message says what happened before it: `2 · 0 · 1`
//! from N1 is N1's second message, and N1 had delivered one of N3 and none of N2.
//!
//! **Invariant.** *A node's vector counts a message only if it counts all that happened before that message.* A node delivers a
//! message if it is the sender's next, and if of all other nodes it has delivered as many as the vector says (`Broadcaster::blocked_by`).
//! What happened before the message either is counted in the vector, or happened before something that is. The first the node has
//! delivered by that test, the second by the invariant. Two messages of which neither happened before the other may be delivered
//! in any order, and at two nodes in two orders.
//!
//! **Flaws.** [`Flaw::DeliversWithoutWaiting`] leaves out the test, or the majority. [`Flaw::VectorTakenAfterSend`] makes the vector too
//! small: it is the one from after the node's last send, so what the node has delivered since then is missing in it.
//! [`Flaw::NotPassedOn`] breaks agreement: if the sender crashes half-way, nobody sends the message to the rest.
//!
//! | message | from, to     | carries                                              | in BSS, CGR                        |
//! |---------|--------------|------------------------------------------------------|------------------------------------|
//! | Data    | sender, all  | the message, named by sender and number; its vector  | m with VT(m)                       |
//! | Relay   | each, others | the same                                             | relay of algorithms 3.3 and 3.5    |
//!
//! **Faults.** Links lose nothing, may repeat and reorder; delays have no bound. Nodes may stop, and stay away (crash-stop). Uniform
//! broadcast delivers only while more than half of the nodes are up.
//!
//! **Left out.** BSS multicast to groups that overlap and whose members change, and they learn of crashes from a membership service,
//! which delivers what a crashed sender left half done (virtual synchrony). Here the group is fixed, and eager relays stand in for that:
//! they cost messages in the square of the nodes. CGR's lazy relays need a failure detector. Nothing is forgotten: a real system
//! collects what all have delivered. CGR's waiting algorithm counts from the past of a message, BSS include it: the sender's number is
//! one larger here.

mod judge;
mod message;

use crate::parts::broadcast::{Item, name};
use crate::parts::majority;
pub use judge::Judge;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::{Crashes, Links};
use message::shown;
pub use message::{Fact, Message, Vector};

choices! {
    /// What a broadcast promises.
    Level {
        /// All that the sender sends arrives, and no more is done.
        BestEffort = "best-effort";
        /// What one node delivers that stays up, all deliver.
        Reliable = "reliable";
        /// What any node delivers, all deliver, also if that node crashes.
        Uniform = "uniform";
        /// Reliable, and one sender's messages in its order.
        Fifo = "fifo";
        /// Reliable, and causes before effects.
        Causal = "causal";
    }
}

knobs! {
    /// What the broadcast promises.
    level: Choice(Level::Causal) = "level", "Guarantee";
    /// Nodes, which broadcast and deliver.
    nodes: Count(1..=7, default 3) = "nodes", "Nodes";
}

flaws! {
    DeliversWithoutWaiting = "delivers-without-waiting",
        "A node delivers each message when it arrives, without waiting for what must come first.", needs level 2;
    VectorTakenAfterSend = "vector-taken-after-send",
        "A node sends the vector that it had after its last broadcast: the vector lacks what the node has delivered since.",
        needs level 4;
    NotPassedOn = "not-passed-on", "A node does not pass on what it receives.", needs level 1;
}

commands! {
    /// Broadcast a message.
    Broadcast = "broadcast", "Broadcast";
}

/// A message that has arrived and is not delivered.
#[derive(Clone, Debug, Hash)]
struct Held {
    item: Item,
    vector: Vector,
    /// Who has it, as far as this node knows: those from whom it came, and itself.
    known_at: NodeSet,
}

/// What a message that is held back waits for.
enum Blocked {
    /// These must be delivered first: the next of each node of which some are missing.
    Behind(Vec<Item>),
    /// A majority must have it: so many more nodes, of these.
    Unknown(u32, NodeSet),
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub struct Broadcaster {
    me: NodeId,
    level: Level,
    /// Of each node, how many of its messages it has delivered: BSS's VT(p).
    delivered: Vector,
    /// All that it has received, itself included as a sender: copies change nothing.
    received: SortedMap<Item>,
    /// The hold-back queue, in the order of arrival. What is delivered does not depend on that, but what is delivered first
    /// at one moment does.
    held: Bag<Held>,
    /// The flaw: the vector after its last send.
    taken: Vector,
    /// What it has delivered, in its order, to be shown.
    log: Unhashed<Vec<Item>>,
}

impl Protocol for Broadcaster {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 9,
        id: "causal-broadcast",
        version: 1,
        title: "Causal broadcast",
        summary: "A message reaches all nodes or none, and no node sees an answer before the question.",
        source: "Birman, Schiper & Stephenson 1991",
        epoch_word: "",
        // The books' links repeat nothing. A node knows a message again by its name, so copies do no harm.
        assumes: Assumptions {
            links: Links { repeat: true, ..Links::RELIABLE },
            crashes: Crashes::Stop,
            ..Assumptions::CRASH_RECOVERY
        },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: judge::PROMISES,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Broadcaster>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "held-back",
            sentence: "A message is held back",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| !node.held.0.is_empty())),
        },
        Goal {
            id: "two-held-back",
            sentence: "A node holds back two messages",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| node.held.0.len() > 1)),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        Lane::nodes("N", config.nodes, const { &[Verb::Broadcast.accepted()] }).collect()
    }

    /// All nodes do the same, and none is preferred: what becomes deliverable at one moment is delivered in the order of arrival.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        if config.nodes > 1 { vec![NodeSet::first(config.nodes)] } else { Vec::new() }
    }

    // No `never_matters`: a node that comes back has forgotten what it delivered, and would deliver a late copy.

    fn boot((): (), out: &mut Out<'_, Broadcaster>) -> Broadcaster {
        let none = PerNode(vec![0; out.nodes().into()]);
        Broadcaster {
            me: out.me(),
            level: out.config().level,
            delivered: none.clone(),
            received: SortedMap::new(),
            held: Bag(Vec::new()),
            taken: if out.config().has(Flaw::VectorTakenAfterSend) { none } else { Vector::default() },
            log: Unhashed(Vec::new()),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Broadcaster>) {
        let Some(Command::Broadcast) = Command::of(operation) else { return };
        let item = Item(id);
        out.happened(Fact::Broadcast { item });
        let vector = self.stamp(out);
        self.receive(out.me(), &Message::Data(item, vector), out);
        if out.config().has(Flaw::VectorTakenAfterSend) {
            self.taken = self.delivered.clone();
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Broadcaster>) {
        let (item, _) = message.content();
        if !self.received.contains(&item) {
            out.happened(Fact::Received { item });
            return self.receive(from, message, out);
        }
        match self.held.0.iter_mut().find(|held| held.item == item) {
            None => out.ignore(phrase!("{node}.{} is delivered", item.0.node, item.0.ordinal)),
            // With uniform broadcast that is an acknowledgement.
            Some(held) if self.level == Level::Uniform => {
                held.known_at.insert(from);
                self.deliver(out);
            }
            Some(_) => out.ignore(phrase!("{node}.{} is held back", item.0.node, item.0.ordinal)),
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        for held in &self.held.0 {
            let (node, number) = (held.item.0.node, held.item.0.ordinal);
            let Some(blocked) = self.blocked_by(held) else { continue };
            let phrase = match blocked {
                Blocked::Behind(missing) => match missing[..] {
                    [Item(one)] => phrase!("{node}.{} waits for {node}.{}", node, number, one.node, one.ordinal),
                    [Item(one), ..] => {
                        phrase!("{node}.{} waits for {node}.{} and others", node, number, one.node, one.ordinal)
                    }
                    [] => continue,
                },
                Blocked::Unknown(more, others) => {
                    let (mut some, two) = (others.iter(), more == 1 && others.len() == 2);
                    match (some.next(), some.next()) {
                        (Some(one), Some(other)) if two => {
                            phrase!("{node}.{} waits for {node} or {node}", node, number, one, other)
                        }
                        _ if more == 1 => phrase!("{node}.{} waits for one more node", node, number),
                        _ => phrase!("{node}.{} waits for {} more nodes", node, number, more),
                    }
                }
            };
            now.push(Condition { what: ConditionKind::HeldBack, phrase });
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        view.summary = match self.held.0.len() {
            0 => format!("delivered {}", self.log.0.len()),
            held => format!("delivered {}, held back {held}", self.log.0.len()),
        };
        view.list("Delivered", &self.log.0);
        if matches!(self.level, Level::Fifo | Level::Causal) {
            view.fact("Vector", shown(&self.delivered));
        }
        let rows = self.held.0.iter().map(|held| {
            let why = self.blocked_by(held).map_or_else(String::new, |blocked| blocked.to_string());
            let vector = (self.level == Level::Causal).then(|| shown(&held.vector));
            Row::of([Some(held.item.to_string()), vector, Some(why)].into_iter().flatten().collect()).settled_if(false)
        });
        match self.level {
            Level::Causal => view.table("Hold-back queue", &["Message", "Vector", "Waits for"], rows),
            _ => view.table("Hold-back queue", &["Message", "Waits for"], rows),
        }
    }
}

impl Broadcaster {
    /// The vector of the node's next message. BSS: "VT(m) = VT(p)", with p itself counted one further.
    fn stamp(&self, out: &Out<'_, Broadcaster>) -> Vector {
        if self.level != Level::Causal {
            return Vector::default();
        }
        // The flaw takes the vector that it kept from its last send.
        let late = out.config().has(Flaw::VectorTakenAfterSend);
        let mut vector = if late { self.taken.clone() } else { self.delivered.clone() };
        vector[self.me.index()] = self.delivered[self.me.index()] + 1;
        vector
    }

    /// A message comes for the first time, from another node or from this node itself. It is passed on and delivered, or held
    /// back; with uniform broadcast first the one and then the other, since whoever delivers must have passed it on.
    fn receive(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Broadcaster>) {
        let (item, vector) = message.content();
        let first_passes_on = self.level == Level::Uniform && !out.config().has(Flaw::DeliversWithoutWaiting);
        let mut known_at = NodeSet::only(from);
        if first_passes_on {
            self.pass_on(from, message, out);
            known_at.insert(self.me);
        }
        self.received.add(item);
        self.held.0.push(Held { item, vector: vector.clone(), known_at });
        self.deliver(out);
        if !first_passes_on {
            self.pass_on(from, message, out);
        }
    }

    /// The sender sends to all. The others pass on: to those who may not have it; with uniform broadcast to all, since it is an
    /// acknowledgement.
    fn pass_on(&self, from: NodeId, message: &Message, out: &mut Out<'_, Broadcaster>) {
        let (item, vector) = message.content();
        let everyone = NodeSet::first(out.nodes());
        if from == self.me {
            return out.broadcast(everyone, message.clone());
        }
        if self.level == Level::BestEffort || out.config().has(Flaw::NotPassedOn) {
            return;
        }
        let to = if self.level == Level::Uniform { everyone } else { everyone.without(from).without(item.0.node) };
        out.broadcast(to, Message::Relay(item, vector.clone()));
    }

    /// Delivers what nothing blocks, until all that is held back is blocked: one delivery may free another.
    fn deliver(&mut self, out: &mut Out<'_, Broadcaster>) {
        let all = out.config().has(Flaw::DeliversWithoutWaiting);
        while let Some(place) = self.held.0.iter().position(|held| all || self.blocked_by(held).is_none()) {
            let Held { item, .. } = self.held.0.remove(place);
            self.delivered[item.0.node.index()] += 1;
            self.log.0.push(item);
            out.happened(Fact::Delivered { item });
            if item.0.node == self.me {
                out.reply(item.0, Answer::Done);
            }
        }
    }

    /// What a message waits for. A message that has been sent knows its place among its sender's, and a causal one also how many
    /// of each other node's come before it.
    fn blocked_by(&self, held: &Held) -> Option<Blocked> {
        let next = |node: NodeId| RequestId { node, ordinal: self.delivered[node.index()] + 1 };
        let nodes = self.delivered.len() as u8;
        match self.level {
            Level::BestEffort | Level::Reliable => None,
            Level::Uniform => {
                let more = majority::majority(nodes).saturating_sub(held.known_at.len());
                let others = NodeSet(NodeSet::first(nodes).0 & !held.known_at.0);
                (more > 0).then_some(Blocked::Unknown(more, others))
            }
            Level::Fifo => {
                let next = next(held.item.0.node);
                (next.ordinal < held.item.0.ordinal).then(|| Blocked::Behind(vec![Item(next)]))
            }
            Level::Causal => {
                // Of the sender it may be the next; of the others nothing may be missing.
                let sender = held.item.0.node;
                let is_early = |node: &NodeId| {
                    held.vector[node.index()] > self.delivered[node.index()] + u16::from(*node == sender)
                };
                let missing: Vec<Item> = (0..nodes).map(NodeId).filter(is_early).map(|node| Item(next(node))).collect();
                (!missing.is_empty()).then_some(Blocked::Behind(missing))
            }
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Blocked::Behind(missing) => {
                let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
                f.write_str(&names.join(", "))
            }
            Blocked::Unknown(more, others) => {
                let names: Vec<String> = others.iter().map(name).collect();
                write!(f, "{more} of {}", names.join(", "))
            }
        }
    }
}
