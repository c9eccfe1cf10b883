//! Chapter 1: order and clocks.

pub mod lamport;
