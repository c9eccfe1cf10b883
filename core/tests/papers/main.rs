//! One test for each claim that is cited from a paper: one file or folder a paper.

mod causal_broadcast;
mod counter_tob;
mod lamport;
mod lamport_tob;
mod paxos;
mod quorum;
mod raft;
mod sequence_numbers;
mod sequencer;
mod skeen;
mod test_and_set;
mod two_phase_commit;
mod version_vectors;
