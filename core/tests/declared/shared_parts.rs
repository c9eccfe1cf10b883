//! Worlds that share their parts reach the same states as worlds that do not. Random walks of both go side by side, from
//! the middle of runs of every protocol with each of its flaws.

use crate::trials::Trials;
use fastrand::Rng;
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_engine::run::{Step, World};
use lightcone_engine::{Action, NodeId, NodeSet};
use lightcone_search::world::choice::{self, Choice, Waiting, crash_points};
use lightcone_search::world::verdict::findings;
use lightcone_search::world::{Canonical, Interner, dead};
use lightcone_tests::common::runs::{middle, scenario};

/// Runs for each protocol and flaw.
const RUNS: u64 = 12;
/// Walks from the middle of each run. All of them share their parts, so that what one walk does another does again.
const WALKS: usize = 8;
/// Events of a walk.
const EVENTS: usize = 14;

fn waiting(world: &World) -> Vec<Waiting> {
    let mut waiting = Vec::new();
    choice::waiting(world, &mut waiting);
    waiting.sort_by_key(|each| each.content);
    waiting
}

/// The same choice in either world: something that waits, perhaps cut short, or a node that stops or comes back.
fn choices(plain: &World, shared: &World, rng: &mut Rng) -> [Choice; 2] {
    let (here, there) = (waiting(plain), waiting(shared));
    let contents = |waiting: &[Waiting]| waiting.iter().map(|each| each.content).collect::<Vec<_>>();
    assert_eq!(contents(&here), contents(&there), "the same waits to happen");
    if here.is_empty() || rng.u8(..8) == 0 {
        let node = NodeId(rng.u8(..plain.plan().nodes()));
        let action = if plain.state(node).is_some() { Action::Crash(node) } else { Action::Restart(node) };
        return [Choice::Done(action); 2];
    }
    let (place, cut) = (rng.usize(..here.len()), rng.u16(..30));
    [(plain, &here), (shared, &there)].map(|(world, waiting)| match waiting[place].pending(world).cause {
        cause if cut < 6 => Choice::CutShort(cause, cut),
        cause => Choice::Happens(cause),
    })
}

fn agree(plain: &World, shared: &World, groups: &[NodeSet]) {
    assert_eq!(plain.fingerprint(), shared.fingerprint());
    assert_eq!(Canonical::of(plain).fingerprint(groups), Canonical::of(shared).fingerprint(groups));
    assert_eq!(findings(plain, true), findings(shared, true), "both break and reach the same");
}

/// Walks until a clock is read. Returns how many events there were.
fn walk(mut plain: World, mut shared: World, groups: &[NodeSet], rng: &mut Rng) -> usize {
    let (mut one, mut other) = (Step::default(), Step::default());
    for event in 0..EVENTS {
        let [here, there] = choices(&plain, &shared, rng);
        let at = plain.now().after(1_000);
        assert_eq!(here.force(&mut plain, at, &mut one), there.force(&mut shared, at, &mut other), "{here:?}");
        if plain.is_timed() {
            return event;
        }
        assert_eq!(one.happenings.len(), other.happenings.len(), "{here:?} does the same");
        assert_eq!((crash_points(&one), one.findings.len()), (crash_points(&other), other.findings.len()));
        dead::forget(&mut plain, None);
        dead::forget(&mut shared, one.cause.and_then(|cause| cause.node()));
        agree(&plain, &shared, groups);
    }
    EVENTS
}

/// Walks through runs of a protocol. Returns how many events there were in all.
fn go(family: &'static dyn AnyProtocol, flaws: FlawSet) -> usize {
    let mut events = 0;
    for seed in 0..RUNS {
        let mut rng = Rng::with_seed(seed);
        let mut scenario = scenario(family, flaws, &mut rng);
        scenario.model.links.duplication_per_mille = 0;
        let mut plain = middle(&scenario, &mut rng);
        dead::forget(&mut plain, None);
        let mut shared = plain.clone();
        Interner::share(&mut shared);
        if shared.memory().is_none() {
            continue;
        }
        let groups = family.interchangeable(&*plain.plan().config);
        for _ in 0..WALKS {
            events += walk(plain.clone(), shared.clone(), &groups, &mut rng);
        }
    }
    events
}

/// Adds the trial of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.add("shared-parts", move || {
        let flaws = (0..family.specification().flaws.len() as u8).map(|flaw| FlawSet::default().with(flaw));
        let events: usize = flaws.chain([FlawSet::default()]).map(|flaws| go(family, flaws)).sum();
        assert!(events > 3_000, "only {events} events");
    });
}
