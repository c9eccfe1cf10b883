//! Where a run opens that does not say so itself: at the moment that it is about, with a stretch around it in which messages
//! can be told apart.

use super::words::is_turning;
use crate::view::Window;
use lightcone_engine::protocol::Source;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Time, Trace};

/// So many mean ways of a message are in the stretch: on a wide screen each is some 50 pixels long.
const MEAN_WAYS: u64 = 20;

/// The moment that a run is about: where a promise breaks, else the reader's first move, else the first turning point, else
/// the last event. Where nothing happens it is the beginning. What was recorded is read from its first event on.
#[must_use]
pub fn moment(trace: &Trace) -> Time {
    let broken = trace.first_violation().map(|(_, event, _)| trace.event(event).at);
    let by_hand = trace.events.iter().find(|event| event.source == Source::Hand).map(|event| event.at);
    let moved = trace.messages.iter().filter(|message| message.source == Source::Hand).map(|message| message.arrives);
    let move_made = by_hand.into_iter().chain(moved).filter(|at| *at < trace.horizon()).min();
    let last = if trace.is_recorded() { trace.events.first() } else { trace.events.last() };
    let last = last.map(|event| event.at).filter(|at| *at > Time::ZERO);
    broken.or(move_made).or_else(|| first_turn(trace)).or(last).unwrap_or(Time::ZERO)
}

/// The stretch around a moment: two thirds of it are before. A run that is hardly longer is shown whole.
#[must_use]
pub fn window(trace: &Trace, at: Time) -> Window {
    let end = trace.horizon();
    let width = MEAN_WAYS * trace.plan.model.links.mean_latency_micros().max(1);
    if end.micros() <= width + width / 2 {
        return Window::whole(end);
    }
    let from = at.micros().saturating_sub(width * 2 / 3).min(end.micros() - width);
    Window { from: Time::from_micros(from), to: Time::from_micros(from + width) }
}

fn first_turn(trace: &Trace) -> Option<Time> {
    let turns = |deed: &Deed| matches!(deed, Deed::Marked(mark, _) if is_turning(*mark));
    let mut events = trace.events.iter();
    events
        .find(|event| trace.deeds[event.deeds.start as usize..event.deeds.end as usize].iter().any(turns))
        .map(|it| it.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::{Action, Edit, NodeId, Scenario, simulate};

    fn raft() -> Scenario {
        gallery::blank("raft").expect("Raft is registered")
    }

    #[test]
    fn an_empty_run_opens_where_its_first_leader_is_elected() {
        let trace = simulate(&raft());
        let at = moment(&trace);
        let elected = trace.statuses.iter().find(|change| {
            change.status.is_some_and(|status| status.weight == lightcone_engine::protocol::Weight::Leads)
        });
        assert_eq!(at, trace.event(elected.expect("a leader is elected").event).at);
        let Window { from, to } = window(&trace, at);
        assert!(from < at && at < to && to <= trace.horizon());
    }

    #[test]
    fn a_move_is_what_a_run_is_about_and_a_broken_promise_more_so() {
        let mut scenario = raft();
        let at = Time::from_millis(20);
        scenario.moves.push(Edit::At { at, action: Action::Crash(NodeId(0)) });
        assert_eq!(moment(&simulate(&scenario)), at);
        let broken = simulate(&gallery::find("raft", "votes-twice-in-a-term").expect("the gallery has it").scenario);
        let (_, event, _) = broken.first_violation().expect("it is broken");
        assert_eq!(moment(&broken), broken.event(event).at);
    }

    #[test]
    fn every_run_of_the_gallery_has_its_moment_inside_its_window() {
        for exhibit in gallery::exhibits() {
            let trace = simulate(&exhibit.scenario);
            let at = moment(&trace);
            let Window { from, to } = window(&trace, at);
            assert!(from <= at && at <= to && from < trace.horizon(), "{}", exhibit.slug);
        }
    }

    #[test]
    fn where_nothing_happens_a_run_opens_at_its_beginning() {
        let trace = simulate(&gallery::blank("lamport").expect("Lamport's clocks are registered"));
        assert_eq!((moment(&trace), window(&trace, Time::ZERO).from), (Time::ZERO, Time::ZERO));
    }
}
