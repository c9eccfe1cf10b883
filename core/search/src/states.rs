//! What a search remembers of every state: a fingerprint, from which state it was reached and by what. Fourteen bytes, and
//! a table of places. Nothing else is kept: states are worked out again when they are needed.

use alloc::vec::Vec;
use lightcone_engine::fingerprints::{Fingerprints, reserve};

/// The root's parent.
const NOBODY: u32 = u32::MAX;

/// All states seen, in the order in which they were first reached.
#[derive(Debug)]
pub struct States {
    fingerprints: Fingerprints,
    parents: Vec<u32>,
    /// Which of the parent's choices led here.
    codes: Vec<u16>,
}

impl States {
    /// Only the root.
    #[must_use]
    pub fn from(root: u64) -> States {
        let mut states = States { fingerprints: Fingerprints::new(), parents: Vec::new(), codes: Vec::new() };
        states.add(root, NOBODY, 0);
        states
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.fingerprints.len()
    }

    /// Adds a state, unless it is known; returns its place and whether it is new.
    pub fn add(&mut self, fingerprint: u64, parent: u32, code: u16) -> (u32, bool) {
        let (place, new) = self.fingerprints.add(fingerprint);
        if new {
            reserve(&mut self.parents, 1);
            reserve(&mut self.codes, 1);
            self.parents.push(parent);
            self.codes.push(code);
        }
        (place, new)
    }

    /// From which state this one was reached, and by which of its choices; none for the root.
    #[must_use]
    pub fn parent(&self, state: u32) -> Option<(u32, u16)> {
        let parent = self.parents[state as usize];
        (parent != NOBODY).then(|| (parent, self.codes[state as usize]))
    }

    /// The choices that lead from the root to this state.
    #[must_use]
    pub fn path(&self, mut state: u32) -> Vec<u16> {
        let mut path = Vec::new();
        while let Some((parent, code)) = self.parent(state) {
            path.push(code);
            state = parent;
        }
        path.reverse();
        path
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.fingerprints.bytes() + self.parents.capacity() * 4 + self.codes.capacity() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_engine::hash::mix;

    #[test]
    fn a_state_is_added_once_and_knows_where_it_came_from() {
        let mut states = States::from(mix(0));
        for number in 1..5_000_u32 {
            assert_eq!(states.add(mix(number.into()), number - 1, number as u16), (number, true));
            assert_eq!(states.add(mix(number.into()), 0, 0), (number, false), "the first way to it counts");
        }
        assert_eq!(states.path(3), [1, 2, 3]);
        assert_eq!(states.len(), 5_000);
    }

    #[test]
    fn a_state_takes_at_most_thirty_bytes() {
        let mut states = States::from(mix(0));
        for number in 1..200_000_u32 {
            states.add(mix(number.into()), 0, 0);
            assert!(number < 10_000 || states.bytes() <= 30 * number as usize, "{} for {number}", states.bytes());
        }
    }
}
