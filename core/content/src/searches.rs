//! Small runs, from which a search starts by default. `searches/` has a file for each protocol, and one for each flaw that
//! needs another start. A file is a scenario's text form and a section that says where the search starts and how far it
//! goes:
//!
//! ```text
//! search
//!   from 45 ms       after what has happened by then; without this line from the start
//!   depth 14         events of a run, from there
//!   states 200000    states kept at most
//!   time-outs 2      so many timers may fire; the same for the other budgets: crashes, repeats, losses, requests,
//!                    disks, drifts. What is not named there is none of.
//! ```
//!
//! The section `expect` holds the search's result ([`super::Expected`]).
//!
//! A protocol without a file starts at its default settings, without requests.

use crate::shelf::{self, Library};
use alloc::vec::Vec;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::{AnyProtocol, FlawSet, Protocols};
use lightcone_engine::run::{Scenario, simulate};
use lightcone_engine::time::Time;
use lightcone_formats::text::{Numbered, Problem, Read, TextError, Words, quoted, read, unknown};
use lightcone_search::{Bounds, Budget, Reductions, Search, Target};

/// The start and the bounds of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    /// The run that the search starts from.
    pub scenario: Scenario,
    /// The moment from which the search goes; none for the start.
    pub from: Option<Time>,
    /// How far it goes.
    pub bounds: Bounds,
}

impl Small {
    /// The small run of a protocol with this flaw, or with none.
    #[must_use]
    pub fn of(library: &Library, family: &'static dyn AnyProtocol, flaw: Option<u8>) -> Small {
        let specification = family.specification();
        let id = flaw.and_then(|flaw| Some(specification.flaws.get(usize::from(flaw))?.id));
        let shelf = shelf::of(library, specification.id);
        let searches = shelf.map_or(&[][..], |shelf| shelf.searches);
        let file = searches.iter().find(|(flaw, _)| Some(*flaw) == id).or(searches.first());
        // A test reads every file.
        let small = file.and_then(|(_, text)| Small::read(text, &[family]).ok());
        let mut small = small.unwrap_or_else(|| Small::usual(Scenario::new(family)));
        small.scenario.settings.flaws = flaw.map_or(FlawSet::default(), |flaw| FlawSet::default().with(flaw));
        small
    }

    /// A search from the start of any run, with the default bounds.
    #[must_use]
    pub fn usual(scenario: Scenario) -> Small {
        let bounds = Bounds::usual(&scenario.assumes());
        Small { scenario, from: None, bounds }
    }

    /// A search of this run for any broken promise.
    #[must_use]
    pub fn search(&self, reductions: Reductions) -> Search {
        Search::new(&self.scenario, self.event(), Target::AnyBreach, self.bounds, reductions)
    }

    /// Reads a scenario's text form with its section `search`, if it has one.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(text: &str, protocols: &Protocols) -> Result<Small, TextError> {
        let Read { scenario, search, .. } = read(text, protocols)?.whole()?;
        let (small, errors) = Small::of_lines(scenario, &search);
        errors.into_iter().next().map_or(Ok(small), Err)
    }

    /// A search of this run, bounded by the lines of a section `search`, and the lines that cannot be read: they bound nothing.
    #[must_use]
    pub fn of_lines(scenario: Scenario, lines: &[Numbered<'_>]) -> (Small, Vec<TextError>) {
        let mut small = Small::usual(scenario);
        if !lines.is_empty() {
            small.bounds.budget = [0; Budget::ALL.len()];
        }
        let wrong = lines.iter().filter_map(|&(number, line)| Some(small.line(line).err()?.at(number)));
        let errors = wrong.collect();
        (small, errors)
    }

    /// The event after which the search starts.
    #[must_use]
    pub fn event(&self) -> Option<EventIndex> {
        simulate(&self.scenario).last_event_by(self.from?)
    }

    fn line(&mut self, line: &str) -> Result<(), Problem> {
        let words = &mut Words::of(line);
        let first = words.next("what is bounded")?;
        match first {
            "from" => self.from = Some(words.millis()?),
            "depth" => self.bounds.depth = number(words, 1, u8::MAX.into())? as u8,
            "states" => self.bounds.states = number(words, 1, Bounds::MOST_STATES)?,
            _ => {
                let mut ids = Vec::from(["from", "depth", "states"]);
                ids.extend(Budget::ALL.map(Budget::id));
                let place = Budget::ALL.iter().position(|budget| budget.id() == first);
                let place = place.ok_or_else(|| unknown("bound", first, ids.into_iter()))?;
                self.bounds.budget[place] = number(words, 0, u8::MAX.into())? as u8;
            }
        }
        words.end()
    }
}

pub(super) fn number(words: &mut Words<'_>, least: u32, most: u32) -> Result<u32, Problem> {
    const WHAT: &str = "a whole number that is not too large";
    let word = words.next(WHAT)?;
    let number = word.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Problem::Expected { what: WHAT, word: quoted(word) })
}
