//! What a chapter says of itself.

use lightcone_engine::protocol::Protocols;

/// A chapter of the curriculum.
#[derive(Clone, Copy)]
pub struct Chapter {
    /// Its title.
    pub title: &'static str,
    /// What it is about, in one sentence.
    pub sentence: &'static str,
    /// Its protocols, in the order in which they are shown. Empty while there is none.
    pub protocols: &'static Protocols,
}
