//! Worlds without what makes no difference: messages that never matter any more, and which of several interchangeable nodes
//! is which.
//!
//! Nodes of a group are sorted by what is so of them, and the world is hashed as if they stood in this order: under the
//! labels that the order gives them. No permutation is tried. First each node is known by its own state and by what is
//! under way from and to it; nodes that look alike so far are told apart, as far as possible, by how the whole world looks
//! when one of them is pointed at. Nodes that still look alike stand in lane order: then two numbers may stand for one
//! kind of world, but never one number for two.

use super::{Cause, Pending, World};
use crate::hash::{Hasher64, Labels, mix};
use crate::id::{NodeId, NodeSet};
use crate::operation::Operation;
use crate::protocol::Argument;
use crate::scenario::Action;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

impl World {
    /// A fingerprint that is, but for some ties, the same whatever nodes of a group change places. Groups are those of
    /// [`crate::node::Family::interchangeable`]; without any it is [`World::fingerprint`].
    #[must_use]
    pub fn canonical_fingerprint(&self, groups: &[NodeSet]) -> u64 {
        self.fingerprint_under(self.canonical_labels(groups))
    }

    /// The fingerprint with the nodes under these names, if they have others than their own.
    #[must_use]
    pub fn fingerprint_under(&self, labels: Option<Labels>) -> u64 {
        labels.map_or_else(|| self.fingerprint(), |labels| self.hashed(labels))
    }

    /// The names under which the nodes of the groups are sorted; none if there is no group.
    #[must_use]
    pub fn canonical_labels(&self, groups: &[NodeSet]) -> Option<Labels> {
        if groups.is_empty() {
            return None;
        }
        // Until a group is sorted, all its nodes have one label.
        let mut labels = Labels::OWN;
        for group in groups {
            let lanes: Vec<NodeId> = group.iter().collect();
            labels = lanes.iter().fold(labels, |labels, node| labels.with(*node, lanes[0]));
        }
        Some(groups.iter().fold(labels, |labels, group| self.sort(*group, labels)))
    }

    /// What is pending under this name, whatever the name, with the nodes under these labels.
    #[must_use]
    pub fn content_under(&self, cause: Cause, labels: Labels) -> u64 {
        let Some(place) = self.pending.iter().rposition(|pending| pending.cause == cause) else { return 0 };
        let mut hasher = Hasher64::under(labels, 0);
        self.hash_pending(&self.pending[place], &[], &mut hasher);
        hasher.finish()
    }

    /// An action with the nodes under these labels.
    #[must_use]
    pub fn action_under(&self, action: Action, labels: Labels) -> u64 {
        let mut hasher = Hasher64::under(labels, 0);
        self.hash_action(action, &mut hasher);
        hasher.finish()
    }

    /// The labels with those of the group, at least two nodes, in the order in which they are sorted.
    fn sort(&self, group: NodeSet, mut labels: Labels) -> Labels {
        let lanes: Vec<NodeId> = group.iter().collect();
        let look = |node: &NodeId| (self.look(*node, labels.with(*node, lanes[1])), *node);
        let mut looks: Vec<(u64, NodeId)> = lanes.iter().map(look).collect();
        in_order(&mut looks);
        // Nodes that look alike share the label of the first place at which they stand.
        for alike in looks.chunk_by(|one, other| one.0 == other.0) {
            let start = looks.partition_point(|(look, _)| *look < alike[0].0);
            labels = alike.iter().fold(labels, |labels, (_, node)| labels.with(*node, lanes[start]));
        }
        let mut start = 0;
        for alike in looks.chunk_by_mut(|one, other| one.0 == other.0) {
            if alike.len() > 1 {
                alike.iter_mut().for_each(|(look, node)| *look = self.hashed(labels.with(*node, lanes[start + 1])));
                in_order(alike);
                let places = alike.iter().zip(&lanes[start..]);
                labels = places.fold(labels, |labels, ((_, node), place)| labels.with(*node, *place));
            }
            start += alike.len();
        }
        labels
    }

    /// What is so of a node alone.
    fn look(&self, node: NodeId, labels: Labels) -> u64 {
        self.slot(node, labels).wrapping_add(self.under_way(labels, |cause| concerns(cause, node)))
    }

    /// The world under these labels.
    fn hashed(&self, labels: Labels) -> u64 {
        let mut hasher = Hasher64::under(labels, 0);
        self.observer.fingerprint(&mut hasher);
        let slots =
            (0..self.slots.len()).fold(0, |sum: u64, node| sum.wrapping_add(self.slot(NodeId(node as u8), labels)));
        (slots, self.under_way(labels, |_| true)).hash(&mut hasher);
        if self.clock_read.get() {
            self.now.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn slot(&self, node: NodeId, labels: Labels) -> u64 {
        let slot = &self.slots[node.index()];
        let mut hasher = Hasher64::under(labels, 0);
        (node, self.cuts[node.index()], slot.paused, slot.state.is_some()).hash(&mut hasher);
        if let Some(state) = &slot.state {
            state.fingerprint(&mut hasher);
        }
        slot.durable.fingerprint(&mut hasher);
        mix(hasher.finish())
    }

    /// The sum of what waits to happen, as far as it is wanted.
    fn under_way(&self, labels: Labels, wanted: impl Fn(&Cause) -> bool) -> u64 {
        // What is to arrive before: the latest of what is pending comes first, the latest of what is parked last.
        let pending = self.pending.iter().enumerate().map(|(place, each)| (each, &self.pending[place + 1..], false));
        let parked = self.parked.iter().enumerate().map(|(place, each)| (each, &self.parked[..place], true));
        let wanted = pending.chain(parked).filter(|(each, ..)| wanted(&each.cause));
        wanted.fold(0, |sum: u64, (each, before, parked)| {
            let mut hasher = Hasher64::under(labels, u64::from(parked));
            self.hash_pending(each, before, &mut hasher);
            sum.wrapping_add(mix(hasher.finish()))
        })
    }

    fn hash_pending(&self, pending: &Pending, before: &[Rc<Pending>], hasher: &mut Hasher64) {
        match (pending.cause, &pending.payload) {
            (Cause::Deliver(message), Some(payload)) => {
                let link = |other: &&Rc<Pending>| matches!(other.cause, Cause::Deliver(other) if (other.from, other.to) == (message.from, message.to));
                // On FIFO links it counts which comes first.
                let place = if self.plan.model.links.fifo { before.iter().filter(link).count() } else { 0 };
                (0_u8, message.from, message.to, place).hash(hasher);
                payload.fingerprint(hasher);
            }
            (Cause::Fire(timer), _) => (1_u8, timer.node, timer.kind).hash(hasher),
            (Cause::Act(action), _) => self.hash_action(action, hasher),
            (cause, _) => (3_u8, cause).hash(hasher),
        }
    }

    fn hash_action(&self, action: Action, hasher: &mut Hasher64) {
        match action {
            Action::Request { node, operation: Operation::Command { verb, argument } } if self.names_node(verb) => {
                (2_u8, node, verb, NodeId(argument)).hash(hasher);
            }
            action => (3_u8, action).hash(hasher),
        }
    }

    /// Whether the argument of this command is a node.
    fn names_node(&self, verb: u8) -> bool {
        let command = self.plan.family.specification().commands.get(usize::from(verb));
        command.is_some_and(|command| command.argument == Argument::Node)
    }
}

/// Sorts a handful: the sorts of the library weigh more in a page than they save here.
fn in_order(looks: &mut [(u64, NodeId)]) {
    for end in 1..looks.len() {
        let place = looks[..end].partition_point(|look| *look < looks[end]);
        looks[place..=end].rotate_right(1);
    }
}

/// Whether it happens to this node, or is a message of its own.
fn concerns(cause: &Cause, node: NodeId) -> bool {
    cause.node() == Some(node) || matches!(cause, Cause::Deliver(message) if message.from == node)
}
