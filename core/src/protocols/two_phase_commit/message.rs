//! What coordinator, participants and clients say to each other.

use super::MAX_PARTICIPANTS;
use super::log::Transaction;
use crate::id::NodeSet;
use crate::operation::{Answer, Operation};
use crate::protocol::{Kind, Message, Style};
use core::fmt;

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
