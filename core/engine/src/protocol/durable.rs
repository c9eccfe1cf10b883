//! Stable storage, with and without its type.

use super::shown::Inspection;
use crate::hash::Hasher64;
use core::any::Any;
use core::fmt::{self, Debug};
use core::hash::Hash;

/// What a node has in stable storage, and finds there after a crash. The default is a blank disk.
pub trait Durable: Clone + Default + Hash + Debug + 'static {
    /// Lists the stored values in the field's words, for the mark of a restart.
    fn inspect(&self, view: &mut Inspection);
}

/// A [`Durable`] without its type.
pub trait AnyDurable {
    /// Feeds its content to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// Lists the stored values in the field's words.
    fn inspect(&self, view: &mut Inspection);
    /// The content as [`Any`], to be cast back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<D: Durable> AnyDurable for D {
    fn fingerprint(&self, hasher: &mut Hasher64) {
        self.hash(hasher);
    }
    fn inspect(&self, view: &mut Inspection) {
        Durable::inspect(self, view);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Shows the stored values with their names.
impl fmt::Debug for dyn AnyDurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = Inspection::default();
        self.inspect(&mut view);
        f.debug_map().entries(view.facts).finish()
    }
}
