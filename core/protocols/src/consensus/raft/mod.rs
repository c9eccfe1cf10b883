//! Raft (D. Ongaro and J. Ousterhout, *In Search of an Understandable Consensus Algorithm*, extended
//! version, 2014; § numbers are of that paper). What goes beyond it is from Ongaro's dissertation,
//! *Consensus: Bridging Theory and Practice*, Stanford 2014.
//!
//! **Problem.** Several servers are to carry out the same commands in the same order, although some of
//! them stop, come back, and messages are late or lost.
//!
//! **Idea.** Time is cut into terms. In each term at most one server leads: whom a majority voted for.
//! Only the leader adds to the log, and the others copy it. An entry that a majority holds is committed
//! and is never lost, because every later leader needs the vote of someone who holds it, and nobody votes
//! for a candidate whose log is behind.
//!
//! **Roles.** Servers follow, stand for election (candidates) or lead. Clients ask one server after
//! another until one answers.
//!
//! | message                        | from, to            | carries                                    | §       |
//! |--------------------------------|---------------------|--------------------------------------------|---------|
//! | RequestVote, Vote              | candidate, server   | term, last entry; yes or no                | 5.2, 5.4 |
//! | PreVote, PreVoteReply          | would-be candidate, server | the same, and changes nothing       | diss. 9.6 |
//! | AppendEntries, AppendReply     | leader, follower    | entries, the one before, commit index      | 5.3     |
//! | Heartbeat, HeartbeatReply      | leader, follower    | the same without entries                   | 5.2     |
//! | TimeoutNow                     | leader, follower    | stand for election now                     | diss. 3.10 |
//! | Request, Response, Redirect    | client, server      | a numbered operation; the answer, or who leads | 8   |
//!
//! **Where.** [`mod@log`] and [`machine`] are what is replicated and what it drives; [`server`] is the state of
//! Figure 2; `election`, `replication`, `read` and `transfer` are what servers do with it; `client`
//! asks; [`observer`] judges.
//!
//! **Left out so far.** Snapshots (§7) and membership changes (§6).

pub mod client;
mod election;
pub mod log;
pub mod machine;
pub mod message;
pub mod observer;
mod read;
mod replication;
pub mod server;
mod transfer;
mod view;

pub use message::{Outcome, Say};

use alloc::format;
use alloc::vec::Vec;
use client::Client;
use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{
    Accepts, Argument, Assumptions, Clocks, Command, Flaw, FlawSet, Inspection, Lane, LaneStatus, NoFact, Out,
    Parameter, Property, Protocol, Settings, Specification, Timer, Unit, View, Weight, When,
};
use observer::Watch;
use server::{Kept, Role, Server};

/// Servers at most.
pub const MAX_SERVERS: usize = 7;

/// The knobs.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    servers: u8,
    clients: u8,
    /// Shortest and longest election time-out (§5.2), in microseconds.
    election: (u64, u64),
    /// From one heartbeat to the next, in microseconds.
    heartbeat: u64,
    /// How long a client waits for an answer, in microseconds.
    retry: u64,
    /// A new leader adds an entry that does nothing (§8).
    no_op: bool,
    /// A server asks whether it would win before it stands (dissertation §9.6).
    pre_vote: bool,
    /// A leader that hears no majority steps down (dissertation §6.2).
    check_quorum: bool,
    read_mode: ReadMode,
    /// How much faster or slower than true time a clock may run, in a thousand.
    drift_bound: u64,
    /// Entries of one message.
    batch: u32,
    flaws: FlawSet,
}

/// How reads are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadMode {
    /// Like writes: through the log.
    Log,
    /// By the leader, once a round of heartbeats has confirmed that it leads (dissertation §6.4).
    ReadIndex,
    /// By the leader at once, while its lease lasts (dissertation §6.4.1).
    Lease,
}

impl Config {
    /// The servers' lanes.
    fn all(&self) -> NodeSet {
        NodeSet::first(self.servers)
    }

    fn flaw(&self, flaw: u8) -> bool {
        self.flaws.has(flaw)
    }
}

/// Flaws, by place in the specification.
mod flaw {
    pub const COMMITS_OLD_TERM_BY_COUNTING: u8 = 0;
    pub const VOTE_NOT_PERSISTED: u8 = 1;
    pub const LOG_NOT_COMPARED_WHEN_VOTING: u8 = 2;
    pub const VOTES_TWICE_IN_A_TERM: u8 = 3;
    pub const TRUNCATES_ON_ANY_APPEND: u8 = 4;
    pub const LEASE_IGNORES_DRIFT: u8 = 5;
    pub const READ_WITHOUT_READ_INDEX: u8 = 6;
    pub const SESSIONS_NOT_CHECKED: u8 = 7;
    pub const ANSWERS_BEFORE_COMMIT: u8 = 8;
    pub const ACKNOWLEDGES_BEFORE_PERSISTING: u8 = 9;
}

/// Beliefs that a reader may ask why about.
mod belief {
    use lightcone_engine::protocol::Belief;

    /// Follower, candidate or leader.
    pub const ROLE: Belief = "role";
    /// The commit index.
    pub const COMMIT: Belief = "commit";
    /// For whom it voted.
    pub const VOTE: Belief = "vote";
}

/// Verb of the command to a server that hands leadership over.
pub const TRANSFER_TO: u8 = 0;
/// Verb of the command to a client that makes it ask another server.
pub const TURN_TO: u8 = 1;

/// A server or a client.
#[derive(Clone, Debug, Hash)]
#[expect(clippy::large_enum_variant, reason = "a run has a handful of either, and each is behind a pointer already")]
pub enum Raft {
    /// Keeps the log.
    Server(Server),
    /// Asks.
    Client(Client),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A follower or candidate: for a leader (§5.2).
    Election,
    /// A leader: to send the next heartbeats.
    Heartbeat,
    /// A leader: to see whether a majority still answers (dissertation §6.2).
    Quorum,
    /// A leader that hands over: for its successor (dissertation §3.10).
    Transfer,
    /// A client: for an answer.
    Retry,
}

impl Timer for Wait {
    const ALL: &'static [(Wait, &'static str)] = &[
        (Wait::Election, "Election"),
        (Wait::Heartbeat, "Heartbeat"),
        (Wait::Quorum, "Quorum"),
        (Wait::Transfer, "Transfer"),
        (Wait::Retry, "Retry"),
    ];
}

const fn millis(id: &'static str, name: &'static str, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Millis, least: 1, most: 60_000, default }
}

const fn switch(id: &'static str, name: &'static str, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Switch, least: 0, most: 1, default }
}

const fn always(id: &'static str, name: &'static str, sentence: &'static str, source: &'static str) -> Property {
    Property { id, name, when: When::Always, sentence, source }
}

const fn by_the_end(id: &'static str, name: &'static str, sentence: &'static str, source: &'static str) -> Property {
    Property { id, name, when: When::ByTheEnd, sentence, source }
}

impl Protocol for Raft {
    type Config = Config;
    type Message = Say;
    type Timer = Wait;
    type Durable = Kept;
    type Fact = NoFact;
    type Observer = Watch;

    const SPECIFICATION: Specification = Specification {
        number: 2,
        id: "raft",
        version: 1,
        title: "Raft",
        summary: "Servers agree on a log of commands under one leader at a time.",
        source: "Ongaro & Ousterhout 2014",
        epoch_word: "term",
        // §2 and §5.1: delays, losses, doubles, reordering, servers that stop and come back from stable storage. Safety never depends
        // on time: but see `assumes` for leases.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[
            Parameter { id: "servers", name: "Servers", unit: Unit::Count, least: 1, most: 7, default: 5 },
            Parameter { id: "clients", name: "Clients", unit: Unit::Count, least: 0, most: 4, default: 1 },
            millis("election-timeout-min", "Election time-out, shortest", 100),
            millis("election-timeout-max", "Election time-out, longest", 200),
            millis("heartbeat", "Heartbeat every", 50),
            millis("client-retry", "A client asks again after", 120),
            switch("no-op", "No-op at the start of a term", 1),
            switch("pre-vote", "Pre-vote", 0),
            switch("check-quorum", "Check quorum", 0),
            Parameter {
                id: "read-mode",
                name: "Reads",
                unit: Unit::Choice(&["log", "read-index", "lease"]),
                least: 0,
                most: 2,
                default: 1,
            },
            Parameter {
                id: "drift-bound",
                name: "Clock drift at most, in a thousand",
                unit: Unit::Count,
                least: 0,
                most: 500,
                default: 100,
            },
            Parameter {
                id: "entries-per-message",
                name: "Entries per message",
                unit: Unit::Count,
                least: 1,
                most: 64,
                default: 8,
            },
        ],
        flaws: &[
            Flaw {
                id: "commits-old-term-by-counting",
                sentence: "A leader commits entries of earlier terms once a majority holds them.",
                needs: &[],
            },
            Flaw { id: "vote-not-persisted", sentence: "A vote is not saved before it is sent.", needs: &[] },
            Flaw {
                id: "log-not-compared-when-voting",
                sentence: "A server votes for candidates whose log is behind its own.",
                needs: &[],
            },
            Flaw {
                id: "votes-twice-in-a-term",
                sentence: "A server votes for whoever asks, in the same term again.",
                needs: &[],
            },
            Flaw {
                id: "truncates-on-any-append",
                sentence: "A follower cuts its log after the entries of every AppendEntries, late ones too.",
                needs: &[],
            },
            Flaw {
                id: "lease-read-with-drifting-clock",
                sentence: "A lease lasts as long as if all clocks ran alike.",
                needs: &[],
            },
            Flaw { id: "read-without-read-index", sentence: "Reads are served without ReadIndex.", needs: &[] },
            Flaw {
                id: "sessions-not-checked",
                sentence: "A server does not look whether a command has taken effect before.",
                needs: &[],
            },
            Flaw {
                id: "answers-before-commit",
                sentence: "A leader answers a write before it is committed.",
                needs: &[],
            },
            Flaw {
                id: "acknowledges-before-persisting",
                sentence: "A follower acknowledges entries before it has saved them.",
                needs: &[],
            },
        ],
        properties: &[
            always("election-safety", "Election safety", "At most one server leads a term.", "Raft, Figure 3 and §5.2"),
            always(
                "leader-append-only",
                "Leader append-only",
                "A leader never overwrites or deletes entries of its log.",
                "Raft, Figure 3 and §5.3",
            ),
            always(
                "log-matching",
                "Log matching",
                "Two logs that have an entry of the same index and term are the same up to it.",
                "Raft, Figure 3 and §5.3",
            ),
            always(
                "leader-completeness",
                "Leader completeness",
                "An entry that is committed in a term is in the logs of the leaders of all later terms.",
                "Raft, Figure 3 and §5.4",
            ),
            always(
                "state-machine-safety",
                "State machine safety",
                "No two servers apply different entries at the same index.",
                "Raft, Figure 3 and §5.4.3",
            ),
            always(
                "linearizable",
                "Linearizable clients",
                "Every operation takes effect at one moment between its call and its answer.",
                "Raft §8; Herlihy & Wing 1990",
            ),
            always(
                "exactly-once",
                "Exactly once",
                "No state machine executes a client's command twice.",
                "Raft §8; dissertation §6.3",
            ),
            by_the_end("leader-elected", "A leader is elected", "Some server leads.", "Raft §5.2"),
            by_the_end(
                "every-request-answered",
                "Every request is answered",
                "No client waits for an answer.",
                "Raft §5.1 and §8",
            ),
        ],
        commands: &[
            Command { id: "transfer-to", name: "Hand leadership to", argument: Argument::Node },
            Command { id: "turn-to", name: "Ask from now on", argument: Argument::Node },
        ],
    };

    /// A lease is a promise about time: clocks may drift by the bound that leases reckon with, and must not jump (diss. §6.4.1).
    fn assumes(config: &Config) -> Assumptions {
        let clocks = match config.read_mode {
            ReadMode::Lease => Clocks::Drift { most_ppm: config.drift_bound as i32 * 1_000 },
            ReadMode::Log | ReadMode::ReadIndex => Clocks::Any,
        };
        Assumptions { clocks, ..Self::SPECIFICATION.assumes }
    }

    fn configure(settings: &Settings) -> Config {
        let shortest = settings.micros(2);
        Config {
            servers: settings.number(0) as u8,
            clients: settings.number(1) as u8,
            election: (shortest, settings.micros(3).max(shortest)),
            heartbeat: settings.micros(4),
            retry: settings.micros(5),
            no_op: settings.on(6),
            pre_vote: settings.on(7),
            check_quorum: settings.on(8),
            read_mode: match settings.number(9) {
                0 => ReadMode::Log,
                1 => ReadMode::ReadIndex,
                _ => ReadMode::Lease,
            },
            drift_bound: settings.number(10).into(),
            batch: settings.number(11),
            flaws: settings.flaws,
        }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let servers = (1..=config.servers).map(|server| Lane {
            name: format!("S{server}"),
            client: false,
            accepts: &[Accepts::Command(TRANSFER_TO)],
        });
        let clients = (1..=config.clients).map(|client| Lane {
            name: format!("c{client}"),
            client: true,
            accepts: &[Accepts::Read, Accepts::Write, Accepts::Add, Accepts::CompareAndSet, Accepts::Command(TURN_TO)],
        });
        servers.chain(clients).collect()
    }

    /// Servers only count each other; but a client begins with the server of its number, and goes on to the next.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let alike = config.clients == 0 && config.servers > 1;
        if alike { Vec::from([config.all()]) } else { Vec::new() }
    }

    fn never_matters(message: &Say, from: NodeId, to: NodeId, nodes: View<'_, Self>, _: &Config) -> bool {
        message.never_matters(from, to, nodes)
    }

    fn boot(kept: Kept, out: &mut Out<'_, Raft>) -> Raft {
        let servers = out.config().servers;
        match out.me().0.checked_sub(servers) {
            None => Raft::Server(Server::boot(kept, out)),
            Some(client) => Raft::Client(Client::boot(client, servers)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Raft>) {
        match self {
            Raft::Server(server) => server.on_message(from, message, out),
            Raft::Client(client) => client.on_message(from, message, out),
        }
    }

    fn on_timer(&mut self, timer: Wait, out: &mut Out<'_, Raft>) {
        match (self, timer) {
            (Raft::Server(server), Wait::Election) => server.on_election_timeout(out),
            (Raft::Server(server), Wait::Heartbeat) => server.on_heartbeat_due(out),
            (Raft::Server(server), Wait::Quorum) => server.on_quorum_due(out),
            (Raft::Server(server), Wait::Transfer) => server.on_transfer_timeout(out),
            (Raft::Client(client), Wait::Retry) => client.on_retry(out),
            (Raft::Server(_), Wait::Retry) | (Raft::Client(_), _) => {}
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Raft>) {
        match (self, operation) {
            (Raft::Client(client), _) => client.on_request(id, operation, out),
            (Raft::Server(server), Operation::Command { argument, .. }) => {
                server.on_transfer_command(id, NodeId(argument), out);
            }
            (Raft::Server(_), _) => out.reply(id, Answer::Refused),
        }
    }

    fn lane_status(&self) -> LaneStatus {
        match self {
            Raft::Client(_) => LaneStatus { role: "", weight: Weight::Client, epoch: 0 },
            Raft::Server(server) => LaneStatus {
                role: server.role.word(),
                weight: match server.role {
                    Role::Follower => Weight::Follows,
                    Role::PreCandidate | Role::Candidate => Weight::Stands,
                    Role::Leader => Weight::Leads,
                },
                epoch: server.kept.term,
            },
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
        match self {
            Raft::Server(server) => Some(server),
            Raft::Client(_) => None,
        }
    }

    /// The client, if it is one.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        match self {
            Raft::Client(client) => Some(client),
            Raft::Server(_) => None,
        }
    }
}

/// "term 2 has passed".
fn passed(term: u32) -> Phrase {
    Phrase::with("term {} has passed", &[term as i32])
}
