//! Consensus.

pub mod paxos;
pub mod raft;

use crate::chapter::Chapter;
use lightcone_engine::protocol::Erased;

/// The chapter: its protocols in the order in which they are shown.
pub(crate) const CHAPTER: Chapter = Chapter {
    title: "Consensus",
    sentence: "Agreeing once, and then again and again.",
    protocols: &[
        &Erased::<paxos::Paxos>::new(), //
        &Erased::<raft::Raft>::new(),
    ],
};
