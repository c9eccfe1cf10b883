//! Random fault schedules of two-phase commit with certain knobs.

use fastrand::Rng;
use lightcone_engine::Scenario;
use lightcone_tests::common::schedule::{Recipe, draw, usual};

/// Places of the parameters in the specification.
pub const PARTICIPANTS: usize = 0;
pub const CLIENTS: usize = 1;
pub const COOPERATIVE: usize = 7;

/// A schedule with some transactions of each client, all knobs usual but these.
pub fn schedule(changes: &[(usize, u32)], rng: &mut Rng) -> Scenario {
    let family = lightcone_protocols::by_id("2pc").expect("two-phase commit is registered");
    draw(family, &Recipe { knobs: usual(family, changes), requests: 30, ..Recipe::default() }, rng)
}
