//! "Break it from here": the search as the page knows it.

pub mod ask;
mod work;

pub use ask::{Report, Request};
pub use work::{Engine, work};
