//! Prints the run of a scenario file, an event a line: `cargo run -p lightcone-tests --example show -- FILE [FROM TO]`.
//!
//! For whoever writes scenarios: what is sent when and under which name, what fires, what breaks.

use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::{Deed, Fate, Outcome};
use lightcone_engine::{EventIndex, MessageId, Time, TimerId, Trace, simulate};
use lightcone_formats::text;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else { return println!("Which file?") };
    let mut time = |default| arguments.next().and_then(|ms| ms.parse().ok()).map_or(default, Time::from_millis);
    let (from, to) = (time(Time::ZERO), time(Time::from_millis(600_000)));
    let content = match std::fs::read_to_string(&file) {
        Ok(content) => content,
        Err(error) => return println!("{file}: {error}"),
    };
    // A gallery file ends with what it expects; that is not part of the scenario.
    let scenario =
        match text::decode(content.split("expect\n").next().unwrap_or_default(), lightcone_protocols::PROTOCOLS) {
            Ok(scenario) => scenario,
            Err(error) => return println!("{file}: {error}"),
        };
    let trace = simulate(&scenario);
    for (place, event) in trace.events.iter().enumerate().filter(|(_, event)| from <= event.at && event.at <= to) {
        let lane = event.node.map_or("-".into(), |node| trace.name(node));
        println!("{:>8} {lane:3} {}", event.at.to_string(), cause(&trace, event.cause));
        for deed in trace.deeds(EventIndex(place as u32)) {
            print_deed(&trace, deed);
        }
    }
    print_end(&trace);
}

fn message(trace: &Trace, id: MessageId) -> String {
    let label = trace.message(id).map_or(String::new(), |message| message.payload.label());
    let copy = if id.copy == 0 { String::new() } else { format!(".{}", id.copy) };
    format!("{}>{} {}#{}{copy} \"{label}\"", trace.name(id.from), trace.name(id.to), trace.kind(id).name, id.ordinal)
}

fn timer(trace: &Trace, id: TimerId) -> String {
    format!("{} {}#{}", trace.name(id.node), trace.plan.protocol.timers()[usize::from(id.kind)], id.ordinal)
}

fn cause(trace: &Trace, cause: Cause) -> String {
    match cause {
        Cause::Deliver(id) => message(trace, id),
        Cause::Fire(id) => format!("fires: {}", timer(trace, id)),
        other => format!("{other:?}"),
    }
}

fn print_deed(trace: &Trace, deed: &Deed) {
    let name = |node| trace.name(node);
    match deed {
        Deed::Sent(place) => {
            let sent = &trace.messages[*place as usize];
            let fate =
                if matches!(sent.fate, Fate::Delivered(_)) { String::new() } else { format!(" {:?}", sent.fate) };
            println!("             sends {} for {}{fate}", message(trace, sent.id), sent.arrives);
        }
        Deed::Armed(place) => {
            let armed = &trace.timers[*place as usize];
            println!("             arms {} for {}", timer(trace, armed.id), armed.due);
        }
        Deed::Persisted(_) => println!("             saves"),
        Deed::Replied(id, answer) => println!("             answers #{}: {answer}", id.ordinal),
        Deed::Marked(mark, phrase) => println!("             {mark:?}: {}", phrase.show(name)),
        Deed::Ignored(phrase) => println!("             ignores it: {}", phrase.show(name)),
        Deed::CrashedHere(_) => println!("             crashes here"),
        _ => {}
    }
}

fn print_end(trace: &Trace) {
    for edit in trace.scenario.edits() {
        let outcome = trace.outcome(edit);
        if outcome != Outcome::Applied {
            println!("{edit:?}: {outcome:?}");
        }
    }
    for (property, verdict) in trace.specification().properties.iter().zip(&trace.verdicts) {
        println!("{}: {verdict:?}", property.id);
    }
    println!("{} events, {} messages, {:?}", trace.events.len(), trace.messages.len(), trace.ending);
}
