//! Histories as text: EDN as Jepsen writes it, one map a line, or all of them in one vector; and what Jepsen writes for
//! people, in `history.txt` and in its log.
//!
//! ```text
//! {:process 0, :type :invoke, :f :write, :value 3}
//! {:process 0, :type :ok, :f :write, :value 3}
//!
//! 0   :invoke   :write   3
//! INFO [2024-03-01 10:00:00,000] jepsen worker 0 - jepsen.util 0   :ok   :write   3
//! ```
//!
//! `:ok` is done, and its `:value` is the answer; `:fail` certainly did not happen; after `:info` nobody knows, and the
//! process is done. Other keys, and lines of a process that is no number, such as `:nemesis`, are passed over.

mod error;
mod form;
mod lines;
mod read;
mod write;

pub use error::{EdnError, MAX_HISTORY_FORMS, Problem, Remark};
pub use form::value;
pub use read::{Located, Spot, Spots, locate, read};
pub use write::write;
