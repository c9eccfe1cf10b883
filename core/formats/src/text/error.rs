//! Errors of texts, as sentences for people.

use alloc::string::String;
use core::fmt;
use lightcone_engine::limits::{MAX_TEXT_BYTES, MAX_TEXT_ERRORS};
use lightcone_engine::protocol::Invalid;

/// The format version, which a file's first line names.
pub const FORMAT: u32 = 1;

/// What [`Problem::Expected`] and [`Problem::Missing`] say of things in a run. Whoever completes a line looks for them there.
pub mod wanted {
    /// A time.
    pub const TIME: &str = "a time in ms";
    /// A link.
    pub const LINK: &str = "a link like `S1>S2`";
    /// A message of a link.
    pub const MESSAGE: &str = "a message like `Vote#1`";
    /// A timer of a node.
    pub const TIMER: &str = "a timer like `Election#1`";
    /// A request of a client.
    pub const REQUEST: &str = "a request like `c1#2`";
}

/// An error in a text, with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The line, counted from 1; 0 for the whole text.
    pub line: u32,
    /// What is wrong with that line.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is longer than [`MAX_TEXT_BYTES`].
    TooLong,
    /// So many lines cannot be read that the rest of the text is not looked at.
    TooMany,
    /// The first line is not `lightcone` and a version.
    NotAScenario,
    /// The format's version is newer than this program.
    TooNew {
        /// The version that the text names.
        version: u32,
    },
    /// The protocol's behaviour version is newer than this program.
    NewerProtocol {
        /// The version in the text.
        version: u8,
        /// The version here.
        here: u8,
    },
    /// A word is unknown at its place.
    Unknown {
        /// What the word should name: "protocol", "flaw".
        what: &'static str,
        /// The word, shortened if it is long.
        word: String,
        /// The words that are possible, with commas.
        possible: String,
    },
    /// The line ends too early.
    Missing {
        /// What is missing: "a time in ms".
        what: &'static str,
    },
    /// A word is not of the expected kind.
    Expected {
        /// What was expected: "a whole number".
        what: &'static str,
        /// The word, shortened if it is long.
        word: String,
    },
    /// The line goes on after its end.
    Surplus {
        /// The first word too many.
        word: String,
    },
    /// A line says again what an earlier line has said.
    Twice {
        /// The repeated word.
        word: String,
    },
    /// A section comes too late or too early. The order is settings, script, moves, challenge, answer, search, expectations.
    OutOfPlace {
        /// The word at the wrong place.
        word: String,
    },
    /// A value is read, and out of its bounds.
    Invalid(Invalid),
}

impl Problem {
    /// This problem at this line; 0 for the whole text.
    #[must_use]
    pub fn at(self, line: u32) -> TextError {
        TextError { line, problem: self }
    }

    /// The word of the line that is wrong, shortened if it is long; none if the whole line is, or what is missing.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match self {
            Problem::Unknown { word, .. }
            | Problem::Expected { word, .. }
            | Problem::Surplus { word }
            | Problem::Twice { word }
            | Problem::OutOfPlace { word } => Some(word),
            _ => None,
        }
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Problem {
        Problem::Invalid(invalid)
    }
}

/// A word as errors quote it: at most 40 characters.
pub fn quoted(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => alloc::format!("{}…", &word[..end]),
        None => word.into(),
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "Line {}: ", self.line)?;
        }
        write!(f, "{}", self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::TooLong => {
                write!(f, "This text is longer than the limit of {} KiB.", MAX_TEXT_BYTES / 1_024)
            }
            Problem::TooMany => {
                write!(f, "More than {} lines cannot be read. The text is not read from here on.", MAX_TEXT_ERRORS - 1)
            }
            Problem::NotAScenario => f.write_str("This is not a scenario: it does not begin with `lightcone 1`."),
            Problem::TooNew { version } => {
                write!(f, "This scenario has format {version}; this program reads formats up to {}.", FORMAT)
            }
            Problem::NewerProtocol { version, here } => {
                write!(f, "This scenario needs version {version} of the protocol; this program has version {here}.")
            }
            Problem::Unknown { what, word, possible } if possible.is_empty() => {
                write!(f, "`{word}` is no {what}: there is none here.")
            }
            Problem::Unknown { what, word, possible } => write!(f, "`{word}` is no {what}. Possible: {possible}."),
            Problem::Missing { what } => write!(f, "The line ends where {what} should be."),
            Problem::Expected { what, word } => write!(f, "`{word}` is where {what} should be."),
            Problem::Surplus { word } => write!(f, "`{word}` is too much: the line should end before it."),
            Problem::Twice { word } => write!(f, "`{word}` is said twice."),
            Problem::OutOfPlace { word } => {
                write!(
                    f,
                    "`{word}` is out of place. The order is: settings, `script`, `moves`, `challenge`, `answer`, `search`, `expect`."
                )
            }
            Problem::Invalid(invalid) => write!(f, "{invalid}"),
        }
    }
}

impl core::error::Error for TextError {}
