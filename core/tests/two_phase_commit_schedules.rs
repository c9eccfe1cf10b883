//! Thousands of random fault schedules: with no flaw on, nothing that two-phase commit promises breaks; each flaw is
//! caught by some of them; and once everything is repaired, nobody stays in doubt.

mod common;
#[path = "common/two_phase_commit.rs"]
mod schedule;

use fastrand::Rng;
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::{FlawSet, Mark};
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_engine::{Action, Edit, EventIndex, NodeId, NodeSet, Scenario, Time, simulate};
use lightcone_protocols::commit::two_phase_commit::log::Stable;
use schedule::{CLIENTS, COOPERATIVE, PARTICIPANTS, VOTES, broken, draw, settings};

fn scenario(seed: u64) -> Scenario {
    let mut rng = Rng::with_seed(seed);
    let participants = rng.u32(1..=5);
    let votes = if rng.u8(..6) == 0 { rng.u32(1..=5) } else { 0 };
    let knobs = [(PARTICIPANTS, participants), (CLIENTS, rng.u32(1..=4)), (VOTES, votes), (COOPERATIVE, rng.u32(..2))];
    draw(settings(&knobs), &mut rng)
}

#[test]
fn nothing_breaks_whatever_goes_wrong() {
    let (mut committed, mut refused, mut doubted) = (0, 0, 0);
    for seed in 0..5_000 {
        let trace = simulate(&scenario(seed));
        assert_eq!(broken(&trace), None, "seed {seed}");
        for deed in &trace.deeds {
            committed += u32::from(matches!(deed, Deed::Marked(Mark::Committed, _)));
            refused += u32::from(matches!(deed, Deed::Replied(_, Answer::Refused)));
        }
        doubted += u32::from(matches!(trace.verdicts[3], Verdict::NotByTheEnd { .. }));
    }
    assert!(committed > 6_000 && refused > 3_000 && doubted > 200, "{committed} {refused} {doubted}");
}

/// BHG §7.3, AC5: once all failures are repaired and no new ones come for long enough, every process decides.
#[test]
fn everybody_decides_once_all_is_repaired() {
    let mut recovered = 0;
    for seed in 0..1_500 {
        let mut scenario = scenario(seed);
        scenario.model.links.loss_per_mille = 0;
        scenario.model.faults = lightcone_engine::model::Faults::CrashRecovery;
        let end = scenario.horizon;
        scenario.script.retain(|edit| !matches!(edit, Edit::At { at, .. } if *at >= end));
        let everyone = NodeSet::first(scenario.lanes().len() as u8);
        let mut repair = |action| scenario.script.push(Edit::At { at: end, action });
        for node in everyone.iter() {
            repair(Action::Restart(node));
            repair(Action::Resume(node));
            repair(Action::SetClock { node, jump_micros: 0, drift_ppm: 0 });
        }
        repair(Action::Heal { from: everyone, to: everyone, one_way: false });
        // What the reader loses later is a new failure.
        scenario.script.retain(|edit| !matches!(edit, Edit::Drop { .. } | Edit::CrashDuring { .. }));
        scenario.horizon = Time::from_millis(3_000);
        let trace = simulate(&scenario);
        let verdict = &trace.verdicts[3];
        assert!(matches!(verdict, Verdict::Holds { .. }), "seed {seed}: {verdict:?}");
        recovered +=
            u32::from(matches!(verdict, Verdict::Holds { since: Some(event) } if trace.event(*event).at > end));
    }
    assert!(recovered > 50, "{recovered} were in doubt until the repair");
}

#[test]
fn each_flaw_is_caught_by_some_schedule() {
    let flaws = lightcone_protocols::by_id("2pc").expect("two-phase commit is registered").specification().flaws;
    for (place, flaw) in flaws.iter().enumerate() {
        let caught = (0..4_000).any(|seed| {
            let mut scenario = scenario(seed);
            scenario.settings.flaws = FlawSet(0).with(place as u8);
            broken(&simulate(&scenario)).is_some()
        });
        assert!(caught, "{} is caught", flaw.id);
    }
}

/// c1 and c2 each add 1 to x and to y three times, x and y together.
fn pairs() -> Vec<Edit> {
    let step = |client: &str, place: u64| {
        let what = ["add x 1", "add y 1", "commit"][place as usize % 3];
        format!("  at {} ms request {client} {what}\n", place * 20)
    };
    let lines: String = (0..9).map(|place| step("c1", place) + &step("c2", place)).collect();
    let text = format!("lightcone 1\nprotocol 2pc 1\nscript\n{lines}");
    lightcone_formats::text::decode(&text, lightcone_protocols::PROTOCOLS).expect("the text can be read").script
}

/// Locks are held until the decision, and what is written is written everywhere or nowhere.
#[test]
fn rows_that_are_only_written_together_stay_equal() {
    let mut compared = 0;
    for seed in 0..600 {
        let mut scenario = draw(settings(&[]), &mut Rng::with_seed(seed));
        scenario.script.retain(|edit| !matches!(edit, Edit::At { action: Action::Request { .. }, .. }));
        scenario.script.extend(pairs());
        scenario.horizon = Time::from_millis(900);
        let trace = simulate(&scenario);
        let world = trace.world_at(EventIndex(trace.events.len() as u32 - 1));
        let kept = |node: u8| -> &Stable {
            let durable = world.durable(NodeId(node)).expect("it is a lane of the run");
            durable.as_any().downcast_ref().expect("it is of this protocol")
        };
        if [1, 2].iter().all(|node| kept(*node).in_doubt().next().is_none()) {
            let value = |node: u8| kept(node).rows.last().map(|(_, value)| *value);
            assert_eq!(value(1), value(2), "seed {seed}");
            compared += u32::from(value(1).is_some());
        }
    }
    assert!(compared > 300, "{compared} compared");
}
