//! Tests that nodes are interchangeable where a protocol says so. A schedule and its image, in which these nodes change
//! places, lead to worlds with the same canonical fingerprint; worlds with the same canonical fingerprint are images of one
//! another.

use crate::trials::Trials;
use fastrand::Rng;
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, AnyProtocol, Argument, Cause, FlawSet, Parameter, Settings};
use lightcone_engine::run::{Plan, Step, World};
use lightcone_engine::{Action, Edit, MessageId, NodeId, NodeSet, Scenario, Time, TimerId};
use lightcone_search::world::Canonical;
use lightcone_tests::common::any_settings;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Settings that are tried to find some under which nodes are interchangeable.
const TRIES: u32 = 400;
/// Pairs of worlds that are compared at least. Protocols that send little need more schedules for them.
const PAIRS: u32 = 3_000;
/// Kinds of worlds that are told apart at least.
const WORLDS: usize = 500;

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.add("symmetry", move || images_have_one_fingerprint(family));
    trials.add("symmetry::of-images-alone", move || one_fingerprint_is_of_images(family));
}

/// Who takes whose place: where each node goes.
type Places = Vec<NodeId>;

/// Settings under which some nodes are interchangeable, if there are any.
fn settings(family: &'static dyn AnyProtocol, rng: &mut Rng) -> Option<Settings> {
    (0..TRIES).map(|_| any_settings(family, rng)).find(|settings| images(family, settings) > 1)
}

/// In how many ways the interchangeable nodes can change places.
fn images(family: &dyn AnyProtocol, settings: &Settings) -> u32 {
    let groups = family.interchangeable(&*family.configure(settings));
    groups.iter().map(|group| (1..=group.len()).product::<u32>()).product()
}

/// The defaults with at most two knobs changed, so that nodes can change places in some ways, and in few.
fn few_images(family: &'static dyn AnyProtocol) -> Option<Settings> {
    let defaults = Settings::defaults(family.specification());
    let small = |(place, each): (usize, &Parameter)| -> Vec<(usize, u32)> {
        if each.most - each.least < 20 {
            (each.least..=each.most).map(|value| (place, value)).collect()
        } else {
            Vec::new()
        }
    };
    let knobs: Vec<(usize, u32)> = family.specification().parameters.iter().enumerate().flat_map(small).collect();
    let changed = |changes: &[(usize, u32)]| {
        let mut settings = defaults.clone();
        changes.iter().for_each(|(place, value)| settings.parameters[*place] = *value);
        settings
    };
    let one = knobs.iter().map(|knob| changed(&[*knob]));
    let two = knobs.iter().flat_map(|knob| knobs.iter().map(|other| changed(&[*knob, *other])));
    let all = [defaults.clone()].into_iter().chain(one).chain(two);
    let few: Vec<Settings> = all.filter(|settings| (2..=6).contains(&images(family, settings))).collect();
    // Of those with most, the one nearest to the defaults: it comes first.
    few.into_iter().rev().max_by_key(|settings| images(family, settings))
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
                // Where nobody reads or writes, nothing would happen but by commands to those that take them.
                let only_commands = lanes.iter().all(|lane| lane.accepts.iter().all(is_command));
                let takers = lanes.iter().zip(0..).filter(|(lane, _)| only_commands && !lane.accepts.is_empty());
                let node = rng.choice(takers.map(|(_, place)| NodeId(place)).collect::<Vec<_>>()).unwrap_or(node);
                let operation = match rng.u8(..3) {
                    0 if !only_commands => Operation::Read { key },
                    1 if !only_commands => Operation::Write { key, value: rng.i32(..3) },
                    _ => Operation::Command { verb: 0, argument: any(rng).0 },
                };
                let takes_it = !matches!(operation, Operation::Command { .. }) || !commands.is_empty();
                if takes_it { Action::Request { node, operation } } else { Action::Crash(node) }
            }
        });
    }
    actions
}

fn is_command(accepts: &Accepts) -> bool {
    matches!(accepts, Accepts::Command(_))
}

fn scenario(family: &'static dyn AnyProtocol, settings: Settings, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.settings = settings;
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
        Cause::Recorded(node) => Cause::Recorded(to(node)),
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

/// A schedule and its image lead to one canonical fingerprint.
fn images_have_one_fingerprint(family: &'static dyn AnyProtocol) {
    let mut tally = Tally::default();
    let mut has_groups = false;
    for seed in 0..1_000 {
        if seed >= 250 && tally.pairs > PAIRS {
            break;
        }
        let mut rng = Rng::with_seed(seed);
        let Some(settings) = settings(family, &mut rng) else { continue };
        has_groups = true;
        let scenario = scenario(family, settings, &mut rng);
        side_by_side(&scenario, seed, &mut rng, &mut tally);
    }
    let Tally { pairs, canonical_differ, plain_differ } = tally;
    assert_eq!(pairs > PAIRS, has_groups, "{tally:?}");
    assert!(canonical_differ * 1_000 <= pairs, "{tally:?}");
    assert!(plain_differ * 2 >= pairs, "{tally:?}");
}

/// Goes through a schedule and its image, until a clock is read: clocks tell more than schedules, and there two worlds of one
/// schedule may differ.
fn side_by_side(scenario: &Scenario, seed: u64, rng: &mut Rng, tally: &mut Tally) {
    let plan = Plan::new(scenario);
    let groups = groups(&plan);
    let places = shuffled(&groups, rng);
    if places == nobody_moves() {
        return;
    }
    let (mut world, mut image) = (start(scenario), moved_start(scenario, &places));
    let (mut step, mut other) = (Step::default(), Step::default());
    for _ in 0..60 {
        let Some(choice) = any_choice(&world, rng) else { break };
        let what = format!("seed {seed}: {choice:?}");
        assert!(world.take(choice, &mut step), "{what}");
        assert!(image.take(moved(choice, &plan, &places), &mut other), "{what}");
        if world.is_timed() || image.is_timed() {
            break;
        }
        assert_eq!(step.kind, other.kind, "{what}");
        assert_eq!(step.happenings.len(), other.happenings.len(), "{what}");
        tally.pairs += 1;
        let differs = Canonical::of(&world).fingerprint(&groups) != Canonical::of(&image).fingerprint(&groups);
        tally.canonical_differ += u32::from(differs);
        tally.plain_differ += u32::from(world.fingerprint() != image.fingerprint());
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

/// One canonical fingerprint stands for images of one world.
fn one_fingerprint_is_of_images(family: &'static dyn AnyProtocol) {
    let Some(settings) = few_images(family) else { return };
    let (mut canonical, mut exact) = (BTreeMap::new(), BTreeMap::new());
    for seed in 0..20 {
        if seed >= 6 && exact.len() > WORLDS {
            break;
        }
        let mut rng = Rng::with_seed(seed);
        let mut scenario = scenario(family, Settings { flaws: FlawSet(0), ..settings.clone() }, &mut rng);
        scenario.model = Scenario::new(family).model;
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
            assert_eq!(known, image, "seed {seed}: one number for two kinds of world");
            exact.insert(image, number);
        }
    }
    assert!(exact.len() > WORLDS, "{}", exact.len());
    assert!(canonical.len() * 100 <= exact.len() * 101, "{} for {}", canonical.len(), exact.len());
}
