//! A run in the languages of other tools: a Mermaid sequence diagram, a ShiViz log, a test. Pure functions of a
//! trace; what they give is text, and reads the same on every machine.

mod mermaid;
mod shiviz;
mod test;

pub use mermaid::{TooLong, mermaid};
pub use shiviz::shiviz;
pub use test::test;

use crate::id::EventIndex;
use crate::protocol::{Mark, Weight};
use crate::scenario::{Edit, text};
use crate::trace::{Deed, Trace};
use crate::world::Cause;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What an edit's event is, in the words of the text form: `at 66 ms crash S1`. None for other events.
fn action(trace: &Trace, event: EventIndex) -> Option<String> {
    let event = trace.event(event);
    match event.cause {
        Cause::Act(action) => Some(text::encode_edit(&trace.scenario, &Edit::At { at: event.at, action })),
        Cause::Boot(_) | Cause::Deliver(_) | Cause::Fire(_) => None,
    }
}

/// What turned at an event: a role was taken up, something was decided, ignored, or broke.
fn turns(trace: &Trace, event: EventIndex) -> Vec<String> {
    let mut said: Vec<String> = role(trace, event).into_iter().collect();
    said.extend(trace.deeds(event).iter().filter_map(|deed| match deed {
        // The role says this already.
        Deed::Marked(Mark::Elected | Mark::Received | Mark::Appended | Mark::Applied, _) => None,
        Deed::Marked(_, phrase) => Some(phrase.show(|node| trace.name(node))),
        Deed::Ignored(why) => Some(format!("ignored: {}", why.show(|node| trace.name(node)))),
        Deed::CrashedHere(_) => Some("crashes here, before it is done".to_string()),
        _ => None,
    }));
    if let Some((property, _, breach)) = trace.first_violation().filter(|(_, at, _)| *at == event) {
        said.push(format!("{} breaks: {}", trace.specification().properties[property].name, breach.sentence));
    }
    said
}

/// The role that the event's node takes up there: `leader, term 2`. None if it only follows.
fn role(trace: &Trace, event: EventIndex) -> Option<String> {
    let changes = &trace.faces;
    let place = changes.partition_point(|change| change.event < event);
    let change = changes.get(place).filter(|change| change.event == event)?;
    let face = change.face.filter(|face| matches!(face.weight, Weight::Stands | Weight::Leads))?;
    let before = changes[..place].iter().rev().find(|before| before.node == change.node).and_then(|before| before.face);
    if before.is_some_and(|before| (before.role, before.epoch) == (face.role, face.epoch)) {
        return None;
    }
    let word = trace.specification().epoch_word;
    Some(if face.epoch == 0 { face.role.to_string() } else { format!("{}, {word} {}", face.role, face.epoch) })
}
