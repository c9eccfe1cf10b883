//! Draws by identity (law 3). What chance decides about a message or a timer depends only on the seed and on its name, so
//! an edit changes nothing outside its causal future.

use crate::hash::Hasher64;
use core::hash::{Hash, Hasher};

/// What is drawn. Each has a stream of its own, so that draws do not depend on each other.
#[derive(Clone, Copy, Hash)]
pub enum Stream {
    /// How long a message travels.
    Latency,
    /// Whether a link loses a message.
    Loss,
    /// Whether a link delivers a message twice.
    Duplication,
    /// How long a timer runs.
    Timeout,
}

/// 64 bits for `name` under `seed`.
#[must_use]
pub fn bits(seed: u64, stream: Stream, name: &impl Hash) -> u64 {
    let mut hasher = Hasher64::new(seed);
    stream.hash(&mut hasher);
    name.hash(&mut hasher);
    hasher.finish()
}

/// A whole number in `least..=most`, all as likely but for a bias below one in 2^32.
#[must_use]
pub fn between(seed: u64, stream: Stream, name: &impl Hash, (least, most): (u64, u64)) -> u64 {
    let width = most.saturating_sub(least).saturating_add(1);
    match width {
        0 | 1 => least,
        // Multiply and shift in 64 bits; widths are at most some 2^30 microseconds.
        _ if width <= u64::from(u32::MAX) => least + (((bits(seed, stream, name) >> 32) * width) >> 32),
        _ => least + bits(seed, stream, name) % width,
    }
}

/// True `per_mille` times in a thousand.
#[must_use]
pub fn happens(seed: u64, stream: Stream, name: &impl Hash, per_mille: u16) -> bool {
    per_mille > 0 && between(seed, stream, name, (0, 999)) < u64::from(per_mille)
}
