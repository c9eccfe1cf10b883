//! Histories as text: EDN as Jepsen writes it, one map a line, or all of them in one vector.
//!
//! ```text
//! {:process 0, :type :invoke, :f :write, :value 3}
//! {:process 0, :type :ok, :f :write, :value 3}
//! ```
//!
//! `:ok` is done, and its `:value` is the answer; `:fail` certainly did not happen; after `:info` nobody knows, and the
//! process is done. Other keys, and lines of a process that is no number, such as `:nemesis`, are passed over.

mod read;
mod write;

pub use read::{EdnError, Problem, read};
pub use write::write;
