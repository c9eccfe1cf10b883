//! The configurations that a search has visited (Lowe 2017): which operations have taken effect, and the state after them.

use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::hash::Hasher64;

/// A set of numbers. Two sets of one search differ only between their first missing and their last present number, so only
/// the words between these are compared and kept.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    words: Vec<u64>,
    /// The first word that is not full.
    low: usize,
    /// The place after the last word that is not empty; at least `low`.
    high: usize,
}

impl Numbers {
    /// No number; there will be some below `bound`.
    pub(super) fn below(bound: usize) -> Numbers {
        Numbers { words: vec![0; bound.div_ceil(64)], low: 0, high: 0 }
    }

    pub(super) fn add(&mut self, number: usize) {
        let word = number / 64;
        self.words[word] |= 1 << (number % 64);
        while self.words.get(self.low) == Some(&u64::MAX) {
            self.low += 1;
        }
        self.high = self.high.max(word + 1).max(self.low);
    }

    pub(super) fn remove(&mut self, number: usize) {
        let word = number / 64;
        self.words[word] &= !(1 << (number % 64));
        self.low = self.low.min(word);
        while self.high > self.low && self.words[self.high - 1] == 0 {
            self.high -= 1;
        }
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.words[number / 64] & 1 << (number % 64) != 0
    }

    /// The set, as few words.
    fn short(&self) -> impl Iterator<Item = u64> {
        let bounds = (self.low as u64) << 32 | self.high as u64;
        core::iter::once(bounds).chain(self.words[self.low..self.high].iter().copied())
    }
}

/// Configurations, without order. A table of places with room to spare; collisions go to the next place.
pub(super) struct Visited<S> {
    /// Into `configurations`, from 1; 0 is free.
    places: Vec<u32>,
    configurations: Vec<Configuration<S>>,
    words: Vec<u64>,
    /// Words that the states take beside their own size.
    weight: usize,
}

struct Configuration<S> {
    hash: u64,
    state: S,
    /// Where its words begin.
    words: usize,
}

impl<S: Hash + PartialEq> Visited<S> {
    pub(super) fn new() -> Visited<S> {
        Visited { places: vec![0; 256], configurations: Vec::new(), words: Vec::new(), weight: 0 }
    }

    /// The number of different configurations.
    pub(super) fn len(&self) -> usize {
        self.configurations.len()
    }

    /// Words kept in all; those of states, which share much, count less.
    pub(super) fn words(&self) -> usize {
        self.words.len() + self.weight / 2
    }

    /// Puts a configuration into the set; says whether it is new there. Its state takes so many words more.
    pub(super) fn add(&mut self, taken: &[Numbers; 2], state: S, weight: usize) -> bool {
        let from = self.words.len();
        self.words.extend(taken[0].short().chain(taken[1].short()));
        let mut hasher = Hasher64::default();
        self.words[from..].iter().for_each(|word| hasher.write_u64(*word));
        state.hash(&mut hasher);
        let hash = hasher.finish();
        let free = match self.place(hash, &state, from) {
            Ok(()) => {
                self.words.truncate(from);
                return false;
            }
            Err(free) => free,
        };
        self.weight += weight;
        self.configurations.push(Configuration { hash, state, words: from });
        self.places[free] = self.configurations.len() as u32;
        if self.configurations.len() * 2 > self.places.len() {
            self.grow();
        }
        true
    }

    /// Whether it is there; if not, its free place.
    fn place(&self, hash: u64, state: &S, from: usize) -> Result<(), usize> {
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        while let Some(found) = self.places[place].checked_sub(1) {
            let found = found as usize;
            let other = &self.configurations[found];
            let end = self.configurations.get(found + 1).map_or(from, |next| next.words);
            if other.hash == hash && other.state == *state && self.words[other.words..end] == self.words[from..] {
                return Ok(());
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    fn grow(&mut self) {
        let mask = self.places.len() * 4 - 1;
        self.places = vec![0; mask + 1];
        for (configuration, number) in self.configurations.iter().zip(1..) {
            let mut place = configuration.hash as usize & mask;
            while self.places[place] != 0 {
                place = (place + 1) & mask;
            }
            self.places[place] = number;
        }
    }
}
