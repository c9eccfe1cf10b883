//! Errors in a history as text, and remarks about one that can be read.

use alloc::string::String;
use core::fmt;
use lightcone_engine::limits::{MAX_HISTORY_BYTES, MAX_HISTORY_DEPTH, MAX_HISTORY_FORMS, MAX_HISTORY_OPERATIONS};
use lightcone_judges::Disorder;

/// An error in a text, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdnError {
    /// The line, counted from 1; 0 for the whole text.
    pub line: u32,
    /// The character of that line, counted from 1.
    pub column: u32,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is longer than [`MAX_HISTORY_BYTES`].
    TooLong,
    /// There are more than [`MAX_HISTORY_OPERATIONS`] operations.
    TooMany,
    /// The values have more than [`MAX_HISTORY_FORMS`] forms.
    TooManyForms,
    /// Brackets are nested deeper than [`MAX_HISTORY_DEPTH`].
    TooDeep,
    /// The text has no operation.
    NoHistory,
    /// The text ends inside a form.
    Ends {
        /// The form, which began there: "a map".
        inside: &'static str,
    },
    /// A form is not of the expected kind.
    Expected {
        /// What was expected: "a map".
        what: &'static str,
        /// The form in its place, shortened if it is long.
        word: String,
    },
    /// A word has a character that is not visible.
    Unseen {
        /// The character.
        character: char,
    },
    /// The map lacks a key.
    Missing {
        /// The missing key: ":process".
        key: &'static str,
    },
    /// A process asks while it waits, or is answered while it does not wait.
    Disorder {
        /// The number of the process.
        process: u32,
        /// Which of the two it did.
        disorder: Disorder,
    },
}

impl fmt::Display for EdnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "Line {}, column {}: ", self.line, self.column)?;
        }
        self.problem.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::TooLong => {
                write!(f, "This text is longer than the limit of {} MiB.", MAX_HISTORY_BYTES >> 20)
            }
            Problem::TooMany => {
                write!(f, "There are more operations than the limit of {MAX_HISTORY_OPERATIONS}.")
            }
            Problem::TooManyForms => {
                write!(f, "The values have more parts than the limit of {MAX_HISTORY_FORMS}.")
            }
            Problem::TooDeep => write!(f, "More than {MAX_HISTORY_DEPTH} brackets stand in each other."),
            Problem::NoHistory => f.write_str(
                "Nothing here is an operation: neither `{:process 0, :type :invoke, :f :write, :value 3}` \
                 nor `0 :invoke :write 3`.",
            ),
            Problem::Ends { inside } => write!(f, "The text ends inside {inside} that begins here."),
            Problem::Expected { what, word } => write!(f, "`{word}` is where {what} should be."),
            Problem::Unseen { character } => {
                write!(f, "The character U+{:04X} can stand in a text only.", u32::from(*character))
            }
            Problem::Missing { key } => write!(f, "This operation has no `{key}`."),
            Problem::Disorder { process, disorder: Disorder::AsksWhileWaiting } => {
                write!(f, "Process {process} asks while it waits for an answer.")
            }
            Problem::Disorder { process, disorder: Disorder::AnsweredWithoutAsking } => {
                write!(f, "Process {process} is answered while it waits for nothing.")
            }
        }
    }
}

impl core::error::Error for EdnError {}

/// A remark about a history that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A line's `:time` is earlier than that of a line before it.
    TimeJumpsBack {
        /// The first such line, counted from 1.
        line: u32,
        /// The latest time before it.
        from: i64,
        /// Its time.
        to: i64,
        /// How many such lines there are.
        times: u32,
    },
    /// Lines of a log that have no operation.
    PassedOver {
        /// How many.
        lines: u32,
    },
}

impl Remark {
    /// Its line, counted from 1; 0 if it is about the whole text.
    #[must_use]
    pub fn line(&self) -> u32 {
        match self {
            Remark::TimeJumpsBack { line, .. } => *line,
            Remark::PassedOver { .. } => 0,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::TimeJumpsBack { line, from, to, times } => {
                write!(f, "Line {line}: `:time` jumps back from {from} to {to}")?;
                if *times > 1 {
                    write!(f, " ({times} lines do so)")?;
                }
                f.write_str(". What counts is the order of the lines.")
            }
            Remark::PassedOver { lines: 1 } => f.write_str("One line has no operation and was passed over."),
            Remark::PassedOver { lines } => write!(f, "{lines} lines have no operation and were passed over."),
        }
    }
}
