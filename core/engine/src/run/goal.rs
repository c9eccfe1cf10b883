//! What a run is to show, as a conjunction of [`Atom`]s: the words of a challenge. The targets of a search are among them.
//!
//! An atom speaks of a finished run, in the vocabulary of the engine: verdicts, what happens, how lanes look, what marks
//! they bear, operations, causes. No atom knows a protocol. To judge an atom costs a pass over the trace; [`What::Happens`] runs the
//! scenario once more, because what depends on the states of nodes is not in the trace.

use super::causality::why;
use super::trace::{Deed, Trace, Verdict};
use super::world::{Step, World};
use crate::id::{EventIndex, NodeId, RequestId};
use crate::operation::Answer;
use crate::protocol::{ConditionKind, Handling, Mark, Weight};
use crate::time::Time;
use alloc::format;
use alloc::string::String;

/// One thing that a finished run shows or does not show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// What becomes of a promise.
    Property {
        /// Its place in the specification; none for any of them.
        property: Option<u8>,
        /// What becomes of it.
        becomes: Becomes,
    },
    /// Something is so at some time, or not.
    Seen {
        /// What.
        what: What,
        /// When.
        when: When,
        /// Whether it must not be so.
        not: bool,
    },
    /// How an operation ends: with this answer, or with none by the end of the run.
    Request {
        /// The operation.
        request: RequestId,
        /// What its client is told; none for nothing.
        answer: Option<Answer>,
    },
    /// One mark comes before another. Both must come.
    Order {
        /// The lane; none for any of them.
        node: Option<NodeId>,
        /// The mark that comes first.
        first: Sign,
        /// The mark that comes later.
        later: Sign,
    },
    /// The reader selects an event that made a node believe something, as it does when the run ends: an event of
    /// [`why`].
    Because {
        /// The node that believes it.
        node: NodeId,
        /// The belief: `vote`.
        belief: String,
    },
}

/// What becomes of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Becomes {
    /// It breaks.
    Breaks,
    /// Nothing speaks against it.
    Holds,
    /// Its good moment comes by the end.
    Comes,
    /// Its good moment does not come by the end, or does not last.
    Misses,
}

/// What may be so at some time of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// This goal of the protocol is reached: its place among the `goals` of a [protocol](crate::protocol::AnyProtocol).
    Happens(u8),
    /// A lane is in this state.
    State {
        /// The lane; none for any of them.
        node: Option<NodeId>,
        /// The state.
        state: State,
    },
    /// A lane bears this mark.
    Marked {
        /// The lane; none for any of them.
        node: Option<NodeId>,
        /// The mark.
        sign: Sign,
    },
}

/// A mark on a lane, and words that its text has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sign {
    /// The mark.
    pub mark: Mark,
    /// Whole words of its text, in one piece; empty for any text.
    pub text: String,
}

/// A state of a lane, as the figure draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is down.
    Down,
    /// Its role has this weight.
    Role(Weight),
    /// A condition of this kind holds on it.
    Condition(ConditionKind),
}

/// When something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At some time.
    Ever,
    /// At some time before this.
    Before(Time),
    /// When the run ends.
    AtEnd,
}

impl Sign {
    /// All marks, each with its name in files and with a verb for people; none where the text has one.
    pub const ALL: [(Mark, &'static str, &'static str); 8] = [
        (Mark::Received, "received", "takes in"),
        (Mark::Appended, "appended", "appends"),
        (Mark::Committed, "committed", "commits"),
        (Mark::Aborted, "aborted", "aborts"),
        (Mark::Delivered, "delivered", "delivers"),
        (Mark::Applied, "applied", "applies"),
        (Mark::Elected, "elected", ""),
        (Mark::Turning, "turning", ""),
    ];

    /// The mark's name in files.
    #[must_use]
    pub fn id(&self) -> &'static str {
        Sign::ALL[self.mark as usize].1
    }

    /// The sign as a verb and its object: "delivers N1.1".
    #[must_use]
    pub fn words(&self) -> String {
        let (.., verb) = Sign::ALL[self.mark as usize];
        match (verb, &*self.text) {
            ("", "") => "reaches a turning point".into(),
            ("", text) => text.into(),
            (verb, "") => format!("{verb} something"),
            (verb, text) => format!("{verb} {text}"),
        }
    }

    /// Whether a mark with this text is meant.
    fn is(&self, mark: Mark, text: impl FnOnce() -> String) -> bool {
        let letter = |each: Option<char>| each.is_some_and(char::is_alphanumeric);
        self.mark == mark
            && (self.text.is_empty() || {
                let text = text();
                text.match_indices(&*self.text).any(|(place, found)| {
                    let (before, after) = (&text[..place], &text[place + found.len()..]);
                    !letter(before.chars().next_back()) && !letter(after.chars().next())
                })
            })
    }
}

impl State {
    /// All that files can name, each with its name there and for people.
    pub const ALL: [(State, &'static str, &'static str); 10] = [
        (State::Down, "down", "down"),
        (State::Role(Weight::Leads), "leads", "leading"),
        (State::Role(Weight::Stands), "stands", "standing for election"),
        (State::Role(Weight::Follows), "follows", "following"),
        (State::Condition(ConditionKind::InDoubt), "in-doubt", "in doubt"),
        (State::Condition(ConditionKind::Locked), "locked", "holding a lock"),
        (State::Condition(ConditionKind::Waits), "waits", "kept waiting"),
        (State::Condition(ConditionKind::HeldBack), "holds-back", "holding back a message"),
        (State::Condition(ConditionKind::Queued), "queues", "keeping something in its queue"),
        (State::Condition(ConditionKind::Sibling), "siblings", "keeping several values"),
    ];

    /// Its name in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        State::ALL.iter().find(|each| each.0 == self).map_or("", |each| each.1)
    }

    fn words(self) -> &'static str {
        State::ALL.iter().find(|each| each.0 == self).map_or("", |each| each.2)
    }
}

impl Atom {
    /// Whether this finished run shows it. `picked` is the event that the reader has selected; only [`Atom::Because`] asks for it.
    #[must_use]
    pub fn is_true(&self, trace: &Trace, picked: Option<Handling>) -> bool {
        match self {
            Atom::Property { property: None, becomes } => {
                trace.verdicts.iter().any(|verdict| becomes.is_verdict(verdict))
            }
            Atom::Property { property: Some(property), becomes } => {
                trace.verdicts.get(usize::from(*property)).is_some_and(|verdict| becomes.is_verdict(verdict))
            }
            Atom::Seen { what, when, not } => is_seen(trace, what, *when) != *not,
            Atom::Request { request, answer } => {
                let asked = trace.events.iter().any(|event| event.asked.is_some_and(|(asked, _)| asked == *request));
                asked && answer_of(trace, *request) == *answer
            }
            Atom::Order { node, first, later } => {
                let comes = |sign| marked(trace, *node, sign);
                comes(first).zip(comes(later)).is_some_and(|(first, later)| first < later)
            }
            Atom::Because { node, belief } => {
                let event = picked.and_then(|handling| trace.handling(handling));
                let last = trace.events.len().checked_sub(1).map(|last| EventIndex(last as u32));
                event.zip(last).is_some_and(|(event, last)| {
                    let believed = believed(trace, belief);
                    believed.is_some_and(|belief| why(trace, *node, belief, last).contains(&event))
                })
            }
        }
    }

    /// The atom as a sentence without a full stop, in the present tense: "P1 is in doubt at the end". Names are those of the
    /// trace's run.
    #[must_use]
    pub fn sentence(&self, trace: &Trace) -> String {
        let specification = trace.specification();
        match self {
            Atom::Property { property, becomes } => {
                let name = property.and_then(|place| specification.properties.get(usize::from(place)));
                format!("{}: {}", name.map_or("A promise", |property| property.name), becomes.words())
            }
            Atom::Seen { what, when, not } => seen_words(trace, what, *when, *not),
            Atom::Request { request, answer } => {
                let name = format!("Request {} of {}", request.ordinal, trace.name(request.node));
                match answer {
                    Some(answer) => format!("{name} is answered: {answer}"),
                    None => format!("{name} has no answer at the end"),
                }
            }
            Atom::Order { node, first, later } => {
                let who = node.map_or_else(|| "Somewhere".into(), |node| trace.name(node));
                format!("{who}: ‘{}’ comes before ‘{}’", first.words(), later.words())
            }
            Atom::Because { node, belief } => {
                format!("The selected event is a reason for the {belief} of {}", trace.name(*node))
            }
        }
    }
}

impl Becomes {
    fn is_verdict(self, verdict: &Verdict) -> bool {
        match self {
            Becomes::Breaks => matches!(verdict, Verdict::Broken { .. }),
            Becomes::Holds => verdict.is_kept(),
            Becomes::Comes => matches!(verdict, Verdict::Holds { .. }),
            Becomes::Misses => matches!(verdict, Verdict::NotByTheEnd { .. }),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Becomes::Breaks => "broken",
            Becomes::Holds => "holds",
            Becomes::Comes => "true by the end",
            Becomes::Misses => "not true by the end",
        }
    }
}

fn seen_words(trace: &Trace, what: &What, when: When, not: bool) -> String {
    let goal = |place: u8| trace.scenario.protocol.goal(place).map_or("?", |(_, sentence)| sentence);
    let time = match when {
        When::Ever if not => "at any time".into(),
        When::Ever => "at some time".into(),
        When::Before(at) => format!("before {}", trace.moment(at)),
        When::AtEnd => "at the end".into(),
    };
    let somebody = |node: &Option<NodeId>| match (node, not) {
        (Some(node), _) => trace.name(*node),
        (None, true) => "No node".into(),
        (None, false) => "Some node".into(),
    };
    match what {
        What::Happens(place) if not => format!("It does not happen {time}: {}", goal(*place)),
        What::Happens(place) => format!("{} {time}", goal(*place)),
        What::State { node, state } => {
            let is = if not && node.is_some() { "is not" } else { "is" };
            format!("{} {is} {} {time}", somebody(node), state.words())
        }
        What::Marked { node: Some(node), sign } if not => {
            format!("It does not happen {time}: {} {}", trace.name(*node), sign.words())
        }
        What::Marked { node, sign } => format!("{} {} {time}", somebody(node), sign.words()),
    }
}

fn is_seen(trace: &Trace, what: &What, when: When) -> bool {
    match what {
        What::Happens(goal) => happens(trace, *goal, when),
        What::State { node: Some(node), state } => is_in(trace, *node, *state, when),
        What::State { node: None, state } => {
            (0..trace.lanes().len() as u8).any(|node| is_in(trace, NodeId(node), *state, when))
        }
        What::Marked { node, sign } => marked(trace, *node, sign).is_some_and(|(_, event)| is_time(trace, event, when)),
    }
}

/// Whether an event is early enough.
fn is_time(trace: &Trace, event: EventIndex, when: When) -> bool {
    match when {
        When::Before(time) => trace.event(event).at < time,
        When::Ever | When::AtEnd => true,
    }
}

/// Runs the scenario again, because goals are about states of nodes.
fn happens(trace: &Trace, goal: u8, when: When) -> bool {
    let mut world = World::new(trace.plan.clone());
    let mut step = Step::default();
    let mut last = false;
    for event in &trace.events {
        if matches!(when, When::Before(time) if event.at >= time) || !world.take(event.cause, &mut step) {
            break;
        }
        last = world.reaches(goal, &step.happenings);
        if last && when != When::AtEnd {
            return true;
        }
    }
    last && when == When::AtEnd
}

/// A lane's state; of the time before its first event nothing is known.
fn is_in(trace: &Trace, node: NodeId, state: State, when: When) -> bool {
    let (mut now, mut ever) = (0_i32, false);
    let mut see = |event: EventIndex, change: i32| {
        now += change;
        ever |= now > 0 && is_time(trace, event, when);
    };
    match state {
        State::Condition(kind) => {
            let own = trace.conditions.iter().filter(|each| each.node == node && each.condition.what == kind);
            own.for_each(|each| see(each.event, if each.begins.is_some() { 1 } else { -1 }));
        }
        State::Down | State::Role(_) => {
            let mut before = false;
            for each in trace.statuses.iter().filter(|each| each.node == node) {
                let is = match state {
                    State::Role(weight) => each.status.is_some_and(|status| status.weight == weight),
                    _ => each.status.is_none(),
                };
                see(each.event, i32::from(is) - i32::from(before));
                before = is;
            }
        }
    }
    if when == When::AtEnd { now > 0 } else { ever }
}

/// The first mark of this kind on this lane: its place among the deeds, and its event.
fn marked(trace: &Trace, node: Option<NodeId>, sign: &Sign) -> Option<(u32, EventIndex)> {
    let is_it = |deed: &Deed| match deed {
        Deed::Marked(mark, phrase) => sign.is(*mark, || phrase.show(|node| trace.name(node))),
        _ => false,
    };
    let own = (0..).map(EventIndex).zip(&trace.events).filter(|(_, event)| node.is_none() || event.node == node);
    let mut deeds = own.flat_map(|(index, event)| event.deeds.clone().map(move |deed| (deed, index)));
    deeds.find(|(deed, _)| is_it(&trace.deeds[*deed as usize]))
}

fn answer_of(trace: &Trace, request: RequestId) -> Option<Answer> {
    trace.deeds.iter().find_map(|deed| match deed {
        Deed::Replied(replied, answer) if *replied == request => Some(*answer),
        _ => None,
    })
}

/// The belief of this name, if somebody holds it in the run.
fn believed(trace: &Trace, name: &str) -> Option<&'static str> {
    trace.deeds.iter().find_map(|deed| match deed {
        Deed::Holds(belief) if *belief == name => Some(*belief),
        _ => None,
    })
}
