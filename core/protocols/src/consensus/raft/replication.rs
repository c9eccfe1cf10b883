//! Log replication (§5.3) and the commit rule (§5.4.2).
//!
//! ```text
//!             1   2   3   4   5   6      index
//! S1 leader   1   1   2   3   3          term of each entry
//! S2          1   1   2   3              matchIndex 4, nextIndex 5
//! S3          1   1   1   1              asked at 4: "term 1, from index 1 on"; nextIndex 3
//! ```
//!
//! The leader sends each follower what comes after `nextIndex - 1`, and says what it has there. A follower that has the same
//! there has the same log up to there (log matching), deletes what contradicts the new entries, and adds them. One that has
//! not refuses, and says which term it has there and where that term begins in its log. The leader then asks after its own
//! last entry of that term, or, if it has none, at the beginning of the follower's: one message a term, not one an entry.
//!
//! An entry is committed when a majority holds it and it is of the leader's own term; those before it are committed with it.
//!
//! The paper sends entries again until they are acknowledged, and leaves to the implementer how fast. Here a leader sends them
//! as they come while it has no reason to think that the logs differ; if they do, it asks one question at a time; and what
//! has not been acknowledged for a whole heartbeat is sent again ([`Pace`](super::server::Pace)).

use super::client::respond;
use super::machine::{Command, Entry, Span};
use super::message::{Append, Appended, Message, Outcome};
use super::server::{Pace, Peer, Role, Server};
use super::{COMMIT, Fact, Flaw, Raft, Timer, passed};
use lightcone_engine::prelude::*;

impl Server {
    /// Adds an entry of its own term to its log.
    pub(super) fn append_own(&mut self, command: Command) {
        self.stable.log.push(Entry { term: self.stable.term, command });
        self.unsaved = true;
    }

    /// Sends everyone what is new for them, or a heartbeat (§5.2). With `again`, also what has not been acknowledged since the
    /// last time: a leader retries for ever (§5.3).
    pub(super) fn send_round(&mut self, again: bool, out: &mut Out<'_, Raft>) {
        let heartbeat = out.config().heartbeat_micros;
        // The flaw has not saved what clients asked since the last round.
        self.save(out);
        self.leading.round += 1;
        self.start_lease_round(out);
        let mut idle = NodeSet::EMPTY;
        for to in self.others() {
            if again {
                self.leading.peers[to.index()].go_back();
            }
            if !self.send_entries(to, out) {
                idle.insert(to);
            }
            let peer = &mut self.leading.peers[to.index()];
            peer.sent_by_beat = if again { peer.next - 1 } else { peer.sent_by_beat };
        }
        self.send_heartbeats(idle, out);
        out.arm(Timer::Heartbeat, (heartbeat, heartbeat));
    }

    /// Sends entries from `nextIndex` on, if there are any and it is time. Returns whether it did. It does not wait for the
    /// answer before it sends the next: `nextIndex` moves on at once, and back if they are lost.
    pub(super) fn send_entries(&mut self, to: NodeId, out: &mut Out<'_, Raft>) -> bool {
        let peer = &mut self.leading.peers[to.index()];
        let previous = peer.next - 1;
        let entries = self.stable.log.tail(peer.next, out.config().batch);
        if entries.is_empty() || matches!(peer.pace, Pace::Probing | Pace::ProbingLate) {
            return false;
        }
        match &mut peer.pace {
            Pace::Guess | Pace::Stream => peer.next += entries.len() as u32,
            probe => *probe = Pace::Probing,
        }
        out.send(to, Message::AppendEntries(self.append(previous, entries)));
        true
    }

    /// A heartbeat asks about the last entry known, or guessed, to agree: so that a follower learns the commit index, and
    /// a leader that guessed wrong learns it although it has nothing to send. Those with the same question get the same
    /// message.
    fn send_heartbeats(&self, mut to: NodeSet, out: &mut Out<'_, Raft>) {
        let previous = |to: NodeId| match self.leading.peers[to.index()] {
            Peer { pace: Pace::Stream, matched, .. } => matched,
            Peer { next, .. } => next - 1,
        };
        while let Some(first) = to.iter().next() {
            let alike: NodeSet = to.iter().filter(|&to| previous(to) == previous(first)).collect();
            out.broadcast(alike, Message::Heartbeat(self.append(previous(first), Vec::new())));
            to = NodeSet(to.0 & !alike.0);
        }
    }

    /// An AppendEntries RPC with these entries after that index.
    fn append(&self, previous: u32, entries: Vec<Entry>) -> Append {
        Append {
            term: self.stable.term,
            // An entry that it has sent or is about to follow up: it is in its log.
            previous: self.stable.log.position(previous).unwrap_or_default(),
            entries,
            commit: self.commit,
            round: self.leading.round,
        }
    }

    /// New entries, or a heartbeat (AppendEntries RPC, receiver implementation).
    pub(super) fn on_append(&mut self, from: NodeId, append: &Append, out: &mut Out<'_, Raft>) {
        let reply = |term, outcome| {
            let appended = Appended { term, outcome, round: append.round };
            if append.entries.is_empty() { Message::HeartbeatReply(appended) } else { Message::AppendReply(appended) }
        };
        if append.term < self.stable.term {
            // 1. The sender's term has passed.
            out.ignore(passed(append.term));
            return out.refuse(from, reply(self.stable.term, Outcome::Stale), passed(append.term));
        }
        if append.term > self.stable.term {
            self.enter_term(append.term, out);
        } else if self.role == Role::Leader {
            // Only a flaw makes two leaders of one term (election safety).
            return out.ignore(phrase!("it leads term {} itself", append.term));
        }
        self.follow(out);
        self.hear(from, out);
        // The sender leads this term: whoever stands in it has lost (§5.2), and waits for the leader's silence from now.
        // 2. "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm."
        let outcome = if self.stable.log.position(append.previous.index) == Some(append.previous) {
            self.take_entries(append, out);
            Outcome::Matches(append.last_new())
        } else {
            self.difference(append.previous.index)
        };
        // Who acknowledges entries has them on disk: the leader counts it among those that hold them. The flaw sends first.
        let sends_first = out.config().has(Flaw::AcknowledgesBeforePersisting);
        if !sends_first {
            self.save(out);
        }
        let reply = reply(self.stable.term, outcome);
        match outcome.refusal() {
            Some(why) => out.refuse(from, reply, why),
            None => out.send(from, reply),
        }
        if sends_first {
            self.save(out);
        }
        if let Outcome::Matches(last_new) = outcome {
            // 5. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)." What it has
            // beyond that, the leader has not confirmed. The flaw takes a heartbeat, which has no new entries, to speak of the
            // whole log. etcd prevents that at the sender: "the leader MUST NOT forward the follower's commit to an unmatched
            // index" (`sendHeartbeat`).
            let whole = append.entries.is_empty() && out.config().has(Flaw::HeartbeatCommitsStaleTail);
            let agrees = if whole { self.stable.log.last_index() } else { last_new };
            self.commit_to(append.commit.min(agrees), out);
        }
    }

    /// Steps 3 and 4. "If an existing entry conflicts with a new one (same index but different terms), delete the
    /// existing entry and all that follow it. Append any new entries not already in the log." A message that was
    /// overtaken by a later one deletes nothing: its entries are there already.
    fn take_entries(&mut self, append: &Append, out: &mut Out<'_, Raft>) {
        let log = &mut self.stable.log;
        let before = log.last_index();
        // What stays of the log as it was.
        let mut kept = before;
        for (index, entry) in (append.previous.index + 1..).zip(&append.entries) {
            if log.term(index) != Some(entry.term) {
                kept = kept.min(index - 1);
                log.truncate(index - 1);
                log.push(*entry);
                self.unsaved = true;
            }
        }
        if out.config().has(Flaw::TruncatesOnAnyAppend) && log.last_index() > append.last_new() {
            // The flaw: this message may be older than the entries it cuts off.
            log.truncate(append.last_new());
            kept = kept.min(append.last_new());
            self.unsaved = true;
        }
        if kept < before {
            out.happened(Fact::Deletes { first: kept + 1, last: before });
        }
        if let Some(entries) = Span::of(log, kept + 1, log.last_index()) {
            out.happened(Fact::Appends { entries });
        }
    }

    /// Where the logs part, so that the leader need not try every index (§5.3).
    fn difference(&self, at: u32) -> Outcome {
        let (log, term) = (&self.stable.log, self.stable.log.term(at));
        let first = if term.is_some() { log.first_of_term(at) } else { log.last_index() + 1 };
        Outcome::Differs { at, term, first }
    }

    /// A follower answers (§5.3). Any answer of this term says that its sender took it for the leader when it received that
    /// round: check quorum, reads and leases count on this, whether the logs agree or not.
    pub(super) fn on_append_reply(&mut self, from: NodeId, reply: Appended, out: &mut Out<'_, Raft>) {
        if !self.is_of_this_term(reply.term, out) {
            return;
        }
        if self.role != Role::Leader {
            return out.ignore(phrase!("it no longer leads"));
        }
        if reply.outcome == Outcome::Stale {
            // It refuses what was sent in an earlier term, whose rounds had numbers of their own: it confirms none of this.
            return out.ignore(phrase!("it answers a message of an earlier term"));
        }
        self.leading.answered.insert(from);
        let peer = &mut self.leading.peers[from.index()];
        peer.round = peer.round.max(reply.round);
        match reply.outcome {
            Outcome::Stale => {}
            Outcome::Matches(index) => self.on_match(from, index, out),
            Outcome::Differs { at, term, first } => self.on_difference(from, at, term, first, out),
        }
        self.extend_lease();
        self.serve_reads(out);
    }

    /// The logs agree up to `index`. "If successful: update nextIndex and matchIndex for follower." Neither goes back: answers
    /// overtake each other.
    fn on_match(&mut self, from: NodeId, index: u32, out: &mut Out<'_, Raft>) {
        let peer = &mut self.leading.peers[from.index()];
        peer.pace = Pace::Stream;
        peer.next = peer.next.max(index + 1);
        if index > peer.matched {
            peer.matched = index;
            out.evidence(COMMIT);
            self.advance_commit(out);
        }
        self.send_entries(from, out);
        self.hand_over_if_ready(out);
    }

    /// The logs do not agree at `at`: it tries further back, a term at a time (§5.3).
    fn on_difference(&mut self, from: NodeId, at: u32, term: Option<u32>, first: u32, out: &mut Out<'_, Raft>) {
        let peer = &mut self.leading.peers[from.index()];
        let probed = !matches!(peer.pace, Pace::Guess | Pace::Stream);
        if at <= peer.matched || (probed && at != peer.next - 1) {
            return; // About a message that others have overtaken.
        }
        // After the last entry of that term it has itself, or where the follower's entries of that term begin.
        let mine = term.and_then(|term| self.stable.log.last_of_term(term, at));
        let next = mine.map_or(first, |mine| mine + 1);
        peer.next = next.min(at).max(peer.matched + 1);
        peer.pace = Pace::Probe;
        self.send_entries(from, out);
    }

    /// Commits what a majority holds, if it is of its own term (§5.3, §5.4.2). "If there exists an N such that N >
    /// commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set commitIndex = N."
    pub(super) fn advance_commit(&mut self, out: &mut Out<'_, Raft>) {
        let by_majority = self.reached_by_majority(self.stable.log.last_index(), |peer| peer.matched);
        // §5.4.2: an entry of an earlier term may still be replaced although a majority holds it.
        let own_term = self.stable.log.term(by_majority) == Some(self.stable.term);
        if own_term || out.config().has(Flaw::CommitsOldTermByCounting) {
            self.commit_to(by_majority, out);
        }
    }

    /// The entries up to `index` are committed: it applies them, and a leader answers their clients. To apply takes no time
    /// here, so `lastApplied` is `commitIndex` after every event.
    fn commit_to(&mut self, index: u32, out: &mut Out<'_, Raft>) {
        let Some(entries) = Span::of(&self.stable.log, self.commit + 1, index) else { return };
        self.commit = index;
        out.hold(COMMIT);
        out.happened(Fact::Commits { entries });
        let check_sessions = !out.config().has(Flaw::SessionsNotChecked);
        for entry in self.stable.log.tail(self.machine.applied + 1, self.commit - self.machine.applied) {
            let answer = self.machine.apply(entry.command, check_sessions);
            let Command::Client(request) = entry.command else { continue };
            // The client of an earlier term's leader asks again, and is answered from its session.
            let asked_here = self.role == Role::Leader && entry.term == self.stable.term;
            let waits = asked_here && !out.config().answers_early(request.operation);
            if let Some(answer) = answer.filter(|_| waits) {
                respond(request, answer, out);
            }
        }
        self.serve_reads(out);
    }
}

impl Peer {
    /// After an election `nextIndex` is the index after the leader's last entry, and `matchIndex` 0 (§5.3).
    pub(super) const fn after(last_index: u32) -> Peer {
        Peer { next: last_index + 1, matched: 0, pace: Pace::Guess, round: 0, sent_by_beat: 0 }
    }

    /// What was sent before the last heartbeat and is not acknowledged counts as lost.
    fn go_back(&mut self) {
        match self.pace {
            Pace::Probing => self.pace = Pace::ProbingLate,
            Pace::ProbingLate => self.pace = Pace::Probe,
            Pace::Stream if self.matched < self.sent_by_beat => self.next = self.matched + 1,
            Pace::Guess | Pace::Probe | Pace::Stream => {}
        }
    }
}
