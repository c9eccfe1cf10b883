//! Order and clocks.

pub mod causal_broadcast;
pub mod lamport;

use crate::chapter::Chapter;
use lightcone_engine::protocol::Erased;

/// The chapter: its protocols in the order in which they are shown.
pub(crate) const CHAPTER: Chapter = Chapter {
    title: "Order and clocks",
    sentence: "Before and after without a common clock.",
    protocols: &[&Erased::<lamport::Lamport>::new(), &Erased::<causal_broadcast::Broadcaster>::new()],
};
