//! The gallery: the scenario files of `runs/`, one folder for each protocol, one file for each claim. The same files are
//! golden tests: each says what its run must show, and `tests/scenarios.rs` checks it.
//!
//! A file is a scenario's text form. Its line `terms` names what the run shows in the field's words: the first page finds it by them
//! ([`crate::find`]). One more section stands at its end:
//!
//! ```text
//! expect
//!   place 3                      it is the third of its protocol in the gallery; every file says this
//!   holds                        every "always" property holds
//!   holds election-safety        this one holds
//!   breaks linearizable at 246 ms  this one breaks first; the time may be left out
//!   reaches leader-elected       a good moment comes by the end
//!   misses leader-elected        it does not
//!   without-flaw holds           the same schedule with all flaws off: every "always" property holds
//!   opens 130 ms to 400 ms at 326 ms   a figure of it shows this stretch at first, and this moment; without
//!                                  the moment its end
//!   beside run:two-leaders         a figure of it opens above another: the gallery's run of this name, `abd:1` (this run
//!                                  with the knob at 1), or a flaw's name (with the flaw the other way)
//!   digest 0123456789abcdef      the run's digest, on every target; `cargo run --example bless` writes it
//! ```

use crate::expectation::without_flaws;
use crate::short::{BETWEEN, BETWEEN_TERMS};
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::protocol::Protocols;
use lightcone_engine::run::Scenario;
use lightcone_formats::link;
use lightcone_formats::text::{Read, TextError, read};

pub use crate::expectation::{Expectation, Opening};

/// A file of the gallery, not yet read.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// The protocol's name: the folder.
    pub protocol: &'static str,
    /// The claim in words for addresses: the file's name.
    pub slug: &'static str,
    /// The text of the file. With the feature `short` it is the short form of that ([`crate::short`]).
    pub text: &'static str,
}

/// A run worth looking at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// The protocol's name in addresses.
    pub protocol: &'static str,
    /// The claim in words for addresses; unique among those of the protocol.
    pub slug: &'static str,
    /// The run's title, as the gallery shows it.
    pub title: String,
    /// What to look at, in two or three sentences.
    pub note: String,
    /// The words of the field by which the run is found, from the line `terms`.
    pub terms: Vec<&'static str>,
    /// The run. It has no title and note, so that links to it stay short.
    pub scenario: Scenario,
    /// What the run must show.
    pub expectations: Vec<Expectation<'static>>,
}

impl File {
    /// The run; its protocol is one of these. None if it cannot be read: a test reads every file.
    #[must_use]
    pub fn exhibit(&self, protocols: &Protocols) -> Option<Exhibit> {
        if cfg!(feature = "short") { self.of_short(self.text, protocols) } else { self.read(protocols).ok() }
    }

    /// The run of which this is the short form.
    #[must_use]
    pub fn of_short(&self, short: &'static str, protocols: &Protocols) -> Option<Exhibit> {
        let mut pieces = short.split(BETWEEN);
        let [link, title, note, terms, expected] = core::array::from_fn(|_| pieces.next().unwrap_or_default());
        let scenario = link::decode(link, protocols).ok()?.scenario;
        let specification = scenario.protocol.specification();
        let expectations = expected.lines().map(|line| Expectation::read(line, specification).ok());
        Some(Exhibit {
            protocol: self.protocol,
            slug: self.slug,
            expectations: expectations.collect::<Option<_>>()?,
            title: title.into(),
            note: note.into(),
            terms: terms.split(BETWEEN_TERMS).filter(|term| !term.is_empty()).collect(),
            scenario,
        })
    }

    /// Reads the text of a file; its protocol is one of these.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(&self, protocols: &Protocols) -> Result<Exhibit, TextError> {
        let Read { mut scenario, terms, expected, .. } = read(self.text, protocols)?.whole()?;
        let specification = scenario.protocol.specification();
        let lines = expected.into_iter();
        let expectations =
            lines.map(|(number, line)| Expectation::read(line, specification).map_err(|it| it.at(number)));
        Ok(Exhibit {
            protocol: self.protocol,
            slug: self.slug,
            expectations: expectations.collect::<Result<_, _>>()?,
            title: core::mem::take(&mut scenario.title),
            note: core::mem::take(&mut scenario.note),
            terms,
            scenario,
        })
    }
}

/// Whether two scenarios differ only in moves, title and note.
#[must_use]
pub fn same_ground(one: &Scenario, other: &Scenario) -> bool {
    one.protocol == other.protocol
        && one.version == other.version
        && one.settings == other.settings
        && one.model == other.model
        && one.seed == other.seed
        && one.horizon == other.horizon
        && one.script == other.script
}

impl Exhibit {
    /// What the run's figure shows first, if the file says so.
    #[must_use]
    pub fn opening(&self) -> Option<Opening> {
        self.expectations.iter().find_map(|expectation| match expectation {
            Expectation::Opens(opening) => Some(*opening),
            _ => None,
        })
    }

    /// What the other run of the comparison differs in with which its figure opens, if the file says so.
    #[must_use]
    pub fn beside(&self) -> Option<&'static str> {
        self.expectations.iter().find_map(|expectation| match expectation {
            Expectation::Beside(other) => Some(*other),
            _ => None,
        })
    }

    /// The same schedule with all flaws off.
    #[must_use]
    pub fn without_flaws(&self) -> Scenario {
        without_flaws(&self.scenario)
    }
}

#[cfg(test)]
mod tests {
    use crate::{shelf, short};
    use alloc::string::String;

    #[test]
    fn the_short_form_of_every_file_says_what_the_file_says() {
        for file in shelf::ALL.iter().flat_map(|shelf| shelf.runs) {
            let read = file.read(lightcone_protocols::PROTOCOLS).expect("the file is read");
            let short = short::of(file.text, lightcone_protocols::PROTOCOLS).expect("and written");
            let again = file.of_short(String::leak(short), lightcone_protocols::PROTOCOLS);
            assert_eq!(again.as_ref(), Some(&read), "{}/{}", file.protocol, file.slug);
        }
    }
}
