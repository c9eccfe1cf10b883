//! The gallery, as the page needs it: its runs by name, and what a run is called.

use super::known;
use crate::words;
use lightcone_content::gallery::{Exhibit, Expectation, same_ground};
use lightcone_content::shelf::gallery;
use lightcone_engine::Scenario;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// The runs of so many shelves.
    static GALLERY: RefCell<(usize, Rc<Vec<Exhibit>>)> = RefCell::default();
}

/// Every run of the gallery that has arrived, in order. Read once after each arrival.
#[must_use]
pub fn exhibits() -> Rc<Vec<Exhibit>> {
    GALLERY.with_borrow_mut(|(shelves, exhibits)| {
        let library = known::library();
        if *shelves != library.len() {
            (*shelves, *exhibits) = (library.len(), Rc::new(gallery(library)));
        }
        exhibits.clone()
    })
}

/// The gallery's run of this name.
#[must_use]
pub fn find(protocol: &str, slug: &str) -> Option<Exhibit> {
    exhibits().iter().find(|exhibit| exhibit.protocol == protocol && exhibit.slug == slug).cloned()
}

/// The run that the first page shows: its protocol, and its own name.
pub const HERO: (&str, &str) = ("raft", "one-heartbeat-late");

/// The run that the first page shows, if its chapter has arrived.
#[must_use]
pub fn hero() -> Option<Exhibit> {
    find(HERO.0, HERO.1)
}

/// The gallery's run that this is, whatever its moves.
#[must_use]
pub fn recognise(scenario: &Scenario) -> Option<Exhibit> {
    // Asked in every frame: nothing is copied but what is found.
    exhibits().iter().find(|exhibit| same_ground(&exhibit.scenario, scenario)).cloned()
}

/// The gallery's first run of the same protocol, other than this one, in which this property breaks.
#[must_use]
pub fn that_breaks(scenario: &Scenario, property: usize) -> Option<Exhibit> {
    let breaks =
        |expectation: &Expectation| matches!(expectation, Expectation::Breaks { property: it, .. } if *it == property);
    let same = |exhibit: &&Exhibit| exhibit.scenario.protocol == scenario.protocol && exhibit.scenario != *scenario;
    exhibits().iter().filter(same).find(|exhibit| exhibit.expectations.iter().any(breaks)).cloned()
}

/// The run with its title and note in it, also if only the gallery has them.
#[must_use]
pub fn named(scenario: &Scenario) -> Scenario {
    match recognise(scenario).filter(|_| scenario.title.is_empty() && scenario.note.is_empty()) {
        Some(Exhibit { title, note, .. }) => Scenario { title, note, ..scenario.clone() },
        None => scenario.clone(),
    }
}

/// The run without title and note, if they are those that the gallery has of it.
#[must_use]
pub fn unnamed(scenario: &Scenario) -> Scenario {
    let own = (&scenario.title, &scenario.note);
    if recognise(scenario).is_some_and(|exhibit| (&exhibit.title, &exhibit.note) == own) {
        return Scenario { title: String::new(), note: String::new(), ..scenario.clone() };
    }
    scenario.clone()
}

/// The gallery's run of the same script, which must say something, in which only settings are different.
fn kin(scenario: &Scenario) -> Option<Exhibit> {
    let alike = |exhibit: &&Exhibit| {
        let own = &exhibit.scenario;
        !own.script.is_empty() && own.protocol == scenario.protocol && own.script == scenario.script
    };
    exhibits().iter().find(alike).cloned()
}

/// The protocol's name for people.
#[must_use]
pub fn protocol_title(protocol: &str) -> &'static str {
    known::cards().find(|card| card.id == protocol).map_or("", |card| card.title)
}

/// A run of this protocol with everything at its default.
#[must_use]
pub fn blank(protocol: &str) -> Option<Scenario> {
    known::protocol(protocol).map(Scenario::new)
}

/// A run's title and note: its own, the gallery's, or its protocol's.
#[must_use]
pub fn caption(scenario: &Scenario) -> (String, String) {
    if !scenario.title.is_empty() {
        return (scenario.title.clone(), scenario.note.clone());
    }
    if let Some(exhibit) = recognise(scenario) {
        return (exhibit.title, exhibit.note);
    }
    if let Some(exhibit) = kin(scenario) {
        return (exhibit.title, words::OTHER_SETTINGS.to_owned());
    }
    let specification = scenario.protocol.specification();
    (specification.title.to_owned(), specification.summary.to_owned())
}
