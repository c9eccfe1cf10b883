//! Order and clocks.

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
}
