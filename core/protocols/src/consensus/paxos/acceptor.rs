//! Acceptors: they promise, accept, and keep both where a crash does not reach (§2.2, §2.5).

use super::message::{Proposal, Say};
use super::{Paxos, belief, flaw};
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};

/// What a crash leaves (§2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kept {
    /// A proposer: the last ballot it tried; 0 if none.
    pub tried: u32,
    /// An acceptor: the highest ballot it has promised; 0 if none.
    pub promised: u32,
    /// An acceptor: the highest proposal it has accepted.
    pub accepted: Option<Proposal>,
}

impl Paxos {
    /// Phase 1 (b): a promise to accept nothing of lower ballots, saved before it is given.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: u32, out: &mut Out<'_, Paxos>) {
        if ballot < self.kept.promised {
            self.refuse(from, ballot, out);
            return;
        }
        // Equal is the same request once more: no other proposer has this number.
        if ballot > self.kept.promised {
            self.kept.promised = ballot;
            out.hold(belief::PROMISE);
            if !out.config().flaw(flaw::PROMISE_FORGOTTEN_ON_RESTART) {
                out.persist(self.kept);
            }
        }
        let accepted = self.kept.accepted;
        self.tell(NodeSet::only(from), &Say::Promise { ballot, accepted }, out);
    }

    /// Phase 2 (b): it accepts unless it has promised a higher ballot (P1a), and tells who is to learn of it (§2.3).
    pub(super) fn on_accept(&mut self, from: NodeId, proposal: Proposal, out: &mut Out<'_, Paxos>) {
        let config = *out.config();
        if proposal.ballot < self.kept.promised && !config.flaw(flaw::ACCEPTS_BELOW_PROMISE) {
            self.refuse(from, proposal.ballot, out);
            return;
        }
        if self.kept.accepted != Some(proposal) {
            self.kept.accepted = Some(proposal);
            // To have accepted in a ballot counts as having promised it: the proposer has a majority's promises.
            self.kept.promised = self.kept.promised.max(proposal.ballot);
            out.hold(belief::ACCEPTED);
            out.persist(self.kept);
            let numbers = [proposal.value, proposal.ballot as i32];
            out.mark(Mark::Appended, Phrase::with("accepts {} in ballot {}", &numbers));
        }
        let learners = self.cast.learners().iter();
        let told = learners.take(if config.distinguished_learner { 1 } else { usize::MAX });
        self.tell(told.chain([from]).collect(), &Say::Accepted(proposal), out);
    }

    /// A learner asks what it has accepted (§2.3).
    pub(super) fn on_query(&mut self, from: NodeId, out: &mut Out<'_, Paxos>) {
        match self.kept.accepted {
            Some(accepted) => self.tell(NodeSet::only(from), &Say::Accepted(accepted), out),
            None if from != self.me => out.ignore(Phrase::plain("it has accepted nothing")),
            None => {}
        }
    }

    /// Who is told gives its ballot up early. Safety does not need it (§2.2, last paragraph).
    fn refuse(&mut self, from: NodeId, ballot: u32, out: &mut Out<'_, Paxos>) {
        let promised = self.kept.promised;
        self.tell(NodeSet::only(from), &Say::Refuse { ballot, promised }, out);
    }
}
