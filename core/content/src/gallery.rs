//! The gallery: the scenario files of `runs/`, one folder for each protocol, one file for each claim. The same files are
//! golden tests: each says what its run must show, and `tests/scenarios.rs` checks it.
//!
//! A file is a scenario's text form with one more section at its end:
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
//!   digest 0123456789abcdef      the run's digest, on every target; `cargo run --example bless` writes it
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::protocol::{AnyProtocol, FlawSet, Specification};
use lightcone_engine::run::Scenario;
use lightcone_engine::time::Time;
use lightcone_formats::text::{Problem, Read, TextError, Words, quoted, read, unknown};
use lightcone_protocols::PROTOCOLS;

// Every file of `runs/`, by protocol and then by place: `FILES`, made by the build.
include!(concat!(env!("OUT_DIR"), "/runs.rs"));

/// A file of the gallery, not yet read.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// The protocol's name: the folder.
    pub protocol: &'static str,
    /// The claim in words for addresses: the file's name.
    pub slug: &'static str,
    /// The text of the file.
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
    /// The run. It has no title and note, so that links to it stay short.
    pub scenario: Scenario,
    /// What the run must show.
    pub expectations: Vec<Expectation>,
}

/// Something that a run must show. Properties are places in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Its place among the runs of its protocol, from 1.
    Place(u16),
    /// Every "always" property holds.
    Holds,
    /// This property holds.
    HoldsOne {
        /// Index into the specification's properties.
        property: usize,
    },
    /// This property breaks before any other.
    Breaks {
        /// Index into the specification's properties.
        property: usize,
        /// When, if the file says so.
        at: Option<Time>,
    },
    /// A good moment comes by the end.
    Reaches {
        /// Index into the specification's properties.
        property: usize,
    },
    /// A good moment does not come by the end.
    Misses {
        /// Index into the specification's properties.
        property: usize,
    },
    /// With all flaws off every "always" property holds.
    WithoutFlawHolds,
    /// An event happens in the stretch of time that its figure shows first.
    Opens(Opening),
    /// The run has this digest.
    Digest(u64),
}

/// The stretch of time and the moment that a run's figure shows first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where the stretch begins.
    pub from: Time,
    /// Where it ends; later than it begins.
    pub to: Time,
    /// The moment of the cursor, inside the stretch.
    pub at: Time,
}

impl File {
    /// Reads the file.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(&self) -> Result<Exhibit, TextError> {
        let Read { mut scenario, expected, .. } = read(self.text, PROTOCOLS)?;
        let specification = scenario.protocol.specification();
        let lines = expected.into_iter();
        let expectations = lines.map(|(number, line)| expectation(line, specification).map_err(|it| it.at(number)));
        Ok(Exhibit {
            protocol: self.protocol,
            slug: self.slug,
            expectations: expectations.collect::<Result<_, _>>()?,
            title: core::mem::take(&mut scenario.title),
            note: core::mem::take(&mut scenario.note),
            scenario,
        })
    }
}

/// Every run of the gallery, in order.
#[must_use]
pub fn gallery() -> Vec<Exhibit> {
    // A test reads every file. If one could not be read, the others would still be shown.
    let of = |protocol: &&'static dyn AnyProtocol| {
        FILES.iter().filter({
            let id = protocol.specification().id;
            move |file| file.protocol == id
        })
    };
    PROTOCOLS.iter().flat_map(of).filter_map(|file| file.read().ok()).collect()
}

/// The gallery's run that equals this one, whatever its moves, title and note. Gives its slug.
#[must_use]
pub fn recognise(scenario: &Scenario) -> Option<&'static str> {
    let protocol = scenario.protocol.specification().id;
    let files = FILES.iter().filter(|file| file.protocol == protocol);
    let mut exhibits = files.filter_map(|file| file.read().ok());
    exhibits.find(|exhibit| same_ground(&exhibit.scenario, scenario)).map(|exhibit| exhibit.slug)
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

    /// The same schedule with all flaws off.
    #[must_use]
    pub fn without_flaws(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        scenario.settings.flaws = FlawSet::default();
        scenario
    }
}

fn expectation(line: &str, specification: &Specification) -> Result<Expectation, Problem> {
    const KINDS: [&str; 8] = ["holds", "breaks", "reaches", "misses", "without-flaw", "opens", "place", "digest"];
    let words = &mut Words::of(line);
    let kind = words.one_of("expectation", &KINDS)?;
    let more = words.clone().next("").is_ok();
    let expectation = match kind {
        0 if !more => Expectation::Holds,
        0 => Expectation::HoldsOne { property: property(words, specification)? },
        1 => {
            let property = property(words, specification)?;
            let more = words.clone().next("").is_ok();
            let at = if more { words.one_of("word", &["at"]).and_then(|_| words.millis()).map(Some)? } else { None };
            Expectation::Breaks { property, at }
        }
        2 => Expectation::Reaches { property: property(words, specification)? },
        3 => Expectation::Misses { property: property(words, specification)? },
        4 => words.one_of("word", &["holds"]).map(|_| Expectation::WithoutFlawHolds)?,
        5 => Expectation::Opens(opening(words)?),
        6 => Expectation::Place(words.number("a whole number")?),
        _ => {
            let word = words.next("a digest")?;
            let digest = u64::from_str_radix(word, 16).ok().filter(|_| word.len() == 16);
            let wrong = || Problem::Expected { what: "a digest of 16 hexadecimal digits", word: quoted(word) };
            Expectation::Digest(digest.ok_or_else(wrong)?)
        }
    };
    words.end()?;
    Ok(expectation)
}

fn opening(words: &mut Words<'_>) -> Result<Opening, Problem> {
    let from = words.millis()?;
    words.one_of("word", &["to"])?;
    let to = words.millis()?;
    let more = words.clone().next("").is_ok();
    let at = if more { words.one_of("word", &["at"]).and_then(|_| words.millis())? } else { to };
    if from >= to || at < from || at > to {
        return Err(Problem::Expected { what: "a stretch of time and a moment in it", word: quoted("opens") });
    }
    Ok(Opening { from, to, at })
}

fn property(words: &mut Words<'_>, specification: &Specification) -> Result<usize, Problem> {
    let name = words.next("a property")?;
    let ids = specification.properties.iter().map(|property| property.id);
    ids.clone().position(|id| id == name).ok_or_else(|| unknown("property", name, ids))
}
