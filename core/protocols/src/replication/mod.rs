//! Replication: chapter 3 of the curriculum.

pub mod quorum;

use lightcone_engine::protocol::{Erased, Protocols};

/// The protocols of this chapter, in the order in which they are shown.
pub(crate) const PROTOCOLS: &Protocols = &[
    &Erased::<quorum::Quorum>::new(), //
];
