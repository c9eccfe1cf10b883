//! A protocol for tests alone, which the core's tests share.
#![forbid(unsafe_code)]

pub mod files;
pub mod picture;
pub mod toy;
