//! Whether some order of the operations explains what clients were told (Herlihy & Wing 1990).
//!
//! `online` judges while a run goes on and is part of its observers. [`check`] judges a whole [`History`]: it finds an
//! order, or says how far orders go and which operation cannot be placed. What an object does when nothing overlaps is a
//! [`Sequential`] specification. A [`Recorded`] history has any values; a [`Specification`] gives them their meaning by a name.
//!
//! Judges know histories, and nothing of the run that they are of.
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
mod seen;
pub mod specification;
mod understand;
mod whole;

pub use check::{MAX_TRIED, Unplaced, Verdict};
pub use datum::{Datum, MAX_SHOWN, is_unseen, shortened};
pub use history::{Disorder, Entry, History, Moment, Outcome};
pub use named::{
    Call, Consistency, Judgement, Odd, Question, Recorded, SPECIFICATIONS, Specification, Unfit, recorded,
};
pub use online::{Judge, MAX_CONFIGURATIONS, Misplaced, StoreJudge};
pub use specification::{Reason, Register, Sequential, Told};
