//! A long time of a protocol: the schedules that test it, seed after seed, with every promise judged at every event. The
//! example `soak` runs them, `cargo xtask soak` starts that. A seed says all of a schedule, so a soak goes on from any.

use crate::common::plans::Plan;
use crate::common::schedule::{Recipe, draw, shorten};
use crate::common::verdict::broken;
use fastrand::Rng;
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_engine::{Scenario, Time, simulate};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A protocol and how its schedules are drawn.
pub struct Soak {
    family: &'static dyn AnyProtocol,
    /// Its files but for those of flaws. The schedules take them in turn.
    plans: Vec<Plan>,
    flaws: FlawSet,
}

/// A schedule that breaks a promise, or a program that panics in it.
#[derive(Debug)]
pub struct Failure {
    /// The seed that draws it.
    pub seed: u64,
    /// The file that says how it is drawn.
    pub plan: String,
    /// The promise; none for a panic.
    pub promise: Option<&'static str>,
    /// In a sentence, how it breaks.
    pub how: String,
    /// A run in which it breaks, as short as it gets by taking edits out; none if drawing the schedule panics.
    pub short: Option<Scenario>,
}

impl Soak {
    /// The protocol with these flaws. With none, nothing may fail.
    #[must_use]
    pub fn new(family: &'static dyn AnyProtocol, flaws: FlawSet) -> Soak {
        let is_flaw = |plan: &Plan| family.specification().flaws.iter().any(|flaw| flaw.id == plan.name);
        let plans = Plan::all(family).into_iter().filter(|plan| !is_flaw(plan)).collect();
        Soak { family, plans, flaws }
    }

    /// Draws the schedule of a seed, runs and judges it.
    ///
    /// # Errors
    /// If a promise breaks, or the protocol panics. Otherwise, how long the cluster ran with faults.
    pub fn schedule(&self, seed: u64) -> Result<Time, Box<Failure>> {
        let plan = &self.plans[(seed % self.plans.len() as u64) as usize];
        let fails = |promise, how, short| Box::new(Failure { seed, plan: plan.name.clone(), promise, how, short });
        let recipe = Recipe { flaws: self.flaws, ..plan.recipe.clone() };
        let drawn = catch(|| draw(self.family, &recipe, &mut Rng::with_seed(seed)));
        let mut scenario = drawn.map_err(|how| fails(None, how, None))?;
        scenario.settings.flaws = self.flaws;
        let trace = catch(|| simulate(&scenario)).map_err(|how| fails(None, how, Some(scenario.clone())))?;
        if let Some((place, how)) = broken(&trace, plan.holds) {
            let short = shorten(&scenario, |trace| broken(trace, 1 << place).is_some());
            return Err(fails(Some(trace.specification().properties[place].id), how, Some(short)));
        }
        let calm = plan.recipe.calm.unwrap_or(Time::ZERO);
        Ok(Time::from_micros(scenario.horizon.since(calm)))
    }
}

/// What a panic says, if there is one.
fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let said = |panic: Box<dyn Any + Send>| match panic.downcast::<String>() {
        Ok(said) => *said,
        Err(panic) => panic.downcast::<&str>().map_or("a panic".into(), |said| (*said).into()),
    };
    catch_unwind(AssertUnwindSafe(work)).map_err(said)
}
