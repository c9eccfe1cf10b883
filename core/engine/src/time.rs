//! Virtual time: whole microseconds since the run began. No wall clock, no floats.

use core::fmt;
use core::hash::{Hash, Hasher};

/// An instant of a run, in microseconds since its start. Shown to people in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// The start of every run.
    pub const ZERO: Time = Time(0);

    /// The instant `micros` microseconds after the start.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Time {
        Time(micros)
    }

    /// The instant `millis` milliseconds after the start.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis.saturating_mul(1_000))
    }

    /// The instant that `text` says in milliseconds, with at most three decimals and no unit: `326.4`. None if
    /// it says anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Time> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
            return None;
        }
        let scale = 10_u64.pow(3 - decimals.len() as u32);
        let decimals = decimals.parse::<u64>().ok()? * scale;
        let micros = whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(decimals)?;
        Some(Time(micros))
    }

    /// Microseconds since the start.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The instant `micros` later; the end of time if that is out of range.
    #[must_use]
    pub const fn after(self, micros: u64) -> Time {
        Time(self.0.saturating_add(micros))
    }

    /// The instant in milliseconds to a tenth, or to all decimals if that would be nothing.
    #[must_use]
    pub fn tenths(self) -> Time {
        let tenths = (self.0 + 50) / 100;
        if tenths == 0 { self } else { Time(tenths * 100) }
    }

    /// Microseconds from `earlier` to this instant; 0 if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds with as many decimals as are needed and no unit: `326`, `326.4`, `0.015`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_millis(self.0, f)
    }
}

/// Writes a length in microseconds as milliseconds, without a unit: `12`, `0.1`.
///
/// # Errors
/// Only those of the formatter.
pub fn fmt_millis(micros: u64, f: &mut impl fmt::Write) -> fmt::Result {
    let (whole, rest) = (micros / 1_000, micros % 1_000);
    match rest {
        0 => write!(f, "{whole}"),
        _ if rest % 100 == 0 => write!(f, "{whole}.{}", rest / 100),
        _ if rest % 10 == 0 => write!(f, "{whole}.{:02}", rest / 10),
        _ => write!(f, "{whole}.{rest:03}"),
    }
}

/// A reading of a node's own clock that is used only to set a timer. It is not hashed with the node's state: in a search a
/// timer may fire at any time, so two states that differ only in such readings are the same. A node whose *actions* depend on
/// its clock reads [`crate::protocol::Out::clock_micros`] instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub(crate) i64);

impl Moment {
    /// Microseconds of the node's clock from this reading to a later one; 0 if the clock was set back.
    #[must_use]
    pub fn until(self, later: Moment) -> u64 {
        u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0)
    }
}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
