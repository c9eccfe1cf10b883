//! A log: values are appended, and all are read in their order.

use super::sequential::{Reason, Sequential, happened, must_be};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::operation::Value;

/// A log.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Log(pub Vec<Value>);

/// What is asked of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOperation {
    /// This value comes to its end.
    Append(Value),
    /// Tells all values.
    Read,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogAnswer {
    /// It is done.
    Done,
    /// All values, in order.
    Values(Vec<Value>),
}

impl fmt::Display for LogOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogOperation::Append(value) => write!(f, "append {value}"),
            LogOperation::Read => f.write_str("read"),
        }
    }
}

impl fmt::Display for LogAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogAnswer::Done => f.write_str("ok"),
            LogAnswer::Values(values) => {
                f.write_str("[")?;
                for (place, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if place == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
        }
    }
}

impl Sequential for Log {
    type Operation = LogOperation;
    type Answer = LogAnswer;

    fn apply(&mut self, operation: LogOperation) -> LogAnswer {
        match operation {
            LogOperation::Append(value) => {
                self.0.push(value);
                LogAnswer::Done
            }
            LogOperation::Read => LogAnswer::Values(self.0.clone()),
        }
    }

    fn only_looks(operation: LogOperation, _: &LogAnswer) -> bool {
        operation == LogOperation::Read
    }

    fn claim(operation: LogOperation, told: &LogAnswer, possible: &[LogAnswer]) -> String {
        must_be(&operation, told, possible)
    }

    /// A value was never appended, or not yet; or one is missing that was.
    fn reason(entries: &[Entry<LogOperation, LogAnswer>], stuck: u32, _: &[LogAnswer]) -> Option<Reason> {
        let stuck = &entries[stuck as usize];
        let Some(LogAnswer::Values(values)) = stuck.answer() else { return None };
        let appends = happened(entries).filter_map(|(place, entry)| match entry.operation {
            LogOperation::Append(value) => Some((place, entry, value)),
            LogOperation::Read => None,
        });
        for value in values {
            let of_it = appends.clone().filter(|(.., each)| each == value);
            if !of_it.clone().any(|(_, entry, _)| entry.called < stuck.end()) {
                let never = of_it.count() == 0;
                let why = if never { "was never appended" } else { "was appended only after it" };
                return Some(Reason::plain(format!("{value} {why}")));
            }
        }
        let missing =
            |(_, entry, value): &(u32, &Entry<_, _>, Value)| entry.end() < stuck.called && !values.contains(value);
        let (place, _, value) = appends.clone().find(missing)?;
        Some(Reason { text: format!("the append of {value} was done before it began"), because: Some(place) })
    }
}
