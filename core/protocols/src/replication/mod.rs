//! Replication.

pub mod quorum;
pub mod test_and_set;

use crate::chapter::Chapter;
use lightcone_engine::protocol::Erased;

/// The chapter: its protocols in the order in which they are shown.
pub(crate) const CHAPTER: Chapter = Chapter {
    title: "Replication",
    sentence: "Copies that agree, or seem to.",
    protocols: &[&Erased::<test_and_set::TestAndSet>::new(), &Erased::<quorum::Quorum>::new()],
};
