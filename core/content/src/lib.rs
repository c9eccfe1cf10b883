//! What is shown and searched: the runs of the gallery and where searches start, as files that are compiled in. The lists
//! of them are made by the build.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod expected;
pub mod gallery;
pub mod searches;

pub use expected::Expected;
