//! What the reader did, in order, with an undo each; and what the last move changed.

use crate::parts::icons::{Icon, icon};
use crate::state::links;
use crate::state::run::Action;
use crate::{browser, words};
use lightcone_engine::Trace;
use lightcone_engine::run::trace::Outcome;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::changes::{self, Change};
use lightcone_figure::read::sentences;
use yew::prelude::*;

/// What [`moves`] is given.
#[derive(PartialEq)]
pub struct MovesProps {
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// Where actions go.
    pub dispatch: Callback<Action>,
}

/// The reader's moves.
pub fn moves(props: &MovesProps) -> Html {
    let trace = &*props.trace;
    let moves = &trace.scenario.moves;
    if moves.is_empty() {
        return Html::default();
    }
    let listed = moves.iter().enumerate().map(|(place, edit)| {
        let said = sentences::made_move(trace, edit);
        let undo = format!("{}: {said}", words::UNDO);
        let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Unmake(place));
        let outside = trace.leaves(edit).map(|how| how.sentence(trace.specification().title));
        let (class, why) = match trace.outcome(edit) {
            Outcome::Applied => (None, None),
            Outcome::Changed(why) => (None, Some(why)),
            Outcome::Unused(why) => (Some("unused"), Some(why)),
        };
        html! {
            <li {class}>
                <span class="said-move">{ said }if let Some(why) = why { <small>{ why }</small> }if let Some(how) = outside { <small>{ how }</small> }</span>
                <button type="button" aria-label={undo.clone()} title={undo} {onclick}>{ icon(Icon::Undo) }</button>
            </li>
        }
    });
    html! {
        <>
            <h2>{ words::YOUR_MOVES }</h2>
            <ol class="moves">{ for listed }</ol>
        </>
    }
}

/// The run's address, for paper: nothing can be pressed there.
pub fn address(props: &MovesProps) -> Html {
    let route = links::route(&props.trace.scenario);
    html! { <p class="address">{ format!("{}{}", browser::address(), route.href()) }</p> }
}

/// What `changed` is given.
#[derive(PartialEq)]
pub struct ChangedProps {
    /// The run before.
    pub before: ByPointer<Trace>,
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// Whether the old future stays, and what keeps it; none while a message is held.
    pub compare: Option<(bool, Callback<Action>)>,
}

/// What the move changed, the first line bold.
pub fn changed(props: &ChangedProps) -> Html {
    let changes = changes::between(&props.before, &props.trace);
    let compare = props.compare.as_ref().map(|(on, dispatch)| {
        let onclick = dispatch.reform(|_: MouseEvent| Action::Compare);
        html! { <button type="button" class="compare" aria-pressed={on.to_string()} {onclick}>{ words::COMPARE }</button> }
    });
    html! {
        <>
            <h2>{ words::WHAT_CHANGED }{ compare }</h2>
            if changes.is_empty() {
                <p class="note">{ words::NOTHING_CHANGED }</p>
            } else {
                <ol class="log">{ for changes.iter().enumerate().map(|(place, change)| line(props, place, change)) }</ol>
            }
        </>
    }
}

/// The first of what the move changed, as the sheet's sentence.
pub fn first_change(props: &ChangedProps) -> Html {
    let first = changes::between(&props.before, &props.trace).into_iter().next();
    let said = first.map_or_else(|| words::NOTHING_CHANGED.to_owned(), |change| sentences::sentence(&change.sentence));
    html! { <p class="said">{ said }</p> }
}

fn line(props: &ChangedProps, place: usize, change: &Change) -> Html {
    let at = change.at;
    let millis = (at.micros() + 500) / 1_000;
    let look = props.compare.as_ref().map(|(_, dispatch)| dispatch.reform(move |_: MouseEvent| Action::Look(at)));
    html! {
        <li class={(place == 0).then_some("first")}>
            if let Some(onclick) = look {
                <button type="button" class="time num" {onclick}>{ millis }</button>
            } else {
                <span class="num">{ millis }</span>
            }
            { &change.sentence }
        </li>
    }
}
