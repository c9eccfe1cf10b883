//! Things known by a 64-bit fingerprint, each at its place: the first is 0. Two things have the same fingerprint with a probability of
//! about n² / 2⁶⁵ for n things.

use alloc::vec;
use alloc::vec::Vec;

/// A free place of the table.
const FREE: u32 = 0;

/// Fingerprints in the order in which they came, each once.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    all: Vec<u64>,
    /// Open addressing: the places of fingerprints, from 1. The bits that no place of a table this long needs, the upper ones,
    /// are the fingerprint's: mostly they say enough, and the rest is not looked for.
    table: Vec<u32>,
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
                self.table[slot] = self.upper(fingerprint) | (place + 1);
                reserve(&mut self.all, 1);
                self.all.push(fingerprint);
                (place, true)
            }
        }
    }

    /// Its place, or where the table has room for it.
    fn find(&self, fingerprint: u64) -> Result<u32, usize> {
        let (mask, upper) = (self.table.len() - 1, self.upper(fingerprint));
        let mut slot = fingerprint as usize & mask;
        loop {
            let entry = self.table[slot & mask];
            if entry == FREE {
                return Err(slot & mask);
            }
            let (other, place) = (entry & !mask as u32, entry & mask as u32);
            if other == upper && self.all[place as usize - 1] == fingerprint {
                return Ok(place - 1);
            }
            slot += 1;
        }
    }

    /// The bits of a fingerprint that the table keeps beside its place.
    fn upper(&self, fingerprint: u64) -> u32 {
        (fingerprint >> 32) as u32 & !(self.table.len() - 1) as u32
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        self.all.capacity() * 8 + self.table.capacity() * 4
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        // The old table is freed before the new one is made: memory never holds both.
        self.table = Vec::new();
        self.table = vec![FREE; size];
        for (place, &fingerprint) in (1..).zip(&self.all) {
            let mut slot = fingerprint as usize & (size - 1);
            while self.table[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = self.upper(fingerprint) | place;
        }
    }
}

/// Makes room for `more` items. A full list grows by a quarter, not to twice its size.
pub fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.len() + more > list.capacity() {
        list.reserve_exact((list.len() / 4).max(64).max(more));
    }
}
