//! Consensus.

pub mod paxos;
pub mod raft;

use crate::chapter::chapter;

chapter! {
    "consensus", "Consensus",
    "Agreeing once, and then again and again.";
    paxos::Paxos,
    raft::Raft,
}
