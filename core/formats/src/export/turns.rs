//! The turning points of a run, each as a line of text, for all exports.

use crate::text;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use lightcone_engine::id::EventIndex;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Cause, Edit, Mark, Weight};
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::Deed;

/// Whether some program may read this character as the end of a line.
pub(super) fn breaks(each: char) -> bool {
    each.is_control() || matches!(each, '\u{2028}' | '\u{2029}')
}

/// The edit that caused an event, in the words of the text form: `at 66 ms crash S1`. None if no edit caused it.
pub(super) fn action(trace: &Trace, event: EventIndex) -> Option<String> {
    let event = trace.event(event);
    match event.cause {
        Cause::Act(action) => Some(text::encode_edit(&trace.scenario, &Edit::At { at: event.at, action })),
        Cause::Boot(_) | Cause::Deliver(_) | Cause::Fire(_) | Cause::Recorded(_) => None,
    }
}

/// The turning point at an event: a role taken up, a decision, a message ignored, a promise broken.
pub(super) fn turns(trace: &Trace, event: EventIndex) -> Vec<String> {
    let mut said: Vec<String> = role(trace, event).into_iter().collect();
    for deed in trace.deeds(event) {
        let (before, phrase) = match deed {
            // The role says the same.
            Deed::Marked(Mark::Elected | Mark::Received | Mark::Appended | Mark::Applied, _) => continue,
            Deed::Marked(_, phrase) => ("", *phrase),
            Deed::Ignored(why) => ("ignored: ", *why),
            Deed::CrashedHere(_) => ("", Phrase::plain("crashes here, before it is done")),
            _ => continue,
        };
        said.push([before, &phrase.show(|node| trace.name(node))].concat());
    }
    if let Some((property, _, breach)) = trace.first_violation().filter(|(_, at, _)| *at == event) {
        said.push([trace.specification().properties[property].name, " breaks: ", &breach.sentence].concat());
    }
    said
}

/// The role that the event's node takes up at this event: `leader, term 2`. None if the node only follows.
fn role(trace: &Trace, event: EventIndex) -> Option<String> {
    let change = trace.statuses.iter().find(|change| change.event == event)?;
    let status = change.status.filter(|status| matches!(status.weight, Weight::Stands | Weight::Leads))?;
    let of_node = trace.statuses.iter().filter(|before| before.node == change.node);
    let before = of_node.take_while(|before| before.event < event).last().and_then(|before| before.status);
    if before.is_some_and(|before| (before.role, before.epoch) == (status.role, status.epoch)) {
        return None;
    }
    let word = trace.specification().epoch_word;
    Some(if status.epoch == 0 { status.role.to_string() } else { format!("{}, {word} {}", status.role, status.epoch) })
}
