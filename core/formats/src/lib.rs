//! How scenarios, histories and runs are written down and read again. What is read is bounded before it is believed.
//!
//! A scenario has two forms, [`text`] for files and people and [`link`] for addresses; both lead back to the same
//! scenario. Decoders are handed the protocols that they may name. [`mod@edn`] is the form of recorded histories, [`history`] the
//! history of a run, and [`export`] writes runs for other tools.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod edn;
pub mod export;
pub mod history;
pub mod link;
pub mod text;
