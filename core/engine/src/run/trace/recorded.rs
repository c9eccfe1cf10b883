//! A run that was recorded elsewhere, as a trace. Nobody can run it again: it has no world, no chance and no moves, only what
//! its lines say. The figure reads it as it reads every trace.

use super::{Deed, Ending, Event, Fate, Message, StatusChange, Trace, Verdict};
use crate::hash::Hasher64;
use crate::id::{EventIndex, MessageId, NodeId, RequestId};
use crate::limits::MIN_TRANSIT_MICROS;
use crate::model::Model;
use crate::operation::{Answer, Operation};
use crate::protocol::vocabulary::NoTimer;
use crate::protocol::{
    Argument, Assumptions, Cause, Command, Erased, Inspection, Kind, Lane, LaneStatus, NoFact, Out, Property, Protocol,
    Settings, Source, Specification, Style, When,
};
use crate::run::plan::Plan;
use crate::run::scenario::Scenario;
use crate::sorted_map::SortedMap;
use crate::time::Time;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};

/// What was recorded of a run: its lanes, and its events in an order in which nothing comes before its cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What it is called.
    pub title: String,
    /// The lanes' names, at most [`MAX_NODES`](crate::limits::MAX_NODES).
    pub lanes: Vec<String>,
    /// The events, in the order of their steps, and of lanes where steps are the same.
    pub events: Vec<Recorded>,
    /// If it is a history of clients' operations, what its judge says of it: whether it is linearizable.
    pub judged: Option<Verdict>,
}

/// An event of a [`Recording`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The lane on which it happened.
    pub node: NodeId,
    /// Its step, from 1: one more than that of every event that led to it.
    pub step: u32,
    /// The line that tells of it, from 1.
    pub line: u32,
    /// What the line says.
    pub text: Rc<str>,
    /// Whether an operation begins or ends here.
    pub part: Part,
    /// The events of other lanes whose messages it received, each of an earlier step.
    pub heard: Vec<EventIndex>,
}

/// What an event of a [`Recording`] is to a client's operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Nothing.
    #[default]
    None,
    /// The operation begins: its client asks.
    Call,
    /// The last operation of this lane ends: its client is told what came of it.
    Return,
}

/// The stretch of virtual time that stands for one step of a recorded run.
const STEP: u64 = 1_000;

/// The protocol of what was recorded. It is in no list, so no link and no file can name it.
static RECORDED: Erased<Node> = Erased::new();

/// A node of a recorded run: nothing is known of its state.
#[derive(Clone, Hash)]
struct Node;

/// A message of a recorded run: what its sender's line says.
#[derive(Clone, Debug, Hash)]
struct Sent(Rc<str>);

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl crate::protocol::Message for Sent {
    const KINDS: &'static [Kind] = &[Kind { name: "Message", label: "Message", style: Style::Value, reply: false }];
    fn kind(&self) -> u8 {
        0
    }
}

impl Protocol for Node {
    type Config = ();
    type Message = Sent;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = NoFact;
    type Observer = ();

    const SPECIFICATION: Specification = Specification {
        number: u8::MAX,
        id: "recorded",
        version: 1,
        title: "Recorded log",
        summary: "",
        source: "",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[],
        flaws: &[],
        properties: &[Property {
            id: "linearizable",
            name: "Linearizability",
            when: When::Always,
            sentence: "Some order of the operations that keeps real time explains every answer.",
            source: "Herlihy & Wing 1990",
        }],
        commands: &[Command { id: "operation", name: "Operation", argument: Argument::Nothing }],
    };

    fn configure(_: &Settings) {}
    fn lanes((): &()) -> Vec<Lane> {
        vec![lane(String::new(), false)]
    }
    fn boot((): (), _: &mut Out<'_, Node>) -> Node {
        Node
    }
    fn on_message(&mut self, _: NodeId, _: &Sent, _: &mut Out<'_, Node>) {}
    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Node>) {}
    fn inspect(&self, _: &mut Inspection) {}
}

fn lane(name: String, client: bool) -> Lane {
    Lane { name, client, accepts: &[] }
}

impl Trace {
    /// The trace of what was recorded. A step takes a millisecond, so that it can be seen which events do not know of each other: those of one step.
    #[must_use]
    pub fn recorded(recording: &Recording) -> Trace {
        let mut scenario = Scenario::new(&RECORDED);
        scenario.title.clone_from(&recording.title);
        let last = recording.events.iter().map(|event| event.step).max().unwrap_or(0);
        scenario.horizon = at(last.saturating_add(1));
        scenario.model = model(recording);
        let mut plan = Plan::new(&scenario);
        let clients = recording.judged.is_some();
        plan.lanes = recording.lanes.iter().map(|name| lane(name.clone(), clients)).collect();
        let mut trace = Trace::new(&scenario, Rc::new(plan));
        let mut filling = Filling::of(recording);
        (0..recording.events.len() as u32).for_each(|place| filling.add(&mut trace, place));
        let status = if clients { LaneStatus::CLIENT } else { LaneStatus::NODE };
        for node in (0..trace.lanes().len() as u8).map(NodeId).filter(|_| !trace.events.is_empty()) {
            trace.statuses.push(StatusChange { event: EventIndex(0), node, status: Some(status) });
        }
        trace.verdicts.extend(recording.judged.clone());
        trace.ending = Ending::Quiet;
        trace.digest = digest(&trace);
        trace
    }

    /// Whether it was recorded elsewhere, so that nobody can change it or run it again. Its times are steps.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.scenario.protocol == &RECORDED as &dyn crate::protocol::AnyProtocol
    }

    /// The number of the line that tells of this event, and what the line says; none if it was not recorded.
    #[must_use]
    pub fn line(&self, event: EventIndex) -> Option<(u32, &Rc<str>)> {
        match self.deeds(event).first() {
            Some(Deed::Recorded { line, text }) => Some((*line, text)),
            _ => None,
        }
    }

    /// A moment in words: `12 ms`; or `step 12`, where the run was recorded and times are steps.
    #[must_use]
    pub fn moment(&self, at: Time) -> String {
        if self.is_recorded() { format!("step {}", at.micros().div_ceil(STEP)) } else { format!("{} ms", at.tenths()) }
    }
}

/// How long a message would take where none is sent: a window opens as wide.
const USUAL_WAY: u64 = 2 * STEP;

fn at(step: u32) -> Time {
    Time::from_micros(u64::from(step) * STEP)
}

/// Links as slow as the recorded messages are on average: a window opens as wide as its messages are long.
fn model(recording: &Recording) -> Model {
    let of = |event: EventIndex| recording.events[event.index()].step;
    let ways = recording
        .events
        .iter()
        .flat_map(|event| event.heard.iter().map(|sender| u64::from(event.step.saturating_sub(of(*sender))) * STEP));
    let (sum, count) = ways.fold((0, 0), |(sum, count), way| (sum + way, count + 1));
    let mean = sum.checked_div(count).unwrap_or(USUAL_WAY).max(MIN_TRANSIT_MICROS);
    let mut model = Model::default();
    model.links.latency_micros = (mean, mean);
    model
}

/// A trace that is being filled with what was recorded.
struct Filling<'a> {
    recording: &'a Recording,
    /// The events that hear of each, by place in the recording.
    heard_by: Vec<Vec<u32>>,
    /// The messages that each hears, by place in the recording.
    hears: Vec<Vec<u32>>,
    /// Messages sent so far on each link.
    sent: SortedMap<(NodeId, NodeId), u16>,
    /// The last event of each lane, and how many operations it has asked for.
    last: Vec<Option<EventIndex>>,
    asked: Vec<u16>,
}

impl<'a> Filling<'a> {
    fn of(recording: &'a Recording) -> Filling<'a> {
        let mut heard_by = vec![Vec::new(); recording.events.len()];
        for (place, event) in (0..).zip(&recording.events) {
            event.heard.iter().for_each(|sender| heard_by[sender.index()].push(place));
        }
        let (hears, last) = (vec![Vec::new(); recording.events.len()], vec![None; recording.lanes.len()]);
        let asked = vec![0; last.len()];
        Filling { recording, heard_by, hears, sent: SortedMap::new(), last, asked }
    }

    fn add(&mut self, trace: &mut Trace, place: u32) {
        let recording = self.recording;
        let event = &recording.events[place as usize];
        let (index, now) = (EventIndex(place), at(event.step));
        let first = trace.deeds.len() as u32;
        trace.deeds.push(Deed::Recorded { line: event.line, text: event.text.clone() });
        let mut heard = core::mem::take(&mut self.hears[place as usize]).into_iter();
        let received = heard.next();
        trace.deeds.extend(heard.map(Deed::Heard));
        for to in core::mem::take(&mut self.heard_by[place as usize]) {
            let message = self.message(event, index, to);
            self.hears[to as usize].push(trace.messages.len() as u32);
            trace.deeds.push(Deed::Sent(trace.messages.len() as u32));
            trace.messages.push(message);
        }
        let ordinal = &mut self.asked[event.node.index()];
        *ordinal = ordinal.saturating_add(u16::from(event.part == Part::Call));
        let request = RequestId { node: event.node, ordinal: *ordinal };
        if event.part == Part::Return {
            trace.deeds.push(Deed::Replied(request, Answer::Done));
        }
        let message = received.map(|record| &trace.messages[record as usize]);
        trace.events.push(Event {
            at: now,
            node: Some(event.node),
            cause: message.map_or(Cause::Recorded(event.node), |message| Cause::Deliver(message.id)),
            source: Source::Run,
            previous: self.last[event.node.index()].replace(index),
            sender: message.map(|message| message.sent_by),
            lamport: event.step,
            record: received.unwrap_or(0),
            // What is asked, the line says.
            asked: (event.part == Part::Call).then_some((request, Operation::Command { verb: 0, argument: 0 })),
            deeds: first..trace.deeds.len() as u32,
        });
    }

    fn message(&mut self, from: &Recorded, sent_by: EventIndex, to: u32) -> Message {
        let receiver = &self.recording.events[to as usize];
        let ordinal = self.sent.or_insert((from.node, receiver.node), 0);
        *ordinal = ordinal.saturating_add(1);
        let id = MessageId { from: from.node, to: receiver.node, kind: 0, ordinal: *ordinal, copy: 0 };
        let (sent, arrives) = (at(from.step), at(receiver.step));
        Message {
            id,
            payload: Rc::new(Sent(from.text.clone())),
            refusal: None,
            sent_by,
            sent,
            arrives,
            drawn: arrives,
            source: Source::Run,
            waited_from: None,
            fate: Fate::Delivered(EventIndex(to)),
        }
    }
}

fn digest(trace: &Trace) -> u64 {
    let mut hasher = Hasher64::new(trace.scenario.seed);
    for event in &trace.events {
        (event.at, event.cause).hash(&mut hasher);
        for deed in &trace.deeds[event.deeds.start as usize..event.deeds.end as usize] {
            match deed {
                Deed::Recorded { line, text } => (*line, &**text).hash(&mut hasher),
                Deed::Sent(record) | Deed::Heard(record) => hasher.write_u32(*record),
                _ => {}
            }
        }
    }
    hasher.finish()
}
