//! A node's own clock: virtual time with a skew and a drift.

use crate::time::Time;

/// How far a node's clock is from virtual time.
#[derive(Clone, Copy, Default, Hash)]
pub struct Clock {
    pub(super) since: Time,
    pub(super) offset_micros: i64,
    pub(super) drift_ppm: i32,
}

const MILLION: i64 = 1_000_000;

impl Clock {
    pub(super) fn read(&self, now: Time) -> i64 {
        let since = now.since(self.since) as i64;
        self.since.micros() as i64
            + self.offset_micros
            + since
            + since / MILLION * i64::from(self.drift_ppm)
            + since % MILLION * i64::from(self.drift_ppm) / MILLION
    }

    /// After how long this clock surely shows `micros` more.
    pub(super) fn surely_micros(&self, micros: u64) -> u64 {
        self.true_micros(micros).saturating_add(u64::from(self.drift_ppm != 0))
    }

    /// How long `micros` of this clock take.
    pub(super) fn true_micros(&self, micros: u64) -> u64 {
        micros.saturating_mul(MILLION as u64) / (MILLION + i64::from(self.drift_ppm)) as u64
    }
}
