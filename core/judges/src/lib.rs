//! Whether some order of the operations explains what clients were told (Herlihy & Wing 1990).
//!
//! `online` judges while a run goes on and is part of its observers. [`check`] judges a whole [`History`]: it finds an
//! order, or says how far orders go and which operation cannot be placed. What an object does when nothing overlaps is a
//! [`Sequential`] specification. [`of_trace`] reads the history of a run; [`edn`] reads and writes histories as text, and
//! [`Specification`] gives such a text its meaning by a name.

pub mod check;
pub mod edn;
mod history;
mod named;
mod of_trace;
mod online;
mod order;
mod seen;
pub mod specification;

pub use check::{Unplaced, Verdict};
pub use history::{Disorder, Entry, History, Moment, Outcome};
pub use named::{Call, Consistency, Recorded, SPECIFICATIONS, Specification, Unfit, recorded};
pub use of_trace::{OfTrace, of_trace};
pub use online::{Judge, MAX_CONFIGURATIONS, Misplaced, StoreJudge};
pub use specification::{Reason, Register, Sequential};
