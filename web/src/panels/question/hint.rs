//! The hint: the next move of a shortest solution from where the reader stands, worked out beside the page.

use crate::search::par::{Progress, use_par};
use crate::state::page::PageAction;
use crate::state::par_request::{self, ParReport};
use crate::state::question::Posed;
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::{Parameter, Unit};
use lightcone_engine::{Scenario, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::sentences;
use lightcone_search::par::Par;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties, PartialEq)]
pub(super) struct HintProps {
    pub(super) posed: ByPointer<Posed>,
    pub(super) run: Snapshot,
    pub(super) act: Callback<PageAction>,
}

/// A button that asks for a hint, and the hint.
#[component]
pub(super) fn Hint(props: &HintProps) -> Html {
    // The run from which it was asked: whoever has gone on has another question.
    let from = use_state(|| None::<Rc<Scenario>>);
    let here = from.as_ref().filter(|from| ***from == *props.run.scenario());
    let progress = use_par(here.map(|here| par_request::text(&props.posed.question, here)));
    let (setter, now) = (from.setter(), props.run.trace.scenario.clone());
    let ask = Callback::from(move |_: MouseEvent| setter.set(Some(now.clone())));
    let setter = from.setter();
    let cancel = Callback::from(move |_: MouseEvent| setter.set(None));
    html! {
        <div class="hinted">
            if matches!(progress, Progress::Going(_)) {
                <button type="button" class="btn line" onclick={cancel}>{ words::CANCEL }</button>
            } else {
                <button type="button" class="btn line" onclick={ask}>{ words::HINT }</button>
            }
            <div role="status">{ said(props, &progress) }</div>
        </div>
    }
}

/// What is known, and what follows from it.
fn said(props: &HintProps, progress: &Progress) -> Html {
    let note = |text: &str| html! { <p class="note">{ text.to_owned() }</p> };
    let report = match progress {
        Progress::Idle => return Html::default(),
        Progress::Going(tried) => return note(&words::trying_moves(*tried)),
        Progress::Failed => return note(words::HINT_UNKNOWN),
        Progress::Over(report) => report,
    };
    let has_moved = *props.run.scenario() != props.posed.question.scenario;
    match report.par {
        Par::Is(0) => note(words::HINT_SOLVED),
        Par::Is(left) => {
            let Some((clause, action)) = next(&props.run.trace, report) else { return note(words::HINT_UNKNOWN) };
            let onclick = props.act.reform(move |_: MouseEvent| PageAction::Run(action.clone()));
            html! { <>
                { note(&words::hint(&clause, left)) }
                <button type="button" class="btn line" {onclick}>{ words::HINT_DO }</button>
            </> }
        }
        Par::Unsolved if has_moved => note(words::HINT_UNDO),
        Par::Unsolved => note(words::HINT_NONE),
        Par::MoreThan(_) | Par::Unknown => note(words::HINT_UNKNOWN),
    }
}

/// The next move in words, and what makes it.
fn next(trace: &Trace, report: &ParReport) -> Option<(String, Action)> {
    if let Some(place) = report.pick {
        let event = EventIndex(place);
        trace.events.get(event.index())?;
        return Some((words::select_this(&sentences::event(trace, event)), Action::Visit(event)));
    }
    let after = report.first.as_ref()?;
    let before = &trace.scenario;
    if let Some(edit) = after.moves.last().filter(|_| after.moves.len() > before.moves.len()) {
        return Some((uncapitalised(&sentences::made_move(trace, edit)), Action::Make(*edit)));
    }
    let numbers = before.settings.parameters.iter().zip(&after.settings.parameters);
    let (place, (_, value)) = numbers.enumerate().find(|(_, (was, is))| was != is)?;
    let parameter = trace.specification().parameters.get(place)?;
    let mut scenario = (**before).clone();
    *scenario.settings.parameters.get_mut(place)? = *value;
    Some((words::turn_knob(parameter.name, &value_of(parameter, *value)), Action::Configure(Box::new(scenario))))
}

/// The value of a knob in words.
fn value_of(parameter: &Parameter, value: u32) -> String {
    match parameter.unit {
        Unit::Switch => words::switched(value != 0).to_owned(),
        Unit::Choice(names) => names.get(value as usize).map_or_else(String::new, |name| (*name).to_owned()),
        Unit::Count | Unit::Millis => value.to_string(),
    }
}

fn uncapitalised(clause: &str) -> String {
    let mut letters = clause.chars();
    letters
        .next()
        .map_or_else(String::new, |first| core::iter::once(first.to_ascii_lowercase()).chain(letters).collect())
}
