//! A counter: numbers are added to it, and the sum is read.

use super::foresight::{Foresight, Known};
use super::sequential::{Reason, Sequential, Told, claim, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::sorted_map::SortedMap;

/// A sum, which begins with 0. It is wide enough for every history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counter(pub i128);

/// An operation on a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterOperation {
    /// Adds an amount, which may be negative.
    Add(i64),
    /// Gives the sum.
    Read,
}

impl fmt::Display for CounterOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CounterOperation::Add(amount) => write!(f, "add {amount}"),
            CounterOperation::Read => f.write_str("read"),
        }
    }
}

impl Sequential for Counter {
    type Operation = CounterOperation;
    type Answer = Told<i128>;
    type Foresight = CounterForesight;

    fn apply(&mut self, operation: CounterOperation) -> Told<i128> {
        match operation {
            CounterOperation::Add(amount) => {
                self.0 = self.0.wrapping_add(amount.into());
                Told::Done
            }
            CounterOperation::Read => Told::Value(Some(self.0)),
        }
    }

    fn only_looks(operation: CounterOperation, _: &Told<i128>) -> bool {
        matches!(operation, CounterOperation::Read | CounterOperation::Add(0))
    }

    fn claim(operation: CounterOperation, told: &Told<i128>, possible: &[Told<i128>]) -> String {
        claim(&operation, *told, possible)
    }

    /// The sum is more than all additions give, or less.
    fn reason(
        entries: &[Entry<CounterOperation, Told<i128>>],
        stuck: u32,
        _: &[Told<i128>],
        begins: &Counter,
    ) -> Option<Reason> {
        let stuck = &entries[stuck as usize];
        let Some(Told::Value(Some(told))) = stuck.answer() else { return None };
        let (mut least, mut most) = (begins.0, begins.0);
        for (_, entry) in happened(entries).filter(|(_, entry)| entry.called < stuck.end()) {
            let CounterOperation::Add(amount) = entry.operation else { continue };
            let (amount, may_be_missing) = (i128::from(amount), entry.end() > stuck.called);
            least += if may_be_missing { amount.min(0) } else { amount };
            most += if may_be_missing { amount.max(0) } else { amount };
        }
        let text = if *told > most {
            format!("no more than {most} can have been added until then")
        } else if *told < least {
            format!("at least {least} had been added before it began")
        } else {
            return None;
        };
        Some(Reason::plain(text))
    }
}

/// The foresight of a counter: the amounts that are still to be added bound what later reads can find.
#[derive(Clone, Debug)]
pub struct CounterForesight {
    /// By operation: the amount that it adds, and the sum that it found if it is a read.
    does: Vec<(i128, Option<i128>)>,
    /// The sums of the positive and of the negative amounts that are still to be added.
    left: [i128; 2],
    /// By sum: how many later reads find it.
    told: SortedMap<i128, u32>,
}

impl Foresight<Counter> for CounterForesight {
    fn of(operations: &[Known<'_, CounterOperation, Told<i128>>], _: &Counter) -> CounterForesight {
        let mut foresight =
            CounterForesight { does: Vec::with_capacity(operations.len()), left: [0; 2], told: SortedMap::new() };
        for (known, number) in operations.iter().zip(0..) {
            foresight.does.push(match (known.operation, known.told) {
                (CounterOperation::Add(amount), _) => (amount.into(), None),
                (CounterOperation::Read, Some(Told::Value(told))) => (0, *told),
                _ => (0, None),
            });
            foresight.put_back(number);
        }
        foresight
    }

    fn take(&mut self, operation: u32) {
        let (amount, told) = self.does[operation as usize];
        self.left[usize::from(amount < 0)] -= amount;
        let Some(told) = told else { return };
        let count = self.told.or_insert(told, 0);
        *count -= 1;
        if *count == 0 {
            self.told.remove(&told);
        }
    }

    fn put_back(&mut self, operation: u32) {
        let (amount, told) = self.does[operation as usize];
        self.left[usize::from(amount < 0)] += amount;
        if let Some(told) = told {
            *self.told.or_insert(told, 0) += 1;
        }
    }

    fn hopeless(&self, state: &Counter) -> bool {
        let lowest = self.told.iter().next().map(|(told, _)| *told);
        let highest = self.told.last().map(|(told, _)| *told);
        lowest.is_some_and(|told| told < state.0 + self.left[1])
            || highest.is_some_and(|told| told > state.0 + self.left[0])
    }

    fn unmet(&self, state: &Counter) -> Option<u32> {
        let outside = |told: i128| told < state.0 + self.left[1] || told > state.0 + self.left[0];
        self.does.iter().position(|(_, told)| told.is_some_and(outside)).map(|place| place as u32)
    }
}
