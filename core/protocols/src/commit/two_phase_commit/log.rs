//! What a crash leaves: the log of each node and the rows of a participant.
//!
//! Log and rows are written together, so that neither undo nor redo is needed: what is in the log is in the rows.

use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::id::NodeSet;
use lightcone_engine::operation::{Key, Value};
use lightcone_engine::sorted_map::SortedMap;

/// A transaction, numbered so that no two clients use the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transaction(pub u16);

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

/// What a participant has done for a transaction and not yet made final.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Work {
    /// For which transaction.
    pub transaction: Transaction,
    /// Everybody who takes part; empty until the coordinator says so.
    pub participants: NodeSet,
    /// The rows it has locked, in the order in which it did.
    pub locks: Vec<Key>,
    /// The values it writes if it commits.
    pub writes: SortedMap<Key, Value>,
    /// How many operations that makes.
    pub operations: u16,
}

/// A record of a log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The coordinator asks for votes (BHG §7.4: start-2PC).
    Start {
        /// On which transaction.
        transaction: Transaction,
        /// Whom it asks.
        participants: NodeSet,
    },
    /// The participant votes yes (BHG §7.4: yes record), and keeps what it needs to commit.
    Prepared(Work),
    /// It is committed.
    Committed(Transaction),
    /// It is aborted.
    Aborted(Transaction),
    /// Every participant has acknowledged that it is committed.
    Ended(Transaction),
}

/// What a crash leaves.
#[derive(Clone, Debug, Default, Hash)]
pub struct Kept {
    /// A coordinator's or participant's log, oldest first.
    pub log: Vec<Record>,
    /// A participant's rows: what committed transactions wrote.
    pub rows: SortedMap<Key, Value>,
    /// How many transactions a client has begun.
    pub begun: u16,
}

impl Kept {
    /// Whether the transaction is committed (true), aborted (false) or neither; the last word counts.
    #[must_use]
    pub fn decision(&self, transaction: Transaction) -> Option<bool> {
        self.log.iter().rev().find_map(|record| match *record {
            Record::Committed(each) if each == transaction => Some(true),
            Record::Aborted(each) if each == transaction => Some(false),
            _ => None,
        })
    }

    /// Whether every participant has acknowledged it.
    #[must_use]
    pub fn ended(&self, transaction: Transaction) -> bool {
        self.log.contains(&Record::Ended(transaction))
    }

    /// What the coordinator has started, with those it asks.
    pub fn started(&self) -> impl Iterator<Item = (Transaction, NodeSet)> {
        self.log.iter().filter_map(|record| match *record {
            Record::Start { transaction, participants } => Some((transaction, participants)),
            _ => None,
        })
    }

    /// What the participant has voted yes on and has no decision about.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Work> {
        self.log.iter().filter_map(|record| match record {
            Record::Prepared(work) if self.decision(work.transaction).is_none() => Some(work),
            _ => None,
        })
    }
}
