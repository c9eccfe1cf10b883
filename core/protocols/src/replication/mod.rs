//! Replication.

pub mod quorum;

use crate::chapter::chapter;

chapter! {
    "replication", "Replication",
    "Copies that agree, or seem to.";
    quorum::Quorum,
}
