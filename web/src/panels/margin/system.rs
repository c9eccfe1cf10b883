//! The system behind the run, in a quiet place: knobs with their ranges, flaws, timing, links, seed.

use crate::parts::icons::{Icon, icon};
use crate::state::beside::{Setting, other};
use crate::state::run::Action;
use crate::{browser, words};
use lightcone_content::stages::lacks;
use lightcone_engine::model::Timing;
use lightcone_engine::protocol::{Parameter, Unit};
use lightcone_engine::{Scenario, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of [`system`].
#[derive(PartialEq)]
pub struct SystemProps {
    /// The run that is shown: of two, the upper one.
    pub trace: ByPointer<Trace>,
    /// The settings in which the lower run of a comparison differs.
    pub beside: Option<Rc<[Setting]>>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The switches, folded until wanted.
pub fn system(props: &SystemProps) -> Html {
    let scenario = &*props.trace.scenario;
    let specification = props.trace.specification();
    html! {
        <details class="fold system">
            <summary>{ words::SYSTEM }</summary>
            { seed(props, scenario) }
            { for specification.parameters.iter().enumerate().map(|(place, each)| parameter(props, scenario, place, each)) }
            { timing(props, scenario) }
            { links(props, scenario) }
            if !specification.flaws.is_empty() {
                <h3>{ "Flaws" }</h3>
                { for specification.flaws.iter().enumerate().map(|(place, flaw)| {
                    let place = place as u8;
                    let on = scenario.settings.flaws.has(place);
                    let lacks = lacks(flaw, &scenario.settings).filter(|_| on).map(|it| lacking(props, it));
                    let switch = switch(flaw.sentence, on, change(props, move |next, _| {
                        let flaws = next.settings.flaws;
                        next.settings.flaws = if on { flaws.without(place) } else { flaws.with(place) };
                    }));
                    html! { <>{ compared(props, flaw.sentence, switch, Some(Setting::Flaw(place))) }{ lacks }</> }
                }) }
            }
        </details>
    }
}

/// Says that a flaw cannot show as long as a setting is as it is, and changes that.
fn lacking(props: &SystemProps, (place, least): (usize, u32)) -> Html {
    let scenario = &*props.trace.scenario;
    let parameter = &props.trace.specification().parameters[place];
    let mut next = scenario.clone();
    next.settings.parameters[place] = least;
    let set = props.dispatch.reform(move |_: MouseEvent| Action::Configure(Box::new(next.clone())));
    html! {
        <p class="lacks">
            { words::cannot_show(parameter, scenario.settings.number(place)) }
            <button type="button" class="btn line small" onclick={set}>{ words::set_to(parameter, least) }</button>
        </p>
    }
}

/// A change of the scenario that the value of a field makes. Values out of range change nothing: the field says so.
fn change(props: &SystemProps, with: impl Fn(&mut Scenario, u64) + 'static) -> Callback<Event> {
    let (trace, dispatch) = (props.trace.clone(), props.dispatch.clone());
    Callback::from(move |event: Event| {
        let field: web_sys::HtmlInputElement = event.target_unchecked_into();
        let is_number = field.type_() == "number";
        let value = field.value().trim().parse::<u64>().ok();
        if is_number && (value.is_none() || !field.check_validity()) {
            field.report_validity();
            return;
        }
        let mut next = (*trace.scenario).clone();
        with(&mut next, value.unwrap_or(0));
        if next.check().is_ok() {
            dispatch.emit(Action::Configure(Box::new(next)));
        }
    })
}

fn seed(props: &SystemProps, scenario: &Scenario) -> Html {
    let (trace, dispatch) = (props.trace.clone(), props.dispatch.clone());
    let another = Callback::from(move |_: MouseEvent| {
        let next = Scenario { seed: browser::random_seed(), ..(*trace.scenario).clone() };
        dispatch.emit(Action::Configure(Box::new(next)));
    });
    html! {
        <>
            <label class="knob">
                <span>{ words::SEED }</span>
                <input type="number" min="0" max={LARGEST_SEED.to_string()} step="1" value={scenario.seed.to_string()} onchange={change(props, |next, value| next.seed = value)} />
            </label>
            <p class="another"><button type="button" class="btn line small" onclick={another}>{ words::ANOTHER_SEED }</button></p>
        </>
    }
}

/// The largest whole number that a field of the page can hold without a mistake.
const LARGEST_SEED: u64 = (1 << 53) - 1;

fn parameter(props: &SystemProps, scenario: &Scenario, place: usize, parameter: &'static Parameter) -> Html {
    let value = scenario.settings.number(place);
    let set = move |next: &mut Scenario, value: u64| {
        if let Some(slot) = next.settings.parameters.get_mut(place) {
            *slot = value.min(u64::from(u32::MAX)) as u32;
        }
    };
    let field = match parameter.unit {
        Unit::Switch => {
            switch(parameter.name, value != 0, change(props, move |next, _| set(next, u64::from(value == 0))))
        }
        Unit::Choice(names) => {
            let (trace, dispatch) = (props.trace.clone(), props.dispatch.clone());
            let onchange = Callback::from(move |event: Event| {
                let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
                let mut next = (*trace.scenario).clone();
                set(&mut next, u64::from(select.selected_index().unsigned_abs()));
                dispatch.emit(Action::Configure(Box::new(next)));
            });
            html! {
                <label class="knob"><span>{ parameter.name }</span>
                    <select {onchange}>{ for names.iter().enumerate().map(|(place, name)| html! {
                        <option selected={place == value as usize}>{ *name }</option>
                    }) }</select>
                </label>
            }
        }
        Unit::Count | Unit::Millis => {
            number(parameter.name, unit(parameter), value.into(), range(parameter), change(props, set))
        }
    };
    let below = below(props, place).map(|value| number_below(props, place, parameter, value));
    html! { <>{ compared(props, parameter.name, field, Setting::of_knob(scenario, place)) }{ below }</> }
}

fn unit(parameter: &Parameter) -> &'static str {
    if parameter.unit == Unit::Millis { "ms" } else { "" }
}

/// The number of a knob in the lower run, if that differs.
fn below(props: &SystemProps, knob: usize) -> Option<u32> {
    props.beside.iter().flat_map(|settings| settings.iter()).find_map(|setting| match *setting {
        Setting::Knob(place, value) if usize::from(place) == knob => Some(value),
        _ => None,
    })
}

/// A field for a knob's number in the lower run. What cannot be run changes nothing.
fn number_below(props: &SystemProps, place: usize, parameter: &'static Parameter, value: u32) -> Html {
    if !matches!(parameter.unit, Unit::Count | Unit::Millis) {
        return Html::default();
    }
    let (trace, dispatch) = (props.trace.clone(), props.dispatch.clone());
    let onchange = Callback::from(move |event: Event| {
        let field: web_sys::HtmlInputElement = event.target_unchecked_into();
        let settings = field.value().trim().parse().map(|value| vec![Setting::Knob(place as u8, value)]);
        match settings.ok().filter(|settings| field.check_validity() && other(&trace.scenario, settings).is_some()) {
            Some(settings) => dispatch.emit(Action::Beside(settings)),
            None => _ = field.report_validity(),
        }
    });
    html! { <div class="below-knob">{ number(words::BELOW_VALUE, unit(parameter), value.into(), range(parameter), onchange) }</div> }
}

/// A field, and beside it what shows the run beside the one with another setting, or alone again.
fn compared(props: &SystemProps, name: &'static str, field: Html, setting: Option<Setting>) -> Html {
    let Some(setting) = setting else { return field };
    let same = |other: &Setting| match (*other, setting) {
        (Setting::Knob(one, _), Setting::Knob(other, _)) => one == other,
        (one, other) => one == other,
    };
    let on = props.beside.as_ref().is_some_and(|settings| settings.iter().any(same));
    let settings = if on { Vec::new() } else { vec![setting] };
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Beside(settings.clone()));
    let label = format!("{}: {name}", words::COMPARE_SETTING);
    html! {
        <div class="compared">
            { field }
            <button type="button" class="sign" aria-pressed={on.to_string()} aria-label={label.clone()} title={label} {onclick}>{ icon(Icon::Beside) }</button>
        </div>
    }
}

fn range(parameter: &Parameter) -> (u64, u64) {
    (parameter.least.into(), parameter.most.into())
}

/// A field for a whole number, with its range in words.
pub fn number(
    name: &'static str,
    unit: &'static str,
    value: u64,
    (least, most): (u64, u64),
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label class="knob">
            <span>{ name }<span class="q num">{ format!(" {least} to {most} {unit}") }</span></span>
            <input type="number" min={least.to_string()} max={most.to_string()} step="1" value={value.to_string()} {onchange} />
        </label>
    }
}

fn switch(name: &'static str, on: bool, onchange: Callback<Event>) -> Html {
    html! { <label class="knob switch"><input type="checkbox" checked={on} {onchange} /><span>{ name }</span></label> }
}

const LONGEST_MILLIS: u64 = lightcone_engine::limits::MAX_HORIZON.micros() / 1_000;

fn timing(props: &SystemProps, scenario: &Scenario) -> Html {
    let bounded = |next: &mut Scenario, bound_micros: u64| {
        next.model.timing = match next.model.timing {
            Timing::PartiallySynchronous { stable_from, .. } => {
                Timing::PartiallySynchronous { stable_from, bound_micros }
            }
            _ => Timing::Synchronous { bound_micros },
        };
    };
    let (place, bound, stable) = match scenario.model.timing {
        Timing::Asynchronous => (0, None, None),
        Timing::Synchronous { bound_micros } => (1, Some(bound_micros), None),
        Timing::PartiallySynchronous { bound_micros, stable_from } => (2, Some(bound_micros), Some(stable_from)),
    };
    html! {
        <>
            <h3>{ "Timing" }</h3>
            { timing_choice(props, place) }
            if let Some(bound) = bound {
                { number("Bound", "ms", bound / 1_000, (1, LONGEST_MILLIS), change(props, move |next, value| bounded(next, value * 1_000))) }
            }
            if let Some(stable) = stable {
                { number("Stable from", "ms", stable.micros() / 1_000, (0, LONGEST_MILLIS), change(props, |next, value| {
                    if let Timing::PartiallySynchronous { stable_from, .. } = &mut next.model.timing {
                        *stable_from = Time::from_millis(value);
                    }
                })) }
            }
        </>
    }
}

fn timing_choice(props: &SystemProps, place: usize) -> Html {
    let (trace, dispatch) = (props.trace.clone(), props.dispatch.clone());
    let onchange = Callback::from(move |event: Event| {
        let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
        let mut next = (*trace.scenario).clone();
        let bound_micros = next.model.links.latency_micros.1.max(1_000);
        next.model.timing = match select.selected_index() {
            1 => Timing::Synchronous { bound_micros },
            2 => Timing::PartiallySynchronous { stable_from: Time::ZERO, bound_micros },
            _ => Timing::Asynchronous,
        };
        dispatch.emit(Action::Configure(Box::new(next)));
    });
    html! {
        <label class="knob"><span>{ "Delays are" }</span>
            <select {onchange}>{ for words::TIMINGS.iter().enumerate().map(|(each, name)| html! {
                <option selected={each == place}>{ *name }</option>
            }) }</select>
        </label>
    }
}

fn links(props: &SystemProps, scenario: &Scenario) -> Html {
    let links = &scenario.model.links;
    let (least, most) = links.latency_micros;
    html! {
        <>
            <h3>{ "Links" }</h3>
            { number("Shortest delay", "ms", least / 1_000, (1, most / 1_000), change(props, |next, value| next.model.links.latency_micros.0 = value * 1_000)) }
            { number("Longest delay", "ms", most / 1_000, (least.div_ceil(1_000).max(1), LONGEST_MILLIS), change(props, |next, value| next.model.links.latency_micros.1 = value * 1_000)) }
            { number("Lost", "per 1000", links.loss_per_mille.into(), (0, 1_000), change(props, |next, value| next.model.links.loss_per_mille = value as u16)) }
            { number("Duplicated", "per 1000", links.duplication_per_mille.into(), (0, 1_000), change(props, |next, value| next.model.links.duplication_per_mille = value as u16)) }
            { switch("FIFO links", links.fifo, change(props, |next, _| next.model.links.fifo ^= true)) }
            { switch("Reliable links", links.reliable, change(props, |next, _| next.model.links.reliable ^= true)) }
        </>
    }
}
