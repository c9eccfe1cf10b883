//! A list of things that are known by 64-bit fingerprints, each once. The first has the place 0. Among n things, some two
//! share a fingerprint with a probability of about n² / 2⁶⁵.

use alloc::vec;
use alloc::vec::Vec;

/// A free place of the table.
const FREE: (u32, u32) = (0, 0);

/// Fingerprints in the order in which they came, each once.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    all: Vec<u64>,
    /// A hash table with open addressing: the upper halves of fingerprints, and their places, from 1. Mostly the upper half
    /// decides, and the whole fingerprint need not be read.
    table: Vec<(u32, u32)>,
}

impl Default for Fingerprints {
    fn default() -> Fingerprints {
        Fingerprints::new()
    }
}

impl Fingerprints {
    /// An empty list.
    #[must_use]
    pub fn new() -> Fingerprints {
        Fingerprints { all: Vec::new(), table: vec![FREE; 1 << 10] }
    }

    /// The number of different fingerprints.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.all.len() as u32
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The place of a fingerprint; none if it is new.
    pub fn get(&self, print: u64) -> Option<u32> {
        self.find(print).ok()
    }

    /// Adds a fingerprint unless the list has it. Gives its place, and whether it was new.
    pub fn add(&mut self, print: u64) -> (u32, bool) {
        if self.all.len() * 4 >= self.table.len() * 3 {
            self.grow();
        }
        match self.find(print) {
            Ok(place) => (place, false),
            Err(slot) => {
                let place = self.len();
                self.table[slot] = ((print >> 32) as u32, place + 1);
                reserve(&mut self.all, 1);
                self.all.push(print);
                (place, true)
            }
        }
    }

    /// The fingerprint's place, or the free slot of the table for it.
    fn find(&self, print: u64) -> Result<u32, usize> {
        let mask = self.table.len() - 1;
        let mut slot = print as usize & mask;
        let half = (print >> 32) as u32;
        while self.table[slot] != FREE {
            let (other, place) = self.table[slot];
            if other == half && self.all[place as usize - 1] == print {
                return Ok(place - 1);
            }
            slot = (slot + 1) & mask;
        }
        Err(slot)
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        self.all.capacity() * 8 + self.table.capacity() * 8
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        // The old table is freed before the new one is made: memory never holds both.
        self.table = Vec::new();
        self.table = vec![FREE; size];
        for (place, print) in self.all.iter().enumerate() {
            let mut slot = *print as usize & (size - 1);
            while self.table[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = ((print >> 32) as u32, place as u32 + 1);
        }
    }
}

/// Makes room for `more` items. A full list grows by a quarter, not to twice its size.
pub fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.len() + more > list.capacity() {
        list.reserve_exact((list.len() / 4).max(64).max(more));
    }
}
