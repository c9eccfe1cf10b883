//! The words of the figure: its labels, and the sentences of screen readers. They are short, plain and in the present
//! tense; nodes act, and the reader is "you".

use crate::read::changes;
use crate::read::clients::ClientOperation;
use crate::read::history::{Cut, Spell};
use crate::read::index::Index;
use crate::read::sentences::{self, brief, length};
pub use crate::read::sentences::{ignored, moment as millis, operation};
use crate::view::Selection;
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::protocol::{ConditionKind, Mark, Source};
use lightcone_engine::run::trace::{Deed, Fate, Message};
use lightcone_engine::{EventIndex, MessageId, NodeId, RequestId, Time, Trace};

/// The figure's role, as screen readers say it.
pub const ROLE: &str = "space-time diagram";
/// Beside a message that says no; its reason follows where there is room.
pub const NO: &str = "no";
/// Beside the grip, off the lane.
pub const DROP: &str = "drop";
/// Beside a message that the reader dropped.
pub const DROPPED: &str = "dropped by you";
/// At the axis, above the dotted line.
pub const FIRST_DIFFERENCE: &str = "first difference";
/// Beside a message that moves with the one in the other figure's hand.
pub const MOVES_ALONG: &str = "moves along";
/// Over the line where the two runs of a comparison part.
pub const THEY_PART: &str = "they part";
/// Once, until the first drag.
pub const TAKE: &str = "Drag an arrowhead";
/// The figure's hint for those who hear it.
#[must_use]
pub fn keys(trace: &Trace) -> &'static str {
    match trace.is_recorded() {
        false => "Arrow keys walk through events and messages; Delete drops a message, D delivers it twice.",
        true => "Arrow keys walk through events, Tab through their messages.",
    }
}
/// Beside a node's crash.
pub const CRASHES: &str = "crashes";
/// A crash that the reader made.
pub const CRASHED_BY_YOU: &str = "crashed by you";
/// Beside a node's restart.
pub const RESTARTS: &str = "restarts";
/// In a lane's head.
pub const STOPPED: &str = "stopped";
/// In a lane's head.
pub const PAUSED: &str = "paused";

/// How far something was moved: "+86 ms".
#[must_use]
pub fn shift(from: Time, to: Time) -> String {
    if to >= from { format!("+{} ms", length(to.since(from))) } else { format!("−{} ms", length(from.since(to))) }
}

/// The flag at the cursor.
#[must_use]
pub fn flag(trace: &Trace, time: Time) -> String {
    trace.moment(time)
}

/// A message's name in keys and addresses: `S5-S3-Vote-1`.
#[must_use]
pub fn message_name(trace: &Trace, id: MessageId) -> String {
    let kind = trace.kind(id).name;
    let name = format!("{}-{}-{kind}-{}", trace.name(id.from), trace.name(id.to), id.ordinal);
    if id.copy == 0 { name } else { format!("{name}-copy{}", id.copy) }
}

/// Why a message cannot arrive before another, on a link that keeps its order.
#[must_use]
pub fn fifo(trace: &Trace, neighbour: MessageId, before: bool) -> String {
    let what = trace.kind(neighbour).label.to_ascii_lowercase();
    format!("FIFO: not {} {what} {}", if before { "before" } else { "after" }, neighbour.ordinal)
}

/// The model's bound.
pub const BOUND: &str = "The model bounds the delay";

/// The fate of a message, in a sentence.
fn fate(trace: &Trace, message: &Message) -> String {
    let to = trace.name(message.id.to);
    match message.fate {
        Fate::Delivered(event) => {
            let arrives = format!("arrives at {}", trace.moment(trace.event(event).at));
            match ignored(trace, event) {
                Some(why) => format!("{arrives}; {to} ignores it: {why}"),
                None => arrives,
            }
        }
        Fate::InFlight => "is under way when the run ends".into(),
        Fate::LostByLink => "is lost by the link".into(),
        Fate::Dropped => "is dropped".into(),
        Fate::CutAtSending | Fate::CutAtArrival => "is lost: the link is cut".into(),
        Fate::ReachedStopped => format!("is lost: {to} is down"),
    }
}

/// A message as a sentence.
#[must_use]
pub fn message(trace: &Trace, message: &Message) -> String {
    let (from, to) = (trace.name(message.id.from), trace.name(message.id.to));
    let copy = if message.id.copy == 0 { "" } else { ", a copy" };
    let label = trace.label(message);
    format!("{label}, {from} to {to}{copy}, sent at {}, {}.", trace.moment(message.sent), fate(trace, message))
}

/// An event as a sentence.
#[must_use]
pub fn event(index: &Index, event: EventIndex) -> String {
    let trace = &index.trace;
    let here = trace.event(event);
    let mut said = format!("{} at {}", sentences::event(trace, event), trace.moment(here.at));
    for phrase in marks(trace, event).into_iter().chain(begun(index, event)) {
        said.push_str("; ");
        said.push_str(&phrase);
    }
    if let Some(why) = ignored(trace, event) {
        said.push_str("; ignored: ");
        said.push_str(&why);
    }
    if index.turns.contains(&event)
        && let Some(status) = here.node.and_then(|node| trace.status_at(node, here.at))
        && !status.role.is_empty()
    {
        said.push_str("; ");
        said.push_str(status.role);
    }
    said.push('.');
    said
}

/// The conditions that begin with an event, in words.
#[must_use]
pub fn begun(index: &Index, event: EventIndex) -> Vec<String> {
    let here = index.trace.event(event);
    let spells = here.node.and_then(|node| index.lane(node)).map_or(&[][..], |history| history.begun(event));
    let said = |spell: &Spell| {
        let name = spell.condition.phrase.show(|node| index.trace.name(node));
        match spell.condition.what {
            ConditionKind::Queued => name + " waits in the queue",
            ConditionKind::Sibling => name + " is kept beside another value",
            _ => name,
        }
    };
    spells.iter().map(said).collect()
}

fn marks(trace: &Trace, event: EventIndex) -> Vec<String> {
    let deeds = trace.deeds(event).iter();
    let phrases = deeds.filter_map(|deed| match deed {
        Deed::Marked(_, phrase) => Some(phrase.show(|node| trace.name(node))),
        _ => None,
    });
    phrases.collect()
}

/// The label of a timer's firing.
#[must_use]
pub fn timer(trace: &Trace, kind: u8) -> String {
    format!("{} time-out", sentences::timer(trace, kind).to_ascii_lowercase())
}

/// The answer that a client was told.
#[must_use]
pub fn answer(index: &Index, id: RequestId) -> Option<String> {
    let operation = index.operations.iter().find(|each| each.id == id)?;
    let (_, answer) = operation.answered?;
    Some(match operation.what {
        Operation::Read { key } => format!("{key} = {answer}"),
        _ => answer.to_string(),
    })
}

/// The head of lanes on which nothing happens.
#[must_use]
pub fn idle(lanes: usize) -> String {
    format!("{lanes} idle")
}

/// The head of the clients' view, and what it says of the run.
pub const CLIENTS_VIEW: &str = "Clients’ view";
/// Some order of the operations explains every answer.
pub const LINEARIZABLE: &str = "linearizable";
/// No order of the operations explains every answer.
pub const NOT_LINEARIZABLE: &str = "not linearizable";
/// The same if no operation has an answer yet.
pub const NOTHING_ANSWERED: &str = "nothing answered";
/// The same if the run or its judge met a limit.
pub const CANNOT_TELL: &str = "cannot tell";

/// The operation, and its answer unless that is just that it is done. Before it stands its place in the order that goes
/// furthest.
#[must_use]
pub fn told(trace: &Trace, seen: &ClientOperation) -> String {
    let mut asked = operation(trace, seen.what);
    if let Some(place) = seen.order {
        asked = format!("{place}. {asked}");
    }
    match seen.answered {
        None | Some((_, _, Answer::Done)) => asked,
        Some((_, _, answer)) if matches!(seen.what, Operation::Read { .. }) => format!("{asked} = {answer}"),
        Some((_, _, answer)) => format!("{asked}: {answer}"),
    }
}

/// Beside the operation that was done before another began.
#[must_use]
pub fn done_before(other: Option<Operation>) -> String {
    let what = match other {
        Some(Operation::Read { .. }) => "read",
        Some(Operation::Write { .. }) => "write",
        _ => "operation",
    };
    format!("done before the {what} began")
}

/// The sign at which a mark's words stand out.
#[must_use]
pub fn is_turning(mark: Mark) -> bool {
    matches!(mark, Mark::Elected | Mark::Committed | Mark::Aborted | Mark::Turning)
}

/// A cut's text, where there is little room.
pub const CUT: &str = "cut";

/// In the head of a lane that the reader is about to cut off.
pub const CUT_OFF: &str = "cut off";
/// In the head of a lane that a cut leaves as it is.
pub const STAYS_CONNECTED: &str = "stays connected";

/// Whose links a cut cuts; nothing if it parts all who serve, unless the reader cut them.
#[must_use]
pub fn links(trace: &Trace, cut: &Cut) -> Option<String> {
    let parted = cut.from.union(cut.to);
    let mut serve = (0..).map(NodeId).zip(trace.lanes()).filter(|(_, lane)| !lane.client);
    let some = serve.any(|(node, _)| !parted.contains(node));
    let by_hand = cut.source == Source::Hand;
    (some || by_hand).then(|| {
        let by = if by_hand { ", by you" } else { "" };
        let (from, to) = (brief(trace, cut.from), brief(trace, cut.to));
        if cut.one_way { format!("{from} to {to} {CUT}{by}") } else { format!("{from} {CUT} from {to}{by}") }
    })
}

/// A cut's text: since when, and to when if it was healed.
#[must_use]
pub fn cut_since(from: Time, healed: Option<Time>, by_hand: bool) -> String {
    let from = millis(from);
    match (healed.map(millis), by_hand) {
        (Some(to), false) => format!("cut from {from} to {to} ms"),
        (Some(to), true) => format!("cut by you, {from} to {to} ms"),
        (None, false) => format!("cut since {from} ms"),
        (None, true) => format!("cut by you, {from} ms"),
    }
}

/// The label of a turning point of the old run.
#[must_use]
pub fn was_elected(name: &str) -> String {
    format!("here {name} was elected")
}

/// In the head of a lane that stopped.
#[must_use]
pub fn since(time: Time) -> String {
    format!("since {} ms", millis(time))
}

/// The reason beside a struck ring.
#[must_use]
pub fn ignored_label(why: &str) -> String {
    format!("ignored: {why}")
}

/// A broken promise, by name.
#[must_use]
pub fn broken(name: &str) -> String {
    format!("{name}: broken")
}

/// What a key selected, and what that changed, for screen readers.
#[must_use]
pub fn announcement(index: &Index, selection: Selection, cursor: Time, before: Option<&Trace>) -> String {
    let trace = &index.trace;
    let mut said = match selection {
        Selection::Event(at) if at.index() < trace.events.len() => event(index, at),
        Selection::Message(id) => trace.message(id).map_or_else(String::new, |found| message(trace, found)),
        Selection::Lane(node) => lane(trace, node, cursor),
        _ => flag(trace, cursor),
    };
    for change in before.map_or_else(Vec::new, |before| changes::between(before, trace)).iter().take(MOST_CHANGES) {
        said.push_str(&format!(" At {} ms: {}.", millis(change.at), change.sentence));
    }
    said
}

/// Changes that are said: more would still be spoken when the next key is pressed.
const MOST_CHANGES: usize = 3;

fn lane(trace: &Trace, node: NodeId, at: Time) -> String {
    let name = trace.name(node);
    let at_moment = trace.moment(at);
    match trace.status_at(node, at) {
        None => format!("{name} at {at_moment}: {STOPPED}."),
        Some(status) if status.epoch != 0 => {
            format!("{name} at {at_moment}: {}, {} {}.", status.role, trace.specification().epoch_word, status.epoch)
        }
        Some(status) if status.role.is_empty() => format!("{name} at {at_moment}."),
        Some(status) => format!("{name} at {at_moment}: {}.", status.role),
    }
}

/// The figure in one sentence.
#[must_use]
pub fn summary(trace: &Trace) -> String {
    let title = if trace.scenario.title.is_empty() { trace.specification().title } else { &trace.scenario.title };
    let (lanes, events) = (trace.lanes().len(), trace.events.len());
    let took = if trace.is_recorded() { String::new() } else { format!(" in {}", trace.moment(trace.horizon())) };
    format!("{title}: {lanes} lanes, {events} events{took}.")
}
