//! Registers: read, write, add, compare-and-set. A store is one for each key.

use super::sequential::{Reason, Sequential, claim, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use lightcone_engine::operation::{Answer, Operation, Value};

/// A register: reads, writes, additions, compare-and-set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register(pub Option<Value>);

impl Sequential for Register {
    type Operation = Operation;
    type Answer = Answer;

    fn apply(&mut self, operation: Operation) -> Answer {
        match operation {
            Operation::Read { .. } => return Answer::Value(self.0),
            Operation::Write { value, .. } => self.0 = Some(value),
            Operation::Add { amount, .. } => self.0 = Some(self.0.unwrap_or(0).wrapping_add(amount)),
            Operation::CompareAndSet { expected, value, .. } => {
                if self.0 != Some(expected) {
                    return Answer::Refused;
                }
                self.0 = Some(value);
            }
            Operation::Command { .. } => {}
        }
        Answer::Done
    }

    /// Each key is a part of its own.
    fn part(operation: Operation) -> u32 {
        operation.key().map_or(u32::MAX, |key| u32::from(key.0))
    }

    fn only_looks(_: Operation, told: &Answer) -> bool {
        *told != Answer::Done
    }

    fn claim(operation: Operation, told: &Answer, possible: &[Answer]) -> String {
        claim(&operation, *told, possible)
    }

    fn reason(entries: &[Entry<Operation, Answer>], stuck: u32, possible: &[Answer]) -> Option<Reason> {
        let part = Register::part(entries[stuck as usize].operation);
        let entries = happened(entries).filter(|(_, entry)| Register::part(entry.operation) == part);
        let seen = entries.map(|(place, entry)| Interval::of(place, entry, entry.operation));
        why(&seen.collect::<Vec<_>>(), stuck, possible)
    }
}

/// A register of a store whose keys have names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell<'a>(Register, PhantomData<&'a str>);

/// An operation on the register of this name. The key in it is none of the store's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Of the store's registers, this one.
    pub number: u32,
    /// The register's name in the store.
    pub name: &'a str,
    /// What is done to it.
    pub operation: Operation,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.operation {
            Operation::Read { .. } => write!(f, "read {name}"),
            Operation::Write { value, .. } => write!(f, "write {name} = {value}"),
            Operation::Add { amount, .. } => write!(f, "add {amount} to {name}"),
            Operation::CompareAndSet { expected, value, .. } => {
                write!(f, "compare-and-set {name}: {expected} to {value}")
            }
            Operation::Command { .. } => write!(f, "{}", self.operation),
        }
    }
}

impl<'a> Sequential for Cell<'a> {
    type Operation = Named<'a>;
    type Answer = Answer;

    fn apply(&mut self, operation: Named<'a>) -> Answer {
        self.0.apply(operation.operation)
    }

    fn part(operation: Named<'a>) -> u32 {
        operation.number
    }

    fn only_looks(_: Named<'a>, told: &Answer) -> bool {
        *told != Answer::Done
    }

    fn claim(operation: Named<'a>, told: &Answer, possible: &[Answer]) -> String {
        claim(&operation, *told, possible)
    }

    fn reason(entries: &[Entry<Named<'a>, Answer>], stuck: u32, possible: &[Answer]) -> Option<Reason> {
        let part = entries[stuck as usize].operation.number;
        let entries = happened(entries).filter(|(_, entry)| entry.operation.number == part);
        let seen = entries.map(|(place, entry)| Interval::of(place, entry, entry.operation.operation));
        why(&seen.collect::<Vec<_>>(), stuck, possible)
    }
}

/// An operation with its interval, from its call to its end: all that a reason needs.
struct Interval {
    place: u32,
    called: u32,
    /// The place at which it ended; [`u32::MAX`] if its completion is unknown.
    end: u32,
    operation: Operation,
    told: Option<Answer>,
}

impl Interval {
    fn of<O>(place: u32, entry: &Entry<O, Answer>, operation: Operation) -> Interval {
        Interval { place, called: entry.called, end: entry.end(), operation, told: entry.answer().copied() }
    }

    /// The value that it leaves, if it takes effect.
    fn leaves(&self) -> Option<Value> {
        match self.operation {
            Operation::Write { value, .. } => Some(value),
            Operation::CompareAndSet { value, .. } if self.told != Some(Answer::Refused) => Some(value),
            _ => None,
        }
    }

    /// The value that the register has when it takes effect; none if it does not say.
    fn finds(&self) -> Option<Option<Value>> {
        match (self.operation, self.told) {
            (Operation::Read { .. }, Some(Answer::Value(value))) => Some(value),
            (Operation::CompareAndSet { expected, .. }, Some(Answer::Done)) => Some(Some(expected)),
            _ => None,
        }
    }
}

/// Why `stuck` cannot find its value: it was never written, was written later, or was overwritten before. `all` are the
/// operations on the same register.
fn why(all: &[Interval], stuck: u32, possible: &[Answer]) -> Option<Reason> {
    let stuck = all.iter().find(|each| each.place == stuck)?;
    let found = stuck.finds()?;
    // Since when it can be gone: what left it is over. A register begins with nothing.
    let (mut written, mut gone) = (found.is_none(), None);
    for each in all.iter().filter(|each| each.place != stuck.place) {
        match each.operation {
            // What an addition leaves depends on what it finds.
            Operation::Add { .. } => return None,
            _ if each.leaves().is_none() || each.leaves() != found => {}
            _ if each.called < stuck.end => (written, gone) = (true, gone.max(Some(each.end))),
            _ => gone = gone.max(Some(0)),
        }
    }
    if !written {
        let value = found?;
        let why = if gone.is_some() { "was written only after it" } else { "was never written" };
        return Some(Reason::plain(format!("{value} {why}")));
    }
    let mut best: Option<((bool, bool, u32), &Interval, Value)> = None;
    for each in all.iter().filter(|each| each.end < stuck.called) {
        // A change to another value; or that somebody found one, whose every change came later.
        let (value, later) = match (each.leaves(), each.finds().flatten()) {
            (Some(value), _) => (value, gone < Some(each.called)),
            (None, Some(value)) => {
                let mut changes = all.iter().filter(|change| change.leaves() == Some(value));
                (value, changes.all(|change| gone < Some(change.called)))
            }
            (None, None) => continue,
        };
        let rank = (each.leaves().is_some(), possible.contains(&Answer::Value(Some(value))), each.end);
        if later && Some(value) != found && best.is_none_or(|(best, ..)| best < rank) {
            best = Some((rank, each, value));
        }
    }
    let (_, each, value) = best?;
    let what = match each.operation {
        Operation::Read { .. } => "read of",
        Operation::Write { .. } => "write of",
        _ => "change to",
    };
    Some(Reason { text: format!("the {what} {value} was done before it began"), because: Some(each.place) })
}
