//! The events of a run in short sentences. Pure functions of a trace.

use lightcone_engine::id::{EventIndex, MessageId, NodeId, NodeSet, RequestId};
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Argument, Cause, Handling, Mark, Source, Weight};
use lightcone_engine::run::trace::{Deed, Fate, Message, TimerEnd};
use lightcone_engine::{Action, Edit, Time, Trace};

/// What is said beside a property that fails and that is not promised with a run's settings.
#[must_use]
pub fn not_promised(why: &str) -> String {
    ["Not promised with these settings: ", why, "."].concat()
}

/// "Vote, S5 to S3".
#[must_use]
pub fn message(trace: &Trace, id: MessageId) -> String {
    let copy = if id.copy == 0 { "" } else { ", a copy" };
    format!("{}, {} to {}{copy}", trace.kind(id).label, trace.name(id.from), trace.name(id.to))
}

/// "S5’s vote": a message within a sentence.
#[must_use]
pub fn whose_message(trace: &Trace, id: MessageId) -> String {
    format!("{}’s {}", trace.name(id.from), within(trace.kind(id).label))
}

/// An event with its node: "S3 receives the vote of S5".
#[must_use]
pub fn event(trace: &Trace, index: EventIndex) -> String {
    let event = trace.event(index);
    let name = event.node.map_or_else(String::new, |node| trace.name(node));
    if let Some((_, text)) = trace.line(index) {
        return format!("{name}: {text}");
    }
    match event.cause {
        Cause::Boot(_) | Cause::Recorded(_) => format!("{name} starts"),
        Cause::Act(Action::Request { node, operation: asked }) => {
            format!("{name} {}: {}", asks(trace, node), operation(trace, asked))
        }
        Cause::Act(did) => action(trace, did),
        Cause::Fire(id) => format!("{name}’s {} timer fires", within(timer(trace, id.kind))),
        Cause::Deliver(id) => match ignored(trace, index) {
            Some(_) => format!("{name} ignores {}", whose_message(trace, id)),
            None => format!("{name} receives {}", whose_message(trace, id)),
        },
    }
}

const IGNORED: &str = "ignored: ";

/// A client asks; a server is asked by its operator.
fn asks(trace: &Trace, node: NodeId) -> &'static str {
    if trace.lanes().get(node.index()).is_some_and(|lane| lane.client) { "asks" } else { "is asked" }
}

/// Why the event ignored what it handled, if it did.
#[must_use]
pub fn ignored(trace: &Trace, index: EventIndex) -> Option<String> {
    trace.deeds(index).iter().find_map(|deed| match deed {
        Deed::Ignored(why) => Some(why.show(|node| trace.name(node))),
        _ => None,
    })
}

/// The deeds of an event, in one short sentence each; sends are put together.
#[must_use]
pub fn deeds(trace: &Trace, index: EventIndex) -> Vec<String> {
    let mut said = Vec::new();
    let (mut sent, mut crashes): (Vec<(u8, Vec<NodeId>)>, bool) = (Vec::new(), false);
    for deed in trace.deeds(index) {
        match deed {
            Deed::Sent(place) => {
                let message = &trace.messages[*place as usize];
                let id = message.id;
                if let Some(why) = trace.refusal(message) {
                    said.push(format!("refuses {}: {why}", trace.name(id.to)));
                    continue;
                }
                match sent.iter_mut().find(|(kind, _)| *kind == id.kind) {
                    Some((_, to)) => to.push(id.to),
                    None => sent.push((id.kind, vec![id.to])),
                }
            }
            Deed::Persisted(_) => said.push("writes to stable storage".to_owned()),
            // The line says what the answer is.
            Deed::Replied(..) if trace.is_recorded() => {}
            Deed::Replied(_, answer) => said.push(format!("is answered: {answer}")),
            Deed::Marked(Mark::Elected, phrase) => {
                let words = phrase.show(|node| trace.name(node));
                let event = trace.event(index);
                let role = event.node.and_then(|node| trace.status_at(node, event.at)).map(|status| status.role);
                // Words that are only the role's name need a verb.
                let verb = if role == Some(words.as_str()) { "becomes " } else { "" };
                said.push(format!("{verb}{words}"));
            }
            Deed::Marked(Mark::Delivered, phrase) => {
                said.push(format!("delivers {}", phrase.show(|node| trace.name(node))));
            }
            Deed::Marked(_, phrase) => said.push(phrase.show(|node| trace.name(node))),
            Deed::Ignored(why) => said.push(format!("{IGNORED}{}", why.show(|node| trace.name(node)))),
            Deed::CrashedHere(_) => crashes = true,
            Deed::LostWaiting(place) => {
                said.push(format!("loses {}, which waited", whose_message(trace, trace.messages[*place as usize].id)));
            }
            Deed::Heard(place) => {
                said.push(format!("receives {}", whose_message(trace, trace.messages[*place as usize].id)))
            }
            // The event's own sentence says it already.
            Deed::Recorded { .. } => {
                if let Cause::Deliver(id) = trace.event(index).cause {
                    said.push(format!("receives {}", whose_message(trace, id)));
                }
            }
            // The mark before the fact says it already.
            Deed::Armed(_) | Deed::Disarmed(_) | Deed::Holds(_) | Deed::Evidence(_) | Deed::Happened(_) => {}
        }
    }
    said.extend(sent.into_iter().map(|(kind, to)| {
        let label = within(trace.plan.protocol.kinds()[usize::from(kind)].label);
        format!("sends {label} to {}", names(trace, to.into_iter().collect()))
    }));
    if crashes {
        // What was sent before left the node.
        said.push("crashes here, inside its handler".to_owned());
    }
    said.dedup();
    said
}

/// An event's effect in one line: a new role, or else its deeds without writes to stable storage.
#[must_use]
pub fn came_of(trace: &Trace, index: EventIndex) -> String {
    let node = trace.event(index).node;
    let mut statuses = trace.statuses.iter().rev().filter(|status| Some(status.node) == node && status.event <= index);
    let now = statuses.next().filter(|status| status.event == index).and_then(|status| status.status);
    let before = statuses.next().and_then(|status| status.status);
    let turned = now.filter(|now| before.is_some_and(|before| before.role != now.role && !now.role.is_empty()));
    let deeds = deeds(trace, index).into_iter().filter(|deed| !deed.starts_with("writes "));
    // That it is ignored, the event says.
    let why = |deed: String| deed.strip_prefix(IGNORED).map(str::to_owned).unwrap_or(deed);
    let mut said: Vec<String> = deeds.map(why).collect();
    // Whoever stands or leads needs no more words; a role without an epoch, or one to follow, says less than the deeds.
    match turned {
        Some(status) if status.epoch > 0 && status.weight != Weight::Follows => {
            format!("{} in {} {}", status.role, trace.specification().epoch_word, status.epoch)
        }
        Some(status) if said.is_empty() => {
            said.push(status.role.into());
            said.concat()
        }
        _ => said.join("; "),
    }
}

/// The fate of a message: "Arrives", "Lost".
#[must_use]
pub fn fate(trace: &Trace, message: &Message) -> String {
    let hand = message.source == Source::Hand;
    match message.fate {
        Fate::Delivered(event) => match ignored(trace, event) {
            Some(why) => format!("arrives and is ignored: {why}"),
            None => "arrives".into(),
        },
        Fate::InFlight => "under way when the run ends".into(),
        Fate::LostByLink => "lost by the link".into(),
        Fate::Dropped if hand => "dropped by you".into(),
        Fate::Dropped => "dropped by the script".into(),
        Fate::CutAtSending | Fate::CutAtArrival => "lost: the link is cut".into(),
        Fate::ReachedStopped => format!("lost: {} is down", trace.name(message.id.to)),
    }
}

/// A move of the reader's as a sentence in the past: "Delayed S5’s vote by 86 ms".
#[must_use]
pub fn made_move(trace: &Trace, edit: &Edit) -> String {
    match *edit {
        Edit::Deliver { message, at } => moved(trace, message, at),
        Edit::Drop { message } => format!("Dropped {} to {}", whose_message(trace, message), trace.name(message.to)),
        Edit::Duplicate { copy, at } => {
            format!("Delivered {} to {} again at {} ms", whose_message(trace, copy), trace.name(copy.to), moment(at))
        }
        Edit::Fire { timer: id, at } => {
            let due = trace.timer(id).map(|timer| timer.drawn).filter(|due| *due != at);
            let when = due.map_or_else(|| format!("at {} ms", moment(at)), |due| apart(due, at));
            format!("Fired {}’s {} timer {when}", trace.name(id.node), within(timer(trace, id.kind)))
        }
        Edit::CrashDuring { handling, after_effects } => {
            let (node, what) = handled(trace, handling);
            format!("Crashed {} at {what}, after {after_effects} effects", trace.name(node))
        }
        Edit::At { at, action } => past_action(trace, action, at),
    }
}

fn moved(trace: &Trace, id: MessageId, at: Time) -> String {
    let what = format!("{} to {}", whose_message(trace, id), trace.name(id.to));
    match trace.message(id).map(|message| message.drawn) {
        Some(drawn) if at > drawn => format!("Delayed {what} by {} ms", length(at.since(drawn))),
        Some(drawn) if at < drawn => format!("Delivered {what} {} ms early", length(drawn.since(at))),
        _ => format!("Delivered {what} at {} ms", moment(at)),
    }
}

fn apart(due: Time, at: Time) -> String {
    if at < due { format!("{} ms early", length(due.since(at))) } else { format!("{} ms late", length(at.since(due))) }
}

fn handled(trace: &Trace, handling: Handling) -> (NodeId, String) {
    match handling {
        Handling::Message(id) => (id.to, whose_message(trace, id)),
        Handling::Timer(id) => (id.node, timer(trace, id.kind).to_owned()),
        Handling::Request(id) => (id.node, format!("request {}", id.ordinal)),
    }
}

/// An action as it happens: "S1 crashes".
#[must_use]
pub fn action(trace: &Trace, action: Action) -> String {
    match action {
        Action::Crash(node) => format!("{} crashes", trace.name(node)),
        Action::Restart(node) => format!("{} restarts", trace.name(node)),
        Action::Pause(node) => format!("{} pauses", trace.name(node)),
        Action::Resume(node) => format!("{} resumes", trace.name(node)),
        Action::LoseDisk(node) => format!("{} loses its disk", trace.name(node)),
        Action::Cut { from, to, one_way } => format!("{} cut", between(trace, from, to, one_way)),
        Action::Heal { from, to, one_way } => format!("{} healed", between(trace, from, to, one_way)),
        Action::SetClock { node, .. } => format!("{}’s clock jumps", trace.name(node)),
        Action::Request { node, operation: asked } => {
            format!("{} {}: {}", trace.name(node), asks(trace, node), operation(trace, asked))
        }
    }
}

fn past_action(trace: &Trace, did: Action, at: Time) -> String {
    let at = format!("at {} ms", moment(at));
    match did {
        Action::Crash(node) => format!("Crashed {} {at}", trace.name(node)),
        Action::Restart(node) => format!("Restarted {} {at}", trace.name(node)),
        Action::Pause(node) => format!("Paused {} {at}", trace.name(node)),
        Action::Resume(node) => format!("Resumed {} {at}", trace.name(node)),
        Action::LoseDisk(node) => format!("Wiped the disk of {} {at}", trace.name(node)),
        Action::Cut { from, to, one_way } if from != to => {
            let (from, to) = (brief(trace, from), brief(trace, to));
            if one_way {
                format!("Cut messages from {from} to {to} {at}")
            } else {
                format!("Cut {from} off from {to} {at}")
            }
        }
        Action::Heal { from, to, one_way } if from != to => {
            let (from, to) = (brief(trace, from), brief(trace, to));
            if one_way {
                format!("Let messages from {from} to {to} pass again {at}")
            } else {
                format!("Connected {from} with {to} again {at}")
            }
        }
        Action::Cut { from, to, one_way } => format!("Cut {} {at}", between(trace, from, to, one_way)),
        Action::Heal { from, to, one_way } => format!("Healed {} {at}", between(trace, from, to, one_way)),
        Action::SetClock { node, .. } => format!("Set the clock of {} {at}", trace.name(node)),
        Action::Request { node, operation: asked } => {
            format!("Asked {} to {} {at}", trace.name(node), operation(trace, asked))
        }
    }
}

fn between(trace: &Trace, from: NodeSet, to: NodeSet, one_way: bool) -> String {
    let links = if from.len() * to.len() == 1 { "link" } else { "links" };
    let (here, there) = (brief(trace, from), brief(trace, to));
    match (from == to, one_way) {
        (true, _) => format!("all links among {here}"),
        (false, true) => format!("{links} from {here} to {there}"),
        (false, false) => format!("{links} between {here} and {there}"),
    }
}

/// The nodes of a side, where two sides stand in one sentence: "S1-S3, c1".
#[must_use]
pub fn brief(trace: &Trace, nodes: NodeSet) -> String {
    let nodes: Vec<NodeId> = nodes.iter().collect();
    let kind = |node: NodeId| trace.name(node).chars().next();
    let rows = nodes.chunk_by(|one, next| one.0 + 1 == next.0 && kind(*one) == kind(*next));
    let said = rows.flat_map(|row| match row {
        [first, _, .., last] => vec![format!("{}-{}", trace.name(*first), trace.name(*last))],
        few => few.iter().map(|node| trace.name(*node)).collect(),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// An operation in words; commands by their protocol's names.
#[must_use]
pub fn operation(trace: &Trace, asked: Operation) -> String {
    let Operation::Command { verb, argument } = asked else { return asked.to_string() };
    let Some(command) = trace.specification().commands.get(usize::from(verb)) else { return asked.to_string() };
    match command.argument {
        Argument::Nothing => within(command.name),
        Argument::Node => format!("{} {}", within(command.name), trace.name(NodeId(argument))),
        Argument::Number => format!("{} {argument}", within(command.name)),
    }
}

/// The operation that was asked under this name, in words.
#[must_use]
pub fn request(trace: &Trace, id: RequestId) -> String {
    let asked = trace.events.iter().find_map(|event| event.asked.filter(|(asked, _)| *asked == id));
    asked.map_or_else(|| format!("request {}", id.ordinal), |(_, asked)| operation(trace, asked))
}

/// The name of a timer: "election time-out".
#[must_use]
pub fn timer(trace: &Trace, kind: u8) -> &'static str {
    trace.plan.protocol.timers().get(usize::from(kind)).copied().unwrap_or("timer")
}

/// "S1", "S1 and S2", "S1, S2 and S3".
#[must_use]
pub fn names(trace: &Trace, nodes: NodeSet) -> String {
    listed(&nodes.iter().map(|node| trace.name(node)).collect::<Vec<_>>())
}

/// "a", "a and b", "a, b and c".
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Microseconds as milliseconds without a unit, to a tenth, or to all decimals if that would be nothing.
#[must_use]
pub fn length(micros: u64) -> String {
    Time::from_micros(micros).tenths().to_string()
}

/// A moment in milliseconds without a unit, to a tenth.
#[must_use]
pub fn moment(at: Time) -> String {
    length(at.micros())
}

/// The range in which the model lets a message arrive: "from 216 ms, no upper bound".
#[must_use]
pub fn bounds(trace: &Trace, message: &Message) -> String {
    let earliest = moment(trace.plan.model.earliest_arrival(message.sent));
    match trace.plan.model.latest_arrival(message.sent) {
        Some(latest) => format!("from {earliest} to {} ms", moment(latest)),
        None => format!("from {earliest} ms, no upper bound"),
    }
}

/// A label within a sentence: its first letter small, unless the word is all capitals; the article is none.
#[must_use]
pub fn within(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second))
            if first.is_ascii_uppercase() && (second.is_ascii_lowercase() || label.starts_with("A ")) =>
        {
            std::iter::once(first.to_ascii_lowercase()).chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

/// A sentence from a clause: its first letter large.
#[must_use]
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    match (letters.next(), clause.chars().nth(1)) {
        // A name stays as it is: c1.
        (Some(_), Some(second)) if second.is_ascii_digit() => clause.to_owned(),
        (Some(first), _) => std::iter::once(first.to_ascii_uppercase()).chain(letters).collect(),
        (None, _) => String::new(),
    }
}

/// The time of an event and the fate of its timer, in one line.
#[must_use]
pub fn timer_end(trace: &Trace, end: TimerEnd) -> String {
    match end {
        TimerEnd::Armed => "still set when the run ends".into(),
        TimerEnd::Fired(event) => format!("fires at {} ms", moment(trace.event(event).at)),
        TimerEnd::Disarmed(event) => format!("cancelled at {} ms", moment(trace.event(event).at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_lists() {
        let list = |items: &[&str]| listed(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["S1"]), "S1");
        assert_eq!(list(&["S1", "S2"]), "S1 and S2");
        assert_eq!(list(&["S1", "S2", "S3"]), "S1, S2 and S3");
    }

    #[test]
    fn labels_keep_their_abbreviations() {
        assert_eq!(within("Request vote"), "request vote");
        assert_eq!(within("OK"), "OK");
        assert_eq!((within("A vote"), within("R + W")), ("a vote".into(), "R + W".into()));
        assert_eq!(sentence("one vote"), "One vote");
    }
}
