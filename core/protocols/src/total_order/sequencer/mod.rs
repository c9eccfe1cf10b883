//! Total order broadcast through a sequencer (J.-M. Chang & N. F. Maxemchuk, *Reliable Broadcast Protocols*, ACM TOCS 1984; what is
//! promised: V. Hadzilacos & S. Toueg 1994, sections 3.1 and 3.4, and Cachin, Guerraoui & Rodrigues 2011, chapter 6).
//!
//! **Problem.** Any node may broadcast. All nodes must deliver the same messages in the same order, although links lose, double
//! and delay, and nodes stop.
//!
//! **Idea.** One node, the sequencer, numbers all messages: 1, 2, 3. Everybody delivers in the order of the numbers. A node that
//! has 5 and not 4 holds 5 back, waits for 4, and asks for it. A number is *stable* once a majority has stored it and all below
//! it. Only what is stable is delivered, so that what one node has delivered outlives that node.
//!
//! If the sequencer stops, delivery stops. No node decides by itself who is next: who is silent may be slow. An operator promotes
//! a node (*Make it the sequencer*), and a new **epoch** begins. Epochs are numbers, and each has one owner: with three nodes
//! N2 owns 2, 5, 8. The owner asks the others to follow it, and they say what they have stored. Once a majority follows,
//! it takes for each number the message of the latest epoch, and numbers it as it was, up to the first gap. Then it goes on.
//!
//! **Invariant.** *What is stable under a number stands under that number at every later sequencer.* So no two nodes ever
//! deliver different messages as number 4. Why each step keeps it:
//!
//! - Within an epoch only the owner numbers, and gives each number once (`Sequencer::number`). A node says "I have stored up
//!   to 4" if nothing is missing in between (`Sequencer::last`), so it speaks for 1, 2 and 3 too.
//! - A node that follows into an epoch refuses what is of earlier ones (`Sequencer::on_message`): they are fenced. It
//!   stores nothing for the old sequencer *after* it has told the new one what it has.
//! - Hand-over (`hear`). Say 4 became stable in epoch 1: a majority stored it. The owner of epoch 2 hears from a majority, and
//!   two majorities share a node. It stored 4 before it followed, or it would have refused it; so it reports 4. The
//!   owner of epoch 3 hears of 4 from epoch 1 or from epoch 2: the same message. And so on for every later epoch.
//! - The new sequencer stops at the first gap, and at a message that has a number already (`lead`). Nothing stable is lost: below what
//!   is stable there is no gap, and no sequencer gives a message two numbers.
//! - A node delivers in the order of the numbers, up to what is stable, each once (`Sequencer::deliver`).
//!
//! **When all is delivered.** With `retransmission`, while the node that was promoted last runs, and a majority does: then all
//! that running nodes broadcast is delivered by all of them. Whatever is not confirmed is sent again (`Sequencer::watch`).
//!
//! **Flaws.** [`Flaw::GapsNotWaitedFor`] breaks the first step: a node stores 5 as its 4, says that it has stored up to 4, and delivers
//! 5 as the fourth. [`Flaw::EpochIgnored`] breaks the second: a node that follows the new sequencer still stores for the old one.
//! Both sequencers find a majority, each for another message under one number.
//!
//! | message  | from, to            | carries                                  | in Chang & Maxemchuk                  |
//! |----------|---------------------|------------------------------------------|---------------------------------------|
//! | Submit   | node, sequencer     | a message to be broadcast                | the source's message                  |
//! | Numbered | sequencer, all      | the message and its number               | acknowledgement with a timestamp      |
//! | Stored   | node, sequencer     | up to where it has stored                | implied when the token is accepted    |
//! | Stable   | sequencer, all      | up to where a majority has stored        | commitment after so many transfers    |
//! | Missing  | node, sequencer     | the number that it misses                | negative acknowledgement              |
//! | Lead     | promoted node, all  | only the epoch: follow me into it        | reformation: invitation               |
//! | Follow   | node, promoted node | what it has delivered, what it has stored | reformation: answer                  |
//!
//! Every message carries an epoch. A later one than its own is entered at once by whoever hears of it; who says something of an
//! earlier one is told what is stable now, and so hears of the new epoch.
//!
//! **Faults.** Links may lose, repeat and reorder; delays have no bound. Nodes may stop, and stay away (crash-stop); more than half must
//! run. A node that comes back has forgotten what it stored: two majorities need share nothing then, and nothing is promised.
//!
//! **Left out.** The token: in the paper the site that numbers changes with nearly every message, which shares the load and saves
//! acknowledgements. Here it stays, and each message is acknowledged by name. There any site that suspects a failure
//! starts a reformation; here only the operator. Logs are never cut: a real system forgets what all have delivered.

mod fact;
mod hand_over;
mod message;

use crate::parts::broadcast::{self, Item};
pub use fact::Fact;
use hand_over::owner;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Crashes;
pub use message::{Log, Message};

knobs! {
    /// Nodes, which broadcast and deliver. The first is the first sequencer.
    nodes: Count(2..=7, default 3) = "nodes", "Nodes";
    /// Whether a node asks for what it misses, and sends again what is not confirmed.
    retransmission: Switch(on) = "retransmission", "Retransmission";
}

flaws! {
    GapsNotWaitedFor = "gaps-not-waited-for", "A node delivers messages as they arrive, even when an earlier number is missing.";
    EpochIgnored = "epoch-ignored", "Nodes accept messages of earlier epochs: an old sequencer goes on beside the new one.";
}

commands! {
    /// Broadcast a message.
    Broadcast = "broadcast", "Broadcast";
    /// The operator's word.
    Promote = "promote", "Become the sequencer";
}

timers! {
    /// For whatever is not confirmed.
    Again;
}

/// A node.
#[derive(Clone, Debug, Default, Hash)]
pub struct Sequencer {
    /// The latest epoch that it knows of. It refuses what is of earlier ones.
    epoch: u32,
    /// Owner of the epoch: who follows, itself included. With a majority it is the sequencer.
    followers: NodeSet,
    /// The operator's request, until it is the sequencer.
    promoted: Option<RequestId>,
    /// What it has stored: also what is of earlier epochs, and what came too early.
    log: Log,
    /// Up to here a majority has stored, as far as it knows.
    stable: u32,
    /// Up to here it has delivered.
    delivered: u32,
    /// What it has broadcast itself and not delivered.
    own: Vec<Item>,
    /// The sequencer: up to where each node has stored, in this epoch.
    stored: PerNode<Vec<u32>>,
    /// Whether its timer runs.
    armed: bool,
}

impl Protocol for Sequencer {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 6,
        id: "sequencer",
        version: 1,
        title: "Sequencer",
        summary: "One node numbers all messages, and every node delivers them in that order.",
        source: "Chang & Maxemchuk 1984",
        epoch_word: "epoch",
        assumes: Assumptions { crashes: Crashes::Stop, ..Assumptions::CRASH_RECOVERY },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: broadcast::Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Sequencer>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "two-sequencers",
            sentence: "Two nodes think that they are the sequencer",
            reached: Reached::Is(|nodes| nodes.up().filter(|(_, node)| node.leads()).count() > 1),
        },
        Goal {
            id: "handed-over",
            sentence: "Another node becomes the sequencer",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Leads { .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        Lane::nodes("N", config.nodes, const { &[Verb::Broadcast.accepted(), Verb::Promote.accepted()] }).collect()
    }

    // No `interchangeable`: a node owns epochs by its number, so no two could change places.
    // No `never_matters`: what is late is answered, and the answer may bring an epoch.

    /// All start in epoch 1, which belongs to the first node. It need not ask: nobody has stored anything.
    fn boot((): (), out: &mut Out<'_, Sequencer>) -> Sequencer {
        let followers = if out.me() == owner(1, out) { NodeSet::first(out.nodes()) } else { NodeSet::EMPTY };
        Sequencer { epoch: 1, followers, stored: PerNode(vec![0; out.nodes().into()]), ..Sequencer::default() }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Sequencer>) {
        match Command::of(operation) {
            Some(Command::Broadcast) => {
                out.happened(Fact::Broadcast { item: Item(id) });
                self.own.push(Item(id));
                self.submit(Item(id), out);
            }
            Some(Command::Promote) => self.stand(id, out),
            None => {}
        }
        self.watch(out);
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Sequencer>) {
        let epoch = message.epoch();
        // The fence: it has told the new sequencer what it had, and stores no more for the old one. The flaw lets that in.
        if epoch < self.epoch && !out.config().has(Flaw::EpochIgnored) {
            out.ignore(phrase!("epoch {} has passed", epoch));
            // True whoever says it, and it brings the new epoch.
            return out.send(from, Message::Stable(self.epoch, self.stable));
        }
        self.enter(epoch, out);
        match *message {
            Message::Submit(..) if !self.leads() => out.ignore(phrase!("a majority does not follow yet")),
            Message::Submit(_, item) => self.number(item, out),
            Message::Numbered(_, number, item) => {
                self.store(number, item, out);
                match self.has_gap() {
                    true => self.ask(self.last() + 1, out),
                    false => out.send(from, Message::Stored(epoch, self.last())),
                }
            }
            Message::Stored(_, number) => self.count(from, number, out),
            Message::Stable(_, number) => {
                self.stable = self.stable.max(number);
                self.deliver(out);
            }
            Message::Missing(_, number) => self.send_again(from, number, out),
            Message::Lead(_) => out.send(from, Message::Follow(epoch, self.delivered, self.log.clone())),
            Message::Follow(_, delivered, ref log) => self.hear(from, delivered, log, out),
        }
        self.watch(out);
    }

    fn on_timer(&mut self, Timer::Again: Timer, out: &mut Out<'_, Sequencer>) {
        self.armed = false;
        let everyone = NodeSet::first(out.nodes()).without(out.me());
        if self.leads() {
            // To each the first number that it has not confirmed; if it has, there is none to send.
            for node in everyone.iter() {
                self.send_again(node, self.stored[node.index()] + 1, out);
            }
        } else if self.followers.is_empty() {
            // Perhaps what it has broadcast was lost, or a number, or only that it is stable.
            self.own.clone().into_iter().for_each(|item| self.submit(item, out));
            self.ask(self.delivered + 1, out);
        } else {
            out.broadcast(NodeSet(everyone.0 & !self.followers.0), Message::Lead(self.epoch));
        }
        self.watch(out);
    }

    fn lane_status(&self) -> LaneStatus {
        let (role, weight) = match self.followers.is_empty() {
            true => ("", Weight::Follows),
            false if self.leads() => ("sequencer", Weight::Leads),
            false => ("promoted", Weight::Stands),
        };
        LaneStatus { role, weight, epoch: self.epoch }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        // The queue of what may not be delivered yet: a majority must store it.
        let last = self.last();
        let here = self.log.from(&(self.delivered + 1)).filter(|(_, (epoch, _))| *epoch == self.epoch);
        now.extend(here.map(|(number, (_, item))| match *number <= last {
            true => Condition {
                what: ConditionKind::Queued,
                phrase: phrase!("{}: {node}.{}", *number, item.0.node, item.0.ordinal),
            },
            false => Condition { what: ConditionKind::HeldBack, phrase: phrase!("{} waits for {}", *number, last + 1) },
        }));
    }

    fn inspect(&self, view: &mut Inspection) {
        view.summary = format!("stored {}, delivered {}", self.last(), self.delivered);
        view.fact("Stable up to", self.stable);
        view.count("Own, not delivered", self.own.len());
        let row = |(number, (epoch, item)): &(u32, (u32, Item))| {
            Row::of(vec![number.to_string(), item.to_string()]).in_epoch(*epoch).settled_if(*number <= self.delivered)
        };
        view.table("Log", &["Number", "Message"], self.log.iter().map(row));
    }
}

/// Broadcast: numbers, majorities, deliveries.
impl Sequencer {
    /// Whether a majority follows it into its epoch.
    fn leads(&self) -> bool {
        self.followers.len() as usize * 2 > self.stored.len()
    }

    /// Up to where it has stored without a gap: in this epoch, or what it has delivered.
    fn last(&self) -> u32 {
        let here = |number: &u32| self.log.get(number).is_some_and(|(epoch, _)| *epoch == self.epoch);
        (self.delivered + 1..).take_while(here).last().unwrap_or(self.delivered)
    }

    /// Whether something of this epoch came too early.
    fn has_gap(&self) -> bool {
        self.log.from(&(self.last() + 1)).any(|(_, (epoch, _))| *epoch == self.epoch)
    }

    /// The largest number that it has heard of in this epoch, or knows to be stable.
    fn known(&self) -> u32 {
        let mut here = self.log.iter().filter(|(_, (epoch, _))| *epoch == self.epoch);
        here.next_back().map_or(self.stable, |(number, _)| self.stable.max(*number))
    }

    /// A node's own message: numbered here, or sent to who numbers. A promoted node keeps it until a majority follows.
    fn submit(&mut self, item: Item, out: &mut Out<'_, Sequencer>) {
        if self.leads() {
            return self.number(item, out);
        }
        out.broadcast(NodeSet::only(owner(self.epoch, out)), Message::Submit(self.epoch, item));
    }

    /// The sequencer gives a message the next number, unless it has one.
    fn number(&mut self, item: Item, out: &mut Out<'_, Sequencer>) {
        if self.log.iter().any(|(_, (_, each))| *each == item) {
            return out.ignore(phrase!("its message has a number"));
        }
        let number = self.last() + 1;
        self.store(number, item, out);
        out.broadcast(NodeSet::first(out.nodes()), Message::Numbered(self.epoch, number, item));
        self.count(out.me(), number, out);
    }

    /// Stores a numbered message. If a number is missing before it, it is held back.
    fn store(&mut self, number: u32, item: Item, out: &mut Out<'_, Sequencer>) {
        // The flaw takes it as the next.
        let number = if out.config().has(Flaw::GapsNotWaitedFor) { number.min(self.last() + 1) } else { number };
        if number > self.delivered {
            self.log.insert(number, (self.epoch, item));
        }
        self.deliver(out);
    }

    /// Asks the sequencer for a number, if it knows that there is one.
    fn ask(&self, number: u32, out: &mut Out<'_, Sequencer>) {
        if out.config().retransmission && number <= self.known() {
            out.broadcast(NodeSet::only(owner(self.epoch, out)), Message::Missing(self.epoch, number));
        }
    }

    /// The sequencer sends a number again, and that it is stable, if it is.
    fn send_again(&self, to: NodeId, number: u32, out: &mut Out<'_, Sequencer>) {
        let Some(&(epoch, item)) = self.log.get(&number).filter(|_| self.leads()) else { return };
        out.send(to, Message::Numbered(epoch, number, item));
        // Perhaps the node has the number, and has not heard that it may deliver it.
        if number <= self.stable {
            out.send(to, Message::Stable(epoch, self.stable));
        }
    }

    /// The sequencer hears up to where a node has stored. What a majority has stored in this epoch is stable: it is told to
    /// all after it is delivered here, so a sequencer may stop in between.
    fn count(&mut self, from: NodeId, number: u32, out: &mut Out<'_, Sequencer>) {
        out.evidence("majority");
        self.stored[from.index()] = number.max(self.stored[from.index()]);
        let has = |number: &u32| self.stored.iter().filter(|up_to| **up_to >= *number).count() * 2 > self.stored.len();
        if let Some(stable) = (self.stable + 1..=self.last()).rev().find(has).filter(|_| self.leads()) {
            self.stable = stable;
            out.hold("majority");
            self.deliver(out);
            out.broadcast(NodeSet::first(out.nodes()), Message::Stable(self.epoch, stable));
        }
    }

    /// Delivers in the order of the numbers what is stable: only what it has stored in this epoch, since under numbers of an
    /// earlier one the new sequencer may know something else.
    fn deliver(&mut self, out: &mut Out<'_, Sequencer>) {
        for number in self.delivered + 1..=self.stable.min(self.last()) {
            let Some(&(_, item)) = self.log.get(&number) else { return };
            self.delivered = number;
            out.happened(Fact::Delivered { number, item });
            if let Some(place) = self.own.iter().position(|own| *own == item) {
                out.reply(self.own.remove(place).0, Answer::Done);
            }
        }
    }

    /// Arms the timer, of 80 ms, while something is not confirmed: a node's own message, a number it knows of and has not
    /// delivered; at the sequencer, that all have stored all; at a promoted node, that a majority follows.
    fn watch(&mut self, out: &mut Out<'_, Sequencer>) {
        let confirmed = self.stored.iter().all(|up_to| *up_to == self.last()) && self.leads();
        let quiet = self.own.is_empty() && self.delivered >= self.known() && (self.followers.is_empty() || confirmed);
        // It is not armed anew while it runs: traffic would put it off for ever.
        match (core::mem::replace(&mut self.armed, out.config().retransmission && !quiet), self.armed) {
            (false, true) => out.arm(Timer::Again, (80_000, 80_000)),
            (true, false) => out.disarm(Timer::Again),
            _ => {}
        }
    }
}

/// Judges the broadcast by what nodes say that they broadcast and deliver.
///
/// Reliable delivery is promised while the node that was promoted last is up, and a majority is.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    broadcasts: broadcast::Judge,
    /// Who was promoted last: the latest epoch, and its owner.
    promoted: (u32, NodeId),
}

impl Observer<Sequencer> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { broadcasts: broadcast::Judge::new(config.nodes), promoted: (1, NodeId(0)) }
    }

    fn observe(&mut self, seen: &Seen<'_, Sequencer>, findings: &mut Findings) {
        for (fact, node) in seen.facts().zip(seen.node.iter().cycle()) {
            match *fact {
                Fact::Broadcast { item } => self.broadcasts.broadcasts(item),
                Fact::Delivered { item, .. } => self.broadcasts.delivers(*node, item, seen.event, findings),
                Fact::Promoted { epoch } => self.promoted = self.promoted.max((epoch, *node)),
                Fact::Leads { .. } => {}
            }
        }
    }

    /// Outside of that, numbers may be given that nobody can deliver: nothing is promised, and nothing is missing.
    fn at_end(&self, nodes: View<'_, Sequencer>, findings: &mut Findings) {
        let up: NodeSet = nodes.up().map(|(node, _)| node).collect();
        let lives = up.contains(self.promoted.1) && self.broadcasts.is_majority(up);
        self.broadcasts.at_end(if lives { up } else { NodeSet::EMPTY }, findings);
    }
}
