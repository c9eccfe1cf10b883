//! What happens to a transaction, for figure and judge.

use super::log::Transaction;
use lightcone_engine::prelude::*;

facts! {
    /// What happens to a transaction.
    Fact {
        /// The coordinator is asked to commit it, and asks for votes.
        Asked {
            /// Which.
            transaction: Transaction,
        } = Received, "T{} wants to commit", transaction;
        /// A participant is ready to commit it, and votes yes.
        Prepared {
            /// Which.
            transaction: Transaction,
        } = Appended, "T{} prepared", transaction;
        /// A node decides: commit.
        Committed {
            /// Which.
            transaction: Transaction,
        } = Committed, "T{} committed", transaction;
        /// A node decides: abort.
        Aborted {
            /// Which.
            transaction: Transaction,
        } = Aborted, "T{} aborted", transaction;
        /// A coordinator that comes back finds it undecided, and presumes abort.
        AbortPresumed {
            /// Which.
            transaction: Transaction,
        } = Aborted, "no decision in the log: abort T{}", transaction;
        /// A coordinator that comes back finds it committed, and tells it again.
        CommitFound {
            /// Which.
            transaction: Transaction,
        } = Turning, "the log says: commit T{}", transaction;
    }
}

impl Blank for Transaction {
    fn blank(&self) -> i32 {
        self.0.into()
    }
}
