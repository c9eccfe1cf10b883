//! A list with one item for each node.

use crate::hash::sorted;
use crate::id::NodeId;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

/// A list or array with one item for each node, in lane order. Each item is hashed together with its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerNode<L>(pub L);

impl<L> Deref for PerNode<L> {
    type Target = L;

    #[inline]
    fn deref(&self) -> &L {
        &self.0
    }
}

impl<L> DerefMut for PerNode<L> {
    #[inline]
    fn deref_mut(&mut self) -> &mut L {
        &mut self.0
    }
}

impl<L, T: Hash> Hash for PerNode<L>
where
    for<'a> &'a L: IntoIterator<Item = &'a T>,
{
    fn hash<H: Hasher>(&self, state: &mut H) {
        sorted((0..).map(NodeId).zip(&self.0), state);
    }
}
