//! The bar at the bottom: events, play, clock, mini-map, speed, step mode.

use crate::panels::minimap::{MiniMap, clock};
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::beside::{self, Setting};
use crate::state::gallery;
use crate::state::numbered;
use crate::state::playback::{self, SPEEDS};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// The inputs of [`transport`].
#[derive(PartialEq)]
pub struct TransportProps {
    /// The page's state.
    pub run: Snapshot,
    /// The run that is shown: the preview while a message is held.
    pub trace: ByPointer<Trace>,
    /// The moment that the figure tells of: the cursor, or where a held message arrives.
    pub at: Time,
    /// Whether the cursor moves by itself.
    pub playing: bool,
    /// A place in [`SPEEDS`].
    pub speed: usize,
    /// Whether step mode is on.
    pub stepping: bool,
    /// Whether there is no other run beside it.
    pub alone: bool,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Starts and stops playing.
    pub play: Callback<()>,
    /// Takes another speed.
    pub hurry: Callback<usize>,
    /// Switches step mode.
    pub step: Callback<()>,
}

/// Draws the bar of time under the figure.
pub fn transport(props: &TransportProps) -> Html {
    html! {
        <footer class="transport" aria-label={words::TRANSPORT}>
            <div class="ctl">
                { controls(&ControlsProps { trace: &props.trace, cursor: props.run.cursor, playing: props.playing, dispatch: &props.dispatch, play: &props.play }) }
                <span class="clock num">{ now(props) }</span>
            </div>
            <div class="strip">
                <MiniMap run={props.run.clone()} trace={props.trace.clone()} at={props.at} dispatch={props.dispatch.clone()} ticks={false} />
                { longer(&props.run, &props.dispatch) }
            </div>
            { modes(props) }
        </footer>
    }
}

/// The clock; for numbered steps, how many of them have happened.
fn now(props: &TransportProps) -> Html {
    let steps = props.run.steps.map(|begins| numbered::count(&props.trace, begins, props.at));
    match steps {
        Some((done, all)) => html! { <>{ done }<span>{ words::of_steps(all) }</span></> },
        None => html! { <>{ clock(props.at) }<span>{ format!(" / {} ms", props.trace.horizon()) }</span></> },
    }
}

/// The inputs of [`controls`].
pub struct ControlsProps<'a> {
    /// The run that is shown.
    pub trace: &'a Trace,
    /// Where the reader looks.
    pub cursor: Time,
    /// Whether the cursor moves by itself.
    pub playing: bool,
    /// Called with each action.
    pub dispatch: &'a Callback<Action>,
    /// Starts and stops playing.
    pub play: &'a Callback<()>,
}

/// The event before, play, the event after.
pub fn controls(props: &ControlsProps<'_>) -> Html {
    let cursor = props.cursor;
    let (sign, name) = if props.playing { (Icon::Stop, words::STOP) } else { (Icon::Play, words::PLAY) };
    let play = props.play.reform(|_: MouseEvent| ());
    html! {
        <>
            { go(props.dispatch, Icon::Previous, words::PREVIOUS_EVENT, playback::previous_event(props.trace, cursor)) }
            <button type="button" class="btnr play" aria-label={name} title={name} onclick={play}>{ icon(sign) }</button>
            { go(props.dispatch, Icon::Next, words::NEXT_EVENT, playback::next_event(props.trace, cursor)) }
        </>
    }
}

fn go(dispatch: &Callback<Action>, sign: Icon, name: &'static str, to: Option<Time>) -> Html {
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(to) = to {
            dispatch.emit(Action::Look(to));
        }
    });
    html! {
        <button type="button" class="btnr" aria-label={name} title={name} disabled={to.is_none()} {onclick}>{ icon(sign) }</button>
    }
}

/// Lets the run go on, if it is not as long as runs can be.
pub fn longer(run: &Snapshot, dispatch: &Callback<Action>) -> Html {
    let onclick = dispatch.reform(|_: MouseEvent| Action::RunLonger);
    let ends = run.trace.horizon() >= MAX_HORIZON;
    html! { <button type="button" class="further" disabled={ends} {onclick}>{ words::RUN_LONGER }</button> }
}

fn modes(props: &TransportProps) -> Html {
    let violation = props.trace.first_violation().map(|(_, event, _)| event);
    let to_violation = violation.map(|event| props.dispatch.reform(move |_: MouseEvent| Action::Visit(event)));
    let step = props.step.reform(|_: MouseEvent| ());
    html! {
        <div class="ctl modes">
            if let Some(onclick) = to_violation {
                <button type="button" {onclick}>{ icon(Icon::ToViolation) }<span>{ words::TO_THE_VIOLATION }</span></button>
            }
            { speed(props) }
            if props.alone { { compare_with(&props.run, &props.dispatch) } }
            <button type="button" class="mode" aria-pressed={props.stepping.to_string()} onclick={step}>
                { words::STEP_MODE }
            </button>
        </div>
    }
}

/// Shows the run beside itself with one setting changed: any flaw the other way, or any knob at another number.
pub fn compare_with(run: &Snapshot, dispatch: &Callback<Action>) -> Html {
    memo((run.clone(), dispatch.clone()), |(run, dispatch)| comparisons(run, dispatch))
}

fn comparisons(run: &Snapshot, dispatch: &Callback<Action>) -> Html {
    let scenario = run.scenario();
    let specification = run.trace.specification();
    let on = |place: u8| scenario.settings.flaws.has(place);
    let flaws = (0..)
        .zip(specification.flaws)
        .map(|(place, flaw)| (Setting::Flaw(place), format!("{}: {}", words::with_flaw(!on(place)), flaw.sentence)));
    let knobs = specification.parameters.iter().enumerate().filter_map(|(place, parameter)| {
        let setting = Setting::of_knob(scenario, place)?;
        let Setting::Knob(_, value) = setting else { return None };
        Some((setting, words::knob_at(parameter, value)))
    });
    // The run that the gallery shows beside this one.
    let own = gallery::recognise(scenario).and_then(|exhibit| Setting::read(specification, exhibit.beside()?));
    let own = own.map(|setting| (setting, beside::names(scenario, &[setting])[1].clone()));
    let (settings, names): (Vec<Setting>, Vec<String>) = own.into_iter().chain(knobs).chain(flaws).unzip();
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        // The first choice is the name of all.
        let place = usize::try_from(select.selected_index()).unwrap_or_default().checked_sub(1);
        if let Some(setting) = place.and_then(|place| settings.get(place)) {
            dispatch.emit(Action::Beside(vec![*setting]));
        }
    });
    html! {
        <select class="speed compare-with" aria-label={words::COMPARE_WITH} {onchange}>
            <option selected={true}>{ words::COMPARE_WITH }</option>
            { for names.into_iter().map(|name| html! { <option>{ name }</option> }) }
        </select>
    }
}

fn speed(props: &TransportProps) -> Html {
    let hurry = props.hurry.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        hurry.emit(select.selected_index().unsigned_abs() as usize % SPEEDS.len());
    });
    let options = SPEEDS.iter().enumerate().map(|(place, (name, _))| {
        html! { <option selected={place == props.speed}>{ *name }</option> }
    });
    html! { <select class="speed" aria-label={words::SPEED} {onchange}>{ for options }</select> }
}
