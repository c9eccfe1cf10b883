//! The protocols, a folder a chapter of the curriculum. A new one is a file (or folder) in its chapter, and
//! two lines in the chapter's `mod.rs`: its `pub mod`, and its place in the list.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod commit;
pub mod consensus;
pub mod order;
pub mod parts;
pub mod replication;
pub mod total_order;

use lightcone_engine::protocol::{self, AnyProtocol, Protocols};

/// The chapters, in the order of the curriculum.
const CHAPTERS: [&Protocols; 5] =
    [order::PROTOCOLS, total_order::PROTOCOLS, replication::PROTOCOLS, commit::PROTOCOLS, consensus::PROTOCOLS];

/// Every protocol, in the order of the curriculum. The first page shows the last one first.
pub static PROTOCOLS: &Protocols = &ALL;

static ALL: [&dyn AnyProtocol; count()] = {
    let mut all = [CHAPTERS[0][0]; count()];
    let (mut chapter, mut next) = (0, 0);
    while chapter < CHAPTERS.len() {
        let mut place = 0;
        while place < CHAPTERS[chapter].len() {
            all[next] = CHAPTERS[chapter][place];
            (place, next) = (place + 1, next + 1);
        }
        chapter += 1;
    }
    all
};

const fn count() -> usize {
    let (mut count, mut chapter) = (0, 0);
    while chapter < CHAPTERS.len() {
        count += CHAPTERS[chapter].len();
        chapter += 1;
    }
    count
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
