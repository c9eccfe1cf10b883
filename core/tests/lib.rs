//! What the core's tests share: random scenarios and schedules, how much is tried, and protocols for tests alone.
#![forbid(unsafe_code)]

pub mod common;
pub mod count;
pub mod files;
pub mod picture;
pub mod soak;
pub mod toy;
