//! Consensus: chapter 5 of the curriculum.

pub mod paxos;
pub mod raft;

use lightcone_engine::protocol::{Erased, Protocols};

/// The protocols of this chapter, in the order in which they are shown.
pub(crate) const PROTOCOLS: &Protocols = &[
    &Erased::<paxos::Paxos>::new(), //
    &Erased::<raft::Raft>::new(),
];
