//! Registers of a recorded history, whose keys have names and whose values are anything.

use super::foresight::{Foresight, Known, ValueForesight};
use super::register::{Does, Interval, value_foresight, why};
use super::sequential::{Reason, Sequential, Told, claim, failed, happened};
use super::term::Term;
use crate::history::Entry;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A register of a store whose keys have names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell<'a>(pub Option<Term<'a>>);

/// An operation on such a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellOperation<'a> {
    /// Gives the value.
    Read,
    /// Sets the value.
    Write(Option<Term<'a>>),
    /// Adds to the value, which must be an integer or nothing; nothing counts as 0.
    Add(i64),
    /// Sets the second value if the register has the first.
    CompareAndSet(Option<Term<'a>>, Option<Term<'a>>),
}

/// An operation on the register of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// The number of the register in the store.
    pub number: u32,
    /// The register's name in the store.
    pub name: &'a str,
    /// What is done to it.
    pub operation: CellOperation<'a>,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        let show = Told::Value;
        match self.operation {
            CellOperation::Read => write!(f, "read {name}"),
            CellOperation::Write(value) => write!(f, "write {name} = {}", show(value)),
            CellOperation::Add(amount) => write!(f, "add {amount} to {name}"),
            CellOperation::CompareAndSet(expected, value) => {
                write!(f, "compare-and-set {name}: {} to {}", show(expected), show(value))
            }
        }
    }
}

impl<'a> Sequential for Cell<'a> {
    type Operation = Named<'a>;
    type Answer = Told<Term<'a>>;
    type Foresight = ValueForesight<Option<Term<'a>>>;

    fn apply(&mut self, operation: Named<'a>) -> Told<Term<'a>> {
        match operation.operation {
            CellOperation::Read => return Told::Value(self.0),
            CellOperation::Write(value) => self.0 = value,
            CellOperation::Add(amount) => match self.0.unwrap_or(Term::Number(0)) {
                Term::Number(number) => self.0 = Some(Term::Number(number.wrapping_add(amount))),
                Term::Other { .. } => return Told::Refused,
            },
            CellOperation::CompareAndSet(expected, value) => {
                if self.0 != expected {
                    return Told::Refused;
                }
                self.0 = value;
            }
        }
        Told::Done
    }

    fn part(operation: Named<'a>) -> u32 {
        operation.number
    }

    fn only_looks(_: Named<'a>, told: &Told<Term<'a>>) -> bool {
        *told != Told::Done
    }

    fn claim(operation: Named<'a>, told: &Told<Term<'a>>, possible: &[Told<Term<'a>>]) -> String {
        claim(&operation, *told, possible)
    }

    fn reason(
        entries: &[Entry<Named<'a>, Told<Term<'a>>>],
        stuck: u32,
        possible: &[Told<Term<'a>>],
        begins: &Cell<'a>,
    ) -> Option<Reason> {
        let part = entries[stuck as usize].operation.number;
        let seen = |(place, entry): (u32, &Entry<Named<'a>, Told<Term<'a>>>)| {
            (entry.operation.number == part).then(|| Interval {
                place,
                process: entry.process,
                called: entry.called,
                end: entry.end(),
                does: does(entry.operation.operation),
                told: entry.answer().copied(),
            })
        };
        let all: Vec<_> = happened(entries).filter_map(seen).collect();
        let failed: Vec<_> = failed(entries).filter_map(seen).collect();
        why(&all, &failed, stuck, |value| possible.contains(&Told::Value(Some(value))), begins.0)
    }
}

fn does(operation: CellOperation<'_>) -> Does<Term<'_>> {
    match operation {
        CellOperation::Read => Does::Read,
        CellOperation::Write(value) => Does::Write(value),
        CellOperation::Add(_) => Does::Add,
        CellOperation::CompareAndSet(expected, value) => Does::CompareAndSet { expected, value },
    }
}

impl<'a> Foresight<Cell<'a>> for ValueForesight<Option<Term<'a>>> {
    fn of(operations: &[Known<'_, Named<'a>, Told<Term<'a>>>], _: &Cell<'a>) -> Self {
        let seen = operations.iter().map(|each| Interval {
            place: 0,
            process: 0,
            called: each.called,
            end: each.end,
            does: does(each.operation.operation),
            told: each.told.copied(),
        });
        value_foresight(seen, (i64::MIN..).map(Term::Number), <[_]>::sort_unstable)
    }
    fn take(&mut self, operation: u32) {
        ValueForesight::take(self, operation);
    }
    fn put_back(&mut self, operation: u32) {
        ValueForesight::put_back(self, operation);
    }
    fn hopeless(&self, state: &Cell<'a>) -> bool {
        ValueForesight::hopeless(self, &state.0)
    }
    fn canonical(&self, state: &Cell<'a>) -> Cell<'a> {
        Cell(ValueForesight::canonical(self, &state.0))
    }
    fn forgets(&self, state: &Cell<'a>) -> bool {
        ValueForesight::forgets(self, &state.0)
    }
    fn useless(&self, operation: u32) -> bool {
        ValueForesight::useless(self, operation)
    }
    fn unmet(&self, state: &Cell<'a>) -> Option<u32> {
        self.first_unmet(&state.0)
    }
}
