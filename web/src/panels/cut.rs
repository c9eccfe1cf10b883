//! The cut that the reader chooses: who from whom, which way, since when, and what that would change. It is no move before
//! the reader keeps it.

use crate::panels::margin::{ChangedProps, changed};
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

/// The choice of directions and clients, and whether to keep it. `group` names the directions of this form alone.
pub fn form(props: &CutProps, group: &'static str) -> Html {
    let CutProps { run, choice, dispatch } = props;
    let (trace, at, choice) = (&run.trace, run.cursor, *choice);
    let action = choice.action(trace, at);
    let keep = if matches!(action, Some(Act::Heal { .. })) { words::CONNECT } else { words::CUT };
    let free = cut::clients(trace).iter().any(|node| !choice.chosen.contains(node));
    let stay = CutChoice { clients_stay: !choice.clients_stay, ..choice };
    let does = |action: Action| dispatch.reform(move |_: MouseEvent| action.clone());
    html! {
        <div class="cut-form">
            <fieldset>
                <legend>{ words::DIRECTION }</legend>
                { for [Way::Both, Way::Sent, Way::Heard].map(|way| direction(props, way, group)) }
            </fieldset>
            if free {
                <label class="opt"><input type="checkbox" checked={choice.clients_stay} onclick={does(Action::Try(Some(stay)))} />{ words::CLIENTS_STAY_CONNECTED }</label>
            }
            <p class="note">{ words::from_here(at, at >= trace.horizon()) }</p>
            <p class="btns">
                <button type="button" class="btn main" disabled={action.is_none()} onclick={does(Action::Keep)}>{ keep }</button>
                <button type="button" class="btn line" onclick={does(Action::Try(None))}>{ words::CANCEL }</button>
            </p>
        </div>
    }
}

fn direction(props: &CutProps, way: Way, group: &'static str) -> Html {
    let CutProps { run, choice, dispatch } = props;
    let who = names(&run.trace, choice.chosen);
    let several = choice.chosen.len() > 1;
    let name = match way {
        Way::Both => html! { { words::BOTH_WAYS } },
        Way::Sent | Way::Heard => html! {
            <span><span class="roomy">{ words::ONLY_WHAT }</span>{ words::sends(&who, several, way == Way::Sent) }</span>
        },
    };
    let (picked, choice) = (choice.way == way, CutChoice { way, ..*choice });
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Try(Some(choice)));
    let disabled = choice.chosen.is_empty() && way != Way::Both;
    html! {
        <label class="opt"><input type="radio" name={group} checked={picked} {disabled} {onclick} />{ name }</label>
    }
}
