//! A scenario: the whole input of a run.

use super::edit::Edit;
use super::number::{Millis, Seed};
use std::collections::BTreeMap;

objects! {
    /// The whole input of a run. Only `lightcone` and `protocol` must be said; the rest has defaults.
    pub struct Scenario {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The protocol's name: `raft`.
        pub protocol: String,
        /// The behaviour version of the protocol for which the scenario was made; the newest, if it is not said.
        pub behaviour: Option<u8>,
        /// The run's title; empty for none.
        #[serde(default)]
        pub title: String,
        /// A text that says what to look at; empty for none.
        #[serde(default)]
        pub note: String,
        /// The knobs, by name. Those that are not named are at their default.
        #[serde(default)]
        pub settings: BTreeMap<String, Setting>,
        /// The names of the flaws that are switched on.
        #[serde(default)]
        pub flaws: Vec<String>,
        /// The seed of everything that chance decides.
        #[serde(default)]
        pub seed: Seed,
        /// When the run ends.
        #[serde(default = "usual_horizon")]
        pub horizon: Millis,
        /// What links, time and nodes may do.
        #[serde(default)]
        pub model: Model,
        /// The author's edits: requests, and the faults of the story.
        #[serde(default)]
        pub script: Vec<Edit>,
        /// The reader's edits, in order.
        #[serde(default)]
        pub moves: Vec<Edit>,
    }

    /// What links, time and nodes may do.
    #[serde(default)]
    pub struct Model {
        /// What is known of delays.
        pub timing: Timing,
        /// How long messages travel.
        pub latency: Latency,
        /// How many of a thousand messages are lost.
        pub loss_per_mille: u16,
        /// How many of a thousand messages arrive twice.
        pub duplication_per_mille: u16,
        /// Whether messages of a link arrive in the order of sending.
        pub fifo: bool,
        /// Whether no message is lost.
        pub reliable: bool,
        /// Whether a node that crashed may come back.
        pub faults: Faults,
    }

    /// How long messages travel: from `least` to `most`.
    pub struct Latency {
        /// The shortest time.
        pub least: Millis,
        /// The longest time.
        pub most: Millis,
    }
}

words! {
    /// Whether a node that crashed may come back.
    pub enum Faults {
        /// It stays away.
        CrashStop,
        /// It may start again.
        CrashRecovery,
    }
}

/// The value of a knob.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged, expecting = "a whole number, true or false, or a word")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Setting {
    /// Of a switch.
    Switch(bool),
    /// Of a count, or of a time in milliseconds.
    Number(u32),
    /// Of a choice.
    Word(String),
}

/// What is known of delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "delays", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Timing {
    /// Nothing.
    Asynchronous {},
    /// A message arrives within a bound.
    Synchronous {
        /// The bound.
        within: Millis,
    },
    /// From some moment on a message arrives within a bound.
    PartiallySynchronous {
        /// The moment.
        from: Millis,
        /// The bound.
        within: Millis,
    },
}

/// As that of `lightcone_engine::Scenario::new`.
fn usual_horizon() -> Millis {
    Millis(600_000)
}
