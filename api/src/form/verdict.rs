//! What is known of a protocol's promises when a run is over, and what became of its edits.

use super::edit::Edit;
use super::number::Millis;

objects! {
    /// What is known of a promise when the run is over.
    pub struct Verdict {
        /// The promise's name: `election-safety`.
        pub property: String,
        /// The verdict.
        pub verdict: VerdictWord,
        /// When it broke; or, of a promise that is judged by the end, since when it is kept.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub at: Option<Millis>,
        /// The event at which it broke, or since which it is kept: its place in the trace's events.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub event: Option<u32>,
        /// Why: who contradicts whom, what was not tried, which limit was met.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub why: Option<String>,
        /// The nodes that contradict each other.
        #[serde(default)]
        pub nodes: Vec<String>,
        /// The events that contradict each other, besides `event`.
        #[serde(default)]
        pub events: Vec<u32>,
        /// How the run had left the protocol's fault model when the promise broke. Then nothing was promised.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub outside: Option<String>,
        /// Why the protocol does not promise it with these settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub not_promised: Option<String>,
    }

    /// What became of an edit.
    pub struct Outcome {
        /// The list that has the edit.
        pub list: List,
        /// The edit.
        pub edit: Edit,
        /// The edit as a line of the text form.
        pub line: String,
        /// What became of it.
        pub outcome: OutcomeWord,
        /// Why it did something else, or nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub why: Option<String>,
        /// How it leaves the protocol's fault model.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub outside: Option<String>,
    }
}

words! {
    /// What is known of a promise when the run is over.
    pub enum VerdictWord {
        /// It holds: throughout the run, or by its end.
        Holds,
        /// It broke.
        Broken,
        /// Its good moment did not come by the end, or did not last.
        NotByTheEnd,
        /// It is kept, but the run did not put it to the test.
        Untested,
        /// It is kept, but with these settings the protocol does not promise it.
        NotPromised,
        /// It is not known: the run met a limit, or the judge did.
        CannotTell,
    }

    /// What became of an edit.
    pub enum OutcomeWord {
        /// It did what it says.
        Applied,
        /// It did something else.
        Changed,
        /// It did nothing.
        Unused,
    }

    /// The list of a scenario that has an edit.
    pub enum List {
        /// The author's.
        Script,
        /// The reader's.
        Moves,
    }
}
