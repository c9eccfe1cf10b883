//! Hand-over: from one epoch to the next. Why nothing is lost stands at the head of the protocol.
//!
//! Three steps, each on its own event, so that a reader can crash the promoted node between any two of them:
//!
//! 1. `stand`: the operator promotes a node. It takes the next epoch that is its own and asks everybody to follow.
//! 2. `hear`: each node that follows has left all earlier epochs, and says what it has stored. A sequencer of an earlier
//!    epoch can no longer reach a majority once a majority has answered: whatever it numbers from now on is never stable.
//! 3. `lead`: with a majority, the promoted node has heard from at least one node that stored each stable message. It numbers
//!    these as they were, and then its own.

use super::{Fact, Log, Message, Sequencer};
use lightcone_engine::prelude::*;

/// The node that an epoch belongs to.
pub(super) fn owner(epoch: u32, out: &Out<'_, Sequencer>) -> NodeId {
    NodeId(((epoch - 1) % u32::from(out.nodes())) as u8)
}

impl Sequencer {
    /// The operator promotes this node: into the next epoch that belongs to it. Epochs are dealt out in turn, so that two nodes
    /// that are promoted at once never lead the same epoch.
    pub(super) fn stand(&mut self, id: RequestId, out: &mut Out<'_, Sequencer>) {
        if self.leads() {
            return out.reply(id, Answer::Done);
        }
        let later = |after| self.epoch + 1 + after;
        let after = (0..).find(|after| owner(later(*after), out) == out.me()).unwrap_or_default();
        self.enter(later(after), out);
        (self.promoted, self.followers) = (Some(id), NodeSet::only(out.me()));
        out.happened(Fact::Promoted { epoch: self.epoch });
        out.broadcast(NodeSet::first(out.nodes()), Message::Lead(self.epoch));
    }

    /// An epoch that is later than its own: from now on it refuses earlier ones.
    pub(super) fn enter(&mut self, epoch: u32, out: &mut Out<'_, Sequencer>) {
        if epoch > self.epoch {
            (self.epoch, self.followers) = (epoch, NodeSet::EMPTY);
            // What others have stored of earlier epochs says nothing of this one.
            self.stored.fill(0);
            self.promoted.take().into_iter().for_each(|id| out.reply(id, Answer::Refused));
        }
    }

    /// The promoted node hears what another has stored: of two messages under one number that of the later epoch counts.
    pub(super) fn hear(&mut self, from: NodeId, delivered: u32, log: &Log, out: &mut Out<'_, Sequencer>) {
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
    fn lead(&mut self, out: &mut Out<'_, Sequencer>) {
        out.hold("role");
        out.happened(Fact::Leads { epoch: self.epoch });
        self.promoted.take().into_iter().for_each(|id| out.reply(id, Answer::Done));
        // Above a gap nothing is stable, nor above a second number of one message.
        let found = core::mem::take(&mut self.log);
        for (number, (_, item)) in found {
            if self.log.len() as u32 + 1 == number && !self.log.iter().any(|(_, (_, each))| *each == item) {
                self.log.insert(number, (self.epoch, item));
            }
        }
        // Others may lack what a majority had stored; without this they would wait for it for ever.
        for number in self.delivered + 1..=self.last() {
            NodeSet::first(out.nodes()).without(out.me()).iter().for_each(|node| self.send_again(node, number, out));
        }
        self.deliver(out);
        self.count(out.me(), self.last(), out);
        // Its own messages that it had submitted to the sequencer before it.
        for item in self.own.clone() {
            self.number(item, out);
        }
    }
}
