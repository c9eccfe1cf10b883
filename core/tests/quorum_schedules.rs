//! Thousands of random fault schedules: what each kind of quorum promises holds, what it does not promise breaks, and each
//! flaw is caught.

#[path = "common/quorum.rs"]
mod schedule;

use ::lightcone_protocols;
use fastrand::Rng;
use lightcone_content::gallery::gallery;
use lightcone_engine::protocol::{FlawSet, Settings};
use lightcone_engine::run::trace::{Deed, Fate, Verdict};
use lightcone_engine::{Action, Edit, NodeId, NodeSet, Scenario, Time, Trace, simulate};
use schedule::{
    ABD, ANTI_ENTROPY, CLIENTS, CONVERGED, HAND_OFF, LINEARIZABLE, QUORUMS_MEET, READ, REPAIR, REPLICAS, SLOPPY,
    STAND_INS, STORED_IS_KEPT, WRITE, broken, hold, settings,
};

fn draw(settings: Settings, requests: i32, rng: &mut Rng) -> Trace {
    let mut scenario = schedule::ground(settings, requests, rng);
    schedule::disturb(&mut scenario, rng);
    simulate(&scenario)
}

/// Messages of a kind that arrived.
fn arrived(trace: &Trace, kind: &str) -> usize {
    let of_kind = trace.messages.iter().filter(|message| trace.kind(message.id).name == kind);
    of_kind.filter(|message| matches!(message.fate, Fate::Delivered(_))).count()
}

fn answers(trace: &Trace) -> usize {
    trace.deeds.iter().filter(|deed| matches!(deed, Deed::Replied(..))).count()
}

#[test]
fn abd_breaks_nothing_where_quorums_meet() {
    let (mut answered, mut written_back, mut handed_off, mut compared, mut crashes) = (0, 0, 0, 0, 0);
    for seed in 0..4_000 {
        let mut rng = Rng::with_seed(seed);
        let mut settings = settings(&mut rng);
        settings.parameters[ABD] = 1;
        let trace = draw(settings, 16, &mut rng);
        hold(&trace, &[QUORUMS_MEET, LINEARIZABLE, STORED_IS_KEPT]);
        answered += answers(&trace);
        written_back += arrived(&trace, "WriteBack");
        handed_off += arrived(&trace, "HandedOff");
        compared += arrived(&trace, "Newer");
        crashes += trace.deeds.iter().filter(|deed| matches!(deed, Deed::CrashedHere(_))).count();
    }
    let all = [answered, written_back, handed_off, compared, crashes];
    assert!(all.iter().zip([10_000, 10_000, 500, 500, 500]).all(|(count, least)| *count > least), "{all:?}");
}

#[test]
fn without_abd_quorums_meet_and_keep_and_yet_clients_see_old_values() {
    let (mut stale, mut repaired) = (0, 0);
    for seed in 0..2_000 {
        let mut rng = Rng::with_seed(seed);
        let trace = draw(settings(&mut rng), 16, &mut rng);
        hold(&trace, &[QUORUMS_MEET, STORED_IS_KEPT]);
        stale += usize::from(broken(&trace, LINEARIZABLE).is_some());
        repaired += arrived(&trace, "Repair");
    }
    assert!(stale > 10 && repaired > 300, "{stale} {repaired}");
}

#[test]
fn sloppy_quorums_keep_and_yet_do_not_meet() {
    let mut apart = 0;
    for seed in 0..2_000 {
        let mut rng = Rng::with_seed(seed);
        let mut settings = settings(&mut rng);
        settings.parameters[STAND_INS] = rng.u32(1..3);
        settings.parameters[SLOPPY] = 1;
        settings.parameters[ABD] = rng.u32(0..2);
        let trace = draw(settings, 16, &mut rng);
        hold(&trace, &[STORED_IS_KEPT]);
        apart += usize::from(broken(&trace, QUORUMS_MEET).is_some());
    }
    assert!(apart > 20, "{apart}");
}

/// From `calm` on everyone is up, and all links carry.
fn calm(scenario: &mut Scenario, calm: Time) {
    let lanes = scenario.lanes().len() as u8;
    let everyone = NodeSet::first(lanes);
    let heal = Action::Heal { from: everyone, to: everyone, one_way: false };
    scenario.script.push(Edit::At { at: calm, action: heal });
    for node in (0..lanes).map(NodeId) {
        for action in [Action::Resume(node), Action::Restart(node)] {
            scenario.script.push(Edit::At { at: calm, action });
        }
    }
}

#[test]
fn once_all_is_well_anti_entropy_brings_all_replicas_together() {
    let mut apart = 0;
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        let mut settings = settings(&mut rng);
        settings.parameters[SLOPPY] = rng.u32(0..2);
        settings.parameters[ANTI_ENTROPY] = 40;
        let mut scenario = schedule::ground(settings, 8, &mut rng);
        scenario.model.links.loss_per_mille = 0;
        let well = scenario.horizon;
        for _ in 0..rng.usize(1..6) {
            schedule::episode(&mut scenario, well, &mut rng);
        }
        calm(&mut scenario, well);
        scenario.horizon = well.after(2_000_000);
        let trace = simulate(&scenario);
        assert!(matches!(trace.verdicts[CONVERGED], Verdict::Holds { .. }), "{seed}: {:?}", trace.verdicts[CONVERGED]);
        // The same without it: who missed a write while it was away stays behind.
        scenario.settings.parameters[ANTI_ENTROPY] = 0;
        apart += usize::from(!matches!(simulate(&scenario).verdicts[CONVERGED], Verdict::Holds { .. }));
    }
    assert!(apart > 10, "{apart}");
}

/// Settings under which a flaw shows.
fn for_flaw(flaw: &str, place: usize, rng: &mut Rng) -> Settings {
    let mut settings = settings(rng);
    settings.flaws = FlawSet(0).with(place as u8);
    let set = &mut settings.parameters;
    (set[REPLICAS], set[READ], set[WRITE], set[CLIENTS], set[ABD]) = (3, 2, 2, 3, 1);
    (set[HAND_OFF], set[ANTI_ENTROPY], set[STAND_INS]) = (30, 0, 2);
    match flaw {
        "repair-overwrites-newer" => (set[ABD], set[REPAIR]) = (0, 1),
        "hint-dropped-early" => set[SLOPPY] = 1,
        _ => {}
    }
    settings
}

#[test]
fn each_flaw_is_caught_by_some_schedule() {
    let specification = registry::by_id("quorum").expect("it is registered").specification();
    for (place, flaw) in specification.flaws.iter().enumerate() {
        let judged: &[usize] = match flaw.id {
            "sloppy-counted-as-strict" => &[QUORUMS_MEET],
            "acknowledges-before-persisting" | "hint-dropped-early" | "repair-overwrites-newer" => &[STORED_IS_KEPT],
            _ => &[LINEARIZABLE],
        };
        let caught = (0..3_000).filter(|&seed| {
            let mut rng = Rng::with_seed(seed);
            let trace = draw(for_flaw(flaw.id, place, &mut rng), 16, &mut rng);
            judged.iter().any(|&property| broken(&trace, property).is_some())
        });
        assert_eq!(caught.take(3).count(), 3, "{} is caught, and not once only", flaw.id);
    }
}

#[test]
fn nothing_breaks_around_the_abd_runs_of_the_gallery() {
    let mut runs = 0;
    for exhibit in gallery().into_iter().filter(|exhibit| exhibit.protocol == "quorum") {
        let mut scenario = exhibit.without_flaws();
        if scenario.settings.parameters[ABD] == 0 || scenario.settings.parameters[SLOPPY] == 1 {
            continue;
        }
        let before = scenario.script.len();
        for seed in 0..100 {
            scenario.script.truncate(before);
            schedule::jostle(&mut scenario, &mut Rng::with_seed(seed));
            hold(&simulate(&scenario), &[QUORUMS_MEET, LINEARIZABLE, STORED_IS_KEPT]);
            runs += 1;
        }
    }
    assert!(runs >= 400, "{runs}");
}
