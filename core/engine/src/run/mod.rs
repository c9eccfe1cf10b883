//! A run, from its input to every question about it. To be read in this order: a [`Scenario`] is turned into a [`Plan`]; a
//! [`World`] follows the plan step by step; a [`Trace`] records the run as plain data; [`simulate()`] drives a world to the
//! end of its trace; [`causality`] is worked out from a trace. A [`goal`] is judged on a trace, a [`question`] asks for one, and [`offer`] lists what
//! is true.

pub mod causality;
pub mod goal;
pub mod offer;
mod outside;
mod plan;
pub mod question;
mod scenario;
mod simulate;
pub mod trace;
mod world;

pub use plan::{Plan, Said};
pub use scenario::Scenario;
pub use simulate::{first_touch, resimulate, simulate};
pub use trace::Trace;
pub use world::{
    Clock, Driver, Happenings, LabelCache, Limit, Memory, Parts, Pending, Slot, Step, StepKind, Watcher, World,
    message_fingerprint,
};
