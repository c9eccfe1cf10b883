//! A run in other languages: events as text for people; a Mermaid sequence diagram, a ShiViz log, a test for other tools. Pure functions of a
//! trace; what they give is text, and reads the same on every machine.
//!
//! A lane's name is letters and digits ([`lightcone_engine::protocol::Lane`]) and stands as it is; labels and sentences are made
//! safe by each.

mod events;
mod mermaid;
mod shiviz;
mod test;
mod turns;

pub use events::events;
pub use mermaid::{TooLong, mermaid};
pub use shiviz::shiviz;
pub use test::{rust_test, test};
