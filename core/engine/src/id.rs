//! Names of what a run contains. A message is named by link, kind and ordinal, a timer by node, kind and ordinal. Names
//! survive re-simulation (law 2), so an edit still means the same message or timer in another run.

use crate::limits::MAX_NODES;
use core::fmt;
use core::hash::{Hash, Hasher};

/// A node of the run: its lane, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub u8);

impl Hash for NodeId {
    /// As a name: see [`crate::hash`].
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.0.into());
    }
}

impl NodeId {
    /// The lane's index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of nodes, one bit each. A node that no run has ([`MAX_NODES`] or more) is in no set, and nothing adds it: what asks may
/// come from a link.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeSet(pub u16);

impl Hash for NodeSet {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(self.0.into());
    }
}

impl NodeSet {
    /// The set without members.
    pub const EMPTY: NodeSet = NodeSet(0);

    /// The first `count` nodes.
    #[must_use]
    pub const fn first(count: u8) -> NodeSet {
        if count >= MAX_NODES { NodeSet(u16::MAX) } else { NodeSet((1 << count) - 1) }
    }

    /// Only `node`, or nothing if no run has so many nodes.
    #[must_use]
    pub const fn only(node: NodeId) -> NodeSet {
        // A node that no run has, as a link may name it, is in no set.
        NodeSet(if node.0 < MAX_NODES { 1 << node.0 } else { 0 })
    }

    /// Whether `node` is in the set.
    #[must_use]
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 & NodeSet::only(node).0 != 0
    }

    /// The set with `node` in it. Returns whether it was new.
    pub fn insert(&mut self, node: NodeId) -> bool {
        let before = self.0;
        self.0 |= NodeSet::only(node).0;
        self.0 != before
    }

    /// The set without `node`.
    #[must_use]
    pub const fn without(self, node: NodeId) -> NodeSet {
        NodeSet(self.0 & !NodeSet::only(node).0)
    }

    /// Nodes in either set.
    #[must_use]
    pub const fn union(self, other: NodeSet) -> NodeSet {
        NodeSet(self.0 | other.0)
    }

    /// Nodes in both sets.
    #[must_use]
    pub const fn intersection(self, other: NodeSet) -> NodeSet {
        NodeSet(self.0 & other.0)
    }

    /// How many nodes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The nodes, in order.
    pub fn iter(self) -> impl Iterator<Item = NodeId> + Clone {
        (0..MAX_NODES).map(NodeId).filter(move |&node| self.contains(node))
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> NodeSet {
        let mut set = NodeSet::EMPTY;
        for node in nodes {
            set.insert(node);
        }
        set
    }
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|node| node.0)).finish()
    }
}

/// A message: the `ordinal`-th (from 1) of its kind sent over this link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId {
    /// Who sent it.
    pub from: NodeId,
    /// The node that it is sent to.
    pub to: NodeId,
    /// Index into the protocol's message kinds.
    pub kind: u8,
    /// Which of its kind on this link, from 1.
    pub ordinal: u16,
    /// 0 for the message itself, 1 and up for the reader's copies, [`MessageId::LINK_COPY`] for the link's own.
    pub copy: u8,
}

impl MessageId {
    /// The copy that a duplicating link makes by itself.
    pub const LINK_COPY: u8 = u8::MAX;

    /// The whole name as one number.
    #[must_use]
    pub const fn word(self) -> u64 {
        let link = (self.from.0 as u64) << 8 | self.to.0 as u64;
        link << 32 | (self.kind as u64) << 24 | (self.copy as u64) << 16 | self.ordinal as u64
    }

    /// The message that this one is a copy of; itself if it is no copy.
    #[must_use]
    pub const fn original(self) -> MessageId {
        MessageId { copy: 0, ..self }
    }
}

/// A timer: the `ordinal`-th (from 1) arming of its kind on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId {
    /// The node that armed it.
    pub node: NodeId,
    /// Index into the protocol's timers.
    pub kind: u8,
    /// Which arming of this timer, from 1.
    pub ordinal: u16,
}

impl TimerId {
    /// The whole name as one number.
    #[must_use]
    pub const fn word(self) -> u64 {
        (self.node.0 as u64) << 24 | (self.kind as u64) << 16 | self.ordinal as u64
    }
}

/// A client operation: the `ordinal`-th (from 1) asked of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId {
    /// The lane that was asked; in most protocols a client's.
    pub node: NodeId,
    /// Which operation of this lane, from 1.
    pub ordinal: u16,
}

/// An event's place in a trace, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventIndex(pub u32);

impl EventIndex {
    /// The place in `Trace::events`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_no_run_has_is_in_no_set() {
        let all = NodeSet::first(MAX_NODES);
        for node in (MAX_NODES..=u8::MAX).map(NodeId) {
            let mut set = all;
            assert!(!set.insert(node) && !all.contains(node) && NodeSet::only(node).is_empty());
            assert_eq!((set, all.without(node)), (all, all));
        }
        let last = NodeId(MAX_NODES - 1);
        assert_eq!(all.without(last), NodeSet::first(MAX_NODES - 1));
        assert_eq!(NodeSet::first(MAX_NODES - 1).union(NodeSet::only(last)), all);
    }
}
