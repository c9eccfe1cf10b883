//! The words in which a protocol says what it is. Each macro takes one list, in which every item stands once, and makes of it
//! the type, the numbers, the names in files, and what is shown.
//!
//! | macro | declares | for |
//! |-------|----------|-----|
//! | [`knobs!`](crate::knobs) | `Config` | what can be set |
//! | [`choices!`](crate::choices) | an enum of words | a knob that is one of them |
//! | [`flaws!`](crate::flaws) | `Flaw` | known wrong variants |
//! | [`promises!`](crate::promises) | `Promise` | what a run is judged by |
//! | [`messages!`](crate::messages) | an enum of messages | what travels |
//! | [`timers!`](crate::timers) | `Timer` | what a node waits for |
//! | [`commands!`](crate::commands) | `Command`, `Verb` | what can be asked, besides reads and writes |
//! | [`facts!`](crate::facts) | an enum of facts | what happens, for figure and judge |
//! | [`phrase!`](crate::phrase!) | a [`Phrase`](crate::phrase::Phrase) | why something is ignored, what a condition is |
//!
//! What is the paper's own is never in a macro: handlers, the order of persist and send, where a flaw departs.
//!
//! Numbers are positions, and links carry them: a list is only ever appended to.

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
