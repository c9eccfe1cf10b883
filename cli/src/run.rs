//! Finds the run that an argument names: a file, a link, a protocol or a run of the gallery. Also describes events in
//! words.

use crate::content;
use lightcone_content::gallery;
use lightcone_content::searches::Small;
use lightcone_engine::limits::{MAX_LINK_BYTES, MAX_TEXT_BYTES};
use lightcone_engine::protocol::{Cause, Mark};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, Scenario, Trace};
use lightcone_formats::{link, text};

/// The run that `what` names, with the start and the bounds of a search in it.
pub fn meant(what: &str) -> Result<Small, String> {
    if let Some(code) = link_in(what) {
        let decoded = link::decode(code, lightcone_protocols::PROTOCOLS).map_err(|error| error.to_string())?;
        if decoded.changed.is_some() {
            eprintln!("lightcone: the protocol has changed since this link was made; the run may end differently");
        }
        return Ok(bounded(decoded.scenario));
    }
    if std::path::Path::new(what).exists() || what == "-" {
        let content = content(what, MAX_TEXT_BYTES)?;
        let small = Small::read(&content).map_err(|error| format!("{what}: {error}"))?;
        let says_how_far = small != Small::usual(small.scenario.clone());
        return Ok(if says_how_far { small } else { bounded(small.scenario) });
    }
    named(what).ok_or_else(|| {
        let names: Vec<&str> = lightcone_protocols::PROTOCOLS.iter().map(|family| family.specification().id).collect();
        format!("`{what}` is no file, no link and no run; the protocols are {}", names.join(", "))
    })
}

/// The code in an address `…#/run/CODE?options`.
fn link_in(what: &str) -> Option<&str> {
    let (_, code) = what.split_once("#/run/").or_else(|| what.split_once("#/embed/run/"))?;
    let code = code.split('?').next().unwrap_or(code);
    Some(&code[..code.len().min(MAX_LINK_BYTES + 1)])
}

fn named(what: &str) -> Option<Small> {
    let Some((protocol, slug)) = what.split_once('/') else {
        return lightcone_protocols::by_id(what).map(|family| Small::of(family, None));
    };
    let mut exhibits = gallery::gallery().into_iter();
    let exhibit = exhibits.find(|exhibit| exhibit.protocol == protocol && exhibit.slug == slug)?;
    let scenario = Scenario { title: exhibit.title, ..exhibit.scenario };
    Some(bounded(scenario))
}

/// A search from the start of a run, with the default bounds of its protocol and its first flaw.
fn bounded(scenario: Scenario) -> Small {
    let flaw = (0..32).find(|flaw| scenario.settings.flaws.has(*flaw));
    let bounds = Small::of(scenario.protocol, flaw).bounds;
    let usual = Small::usual(scenario);
    Small { bounds, ..usual }
}

/// An event in words: `S2 receives Request vote, term 1, from S1`.
pub fn event(trace: &Trace, scenario: &Scenario, index: EventIndex) -> String {
    let event = trace.event(index);
    let name = event.node.map_or_else(String::new, |node| trace.name(node));
    let what = match event.cause {
        Cause::Boot(_) => format!("{name} starts"),
        Cause::Act(action) => {
            let edit = text::encode_edit(scenario, &lightcone_engine::Edit::At { at: event.at, action });
            edit.split_once(" ms ").map_or(edit.clone(), |(_, did)| did.to_owned())
        }
        Cause::Fire(timer) => format!("{name}: time-out, {}", timer_name(trace, timer.kind)),
        Cause::Deliver(id) => {
            let label = trace.message(id).map_or_else(String::new, |message| message.payload.label());
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
