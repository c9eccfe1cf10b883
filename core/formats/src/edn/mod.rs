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
//! `:ok` says that an operation was done, and its `:value` is the answer. `:fail` says that it certainly did not happen.
//! After `:info` nobody knows, and the process asks for nothing more. Other keys are skipped, and so are lines whose
//! process is no number, such as `:nemesis`.

mod error;
mod form;
mod lines;
mod read;
mod write;

pub use error::{EdnError, Problem, Remark};
pub use form::value;
pub use read::{Located, Spot, Spots, locate, read};
pub use write::write;
