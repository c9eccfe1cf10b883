//! "Break it from here": a search as the page knows it, from the moment it is asked for until the margin is the run's again.
//!
//! [`ask`] is what crosses the border to a worker, [`work`](mod@work) what happens there or here, [`panel`](mod@panel) what
//! the margin shows of it. What is found is opened as a run like any other; one step of undo leads back.

pub mod ask;
pub mod panel;
mod work;

pub use ask::{Report, Request};
pub use panel::{PanelProps, again, moment, panel, result, stop};
pub use work::work;

use crate::diagram::Snapshot;
use crate::library;
use crate::same::Same;
use crate::store::{Action, State};
use lightcone::protocol::Property;
use lightcone::search::Bounds;
use lightcone::trace::Verdict;
use lightcone::{EventIndex, Scenario, Time, Trace};
use std::rc::Rc;
use work::Engine;
use yew::prelude::*;

/// A search that was asked for.
#[derive(Clone, PartialEq)]
pub struct Quest {
    /// What is searched.
    pub request: Same<Request>,
    /// Whether it goes on.
    pub standing: Standing,
    /// Its last numbers.
    pub report: Same<Report>,
    /// The best run so far.
    pub found: Option<Same<Found>>,
}

/// Whether a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Going,
    /// It came to its end.
    Over,
    /// The reader stopped it.
    Stopped,
    /// It stopped by itself.
    Died,
}

/// A run that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The run.
    pub scenario: Scenario,
    /// The moment from which it is new.
    pub begins: Time,
    /// Its events from there.
    pub events: u8,
    /// What was found before and is longer.
    longer: Option<Scenario>,
}

impl Quest {
    /// A search that was just asked for.
    #[must_use]
    pub fn new(request: Request) -> Quest {
        let (request, report) = (Same(Rc::new(request)), Same(Rc::new(Report::default())));
        Quest { request, standing: Standing::Going, report, found: None }
    }

    /// The same after the search has said something; if that cannot be read, it is dead.
    #[must_use]
    pub fn heard(&self, text: &str) -> Quest {
        let mut quest = self.clone();
        let Some(report) = Report::read(text) else {
            quest.standing = Standing::Died;
            return quest;
        };
        if report.ending.is_some() {
            quest.standing = Standing::Over;
        }
        if let Some((link, begins, events)) = report.found.as_ref().filter(|_| report.found != self.report.found)
            && let Ok((scenario, _)) = library::decode(link)
        {
            let longer = self.found.as_ref().map(|found| found.scenario.clone());
            quest.found = Some(Same(Rc::new(Found { scenario, begins: *begins, events: *events, longer })));
        }
        quest.report = Same(Rc::new(report));
        quest
    }

    /// The deepest runs that it has come to.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.report.levels.len().saturating_sub(1)
    }

    /// Whether this is the run that was found.
    #[must_use]
    pub fn shows(&self, scenario: &Scenario) -> bool {
        self.found.as_ref().is_some_and(|found| found.scenario == *scenario)
    }

    /// What leads back to the run from which the search went, if what was found is shown.
    fn back(&self, run: &State) -> Option<Action> {
        (self.shows(run.scenario()) && !run.past.is_empty()).then_some(Action::Undo)
    }
}

/// How far a search of this run goes if the reader does not say: as its protocol says for its first flaw.
#[must_use]
pub fn usual_bounds(scenario: &Scenario) -> Bounds {
    let flaw = (0..u64::BITS as u8).find(|flaw| scenario.settings.flaws.has(*flaw));
    scenario.family().map_or(Bounds::USUAL, |family| family.small(flaw).bounds)
}

/// What breaks last in a run: where, which property, and in which words.
#[must_use]
pub fn breach(trace: &Trace) -> Option<(EventIndex, &'static Property, &str)> {
    let properties = trace.specification().properties.iter().zip(&trace.verdicts);
    let broken = properties.filter_map(|(property, verdict)| match verdict {
        Verdict::Broken { event, breach } => Some((*event, property, &*breach.sentence)),
        _ => None,
    });
    broken.max_by_key(|(event, ..)| *event)
}

/// How many of the events after `steps` have happened at a moment, and how many there are.
#[must_use]
pub fn count(trace: &Trace, steps: Time, at: Time) -> (usize, usize) {
    let by = |moment: Time| trace.events.partition_point(|event| event.at <= moment);
    let before = by(steps);
    (by(at).saturating_sub(before), trace.events.len() - before)
}

/// Keeps a search going, and shows what it finds: at once if the reader has done nothing else meanwhile.
#[hook]
pub fn use_search(run: &Snapshot, quest: Option<&Quest>, dispatch: &Callback<Action>, heard: Callback<String>) {
    let going = quest.filter(|quest| quest.standing == Standing::Going).map(|quest| quest.request.clone());
    use_effect_with(going, move |going| {
        let engine = going.as_ref().map(|request| Engine::start(request.text(), heard));
        move || drop(engine)
    });
    let (run, dispatch) = (run.clone(), dispatch.clone());
    let origin = quest.map(|quest| quest.request.origin.clone());
    use_effect_with(quest.and_then(|quest| quest.found.clone()), move |found| {
        let (Some(found), Some(origin)) = (found, origin) else { return };
        let here = run.scenario();
        if found.longer.as_ref() == Some(here) {
            dispatch.emit(Action::Undo);
        } else if *here != *origin {
            return;
        }
        dispatch.emit(open(found));
    });
}

/// Opens a run that was found.
fn open(found: &Found) -> Action {
    Action::Open(Box::new(found.scenario.clone()), Some(found.begins))
}
