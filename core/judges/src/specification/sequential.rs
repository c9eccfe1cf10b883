//! A sequential specification, and how it says what is wrong.

use crate::history::Entry;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::hash::Hash;
use lightcone_engine::operation::Answer;

/// A sequential specification: a state, and what operations do to it one after the other.
pub trait Sequential: Clone + Ord + Hash + Default {
    /// What is asked.
    type Operation: Copy;
    /// What is told.
    type Answer: Clone + Ord;

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

    /// What is wrong, as the beginning of a sentence: "read x = 1 must be 2". `possible` is what could have been told, in
    /// order.
    fn claim(operation: Self::Operation, told: &Self::Answer, possible: &[Self::Answer]) -> String;

    /// Why the answer of `stuck` cannot be, if one operation or its absence is reason enough.
    fn reason(_: &[Entry<Self::Operation, Self::Answer>], _stuck: u32, _possible: &[Self::Answer]) -> Option<Reason> {
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
    /// The operation that it names, if that one was done before.
    pub because: Option<u32>,
}

impl Reason {
    pub(super) fn plain(text: String) -> Reason {
        Reason { text, because: None }
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

/// The same, of what is told in the vocabulary of runs.
pub(crate) fn claim(operation: &dyn Display, told: Answer, possible: &[Answer]) -> String {
    match told {
        Answer::Value(_) => must_be(operation, &told, possible),
        Answer::Done => format!("{operation} cannot succeed"),
        Answer::Refused => format!("{operation} must succeed"),
    }
}

/// Operations that may have happened, with their places.
pub(super) fn happened<O, A>(entries: &[Entry<O, A>]) -> impl Iterator<Item = (u32, &Entry<O, A>)> + Clone {
    (0..).zip(entries).filter(|(_, entry)| !entry.failed())
}
