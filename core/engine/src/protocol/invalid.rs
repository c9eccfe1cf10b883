//! The errors of scenarios and edits with a part out of its bounds.

/// Why a scenario cannot be run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// The latency range is empty or outside the bounds of every link.
    Latency,
    /// A number is out of its range.
    Range {
        /// What the number is: "horizon in ms".
        what: &'static str,
        /// The number that was given.
        value: u64,
        /// The smallest allowed number.
        least: u64,
        /// The largest allowed number.
        most: u64,
    },
    /// The title or the note has a control character. Only notes may have several lines.
    Unprintable,
    /// A parameter is out of its range.
    Parameter {
        /// The parameter's name in files.
        id: &'static str,
        /// The number that was given.
        value: u32,
        /// The smallest allowed number.
        least: u32,
        /// The largest allowed number.
        most: u32,
    },
    /// An edit names a node that no run can have.
    Node {
        /// The lane's number, from 0.
        number: u8,
    },
}

impl Invalid {
    /// The error that `value` is outside `least..=most`.
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
            Invalid::Node { number } => write!(f, "Lane {number} is named, but no run has that many lanes."),
        }
    }
}

impl core::error::Error for Invalid {}
