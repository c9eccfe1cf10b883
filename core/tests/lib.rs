//! What the tests of the core share: a protocol for tests alone.
#![forbid(unsafe_code)]

pub mod toy;
