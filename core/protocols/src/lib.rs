//! The protocols, a folder a chapter of the curriculum. A new one is a file (or folder) in its chapter, its `pub mod` line
//! there, and one line in [`PROTOCOLS`].
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod commit;
pub mod consensus;
pub mod order;
pub mod parts;
pub mod replication;

use lightcone_engine::protocol::{self, AnyProtocol, Erased, Protocols};

/// Every protocol, in the order of the curriculum. The first page shows the last one first.
pub static PROTOCOLS: &Protocols = &[
    &Erased::<order::lamport::Lamport>::new(), //
    &Erased::<replication::quorum::Quorum>::new(),
    &Erased::<commit::two_phase_commit::TwoPhaseCommit>::new(),
    &Erased::<consensus::paxos::Paxos>::new(),
    &Erased::<consensus::raft::Raft>::new(),
];

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
