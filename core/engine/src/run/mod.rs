//! A run, from its whole input to all that can be asked of it. In this order: a [`Scenario`] is made ready as a [`Plan`];
//! the [`World`] goes by it, step by step; a [`Trace`] is what happened, as plain data; [`simulate()`] drives a world to the
//! end of its trace; [`causality`] is worked out from a trace.

pub mod causality;
mod outside;
mod plan;
mod scenario;
mod simulate;
pub mod trace;
mod world;

pub use plan::{Plan, Said};
pub use scenario::Scenario;
pub use simulate::{first_touch, resimulate, simulate};
pub use trace::Trace;
pub use world::{Choice, Happenings, Limit, Slot, Step, StepKind, Waiting, World};
