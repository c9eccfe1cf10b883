//! The trace: a run as plain data. It has every event with its causes and effects, the verdicts, and a way to get node
//! states back. It knows nothing of screens.

use crate::fingerprints::Fingerprints;
use crate::hash::{Hasher64, hash64};
use crate::id::{EventIndex, MessageId, NodeId, RequestId, TimerId};
use crate::operation::{Answer, Operation};
use crate::phrase::Phrase;
use crate::protocol::{
    Action, AnyDurable, AnyFact, Belief, Breach, Cause, Condition, Fact, Finding, Kind, Lane, LaneStatus, Mark,
    Payload, Source, Specification,
};
use crate::run::plan::Plan;
use crate::run::scenario::Scenario;
use crate::run::world::{Limit, World};
use crate::time::Time;
mod outcome;
mod record;
mod recorded;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::hash::Hash;
use core::ops::Range;
pub use recorded::{Part, Recorded, Recording};

/// A run, from its first event to its last, with its verdicts.
#[derive(Clone)]
pub struct Trace {
    /// What was run.
    pub scenario: Rc<Scenario>,
    /// The scenario's plan.
    pub plan: Rc<Plan>,
    /// Every event, in order.
    pub events: Vec<Event>,
    /// The deeds of all events, in order. Each [`Event`] has a range of them.
    pub deeds: Vec<Deed>,
    /// Every message, in order of sending.
    pub messages: Vec<Message>,
    /// Every timer, in order of arming.
    pub timers: Vec<Timer>,
    /// Every change of a lane's look, in order.
    pub statuses: Vec<StatusChange>,
    /// Every condition that begins or ends on a lane, in order.
    pub conditions: Vec<ConditionChange>,
    /// Actions that were not possible.
    pub refusals: Vec<Refusal>,
    /// One verdict a property, in the specification's order.
    pub verdicts: Vec<Verdict>,
    /// Properties that the protocol does not promise with these settings, and why not.
    pub(crate) not_promised: Vec<(u8, &'static str)>,
    /// How the run ended.
    pub ending: Ending,
    /// A 64-bit hash of every event and its deeds: two runs with the same digest are the same. Verdicts and states are not in
    /// it, so a protocol may be judged or inspected in a new way and still run as it ran.
    pub digest: u64,
    found: Vec<(EventIndex, Finding)>,
    looks: Vec<Option<LaneStatus>>,
    lasting: Vec<Vec<Condition>>,
    hasher: Hasher64,
    /// Shared with the traces that were re-simulated from this one. A checkpoint may belong to an earlier plan.
    checkpoints: Vec<Rc<Checkpoint>>,
    by_name: OnceCell<Fingerprints>,
}

/// One step of one node, or of the network: what happened, when, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The instant at which it happened.
    pub at: Time,
    /// The lane that it happened on; none for what happened to the network.
    pub node: Option<NodeId>,
    /// What made it happen.
    pub cause: Cause,
    /// Who decided that it happens, or when.
    pub source: Source,
    /// The lane's event before this one.
    pub previous: Option<EventIndex>,
    /// The event that sent the message or armed the timer.
    pub sender: Option<EventIndex>,
    /// Lamport's stamp (1978), kept by the simulator.
    pub lamport: u32,
    /// If the cause is a message or timer, its place in [`Trace::messages`] or [`Trace::timers`].
    pub record: u32,
    /// The operation, if this event is a request.
    pub asked: Option<(RequestId, Operation)>,
    /// Its deeds: a range of [`Trace::deeds`].
    pub deeds: Range<u32>,
}

/// Something an event did.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Sent the message at this place in [`Trace::messages`].
    Sent(u32),
    /// Armed the timer at this place in [`Trace::timers`].
    Armed(u32),
    /// Disarmed the timer at this place in [`Trace::timers`].
    Disarmed(u32),
    /// Wrote stable storage.
    Persisted(Rc<dyn AnyDurable>),
    /// Answered an operation.
    Replied(RequestId, Answer),
    /// Put a mark on the lane.
    Marked(Mark, Phrase),
    /// Stated a fact. The fact's mark, if it has one, comes before it.
    Happened(Rc<dyn AnyFact>),
    /// Ignored the message or timer, for this reason.
    Ignored(Phrase),
    /// Made the node hold a belief from now on.
    Holds(Belief),
    /// Was evidence for a belief.
    Evidence(Belief),
    /// The node crashed here, inside its handler.
    CrashedHere(Source),
    /// A waiting message was lost with the node.
    LostWaiting(u32),
    /// Is told of by a line of a recorded log. It is the first deed of every event that was recorded.
    Recorded {
        /// The line's number, from 1.
        line: u32,
        /// What the line says.
        text: Rc<str>,
    },
    /// Received this message, too, besides the one that is the event's cause.
    Heard(u32),
}

/// A message of a run.
#[derive(Clone, Debug)]
pub struct Message {
    /// The message's name, which no other message of the run has.
    pub id: MessageId,
    /// What it says.
    pub payload: Payload,
    /// Why it says no; none if it is no refusal.
    pub refusal: Option<Phrase>,
    /// The event that sent it.
    pub sent_by: EventIndex,
    /// When it was sent.
    pub sent: Time,
    /// When it arrives, or would have arrived if it were not lost.
    pub arrives: Time,
    /// When it would have arrived without a reader's move of it.
    pub drawn: Time,
    /// Who decided when, whether or that it arrives.
    pub source: Source,
    /// When it began to wait at a paused node; none if it never waited.
    pub waited_from: Option<Time>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Under way when the run ended.
    InFlight,
    /// Arrived at this event.
    Delivered(EventIndex),
    /// Lost by chance.
    LostByLink,
    /// Dropped by an edit.
    Dropped,
    /// The link was cut when it was sent.
    CutAtSending,
    /// The link was cut when it arrived.
    CutAtArrival,
    /// Reached a stopped node, or waited at a paused node that then crashed.
    ReachedStopped,
}

/// A timer of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// The timer's name, which no other arming in the run has.
    pub id: TimerId,
    /// The event that armed it.
    pub armed_by: EventIndex,
    /// When it was armed.
    pub armed: Time,
    /// When it is due.
    pub due: Time,
    /// When it would have been due without a reader's move of it.
    pub drawn: Time,
    /// Who decided when it is due.
    pub source: Source,
    /// What became of it.
    pub end: TimerEnd,
}

/// What became of a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerEnd {
    /// Armed when the run ended.
    Armed,
    /// Fired at this event.
    Fired(EventIndex),
    /// Disarmed, armed anew or lost in a crash at this event.
    Disarmed(EventIndex),
}

/// A change of a lane's look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// The event that changed it.
    pub event: EventIndex,
    /// The lane whose look changes.
    pub node: NodeId,
    /// How the lane looks from this event on; none while the node is crashed.
    pub status: Option<LaneStatus>,
}

/// A condition that begins or ends on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionChange {
    /// The event after which the condition holds, or holds no longer.
    pub event: EventIndex,
    /// The lane on which it begins or ends.
    pub node: NodeId,
    /// The condition itself.
    pub condition: Condition,
    /// If it begins here, its place among the lane's conditions from this event on, after what is noted before this: those
    /// that stood there and behind move on by one. None if it ends here.
    pub begins: Option<u16>,
}

/// An action that was not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// When it was tried.
    pub at: Time,
    /// What was tried.
    pub action: Action,
    /// Why it was not possible.
    pub why: &'static str,
}

/// What is known about a property when the run is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The property holds: throughout the run, or by its end if it is judged then.
    Holds {
        /// For a property judged by the end, the event at which its good moment came.
        since: Option<EventIndex>,
    },
    /// The property broke at an event.
    Broken {
        /// The event at which it shows first.
        event: EventIndex,
        /// Who contradicts whom.
        breach: Breach,
    },
    /// Its good moment did not come by the end, or did not last until then.
    NotByTheEnd {
        /// Why it failed in the end; none if its good moment never came.
        breach: Option<Breach>,
    },
    /// It is kept, but the run did not put it to the test.
    Untested {
        /// Why not, as half a sentence: "nothing was asked".
        why: &'static str,
    },
    /// It is kept, but with these settings the protocol does not promise it. What breaks although it is not promised is
    /// [`Verdict::Broken`]; [`Trace::not_promised`] says so of both.
    NotPromised {
        /// Why not, as half a sentence: "best-effort broadcast does not promise it".
        why: &'static str,
    },
    /// It is not known: the run met a limit, or the judge did.
    CannotTell {
        /// Why, as a sentence.
        why: String,
    },
}

impl Verdict {
    /// Whether nothing speaks against the property: it holds, was not put to the test, or is kept without a promise.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        matches!(self, Verdict::Holds { .. } | Verdict::Untested { .. } | Verdict::NotPromised { .. })
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// At its horizon, with more to come.
    Horizon,
    /// Nothing more can happen.
    Quiet,
    /// A limit was met.
    Limit(Limit),
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it says.
    Applied,
    /// It did something else, and why.
    Changed(String),
    /// It did nothing, and why.
    Unused(String),
}

/// The world before an event, and how long the trace was.
#[derive(Clone)]
pub struct Checkpoint {
    pub(crate) world: World,
    lengths: [usize; 8],
    looks: Vec<Option<LaneStatus>>,
    lasting: Vec<Vec<Condition>>,
    hasher: Hasher64,
}

impl Trace {
    pub(crate) fn new(scenario: &Scenario, plan: Rc<Plan>) -> Trace {
        Trace {
            scenario: Rc::new(scenario.clone()),
            events: Vec::new(),
            deeds: Vec::new(),
            messages: Vec::new(),
            timers: Vec::new(),
            statuses: Vec::new(),
            conditions: Vec::new(),
            refusals: Vec::new(),
            verdicts: Vec::new(),
            not_promised: Vec::new(),
            ending: Ending::Quiet,
            digest: 0,
            found: Vec::new(),
            looks: vec![None; plan.lanes.len()],
            lasting: vec![Vec::new(); plan.lanes.len()],
            hasher: Hasher64::new(scenario.seed),
            checkpoints: Vec::new(),
            by_name: OnceCell::new(),
            plan,
        }
    }

    /// The specification of the run's protocol.
    #[must_use]
    pub fn specification(&self) -> &'static Specification {
        self.plan.protocol.specification()
    }

    /// The lanes of the run, in order.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.plan.lanes
    }

    /// A node's name.
    #[must_use]
    pub fn name(&self, node: NodeId) -> String {
        self.lanes()
            .get(node.index())
            .map_or_else(|| format!("lane {}", u16::from(node.0) + 1), |lane| lane.name.clone())
    }

    /// The instant at which the scenario ends the run.
    #[must_use]
    pub fn horizon(&self) -> Time {
        self.plan.horizon
    }

    /// Which limit the run met, and when, as a sentence; none if it went on to its end.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        let Ending::Limit(limit) = self.ending else { return None };
        let at = self.events.last().map_or(Time::ZERO, |event| event.at);
        Some(format!("The run stops at {at} ms: {}.", limit.reason()))
    }

    /// A message in words: its full label, and why it says no, if it does.
    #[must_use]
    pub fn label(&self, message: &Message) -> String {
        let label = message.payload.label();
        match self.refusal(message) {
            Some(why) => format!("{label}: {why}"),
            None => label,
        }
    }

    /// Why a message says no, in words; none if it is no refusal.
    #[must_use]
    pub fn refusal(&self, message: &Message) -> Option<String> {
        message.refusal.map(|why| why.show(|node| self.name(node)))
    }

    /// The kind of a message.
    #[must_use]
    pub fn kind(&self, message: MessageId) -> &'static Kind {
        &self.plan.protocol.kinds()[usize::from(message.kind)]
    }

    /// The event at this place.
    #[must_use]
    pub fn event(&self, event: EventIndex) -> &Event {
        &self.events[event.index()]
    }

    /// What an event did, in order.
    #[must_use]
    pub fn deeds(&self, event: EventIndex) -> &[Deed] {
        let range = &self.events[event.index()].deeds;
        &self.deeds[range.start as usize..range.end as usize]
    }

    /// Every fact of the run with its event, in order, as facts of type `F`.
    pub fn facts<F: Fact>(&self) -> impl Iterator<Item = (EventIndex, &F)> {
        let of = |(place, event): (usize, &Event)| (EventIndex(place as u32), event.deeds.clone());
        self.events.iter().enumerate().map(of).flat_map(|(event, deeds)| {
            self.deeds[deeds.start as usize..deeds.end as usize].iter().filter_map(move |deed| match deed {
                Deed::Happened(fact) => Some((event, fact.as_any().downcast_ref()?)),
                _ => None,
            })
        })
    }

    /// The message of this name.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name = Fingerprints::new();
            self.messages.iter().for_each(|message| _ = by_name.add(hash64(&message.id)));
            by_name
        });
        self.messages.get(by_name.get(hash64(&id))? as usize).filter(|message| message.id == id)
    }

    /// The timer of this name.
    #[must_use]
    pub fn timer(&self, id: TimerId) -> Option<&Timer> {
        self.timers.iter().find(|timer| timer.id == id)
    }

    /// How the lane looked after the last event at or before `at`; none while the node was crashed.
    #[must_use]
    pub fn status_at(&self, node: NodeId, at: Time) -> Option<LaneStatus> {
        let seen = self.statuses.partition_point(|change| self.event(change.event).at <= at);
        self.statuses[..seen].iter().rev().find(|change| change.node == node)?.status
    }

    /// The last event at or before `at`.
    #[must_use]
    pub fn last_event_by(&self, at: Time) -> Option<EventIndex> {
        let seen = self.events.partition_point(|event| event.at <= at);
        seen.checked_sub(1).map(|place| EventIndex(place as u32))
    }

    /// The first violation of the run, with the property's place.
    #[must_use]
    pub fn first_violation(&self) -> Option<(usize, EventIndex, &Breach)> {
        let broken = self.verdicts.iter().enumerate().filter_map(|(place, verdict)| match verdict {
            Verdict::Broken { event, breach } => Some((place, *event, breach)),
            _ => None,
        });
        broken.min_by_key(|(place, event, _)| (*event, *place))
    }

    /// So many events at least are the same in both runs, with their deeds: one was re-simulated from the other, or both from
    /// a third. Messages that they sent may fare differently. This costs nothing.
    #[must_use]
    pub fn events_shared_with(&self, other: &Trace) -> usize {
        let pairs = self.checkpoints.iter().zip(&other.checkpoints);
        let shared = pairs.take_while(|(one, other)| Rc::ptr_eq(one, other)).last();
        shared.map_or(0, |(checkpoint, _)| checkpoint.lengths[0])
    }

    pub(crate) fn checkpoint_before(&self, event: Option<EventIndex>) -> Option<&Rc<Checkpoint>> {
        let most = event.map_or(u32::MAX, |event| event.0);
        let place = self.checkpoints.partition_point(|checkpoint| checkpoint.world.events() <= most);
        place.checked_sub(1).map(|place| &self.checkpoints[place])
    }

    pub(crate) fn wants_checkpoint(&self, events: u32) -> bool {
        self.checkpoints.last().is_none_or(|last| last.world.events() < events)
    }

    pub(crate) fn keep(&mut self, world: World) {
        let lengths = self.lengths();
        let (looks, lasting) = (self.looks.clone(), self.lasting.clone());
        self.checkpoints.push(Rc::new(Checkpoint { world, lengths, looks, lasting, hasher: self.hasher }));
    }

    fn lengths(&self) -> [usize; 8] {
        [
            self.events.len(),
            self.deeds.len(),
            self.messages.len(),
            self.timers.len(),
            self.statuses.len(),
            self.refusals.len(),
            self.found.len(),
            self.conditions.len(),
        ]
    }

    /// This trace up to `checkpoint`, to be continued under `plan`.
    pub(crate) fn rewound(&self, scenario: &Scenario, plan: Rc<Plan>, checkpoint: &Checkpoint) -> Trace {
        let [events, deeds, messages, timers, statuses, refusals, found, conditions] = checkpoint.lengths;
        let kept = self.checkpoints.partition_point(|each| each.world.events() < checkpoint.world.events());
        let mut trace = Trace {
            scenario: Rc::new(scenario.clone()),
            plan,
            events: with_room(&self.events, events),
            deeds: with_room(&self.deeds, deeds),
            messages: with_room(&self.messages, messages),
            timers: with_room(&self.timers, timers),
            statuses: with_room(&self.statuses, statuses),
            conditions: self.conditions[..conditions].to_vec(),
            refusals: self.refusals[..refusals].to_vec(),
            verdicts: Vec::new(),
            not_promised: Vec::new(),
            ending: Ending::Quiet,
            digest: 0,
            found: self.found[..found].to_vec(),
            looks: checkpoint.looks.clone(),
            lasting: checkpoint.lasting.clone(),
            hasher: checkpoint.hasher,
            checkpoints: self.checkpoints[..kept].to_vec(),
            by_name: OnceCell::new(),
        };
        // Messages and timers that are open at the checkpoint have no fate yet.
        for (cause, record) in checkpoint.world.open_records() {
            match cause {
                Cause::Deliver(_) => {
                    let message = &mut trace.messages[record as usize];
                    message.fate = Fate::InFlight;
                    message.waited_from = message.waited_from.filter(|from| *from <= checkpoint.world.now());
                }
                Cause::Fire(_) => trace.timers[record as usize].end = TimerEnd::Armed,
                Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => {}
            }
        }
        trace
    }
}

/// The first `count` of `all`, with room for as many as there were.
fn with_room<T: Clone>(all: &[T], count: usize) -> Vec<T> {
    let mut taken = Vec::with_capacity(all.len() + all.len() / 16);
    taken.extend_from_slice(&all[..count]);
    taken
}
