//! Knobs, and the words that some of them choose from.

use crate::protocol::{Parameter, Unit};

/// Declares the knobs: makes `Config` with one field for each, `Config::PARAMETERS`, `Config::read`, and the enum `Knob` of
/// their places.
///
/// ```
/// # use lightcone_engine::prelude::*;
/// # choices! {
/// #     /// How reads are answered.
/// #     ReadMode {
/// #         /// Through the log.
/// #         Log = "log";
/// #         /// While a lease lasts.
/// #         Lease = "lease";
/// #     }
/// # }
/// knobs! {
///     /// How many servers there are.
///     servers: Count(1..=7, default 5) = "servers", "Servers";
///     /// From one heartbeat to the next, in microseconds.
///     heartbeat: Millis(default 50) = "heartbeat", "Heartbeat every";
///     /// Whether a server asks before it stands.
///     pre_vote: Switch(off) = "pre-vote", "Pre-vote";
///     /// How reads are answered.
///     read_mode: Choice(ReadMode::Log) = "read-mode", "Reads";
/// }
/// ```
///
/// `Count` is a `u8` and `Number` a `u32`. `Millis` is set in milliseconds (1 to 60 000, unless a range is given) and read
/// in microseconds. `Switch` is a `bool`, and `Choice` an enum of [`choices!`](crate::choices). `config.has(Flaw::..)` says
/// whether a flaw is on. A value that follows from several knobs is a method of `Config`.
#[macro_export]
macro_rules! knobs {
    ($( $(#[$about:meta])* $knob:ident: $Kind:ident($($range:tt)*) = $id:literal, $name:literal; )*) => {
        /// The knobs and flaws of a run.
        #[derive(Clone, Copy, Debug)]
        pub struct Config {
            $( $(#[$about])* $knob: $crate::knobs!(@type $Kind $($range)*), )*
            #[allow(dead_code)]
            flaws: $crate::protocol::FlawSet,
        }

        /// The places of the knobs.
        #[allow(non_camel_case_types, dead_code, missing_docs)]
        enum Knob { $($knob),* }

        impl Config {
            /// The knobs as a specification lists them.
            pub const PARAMETERS: &'static [$crate::protocol::Parameter] =
                &[$( $crate::knobs!(@parameter $Kind $id, $name, $($range)*) ),*];

            /// Reads the knobs and flaws.
            #[must_use]
            pub fn read(settings: &$crate::protocol::Settings) -> Config {
                Config {
                    $( $knob: $crate::knobs!(@read $Kind settings, Knob::$knob as usize, $($range)*), )*
                    flaws: settings.flaws,
                }
            }
        }
    };

    (@type Count $($range:tt)*) => { u8 };
    (@type Number $($range:tt)*) => { u32 };
    (@type Millis $($range:tt)*) => { u64 };
    (@type Switch $($range:tt)*) => { bool };
    (@type Choice $Choice:ident::$default:ident) => { $Choice };

    (@parameter Count $id:literal, $name:literal, $least:literal..=$most:expr, default $default:expr) => {{
        assert!($most <= 255, "a Count is at most 255: use Number");
        $crate::protocol::vocabulary::parameter($id, $name, $crate::protocol::Unit::Count, ($least, $most, $default))
    }};
    (@parameter Number $id:literal, $name:literal, $least:literal..=$most:expr, default $default:expr) => {
        $crate::protocol::vocabulary::parameter($id, $name, $crate::protocol::Unit::Count, ($least, $most, $default))
    };
    (@parameter Millis $id:literal, $name:literal, default $default:expr) => {
        $crate::protocol::vocabulary::parameter($id, $name, $crate::protocol::Unit::Millis, (1, 60_000, $default))
    };
    (@parameter Millis $id:literal, $name:literal, $least:literal..=$most:expr, default $default:expr) => {
        $crate::protocol::vocabulary::parameter($id, $name, $crate::protocol::Unit::Millis, ($least, $most, $default))
    };
    (@parameter Switch $id:literal, $name:literal, on) => { $crate::protocol::vocabulary::switch($id, $name, true) };
    (@parameter Switch $id:literal, $name:literal, off) => { $crate::protocol::vocabulary::switch($id, $name, false) };
    (@parameter Choice $id:literal, $name:literal, $Choice:ident::$default:ident) => {
        $crate::protocol::vocabulary::choice($id, $name, $Choice::WORDS, $Choice::$default as u32)
    };

    (@read Count $settings:ident, $place:expr, $($range:tt)*) => { $settings.number($place) as u8 };
    (@read Number $settings:ident, $place:expr, $($range:tt)*) => { $settings.number($place) };
    (@read Millis $settings:ident, $place:expr, $($range:tt)*) => { $settings.micros($place) };
    (@read Switch $settings:ident, $place:expr, $($range:tt)*) => { $settings.on($place) };
    (@read Choice $settings:ident, $place:expr, $Choice:ident::$default:ident) => {
        $Choice::at($settings.number($place))
    };
}

/// Declares an enum of words from which a knob chooses: `Choice(ReadMode::Log)` in [`knobs!`](crate::knobs).
#[macro_export]
macro_rules! choices {
    ($(#[$doc:meta])* $Choice:ident { $( $(#[$about:meta])* $Word:ident = $word:literal; )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $Choice { $( $(#[$about])* $Word ),+ }

        impl $Choice {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn at(place: u32) -> $Choice {
                const ALL: &[$Choice] = &[$($Choice::$Word),+];
                ALL[(place as usize).min(ALL.len() - 1)]
            }
        }
    };
}

/// A knob with its range and its default.
#[must_use]
pub const fn parameter(
    id: &'static str,
    name: &'static str,
    unit: Unit,
    (least, most, default): (u32, u32, u32),
) -> Parameter {
    assert!(least <= default && default <= most, "a knob's default is within its range");
    Parameter { id, name, unit, least, most, default }
}

/// A knob that is on or off.
#[must_use]
pub const fn switch(id: &'static str, name: &'static str, default: bool) -> Parameter {
    Parameter { id, name, unit: Unit::Switch, least: 0, most: 1, default: default as u32 }
}

/// A knob that is one of these words.
#[must_use]
pub const fn choice(id: &'static str, name: &'static str, words: &'static [&'static str], default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Choice(words), least: 0, most: words.len() as u32 - 1, default }
}
