//! Thousands of random fault schedules: with no flaw on, nothing that Paxos promises breaks; and each flaw is caught by
//! some of them.

mod common;
#[path = "common/paxos.rs"]
mod schedule;

use fastrand::Rng;
use lightcone_engine::protocol::{FlawSet, Mark};
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_engine::{Trace, simulate};
use schedule::{broken, disturb, exhibits, family, ground, jostle, without_flaws};

/// What happened in many runs.
#[derive(Debug, Default)]
struct Tally {
    /// Runs in which a value was chosen.
    chosen: u32,
    /// Runs in which every learner knew it in the end.
    learned: u32,
    /// Proposals that took over a value.
    inherited: u32,
    /// Ballots that were given up.
    given_up: u32,
    /// Nodes that came back.
    restarts: u32,
}

impl Tally {
    fn count(&mut self, trace: &Trace) {
        let holds = |place: usize| u32::from(matches!(trace.verdicts[place], Verdict::Holds { .. }));
        self.chosen += holds(4);
        self.learned += holds(5);
        let says = |deed: &Deed, word: Mark, text: &str| matches!(deed, Deed::Marked(mark, phrase) if *mark == word && phrase.text.contains(text));
        self.inherited += trace.deeds.iter().filter(|deed| says(deed, Mark::Elected, "of ballot")).count() as u32;
        self.given_up += trace.deeds.iter().filter(|deed| says(deed, Mark::Turning, "gives up")).count() as u32;
        let boots = trace.events.iter().filter(|event| format!("{:?}", event.cause).contains("Restart"));
        self.restarts += boots.count() as u32;
    }
}

#[test]
fn nothing_breaks_in_any_schedule() {
    let mut tally = Tally::default();
    for seed in 0..8_000 {
        let mut rng = Rng::with_seed(seed);
        let mut scenario = ground(&mut rng);
        disturb(&mut scenario, &mut rng);
        let trace = simulate(&scenario);
        assert_eq!(broken(&trace), None, "seed {seed}:\n{}", lightcone_formats::text::encode(&scenario));
        tally.count(&trace);
    }
    let Tally { chosen, learned, inherited, given_up, restarts } = tally;
    assert!(chosen > 5_000 && learned > 4_000, "{tally:?}");
    assert!(inherited > 2_000 && given_up > 2_000 && restarts > 5_000, "{tally:?}");
}

#[test]
fn nothing_breaks_around_the_runs_of_the_gallery() {
    for (slug, scenario) in exhibits() {
        for seed in 0..200 {
            let mut scenario = without_flaws(scenario.clone());
            jostle(&mut scenario, &mut Rng::with_seed(seed));
            assert_eq!(broken(&simulate(&scenario)), None, "{slug} with seed {seed}");
        }
    }
}

#[test]
fn each_flaw_is_caught_by_some_schedule() {
    for (place, flaw) in family().specification().flaws.iter().enumerate() {
        let caught = (0..4_000).filter(|&seed| {
            let mut rng = Rng::with_seed(seed);
            let mut scenario = ground(&mut rng);
            disturb(&mut scenario, &mut rng);
            scenario.settings.flaws = FlawSet::default().with(place as u8);
            broken(&simulate(&scenario)).is_some()
        });
        let caught = caught.take(3).count();
        assert_eq!(caught, 3, "{}", flaw.id);
    }
}

#[test]
fn each_flaw_is_caught_around_the_run_that_shows_it() {
    for (slug, scenario) in exhibits().filter(|(_, scenario)| scenario.settings.flaws != FlawSet::default()) {
        let caught = (0..200).filter(|&seed| {
            let mut scenario = scenario.clone();
            jostle(&mut scenario, &mut Rng::with_seed(seed));
            broken(&simulate(&scenario)).is_some()
        });
        assert!(caught.count() > 20, "{slug}");
    }
}
