//! Elections (§5.2, §5.4.1), pre-votes (dissertation §9.6), leaders that notice that they are alone (§6.2 there), and leaders
//! that hand over (§3.10 there).
//!
//! ```text
//! S1  follower ──time-out──▶ candidate, term 2 ──┬─ RequestVote ─▶ S2   term 2, votes for S1, saves, answers
//!                            votes for itself    └─ RequestVote ─▶ S3   (late)
//!     leader of term 2 ◀── Vote of S2: two of three
//! ```
//!
//! Time-outs are drawn anew each time, so that votes seldom split twice in a row (§5.2). They only decide *when* there is a
//! leader; that there are not two of one term rests on votes alone.
//!
//! A server that was cut off comes back with a high term and makes a good leader step down. Two remedies, each a knob.
//! With **pre-vote** it asks first whether it would win, and keeps its term until a majority says so. With **check
//! quorum** (and with leases, which need it) servers do not listen to candidates while they hear a leader, and a leader
//! that a majority no longer answers steps down, for nobody would replace it otherwise as long as the rest hears it.

use super::machine::{Command, Position};
use super::message::Message;
use super::server::{Leading, Peer, Role, Server, Stable, Transfer};
use super::{Config, Fact, Flaw, ROLE, Raft, ReadMode, Timer, VOTE, passed};
use crate::parts::majority::is_majority;
use lightcone_engine::prelude::*;

/// Why a candidate gets no vote whose log is not as up to date as the voter's (§5.4.1).
const BEHIND: Phrase = Phrase::plain("its log is behind");

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

impl Server {
    /// No leader is heard for the election time-out (§5.2). A candidate whose election is undecided by then begins another:
    /// the votes were split, or lost.
    pub(super) fn on_election_timeout(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        if let Some(why) = (config.read_mode == ReadMode::Lease).then(|| self.hears_a_leader(out)).flatten() {
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
        out.hold(ROLE);
        out.hold(VOTE);
        out.arm(Timer::Election, out.config().election_micros());
        // Saved before anybody hears of it: after a crash it votes for nobody else in this term.
        self.save(out);
        let (term, last) = (self.stable.term, self.stable.log.end());
        out.broadcast(NodeSet::first(self.servers), Message::RequestVote { term, last, transfer });
        self.count_votes(out);
    }

    /// A candidate asks for a vote. RequestVote RPC, receiver implementation: "1. Reply false if term < currentTerm. 2. If
    /// votedFor is null or candidateId, and candidate's log is at least as up-to-date as receiver's log, grant vote."
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
        let disturbs = config.keeps_votes() && !transfer && term > self.stable.term;
        if let Some(why) = disturbs.then(|| self.hears_a_leader(out)).flatten() {
            return out.ignore(why);
        }
        if term > self.stable.term {
            self.enter_term(term, out);
        }
        // One vote a term, and only for logs at least as up to date as its own (§5.4.1): positions are ordered that way. Each
        // flaw takes one of the two conditions away.
        let free = self.stable.vote.is_none_or(|vote| vote == from) || config.has(Flaw::VotesTwiceInATerm);
        let up_to_date = last >= self.stable.log.end() || config.has(Flaw::LogNotComparedWhenVoting);
        let granted = term == self.stable.term && free && up_to_date;
        if granted {
            self.stable.vote = Some(from);
            self.unsaved = true;
            out.hold(VOTE);
            // Figure 2: a follower waits anew when it grants a vote; a refused candidate is no reason to wait.
            if self.role == Role::Follower {
                out.arm(Timer::Election, config.election_micros());
            }
        }
        if self.unsaved && config.has(Flaw::VoteNotPersisted) {
            // The flaw: the term is saved, the vote is not.
            self.unsaved = false;
            out.persist(Stable { vote: None, ..self.stable.clone() });
        }
        // Saved before it is sent: whoever counts this vote may rely on it, whatever happens here.
        self.save(out);
        let vote = Message::Vote { term: self.stable.term, granted };
        let outdated = term < self.stable.term;
        match self.stable.vote {
            _ if granted => out.send(from, vote),
            Some(other) if !outdated && !free => out.refuse(from, vote, phrase!("voted for {node}", other.0)),
            _ => out.refuse(from, vote, if outdated { passed(term) } else { BEHIND }),
        }
    }

    /// A vote comes in. It counts if it is of this term and the server still stands: votes of other terms are for other
    /// elections, and a leader needs no more.
    pub(super) fn on_vote(&mut self, from: NodeId, term: u32, granted: bool, out: &mut Out<'_, Raft>) {
        let for_this_term = self.is_of_this_term(term, out) && granted;
        match self.role {
            Role::Candidate if for_this_term => self.take_vote(from, out),
            Role::Follower if for_this_term => out.ignore(phrase!("it no longer stands")),
            _ => {}
        }
    }

    /// Someone would have it lead. In a set, a vote that comes twice counts once.
    fn take_vote(&mut self, from: NodeId, out: &mut Out<'_, Raft>) {
        self.votes.insert(from);
        out.evidence(ROLE);
        self.count_votes(out);
    }

    /// A majority is enough, its own vote included: of one server it is all there is.
    fn count_votes(&mut self, out: &mut Out<'_, Raft>) {
        if is_majority(self.votes, self.servers) {
            match self.role {
                Role::PreCandidate => self.stand(false, out),
                _ => self.lead(out),
            }
        }
    }

    /// A majority voted for it: it leads, and says so at once (§5.2).
    fn lead(&mut self, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        if config.has(Flaw::NewLeaderDropsUncommitted) {
            // The flaw takes what it does not know to be committed for what is not. Figure 3: "a leader never overwrites or
            // deletes entries in its log".
            self.drop_uncommitted(out);
        }
        let last = self.stable.log.last_index();
        self.role = Role::Leader;
        self.leader = Some(self.me);
        self.votes = NodeSet::EMPTY;
        self.leading.peers = PerNode(vec![Peer::after(last); usize::from(self.servers)]);
        self.leading.term_start = last + 1;
        out.disarm(Timer::Election);
        out.hold(ROLE);
        out.happened(Fact::Leads { term: self.stable.term });
        if config.check_quorum {
            out.arm(Timer::Quorum, (config.election_min_micros, config.election_min_micros));
        }
        if config.no_op {
            // §8: it has all committed entries but does not know which they are. That shows when an entry of its own term is
            // committed (§5.4.2); without clients that may be never, so it makes one.
            self.append_own(Command::NoOp);
            self.save(out);
        }
        self.send_round(false, out);
        self.advance_commit(out);
    }

    /// Deletes what it does not know to be committed: only with a flaw.
    fn drop_uncommitted(&mut self, out: &mut Out<'_, Raft>) {
        let (first, last) = (self.commit + 1, self.stable.log.last_index());
        if first <= last {
            self.stable.log.truncate(self.commit);
            self.unsaved = true;
            self.save(out);
            out.happened(Fact::Deletes { first, last });
        }
    }

    /// Before it stands, it asks whether it would win. Nothing changes for those it asks (dissertation §9.6).
    fn ask_before_standing(&mut self, out: &mut Out<'_, Raft>) {
        if self.role != Role::PreCandidate {
            self.role = Role::PreCandidate;
            out.hold(ROLE);
        }
        self.votes = NodeSet::only(self.me);
        out.arm(Timer::Election, out.config().election_micros());
        let (term, last) = (self.stable.term + 1, self.stable.log.end());
        out.broadcast(NodeSet::first(self.servers), Message::PreVote { term, last });
        self.count_votes(out);
    }

    /// Would it vote for the sender? Not while it hears a leader, nor for a log that is behind (dissertation §9.6).
    pub(super) fn on_pre_vote(&mut self, from: NodeId, term: u32, last: Position, out: &mut Out<'_, Raft>) {
        let why = if term <= self.stable.term {
            Some(passed(term))
        } else if last < self.stable.log.end() {
            Some(BEHIND)
        } else {
            self.hears_a_leader(out)
        };
        match why {
            Some(why) => out.refuse(from, Message::PreVoteReply { term: self.stable.term, granted: false }, why),
            None => out.send(from, Message::PreVoteReply { term, granted: true }),
        }
    }

    /// Someone would vote for it, or would not. A refusal says in which term its sender is: that may be later than its own.
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

    /// Why it takes a leader to be there, if it does: it leads, or heard one within the shortest election time-out, by its own
    /// clock.
    fn hears_a_leader(&self, out: &Out<'_, Raft>) -> Option<Phrase> {
        let shortest = out.config().election_min_micros as i64;
        let lately = |since: Option<i64>| since.is_some_and(|since| out.clock_micros() - since < shortest);
        match self.role {
            Role::Leader => Some(phrase!("it leads")),
            _ if lately(self.heard_micros) => Some(phrase!("it hears a leader")),
            _ => lately(self.started_micros).then(|| phrase!("it may have heard a leader before it started")),
        }
    }

    /// A message from the term's leader is here: whoever follows it need not stand for another election time-out.
    pub(super) fn hear(&mut self, leader: NodeId, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        self.leader = Some(leader);
        if config.keeps_votes() || config.pre_vote {
            (self.heard_micros, self.started_micros) = (Some(out.clock_micros()), None);
        }
        out.arm(Timer::Election, config.election_micros());
    }

    /// A shortest election time-out has passed. Has a majority answered in it, itself included? If not, it leads no more
    /// (dissertation §6.2).
    pub(super) fn on_quorum_due(&mut self, out: &mut Out<'_, Raft>) {
        let mut answered = core::mem::take(&mut self.leading.answered);
        answered.insert(self.me);
        if is_majority(answered, self.servers) {
            let shortest = out.config().election_min_micros;
            return out.arm(Timer::Quorum, (shortest, shortest));
        }
        // It follows in its own term, and knows of no leader.
        self.leader = None;
        self.follow(out);
        self.save(out);
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
            // Its election may come at any time from now on, in this term: "a leader would need to expire its lease before
            // transferring leadership" (dissertation §6.4.1). The transfer may fail, and the other be told later. The flaw keeps
            // the lease.
            lease.void = !out.config().has(Flaw::LeaseKeptWhileHandingOver);
            out.send(transfer.to, Message::TimeoutNow { term: self.stable.term });
        }
    }

    /// The leader wants it to lead: it stands at once, as if its time-out had come, and says that it was told to, so that
    /// those who hear the leader vote all the same (dissertation §3.10, §4.2.3).
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

    /// The other does not lead within an election time-out: it goes on leading itself, and takes requests again.
    pub(super) fn on_transfer_timeout(&mut self, out: &mut Out<'_, Raft>) {
        if let Some(Transfer { to, command, .. }) = self.leading.transfer.take() {
            out.happened(Fact::NotTakenOver { by: to });
            out.reply(command, Answer::Refused);
        }
    }
}
