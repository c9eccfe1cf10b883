//! A lock: whoever has it keeps it until it gives it back.

use super::sequential::{Reason, Sequential, claim, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use core::fmt;
use lightcone_engine::operation::Answer;

/// A lock, with the process that has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock(pub Option<u32>);

/// What a process asks of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockOperation {
    /// It takes the lock; refused while somebody has it, itself included.
    Acquire(u32),
    /// It gives the lock back; refused unless it has it.
    Release(u32),
}

impl fmt::Display for LockOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockOperation::Acquire(process) => write!(f, "acquire by {process}"),
            LockOperation::Release(process) => write!(f, "release by {process}"),
        }
    }
}

impl Sequential for Lock {
    type Operation = LockOperation;
    type Answer = Answer;
    type Foresight = ();

    fn apply(&mut self, operation: LockOperation) -> Answer {
        let (before, after) = match operation {
            LockOperation::Acquire(process) => (None, Some(process)),
            LockOperation::Release(process) => (Some(process), None),
        };
        if self.0 != before {
            return Answer::Refused;
        }
        self.0 = after;
        Answer::Done
    }

    fn only_looks(_: LockOperation, told: &Answer) -> bool {
        *told != Answer::Done
    }

    fn claim(operation: LockOperation, told: &Answer, possible: &[Answer]) -> String {
        claim::<i32>(&operation, *told, possible)
    }

    /// Somebody else had it all the time.
    fn reason(entries: &[Entry<LockOperation, Answer>], stuck: u32, _: &[Answer], _: &Lock) -> Option<Reason> {
        let stuck = &entries[stuck as usize];
        let (LockOperation::Acquire(_), Some(Answer::Done)) = (stuck.operation, stuck.answer()) else { return None };
        let keeps = |acquired: &Entry<LockOperation, Answer>| {
            let LockOperation::Acquire(owner) = acquired.operation else { return false };
            let releases = |entry: &Entry<LockOperation, Answer>| {
                matches!(entry.operation, LockOperation::Release(by) if by == owner)
                    && entry.end() > acquired.called
                    && entry.called < stuck.end()
            };
            acquired.answer() == Some(&Answer::Done)
                && acquired.end() < stuck.called
                && !happened(entries).any(|(_, entry)| releases(entry))
        };
        let (place, holder) = happened(entries).find(|(_, entry)| keeps(entry))?;
        let LockOperation::Acquire(owner) = holder.operation else { return None };
        let text = format!("process {owner} acquired it before and did not release it");
        Some(Reason::after(text, Some(place)))
    }
}
