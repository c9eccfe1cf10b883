//! A run as a test: its scenario, and what it shows, in the form of the gallery's files ([`crate::gallery`]).

use crate::protocol::When;
use crate::scenario::text;
use crate::trace::{Trace, Verdict};
use alloc::string::String;
use core::fmt::Write;

/// The scenario with an `expect` section that holds what the run shows, its digest included.
#[must_use]
#[inline]
pub fn test(trace: &Trace) -> String {
    let mut file = text::encode(&trace.scenario);
    let properties = trace.specification().properties;
    let first = trace.first_violation();
    file.push_str("expect\n");
    match first {
        Some((property, event, _)) => {
            let _ = writeln!(file, "  breaks {} at {} ms", properties[property].id, trace.event(event).at);
        }
        None => file.push_str("  holds\n"),
    }
    for (property, verdict) in properties.iter().zip(&trace.verdicts) {
        let word = match (property.when, verdict) {
            // Without a violation all of these hold: that is said already.
            (When::Always, Verdict::Holds { .. }) if first.is_some() => "holds",
            (When::Always, _) => continue,
            (When::ByTheEnd, Verdict::Holds { .. }) => "reaches",
            (When::ByTheEnd, _) => "misses",
        };
        let _ = writeln!(file, "  {word} {}", property.id);
    }
    let _ = writeln!(file, "  digest {:016x}", trace.digest);
    file
}
