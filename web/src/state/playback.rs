//! Playing: how far the cursor moves in a frame, and where it pauses. One mean message delay takes 900 ms.

use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, Trace};

/// The speeds, slowest first: name and factor.
pub const SPEEDS: [(&str, f64); 5] = [("¼×", 0.25), ("½×", 0.5), ("1×", 1.0), ("2×", 2.0), ("4×", 4.0)];
/// The speed at first: a place in [`SPEEDS`].
pub const NORMAL: usize = 2;
/// The playing time of one mean message delay at normal speed; without motion, the playing time of one event.
pub const DELAY_MILLIS: f64 = 900.0;

/// The next moment of the cursor, and whether playing goes on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The cursor's new place.
    pub to: Time,
    /// Whether playing goes on.
    pub goes_on: bool,
}

/// The cursor after `millis` of the reader's time. Stops at the end, and once at each violation.
#[must_use]
pub fn advance(trace: &Trace, from: Time, millis: f64, speed: f64) -> Moved {
    let mean = trace.plan.model.links.mean_latency_micros() as f64;
    let micros = (mean / DELAY_MILLIS * millis * speed).max(1.0);
    stop_at(trace, from, from.after(micros as u64))
}

/// The cursor at the next event: playing without motion.
#[must_use]
pub fn step(trace: &Trace, from: Time) -> Moved {
    stop_at(trace, from, next_event(trace, from).unwrap_or(trace.horizon()))
}

fn stop_at(trace: &Trace, from: Time, to: Time) -> Moved {
    let end = trace.horizon();
    match next_violation(trace, from).map(|event| trace.event(event).at).filter(|at| *at <= to) {
        Some(at) => Moved { to: at, goes_on: false },
        None => Moved { to: to.min(end), goes_on: to < end },
    }
}

/// The first event after `from`.
#[must_use]
pub fn next_event(trace: &Trace, from: Time) -> Option<Time> {
    let place = trace.events.partition_point(|event| event.at <= from);
    trace.events.get(place).map(|event| event.at)
}

/// The last event before `from`.
#[must_use]
pub fn previous_event(trace: &Trace, from: Time) -> Option<Time> {
    let place = trace.events.partition_point(|event| event.at < from);
    Some(trace.events[place.checked_sub(1)?].at)
}

/// The first violation after `from`.
#[must_use]
pub fn next_violation(trace: &Trace, from: Time) -> Option<EventIndex> {
    violations(trace).filter(|event| trace.event(*event).at > from).min()
}

/// The events at which properties break.
pub fn violations(trace: &Trace) -> impl Iterator<Item = EventIndex> + '_ {
    trace.verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Broken { event, .. } => Some(*event),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::simulate;

    fn trace() -> Trace {
        simulate(&gallery::exhibits()[0].scenario)
    }

    #[test]
    fn one_mean_delay_takes_nine_tenths_of_a_second() {
        let trace = trace();
        let (least, most) = trace.plan.model.links.latency_micros;
        let from = Time::from_millis(1);
        assert_eq!(advance(&trace, from, 900.0, 1.0).to, from.after((least + most) / 2));
        assert_eq!(advance(&trace, from, 900.0, 0.5).to, from.after((least + most) / 4));
    }

    #[test]
    fn playing_stops_at_the_end() {
        let trace = trace();
        let end = trace.horizon();
        assert_eq!(advance(&trace, end, 16.0, 4.0), Moved { to: end, goes_on: false });
        assert_eq!(step(&trace, end), Moved { to: end, goes_on: false });
    }

    #[test]
    fn events_are_visited_in_both_directions() {
        let trace = trace();
        let mut at = Time::ZERO;
        let mut seen = vec![at];
        while let Some(next) = next_event(&trace, at) {
            assert!(next > at);
            at = next;
            seen.push(at);
        }
        for expected in seen.iter().rev().skip(1) {
            at = previous_event(&trace, at).expect("there is an event before");
            assert_eq!(at, *expected);
        }
    }
}
