//! A history of clients, and what a judge says of it.

use super::number::Whole;

objects! {
    /// What processes asked of an object and were told, in the order in which that was seen.
    pub struct History {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// Every call and return, in order.
        pub events: Vec<ReportedEvent>,
    }

    /// A call, or a return.
    pub struct ReportedEvent {
        /// The number of the process.
        pub process: u32,
        /// What it reports.
        #[serde(rename = "type")]
        pub what: Reported,
        /// What is asked: `write`. A return may leave it out.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub f: Option<String>,
        /// What goes with it; of an answer, what the process is told.
        #[serde(default)]
        pub value: Datum,
        /// A number of the host's own, which the judgement repeats.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub index: Option<Whole>,
        /// A time of the host's own, which the judgement repeats.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub time: Option<Whole>,
    }

    /// What a judge says of a history.
    pub struct Judgement {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The type of object: `register`.
        pub object: String,
        /// Which operations an order must keep in sequence.
        pub consistency: Consistency,
        /// Whether some order explains every answer; null if nobody can tell.
        pub holds: Option<bool>,
        /// How many operations there are.
        pub operations: u32,
        /// What is odd about the history.
        pub notes: Vec<Note>,
        /// If it holds: an order that explains it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub order: Option<Vec<Judged>>,
        /// If nobody can tell: how many states were tried.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub states: Option<u32>,
        /// If it does not hold: claim and reason in a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub sentence: Option<String>,
        /// What is wrong: "read x = 1 must be 2".
        #[serde(skip_serializing_if = "Option::is_none")]
        pub claim: Option<String>,
        /// Why, if one operation or its absence is reason enough.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub reason: Option<String>,
        /// The operation that cannot be placed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub operation: Option<Judged>,
        /// The operation that is the reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub because: Option<Judged>,
        /// The history would be explained if the object had begun with this.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub holds_if_initial: Option<Datum>,
        /// The longest order up to there.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub furthest: Option<Vec<Judged>>,
    }

    /// Something odd.
    pub struct Note {
        /// The line of the text.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// What is odd, in a sentence.
        pub text: String,
    }

    /// An operation of a judged history.
    pub struct Judged {
        /// The number of the process.
        pub process: u32,
        /// What was asked.
        pub f: String,
        /// What went with it.
        #[serde(default)]
        pub value: Datum,
        /// How it ended: `ok`, `fail`, or `info` if nobody knows.
        #[serde(rename = "type")]
        pub ended: Reported,
        /// What the process was told, if it is `ok`.
        #[serde(default)]
        pub answer: Datum,
        /// Where it was asked.
        pub asked: Spot,
        /// Where it was answered or given up.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub answered: Option<Spot>,
    }

    /// A place in a history.
    pub struct Spot {
        /// Its line, if the history came as text.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// Its place among the events, from 0, if the history came as an object.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub event: Option<u32>,
        /// The host's own number.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub index: Option<Whole>,
        /// The host's own time.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub time: Option<Whole>,
    }
}

words! {
    /// What a process reports.
    pub enum Reported {
        /// It asks.
        Invoke,
        /// It is done, and answered.
        Ok,
        /// It certainly did not happen.
        Fail,
        /// Nobody knows.
        Info,
    }

    /// Which operations an order must keep in sequence.
    pub enum Consistency {
        /// Those that do not overlap (Herlihy & Wing 1990).
        Linearizable,
        /// Each process's own (Lamport 1979).
        Sequential,
    }
}

/// A value of a history: what EDN has, in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(
    untagged,
    expecting = "nothing, true or false, a whole number, a text, a list, or an object such as {\"keyword\": \"x\"}"
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Datum {
    /// Nothing.
    #[default]
    Nothing,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(#[cfg_attr(feature = "schema", ts(type = "number"))] i64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Datum>),
    /// A whole number that a double cannot hold, as a text of digits.
    Large {
        /// The digits.
        integer: String,
    },
    /// A keyword: `x` for `:x`.
    Keyword {
        /// Without the colon.
        keyword: String,
    },
    /// A word of another kind, as it stands: `1.5`.
    Symbol {
        /// The word.
        symbol: String,
    },
    /// A set.
    Set {
        /// Its elements.
        set: Vec<Datum>,
    },
    /// A map.
    Map {
        /// Keys and values.
        map: Vec<(Datum, Datum)>,
    },
    /// A value behind its tag.
    Tagged {
        /// The tag: `inst`.
        tag: String,
        /// The value.
        #[serde(default)]
        value: Box<Datum>,
    },
}
