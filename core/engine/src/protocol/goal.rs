//! What may happen in a run and need not be wrong: "The vote is split". A search looks for the shortest run in which it
//! happens.

use super::author::Protocol;
use super::observer::View;

/// Something that a search may look for in runs of `P`.
pub struct Goal<P: Protocol> {
    /// Its name in files: `split-vote`.
    pub id: &'static str,
    /// What happens, for people, without a full stop: "The vote is split".
    pub sentence: &'static str,
    /// How to tell.
    pub reached: Reached<P>,
}

/// How to tell that a goal is reached: by an event alone, or by the states alone. A search that leaves out the other order of
/// two events could miss what depends on both.
pub enum Reached<P: Protocol> {
    /// An event states a fact for which this is true.
    Happens(fn(&P::Fact) -> bool),
    /// The states of the nodes are so. It depends on nothing that is not hashed, and not on which of several interchangeable
    /// nodes is which.
    Is(fn(View<'_, P>) -> bool),
}
