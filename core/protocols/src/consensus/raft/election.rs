//! Elections (§5.2, §5.4.1), pre-votes (dissertation §9.6), leaders that notice that they are alone (§6.2 there), and leaders
//! that hand over (§3.10 there).

use super::machine::{Command, Position};
use super::message::Message;
use super::server::{Leading, Peer, Role, Server, Stable};
use super::{Config, Fact, Flaw, Raft, ReadMode, Timer, belief, passed};
use crate::parts::majority::is_majority;
use lightcone_engine::prelude::*;

impl Config {
    /// The shortest and the longest election time-out (§5.2).
    pub(super) fn election_micros(&self) -> (u64, u64) {
        (self.election_min_micros, self.election_max_micros.max(self.election_min_micros))
    }

    /// Whether servers keep their vote while they hear a leader (dissertation §4.2.3): a leader may then count on not being
    /// replaced for the shortest election time-out after a majority heard it.
    pub(super) fn keeps_votes(&self) -> bool {
        self.check_quorum || self.read_mode == ReadMode::Lease
    }
}

/// A leader hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// The server that is to lead.
    pub to: NodeId,
    /// The operator's command.
    pub command: RequestId,
    /// Whether the other server has been told to stand.
    pub told: bool,
}

impl Server {
    /// No leader is heard for the election time-out (§5.2).
    pub(super) fn on_election_timeout(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        if config.read_mode == ReadMode::Lease
            && let Some(why) = self.hears_a_leader(out)
        {
            // The time-out came early by its own clock: a vote for itself would break the leader's lease.
            out.ignore(why);
            out.arm(Timer::Election, config.election_micros());
        } else if config.pre_vote {
            self.ask_before_standing(out);
        } else {
            self.stand(false, out);
        }
    }

    /// Starts an election: next term, a vote for itself, and a request to all others (§5.2).
    fn stand(&mut self, transfer: bool, out: &mut Out<'_, Raft>) {
        self.stable.term += 1;
        self.stable.vote = Some(self.me);
        self.unsaved = true;
        self.leader = None;
        self.role = Role::Candidate;
        self.votes = NodeSet::only(self.me);
        out.hold(belief::ROLE);
        out.hold(belief::VOTE);
        out.arm(Timer::Election, out.config().election_micros());
        // Saved before anybody hears of it: after a crash it votes for nobody else in this term.
        self.save(out);
        let (term, last) = (self.stable.term, self.stable.log.end());
        out.broadcast(NodeSet::first(self.servers), Message::RequestVote { term, last, transfer });
        self.count_votes(out);
    }

    /// A candidate asks for a vote (RequestVote RPC, receiver implementation).
    pub(super) fn on_request_vote(
        &mut self,
        from: NodeId,
        term: u32,
        last: Position,
        transfer: bool,
        out: &mut Out<'_, Raft>,
    ) {
        let config = *out.config();
        // Dissertation §4.2.3: while it hears a leader it neither votes nor changes its term.
        if config.keeps_votes()
            && !transfer
            && term > self.stable.term
            && let Some(why) = self.hears_a_leader(out)
        {
            return out.ignore(why);
        }
        if term > self.stable.term {
            self.enter_term(term, out);
        }
        // One vote a term, and only for logs at least as up to date as its own (§5.4.1).
        let free = self.stable.vote.is_none_or(|vote| vote == from) || config.has(Flaw::VotesTwiceInATerm);
        let up_to_date = last >= self.stable.log.end() || config.has(Flaw::LogNotComparedWhenVoting);
        let granted = term == self.stable.term && free && up_to_date;
        if granted {
            self.stable.vote = Some(from);
            self.unsaved = true;
            out.hold(belief::VOTE);
            if self.role == Role::Follower {
                out.arm(Timer::Election, config.election_micros());
            }
        }
        if self.unsaved && config.has(Flaw::VoteNotPersisted) {
            // The flaw: the term is saved, the vote is not.
            self.unsaved = false;
            out.persist(Stable { vote: None, ..self.stable.clone() });
        }
        self.save(out);
        out.send(from, Message::Vote { term: self.stable.term, granted });
    }

    /// A vote comes in.
    pub(super) fn on_vote(&mut self, from: NodeId, term: u32, granted: bool, out: &mut Out<'_, Raft>) {
        if !self.is_of_this_term(term, out) || !granted {
            return;
        }
        match self.role {
            Role::Candidate => self.take_vote(from, out),
            Role::Follower => out.ignore(phrase!("it no longer stands")),
            Role::PreCandidate | Role::Leader => {}
        }
    }

    fn take_vote(&mut self, from: NodeId, out: &mut Out<'_, Raft>) {
        self.votes.insert(from);
        out.evidence(belief::ROLE);
        self.count_votes(out);
    }

    fn count_votes(&mut self, out: &mut Out<'_, Raft>) {
        if is_majority(self.votes, self.servers) {
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
        let last = self.stable.log.last_index();
        self.role = Role::Leader;
        self.leader = Some(self.me);
        self.votes = NodeSet::EMPTY;
        self.leading.peers = PerNode(vec![Peer::after(last); usize::from(self.servers)]);
        self.leading.term_start = last + 1;
        out.disarm(Timer::Election);
        out.hold(belief::ROLE);
        out.happened(Fact::Leads { term: self.stable.term });
        if config.check_quorum {
            out.arm(Timer::Quorum, (config.election_min_micros, config.election_min_micros));
        }
        if config.no_op {
            // §8: what is committed shows when an entry of its own term is.
            self.append_own(Command::NoOp);
            self.save(out);
        }
        self.send_round(false, out);
        self.advance_commit(out);
    }

    /// Before it stands, it asks whether it would win. Nothing changes for those it asks (dissertation §9.6).
    fn ask_before_standing(&mut self, out: &mut Out<'_, Raft>) {
        if self.role != Role::PreCandidate {
            self.role = Role::PreCandidate;
            out.hold(belief::ROLE);
        }
        self.votes = NodeSet::only(self.me);
        out.arm(Timer::Election, out.config().election_micros());
        let (term, last) = (self.stable.term + 1, self.stable.log.end());
        out.broadcast(NodeSet::first(self.servers), Message::PreVote { term, last });
        self.count_votes(out);
    }

    /// Would it vote for the sender? Not while it hears a leader, nor for a log that is behind (dissertation §9.6).
    pub(super) fn on_pre_vote(&mut self, from: NodeId, term: u32, last: Position, out: &mut Out<'_, Raft>) {
        let up_to_date = term > self.stable.term && last >= self.stable.log.end();
        let granted = up_to_date && self.hears_a_leader(out).is_none();
        let term = if granted { term } else { self.stable.term };
        out.send(from, Message::PreVoteReply { term, granted });
    }

    /// Someone would vote for it, or would not.
    pub(super) fn on_pre_vote_reply(&mut self, from: NodeId, term: u32, granted: bool, out: &mut Out<'_, Raft>) {
        if granted && self.role == Role::PreCandidate && term == self.stable.term + 1 {
            self.take_vote(from, out);
        } else if granted && term <= self.stable.term && matches!(self.role, Role::Follower | Role::PreCandidate) {
            out.ignore(passed(term));
        } else if !granted && term > self.stable.term {
            self.enter_term(term, out);
            self.save(out);
        }
    }

    /// Why it takes a leader to be there: it leads, or heard one within the shortest election time-out, by its own clock.
    fn hears_a_leader(&self, out: &Out<'_, Raft>) -> Option<Phrase> {
        let shortest = out.config().election_min_micros as i64;
        let lately = |since: Option<i64>| since.is_some_and(|since| out.clock_micros() - since < shortest);
        if self.role == Role::Leader {
            Some(phrase!("it leads"))
        } else if lately(self.heard_micros) {
            Some(phrase!("it hears a leader"))
        } else {
            lately(self.started_micros).then(|| phrase!("it has just started and may have heard a leader before"))
        }
    }

    /// A message from the term's leader is here.
    pub(super) fn hear(&mut self, leader: NodeId, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        self.leader = Some(leader);
        if config.keeps_votes() || config.pre_vote {
            (self.heard_micros, self.started_micros) = (Some(out.clock_micros()), None);
        }
        out.arm(Timer::Election, config.election_micros());
    }

    /// Time to see whether a majority still answers; if not, it leads no more (dissertation §6.2).
    pub(super) fn on_quorum_due(&mut self, out: &mut Out<'_, Raft>) {
        let mut answered = core::mem::take(&mut self.leading.answered);
        answered.insert(self.me);
        if is_majority(answered, self.servers) {
            let shortest = out.config().election_min_micros;
            return out.arm(Timer::Quorum, (shortest, shortest));
        }
        self.leader = None;
        self.follow(out);
    }

    /// The operator wants another server to lead (dissertation §3.10).
    pub(super) fn on_transfer_command(&mut self, command: RequestId, to: NodeId, out: &mut Out<'_, Raft>) {
        let possible = self.role == Role::Leader && self.leading.transfer.is_none();
        if !possible || to == self.me || to.0 >= self.servers {
            return out.reply(command, Answer::Refused);
        }
        // 1. It takes no more requests.
        self.leading.transfer = Some(Transfer { to, command, told: false });
        let (_, longest) = out.config().election_micros();
        out.arm(Timer::Transfer, (longest, longest));
        // 2. It brings the other's log up to date.
        self.send_entries(to, out);
        self.hand_over_if_ready(out);
    }

    /// 3. Once the other has every entry, it is to stand at once.
    pub(super) fn hand_over_if_ready(&mut self, out: &mut Out<'_, Raft>) {
        let Leading { peers, transfer, lease, .. } = &mut self.leading;
        if let Some(transfer) = transfer
            && !transfer.told
            && peers[transfer.to.index()].matched == self.stable.log.last_index()
        {
            transfer.told = true;
            // Its election may come at any time from now on, in this term: no lease any more.
            lease.void = true;
            out.send(transfer.to, Message::TimeoutNow { term: self.stable.term });
        }
    }

    /// The leader wants it to lead.
    pub(super) fn on_timeout_now(&mut self, term: u32, out: &mut Out<'_, Raft>) {
        if term < self.stable.term {
            return out.ignore(passed(term));
        }
        if term > self.stable.term {
            self.enter_term(term, out);
        }
        if self.role != Role::Leader {
            self.stand(true, out);
        }
    }

    /// The other does not lead within an election time-out: it goes on leading itself.
    pub(super) fn on_transfer_timeout(&mut self, out: &mut Out<'_, Raft>) {
        if let Some(Transfer { to, command, .. }) = self.leading.transfer.take() {
            out.happened(Fact::NotTakenOver { by: to });
            out.reply(command, Answer::Refused);
        }
    }
}
