//! Two-phase commit (J. Gray, *Notes on Data Base Operating Systems*, 1978; "BHG": P. Bernstein, V. Hadzilacos
//! and N. Goodman, *Concurrency Control and Recovery in Database Systems*, 1987, chapter 7; "R\*": C. Mohan, B. Lindsay
//! and R. Obermarck, *Transaction Management in the R\* Distributed Database Management System*, 1986).
//!
//! **Problem.** A transaction has changed rows on several machines. Either all of them make it final or none does,
//! although machines stop and come back, and messages are late or lost.
//!
//! **Idea.** First everybody promises to be able to do either (votes yes, and writes that down), then one of them
//! decides. Until its promise a participant may abort by itself. After it, only the decision counts, and until it is
//! known the participant is in doubt: it holds its locks and waits. If those who know are gone, so is any way to find
//! out.
//!
//! **Roles.** The coordinator (the transaction manager, TM) counts votes and decides. Participants (resource managers,
//! P1, P2 …) keep the rows: row x is on P1, y on P2, and so on in turn. Clients do reads and writes where the rows are,
//! then ask the coordinator to commit.
//!
//! **Invariant**, of every transaction. *If anybody commits, or a Commit is under way, then the coordinator's log says
//! commit. If that says commit, then every participant's log says yes, no log says abort, and no Abort is under way.*
//! So no two nodes decide differently, nobody commits without every yes, and a decision that is written down stays.
//! Each step keeps it:
//!
//! - A participant votes yes (`Participant::vote`): the yes record is in its log before the Yes leaves. From then on it
//!   aborts only if it is told to.
//! - A participant aborts by itself: it votes no, waits too long for Prepare, or is asked by a peer before it has voted
//!   (`Participant::decide`). There is no yes record. The abort record stays, so its vote will never be yes.
//! - The last Yes arrives (`Coordinator::count`): each Yes stands for a yes record. The commit record is in the
//!   coordinator's log before the first Commit leaves.
//! - A No arrives, or votes are missing for too long (`Coordinator::abort`): the log does not say commit, and the
//!   coordinator stops counting, so it never will. Abort may be told before it is written.
//! - The coordinator crashes: votes that were only in its memory are gone. What has no decision in the log nobody can
//!   have committed, so it is aborted before anything else is done (`Coordinator::boot`). This is **presumed abort**.
//! - A participant crashes: its log says what it is in doubt about. What it has not voted on is gone, and it votes no.
//! - Somebody repeats a decision that stands in its log (`told`, `answer`): nothing new is said.
//!
//! **Progress.** Whoever is in doubt asks the coordinator again and again, and if participants ask each other, these
//! too. Whoever has decided or not voted ends the doubt. While the coordinator is down and every participant that is up
//! is in doubt, nobody decides: two-phase commit **blocks**. It needs the coordinator back, or a participant that
//! knows.
//!
//! **Flaws.** Each breaks one step of that argument:
//!
//! - [`Flaw::AbortsAfterVotingYes`], [`Flaw::InDoubtAnswersAbort`]: a participant aborts although it has voted yes,
//!   when it has waited too long or when a peer asks. The coordinator's log may say commit by then.
//! - [`Flaw::YesNotLogged`]: a Yes stands for no record. After a crash the participant may abort as if it had not
//!   voted.
//! - [`Flaw::SilenceCountsAsYes`]: the coordinator's log says commit, and some participant's log does not say yes.
//! - [`Flaw::SendsBeforeLogging`]: a Commit is under way, and the log does not say so yet. A crash in between, and the
//!   coordinator presumes abort.
//! - [`Flaw::ForgetsOnRestart`]: the coordinator does not find its commit in the log, and tells Abort.
//! - [`Flaw::TimesOutAfterDecision`]: the coordinator does not stop counting when it decides. Its time-out decides
//!   again.
//!
//! **A commit** of two participants, without failures. A star is a record that is forced into the log before the next
//! line:
//!
//! ```text
//! client            coordinator TM            P1, P2
//!   CommitRequest ─────▶ start*
//!                        Prepare ───────────▶ yes*          they are in doubt from here …
//!                        commit* ◀─────────── Yes
//!   Outcome ◀─────────── Commit ────────────▶ commit*       … to here
//!                        end* ◀────────────── Acknowledge
//! ```
//!
//! These are three rounds of messages, as BHG counts them: Prepare, Yes, Commit. Acknowledge is R\*'s; it lets the
//! coordinator stop telling.
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
//! **Faults.** Nodes crash and come back with their logs, messages are lost, doubled, reordered, links are cut, clocks
//! are anything. A node that loses its disk forgets what it has promised: then nothing is certain.
//!
//! **Where.** [`mod@log`] is what a crash leaves; [`coordinator`], [`participant`] and [`client`] are the roles;
//! [`judge`] says whether the run keeps what two-phase commit promises.
//!
//! **Left out.** Undo and redo (log and rows are written together), log truncation, shared locks, read-only votes, a
//! tree of coordinators, roll-back by the client (its locks go when the participant has waited long enough; so do those
//! of a deadlock). An operation that arrives twice around a participant's crash counts as asked again.

pub mod client;
pub mod coordinator;
pub mod judge;
pub mod log;
pub mod participant;

use crate::parts::atomic_commit::Decision::{self, Abort, Commit};
use crate::parts::atomic_commit::{Promise, Transaction, listed};
use client::Client;
use coordinator::Coordinator;
use judge::Judge;
use lightcone_engine::prelude::*;
use log::{Record, Stable, Work, assignments, joined};
use participant::{Participant, Update};

/// What a handler may do, whatever the role of its node.
type Out<'a> = lightcone_engine::protocol::Out<'a, TwoPhaseCommit>;

/// Participants at most.
pub const MAX_PARTICIPANTS: usize = 5;
/// The coordinator's lane: the first.
pub const COORDINATOR: NodeId = NodeId(0);
/// How many operations a transaction has at each participant, by lane; at the coordinator's none.
pub type Counts = [u16; 1 + MAX_PARTICIPANTS];

choices! {
    /// Who votes no, whatever it has done. The place is the lane's; the coordinator's, the first, stands for nobody.
    Votes {
        /// Everybody is willing.
        AllYes = "all-yes";
        /// The first participant votes no.
        FirstNo = "p1-no";
        /// The second does.
        SecondNo = "p2-no";
        /// The third does.
        ThirdNo = "p3-no";
        /// The fourth does.
        FourthNo = "p4-no";
        /// The fifth does.
        FifthNo = "p5-no";
    }
}

knobs! {
    /// Participants, which keep the rows.
    participants: Count(1..=MAX_PARTICIPANTS as u32, default 2) = "participants", "Participants";
    /// Clients, each with one transaction after the other.
    clients: Count(1..=4, default 2) = "clients", "Clients";
    /// Who votes no.
    votes: Choice(Votes::AllYes) = "votes", "Votes";
    /// From Prepare to the moment at which the coordinator stops waiting for votes.
    vote_timeout_micros: Millis(default 60) = "vote-timeout", "The coordinator waits for votes";
    /// From a transaction's last operation at a participant to the moment at which that stops waiting for Prepare.
    prepare_timeout_micros: Millis(default 250) = "prepare-timeout", "A participant waits for prepare";
    /// From its yes to the moment at which a participant in doubt asks for the first time.
    decision_timeout_micros: Millis(default 60) = "decision-timeout", "A participant in doubt asks after";
    /// From one try to the next, of whatever is tried for ever.
    retry_micros: Millis(default 80) = "retry", "A message is sent again after";
    /// Whether a participant in doubt asks the other participants as well as the coordinator.
    cooperative: Switch(on) = "cooperative-termination", "Participants in doubt ask each other";
}

flaws! {
    AbortsAfterVotingYes = "aborts-after-voting-yes",
        "A participant in doubt aborts by itself when no decision comes.";
    SendsBeforeLogging = "sends-before-logging", "The coordinator sends its decision before it logs the decision.";
    YesNotLogged = "yes-not-logged", "A participant does not write its yes vote to its log.";
    ForgetsOnRestart = "forgets-on-restart", "A coordinator that restarts does not read its log.";
    SilenceCountsAsYes = "silence-counts-as-yes",
        "The coordinator counts a missing vote as yes after its time-out.";
    TimesOutAfterDecision = "times-out-after-decision",
        "The coordinator aborts at its time-out although it has decided to commit.";
    InDoubtAnswersAbort = "in-doubt-answers-abort",
        "A participant in doubt aborts when another asks, as if it had not voted.", needs cooperative 1;
}

commands! {
    /// Commit the client's transaction.
    Commit = "commit", "Commit";
}

messages! {
    /// What travels. The table on the first page says where.
    Message {
        /// Do this operation, which has this place among the transaction's at the participant, from 1. It reads or
        /// writes a row that the participant keeps.
        Update(transaction: Transaction, number: u16, operation: Operation)
            = Client, "update", "{transaction} {operation}";
        /// The operation is done, or refused for good: then the participant has aborted the transaction.
        Updated(transaction: Transaction, number: u16, answer: Answer)
            = Client reply, "answer", "{transaction} {answer}";
        /// Commit the transaction, if everybody has done as many of its operations.
        CommitRequest(transaction: Transaction, operations: Counts) = Client, "commit request", "commit {transaction}?";
        /// What became of the transaction.
        Outcome(transaction: Transaction, decision: Decision) = Client reply, "outcome", "{transaction} is {decision}";
        /// Can you commit? (BHG: vote request.) All participants are named: these can be asked when in doubt. Whoever
        /// has not done as many operations, because a crash came in between, cannot.
        Prepare(transaction: Transaction, participants: NodeSet, operations: u16)
            = Permission, "prepare", "prepare {transaction}";
        /// I can, and promise to do so.
        Yes(transaction: Transaction) = Permission reply, "yes", "yes to {transaction}";
        /// I cannot, and have aborted.
        No(transaction: Transaction) = Permission reply, "no", "no to {transaction}";
        /// It is committed.
        Commit(transaction: Transaction) = Decision, "commit", "commit {transaction}";
        /// It is aborted.
        Abort(transaction: Transaction) = Decision, "abort", "abort {transaction}";
        /// My log says that it is committed.
        Acknowledge(transaction: Transaction) = Decision reply, "done", "{transaction} done";
        /// Is it committed? (BHG: decision request.)
        Ask(transaction: Transaction) = Permission, "decision request", "{transaction} decided?";
        /// I do not know either.
        InDoubt(transaction: Transaction) = Permission reply, "in doubt", "in doubt about {transaction}";
    }
}

impl Message {
    /// Tells a decision: what the coordinator says when it decides, and what whoever knows answers to Ask.
    fn telling(transaction: Transaction, decision: Decision) -> Message {
        match decision {
            Commit => Message::Commit(transaction),
            Abort => Message::Abort(transaction),
        }
    }
}

timers! {
    /// The coordinator: for votes.
    Votes;
    /// The coordinator: to tell again what is committed.
    Tell;
    /// A participant that has not voted: for Prepare.
    Prepare;
    /// A participant in doubt: for the decision.
    Decision;
    /// A client: for an answer.
    Retry;
}

facts! {
    /// What happens to a transaction.
    Fact {
        /// The coordinator is asked to commit it, and asks for votes.
        Asked {
            /// Named by its client.
            transaction: Transaction,
        } = Received, "T{} wants to commit", transaction;
        /// A participant is ready to commit it, and votes yes.
        Prepared {
            /// The node is in doubt about it from now on.
            transaction: Transaction,
        } = Appended, "T{} prepared", transaction;
        /// A node decides, or carries out a decision.
        Decided {
            /// Each node decides it once.
            transaction: Transaction,
            /// The same at every node.
            decision: Decision,
        } => match decision {
            Commit => (Mark::Committed, phrase!("T{} committed", transaction)),
            Abort => (Mark::Aborted, phrase!("T{} aborted", transaction)),
        };
        /// A coordinator that comes back finds it unfinished.
        Recovered {
            /// Started, and not ended.
            transaction: Transaction,
            /// That of the log. If there is none, abort is presumed.
            decision: Decision,
        } => match decision {
            Commit => (Mark::Turning, phrase!("the log says: commit T{}", transaction)),
            Abort => (Mark::Aborted, phrase!("no decision in the log: abort T{}", transaction)),
        };
    }
}

/// What a reader may ask why about: commit or abort.
const DECISION: &str = "decision";
/// What a reader may ask why about: a participant's yes.
const VOTE: &str = "vote";

/// A node, in one of three roles.
#[derive(Clone, Debug, Hash)]
pub enum TwoPhaseCommit {
    /// Counts votes and decides.
    Coordinator(Coordinator),
    /// Keeps rows and votes.
    Participant(Participant),
    /// Reads, writes and asks to commit.
    Client(Client),
}

impl Protocol for TwoPhaseCommit {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 3,
        id: "2pc",
        version: 1,
        title: "Two-phase commit",
        summary: "Machines commit a transaction together, or all of them abort it.",
        source: "Gray 1978; Bernstein, Hadzilacos & Goodman 1987",
        epoch_word: "",
        // BHG §7.2 and Gray: nodes stop and come back with their logs, messages are lost. Time-outs only say when to ask.
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Self>] = &[
        Goal {
            id: "committed",
            sentence: "A transaction commits",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Decided { decision: Commit, .. })),
        },
        Goal {
            id: "aborted",
            sentence: "A transaction aborts",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Decided { decision: Abort, .. })),
        },
        Goal {
            id: "blocked",
            sentence: "A participant is in doubt while the coordinator is down",
            reached: Reached::Is(|nodes| {
                let in_doubt = |node: &Self| matches!(node, Self::Participant(it) if !it.in_doubt.is_empty());
                nodes.state(COORDINATOR).is_none() && nodes.up().any(|(_, node)| in_doubt(node))
            }),
        },
        Goal {
            id: "recovered",
            sentence: "A coordinator comes back and finishes a transaction",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Recovered { .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let manager = Lane { name: "TM".into(), client: false, accepts: &[] };
        let accepted = const { &[Accepts::Read, Accepts::Write, Accepts::Add, Verb::Commit.accepted()] };
        let participants = Lane::nodes("P", config.participants, &[]);
        [manager].into_iter().chain(participants).chain(Lane::clients(config.clients, accepted)).collect()
    }

    // No `interchangeable`: keys name their participants, and clients number transactions by their own numbers.

    // A node's role follows from its lane: the coordinator's is the first, then come participants, then clients.

    fn boot(stable: Stable, out: &mut Out<'_>) -> Self {
        match out.me() {
            COORDINATOR => Self::Coordinator(Coordinator::boot(stable, out)),
            node if node.0 <= out.config().participants => Self::Participant(Participant::boot(stable, out)),
            _ => Self::Client(Client::boot(stable)),
        }
    }

    // Who handles what. Each handler's file says which section it implements.
    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_>) {
        let before = self.oldest();
        match (&mut *self, message) {
            (Self::Coordinator(node), &Message::CommitRequest(transaction, all)) => {
                node.start(from, transaction, all, out)
            }
            (Self::Coordinator(node), &Message::Yes(transaction)) => node.count(from, transaction, true, out),
            (Self::Coordinator(node), &Message::No(transaction)) => node.count(from, transaction, false, out),
            (Self::Coordinator(node), &Message::Acknowledge(transaction)) => node.acknowledged(from, transaction, out),
            (Self::Coordinator(node), &Message::Ask(transaction)) => node.answer(from, transaction, out),
            (Self::Participant(node), &Message::Update(transaction, number, operation)) => {
                node.update(Update { client: from, transaction, number, operation }, out);
            }
            (Self::Participant(node), &Message::Prepare(transaction, all, count)) => {
                node.vote(transaction, all, count, out)
            }
            (Self::Participant(node), &Message::Commit(transaction)) => node.told(from, transaction, Commit, out),
            (Self::Participant(node), &Message::Abort(transaction)) => node.told(from, transaction, Abort, out),
            (Self::Participant(node), &Message::Ask(transaction)) => node.answer(from, transaction, out),
            (Self::Client(node), _) => node.answered(from, message, out),
            // Nobody sends anything else but InDoubt.
            _ => out.ignore(phrase!("{node} does not know either", from)),
        }
        self.time_oldest(before, out);
    }

    // BHG §7.4, time-out actions: what each role does when it has waited long enough.
    fn on_timer(&mut self, timer: Timer, out: &mut Out<'_>) {
        let before = self.oldest();
        match (&mut *self, timer) {
            (Self::Coordinator(node), Timer::Votes) => node.on_votes_missing(out),
            (Self::Coordinator(node), _) => node.tell(out),
            (Self::Participant(node), Timer::Prepare) => node.on_idle(out),
            (Self::Participant(node), _) => node.on_no_decision(out),
            (Self::Client(node), _) => node.ask(out),
        }
        self.time_oldest(before, out);
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_>) {
        // The other lanes accept nothing.
        let Self::Client(client) = self else { return };
        client.on_request(id, operation, out);
    }

    fn lane_status(&self) -> LaneStatus {
        match self {
            Self::Coordinator(_) => LaneStatus { role: "coordinator", weight: Weight::Leads, epoch: 0 },
            Self::Participant(node) if !node.in_doubt.is_empty() => LaneStatus { role: "in doubt", ..LaneStatus::NODE },
            Self::Participant(_) => LaneStatus { role: "participant", ..LaneStatus::NODE },
            Self::Client(_) => LaneStatus::CLIENT,
        }
    }

    // What blocks whom is drawn: rows that are locked, doubt, and whoever waits for a row.
    fn conditions(&self, now: &mut Vec<Condition>) {
        let Self::Participant(node) = self else { return };
        let mut holds = |what, phrase| now.push(Condition { what, phrase });
        for work in node.working() {
            for key in &work.locks {
                holds(ConditionKind::Locked, phrase!("{key} locked by T{}", key, work.transaction));
            }
        }
        for work in &node.in_doubt {
            holds(ConditionKind::InDoubt, phrase!("in doubt about T{}", work.transaction));
        }
        for waiting in &node.waiting {
            holds(ConditionKind::Waits, phrase!("T{} waits for {key}", waiting.transaction, waiting.key()));
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        match self {
            Self::Coordinator(node) => node.inspect(view),
            Self::Participant(node) => node.inspect(view),
            Self::Client(node) => node.inspect(view),
        }
    }

    /// What a participant has decided, it has decided for good; what the coordinator has started, it does not start
    /// again, unless with the flaw that it does not read its log. Clients do not use a number again.
    fn never_matters(message: &Message, from: NodeId, to: NodeId, nodes: View<'_, Self>, config: &Config) -> bool {
        let is_dead = |answer: Message| Self::never_matters(&answer, to, from, nodes, config);
        let stable = nodes.durable(to);
        let decided = |transaction| stable.decision(transaction);
        let prepared = |transaction| stable.in_doubt().any(|work| work.transaction == transaction);
        let forgets = config.has(Flaw::ForgetsOnRestart);
        let started = |transaction| !forgets && stable.started().any(|(each, _)| each == transaction);
        let coordinator = if let Some(Self::Coordinator(node)) = nodes.state(to) { Some(node) } else { None };
        let voting = |transaction| coordinator.and_then(|node| node.voting(transaction));
        match *message {
            // It is refused, now or when the decision is there, and its client does not wait for that.
            Message::Update(transaction, number, _) => {
                let refusal = Message::Updated(transaction, number, Answer::Refused);
                (decided(transaction).is_some() || prepared(transaction)) && is_dead(refusal)
            }
            // What its client does not wait for now, it never will.
            Message::Updated(..) | Message::Outcome(..) => {
                !matches!(nodes.state(to), Some(Self::Client(client)) if client.waits_for(from, message, config))
            }
            // At most it is answered.
            Message::CommitRequest(transaction, _) => {
                started(transaction) && is_dead(Message::Outcome(transaction, Commit))
            }
            // Who has committed is silent; who has aborted says no.
            Message::Prepare(transaction, ..) => {
                decided(transaction).is_some_and(|decision| decision == Commit || is_dead(Message::No(transaction)))
            }
            // It is counted, or everything is.
            Message::Yes(transaction) => {
                started(transaction) && voting(transaction).is_none_or(|it| it.yes.contains(from))
            }
            // Nothing is counted any more.
            Message::No(transaction) => started(transaction) && voting(transaction).is_none(),
            // A commit is acknowledged again; but not to a participant.
            Message::Commit(transaction) => {
                let is_silent = || from != COORDINATOR || is_dead(Message::Acknowledge(transaction));
                decided(transaction).is_some_and(|decision| decision == Abort || is_silent())
            }
            // Whoever has decided does not listen.
            Message::Abort(transaction) => decided(transaction).is_some(),
            // Everybody has acknowledged, and that is in the log.
            Message::Acknowledge(transaction) => {
                let tells = coordinator.is_some_and(|node| node.telling.iter().any(|(each, _)| *each == transaction));
                started(transaction) && stable.ended(transaction) && voting(transaction).is_none() && !tells
            }
            // Who asked has decided since, and who is asked does not decide for that.
            Message::Ask(transaction) => {
                let doubts = prepared(transaction) && !config.has(Flaw::InDoubtAnswersAbort);
                let only_answers = to == COORDINATOR || decided(transaction).is_some() || doubts;
                only_answers && [Commit, Abort].iter().all(|each| is_dead(Message::telling(transaction, *each)))
            }
            // Whoever hears it goes on waiting.
            Message::InDoubt(_) => true,
        }
    }
}

/// A transaction that waits, and since when by the clock of the node where it does.
type Oldest = Option<(Transaction, Moment)>;

impl TwoPhaseCommit {
    /// What has waited longest: at the coordinator for votes, at a participant for the next operation or Prepare.
    fn oldest(&self) -> Oldest {
        match self {
            Self::Coordinator(node) => node.voting.first().map(|voting| (voting.transaction, voting.since)),
            Self::Participant(node) => node.active.first().map(|(work, since)| (work.transaction, *since)),
            Self::Client(_) => None,
        }
    }

    /// One timer for all that wait: it runs for the oldest, and is armed anew if that is another than before. So a
    /// time-out hits one transaction, and the next begins where that left off.
    fn time_oldest(&self, before: Oldest, out: &mut Out<'_>) {
        let (timer, longest_micros) = match self {
            Self::Coordinator(_) => (Timer::Votes, out.config().vote_timeout_micros),
            _ => (Timer::Prepare, out.config().prepare_timeout_micros),
        };
        match self.oldest() {
            now if now == before => {}
            None => out.disarm(timer),
            Some((_, since)) => out.arm(timer, exactly(longest_micros.saturating_sub(since.until(out.timer_clock())))),
        }
    }
}

/// A timer's range that leaves nothing to chance.
const fn exactly(micros: u64) -> (u64, u64) {
    (micros, micros)
}

/// The name of the coordinator or of a participant.
fn name(node: NodeId) -> String {
    if node == COORDINATOR { "TM".into() } else { format!("P{}", node.0) }
}

/// "TM, P1 and P2", with this word before the last.
fn names(nodes: NodeSet, word: &str) -> String {
    listed(nodes.iter().map(name), word)
}
