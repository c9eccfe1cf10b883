//! Events in words.

use lightcone_engine::protocol::{Cause, Mark};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, Scenario, Trace};
use lightcone_formats::text;

/// An event in words: `S2 receives Vote request, term 1, from S1`.
pub fn event(trace: &Trace, scenario: &Scenario, index: EventIndex) -> String {
    let event = trace.event(index);
    let name = event.node.map_or_else(String::new, |node| trace.name(node));
    let what = match event.cause {
        Cause::Boot(_) | Cause::Recorded(_) => format!("{name} starts"),
        Cause::Act(action) => {
            let edit = text::encode_edit(scenario, &lightcone_engine::Edit::At { at: event.at, action });
            edit.split_once(" ms ").map_or(edit.clone(), |(_, did)| did.to_owned())
        }
        Cause::Fire(timer) => format!("{name}: time-out, {}", timer_name(trace, timer.kind)),
        Cause::Deliver(id) => {
            let label = trace.message(id).map_or_else(String::new, |message| trace.label(message));
            let copy = if id.copy == 0 { "" } else { ", a copy" };
            format!("{name} receives {label}, from {}{copy}", trace.name(id.from))
        }
    };
    let marks = trace.deeds(index).iter().filter_map(|deed| match deed {
        Deed::Marked(Mark::Received, _) => None,
        Deed::Marked(_, phrase) => Some(phrase.show(|node| trace.name(node))),
        Deed::CrashedHere(_) => Some("crashes here".to_owned()),
        Deed::Replied(_, answer) => Some(format!("is answered: {answer}")),
        _ => None,
    });
    let marks: Vec<String> = marks.collect();
    if marks.is_empty() { what } else { format!("{what}: {}", marks.join(", ")) }
}

fn timer_name(trace: &Trace, kind: u8) -> &'static str {
    trace.plan.protocol.timers().get(usize::from(kind)).copied().unwrap_or("?")
}
