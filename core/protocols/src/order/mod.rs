//! Order and clocks.

pub mod lamport;

use crate::chapter::chapter;

chapter! {
    "order", "Order and clocks",
    "Before and after without a common clock.";
    lamport::Lamport,
}
