//! A run as text, one event a line, with everything that the page shows of it: labels, marks and reasons, the lanes' status
//! and conditions, and the margin's view of a node's state as far as the event changed it.
//!
//! ```text
//!   23.5 S2  S1>S2 RequestVote#1 "Vote request, term 1"
//!            sends S2>S1 Vote#1 "Vote, term 1" for 35.2
//!            * follower, term 1
//!            | Voted for: S1
//! ```
//!
//! `*` is the lane's status. `+` and `-` are conditions that begin and end. `|` is a line of the margin, and `~` a line of
//! the margin that is gone.

use crate::text;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, TimerId};
use lightcone_engine::protocol::{Cause, Edit, Inspection};
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace::{Deed, Fate, Outcome, Verdict};
use lightcone_engine::time::Time;

/// The events between two moments. After them, the edits that did not do what they say, and the verdicts.
#[must_use]
pub fn events(trace: &Trace, from: Time, to: Time) -> String {
    let mut text = String::new();
    let mut margins: Vec<Vec<String>> = vec![Vec::new(); trace.lanes().len()];
    for index in (0..trace.events.len() as u32).map(EventIndex) {
        let lines = lines(trace, index, &mut margins);
        if (from..=to).contains(&trace.event(index).at) {
            lines.iter().for_each(|line| text.extend([line, "\n"]));
        }
    }
    ending(trace).iter().for_each(|line| text.extend([line, "\n"]));
    text
}

/// An event, what it did, and what it changed.
fn lines(trace: &Trace, index: EventIndex, margins: &mut [Vec<String>]) -> Vec<String> {
    let event = trace.event(index);
    let lane = event.node.map_or("-".into(), |node| trace.name(node));
    let mut lines = vec![format!("{:>8} {lane:3} {}", event.at.to_string(), cause(trace, event.at, event.cause))];
    let mut add = |line: String| lines.push(format!("             {line}"));
    trace.deeds(index).iter().filter_map(|deed| said(trace, deed)).for_each(&mut add);
    let epoch = trace.specification().epoch_word;
    for change in trace.statuses.iter().filter(|change| change.event == index) {
        add(match change.status {
            None => "* down".into(),
            Some(status) if status.epoch == 0 => format!("* {}", status.role),
            Some(status) => format!("* {}, {epoch} {}", status.role, status.epoch),
        });
    }
    for change in trace.conditions.iter().filter(|change| change.event == index) {
        let phrase = change.condition.phrase.show(|node| trace.name(node));
        add(format!("{} {phrase}", if change.begins.is_some() { '+' } else { '-' }));
    }
    if let Some(node) = event.node {
        let now = margin(trace, index, node);
        let before = core::mem::replace(&mut margins[node.index()], now.clone());
        before.iter().filter(|line| !now.contains(line)).for_each(|line| add(format!("~ {line}")));
        now.iter().filter(|line| !before.contains(line)).for_each(|line| add(format!("| {line}")));
    }
    lines
}

/// The margin's view of a node after an event; of a stopped node, its stable storage.
fn margin(trace: &Trace, index: EventIndex, node: NodeId) -> Vec<String> {
    let world = trace.world_at(index);
    let mut view = Inspection::default();
    match (world.state(node), world.durable(node)) {
        (Some(state), _) => state.inspect(&mut view),
        (None, Some(durable)) => durable.inspect(&mut view),
        (None, None) => {}
    }
    let mut lines = Vec::from_iter(Some(view.summary).filter(|summary| !summary.is_empty()));
    lines.extend(view.facts.iter().map(|(name, value)| format!("{name}: {value}")));
    for table in &view.tables {
        for row in &table.rows {
            let cells = table.columns.iter().zip(&row.cells).map(|(column, cell)| format!("{column} {cell}"));
            let cells: Vec<String> = cells.collect();
            let settled = if row.settled { "" } else { ", not settled" };
            lines.push(format!("{}: {}{settled}", table.name, cells.join(", ")));
        }
    }
    lines
}

fn cause(trace: &Trace, at: Time, cause: Cause) -> String {
    match cause {
        Cause::Boot(_) => "starts".into(),
        Cause::Recorded(_) => "is recorded".into(),
        Cause::Deliver(id) => message(trace, id),
        Cause::Fire(id) => format!("fires: {}", timer(trace, id)),
        Cause::Act(action) => {
            let line = text::encode_edit(&trace.scenario, &Edit::At { at, action });
            line.split_once(" ms ").map_or(line.clone(), |(_, did)| did.to_string())
        }
    }
}

fn said(trace: &Trace, deed: &Deed) -> Option<String> {
    let name = |node| trace.name(node);
    Some(match deed {
        Deed::Sent(place) => {
            let sent = &trace.messages[*place as usize];
            let mut line = format!("sends {} for {}", message(trace, sent.id), sent.arrives);
            if !matches!(sent.fate, Fate::Delivered(_)) {
                // Writing to a string does not fail.
                let _ = write!(line, " {:?}", sent.fate);
            }
            line
        }
        Deed::Armed(place) => {
            let armed = &trace.timers[*place as usize];
            format!("arms {} for {}", timer(trace, armed.id), armed.due)
        }
        Deed::Persisted(_) => "saves".into(),
        Deed::Replied(id, answer) => format!("answers #{}: {answer}", id.ordinal),
        Deed::Marked(mark, phrase) => format!("{mark:?}: {}", phrase.show(name)),
        Deed::Ignored(why) => format!("ignores it: {}", why.show(name)),
        Deed::Holds(belief) => format!("believes: {belief}"),
        Deed::Evidence(belief) => format!("speaks for: {belief}"),
        Deed::CrashedHere(_) => "crashes here".into(),
        Deed::Recorded { text, .. } => text.to_string(),
        Deed::Disarmed(_) | Deed::LostWaiting(_) | Deed::Happened(_) | Deed::Heard(_) => return None,
    })
}

fn message(trace: &Trace, id: MessageId) -> String {
    let label = trace.message(id).map_or_else(String::new, |message| trace.label(message));
    let copy = if id.copy == 0 { String::new() } else { format!(".{}", id.copy) };
    format!("{}>{} {}#{}{copy} \"{label}\"", trace.name(id.from), trace.name(id.to), trace.kind(id).name, id.ordinal)
}

fn timer(trace: &Trace, id: TimerId) -> String {
    format!("{} {}#{}", trace.name(id.node), trace.plan.protocol.timers()[usize::from(id.kind)], id.ordinal)
}

fn ending(trace: &Trace) -> Vec<String> {
    let mut lines = Vec::new();
    for edit in trace.scenario.edits() {
        let why = match trace.outcome(edit) {
            Outcome::Applied => continue,
            Outcome::Changed(why) | Outcome::Unused(why) => why,
        };
        lines.push(format!("{}: {why}", text::encode_edit(&trace.scenario, edit)));
    }
    for (property, verdict) in trace.specification().properties.iter().zip(&trace.verdicts) {
        lines.push(match verdict {
            Verdict::Holds { since: None } => format!("holds: {}", property.id),
            Verdict::Holds { since: Some(event) } => format!("holds: {}, at {}", property.id, trace.event(*event).at),
            Verdict::Broken { event, breach } => {
                format!("broken: {}, at {}: {}", property.id, trace.event(*event).at, breach.sentence)
            }
            Verdict::NotByTheEnd { breach } => {
                let why = breach.as_ref().map_or("", |breach| &breach.sentence);
                format!("not by the end: {}: {why}", property.id)
            }
            Verdict::Untested { why } => format!("not put to the test: {}: {why}", property.id),
            Verdict::NotPromised { why } => format!("not promised: {}: {why}", property.id),
            Verdict::CannotTell { why } => format!("cannot tell: {}: {why}", property.id),
        });
    }
    lines.push(format!("{} events, {} messages, {:?}", trace.events.len(), trace.messages.len(), trace.ending));
    lines
}
