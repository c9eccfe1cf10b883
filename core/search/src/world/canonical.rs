//! Worlds without what makes no difference: messages that never matter any more, and which of several interchangeable nodes
//! is which.
//!
//! Nodes of a group are sorted by what is so of them, and the world is hashed as if they stood in this order: under the
//! labels that the order gives them. No permutation is tried. First each node is known by its own state and by what is
//! under way from and to it; nodes that look alike so far are told apart, as far as possible, by how the whole world looks
//! when one of them is pointed at. Nodes that still look alike stand in lane order: then two numbers may stand for one
//! kind of world, but never one number for two.

use super::interner::Interner;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::hash::{Hasher64, Labels, mix};
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Action, Argument, Cause};
use lightcone_engine::run::{Pending, World};
use lightcone_engine::sorted_map::insertion_sort;

/// A world, to be looked at with its nodes under other names.
#[derive(Clone, Copy)]
pub struct Canonical<'a> {
    world: &'a World,
}

impl<'a> Canonical<'a> {
    /// Of this world.
    #[must_use]
    pub fn of(world: &'a World) -> Canonical<'a> {
        Canonical { world }
    }

    /// A fingerprint that is, but for some ties, the same whatever nodes of a group change places. Groups are those of
    /// [`lightcone_engine::protocol::AnyProtocol::interchangeable`]; without any it is [`World::fingerprint`].
    #[must_use]
    pub fn fingerprint(self, groups: &[NodeSet]) -> u64 {
        self.fingerprint_under(self.labels(groups))
    }

    /// The fingerprint with the nodes under these names, if they have others than their own.
    #[must_use]
    pub fn fingerprint_under(self, labels: Option<Labels>) -> u64 {
        labels.map_or_else(|| self.world.fingerprint(), |labels| self.hashed(labels))
    }

    /// The names under which the nodes of the groups are sorted; none if there is no group.
    #[must_use]
    pub fn labels(self, groups: &[NodeSet]) -> Option<Labels> {
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

    /// When timers can fire at the earliest, as one number: it counts where time does and more of them may fire.
    #[must_use]
    pub fn earliest_timers(self, labels: Option<Labels>) -> u64 {
        let pending = &self.world.parts().pending;
        let timers = pending.iter().filter(|pending| matches!(pending.cause, Cause::Fire(_)));
        timers.fold(0, |sum: u64, timer| {
            let mut hasher = Hasher64::of_state(labels.unwrap_or(Labels::OWN));
            self.hash_pending(timer, &[], &mut hasher);
            timer.earliest.hash(&mut hasher);
            sum.wrapping_add(mix(hasher.finish()))
        })
    }

    /// What is pending and says this ([`super::Waiting::content`]), with the nodes under these labels.
    #[must_use]
    pub fn content_under(self, content: u64, labels: Labels) -> u64 {
        let pending = self.world.parts().pending.iter().rfind(|pending| pending.fingerprint() == content);
        pending.map_or(0, |pending| self.waiting_under(pending, &[], false, labels))
    }

    /// An action with the nodes under these labels.
    #[must_use]
    pub fn action_under(self, action: Action, labels: Labels) -> u64 {
        let mut hasher = Hasher64::of_state(labels);
        self.hash_action(action, &mut hasher);
        hasher.finish()
    }

    /// The labels with those of the group, at least two nodes, in the order in which they are sorted.
    fn sort(self, group: NodeSet, mut labels: Labels) -> Labels {
        let mut lanes = [NodeId(0); MAX_NODES as usize];
        group.iter().zip(&mut lanes).for_each(|(node, lane)| *lane = node);
        let lanes = &lanes[..group.len() as usize];
        let mut looks = [(0, NodeId(0)); MAX_NODES as usize];
        let looks = &mut looks[..lanes.len()];
        self.look_at(group, lanes, labels, looks);
        insertion_sort(looks);
        // Nodes that look alike share the label of the first place at which they stand.
        for alike in looks.chunk_by(|one, other| one.0 == other.0) {
            let start = looks.partition_point(|(look, _)| *look < alike[0].0);
            labels = alike.iter().fold(labels, |labels, (_, node)| labels.with(*node, lanes[start]));
        }
        let mut start = 0;
        for alike in looks.chunk_by_mut(|one, other| one.0 == other.0) {
            if alike.len() > 1 {
                alike.iter_mut().for_each(|(look, node)| *look = self.hashed(labels.with(*node, lanes[start + 1])));
                insertion_sort(alike);
                let places = alike.iter().zip(&lanes[start..]);
                labels = places.fold(labels, |labels, ((_, node), place)| labels.with(*node, *place));
            }
            start += alike.len();
        }
        labels
    }

    /// What is so of each node of the group alone: its state, and what is under way from and to it.
    fn look_at(self, group: NodeSet, lanes: &[NodeId], labels: Labels, looks: &mut [(u64, NodeId)]) {
        let of = |node: NodeId| labels.with(node, lanes[1]);
        for (look, node) in looks.iter_mut().zip(lanes) {
            *look = (self.slot(*node, of(*node)), *node);
        }
        self.under_way(|cause, waiting| {
            let from = if let Cause::Deliver(message) = cause { Some(message.from) } else { None };
            for node in [cause.node(), from].into_iter().flatten().filter(|node| group.contains(*node)) {
                let look = looks.iter_mut().find(|(_, lane)| *lane == node);
                let (look, _) = look.expect("every node of the group has a look");
                *look = look.wrapping_add(mix(waiting(of(node))));
            }
        });
    }

    /// The world under these labels.
    fn hashed(self, labels: Labels) -> u64 {
        let mut hasher = Hasher64::of_state(labels);
        self.watcher_under(labels).hash(&mut hasher);
        let slots = (0..self.world.parts().slots.len())
            .fold(0, |sum: u64, node| sum.wrapping_add(self.slot(NodeId(node as u8), labels)));
        let mut under_way = 0_u64;
        self.under_way(|_, waiting| under_way = under_way.wrapping_add(mix(waiting(labels))));
        (slots, under_way).hash(&mut hasher);
        if self.world.is_timed() {
            self.world.now().hash(&mut hasher);
        }
        hasher.finish()
    }

    fn watcher_under(self, labels: Labels) -> u64 {
        let watcher = &self.world.parts().watcher;
        let work_out = || {
            let mut hasher = Hasher64::of_state(labels);
            watcher.observer.fingerprint(&mut hasher);
            hasher.finish()
        };
        match Interner::of(self.world) {
            Some(interner) => interner.watcher_under(watcher.number, labels, work_out),
            None => work_out(),
        }
    }

    fn slot(self, node: NodeId, labels: Labels) -> u64 {
        let parts = self.world.parts();
        let (slot, cuts) = (&parts.slots[node.index()], parts.cuts[node.index()]);
        let look = slot.under_labels.of(slot.number, labels, || {
            let mut hasher = Hasher64::of_state(labels);
            (node, slot.paused, slot.state.is_some()).hash(&mut hasher);
            if let Some(state) = &slot.state {
                state.fingerprint(&mut hasher);
            }
            slot.durable.fingerprint(&mut hasher);
            if self.world.is_timed() {
                slot.clock.hash(&mut hasher);
            }
            mix(hasher.finish())
        });
        if cuts == NodeSet::EMPTY {
            return look;
        }
        let mut hasher = Hasher64::under(labels, look);
        cuts.hash(&mut hasher);
        mix(hasher.finish())
    }

    /// Calls `each` with everything that waits to happen, and how it looks under labels.
    fn under_way(self, mut each: impl FnMut(Cause, &dyn Fn(Labels) -> u64)) {
        // What is to arrive before: the latest of what is pending comes first, the latest of what is parked last.
        for (place, pending) in self.world.parts().pending.iter().enumerate() {
            each(pending.cause, &|labels| {
                self.waiting_under(pending, &self.world.parts().pending[place + 1..], false, labels)
            });
        }
        for (place, pending) in self.world.parts().parked.iter().enumerate() {
            each(pending.cause, &|labels| {
                self.waiting_under(pending, &self.world.parts().parked[..place], true, labels)
            });
        }
    }

    fn waiting_under(self, pending: &Pending, before: &[Rc<Pending>], parked: bool, labels: Labels) -> u64 {
        pending.under_labels.of(if parked { 0 } else { pending.number }, labels, || {
            let mut hasher = Hasher64::of_state(labels);
            parked.hash(&mut hasher);
            self.hash_pending(pending, before, &mut hasher);
            if self.world.is_timed() {
                pending.latest.hash(&mut hasher);
            }
            hasher.finish()
        })
    }

    fn hash_pending(self, pending: &Pending, before: &[Rc<Pending>], hasher: &mut Hasher64) {
        match (pending.cause, &pending.payload) {
            (Cause::Deliver(message), Some(payload)) => {
                let link = |other: &&Rc<Pending>| matches!(other.cause, Cause::Deliver(other) if (other.from, other.to) == (message.from, message.to));
                // On FIFO links it counts which comes first.
                let place = if self.world.plan().model.links.fifo { before.iter().filter(link).count() } else { 0 };
                (1_u8, message.from, message.to, place).hash(hasher);
                payload.fingerprint(hasher);
            }
            (Cause::Fire(timer), _) => (2_u8, timer.node, timer.kind).hash(hasher),
            (Cause::Act(action), _) => self.hash_action(action, hasher),
            (cause, _) => (3_u8, cause).hash(hasher),
        }
    }

    fn hash_action(self, action: Action, hasher: &mut Hasher64) {
        match action {
            Action::Request { node, operation: Operation::Command { verb, argument } } if self.names_node(verb) => {
                (4_u8, node, verb, NodeId(argument)).hash(hasher);
            }
            action => (3_u8, action).hash(hasher),
        }
    }

    /// Whether the argument of this command is a node.
    fn names_node(self, verb: u8) -> bool {
        let command = self.world.plan().protocol.specification().commands.get(usize::from(verb));
        command.is_some_and(|command| command.argument == Argument::Node)
    }
}
