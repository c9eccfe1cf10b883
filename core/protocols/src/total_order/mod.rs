//! Total order broadcast.

pub mod sequencer;

use crate::chapter::chapter;

chapter! {
    "total_order", "Total order broadcast",
    "One log for everyone, and what it makes easy.";
    sequencer::Sequencer,
}
