//! A run as a Mermaid sequence diagram (<https://mermaid.js.org/syntax/sequenceDiagram.html>).
//!
//! Mermaid draws every arrow level. An arrow therefore stands where its message arrives, or, if the message never arrives,
//! where it is sent; the label has both times. Requests are solid, replies are dashed. A lost message ends in a cross
//! (`-x`), a message still under way in an open head (`-)`).

use super::turns::{action, breaks, turns};
use alloc::format;
use alloc::string::String;
use core::fmt::Write;
use lightcone_engine::id::{EventIndex, NodeId};
use lightcone_engine::limits::MAX_MERMAID_MESSAGES;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::{Deed, Fate, Message};

/// A run has more messages than [`MAX_MERMAID_MESSAGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The number of its messages.
    pub messages: usize,
}

/// The run as a `sequenceDiagram`: lanes, messages, and notes for what edits do and what turns.
///
/// # Errors
/// The run has too many messages for a diagram of this kind.
pub fn mermaid(trace: &Trace) -> Result<String, TooLong> {
    if trace.messages.len() > MAX_MERMAID_MESSAGES {
        return Err(TooLong { messages: trace.messages.len() });
    }
    let mut diagram = String::from("sequenceDiagram\n");
    for lane in trace.lanes() {
        let _ = writeln!(diagram, "  participant {} as {}", id(&lane.name), escaped(&lane.name));
    }
    for place in 0..trace.events.len() as u32 {
        event(trace, EventIndex(place), &mut diagram);
    }
    trace.stopped().iter().for_each(|why| note(trace, None, why, &mut diagram));
    Ok(diagram)
}

/// The event's cause, its turning point, and the messages that it sent in vain.
fn event(trace: &Trace, event: EventIndex, diagram: &mut String) {
    let here = trace.event(event);
    match here.cause {
        Cause::Deliver(_) => arrow(trace, &trace.messages[here.record as usize], diagram),
        Cause::Act(_) | Cause::Boot(_) | Cause::Fire(_) | Cause::Recorded(_) => {}
    }
    for said in action(trace, event).into_iter().chain(turns(trace, event)) {
        note(trace, here.node, &said, diagram);
    }
    for deed in trace.deeds(event) {
        if let Deed::Sent(place) = deed
            && let message = &trace.messages[*place as usize]
            && !matches!(message.fate, Fate::Delivered(_))
        {
            arrow(trace, message, diagram);
        }
    }
}

fn arrow(trace: &Trace, message: &Message, diagram: &mut String) {
    let (sent, arrives) = (message.sent, message.arrives);
    let (head, when) = match message.fate {
        Fate::Delivered(event) => (">>", format!("{sent} to {} ms", trace.event(event).at)),
        Fate::InFlight => (")", format!("from {sent} ms, under way at the end")),
        Fate::CutAtSending | Fate::LostByLink | Fate::Dropped => ("x", format!("from {sent} ms, lost")),
        Fate::CutAtArrival | Fate::ReachedStopped => ("x", format!("{sent} to {arrives} ms, lost")),
    };
    let line = if trace.kind(message.id).reply { "--" } else { "-" };
    let (from, to) = (trace.name(message.id.from), trace.name(message.id.to));
    let label = escaped(&trace.label(message));
    let _ = writeln!(diagram, "  {}{line}{head}{}: {label}, {when}", id(&from), id(&to));
}

/// A note over a lane, or over all of them.
fn note(trace: &Trace, node: Option<NodeId>, said: &str, diagram: &mut String) {
    let over = match (node, trace.lanes()) {
        (Some(node), _) => id(&trace.name(node)),
        (None, [first, .., last]) => format!("{},{}", id(&first.name), id(&last.name)),
        (None, lanes) => lanes.first().map_or_else(String::new, |only| id(&only.name)),
    };
    let _ = writeln!(diagram, "  note over {over}: {}", escaped(said));
}

/// A lane's name as a participant's. A name without a digit gets an underscore, because Mermaid's own words (`end`, `note`)
/// have no digit.
fn id(name: &str) -> String {
    let plain = name.bytes().any(|byte| byte.is_ascii_digit());
    [name, if plain { "" } else { "_" }].concat()
}

/// A text that no parser misreads. Every character except letters, digits and a few harmless signs becomes its number
/// (`#58;`), and a line break becomes a space.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for each in text.chars() {
        match each {
            '0'..='9' | 'A'..='Z' | 'a'..='z' | ' ' | '.' | ',' | '(' | ')' | '=' | '|' | '/' | '-' => safe.push(each),
            each if breaks(each) => safe.push(' '),
            each => drop(write!(safe, "#{};", u32::from(each))),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_nothing_that_mermaid_could_take_for_its_own() {
        assert_eq!(escaped("Vote, term 2"), "Vote, term 2");
        assert_eq!(escaped("a; b: #c\nend \"x\"\u{85}"), "a#59; b#58; #35;c end #34;x#34; ");
        assert_eq!(escaped("%%{init}%% <br> ’"), "#37;#37;#123;init#125;#37;#37; #60;br#62; #8217;");
        let every: String = (0..0x3000).filter_map(char::from_u32).collect();
        let safe = escaped(&every);
        assert!(!safe.contains(|each: char| each.is_control() || "%<>{}:\"+".contains(each)));
        let numbers = safe.split('#').skip(1);
        assert!(numbers.into_iter().all(|rest| rest.split_once(';').is_some_and(|(it, _)| it.parse::<u32>().is_ok())));
    }

    #[test]
    fn names_are_never_words_of_mermaid() {
        assert_eq!(id("S1"), "S1");
        assert_eq!(id("end"), "end_");
        assert_eq!(id("TM"), "TM_");
    }
}
