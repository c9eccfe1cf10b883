//! *Outside its past*: turning points that had happened when an event did, and of which it could not know; and
//! *its future*: those that followed from it.

use crate::state::run::{Action, Selection};
use crate::words;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::Mark;
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use yew::prelude::*;

/// Turning points told at most, the latest first.
const MOST: usize = 2;
/// Turning points told of an event's future, the earliest first.
const MOST_AFTER: usize = 6;

/// The inputs of [`outside`].
#[derive(PartialEq)]
pub struct OutsideProps {
    /// The run that is shown.
    pub trace: ByPointer<Trace>,
    /// The selected event, whose past this is outside of.
    pub event: EventIndex,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// The turning points, each with a link to its event; nothing if there are none.
pub fn outside(props: &OutsideProps) -> Html {
    let unknown = unknown(&props.trace, props.event);
    if unknown.is_empty() {
        return Html::default();
    }
    html! {
        <section>
            <h2>{ words::OUTSIDE_ITS_PAST }</h2>
            { for unknown.into_iter().map(|told| linked(props, told)) }
            <p class="note">{ words::NO_MESSAGE_LEADS_HERE }</p>
        </section>
    }
}

/// The number of events that follow from the event, and their first turning points.
pub fn future(props: &OutsideProps) -> Html {
    let trace = &props.trace;
    let after = causality::future(trace, props.event).into_iter().skip(1);
    let later = trace.events.len() - props.event.index() - 1;
    let turns = after.clone().filter_map(|event| turning_point(trace, event));
    html! {
        <section class="future">
            <h2>{ words::ITS_FUTURE }</h2>
            <p class="note">{ words::follows(after.count(), later) }</p>
            { for turns.take(MOST_AFTER).map(|told| linked(props, told)) }
        </section>
    }
}

/// A turning point with a link to its event.
fn linked(props: &OutsideProps, (event, sentence, at): (EventIndex, String, Time)) -> Html {
    let dispatch = props.dispatch.clone();
    let look = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::Select(Selection::Event(event)));
        dispatch.emit(Action::Look(at));
    });
    html! {
        <p class="note">
            { sentence }{ " " }
            <button type="button" class="time num" onclick={look}>{ props.trace.moment(at) }</button>
            { "." }
        </p>
    }
}

/// Elections and commits before `event` on other nodes of which no message told it.
#[must_use]
pub fn unknown(trace: &Trace, event: EventIndex) -> Vec<(EventIndex, String, Time)> {
    let here = trace.event(event);
    let past = causality::past(trace, event);
    let before = (0..event.0).rev().map(EventIndex).filter(|other| past.binary_search(other).is_err());
    let elsewhere = before.filter(|other| trace.event(*other).node != here.node);
    elsewhere.filter_map(|other| turning_point(trace, other)).take(MOST).collect()
}

/// An election or a commit, in words and with its moment; none if the event is neither.
fn turning_point(trace: &Trace, event: EventIndex) -> Option<(EventIndex, String, Time)> {
    let here = trace.event(event);
    let phrase = trace.deeds(event).iter().find_map(|deed| match deed {
        Deed::Marked(Mark::Elected | Mark::Committed, phrase) => Some(phrase),
        _ => None,
    })?;
    let said = phrase.show(|node| trace.name(node));
    Some((event, format!("{}: {said} at", trace.name(here.node?)), here.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::simulate;

    #[test]
    fn a_deposed_leader_does_not_know_what_was_committed_without_it() {
        let exhibit = gallery::find("raft", "stale-read-from-deposed-leader").expect("the gallery has it");
        let trace = simulate(&exhibit.scenario);
        let (_, broken, _) = trace.first_violation().expect("the stale read");
        let answer = trace.event(broken).sender.expect("somebody answered the read");
        let told: Vec<String> = unknown(&trace, answer).into_iter().map(|(_, said, _)| said).collect();
        assert!(told.iter().any(|said| said.starts_with("S2: ") && said.contains("commit")), "{told:?}");
    }

    #[test]
    fn nothing_is_outside_the_past_of_the_first_event() {
        let trace = simulate(&gallery::exhibits()[0].scenario);
        assert!(unknown(&trace, EventIndex(0)).is_empty());
    }
}
