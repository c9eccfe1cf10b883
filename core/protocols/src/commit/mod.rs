//! Chapter 4: atomic commit.

pub mod two_phase_commit;
