//! Replication.

pub mod quorum;
pub mod test_and_set;

use crate::chapter::chapter;

chapter! {
    "replication", "Replication",
    "Copies that agree, or seem to.";
    test_and_set::TestAndSet,
    quorum::Quorum,
}
