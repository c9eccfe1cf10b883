//! Runs whose events are numbered as steps, because a search found them: what breaks in one, and where a moment is.

use crate::words;
use lightcone_engine::protocol::Property;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, Trace};

/// The last violation of a run: its event, its property and its sentence.
#[must_use]
pub fn breach(trace: &Trace) -> Option<(EventIndex, &'static Property, &str)> {
    let properties = trace.specification().properties.iter().zip(&trace.verdicts);
    let broken = properties.filter_map(|(property, verdict)| match verdict {
        Verdict::Broken { event, breach } => Some((*event, property, &*breach.sentence)),
        _ => None,
    });
    broken.max_by_key(|(event, ..)| *event)
}

/// What a run comes to in which nothing is broken: a goal that its last event reaches, the rarest if there are several; or a
/// promise that it has come to by then; or one that it misses.
#[must_use]
pub fn outcome(trace: &Trace, last: EventIndex, events: usize) -> Option<String> {
    let protocol = trace.scenario.protocol;
    if let Some((_, goal)) = trace.reached_at(last).find_map(|goal| protocol.goal(goal)) {
        return Some(words::reached_in(goal, events));
    }
    let properties = || trace.specification().properties.iter().zip(&trace.verdicts);
    let reached = |verdict: &Verdict| matches!(verdict, Verdict::Holds { since: Some(since) } if *since == last);
    if let Some((property, _)) = properties().find(|(_, verdict)| reached(verdict)) {
        return Some(words::reached_in(property.name, events));
    }
    let missed = properties().find(|(_, verdict)| matches!(verdict, Verdict::NotByTheEnd { .. }));
    missed.map(|(property, _)| words::missed_in(property.name, events))
}

/// How many of the events after `steps` have happened at a moment, and how many there are.
#[must_use]
pub fn count(trace: &Trace, steps: Time, at: Time) -> (usize, usize) {
    let by = |moment: Time| trace.events.partition_point(|event| event.at <= moment);
    let before = by(steps);
    (by(at).saturating_sub(before), trace.events.len() - before)
}

/// Which step of a run's numbered ones a moment is at: "event 8", or the time of a run without.
#[must_use]
pub fn moment(trace: &Trace, steps: Option<Time>, at: Time) -> String {
    match steps.filter(|begins| *begins < at) {
        Some(begins) => words::step(count(trace, begins, at).0),
        None => words::flagged(at),
    }
}
