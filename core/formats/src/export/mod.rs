//! A run in the languages of other tools: a Mermaid sequence diagram, a ShiViz log, a test. Pure functions of a
//! trace; what they give is text, and reads the same on every machine.
//!
//! A lane's name is letters and digits ([`lightcone_engine::protocol::Lane`]) and stands as it is; labels and sentences are made
//! safe by each.

mod mermaid;
mod shiviz;
mod test;
mod turns;

pub use mermaid::{TooLong, mermaid};
pub use shiviz::shiviz;
pub use test::{rust_test, test};
