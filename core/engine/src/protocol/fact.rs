//! What happens in a run, as a value: `Stamped { stamp }`, `Decided { transaction, committed }`.
//!
//! A protocol says a fact once (`out.happened(..)`). The figure shows its mark and its phrase, judges read its fields, and a
//! search may look for a run in which it happens. Nobody reads numbers out of a label.

use super::shown::Mark;
use crate::phrase::Phrase;
use core::any::Any;
use core::fmt;
use core::hash::Hash;

/// Something that can happen in a run of one protocol. Written with [`crate::facts!`].
pub trait Fact: Clone + Hash + fmt::Debug + 'static {
    /// The name of every kind of fact, in the order of [`Fact::kind`].
    const NAMES: &'static [&'static str];

    /// Which kind it is: an index into [`Fact::NAMES`].
    fn kind(&self) -> u8;

    /// What the lane shows of it; nothing if only judges need it.
    fn shown(&self) -> Option<(Mark, Phrase)>;
}

/// For protocols that say no facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoFact {}

impl Fact for NoFact {
    const NAMES: &'static [&'static str] = &[];

    fn kind(&self) -> u8 {
        match *self {}
    }
    fn shown(&self) -> Option<(Mark, Phrase)> {
        match *self {}
    }
}

/// A [`Fact`] whose type is forgotten; behind an `Rc`, so that step and trace share it.
pub trait AnyFact {
    /// Index into the protocol's names of facts.
    fn kind(&self) -> u8;
    /// Its name.
    fn name(&self) -> &'static str;
    /// What the lane shows of it.
    fn shown(&self) -> Option<(Mark, Phrase)>;
    /// For the way back to its type.
    fn as_any(&self) -> &dyn Any;
}

impl<F: Fact> AnyFact for F {
    fn kind(&self) -> u8 {
        Fact::kind(self)
    }
    fn name(&self) -> &'static str {
        F::NAMES[usize::from(Fact::kind(self))]
    }
    fn shown(&self) -> Option<(Mark, Phrase)> {
        Fact::shown(self)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Its name: what it is for whoever does not know its type.
impl fmt::Debug for dyn AnyFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
