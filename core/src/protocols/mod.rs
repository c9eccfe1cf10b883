//! The protocols, each a companion to its paper. One file (or folder) each, and a line in
//! [`crate::registry`].

pub mod lamport;
pub mod paxos;
pub mod quorum;
pub mod raft;
pub mod two_phase_commit;
