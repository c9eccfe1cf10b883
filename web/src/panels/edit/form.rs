//! Requests and faults as a list, and the form that adds one.

use super::EditProps;
use crate::parts::icons::{Icon, icon};
use crate::state::ask;
use crate::state::edit::lines;
use crate::state::edit::reading::Reading;
use crate::words;
use lightcone_engine::{Action, Edit, NodeId, NodeSet, Time, Trace};
use lightcone_figure::read::sentences::{self, moment};
use lightcone_formats::text;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, wasm_bindgen::JsCast};
use yew::prelude::*;

/// The requests and faults of the run, and the form that adds one at the cursor.
pub fn form(props: &EditProps) -> Html {
    let text = props.text();
    let reading = Reading::of(&text);
    let edits = reading.edits(&text).into_iter();
    let listed: Vec<Html> = edits.filter_map(|(number, edit)| item(props, number, edit)).collect();
    html! {
        <section class="rf" aria-labelledby="requests-faults">
            <h2 id="requests-faults">{ words::REQUESTS_FAULTS }</h2>
            <ol>
                if listed.is_empty() { <li class="q">{ words::NO_REQUESTS }</li> }
                { for listed }
                { for reading.errors.iter().filter(|error| error.line > 0).map(|error| html! { <li class="q">{ words::left_out(error.line) }</li> }) }
            </ol>
            { adding(props) }
        </section>
    }
}

fn item(props: &EditProps, number: u32, edit: Edit) -> Option<Html> {
    let Edit::At { at, action } = edit else { return None };
    let said = said(&props.run.trace, action);
    let remove = {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| props.write(lines::without(&props.text(), number), None))
    };
    let retime = {
        let props = props.clone();
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            match Time::from_text(field.value().trim()) {
                Some(at) => props.write(lines::retimed(&props.text(), number, at), None),
                None => field.set_value(&at.to_string()),
            }
        })
    };
    Some(html! {
        <li>
            <span class="in"><input size="5" inputmode="decimal" aria-label={words::time_of(&said)} value={at.to_string()} onchange={retime} />{ "ms" }</span>
            { &said }
            <button type="button" class="sign" aria-label={words::remove(&said)} onclick={remove}>{ icon(Icon::Close) }</button>
        </li>
    })
}

/// The form: what happens, and when.
fn adding(props: &EditProps) -> Html {
    let trace = &props.run.trace;
    let groups = possible(trace);
    let onsubmit = {
        let (props, actions) =
            (props.clone(), groups.iter().flat_map(|(_, actions)| actions.clone()).collect::<Vec<_>>());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: Element = event.target_unchecked_into();
            let Some((place, field)) = chosen(&form) else { return };
            match (actions.get(place), Time::from_text(field.value().trim())) {
                (Some(&action), Some(at)) => {
                    let line = text::encode_edit(props.run.scenario(), &Edit::At { at, action });
                    props.write(lines::add(&props.text(), &line), None);
                }
                _ => field.set_value(&moment(props.run.cursor)),
            }
        })
    };
    html! {
        <form class="add" {onsubmit}>
            <select aria-label={words::WHAT_HAPPENS}>{ for groups.iter().enumerate().map(|(group, (name, actions))| html! {
                <optgroup label={*name}>{ for actions.iter().enumerate().map(|(place, action)| html! {
                    <option selected={(group, place) == (0, 0)}>{ said(trace, *action) }</option>
                }) }</optgroup>
            }) }</select>
            <label>{ words::AT }<span class="in"><input size="5" inputmode="decimal" value={moment(props.run.cursor)} />{ "ms" }</span></label>
            <button class="btn line">{ words::ADD }</button>
        </form>
    }
}

/// A request or fault in words.
fn said(trace: &Trace, action: Action) -> String {
    let listed = |nodes: NodeSet| nodes.iter().map(|node| trace.name(node)).collect::<Vec<_>>().join(", ");
    match action {
        Action::Cut { from, to, one_way: false } => words::cut_from(&listed(from), &listed(to)),
        Action::Heal { from, to, one_way: false } if from == to => words::HEAL_ALL.to_owned(),
        other => sentences::action(trace, other),
    }
}

/// What is chosen in the form, and the field with its time.
fn chosen(form: &Element) -> Option<(usize, HtmlInputElement)> {
    let select: HtmlSelectElement = form.query_selector("select").ok()??.dyn_into().ok()?;
    let field = form.query_selector("input").ok()??.dyn_into().ok()?;
    Some((usize::try_from(select.selected_index()).ok()?, field))
}

/// What can be asked of this run and done to it.
fn possible(trace: &Trace) -> Vec<(&'static str, Vec<Action>)> {
    let nodes = || (0..trace.lanes().len() as u8).map(NodeId);
    let of_clients = |client: bool| nodes().filter(move |node| trace.lanes()[node.index()].client == client);
    let requests = of_clients(true).chain(of_clients(false)).flat_map(|node| {
        let asked = ask::operations(trace, node).into_iter();
        asked.map(move |operation| Action::Request { node, operation })
    });
    let servers: NodeSet = of_clients(false).collect();
    let each = |of: &[fn(NodeId) -> Action]| of.iter().flat_map(|of| servers.iter().map(*of)).collect::<Vec<_>>();
    let everyone = NodeSet::first(trace.lanes().len() as u8);
    let cuts = servers.iter().filter(|_| servers.len() > 1).map(|node| {
        let (from, to) = (NodeSet::only(node), servers.without(node));
        Action::Cut { from, to, one_way: false }
    });
    let heal = Action::Heal { from: everyone, to: everyone, one_way: false };
    let groups = [
        (words::GROUP_REQUEST, requests.collect()),
        (words::GROUP_CRASH, each(&[Action::Crash, Action::Restart])),
        (words::GROUP_PAUSE, each(&[Action::Pause, Action::Resume])),
        (words::GROUP_CUT, cuts.chain([heal]).collect()),
    ];
    groups.into_iter().filter(|(_, actions)| !actions.is_empty()).collect()
}
