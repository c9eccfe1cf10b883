//! A log: values are appended, and all are read in their order.

use super::chain::Chain;
use super::foresight::{Foresight, Known};
use super::sequential::{Reason, Sequential, failed, happened, must_be};
use crate::datum::{several, shortened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Display};
use core::hash::Hash;
use lightcone_engine::operation::Value;

/// A list of values that is appended to and read as a whole; it begins empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Log<V: Copy + Ord + Hash = Value>(pub Chain<V>);

impl<V: Copy + Ord + Hash> Default for Log<V> {
    fn default() -> Log<V> {
        Log(Chain::default())
    }
}

/// What is asked of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOperation<V = Value> {
    /// This value comes to its end.
    Append(V),
    /// Tells all values.
    Read,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogAnswer<V = Value> {
    /// It is done.
    Done,
    /// All values, in order.
    Values(Vec<V>),
}

impl<V: Display> Display for LogOperation<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogOperation::Append(value) => write!(f, "append {value}"),
            LogOperation::Read => f.write_str("read"),
        }
    }
}

impl<V: Display> Display for LogAnswer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogAnswer::Done => f.write_str("ok"),
            LogAnswer::Values(values) => f.write_str(&shortened(&Listed(values))),
        }
    }
}

struct Listed<'a, V>(&'a [V]);

impl<V: Display> Display for Listed<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        several(f, "[", self.0, "]")
    }
}

impl<V: Copy + Ord + Hash + Display> Sequential for Log<V> {
    type Operation = LogOperation<V>;
    type Answer = LogAnswer<V>;
    type Foresight = LogForesight<V>;

    fn apply(&mut self, operation: LogOperation<V>) -> LogAnswer<V> {
        match operation {
            LogOperation::Append(value) => {
                self.0.push(value);
                LogAnswer::Done
            }
            LogOperation::Read => LogAnswer::Values(self.0.values()),
        }
    }

    fn only_looks(operation: LogOperation<V>, _: &LogAnswer<V>) -> bool {
        operation == LogOperation::Read
    }

    fn claim(operation: LogOperation<V>, told: &LogAnswer<V>, possible: &[LogAnswer<V>]) -> String {
        must_be(&operation, told, possible)
    }

    /// A value was never appended, or was appended later; or a value is missing that had been appended.
    fn reason(
        entries: &[Entry<LogOperation<V>, LogAnswer<V>>],
        stuck: u32,
        _: &[LogAnswer<V>],
        begins: &Log<V>,
    ) -> Option<Reason> {
        let stuck = &entries[stuck as usize];
        let Some(LogAnswer::Values(values)) = stuck.answer() else { return None };
        let appends = happened(entries).filter_map(|(place, entry)| match entry.operation {
            LogOperation::Append(value) => Some((place, entry, value)),
            LogOperation::Read => None,
        });
        let mut in_time: Vec<V> =
            appends.clone().filter(|(_, entry, _)| entry.called < stuck.end()).map(|(.., value)| value).collect();
        in_time.extend(begins.0.backwards().copied());
        in_time.sort_unstable();
        if let Some(value) = values.iter().find(|value| in_time.binary_search(value).is_err()) {
            let tried = failed(entries).find(|(_, entry)| entry.operation == LogOperation::Append(*value));
            return Some(match (appends.clone().any(|(.., each)| each == *value), tried) {
                (true, _) => Reason::plain(format!("{value} was appended only after it")),
                (false, None) => Reason::never(format!("{value} was never appended")),
                (false, Some((place, entry))) => {
                    let text = format!("the append of {value} by process {} had failed", entry.process);
                    Reason { because: Some(place), ..Reason::never(text) }
                }
            });
        }
        let mut told = values.clone();
        told.sort_unstable();
        let missing = |(_, entry, value): &(u32, &Entry<_, _>, V)| {
            entry.end() < stuck.called && told.binary_search(value).is_err()
        };
        let (place, _, value) = appends.clone().find(missing)?;
        Some(Reason::after(format!("the append of {value} was done before it began"), Some(place)))
    }
}

/// The foresight of a log: every read finds a prefix of what a longer read finds, and the log is a prefix of what later reads
/// find.
#[derive(Clone, Debug)]
pub struct LogForesight<V> {
    /// The values of the longest read.
    longest: Vec<V>,
    /// By number of values: how many reads that find so many have yet to take effect.
    waiting: Vec<u32>,
    /// By operation: the number of values that it finds, if it is a read.
    lengths: Vec<Option<u32>>,
    /// A read that does not find a prefix of the longest read.
    astray: Option<u32>,
}

impl<V: Copy + Ord + Hash + Display> Foresight<Log<V>> for LogForesight<V> {
    fn of(operations: &[Known<'_, LogOperation<V>, LogAnswer<V>>], begins: &Log<V>) -> LogForesight<V> {
        let begins = begins.0.values();
        let told = |known: &Known<'_, LogOperation<V>, LogAnswer<V>>| match known.told {
            Some(LogAnswer::Values(values)) => values.clone(),
            _ => Vec::new(),
        };
        let longest = operations.iter().map(told).max_by_key(Vec::len).unwrap_or_default();
        let mut waiting = vec![0; longest.len() + 1];
        let mut lengths = Vec::with_capacity(operations.len());
        let mut astray = None;
        for (known, number) in operations.iter().zip(0..) {
            lengths.push(match known.told {
                Some(LogAnswer::Values(values)) => {
                    if !longest.starts_with(values) || !values.starts_with(&begins) {
                        astray = Some(number);
                    }
                    waiting[values.len()] += 1;
                    Some(values.len() as u32)
                }
                _ => None,
            });
        }
        LogForesight { longest, waiting, lengths, astray }
    }

    fn take(&mut self, operation: u32) {
        if let Some(Some(length)) = self.lengths.get(operation as usize) {
            self.waiting[*length as usize] -= 1;
        }
    }

    fn put_back(&mut self, operation: u32) {
        if let Some(Some(length)) = self.lengths.get(operation as usize) {
            self.waiting[*length as usize] += 1;
        }
    }

    /// Values stay on the log, so reads of shorter logs must be over, and the last value must be that of the longest read.
    fn hopeless(&self, state: &Log<V>) -> bool {
        let length = state.0.len();
        let early = self.waiting.iter().take(length).any(|count| *count > 0);
        let still = self.waiting.iter().skip(length).any(|count| *count > 0);
        let other = || state.0.last().is_some_and(|last| self.longest.get(length - 1) != Some(last));
        self.astray.is_some() || early || still && other()
    }

    fn unmet(&self, _: &Log<V>) -> Option<u32> {
        self.astray
    }
}
