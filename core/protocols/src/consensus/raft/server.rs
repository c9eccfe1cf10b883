//! A server's state (Figure 2), what moves it from one role and term to the next, and where messages go.

use super::log::Log;
use super::machine::Machine;
use super::message::Say;
use super::read::{Lease, Read};
use super::transfer::Transfer;
use super::{MAX_SERVERS, Raft, Wait, belief};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{NodeId, NodeSet, PerNode};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};

/// What a server does in its term (§5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Answers leaders and candidates.
    Follower,
    /// Asks whether it would win (dissertation §9.6).
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Adds to the log.
    Leader,
}

impl Role {
    /// The role's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Follower => "follower",
            Role::PreCandidate => "pre-candidate",
            Role::Candidate => "candidate",
            Role::Leader => "leader",
        }
    }
}

/// What a crash leaves: "persistent state on all servers" of Figure 2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kept {
    /// The latest term it has seen.
    pub term: u32,
    /// For whom it voted in this term.
    pub vote: Option<NodeId>,
    /// The log.
    pub log: Log,
}

/// What a leader knows of another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// `nextIndex`: the next entry to send.
    pub next: u32,
    /// `matchIndex`: up to here its log is known to agree.
    pub matched: u32,
    /// How `next` is moved.
    pub pace: Pace,
    /// The last round it answered.
    pub round: u32,
    /// What had been sent at the last heartbeat: not acknowledged by the next, it is sent again.
    pub sent_by_beat: u32,
}

/// How entries are sent to another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pace {
    /// `next` is a guess and nothing is known against it: as they come.
    Guess,
    /// The guess was wrong: one message, and wait for what comes back.
    Probe(Probe),
    /// The logs agree up to `matched`: as they come.
    Stream,
}

/// Whether a probe is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Probe {
    /// None.
    Due,
    /// Since the last heartbeat.
    Sent,
    /// Since before the last heartbeat: it counts as lost with the next.
    Late,
}

impl Peer {
    const UNKNOWN: Peer = Peer { next: 1, matched: 0, pace: Pace::Guess, round: 0, sent_by_beat: 0 };

    /// After an election `next` starts just after the leader's last entry (§5.3).
    pub(super) fn at(next: u32) -> Peer {
        Peer { next, ..Peer::UNKNOWN }
    }
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Which one.
    pub me: NodeId,
    /// How many there are.
    pub servers: u8,
    /// What a crash leaves.
    pub kept: Kept,
    /// Whether `kept` has changed since it was written. Never between two events.
    pub(super) unsaved: bool,
    /// Its role.
    pub role: Role,
    /// Who leads this term, as far as it knows.
    pub leader: Option<NodeId>,
    /// When it last heard of a leader, by its own clock; kept only where it matters.
    pub(super) heard: Option<i64>,
    /// `commitIndex`.
    pub commit: u32,
    /// The state machine, and `lastApplied`.
    pub machine: Machine,
    /// A candidate: who votes for it.
    pub votes: NodeSet,
    /// A leader: the others.
    pub peers: PerNode<[Peer; MAX_SERVERS]>,
    /// A leader: its latest round of heartbeats.
    pub(super) round: u32,
    /// A leader: who has answered since the quorum was last checked.
    pub(super) answered: NodeSet,
    /// A leader: the first index of its own term.
    pub(super) term_start: u32,
    /// A leader: reads that wait.
    pub(super) reads: Vec<Read>,
    /// A leader: how long it may read alone.
    pub(super) lease: Lease,
    /// A leader: to whom it hands over.
    pub(super) transfer: Option<Transfer>,
}

impl Hash for Server {
    /// Who voted for it no longer counts once it leads.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Server { me, servers, kept, unsaved, role, leader, heard, commit, machine, votes, peers, .. } = self;
        let Server { round, answered, term_start, reads, lease, transfer, .. } = self;
        let votes = if *role == Role::Leader { NodeSet::EMPTY } else { *votes };
        (me, servers, kept, unsaved, role, leader, heard, commit, machine, votes, peers).hash(state);
        (round, answered, term_start, reads, lease, transfer).hash(state);
    }
}

impl Server {
    pub(super) fn boot(kept: Kept, out: &mut Out<'_, Raft>) -> Server {
        let config = *out.config();
        // A server that keeps its vote while a leader is heard must not forget, by a crash, that it heard one.
        let heard = config.keeps_votes().then(|| out.clock_micros());
        out.arm(Wait::Election, config.election);
        Server {
            me: out.me(),
            servers: config.servers,
            kept,
            unsaved: false,
            role: Role::Follower,
            leader: None,
            heard,
            commit: 0,
            machine: Machine::default(),
            votes: NodeSet::EMPTY,
            peers: PerNode([Peer::UNKNOWN; MAX_SERVERS]),
            round: 0,
            answered: NodeSet::EMPTY,
            term_start: 0,
            reads: Vec::new(),
            lease: Lease::default(),
            transfer: None,
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Raft>) {
        match *message {
            Say::RequestVote { term, last_index, last_term, transfer } => {
                self.on_request_vote(from, term, (last_term, last_index), transfer, out);
            }
            Say::Vote { term, granted } => self.on_vote(from, term, granted, out),
            Say::PreVote { term, last_index, last_term } => self.on_pre_vote(from, term, (last_term, last_index), out),
            Say::PreVoteReply { term, granted } => self.on_pre_vote_reply(from, term, granted, out),
            Say::Append { .. } => self.on_append(from, message, out),
            Say::AppendReply { term, outcome, round, .. } => self.on_append_reply(from, term, outcome, round, out),
            Say::TimeoutNow { term } => self.on_timeout_now(term, out),
            Say::Request { sequence, operation } => self.on_client(from, sequence, operation, out),
            Say::Response { .. } | Say::Redirect { .. } => out.ignore(Phrase::plain("not for a server")),
        }
    }

    /// The other servers.
    pub(super) fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        NodeSet::first(self.servers).without(self.me).iter()
    }

    /// How many servers are a majority.
    #[must_use]
    pub fn quorum(&self) -> u32 {
        u32::from(self.servers) / 2 + 1
    }

    /// Writes to stable storage what has changed: before the messages that depend on it (Figure 2).
    pub(super) fn save(&mut self, out: &mut Out<'_, Raft>) {
        if core::mem::take(&mut self.unsaved) {
            out.persist(self.kept.clone());
        }
    }

    /// A term later than its own: whatever it was, it follows (§5.1).
    pub(super) fn enter_term(&mut self, term: u32, out: &mut Out<'_, Raft>) {
        self.kept.term = term;
        self.kept.vote = None;
        self.unsaved = true;
        self.leader = None;
        self.follow(out);
    }

    /// Stops leading or standing, if it does.
    pub(super) fn follow(&mut self, out: &mut Out<'_, Raft>) {
        let before = core::mem::replace(&mut self.role, Role::Follower);
        self.votes = NodeSet::EMPTY;
        if before != Role::Follower {
            out.hold(belief::ROLE);
        }
        if before != Role::Leader {
            return;
        }
        out.mark(Mark::Turning, Phrase::plain("steps down"));
        out.disarm(Wait::Heartbeat);
        out.disarm(Wait::Quorum);
        out.arm(Wait::Election, out.config().election);
        self.peers = PerNode([Peer::UNKNOWN; MAX_SERVERS]);
        (self.round, self.term_start) = (0, 0);
        self.answered = NodeSet::EMPTY;
        self.reads.clear();
        self.lease = Lease::default();
        self.end_transfer(out);
    }
}
