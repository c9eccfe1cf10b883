//! A run as JSON, for scripts: what [`super::events()`] says, in fields. Times are in milliseconds, `caused_by` is the place of an
//! event in `events`.

use super::events::{cause, said};
use crate::json::{list, object, quoted};
use crate::text;
use alloc::format;
use alloc::string::{String, ToString};
use lightcone_engine::id::EventIndex;
use lightcone_engine::protocol::Property;
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::{Outcome, Verdict};

/// The run as one JSON object.
#[must_use]
pub fn json(trace: &Trace) -> String {
    let specification = trace.specification();
    let lanes = trace.lanes().iter().map(|lane| quoted(&lane.name));
    let events = (0..trace.events.len() as u32).map(|place| event(trace, EventIndex(place)));
    let edits = trace.scenario.edits().map(|edit| {
        let (outcome, why) = match trace.outcome(edit) {
            Outcome::Applied => ("applied", None),
            Outcome::Changed(why) => ("changed", Some(why)),
            Outcome::Unused(why) => ("without effect", Some(why)),
        };
        let line = text::encode_edit(&trace.scenario, edit);
        object(&[
            ("edit", Some(quoted(&line))),
            ("outcome", Some(quoted(outcome))),
            ("why", why.map(|why| quoted(&why))),
        ])
    });
    let verdicts = specification.properties.iter().zip(&trace.verdicts).map(|(of, verdict)| judged(trace, of, verdict));
    object(&[
        ("protocol", Some(quoted(specification.id))),
        ("title", Some(quoted(&trace.scenario.title))),
        ("digest", Some(format!("\"{:016x}\"", trace.digest))),
        ("stopped", trace.stopped().map(|why| quoted(&why))),
        ("lanes", Some(list(lanes))),
        ("events", Some(list(events))),
        ("edits", Some(list(edits))),
        ("verdicts", Some(list(verdicts))),
    ]) + "\n"
}

fn event(trace: &Trace, index: EventIndex) -> String {
    let event = trace.event(index);
    let did = trace.deeds(index).iter().filter_map(|deed| said(trace, deed)).map(|line| quoted(&line));
    object(&[
        ("at", Some(event.at.to_string())),
        ("node", event.node.map(|node| quoted(&trace.name(node)))),
        ("what", Some(quoted(&cause(trace, event.at, event.cause)))),
        ("caused_by", event.sender.map(|sender| sender.0.to_string())),
        ("did", Some(list(did))),
    ])
}

fn judged(trace: &Trace, property: &Property, verdict: &Verdict) -> String {
    let at = |event: EventIndex| trace.event(event).at.to_string();
    let (word, at, why) = match verdict {
        Verdict::Holds { since } => ("holds", since.map(at), None),
        Verdict::Broken { event, breach } => ("broken", Some(at(*event)), Some(&*breach.sentence)),
        Verdict::NotByTheEnd { breach } => ("not by the end", None, breach.as_ref().map(|breach| &*breach.sentence)),
        Verdict::Untested { why } => ("not put to the test", None, Some(*why)),
        Verdict::NotPromised { why } => ("not promised", None, Some(*why)),
        Verdict::CannotTell { why } => ("cannot tell", None, Some(&**why)),
    };
    object(&[
        ("property", Some(quoted(property.id))),
        ("verdict", Some(quoted(word))),
        ("at", at),
        ("why", why.map(quoted)),
    ])
}
