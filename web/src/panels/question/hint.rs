//! The hint: the next move of a shortest solution from where the reader stands, worked out beside the page.

use crate::search::Engine;
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

/// What was asked for: the run from which, and what is known so far; none if nothing can be known.
#[derive(Clone, PartialEq)]
struct Sought {
    from: Rc<Scenario>,
    report: Option<ParReport>,
    failed: bool,
}

/// A button that asks for a hint, and the hint.
#[component]
pub(super) fn Hint(props: &HintProps) -> Html {
    let sought = use_state(|| None::<Sought>);
    let engine = use_mut_ref(Engine::default);
    // Whoever has gone on has another question.
    let here = (*sought).clone().filter(|sought| *sought.from == *props.run.scenario());
    let request = here.as_ref().filter(|here| !here.failed && here.report.as_ref().is_none_or(|report| !report.over));
    let request = request.map(|here| par_request::text(&props.posed.question, &here.from));
    {
        let (setter, from) = (sought.setter(), here.as_ref().map(|here| here.from.clone()));
        use_effect_with(request, move |request| {
            let heard = Callback::from(move |(_, said): (usize, String)| {
                let Some(from) = from.clone() else { return };
                let report = ParReport::read(&said);
                setter.set(Some(Sought { from, failed: report.is_none(), report }));
            });
            engine.borrow_mut().go_on_with(request.iter().cloned().map(Some).collect(), &heard);
        });
    }
    let ask = {
        let (setter, from) = (sought.setter(), props.run.trace.scenario.clone());
        Callback::from(move |_: MouseEvent| {
            setter.set(Some(Sought { from: from.clone(), report: None, failed: false }));
        })
    };
    let stop = sought.setter();
    let cancel = Callback::from(move |_: MouseEvent| stop.set(None));
    let going = here.as_ref().is_some_and(|here| !here.failed && here.report.as_ref().is_none_or(|it| !it.over));
    html! {
        <div class="hinted">
            if going {
                <button type="button" class="btn line" onclick={cancel}>{ words::CANCEL }</button>
            } else {
                <button type="button" class="btn line" onclick={ask}>{ words::HINT }</button>
            }
            <div role="status">{ for here.map(|here| said(props, &here)) }</div>
        </div>
    }
}

/// What is known, and what follows from it.
fn said(props: &HintProps, sought: &Sought) -> Html {
    let note = |text: String| html! { <p class="note">{ text }</p> };
    let Some(report) = &sought.report else {
        return if sought.failed { note(words::HINT_UNKNOWN.into()) } else { note(words::looking_for_a_hint(0)) };
    };
    let has_moved = *props.run.scenario() != props.posed.question.scenario;
    match report.par {
        _ if !report.over => note(words::looking_for_a_hint(report.tried)),
        Par::Is(0) => note(words::HINT_SOLVED.into()),
        Par::Is(left) => {
            let Some((clause, action)) = next(&props.run.trace, report) else { return note(words::HINT_UNKNOWN.into()) };
            let onclick = props.act.reform(move |_: MouseEvent| PageAction::Run(action.clone()));
            html! { <>
                { note(words::hint(&clause, left)) }
                <button type="button" class="btn line" {onclick}>{ words::HINT_DO }</button>
            </> }
        }
        Par::Unsolved if has_moved => note(words::HINT_UNDO.into()),
        Par::Unsolved => note(words::HINT_NONE.into()),
        Par::MoreThan(_) | Par::Unknown => note(words::HINT_UNKNOWN.into()),
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
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
