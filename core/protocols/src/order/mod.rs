//! Order and clocks: chapter 1 of the curriculum.

pub mod lamport;

use lightcone_engine::protocol::{Erased, Protocols};

/// The protocols of this chapter, in the order in which they are shown.
pub(crate) const PROTOCOLS: &Protocols = &[
    &Erased::<lamport::Lamport>::new(), //
];
