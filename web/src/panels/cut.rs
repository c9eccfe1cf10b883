//! The cut that the reader chooses: who from whom, which way, since when, and what that would change. It is no move before
//! the reader keeps it.

use crate::panels::margin::{ChangedProps, all_of, changed};
use crate::parts::memo::memo;
use crate::state::cut::{self, CutChoice, Way};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::Action as Act;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::sentences::names;
use yew::prelude::*;

/// The inputs of [`cut`] and [`form`].
#[derive(Clone, PartialEq)]
pub struct CutProps {
    /// The page's state.
    pub run: Snapshot,
    /// What is chosen.
    pub choice: CutChoice,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The notes that replace the margin while a cut is chosen.
pub fn cut(props: &CutProps) -> Html {
    let before = ByPointer(props.run.trace.clone());
    let change =
        props.run.answer().map(|trace| ChangedProps { before, trace: ByPointer(trace.clone()), compare: None });
    html! {
        <aside class="margin cut" aria-label={words::CUT}>
            <section>
                <h2>{ words::CUT }</h2>
                <p class="subj">{ title(props) }<small>{ words::CHOOSE_BY_BOXES }</small></p>
            </section>
            { form(props, "cut") }
            if let Some(change) = change { <section>{ memo(change, changed) }</section> }
        </aside>
    }
}

/// The two sides in words.
#[must_use]
pub fn title(props: &CutProps) -> String {
    props.choice.said(&props.run.trace).unwrap_or_else(|| words::CHOOSE_A_SIDE.to_owned())
}

/// What is to be done, in words; or what to choose first.
#[must_use]
pub fn sentence(props: &CutProps) -> String {
    match props.choice.said(&props.run.trace) {
        Some(sides) => format!("{} {sides}", words::CUT),
        None => words::CHOOSE_A_SIDE.to_owned(),
    }
}

/// The choice of directions and clients, and whether to keep it. `group` names the directions of this form alone.
pub fn form(props: &CutProps, group: &'static str) -> Html {
    let CutProps { run, choice, .. } = props;
    let (trace, at, choice) = (&run.trace, run.cursor, *choice);
    let action = choice.action(trace, at);
    let keep = if matches!(action, Some(Act::Heal { .. })) { words::CONNECT } else { words::CUT };
    let free = cut::clients(trace).iter().any(|node| !choice.chosen.contains(node));
    let stay = CutChoice { clients_stay: !choice.clients_stay, ..choice };
    html! {
        <div class="cut-form">
            if !choice.chosen.is_empty() {
                <fieldset>
                    <legend>{ words::DIRECTION }</legend>
                    { for [Way::Both, Way::Sent, Way::Heard].map(|way| direction(props, way, group)) }
                </fieldset>
            }
            if free { { option(props, stay, choice.clients_stay, None, words::CLIENTS_STAY_CONNECTED.into()) } }
            <p class="note">{ words::from_here(at, at >= trace.horizon()) }</p>
            <p class="btns">
                { button(props, "btn main", keep, Action::Keep, action.is_none()) }
                { button(props, "btn line", words::CANCEL, Action::Try(None), false) }
            </p>
        </div>
    }
}

fn button(props: &CutProps, class: &'static str, name: &'static str, does: Action, disabled: bool) -> Html {
    html! { <button type="button" {class} {disabled} onclick={all_of(&props.dispatch, vec![does])}>{ name }</button> }
}

fn direction(props: &CutProps, way: Way, group: &'static str) -> Html {
    let (run, choice) = (&props.run, props.choice);
    let who = names(&run.trace, choice.chosen);
    let name = match way {
        Way::Both => words::BOTH_WAYS.into(),
        Way::Sent | Way::Heard => html! {
            <span><span class="roomy">{ words::ONLY_WHAT }</span>{ words::sends(&who, choice.chosen.len() > 1, way == Way::Sent) }</span>
        },
    };
    option(props, CutChoice { way, ..choice }, choice.way == way, Some(group), name)
}

/// What the reader may choose instead: one of a group, or a box to tick.
fn option(props: &CutProps, choice: CutChoice, checked: bool, group: Option<&'static str>, name: Html) -> Html {
    let onclick = all_of(&props.dispatch, vec![Action::Try(Some(choice))]);
    let kind = if group.is_some() { "radio" } else { "checkbox" };
    html! { <label class="opt"><input type={kind} name={group} {checked} {onclick} />{ name }</label> }
}
