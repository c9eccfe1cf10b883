//! What the page shows and searches: the runs of the gallery, the starts of searches and the challenges, as files that are compiled in. The
//! build makes the lists of these files.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod challenges;
mod expectation;
mod expected;
pub mod find;
pub mod gallery;
pub mod grade;
pub mod lessons;
pub mod searches;
pub mod shelf;
pub mod short;
pub mod stages;
pub mod widening;

pub use expected::Expected;
