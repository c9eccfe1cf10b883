//! Registers: read, write, add, compare-and-set. A store is one for each key.

use super::{Reason, Sequential, claim, happened};
use crate::linearizability::history::Entry;
use crate::operation::{Answer, Operation, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

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

    /// One a key.
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
        let seen = entries.map(|(place, entry)| Seen::of(place, entry, entry.operation));
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
    /// Its name.
    pub name: &'a str,
    /// What.
    pub operation: Operation,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match self.operation {
            Operation::Read { .. } => write!(f, "read {name}"),
            Operation::Write { value, .. } => write!(f, "write {name} = {value}"),
            Operation::Add { amount, .. } => write!(f, "add {amount} to {name}"),
            Operation::CompareAndSet { expected, value, .. } => write!(f, "set {name} from {expected} to {value}"),
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
        let seen = entries.map(|(place, entry)| Seen::of(place, entry, entry.operation.operation));
        why(&seen.collect::<Vec<_>>(), stuck, possible)
    }
}

/// An operation, as far as reasons go.
struct Seen {
    place: u32,
    called: u32,
    /// When it was over; never, if nobody knows.
    end: u32,
    operation: Operation,
    told: Option<Answer>,
}

impl Seen {
    fn of<O>(place: u32, entry: &Entry<O, Answer>, operation: Operation) -> Seen {
        Seen { place, called: entry.called, end: entry.end(), operation, told: entry.answer().copied() }
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

/// Why what `stuck` finds cannot be there: it never was, not yet, or no more. `all` are the operations on its register.
fn why(all: &[Seen], stuck: u32, possible: &[Answer]) -> Option<Reason> {
    // What an addition leaves depends on what it finds.
    if all.iter().any(|each| matches!(each.operation, Operation::Add { .. })) {
        return None;
    }
    let stuck = all.iter().find(|each| each.place == stuck)?;
    let found = stuck.finds()?;
    let source =
        |value: Value| all.iter().filter(move |each| each.leaves() == Some(value) && each.place != stuck.place);
    // The register begins with nothing; since when the value was gone once what left it is over.
    let mut gone_after = None;
    if let Some(found) = found {
        let last = source(found).filter(|each| each.called < stuck.end).map(|each| each.end).max();
        let Some(last) = last else {
            let never = source(found).next().is_none();
            let text = if never { format!("{found} was never written") } else { later(source(found), found) };
            return Some(Reason::plain(text));
        };
        gone_after = Some(last);
    }
    let follows = |each: &Seen| gone_after.is_none_or(|gone| gone < each.called);
    let done_before = |each: &&Seen| each.end < stuck.called;
    let writes = all.iter().filter(done_before).filter(|each| each.told == Some(Answer::Done));
    let writes = writes.filter_map(|each| Some((each, each.leaves()?)));
    let reads = all.iter().filter(done_before).filter_map(|each| Some((each, each.finds()??)));
    let wrote = writes.filter(|(each, value)| Some(*value) != found && follows(each));
    let read = reads.filter(|(_, value)| Some(*value) != found && source(*value).all(follows));
    let wanted = |(each, value): &(&Seen, Value)| (possible.contains(&Answer::Value(Some(*value))), each.end);
    let (each, value) = wrote.max_by_key(wanted).or_else(|| read.max_by_key(wanted))?;
    let what = match each.operation {
        Operation::Read { .. } => "read of",
        Operation::Write { .. } => "write of",
        _ if each.leaves() == Some(value) => "change to",
        _ => "change from",
    };
    let text = format!("the {what} {value} was done before it began");
    Some(Reason { text, because: Some(each.place) })
}

fn later<'a>(mut sources: impl Iterator<Item = &'a Seen>, value: Value) -> String {
    let change = sources.any(|each| !matches!(each.operation, Operation::Write { .. }));
    format!("the {} {value} began only after it", if change { "change to" } else { "write of" })
}
