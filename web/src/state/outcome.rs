//! The turning point of an event, in words.

use lightcone_engine::{EventIndex, Trace};
use lightcone_figure::read::sentences;

/// What an event comes to: a new role, a mark, a reason; none if it comes to nothing.
#[must_use]
pub fn outcome(trace: &Trace, index: EventIndex) -> Option<String> {
    let node = trace.event(index).node?;
    role(trace, index).map(|role| format!("{} is {role}", trace.name(node))).or_else(|| {
        sentences::deeds(trace, index).into_iter().next().map(|deed| format!("{} {deed}", trace.name(node)))
    })
}

/// The role that an event gives its node: "candidate in term 2"; none if it gives none.
#[must_use]
pub fn role(trace: &Trace, index: EventIndex) -> Option<String> {
    let status = trace.statuses.iter().find(|change| change.event == index)?.status?;
    let word = trace.specification().epoch_word;
    let of = if status.epoch > 0 { format!(" in {word} {}", status.epoch) } else { String::new() };
    (!status.role.is_empty()).then(|| format!("{}{of}", status.role))
}
