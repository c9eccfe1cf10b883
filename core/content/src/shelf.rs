//! Shelves: for each protocol the runs of the gallery and the starts of searches. A page that loads protocols when they are needed
//! has the shelves that have arrived; everybody else has all of them.

use crate::gallery::{Exhibit, File, same_ground};
use alloc::vec::Vec;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::run::Scenario;

/// A protocol and the files about it.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The chapter's name in file names.
    pub chapter: &'static str,
    /// The protocol's name in file names and addresses.
    pub id: &'static str,
    /// The protocol.
    pub protocol: &'static dyn AnyProtocol,
    /// The runs of the gallery, by place.
    pub runs: &'static [File],
    /// Where searches start: the flaw or `any`, and what the file says. `any` comes first.
    pub searches: &'static [(&'static str, &'static str)],
}

/// The shelves that somebody has.
pub type Library = [&'static Shelf];

// A shelf for each folder of a protocol in `runs/`, in capitals, made by the build.
include!(concat!(env!("OUT_DIR"), "/shelves.rs"));

/// Every shelf, in the order of the curriculum.
pub static ALL: &Library = &in_order();

/// The shelves, each in the place of its protocol.
const fn in_order() -> [&'static Shelf; BY_FOLDER.len()] {
    assert!(BY_FOLDER.len() == lightcone_protocols::PROTOCOLS.len(), "each protocol has a folder in `runs/`");
    let mut shelves = BY_FOLDER;
    let mut next = 0;
    while next < BY_FOLDER.len() {
        shelves[lightcone_protocols::place(BY_FOLDER[next].id)] = BY_FOLDER[next];
        next += 1;
    }
    shelves
}

/// The runs of the gallery on these shelves, in order.
#[must_use]
pub fn gallery(library: &Library) -> Vec<Exhibit> {
    library.iter().flat_map(|shelf| shelf.gallery()).collect()
}

/// The gallery's run that equals this one, whatever its moves, title and note. Gives its slug.
#[must_use]
pub fn recognise(library: &Library, scenario: &Scenario) -> Option<&'static str> {
    let mut exhibits = of(library, scenario.protocol.specification().id)?.gallery();
    exhibits.find(|exhibit| same_ground(&exhibit.scenario, scenario)).map(|exhibit| exhibit.slug)
}

impl Shelf {
    /// Its runs of the gallery.
    pub fn gallery(&self) -> impl Iterator<Item = Exhibit> {
        // If one could not be read, the others would still be shown.
        self.runs.iter().filter_map(|file| file.exhibit(&[self.protocol]))
    }
}

/// The shelf that has this protocol.
#[must_use]
pub fn of(library: &Library, protocol: &str) -> Option<&'static Shelf> {
    library.iter().find(|shelf| shelf.id == protocol).copied()
}
