//! Random fault schedules of the quorum register with certain knobs.

use fastrand::Rng;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{Scenario, Trace};
use lightcone_tests::common::schedule::{Recipe, draw};

/// Places of the parameters in the specification.
pub const REPLICAS: usize = 0;
pub const READ: usize = 1;
pub const WRITE: usize = 2;
pub const ABD: usize = 3;
pub const STAND_INS: usize = 5;
pub const SLOPPY: usize = 6;

/// Places of the properties in the specification.
pub const QUORUMS_MEET: usize = 0;
pub const LINEARIZABLE: usize = 1;

/// Schedules of any number of replicas with R + W > N, anything else as it comes but these; stand-ins do not count.
pub fn schedules(changes: &[(usize, u32)], count: u64) -> impl Iterator<Item = Scenario> + '_ {
    let family = lightcone_protocols::by_id("quorum").expect("it is registered");
    let sizes = (1..=5).flat_map(|replicas| (1..=replicas).map(move |read| (replicas, read)));
    let all =
        sizes.flat_map(|(replicas, read)| (replicas + 1 - read..=replicas).map(move |write| (replicas, read, write)));
    let row = |(replicas, read, write)| vec![(REPLICAS, replicas), (READ, read), (WRITE, write)];
    let mut recipe = Recipe { rows: all.map(row).collect(), requests: 12, ..Recipe::default() };
    recipe.knobs = vec![(SLOPPY, 0)];
    recipe.knobs.extend(changes);
    (0..count).map(move |seed| draw(family, &recipe, &mut Rng::with_seed(seed)))
}

/// How many nodes keep values.
pub fn nodes(scenario: &Scenario) -> u8 {
    let set = &scenario.settings.parameters;
    (set[REPLICAS] + set[STAND_INS]) as u8
}

/// Whether the property breaks, and how.
pub fn broken(trace: &Trace, property: usize) -> Option<String> {
    match &trace.verdicts[property] {
        Verdict::Broken { event, breach } => Some(format!("{} ms: {}", trace.event(*event).at, breach.sentence)),
        _ => None,
    }
}
