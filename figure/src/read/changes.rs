//! The effect of a move: two runs compared, as sentences with their times. A pure function.

use crate::read::sentences;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, RequestId};
use lightcone_engine::operation::Answer;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Cause, Mark, Style, Weight, When};
use lightcone_engine::run::trace::{Deed, Fate, Message, Verdict};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::{Edit, Time, Trace};
use std::cmp::Reverse;
use std::rc::Rc;

/// One difference between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, in the run that has it.
    pub at: Time,
    /// The difference in a sentence.
    pub sentence: String,
    /// How much it matters: more is told first when not all can be told.
    pub weight: u8,
}

/// The weight of a verdict that is another.
pub const OF_A_VERDICT: u8 = 6;
/// Changes that are told at most.
pub const MOST: usize = 6;

/// The differences of `after` in order of time. If there are many, only the most important.
#[must_use]
pub fn between(before: &Trace, after: &Trace) -> Vec<Change> {
    let mut changes = Vec::new();
    roles(before, after, &mut changes);
    marks(before, after, &mut changes);
    answers(before, after, &mut changes);
    verdicts(before, after, &mut changes);
    said(before, after, &mut changes);
    moved_messages(before, after, &mut changes);
    let told = first(changes, |change| (Reverse(change.weight), change.at));
    first(told, |change| (Reverse(0), change.at))
}

/// The first of these by a rule, in its order; each sentence once. Few are wanted of what may be many.
fn first(mut changes: Vec<Change>, rule: fn(&Change) -> (Reverse<u8>, Time)) -> Vec<Change> {
    let mut told: Vec<Change> = Vec::new();
    while told.len() < MOST && !changes.is_empty() {
        let before = |one: &Change, other: &Change| (rule(one), &one.sentence) < (rule(other), &other.sentence);
        let places = 1..changes.len();
        let first = places.fold(0, |first, place| if before(&changes[place], &changes[first]) { place } else { first });
        let change = changes.swap_remove(first);
        if told.iter().all(|other| other.sentence != change.sentence) {
            told.push(change);
        }
    }
    told
}

/// When the two runs first differ; none if they are the same.
#[must_use]
pub fn first_difference(before: &Trace, after: &Trace) -> Option<Time> {
    let place = first_differing(before, after)?;
    let at = |trace: &Trace| trace.events.get(place).map(|event| event.at);
    at(before).into_iter().chain(at(after)).min()
}

/// The place of the first event in which the two runs differ; none if they are the same.
pub(super) fn first_differing(before: &Trace, after: &Trace) -> Option<usize> {
    let shared = before.events_shared_with(after);
    let pairs = before.events[shared..].iter().zip(&after.events[shared..]);
    let common = shared + pairs.len();
    let mut pairs = pairs.zip(shared as u32..);
    let differing = pairs.find(|((one, other), place)| {
        (one.at, one.cause) != (other.at, other.cause) || says_other(before, after, EventIndex(*place))
    });
    let ends = before.events.len() != after.events.len();
    differing.map(|(_, place)| place as usize).or_else(|| ends.then_some(common))
}

/// Whether an event that both runs have shows, answers or sends something else in the one than in the other. What both took
/// over from one run is one and the same; the rest is told by its words.
fn says_other(before: &Trace, after: &Trace, index: EventIndex) -> bool {
    let shown = |trace: &'_ Trace| -> Vec<(Phrase, Option<Answer>)> {
        let shown = trace.deeds(index).iter().filter_map(|deed| match deed {
            Deed::Marked(_, phrase) | Deed::Ignored(phrase) => Some((*phrase, None)),
            Deed::Replied(_, answer) => Some((Phrase::plain(""), Some(*answer))),
            _ => None,
        });
        shown.collect()
    };
    if shown(before) != shown(after) {
        return true;
    }
    let sent = |trace: &'_ Trace| -> Vec<u32> {
        let records = trace.deeds(index).iter().filter_map(|deed| match deed {
            Deed::Sent(record) => Some(*record),
            _ => None,
        });
        records.collect()
    };
    let (old, new) = (sent(before), sent(after));
    old.len() != new.len()
        || old.into_iter().zip(new).any(|(old, new)| {
            let (old, new) = (&before.messages[old as usize], &after.messages[new as usize]);
            !Rc::ptr_eq(&old.payload, &new.payload) && old.payload.label() != new.payload.label()
        })
}

/// A stretch of a lane in one role and epoch that matters: leading, or standing for it.
type Office = (NodeId, &'static str, u32);

struct Term {
    at: Time,
    weight: Weight,
    /// Whether its node was in the same role before: then it starts an epoch, and becomes nothing new.
    again: bool,
}

impl Term {
    /// What the node does then: "becomes leader in term 2", or "starts ballot 2".
    fn verb(&self, (_, role, epoch): Office, word: &str) -> (&'static str, String) {
        match epoch {
            0 => ("become", role.to_owned()),
            _ if self.again => ("start", format!("{word} {epoch}")),
            _ => ("become", format!("{role} in {word} {epoch}")),
        }
    }
}

fn offices(trace: &Trace) -> SortedMap<Office, Term> {
    let mut offices = SortedMap::new();
    let mut before: SortedMap<NodeId, &'static str> = SortedMap::new();
    for change in &trace.statuses {
        let Some(status) = change.status else { continue };
        let again = before.insert(change.node, status.role) == Some(status.role);
        if matches!(status.weight, Weight::Leads | Weight::Stands) && !status.role.is_empty() {
            let term = Term { at: trace.event(change.event).at, weight: status.weight, again };
            offices.or_insert((change.node, status.role, status.epoch), term);
        }
    }
    offices
}

fn roles(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let (old, new) = (offices(before), offices(after));
    let word = after.specification().epoch_word;
    for (office, term) in &old {
        let name = before.name(office.0);
        let (verb, what) = term.verb(*office, word);
        let weight = if term.weight == Weight::Leads { 5 } else { 2 };
        match new.get(office) {
            None => changes.push(Change { at: term.at, sentence: format!("{name} no longer {verb}s {what}"), weight }),
            Some(now) if now.at != term.at => changes.push(Change {
                at: now.at,
                sentence: format!("{name} {verb}s {what}, {}", shift(term.at, now.at)),
                weight: weight - 1,
            }),
            Some(_) => {}
        }
    }
    for (office, term) in new.iter().filter(|(office, _)| !old.contains(office)) {
        let (verb, what) = term.verb(*office, word);
        let weight = if term.weight == Weight::Leads { 5 } else { 3 };
        changes.push(Change { at: term.at, sentence: format!("{} {verb}s {what}", after.name(office.0)), weight });
    }
}

fn shift(before: Time, after: Time) -> String {
    if after > before {
        format!("{} ms later", sentences::length(after.since(before)))
    } else {
        format!("{} ms earlier", sentences::length(before.since(after)))
    }
}

/// Decisions by what they say: the first lane that shows one counts.
fn decisions(trace: &Trace) -> SortedMap<String, (Time, NodeId)> {
    let mut decisions = SortedMap::new();
    for event in &trace.events {
        let Some(node) = event.node else { continue };
        for deed in &trace.deeds[event.deeds.start as usize..event.deeds.end as usize] {
            if let Deed::Marked(Mark::Committed | Mark::Aborted | Mark::Turning, phrase) = deed {
                let said = phrase.show(|node| trace.name(node));
                decisions.or_insert(said, (event.at, node));
            }
        }
    }
    decisions
}

fn marks(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let (old, new) = (decisions(before), decisions(after));
    for (said, (at, node)) in old.iter().filter(|(said, _)| !new.contains(said)) {
        let name = before.name(*node);
        changes.push(Change { at: *at, sentence: format!("At {name}, “{said}” no longer happens"), weight: 3 });
    }
    for (said, (at, node)) in &new {
        let name = after.name(*node);
        match old.get(said) {
            None => changes.push(Change { at: *at, sentence: format!("{name}: {said}"), weight: 3 }),
            Some((then, _)) if then != at => {
                changes.push(Change { at: *at, sentence: format!("{name}: {said}, {}", shift(*then, *at)), weight: 1 });
            }
            Some(_) => {}
        }
    }
}

fn answered(trace: &Trace) -> SortedMap<RequestId, (Time, Answer)> {
    let mut answered = SortedMap::new();
    for event in &trace.events {
        for deed in &trace.deeds[event.deeds.start as usize..event.deeds.end as usize] {
            if let Deed::Replied(request, answer) = deed {
                answered.or_insert(*request, (event.at, *answer));
            }
        }
    }
    answered
}

fn answers(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let (old, new) = (answered(before), answered(after));
    for (request, (at, answer)) in &old {
        let asked = format!("{}’s “{}”", before.name(request.node), sentences::request(before, *request));
        let change = match new.get(request) {
            None => Change { at: *at, sentence: format!("{asked} is no longer answered"), weight: 4 },
            Some((now, other)) if other != answer => {
                Change { at: *now, sentence: format!("{asked} is answered {other}, not {answer}"), weight: 4 }
            }
            Some((now, _)) if now != at => {
                Change { at: *now, sentence: format!("{asked} is answered {}", shift(*at, *now)), weight: 1 }
            }
            Some(_) => continue,
        };
        changes.push(change);
    }
    for (request, (at, answer)) in new.iter().filter(|(request, _)| !old.contains(request)) {
        let asked = format!("{}’s “{}”", after.name(request.node), sentences::request(after, *request));
        changes.push(Change { at: *at, sentence: format!("{asked} is answered {answer}"), weight: 4 });
    }
}

/// Votes, promises and refusals, by the names of their messages.
fn votes(trace: &Trace) -> SortedMap<MessageId, &Message> {
    let mut votes = SortedMap::new();
    for message in &trace.messages {
        let kind = trace.kind(message.id);
        let permits = kind.style == Style::Permission && kind.reply;
        if (permits || message.refusal.is_some()) && message.id.copy == 0 {
            votes.or_insert(message.id, message);
        }
    }
    votes
}

/// Who says yes where it said no, or the other way round, and who says it at all.
fn said(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let (old, new) = (votes(before), votes(after));
    for (id, was) in &old {
        let names = || (before.name(id.from), before.name(id.to), before.label(was));
        let Some(is) = new.get(id) else {
            let (from, to, label) = names();
            let sentence = format!("{from} no longer tells {to} “{label}”");
            changes.push(Change { at: was.sent, sentence, weight: 1 });
            continue;
        };
        if was.refusal.is_some() != is.refusal.is_some() {
            let (from, to, label) = names();
            let sentence = format!("{from} tells {to} “{}”, not “{label}”", after.label(is));
            changes.push(Change { at: is.sent, sentence, weight: 3 });
        }
    }
    for (id, is) in new.iter().filter(|(id, _)| !old.contains(id)) {
        let (from, to) = (after.name(id.from), after.name(id.to));
        let sentence = format!("{from} tells {to} “{}”", after.label(is));
        changes.push(Change { at: is.sent, sentence, weight: if is.refusal.is_some() { 2 } else { 1 } });
    }
}

fn verdicts(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let properties = after.specification().properties;
    for (property, (old, new)) in properties.iter().zip(before.verdicts.iter().zip(&after.verdicts)) {
        let name = property.name;
        let at = verdict_time(after, new);
        let sentence = match (old, new) {
            (Verdict::Broken { .. }, Verdict::Broken { .. }) => continue,
            (_, Verdict::Broken { .. }) => format!("{name} breaks"),
            (old, Verdict::CannotTell { .. }) if !matches!(old, Verdict::CannotTell { .. }) => {
                format!("Cannot tell any more: {}", in_words(name))
            }
            (Verdict::Broken { .. }, _) => format!("{name} holds again"),
            (Verdict::Holds { .. }, Verdict::NotByTheEnd { .. }) => format!("Not by the end: {}", in_words(name)),
            (Verdict::NotByTheEnd { .. }, Verdict::Holds { .. }) if property.when == When::ByTheEnd => {
                format!("By the end: {}", in_words(name))
            }
            _ => continue,
        };
        let at = at.or_else(|| verdict_time(before, old)).unwrap_or(after.horizon());
        changes.push(Change { at, sentence, weight: OF_A_VERDICT });
    }
}

fn in_words(name: &str) -> String {
    sentences::within(name)
}

/// When a verdict was reached; none if it is about the whole run.
#[must_use]
pub fn verdict_time(trace: &Trace, verdict: &Verdict) -> Option<Time> {
    match verdict {
        Verdict::Holds { since } => since.map(|event| trace.event(event).at),
        Verdict::Broken { event, .. } => Some(trace.event(*event).at),
        Verdict::NotByTheEnd { .. }
        | Verdict::Untested { .. }
        | Verdict::NotPromised { .. }
        | Verdict::CannotTell { .. } => None,
    }
}

/// The fates of messages that only one of the two scenarios has an edit for.
fn moved_messages(before: &Trace, after: &Trace, changes: &mut Vec<Change>) {
    let new = after.scenario.moves.iter().filter(|edit| !before.scenario.moves.contains(edit));
    for edit in new {
        let (Edit::Deliver { message, .. } | Edit::Duplicate { copy: message, .. } | Edit::Drop { message }) = *edit
        else {
            continue;
        };
        changes.extend(reaction(before, after, message));
    }
}

fn reaction(before: &Trace, after: &Trace, id: MessageId) -> Option<Change> {
    let now = after.message(id)?;
    let Fate::Delivered(event) = now.fate else { return None };
    let why = sentences::ignored(after, event)?;
    let then = before.message(id).map(|message| message.fate);
    if matches!(then, Some(Fate::Delivered(event)) if sentences::ignored(before, event).is_some()) {
        return None;
    }
    debug_assert_eq!(after.event(event).cause, Cause::Deliver(id));
    let what = sentences::whose_message(after, id);
    let sentence = format!("{} ignores {what}: {why}", after.name(id.to));
    Some(Change { at: after.event(event).at, sentence, weight: 4 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::simulate;

    /// The sentences of what a delay changes in the split vote: S4's request reaches S3 after S1's.
    fn changed() -> Vec<String> {
        let before = simulate(&gallery::find("raft", "split-vote").expect("the gallery has it").scenario);
        let to_s3 = |message: &&Message| {
            (before.name(message.id.from), before.name(message.id.to)) == ("S4".into(), "S3".into())
        };
        let request = before.messages.iter().find(to_s3).expect("S4 asks S3").id;
        let mut scenario = (*before.scenario).clone();
        scenario.moves.push(Edit::Deliver { message: request, at: Time::from_millis(60) });
        between(&before, &simulate(&scenario)).into_iter().map(|change| change.sentence).collect()
    }

    #[test]
    fn a_vote_that_turns_into_a_refusal_is_told_with_its_reason() {
        let told = changed();
        assert!(told.contains(&"S3 tells S4 “No vote, term 1: voted for S1”, not “Vote, term 1”".into()), "{told:#?}");
        assert!(told.contains(&"S3 tells S1 “Vote, term 1”, not “No vote, term 1: voted for S4”".into()), "{told:#?}");
    }
}
