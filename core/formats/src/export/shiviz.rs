//! A run as a log for ShiViz (<https://bestchai.bitbucket.io/shiviz/>), which draws space-time diagrams from vector
//! clocks.
//!
//! Each event has two lines: what happened, then the node and its vector clock as JSON. This is ShiViz's default format:
//! leave the field for a regular expression empty, or paste the default one:
//!
//! ```text
//! (?<event>.*)\n(?<host>\S*) (?<clock>{.*})
//! ```
//!
//! The clocks are those of the run ([`VectorClocks`]). ShiViz derives messages from clocks. It therefore does not show lost
//! messages, nor events of no node, such as cuts.

use super::turns::{action, breaks, turns};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::Trace;
use lightcone_engine::run::causality::VectorClocks;

/// The run as a ShiViz log.
#[must_use]
pub fn shiviz(trace: &Trace) -> String {
    let clocks = VectorClocks::of(trace);
    let lanes = trace.lanes();
    let mut log = String::new();
    for (event, place) in trace.events.iter().zip(0..) {
        let Some(host) = event.node.and_then(|node| lanes.get(node.index())) else { continue };
        let _ = write!(log, "{}\n{} {{", one_line(&what(trace, EventIndex(place))), host.name);
        let counts = lanes.iter().zip(clocks.at(EventIndex(place))).filter(|(_, count)| **count > 0);
        for (number, (lane, count)) in counts.enumerate() {
            let _ = write!(log, "{}\"{}\":{count}", if number == 0 { "" } else { ", " }, lane.name);
        }
        log.push_str("}\n");
    }
    log
}

/// What happened, with its time: `12.4 ms, receives from S5: Vote, term 2; leader, term 2`.
fn what(trace: &Trace, event: EventIndex) -> String {
    if let Some((_, text)) = trace.line(event) {
        return text.to_string();
    }
    let here = trace.event(event);
    let mut said = match here.cause {
        Cause::Recorded(_) => String::new(),
        Cause::Boot(_) => format!("{} ms, starts", here.at),
        Cause::Act(_) => action(trace, event).unwrap_or_default(),
        Cause::Fire(timer) => {
            let name = trace.plan.protocol.timers().get(usize::from(timer.kind)).copied().unwrap_or("timer");
            format!("{} ms, timer: {name}", here.at)
        }
        Cause::Deliver(id) => {
            let label = trace.label(&trace.messages[here.record as usize]);
            format!("{} ms, receives from {}: {label}", here.at, trace.name(id.from))
        }
    };
    for turn in turns(trace, event) {
        said.push_str("; ");
        said.push_str(&turn);
    }
    said
}

/// The text in one line.
fn one_line(text: &str) -> String {
    text.chars().map(|each| if breaks(each) { ' ' } else { each }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_a_line() {
        assert_eq!(one_line("a\nb\r\u{2028}c {\"x\": 1}"), "a b  c {\"x\": 1}");
    }
}
