//! What the reader did, in order, with an undo each; and what the last move changed.

use crate::parts::icons::{Icon, icon};
use crate::state::links;
use crate::state::rename::Names;
use crate::state::run::Action;
use crate::{browser, words};
use lightcone_engine::run::trace::Outcome;
use lightcone_engine::{Edit, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::changes::{self, Change};
use lightcone_figure::read::sentences;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use yew::prelude::*;

/// The inputs of [`moves`].
#[derive(PartialEq)]
pub struct MovesProps {
    /// The run that is shown: of two, the upper one.
    pub trace: ByPointer<Trace>,
    /// The lower run of a comparison.
    pub below: Option<ByPointer<Trace>>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The reader's moves. Of two runs it is said in which a move does something.
pub fn moves(props: &MovesProps) -> Html {
    let trace = &*props.trace;
    let moves = &trace.scenario.moves;
    if moves.is_empty() {
        return Html::default();
    }
    let listed = moves.iter().enumerate().map(|(place, edit)| {
        let (said, class, why) = match &props.below {
            Some(below) => in_two(trace, below, edit),
            None => alone(trace, edit),
        };
        let undo = format!("{}: {said}", words::UNDO);
        let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Unmake(place));
        let outside = trace.leaves(edit).map(|how| how.sentence(trace.specification().title));
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

/// A move in words, the class of its line, and what else there is to say of it.
type Told = (String, Option<&'static str>, Option<String>);

fn alone(trace: &Trace, edit: &Edit) -> Told {
    let (class, why) = match trace.outcome(edit) {
        Outcome::Applied => (None, None),
        Outcome::Changed(why) => (None, Some(why)),
        Outcome::Unused(why) => (Some("unused"), Some(why)),
    };
    (sentences::made_move(trace, edit), class, why)
}

/// The same of a move in two runs: in which of them it does something. It is told as the run has it that knows it.
fn in_two(above: &Trace, below: &Trace, edit: &Edit) -> Told {
    let there = Names::between(&above.scenario, &below.scenario).edit(*edit);
    let outcomes = (above.outcome(edit), there.map(|edit| below.outcome(&edit)));
    let of_above = || sentences::made_move(above, edit);
    match (outcomes, there) {
        ((Outcome::Unused(_), Some(Outcome::Unused(why))), _) => {
            (of_above(), Some("unused"), Some(format!("{}: {why}", words::IN_NEITHER)))
        }
        ((Outcome::Unused(why), Some(_)), Some(there)) => {
            let said = sentences::made_move(below, &there);
            (said, None, Some(words::only_in([words::BELOW, words::ABOVE], lacks(above, edit), &why)))
        }
        ((_, Some(Outcome::Unused(why))), Some(there)) => {
            (of_above(), None, Some(words::only_in([words::ABOVE, words::BELOW], lacks(below, &there), &why)))
        }
        ((Outcome::Changed(why), Some(_)) | (_, Some(Outcome::Changed(why))), _) => {
            (of_above(), None, Some(format!("{}. {why}", words::IN_BOTH)))
        }
        _ => (of_above(), None, Some(words::IN_BOTH.to_owned())),
    }
}

/// Whether the move is of a message that the run does not have.
fn lacks(trace: &Trace, edit: &Edit) -> bool {
    match *edit {
        Edit::Deliver { message, .. } | Edit::Drop { message } => trace.message(message).is_none(),
        Edit::Duplicate { copy, .. } => trace.message(copy.original()).is_none(),
        Edit::Fire { .. } | Edit::CrashDuring { .. } | Edit::At { .. } => false,
    }
}

/// The run's address, for paper: nothing can be pressed there.
pub fn address(props: &MovesProps) -> Html {
    let route = links::route(&props.trace.scenario);
    html! { <p class="address">{ format!("{}{}", browser::address(), route.href()) }</p> }
}

/// The inputs of `changed`.
#[derive(PartialEq)]
pub struct ChangedProps {
    /// The run before.
    pub before: ByPointer<Trace>,
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// Whether the old future stays, and what keeps it; none while a message is held.
    pub compare: Option<(bool, Callback<Action>)>,
}

/// Two runs, and what is different in the second.
#[derive(Default)]
struct Compared {
    runs: [Weak<Trace>; 2],
    changes: Rc<[Change]>,
}

thread_local! {
    /// The two runs that were compared last: margin and sheet tell of the same.
    static COMPARED: RefCell<Compared> = RefCell::default();
}

/// What is different in the run that is shown.
fn differences(ChangedProps { before, trace, .. }: &ChangedProps) -> Rc<[Change]> {
    COMPARED.with_borrow_mut(|last| {
        let runs = [&before.0, &trace.0].map(Rc::downgrade);
        // While one of them is remembered, no other run takes its place in memory.
        if !runs.iter().zip(&last.runs).all(|(run, old)| run.ptr_eq(old)) {
            *last = Compared { runs, changes: changes::between(before, trace).into() };
        }
        last.changes.clone()
    })
}

/// What the move changed, the first line bold.
pub fn changed(props: &ChangedProps) -> Html {
    let changes = differences(props);
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
    let changes = differences(props);
    let said = changes
        .first()
        .map_or_else(|| words::NOTHING_CHANGED.to_owned(), |change| sentences::sentence(&change.sentence));
    html! { <p class="said">{ said }</p> }
}

fn line(props: &ChangedProps, place: usize, change: &Change) -> Html {
    logged(props.compare.as_ref().map(|(_, dispatch)| dispatch), place, change)
}

/// A change with its moment; pressed, one looks there.
pub(super) fn logged(dispatch: Option<&Callback<Action>>, place: usize, change: &Change) -> Html {
    let at = change.at;
    let millis = (at.micros() + 500) / 1_000;
    let look = dispatch.map(|dispatch| dispatch.reform(move |_: MouseEvent| Action::Look(at)));
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
