//! Chapter 3: replication.

pub mod quorum;
