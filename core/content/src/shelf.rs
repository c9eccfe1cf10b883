//! Shelves: for each chapter its protocols, the runs of the gallery and the starts of searches. A page that loads chapters when
//! they are needed has the shelves that have arrived; everybody else has all of them.

use crate::gallery::{Exhibit, File, same_ground};
use alloc::vec::Vec;
use lightcone_engine::protocol::{AnyProtocol, Protocols};
use lightcone_engine::run::Scenario;

/// A chapter's protocols and the files about them.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The chapter's name in file names.
    pub chapter: &'static str,
    /// The protocols, in the order in which they are shown.
    pub protocols: &'static Protocols,
    /// The runs of the gallery, by protocol and place.
    pub runs: &'static [File],
    /// Where searches start: the protocol, the flaw or `any`, and what the file says. Of a protocol `any` comes first.
    pub searches: &'static [(&'static str, &'static str, &'static str)],
}

/// The shelves that somebody has.
pub type Library = [&'static Shelf];

// A shelf for each folder of `runs/`, in capitals, made by the build.
include!(concat!(env!("OUT_DIR"), "/shelves.rs"));

/// Every shelf, in the order of the curriculum.
pub const ALL: &Library = &[&ORDER, &TOTAL_ORDER, &REPLICATION, &COMMIT, &CONSENSUS];

/// The runs of the gallery on these shelves, in order.
#[must_use]
pub fn gallery(library: &Library) -> Vec<Exhibit> {
    library.iter().flat_map(|shelf| shelf.gallery()).collect()
}

/// The gallery's run that equals this one, whatever its moves, title and note. Gives its slug.
#[must_use]
pub fn recognise(library: &Library, scenario: &Scenario) -> Option<&'static str> {
    let protocol = scenario.protocol.specification().id;
    let shelf = of(library, protocol)?;
    let files = shelf.runs.iter().filter(|file| file.protocol == protocol);
    let mut exhibits = files.filter_map(|file| file.read(shelf.protocols).ok());
    exhibits.find(|exhibit| same_ground(&exhibit.scenario, scenario)).map(|exhibit| exhibit.slug)
}

impl Shelf {
    /// Its runs of the gallery: those of the first protocol, then those of the second.
    #[must_use]
    pub fn gallery(&self) -> Vec<Exhibit> {
        // A test reads every file. If one could not be read, the others would still be shown.
        let of = |protocol: &&'static dyn AnyProtocol| {
            let id = protocol.specification().id;
            self.runs.iter().filter(move |file| file.protocol == id)
        };
        self.protocols.iter().flat_map(of).filter_map(|file| file.read(self.protocols).ok()).collect()
    }
}

/// The shelf that has this protocol.
#[must_use]
pub fn of(library: &Library, protocol: &str) -> Option<&'static Shelf> {
    library.iter().find(|shelf| shelf.protocols.iter().any(|each| each.specification().id == protocol)).copied()
}
