//! D. Ongaro and J. Ousterhout, *In Search of an Understandable Consensus Algorithm* (extended version), 2014;
//! "dissertation": D. Ongaro, *Consensus: Bridging Theory and Practice*, Stanford 2014.
//!
//! A claim about every run is held against random fault schedules, event by event; one about a certain
//! situation against a run that leads there. Either way the test says how often the situation was there.
//! Membership changes (§6) and snapshots (§7) are left out of the protocol, and so are their claims.

mod basics;
mod clients;
mod crashes;
mod dissertation;
mod elections;
mod log;
mod reads;
mod repair;
mod reports;
mod safety;
mod schedule;

use fastrand::Rng;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::{Cause, Happening, Sent};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::run::{Plan, Step, StepKind, World};
use lightcone_engine::{EventIndex, MessageId, NodeId, Scenario, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::consensus::raft::server::{Server, Stable};
use lightcone_protocols::consensus::raft::{Append, Appended, Fact, Message, Outcome, Raft};
use schedule::{CLIENTS, SERVERS};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Values of the knob `reads`: how a read is answered.
const LOG: u32 = 0;
const READ_INDEX: u32 = 1;
const LEASE: u32 = 2;

/// One event of a server.
struct Moment<'a> {
    at: Time,
    /// The server at which it happened.
    node: NodeId,
    cause: Cause,
    /// What arrived, if something did.
    received: Option<(NodeId, &'a Message)>,
    /// The server before; none if it was stopped.
    before: Option<&'a Server>,
    /// The server after; none if it is stopped.
    after: Option<&'a Server>,
    /// What it had in stable storage before.
    stable: &'a Stable,
    happenings: &'a [Happening],
    /// Everything, afterwards.
    world: &'a World,
}

impl Moment<'_> {
    /// Both states, if the server runs before and after.
    fn states(&self) -> Option<(&Server, &Server)> {
        Some((self.before?, self.after?))
    }

    /// What it sent, copies by the link left out.
    fn sent(&self) -> impl Iterator<Item = (NodeId, &Message)> {
        self.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(sent) if sent.message.copy == 0 => Some((sent.message.to, said(sent))),
            _ => None,
        })
    }

    /// What it sent, each with what was in stable storage then.
    fn sent_with_kept(&self) -> Vec<(NodeId, &Message, &Stable)> {
        let mut kept = self.stable;
        let mut all = Vec::new();
        for happening in self.happenings {
            match happening {
                Happening::Persisted(durable) => kept = durable.as_any().downcast_ref().expect("a server's"),
                Happening::Sent(sent) => all.push((sent.message.to, said(sent), kept)),
                _ => {}
            }
        }
        all
    }

    /// Whether it grants a vote.
    fn votes(&self) -> bool {
        self.sent().any(|(_, say)| matches!(say, Message::Vote { granted: true, .. }))
    }

    /// What a server has in stable storage afterwards.
    fn durable(&self, node: u8) -> &Stable {
        self.world.durable(NodeId(node)).and_then(|kept| kept.as_any().downcast_ref()).expect("a server's")
    }

    /// The AppendEntries RPC that arrived, if one did.
    fn append(&self) -> Option<(NodeId, &Append)> {
        let (from, say) = self.received?;
        Some((from, append(say)?))
    }

    /// Why it ignores what happens, if it does.
    fn ignored(&self) -> Option<&'static str> {
        self.happenings.iter().find_map(|happening| match happening {
            Happening::Ignored(why) => Some(why.text),
            _ => None,
        })
    }

    /// Whether it comes to lead.
    fn elected(&self) -> bool {
        let leads = |fact: Option<&Fact>| matches!(fact, Some(Fact::Leads { .. }));
        self.happenings.iter().any(|it| matches!(it, Happening::Happened(fact) if leads(fact.as_any().downcast_ref())))
    }
}

fn said(sent: &Sent) -> &Message {
    sent.payload.as_any().downcast_ref().expect("a message of Raft")
}

fn server(world: &World, node: NodeId) -> Option<&Server> {
    world.state(node)?.as_any().downcast_ref::<Raft>()?.server()
}

fn term_of(say: &Message) -> Option<u32> {
    match *say {
        Message::RequestVote { term, .. } | Message::Vote { term, .. } | Message::TimeoutNow { term } => Some(term),
        _ => append(say).map(|append| append.term).or(appended(say).map(|appended| appended.term)),
    }
}

/// The arguments of an AppendEntries RPC, be there entries or not.
fn append(say: &Message) -> Option<&Append> {
    match say {
        Message::AppendEntries(append) | Message::Heartbeat(append) => Some(append),
        _ => None,
    }
}

/// The results of an AppendEntries RPC.
fn appended(say: &Message) -> Option<&Appended> {
    match say {
        Message::AppendReply(appended) | Message::HeartbeatReply(appended) => Some(appended),
        _ => None,
    }
}

/// Up to where the logs agree, if that is what a follower says.
fn agrees(say: &Message) -> Option<u32> {
    match appended(say)?.outcome {
        Outcome::Matches(index) => Some(index),
        _ => None,
    }
}

/// Goes through a run, event by event, and shows those of servers.
fn walk(scenario: &Scenario, mut see: impl FnMut(&Moment<'_>)) {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let mut payloads: BTreeMap<MessageId, Message> = BTreeMap::new();
    let mut step = Step::default();
    while let Some((due, cause)) = world.next() {
        if due > scenario.horizon {
            break;
        }
        let node = cause.node();
        let before = node.and_then(|node| server(&world, node)).cloned();
        let stable = node.and_then(|node| world.durable(node)?.as_any().downcast_ref::<Stable>().cloned());
        assert!(world.take(cause, &mut step), "what is next can happen");
        if step.kind != StepKind::Event {
            continue;
        }
        if let Some(node) = node.filter(|node| u32::from(node.0) < scenario.settings.parameters[SERVERS]) {
            let received = match cause {
                Cause::Deliver(message) => payloads.get(&message).map(|say| (message.from, say)),
                _ => None,
            };
            see(&Moment {
                at: world.now(),
                node,
                cause,
                received,
                before: before.as_ref(),
                after: server(&world, node),
                stable: &stable.unwrap_or_default(),
                happenings: &step.happenings,
                world: &world,
            });
        }
        for happening in &step.happenings {
            if let Happening::Sent(sent) = happening {
                payloads.insert(sent.message, said(sent).clone());
            }
        }
    }
}

/// Random fault schedules with these parameters changed.
fn schedules(changes: &[(usize, u32)], count: u64) -> impl Iterator<Item = Scenario> + '_ {
    (0..count).map(move |seed| {
        let mut rng = Rng::with_seed(seed);
        let servers = *rng.choice(&[3, 5]).expect("there are choices");
        let mut settings = schedule::settings(&[(SERVERS, servers), (CLIENTS, 2)]);
        for &(parameter, value) in changes {
            settings.parameters[parameter] = value;
        }
        let mut scenario = schedule::ground(settings, 12, &mut rng);
        if rng.bool() {
            schedule::partitions(&mut scenario, &mut rng);
        }
        schedule::disturb(&mut scenario, &mut rng);
        scenario
    })
}

/// Holds a claim against every event of such schedules. The claim says whether it had anything to say: that must
/// happen at least so often.
fn in_schedules(changes: &[(usize, u32)], count: u64, least: u32, mut claim: impl FnMut(&Moment<'_>) -> bool) {
    let mut cases = 0;
    for scenario in schedules(changes, count) {
        walk(&scenario, |moment| cases += u32::from(claim(moment)));
    }
    assert!(cases >= least, "the situation was there {cases} times");
}

fn always(least: u32, claim: impl FnMut(&Moment<'_>) -> bool) {
    in_schedules(&[], 150, least, claim);
}

fn run(lines: &str) -> Trace {
    let text = format!("lightcone 1\nprotocol raft 1\nset servers 3\n{lines}");
    simulate(&decode(&text, lightcone_protocols::PROTOCOLS).expect("the text can be read"))
}

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == "raft");
    exhibits.find(|exhibit| exhibit.slug == slug).expect("it is in the gallery").scenario
}

fn without_flaws(slug: &str) -> Scenario {
    let mut scenario = exhibit(slug);
    scenario.settings.flaws = lightcone_engine::protocol::FlawSet::default();
    scenario
}

/// The server as it is at `millis`.
fn at(trace: &Trace, node: u8, millis: u64) -> Server {
    let event = trace.last_event_by(Time::from_millis(millis)).expect("something has happened");
    server(&trace.world_at(event), NodeId(node)).expect("it is up").clone()
}

fn elections(trace: &Trace) -> Vec<NodeId> {
    let leads = trace.facts().filter(|(_, fact)| matches!(fact, Fact::Leads { .. }));
    leads.filter_map(|(event, _)| trace.event(event).node).collect()
}

fn messages(trace: &Trace, from: u8, to: u8) -> impl Iterator<Item = (Time, &Message)> {
    let link =
        move |message: &&lightcone_engine::run::trace::Message| message.id.from.0 == from && message.id.to.0 == to;
    trace
        .messages
        .iter()
        .filter(link)
        .map(|message| (message.sent, message.payload.as_any().downcast_ref::<Message>().expect("a message of Raft")))
}

fn answers(trace: &Trace) -> Vec<(u64, Answer)> {
    let places = (0..trace.events.len() as u32).map(EventIndex);
    let replied = places.flat_map(|event| {
        trace.deeds(event).iter().filter_map(move |deed| match deed {
            Deed::Replied(_, answer) => Some((trace.event(event).at.micros() / 1_000, *answer)),
            _ => None,
        })
    });
    replied.collect()
}
