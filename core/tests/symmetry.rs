//! Nodes that a protocol calls interchangeable are: a schedule and its image, in which they change places, lead to worlds
//! with one canonical fingerprint, and worlds with one canonical fingerprint are images of one another.

mod common;

use common::any_settings;
use fastrand::Rng;
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::Cause;
use lightcone_engine::protocol::{Argument, Family, FlawSet, Settings};
use lightcone_engine::run::Plan;
use lightcone_engine::run::{Step, World};
use lightcone_engine::{Action, Edit, MessageId, NodeId, NodeSet, Scenario, Time, TimerId};
use lightcone_search::world::Canonical;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Who takes whose place: where each node goes.
type Places = Vec<NodeId>;

fn set(settings: &mut Settings, family: &dyn Family, knob: &str, value: u32) {
    let place = family.specification().parameters.iter().position(|parameter| parameter.id == knob);
    settings.parameters[place.expect("there is such a knob")] = value;
}

/// Settings under which some nodes are interchangeable, most often.
fn settings(family: &'static dyn Family, rng: &mut Rng) -> Settings {
    let mut settings = any_settings(family, rng);
    match family.specification().id {
        "raft" => {
            set(&mut settings, family, "clients", 0);
            set(&mut settings, family, "servers", rng.u32(2..5));
            // Clocks tell more than schedules: there, two worlds of one schedule may differ.
            ["pre-vote", "check-quorum"].into_iter().for_each(|knob| set(&mut settings, family, knob, 0));
            set(&mut settings, family, "read-mode", rng.u32(0..2));
        }
        "quorum" => {
            ["stand-ins", "anti-entropy"].into_iter().for_each(|knob| set(&mut settings, family, knob, 0));
            set(&mut settings, family, "replicas", rng.u32(2..5));
            set(&mut settings, family, "clients", rng.u32(1..3));
        }
        "paxos" => set(&mut settings, family, "learners", rng.u32(1..4)),
        _ => {}
    }
    settings
}

/// What the outside world may do, at any moment: requests, and faults of any node.
fn actions(scenario: &Scenario, rng: &mut Rng) -> Vec<Action> {
    let lanes = scenario.lanes();
    let any = |rng: &mut Rng| NodeId(rng.u8(..lanes.len() as u8));
    let side = |rng: &mut Rng| NodeSet(rng.u16(..) & NodeSet::first(lanes.len() as u8).0);
    let commands = scenario.protocol.specification().commands;
    let mut actions = Vec::new();
    for _ in 0..rng.usize(2..12) {
        let node = any(rng);
        actions.push(match rng.u8(..8) {
            0 => Action::Crash(node),
            1 => Action::Restart(node),
            2 => Action::Pause(node),
            3 => Action::Resume(node),
            4 => Action::Cut { from: side(rng), to: side(rng), one_way: rng.bool() },
            _ => {
                let key = Key(rng.u8(..2));
                let operation = match rng.u8(..3) {
                    0 => Operation::Read { key },
                    1 => Operation::Write { key, value: rng.i32(..3) },
                    _ => Operation::Command { verb: 0, argument: any(rng).0 },
                };
                let takes_it = !matches!(operation, Operation::Command { .. }) || !commands.is_empty();
                if takes_it { Action::Request { node, operation } } else { Action::Crash(node) }
            }
        });
    }
    actions
}

fn scenario(family: &'static dyn Family, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.settings = settings(family, rng);
    scenario.model.links.fifo = rng.bool();
    scenario.model.links.duplication_per_mille = if rng.bool() { 0 } else { 1_000 };
    let actions = actions(&scenario, rng);
    let late = |action| Edit::At { at: Time::from_millis(500), action };
    scenario.script = actions.into_iter().map(late).collect();
    scenario
}

fn groups(plan: &Plan) -> Vec<NodeSet> {
    plan.protocol.interchangeable(&*plan.config)
}

fn nobody_moves() -> Places {
    (0..MAX_NODES).map(NodeId).collect()
}

fn shuffled(groups: &[NodeSet], rng: &mut Rng) -> Places {
    let mut places = nobody_moves();
    for group in groups {
        let mut to: Vec<NodeId> = group.iter().collect();
        rng.shuffle(&mut to);
        group.iter().zip(to).for_each(|(node, to)| places[node.index()] = to);
    }
    places
}

/// Every way in which the nodes of these groups can change places.
fn all_places(groups: &[NodeSet]) -> Vec<Places> {
    let mut all = vec![nobody_moves()];
    for node in groups.iter().flat_map(|group| group.iter()) {
        let group = groups.iter().find(|group| group.contains(node)).expect("it is of one of them");
        // Each node in turn changes places with itself or one after it.
        let others = group.iter().filter(|other| other.0 >= node.0);
        let swap = |places: &Places, other: NodeId| {
            let mut places = places.clone();
            places.swap(node.index(), other.index());
            places
        };
        all = others.flat_map(|other| all.iter().map(move |places| swap(places, other)).collect::<Vec<_>>()).collect();
    }
    all
}

fn moved_set(set: NodeSet, places: &Places) -> NodeSet {
    set.iter().map(|node| places[node.index()]).collect()
}

fn moved_action(action: Action, plan: &Plan, places: &Places) -> Action {
    let to = |node: NodeId| places[node.index()];
    match action {
        Action::Crash(node) => Action::Crash(to(node)),
        Action::Restart(node) => Action::Restart(to(node)),
        Action::Pause(node) => Action::Pause(to(node)),
        Action::Resume(node) => Action::Resume(to(node)),
        Action::Cut { from, to, one_way } => {
            Action::Cut { from: moved_set(from, places), to: moved_set(to, places), one_way }
        }
        Action::Request { node, operation: Operation::Command { verb, argument } }
            if plan.protocol.specification().commands[usize::from(verb)].argument == Argument::Node =>
        {
            let argument = to(NodeId(argument)).0;
            Action::Request { node: to(node), operation: Operation::Command { verb, argument } }
        }
        Action::Request { node, operation } => Action::Request { node: to(node), operation },
        other => panic!("{other:?} is not drawn"),
    }
}

fn moved(cause: Cause, plan: &Plan, places: &Places) -> Cause {
    let to = |node: NodeId| places[node.index()];
    match cause {
        Cause::Boot(node) => Cause::Boot(to(node)),
        Cause::Act(action) => Cause::Act(moved_action(action, plan, places)),
        Cause::Deliver(message) => Cause::Deliver(MessageId { from: to(message.from), to: to(message.to), ..message }),
        Cause::Fire(timer) => Cause::Fire(TimerId { node: to(timer.node), ..timer }),
    }
}

/// The world in which everybody runs.
fn start(scenario: &Scenario) -> World {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let boots: Vec<Cause> = world.choices().into_iter().filter(|cause| matches!(cause, Cause::Boot(_))).collect();
    boots.into_iter().for_each(|cause| assert!(world.take(cause, &mut Step::default())));
    world
}

/// The same start with nodes in other places.
fn moved_start(scenario: &Scenario, places: &Places) -> World {
    let plan = Plan::new(scenario);
    let mut image = scenario.clone();
    for edit in &mut image.script {
        if let Edit::At { action, .. } = edit {
            *action = moved_action(*action, &plan, places);
        }
    }
    start(&image)
}

/// Any choice; now and then one that happens by itself rather than an action, of which there are few.
fn any_choice(world: &World, rng: &mut Rng) -> Option<Cause> {
    let mut choices = world.choices();
    if rng.u8(..6) > 0 && choices.iter().any(|cause| matches!(cause, Cause::Deliver(_))) {
        choices.retain(|cause| matches!(cause, Cause::Deliver(_)));
    }
    rng.choice(choices)
}

#[derive(Debug, Default)]
struct Tally {
    pairs: u32,
    canonical_differ: u32,
    plain_differ: u32,
}

#[test]
fn a_schedule_and_its_image_lead_to_one_canonical_fingerprint() {
    for &family in lightcone_protocols::PROTOCOLS {
        let mut tally = Tally::default();
        for seed in 0..250 {
            let mut rng = Rng::with_seed(seed);
            let scenario = scenario(family, &mut rng);
            let plan = Plan::new(&scenario);
            let groups = groups(&plan);
            let places = shuffled(&groups, &mut rng);
            if places == nobody_moves() {
                continue;
            }
            let (mut world, mut image) = (start(&scenario), moved_start(&scenario, &places));
            let (mut step, mut other) = (Step::default(), Step::default());
            for _ in 0..60 {
                let Some(choice) = any_choice(&world, &mut rng) else { break };
                let what = format!("{} with seed {seed}: {choice:?}", family.specification().id);
                assert!(world.take(choice, &mut step), "{what}");
                assert!(image.take(moved(choice, &plan, &places), &mut other), "{what}");
                assert_eq!(step.kind, other.kind, "{what}");
                assert_eq!(step.happenings.len(), other.happenings.len(), "{what}");
                tally.pairs += 1;
                let differs = Canonical::of(&world).fingerprint(&groups) != Canonical::of(&image).fingerprint(&groups);
                tally.canonical_differ += u32::from(differs);
                tally.plain_differ += u32::from(world.fingerprint() != image.fingerprint());
            }
        }
        let Tally { pairs, canonical_differ, plain_differ } = tally;
        let has_groups = ["paxos", "quorum", "raft"].contains(&family.specification().id);
        assert_eq!(pairs > 3_000, has_groups, "{}: {tally:?}", family.specification().id);
        assert!(canonical_differ * 1_000 <= pairs, "{}: {tally:?}", family.specification().id);
        assert!(plain_differ * 2 >= pairs, "{}: {tally:?}", family.specification().id);
    }
}

/// The least fingerprint of all images of the world to which these choices lead: the same for two worlds if, and only if,
/// they are images of one another.
fn of_all_images(scenario: &Scenario, choices: &[Cause]) -> u64 {
    let plan = Plan::new(scenario);
    let image = |places: &Places| {
        let mut world = moved_start(scenario, places);
        choices.iter().for_each(|choice| assert!(world.take(moved(*choice, &plan, places), &mut Step::default())));
        world.fingerprint()
    };
    all_places(&groups(&plan)).iter().map(image).min().expect("everybody may stay")
}

#[test]
fn one_canonical_fingerprint_stands_for_images_of_one_world() {
    for id in ["paxos", "quorum", "raft"] {
        let family = lightcone_protocols::by_id(id).expect("it is registered");
        let (mut canonical, mut exact) = (BTreeMap::new(), BTreeMap::new());
        for seed in 0..6 {
            let mut rng = Rng::with_seed(seed);
            let mut scenario = scenario(family, &mut rng);
            scenario.settings = Settings { flaws: FlawSet(0), ..Settings::defaults(family.specification()) };
            scenario.model = Scenario::new(family).model;
            if id == "raft" {
                set(&mut scenario.settings, family, "clients", 0);
                set(&mut scenario.settings, family, "servers", 3);
            }
            let groups = groups(&Plan::new(&scenario));
            for _ in 0..400 {
                let (mut world, mut choices) = (start(&scenario), Vec::new());
                for _ in 0..rng.usize(..14) {
                    let Some(choice) = any_choice(&world, &mut rng) else { break };
                    assert!(world.take(choice, &mut Step::default()));
                    choices.push(choice);
                }
                let number = (seed, Canonical::of(&world).fingerprint(&groups));
                let image = (seed, of_all_images(&scenario, &choices));
                let known = *canonical.entry(number).or_insert(image);
                assert_eq!(known, image, "{id}, seed {seed}: one number for two kinds of world");
                exact.insert(image, number);
            }
        }
        assert!(exact.len() > 500, "{id}: {}", exact.len());
        assert!(canonical.len() * 100 <= exact.len() * 101, "{id}: {} for {}", canonical.len(), exact.len());
    }
}
