//! Who plays which role, and what follows from that: quorums, ballot numbers, names.

use super::{Config, Flaw, Roles, Told, Values, minus};
use crate::parts::majority::majority;
use lightcone_engine::prelude::*;

impl Config {
    /// The lanes that propose.
    pub(super) fn proposers(&self) -> NodeSet {
        self.lanes(0, self.proposers)
    }

    /// The lanes that choose.
    pub(super) fn acceptors(&self) -> NodeSet {
        self.lanes(self.proposers, self.acceptors)
    }

    /// The lanes that find out what is chosen.
    pub(super) fn learners(&self) -> NodeSet {
        self.lanes(self.proposers + self.acceptors, self.learners)
    }

    /// So many lanes after those of the roles before; the first ones if a lane plays several roles.
    fn lanes(&self, before: u8, count: u8) -> NodeSet {
        let before = if self.roles == Roles::Together { 0 } else { before };
        minus(NodeSet::first(before + count), NodeSet::first(before))
    }

    /// The only learner that acceptors tell, if there is one (§2.3). The others depend on it: if it fails, they have to
    /// ask.
    pub(super) fn distinguished_learner(&self) -> Option<NodeId> {
        self.learners().iter().next().filter(|_| self.told == Told::FirstLearner)
    }

    /// How many acceptors a proposer must hear promises of, and a learner acceptances: a majority (§2.1), so that of any
    /// two quorums somebody is in both.
    pub(super) fn quorum(&self) -> u32 {
        // The flaw: two halves of the acceptors may have nobody in common.
        let half = (u32::from(self.acceptors) / 2).max(1);
        if self.has(Flaw::QuorumsDoNotMeet) { half } else { majority(self.acceptors) }
    }

    /// The first ballot of this proposer above `beyond`. "Different proposers choose their numbers from disjoint sets of
    /// numbers" (§2.5): of p proposers the first uses 1, 1 + p, 1 + 2p, …, the second 2, 2 + p, …
    pub(super) fn ballot_beyond(&self, proposer: NodeId, beyond: u32) -> u32 {
        let (own, every) = (u32::from(proposer.0), u32::from(self.proposers));
        beyond + 1 + (own + every - beyond % every) % every
    }

    /// From a refusal, or from the start, to the next ballot: a random time, so that duels end (§2.4).
    pub(super) fn back_off(&self) -> (u64, u64) {
        (self.back_off_min_micros, self.back_off_max_micros.max(self.back_off_min_micros))
    }

    /// The value that the proposer on this lane has from the start: P1 has 10, P2 has 20.
    pub(super) fn own_value(&self, node: NodeId) -> Option<Value> {
        let has_one = self.values == Values::FromTheStart && self.proposers().contains(node);
        has_one.then(|| (Value::from(node.0) + 1) * 10)
    }

    /// P1, A1, L1; S1 if a lane plays several roles.
    pub(super) fn name(&self, node: NodeId) -> String {
        let (letter, before) = match node.0.checked_sub(self.proposers) {
            _ if self.roles == Roles::Together => ('S', 0),
            None => ('P', 0),
            Some(place) if place < self.acceptors => ('A', self.proposers),
            Some(_) => ('L', self.proposers + self.acceptors),
        };
        format!("{letter}{}", node.0 - before + 1)
    }

    /// "A1, A2 and A3"
    pub(super) fn names(&self, nodes: NodeSet) -> String {
        let names: Vec<String> = nodes.iter().map(|node| self.name(node)).collect();
        let names = names.join(", ");
        names.rsplit_once(", ").map(|(others, last)| format!("{others} and {last}")).unwrap_or(names)
    }
}
