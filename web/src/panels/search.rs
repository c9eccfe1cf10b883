//! The margin while a search goes on, and after: its numbers, what it found, what can be done next.

use crate::figure::still::still;
use crate::panels::margin::number;
use crate::parts::icons::{Icon, icon};
use crate::state::run::Action;
use crate::state::search_job::{SearchJob, SearchStatus, open, usual_bounds};
use crate::state::search_request::{MOST_BUDGET, MOST_DEPTH, Report, Request, Round};
use crate::state::session::{Note, Open, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use lightcone_content::stages::{Stage, may_have};
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::{EventIndex, Scenario, simulate};
use lightcone_figure::draw::Canvas;
use lightcone_figure::draw::shapes::{rect, words_at};
use lightcone_figure::plane::geometry::Point;
use lightcone_figure::plane::labels::Anchor;
use lightcone_figure::read::sentences;
use lightcone_search::{Bounds, Budget, Ending, Target, collision_exponent, remedy};
use std::cell::Cell;
use yew::prelude::*;

/// The inputs of [`panel`].
#[derive(Clone, PartialEq)]
pub struct PanelProps {
    /// The search that is shown, going on or over.
    pub job: SearchJob,
    /// The page's state.
    pub run: Snapshot,
    /// How far the next search goes, if the reader has said so.
    pub chosen: Option<Bounds>,
    /// What the sheet of a narrow screen opened.
    pub open: Option<Note>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Called with each session action.
    pub tell: Callback<SessionAction>,
}

/// What is shown of a search.
pub struct Drawings {
    /// Its panel.
    pub panel: fn(&PanelProps) -> Html,
    /// The same in a line, for narrow screens.
    pub line: fn(&SearchJob) -> (Html, String),
    /// Its commands on a narrow screen: whether all notes are open, and the button that opens them.
    pub row: fn(&PanelProps, bool, Callback<MouseEvent>) -> Html,
}

/// Draws the panel of a search: its result, its stages and numbers, and what can be done next.
pub fn panel(props: &PanelProps) -> Html {
    let job = &props.job;
    let (head, more) = result(job);
    let (going, flawed) = (job.is_going(), job.request.origin.settings.flaws != FlawSet::default());
    let asked = job.status == SearchStatus::Asked;
    // The list stands over the search that it has started, or waits below the one that the page's button starts.
    let breach = job.request.target == Target::AnyBreach && !asked;
    html! {
        <aside class={classes!("margin", "search-notes", props.open.map(Note::class))} aria-label={words::SEARCHED}>
            <section>
                <h2>{ if breach { words::BREAK_IT } else { words::FIND_A_RUN } }</h2>
                if !breach { { targets(props) } }
                <p class="subj" role="status">{ head }{ " " }<small>{ more }</small></p>
                if !asked { { stages(job) }{ facts(job) } }
                // What stops a search starts the next one, in the same place: whoever presses it there stays there.
                <div class="btns">
                    if going {
                        { stop(props) }
                    } else if !asked {
                        { button("btn line", words::SEARCH_AGAIN, again(props, None)) }
                    }
                    if going && job.found.is_none() { { skip(props) } }
                </div>
            </section>
            { steps(props) }
            if job.found.is_none() && !going && !asked { { try_next(props) } }
            <div class="btns">
                if flawed && !going && !asked {
                    { button("btn line", words::WITHOUT_FLAW, again(props, Some(FlawSet::default()))) }
                }
                { button("btn", words::CLOSE_SEARCH, props.tell.reform(|_: MouseEvent| SessionAction::Search(None))) }
            </div>
            if breach { <section><h2>{ words::FIND_A_RUN }</h2>{ targets(props) }</section> }
            <section>
                <h2>{ words::ASSUMED }</h2>
                <p class="levels-about">{ assumed(job) }</p>
                { bounds(props) }
            </section>
        </aside>
    }
}

/// The result, as a heading and as a sentence.
fn result(job: &SearchJob) -> (String, String) {
    let Some(events) = job.found.as_ref().map(|found| found.events) else {
        return match job.status {
            SearchStatus::Asked => (words::CHOOSE.into(), words::CHOOSE_MORE.into()),
            SearchStatus::Failed => (words::SEARCH_FAILED.into(), words::SEARCH_FAILED_MORE.into()),
            SearchStatus::Stopped => (words::SEARCH_STOPPED.into(), words::SEARCH_STOPPED_MORE.into()),
            SearchStatus::Going => {
                // In the first round stages change too fast to be read.
                let slow = job.report().round == Round::Second;
                let head = if slow { words::trying(job.stage()) } else { words::SEARCHING.into() };
                (head, words::SEARCHING_MORE.into())
            }
            SearchStatus::Over => (words::FOUND_NOTHING.into(), nothing(job)),
        };
    };
    let does_it = words::does_it(job.request.target);
    let more = match (job.status, job.report().ending) {
        (SearchStatus::Failed, _) => words::FOUND_FAILED.into(),
        (SearchStatus::Stopped, _) => words::FOUND_STOPPED.into(),
        (SearchStatus::Going | SearchStatus::Asked, _) => words::FOUND_GOING.into(),
        (SearchStatus::Over, Some(Ending::Found { tried_to })) => {
            words::none_to(tried_to, job.stage().bounds.states, does_it)
        }
        (SearchStatus::Over, _) => words::none_shorter(events, does_it),
    };
    (if is_breach(job) { words::found_in(events) } else { words::reached_after(events) }, more)
}

/// Whether it looks for a broken promise.
fn is_breach(job: &SearchJob) -> bool {
    matches!(job.request.target, Target::AnyBreach | Target::Breach(_))
}

/// The meaning of a search that found nothing.
fn nothing(job: &SearchJob) -> String {
    let states = job.states();
    let all = job.reports.iter().all(|report| report.ending == Some(Ending::Exhausted));
    // If no run within the bounds is as long as they allow.
    let short = |(stage, report): (&Stage, &Report)| report.levels.len() <= usize::from(stage.bounds.depth);
    let ended = all && job.request.stages.iter().zip(job.reports.iter()).all(short);
    if all {
        words::tried_all(states, ended, words::does_it(job.request.target))
    } else {
        words::tried(states, job.stage().bounds.states)
    }
}

/// The same for narrow screens.
pub fn line(job: &SearchJob) -> (Html, String) {
    let (head, more) = result(job);
    let events = reached(job.report()).unwrap_or(0);
    let numbers = match job.status {
        SearchStatus::Asked => String::new(),
        SearchStatus::Going => words::stage_of(job.now + 1, job.reports.len(), events),
        _ => words::count(job.states(), "state", "states"),
    };
    (html! { <><b>{ head }</b>{ " " }<span class="q num">{ numbers }</span></> }, more)
}

/// Each stage: a sign, its name, and how far it came; bars at the one that is searched.
fn stages(job: &SearchJob) -> Html {
    let stage = |(place, stage): (usize, &Stage)| {
        let report = &job.reports[place];
        let (now, going) = (job.now == place, job.is_going());
        let found = now && job.found.is_some();
        let sign = match () {
            () if found && is_breach(job) => Icon::Broken,
            () if found => Icon::Tick,
            () if job.is_at(place) => Icon::Now,
            () if report.levels.is_empty() => Icon::Open,
            () => Icon::Nothing,
        };
        let skipped = job.request.leaves_out(place) && report.ending.is_none();
        let current = (now && (going || found)).then_some("step");
        html! {
            <li class={current.map(|_| "first")} aria-current={current}>
                { icon(sign) }<span>{ words::stage(stage) }</span>
                <small class="num">{ words::reach(reached(report), report.ending, current.is_some(), skipped, report.found.is_some()) }</small>
                if current.is_some() { { bars(job) } }
            </li>
        }
    };
    html! { <ol class="stages">{ for job.request.stages.iter().enumerate().map(stage) }</ol> }
}

/// What the stage assumes that is searched or found something; if nothing is found, the most that any did.
fn assumed(job: &SearchJob) -> String {
    let mut stage = job.stage().clone();
    if !job.is_going() && job.found.is_none() {
        let origin = &job.request.origin;
        stage.bounds = job.request.stages.iter().fold(stage.bounds, |all, each| all.with_all(&each.bounds));
        stage.scenario = origin.clone();
    }
    words::assumed(&stage, &job.request.origin)
}

/// The events of the longest runs that a stage has tried, or of what it found; none before it has begun.
fn reached(report: &Report) -> Option<usize> {
    let longest = report.levels.len().checked_sub(1)?;
    Some(match (&report.found, report.ending) {
        (Some((.., events)), _) => usize::from(*events),
        (None, Some(Ending::Full { tried_to })) => tried_to.into(),
        _ => longest,
    })
}

fn facts(job: &SearchJob) -> Html {
    let states = job.states();
    let collision = (job.status == SearchStatus::Over && job.found.is_none()).then(|| {
        html! { <><dt>{ words::MISTAKEN }</dt><dd>{ words::below_two_to(collision_exponent(states as u32)) }</dd></> }
    });
    html! {
        <dl class="facts num">
            <dt>{ words::STATES }</dt><dd>{ words::in_time(&words::grouped(states), job.millis()) }</dd>
            { collision }
        </dl>
    }
}

/// What was not tried, each as a button with a reason.
fn try_next(props: &PanelProps) -> Html {
    let job = &props.job;
    let origin = &job.request.origin;
    let all = job.request.stages.iter().fold(job.stage().bounds, |all, stage| all.with_all(&stage.bounds));
    let bounds = props.chosen.unwrap_or(all);
    let try_with = |bounds: Bounds| {
        let again = again(&PanelProps { chosen: Some(bounds), ..props.clone() }, None);
        let (tell, protocol) = (props.tell.clone(), origin.protocol);
        Callback::from(move |event: MouseEvent| {
            tell.emit(SessionAction::Bounds(Some((protocol, bounds))));
            again.emit(event);
        })
    };
    let budgets = [Budget::Request, Budget::Crash, Budget::Loss, Budget::Repeat].into_iter();
    let budgets = budgets.filter(|budget| may_have(origin, *budget) && bounds.of(*budget) < MOST_BUDGET);
    let offers = budgets.map(|budget| {
        let more = bounds.with(budget, bounds.of(budget) + 1);
        (words::allow(budget, more.of(budget)), words::so_far(bounds.of(budget)), try_with(more))
    });
    let twice = bounds.with_states(bounds.states.saturating_mul(2).min(Bounds::MOST_STATES));
    let full = job.reports.iter().any(|report| matches!(report.ending, Some(Ending::Full { .. })));
    let twice = if full && twice.states > bounds.states {
        Some((words::TWICE_THE_STATES.to_owned(), words::limit(bounds.states), try_with(twice)))
    } else {
        None
    };
    let offers = offers.chain(twice).map(|(name, why, act)| {
        html! { <li><button type="button" class="btn line" onclick={act}>{ name }</button><span>{ why }</span></li> }
    });
    html! {
        <section>
            <h2>{ words::TRY_NEXT }</h2>
            <ul class="next">{ for offers }</ul>
            if origin.settings.flaws == FlawSet::default() { { flaws(props) } }
        </section>
    }
}

/// Each flaw, to be switched on and searched for.
fn flaws(props: &PanelProps) -> Html {
    let all = (0..).zip(props.job.request.origin.protocol.specification().flaws).map(|(place, flaw)| {
        let with = again(props, Some(FlawSet::default().with(place)));
        html! { <li>{ button("btn", flaw.sentence, with) }</li> }
    });
    html! { <details class="fold"><summary>{ words::WITH_FLAW }</summary><ul>{ for all }</ul></details> }
}

/// The box of the bars, the room below for numbers, and the gap between two bars.
const WIDE: f64 = 304.0;
const HIGH: f64 = 52.0;
const BELOW: f64 = 20.0;
const GAP: f64 = 6.0;
/// Two numbers below the bars need so much room.
const NUMBER: usize = 24;

/// New states at each depth: one bar each, as high as the logarithm of their number.
fn bars(job: &SearchJob) -> Html {
    let levels = &job.report().levels;
    let most = levels.iter().map(|states| log(*states)).max().unwrap_or(0).max(1);
    let pitch = WIDE / levels.len().max(9) as f64;
    let gap = GAP.min(pitch / 3.0);
    let hit = job.found.as_ref().map(|found| usize::from(found.events)).filter(|_| job.status == SearchStatus::Over);
    let hit_class = if is_breach(job) { "hit" } else { "bar goal" };
    let every = (NUMBER * levels.len().max(9) / WIDE as usize).max(1);
    let bar = |out: &mut dyn Canvas, depth: usize, states: u32| {
        let height = (f64::from(log(states)) / f64::from(most) * (HIGH - 2.0)).max(1.0);
        let left = pitch * depth as f64;
        let number = Point { x: left + pitch / 2.0, y: HIGH + 16.0 };
        let area = (left + gap / 2.0, HIGH - height, pitch - gap, height);
        rect(out, if hit == Some(depth) { hit_class } else { "bar" }, area);
        if depth.is_multiple_of(every) {
            words_at(out, "tick-t", number, Anchor::Middle, &depth.to_string());
        }
    };
    let (first, last) = (levels.first().copied().unwrap_or(0), levels.last().copied().unwrap_or(0));
    let said = words::levels(first as usize, levels.len().saturating_sub(1), last as usize);
    html! {
        <svg class="levels" viewBox={format!("0 0 {WIDE_TEXT} {HIGH_TEXT}")} role="img" aria-label={said}>
            { still(0, |out| levels.iter().enumerate().for_each(|(depth, states)| bar(out, depth, *states))) }
        </svg>
    }
}

const WIDE_TEXT: u32 = WIDE as u32;
const HIGH_TEXT: u32 = (HIGH + BELOW) as u32;

/// Sixteen times the binary logarithm of one more than this, straight between the powers of two: close enough to draw.
fn log(states: u32) -> u32 {
    let more = u64::from(states) + 1;
    let whole = more.ilog2();
    whole * 16 + (((more << 4) >> whole) & 15) as u32
}

/// The run that was found, as sentences; what leads to it while another is shown.
fn steps(props: &PanelProps) -> Html {
    let Some(found) = &props.job.found else { return Html::default() };
    if !props.job.shows(props.run.scenario()) {
        let (found, dispatch) = (found.clone(), props.dispatch.clone());
        let show = Callback::from(move |_: MouseEvent| dispatch.emit(open(&found)));
        return html! { <div class="btns">{ button("btn line", words::SHOW_FOUND, show) }</div> };
    }
    let trace = &props.run.trace;
    let here = trace.last_event_by(props.run.cursor);
    let listed = (0..).map(EventIndex).zip(&trace.events).skip_while(|(_, event)| event.at <= found.begins);
    let listed = listed.enumerate().map(|(place, (index, event))| {
        let at = event.at;
        let look = props.dispatch.reform(move |_: MouseEvent| Action::Look(at));
        let now = here == Some(index);
        let mut came = sentences::came_of(trace, index);
        if !came.is_empty() {
            came.insert_str(0, ": ");
        }
        html! {
            <li class={now.then_some("first")}>
                <button type="button" class="time num" aria-current={now.then_some("true")} aria-label={words::step(place + 1)} onclick={look}>{ place + 1 }</button>
                <span>{ sentences::sentence(&sentences::event(trace, index)) }<span class="q">{ came }</span></span>
            </li>
        }
    });
    let remedy = match props.job.request.target {
        Target::Never(place) => Some(words::remedy(trace.scenario.protocol, place, &remedy(trace))),
        _ => None,
    };
    html! {
        <section>
            <h2>{ words::THE_RUN }</h2>
            <ol class="log">{ for listed }</ol>
            if let Some(remedy) = remedy { <p class="remedy">{ remedy }</p> }
        </section>
    }
}

fn button(class: &'static str, name: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {class} {onclick}>{ name }</button> }
}

/// The commands for a search. Its notes begin with the run that it found.
pub fn row(panel: &PanelProps, all: bool, rest: Callback<MouseEvent>) -> Html {
    let name = if panel.job.found.is_some() { words::THE_RUN } else { words::ALL_NOTES };
    let share = panel.tell.reform(|_: MouseEvent| SessionAction::Open(Open::Share));
    html! { <>
        <button type="button" class="mode" aria-expanded={all.to_string()} onclick={rest}>{ name }</button>
        if panel.job.status == SearchStatus::Going {
            { stop(panel) }
        } else {
            <button type="button" disabled={panel.job.status == SearchStatus::Asked} onclick={again(panel, None)}>{ words::SEARCH_AGAIN }</button>
        }
        if panel.job.is_going() && panel.job.found.is_none() {
            { skip(panel) }
        } else {
            <button type="button" onclick={share}>{ icon(Icon::Link) }{ words::SHARE }</button>
        }
    </> }
}

/// Stops the search. Its numbers stay.
fn stop(props: &PanelProps) -> Html {
    button("btn line", words::STOP_SEARCH, props.tell.reform(|_: MouseEvent| SessionAction::StopSearch))
}

/// Goes on with the next stage.
fn skip(props: &PanelProps) -> Html {
    button("btn", words::SKIP_STAGE, props.tell.reform(|_: MouseEvent| SessionAction::SkipStage))
}

/// Searches once more from where the last search went; with these flaws instead, the run is opened so.
fn again(props: &PanelProps, flaws: Option<FlawSet>) -> Callback<MouseEvent> {
    let (target, search) = (props.job.request.target, search(props, flaws));
    search.reform(move |_: MouseEvent| target)
}

/// The same, for what is told.
fn search(props: &PanelProps, flaws: Option<FlawSet>) -> Callback<Target> {
    let PanelProps { job, run, chosen, dispatch, tell, .. } = props.clone();
    Callback::from(move |target: Target| {
        let at = job.request.at;
        let mut origin = (*job.request.origin).clone();
        if let Some(back) = job.back(&run) {
            dispatch.emit(back);
        }
        if let Some(flaws) = flaws {
            origin.settings.flaws = flaws;
            dispatch.emit(Action::Open(Box::new(origin.clone()), None));
            dispatch.emit(Action::Look(at));
        }
        let request = Request::new(&simulate(&origin), at, chosen, target);
        tell.emit(SessionAction::Search(Some(request.among(browser::workers()))));
    })
}

/// All that a search can look for. Whoever chooses starts it.
fn targets(props: &PanelProps) -> Html {
    let (job, protocol) = (&props.job, props.job.request.origin.protocol);
    let chosen = Some(job.request.target).filter(|_| job.status != SearchStatus::Asked);
    let groups = words::targets(protocol);
    let all: Vec<Target> = groups.iter().flat_map(|(_, targets)| targets).copied().collect();
    let search = search(props, None);
    let onchange = Callback::from(move |event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        if let Some(target) = select.value().parse().ok().and_then(|place: usize| all.get(place)) {
            search.emit(*target);
        }
    });
    let place = Cell::new(0);
    let option = |target: &Target| {
        let value = place.replace(place.get() + 1).to_string();
        html! { <option {value} selected={chosen == Some(*target)}>{ words::target(protocol, *target) }</option> }
    };
    let groups = groups.iter().filter(|(_, targets)| !targets.is_empty()).map(|(label, targets)| {
        html! { <optgroup label={*label}>{ for targets.iter().map(option) }</optgroup> }
    });
    html! {
        <select id={words::TARGETS} class="targets" aria-label={words::FIND_A_RUN} {onchange}>
            if chosen.is_none() { <option value="" selected=true disabled=true>{ words::CHOOSE }</option> }
            { for groups }
        </select>
    }
}

/// How far the next search goes, in a quiet place.
fn bounds(props: &PanelProps) -> Html {
    let scenario = props.run.scenario();
    let bounds = props.chosen.unwrap_or_else(|| usual_bounds(scenario));
    let protocol = scenario.protocol;
    let field = |name: &'static str, value: u32, (least, most): (u64, u64), place: Place| {
        let tell = props.tell.clone();
        let set = Callback::from(move |event: Event| {
            let field: web_sys::HtmlInputElement = event.target_unchecked_into();
            match field.value().trim().parse().ok().filter(|_| field.check_validity()) {
                Some(value) => tell.emit(SessionAction::Bounds(Some((protocol, place.set(bounds, value))))),
                None => {
                    field.report_validity();
                }
            }
        });
        number(name, "", value.into(), (least, most), set)
    };
    let budgets = Budget::ALL.into_iter().filter(|budget| matters(scenario, *budget)).map(|budget| {
        field(budget.names().1, bounds.of(budget).into(), (0, MOST_BUDGET.into()), Place::Budget(budget))
    });
    html! {
        <details class="fold bounds">
            <summary>{ words::HOW_FAR }</summary>
            { field(words::EVENTS_AT_MOST, bounds.depth.into(), (1, MOST_DEPTH.into()), Place::Depth) }
            { for budgets }
            { field(words::STATES_AT_MOST, bounds.states, (1, Bounds::MOST_STATES.into()), Place::States) }
            <p class="btns">{ button("btn", words::USUAL_BOUNDS, props.tell.reform(|_: MouseEvent| SessionAction::Bounds(None))) }</p>
        </details>
    }
}

/// One of the bounds.
#[derive(Clone, Copy)]
enum Place {
    Depth,
    Budget(Budget),
    States,
}

impl Place {
    /// The bounds with another number here, which is in range.
    fn set(self, mut bounds: Bounds, value: u32) -> Bounds {
        match self {
            Place::Depth => bounds.depth = value as u8,
            Place::Budget(budget) => bounds = bounds.with(budget, value as u8),
            Place::States => bounds.states = value,
        }
        bounds
    }
}

/// Whether having some of it can make a difference.
fn matters(scenario: &Scenario, budget: Budget) -> bool {
    match budget {
        Budget::Loss => scenario.model.links.fifo && !scenario.model.links.reliable,
        Budget::Request => scenario.lanes().iter().any(|lane| !lane.accepts.is_empty()),
        _ => true,
    }
}
