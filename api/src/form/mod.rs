//! The form: what Lightcone reads and writes as plain data, in JSON and in JavaScript. Names stand for what the core knows by
//! number, times are milliseconds, and every object that stands alone says the form's version.
//!
//! These types mirror those of the core, and [`crate::convert`] is the one place where one becomes the other. So what is
//! published does not change when the core is built in another way.

/// Types that are objects.
macro_rules! objects {
    ($($item:item)*) => { $(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        #[cfg_attr(feature = "schema", ts(optional_fields))]
        $item
    )* };
}

/// Types that are one of several words.
macro_rules! words {
    ($($item:item)*) => { $(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
        $item
    )* };
}

mod edit;
mod error;
mod history;
mod host;
mod number;
mod options;
mod protocol;
mod question;
mod run;
mod scenario;
mod search;
mod verdict;

pub use edit::{Edit, Handling, Operand, Operation};
pub use error::{Code, Error};
pub use history::{Consistency, Datum, History, Judged, Judgement, Note, Reported, ReportedEvent, Spot};
pub use host::{Call, CallWord, Detail, EventWord, MOST_OF_A_CALL, Said, Seen};
pub use number::{MOST_EXACT, Millis, Seed, Whole};
pub use options::{DrawOptions, JudgeOptions, SimulateOptions, TextForm, Theme};
pub use protocol::{Argument, Command, Flaw, Goal, Kind, Knob, Property, Protocol, Protocols, Run, Unit, When};
pub use question::{Asked, GradeWord, Graded, Grades, HandedIn, Question, QuestionKind};
pub use run::{
    AnswerWord, Begins, Cause, Condition, ConditionKind, Deed, Ending, Event, Fact, Fate, Lane, Mark, Message, Row,
    Source, State, Status, Table, Timer, TimerFate, Trace, Weight,
};
pub use scenario::{Faults, Latency, Model, Scenario, Setting, Timing};
pub use search::{Bounds, Checked, Found, Met, Progress, SearchEnding, Searched};
pub use verdict::{List, Outcome, OutcomeWord, Verdict, VerdictWord};

/// The version of the form, which the field `lightcone` of every object that stands alone says. A field may be added in one
/// version; what a field means does not change.
pub const FORM: u32 = 1;
