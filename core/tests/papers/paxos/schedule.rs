//! Random fault schedules of Paxos, and its runs of the gallery.

use fastrand::Rng;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::Scenario;
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_tests::common::schedule::{Recipe, draw};

pub fn family() -> &'static dyn AnyProtocol {
    lightcone_protocols::by_id("paxos").expect("Paxos is registered")
}

/// Schedules with any knobs.
pub fn schedules(count: u64) -> impl Iterator<Item = Scenario> {
    let recipe = Recipe { requests: 10, ..Recipe::default() };
    (0..count).map(move |seed| draw(family(), &recipe, &mut Rng::with_seed(seed)))
}

/// The runs of the gallery, by name.
pub fn exhibits() -> impl Iterator<Item = (&'static str, Scenario)> {
    let own = gallery(ALL).into_iter().filter(|exhibit| exhibit.protocol == "paxos");
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
