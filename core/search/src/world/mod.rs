//! What a search does with a world. The world and its one step are the engine's; here is what they would not need without
//! a search. In this order:
//!
//! - [`choice`]: what may happen next, made happen through the driver's door ([`World::drive`]), and what must have happened.
//! - [`verdict`]: what is broken, reached and lost so far.
//! - [`dead`]: messages that never matter any more.
//! - [`canonical`]: fingerprints under which interchangeable nodes are sorted.
//! - [`interner`] and `memo`: what the worlds of one search share, and what their handlers did before: a
//!   [`Memory`](lightcone_engine::run::Memory) inside the one step.
//!
//! [`World::drive`]: lightcone_engine::run::World::drive

pub mod canonical;
pub mod choice;
pub mod dead;
pub mod interner;
mod memo;
pub mod verdict;

pub use canonical::Canonical;
pub use choice::{Choice, Waiting};
pub use interner::Interner;
