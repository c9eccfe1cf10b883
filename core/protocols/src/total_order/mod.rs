//! Total order broadcast.

pub mod counter;
pub mod sequencer;
pub mod skeen;

use crate::chapter::chapter;

chapter! {
    "total_order", "Total order broadcast",
    "One log for everyone, and what it makes easy.";
    sequencer::Sequencer,
    skeen::Skeen,
    counter::Counter,
}
