//! Thousands of random schedules inside the fault model. Without flaws no promise breaks, and everything that must happen
//! does. Each flaw is caught by some schedule. Around the gallery's runs the same holds.

use crate::common::schedule::{Recipe, draw, jostle, shorten};
use crate::plans::Plan;
use crate::tally::Tally;
use crate::trials::Trials;
use fastrand::Rng;
use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{Scenario, Trace, simulate};
use lightcone_formats::text::encode;

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

/// The first of these promises that is not kept, and how. What is not promised with the settings of the run is none.
fn broken(trace: &Trace, holds: u32) -> Option<(usize, String)> {
    let promised = |place: usize| holds & 1 << place != 0 && trace.not_promised(place).is_none();
    let kept = trace.verdicts.iter().enumerate().filter(|(place, _)| promised(*place));
    let broken = kept.filter_map(|(place, verdict)| match verdict {
        Verdict::Broken { event, breach } => Some((*event, place, breach.sentence.clone())),
        Verdict::NotByTheEnd { breach } => {
            let how = breach.as_ref().map_or("not by the end".into(), |breach| breach.sentence.clone());
            Some((lightcone_engine::EventIndex(u32::MAX), place, how))
        }
        Verdict::CannotTell { why } => Some((lightcone_engine::EventIndex(u32::MAX), place, why.clone())),
        Verdict::Holds { .. } | Verdict::Untested { .. } | Verdict::NotPromised { .. } => None,
    });
    broken.min().map(|(_, place, how)| (place, how))
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
    for seed in 0..plan.runs {
        let trace = simulate(&draw(family, &plan.recipe, &mut Rng::with_seed(seed)));
        judge(&trace, plan.holds, &format!("schedule {seed}"));
        tally.count(&trace);
    }
    tally.judge();
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
    let caught = (0..plan.runs).filter(catches).take(plan.caught).count();
    assert_eq!(caught, plan.caught, "{id} is caught so often in {} schedules", plan.runs);
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
        for seed in 0..AROUND {
            let trace = simulate(&jostle(right.clone(), &mut Rng::with_seed(seed)));
            judge(&trace, plan.holds, &format!("a run around {} (seed {seed})", exhibit.slug));
        }
        let shows = |scenario: &Scenario| broken(&simulate(scenario), plan.holds).is_some();
        if flaws != FlawSet::default() && shows(&exhibit.scenario) {
            let again = |seed: &u64| shows(&jostle(exhibit.scenario.clone(), &mut Rng::with_seed(*seed)));
            let caught = (0..AROUND).filter(again).count();
            assert!(caught > 10, "{} is shown by {caught} runs like it", exhibit.slug);
        }
    }
}
