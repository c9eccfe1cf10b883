//! How much the tests try. The test command tries an eighth, so that forty protocols cost it minutes; `cargo xtask soak` sets
//! `LIGHTCONE_SOAK` and tries all. A test names what a soak tries, as `share(600)`. Cases, events and states are counted, never
//! time: what a test tries is the same on every machine.

/// The test command tries one of so many.
const OF: u64 = 8;

/// Whether this is a soak.
#[must_use]
pub fn is_soak() -> bool {
    std::env::var_os("LIGHTCONE_SOAK").is_some()
}

/// How many of these to try, or to want of what is tried: all in a soak, otherwise the test command's share, one at least.
#[must_use]
pub fn share(all: u64) -> u64 {
    if is_soak() { all } else { all.div_ceil(OF) }
}
