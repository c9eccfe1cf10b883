//! Thousands of random fault schedules: with no flaw on, nothing that Raft promises breaks; and each flaw is
//! caught by some of them.

#[path = "common/raft.rs"]
mod schedule;

use fastrand::Rng;
use lightcone::gallery::gallery;
use lightcone::protocol::{FlawSet, Settings};
use lightcone::{Scenario, registry, simulate};
use schedule::{CHECK_QUORUM, CLIENTS, DRIFT_BOUND, LEASE, NO_OP, PRE_VOTE, READ_MODE, SERVERS, broken};

fn draw(settings: Settings, requests: i32, rng: &mut Rng) -> Scenario {
    let mut scenario = schedule::ground(settings, requests, rng);
    schedule::disturb(&mut scenario, rng);
    scenario
}

/// Every combination of switches and read modes.
fn combinations() -> impl Iterator<Item = [(usize, u32); 4]> {
    (0..24).map(|each| {
        [(NO_OP, each & 1), (PRE_VOTE, each >> 1 & 1), (CHECK_QUORUM, each >> 2 & 1), (READ_MODE, each >> 3)]
    })
}

fn holds(servers: &[u32], rounds: u64) {
    for (combination, knobs) in combinations().enumerate() {
        for round in 0..rounds {
            let mut rng = Rng::with_seed(round << 8 | combination as u64);
            let mut settings = schedule::settings(&knobs);
            settings.parameters[SERVERS] = *rng.choice(servers).expect("there are some");
            settings.parameters[CLIENTS] = rng.u32(0..4);
            let scenario = draw(settings, 8, &mut rng);
            if let Some((property, how)) = broken(&simulate(&scenario)) {
                let less = schedule::shorten(&scenario, property);
                let text = lightcone::scenario::text::encode(&less);
                panic!("{property} breaks ({how}) in round {round} with {knobs:?}; shortened:\n{text}");
            }
        }
    }
}

#[test]
fn nothing_breaks_with_three_or_five_servers() {
    holds(&[3, 5], 400);
}

#[test]
fn nothing_breaks_with_any_number_of_servers() {
    holds(&[1, 2, 4, 6, 7], 100);
}

/// Settings under which a flaw shows, and how many requests it takes.
fn for_flaw(flaw: &str) -> (Settings, i32) {
    let mut settings = schedule::settings(&[(SERVERS, 3), (CLIENTS, 2), (NO_OP, 0)]);
    let flaws = registry::by_id("raft").expect("Raft is registered").specification().flaws;
    let place = flaws.iter().position(|each| each.id == flaw).expect("the flaw is listed");
    settings.flaws = FlawSet(0).with(place as u8);
    match flaw {
        "vote-not-persisted" => return (settings, 0),
        "commits-old-term-by-counting" => return (settings, 8),
        "lease-read-with-drifting-clock" => {
            settings.parameters[READ_MODE] = LEASE;
            settings.parameters[DRIFT_BOUND] = 500;
        }
        _ => {}
    }
    (settings, 24)
}

/// The runs of the gallery that switch a flaw on.
fn exhibits_of(flaw: u8) -> impl Iterator<Item = Scenario> {
    let raft = gallery().into_iter().filter(|exhibit| exhibit.protocol == "raft");
    raft.map(|exhibit| exhibit.scenario).filter(move |scenario| scenario.settings.flaws.has(flaw))
}

/// Flaws that show in one random schedule of 10,000 or fewer.
const RARE: [&str; 3] =
    ["commits-old-term-by-counting", "lease-read-with-drifting-clock", "acknowledges-before-persisting"];

#[test]
fn each_flaw_is_caught_by_some_schedule() {
    for (place, flaw) in registry::by_id("raft").expect("Raft is registered").specification().flaws.iter().enumerate() {
        let caught = |scenario: Scenario| broken(&simulate(&scenario)).is_some();
        if RARE.contains(&flaw.id) {
            // Looked for around the run that shows it.
            let known = exhibits_of(place as u8).next().expect("a run shows the flaw");
            let caught = (0..400).filter(|&seed| {
                let mut scenario = known.clone();
                schedule::jostle(&mut scenario, &mut Rng::with_seed(seed));
                caught(scenario)
            });
            assert!(caught.count() > 20, "{} is caught", flaw.id);
            continue;
        }
        let (settings, requests) = for_flaw(flaw.id);
        let found = (0..5_000).any(|seed| caught(draw(settings.clone(), requests, &mut Rng::with_seed(seed))));
        assert!(found, "{} is caught", flaw.id);
    }
}

#[test]
fn nothing_breaks_around_the_runs_of_the_gallery() {
    for exhibit in gallery().into_iter().filter(|exhibit| exhibit.protocol == "raft") {
        for seed in 0..200 {
            let mut scenario = exhibit.without_flaws();
            schedule::jostle(&mut scenario, &mut Rng::with_seed(seed));
            assert_eq!(broken(&simulate(&scenario)), None, "{} with seed {seed}", exhibit.slug);
        }
    }
}
