//! A sequential specification, and how it says what is wrong.

use super::foresight::Foresight;
use crate::history::Entry;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};
use core::hash::Hash;
use lightcone_engine::operation::{Answer, Value};

/// A sequential specification: a state, and what operations do to it one after the other.
pub trait Sequential: Clone + Ord + Hash + Default {
    /// What is asked.
    type Operation: Copy + PartialEq;
    /// What is told.
    type Answer: Clone + Ord;
    /// What can be known of the answers that are still to be given.
    type Foresight: Foresight<Self>;

    /// Takes effect and answers.
    fn apply(&mut self, operation: Self::Operation) -> Self::Answer;

    /// The part of the object that it touches. Parts do not touch each other: each is an object of its own.
    fn part(_: Self::Operation) -> u32 {
        0
    }

    /// Whether it leaves every state as it is in which it answers `told`. If in doubt it does not: searches take longer.
    fn only_looks(_: Self::Operation, _told: &Self::Answer) -> bool {
        false
    }

    /// Words of memory that it takes beside its own size.
    fn weight(&self) -> usize {
        0
    }

    /// What is wrong, as the beginning of a sentence: "read x = 1 must be 2". `possible` is what could have been told, in
    /// order.
    fn claim(operation: Self::Operation, told: &Self::Answer, possible: &[Self::Answer]) -> String;

    /// Why the answer of `stuck` cannot be, if one operation or its absence is reason enough. The object began as `begins`.
    fn reason(
        _: &[Entry<Self::Operation, Self::Answer>],
        _stuck: u32,
        _possible: &[Self::Answer],
        _begins: &Self,
    ) -> Option<Reason> {
        None
    }
}

/// More possible answers than these are not told one by one.
pub(crate) const MAX_POSSIBLE: usize = 3;

/// The end of a sentence if no one operation is reason enough.
pub(crate) const NO_ORDER: &str = "no order of the operations gives this answer";

/// Why an answer cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The end of a sentence: "the write of 2 was done before it began".
    pub text: String,
    /// The operation that it names, if that one was done before, or had failed.
    pub because: Option<u32>,
    /// Whether it is one whatever the time.
    pub timeless: bool,
}

impl Reason {
    /// That nobody did it, in time.
    pub(super) fn plain(text: String) -> Reason {
        Reason { text, because: None, timeless: false }
    }

    /// That nobody ever did it.
    pub(super) fn never(text: String) -> Reason {
        Reason { text, because: None, timeless: true }
    }

    /// What was done before.
    pub(super) fn after(text: String, because: Option<u32>) -> Reason {
        Reason { text, because, timeless: false }
    }
}

/// What is told by objects of any values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told<V> {
    /// It is done.
    Done,
    /// The value, or that there is none.
    Value(Option<V>),
    /// It was not done.
    Refused,
}

impl<V: Display> Display for Told<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Done => f.write_str("ok"),
            Told::Value(Some(value)) => value.fmt(f),
            Told::Value(None) => f.write_str("nothing"),
            Told::Refused => f.write_str("refused"),
        }
    }
}

impl From<Answer> for Told<Value> {
    fn from(answer: Answer) -> Told<Value> {
        match answer {
            Answer::Done => Told::Done,
            Answer::Value(value) => Told::Value(value),
            Answer::Refused => Told::Refused,
        }
    }
}

/// "read x = 1 must be 2 or 3".
pub(super) fn must_be(operation: &dyn Display, told: &dyn Display, possible: &[impl Display]) -> String {
    if possible.is_empty() || possible.len() > MAX_POSSIBLE {
        return format!("{operation} cannot be {told}");
    }
    let possible: Vec<String> = possible.iter().map(ToString::to_string).collect();
    format!("{operation} = {told} must be {}", possible.join(" or "))
}

/// The same, of what may also have been done or refused.
pub(crate) fn claim<V: Display>(
    operation: &dyn Display,
    told: impl Into<Told<V>>,
    possible: &[impl Display],
) -> String {
    match told.into() {
        Told::Value(value) => must_be(operation, &Told::Value(value), possible),
        Told::Done => format!("{operation} cannot succeed"),
        Told::Refused => format!("{operation} must succeed"),
    }
}

/// Operations that may have happened, with their places.
pub(super) fn happened<O, A>(entries: &[Entry<O, A>]) -> impl Iterator<Item = (u32, &Entry<O, A>)> + Clone {
    (0..).zip(entries).filter(|(_, entry)| !entry.failed())
}

/// Operations that certainly did not happen, with their places.
pub(super) fn failed<O, A>(entries: &[Entry<O, A>]) -> impl Iterator<Item = (u32, &Entry<O, A>)> + Clone {
    (0..).zip(entries).filter(|(_, entry)| entry.failed())
}
