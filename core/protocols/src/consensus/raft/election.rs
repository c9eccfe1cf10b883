//! Elections (§5.2, §5.4.1), pre-votes (dissertation §9.6), and leaders that notice that they are alone
//! (dissertation §6.2).

use super::message::Say;
use super::server::{Peer, Role, Server};
use super::{Config, Raft, ReadMode, Wait, belief, flaw, passed};
use lightcone_engine::id::{NodeId, NodeSet, PerNode};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};

impl Config {
    /// Whether servers keep their vote while they hear a leader (dissertation §4.2.3): a leader may then
    /// count on not being replaced for the shortest election time-out after a majority heard it.
    pub(super) fn keeps_votes(&self) -> bool {
        self.check_quorum || self.read_mode == ReadMode::Lease
    }

    fn uses_clock(&self) -> bool {
        self.keeps_votes() || self.pre_vote
    }
}

impl Server {
    /// No leader is heard for the election time-out (§5.2).
    pub(super) fn on_election_timeout(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        if config.read_mode == ReadMode::Lease && self.hears_a_leader(out) {
            // The time-out came early by its own clock: a vote for itself would break the leader's lease.
            out.ignore(Phrase::plain("a leader was heard just now"));
            out.arm(Wait::Election, config.election);
            return;
        }
        if config.pre_vote {
            self.ask_before_standing(out);
        } else {
            self.stand(false, out);
        }
    }

    /// Starts an election: next term, a vote for itself, and a request to all others (§5.2).
    pub(super) fn stand(&mut self, transfer: bool, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        self.kept.term += 1;
        self.kept.vote = Some(self.me);
        self.unsaved = true;
        self.leader = None;
        self.role = Role::Candidate;
        self.votes = NodeSet::only(self.me);
        out.hold(belief::ROLE);
        out.hold(belief::VOTE);
        out.arm(Wait::Election, config.election);
        self.save(out);
        let (term, log) = (self.kept.term, &self.kept.log);
        let (last_index, last_term) = (log.last_index(), log.last_term());
        out.broadcast(config.all(), Say::RequestVote { term, last_index, last_term, transfer });
        self.count_votes(out);
    }

    /// A candidate asks for a vote (RequestVote RPC, receiver implementation).
    pub(super) fn on_request_vote(
        &mut self,
        from: NodeId,
        term: u32,
        last: (u32, u32),
        transfer: bool,
        out: &mut Out<'_, Raft>,
    ) {
        let config = *out.config();
        // Dissertation §4.2.3: while it hears a leader it neither votes nor changes its term.
        if config.keeps_votes() && !transfer && term > self.kept.term && self.hears_a_leader(out) {
            out.ignore(Phrase::plain("it hears a leader"));
            return;
        }
        if term > self.kept.term {
            self.enter_term(term, out);
        }
        let granted = term == self.kept.term && self.may_vote_for(from, last, &config);
        if granted {
            self.kept.vote = Some(from);
            self.unsaved = true;
            out.hold(belief::VOTE);
            if self.role == Role::Follower {
                out.arm(Wait::Election, config.election);
            }
        }
        self.save_vote(&config, out);
        out.send(from, Say::Vote { term: self.kept.term, granted });
    }

    /// One vote a term, and only for logs at least as up to date as its own (§5.4.1).
    fn may_vote_for(&self, candidate: NodeId, last: (u32, u32), config: &Config) -> bool {
        let free = self.kept.vote.is_none_or(|vote| vote == candidate) || config.flaw(flaw::VOTES_TWICE_IN_A_TERM);
        free && (self.is_up_to_date(last) || config.flaw(flaw::LOG_NOT_COMPARED_WHEN_VOTING))
    }

    /// The log with the later last term is more up to date; of two with the same, the longer (§5.4.1).
    fn is_up_to_date(&self, last: (u32, u32)) -> bool {
        last >= (self.kept.log.last_term(), self.kept.log.last_index())
    }

    fn save_vote(&mut self, config: &Config, out: &mut Out<'_, Raft>) {
        if config.flaw(flaw::VOTE_NOT_PERSISTED) && core::mem::take(&mut self.unsaved) {
            // The flaw: the term is saved, the vote is not.
            let mut kept = self.kept.clone();
            kept.vote = None;
            out.persist(kept);
        }
        self.save(out);
    }

    /// A vote comes in.
    pub(super) fn on_vote(&mut self, from: NodeId, term: u32, granted: bool, out: &mut Out<'_, Raft>) {
        if term > self.kept.term {
            self.enter_term(term, out);
            self.save(out);
        } else if term < self.kept.term {
            out.ignore(passed(term));
        } else if self.role == Role::Candidate && granted {
            self.votes.insert(from);
            out.evidence(belief::ROLE);
            self.count_votes(out);
        } else if self.role == Role::Follower && granted {
            out.ignore(Phrase::plain("it no longer stands"));
        }
    }

    fn count_votes(&mut self, out: &mut Out<'_, Raft>) {
        if self.votes.len() >= self.quorum() {
            match self.role {
                Role::Candidate => self.lead(out),
                Role::PreCandidate => self.stand(false, out),
                Role::Follower | Role::Leader => {}
            }
        }
    }

    /// A majority voted for it: it leads, and says so at once (§5.2).
    fn lead(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        self.role = Role::Leader;
        self.leader = Some(self.me);
        self.term_start = self.kept.log.last_index() + 1;
        self.peers = PerNode([Peer::at(self.term_start); super::MAX_SERVERS]);
        out.disarm(Wait::Election);
        out.hold(belief::ROLE);
        out.mark(Mark::Elected, Phrase::plain("leader"));
        if config.check_quorum {
            out.arm(Wait::Quorum, (config.election.0, config.election.0));
        }
        if config.no_op {
            // §8: what is committed shows when an entry of its own term is.
            self.append_own(super::log::Command::NoOp);
            self.save(out);
        }
        self.send_round(false, out);
        self.advance_commit(out);
    }

    /// Before it stands, it asks whether it would win. Nothing changes for those it asks (dissertation §9.6).
    fn ask_before_standing(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        if self.role != Role::PreCandidate {
            self.role = Role::PreCandidate;
            out.hold(belief::ROLE);
        }
        self.votes = NodeSet::only(self.me);
        out.arm(Wait::Election, config.election);
        let (term, log) = (self.kept.term + 1, &self.kept.log);
        let (last_index, last_term) = (log.last_index(), log.last_term());
        out.broadcast(config.all(), Say::PreVote { term, last_index, last_term });
        self.count_votes(out);
    }

    /// Would it vote for the sender? Not while it hears a leader, nor for a log that is behind (dissertation §9.6).
    pub(super) fn on_pre_vote(&mut self, from: NodeId, term: u32, last: (u32, u32), out: &mut Out<'_, Raft>) {
        let granted = term > self.kept.term && self.is_up_to_date(last) && !self.hears_a_leader(out);
        let term = if granted { term } else { self.kept.term };
        out.send(from, Say::PreVoteReply { term, granted });
    }

    /// Someone would vote for it, or would not.
    pub(super) fn on_pre_vote_reply(&mut self, from: NodeId, term: u32, granted: bool, out: &mut Out<'_, Raft>) {
        if granted && self.role == Role::PreCandidate && term == self.kept.term + 1 {
            self.votes.insert(from);
            out.evidence(belief::ROLE);
            self.count_votes(out);
        } else if granted && term <= self.kept.term && self.role != Role::Leader && self.role != Role::Candidate {
            out.ignore(passed(term));
        } else if !granted && term > self.kept.term {
            self.enter_term(term, out);
            self.save(out);
        }
    }

    /// Whether it leads, or heard a leader within the shortest election time-out, by its own clock.
    fn hears_a_leader(&self, out: &Out<'_, Raft>) -> bool {
        let within = out.config().election.0 as i64;
        self.role == Role::Leader || self.heard.is_some_and(|heard| out.clock_micros() - heard < within)
    }

    /// A message from the term's leader is here.
    pub(super) fn hear(&mut self, leader: NodeId, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        self.leader = Some(leader);
        if config.uses_clock() {
            self.heard = Some(out.clock_micros());
        }
        out.arm(Wait::Election, config.election);
    }

    /// Time to see whether a majority still answers; if not, it leads no more (dissertation §6.2).
    pub(super) fn on_quorum_due(&mut self, out: &mut Out<'_, Raft>) {
        if self.role != Role::Leader {
            return;
        }
        let answered = core::mem::take(&mut self.answered);
        if answered.len() + 1 >= self.quorum() {
            let shortest = out.config().election.0;
            out.arm(Wait::Quorum, (shortest, shortest));
            return;
        }
        self.leader = None;
        self.follow(out);
    }
}
