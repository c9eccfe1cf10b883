//! What the page knows of protocols: the shelves that have arrived. A page that is one program has all of them from the start; one
//! that comes in parts fetches them.

use lightcone_content::shelf::{Library, Shelf};
use lightcone_engine::protocol::{AnyProtocol, Protocols, by_id};
use lightcone_protocols::{CHAPTERS, Card};
use std::cell::Cell;
use std::pin::Pin;

/// How a protocol's shelf is fetched: none if it does not arrive.
pub type Fetch = fn(&'static str) -> Pin<Box<dyn Future<Output = Option<&'static Shelf>>>>;

thread_local! {
    static KNOWN: Cell<Known> = Cell::new(Known::of(FIRST));
    static FETCH: Cell<Option<Fetch>> = const { Cell::new(None) };
}

/// What is there before anything has arrived.
const FIRST: &Library = if cfg!(feature = "parts") { &[] } else { ALL };
#[cfg(feature = "parts")]
const ALL: &Library = &[];
#[cfg(not(feature = "parts"))]
use lightcone_content::shelf::ALL;

#[derive(Clone, Copy)]
struct Known {
    library: &'static Library,
    protocols: &'static Protocols,
}

impl Known {
    /// The lists stay for good: shelves arrive a few times in the page's life, and nothing that has arrived goes.
    fn of(library: &[&'static Shelf]) -> Known {
        let protocols: Vec<&'static dyn AnyProtocol> = library.iter().map(|shelf| shelf.protocol).collect();
        Known { library: Vec::leak(library.to_vec()), protocols: Vec::leak(protocols) }
    }
}

/// Shelves that have not arrived are fetched in this way.
pub fn arrive_by(fetch: Fetch) {
    FETCH.set(Some(fetch));
}

/// Fetches the shelf of a protocol, and whether it arrives.
pub async fn fetch(protocol: &'static str) -> bool {
    let Some(fetch) = FETCH.get() else { return false };
    match fetch(protocol).await {
        Some(shelf) => arrive(shelf),
        None => return false,
    }
    true
}

/// The protocols that have not arrived.
#[must_use]
pub fn missing() -> Vec<&'static str> {
    cards().map(|card| card.id).filter(|id| protocol(id).is_none()).collect()
}

/// The protocol that fits, if it has not arrived.
#[must_use]
pub fn missing_of(fits: impl Fn(&Card) -> bool) -> Option<&'static str> {
    cards().find(|card| fits(card)).map(|card| card.id).filter(|id| protocol(id).is_none())
}

/// A shelf has arrived.
fn arrive(shelf: &'static Shelf) {
    let before = KNOWN.get().library;
    if before.iter().all(|each| each.id != shelf.id) {
        let mut library = [before, &[shelf]].concat();
        library.sort_by_key(|shelf| cards().position(|card| card.id == shelf.id));
        KNOWN.set(Known::of(&library));
    }
}

/// The shelves that have arrived.
#[must_use]
pub fn library() -> &'static Library {
    KNOWN.get().library
}

/// The protocols that have arrived.
#[must_use]
pub fn protocols() -> &'static Protocols {
    KNOWN.get().protocols
}

/// The protocol with this name, if it has arrived.
#[must_use]
pub fn protocol(id: &str) -> Option<&'static dyn AnyProtocol> {
    by_id(protocols(), id)
}

/// The cards of all protocols, arrived or not.
pub fn cards() -> impl Iterator<Item = &'static Card> {
    CHAPTERS.iter().flat_map(|chapter| chapter.cards)
}
