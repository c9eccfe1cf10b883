//! Total order broadcast.

pub mod counter;
pub mod lamport_tob;
pub mod sequencer;
pub mod skeen;

use crate::chapter::chapter;

chapter! {
    "total_order", "Total order broadcast",
    "One log for everyone, and what it makes easy.";
    sequencer::Sequencer,
    lamport_tob::Process,
    skeen::Skeen,
    counter::Counter,
}
