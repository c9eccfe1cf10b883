//! Runs whose events are numbered as steps, because a search found them: what breaks in one, and where a moment is.

use crate::words;
use lightcone_engine::protocol::Property;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, Trace};

/// What breaks last in a run: where, which property, and in which words.
#[must_use]
pub fn breach(trace: &Trace) -> Option<(EventIndex, &'static Property, &str)> {
    let properties = trace.specification().properties.iter().zip(&trace.verdicts);
    let broken = properties.filter_map(|(property, verdict)| match verdict {
        Verdict::Broken { event, breach } => Some((*event, property, &*breach.sentence)),
        _ => None,
    });
    broken.max_by_key(|(event, ..)| *event)
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
