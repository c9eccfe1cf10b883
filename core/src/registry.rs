//! The list of protocols. A new one is one file and one line here.

use crate::node::{Family, Of};
use crate::protocols::{lamport, paxos, quorum, raft, two_phase_commit};

/// Every protocol, in the order of the curriculum.
pub static PROTOCOLS: &[&dyn Family] = &[
    &Of::<lamport::Lamport>::new(), //
    &Of::<quorum::Quorum>::new(),
    &Of::<two_phase_commit::TwoPhaseCommit>::new(),
    &Of::<paxos::Paxos>::new(),
    &Of::<raft::Raft>::new(),
    #[cfg(test)]
    &Of::<crate::toy::Toy>::new(),
];

/// The protocol with this number in links.
#[must_use]
pub fn by_number(number: u8) -> Option<&'static dyn Family> {
    PROTOCOLS.iter().copied().find(|family| family.specification().number == number)
}

/// The protocol with this name in files and addresses.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn Family> {
    PROTOCOLS.iter().copied().find(|family| family.specification().id == id)
}
