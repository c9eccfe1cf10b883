//! A run for other tools: its events as text for people, a Mermaid sequence diagram, a ShiViz log, and a test. Each is a pure function from a trace to text, and gives the same text on every machine.
//!
//! Lane names are letters and digits ([`lightcone_engine::protocol::Lane`]) and need no quoting. Each export quotes labels
//! and sentences in its own way.

mod events;
mod mermaid;
mod shiviz;
mod test;
mod turns;

pub use events::events;
pub use mermaid::{TooLong, mermaid};
pub use shiviz::shiviz;
pub use test::{rust_test, test};
