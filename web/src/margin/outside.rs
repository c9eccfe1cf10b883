//! *Outside its past*: turning points that had happened when an event did, and of which it could not know.

use crate::same::Same;
use crate::sentences::moment;
use crate::store::{Action, Selection};
use crate::words;
use lightcone::causality;
use lightcone::id::EventIndex;
use lightcone::protocol::Mark;
use lightcone::trace::Deed;
use lightcone::{Time, Trace};
use yew::prelude::*;

/// Turning points told at most, the latest first.
const MOST: usize = 2;

/// What [`outside`] is given.
#[derive(PartialEq)]
pub struct OutsideProps {
    /// The run that is shown.
    pub trace: Same<Trace>,
    /// The event.
    pub event: EventIndex,
    /// Where actions go.
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
            { for unknown.into_iter().map(|(event, sentence, at)| {
                let dispatch = props.dispatch.clone();
                let look = Callback::from(move |_: MouseEvent| {
                    dispatch.emit(Action::Select(Selection::Event(event)));
                    dispatch.emit(Action::Look(at));
                });
                html! {
                    <p class="note">
                        { sentence }{ " " }
                        <button type="button" class="time num" onclick={look}>{ format!("{} ms", moment(at)) }</button>
                        { "." }
                    </p>
                }
            }) }
            <p class="note">{ words::NO_MESSAGE_LEADS_HERE }</p>
        </section>
    }
}

/// Elections and commits before `event` on other nodes of which no message told it.
#[must_use]
pub fn unknown(trace: &Trace, event: EventIndex) -> Vec<(EventIndex, String, Time)> {
    let here = trace.event(event);
    let past = causality::past(trace, event);
    let before = (0..event.0).rev().map(EventIndex).filter(|other| past.binary_search(other).is_err());
    let told = before.filter_map(|other| {
        let there = trace.event(other);
        let node = there.node.filter(|node| Some(*node) != here.node)?;
        let phrase = trace.deeds(other).iter().find_map(|deed| match deed {
            Deed::Marked(Mark::Elected | Mark::Committed, phrase) => Some(phrase),
            _ => None,
        })?;
        let said = phrase.show(|node| trace.name(node));
        Some((other, format!("{}: {said} at", trace.name(node)), there.at))
    });
    told.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use lightcone::simulate;

    #[test]
    fn a_deposed_leader_does_not_know_what_was_committed_without_it() {
        let exhibit = library::find("raft", "stale-read-from-deposed-leader").expect("the gallery has it");
        let trace = simulate(&exhibit.scenario);
        let (_, broken, _) = trace.first_violation().expect("the stale read");
        let answer = trace.event(broken).sender.expect("somebody answered the read");
        let told: Vec<String> = unknown(&trace, answer).into_iter().map(|(_, said, _)| said).collect();
        assert!(told.iter().any(|said| said.starts_with("S2: ") && said.contains("commit")), "{told:?}");
    }

    #[test]
    fn nothing_is_outside_the_past_of_the_first_event() {
        let trace = simulate(&library::exhibits()[0].scenario);
        assert!(unknown(&trace, EventIndex(0)).is_empty());
    }
}
