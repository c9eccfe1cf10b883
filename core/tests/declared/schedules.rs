//! Thousands of random schedules inside the fault model. Without flaws no promise breaks, and everything that must happen
//! does. Each flaw is caught by some schedule. Around the gallery's runs the same holds.

use crate::trials::Trials;
use fastrand::Rng;
use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_engine::{Scenario, Trace, simulate};
use lightcone_formats::text::encode;
use lightcone_tests::common::plans::Plan;
use lightcone_tests::common::schedule::{Recipe, draw, jostle, shorten};
use lightcone_tests::common::tally::Tally;
use lightcone_tests::common::verdict::broken;
use lightcone_tests::count::{is_soak, share};

/// Events of a file's schedules that the test command judges. It goes on until what must happen has, in proportion; a soak
/// has all schedules of the file.
const EVENTS: usize = 40_000;
/// Schedules around each run of the gallery.
const AROUND: u64 = 200;

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    let is_flaw = |plan: &Plan| family.specification().flaws.iter().any(|flaw| flaw.id == plan.name);
    for plan in Plan::all(family).into_iter().filter(|plan| !is_flaw(plan)) {
        let name = if plan.name == "any" { "schedules::holds".into() } else { format!("schedules::{}", plan.name) };
        trials.add(&name, move || hold(family, &plan));
    }
    trials.add("schedules::around-the-gallery", move || hold_around(family));
    trials.for_flaws("schedules::", catch);
}

/// Fails if a promise breaks, and shows a short run in which it does.
#[track_caller]
fn judge(trace: &Trace, holds: u32, which: &str) {
    let Some((place, how)) = broken(trace, holds) else { return };
    let less = shorten(&trace.scenario, |trace| broken(trace, 1 << place).is_some());
    let property = trace.specification().properties[place].id;
    panic!("{property} breaks in {which} ({how}); shortened:\n{}", encode(&less));
}

fn hold(family: &'static dyn AnyProtocol, plan: &Plan) {
    let mut tally = Tally::new(&plan.happens);
    let (mut seed, mut events) = (0, 0);
    while seed < plan.runs && (is_soak() || events < EVENTS || tally.lacks(seed, plan.runs).is_some()) {
        let trace = simulate(&draw(family, &plan.recipe, &mut Rng::with_seed(seed)));
        judge(&trace, plan.holds, &format!("schedule {seed}"));
        tally.count(&trace);
        (seed, events) = (seed + 1, events + trace.events.len());
    }
    assert_eq!(tally.lacks(seed, plan.runs), None);
}

/// Catches a wrong protocol by schedules, or around a run that shows it.
fn catch(family: &'static dyn AnyProtocol, flaw: u8) {
    let id = family.specification().flaws[usize::from(flaw)].id;
    let plan = Plan::of(family, id);
    let known = plan.around.as_ref().map(|slug| exhibit(family, slug));
    let flaws = FlawSet::default().with(flaw);
    // Half of the schedules are aimed at what the right protocol does, half at what the wrong one does.
    let right = plan.recipe.clone();
    let wrong = Recipe { flaws, ..right.clone() };
    let catches = |seed: &u64| {
        let rng = &mut Rng::with_seed(*seed);
        let mut scenario = match &known {
            Some(known) => jostle(known.clone(), rng),
            None => draw(family, if seed.is_multiple_of(2) { &right } else { &wrong }, rng),
        };
        scenario.settings.flaws = flaws;
        broken(&simulate(&scenario), plan.holds).is_some()
    };
    let enough = share(plan.caught) as usize;
    let caught = (0..plan.runs).filter(catches).take(enough).count();
    assert_eq!(caught, enough, "{id} is caught so often in {} schedules", plan.runs);
}

fn exhibits(family: &dyn AnyProtocol) -> Vec<Exhibit> {
    gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == family.specification().id).collect()
}

fn exhibit(family: &dyn AnyProtocol, slug: &str) -> Scenario {
    exhibits(family).into_iter().find(|exhibit| exhibit.slug == slug).expect("the run is in the gallery").scenario
}

/// Without their flaws nothing breaks around the gallery's runs, as far as they have the knobs for which it is promised; with
/// them it does.
fn hold_around(family: &'static dyn AnyProtocol) {
    let plan = Plan::of(family, "any");
    for exhibit in exhibits(family) {
        let outside = simulate(&exhibit.scenario).outside();
        assert_eq!(outside, [], "{} stays inside the fault model", exhibit.slug);
        let fits = |scenario: &Scenario| {
            plan.recipe.knobs.iter().all(|(place, value)| scenario.settings.parameters[*place] == *value)
        };
        let (right, flaws) = (exhibit.without_flaws(), exhibit.scenario.settings.flaws);
        if !fits(&right) {
            continue;
        }
        for seed in 0..share(AROUND) {
            let trace = simulate(&jostle(right.clone(), &mut Rng::with_seed(seed)));
            judge(&trace, plan.holds, &format!("a run around {} (seed {seed})", exhibit.slug));
        }
        let shows = |scenario: &Scenario| broken(&simulate(scenario), plan.holds).is_some();
        if flaws != FlawSet::default() && shows(&exhibit.scenario) {
            let again = |seed: &u64| shows(&jostle(exhibit.scenario.clone(), &mut Rng::with_seed(*seed)));
            let caught = (0..share(AROUND)).filter(again).count() as u64;
            assert!(caught > share(AROUND / 20), "{} is shown by {caught} runs like it", exhibit.slug);
        }
    }
}
