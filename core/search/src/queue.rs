//! Worlds that wait until a breadth-first search comes to them, as the numbers of their parts.

use super::bounds::Used;
use super::walk::PathEntry;
use super::world::interner::{pack, unpack};
use alloc::collections::VecDeque;
use lightcone_engine::run::World;

/// States that a breadth-first search comes to, in this order, and what their worlds are made of: the number of the state in
/// two halves, how many parts there are, what it took and the depth, then the parts.
#[derive(Default)]
pub struct Queue(VecDeque<u16>);

/// Numbers before the parts.
const HEAD: usize = 7;
/// Room that is made at once.
const MOST_PARTS: usize = 1 << 8;

impl Queue {
    /// In use.
    pub fn bytes(&self) -> usize {
        self.0.capacity() * 2
    }

    /// Lets a state wait, if its world can be packed and there is room.
    pub fn push(&mut self, state: u32, entry: &PathEntry, root: &World, room: usize) {
        let start = self.0.len();
        if start + MOST_PARTS > self.0.capacity() {
            let more = (start / 4).max(MOST_PARTS);
            if (start + more) * 2 > room {
                return;
            }
            self.0.reserve_exact(more);
        }
        let used = entry.used.word() | u64::from(entry.depth) << 56;
        self.0.extend([state as u16, (state >> 16) as u16, 0]);
        self.0.extend((0..4).map(|place| (used >> (16 * place)) as u16));
        if pack(&entry.world, root, &mut self.0) {
            self.0[start + 2] = (self.0.len() - start - HEAD) as u16;
        } else {
            self.0.truncate(start);
        }
    }

    fn is_next(&self, state: u32) -> bool {
        self.0.len() > HEAD && [self.0[0], self.0[1]] == [state as u16, (state >> 16) as u16]
    }

    /// Forgets this state, if it is the next one.
    pub fn forget(&mut self, state: u32) {
        if self.is_next(state) {
            self.0.drain(..HEAD + usize::from(self.0[2]));
        }
    }

    /// Makes `entry` this state, if it is the next one.
    pub fn pop(&mut self, state: u32, entry: &mut PathEntry, root: &World) -> bool {
        let is_next = self.is_next(state);
        if is_next {
            let used = (0..4).fold(0, |word, place| word | u64::from(self.0[3 + place]) << (16 * place));
            (entry.used, entry.depth) = (Used::of_word(used), (used >> 56) as u8);
            let end = HEAD + usize::from(self.0[2]);
            unpack(&mut entry.world, root, self.0.range(HEAD..end).copied(), entry.depth.into());
            self.forget(state);
        }
        is_next
    }
}
