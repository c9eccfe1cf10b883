//! A question to the search, and its answer.

use super::number::Millis;
use super::scenario::Scenario;
use super::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;

objects! {
    /// What `check` is to look for, and how far. What is not said is as the protocol has it.
    #[derive(Default)]
    pub struct Bounds {
        /// Whether to search at all; it does, if it is not said.
        pub search: Option<bool>,
        /// The moment of the run from which the search goes; from the start, if it is not said.
        pub from: Option<Millis>,
        /// Look only for a run that breaks this promise, or after which it never comes true.
        pub breaks: Option<String>,
        /// Look for a run in which this goal or promise is reached.
        pub reaches: Option<String>,
        /// Events of a run, at most.
        pub depth: Option<u8>,
        /// States kept, at most.
        pub states: Option<u32>,
        /// How often each fault and each other thing that is not free may happen, by its name: `time-outs`, `crashes`, `repeats`,
        /// `losses`, `requests`, `disks`, `drifts`.
        #[serde(default)]
        pub budget: BTreeMap<String, u8>,
        /// What the run and the search must show, each as a line of the section `expect` of a scenario file: `holds`,
        /// `breaks election-safety`.
        #[serde(default)]
        pub expect: Vec<String>,
    }

    /// What a run shows, and what a search from it found.
    pub struct Checked {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The run.
        pub scenario: Scenario,
        /// The run's digest.
        pub digest: String,
        /// How many events it has.
        pub events: u32,
        /// How many messages it has.
        pub messages: u32,
        /// Which limit the run met and when, as a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub stopped: Option<String>,
        /// One verdict for each promise.
        pub verdicts: Vec<Verdict>,
        /// What became of each edit.
        pub edits: Vec<Outcome>,
        /// Whether the run and the search are as expected, line by line.
        pub expected: Vec<Met>,
        /// What the search found; none if there was no search.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub search: Option<Searched>,
    }

    /// Whether something is as expected.
    pub struct Met {
        /// The line.
        pub line: String,
        /// Whether it is so.
        pub met: bool,
        /// What is so instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub instead: Option<String>,
    }

    /// What a search found.
    pub struct Searched {
        /// The moment from which it went.
        pub from: Millis,
        /// What was to be tried: "at most 24 events, 3 time-outs, messages in any order".
        pub bounds: String,
        /// How it ended.
        pub ending: SearchEnding,
        /// All runs of at most so many events were tried; of a search that tried everything, none is said.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub tried_to: Option<u8>,
        /// Different states.
        pub states: u32,
        /// Choices tried.
        #[cfg_attr(feature = "schema", ts(type = "number"))]
        pub tried: u64,
        /// New states after so many events, the start first.
        pub levels: Vec<u32>,
        /// Two different states are taken for one with a probability of at most 2 to the power of this.
        pub collision_exponent: i32,
        /// The run that was found.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub found: Option<Found>,
    }

    /// A run that a search found.
    pub struct Found {
        /// The run. It ends with the event that was looked for.
        pub scenario: Scenario,
        /// The link to it.
        pub link: String,
        /// The moment from which the search went.
        pub begins: Millis,
        /// Its events from there.
        pub events: u8,
        /// What they use, by name.
        pub used: BTreeMap<String, u8>,
        /// The names of the promises that break in them.
        pub breaks: Vec<String>,
        /// The verdicts of the run that was found.
        pub verdicts: Vec<Verdict>,
    }

    /// How far a search is.
    pub struct Progress {
        /// Different states.
        pub states: u32,
        /// Choices tried.
        #[cfg_attr(feature = "schema", ts(type = "number"))]
        pub tried: u64,
        /// How many events the runs have that are being tried.
        pub depth: u32,
        /// Whether a run has been found already. Then a shorter one is looked for.
        pub found: bool,
    }
}

words! {
    /// How a search ended.
    pub enum SearchEnding {
        /// It found a run, and none has fewer events.
        Shortest,
        /// It found a run, and met its limit of states before it could look for a shorter one.
        Found,
        /// It tried everything within its bounds and found nothing. That is no proof.
        Exhausted,
        /// It found nothing, and met its limit of states.
        Full,
        /// It was stopped.
        Stopped,
    }
}
