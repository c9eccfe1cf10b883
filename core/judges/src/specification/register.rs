//! Registers: read, write, add, compare-and-set. A store is one for each key.

use super::foresight::{Effect, Foresight, Known, ValueForesight};
use super::sequential::{Reason, Sequential, Told, claim, failed, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Display;
use lightcone_engine::operation::{Answer, Operation, Value};
use lightcone_engine::sorted_map::insertion_sort;

/// A register: reads, writes, additions, compare-and-set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register(pub Option<Value>);

impl Sequential for Register {
    type Operation = Operation;
    type Answer = Answer;
    type Foresight = ValueForesight<Option<Value>>;

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
        claim::<Value>(&operation, *told, possible)
    }

    fn reason(
        entries: &[Entry<Operation, Answer>],
        stuck: u32,
        possible: &[Answer],
        begins: &Register,
    ) -> Option<Reason> {
        let part = Register::part(entries[stuck as usize].operation);
        let seen = |(place, entry): (u32, &Entry<Operation, Answer>)| {
            (Register::part(entry.operation) == part).then(|| Interval::of_run(place, entry))
        };
        let all: Vec<_> = happened(entries).filter_map(seen).collect();
        let failed: Vec<_> = failed(entries).filter_map(seen).collect();
        let could_be = |value| possible.contains(&Answer::Value(Some(value)));
        // A run's clients have names of their own, and what failed is not shown.
        let reason = why(&all, &failed, stuck, could_be, begins.0)?;
        let because = reason.because.filter(|place| !entries[*place as usize].failed());
        Some(Reason { because, ..reason })
    }
}

impl Foresight<Register> for ValueForesight<Option<Value>> {
    fn of(operations: &[Known<'_, Operation, Answer>], _: &Register) -> ValueForesight<Option<Value>> {
        let seen = operations.iter().map(|each| Interval {
            place: 0,
            process: 0,
            called: each.called,
            end: each.end,
            does: Does::of_run(each.operation),
            told: each.told.map(|told| Told::from(*told)),
        });
        // Runs are short, and the page is small.
        value_foresight(seen, Value::MIN.., insertion_sort)
    }
    fn take(&mut self, operation: u32) {
        ValueForesight::take(self, operation);
    }
    fn put_back(&mut self, operation: u32) {
        ValueForesight::put_back(self, operation);
    }
    fn hopeless(&self, state: &Register) -> bool {
        ValueForesight::hopeless(self, &state.0)
    }
    fn canonical(&self, state: &Register) -> Register {
        Register(ValueForesight::canonical(self, &state.0))
    }
    fn forgets(&self, state: &Register) -> bool {
        ValueForesight::forgets(self, &state.0)
    }
    fn useless(&self, operation: u32) -> bool {
        ValueForesight::useless(self, operation)
    }
    fn unmet(&self, state: &Register) -> Option<u32> {
        self.first_unmet(&state.0)
    }
}

/// What operations on a register do, as far as reasons go.
#[derive(Clone, Copy)]
pub(super) enum Does<V> {
    Read,
    Write(Option<V>),
    /// What it leaves depends on what it finds.
    Add,
    CompareAndSet {
        expected: Option<V>,
        value: Option<V>,
    },
    Nothing,
}

impl Does<Value> {
    fn of_run(operation: Operation) -> Does<Value> {
        match operation {
            Operation::Read { .. } => Does::Read,
            Operation::Write { value, .. } => Does::Write(Some(value)),
            Operation::Add { .. } => Does::Add,
            Operation::CompareAndSet { expected, value, .. } => {
                Does::CompareAndSet { expected: Some(expected), value: Some(value) }
            }
            Operation::Command { .. } => Does::Nothing,
        }
    }
}

/// An operation on a register, as far as reasons go.
pub(super) struct Interval<V> {
    pub place: u32,
    pub process: u32,
    pub called: u32,
    /// When it was over; never, if nobody knows.
    pub end: u32,
    pub does: Does<V>,
    pub told: Option<Told<V>>,
}

impl Interval<Value> {
    fn of_run(place: u32, entry: &Entry<Operation, Answer>) -> Interval<Value> {
        let (does, told) = (Does::of_run(entry.operation), entry.answer().map(|told| Told::from(*told)));
        Interval { place, process: entry.process, called: entry.called, end: entry.end(), does, told }
    }
}

impl<V: Copy + PartialEq> Interval<V> {
    /// The value that it leaves, if it takes effect.
    fn leaves(&self) -> Option<Option<V>> {
        match self.does {
            Does::Write(value) => Some(value),
            Does::CompareAndSet { value, .. } if self.told != Some(Told::Refused) => Some(value),
            _ => None,
        }
    }

    /// The value that the register has when it takes effect; none if it does not say.
    fn finds(&self) -> Option<Option<V>> {
        match (self.does, self.told) {
            (Does::Read, Some(Told::Value(value))) => Some(value),
            (Does::CompareAndSet { expected, .. }, Some(Told::Done)) => Some(expected),
            _ => None,
        }
    }
}

/// What is known ahead of these operations on one register.
pub(super) fn value_foresight<V: Copy + Ord>(
    all: impl Iterator<Item = Interval<V>>,
    others: impl Iterator<Item = V>,
    sort: impl FnOnce(&mut [Option<V>]),
) -> ValueForesight<Option<V>> {
    let mut effects = Vec::new();
    for each in all {
        if matches!(each.does, Does::Add) {
            return ValueForesight::unknown();
        }
        // What must not be there can be any other value.
        let vague = each.told == Some(Told::Refused);
        let may_find = match each.does {
            Does::CompareAndSet { expected, .. } => Some(expected),
            _ => None,
        };
        effects.push(Effect { finds: each.finds(), may_find, leaves: each.leaves(), vague });
    }
    ValueForesight::of_effects(&effects, others.map(Some), sort)
}

/// Why what `stuck` finds cannot be there: it never was, not yet, or no more. `all` are the operations on its register
/// that may have happened, `failed` those that did not.
pub(super) fn why<V: Copy + PartialEq + Display>(
    all: &[Interval<V>],
    failed: &[Interval<V>],
    stuck: u32,
    could_be: impl Fn(V) -> bool,
    begins: Option<V>,
) -> Option<Reason> {
    let stuck = all.iter().find(|each| each.place == stuck)?;
    let found = stuck.finds()?;
    // Since when it can be gone: what left it is over.
    let (mut written, mut gone) = (found == begins, None);
    for each in all.iter().filter(|each| each.place != stuck.place) {
        match each.does {
            Does::Add => return None,
            _ if each.leaves() != Some(found) => {}
            _ if each.called < stuck.end => (written, gone) = (true, gone.max(Some(each.end))),
            _ => gone = gone.max(Some(0)),
        }
    }
    if !written {
        return Some(never(found?, gone.is_some(), failed));
    }
    let each = overwritten(all, stuck, found, gone, could_be)?;
    let what = match each.does {
        Does::Read => "read of",
        Does::Write(_) => "write of",
        _ => "change to",
    };
    let value = each.leaves().or_else(|| each.finds())?;
    let text = match value {
        Some(value) => format!("the {what} {value} was done before it began"),
        None => format!("the {what} nothing was done before it began"),
    };
    Some(Reason::after(text, Some(each.place)))
}

/// That nobody wrote the value, or only later; or who tried.
fn never<V: Copy + PartialEq + Display>(value: V, later: bool, failed: &[Interval<V>]) -> Reason {
    if later {
        return Reason::plain(format!("{value} was written only after it"));
    }
    let Some(tried) = failed.iter().find(|each| each.leaves() == Some(Some(value))) else {
        return Reason::never(format!("{value} was never written"));
    };
    let what = if matches!(tried.does, Does::Write(_)) { "write of" } else { "change to" };
    let text = format!("the {what} {value} by process {} had failed", tried.process);
    Reason { because: Some(tried.place), ..Reason::never(text) }
}

/// What was over before `stuck` began, and shows that the value `found` was gone.
fn overwritten<'a, V: Copy + PartialEq>(
    all: &'a [Interval<V>],
    stuck: &Interval<V>,
    found: Option<V>,
    gone: Option<u32>,
    could_be: impl Fn(V) -> bool,
) -> Option<&'a Interval<V>> {
    // How good a reason it is: that somebody changed it, to what it could be, and how late.
    type Ranked<'a, V> = ((bool, bool, u32), &'a Interval<V>);
    let mut best: Option<Ranked<'_, V>> = None;
    for each in all.iter().filter(|each| each.end < stuck.called) {
        // A change to another value; or that somebody found one, whose every change came later.
        let (value, later) = match (each.leaves(), each.finds()) {
            (Some(value), _) => (value, gone < Some(each.called)),
            (None, Some(Some(value))) => {
                let mut changes = all.iter().filter(|change| change.leaves() == Some(Some(value)));
                (Some(value), changes.all(|change| gone < Some(change.called)))
            }
            (None, _) => continue,
        };
        let rank = (each.leaves().is_some(), value.is_some_and(&could_be), each.end);
        if later && value != found && best.is_none_or(|(best, _)| best < rank) {
            best = Some((rank, each));
        }
    }
    best.map(|(_, each)| each)
}
