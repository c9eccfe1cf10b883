//! The protocols, a folder a chapter of the curriculum. A new one is a file (or folder) in its chapter, and
//! two lines in the chapter's `mod.rs`: its `pub mod`, and its place in the list.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod chapter;
pub mod commit;
pub mod consensus;
pub mod order;
pub mod parts;
pub mod replication;
pub mod total_order;

pub use chapter::{Card, Chapter};

use lightcone_engine::protocol::{self, AnyProtocol, Protocols};

/// The chapters, in the order of the curriculum.
pub static CHAPTERS: &[Chapter] = &[
    Chapter {
        id: "",
        title: "Faults and models",
        sentence: "What can go wrong, what you may assume, and what a majority buys.",
        cards: &[],
    },
    order::CHAPTER,
    total_order::CHAPTER,
    replication::CHAPTER,
    commit::CHAPTER,
    consensus::CHAPTER,
    Chapter {
        id: "",
        title: "Coordination and scale",
        sentence: "Locks, sessions, shards: consensus put to use.",
        cards: &[],
    },
];

const LIST: [&Protocols; 5] =
    [order::PROTOCOLS, total_order::PROTOCOLS, replication::PROTOCOLS, commit::PROTOCOLS, consensus::PROTOCOLS];

/// Every protocol, in the order of the curriculum.
pub static PROTOCOLS: &Protocols = &ALL;

static ALL: [&dyn AnyProtocol; count()] = {
    let mut all = [LIST[0][0]; count()];
    let (mut chapter, mut next) = (0, 0);
    while chapter < LIST.len() {
        let mut place = 0;
        while place < LIST[chapter].len() {
            all[next] = LIST[chapter][place];
            (place, next) = (place + 1, next + 1);
        }
        chapter += 1;
    }
    all
};

const fn count() -> usize {
    let (mut count, mut chapter) = (0, 0);
    while chapter < LIST.len() {
        count += LIST[chapter].len();
        chapter += 1;
    }
    count
}

/// The place of the protocol with this name in the order of the curriculum.
///
/// # Panics
/// If no protocol has the name: for names that are known when this is compiled.
#[must_use]
pub const fn place(id: &str) -> usize {
    let (mut chapter, mut before) = (0, 0);
    loop {
        let cards = CHAPTERS[chapter].cards;
        match chapter::place(cards, id) {
            Some(place) => return before + place,
            None => (chapter, before) = (chapter + 1, before + cards.len()),
        }
    }
}

/// The protocol with this number in links.
#[must_use]
pub fn by_number(number: u8) -> Option<&'static dyn AnyProtocol> {
    protocol::by_number(PROTOCOLS, number)
}

/// The protocol with this name in files and addresses.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn AnyProtocol> {
    protocol::by_id(PROTOCOLS, id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_protocol_has_its_card() {
        let cards: Vec<u8> = CHAPTERS.iter().flat_map(|chapter| chapter.cards).map(|card| card.number).collect();
        let numbers: Vec<u8> = PROTOCOLS.iter().map(|protocol| protocol.specification().number).collect();
        assert_eq!(cards, numbers, "the chapters with protocols stand in one order in both lists");
    }

    #[test]
    fn no_two_protocols_share_a_number_or_a_name() {
        for (place, one) in PROTOCOLS.iter().enumerate() {
            let own = one.specification();
            for other in PROTOCOLS[..place].iter().map(|other| other.specification()) {
                assert_ne!(own.number, other.number, "{} and {} have one number", own.id, other.id);
                assert_ne!(own.id, other.id, "two protocols have this name");
            }
        }
    }
}
