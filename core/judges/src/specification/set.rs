//! A set: values are added, and all are read together.

use super::chain::Chain;
use super::foresight::{Foresight, Known};
use super::sequential::{Reason, Sequential, failed, happened, must_be};
use crate::datum::{several, shortened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{self, Display};
use core::hash::{Hash, Hasher};

/// A set, as the list of values that were added to it. Their order does not count.
#[derive(Clone, Debug)]
pub struct ValueSet<V: Copy + Ord + Hash>(pub Chain<V>);

/// An operation on a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperation<V> {
    /// Adds a value.
    Add(V),
    /// Gives all values.
    Read,
}

/// The answer of a set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAnswer<V> {
    /// The value is added.
    Done,
    /// All values, each once, sorted.
    Values(Vec<V>),
}

impl<V: Display> Display for SetOperation<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetOperation::Add(value) => write!(f, "add {value}"),
            SetOperation::Read => f.write_str("read"),
        }
    }
}

impl<V: Display> Display for SetAnswer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetAnswer::Done => f.write_str("ok"),
            SetAnswer::Values(values) => f.write_str(&shortened(&Listed(values))),
        }
    }
}

struct Listed<'a, V>(&'a [V]);

impl<V: Display> Display for Listed<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        several(f, "#{", self.0, "}")
    }
}

impl<V: Copy + Ord + Hash> ValueSet<V> {
    fn values(&self) -> Vec<V> {
        let mut all: Vec<V> = self.0.backwards().copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl<V: Copy + Ord + Hash> Default for ValueSet<V> {
    fn default() -> ValueSet<V> {
        ValueSet(Chain::default())
    }
}

/// A set to which a value was added twice differs from one to which it was added once. That only makes a search longer.
impl<V: Copy + Ord + Hash> PartialEq for ValueSet<V> {
    fn eq(&self, other: &ValueSet<V>) -> bool {
        self.0.len() == other.0.len() && self.0.loose_hash() == other.0.loose_hash() && self.cmp(other).is_eq()
    }
}

impl<V: Copy + Ord + Hash> Eq for ValueSet<V> {}

impl<V: Copy + Ord + Hash> PartialOrd for ValueSet<V> {
    fn partial_cmp(&self, other: &ValueSet<V>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<V: Copy + Ord + Hash> Ord for ValueSet<V> {
    fn cmp(&self, other: &ValueSet<V>) -> Ordering {
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        let sorted = |bunch: &ValueSet<V>| {
            let mut all = bunch.0.values();
            all.sort_unstable();
            all
        };
        sorted(self).cmp(&sorted(other))
    }
}

impl<V: Copy + Ord + Hash> Hash for ValueSet<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.loose_hash().hash(state);
    }
}

impl<V: Copy + Ord + Hash + Display> Sequential for ValueSet<V> {
    type Operation = SetOperation<V>;
    type Answer = SetAnswer<V>;
    type Foresight = SetForesight;

    fn apply(&mut self, operation: SetOperation<V>) -> SetAnswer<V> {
        match operation {
            SetOperation::Add(value) => {
                self.0.push(value);
                SetAnswer::Done
            }
            SetOperation::Read => SetAnswer::Values(self.values()),
        }
    }

    fn only_looks(operation: SetOperation<V>, _: &SetAnswer<V>) -> bool {
        operation == SetOperation::Read
    }

    fn claim(operation: SetOperation<V>, told: &SetAnswer<V>, possible: &[SetAnswer<V>]) -> String {
        must_be(&operation, told, possible)
    }

    /// A value was never added, or was added later; or a value is missing that had been added.
    fn reason(
        entries: &[Entry<SetOperation<V>, SetAnswer<V>>],
        stuck: u32,
        _: &[SetAnswer<V>],
        begins: &ValueSet<V>,
    ) -> Option<Reason> {
        let stuck = &entries[stuck as usize];
        let Some(SetAnswer::Values(values)) = stuck.answer() else { return None };
        let adds = happened(entries).filter_map(|(place, entry)| match entry.operation {
            SetOperation::Add(value) => Some((place, entry, value)),
            SetOperation::Read => None,
        });
        let mut in_time: Vec<V> =
            adds.clone().filter(|(_, entry, _)| entry.called < stuck.end()).map(|(.., value)| value).collect();
        in_time.extend(begins.values());
        in_time.sort_unstable();
        if let Some(value) = values.iter().find(|value| in_time.binary_search(value).is_err()) {
            let tried = failed(entries).find(|(_, entry)| entry.operation == SetOperation::Add(*value));
            return Some(match (adds.clone().any(|(.., each)| each == *value), tried) {
                (true, _) => Reason::plain(format!("{value} was added only after it")),
                (false, None) => Reason::never(format!("{value} was never added")),
                (false, Some((place, entry))) => {
                    let text = format!("the add of {value} by process {} had failed", entry.process);
                    Reason { because: Some(place), ..Reason::never(text) }
                }
            });
        }
        let lost = |(_, entry, value): &(u32, &Entry<_, _>, V)| {
            entry.end() < stuck.called && values.binary_search(value).is_err()
        };
        if let Some((place, _, value)) = adds.clone().find(lost) {
            return Some(Reason::after(format!("the add of {value} was done before it began"), Some(place)));
        }
        seen_before(entries, stuck, values)
    }
}

/// An earlier read had a value that this one lacks.
fn seen_before<V: Copy + Ord + Display>(
    entries: &[Entry<SetOperation<V>, SetAnswer<V>>],
    stuck: &Entry<SetOperation<V>, SetAnswer<V>>,
    values: &[V],
) -> Option<Reason> {
    let earlier = happened(entries).filter(|(_, entry)| entry.end() < stuck.called);
    let mut lost = earlier.filter_map(|(place, entry)| match entry.answer() {
        Some(SetAnswer::Values(all)) => {
            all.iter().find(|value| values.binary_search(value).is_err()).map(|value| (place, *value))
        }
        _ => None,
    });
    let (place, value) = lost.next()?;
    Some(Reason::after(format!("a read that told {value} was done before it began"), Some(place)))
}

/// The foresight of a set. Sets only grow, so a longer read is later. A value that is added must be in all later reads; if
/// it is, it may as well be added now.
#[derive(Clone, Debug)]
pub struct SetForesight {
    /// By operation: whether it is a read, and its level. The level of a read is its place among the reads, the shortest first;
    /// that of an addition is the level of the first read that has the value.
    levels: Vec<(bool, u32)>,
    /// By level: how many reads have yet to take effect.
    waiting: Vec<u32>,
    /// The first level with such a read; the number of levels if there is none.
    first: u32,
    /// Additions that took effect before a read that lacks their value.
    early: u32,
    /// A read that no order explains: it lacks a value of a shorter read, or has a value that is never added.
    astray: Option<u32>,
}

impl SetForesight {
    fn go_to_first(&mut self) {
        while self.waiting.get(self.first as usize) == Some(&0) {
            self.first += 1;
        }
    }

    fn level(&self, operation: u32) -> (bool, u32) {
        self.levels.get(operation as usize).copied().unwrap_or((false, 0))
    }
}

impl<V: Copy + Ord + Hash + Display> Foresight<ValueSet<V>> for SetForesight {
    fn of(operations: &[Known<'_, SetOperation<V>, SetAnswer<V>>], begins: &ValueSet<V>) -> SetForesight {
        let told = |place: usize| match operations[place].told {
            Some(SetAnswer::Values(values)) => Some(values),
            _ => None,
        };
        let mut reads: Vec<(usize, &Vec<V>)> =
            (0..operations.len()).filter_map(|place| told(place).map(|values| (place, values))).collect();
        reads.sort_by_key(|(_, values)| values.len());
        let begins = begins.values();
        // By value: the first level that has it.
        let mut firsts: Vec<(V, u32)> = begins.iter().map(|value| (*value, 0)).collect();
        let mut added: Vec<V> = begins.clone();
        added.extend(operations.iter().filter_map(|known| match known.operation {
            SetOperation::Add(value) => Some(value),
            SetOperation::Read => None,
        }));
        added.sort_unstable();
        let mut levels = vec![(false, reads.len() as u32); operations.len()];
        let (mut astray, mut before) = (None, &begins);
        for ((place, values), level) in reads.iter().zip(0..) {
            levels[*place] = (true, level);
            let lacks = before.iter().any(|value| values.binary_search(value).is_err());
            let invents = values.iter().any(|value| added.binary_search(value).is_err());
            if (lacks || invents) && astray.is_none() {
                astray = Some(*place as u32);
            }
            firsts
                .extend(values.iter().filter(|value| before.binary_search(value).is_err()).map(|each| (*each, level)));
            before = values;
        }
        firsts.sort_unstable();
        for (known, level) in operations.iter().zip(&mut levels) {
            if let SetOperation::Add(value) = known.operation {
                let place = firsts.partition_point(|(each, _)| *each < value);
                level.1 = firsts.get(place).filter(|(each, _)| *each == value).map_or(level.1, |(_, first)| *first);
            }
        }
        SetForesight { levels, waiting: vec![1; reads.len()], first: 0, early: 0, astray }
    }

    fn take(&mut self, operation: u32) {
        match self.level(operation) {
            (true, level) => {
                self.waiting[level as usize] -= 1;
                self.go_to_first();
            }
            (false, level) => self.early += u32::from(level > self.first),
        }
    }

    /// What was taken last is put back first, so the first level is as it was then.
    fn put_back(&mut self, operation: u32) {
        match self.level(operation) {
            (true, level) => {
                self.waiting[level as usize] += 1;
                self.first = self.first.min(level);
            }
            (false, level) => self.early -= u32::from(level > self.first),
        }
    }

    fn hopeless(&self, _: &ValueSet<V>) -> bool {
        self.early > 0 || self.astray.is_some()
    }

    fn certain(&self, operation: u32) -> bool {
        let (is_read, level) = self.level(operation);
        !is_read && level <= self.first
    }

    fn useless(&self, operation: u32) -> bool {
        let (is_read, level) = self.level(operation);
        is_read || level as usize == self.waiting.len()
    }

    fn unmet(&self, _: &ValueSet<V>) -> Option<u32> {
        self.astray
    }
}
