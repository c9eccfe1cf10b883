//! What protocols say of messages that never matter any more, held against what can happen: in every world that a search of
//! some thousand steps comes to, with and without each flaw, such a message still does not matter after anything else
//! that happens, and makes no difference when it arrives.

mod common;

use common::any_settings;
use fastrand::Rng;
use lightcone::hash::Hasher64;
use lightcone::node::Family;
use lightcone::operation::{Key, Operation};
use lightcone::plan::Plan;
use lightcone::protocol::{Accepts, FlawSet, Settings};
use lightcone::registry;
use lightcone::world::{Cause, Choice, Happening, Step, World};
use lightcone::{Action, Edit, MessageId, NodeId, Scenario, Time};
use std::collections::BTreeSet;
use std::hash::Hasher;
use std::rc::Rc;

/// Choices tried in each world, at most.
const CHOICES: usize = 8;
/// Worlds looked at for each run.
const WORLDS: usize = 25;
/// Runs for each protocol and flaw.
const RUNS: u64 = 150;

/// Changes a knob, if the protocol has it.
fn tune(settings: &mut Settings, family: &dyn Family, knob: &str, change: impl Fn(u32) -> u32) {
    let place = family.specification().parameters.iter().position(|parameter| parameter.id == knob);
    if let Some(place) = place {
        settings.parameters[place] = change(settings.parameters[place]);
    }
}

/// A small run: any knobs, a few nodes, some messages twice, requests, and two nodes that stop and come back.
fn scenario(family: &'static dyn Family, flaws: FlawSet, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    let mut settings = any_settings(family, rng);
    for knob in ["servers", "acceptors", "replicas"] {
        tune(&mut settings, family, knob, |value| value.min(3));
    }
    for knob in ["clients", "proposers", "learners", "participants", "stand-ins"] {
        tune(&mut settings, family, knob, |value| value.min(2));
    }
    if rng.u8(..3) == 0 {
        tune(&mut settings, family, "proposers", |_| 1);
        tune(&mut settings, family, "ballot-timeout", |_| 20);
        tune(&mut settings, family, "anti-entropy", |_| 30);
        tune(&mut settings, family, "abd", |_| 1);
    }
    settings.flaws = flaws;
    scenario.settings = settings;
    scenario.model.links.duplication_per_mille = *rng.choice(&[0, 300, 1_000]).expect("there are choices");
    // Messages that come late tell of what is over.
    scenario.model.links.latency_micros = *rng.choice(&[(8_000, 14_000), (1_000, 150_000)]).expect("there are choices");
    for _ in 0..2 {
        // Half the time the first, which in some protocols has no like.
        let node = NodeId(if rng.bool() { 0 } else { rng.u8(..scenario.lanes().len() as u8) });
        let stops = rng.u64(1..300);
        let comes_back = stops + rng.u64(1..100);
        scenario.script.push(Edit::At { at: Time::from_millis(stops), action: Action::Crash(node) });
        scenario.script.push(Edit::At { at: Time::from_millis(comes_back), action: Action::Restart(node) });
    }
    for (lane, accepts) in scenario.lanes().iter().map(|lane| lane.accepts).enumerate() {
        let mut at = 0;
        for number in 0..rng.usize(2..6) {
            // What a protocol asks in words of its own comes last: it may end what came before.
            let form = if number < 2 { rng.choice(accepts) } else { accepts.last() };
            let Some(form) = form else { break };
            let operation = operation(*form, scenario.lanes().len() as u8, rng);
            at += rng.u64(1..100);
            let action = Action::Request { node: NodeId(lane as u8), operation };
            scenario.script.push(Edit::At { at: Time::from_millis(at), action });
        }
    }
    scenario
}

fn operation(form: Accepts, lanes: u8, rng: &mut Rng) -> Operation {
    let (key, value) = (Key(rng.u8(..2)), rng.i32(..3));
    match form {
        Accepts::Read => Operation::Read { key },
        Accepts::Write => Operation::Write { key, value },
        Accepts::Add => Operation::Add { key, amount: value },
        Accepts::CompareAndSet => Operation::CompareAndSet { key, expected: 0, value },
        Accepts::Command(verb) => Operation::Command { verb, argument: rng.u8(..lanes) },
    }
}

fn start(scenario: &Scenario) -> World {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let boots: Vec<Cause> = world.choices().into_iter().filter(|cause| matches!(cause, Cause::Boot(_))).collect();
    boots.into_iter().for_each(|cause| assert!(world.take(cause, &mut Step::default())));
    world
}

/// What a message that does not matter leaves as it is, once all that do not are forgotten: nodes, disks, and what waits to
/// happen. Where no clock is read, also the fingerprint of the world; where one is, time is part of that, and whatever
/// arrives lets some pass.
fn without_dead(world: &World) -> (u64, Vec<Cause>, Option<u64>) {
    let mut world = world.clone();
    world.forget_dead();
    let mut hasher = Hasher64::default();
    for node in (0..world.plan().nodes()).map(NodeId) {
        world.state(node).into_iter().for_each(|state| state.fingerprint(&mut hasher));
        world.durable(node).into_iter().for_each(|durable| durable.fingerprint(&mut hasher));
    }
    (hasher.finish(), world.choices(), (!world.is_timed()).then(|| world.fingerprint()))
}

fn under_way(world: &World) -> impl Iterator<Item = MessageId> {
    world.choices().into_iter().filter_map(|cause| match cause {
        Cause::Deliver(message) => Some(message),
        _ => None,
    })
}

/// Some of what can happen next, and whether the messages that do not matter here keep to that. Returns what comes next.
fn judge(world: &World, rng: &mut Rng, found: &mut BTreeSet<u8>) -> Vec<World> {
    let dead: Vec<MessageId> = under_way(world).filter(|message| world.never_matters(*message)).collect();
    found.extend(dead.iter().map(|message| message.kind));
    let forgotten = without_dead(world);
    let mut step = Step::default();
    let mut after = Vec::new();
    let mut choices = world.choices();
    rng.shuffle(&mut choices);
    for choice in choices.into_iter().take(CHOICES) {
        let mut next = world.clone();
        // Now and then its node crashes in the middle.
        let cut_short = rng.u8(..4) == 0;
        if cut_short {
            next.force(Choice::CutShort(choice, rng.u16(..6)), world.now().after(1), &mut step);
        } else {
            assert!(next.take(choice, &mut step), "{choice:?} can be taken");
        }
        let left: BTreeSet<MessageId> = under_way(&next).collect();
        for message in dead.iter().filter(|message| left.contains(message)) {
            assert!(next.never_matters(*message), "{message:?} matters again after {choice:?}");
        }
        if let Cause::Deliver(message) = choice
            && dead.contains(&message)
            && !cut_short
        {
            assert_eq!(without_dead(&next), forgotten, "{message:?} makes a difference");
            assert!(
                !step.happenings.iter().any(|each| matches!(each, Happening::Replied { .. } | Happening::Marked(..)))
            );
            assert!(step.findings.is_empty(), "{message:?} shows the observer something");
        }
        after.push(next);
    }
    after
}

/// The world after some steps in the order of time.
fn middle(scenario: &Scenario, rng: &mut Rng) -> World {
    let mut world = start(scenario);
    for _ in 0..rng.usize(..150) {
        let Some((_, cause)) = world.next() else { break };
        assert!(world.take(cause, &mut Step::default()));
    }
    world
}

/// Searches on from the middle of a run: half the time from the world found last, which leads far, half from any.
fn search(scenario: &Scenario, rng: &mut Rng, found: &mut BTreeSet<u8>) {
    let mut waiting = vec![middle(scenario, rng)];
    let mut known = BTreeSet::new();
    while known.len() < WORLDS
        && let Some(last) = waiting.len().checked_sub(1)
    {
        let world = waiting.swap_remove(if rng.bool() { last } else { rng.usize(..=last) });
        if known.insert(world.fingerprint()) {
            waiting.extend(judge(&world, rng, found));
        }
    }
}

/// Kinds of messages of which some never matter any more, as found here.
const DEAD: &[(&str, &[&str])] = &[
    ("quorum", &["Query", "Found", "Store", "WriteBack", "Stored", "Repair", "Newer"]),
    (
        "2pc",
        &[
            "Update",
            "Updated",
            "CommitRequest",
            "Outcome",
            "Prepare",
            "Yes",
            "No",
            "Commit",
            "Abort",
            "Acknowledge",
            "Ask",
        ],
    ),
    ("paxos", &["Prepare", "Promise", "Refuse", "Accept"]),
    ("raft", &["Vote", "PreVoteReply", "AppendReply", "HeartbeatReply", "TimeoutNow", "Response", "Redirect"]),
];

#[test]
fn what_never_matters_makes_no_difference_whatever_happens_first() {
    for (id, kinds) in DEAD {
        let family = registry::by_id(id).expect("it is registered");
        let specification = family.specification();
        let count = specification.flaws.len() as u8;
        let all = (0..count).fold(FlawSet::default(), FlawSet::with);
        let mut found = BTreeSet::new();
        for flaws in (0..count).map(|flaw| FlawSet::default().with(flaw)).chain([FlawSet::default(), all]) {
            for seed in 0..RUNS {
                let mut rng = Rng::with_seed(seed);
                let scenario = scenario(family, flaws, &mut rng);
                search(&scenario, &mut rng, &mut found);
            }
        }
        let names: Vec<&str> = found.iter().map(|kind| family.kinds()[usize::from(*kind)].name).collect();
        assert!(kinds.iter().all(|kind| names.contains(kind)), "{id}: {names:?}");
    }
}
