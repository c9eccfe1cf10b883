//! Lightcone's engine: what a scenario is, how it runs, and what an author of a protocol writes against.
//!
//! There is one flow. A [`Scenario`] is the whole input of a run; [`simulate()`] turns it into a [`Trace`]; an [`Edit`] makes
//! the next scenario. The engine knows no screen, clock, file or random device: the same scenario gives the same trace on
//! every machine.
//!
//! The engine has three floors. Each knows only the floors listed before it:
//!
//! 1. Basic types: [`time`], [`id`], [`hash`], [`per_node`], [`sorted_map`], [`mod@phrase`], [`limits`], [`model`], [`operation`], [`draw`],
//!    [`fingerprints`].
//! 2. [`protocol`]: what an author writes against, and the types in which a run is told. Authors import [`prelude`].
//! 3. [`run`]: scenario, plan, world, trace, simulator and causality, in this order.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

/// Compiles the examples of CONTRIBUTING.md.
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
pub mod per_node;
pub mod phrase;
pub mod prelude;
pub mod protocol;
pub mod run;
pub mod sorted_map;
pub mod time;

pub use id::{EventIndex, MessageId, NodeId, NodeSet, RequestId, TimerId};
pub use protocol::{Action, Edit};
pub use run::{Scenario, Trace, resimulate, simulate};
pub use time::Time;
