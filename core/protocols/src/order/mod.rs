//! Order and clocks.

pub mod lamport;
pub mod sequence_numbers;

use crate::chapter::chapter;

chapter! {
    "order", "Order and clocks",
    "Before and after without a common clock.";
    lamport::Lamport,
    sequence_numbers::SequenceNumbers,
}
