//! Histories as text: EDN as Jepsen writes it, one map a line, or all of them in one vector.
//!
//! ```text
//! {:process 0, :type :invoke, :f :write, :value 3}
//! {:process 0, :type :ok, :f :write, :value 3}
//! ```
//!
//! `:ok` says that an operation was done, and its `:value` is the answer. `:fail` says that it certainly did not happen.
//! After `:info` nobody knows, and the process asks for nothing more. Other keys are skipped, and so are lines whose
//! process is no number, such as `:nemesis`.

mod read;
mod write;

pub use read::{EdnError, Problem, read};
pub use write::write;
