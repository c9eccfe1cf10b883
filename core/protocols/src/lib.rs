//! The list of protocols. A new one is a file in `protocols/`, its `pub mod` line there, and one line here.

use crate::commit::two_phase_commit;
use crate::consensus::{paxos, raft};
use crate::order::lamport;
use crate::replication::quorum;
use lightcone_engine::protocol::{AnyProtocol, Erased};

/// Every protocol, in the order of the curriculum. The first page shows the last one first.
pub static PROTOCOLS: &[&dyn AnyProtocol] = &[
    &Erased::<lamport::Lamport>::new(), //
    &Erased::<quorum::Quorum>::new(),
    &Erased::<two_phase_commit::TwoPhaseCommit>::new(),
    &Erased::<paxos::Paxos>::new(),
    &Erased::<raft::Raft>::new(),
    #[cfg(test)]
    &Erased::<crate::toy::Toy>::new(),
];

/// The protocol with this number in links.
#[must_use]
pub fn by_number(number: u8) -> Option<&'static dyn AnyProtocol> {
    PROTOCOLS.iter().copied().find(|family| family.specification().number == number)
}

/// The protocol with this name in files and addresses.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn AnyProtocol> {
    PROTOCOLS.iter().copied().find(|family| family.specification().id == id)
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
