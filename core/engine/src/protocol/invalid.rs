//! What is out of its bounds in a scenario or an edit.

/// Why a scenario cannot be run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// The latency range is empty or outside the bounds of every link.
    Latency,
    /// A number is out of its range.
    Range {
        /// What it counts.
        what: &'static str,
        /// What it is.
        value: u64,
        /// The least it can be.
        least: u64,
        /// The most it can be.
        most: u64,
    },
    /// The title or the note has characters that cannot be shown; only notes have several lines.
    Unprintable,
    /// A parameter is out of its range.
    Parameter {
        /// Its name in files.
        id: &'static str,
        /// What it is.
        value: u32,
        /// The least it can be.
        least: u32,
        /// The most it can be.
        most: u32,
    },
    /// An edit names a node that no run can have.
    Node {
        /// The lane's number, from 0.
        number: u8,
    },
}

impl Invalid {
    /// `value` is outside `least..=most`.
    #[must_use]
    pub const fn range(what: &'static str, value: u64, least: u64, most: u64) -> Invalid {
        Invalid::Range { what, value, least, most }
    }
}

impl core::fmt::Display for Invalid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Invalid::Latency => {
                f.write_str("The latency must run from at least 0.1 ms to at most 600,000 ms, the shorter time first.")
            }
            Invalid::Range { what, value, least, most } => {
                write!(f, "The {what} is {value}; it must be from {least} to {most}.")
            }
            Invalid::Parameter { id, value, least, most } => {
                write!(f, "`{id}` is {value}; it must be from {least} to {most}.")
            }
            Invalid::Unprintable => {
                f.write_str("The title or the note has a character that cannot be shown: a control character.")
            }
            Invalid::Node { number } => write!(f, "Lane {number} is named, and no run has so many."),
        }
    }
}

impl core::error::Error for Invalid {}
