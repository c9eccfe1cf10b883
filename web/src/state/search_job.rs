//! "Break it from here": a search as the page knows it, from the moment it is asked for until the margin is the run's again.
//! What is found is opened as a run like any other; one step of undo leads back.

use super::links;
use super::run::{Action, State};
use super::search_request::{Report, Request, Round};
use lightcone_content::gallery;
use lightcone_content::searches::Small;
use lightcone_content::stages::Stage;
use lightcone_engine::{Scenario, Time};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Bounds;
use std::rc::Rc;

/// A search that was asked for.
#[derive(Clone, PartialEq)]
pub struct SearchJob {
    /// The question: the run, the moment and the bounds.
    pub request: ByPointer<Request>,
    /// Whether it goes on.
    pub status: SearchStatus,
    /// The last report of each stage.
    pub reports: ByPointer<Vec<Report>>,
    /// The stage of the last report.
    pub now: usize,
    /// Milliseconds before a stage was skipped.
    pub before: u32,
    /// The best run so far.
    pub found: Option<ByPointer<FoundRun>>,
}

/// Whether a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchStatus {
    /// It goes on.
    Going,
    /// It is finished.
    Over,
    /// The reader stopped it.
    Stopped,
    /// It stopped by itself, with an error.
    Failed,
}

/// A run that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRun {
    /// The run, with the moves that lead to the violation.
    pub scenario: Scenario,
    /// The moment from which it is new.
    pub begins: Time,
    /// The number of its events from there.
    pub events: u8,
    /// The run found before this one, which is longer.
    pub longer: Option<Scenario>,
}

impl SearchJob {
    /// A search that was just asked for.
    #[must_use]
    pub fn new(request: Request) -> SearchJob {
        let reports = ByPointer(Rc::new(vec![Report::default(); request.stages.len()]));
        let request = ByPointer(Rc::new(request));
        SearchJob { request, status: SearchStatus::Going, reports, now: 0, before: 0, found: None }
    }

    /// The last report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.reports[self.now]
    }

    /// The stage that is searched, or was at last.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.request.stages[self.now]
    }

    /// States of all stages.
    #[must_use]
    pub fn states(&self) -> usize {
        self.reports.iter().map(|report| report.states as usize).sum()
    }

    /// Milliseconds of all stages.
    #[must_use]
    pub fn millis(&self) -> u32 {
        self.reports.iter().map(|report| report.millis).max().unwrap_or(0).saturating_add(self.before)
    }

    /// The search without the stage that goes on, and without those that are over: what is left begins again.
    #[must_use]
    pub fn without_this_stage(&self) -> SearchJob {
        let mut job = self.clone();
        let mut request = (*job.request.0).clone();
        request.left_out |= 1 << job.now;
        for (place, _) in job.reports.iter().enumerate().filter(|(_, report)| report.ending.is_some()) {
            request.left_out |= 1 << place;
        }
        request.hurried |= job.report().round == Round::Second;
        job.before = job.millis();
        let reports = job.reports.iter().map(|report| Report { millis: 0, ..report.clone() });
        job.reports = ByPointer(Rc::new(reports.collect()));
        match (0..request.stages.len()).find(|place| !request.leaves_out(*place)) {
            Some(next) => job.now = next,
            None => job.status = SearchStatus::Over,
        }
        job.request = ByPointer(Rc::new(request));
        job
    }

    /// Whether the search goes on.
    #[must_use]
    pub fn is_going(&self) -> bool {
        self.status == SearchStatus::Going
    }

    /// The same after the search has said something; if that cannot be read, it is dead.
    #[must_use]
    pub fn heard(&self, text: &str) -> SearchJob {
        let mut job = self.clone();
        let report = Report::read(text).filter(|report| usize::from(report.stage) < job.reports.len());
        let Some(report) = report else {
            job.status = SearchStatus::Failed;
            return job;
        };
        if report.round == Round::Over {
            job.status = SearchStatus::Over;
        }
        job.now = report.stage.into();
        if let Some((link, begins, events)) = report.found.as_ref().filter(|_| report.found != job.report().found)
            && let Ok((scenario, _)) = links::decode(link)
        {
            let longer = self.found.as_ref().map(|found| found.scenario.clone());
            job.found = Some(ByPointer(Rc::new(FoundRun { scenario, begins: *begins, events: *events, longer })));
        }
        let mut reports = (*job.reports.0).clone();
        reports[job.now] = report;
        job.reports = ByPointer(Rc::new(reports));
        job
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

    /// The action that leads back to the searched run, if the found run is shown.
    #[must_use]
    pub fn back(&self, run: &State) -> Option<Action> {
        (self.shows(run.scenario()) && !run.past.is_empty()).then_some(Action::Undo)
    }
}

/// How far a search of this run goes if the reader does not say: as its protocol says for its first flaw.
#[must_use]
pub fn usual_bounds(scenario: &Scenario) -> Bounds {
    let flaw = (0..u64::BITS as u8).find(|flaw| scenario.settings.flaws.has(*flaw));
    Small::of(scenario.protocol, flaw).bounds
}

/// Opens a run that was found.
#[must_use]
pub fn open(found: &FoundRun) -> Action {
    Action::Open(Box::new(found.scenario.clone()), Some(found.begins))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::numbered::count;
    use crate::state::options::Look;
    use crate::state::page::{Arrival, Page, PageAction};
    use crate::state::run::Selection;
    use lightcone_engine::simulate;
    use lightcone_formats::link;
    use lightcone_search::Ending;

    /// Raft with three servers that forget their votes, as the reader left it at a moment.
    fn page() -> Page {
        let mut scenario = gallery::blank("raft").expect("the registry has it");
        scenario.settings.parameters[0] = 3;
        scenario.settings.parameters[1] = 0;
        let flaws = &scenario.protocol.specification().flaws;
        let flaw = flaws.iter().position(|flaw| flaw.id == "vote-not-persisted").expect("Raft has it");
        scenario.settings.flaws = scenario.settings.flaws.with(flaw as u8);
        let page = Page::at(&format!("/run/{}", link::encode(&scenario)), Arrival::Link);
        page.after(PageAction::Run(Action::Look(Time::ZERO)))
    }

    fn run(page: &Page) -> &State {
        page.run.as_ref().expect("a run")
    }

    /// All that a search from the cursor says.
    fn search(page: &Page) -> (SearchJob, SearchJob) {
        let run = run(page);
        let bounds = Bounds::usual(&run.scenario().assumes()).to_depth(12);
        let request = Request::new(&run.trace, run.cursor, Some(bounds));
        let mut search = request.stages[0].search();
        while search.found().is_none() && search.advance(100) {}
        let first = SearchJob::new(request).heard(&Report::of(&search, 100).text());
        search.run();
        let last = Report { round: Round::Over, ..Report::of(&search, 900) };
        (first.clone(), first.heard(&last.text()))
    }

    #[test]
    fn what_is_found_is_a_run_like_any_other_and_undo_leads_back() {
        let page = page();
        let (first, last) = search(&page);
        assert_eq!((first.status, last.status), (SearchStatus::Going, SearchStatus::Over));
        assert_eq!(last.report().ending, Some(Ending::Shortest));
        let found = last.found.expect("it breaks");
        assert_eq!(
            (found.events, found.longer.as_ref()),
            (8, first.found.map(|found| found.scenario.clone()).as_ref())
        );
        let opened = page.after(PageAction::Run(open(&found)));
        let shown = run(&opened);
        assert_eq!(count(&shown.trace, found.begins, shown.cursor), (8, 8));
        assert_eq!(gallery::caption_of(shown).0, "Election safety broken in 8 events");
        let fragment = opened.fragment().expect("a place");
        let again = Page::at(&fragment, Arrival::Link);
        assert_eq!(run(&again).trace.digest, shown.trace.digest);
        assert_eq!(
            (run(&again).steps, run(&again).window, run(&again).cursor),
            (shown.steps, shown.window, shown.cursor)
        );
        let back = opened.after(PageAction::Run(Action::Undo));
        let (before, after) = (run(&page), run(&back));
        assert_eq!((after.steps, after.cursor, after.window), (None, before.cursor, before.window));
        assert_eq!((after.trace.digest, back.fragment()), (before.trace.digest, page.fragment()));
    }

    #[test]
    fn numbered_steps_are_where_a_found_run_opens_by_itself() {
        let page = page();
        let found = search(&page).1.found.expect("it breaks");
        let opened = page.after(PageAction::Run(open(&found)));
        assert_eq!(Look::of(run(&opened)), Look { steps: Some(found.begins), ..Look::default() });
        let other = opened.after(PageAction::Run(Action::Look(found.begins)));
        assert_eq!(Look::of(run(&other)).at, Some(found.begins));
        assert_eq!(run(&other).selection, Selection::Nothing);
    }

    #[test]
    fn a_run_that_does_not_break_any_more_does_not_say_so() {
        let page = page();
        let found = search(&page).1.found.expect("it breaks");
        let opened = page.after(PageAction::Run(open(&found)));
        let mut healthy = found.scenario.clone();
        healthy.settings.flaws = lightcone_engine::protocol::FlawSet::default();
        let healthy = opened.after(PageAction::Run(Action::Configure(Box::new(healthy))));
        assert_eq!(gallery::caption_of(run(&healthy)).0, "Raft");
    }

    #[test]
    fn what_cannot_be_read_is_the_end_and_the_numbers_stay() {
        let (first, _) = search(&page());
        let dead = first.heard("");
        assert_eq!((dead.status, dead.states()), (SearchStatus::Failed, first.states()));
        assert!(dead.found == first.found && dead.states() > 0);
    }

    #[test]
    fn a_stage_that_is_skipped_is_left_out_and_the_last_one_ends_it() {
        let page = page();
        let run = run(&page);
        let mut job = SearchJob::new(Request::new(&run.trace, run.cursor, None));
        for place in 0..job.reports.len() {
            assert_eq!((job.status, job.now), (SearchStatus::Going, place));
            job = job.without_this_stage();
            assert!(job.request.leaves_out(place));
        }
        assert_eq!(job.status, SearchStatus::Over);
    }

    #[test]
    fn every_protocol_has_bounds_that_cross_the_border() {
        for family in lightcone_protocols::PROTOCOLS {
            let flaws = 0..family.specification().flaws.len() as u8;
            for scenario in flaws.map(Some).chain([None]).map(|flaw| Small::of(*family, flaw).scenario) {
                let request = Request::new(&simulate(&scenario), Time::ZERO, None);
                assert!(Request::read(&request.text()).is_some(), "{}", family.specification().id);
            }
        }
    }
}
