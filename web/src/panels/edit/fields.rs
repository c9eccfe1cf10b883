//! Title and note, and the settings that an author needs first.

use super::EditProps;
use crate::panels::margin::{SystemProps, system};
use crate::parts::memo::memo;
use crate::state::edit::{self, lines};
use crate::state::run::{Action, Spot};
use crate::words;
use lightcone_engine::Time;
use lightcone_engine::limits::{MAX_NOTE_BYTES, MAX_TITLE_BYTES};
use lightcone_engine::protocol::{Parameter, Unit};
use lightcone_figure::by_pointer::ByPointer;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// A whole number with at most so many values is chosen from a list.
const LISTED: u32 = 16;

/// The fields for title and note.
pub fn fields(props: &EditProps) -> Html {
    let text = props.text();
    let title = {
        let props = props.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            props.put("title", &said("title", &field.value()), Some(Spot::Title));
        })
    };
    let note = {
        let props = props.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlTextAreaElement = event.target_unchecked_into();
            props.put("note", &said("note", &field.value()), Some(Spot::Note));
        })
    };
    html! {
        <div class="title edit-title">
            <h1 class="vh">{ words::EDIT_THIS_RUN }</h1>
            <input
                id="edit-title" class="f" aria-label={words::TITLE} placeholder={words::TITLE} maxlength={MAX_TITLE_BYTES.to_string()}
                autocomplete="off" value={lines::said(&text, "title")} oninput={title}
            />
            <textarea
                class="f" rows="1" aria-label={words::NOTE} placeholder={words::NOTE} maxlength={MAX_NOTE_BYTES.to_string()}
                value={lines::said(&text, "note")} oninput={note}
            />
        </div>
    }
}

/// The lines that say this; none for nothing.
fn said(word: &str, text: &str) -> Vec<String> {
    let lines = text.split('\n').map(|line| format!("{word} {line}"));
    if text.is_empty() { Vec::new() } else { lines.collect() }
}

/// Length, seed, counts and flaw in a row; the rest folds.
pub fn settings(props: &EditProps) -> Html {
    let scenario = props.run.scenario();
    let specification = props.run.trace.specification();
    let (least, most) = scenario.model.links.latency_micros;
    let delay = format!("{}..{}", Time::from_micros(least), Time::from_micros(most));
    let counts = specification.parameters.iter().zip(&scenario.settings.parameters);
    let counts = counts.filter(|(each, _)| each.unit == Unit::Count && each.most - each.least < LISTED);
    html! {
        <div class="set">
            { field(props, words::LENGTH, "horizon", scenario.horizon.to_string(), "ms") }
            { field(props, words::SEED, "seed", scenario.seed.to_string(), "") }
            { for counts.map(|(parameter, value)| counted(props, parameter, *value)) }
            { field(props, words::DELAY, "latency", delay, "ms") }
            if !specification.flaws.is_empty() { { flaw(props) } }
            { all(props) }
        </div>
    }
}

/// A field for what a line of settings says. What cannot be read is said beside the text.
fn field(props: &EditProps, name: &'static str, word: &'static str, value: String, unit: &'static str) -> Html {
    let props = props.clone();
    let size = value.len().clamp(3, 12).to_string();
    let onchange = Callback::from(move |event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        let line = format!("{word} {} {unit}", field.value().trim());
        props.put(word, &[line.trim_end().to_owned()], None);
    });
    html! { <label>{ name }<span class="in"><input {size} inputmode="decimal" {value} {onchange} />{ unit }</span></label> }
}

fn counted(props: &EditProps, parameter: &'static Parameter, value: u32) -> Html {
    let props = props.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let value = parameter.least + select.selected_index().unsigned_abs();
        let line = (value != parameter.default).then(|| format!("set {} {value}", parameter.id));
        props.put(&format!("set {}", parameter.id), line.as_slice(), None);
    });
    html! {
        <label>{ parameter.name }
            <select {onchange}>{ for (parameter.least..=parameter.most).map(|each| html! {
                <option selected={each == value}>{ each }</option>
            }) }</select>
        </label>
    }
}

fn flaw(props: &EditProps) -> Html {
    let flaws = props.run.trace.specification().flaws;
    let on = props.run.scenario().settings.flaws;
    let props = props.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let place = select.selected_index().unsigned_abs() as usize;
        let line = place.checked_sub(1).and_then(|place| flaws.get(place)).map(|flaw| format!("flaw {}", flaw.id));
        props.put("flaw", line.as_slice(), None);
    });
    html! {
        <label>{ words::FLAW }
            <select {onchange}>
                <option selected={on.0 == 0}>{ words::NONE }</option>
                { for flaws.iter().enumerate().map(|(place, flaw)| html! {
                    <option selected={on.has(place as u8)}>{ flaw.sentence }</option>
                }) }
            </select>
        </label>
    }
}

/// Every setting there is, as in the margin of a run.
fn all(props: &EditProps) -> Html {
    let (run, dispatch) = (props.run.clone(), props.dispatch.clone());
    let dispatch = Callback::from(move |action: Action| match action {
        Action::Configure(after) => {
            let text = edit::configured(&edit::text_of(&run), run.scenario(), *after);
            dispatch.emit(Action::Write(text.into(), None));
        }
        other => dispatch.emit(other),
    });
    let beside = props.run.beside.as_ref().map(|beside| beside.settings.clone());
    memo(SystemProps { trace: ByPointer(props.run.trace.clone()), beside, dispatch }, system)
}
