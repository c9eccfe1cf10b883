//! A run as a log for ShiViz (<https://bestchai.bitbucket.io/shiviz/>), which draws space-time diagrams from vector
//! clocks.
//!
//! Two lines an event: what happened, then the node and its vector clock as JSON. This is ShiViz's own format: leave
//! its field for a regular expression empty, or paste the one that it then uses:
//!
//! ```text
//! (?<event>.*)\n(?<host>\S*) (?<clock>{.*})
//! ```
//!
//! The clocks are the run's own ([`VectorClocks`]). ShiViz finds the messages by them, so those that are lost do not
//! show, nor does what happens to no node, such as a cut.

use super::{action, turns};
use crate::causality::VectorClocks;
use crate::id::EventIndex;
use crate::trace::Trace;
use crate::world::Cause;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// The run as a ShiViz log.
#[must_use]
pub fn shiviz(trace: &Trace) -> String {
    let clocks = VectorClocks::of(trace);
    let hosts: Vec<String> = trace.lanes().iter().map(|lane| host(&lane.name)).collect();
    let mut log = String::new();
    for (event, place) in trace.events.iter().zip(0..) {
        let Some(host) = event.node.and_then(|node| hosts.get(node.index())) else { continue };
        let _ = write!(log, "{}\n{host} {{", one_line(&what(trace, EventIndex(place))));
        let counts = hosts.iter().zip(clocks.at(EventIndex(place))).filter(|(_, count)| **count > 0);
        for (number, (host, count)) in counts.enumerate() {
            let _ = write!(log, "{}\"{host}\":{count}", if number == 0 { "" } else { ", " });
        }
        log.push_str("}\n");
    }
    log
}

/// What happened, with its time: `12.4 ms, receives from S5: Vote, term 2; leader, term 2`.
fn what(trace: &Trace, event: EventIndex) -> String {
    let here = trace.event(event);
    let mut said = match here.cause {
        Cause::Boot(_) => format!("{} ms, starts", here.at),
        Cause::Act(_) => action(trace, event).unwrap_or_default(),
        Cause::Fire(timer) => {
            let name = trace.plan.family.timers().get(usize::from(timer.kind)).copied().unwrap_or("timer");
            format!("{} ms, timer: {name}", here.at)
        }
        Cause::Deliver(id) => {
            let label = trace.messages[here.record as usize].payload.label();
            format!("{} ms, receives from {}: {label}", here.at, trace.name(id.from))
        }
    };
    for turn in turns(trace, event) {
        said.push_str("; ");
        said.push_str(&turn);
    }
    said
}

/// A host's name: ShiViz ends it at the first space, JSON at a quote.
fn host(name: &str) -> String {
    let harmless = |each: char| if each.is_alphanumeric() { each } else { '_' };
    name.chars().map(harmless).collect()
}

/// The text in one line: whatever could end it becomes a space.
fn one_line(text: &str) -> String {
    let breaks = |each: char| each.is_control() || matches!(each, '\u{2028}' | '\u{2029}');
    text.chars().map(|each| if breaks(each) { ' ' } else { each }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_and_no_text_breaks_a_line() {
        assert_eq!(host("S1"), "S1");
        assert_eq!(host("a \"b\\\n"), "a__b__");
        assert_eq!(one_line("a\nb\r\u{2028}c {\"x\": 1}"), "a b  c {\"x\": 1}");
    }
}
