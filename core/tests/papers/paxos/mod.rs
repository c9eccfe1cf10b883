//! L. Lamport, *Paxos Made Simple*, 2001.
//!
//! A claim about every run is held against random fault schedules, event by event, and against what the disks have
//! said so far rather than what nodes believe; one about a certain situation against a run that leads there.

mod choosing;
mod learning;
mod progress;
mod schedule;

use lightcone_engine::protocol::{Cause, Happening, Sent};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::run::{Plan, Step, StepKind, World};
use lightcone_engine::{MessageId, NodeId, NodeSet, Scenario, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::consensus::paxos::{Message, Paxos, Proposal, Stable};
use lightcone_tests::count::share;
use std::rc::Rc;

/// One event of a node.
struct Moment<'a> {
    node: NodeId,
    cause: Cause,
    /// The node after; none if it is stopped.
    after: Option<&'a Paxos>,
    /// What was on its disk before.
    stable: Stable,
    happenings: &'a [Happening],
    /// Everything that has happened so far, this event with it.
    history: &'a History,
}

/// What the disks and messages of a run have said.
#[derive(Default)]
struct History {
    /// What each lane has accepted, in order.
    accepted: Vec<Vec<Proposal>>,
    /// Proposals that an acceptor was asked to accept.
    issued: Vec<Proposal>,
    acceptors: usize,
}

impl History {
    /// What is chosen: accepted by a majority.
    fn chosen(&self) -> Vec<Proposal> {
        let mut all: Vec<Proposal> = self.accepted.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        let by = |proposal: &Proposal| self.accepted.iter().filter(|own| own.contains(proposal)).count();
        all.retain(|proposal| 2 * by(proposal) > self.acceptors);
        all
    }
}

impl Moment<'_> {
    /// What it sent, each with what was on its disk then; copies by the link left out.
    fn sent(&self) -> Vec<(NodeId, &Message, Stable)> {
        let mut stable = self.stable;
        let mut all = Vec::new();
        for happening in self.happenings {
            match happening {
                Happening::Persisted(durable) => stable = *durable.as_any().downcast_ref().expect("a node's"),
                Happening::Sent(sent) if sent.message.copy == 0 => all.push((sent.message.to, said(sent), stable)),
                _ => {}
            }
        }
        all
    }
}

fn said(sent: &Sent) -> &Message {
    sent.payload.as_any().downcast_ref().expect("a message of Paxos")
}

fn node(world: &World, node: NodeId) -> Option<&Paxos> {
    world.state(node)?.as_any().downcast_ref()
}

fn disk(world: &World, node: NodeId) -> Stable {
    world.durable(node).and_then(|stable| stable.as_any().downcast_ref().copied()).unwrap_or_default()
}

/// Goes through a run, event by event.
fn walk(scenario: &Scenario, mut see: impl FnMut(&Moment<'_>)) {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let mut step = Step::default();
    let acceptors = scenario.settings.parameters[2] as usize;
    let mut history = History { accepted: vec![Vec::new(); scenario.lanes().len()], acceptors, ..History::default() };
    while let Some((due, cause)) = world.next() {
        if due > scenario.horizon {
            break;
        }
        let stable = cause.node().map(|node| disk(&world, node));
        assert!(world.take(cause, &mut step), "what is next can happen");
        let (StepKind::Event, Some(lane), Some(stable)) = (step.kind, cause.node(), stable) else { continue };
        let now = disk(&world, lane).accepted;
        if let Some(accepted) = now.filter(|_| now != stable.accepted) {
            history.accepted[lane.index()].push(accepted);
        }
        history.issued.extend(step.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(sent) => match said(sent) {
                Message::Accept(proposal) => Some(*proposal),
                _ => None,
            },
            _ => None,
        }));
        let (after, happenings) = (node(&world, lane), &step.happenings[..]);
        see(&Moment { node: lane, cause, after, stable, happenings, history: &history });
    }
}

/// Holds a claim against every event of random schedules. The claim says whether it had anything to say: that must
/// happen at least so often.
fn always(least: u64, mut claim: impl FnMut(&Moment<'_>) -> bool) {
    let mut cases = 0;
    for scenario in schedule::schedules(share(600)) {
        walk(&scenario, |moment| cases += u64::from(claim(moment)));
    }
    assert!(cases >= share(least), "the situation was there {cases} times");
}

fn scenario(lines: &str) -> Scenario {
    decode(&format!("lightcone 1\nprotocol paxos 1\n{lines}"), lightcone_protocols::PROTOCOLS)
        .expect("the text can be read")
}

fn run(lines: &str) -> Trace {
    simulate(&scenario(lines))
}

/// A lane's state at `millis`.
fn at(trace: &Trace, lane: &str, millis: u64) -> Paxos {
    let event = trace.last_event_by(Time::from_millis(millis)).expect("something has happened");
    node(&trace.world_at(event), lane_of(trace, lane)).expect("it is up").clone()
}

fn lane_of(trace: &Trace, name: &str) -> NodeId {
    let place = trace.lanes().iter().position(|lane| lane.name == name).expect("there is such a lane");
    NodeId(place as u8)
}

/// Names of messages with what they say, in the order in which they were sent.
fn messages(trace: &Trace) -> impl Iterator<Item = (MessageId, &Message)> {
    trace
        .messages
        .iter()
        .map(|message| (message.id, message.payload.as_any().downcast_ref::<Message>().expect("a message of Paxos")))
}

fn holds(trace: &Trace, property: &str) -> bool {
    let mut all = trace.specification().properties.iter().zip(&trace.verdicts);
    let found = all.find(|(each, _)| each.id == property).expect("there is such a property");
    matches!(found.1, Verdict::Holds { .. })
}

fn set(nodes: impl IntoIterator<Item = NodeId>) -> NodeSet {
    nodes.into_iter().collect()
}
