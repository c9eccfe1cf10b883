//! Raft (D. Ongaro and J. Ousterhout, *In Search of an Understandable Consensus Algorithm*, extended version, 2014; § numbers
//! are of that paper). What goes beyond it is from Ongaro's dissertation, *Consensus: Bridging Theory and Practice*, Stanford
//! 2014.
//!
//! **Problem.** Several servers are to execute the same commands in the same order, although some of them stop and come back,
//! and messages are late, doubled or lost.
//!
//! **Idea.** Time is cut into terms. In each term at most one server leads: the one that a majority voted for. Only the leader
//! adds to the log, and the others copy it. An entry that a majority holds is committed and is never lost: every later leader
//! needs the vote of someone who holds it, and nobody votes for a candidate whose log is behind.
//!
//! **Roles.** Servers follow, stand for election (candidates) or lead. Clients ask one server after another until one answers.
//!
//! **A write**, when nothing goes wrong. The leader is S1, of term 1, and entry 1 is in all logs:
//!
//! ```text
//! c1               S1, leader                           S2                          S3
//! x = 1 ─────────▶ adds entry 2 to its log, saves it
//!                  AppendEntries: 2, after 1 ─────────▶ has 1: adds 2, saves it     (the same, later)
//!                                      ◀─────────────── AppendReply: has entry 2
//!                  two of three hold entry 2:
//!                  commits it, applies it
//! ok    ◀───────── Response
//!                  Heartbeat: 2 is committed ─────────▶ commits it, applies it      (the same)
//! ```
//!
//! Whatever stops in between, one of two things is so. A majority holds entry 2: then every later leader has it. Or none does:
//! then c1 has no answer. It asks the next leader, which may have the entry or not, and x = 1 takes effect once.
//!
//! | message                     | from, to                   | carries                                        | §          |
//! |-----------------------------|----------------------------|------------------------------------------------|------------|
//! | RequestVote, Vote           | candidate, server          | term, where the log ends; yes or no            | 5.2, 5.4   |
//! | PreVote, PreVoteReply       | would-be candidate, server | the same, and changes nothing                  | diss. 9.6  |
//! | AppendEntries, AppendReply  | leader, follower           | entries, the one before, commit index          | 5.3        |
//! | Heartbeat, HeartbeatReply   | leader, follower           | the same without entries                       | 5.2        |
//! | TimeoutNow                  | leader, follower           | stand for election now                         | diss. 3.10 |
//! | Request, Response, Redirect | client, server             | a numbered operation; the answer, or who leads | 8          |
//!
//! **Invariants.** They are those of Figure 3, and each rests on the ones before it.
//!
//! 1. *Election safety: at most one server leads a term.* A leader has the votes of a majority (`Server::count_votes`),
//!    and two majorities have a server in common. That server votes once a term: it enters a new term without a vote
//!    (`Server::enter_term`), and its vote is on disk before it leaves (`Server::on_request_vote`), so that a crash does
//!    not undo it. A vote that arrives in another term does not count (`Server::is_of_this_term`).
//! 2. *Leader append-only: a leader never overwrites or deletes entries of its log.* Only `Server::take_entries` deletes.
//!    It is for AppendEntries of a leader of the same term or a later one: of the same there is no other, by 1; whoever
//!    hears of a later term follows.
//! 3. *Log matching: two logs that have an entry of the same index and term are the same up to it.* Such an entry was
//!    made once, by the term's one leader (1), at an index that it does not use again (2). Whoever copies it has checked
//!    that the entry before agrees (`Server::on_append`, step 2), and that one's copies agree up to it for the same
//!    reason: an induction.
//! 4. *Leader completeness: an entry that is committed in a term is in the logs of the leaders of all later terms*
//!    (§5.4.3). A leader commits an entry of its own term that a majority holds (`Server::advance_commit`), each of them
//!    on disk (`Server::on_append`). Suppose that a later leader lacks it, and take the first that does. Of its voters one
//!    held the entry when it voted, for after the vote it would have refused the entry as one of an earlier term, and no
//!    leader in between made it delete the entry. If that voter is the winner itself, the winner has the entry. Otherwise
//!    the voter compared (`Position` is ordered as §5.4.1 says): the winner's last entry is of a later term than the
//!    voter's, or of the same term and the log is no shorter. If it is of the same term, the winner has the entry by 3.
//!    If it is of a later term, it comes from a leader that had the entry, and then, by 3 again, so has the winner. An
//!    entry of an *earlier* term gives no such guarantee although a majority holds it: a log whose last entry is of a
//!    term in between is more up to date than theirs and wins (§5.4.2, Figure 8). It is committed with the next entry of
//!    the leader's own term.
//! 5. *State machine safety: no two servers apply different entries at the same index.* A server applies what is committed, in
//!    the order of its log. A follower's log may be longer than what it knows to agree with the leader's, so it commits no
//!    further than the last new entry (`Server::on_append`, step 5). Up to a committed entry all logs that have it are the
//!    same (3), and all later leaders have it (4).
//!
//! Clients see one copy of the store. A **write** is answered when it is committed and applied; asked twice, it is in the
//! log twice perhaps, but the client's session, which is part of the state machine, lets only the first take effect
//! (`Machine::apply`). A **read** by ReadIndex is answered when a majority has confirmed, after the read came in, that it
//! knows of no later term: then no later leader had committed anything before (`Server::on_read`). By **lease** the
//! leader does not ask again: whoever confirmed a round of heartbeats neither votes nor stands until its shortest
//! election time-out is over.
//!
//! **Progress.** Nothing above says that there ever is a leader. Votes may be split again and again: where nothing bounds
//! time, no deterministic protocol can rule that out (Fischer, Lynch and Paterson 1985), and drawn time-outs only make it
//! unlikely. There is a leader soon if messages are much faster than time-outs and servers seldom fail: broadcastTime ≪
//! electionTimeout ≪ MTBF (§5.6). Then every request is answered as long as a majority runs. These two promises are
//! judged at the end of a run, and may well not hold yet.
//!
//! **Flaws.** Each takes a step out of that argument.
//!
//! | flaw                                   | what no longer holds                                                          |
//! |----------------------------------------|-------------------------------------------------------------------------------|
//! | [`Flaw::VoteNotPersisted`]             | 1: after a crash the server in common votes again                             |
//! | [`Flaw::VotesTwiceInATerm`]            | 1: it votes again at once                                                     |
//! | [`Flaw::LogNotComparedWhenVoting`]     | 4: the voter that has the entry does not ask whether the candidate has it     |
//! | [`Flaw::CommitsOldTermByCounting`]     | 4: Figure 8                                                                   |
//! | [`Flaw::AcknowledgesBeforePersisting`] | 4: of the majority that held the entry one may have lost it by a crash        |
//! | [`Flaw::TruncatesOnAnyAppend`]         | 4: or may have deleted it, although nothing contradicted it                   |
//! | [`Flaw::AnswersBeforeCommit`]          | what a client was told may be lost with its leader                            |
//! | [`Flaw::SessionsNotChecked`]           | a command that is in the log twice takes effect twice                         |
//! | [`Flaw::ReadWithoutReadIndex`]         | a leader that has been replaced answers from what it has                      |
//! | [`Flaw::LeaseIgnoresDrift`]            | by fast clocks the time-out is over while by the leader's the lease lasts     |
//! | [`Flaw::HeartbeatCommitsStaleTail`]    | 5: a follower commits entries that may differ from the leader's               |
//! | [`Flaw::VoteClearedOnStepDown`]        | 1: the server in common votes again once it has led                           |
//! | [`Flaw::CountsItselfBeforeSaving`]     | 4: of the majority that held the entry the leader loses it by a crash         |
//! | [`Flaw::LeaseKeptWhileHandingOver`]    | another leads before any time-out is over, and the old leader still answers   |
//! | [`Flaw::LeaseForgottenOnRestart`]      | whoever confirmed a round votes, after a crash, before its time-out is over   |
//! | [`Flaw::NewLeaderDropsUncommitted`]    | 2, and so 4: what a majority held may be deleted by its new leader            |
//!
//! **Faults.** Servers stop at any moment and come back with their disks; clients forget everything. Messages are late, lost,
//! doubled and overtake each other. Clocks matter to no invariant, only to when there is a leader: except with leases, where
//! they must run within the bound on drift. A server that loses its disk has forgotten its votes and entries: then nothing is
//! promised.
//!
//! **Different from the paper.** A candidate asks for each vote once and not again: its next time-out begins another
//! election. A client that gets no answer asks the next server, not a random one, so that a run is easy to follow. How
//! fast entries are sent is left to the implementer by the paper: [`server::Pace`]. What is lost is sent again (§5.3) at the
//! second heartbeat after it was sent and not at the first: that may come a moment after the entries, when they are still
//! on their way, and would send most of them twice.
//!
//! **Left out so far.** Snapshots (§7) and membership changes (§6).
//!
//! **Where.** [`server`] is the state of Figure 2 and what moves it from role to role; `election` and `replication` are
//! its two RPCs; [`machine`] is what is replicated; [`client`] is what clients ask and how they are answered; [`judge`]
//! holds a run against the promises.

pub mod client;
mod election;
mod goals;
pub mod judge;
pub mod machine;
mod message;
mod replication;
pub mod server;

pub use message::{Append, Appended, Message, Outcome};

use client::Client;
use judge::Judge;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::{Belief, Clocks};
use machine::{APPENDED, COMMITTED, Span};
use server::{Server, Stable};

knobs! {
    /// Servers, which keep the log.
    servers: Count(1..=7, default 5) = "servers", "Servers";
    /// Clients, which read and write.
    clients: Count(0..=4, default 1) = "clients", "Clients";
    /// Shortest election time-out (§5.2).
    election_min_micros: Millis(default 100) = "election-timeout-min", "Election time-out, shortest";
    /// Longest election time-out. If it is set to less than the shortest, that counts.
    election_max_micros: Millis(default 200) = "election-timeout-max", "Election time-out, longest";
    /// From one heartbeat to the next.
    heartbeat_micros: Millis(default 50) = "heartbeat", "Heartbeat every";
    /// How long a client waits for an answer.
    retry_micros: Millis(default 120) = "client-retry", "A client asks again after";
    /// A new leader adds an entry that does nothing (§8).
    no_op: Switch(on) = "no-op", "No-op at the start of a term";
    /// A server asks whether it would win before it stands (dissertation §9.6).
    pre_vote: Switch(off) = "pre-vote", "Pre-vote";
    /// A leader that hears no majority steps down (dissertation §6.2).
    check_quorum: Switch(off) = "check-quorum", "Check quorum";
    /// How reads are answered.
    read_mode: Choice(ReadMode::ReadIndex) = "read-mode", "Reads";
    /// How much faster or slower than true time a clock may run.
    drift_bound_per_mille: Number(0..=500, default 100) = "drift-bound", "Clock drift at most, per 1000";
    /// Entries of one message at most.
    batch: Number(1..=64, default 8) = "entries-per-message", "Entries per message";
}

choices! {
    /// How reads are answered.
    ReadMode {
        /// Like writes: through the log.
        Log = "log";
        /// By the leader, once a round of heartbeats has confirmed that it leads (dissertation §6.4).
        ReadIndex = "read-index";
        /// By the leader at once, while its lease lasts (dissertation §6.4.1).
        Lease = "lease";
    }
}

flaws! {
    CommitsOldTermByCounting = "commits-old-term-by-counting",
        "A leader commits entries of earlier terms once a majority holds them.";
    VoteNotPersisted = "vote-not-persisted", "A vote is not saved before it is sent.";
    LogNotComparedWhenVoting = "log-not-compared-when-voting",
        "A server votes for a candidate whose log is less up to date than its own.";
    VotesTwiceInATerm = "votes-twice-in-a-term", "A server votes for whoever asks, in the same term again.";
    TruncatesOnAnyAppend = "truncates-on-any-append",
        "A follower truncates its log on every AppendEntries, stale ones too.";
    LeaseIgnoresDrift = "lease-read-with-drifting-clock", "Leases ignore clock drift.", needs read_mode 2, needs clients 2;
    ReadWithoutReadIndex = "read-without-read-index", "Reads are served without ReadIndex.", needs read_mode 1;
    SessionsNotChecked = "sessions-not-checked", "A server does not check whether a command was already applied.",
        needs clients 1;
    AnswersBeforeCommit = "answers-before-commit", "A leader answers a write before it is committed.", needs clients 1;
    AcknowledgesBeforePersisting = "acknowledges-before-persisting",
        "A follower acknowledges entries before it saves them to disk.";
    HeartbeatCommitsStaleTail = "heartbeat-commits-stale-tail",
        "On a heartbeat a follower commits entries that the leader has not compared.";
    VoteClearedOnStepDown = "vote-cleared-on-step-down",
        "A leader that steps down within its term forgets its vote.", needs check_quorum 1;
    CountsItselfBeforeSaving = "leader-counts-itself-before-saving",
        "A leader counts itself among those that hold an entry before it has saved the entry.";
    LeaseKeptWhileHandingOver = "lease-kept-while-handing-over",
        "A leader goes on serving lease reads after it has handed leadership over.", needs read_mode 2;
    LeaseForgottenOnRestart = "lease-forgotten-on-restart",
        "A restarted server votes at once, even while the lease of a leader still runs.", needs read_mode 2;
    NewLeaderDropsUncommitted = "new-leader-drops-uncommitted",
        "A new leader deletes the entries that it does not know to be committed.";
}

promises! {
    ElectionSafety: Always = "election-safety", "Election safety", "Each term has at most one leader.",
        "Raft, Figure 3 and §5.2";
    LeaderAppendOnly: Always = "leader-append-only", "Leader append-only",
        "A leader only appends to its own log. It never overwrites or deletes an entry.", "Raft, Figure 3 and §5.3";
    LogMatching: Always = "log-matching", "Log matching",
        "Two logs that have an entry of the same index and term are equal up to that entry.", "Raft, Figure 3 and §5.3";
    LeaderCompleteness: Always = "leader-completeness", "Leader completeness",
        "An entry that is committed in a term is in the logs of the leaders of all later terms.",
        "Raft, Figure 3 and §5.4";
    StateMachineSafety: Always = "state-machine-safety", "State machine safety",
        "No two servers apply different entries at the same index.", "Raft, Figure 3 and §5.4.3";
    Linearizable: Always = "linearizable", "Linearizable clients",
        "Every operation takes effect at one moment between its call and its answer.", "Raft §8; Herlihy & Wing 1990";
    ExactlyOnce: Always = "exactly-once", "Exactly once",
        "No state machine executes a client's command twice.", "Raft §8; dissertation §6.3";
    LeaderElected: ByTheEnd = "leader-elected", "A leader is elected", "Some server is leader.", "Raft §5.2";
    EveryRequestAnswered: ByTheEnd = "every-request-answered", "Every request is answered",
        "Every client has its answers.", "Raft §5.1 and §8";
}

commands! {
    /// A server: hand leadership to this one (dissertation §3.10).
    TransferTo(Node) = "transfer-to", "Hand leadership to";
    /// A client: take this server for the leader.
    TurnTo(Node) = "turn-to", "Send later requests to";
}

timers! {
    /// A follower or candidate: for a leader (§5.2).
    Election;
    /// A leader: to send the next heartbeats.
    Heartbeat;
    /// A leader: to see whether a majority still answers (dissertation §6.2).
    Quorum;
    /// A leader that hands over: for its successor (dissertation §3.10).
    Transfer;
    /// A client: for an answer.
    Retry;
}

facts! {
    /// What happens on a server.
    Fact {
        /// A majority voted for it: it leads.
        Leads {
            /// Its term.
            term: u32,
        } = Elected, "leader";
        /// It no longer leads.
        StepsDown = Turning, "steps down";
        /// A server to which it hands over did not take over in time: it goes on leading.
        NotTakenOver {
            /// The other server.
            by: NodeId,
        } = Turning, "{node} does not take over", by;
        /// Entries contradict the leader's, or are taken to: they are gone from its log.
        Deletes {
            /// Index of the first.
            first: u32,
            /// Index of the last, which was the last of its log.
            last: u32,
        } => (Mark::Turning, match first == last {
            true => phrase!("entry {} is deleted", last),
            false => phrase!("entries {}-{} are deleted", first, last),
        });
        /// There are new entries at the end of its log.
        Appends {
            /// The entries.
            entries: Span,
        } => (Mark::Appended, entries.phrase(APPENDED));
        /// It learns that entries are committed, and applies them.
        Commits {
            /// The entries.
            entries: Span,
        } => (Mark::Committed, entries.phrase(COMMITTED));
    }
}

/// A belief that a reader may ask why about: follower, candidate or leader.
const ROLE: Belief = "role";
/// Another: how far its log is committed.
const COMMIT: Belief = "commit";
/// Another: for whom it voted.
const VOTE: Belief = "vote";

/// A server or a client.
#[derive(Clone, Debug, Hash)]
#[allow(clippy::large_enum_variant, reason = "a run has a handful of either, each behind a pointer")]
pub enum Raft {
    /// Keeps the log.
    Server(Server),
    /// Asks.
    Client(Client),
}

impl Protocol for Raft {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 2,
        id: "raft",
        version: 1,
        title: "Raft",
        summary: "Servers agree on a log of commands under one leader at a time.",
        source: "Ongaro & Ousterhout 2014",
        epoch_word: "term",
        // §2 and §5.1: messages are late, lost, doubled and overtake each other; servers stop and come back from stable storage.
        // Safety never depends on time: but see `assumes` for leases.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    /// A lease is a promise about time: clocks may drift by the bound that leases reckon with, and must not jump (diss. §6.4.1).
    fn assumes(config: &Config) -> Assumptions {
        let most_ppm = config.drift_bound_per_mille as i32 * 1_000;
        let clocks = if config.read_mode == ReadMode::Lease { Clocks::Drift { most_ppm } } else { Clocks::Any };
        Assumptions { clocks, ..Self::SPECIFICATION.assumes }
    }

    const GOALS: &'static [Goal<Raft>] = goals::GOALS;

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        const ASKED: &[Accepts] =
            &[Accepts::Read, Accepts::Write, Accepts::Add, Accepts::CompareAndSet, Verb::TurnTo.accepted()];
        let servers = Lane::nodes("S", config.servers, const { &[Verb::TransferTo.accepted()] });
        servers.chain(Lane::clients(config.clients, ASKED)).collect()
    }

    /// Servers only count each other; but a client begins with the server of its number, and goes on to the next.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        if config.clients == 0 && config.servers > 1 { vec![NodeSet::first(config.servers)] } else { Vec::new() }
    }

    fn never_matters(message: &Message, from: NodeId, to: NodeId, nodes: View<'_, Self>, _: &Config) -> bool {
        message.never_matters(from, to, nodes)
    }

    fn boot(stable: Stable, out: &mut Out<'_, Raft>) -> Raft {
        let servers = out.config().servers;
        match out.me().0.checked_sub(servers) {
            None => Raft::Server(Server::boot(stable, out)),
            Some(client) => Raft::Client(Client::boot(client, servers)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Raft>) {
        match self {
            Raft::Server(server) => server.on_message(from, message, out),
            Raft::Client(client) => client.on_message(from, message, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out<'_, Raft>) {
        match self {
            Raft::Server(server) => server.on_timer(timer, out),
            Raft::Client(client) => client.on_retry(out),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Raft>) {
        match (self, Command::of(operation)) {
            (Raft::Client(client), _) => client.on_request(id, operation, out),
            (Raft::Server(server), Some(Command::TransferTo(to))) => server.on_transfer_command(id, to, out),
            (Raft::Server(_), _) => out.reply(id, Answer::Refused),
        }
    }

    fn lane_status(&self) -> LaneStatus {
        match self {
            Raft::Server(server) => server.lane_status(),
            Raft::Client(_) => LaneStatus::CLIENT,
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        match self {
            Raft::Server(server) => server.inspect(view),
            Raft::Client(client) => client.inspect(view),
        }
    }
}

impl Raft {
    /// The server, if it is one.
    #[must_use]
    pub fn server(&self) -> Option<&Server> {
        if let Raft::Server(server) = self { Some(server) } else { None }
    }
}

/// "term 2 has passed".
fn passed(term: u32) -> Phrase {
    phrase!("term {} has passed", term)
}

/// A server's name in sentences: S1, S2 …
fn name(server: NodeId) -> String {
    format!("S{}", server.0 + 1)
}
