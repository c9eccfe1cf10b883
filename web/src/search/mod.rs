//! "Break it from here": a search as the page knows it, from the moment it is asked for until the margin is the run's again.
//!
//! [`ask`] is what crosses the border to a worker, `work`(mod@work) what happens there or here, [`panel`](mod@panel) what
//! the margin shows of it. What is found is opened as a run like any other; one step of undo leads back.

pub mod ask;
pub mod panel;
mod work;

pub use ask::{Report, Request};
pub use panel::{PanelProps, again, line, moment, panel, stop};
pub use work::work;

use crate::desk::{Desk, Open, Task};
use crate::diagram::Snapshot;
use crate::same::Same;
use crate::store::{Action, Selection, State};
use crate::{browser, library};
use lightcone_content::gallery;
use lightcone_content::searches::Small;
use lightcone_engine::protocol::Property;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Scenario, Time, Trace};
use lightcone_search::Bounds;
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

    /// Whether the search goes on.
    #[must_use]
    pub fn is_going(&self) -> bool {
        self.standing == Standing::Going
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

    /// Whether this run is the one that is searched or one that was found, whatever was moved in it since.
    #[must_use]
    pub fn is_about(&self, scenario: &Scenario) -> bool {
        let found = self.found.as_ref();
        let all = [Some(&*self.request.origin), found.map(|it| &it.scenario), found.and_then(|it| it.longer.as_ref())];
        all.into_iter().flatten().any(|each| gallery::same_ground(each, scenario))
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
    scenario.family().map_or(Bounds::usual(&scenario.assumes()), |family| Small::of(family, flaw).bounds)
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
pub fn use_search(run: &Snapshot, desk: &Desk, dispatch: &Callback<Action>, tell: &Callback<Task>) {
    let quest = desk.search.as_ref();
    let (heard, close) = (tell.reform(Task::Heard), tell.clone());
    // Another run is opened: the search was about this one.
    let lost = quest.is_some_and(|quest| !quest.is_about(run.scenario()));
    use_effect_with(lost, move |lost| {
        if *lost {
            close.emit(Task::Search(None));
        }
    });
    let going = quest.filter(|quest| quest.standing == Standing::Going).map(|quest| quest.request.clone());
    use_effect_with(going, move |going| {
        if going.is_some() {
            browser::reveal(".search-notes");
        }
        let engine = going.as_ref().map(|request| Engine::start(request.text(), heard));
        move || drop(engine)
    });
    let (run, dispatch) = (run.clone(), dispatch.clone());
    // Nothing is put under a hand that holds a message, or behind a dialog about the run as it is.
    let free = desk.preview.is_none() && desk.open == Open::Nothing && !desk.playing && !desk.stepping;
    let origin = quest.filter(|_| free).map(|quest| quest.request.origin.clone());
    use_effect_with(quest.and_then(|quest| quest.found.clone()), move |found| {
        let (Some(found), Some(origin)) = (found, origin) else { return };
        let here = run.scenario();
        if found.longer.as_ref() == Some(here) {
            // Who looks at another moment of the longer run goes on looking.
            let looks_elsewhere = run.trace.events.last().is_some_and(|last| run.cursor < last.at);
            if looks_elsewhere || run.selection != Selection::Nothing {
                return;
            }
            dispatch.emit(Action::Undo);
        } else if *here != *origin || found.longer.as_ref().is_some_and(|longer| run.has_undone(longer)) {
            // The reader has gone on, or does not want to see it.
            return;
        }
        // The figure is what was looked for.
        browser::scroll_to_top();
        dispatch.emit(open(found));
    });
}

/// Opens a run that was found.
fn open(found: &Found) -> Action {
    Action::Open(Box::new(found.scenario.clone()), Some(found.begins))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Look;
    use crate::page::{Page, Turn};
    use lightcone_engine::simulate;
    use lightcone_formats::link;
    use lightcone_search::{Ending, Reductions, Search, Target};

    /// Raft with three servers that forget their votes, as the reader left it at a moment.
    fn page() -> Page {
        let mut scenario = library::blank("raft").expect("the registry has it");
        scenario.settings.parameters[0] = 3;
        scenario.settings.parameters[1] = 0;
        let flaws = &scenario.family().expect("it is registered").specification().flaws;
        let flaw = flaws.iter().position(|flaw| flaw.id == "vote-not-persisted").expect("Raft has it");
        scenario.settings.flaws = scenario.settings.flaws.with(flaw as u8);
        let page = Page::at(&format!("/run/{}", link::encode(&scenario)));
        page.after(Turn::Run(Action::Look(Time::ZERO)))
    }

    fn run(page: &Page) -> &State {
        page.run.as_ref().expect("a run")
    }

    /// All that a search from the cursor says.
    fn search(page: &Page) -> (Quest, Quest) {
        let run = run(page);
        let request = Request::new(&run.trace, run.cursor, Bounds::usual(&run.trace.assumes()).to_depth(12));
        let mut search = Search::new(&request.origin, request.from, Target::AnyBreach, request.bounds, Reductions::ALL);
        while search.found().is_none() && search.advance(100) {}
        let first = Quest::new(request).heard(&Report::of(&search, 100).text());
        search.run();
        (first.clone(), first.heard(&Report::of(&search, 900).text()))
    }

    #[test]
    fn what_is_found_is_a_run_like_any_other_and_undo_leads_back() {
        let page = page();
        let (first, last) = search(&page);
        assert_eq!((first.standing, last.standing), (Standing::Going, Standing::Over));
        assert_eq!(last.report.ending, Some(Ending::Shortest));
        let found = last.found.expect("it breaks");
        assert_eq!(
            (found.events, found.longer.as_ref()),
            (8, first.found.map(|found| found.scenario.clone()).as_ref())
        );
        let opened = page.after(Turn::Run(open(&found)));
        let shown = run(&opened);
        assert_eq!(count(&shown.trace, found.begins, shown.cursor), (8, 8));
        assert_eq!(library::caption_of(shown).0, "Election safety broken in 8 events");
        let fragment = opened.fragment().expect("a place");
        let again = Page::at(&fragment);
        assert_eq!(run(&again).trace.digest, shown.trace.digest);
        assert_eq!(
            (run(&again).steps, run(&again).window, run(&again).cursor),
            (shown.steps, shown.window, shown.cursor)
        );
        let back = opened.after(Turn::Run(Action::Undo));
        let (before, after) = (run(&page), run(&back));
        assert_eq!((after.steps, after.cursor, after.window), (None, before.cursor, before.window));
        assert_eq!((after.trace.digest, back.fragment()), (before.trace.digest, page.fragment()));
    }

    #[test]
    fn numbered_steps_are_where_a_found_run_opens_by_itself() {
        let page = page();
        let found = search(&page).1.found.expect("it breaks");
        let opened = page.after(Turn::Run(open(&found)));
        assert_eq!(Look::of(run(&opened)), Look { steps: Some(found.begins), ..Look::default() });
        let other = opened.after(Turn::Run(Action::Look(found.begins)));
        assert_eq!(Look::of(run(&other)).at, Some(found.begins));
        assert_eq!(run(&other).selection, Selection::Nothing);
    }

    #[test]
    fn a_run_that_does_not_break_any_more_does_not_say_so() {
        let page = page();
        let found = search(&page).1.found.expect("it breaks");
        let opened = page.after(Turn::Run(open(&found)));
        let mut healthy = found.scenario.clone();
        healthy.settings.flaws = lightcone_engine::protocol::FlawSet::default();
        let healthy = opened.after(Turn::Run(Action::Configure(Box::new(healthy))));
        assert_eq!(library::caption_of(run(&healthy)).0, "Raft");
    }

    #[test]
    fn what_cannot_be_read_is_the_end_and_the_numbers_stay() {
        let (first, _) = search(&page());
        let dead = first.heard("");
        assert_eq!((dead.standing, dead.report.states), (Standing::Died, first.report.states));
        assert!(dead.found == first.found && dead.report.states > 0);
    }

    #[test]
    fn every_protocol_has_bounds_that_cross_the_border() {
        for family in lightcone_protocols::PROTOCOLS {
            let flaws = 0..family.specification().flaws.len() as u8;
            for scenario in flaws.map(Some).chain([None]).map(|flaw| Small::of(*family, flaw).scenario) {
                let request = Request::new(&simulate(&scenario), Time::ZERO, usual_bounds(&scenario));
                assert!(Request::read(&request.text()).is_some(), "{}", family.specification().id);
            }
        }
    }
}
