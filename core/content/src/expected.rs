//! The expected result of a protocol's small search, from the section `expect` of its file. A test checks it:
//!
//! ```text
//! expect
//!   states 23220                               without flaws nothing breaks, in so many states
//!   shortest aborts-after-voting-yes 13 2841   with this flaw the shortest run that breaks has 13 events; so many states
//!                                              were found until then. Without a name it is the file's own flaw.
//! ```
//!
//! `cargo run -p lightcone-tests --example bless_searches` writes them.

use super::searches::number;
use alloc::vec::Vec;
use lightcone_engine::protocol::{Protocols, Specification};
use lightcone_engine::run::Scenario;
use lightcone_formats::text::{Problem, Read, TextError, Words, read, unknown};
use lightcone_search::Bounds;

/// A line of the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Without flaws the search tries everything within its bounds, and nothing breaks.
    States(u32),
    /// With a flaw something breaks.
    Shortest {
        /// The flaw's place in the specification.
        flaw: u8,
        /// Events of the shortest run that breaks.
        events: u8,
        /// Different states found until then.
        states: u32,
    },
}

impl Expected {
    /// Reads the lines of a file.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(text: &str, protocols: &Protocols) -> Result<Vec<Expected>, TextError> {
        let Read { scenario, expected, .. } = read(text, protocols)?.whole()?;
        let lines = expected.into_iter();
        lines.map(|(number, line)| Expected::line(line, &scenario).map_err(|problem| problem.at(number))).collect()
    }

    /// The line as it stands in a file.
    #[must_use]
    pub fn text(&self, specification: &Specification) -> alloc::string::String {
        match *self {
            Expected::States(states) => alloc::format!("  states {states}"),
            Expected::Shortest { flaw, events, states } => {
                let flaw = specification.flaws.get(usize::from(flaw)).map_or("", |flaw| flaw.id);
                alloc::format!("  shortest {flaw} {events} {states}")
            }
        }
    }

    /// Reads a line of the section.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn line(line: &str, scenario: &Scenario) -> Result<Expected, Problem> {
        let words = &mut Words::of(line);
        let expected = match words.one_of("expectation", &["states", "shortest"])? {
            0 => Expected::States(number(words, 1, Bounds::MOST_STATES)?),
            _ => Expected::Shortest {
                flaw: flaw(words, scenario)?,
                events: number(words, 1, u8::MAX.into())? as u8,
                states: number(words, 1, Bounds::MOST_STATES)?,
            },
        };
        words.end()?;
        Ok(expected)
    }
}

/// The flaw with this name; without a name, the flaw of the file's run.
fn flaw(words: &mut Words<'_>, scenario: &Scenario) -> Result<u8, Problem> {
    let own = scenario.settings.flaws.0.trailing_zeros();
    if own < u32::BITS && words.clone().next("").is_ok_and(|word| word.parse::<u32>().is_ok()) {
        return Ok(own as u8);
    }
    let name = words.next("a flaw")?;
    let ids = scenario.protocol.specification().flaws.iter().map(|flaw| flaw.id);
    let place = ids.clone().position(|id| id == name).ok_or_else(|| unknown("flaw", name, ids))?;
    Ok(place as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};

    fn read(before: &str, line: &str) -> Result<Vec<Expected>, String> {
        let text = format!("lightcone 1\nprotocol raft 1\n{before}search\n  depth 9\nexpect\n  {line}\n");
        Expected::read(&text, lightcone_protocols::PROTOCOLS).map_err(|error| error.to_string())
    }

    #[test]
    fn a_flaw_is_named_or_the_files_own() {
        let expected = Ok(Vec::from([Expected::Shortest { flaw: 1, events: 8, states: 300 }]));
        assert_eq!(read("", "shortest vote-not-persisted 8 300"), expected);
        assert_eq!(read("flaw vote-not-persisted\n", "shortest 8 300"), expected);
        assert_eq!(read("", "states 11041"), Ok(Vec::from([Expected::States(11_041)])));
    }

    #[test]
    fn numbers_have_bounds_and_names_are_known() {
        let too_many = format!("states {}", Bounds::MOST_STATES + 1);
        let wrong =
            ["shortest 8 300", "shortest vote-not-persisted 256 1", "states 0", &too_many, "states 1 2", "holds"];
        for line in wrong {
            assert!(read("", line).is_err(), "{line}");
        }
    }
}
