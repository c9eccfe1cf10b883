//! What survives a crash, with its type and without.

use super::shown::Inspection;
use crate::hash::Hasher64;
use core::any::Any;
use core::fmt::{self, Debug};
use core::hash::Hash;

/// What survives a crash.
pub trait Durable: Clone + Default + Hash + Debug + 'static {
    /// The surviving fields in the field's words, for the mark of a restart.
    fn inspect(&self, view: &mut Inspection);
}

/// A [`Durable`] whose type is forgotten.
pub trait AnyDurable {
    /// Feeds its content to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// The surviving fields in the field's words.
    fn inspect(&self, view: &mut Inspection);
    /// For the way back to its type.
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

/// Its fields and what they hold.
impl fmt::Debug for dyn AnyDurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = Inspection::default();
        self.inspect(&mut view);
        f.debug_map().entries(view.facts).finish()
    }
}
