//! Random fault schedules for Paxos, inside its fault model: anything may be late, lost or doubled, nodes crash, come
//! back and pause, links are cut, clocks are off. Disks are kept.
#![allow(dead_code)] // Each test file uses its own part of this.

use crate::common::{any_edit, any_ground};
use fastrand::Rng;
use lightcone_content::gallery::gallery;
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_engine::{Action, Edit, NodeId, Scenario, Time, Trace, simulate};

pub fn family() -> &'static dyn AnyProtocol {
    lightcone_protocols::by_id("paxos").expect("Paxos is registered")
}

/// A run with any settings, model and requests, and no flaw.
pub fn ground(rng: &mut Rng) -> Scenario {
    let mut scenario = any_ground(family(), rng);
    scenario.settings.flaws = FlawSet::default();
    scenario
}

/// Adds faults, a few at a time, each naming what happens in the run so far.
pub fn disturb(scenario: &mut Scenario, rng: &mut Rng) {
    for _ in 0..rng.usize(1..4) {
        let trace = simulate(scenario);
        for _ in 0..rng.usize(1..8) {
            if rng.u8(..3) == 0 {
                stop_for_a_while(&trace, &mut scenario.script, rng);
            } else {
                scenario.script.extend(edit(&trace, rng));
            }
        }
    }
}

/// Any edit but a lost disk.
fn edit(trace: &Trace, rng: &mut Rng) -> Option<Edit> {
    let edit = any_edit(trace, rng);
    (!matches!(edit, Edit::At { action: Action::LoseDisk(_), .. })).then_some(edit)
}

/// A node stops soon after something happened there, and comes back.
fn stop_for_a_while(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let Some(event) = rng.choice(&trace.events) else { return };
    let node = event.node.unwrap_or(NodeId(0));
    let start = event.at.after(rng.u64(1..10_000));
    script.push(Edit::At { at: start, action: Action::Crash(node) });
    script.push(Edit::At { at: start.after(rng.u64(1_000..80_000)), action: Action::Restart(node) });
}

/// The same story told a little differently: every moment up to 3 ms earlier or later, and a few more faults.
pub fn jostle(scenario: &mut Scenario, rng: &mut Rng) {
    for edit in &mut scenario.script {
        if let Edit::At { at, .. } | Edit::Deliver { at, .. } | Edit::Fire { at, .. } = edit {
            *at = Time::from_micros((at.micros() + rng.u64(0..6_000)).saturating_sub(3_000));
        }
    }
    let trace = simulate(scenario);
    scenario.script.extend((0..rng.usize(0..3)).filter_map(|_| edit(&trace, rng)));
}

/// The property that breaks first, by name, and how.
pub fn broken(trace: &Trace) -> Option<(&'static str, String)> {
    let (place, _, breach) = trace.first_violation()?;
    Some((trace.specification().properties[place].id, breach.sentence.clone()))
}

/// The runs of the gallery, by name.
pub fn exhibits() -> impl Iterator<Item = (&'static str, Scenario)> {
    let own = gallery().into_iter().filter(|exhibit| exhibit.protocol == "paxos");
    own.map(|exhibit| (exhibit.slug, exhibit.scenario))
}

/// A run of the gallery.
pub fn exhibit(slug: &str) -> Scenario {
    exhibits().find(|(each, _)| *each == slug).expect("it is in the gallery").1
}

/// The same run with no flaw.
pub fn without_flaws(mut scenario: Scenario) -> Scenario {
    scenario.settings.flaws = FlawSet::default();
    scenario
}
