//! A queue: first in, first out.

use super::sequential::{Reason, Sequential, claim, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::operation::{Answer, Value};

/// A queue; its front comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Queue(pub Vec<Value>);

/// What is asked of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOperation {
    /// This value comes to its end.
    Enqueue(Value),
    /// Its front is taken off, and told; nothing, if it is empty.
    Dequeue,
}

impl fmt::Display for QueueOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueueOperation::Enqueue(value) => write!(f, "enqueue {value}"),
            QueueOperation::Dequeue => f.write_str("dequeue"),
        }
    }
}

impl Sequential for Queue {
    type Operation = QueueOperation;
    type Answer = Answer;

    fn apply(&mut self, operation: QueueOperation) -> Answer {
        match operation {
            QueueOperation::Enqueue(value) => {
                self.0.push(value);
                Answer::Done
            }
            QueueOperation::Dequeue if self.0.is_empty() => Answer::Value(None),
            QueueOperation::Dequeue => Answer::Value(Some(self.0.remove(0))),
        }
    }

    fn only_looks(_: QueueOperation, told: &Answer) -> bool {
        *told == Answer::Value(None)
    }

    fn claim(operation: QueueOperation, told: &Answer, possible: &[Answer]) -> String {
        claim(&operation, *told, possible)
    }

    /// The value was never there, not yet, or was taken off before.
    fn reason(entries: &[Entry<QueueOperation, Answer>], stuck: u32, _: &[Answer]) -> Option<Reason> {
        let (place, stuck) = (stuck, &entries[stuck as usize]);
        let Some(Answer::Value(Some(value))) = stuck.answer() else { return None };
        let enqueues = happened(entries).filter(|(_, entry)| entry.operation == QueueOperation::Enqueue(*value));
        let in_time = enqueues.clone().filter(|(_, entry)| entry.called < stuck.end()).count();
        if in_time == 0 {
            let never = enqueues.count() == 0;
            let why = if never { "was never enqueued" } else { "was enqueued only after it" };
            return Some(Reason::plain(format!("{value} {why}")));
        }
        let others = happened(entries)
            .filter(|(other, entry)| *other != place && entry.end() < stuck.called && entry.answer() == stuck.answer());
        (others.clone().count() >= in_time).then(|| Reason {
            text: format!("the dequeue of {value} was done before it began"),
            because: others.last().map(|(other, _)| other),
        })
    }
}
