//! Reads that do not go through the log: ReadIndex (dissertation §6.4) and leases (§6.4.1).

use super::message::Say;
use super::server::{Role, Server};
use super::{Config, Raft, ReadMode, flaw};
use alloc::collections::VecDeque;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::Key;
use lightcone_engine::protocol::Out;
use lightcone_engine::sorted_map::insertion_sort;

/// A read that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// Who reads.
    pub client: NodeId,
    /// The request's number.
    pub sequence: u16,
    /// What it reads.
    pub key: Key,
    /// The state machine must have applied this much.
    pub index: u32,
    /// A majority must have answered this round of heartbeats.
    pub round: u32,
}

/// For how long a leader may read alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lease {
    /// When, by its own clock, it sent the last round that a majority has answered.
    pub(super) from: Option<i64>,
    /// When it sent the rounds that a majority has not answered.
    sent: VecDeque<(u32, i64)>,
    /// It has told another server to stand at once: nobody waits for the time-out any more.
    pub(super) void: bool,
}

impl Config {
    /// How long a lease lasts by the leader's clock. Nobody who answered the round votes for another within
    /// the shortest election time-out; the leader's clock may be slow and theirs fast (dissertation §6.4.1).
    fn lease_micros(&self) -> i64 {
        let shortest = self.election.0 as i64;
        if self.flaw(flaw::LEASE_IGNORES_DRIFT) {
            return shortest;
        }
        let bound = self.drift_bound as i64;
        shortest * (1_000 - bound) / (1_000 + bound)
    }
}

impl Server {
    /// A client reads, and the leader need not write to answer.
    pub(super) fn on_read(&mut self, client: NodeId, sequence: u16, key: Key, out: &mut Out<'_, Raft>) {
        let config = *out.config();
        // What was committed before its own term, it knows only once an entry of its own is (§8).
        let index = self.commit.max(self.term_start);
        let unconfirmed = config.flaw(flaw::READ_WITHOUT_READ_INDEX);
        let leased = config.read_mode == ReadMode::Lease && self.machine.applied >= index && self.has_lease(out);
        if unconfirmed || leased {
            self.answer_read(client, sequence, key, out);
            return;
        }
        // Dissertation §6.4: a new leader may have come; a round of heartbeats tells.
        self.reads.push(Read { client, sequence, key, index, round: self.round + 1 });
        self.send_round(false, out);
        self.serve_reads(out);
    }

    fn answer_read(&self, client: NodeId, sequence: u16, key: Key, out: &mut Out<'_, Raft>) {
        out.send(client, Say::Response { sequence, key: Some(key), answer: self.machine.read(key) });
    }

    /// Answers the reads that are confirmed and whose index is applied.
    pub(super) fn serve_reads(&mut self, out: &mut Out<'_, Raft>) {
        if self.reads.is_empty() || self.role != Role::Leader {
            return;
        }
        let (round, applied) = (self.round_of_majority(), self.machine.applied);
        let mut place = 0;
        while let Some(read) = self.reads.get(place).copied() {
            if read.round <= round && read.index <= applied {
                self.reads.remove(place);
                self.answer_read(read.client, read.sequence, read.key, out);
            } else {
                place += 1;
            }
        }
    }

    /// The last round that a majority has answered.
    fn round_of_majority(&self) -> u32 {
        let mut rounds = self.peers.map(|peer| peer.round);
        rounds[self.me.index()] = self.round;
        let rounds = &mut rounds[..usize::from(self.servers)];
        insertion_sort(rounds);
        rounds[rounds.len() - self.quorum() as usize]
    }

    /// A round of heartbeats leaves: if a majority answers, the lease runs from now.
    pub(super) fn start_lease_round(&mut self, out: &mut Out<'_, Raft>) {
        if out.config().read_mode == ReadMode::Lease {
            self.lease.sent.push_back((self.round, out.clock_micros()));
            self.extend_lease(out);
        }
    }

    /// A majority may have answered another round.
    pub(super) fn extend_lease(&mut self, out: &mut Out<'_, Raft>) {
        if out.config().read_mode != ReadMode::Lease {
            return;
        }
        let round = self.round_of_majority();
        while let Some(&(sent, at)) = self.lease.sent.front()
            && sent <= round
        {
            self.lease.from = Some(at);
            self.lease.sent.pop_front();
        }
    }

    fn has_lease(&self, out: &Out<'_, Raft>) -> bool {
        let lasts = out.config().lease_micros();
        !self.lease.void && self.lease.from.is_some_and(|from| out.clock_micros() - from < lasts)
    }
}
