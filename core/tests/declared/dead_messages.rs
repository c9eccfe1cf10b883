//! Tests the protocols' claims about messages that cannot matter any more. In every world that a search of some thousand
//! steps reaches, with and without each flaw, such a message still cannot matter after any next event, and its arrival
//! changes nothing.

use crate::trials::Trials;
use fastrand::Rng;
use lightcone_engine::hash::Hasher64;
use lightcone_engine::protocol::{AnyProtocol, Cause, FlawSet, Happening};
use lightcone_engine::run::{Step, World};
use lightcone_engine::{MessageId, NodeId, Scenario};
use lightcone_search::world::Choice;
use lightcone_search::world::dead::{forget, is_dead};
use lightcone_tests::common::plans::Plan;
use lightcone_tests::common::runs::{middle, scenario};
use lightcone_tests::count::is_soak;
use std::collections::BTreeSet;
use std::hash::Hasher;

/// Choices tried in each world, at most.
const CHOICES: usize = 8;
/// Worlds looked at for each run.
const WORLDS: usize = 25;
/// Runs for each protocol and flaw in a soak. The test command has as many in all, so the fewer for each flaw the more flaws
/// there are, and goes on until it has met all that the file names.
const RUNS: u64 = 150;

/// What a message that does not matter leaves as it is, once all that do not are forgotten: nodes, disks, and what waits to
/// happen. Where no clock is read, also the fingerprint of the world; where one is, time is part of that, and whatever
/// arrives lets some pass.
fn without_dead(world: &World) -> (u64, Vec<Cause>, Option<u64>) {
    let mut world = world.clone();
    forget(&mut world, None);
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
    let dead: Vec<MessageId> = under_way(world).filter(|message| is_dead(world, *message)).collect();
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
            Choice::CutShort(choice, rng.u16(..6)).force(&mut next, world.now().after(1), &mut step);
        } else {
            assert!(next.take(choice, &mut step), "{choice:?} can be taken");
        }
        let left: BTreeSet<MessageId> = under_way(&next).collect();
        for message in dead.iter().filter(|message| left.contains(message)) {
            assert!(is_dead(&next, *message), "{message:?} matters again after {choice:?}");
        }
        let apart =
            |message: &&MessageId| choice.node().is_some_and(|node| ![message.from, message.to].contains(&node));
        for message in under_way(world).collect::<BTreeSet<_>>().intersection(&left).filter(apart) {
            assert_eq!(is_dead(&next, *message), dead.contains(message), "{choice:?} happens at neither end");
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

/// Adds the trial of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.add("dead-messages", move || hold(family));
}

/// What never matters makes no difference, whatever happens first; and there is some of each kind of which the file says so.
fn hold(family: &'static dyn AnyProtocol) {
    let count = family.specification().flaws.len() as u8;
    let all = (0..count).fold(FlawSet::default(), FlawSet::with);
    let each: Vec<FlawSet> =
        (0..count).map(|flaw| FlawSet::default().with(flaw)).chain([FlawSet::default(), all]).collect();
    let said = Plan::of(family, "any").dead;
    let mut found = BTreeSet::new();
    let missing = |found: &BTreeSet<u8>| {
        let names = || found.iter().map(|kind| family.kinds()[usize::from(*kind)].name);
        said.iter().any(|kind| names().all(|name| name != kind))
    };
    let few = if is_soak() { RUNS } else { RUNS.div_ceil(each.len() as u64) };
    let mut seed = 0;
    while seed < few || seed < RUNS && missing(&found) {
        for flaws in &each {
            let mut rng = Rng::with_seed(seed);
            let scenario = scenario(family, *flaws, &mut rng);
            search(&scenario, &mut rng, &mut found);
        }
        seed += 1;
    }
    assert!(!missing(&found), "of {said:?} some never matter, not only of kinds {found:?}");
}
