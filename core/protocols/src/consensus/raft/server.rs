//! A server's state (Figure 2), what moves it from one role and term to the next, and where messages go.
//!
//! | Figure 2                            | here                                                             |
//! |-------------------------------------|------------------------------------------------------------------|
//! | persistent state on all servers     | [`Stable`], written by `Server::save` before a message relies on it |
//! | volatile state on all servers       | [`Server::commit`], and `applied` of [`Server::machine`]         |
//! | volatile state on leaders           | [`Leading`], of which nothing is left when it follows again      |
//! | rules for servers: all, followers … | `Server::is_of_this_term`, `Server::enter_term`, `Server::follow` |
//!
//! Figure 4, the roles: a time-out makes a follower a candidate (with pre-vote a pre-candidate first, dissertation §9.6), a
//! majority of votes makes a candidate a leader, and a later term, or a leader of its own term, makes anyone a follower.

use super::client::{Lease, Read};
use super::machine::{Entry, Log, Machine, Request};
use super::message::Message;
use super::{Fact, Flaw, ROLE, Raft, Timer, name, passed};
use crate::parts::majority::{majority, reached_by_majority};
use lightcone_engine::prelude::*;

/// What a server does in its term (§5.1, Figure 4).
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

/// What a crash leaves: "persistent state on all servers" of Figure 2. Without the vote, two leaders of one term (election
/// safety); without the term, a vote in one that has passed; without the log, a majority that held an entry is none any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stable {
    /// `currentTerm`: the latest term it has seen.
    pub term: u32,
    /// `votedFor`: the candidate it voted for in this term.
    pub vote: Option<NodeId>,
    /// `log[]`.
    pub log: Log,
}

/// A server.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    /// Its own lane.
    pub me: NodeId,
    /// How many servers there are.
    pub servers: u8,
    /// What a crash leaves.
    pub stable: Stable,
    /// Whether `stable` has changed since it was written. Never between two events: a handler saves before it ends, for
    /// what it has sent may rely on it. Only [`Flaw::CountsItselfBeforeSaving`] puts that off.
    pub(super) unsaved: bool,
    /// Its role.
    pub role: Role,
    /// Who leads this term, as far as it knows: only to tell clients.
    pub leader: Option<NodeId>,
    /// When it last heard a leader, by its own clock; kept only where it matters.
    pub(super) heard_micros: Option<i64>,
    /// When it started, by its own clock, until it hears a leader: it may have heard one before. Kept only where it matters.
    pub(super) started_micros: Option<i64>,
    /// `commitIndex`: the highest entry that it knows to be committed. Memory only: after a crash the leader tells it again.
    pub commit: u32,
    /// The state machine, and `lastApplied`.
    pub machine: Machine,
    /// A candidate or pre-candidate: who votes for it.
    pub votes: NodeSet,
    /// What it knows only while it leads.
    pub leading: Leading,
}

/// A leader hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// The server that is to lead.
    pub to: NodeId,
    /// The operator's command.
    pub command: RequestId,
    /// Whether the other server has been told to stand. It is told once: if TimeoutNow is lost, the transfer fails.
    pub told: bool,
}

/// "Volatile state on leaders (reinitialized after election)" of Figure 2, and what the dissertation adds.
#[derive(Clone, Debug, Default, Hash)]
pub struct Leading {
    /// What it knows of each server; its own item is not used.
    pub peers: PerNode<Vec<Peer>>,
    /// Its latest round of heartbeats (dissertation §6.4). Every AppendEntries carries it, and its answer says it again,
    /// so that the leader knows of each server up to when it took it for the leader.
    pub(super) round: u32,
    /// Who has answered since it last checked for a quorum (dissertation §6.2).
    pub(super) answered: NodeSet,
    /// The first index of its own term. Once that is committed it knows all that is.
    pub(super) term_start: u32,
    /// Reads that wait (dissertation §6.4).
    pub(super) reads: Vec<Read>,
    /// How long it may read alone (dissertation §6.4.1).
    pub(super) lease: Lease,
    /// The transfer of its leadership, if it hands over (dissertation §3.10).
    pub(super) transfer: Option<Transfer>,
}

/// What a leader knows of another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// `nextIndex`: the next entry to send.
    pub next: u32,
    /// `matchIndex`: up to here its log is known to agree.
    pub matched: u32,
    /// How `next` is moved.
    pub(super) pace: Pace,
    /// The last round that it answered.
    pub(super) round: u32,
    /// The last entry that had been sent at the last heartbeat: if it is not acknowledged by the next, it is sent again.
    pub(super) sent_by_beat: u32,
}

/// How entries are sent to another server.
///
/// ```text
/// Guess ──differs──▶ Probe ──sent──▶ Probing ──heartbeat──▶ ProbingLate ──heartbeat──▶ Probe
///   any of these ──matches──▶ Stream ──differs──▶ Probe
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pace {
    /// `next` is a guess and nothing is known against it: as they come.
    Guess,
    /// The logs agree up to `matched`: as they come.
    Stream,
    /// The guess was wrong: one message is to be sent, and then nothing before an answer comes.
    Probe,
    /// That message was sent since the last heartbeat.
    Probing,
    /// That message was sent before the last heartbeat: it counts as lost with the next.
    ProbingLate,
}

impl Server {
    /// It starts as a follower, at the beginning and after a crash, and waits to hear a leader (§5.2).
    pub(super) fn boot(stable: Stable, out: &mut Out<'_, Raft>) -> Server {
        let config = *out.config();
        out.arm(Timer::Election, config.election_micros());
        Server {
            me: out.me(),
            servers: config.servers,
            stable,
            unsaved: false,
            role: Role::Follower,
            leader: None,
            heard_micros: None,
            // A server that keeps its vote while a leader is heard must not forget, by a crash, that it heard one. The flaw
            // does: the rule of dissertation §4.2.3 speaks of time, and what is timed is easily kept in memory only.
            started_micros: (config.keeps_votes() && !config.has(Flaw::LeaseForgottenOnRestart))
                .then(|| out.clock_micros()),
            commit: 0,
            machine: Machine::default(),
            votes: NodeSet::EMPTY,
            leading: Leading::default(),
        }
    }

    /// A message arrives: each kind has its handler, named as in Figure 2.
    pub(super) fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Raft>) {
        match *message {
            Message::RequestVote { term, last, transfer } => self.on_request_vote(from, term, last, transfer, out),
            Message::Vote { term, granted } => self.on_vote(from, term, granted, out),
            Message::PreVote { term, last } => self.on_pre_vote(from, term, last, out),
            Message::PreVoteReply { term, granted } => self.on_pre_vote_reply(from, term, granted, out),
            Message::AppendEntries(ref append) | Message::Heartbeat(ref append) => self.on_append(from, append, out),
            Message::AppendReply(reply) | Message::HeartbeatReply(reply) => self.on_append_reply(from, reply, out),
            Message::TimeoutNow { term } => self.on_timeout_now(term, out),
            Message::Request { sequence, operation } => {
                self.on_client_request(Request { client: from, sequence, operation }, out);
            }
            Message::Response { .. } | Message::Redirect { .. } => out.ignore(phrase!("not for a server")),
        }
    }

    /// A timer is due. Those of a leader are disarmed when it follows.
    pub(super) fn on_timer(&mut self, timer: Timer, out: &mut Out<'_, Raft>) {
        match timer {
            Timer::Election => self.on_election_timeout(out),
            Timer::Heartbeat => self.send_round(true, out),
            Timer::Quorum => self.on_quorum_due(out),
            Timer::Transfer => self.on_transfer_timeout(out),
            Timer::Retry => {}
        }
    }

    /// The other servers, in the order of lanes.
    pub(super) fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        NodeSet::first(self.servers).without(self.me).iter()
    }

    /// The largest number that a majority has reached: `own` is this server's, `of` says another's.
    pub(super) fn reached_by_majority(&self, own: u32, of: impl Fn(&Peer) -> u32) -> u32 {
        let mut reached: Vec<u32> = self.leading.peers.iter().map(of).collect();
        reached[self.me.index()] = own;
        reached_by_majority(&mut reached)
    }

    /// Writes to stable storage what has changed. Figure 2: "updated on stable storage before responding to RPCs"; so it is
    /// called before each message that depends on what has changed.
    pub(super) fn save(&mut self, out: &mut Out<'_, Raft>) {
        if core::mem::take(&mut self.unsaved) {
            out.persist(self.stable.clone());
        }
    }

    /// A term later than its own: whatever it was, it follows (§5.1).
    pub(super) fn enter_term(&mut self, term: u32, out: &mut Out<'_, Raft>) {
        self.stable.term = term;
        self.stable.vote = None;
        self.unsaved = true;
        self.leader = None;
        self.follow(out);
    }

    /// A reply comes in. Whether it is of its own term: it follows whoever is of a later, and ignores an earlier (§5.1).
    pub(super) fn is_of_this_term(&mut self, term: u32, out: &mut Out<'_, Raft>) -> bool {
        if term > self.stable.term {
            self.enter_term(term, out);
            self.save(out);
            return false;
        }
        if term < self.stable.term {
            out.ignore(passed(term));
        }
        term == self.stable.term
    }

    /// Stops leading or standing, if it does. Figure 2: "if RPC request or response contains term T > currentTerm: set
    /// currentTerm = T, convert to follower"; and a candidate that hears the leader of its term has lost.
    pub(super) fn follow(&mut self, out: &mut Out<'_, Raft>) {
        let before = core::mem::replace(&mut self.role, Role::Follower);
        self.votes = NodeSet::EMPTY;
        if before != Role::Follower {
            out.hold(ROLE);
        }
        if before == Role::Leader {
            out.happened(Fact::StepsDown);
            if out.config().has(Flaw::VoteClearedOnStepDown) {
                // The flaw makes a new follower of it, as for a new term. But a vote is for the whole term (§5.2), whatever its
                // server becomes in it: etcd's `reset` clears the vote only "if r.Term != term".
                self.stable.vote = None;
                self.unsaved = true;
            }
            out.disarm(Timer::Heartbeat);
            out.disarm(Timer::Quorum);
            out.arm(Timer::Election, out.config().election_micros());
            if let Some(transfer) = core::mem::take(&mut self.leading).transfer {
                // Leadership is given up, as the operator wanted; who leads next, the votes say.
                out.disarm(Timer::Transfer);
                out.reply(transfer.command, Answer::Done);
            }
        }
    }

    /// Its role and term, for the head of its lane.
    pub(super) fn lane_status(&self) -> LaneStatus {
        let (role, weight) = match self.role {
            Role::Follower => ("follower", Weight::Follows),
            Role::PreCandidate => ("pre-candidate", Weight::Stands),
            Role::Candidate => ("candidate", Weight::Stands),
            Role::Leader => ("leader", Weight::Leads),
        };
        LaneStatus { role, weight, epoch: self.stable.term }
    }

    /// Its state, for the margin; of what only leaders know, what there is.
    pub(super) fn inspect(&self, view: &mut Inspection) {
        let LaneStatus { role, epoch, .. } = self.lane_status();
        let (log, leading, needed) = (&self.stable.log, &self.leading, majority(self.servers));
        view.summary = match (self.role, log.last_index()) {
            (Role::Candidate | Role::PreCandidate, _) => format!("{} of {needed} votes", self.votes.len()),
            (_, 0) => self.stable.vote.map_or_else(String::new, |vote| format!("voted for {}", name(vote))),
            (_, last) => format!("log {last}, commit {}", self.commit),
        };
        view.fact("Role", format!("{role} of term {epoch}"));
        view.fact("Voted for", self.stable.vote.map_or("nobody".into(), name));
        let votes = self.votes.iter().map(name).collect::<Vec<_>>().join(", ");
        match self.role {
            Role::Follower => view.fact("Leader", self.leader.map_or("unknown".into(), name)),
            Role::Candidate | Role::PreCandidate => view.fact("Votes", format!("{votes}, needs {needed}")),
            Role::Leader => {}
        }
        view.fact("Commit index", self.commit);
        view.fact("Applied", self.machine.applied);
        view.maybe("Hands over to", leading.transfer.map(|transfer| name(transfer.to)));
        view.maybe("Lease", leading.lease.void.then_some("given up"));
        log_table(log, self.commit, view);
        let peers = self.others().filter_map(|server| Some((name(server), leading.peers.get(server.index())?)));
        let peers = peers.map(|(server, Peer { next, matched, .. })| {
            row(&[&server, next, matched]).settled_if(*matched == log.last_index())
        });
        view.table("Followers", &["Server", "Next", "Match"], peers);
        let written = self.machine.store.iter().filter_map(|(key, register)| Some(format!("{key} = {}", register.0?)));
        view.maybe("Store", Some(written.collect::<Vec<_>>().join(", ")).filter(|written| !written.is_empty()));
        let client = |client: NodeId| format!("c{}", client.0 - self.servers + 1);
        let sessions = self.machine.sessions.iter().map(|(id, it)| row(&[&client(*id), &it.sequence, &it.answer]));
        view.table("Sessions", &["Client", "Request", "Answer"], sessions);
        let reads = leading.reads.iter().filter_map(|Read { request, index, .. }| {
            Some(row(&[&client(request.client), &request.operation.key()?, index]).settled_if(false))
        });
        view.table("Reads that wait", &["Client", "Key", "Read index"], reads);
    }
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.fact("Term", self.term);
        view.fact("Voted for", self.vote.map_or("nobody".into(), name));
        log_table(&self.log, 0, view);
    }
}

/// The log; what is committed is settled.
fn log_table(log: &Log, commit: u32, view: &mut Inspection) {
    let row = |(index, entry): (u32, Entry)| row(&[&index, &entry]).in_epoch(entry.term).settled_if(index <= commit);
    view.table("Log", &["Index", "Entry"], (1..).zip(log.entries()).map(row));
}

/// A row of what can be shown.
fn row(cells: &[&dyn fmt::Display]) -> Row {
    Row::of(cells.iter().map(|cell| cell.to_string()).collect())
}
