//! "Break it from here", pressed at any moment of any run: where a search begins, and how it widens when nothing is found.
//! Each stage is a run, a moment of it and bounds, and keeps to what its protocol assumes.

use super::searches::Small;
use crate::shelf::Library;
use alloc::rc::Rc;
use alloc::vec::Vec;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::{Crashes, Flaw, Settings, Unit};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::run::{Scenario, Trace, simulate};
use lightcone_engine::time::Time;
use lightcone_search::{Bounds, Budget, Reductions, Search, Target, world_after};

/// A search that is one of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its place among the others, in the order in which they widen.
    pub kind: Kind,
    /// The run that is searched.
    pub scenario: Rc<Scenario>,
    /// The event after which it goes on; none for the start.
    pub from: Option<EventIndex>,
    /// How far it goes.
    pub bounds: Bounds,
    /// What it looks for.
    pub target: Target,
}

/// Why a stage is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// From the cursor, at this moment.
    Here(Time),
    /// The same run from its start.
    Start,
    /// The small run that the protocol is searched from, with this run's flaws and as much of its settings as fits.
    Small,
    /// The same with the small run's own settings.
    Usual,
    /// The run from its start, with the settings without which its flaws cannot show.
    Needs,
    /// The small run, with one more of this.
    More(Budget),
    /// Some events before the run itself breaks a promise: from this moment it does by itself.
    Before(Time),
}

/// So many events before a violation is where [`Kind::Before`] begins.
const EVENTS_BEFORE: u32 = 6;
/// Events of a run that reaches a goal. Small runs say how many it takes to break a promise; a goal is often at the end of all
/// that happens by itself.
const DEPTH_TO_A_GOAL: u8 = 24;

impl Stage {
    /// Its search.
    #[must_use]
    pub fn search(&self) -> Search {
        Search::new(&self.scenario, self.from, self.target, self.bounds, Reductions::ALL)
    }

    /// Whether the target is reached where it begins.
    fn is_reached(&self) -> bool {
        match self.target {
            Target::AnyBreach | Target::Breach(_) => false,
            target => target.is_reached_in(&world_after(&self.scenario, self.from)),
        }
    }

    /// Whether both search the same.
    fn is_like(&self, other: &Stage) -> bool {
        let (one, two) = (&self.scenario, &other.scenario);
        (self.from, self.bounds) == (other.from, other.bounds)
            && (&one.settings, &one.model, &one.script, &one.moves)
                == (&two.settings, &two.model, &two.script, &two.moves)
    }

    /// The settings in which it differs from a run: places among the parameters.
    #[must_use]
    pub fn changes(&self, run: &Scenario) -> Vec<usize> {
        let own = &self.scenario.settings;
        (0..own.parameters.len()).filter(|place| own.number(*place) != run.settings.number(*place)).collect()
    }
}

/// The stages of a search from a moment of a run, the nearest first. What the reader says of bounds counts for all of them,
/// and then none has more of anything. None begins where the target is reached.
#[must_use]
pub fn stages(library: &Library, trace: &Trace, cursor: Time, chosen: Option<Bounds>, target: Target) -> Vec<Stage> {
    let run = &trace.scenario;
    let family = run.protocol;
    let specification = family.specification();
    let flaws = (0..specification.flaws.len() as u8).filter(|flaw| run.settings.flaws.has(*flaw));
    let mut flaws: Vec<Option<u8>> = flaws.map(Some).collect();
    if flaws.is_empty() {
        flaws.push(None);
    }
    let smalls: Vec<Small> = flaws.iter().map(|flaw| Small::of(library, family, *flaw)).collect();
    let bounds = chosen.unwrap_or(smalls[0].bounds);
    let mut list = List { stages: Vec::new(), chosen, target };
    let breach = list.is_breach();
    let violation = trace.first_violation().map(|(_, event, _)| event).filter(|_| breach);
    if let Some(from) = here(trace, cursor, breach) {
        list.add(Kind::Here(cursor), run.clone(), Some(from), bounds);
    }
    list.add(Kind::Start, run.clone(), None, bounds);
    for small in &smalls {
        list.add_small(Kind::Small, small, alike(run, small));
    }
    for small in smalls.iter().filter(|_| flaws[0].is_some()) {
        list.add_small(Kind::Usual, small, with_flaws(run, small));
    }
    if let Some(needed) = with_needs(run) {
        let bounds = if chosen.is_none() { more(bounds, Budget::Request) } else { bounds };
        list.add(Kind::Needs, Rc::new(needed), None, bounds);
    }
    if chosen.is_none() {
        list.add_more(run);
    }
    let before = violation.and_then(|event| event.0.checked_sub(EVENTS_BEFORE)).map(EventIndex);
    if let Some(from) = before {
        let at = trace.event(from).at;
        list.add(Kind::Before(at), run.clone(), trace.last_event_by(at), bounds);
    }
    if list.stages.is_empty() {
        // It is reached wherever a search could begin.
        list.stages.push(Stage { kind: Kind::Start, scenario: run.clone(), from: None, bounds, target });
    }
    list.stages
}

/// Flaws that are switched on and cannot show, each with the first setting that it lacks: its place, and the least value.
pub fn idle(run: &Scenario) -> impl Iterator<Item = (&'static Flaw, usize, u32)> + '_ {
    let flaws = (0..).zip(run.protocol.specification().flaws);
    flaws.filter(|(place, _)| run.settings.flaws.has(*place)).filter_map(|(_, flaw)| {
        let (place, least) = lacks(flaw, &run.settings)?;
        Some((flaw, place, least))
    })
}

/// The first setting that a flaw lacks.
#[must_use]
pub fn lacks(flaw: &Flaw, settings: &Settings) -> Option<(usize, u32)> {
    let needs = flaw.needs.iter().map(|(place, least)| (usize::from(*place), *least));
    needs.into_iter().find(|(place, least)| settings.number(*place) < *least)
}

/// The event at the cursor, unless nothing happens after it, nothing has happened yet, or a breach is looked for and a promise
/// is broken by then.
fn here(trace: &Trace, cursor: Time, breach: bool) -> Option<EventIndex> {
    let from = trace.last_event_by(cursor).filter(|event| trace.event(*event).at > Time::ZERO)?;
    let broken = |verdict: &Verdict| matches!(verdict, Verdict::Broken { event, .. } if *event <= from);
    let broken = breach && trace.verdicts.iter().any(broken);
    let over = cursor >= trace.horizon() || from.index() + 1 >= trace.events.len();
    (!over && !broken).then_some(from)
}

/// The stages so far. None is there twice.
struct List {
    stages: Vec<Stage>,
    chosen: Option<Bounds>,
    target: Target,
}

impl List {
    fn is_breach(&self) -> bool {
        matches!(self.target, Target::AnyBreach | Target::Breach(_))
    }

    fn add(&mut self, kind: Kind, scenario: Rc<Scenario>, from: Option<EventIndex>, bounds: Bounds) {
        let bounds = if self.is_breach() || self.chosen.is_some() { bounds } else { bounds.to_depth(DEPTH_TO_A_GOAL) };
        let stage = Stage { kind, scenario, from, bounds, target: self.target };
        if !self.stages.iter().any(|each| each.is_like(&stage)) && !stage.is_reached() {
            self.stages.push(stage);
        }
    }

    /// A small run with other settings; none if they are not allowed.
    fn add_small(&mut self, kind: Kind, small: &Small, settings: Settings) {
        let scenario = Scenario { settings, ..small.scenario.clone() };
        if scenario.check().is_err() {
            return;
        }
        let from = small.from.and_then(|at| simulate(&scenario).last_event_by(at));
        self.add(kind, Rc::new(scenario), from, self.chosen.unwrap_or(small.bounds));
    }

    /// The first small run, with one more of each thing that its assumptions allow.
    fn add_more(&mut self, run: &Scenario) {
        let small = self.stages.iter().find(|stage| stage.kind == Kind::Small).cloned();
        let Some(small) = small.or_else(|| self.stages.last().cloned()) else { return };
        for budget in [Budget::Request, Budget::Crash, Budget::TimeOut, Budget::Loss] {
            if may_have(run, budget) {
                let scenario = match budget {
                    Budget::Request => with_one_of_each(run, &small),
                    _ => small.scenario.clone(),
                };
                self.add(Kind::More(budget), scenario, small.from, more(small.bounds, budget));
            }
        }
    }
}

fn more(bounds: Bounds, budget: Budget) -> Bounds {
    bounds.with(budget, bounds.of(budget).saturating_add(1))
}

/// Whether the protocol's assumptions allow some of it, and it can make a difference.
#[must_use]
pub fn may_have(run: &Scenario, budget: Budget) -> bool {
    let (assumes, links) = (run.assumes(), &run.model.links);
    match budget {
        Budget::TimeOut => !run.protocol.timers().is_empty(),
        Budget::Crash => assumes.crashes != Crashes::Never,
        Budget::Loss => assumes.links.lose && links.fifo && !links.reliable,
        Budget::Repeat => assumes.links.repeat,
        Budget::Request => run.lanes().iter().any(|lane| !lane.accepts.is_empty()),
        Budget::Disk | Budget::Drift => Bounds::usual(&assumes).of(budget) > 0,
    }
}

/// The settings of a small run, with this run's flaws.
fn with_flaws(run: &Scenario, small: &Small) -> Settings {
    Settings { flaws: run.settings.flaws, ..small.scenario.settings.clone() }
}

/// The settings of a small run, and this run's where the small one has the default: of nodes not more than that, and what
/// flaws need is switched on.
fn alike(run: &Scenario, small: &Small) -> Settings {
    let mut settings = with_flaws(run, small);
    let specification = run.protocol.specification();
    for (place, parameter) in specification.parameters.iter().enumerate() {
        let (own, value) = (settings.number(place), run.settings.number(place));
        if own == parameter.default {
            settings.parameters[place] = if parameter.unit == Unit::Count { own.min(value) } else { value };
        }
    }
    need(run, &mut settings);
    settings
}

/// The run with what its flaws need; none if they have it.
fn with_needs(run: &Scenario) -> Option<Scenario> {
    let mut settings = run.settings.clone();
    need(run, &mut settings);
    let scenario = Scenario { settings, ..run.clone() };
    (scenario.settings != run.settings && scenario.check().is_ok()).then_some(scenario)
}

/// A small run with one of all that it has none of and the run has: a client, so that something can be asked.
fn with_one_of_each(run: &Scenario, small: &Stage) -> Rc<Scenario> {
    let mut scenario = (*small.scenario).clone();
    for (place, parameter) in run.protocol.specification().parameters.iter().enumerate() {
        let number = &mut scenario.settings.parameters[place];
        if parameter.unit == Unit::Count && *number == 0 {
            *number = run.settings.number(place).min(1);
        }
    }
    if scenario.check().is_ok() { Rc::new(scenario) } else { small.scenario.clone() }
}

fn need(run: &Scenario, settings: &mut Settings) {
    let flaws = (0..).zip(run.protocol.specification().flaws);
    for (_, flaw) in flaws.filter(|(place, _)| run.settings.flaws.has(*place)) {
        while let Some((place, least)) = lacks(flaw, settings) {
            let Some(number) = settings.parameters.get_mut(place) else { break };
            *number = least;
        }
    }
}
