//! "Break it from here": a search as the page knows it, from the moment it is asked for until the margin is the run's again.
//! What is found is opened as a run like any other; one step of undo leads back.

use super::links;
use super::run::{Action, State};
use super::search_request::{Report, Request, Round};
use crate::state::known;
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
    /// The stage of the first turn that is not over, or that found something.
    pub now: usize,
    /// The best run so far.
    pub found: Option<ByPointer<FoundRun>>,
    /// Each share's work.
    shares: Vec<Share>,
}

/// What one worker is at. Its stages have their turns in an order: each a first one, then each a second.
#[derive(Clone, Copy, PartialEq)]
struct Share {
    /// The turn that goes on, or in which something was found: its round and stage; none if all are over.
    turn: Option<(Round, usize)>,
    /// Milliseconds before a stage was skipped.
    before: u32,
}

/// Whether a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchStatus {
    /// The reader is to say what is looked for.
    Asked,
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
        let first = |share| request.share(share).next().map(|(stage, _)| (Round::First, stage));
        let shares = (0..request.shares).map(|share| Share { turn: first(share), before: 0 }).collect();
        let request = ByPointer(Rc::new(request));
        SearchJob { request, status: SearchStatus::Going, reports, now: 0, found: None, shares }
    }

    /// The same before the reader has said what it is to find.
    #[must_use]
    pub fn asked(request: Request) -> SearchJob {
        SearchJob { status: SearchStatus::Asked, ..SearchJob::new(request) }
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

    /// How long it has searched, in milliseconds.
    #[must_use]
    pub fn millis(&self) -> u32 {
        (0..self.shares.len()).map(|share| self.millis_of(share)).max().unwrap_or(0)
    }

    fn millis_of(&self, share: usize) -> u32 {
        let own = self.reports.iter().skip(share).step_by(self.shares.len()).map(|report| report.millis);
        own.max().unwrap_or(0).saturating_add(self.shares[share].before)
    }

    /// Whether this stage is searched now, by any worker.
    #[must_use]
    pub fn is_at(&self, stage: usize) -> bool {
        let alone = self.request.alone;
        let mut shares = (0..).zip(&self.shares).filter(|(share, _)| alone.is_none_or(|alone| alone == *share));
        self.is_going() && shares.any(|(_, share)| share.turn.is_some_and(|(_, own)| own == stage))
    }

    /// The search without the stage that goes on, and without those of the same worker that are over: what is left to that
    /// worker begins again.
    #[must_use]
    pub fn without_this_stage(&self) -> SearchJob {
        let mut job = self.clone();
        let (share, round) = (job.now % job.shares.len(), job.report().round);
        let mut request = (*job.request.0).clone();
        request.left_out |= 1 << job.now;
        for (place, _) in job.reports.iter().enumerate().filter(|(_, report)| report.ending.is_some()) {
            request.left_out |= 1 << place;
        }
        request.alone = None;
        request.hurried |= u32::from(round == Round::Second) << share;
        job.shares[share].before = job.millis_of(share);
        job.shares[share].turn = request.share(share).next().map(|(stage, _)| (round, stage));
        let mut reports = (*job.reports.0).clone();
        reports.iter_mut().skip(share).step_by(job.shares.len()).for_each(|report| report.millis = 0);
        job.reports = ByPointer(Rc::new(reports));
        job.request = ByPointer(Rc::new(request));
        job.settle();
        job
    }

    /// Whether the search goes on.
    #[must_use]
    pub fn is_going(&self) -> bool {
        self.status == SearchStatus::Going
    }

    /// The same after a worker has said something of its share; if that cannot be read, the search is dead.
    #[must_use]
    pub fn heard(&self, share: usize, text: &str) -> SearchJob {
        let mut job = self.clone();
        if job.request.alone.is_some_and(|alone| alone != share) {
            return job;
        }
        let of_share = |report: &Report| {
            let stage = usize::from(report.stage);
            stage < job.reports.len() && stage % job.shares.len() == share
        };
        let Some(report) = Report::read(text).filter(of_share) else {
            job.status = SearchStatus::Failed;
            return job;
        };
        let stage = usize::from(report.stage);
        // What was found stands in the turn in which it was.
        let goes_on = !report.over || report.found.is_some();
        job.shares[share].turn = goes_on.then_some((report.round, stage));
        let mut reports = (*job.reports.0).clone();
        reports[stage] = report;
        job.reports = ByPointer(Rc::new(reports));
        job.settle();
        job
    }

    /// The first turn that is not over decides: if it has found something, that is what the search finds, whatever other
    /// workers find later in the order or sooner in time. Then its worker goes on alone.
    fn settle(&mut self) {
        let turns = (0..).zip(&self.shares).filter_map(|(share, each)| Some((each.turn?, share)));
        let Some(((_, stage), share)) = turns.min() else {
            self.status = SearchStatus::Over;
            return;
        };
        self.now = stage;
        let Some((link, begins, events)) = self.reports[stage].found.clone() else { return };
        if self.reports[stage].over {
            self.status = SearchStatus::Over;
        }
        if self.request.alone.is_none() {
            let request = Request { alone: Some(share), ..(*self.request.0).clone() };
            self.request = ByPointer(Rc::new(request));
        }
        let Ok((scenario, _)) = links::decode(&link) else { return };
        if !self.shows(&scenario) {
            let longer = self.found.as_ref().map(|found| found.scenario.clone());
            self.found = Some(ByPointer(Rc::new(FoundRun { scenario, begins, events, longer })));
        }
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
        (self.shows(run.scenario()) && !run.past.is_empty()).then_some(Action::Return)
    }
}

/// How far a search of this run goes if the reader does not say: as its protocol says for its first flaw.
#[must_use]
pub fn usual_bounds(scenario: &Scenario) -> Bounds {
    let flaw = (0..u64::BITS as u8).find(|flaw| scenario.settings.flaws.has(*flaw));
    Small::of(known::library(), scenario.protocol, flaw).bounds
}

/// Opens a run that was found.
#[must_use]
pub fn open(found: &FoundRun) -> Action {
    Action::Open(Box::new(found.scenario.clone()), Some(found.begins))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::caption::caption_of;
    use crate::state::gallery;
    use crate::state::numbered::count;
    use crate::state::options::Look;
    use crate::state::page::{Arrival, Page, PageAction};
    use crate::state::run::Selection;
    use lightcone_engine::simulate;
    use lightcone_formats::link;
    use lightcone_search::{Ending, Target};

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
        let request = Request::new(&run.trace, run.cursor, Some(bounds), Target::AnyBreach);
        let mut search = request.stages[0].search();
        while search.found().is_none() && search.advance(100) {}
        let first = SearchJob::new(request).heard(0, &Report::of(&search, 100).text());
        search.run();
        let last = Report { over: true, ..Report::of(&search, 900) };
        (first.clone(), first.heard(0, &last.text()))
    }

    #[test]
    fn what_is_found_is_a_run_like_any_other_and_undo_leads_back() {
        let page = page();
        let (first, last) = search(&page);
        assert_eq!((first.status, last.status), (SearchStatus::Going, SearchStatus::Over));
        assert_eq!(last.report().ending, Some(Ending::Shortest));
        let (first_found, found) = (first.found, last.found.expect("it breaks"));
        assert_eq!(
            (found.events, found.longer.as_ref()),
            (8, first_found.as_ref().map(|found| found.scenario.clone()).as_ref())
        );
        let opened = page.after(PageAction::Run(open(&found)));
        let shown = run(&opened);
        assert_eq!(count(&shown.trace, found.begins, shown.cursor), (8, 8));
        assert_eq!(caption_of(shown).0, "Election safety broken in 8 events");
        let fragment = opened.fragment().expect("a place");
        let again = Page::at(&fragment, Arrival::Link);
        assert_eq!(run(&again).trace.digest, shown.trace.digest);
        let longer = first_found.expect("a longer run comes first");
        let exchange = Action::Exchange(Box::new(found.scenario.clone()), Some(found.begins));
        let exchanged = page.after(PageAction::Run(open(&longer))).after(PageAction::Run(exchange));
        let last = |page: &Page| run(page).past.last().map(|left| left.scenario.clone());
        assert_eq!((last(&exchanged), run(&exchanged).past.len()), (last(&opened), run(&opened).past.len()));
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
        assert_eq!(caption_of(run(&healthy)).0, "Raft");
    }

    #[test]
    fn what_cannot_be_read_is_the_end_and_the_numbers_stay() {
        let (first, _) = search(&page());
        let dead = first.heard(0, "");
        assert_eq!((dead.status, dead.states()), (SearchStatus::Failed, first.states()));
        assert!(dead.found == first.found && dead.states() > 0);
    }

    #[test]
    fn a_stage_that_is_skipped_is_left_out_and_the_last_one_ends_it() {
        let page = page();
        let run = run(&page);
        let mut job = SearchJob::new(Request::new(&run.trace, run.cursor, None, Target::AnyBreach));
        for place in 0..job.reports.len() {
            assert_eq!((job.status, job.now), (SearchStatus::Going, place));
            job = job.without_this_stage();
            assert!(job.request.leaves_out(place));
        }
        assert_eq!(job.status, SearchStatus::Over);
    }

    #[test]
    fn of_several_workers_the_first_turn_decides_whichever_is_heard_first() {
        let page = page();
        let run = run(&page);
        let request = Request::new(&run.trace, run.cursor, None, Target::AnyBreach).among(2);
        let mut search = request.stages[0].search();
        while search.found().is_none() && search.advance(100) {}
        let found = Report::of(&search, 10);
        let (one, two) = (Report { stage: 0, ..found.clone() }, Report { stage: 1, ..found.clone() });
        let begun = SearchJob::new(request);
        let late = begun.heard(1, &two.text());
        assert!(late.found.is_none() && late.request.alone.is_none(), "the stage before it is not over");
        assert_eq!(late.heard(0, &one.text()).request.alone, Some(0));
        assert_eq!(begun.heard(0, &one.text()).request.alone, Some(0), "no later turn can come before it");
        let nothing = Report { stage: 2, found: None, ..found };
        assert_eq!(late.heard(0, &nothing.text()).request.alone, Some(1), "its share has gone on without a find");
        assert_eq!(late.without_this_stage().request.alone, Some(1), "the reader skips what it waits for");
        let ended = begun.heard(1, &Report { over: true, ..two }.text()).heard(0, &nothing.text());
        assert_eq!((ended.request.alone, ended.status), (Some(1), SearchStatus::Over));
    }

    #[test]
    fn every_protocol_has_bounds_that_cross_the_border() {
        for family in lightcone_protocols::PROTOCOLS {
            let flaws = 0..family.specification().flaws.len() as u8;
            for scenario in
                flaws.map(Some).chain([None]).map(|flaw| Small::of(known::library(), *family, flaw).scenario)
            {
                let request = Request::new(&simulate(&scenario), Time::ZERO, None, Target::AnyBreach);
                assert!(
                    request.text(0).is_some_and(|text| Request::read(&text).is_some()),
                    "{}",
                    family.specification().id
                );
            }
        }
    }
}
