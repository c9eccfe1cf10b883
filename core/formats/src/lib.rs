//! How scenarios, histories and runs are written and read. Decoders check all bounds before they use what they read.
//!
//! A scenario has two forms: [`text`] for files and people, and [`link`] for addresses. Both decode to the same scenario. A
//! decoder is given the protocols that its input may name. [`mod@edn`] is the form of recorded histories, [`history`] makes
//! the history of a run, and [`export`] writes runs for other tools. JSON stands a floor above, in `api/`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod edn;
pub mod export;
pub mod history;
pub mod link;
pub mod text;
