//! Thousands of random fault schedules: with no flaw on, nothing that Raft promises breaks.

#[path = "common/raft.rs"]
mod schedule;

use fastrand::Rng;
use lightcone::protocol::Settings;
use lightcone::{Scenario, simulate};
use schedule::{CHECK_QUORUM, CLIENTS, NO_OP, PRE_VOTE, READ_MODE, SERVERS, broken};

fn draw(settings: Settings, rng: &mut Rng) -> Scenario {
    let mut scenario = schedule::ground(settings, rng);
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
            let scenario = draw(settings, &mut rng);
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
