//! Atomic commit: chapter 4 of the curriculum.

pub mod two_phase_commit;

use lightcone_engine::protocol::{Erased, Protocols};

/// The protocols of this chapter, in the order in which they are shown.
pub(crate) const PROTOCOLS: &Protocols = &[
    &Erased::<two_phase_commit::TwoPhaseCommit>::new(), //
];
