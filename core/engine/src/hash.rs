//! One fixed 64-bit hasher for draws, digests and fingerprints.
//!
//! The hash is the same on every target: `usize` is widened, and integers are mixed by value. Each word takes a rotation,
//! an exclusive or and a 64-bit multiplication, because a multiplication of 64 by 64 to 128 bits is slow in wasm.
//!
//! Nodes can be hashed under other names than their own ([`Labels`]). A search uses this to see that two states differ only
//! in which node is which. [`crate::id::NodeId`] and [`crate::id::NodeSet`] use `write_u128` and `write_i128`, which
//! nothing else uses except the beginning and the end of a list whose order does not count.

use crate::id::NodeId;
use crate::limits::MAX_NODES;
use core::hash::{Hash, Hasher};

const WORD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The names under which nodes are hashed, four bits each. Two nodes may share a name; then the hash does not tell them
/// apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    names: u64,
    /// Whether any node was given a name, be it its own. If so, lists in the order of their nodes are hashed without an
    /// order.
    given: bool,
}

impl Labels {
    /// Every node under its own name.
    pub const OWN: Labels = Labels { names: 0xFEDC_BA98_7654_3210, given: false };

    /// The label of a node. A node after the last one keeps its own number.
    #[must_use]
    #[inline]
    pub const fn of(self, node: NodeId) -> NodeId {
        if node.0 < MAX_NODES { NodeId((self.names >> (4 * node.0)) as u8 & 15) } else { node }
    }

    /// The same labels, but this one for this node.
    #[must_use]
    pub const fn with(self, node: NodeId, label: NodeId) -> Labels {
        let place = 4 * node.0;
        Labels { names: self.names & !(15 << place) | (label.0 as u64 & 15) << place, given: true }
    }
}

/// The deepest nesting of lists whose order does not count. Deeper lists are hashed in order.
const DEPTH: usize = 3;

/// Signals that are sent through `write_u128`. Nodes' names, which are sent the same way, are smaller than all of these.
mod signal {
    /// A list in the order of its keys begins. Under labels its order does not count.
    pub const SORTED: u128 = 1 << 64;
    /// A list begins whose order never counts.
    pub const LOOSE: u128 = 2 << 64;
    /// An item of the list ends.
    pub const NEXT: u128 = 3 << 64;
    /// Marks the end of a list.
    pub const END: u128 = 4 << 64;
}

/// Hashes a list in the order of its keys. Under labels its order does not count.
pub fn sorted<T: Hash, H: Hasher>(items: impl Iterator<Item = T>, state: &mut H) {
    list(signal::SORTED, items, state);
}

/// Hashes a list whose order does not count.
pub fn loose<T: Hash, H: Hasher>(items: impl Iterator<Item = T>, state: &mut H) {
    list(signal::LOOSE, items, state);
}

fn list<T: Hash, H: Hasher>(begin: u128, items: impl Iterator<Item = T>, state: &mut H) {
    state.write_u128(begin);
    for item in items {
        item.hash(state);
        state.write_u128(signal::NEXT);
    }
    state.write_u128(signal::END);
}

/// A list that is being hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    /// The hash of what came before the list.
    around: u64,
    /// The hash of the list's items so far.
    sum: u64,
    /// Whether the order does not count.
    loose: bool,
}

/// A deterministic [`Hasher`]. Not for hash tables that an adversary fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hasher64 {
    state: u64,
    labels: Labels,
    depth: usize,
    sums: [Sum; DEPTH],
}

impl Default for Hasher64 {
    fn default() -> Hasher64 {
        Hasher64::new(0)
    }
}

impl Hasher64 {
    /// A hasher that starts from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Hasher64 {
        Hasher64::under(Labels::OWN, seed)
    }

    /// A hasher that starts from `seed` and hashes nodes under these names.
    #[must_use]
    pub const fn under(labels: Labels, seed: u64) -> Hasher64 {
        Hasher64 { state: seed, labels, depth: 0, sums: [Sum { around: 0, sum: 0, loose: false }; DEPTH] }
    }

    /// A hasher of states, with nodes under these names. After a seed of 0, zeros at the beginning would not count; here
    /// they do.
    #[must_use]
    pub const fn of_state(labels: Labels) -> Hasher64 {
        Hasher64::under(labels, WORD)
    }

    #[inline]
    fn word(&mut self, word: u64) {
        self.state = (self.state.rotate_left(5) ^ word).wrapping_mul(WORD);
    }

    #[inline(never)]
    fn signal(&mut self, signal: u128) {
        if !self.labels.given && self.depth == 0 && signal != signal::LOOSE {
            // A list whose order counts, and that is not inside one whose order does not count.
            return;
        }
        let begins = matches!(signal, signal::SORTED | signal::LOOSE);
        if begins {
            let loose = signal == signal::LOOSE || self.labels.given;
            if let Some(list) = self.sums.get_mut(self.depth) {
                *list = Sum { around: self.state, sum: 0, loose };
                self.state = if loose { WORD } else { self.state };
            }
            self.depth += 1;
            return;
        }
        let Some(list) = self.sums.get_mut(self.depth - 1).filter(|list| list.loose) else {
            self.depth -= usize::from(signal == signal::END);
            return;
        };
        if signal == signal::NEXT {
            list.sum = list.sum.wrapping_add(mix(self.state));
            self.state = WORD;
        } else {
            let sum = list.sum;
            self.state = list.around;
            self.depth -= 1;
            self.word(sum);
        }
    }

    /// Under labels, a set is hashed as its members' labels, each with the number of members that share it.
    #[inline(never)]
    fn relabelled(&mut self, set: u16) {
        let members = (0..MAX_NODES).filter(|node| set & 1 << node != 0);
        let labels = members.fold(0_u16, |labels, node| labels | 1 << self.labels.of(NodeId(node)).0);
        self.word(u64::from(labels) | u64::from(set.count_ones()) << 16);
    }
}

/// The 64-bit hash of `value`.
#[must_use]
pub fn hash64(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = Hasher64::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Spreads every input bit over all output bits (the finaliser of SplitMix64, Steele et al. 2014).
#[must_use]
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl Hasher for Hasher64 {
    fn finish(&self) -> u64 {
        mix(self.state)
    }

    #[inline]
    fn write_u128(&mut self, value: u128) {
        match u64::try_from(value) {
            Ok(node) => self.word(u64::from(self.labels.of(NodeId(node as u8)).0)),
            Err(_) => self.signal(value),
        }
    }

    #[inline]
    fn write_i128(&mut self, value: i128) {
        if self.labels.given { self.relabelled(value as u16) } else { self.word(value as u64) }
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        self.word(bytes.len() as u64);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.word(u64::from(value));
    }
    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.word(value);
    }
    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i8(&mut self, value: i8) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i16(&mut self, value: i16) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i32(&mut self, value: i32) {
        self.word(value as u64);
    }
    #[inline]
    fn write_i64(&mut self, value: i64) {
        self.word(value as u64);
    }
    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.word(value as i64 as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::{Hasher64, Labels, hash64};
    use crate::id::{NodeId, NodeSet};
    use crate::per_node::PerNode;
    use crate::sorted_map::{Bag, SortedMap};
    use alloc::vec::Vec;
    use core::hash::{Hash, Hasher};

    fn under(labels: Labels, value: &impl Hash) -> u64 {
        let mut hasher = Hasher64::under(labels, 0);
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn a_node_by_its_own_name_is_its_number() {
        for node in 0..=u8::MAX {
            assert_eq!(hash64(&NodeId(node)), hash64(&node));
            assert_eq!(hash64(&NodeSet(u16::from(node) * 257)), hash64(&(u16::from(node) * 257)));
        }
    }

    /// Of three nodes, where `names` says which is which.
    fn state(names: [u8; 3]) -> impl Hash {
        let [a, b, c] = names.map(NodeId);
        let mut values = [0; 3];
        (values[a.index()], values[b.index()], values[c.index()]) = (10, 20, 30);
        let sets = [(NodeSet::only(b), 1_u8), ([a, c].into_iter().collect(), 2)];
        let knows: SortedMap<NodeId, SortedMap<NodeSet, u8>> =
            [(a, sets.into_iter().collect()), (c, SortedMap::new())].into_iter().collect();
        (b, PerNode(values), knows, Bag([c, a].into_iter().collect::<Vec<_>>()))
    }

    #[test]
    fn the_same_state_under_other_names_hashes_alike() {
        let (plain, own) = (state([0, 1, 2]), Labels::OWN.with(NodeId(0), NodeId(0)));
        for names in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let labels = (0..3).fold(own, |labels, place| labels.with(NodeId(names[place as usize]), NodeId(place)));
            assert_eq!(under(own, &plain), under(labels, &state(names)));
            assert_ne!(under(own, &plain), under(own, &state(names)));
            assert_ne!(hash64(&plain), hash64(&state(names)));
        }
    }

    #[test]
    fn one_label_for_two_nodes_hides_which_is_which_and_not_how_many() {
        let labels = Labels::OWN.with(NodeId(2), NodeId(1));
        let set = |bits: u16| under(labels, &NodeSet(bits));
        assert_eq!(set(0b0011), set(0b0101));
        assert_ne!(set(0b0011), set(0b0111));
    }

    #[test]
    fn zeros_at_the_beginning_of_a_state_count() {
        let of_state = |value: &[u8]| {
            let mut hasher = Hasher64::of_state(Labels::OWN);
            value.iter().for_each(|each| each.hash(&mut hasher));
            hasher.finish()
        };
        assert_ne!(of_state(&[0, 1]), of_state(&[1]));
        let bag = |items: &[Option<Option<u8>>]| hash64(&Bag(items.to_vec()));
        assert_ne!(bag(&[None, Some(None)]), bag(&[Some(None), Some(None)]));
        assert_ne!(hash64(&Bag(alloc::vec![Err::<u8, u8>(1)])), hash64(&Bag(alloc::vec![Ok::<u8, u8>(1)])));
    }

    #[test]
    fn order_counts_in_a_list_and_not_in_a_bag() {
        assert_ne!(hash64(&[1, 2]), hash64(&[2, 1]));
        assert_eq!(hash64(&Bag(alloc::vec![1, 2])), hash64(&Bag(alloc::vec![2, 1])));
        assert_ne!(hash64(&Bag(alloc::vec![1, 2])), hash64(&Bag(alloc::vec![1, 1])));
        assert_ne!(hash64(&(Bag(alloc::vec![1]), 2)), hash64(&(Bag(alloc::vec![1, 2]))));
    }
}
