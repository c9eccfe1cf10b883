//! Atomic commit.

pub mod two_phase_commit;

use crate::chapter::Chapter;
use lightcone_engine::protocol::Erased;

/// The chapter: its protocols in the order in which they are shown.
pub(crate) const CHAPTER: Chapter = Chapter {
    title: "Atomic commit",
    sentence: "All of them or none of them.",
    protocols: &[
        &Erased::<two_phase_commit::TwoPhaseCommit>::new(), //
    ],
};
