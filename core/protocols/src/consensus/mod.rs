//! Chapter 5: consensus.

pub mod paxos;
pub mod raft;
