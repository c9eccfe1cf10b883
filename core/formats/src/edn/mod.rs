//! Histories as text: EDN as Jepsen writes it, one map a line, or all of them in one vector.
//!
//! ```text
//! {:process 0, :type :invoke, :f :write, :value 3}
//! {:process 0, :type :ok, :f :write, :value 3}
//! ```
//!
//! `:ok` is done, and its `:value` is the answer; `:fail` certainly did not happen; after `:info` nobody knows, and the
//! process is done. Other keys, and lines of a process that is no number, such as `:nemesis`, are passed over.

mod read;
mod write;

pub use read::{EdnError, Problem, read};
pub use write::write;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A form of EDN, as far as histories need it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datum {
    /// `nil`
    Nil,
    /// `true`, `false`
    Boolean(bool),
    /// `-3`
    Integer(i64),
    /// `:x`, without the colon.
    Keyword(String),
    /// `"x"`, without the quotes.
    Text(String),
    /// Anything else without brackets, as it stands: `read`, `1.5`, `\a`.
    Symbol(String),
    /// A vector, list or set.
    List(Vec<Datum>),
    /// A map.
    Map(Vec<(Datum, Datum)>),
}

impl Datum {
    /// Both elements of a vector of two.
    #[must_use]
    pub fn pair(&self) -> Option<(&Datum, &Datum)> {
        match self {
            Datum::List(both) => match both.as_slice() {
                [first, second] => Some((first, second)),
                _ => None,
            },
            _ => None,
        }
    }

    /// How it names something: `x` for `:x` and `"x"`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Datum::Keyword(word) | Datum::Text(word) | Datum::Symbol(word) => word.clone(),
            other => other.to_string(),
        }
    }
}
