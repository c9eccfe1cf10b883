//! D. K. Gifford, *Weighted Voting for Replicated Data*, SOSP 1979; H. Attiya, A. Bar-Noy and D. Dolev, *Sharing Memory
//! Robustly in Message-Passing Systems*, JACM 1995 ("ABD"), for several writers after N. Lynch and A. Shvartsman, FTCS 1997;
//! G. DeCandia and others, *Dynamo: Amazon's Highly Available Key-value Store*, SOSP 2007.
//!
//! A claim about every run is held against random fault schedules; one about a certain situation against a run that leads
//! there. Vector clocks, trees of hashes and membership are left out of the protocol, and so are their claims.

mod registers;
mod schedule;
mod stores;

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::operation::{Answer, Key};
use lightcone_engine::protocol::{Cause, FlawSet, Happening};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::run::{Plan, Step, StepKind, World};
use lightcone_engine::{MessageId, NodeId, Scenario, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::replication::quorum::replica::Stable;
use lightcone_protocols::replication::quorum::{Fact, Message, Stamp};
use schedule::schedules;
use std::collections::BTreeMap;
use std::rc::Rc;

const X: Key = Key(0);

/// One event of a run.
struct Moment<'a> {
    /// The node at which it happened.
    node: NodeId,
    /// What arrived, if something did, and from whom.
    received: Option<(NodeId, &'a Message)>,
    happenings: &'a [Happening],
    /// Everything, afterwards.
    world: &'a World,
}

impl Moment<'_> {
    fn sent(&self) -> impl Iterator<Item = (NodeId, &Message)> {
        self.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(sent) => Some((sent.message.to, said(sent.payload.as_any()))),
            _ => None,
        })
    }

    fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.happenings.iter().filter_map(|happening| match happening {
            Happening::Happened(fact) => fact.as_any().downcast_ref(),
            _ => None,
        })
    }

    /// How many nodes have a version of the key at least as new on disk.
    fn having(&self, key: Key, stamp: Stamp, nodes: u8) -> usize {
        (0..nodes).filter(|&node| durable(self.world, node).version(key).stamp >= stamp).count()
    }
}

fn said(payload: &dyn std::any::Any) -> &Message {
    payload.downcast_ref().expect("a message of this protocol")
}

fn durable(world: &World, node: u8) -> &Stable {
    world.durable(NodeId(node)).and_then(|stable| stable.as_any().downcast_ref()).expect("it is one of this protocol")
}

/// Goes through a run, event by event.
fn walk(scenario: &Scenario, mut see: impl FnMut(&Moment<'_>)) {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let mut payloads: BTreeMap<MessageId, Message> = BTreeMap::new();
    let mut step = Step::default();
    while let Some((due, cause)) = world.next() {
        if due > scenario.horizon {
            break;
        }
        assert!(world.take(cause, &mut step) || step.kind != StepKind::Event);
        if let Some(node) = cause.node().filter(|_| step.kind == StepKind::Event) {
            let received = match cause {
                Cause::Deliver(id) => payloads.get(&id).map(|message| (id.from, message)),
                _ => None,
            };
            see(&Moment { node, received, happenings: &step.happenings, world: &world });
            for happening in &step.happenings {
                if let Happening::Sent(sent) = happening {
                    payloads.insert(sent.message, said(sent.payload.as_any()).clone());
                }
            }
        }
    }
}

fn run(lines: &str) -> Trace {
    simulate(
        &decode(&format!("lightcone 1\nprotocol quorum 1\n{lines}"), lightcone_protocols::PROTOCOLS)
            .expect("the text can be read"),
    )
}

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == "quorum");
    exhibits.find(|exhibit| exhibit.slug == slug).expect("it is in the gallery").scenario
}

fn without_flaws(slug: &str) -> Trace {
    let mut scenario = exhibit(slug);
    scenario.settings.flaws = FlawSet::default();
    simulate(&scenario)
}

fn answers(trace: &Trace) -> Vec<Answer> {
    let answers = trace.deeds.iter().filter_map(|deed| match deed {
        Deed::Replied(_, answer) => Some(*answer),
        _ => None,
    });
    answers.collect()
}

/// The value of `x` that a node has at `millis`.
fn value(trace: &Trace, node: u8, millis: u64) -> Option<i32> {
    let event = trace.last_event_by(Time::from_millis(millis)).expect("something has happened");
    durable(&trace.world_at(event), node).version(X).value
}

/// How many messages of a kind were sent.
fn count(trace: &Trace, kind: &str) -> usize {
    trace.messages.iter().filter(|message| trace.kind(message.id).name == kind).count()
}
