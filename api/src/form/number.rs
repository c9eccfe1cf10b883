//! Numbers that JavaScript would round: times and seeds.

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// A stretch of time or a moment, in whole microseconds. It is written in milliseconds with at most three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(type = "number"))]
pub struct Millis(#[cfg_attr(feature = "schema", schemars(with = "f64"))] pub i64);

/// Up to here a double holds every whole number: what JavaScript calls `Number.MAX_SAFE_INTEGER`.
pub const MOST_EXACT: u64 = (1 << 53) - 1;
/// How far a number of microseconds may be from a whole one: what is left of the arithmetic of doubles.
const SLACK: f64 = 0.001;

/// As texts for people write it: `326.4`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 < 0 { "-" } else { "" })?;
        lightcone_engine::time::fmt_millis(self.0.unsigned_abs(), f)
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 % 1_000 {
            0 => to.serialize_i64(self.0 / 1_000),
            // A run's times are far below the numbers to which a double is exact.
            _ => to.serialize_f64(self.0 as f64 / 1_000.0),
        }
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Millis, D::Error> {
        struct Reads;
        impl Visitor<'_> for Reads {
            type Value = Millis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time in ms with at most three decimals")
            }
            fn visit_u64<E: Error>(self, millis: u64) -> Result<Millis, E> {
                let micros = i64::try_from(millis).ok().and_then(|millis| millis.checked_mul(1_000));
                micros.map(Millis).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(millis), &self))
            }
            fn visit_i64<E: Error>(self, millis: i64) -> Result<Millis, E> {
                let micros = millis.checked_mul(1_000);
                micros.map(Millis).ok_or_else(|| E::invalid_value(Unexpected::Signed(millis), &self))
            }
            fn visit_f64<E: Error>(self, millis: f64) -> Result<Millis, E> {
                let micros = (millis * 1_000.0).round();
                let whole = (millis * 1_000.0 - micros).abs() < SLACK && micros.abs() <= MOST_EXACT as f64;
                if whole { Ok(Millis(micros as i64)) } else { Err(E::invalid_value(Unexpected::Float(millis), &self)) }
            }
        }
        from.deserialize_any(Reads)
    }
}

/// A seed: a whole number. One that a double cannot hold is written as a text of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(type = "number | string"))]
pub struct Seed(#[cfg_attr(feature = "schema", schemars(with = "NumberOrDigits"))] pub u64);

/// The forms of such a number, for the schema.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum NumberOrDigits {
    /// A whole number up to 2^53 - 1, either way.
    Number(i64),
    /// Decimal digits.
    Digits(String),
}

impl Default for Seed {
    fn default() -> Seed {
        Seed(1)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0 <= MOST_EXACT { to.serialize_u64(self.0) } else { to.collect_str(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Seed, D::Error> {
        struct Reads;
        impl Visitor<'_> for Reads {
            type Value = Seed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0 to 18446744073709551615, as text if it is above 9007199254740991")
            }
            fn visit_u64<E: Error>(self, seed: u64) -> Result<Seed, E> {
                Ok(Seed(seed))
            }
            fn visit_str<E: Error>(self, digits: &str) -> Result<Seed, E> {
                let only_digits = digits.bytes().all(|each| each.is_ascii_digit());
                let seed = if only_digits { digits.parse().ok() } else { None };
                seed.map(Seed).ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
            }
            fn visit_f64<E: Error>(self, seed: f64) -> Result<Seed, E> {
                let whole = seed.fract() == 0.0 && (0.0..=MOST_EXACT as f64).contains(&seed);
                if whole { Ok(Seed(seed as u64)) } else { Err(E::invalid_value(Unexpected::Float(seed), &self)) }
            }
        }
        from.deserialize_any(Reads)
    }
}

/// A whole number. One that a double cannot hold is written as a text of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(type = "number | string"))]
pub struct Whole(#[cfg_attr(feature = "schema", schemars(with = "NumberOrDigits"))] pub i64);

impl Serialize for Whole {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.unsigned_abs() <= MOST_EXACT { to.serialize_i64(self.0) } else { to.collect_str(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Whole, D::Error> {
        struct Reads;
        impl Visitor<'_> for Reads {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, as text if it is beyond 9007199254740991, either way")
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                let whole = i64::try_from(number).ok();
                whole.map(Whole).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }
            fn visit_str<E: Error>(self, digits: &str) -> Result<Whole, E> {
                let number = digits.parse().ok();
                number.map(Whole).ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
            }
        }
        from.deserialize_any(Reads)
    }
}
