//! Lightcone's core: protocols, the simulator that runs them, and what checks them.
//!
//! One flow, four nouns: a [`Scenario`] is the whole input; [`simulate()`] turns it into a [`Trace`];
//! the page lays the trace out and turns what the reader's hand does into an [`Edit`], which makes
//! the next scenario. Nothing in here knows a screen, a clock, a file or a random device: the same
//! scenario gives the same trace on every machine, and `tests/declared/laws.rs` holds it to that.
//!
//! What runs once for each thing a reader does, and not once for each event (links, texts, plans, causality, exports),
//! is marked to be inlined, not for speed: the page's crate then compiles it for size.
//!
//! Reading order: [`time`], [`id`], [`hash`], [`draw`], [`model`], [`operation`], [`phrase`],
//! [`protocol`], [`node`], [`registry`], [`table`], [`scenario`], [`plan`], [`world`], [`simulate`](mod@simulate),
//! [`trace`], [`causality`], [`property`], [`linearizability`], [`assumptions`], [`gallery`], [`export`], then any file in
//! [`protocols`].
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod assumptions;
pub mod causality;
pub mod draw;
pub mod export;
pub mod gallery;
pub mod hash;
pub mod id;
pub mod limits;
pub mod linearizability;
pub mod model;
pub mod node;
pub mod operation;
pub mod phrase;
pub mod plan;
mod prints;
pub mod property;
pub mod protocol;
pub mod protocols;
pub mod registry;
pub mod scenario;
pub mod search;
pub mod simulate;
pub mod table;
pub mod time;
#[cfg(test)]
mod toy;
pub mod trace;
pub mod world;

pub use id::{EventIndex, MessageId, NodeId, NodeSet, RequestId, TimerId};
pub use scenario::{Action, Edit, Scenario};
pub use simulate::{resimulate, simulate};
pub use time::Time;
pub use trace::Trace;
