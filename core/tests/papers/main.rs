//! One test for each claim that is cited from a paper: one file or folder a paper.

#[path = "../common/mod.rs"]
mod common;
mod lamport;
mod paxos;
mod quorum;
mod raft;
mod sequence_numbers;
mod sequencer;
mod two_phase_commit;
mod version_vectors;
