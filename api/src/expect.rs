//! What a run and a search must show, in the words of the section `expect` of a scenario file.

use crate::form::{Error, Met};
use lightcone_content::gallery::Expectation;
use lightcone_content::searches::Small;
use lightcone_engine::{Scenario, Trace};
use lightcone_formats::text::Problem;
use lightcone_search::{Found, Progress};

/// A line of the section `expect`.
#[derive(Clone, Debug)]
pub struct Expects {
    /// The line as it stands there.
    pub line: String,
    of: Of,
}

/// What a line expects something of.
#[derive(Clone, Debug)]
enum Of {
    /// Of the run: what the line says ([`Expectation::read`]).
    Run,
    /// Of a search that starts from it.
    Search(lightcone_content::Expected),
}

impl Expects {
    /// Reads a line about this scenario.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(line: &str, scenario: &Scenario) -> Result<Expects, Problem> {
        let of_search = line.split_whitespace().next().is_some_and(|word| matches!(word, "states" | "shortest"));
        let of = if of_search {
            Of::Search(lightcone_content::Expected::line(line, scenario)?)
        } else {
            Expectation::read(line, scenario.protocol.specification())?;
            Of::Run
        };
        Ok(Expects { line: line.to_owned(), of })
    }

    /// Reads several lines.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be read.
    pub fn read_all(lines: &[String], scenario: &Scenario) -> Result<Vec<Expects>, Error> {
        let read = |(place, line): (usize, &String)| {
            Expects::read(line, scenario).map_err(|problem| Error::from(problem).inside(&format!("expect[{place}]")))
        };
        lines.iter().enumerate().map(read).collect()
    }

    /// Whether it is about a search, not about the run.
    #[must_use]
    pub fn is_of_search(&self) -> bool {
        matches!(self.of, Of::Search(_))
    }

    /// Whether the run is so; none if the line says nothing of the run.
    #[must_use]
    pub fn of_run(&self, trace: &Trace) -> Option<Met> {
        let Of::Run = self.of else { return None };
        // Lines that say nothing were refused before.
        let expectation = Expectation::read(&self.line, trace.specification()).ok()?;
        if matches!(expectation, Expectation::Place(_) | Expectation::Opens(_) | Expectation::Beside(_)) {
            // A matter of the gallery and of the figure.
            return None;
        }
        let instead = expectation.check(trace).err();
        Some(Met { line: self.line.clone(), met: instead.is_none(), instead })
    }

    /// Whether the search went so; none if the line says nothing of this search. Of a run without flaws a line says how many
    /// states there are, of one with a flaw how long the shortest run is that breaks.
    #[must_use]
    pub fn of_search(&self, small: &Small, found: Option<&Found>, progress: &Progress) -> Option<Met> {
        use lightcone_content::Expected::{Shortest, States};
        let own = small.scenario.settings.flaws;
        let events = found.map(|found| found.events);
        let met = match &self.of {
            Of::Search(States(states)) if own.0 == 0 => (events, progress.states) == (None, *states),
            Of::Search(Shortest { flaw, events: shortest, states }) if own.0 == 1 << flaw => {
                (events, progress.states) == (Some(*shortest), *states)
            }
            _ => return None,
        };
        Some(Met { line: self.line.clone(), met, instead: None })
    }
}
