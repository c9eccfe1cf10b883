//! The margin while a search goes on, and after: its numbers, what it found, what can be done next.

use crate::figure::nodes::nodes;
use crate::panels::margin::number;
use crate::state::run::Action;
use crate::state::search_job::{SearchJob, SearchStatus, open};
use crate::state::search_request::{MOST_DEPTH, MOST_SUPPLY, Request};
use crate::state::session::{Note, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::{EventIndex, Scenario, simulate};
use lightcone_figure::draw::Canvas;
use lightcone_figure::draw::shapes::{rect, words_at};
use lightcone_figure::plane::geometry::Point;
use lightcone_figure::plane::labels::Anchor;
use lightcone_figure::read::sentences;
use lightcone_search::{Bounds, Ending, Supply, collision_exponent};
use yew::prelude::*;

/// What [`panel`] is given.
#[derive(Clone, PartialEq)]
pub struct PanelProps {
    /// The search.
    pub job: SearchJob,
    /// The page's state.
    pub run: Snapshot,
    /// How far the next search goes.
    pub bounds: Bounds,
    /// What the sheet of a narrow screen opened.
    pub open: Option<Note>,
    /// Where actions go.
    pub dispatch: Callback<Action>,
    /// Where session actions go.
    pub tell: Callback<SessionAction>,
}

/// The panel.
pub fn panel(props: &PanelProps) -> Html {
    let job = &props.job;
    let (head, more) = result(job);
    let flawed = job.request.origin.settings.flaws != FlawSet::default();
    html! {
        <aside class={classes!("margin", "search-notes", props.open.map(Note::class))} aria-label={words::SEARCHED}>
            <section>
                <h2>{ words::search_from(job.request.at) }</h2>
                <p class="subj" role="status">{ head }{ " " }<small>{ more }</small></p>
                { facts(job) }
                { bars(job) }
                // What stops a search starts the next one, in the same place: whoever presses it there stays there.
                <div class="btns">
                    if job.status == SearchStatus::Going {
                        { stop(props) }
                    } else {
                        { button("btn line", words::SEARCH_AGAIN, again(props, false)) }
                    }
                </div>
            </section>
            { steps(props) }
            <div class="btns">
                if flawed && job.status != SearchStatus::Going {
                    { button("btn line", words::WITHOUT_FLAW, again(props, true)) }
                }
                { button("btn", words::CLOSE_SEARCH, props.tell.reform(|_: MouseEvent| SessionAction::Search(None))) }
            </div>
            { bounds(props) }
        </aside>
    }
}

/// What came of it, in a line and in a sentence.
fn result(job: &SearchJob) -> (String, String) {
    let found = job.found.as_ref().map(|found| found.events);
    let states = job.report.states as usize;
    match (found, job.status, job.report.ending) {
        (None, SearchStatus::Failed, _) => (words::SEARCH_FAILED.into(), words::SEARCH_FAILED_MORE.into()),
        (None, SearchStatus::Stopped, _) => (words::SEARCH_STOPPED.into(), words::SEARCH_STOPPED_MORE.into()),
        (None, SearchStatus::Going, _) => (words::SEARCHING.into(), words::SEARCHING_MORE.into()),
        (None, SearchStatus::Over, Some(Ending::Full { tried_to })) => {
            (words::FOUND_NOTHING.into(), words::tried_to(tried_to))
        }
        (None, SearchStatus::Over, _) => (words::FOUND_NOTHING.into(), nothing(job, states)),
        (Some(events), status, ending) => {
            let more = match (status, ending) {
                (SearchStatus::Failed, _) => words::FOUND_FAILED.into(),
                (SearchStatus::Stopped, _) => words::FOUND_STOPPED.into(),
                (SearchStatus::Going, _) => words::FOUND_GOING.into(),
                (SearchStatus::Over, Some(Ending::Found { tried_to })) => words::none_to(tried_to),
                (SearchStatus::Over, _) => words::none_shorter(events),
            };
            (words::found_in(events), more)
        }
    }
}

/// What it means that nothing was found.
fn nothing(job: &SearchJob, states: usize) -> String {
    let Request { origin, bounds, broken, .. } = &*job.request;
    let mut said = words::tried_all(states, job.depth() < usize::from(bounds.depth));
    if *broken {
        said.push_str(words::BROKEN_BEFORE);
    }
    if origin.settings.flaws != FlawSet::default()
        && bounds.of(Supply::Request) == 0
        && matters(origin, Supply::Request)
    {
        said.push_str(words::NO_REQUESTS);
    }
    said
}

/// The same for narrow screens.
pub fn line(job: &SearchJob) -> (Html, String) {
    let (head, more) = result(job);
    let states = words::count(job.report.states as usize, "state", "states");
    (html! { <><b>{ head }</b>{ " " }<span class="q num">{ states }</span></> }, more)
}

fn facts(job: &SearchJob) -> Html {
    let report = &job.report;
    let states = words::grouped(report.states as usize);
    let mut facts = vec![];
    if job.status == SearchStatus::Going {
        let speed = u64::from(report.states) * 1_000 / u64::from(report.millis.max(1));
        facts.push((words::STATES, states));
        facts.push((words::DEPTH, job.depth().to_string()));
        facts.push((words::SPEED_OF_SEARCH, words::a_second(speed as usize)));
    } else {
        facts.push((words::STATES, words::in_time(&states, report.millis)));
    }
    if job.status == SearchStatus::Over && job.found.is_none() {
        facts.push((words::MISTAKEN, words::below_two_to(collision_exponent(report.states))));
    }
    facts.push((words::WITHIN, job.request.bounds.sentence(job.request.origin.model.links.fifo)));
    let facts = facts.into_iter().map(|(name, value)| html! { <><dt>{ name }</dt><dd>{ value }</dd></> });
    html! { <dl class="facts num">{ for facts }</dl> }
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
    let levels = &job.report.levels;
    let most = levels.iter().map(|states| log(*states)).max().unwrap_or(0).max(1);
    let pitch = WIDE / levels.len().max(9) as f64;
    let gap = GAP.min(pitch / 3.0);
    let hit = job.found.as_ref().map(|found| usize::from(found.events)).filter(|_| job.status == SearchStatus::Over);
    let every = (NUMBER * levels.len().max(9) / WIDE as usize).max(1);
    let bar = |out: &mut dyn Canvas, depth: usize, states: u32| {
        let height = (f64::from(log(states)) / f64::from(most) * (HIGH - 2.0)).max(1.0);
        let left = pitch * depth as f64;
        let number = Point { x: left + pitch / 2.0, y: HIGH + 16.0 };
        let area = (left + gap / 2.0, HIGH - height, pitch - gap, height);
        rect(out, if hit == Some(depth) { "hit" } else { "bar" }, area);
        if depth.is_multiple_of(every) {
            words_at(out, "tick-t", number, Anchor::Middle, &depth.to_string());
        }
    };
    let (first, last) = (levels.first().copied().unwrap_or(0), levels.last().copied().unwrap_or(0));
    let said = words::levels(first as usize, job.depth(), last as usize);
    html! { <>
        <svg class="levels" viewBox={format!("0 0 {WIDE_TEXT} {HIGH_TEXT}")} role="img" aria-label={said}>
            { nodes(0, |out| levels.iter().enumerate().for_each(|(depth, states)| bar(out, depth, *states))) }
        </svg>
        <p class="levels-about">{ words::LEVELS }</p>
    </> }
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
    html! { <section><h2>{ words::THE_RUN }</h2><ol class="log">{ for listed }</ol></section> }
}

fn button(class: &'static str, name: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" {class} {onclick}>{ name }</button> }
}

/// Stops the search. Its numbers stay.
pub fn stop(props: &PanelProps) -> Html {
    button("btn line", words::STOP_SEARCH, props.tell.reform(|_: MouseEvent| SessionAction::StopSearch))
}

/// Searches once more from where the last search went; with flaws switched off, the run is opened so.
pub fn again(props: &PanelProps, without_flaws: bool) -> Callback<MouseEvent> {
    let PanelProps { job, run, bounds, dispatch, tell, .. } = props.clone();
    Callback::from(move |_: MouseEvent| {
        let old = &job.request;
        let mut origin = (*old.origin).clone();
        if let Some(back) = job.back(&run) {
            dispatch.emit(back);
        }
        let at = old.at.unwrap_or_default();
        if without_flaws {
            origin.settings.flaws = FlawSet::default();
            dispatch.emit(Action::Open(Box::new(origin.clone()), None));
            dispatch.emit(Action::Look(at));
        }
        tell.emit(SessionAction::Search(Some(Request::new(&simulate(&origin), at, bounds))));
    })
}

/// How far the next search goes, in a quiet place.
fn bounds(props: &PanelProps) -> Html {
    let bounds = props.bounds;
    let scenario = props.run.scenario();
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
    let supplies = Supply::ALL.into_iter().filter(|supply| matters(scenario, *supply)).map(|supply| {
        field(supply.names().1, bounds.of(supply).into(), (0, MOST_SUPPLY.into()), Place::Supply(supply))
    });
    html! {
        <details class="fold bounds">
            <summary>{ words::HOW_FAR }</summary>
            { field(words::EVENTS_AT_MOST, bounds.depth.into(), (1, MOST_DEPTH.into()), Place::Depth) }
            { for supplies }
            { field(words::STATES_AT_MOST, bounds.states, (1, Bounds::MOST_STATES.into()), Place::States) }
            <p class="btns">{ button("btn", words::USUAL_BOUNDS, props.tell.reform(|_: MouseEvent| SessionAction::Bounds(None))) }</p>
        </details>
    }
}

/// One of the bounds.
#[derive(Clone, Copy)]
enum Place {
    Depth,
    Supply(Supply),
    States,
}

impl Place {
    /// The bounds with another number here, which is in range.
    fn set(self, mut bounds: Bounds, value: u32) -> Bounds {
        match self {
            Place::Depth => bounds.depth = value as u8,
            Place::Supply(supply) => bounds = bounds.with(supply, value as u8),
            Place::States => bounds.states = value,
        }
        bounds
    }
}

/// Whether having some of it can make a difference.
fn matters(scenario: &Scenario, supply: Supply) -> bool {
    match supply {
        Supply::Loss => scenario.model.links.fifo && !scenario.model.links.reliable,
        Supply::Request => scenario.lanes().iter().any(|lane| !lane.accepts.is_empty()),
        _ => true,
    }
}
