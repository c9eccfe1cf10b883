//! Logs that were recorded elsewhere, with vector clocks, in the form of ShiViz (<https://bestchai.bitbucket.io/shiviz/>):
//!
//! ```text
//! (?<host>\S*) (?<clock>{.*})\n(?<event>.*)
//! ^=== (?<trace>.*) ===$
//! === the first execution ===
//! alice {"alice":1}
//! Asks bob
//! bob {"alice":1, "bob":1}
//! Hears alice
//! ```
//!
//! The first line is the expression that finds an event, with the groups `host`, `clock` and `event`; a clock is JSON. The
//! second line may be the expression that parts executions: it begins with `^` or has the group `trace`, which names them.
//! Without a first line of this kind, the two usual forms are tried: the event before its clock, or after it.
//!
//! A log has no messages: they follow from the clocks ([`order`]). Who knows one more event of another host than before has
//! heard of it by a message.
//!
//! A history of clients' operations, as Jepsen writes it, is the other thing that is read ([`history()`]): its lanes are
//! processes, and a judge says whether it is linearizable.
#![forbid(unsafe_code)]

mod clock;
mod expression;
mod fault;
mod history;
mod order;
mod read;

pub use fault::{Fault, Faults, Problem};
pub use history::{History, history, is_history};
pub use read::{Execution, Log, is_log, read};
