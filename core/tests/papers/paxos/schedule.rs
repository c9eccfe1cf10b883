//! Random fault schedules for Paxos, inside its fault model: anything may be late, lost or doubled, nodes crash, come
//! back and pause, links are cut, clocks are off. Disks are kept.

use crate::common::{any_edit, any_ground};
use fastrand::Rng;
use lightcone::gallery::gallery;
use lightcone::node::Family;
use lightcone::protocol::FlawSet;
use lightcone::{Action, Edit, NodeId, Scenario, Trace, registry, simulate};

pub fn family() -> &'static dyn Family {
    registry::by_id("paxos").expect("Paxos is registered")
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
