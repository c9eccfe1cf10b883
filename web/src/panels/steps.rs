//! Step mode: what may happen next at the cursor, each with what would come of it. Choosing one makes the
//! edit that makes it happen next.

use crate::state::moves::with_move;
use crate::state::outcome::outcome;
use crate::state::playback;
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::Step;
use lightcone_engine::{Edit, Time, Trace, resimulate};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::{changes, sentences};
use std::rc::Rc;
use yew::prelude::*;

/// Choices worked out at most.
const MOST: usize = 24;
/// How long after the cursor a choice happens.
const SOON_MICROS: u64 = 100;

/// Something that may happen next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What would happen, in words.
    pub name: String,
    /// What would follow from it.
    pub outcome: String,
    /// The edit that makes it happen now; none for what comes next by itself.
    pub edit: Option<Edit>,
    /// The moment to which the cursor goes.
    pub at: Time,
    /// Whether nothing else would be different.
    pub idle: bool,
}

/// The choices after `cursor`. The event that comes next by itself is first, choices that would change nothing are last.
#[must_use]
pub fn choices(trace: &Trace, cursor: Time) -> Vec<Choice> {
    let Some(last) = trace.last_event_by(cursor) else { return Vec::new() };
    let mut world = trace.world_at(last);
    // What came to nothing by now (a message to a stopped node, say) is no choice any more.
    let mut step = Step::default();
    while let Some((_, cause)) = world.next().filter(|(due, _)| *due <= cursor) {
        world.take(cause, &mut step);
    }
    let next = world.next();
    let may = world
        .choices()
        .into_iter()
        .filter(|cause| !matches!(cause, Cause::Act(_)) || next.is_some_and(|(_, first)| first == *cause));
    let choices = may.take(MOST).filter_map(|cause| choice(trace, cursor, cause, next));
    let (idle, mut choices): (Vec<_>, Vec<_>) = choices.partition(|choice| choice.idle);
    choices.extend(idle);
    choices
}

fn choice(trace: &Trace, cursor: Time, cause: Cause, next: Option<(Time, Cause)>) -> Option<Choice> {
    if let Some((due, first)) = next
        && first == cause
    {
        let events = trace.events.iter().zip(0..).skip_while(|(event, _)| event.at < due);
        let index = events.take_while(|(event, _)| event.at == due).find(|(event, _)| event.cause == cause);
        let said = match index {
            Some((_, index)) => outcome(trace, EventIndex(index)),
            None => lost(trace, cause),
        };
        let outcome = sentences::sentence(&said.unwrap_or_else(|| words::COMES_NEXT.to_owned()));
        return Some(Choice {
            name: name(trace, cause, cursor),
            outcome,
            edit: None,
            at: due.max(cursor),
            idle: false,
        });
    }
    let at = cursor.after(SOON_MICROS);
    let edit = match cause {
        Cause::Deliver(message) => Edit::Deliver { message, at },
        Cause::Fire(timer) => Edit::Fire { timer, at },
        Cause::Act(_) | Cause::Boot(_) | Cause::Recorded(_) => return None,
    };
    let after = resimulate(trace, &with_move(&trace.scenario, edit));
    let index = after.events.iter().position(|event| event.cause == cause)?;
    let index = EventIndex(index as u32);
    let at = after.event(index).at;
    let changed = changes::between(trace, &after);
    let idle = changed.is_empty();
    let outcome = match outcome(&after, index) {
        _ if idle => words::IDLE_CHOICE.to_owned(),
        Some(outcome) => outcome,
        None => changed.into_iter().next().map_or_else(String::new, |change| change.sentence),
    };
    Some(Choice {
        name: name(trace, cause, cursor),
        outcome: sentences::sentence(&outcome),
        edit: Some(edit),
        at,
        idle,
    })
}

/// Why a message that is due brings about nothing.
fn lost(trace: &Trace, cause: Cause) -> Option<String> {
    let Cause::Deliver(id) = cause else { return None };
    trace.message(id).map(|message| sentences::fate(trace, message))
}

fn name(trace: &Trace, cause: Cause, cursor: Time) -> String {
    match cause {
        Cause::Deliver(id) => format!("Deliver {} to {}", sentences::whose_message(trace, id), trace.name(id.to)),
        Cause::Fire(id) => {
            let due = trace.timer(id).map(|timer| timer.due).filter(|due| *due > cursor);
            let early =
                due.map_or_else(String::new, |due| format!(", {} ms early", sentences::length(due.since(cursor))));
            format!(
                "Fire {}’s timer ({}){early}",
                trace.name(id.node),
                sentences::within(sentences::timer(trace, id.kind))
            )
        }
        Cause::Act(action) => sentences::sentence(&sentences::action(trace, action)),
        Cause::Boot(node) | Cause::Recorded(node) => format!("{} starts", trace.name(node)),
    }
}

/// The inputs of [`steps`].
#[derive(PartialEq)]
pub struct StepsProps {
    /// The page's state.
    pub run: Snapshot,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Hears of the run that a choice would make, while the reader is at it.
    pub glance: Callback<Option<ByPointer<Trace>>>,
}

/// The list that replaces the margin in step mode.
pub fn steps(props: &StepsProps) -> Html {
    let listed = choices(&props.run.trace, props.run.cursor);
    let more = playback::next_event(&props.run.trace, props.run.cursor).is_some();
    html! {
        <aside class="margin steps" aria-label={words::WHAT_NEXT}>
            <p class="subj">{ words::WHAT_NEXT }<small>{ words::choose_at(props.run.cursor) }</small></p>
            if listed.is_empty() && !more {
                <p class="note">{ words::NOTHING_MORE }</p>
            }
            <ol>{ for listed.iter().enumerate().map(|(place, choice)| {
                let (choice, dispatch) = (choice.clone(), props.dispatch.clone());
                let (name, outcome) = (choice.name.clone(), choice.outcome.clone());
                let class = choice.idle.then_some("idle");
                let look = glance(props, choice.edit);
                let away = props.glance.reform(|()| None);
                let (over, out) = (look.reform(|_: MouseEvent| ()), away.reform(|_: MouseEvent| ()));
                let (focus, blur) = (look.reform(|_: FocusEvent| ()), away.reform(|_: FocusEvent| ()));
                let onclick = Callback::from(move |_: MouseEvent| {
                    away.emit(());
                    take(&dispatch, &choice);
                });
                html! {
                    <li><button type="button" {class} {onclick} onmouseenter={over} onmouseleave={out} onfocus={focus} onblur={blur}>
                        if place < 9 { <kbd>{ place + 1 }</kbd> } else { <span></span> }
                        <span>{ name }<small>{ outcome }</small></span>
                    </button></li>
                }
            }) }</ol>
        </aside>
    }
}

/// Works out what a choice would make of the run, and shows it beside what is.
fn glance(props: &StepsProps, edit: Option<Edit>) -> Callback<()> {
    let (run, glance) = (props.run.clone(), props.glance.clone());
    Callback::from(move |()| {
        let after = edit.map(|edit| resimulate(&run.trace, &with_move(&run.trace.scenario, edit)));
        glance.emit(after.map(|after| ByPointer(Rc::new(after))));
    })
}

/// Makes the choice happen and looks at it.
pub fn take(dispatch: &Callback<Action>, choice: &Choice) {
    if let Some(edit) = choice.edit {
        dispatch.emit(Action::Make(edit));
    }
    dispatch.emit(Action::Look(choice.at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::simulate;

    #[test]
    fn every_choice_makes_its_event_happen_where_the_cursor_goes() {
        for exhibit in gallery::exhibits().iter() {
            let trace = simulate(&exhibit.scenario);
            let cursor = Time::from_micros(trace.horizon().micros() / 2);
            for choice in choices(&trace, cursor) {
                let scenario = match choice.edit {
                    Some(edit) => with_move(&exhibit.scenario, edit),
                    None => exhibit.scenario.clone(),
                };
                let after = simulate(&scenario);
                assert!(after.events.iter().any(|event| event.at == choice.at) || choice.edit.is_none(), "{choice:?}");
            }
        }
    }

    #[test]
    fn what_would_change_nothing_comes_last() {
        let trace = simulate(&gallery::find("raft", "figure-7").expect("the gallery has it").scenario);
        let mut seen = 0;
        for millis in (20..500).step_by(20) {
            let listed = choices(&trace, Time::from_millis(millis));
            let idle = listed.iter().skip_while(|choice| !choice.idle);
            assert!(idle.clone().all(|choice| choice.idle), "{listed:?}");
            seen += idle.count();
        }
        assert!(seen > 0, "no choice changes nothing");
    }

    #[test]
    fn taking_what_comes_next_reaches_the_end_past_stopped_nodes_and_cuts() {
        for slug in ["one-vote-short", "figure-8"] {
            let trace = simulate(&gallery::find("raft", slug).expect("the gallery has it").scenario);
            let mut cursor = Time::ZERO;
            while let Some(choice) = choices(&trace, cursor).first() {
                assert!(choice.edit.is_some() || choice.at > cursor, "{slug} at {cursor}: {choice:?}");
                if choice.edit.is_some() || choice.at > trace.horizon() {
                    break;
                }
                cursor = choice.at;
            }
            assert!(cursor >= trace.events.last().expect("something happens").at, "{slug} stops at {cursor}");
        }
    }
}
