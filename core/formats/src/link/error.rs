//! Errors of links, as sentences for people.

use super::bytes::{ASKING, Stop};
use crate::text::TextError;
use alloc::boxed::Box;
use core::fmt;
use lightcone_engine::limits::MAX_LINK_BYTES;
use lightcone_engine::protocol::Invalid;
use lightcone_engine::run::Scenario;

/// Why a link cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is longer than [`MAX_LINK_BYTES`].
    TooLong,
    /// Its end is missing.
    Cut {
        /// As much of the run as can be read, with its first moves; none if too little is left. It is not the shared run:
        /// show it only to a reader who asks for it.
        readable: Option<Box<Scenario>>,
    },
    /// Its checksum is wrong: some character was changed.
    Damaged,
    /// Its format is newer than this program.
    TooNew {
        /// The link's format number.
        format: u8,
    },
    /// Its protocol is unknown.
    UnknownProtocol {
        /// The protocol's number.
        number: u8,
    },
    /// It was made for a newer behaviour version of its protocol.
    NewerProtocol {
        /// The protocol's name for people.
        title: &'static str,
        /// The version in the link.
        version: u8,
        /// The version here.
        here: u8,
    },
    /// It is undamaged, but a part of it is out of its bounds.
    Invalid(Invalid),
    /// It is undamaged, but its question or answer cannot be read.
    Asks(TextError),
}

/// The protocol has changed since the link was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The protocol's name for people.
    pub title: &'static str,
    /// The behaviour version for which the link was made.
    pub then: u8,
    /// The behaviour version here.
    pub now: u8,
}

impl Changed {
    pub(super) fn of(scenario: &Scenario) -> Option<Changed> {
        let specification = scenario.protocol.specification();
        let (title, then, now) = (specification.title, scenario.version, specification.version);
        (then != now).then_some(Changed { title, then, now })
    }
}

impl From<Stop> for LinkError {
    fn from(stop: Stop) -> LinkError {
        match stop {
            // Length and checksum are right, and still the body ends too early. No encoder wrote it.
            Stop::End | Stop::Wrong => LinkError::Damaged,
            Stop::UnknownProtocol { number } => LinkError::UnknownProtocol { number },
            Stop::NewerProtocol { title, version, here } => LinkError::NewerProtocol { title, version, here },
        }
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has changed here since this link was made. The run may end differently.", self.title)
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::TooLong => {
                write!(f, "This link is longer than the limit of {} KiB.", MAX_LINK_BYTES / 1_024)
            }
            LinkError::Cut { readable } => {
                f.write_str("This link is damaged. Its end is missing.")?;
                match readable.as_ref().map_or(0, |scenario| scenario.moves.len()) {
                    0 => Ok(()),
                    1 => f.write_str(" The first move can be read."),
                    count => match COUNTS.get(count - 2) {
                        Some(word) => write!(f, " The first {word} moves can be read."),
                        None => write!(f, " The first {count} moves can be read."),
                    },
                }
            }
            LinkError::Damaged => f.write_str("This link is damaged. Part of it was changed or lost."),
            LinkError::TooNew { format } => {
                let known = ASKING;
                write!(f, "This link is from a newer Lightcone: it has format {format}, and this page knows {known}.")
            }
            LinkError::UnknownProtocol { number } => {
                write!(
                    f,
                    "This link names protocol {number}, which is unknown here. The link may be from a newer Lightcone."
                )
            }
            LinkError::NewerProtocol { title, version, here } => {
                write!(
                    f,
                    "This link is from a newer Lightcone: it needs version {version} of {title}, and this is version {here}."
                )
            }
            LinkError::Asks(error) => write!(f, "The question or answer in this link cannot be read. {error}"),
            LinkError::Invalid(invalid) => write!(f, "This link cannot be run. {invalid}"),
        }
    }
}

/// The number in words from two on.
const COUNTS: [&str; 9] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

impl core::error::Error for LinkError {}
