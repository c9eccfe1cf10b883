//! Moves without a drag: earlier, later, by a step, dropped, twice. Keys and the sheet's buttons share them.

use super::arrival::{Range, STEP_MICROS, free_copy, notches, range};
use crate::state::moves;
use crate::state::run::Action;
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::{Edit, Time, Trace};

/// Just before the delivery before it on its lane; to the earliest moment if there is none.
#[must_use]
pub fn earlier(trace: &Trace, message: &Message) -> Option<Action> {
    let before = notches(trace, message.id).into_iter().rfind(|at| *at < message.arrives);
    let at = before.map_or(Time::ZERO, |before| Time::from_micros(before.micros().saturating_sub(STEP_MICROS)));
    arriving(trace, message, at)
}

/// Just after the delivery after it on its lane; one mean delay later if there is none.
#[must_use]
pub fn later(trace: &Trace, message: &Message) -> Option<Action> {
    let after = notches(trace, message.id).into_iter().find(|at| *at > message.arrives);
    let at = after.map_or(message.arrives.after(mean_delay(trace)), |after| after.after(STEP_MICROS));
    arriving(trace, message, at)
}

/// Later by so many microseconds; earlier if they are negative.
#[must_use]
pub fn by(trace: &Trace, message: &Message, micros: i64) -> Option<Action> {
    arriving(trace, message, Time::from_micros(message.arrives.micros().saturating_add_signed(micros)))
}

/// Moves the arrival to the moment that the reader gave; none if the message cannot arrive then, or does anyway.
#[must_use]
pub fn to(trace: &Trace, message: &Message, at: Time) -> Option<Action> {
    arriving(trace, message, at)
        .filter(|action| matches!(action, Action::Make(Edit::Deliver { at: legal, .. }) if *legal == at))
}

/// Dropped; none if it is.
#[must_use]
pub fn drop(message: &Message) -> Option<Action> {
    (message.fate != Fate::Dropped).then_some(Action::Make(Edit::Drop { message: message.id }))
}

/// Takes back the reader's moves of this message; none if there are none.
#[must_use]
pub fn put_back(trace: &Trace, message: &Message) -> Option<Action> {
    let moved = moves::put_back(&trace.scenario, message.id) != *trace.scenario;
    moved.then_some(Action::PutBack(message.id))
}

/// One more copy, a mean delay after the message.
#[must_use]
pub fn twice(trace: &Trace, message: &Message) -> Option<Action> {
    let copy = free_copy(trace, message.id)?;
    let at = message.arrives.after(mean_delay(trace)).min(MAX_HORIZON);
    Some(Action::Make(Edit::Duplicate { copy, at }))
}

fn mean_delay(trace: &Trace) -> u64 {
    trace.plan.model.links.mean_latency_micros()
}

/// The nearest legal arrival; none if the message arrives then anyway.
fn arriving(trace: &Trace, message: &Message, at: Time) -> Option<Action> {
    let Range { earliest, latest } = range(trace, message);
    let at = at.max(earliest.0).min(latest.map_or(MAX_HORIZON, |latest| latest.0)).min(MAX_HORIZON);
    (at != message.arrives).then_some(Action::Make(Edit::Deliver { message: message.id, at }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::run::State;
    use lightcone_engine::MessageId;

    fn state() -> State {
        State::new(&gallery::find("raft", "election").expect("the gallery has it").scenario)
    }

    fn message(state: &State) -> Message {
        let arrives = |message: &&Message| matches!(message.fate, Fate::Delivered(_));
        state.trace.messages.iter().find(arrives).expect("a message arrives").clone()
    }

    fn after(state: &State, action: Option<Action>) -> State {
        state.after(action.expect("it can be done"))
    }

    fn arrives(state: &State, id: MessageId) -> Time {
        state.trace.message(id).expect("it is there").arrives
    }

    #[test]
    fn later_passes_the_next_delivery_and_earlier_comes_back_before_it() {
        let state = state();
        let message = message(&state);
        let next =
            notches(&state.trace, message.id).into_iter().find(|at| *at > message.arrives).expect("one is later");
        let moved = after(&state, later(&state.trace, &message));
        assert_eq!(arrives(&moved, message.id), next.after(STEP_MICROS));
        let again = moved.trace.message(message.id).expect("it is there").clone();
        let back = after(&moved, earlier(&moved.trace, &again));
        assert_eq!(arrives(&back, message.id).micros(), next.micros() - STEP_MICROS);
    }

    #[test]
    fn steps_are_exact_and_stop_where_the_message_is_sent() {
        let state = state();
        let message = message(&state);
        let moved = after(&state, by(&state.trace, &message, 1_000));
        assert_eq!(arrives(&moved, message.id), message.arrives.after(1_000));
        let moved = after(&state, by(&state.trace, &message, -1_000_000));
        assert_eq!(arrives(&moved, message.id), state.trace.plan.model.earliest_arrival(message.sent));
    }

    #[test]
    fn putting_back_undoes_a_drop_and_is_not_offered_before() {
        let state = state();
        let message = message(&state);
        assert!(put_back(&state.trace, &message).is_none());
        let dropped = after(&state, drop(&message));
        let gone = dropped.trace.message(message.id).expect("it is there").clone();
        assert!(drop(&gone).is_none());
        let back = after(&dropped, put_back(&dropped.trace, &gone));
        assert_eq!(back.trace.digest, state.trace.digest);
    }

    #[test]
    fn twice_makes_one_more_copy_each_time() {
        let state = state();
        let message = message(&state);
        let once = after(&state, twice(&state.trace, &message));
        let again = after(&once, twice(&once.trace, &message));
        assert!(again.trace.message(MessageId { copy: 2, ..message.id }).is_some());
    }
}
