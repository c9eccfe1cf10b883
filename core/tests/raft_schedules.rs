//! Thousands of random fault schedules: with no flaw on, nothing that Raft promises breaks; and each flaw is
//! caught by some of them.

#[path = "common/raft.rs"]
mod schedule;

use fastrand::Rng;
use lightcone_content::gallery::gallery;
use lightcone_engine::protocol::{FlawSet, Settings};
use lightcone_engine::run::trace::{Deed, Outcome};
use lightcone_engine::{Scenario, Trace, simulate};
use lightcone_protocols::consensus::raft::Fact;
use schedule::{CHECK_QUORUM, CLIENTS, DRIFT_BOUND, KINDS, LEASE, NO_OP, PRE_VOTE, READ_MODE, SERVERS, broken};

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

/// What happened in many runs.
#[derive(Default)]
struct Tally {
    runs: u32,
    /// Edits that did something, by kind; not counted on once there are many.
    edits: [u32; KINDS.len()],
    /// Runs in which leadership changed.
    led_by_several: u32,
    /// Runs in which entries were replaced.
    rewritten: u32,
    /// Operations that were answered.
    answered: u32,
}

impl Tally {
    fn count(&mut self, trace: &Trace) {
        self.runs += 1;
        for edit in &trace.scenario.script {
            let count = &mut self.edits[schedule::kind(edit)];
            if *count < 100 && !matches!(trace.outcome(edit), Outcome::Unused(_)) {
                *count += 1;
            }
        }
        let count = |what: fn(&Deed) -> bool| trace.deeds.iter().filter(|deed| what(deed)).count() as u32;
        let facts = |what: fn(&Fact) -> bool| trace.facts().filter(|(_, fact)| what(fact)).count();
        self.led_by_several += u32::from(facts(|fact| matches!(fact, Fact::Leads { .. })) > 1);
        self.rewritten += u32::from(facts(|fact| matches!(fact, Fact::Deletes { .. })) > 0);
        self.answered += count(|deed| matches!(deed, Deed::Replied(..)));
    }
}

fn holds(servers: &[u32], rounds: u64) -> Tally {
    let mut tally = Tally::default();
    for (combination, knobs) in combinations().enumerate() {
        for round in 0..rounds {
            let mut rng = Rng::with_seed(round << 8 | combination as u64);
            let mut settings = schedule::settings(&knobs);
            settings.parameters[SERVERS] = *rng.choice(servers).expect("there are some");
            settings.parameters[CLIENTS] = rng.u32(0..4);
            let trace = simulate(&draw(settings, 24, &mut rng));
            if let Some((property, how)) = broken(&trace) {
                let less = schedule::shorten(&trace.scenario, property);
                let text = lightcone_formats::text::encode(&less);
                panic!("{property} breaks ({how}) in round {round} with {knobs:?}; shortened:\n{text}");
            }
            tally.count(&trace);
        }
    }
    tally
}

#[test]
fn nothing_breaks_with_three_or_five_servers() {
    let tally = holds(&[3, 5], 400);
    assert_eq!(tally.runs, 9_600);
    for (kind, count) in KINDS.iter().zip(tally.edits) {
        assert_eq!(count, 100, "{kind}: there are edits of each kind that do something");
    }
    let Tally { led_by_several, rewritten, answered, .. } = tally;
    assert!(led_by_several > 2_000 && rewritten > 200 && answered > 25_000, "{led_by_several} {rewritten} {answered}");
}

#[test]
fn nothing_breaks_with_any_number_of_servers() {
    assert_eq!(holds(&[1, 2, 4, 6, 7], 100).runs, 2_400);
}

/// Settings under which a flaw shows, and how many requests it takes.
fn for_flaw(flaw: &str) -> (Settings, i32) {
    let mut settings = schedule::settings(&[(SERVERS, 3), (CLIENTS, 2), (NO_OP, 0)]);
    let flaws = lightcone_protocols::by_id("raft").expect("Raft is registered").specification().flaws;
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
    for (place, flaw) in
        lightcone_protocols::by_id("raft").expect("Raft is registered").specification().flaws.iter().enumerate()
    {
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
