//! What a schedule is judged by: the promises of its protocol that hold with its settings.

use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Trace};

/// The first of these promises that is not kept, and how. What is not promised with the settings of the run is none.
#[must_use]
pub fn broken(trace: &Trace, holds: u32) -> Option<(usize, String)> {
    let promised = |place: usize| holds & 1 << place != 0 && trace.not_promised(place).is_none();
    let kept = trace.verdicts.iter().enumerate().filter(|(place, _)| promised(*place));
    let broken = kept.filter_map(|(place, verdict)| match verdict {
        Verdict::Broken { event, breach } => Some((*event, place, breach.sentence.clone())),
        Verdict::NotByTheEnd { breach } => {
            let how = breach.as_ref().map_or("not by the end".into(), |breach| breach.sentence.clone());
            Some((EventIndex(u32::MAX), place, how))
        }
        Verdict::CannotTell { why } => Some((EventIndex(u32::MAX), place, why.clone())),
        Verdict::Holds { .. } | Verdict::Untested { .. } | Verdict::NotPromised { .. } => None,
    });
    broken.min().map(|(_, place, how)| (place, how))
}
