//! Order and clocks.

pub mod causal_broadcast;
pub mod lamport;
pub mod sequence_numbers;
pub mod version_vectors;

use crate::chapter::chapter;

chapter! {
    "order", "Order and clocks",
    "Before and after without a common clock.";
    lamport::Lamport,
    sequence_numbers::SequenceNumbers,
    version_vectors::VersionVectors,
    causal_broadcast::Broadcaster,
}
