//! Two-phase commit (J. Gray, *Notes on Data Base Operating Systems*, 1978; "BHG": P. Bernstein, V. Hadzilacos
//! and N. Goodman, *Concurrency Control and Recovery in Database Systems*, 1987, chapter 7; "R\*": C. Mohan, B. Lindsay
//! and R. Obermarck, *Transaction Management in the R\* Distributed Database Management System*, 1986).
//!
//! **Problem.** A transaction has changed rows on several machines. Either all of them make it final or none does, although
//! machines stop and come back, and messages are late or lost.
//!
//! **Idea.** First everybody promises to be able to do either (votes yes, and writes that down), then one of them decides.
//! Until its promise a participant may abort by itself. After it, only the decision counts, and until it is known the
//! participant is in doubt: it holds its locks and waits. If those who know are gone, so is any way to find out.
//!
//! **Roles.** The coordinator (the transaction manager, TM) counts votes and decides. Participants (resource managers,
//! P1, P2 …) keep the rows: row x is on P1, y on P2, and so on in turn. Clients do reads and writes where the rows are,
//! then ask the coordinator to commit.
//!
//! | message                 | from, to                 | carries                                | §            |
//! |-------------------------|--------------------------|----------------------------------------|--------------|
//! | Update, Updated         | client, participant      | a numbered operation; the answer       |              |
//! | CommitRequest, Outcome  | client, coordinator      | who took part; committed or aborted    | Gray         |
//! | Prepare                 | coordinator, participant | everybody who takes part               | BHG 7.4      |
//! | Yes, No                 | participant, coordinator | the vote                               | BHG 7.4      |
//! | Commit, Abort           | coordinator, participant | the decision                           | BHG 7.4      |
//! | Acknowledge             | participant, coordinator | the commit is in its log               | R\*          |
//! | Ask, InDoubt            | participant, who may know | what was decided? I do not know either | BHG 7.4      |
//!
//! Commit and Abort also travel between participants: they answer Ask.
//!
//! **Faults.** Nodes crash and come back with their logs, messages are lost, doubled, reordered, links are cut, clocks are
//! anything. Who loses its disk has broken its promises.
//!
//! **Where.** [`mod@log`] is what a crash leaves; [`mod@fact`] is what happens; [`coordinator`], [`participant`] and
//! [`client`] are the roles; [`observer`] judges.
//!
//! **Left out.** Undo and redo (log and rows are written together), log truncation, shared locks, read-only votes, a tree of
//! coordinators, roll-back by the client (its locks go when the participant has waited long enough; so do those of a
//! deadlock). An operation that arrives twice around a participant's crash counts as asked again.

pub mod client;
pub mod coordinator;
pub mod fact;
pub mod log;
pub mod message;
pub mod observer;
pub mod participant;
mod view;

pub use message::Say;

use alloc::format;
use alloc::vec::Vec;
use client::Client;
use coordinator::Coordinator;
use fact::Fact;
use lightcone_engine::id::{NodeId, RequestId};
use lightcone_engine::operation::Operation;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{
    Accepts, Argument, Assumptions, Command, Condition, ConditionKind, Flaw, FlawSet, Inspection, Lane, LaneStatus,
    Out, Parameter, Protocol, Settings, Specification, Timer, Unit, View, Weight,
};
use lightcone_engine::time::Moment;
use log::{Kept, Transaction};
use observer::{Judge, Promise};
use participant::Participant;

/// Participants at most.
pub const MAX_PARTICIPANTS: usize = 5;
/// The coordinator's lane: the first.
pub const COORDINATOR: NodeId = NodeId(0);

/// The knobs. Times are in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    participants: u8,
    clients: u8,
    /// The number of the participant that votes no; 0 if all are willing.
    votes_no: u8,
    /// How long the coordinator waits for votes.
    vote_timeout: u64,
    /// How long a participant waits for the next operation or for Prepare.
    idle_timeout: u64,
    /// How long a participant in doubt waits before it asks.
    decision_timeout: u64,
    /// From one try to the next, of whatever is tried for ever.
    retry: u64,
    /// Whether a participant in doubt asks the others as well.
    cooperative: bool,
    flaws: FlawSet,
}

impl Config {
    fn flaw(&self, flaw: u8) -> bool {
        self.flaws.has(flaw)
    }

    fn again(&self) -> (u64, u64) {
        (self.retry, self.retry)
    }

    fn decision_timeout(&self) -> (u64, u64) {
        (self.decision_timeout, self.decision_timeout)
    }
}

/// Flaws, by place in the specification.
mod flaw {
    pub const ABORTS_AFTER_YES: u8 = 0;
    pub const SENDS_BEFORE_LOGGING: u8 = 1;
    pub const YES_NOT_LOGGED: u8 = 2;
    pub const FORGETS_ON_RESTART: u8 = 3;
    pub const SILENCE_COUNTS_AS_YES: u8 = 4;
    pub const TIMES_OUT_AFTER_DECISION: u8 = 5;
    pub const IN_DOUBT_ANSWERS_ABORT: u8 = 6;
}

/// Beliefs that a reader may ask why about.
mod belief {
    use lightcone_engine::protocol::Belief;

    /// Commit or abort.
    pub const DECISION: Belief = "decision";
    /// Its yes.
    pub const VOTE: Belief = "vote";
}

/// Verb of the command to a client that ends its transaction.
const COMMIT: u8 = 0;

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum TwoPhaseCommit {
    /// Decides.
    Coordinator(Coordinator),
    /// Keeps rows.
    Participant(Participant),
    /// Asks.
    Client(Client),
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The coordinator: for votes.
    Votes,
    /// The coordinator: to tell again what is committed.
    Tell,
    /// A participant that has not voted: for Prepare.
    Prepare,
    /// A participant in doubt: for the decision.
    Decision,
    /// A client: for an answer.
    Retry,
}

impl Timer for Wait {
    const ALL: &'static [(Wait, &'static str)] = &[
        (Wait::Votes, "Votes"),
        (Wait::Tell, "Tell"),
        (Wait::Prepare, "Prepare"),
        (Wait::Decision, "Decision"),
        (Wait::Retry, "Retry"),
    ];
}

/// One timer for many that wait: it runs for the one that has waited longest, whose wait began at the second number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Patience(Option<(Transaction, Moment)>);

impl Patience {
    const NOBODY: Patience = Patience(None);

    /// Says who has waited longest now.
    fn watch(
        &mut self,
        oldest: Option<(Transaction, Moment)>,
        timer: Wait,
        longest: u64,
        out: &mut Out<'_, TwoPhaseCommit>,
    ) {
        if self.0 == oldest {
            return;
        }
        self.0 = oldest;
        let Some((_, since)) = oldest else { return out.disarm(timer) };
        let left = longest.saturating_sub(since.until(out.moment()));
        out.arm(timer, (left, left));
    }
}

/// A sentence about a transaction, whose number fills its blank.
fn about(text: &'static str, transaction: Transaction) -> Phrase {
    Phrase::with(text, &[transaction.0.into()])
}

const fn millis(id: &'static str, name: &'static str, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Millis, least: 1, most: 60_000, default }
}

const fn count(id: &'static str, name: &'static str, most: u32, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Count, least: 1, most, default }
}

impl Protocol for TwoPhaseCommit {
    type Config = Config;
    type Message = Say;
    type Timer = Wait;
    type Durable = Kept;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 3,
        id: "2pc",
        version: 1,
        title: "Two-phase commit",
        summary: "Several machines make a transaction final together, or none does.",
        source: "Gray 1978; Bernstein, Hadzilacos & Goodman 1987",
        epoch_word: "",
        // BHG §7.2 and Gray: nodes stop and come back with their logs, messages are lost. Time-outs only say when to ask.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[
            count("participants", "Participants", MAX_PARTICIPANTS as u32, 2),
            count("clients", "Clients", 4, 2),
            Parameter {
                id: "votes",
                name: "Votes",
                unit: Unit::Choice(&["all-yes", "p1-no", "p2-no", "p3-no", "p4-no", "p5-no"]),
                least: 0,
                most: 5,
                default: 0,
            },
            millis("vote-timeout", "The coordinator waits for votes", 60),
            millis("prepare-timeout", "A participant waits for prepare", 250),
            millis("decision-timeout", "A participant in doubt asks after", 60),
            millis("retry", "Asks and tells again after", 80),
            Parameter {
                id: "cooperative-termination",
                name: "Participants in doubt ask each other",
                unit: Unit::Switch,
                least: 0,
                most: 1,
                default: 1,
            },
        ],
        flaws: &[
            Flaw {
                id: "aborts-after-voting-yes",
                sentence: "A participant in doubt aborts by itself when no decision comes.",
                needs: &[],
            },
            Flaw {
                id: "sends-before-logging",
                sentence: "The coordinator sends its decision before it is in the log.",
                needs: &[],
            },
            Flaw { id: "yes-not-logged", sentence: "A participant votes yes without writing it down.", needs: &[] },
            Flaw {
                id: "forgets-on-restart",
                sentence: "A coordinator that restarts does not read its log.",
                needs: &[],
            },
            Flaw {
                id: "silence-counts-as-yes",
                sentence: "The coordinator commits when nobody has said no for long enough.",
                needs: &[],
            },
            Flaw {
                id: "times-out-after-decision",
                sentence: "The coordinator aborts when its time-out passes, although it has decided by then.",
                needs: &[],
            },
            Flaw {
                id: "in-doubt-answers-abort",
                sentence: "A participant in doubt aborts when another asks, as if it had not voted.",
                needs: &[],
            },
        ],
        properties: Promise::ALL,
        commands: &[Command { id: "commit", name: "Commit", argument: Argument::Nothing }],
    };

    fn configure(settings: &Settings) -> Config {
        Config {
            participants: settings.number(0) as u8,
            clients: settings.number(1) as u8,
            votes_no: settings.number(2) as u8,
            vote_timeout: settings.micros(3),
            idle_timeout: settings.micros(4),
            decision_timeout: settings.micros(5),
            retry: settings.micros(6),
            cooperative: settings.on(7),
            flaws: settings.flaws,
        }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let manager = Lane { name: "TM".into(), client: false, accepts: &[] };
        let participants =
            (1..=config.participants).map(|number| Lane { name: format!("P{number}"), client: false, accepts: &[] });
        let clients = (1..=config.clients).map(|number| Lane {
            name: format!("c{number}"),
            client: true,
            accepts: &[Accepts::Read, Accepts::Write, Accepts::Add, Accepts::Command(COMMIT)],
        });
        core::iter::once(manager).chain(participants).chain(clients).collect()
    }

    // No `interchangeable`: keys name their participants, and clients number transactions by their own numbers.

    fn never_matters(message: &Say, from: NodeId, to: NodeId, nodes: View<'_, Self>, config: &Config) -> bool {
        message.never_matters(from, to, nodes, config)
    }

    fn boot(kept: Kept, out: &mut Out<'_, TwoPhaseCommit>) -> TwoPhaseCommit {
        match out.me() {
            COORDINATOR => TwoPhaseCommit::Coordinator(Coordinator::boot(kept, out)),
            node if node.0 <= out.config().participants => TwoPhaseCommit::Participant(Participant::boot(kept, out)),
            _ => TwoPhaseCommit::Client(Client::boot(kept)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, TwoPhaseCommit>) {
        match self {
            TwoPhaseCommit::Coordinator(coordinator) => coordinator.on_message(from, message, out),
            TwoPhaseCommit::Participant(participant) => participant.on_message(from, message, out),
            TwoPhaseCommit::Client(client) => client.on_message(from, message, out),
        }
    }

    fn on_timer(&mut self, timer: Wait, out: &mut Out<'_, TwoPhaseCommit>) {
        match (self, timer) {
            (TwoPhaseCommit::Coordinator(coordinator), Wait::Votes) => coordinator.on_votes_missing(out),
            (TwoPhaseCommit::Coordinator(coordinator), _) => coordinator.tell(out),
            (TwoPhaseCommit::Participant(participant), Wait::Prepare) => participant.on_idle(out),
            (TwoPhaseCommit::Participant(participant), _) => participant.on_no_decision(out),
            (TwoPhaseCommit::Client(client), _) => client.ask(out),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, TwoPhaseCommit>) {
        if let TwoPhaseCommit::Client(client) = self {
            client.on_request(id, operation, out);
        }
    }

    fn lane_status(&self) -> LaneStatus {
        let (role, weight) = match self {
            TwoPhaseCommit::Coordinator(_) => ("coordinator", Weight::Leads),
            TwoPhaseCommit::Participant(participant) if !participant.in_doubt.is_empty() => {
                ("in doubt", Weight::Follows)
            }
            TwoPhaseCommit::Participant(_) => ("participant", Weight::Follows),
            TwoPhaseCommit::Client(_) => ("", Weight::Client),
        };
        LaneStatus { role, weight, epoch: 0 }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let TwoPhaseCommit::Participant(participant) = self else { return };
        for work in participant.working() {
            now.extend(work.locks.iter().map(|key| Condition {
                what: ConditionKind::Locked,
                phrase: Phrase::with("{key} locked by T{}", &[key.0.into(), work.transaction.0.into()]),
            }));
        }
        now.extend(participant.in_doubt.iter().map(|work| Condition {
            what: ConditionKind::InDoubt,
            phrase: Phrase::with("in doubt about T{}", &[work.transaction.0.into()]),
        }));
        now.extend(participant.waiting.iter().map(|waiting| Condition {
            what: ConditionKind::Waits,
            phrase: Phrase::with("T{} waits for {key}", &[waiting.transaction.0.into(), waiting.key().0.into()]),
        }));
    }

    fn inspect(&self, view: &mut Inspection) {
        match self {
            TwoPhaseCommit::Coordinator(coordinator) => coordinator.inspect(view),
            TwoPhaseCommit::Participant(participant) => participant.inspect(view),
            TwoPhaseCommit::Client(client) => client.inspect(view),
        }
    }
}
