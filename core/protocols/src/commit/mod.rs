//! Atomic commit.

pub mod two_phase_commit;

use crate::chapter::chapter;

chapter! {
    "commit", "Atomic commit",
    "All of them or none of them.";
    two_phase_commit::TwoPhaseCommit,
}
