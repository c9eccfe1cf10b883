//! Checking a run: its verdicts, what is expected of it, and a search from it for a run that breaks a promise.

use crate::convert;
use crate::expect::Expects;
use crate::form::{Bounds, Checked, Code, Error, FORM, Found, Met, Progress, Scenario, SearchEnding, Searched};
use crate::library::Library;
use lightcone_content::searches::Small;
use lightcone_engine::limits::MAX_EXPECTATIONS;
use lightcone_engine::protocol::{AnyProtocol, Invalid, When};
use lightcone_engine::time::Time;
use lightcone_engine::{Trace, simulate};
use lightcone_formats::link;
use lightcone_formats::text::unknown;
use lightcone_search::{self as search, Budget, Ending, Reductions, Search, Target, collision_exponent};

/// Choices between two reports of how far a search is: some milliseconds.
const CHOICES: u32 = 4_096;

/// Checks a run, and searches from it within bounds. Between slices it says how far it is and asks whether to stop; a search that
/// is stopped gives what it had by then.
///
/// # Errors
/// What of the scenario or of the bounds cannot be run.
pub fn check(
    library: &Library,
    scenario: &Scenario,
    bounds: &Bounds,
    mut on_progress: impl FnMut(&Progress),
    mut should_stop: impl FnMut() -> bool,
) -> Result<Checked, Error> {
    let mut checking = Checking::begin(library, scenario, bounds)?;
    while checking.advance(CHOICES) {
        on_progress(&checking.progress());
        if should_stop() {
            break;
        }
    }
    Ok(checking.checked())
}

/// A check at work, which can be carried on in slices.
pub struct Checking {
    small: Small,
    target: Target,
    expected: Vec<Expects>,
    trace: Trace,
    search: Option<Search>,
}

impl Checking {
    /// Begins to check a run. Its search goes as far as that of its protocol and its first flaw, where `bounds` say nothing else.
    ///
    /// # Errors
    /// What of the scenario or of the bounds cannot be run.
    pub fn begin(library: &Library, scenario: &Scenario, bounds: &Bounds) -> Result<Checking, Error> {
        let scenario = convert::to_scenario(library, scenario)?;
        let expected = expected(bounds, &scenario)?;
        Ok(Checking::of(Checking::usual(library, scenario), bounds)?.expecting(expected))
    }

    /// A search from the start of a run, as far as that of its protocol and its first flaw goes.
    #[must_use]
    pub fn usual(library: &Library, scenario: lightcone_engine::Scenario) -> Small {
        let flaw = (0..32).find(|flaw| scenario.settings.flaws.has(*flaw));
        let bounds = Small::of(library, scenario.protocol, flaw).bounds;
        Small { bounds, ..Small::usual(scenario) }
    }

    /// Begins to check a run that has a start and bounds of its own, of which `bounds` change some. Nothing is expected of it yet.
    ///
    /// # Errors
    /// What of the run or of the bounds cannot be.
    pub fn of(mut small: Small, bounds: &Bounds) -> Result<Checking, Error> {
        adjust(&mut small, bounds)?;
        small.scenario.check()?;
        let target = target(small.scenario.protocol, bounds)?;
        let trace = simulate(&small.scenario);
        let from = small.from.and_then(|from| trace.last_event_by(from));
        let begun = || Search::new(&small.scenario, from, target, small.bounds, Reductions::ALL);
        let search = bounds.search.unwrap_or(true).then(begun);
        Ok(Checking { small, target, expected: Vec::new(), trace, search })
    }

    /// The same, held to these lines.
    #[must_use]
    pub fn expecting(self, expected: Vec<Expects>) -> Checking {
        Checking { expected, ..self }
    }

    /// Takes about so many choices more. Returns whether it goes on.
    pub fn advance(&mut self, choices: u32) -> bool {
        self.search.as_mut().is_some_and(|search| search.advance(choices))
    }

    /// The run.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The search; none if none was asked for.
    #[must_use]
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// Where the search starts, and how far it goes.
    #[must_use]
    pub fn small(&self) -> &Small {
        &self.small
    }

    /// What is looked for.
    #[must_use]
    pub fn target(&self) -> Target {
        self.target
    }

    /// Whether a run that is found is a good one: it reaches something, and breaks nothing.
    #[must_use]
    pub fn reaches(&self) -> bool {
        matches!(self.target, Target::Reaches(_) | Target::Happens(_))
    }

    /// The moment from which the search goes; none for the start.
    #[must_use]
    pub fn begins(&self) -> Option<Time> {
        // Before the first event there is only the start.
        self.small.from.filter(|from| self.trace.last_event_by(*from).is_some())
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let Some(search) = &self.search else { return Progress { states: 0, tried: 0, depth: 0, found: false } };
        let progress = search.progress();
        Progress {
            states: progress.states,
            tried: progress.tried,
            depth: progress.levels.len().saturating_sub(1) as u32,
            found: search.has_found(),
        }
    }

    /// What the run shows, and what the search has found by now.
    #[must_use]
    pub fn checked(&self) -> Checked {
        let (trace, mut expected) = (&self.trace, self.met_by_run());
        let searched = self.search.as_ref().map(|search| {
            let (found, progress) = (search.found(), search.progress());
            expected.extend(self.met_by_search(found.as_ref(), &progress));
            self.searched(&progress, found.as_ref())
        });
        Checked {
            lightcone: FORM,
            scenario: convert::scenario(&self.small.scenario),
            digest: std::format!("{:016x}", trace.digest),
            events: trace.events.len() as u32,
            messages: trace.messages.len() as u32,
            stopped: trace.stopped(),
            verdicts: convert::verdicts(trace),
            edits: convert::outcomes(trace),
            expected,
            search: searched,
        }
    }

    /// Whether the run is as expected.
    #[must_use]
    pub fn met_by_run(&self) -> Vec<Met> {
        self.expected.iter().filter_map(|each| each.of_run(&self.trace)).collect()
    }

    /// Whether the search went as expected.
    #[must_use]
    pub fn met_by_search(&self, found: Option<&search::Found>, progress: &search::Progress) -> Vec<Met> {
        self.expected.iter().filter_map(|each| each.of_search(&self.small, found, progress)).collect()
    }

    fn searched(&self, progress: &search::Progress, found: Option<&search::Found>) -> Searched {
        let (ending, tried_to) = match progress.ending {
            Some(Ending::Shortest) => (SearchEnding::Shortest, None),
            Some(Ending::Found { tried_to }) => (SearchEnding::Found, Some(tried_to)),
            Some(Ending::Exhausted) => (SearchEnding::Exhausted, None),
            Some(Ending::Full { tried_to }) => (SearchEnding::Full, Some(tried_to)),
            None => (SearchEnding::Stopped, None),
        };
        Searched {
            from: convert::at(self.begins().unwrap_or(Time::ZERO)),
            bounds: self.small.bounds.sentence(self.small.scenario.model.links.fifo),
            ending,
            tried_to,
            states: progress.states,
            tried: progress.tried,
            levels: progress.levels.clone(),
            collision_exponent: collision_exponent(progress.states),
            found: found.map(|found| self.found(found)),
        }
    }

    fn found(&self, found: &search::Found) -> Found {
        let properties = found.scenario.protocol.specification().properties;
        let breaks = (0..).zip(properties).filter(|(place, _)| found.breaks & 1 << place != 0);
        let used = Budget::ALL.into_iter().map(|budget| (budget.id().to_owned(), found.used.of(budget)));
        Found {
            scenario: convert::scenario(&found.scenario),
            link: ["#/run/", &link::encode(&found.scenario)].concat(),
            begins: convert::at(found.begins),
            events: found.events,
            used: used.filter(|(_, amount)| *amount > 0).collect(),
            breaks: breaks.map(|(_, property)| property.id.to_owned()).collect(),
            verdicts: convert::verdicts(&simulate(&found.scenario)),
        }
    }
}

fn expected(bounds: &Bounds, scenario: &lightcone_engine::Scenario) -> Result<Vec<Expects>, Error> {
    let (count, most) = (bounds.expect.len() as u64, MAX_EXPECTATIONS as u64);
    if count > most {
        return Err(Invalid::range("number of expectations", count, 0, most).into());
    }
    Expects::read_all(&bounds.expect, scenario)
}

fn adjust(small: &mut Small, bounds: &Bounds) -> Result<(), Error> {
    if let Some(from) = bounds.from {
        small.from = Some(convert::time(from).map_err(|error| error.inside("from"))?);
    }
    let far = &mut small.bounds;
    far.depth = bounds.depth.unwrap_or(far.depth);
    if far.depth == 0 {
        return Err(Invalid::range("depth", 0, 1, u8::MAX.into()).into());
    }
    far.states = bounds.states.unwrap_or(far.states);
    let most = search::Bounds::MOST_STATES;
    if !(1..=most).contains(&far.states) {
        return Err(Invalid::range("number of states", far.states.into(), 1, most.into()).into());
    }
    for (name, amount) in &bounds.budget {
        let ids = Budget::ALL.iter().map(|budget| budget.id());
        let place = ids.clone().position(|id| id == name);
        far.budget[place.ok_or_else(|| Error::from(unknown("budget", name, ids)).inside("budget"))?] = *amount;
    }
    Ok(())
}

fn target(protocol: &'static dyn AnyProtocol, bounds: &Bounds) -> Result<Target, Error> {
    let properties = protocol.specification().properties;
    let property = |id: &str| properties.iter().position(|property| property.id == id);
    match (&bounds.breaks, &bounds.reaches) {
        (Some(_), Some(_)) => Err(Error::new(Code::Contradiction, "Say either `breaks` or `reaches`, not both.")),
        (None, None) => Ok(Target::AnyBreach),
        (Some(id), None) => {
            let ids = properties.iter().map(|property| property.id);
            let place = property(id).ok_or_else(|| Error::from(unknown("promise", id, ids)))?;
            let always = properties[place].when == When::Always;
            Ok(if always { Target::Breach(place as u8) } else { Target::Never(place as u8) })
        }
        (None, Some(id)) => {
            if let Some((goal, ..)) = protocol.goals().find(|(_, goal, _)| goal == id) {
                return Ok(Target::Happens(goal));
            }
            let ends = properties.iter().filter(|property| property.when == When::ByTheEnd);
            let all = protocol.goals().map(|(_, goal, _)| goal).chain(ends.map(|property| property.id));
            let place = property(id).ok_or_else(|| Error::from(unknown("goal", id, all)))?;
            if properties[place].when == When::ByTheEnd {
                return Ok(Target::Reaches(place as u8));
            }
            let message = std::format!("`{id}` must always hold: it has no moment to reach.");
            Err(Error::new(Code::Contradiction, message))
        }
    }
}
