//! What a search remembers of every state: a fingerprint, from which state it was reached and by what. Fourteen bytes, and
//! a table of places. Nothing else is kept: states are worked out again when they are needed.

use alloc::vec;
use alloc::vec::Vec;

/// The root's parent.
const NOBODY: u32 = u32::MAX;
/// A free place of the table.
const FREE: (u32, u32) = (0, 0);

/// All states seen, in the order in which they were first reached.
#[derive(Debug, Default)]
pub struct States {
    prints: Vec<u64>,
    parents: Vec<u32>,
    /// Which of the parent's choices led here.
    codes: Vec<u16>,
    /// Open addressing: the upper halves of fingerprints, and their places among the states, from 1. Mostly the half says
    /// enough, and the rest is not looked for.
    table: Vec<(u32, u32)>,
}

impl States {
    /// Only the root.
    #[must_use]
    pub fn from(root: u64) -> States {
        let mut states = States { table: vec![FREE; 1 << 10], ..States::default() };
        states.add(root, NOBODY, 0);
        states
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.prints.len() as u32
    }

    /// Adds a state, unless it is known; returns its place and whether it is new.
    pub fn add(&mut self, print: u64, parent: u32, code: u16) -> (u32, bool) {
        if self.prints.len() * 4 >= self.table.len() * 3 {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut slot = print as usize & mask;
        let half = (print >> 32) as u32;
        while self.table[slot] != FREE {
            let (other, place) = self.table[slot];
            if other == half && self.prints[place as usize - 1] == print {
                return (place - 1, false);
            }
            slot = (slot + 1) & mask;
        }
        let place = self.len();
        self.table[slot] = (half, place + 1);
        reserve(&mut self.prints);
        reserve(&mut self.parents);
        reserve(&mut self.codes);
        self.prints.push(print);
        self.parents.push(parent);
        self.codes.push(code);
        (place, true)
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
        self.prints.capacity() * 8 + self.parents.capacity() * 4 + self.codes.capacity() * 2 + self.table.capacity() * 8
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        // The old table goes before the new one comes: never both.
        self.table = Vec::new();
        self.table = vec![FREE; size];
        for (place, print) in self.prints.iter().enumerate() {
            let mut slot = *print as usize & (size - 1);
            while self.table[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = ((print >> 32) as u32, place as u32 + 1);
        }
    }
}

/// A list that is full grows by a quarter, not to twice its size.
fn reserve<T>(list: &mut Vec<T>) {
    reserve_for(list, 1);
}

/// Room for so many more.
pub(super) fn reserve_for<T>(list: &mut Vec<T>, more: usize) {
    if list.len() + more > list.capacity() {
        list.reserve_exact((list.len() / 4).max(1_024).max(more));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;

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
    fn a_state_takes_at_most_forty_bytes() {
        let mut states = States::from(mix(0));
        for number in 1..200_000_u32 {
            states.add(mix(number.into()), 0, 0);
            assert!(number < 10_000 || states.bytes() <= 40 * number as usize, "{} for {number}", states.bytes());
        }
    }
}
