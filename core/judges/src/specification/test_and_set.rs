//! A bit that is set and told what it was, in one step.

use super::sequential::{Reason, Sequential, claim, happened};
use crate::history::Entry;
use alloc::string::String;
use core::fmt;
use lightcone_engine::operation::Answer;

/// A bit that can be set and read in one step; it begins unset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestAndSet(pub bool);

/// What is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestAndSetOperation {
    /// It is 1 from now on; tells what it was.
    TestAndSet,
    /// It is 0 from now on.
    Reset,
    /// Tells what it is.
    Read,
}

impl fmt::Display for TestAndSetOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TestAndSetOperation::TestAndSet => "test-and-set",
            TestAndSetOperation::Reset => "reset",
            TestAndSetOperation::Read => "read",
        })
    }
}

impl Sequential for TestAndSet {
    type Operation = TestAndSetOperation;
    type Answer = Answer;
    type Foresight = ();

    fn apply(&mut self, operation: TestAndSetOperation) -> Answer {
        let before = Answer::Value(Some(i32::from(self.0)));
        match operation {
            TestAndSetOperation::TestAndSet => self.0 = true,
            TestAndSetOperation::Reset => {
                self.0 = false;
                return Answer::Done;
            }
            TestAndSetOperation::Read => {}
        }
        before
    }

    fn only_looks(operation: TestAndSetOperation, told: &Answer) -> bool {
        operation == TestAndSetOperation::Read || *told == Answer::Value(Some(1))
    }

    fn claim(operation: TestAndSetOperation, told: &Answer, possible: &[Answer]) -> String {
        claim::<i32>(&operation, *told, possible)
    }

    /// Told 0, when it had been set before and nobody reset it; told 1, when nobody had set it.
    fn reason(
        entries: &[Entry<TestAndSetOperation, Answer>],
        stuck: u32,
        _: &[Answer],
        begins: &TestAndSet,
    ) -> Option<Reason> {
        let (place, stuck) = (stuck, &entries[stuck as usize]);
        let asked = |what: TestAndSetOperation| {
            happened(entries).filter(move |(other, entry)| *other != place && entry.operation == what)
        };
        if stuck.answer() != Some(&Answer::Value(Some(0))) {
            let early = asked(TestAndSetOperation::TestAndSet).any(|(_, entry)| entry.called < stuck.end());
            return (!early && !begins.0).then(|| Reason::plain("nobody had set it".into()));
        }
        let stays = |set: &Entry<TestAndSetOperation, Answer>| {
            let undone =
                |entry: &Entry<TestAndSetOperation, Answer>| entry.end() > set.called && entry.called < stuck.end();
            set.end() < stuck.called && !asked(TestAndSetOperation::Reset).any(|(_, entry)| undone(entry))
        };
        let (place, _) = asked(TestAndSetOperation::TestAndSet).find(|(_, entry)| stays(entry))?;
        Some(Reason::after("a test-and-set was done before it began".into(), Some(place)))
    }
}
