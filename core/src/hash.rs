//! One fixed 64-bit hasher for draws, digests and fingerprints.
//!
//! The same on every target: `usize` is widened, integers are mixed by value. A rotate, an exclusive
//! or and a 64-bit multiply a word: a 64x64 to 128 bit multiply is slow in wasm.

use core::hash::{Hash, Hasher};

const WORD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A deterministic [`Hasher`]. Not for hash tables that an adversary fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hasher64(u64);

impl Hasher64 {
    /// A hasher that starts from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Hasher64 {
        Hasher64(seed)
    }

    #[inline]
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(WORD);
    }
}

/// The 64-bit hash of `value`.
#[must_use]
pub fn hash64(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = Hasher64::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Spreads every input bit over all output bits (the finaliser of SplitMix64, Steele et al. 2014).
#[must_use]
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl Hasher for Hasher64 {
    fn finish(&self) -> u64 {
        mix(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        self.word(bytes.len() as u64);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.word(value);
    }
    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i8(&mut self, value: i8) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i16(&mut self, value: i16) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i32(&mut self, value: i32) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i64(&mut self, value: i64) {
        self.word(value as u64);
    }
    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.word(value as i64 as u64);
    }
}
