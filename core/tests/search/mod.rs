//! Small models that no registry lists, with searches of all their states: for tests that count them, and for benches.

pub mod synod;
pub mod two_phase;

use lightcone_engine::Scenario;
use lightcone_engine::protocol::{Cause, Erased};
use lightcone_engine::run::{Plan, Step, World};
use lightcone_search::{Bounds, Budget, Reductions, Search, Target};
use std::rc::Rc;

static TWO_PHASE: Erased<two_phase::TwoPhase> = Erased::new();
static SYNOD: Erased<synod::Synod> = Erased::new();

/// More events than any run of these models has.
const DEPTH: u8 = 100;

/// A search of all states of the textbook's two-phase commit.
pub fn two_phase(managers: u8, reductions: Reductions) -> Search {
    let mut scenario = Scenario::new(&TWO_PHASE);
    scenario.settings.parameters[0] = managers.into();
    all_states(&scenario, reductions)
}

/// A search of all states of the small single-decree Paxos.
pub fn synod(reductions: Reductions) -> Search {
    all_states(&Scenario::new(&SYNOD), reductions)
}

/// A search from the moment at which all nodes run. Timers may fire at any moment, and nothing fails.
fn all_states(scenario: &Scenario, reductions: Reductions) -> Search {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let mut step = Step::default();
    while let Some((_, boot @ Cause::Boot(_))) = world.next() {
        world.take(boot, &mut step);
    }
    let bounds = Bounds { depth: DEPTH, budget: [0; Budget::ALL.len()], states: 20_000_000 };
    let bounds = bounds.with(Budget::TimeOut, u8::MAX);
    Search::after(world, scenario, Target::AnyBreach, bounds, reductions)
}
