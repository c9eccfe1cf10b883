//! Learners: a value is chosen once a majority of acceptors has accepted the same proposal (§2.3). A proposer
//! learns in the same way, from those who accept its proposals.

use super::message::{Proposal, Say};
use super::{Paxos, Wait, belief};
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::operation::Value;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};

impl Paxos {
    /// An acceptor has accepted this.
    pub(super) fn on_accepted(&mut self, from: NodeId, proposal: Proposal, out: &mut Out<'_, Paxos>) {
        if self.learned.is_some() {
            return;
        }
        let by = self.heard.or_insert(proposal, NodeSet::EMPTY);
        by.insert(from);
        out.evidence(belief::VALUE);
        if by.len() >= self.cast.quorum {
            self.learn(proposal.value, out);
        }
    }

    /// It knows what is chosen. The distinguished learner tells the others (§2.3).
    pub(super) fn learn(&mut self, value: Value, out: &mut Out<'_, Paxos>) {
        if self.learned.is_some() {
            return;
        }
        self.learned = Some(value);
        out.hold(belief::VALUE);
        out.mark(Mark::Committed, Phrase::with("learns {}", &[value]));
        self.end_proposing(value, out);
        out.disarm(Wait::Ask);
        let learners = self.cast.learners();
        if out.config().distinguished_learner && learners.iter().next() == Some(self.me) {
            out.broadcast(learners, Say::Chosen { value });
        }
    }

    /// It has waited: what was accepted may have been lost on the way. It asks the acceptors; when it is not enough to
    /// hear those that answer, a proposer, whose next proposal shows what is chosen (§2.3).
    pub(super) fn ask(&mut self, out: &mut Out<'_, Paxos>) {
        let every = out.config().asks;
        out.arm(Wait::Ask, (every, every));
        let turn = self.turn;
        self.turn = (turn + 1) % (2 * self.cast.proposers);
        if turn.is_multiple_of(2) {
            self.tell(self.cast.acceptors(), &Say::Query, out);
        } else {
            self.tell(NodeSet::only(NodeId(turn / 2)), &Say::FindOut, out);
        }
    }
}
