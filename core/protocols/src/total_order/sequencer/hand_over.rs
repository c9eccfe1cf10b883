//! Hand-over: from one epoch to the next. Why nothing is lost stands at the head of the protocol.
//!
//! Three steps, each on its own event, so that a reader can crash the promoted node between any two of them:
//!
//! 1. `stand`: the operator promotes a node. It takes the next epoch that is its own and asks everybody to follow.
//! 2. `hear`: each node that follows has left all earlier epochs, and says what it has stored. A sequencer of an earlier
//!    epoch can no longer reach a majority once a majority has answered: whatever it numbers from now on is never stable.
//! 3. `lead`: with a majority, the promoted node has heard from at least one node that stored each stable message. It numbers
//!    these as they were, and then its own.

use super::message::{Log, Message};
use super::node::{Node, everyone};
use super::{Fact, Sequencer};
use lightcone_engine::prelude::*;

type Out<'a> = lightcone_engine::protocol::Out<'a, Sequencer>;

/// The node that an epoch belongs to.
pub(super) fn owner(epoch: u32, out: &Out<'_>) -> NodeId {
    NodeId(((epoch - 1) % u32::from(out.config().nodes)) as u8)
}

/// The operator's lane comes after the nodes'.
fn operator(out: &Out<'_>) -> NodeId {
    NodeId(out.config().nodes)
}

impl Node {
    /// The operator's order, which may come late, twice, or after a later one.
    pub(super) fn obey(&mut self, order: &Message, out: &mut Out<'_>) {
        let &Message::Promote(number) = order else { return };
        if number <= self.obeyed {
            return out.ignore(phrase!("it has had this order, or a later one"));
        }
        self.obeyed = number;
        if self.leads() {
            return out.send(operator(out), Message::Promoted(number, true));
        }
        self.stand(number, out);
    }

    /// The operator promotes this node: into the next epoch that belongs to it. Epochs are dealt out in turn, so that two nodes
    /// that are promoted at once never lead the same epoch.
    fn stand(&mut self, order: u16, out: &mut Out<'_>) {
        let later = |after| self.epoch + 1 + after;
        let after = (0..).find(|after| owner(later(*after), out) == out.me()).unwrap_or_default();
        self.enter(later(after), out);
        (self.promoted, self.followers) = (Some(order), NodeSet::only(out.me()));
        out.happened(Fact::Promoted { epoch: self.epoch });
        out.broadcast(everyone(out.config()), Message::Lead(self.epoch));
    }

    /// An epoch that is later than its own: from now on it refuses earlier ones.
    pub(super) fn enter(&mut self, epoch: u32, out: &mut Out<'_>) {
        if epoch > self.epoch {
            (self.epoch, self.followers) = (epoch, NodeSet::EMPTY);
            // What others have stored of earlier epochs says nothing of this one.
            self.stored.fill(0);
            if let Some(order) = self.promoted.take() {
                out.refuse(operator(out), Message::Promoted(order, false), phrase!("epoch {} has begun", epoch));
            }
        }
    }

    /// The promoted node hears what another has stored: of two messages under one number that of the later epoch counts.
    pub(super) fn hear(&mut self, from: NodeId, delivered: u32, log: &Log, out: &mut Out<'_>) {
        // What it has delivered is stable: at every later sequencer it has the same number, so it counts in this epoch too.
        self.count(from, delivered, out);
        // A late answer: the node has its majority, or has itself gone on to a later epoch.
        if self.leads() || self.followers.is_empty() {
            return out.ignore(phrase!("it has a majority already"));
        }
        out.evidence("role");
        self.followers.insert(from);
        for (number, entry) in log {
            if self.log.get(number).is_none_or(|own| own.0 < entry.0) {
                self.log.insert(*number, *entry);
            }
        }
        if self.leads() {
            self.lead(out);
        }
    }

    /// With a majority it is the sequencer. It numbers what it has found as it was, up to the first gap or repetition.
    fn lead(&mut self, out: &mut Out<'_>) {
        out.hold("role");
        out.happened(Fact::Leads { epoch: self.epoch });
        if let Some(order) = self.promoted.take() {
            out.send(operator(out), Message::Promoted(order, true));
        }
        // Above a gap nothing is stable, nor above a second number of one message.
        let found = core::mem::take(&mut self.log);
        for (number, (_, item)) in found {
            if self.log.len() as u32 + 1 == number && !self.log.iter().any(|(_, (_, each))| *each == item) {
                self.log.insert(number, (self.epoch, item));
            }
        }
        // Others may lack what a majority had stored; without this they would wait for it for ever.
        for number in self.delivered + 1..=self.last() {
            everyone(out.config()).without(out.me()).iter().for_each(|node| self.send_again(node, number, out));
        }
        self.deliver(out);
        self.count(out.me(), self.last(), out);
        // Its own messages that it had submitted to the sequencer before it.
        for item in self.own.clone() {
            self.number(item, out);
        }
    }
}
