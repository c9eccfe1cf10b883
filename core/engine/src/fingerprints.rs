//! Things known by a 64-bit fingerprint, each at its place: the first is 0. Two things have the same fingerprint with a probability of
//! about n² / 2⁶⁵ for n things.

use alloc::vec;
use alloc::vec::Vec;

/// A free place of the table.
const FREE: (u32, u32) = (0, 0);

/// Fingerprints in the order in which they came, each once.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    all: Vec<u64>,
    /// Open addressing: the upper halves of fingerprints, and their places, from 1. Mostly the half says enough, and the rest is
    /// not looked for.
    table: Vec<(u32, u32)>,
}

impl Default for Fingerprints {
    fn default() -> Fingerprints {
        Fingerprints { all: Vec::new(), table: vec![FREE; 1 << 10] }
    }
}

impl Fingerprints {
    /// None yet.
    #[must_use]
    pub fn new() -> Fingerprints {
        Fingerprints::default()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.all.len() as u32
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The place of a fingerprint, if it is known.
    pub fn get(&self, fingerprint: u64) -> Option<u32> {
        self.find(fingerprint).ok()
    }

    /// The place of a fingerprint, and whether it is new.
    pub fn add(&mut self, fingerprint: u64) -> (u32, bool) {
        if self.all.len() * 4 >= self.table.len() * 3 {
            self.grow();
        }
        match self.find(fingerprint) {
            Ok(place) => (place, false),
            Err(slot) => {
                let place = self.len();
                self.table[slot] = ((fingerprint >> 32) as u32, place + 1);
                reserve(&mut self.all, 1);
                self.all.push(fingerprint);
                (place, true)
            }
        }
    }

    /// Its place, or where the table has room for it.
    fn find(&self, fingerprint: u64) -> Result<u32, usize> {
        let mask = self.table.len() - 1;
        let mut slot = fingerprint as usize & mask;
        let half = (fingerprint >> 32) as u32;
        while self.table[slot] != FREE {
            let (other, place) = self.table[slot];
            if other == half && self.all[place as usize - 1] == fingerprint {
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
        for (place, fingerprint) in self.all.iter().enumerate() {
            let mut slot = *fingerprint as usize & (size - 1);
            while self.table[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = ((fingerprint >> 32) as u32, place as u32 + 1);
        }
    }
}

/// Makes room for `more` items. A full list grows by a quarter, not to twice its size.
pub fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.len() + more > list.capacity() {
        list.reserve_exact((list.len() / 4).max(64).max(more));
    }
}
