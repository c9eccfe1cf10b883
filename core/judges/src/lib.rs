//! Whether some order of the operations explains what clients were told (Herlihy & Wing 1990).
//!
//! A run's observer uses `online`, which judges while the run goes on. [`check`] judges a whole [`History`]: it finds an
//! order, or says how far orders go and which operation cannot be placed. A [`Sequential`] specification says what an object
//! does when no operations overlap. The values of a [`Recorded`] history have no meaning yet; an [`ObjectType`], chosen by
//! its name, gives them one.
//!
//! Judges know histories. They know nothing of runs.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod check;
mod datum;
mod history;
mod named;
mod online;
mod order;
mod parts;
mod search;
pub mod specification;
mod understand;
mod visited;
mod whole;

pub use check::{Unplaced, Verdict};
pub use datum::{Datum, MAX_SHOWN, is_unseen, shortened};
pub use history::{Completion, Disorder, Endpoint, Entry, History};
pub use named::{
    Call, Consistency, Discrepancy, Judgement, OBJECT_TYPES, ObjectType, Question, Recorded, Unfit, recorded,
};
pub use online::{Judge, MAX_CONFIGURATIONS, MAX_WHOLE_CONFIGURATIONS, Misplaced, StoreJudge};
pub use specification::{Reason, Register, Sequential, Told};
