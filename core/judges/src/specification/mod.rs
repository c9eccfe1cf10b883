//! What an object does when nothing overlaps, and how to say in its words what is wrong with an answer.

mod lock;
mod log;
mod queue;
mod register;
mod sequential;
mod test_and_set;

pub use lock::{Lock, LockOperation};
pub use log::{Log, LogAnswer, LogOperation};
pub use queue::{Queue, QueueOperation};
pub use register::{Cell, Named, Register};
pub(super) use sequential::{MAX_POSSIBLE, NO_ORDER, claim};
pub use sequential::{Reason, Sequential};
pub use test_and_set::{TestAndSet, TestAndSetOperation};
