//! Log replication (§5.3), the commit rule (§5.4.2) and what clients ask of servers (§8).

use super::log::{Command, Entry};
use super::message::{Outcome, Say};
use super::server::{Pace, Peer, Probe, Role, Server};
use super::{Raft, ReadMode, Wait, belief, flaw, passed};
use alloc::vec::Vec;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};
use lightcone_engine::sorted_map::insertion_sort;

impl Server {
    /// A client asks something.
    pub(super) fn on_client(&mut self, client: NodeId, sequence: u16, operation: Operation, out: &mut Out<'_, Raft>) {
        if self.role != Role::Leader {
            out.send(client, Say::Redirect { sequence, leader: self.leader });
            return;
        }
        if self.transfer.is_some() {
            // Dissertation §3.10: a leader that hands over takes no more requests.
            out.ignore(Phrase::plain("it hands over leadership"));
            return;
        }
        let config = *out.config();
        if let Operation::Read { key } = operation
            && config.read_mode != ReadMode::Log
        {
            self.on_read(client, sequence, key, out);
            return;
        }
        if !config.flaw(flaw::SESSIONS_NOT_CHECKED)
            && let Some(session) = self.machine.session(client)
            && sequence <= session.sequence
        {
            // §8: a command that took effect is answered again, not executed again.
            if sequence == session.sequence {
                self.respond(client, sequence, operation, session.answer, out);
            } else {
                out.ignore(Phrase::plain("its client has gone on"));
            }
            return;
        }
        self.append_own(Command::Client { client, sequence, operation });
        out.mark(Mark::Appended, Command::Client { client, sequence, operation }.appended());
        self.save(out);
        if config.flaw(flaw::ANSWERS_BEFORE_COMMIT) && answered_early(operation) {
            self.respond(client, sequence, operation, Answer::Done, out);
        }
        for peer in self.others() {
            self.send_entries(peer, out);
        }
        self.advance_commit(out);
    }

    pub(super) fn respond(
        &self,
        client: NodeId,
        sequence: u16,
        operation: Operation,
        answer: Answer,
        out: &mut Out<'_, Raft>,
    ) {
        let key = if matches!(operation, Operation::Read { .. }) { operation.key() } else { None };
        out.send(client, Say::Response { sequence, key, answer });
    }

    /// Adds an entry of its own term to its log.
    pub(super) fn append_own(&mut self, command: Command) {
        self.kept.log.push(Entry { term: self.kept.term, command });
        self.unsaved = true;
    }

    /// Time for heartbeats (§5.2).
    pub(super) fn on_heartbeat_due(&mut self, out: &mut Out<'_, Raft>) {
        if self.role == Role::Leader {
            self.send_round(true, out);
        }
    }

    /// Sends everyone what is new for them, or a heartbeat. With `again`, also what has not been
    /// acknowledged since the last time: a leader retries for ever (§5.3).
    pub(super) fn send_round(&mut self, again: bool, out: &mut Out<'_, Raft>) {
        let heartbeat = out.config().heartbeat;
        self.round += 1;
        self.start_lease_round(out);
        let mut idle = NodeSet::EMPTY;
        for to in self.others() {
            if again {
                self.go_back(to);
            }
            if !self.send_entries(to, out) {
                idle.insert(to);
            }
            let peer = &mut self.peers[to.index()];
            peer.sent_by_beat = if again { peer.next - 1 } else { peer.sent_by_beat };
        }
        self.send_heartbeats(idle, out);
        out.arm(Wait::Heartbeat, (heartbeat, heartbeat));
    }

    /// What was sent before the last heartbeat and is not acknowledged counts as lost.
    fn go_back(&mut self, to: NodeId) {
        let peer = &mut self.peers[to.index()];
        match &mut peer.pace {
            Pace::Guess => {}
            Pace::Probe(probe @ Probe::Sent) => *probe = Probe::Late,
            Pace::Probe(probe) => *probe = Probe::Due,
            Pace::Stream if peer.matched < peer.sent_by_beat => peer.next = peer.matched + 1,
            Pace::Stream => {}
        }
    }

    /// Sends entries from `next` on, if there are any and it is time. Returns whether it did.
    pub(super) fn send_entries(&mut self, to: NodeId, out: &mut Out<'_, Raft>) -> bool {
        let batch = out.config().batch;
        let peer = &mut self.peers[to.index()];
        if peer.next > self.kept.log.last_index() || matches!(peer.pace, Pace::Probe(Probe::Sent | Probe::Late)) {
            return false;
        }
        let entries = self.kept.log.tail(peer.next, batch);
        let previous_index = peer.next - 1;
        match &mut peer.pace {
            Pace::Probe(probe) => *probe = Probe::Sent,
            Pace::Guess | Pace::Stream => peer.next += entries.len() as u32,
        }
        out.send(to, self.append(previous_index, entries));
        true
    }

    /// A heartbeat asks about the last entry known, or guessed, to agree.
    fn send_heartbeats(&self, mut to: NodeSet, out: &mut Out<'_, Raft>) {
        let previous = |to: NodeId| match self.peers[to.index()] {
            Peer { pace: Pace::Stream, matched, .. } => matched,
            Peer { next, .. } => next - 1,
        };
        while let Some(first) = to.iter().next() {
            let index = previous(first);
            let alike: NodeSet = to.iter().filter(|&to| previous(to) == index).collect();
            out.broadcast(alike, self.append(index, Vec::new()));
            to = NodeSet(to.0 & !alike.0);
        }
    }

    fn append(&self, previous_index: u32, entries: Vec<Entry>) -> Say {
        Say::Append {
            term: self.kept.term,
            previous_index,
            // The index is of an entry that it has sent or is about to follow up: it is in its log.
            previous_term: self.kept.log.term(previous_index).unwrap_or(0),
            entries,
            commit: self.commit,
            round: self.round,
        }
    }

    /// New entries, or a heartbeat (AppendEntries RPC, receiver implementation).
    pub(super) fn on_append(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Raft>) {
        let Say::Append { term, previous_index, previous_term, ref entries, commit, round } = *message else { return };
        let beat = entries.is_empty();
        if term < self.kept.term {
            // 1. The sender's term has passed.
            out.ignore(passed(term));
            out.send(from, Say::AppendReply { term: self.kept.term, outcome: Outcome::Stale, round, beat });
            return;
        }
        if term > self.kept.term {
            self.enter_term(term, out);
        } else if self.role == Role::Leader {
            // Only a flaw makes two leaders of one term.
            out.ignore(Phrase::with("it leads term {} itself", &[term as i32]));
            return;
        }
        self.follow(out);
        self.hear(from, out);
        // 2. The logs must agree at the entry before.
        let outcome = if self.kept.log.term(previous_index) == Some(previous_term) {
            self.take_entries(previous_index, entries, out);
            Outcome::Matches(previous_index + entries.len() as u32)
        } else {
            self.difference(previous_index)
        };
        let reply = Say::AppendReply { term, outcome, round, beat };
        if out.config().flaw(flaw::ACKNOWLEDGES_BEFORE_PERSISTING) {
            out.send(from, reply);
            self.save(out);
        } else {
            self.save(out);
            out.send(from, reply);
        }
        if let Outcome::Matches(last_new) = outcome {
            // 5. It commits what the leader has committed, as far as it has it.
            self.commit_to(commit.min(last_new), out);
        }
    }

    /// 3. and 4.: what contradicts the new entries goes, and what is missing comes.
    fn take_entries(&mut self, previous_index: u32, entries: &[Entry], out: &mut Out<'_, Raft>) {
        let log = &mut self.kept.log;
        let before = log.last_index();
        let mut kept = before;
        let mut index = previous_index;
        for entry in entries {
            index += 1;
            if log.term(index) == Some(entry.term) {
                continue;
            }
            kept = kept.min(index - 1);
            log.truncate(index - 1);
            log.push(*entry);
            self.unsaved = true;
        }
        if out.config().flaw(flaw::TRUNCATES_ON_ANY_APPEND) && log.last_index() > index {
            // The flaw: this message may be older than the entries it cuts off.
            log.truncate(index);
            kept = kept.min(index);
            self.unsaved = true;
        }
        mark_deleted(kept, before, out);
        match self.kept.log.last_index() - kept {
            0 => {}
            1 => {
                let last = self.kept.log.entry(kept + 1);
                out.mark(Mark::Appended, last.map_or(Phrase::plain("no-op"), |entry| entry.command.appended()));
            }
            _ => {
                let last = self.kept.log.last_index();
                out.mark(Mark::Appended, Phrase::with("entries {} to {}", &[kept as i32 + 1, last as i32]));
            }
        }
    }

    /// Where the logs part, so that the leader need not try every index (§5.3).
    fn difference(&self, at: u32) -> Outcome {
        match self.kept.log.term(at) {
            None => Outcome::Differs { at, term: None, first: self.kept.log.last_index() + 1 },
            term => Outcome::Differs { at, term, first: self.kept.log.first_of_term(at) },
        }
    }

    /// A follower answers (§5.3).
    pub(super) fn on_append_reply(
        &mut self,
        from: NodeId,
        term: u32,
        outcome: Outcome,
        round: u32,
        out: &mut Out<'_, Raft>,
    ) {
        if term > self.kept.term {
            self.enter_term(term, out);
            self.save(out);
            return;
        }
        if term < self.kept.term {
            out.ignore(passed(term));
            return;
        }
        if self.role != Role::Leader {
            out.ignore(Phrase::plain("it no longer leads"));
            return;
        }
        if outcome == Outcome::Stale {
            // It refuses what was sent in an earlier term, whose rounds had numbers of their own: it confirms none of this.
            out.ignore(Phrase::plain("it is about an earlier term"));
            return;
        }
        self.answered.insert(from);
        let peer = &mut self.peers[from.index()];
        peer.round = peer.round.max(round);
        match outcome {
            Outcome::Stale => {}
            Outcome::Matches(index) => self.on_match(from, index, out),
            Outcome::Differs { at, term, first } => self.on_difference(from, at, term, first, out),
        }
        self.extend_lease(out);
        self.serve_reads(out);
    }

    fn on_match(&mut self, from: NodeId, index: u32, out: &mut Out<'_, Raft>) {
        let peer = &mut self.peers[from.index()];
        peer.pace = Pace::Stream;
        peer.next = peer.next.max(index + 1);
        if index > peer.matched {
            peer.matched = index;
            out.evidence(belief::COMMIT);
            self.advance_commit(out);
        }
        self.send_entries(from, out);
        self.hand_over_if_ready(out);
    }

    /// The logs do not agree at `at`: it tries further back, a term at a time (§5.3).
    fn on_difference(&mut self, from: NodeId, at: u32, term: Option<u32>, first: u32, out: &mut Out<'_, Raft>) {
        let peer = &mut self.peers[from.index()];
        let probed = matches!(peer.pace, Pace::Probe(_));
        if at <= peer.matched || (probed && at != peer.next - 1) {
            return; // About a message that others have overtaken.
        }
        // After the last entry of that term it has itself, or where the follower's entries of that term begin.
        let mine = term.and_then(|term| self.kept.log.last_of_term(term, at));
        let next = mine.map_or(first, |mine| mine + 1);
        peer.next = next.min(at).max(peer.matched + 1);
        peer.pace = Pace::Probe(Probe::Due);
        self.send_entries(from, out);
    }

    /// Commits what a majority holds, if it is of its own term (§5.3, §5.4.2).
    pub(super) fn advance_commit(&mut self, out: &mut Out<'_, Raft>) {
        let mut held = self.peers.map(|peer| peer.matched);
        held[self.me.index()] = self.kept.log.last_index();
        let held = &mut held[..usize::from(self.servers)];
        insertion_sort(held);
        let by_majority = held[held.len() - self.quorum() as usize];
        // §5.4.2: an entry of an earlier term may still be replaced although a majority holds it.
        let own_term = self.kept.log.term(by_majority) == Some(self.kept.term);
        if own_term || out.config().flaw(flaw::COMMITS_OLD_TERM_BY_COUNTING) {
            self.commit_to(by_majority, out);
        }
    }

    /// The entries up to `index` are committed: it applies them, and a leader answers their clients.
    fn commit_to(&mut self, index: u32, out: &mut Out<'_, Raft>) {
        if index <= self.commit {
            return;
        }
        let first = core::mem::replace(&mut self.commit, index) + 1;
        out.hold(belief::COMMIT);
        mark_committed(first, index, self.kept.log.entry(index), out);
        let config = *out.config();
        let check = !config.flaw(flaw::SESSIONS_NOT_CHECKED);
        while self.machine.applied < self.commit {
            let Some(entry) = self.kept.log.entry(self.machine.applied + 1) else { break };
            let answer = self.machine.apply(entry.command, check);
            let Command::Client { client, sequence, operation } = entry.command else { continue };
            if self.role != Role::Leader || entry.term != self.kept.term {
                continue; // Its client asks again, and is answered from its session.
            }
            if config.flaw(flaw::ANSWERS_BEFORE_COMMIT) && answered_early(operation) {
                continue;
            }
            if let Some(answer) = answer {
                self.respond(client, sequence, operation, answer, out);
            }
        }
        self.serve_reads(out);
    }
}

/// What the flaw `answers-before-commit` can answer without executing it.
fn answered_early(operation: Operation) -> bool {
    matches!(operation, Operation::Write { .. } | Operation::Add { .. })
}

fn mark_deleted(kept: u32, before: u32, out: &mut Out<'_, Raft>) {
    match before.saturating_sub(kept) {
        0 => {}
        1 => out.mark(Mark::Turning, Phrase::with("entry {} goes", &[before as i32])),
        _ => out.mark(Mark::Turning, Phrase::with("entries {} to {} go", &[kept as i32 + 1, before as i32])),
    }
}

fn mark_committed(first: u32, last: u32, entry: Option<Entry>, out: &mut Out<'_, Raft>) {
    let phrase = match entry {
        Some(entry) if first == last => entry.command.commits(),
        _ => Phrase::with("entries {} to {} commit", &[first as i32, last as i32]),
    };
    out.mark(Mark::Committed, phrase);
}
