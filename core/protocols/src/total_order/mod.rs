//! Total order broadcast: chapter 2 of the curriculum.

pub mod sequencer;

use lightcone_engine::protocol::{Erased, Protocols};

/// The protocols of this chapter, in the order in which they are shown.
pub(crate) const PROTOCOLS: &Protocols = &[
    &Erased::<sequencer::Sequencer>::new(), //
];
