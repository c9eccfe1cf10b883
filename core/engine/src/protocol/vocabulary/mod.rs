//! Macros with which a protocol declares what it is. Each macro takes one list, in which every item stands once. From the
//! list it makes the type, the numbers, the names in files, and what is shown.
//!
//! | macro | declares | for |
//! |-------|----------|-----|
//! | [`knobs!`](crate::knobs) | `Config` | settings |
//! | [`choices!`](crate::choices) | an enum of words | a knob that is one of these words |
//! | [`flaws!`](crate::flaws) | `Flaw` | known wrong variants |
//! | [`promises!`](crate::promises) | `Promise` | properties by which a run is judged |
//! | [`messages!`](crate::messages) | an enum of messages | messages between nodes |
//! | [`timers!`](crate::timers) | `Timer` | timers of a node |
//! | [`commands!`](crate::commands) | `Command`, `Verb` | operations besides reads and writes |
//! | [`facts!`](crate::facts) | an enum of facts | facts for figure and judges |
//! | [`phrase!`](crate::phrase!) | a [`Phrase`](crate::phrase::Phrase) | why something is ignored; what a condition is |
//!
//! The paper's own content is never in a macro: handlers, the order of persist and send, the departure of a flaw.
//!
//! Numbers are positions in these lists, and links carry them. A list therefore only grows at its end.

mod commands;
mod facts;
mod flaws;
mod helpers;
mod knobs;
mod messages;
mod phrase;
mod promises;
#[cfg(test)]
mod tests;
mod timers;

pub use knobs::{choice, parameter, switch};
pub use phrase::{Blank, blanks};
pub use promises::joined;
pub use timers::NoTimer;
