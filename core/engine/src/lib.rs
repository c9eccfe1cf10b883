//! Lightcone's engine: what a scenario is, how it runs, and what an author of a protocol writes against.
//!
//! One flow: a [`Scenario`] is the whole input; [`simulate()`] turns it into a [`Trace`]; an [`Edit`] makes the next
//! scenario. Nothing in here knows a screen, a clock, a file or a random device: the same scenario gives the same trace on
//! every machine.
//!
//! Three floors, each of which knows only those below:
//!
//! 1. Words of all: [`time`], [`id`], [`hash`], [`table`], [`phrase`], [`limits`], [`model`], [`operation`], [`draw`],
//!    [`fingerprints`].
//! 2. [`protocol`]: what an author sees, and the words in which a run is told. [`prelude`] is what an author imports.
//! 3. [`run`]: scenario, plan, world, trace, simulator, causality, in this order.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

/// What CONTRIBUTING.md teaches compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
struct Contributing;

pub mod draw;
pub mod fingerprints;
pub mod hash;
pub mod id;
pub mod limits;
pub mod model;
pub mod operation;
pub mod phrase;
pub mod prelude;
pub mod protocol;
pub mod run;
pub mod table;
pub mod time;

pub use id::{EventIndex, MessageId, NodeId, NodeSet, RequestId, TimerId};
pub use protocol::{Action, Edit};
pub use run::{Scenario, Trace, resimulate, simulate};
pub use time::Time;
