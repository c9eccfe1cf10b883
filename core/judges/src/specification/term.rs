//! Values of a recorded history, made quick to compare.

use crate::datum::{Datum, shortened};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

/// A value of a recorded history. Integers can be added to. Other values are compared by their places among all of the
/// history.
#[derive(Clone, Copy, Debug)]
pub enum Term<'a> {
    /// An integer.
    Number(i64),
    /// Any other value.
    Other {
        /// Its place in the order of all other values.
        place: u32,
        /// The value itself.
        datum: &'a Datum,
    },
}

impl Term<'_> {
    fn key(&self) -> (Option<i64>, u32) {
        match self {
            Term::Number(number) => (Some(*number), 0),
            Term::Other { place, .. } => (None, *place),
        }
    }
}

impl PartialEq for Term<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Term<'_> {}

impl PartialOrd for Term<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Term<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Term<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Term::Number(number) => number.hash(state),
            Term::Other { place, .. } => (!*place).hash(state),
        }
    }
}

impl fmt::Display for Term<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Number(number) => write!(f, "{number}"),
            Term::Other { datum, .. } => f.write_str(&shortened(datum)),
        }
    }
}

/// Every value of a history but integers, sorted, each once.
#[derive(Debug)]
pub struct Terms<'a>(Vec<&'a Datum>);

impl<'a> Terms<'a> {
    /// The table of these values and of all that they contain.
    pub fn of(values: impl IntoIterator<Item = &'a Datum>) -> Terms<'a> {
        let mut all = Vec::new();
        values.into_iter().for_each(|value| gather(value, &mut all));
        all.sort_unstable();
        all.dedup();
        Terms(all)
    }

    /// The value in a form to compare; none if it is not in the table.
    pub fn term(&self, datum: &'a Datum) -> Option<Term<'a>> {
        if let Datum::Integer(number) = datum {
            return Some(Term::Number(*number));
        }
        let place = self.0.binary_search(&datum).ok()? as u32;
        Some(Term::Other { place, datum })
    }

    /// The same, where `nil` stands for no value.
    pub fn or_nothing(&self, datum: &'a Datum) -> Option<Option<Term<'a>>> {
        if *datum == Datum::Nil { Some(None) } else { self.term(datum).map(Some) }
    }
}

fn gather<'a>(value: &'a Datum, all: &mut Vec<&'a Datum>) {
    if matches!(value, Datum::Integer(_)) {
        return;
    }
    all.push(value);
    if let Datum::List(inside) | Datum::Set(inside) = value {
        inside.iter().for_each(|each| gather(each, all));
    }
}
