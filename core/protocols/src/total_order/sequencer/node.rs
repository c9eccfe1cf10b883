//! A node: it broadcasts, stores and delivers, and numbers if it is the sequencer.

use super::hand_over::owner;
use super::message::{Log, Message};
use super::{Command, Config, Fact, Flaw, Timer};
use crate::parts::broadcast::Item;
use lightcone_engine::prelude::*;

type Out<'a> = lightcone_engine::protocol::Out<'a, super::Sequencer>;

/// A node.
#[derive(Clone, Debug, Default, Hash)]
pub struct Node {
    /// The latest epoch that it knows of. It refuses what is of earlier ones.
    pub(super) epoch: u32,
    /// Owner of the epoch: who follows, itself included. With a majority it is the sequencer.
    pub(super) followers: NodeSet,
    /// The operator's order under way, until it is the sequencer.
    pub(super) promoted: Option<u16>,
    /// The latest order of the operator that it has carried out, or begun to.
    pub(super) obeyed: u16,
    /// What it has stored: also what is of earlier epochs, and what came too early.
    pub(super) log: Log,
    /// Up to here a majority has stored, as far as it knows.
    pub(super) stable: u32,
    /// Up to here it has delivered.
    pub(super) delivered: u32,
    /// What it has broadcast itself and not delivered.
    pub(super) own: Vec<Item>,
    /// The sequencer: up to where each node has stored, in this epoch.
    pub(super) stored: PerNode<Vec<u32>>,
    /// Whether its timer runs.
    armed: bool,
}

/// Everybody who broadcasts and delivers.
pub(super) fn everyone(config: &Config) -> NodeSet {
    NodeSet::first(config.nodes)
}

impl Node {
    /// All start in epoch 1, which belongs to the first node. It need not ask: nobody has stored anything.
    pub(super) fn boot(out: &Out<'_>) -> Node {
        let followers = if out.me() == owner(1, out) { everyone(out.config()) } else { NodeSet::EMPTY };
        let stored = PerNode(vec![0; out.config().nodes.into()]);
        Node { epoch: 1, followers, stored, ..Node::default() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_>) {
        if Command::of(operation) == Some(Command::Broadcast) {
            out.happened(Fact::Broadcast { item: Item(id) });
            self.own.push(Item(id));
            self.submit(Item(id), out);
        }
        self.watch(out);
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_>) {
        let Some(epoch) = message.epoch() else {
            self.obey(message, out);
            return self.watch(out);
        };
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
            // They have no epoch.
            Message::Promote(_) | Message::Promoted(..) => {}
        }
        self.watch(out);
    }

    pub(super) fn on_timer(&mut self, out: &mut Out<'_>) {
        self.armed = false;
        let everyone = everyone(out.config()).without(out.me());
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

    pub(super) fn lane_status(&self) -> LaneStatus {
        let (role, weight) = match self.followers.is_empty() {
            true => ("", Weight::Follows),
            false if self.leads() => ("sequencer", Weight::Leads),
            false => ("promoted", Weight::Stands),
        };
        LaneStatus { role, weight, epoch: self.epoch }
    }

    pub(super) fn conditions(&self, now: &mut Vec<Condition>) {
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

    pub(super) fn inspect(&self, view: &mut Inspection) {
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
impl Node {
    /// Whether a majority follows it into its epoch.
    pub(super) fn leads(&self) -> bool {
        self.followers.len() as usize * 2 > self.stored.len()
    }

    /// Up to where it has stored without a gap: in this epoch, or what it has delivered.
    pub(super) fn last(&self) -> u32 {
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
    pub(super) fn submit(&mut self, item: Item, out: &mut Out<'_>) {
        if self.leads() {
            return self.number(item, out);
        }
        out.broadcast(NodeSet::only(owner(self.epoch, out)), Message::Submit(self.epoch, item));
    }

    /// The sequencer gives a message the next number, unless it has one.
    pub(super) fn number(&mut self, item: Item, out: &mut Out<'_>) {
        if self.log.iter().any(|(_, (_, each))| *each == item) {
            return out.ignore(phrase!("its message has a number"));
        }
        let number = self.last() + 1;
        self.store(number, item, out);
        out.broadcast(everyone(out.config()), Message::Numbered(self.epoch, number, item));
        self.count(out.me(), number, out);
    }

    /// Stores a numbered message. If a number is missing before it, it is held back.
    fn store(&mut self, number: u32, item: Item, out: &mut Out<'_>) {
        // The flaw takes it as the next.
        let number = if out.config().has(Flaw::GapsNotWaitedFor) { number.min(self.last() + 1) } else { number };
        if number > self.delivered {
            self.log.insert(number, (self.epoch, item));
        }
        self.deliver(out);
    }

    /// Asks the sequencer for a number, if it knows that there is one.
    fn ask(&self, number: u32, out: &mut Out<'_>) {
        if out.config().retransmission && number <= self.known() {
            out.broadcast(NodeSet::only(owner(self.epoch, out)), Message::Missing(self.epoch, number));
        }
    }

    /// The sequencer sends a number again, and that it is stable, if it is.
    pub(super) fn send_again(&self, to: NodeId, number: u32, out: &mut Out<'_>) {
        let Some(&(epoch, item)) = self.log.get(&number).filter(|_| self.leads()) else { return };
        out.send(to, Message::Numbered(epoch, number, item));
        // Perhaps the node has the number, and has not heard that it may deliver it.
        if number <= self.stable {
            out.send(to, Message::Stable(epoch, self.stable));
        }
    }

    /// The sequencer hears up to where a node has stored. What a majority has stored in this epoch is stable: it is told to
    /// all after it is delivered here, so a sequencer may stop in between.
    pub(super) fn count(&mut self, from: NodeId, number: u32, out: &mut Out<'_>) {
        out.evidence("majority");
        self.stored[from.index()] = number.max(self.stored[from.index()]);
        let has = |number: &u32| self.stored.iter().filter(|up_to| **up_to >= *number).count() * 2 > self.stored.len();
        if let Some(stable) = (self.stable + 1..=self.last()).rev().find(has).filter(|_| self.leads()) {
            self.stable = stable;
            out.hold("majority");
            self.deliver(out);
            out.broadcast(everyone(out.config()), Message::Stable(self.epoch, stable));
        }
    }

    /// Delivers in the order of the numbers what is stable: only what it has stored in this epoch, since under numbers of an
    /// earlier one the new sequencer may know something else.
    pub(super) fn deliver(&mut self, out: &mut Out<'_>) {
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
    fn watch(&mut self, out: &mut Out<'_>) {
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
