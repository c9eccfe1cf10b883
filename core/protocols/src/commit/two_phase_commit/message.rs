//! What coordinator, participants and clients say to each other.

use super::coordinator::{Coordinator, Voting};
use super::log::Transaction;
use super::{COORDINATOR, Config, MAX_PARTICIPANTS, TwoPhaseCommit, flaw};
use core::fmt;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::protocol::{Kind, Message, Style, View};

/// What travels. Table in the module's head.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Say {
    /// Do this for the transaction.
    Update {
        /// For which.
        transaction: Transaction,
        /// Its operations at this participant are numbered from 1.
        number: u16,
        /// What to do.
        operation: Operation,
    },
    /// It is done, or refused for good.
    Updated {
        /// For which.
        transaction: Transaction,
        /// Which of its operations.
        number: u16,
        /// The answer.
        answer: Answer,
    },
    /// Commit the transaction.
    CommitRequest {
        /// Which.
        transaction: Transaction,
        /// How many operations it has at each participant.
        operations: [u16; MAX_PARTICIPANTS],
    },
    /// What became of the transaction.
    Outcome {
        /// Which.
        transaction: Transaction,
        /// Whether it is committed.
        committed: bool,
    },
    /// Can you commit? (BHG: vote request.)
    Prepare {
        /// What.
        transaction: Transaction,
        /// Who else is asked: whom to turn to when in doubt.
        participants: NodeSet,
        /// How many operations the participant should have done.
        operations: u16,
    },
    /// I can, and promise to do so.
    Yes(Transaction),
    /// I cannot.
    No(Transaction),
    /// It is committed.
    Commit(Transaction),
    /// It is aborted.
    Abort(Transaction),
    /// I know that it is committed.
    Acknowledge(Transaction),
    /// Is it committed? (BHG: decision request.)
    Ask(Transaction),
    /// I do not know either.
    InDoubt(Transaction),
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Say::Update { transaction, operation, .. } => write!(f, "{transaction} {operation}"),
            Say::Updated { transaction, answer, .. } => write!(f, "{transaction} {answer}"),
            Say::CommitRequest { transaction, .. } => write!(f, "commit {transaction}?"),
            Say::Outcome { transaction, committed } => {
                write!(f, "{transaction} is {}", if *committed { "committed" } else { "aborted" })
            }
            Say::Prepare { transaction, .. } => write!(f, "prepare {transaction}"),
            Say::Yes(transaction) => write!(f, "yes to {transaction}"),
            Say::No(transaction) => write!(f, "no to {transaction}"),
            Say::Commit(transaction) => write!(f, "commit {transaction}"),
            Say::Abort(transaction) => write!(f, "abort {transaction}"),
            Say::Acknowledge(transaction) => write!(f, "{transaction} done"),
            Say::Ask(transaction) => write!(f, "{transaction} decided?"),
            Say::InDoubt(transaction) => write!(f, "in doubt about {transaction}"),
        }
    }
}

const fn kind(name: &'static str, label: &'static str, style: Style, reply: bool) -> Kind {
    Kind { name, label, style, reply }
}

impl Say {
    /// Whether it never matters any more. What a participant has decided, it has decided for good; what the coordinator has
    /// started, it does not start again, unless with the flaw that it does not read its log.
    pub(super) fn never_matters(
        &self,
        from: NodeId,
        to: NodeId,
        nodes: View<'_, TwoPhaseCommit>,
        config: &Config,
    ) -> bool {
        let never_matters = |say: Say, from, to| say.never_matters(from, to, nodes, config);
        let decided = |transaction| nodes.durable(to).decision(transaction);
        let is_prepared = |transaction| nodes.durable(to).in_doubt().any(|work| work.transaction == transaction);
        let client = nodes.state(to).and_then(TwoPhaseCommit::client);
        match *self {
            // It is refused, now or when the decision is there, and its client does not wait for that.
            Say::Update { transaction, number, .. } => {
                let answer = Say::Updated { transaction, number, answer: Answer::Refused };
                (decided(transaction).is_some() || is_prepared(transaction)) && never_matters(answer, to, from)
            }
            // Numbers are not used again: what its client does not wait for now, it never will.
            Say::Updated { transaction, number, .. } => {
                !client.is_some_and(|client| client.waits_for(Some((from, number)), transaction, config))
            }
            Say::Outcome { transaction, .. } => {
                !client.is_some_and(|client| client.waits_for(None, transaction, config))
            }
            // At most it is answered.
            Say::CommitRequest { transaction, .. } => {
                let answer = Say::Outcome { transaction, committed: true };
                has_started(transaction, nodes, config) && never_matters(answer, to, from)
            }
            // A participant that has committed is silent.
            Say::Prepare { transaction, .. } => {
                let no = || never_matters(Say::No(transaction), to, from);
                decided(transaction).is_some_and(|committed| committed || no())
            }
            Say::Yes(transaction) => {
                let counts = |voting: &Voting| !voting.yes.contains(from);
                has_started(transaction, nodes, config) && !voting(transaction, nodes).is_some_and(counts)
            }
            Say::No(transaction) => has_started(transaction, nodes, config) && voting(transaction, nodes).is_none(),
            // A commit is acknowledged again; but not to a participant.
            Say::Commit(transaction) => {
                let silent = || from != COORDINATOR || never_matters(Say::Acknowledge(transaction), to, from);
                decided(transaction).is_some_and(|committed| !committed || silent())
            }
            Say::Abort(transaction) => decided(transaction).is_some(),
            // Everybody has acknowledged, and that is in the log.
            Say::Acknowledge(transaction) => {
                let ended = nodes.durable(to).ended(transaction) && has_started(transaction, nodes, config);
                let tells =
                    |coordinator: &Coordinator| coordinator.telling.iter().any(|(each, _)| *each == transaction);
                ended && voting(transaction, nodes).is_none() && !coordinator(nodes).is_some_and(tells)
            }
            // Who asked has decided since, and who is asked does not decide for that.
            Say::Ask(transaction) => {
                let doubts = is_prepared(transaction) && !config.flaw(flaw::IN_DOUBT_ANSWERS_ABORT);
                let only_answers = to == COORDINATOR || decided(transaction).is_some() || doubts;
                let answers = [Say::Commit(transaction), Say::Abort(transaction)];
                only_answers && answers.into_iter().all(|answer| never_matters(answer, to, from))
            }
            // Whoever hears it goes on waiting.
            Say::InDoubt(_) => true,
        }
    }
}

/// Whether the coordinator has started to count votes on this, and will never do so again.
fn has_started(transaction: Transaction, nodes: View<'_, TwoPhaseCommit>, config: &Config) -> bool {
    let mut started = nodes.durable(COORDINATOR).started();
    started.any(|(each, _)| each == transaction) && !config.flaw(flaw::FORGETS_ON_RESTART)
}

fn coordinator(nodes: View<'_, TwoPhaseCommit>) -> Option<&Coordinator> {
    nodes.state(COORDINATOR).and_then(TwoPhaseCommit::coordinator)
}

/// The votes on this, while they are counted.
fn voting(transaction: Transaction, nodes: View<'_, TwoPhaseCommit>) -> Option<&Voting> {
    coordinator(nodes)?.voting.iter().find(|voting| voting.transaction == transaction)
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        kind("Update", "update", Style::Client, false),
        kind("Updated", "updated", Style::Client, true),
        kind("CommitRequest", "commit?", Style::Client, false),
        kind("Outcome", "outcome", Style::Client, true),
        kind("Prepare", "prepare", Style::Permission, false),
        kind("Yes", "yes", Style::Permission, true),
        kind("No", "no", Style::Permission, true),
        kind("Commit", "commit", Style::Decision, false),
        kind("Abort", "abort", Style::Decision, false),
        kind("Acknowledge", "done", Style::Decision, true),
        kind("Ask", "decided?", Style::Permission, false),
        kind("InDoubt", "in doubt", Style::Permission, true),
    ];

    fn kind(&self) -> u8 {
        match self {
            Say::Update { .. } => 0,
            Say::Updated { .. } => 1,
            Say::CommitRequest { .. } => 2,
            Say::Outcome { .. } => 3,
            Say::Prepare { .. } => 4,
            Say::Yes(_) => 5,
            Say::No(_) => 6,
            Say::Commit(_) => 7,
            Say::Abort(_) => 8,
            Say::Acknowledge(_) => 9,
            Say::Ask(_) => 10,
            Say::InDoubt(_) => 11,
        }
    }
}
