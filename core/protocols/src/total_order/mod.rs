//! Total order broadcast.

pub mod counter;
pub mod sequencer;
pub mod skeen;

use crate::chapter::Chapter;
use lightcone_engine::protocol::Erased;

/// The chapter: its protocols in the order in which they are shown.
pub(crate) const CHAPTER: Chapter = Chapter {
    title: "Total order broadcast",
    sentence: "One log for everyone, and what it makes easy.",
    protocols: &[
        &Erased::<sequencer::Sequencer>::new(), //
        &Erased::<skeen::Skeen>::new(),
        &Erased::<counter::Counter>::new(),
    ],
};
