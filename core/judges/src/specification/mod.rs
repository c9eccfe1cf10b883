//! What an object does when nothing overlaps, and how to say in its words what is wrong with an answer.

mod cell;
mod chain;
mod counter;
mod foresight;
mod lock;
mod log;
mod queue;
mod register;
mod sequential;
mod set;
mod term;
mod test_and_set;

pub use cell::{Cell, CellOperation, Named};
pub use chain::Chain;
pub use counter::{Counter, CounterForesight, CounterOperation};
pub use foresight::{Effect, Foresight, Known, ValueForesight};
pub use lock::{Lock, LockOperation};
pub use log::{Log, LogAnswer, LogForesight, LogOperation};
pub use queue::{Queue, QueueForesight, QueueOperation};
pub use register::Register;
pub(super) use sequential::{MAX_POSSIBLE, NO_ORDER, claim};
pub use sequential::{Reason, Sequential, Told};
pub use set::{SetAnswer, SetForesight, SetOperation, ValueSet};
pub use term::{Term, Terms};
pub use test_and_set::{TestAndSet, TestAndSetOperation};
