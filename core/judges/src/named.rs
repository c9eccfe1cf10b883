//! Histories in the words of a text, and the types of object that give these words a meaning, by name.

use super::check::{Verdict, linearizable, sequentially_consistent};
use super::datum::Datum;
use super::history::{Completion, Entry, History};
use super::specification::{
    Cell, Lock, LockOperation, Log, LogAnswer, LogOperation, Named, Queue, QueueOperation, Sequential, TestAndSet,
    TestAndSetOperation,
};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::operation::{Answer, Key, Operation, Value};
use lightcone_engine::sorted_map::SortedMap;

/// What a process asked, in a text's words: `:f :write, :value 3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The word: `write`.
    pub function: String,
    /// What goes with it.
    pub value: Datum,
}

/// A history in a text's words.
pub type Recorded = History<Call, Datum>;

/// Which operations an order must keep in sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Operations that do not overlap keep their order (Herlihy & Wing 1990).
    Linearizable,
    /// Each process's own operations keep their order (Lamport 1979).
    Sequential,
}

/// A type of object, chosen by name: a sequential specification, and the words in which texts speak of it.
#[derive(Clone, Copy)]
pub struct ObjectType {
    /// Its name: `register`.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// The operations that it knows, as they stand in a text.
    pub forms: &'static str,
    judge: fn(&Recorded, Consistency, usize) -> Result<Verdict, u32>,
}

/// Every type of object that a history can be judged as.
pub const OBJECT_TYPES: [ObjectType; 7] = [
    ObjectType {
        name: "register",
        about: "One value that is read and written. It begins with nothing.",
        forms: ":read nil, :write 3",
        judge: |history, consistency, limit| registers(history, consistency, limit, |call| register(call, false)),
    },
    ObjectType {
        name: "key-value",
        about: "Registers by key, each of its own.",
        forms: ":read [:x nil], :write [:x 3], :add [:x 1], :cas [:x [1 2]]",
        judge: |history, consistency, limit| registers(history, consistency, limit, keyed),
    },
    ObjectType {
        name: "compare-and-set",
        about: "A register that is also set if it has an expected value.",
        forms: ":read nil, :write 3, :cas [1 2]",
        judge: |history, consistency, limit| registers(history, consistency, limit, |call| register(call, true)),
    },
    ObjectType {
        name: "lock",
        about: "A lock that its holder alone can release.",
        forms: ":acquire nil, :release nil",
        judge: |history, consistency, limit| judge::<Lock>(history, consistency, limit, lock),
    },
    ObjectType {
        name: "queue",
        about: "A queue, first in, first out. From an empty one nothing is taken.",
        forms: ":enqueue 3, :dequeue nil",
        judge: |history, consistency, limit| judge::<Queue>(history, consistency, limit, queue),
    },
    ObjectType {
        name: "test-and-set",
        about: "A bit that is set and told what it was, in one step. It begins with 0.",
        forms: ":test-and-set nil, :reset nil, :read nil",
        judge: |history, consistency, limit| judge::<TestAndSet>(history, consistency, limit, test_and_set),
    },
    ObjectType {
        name: "log",
        about: "Values that are appended, and read all together.",
        forms: ":append 3, :read nil",
        judge: |history, consistency, limit| judge::<Log>(history, consistency, limit, log),
    },
];

/// An operation that a type of object does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Its place in [`History::entries`].
    pub operation: u32,
    /// The number of the process that asked.
    pub process: u32,
    /// What it asked, and was told: `:write nil`.
    pub said: String,
    /// The name of the type of object.
    pub name: &'static str,
    /// The operations that this type of object has.
    pub forms: &'static str,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unfit { process, said, name, forms, .. } = self;
        write!(f, "`{said}` of process {process} is nothing that a {name} does. It knows: {forms}.")
    }
}

impl core::error::Error for Unfit {}

impl ObjectType {
    /// The type of object with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static ObjectType> {
        const ALL: &[ObjectType] = &OBJECT_TYPES;
        ALL.iter().find(|each| each.name == name)
    }

    /// Judges a history of such an object. At most `limit` configurations are tried;
    /// [`lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS`] is plenty.
    ///
    /// # Errors
    /// The history has an operation that this type of object does not have.
    pub fn judge(&self, history: &Recorded, consistency: Consistency, limit: usize) -> Result<Verdict, Unfit> {
        (self.judge)(history, consistency, limit).map_err(|operation| {
            let entry = &history.entries()[operation as usize];
            let answer = entry.answer().filter(|answer| ![&entry.operation.value, &Datum::Nil].contains(answer));
            let answer = answer.map(|answer| format!(" with the answer {answer}")).unwrap_or_default();
            let said = format!("{}{answer}", entry.operation);
            Unfit { operation, process: entry.process, said, name: self.name, forms: self.forms }
        })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{} {}", self.function, self.value)
    }
}

/// An operation in typed form, and its answer if the process was told one.
type Understood<O, A> = Option<(O, Option<A>)>;

fn judge<S: Sequential>(
    history: &Recorded,
    consistency: Consistency,
    limit: usize,
    mut understand: impl FnMut(&Entry<Call, Datum>) -> Understood<S::Operation, S::Answer>,
) -> Result<Verdict, u32> {
    let mut places = 0_u32..;
    let understood = history.in_words(|entry| {
        let place = places.next().unwrap_or_default();
        let understood = understand(entry).filter(|(_, answer)| answer.is_some() || entry.answer().is_none());
        understood.ok_or(place)
    })?;
    Ok(match consistency {
        Consistency::Linearizable => linearizable::<S>(&understood, limit),
        Consistency::Sequential => sequentially_consistent::<S>(&understood, limit),
    })
}

/// Registers by the names of their keys.
fn registers(
    history: &Recorded,
    consistency: Consistency,
    limit: usize,
    understand: impl Fn(&Entry<Call, Datum>) -> Option<(Datum, Operation, Option<Answer>)>,
) -> Result<Verdict, u32> {
    let mut understood = Vec::with_capacity(history.entries().len());
    let mut numbers: SortedMap<Datum, u32> = SortedMap::new();
    let mut names = Vec::new();
    for (entry, place) in history.entries().iter().zip(0_u32..) {
        let (key, operation, answer) = understand(entry).ok_or(place)?;
        let name = key.name();
        let number = *numbers.or_insert(key, names.len() as u32);
        if number as usize == names.len() {
            names.push(name);
        }
        understood.push((number, operation, answer));
    }
    let mut next = understood.into_iter();
    judge::<Cell<'_>>(history, consistency, limit, |_| {
        let (number, operation, answer) = next.next()?;
        Some((Named { number, name: &names[number as usize], operation }, answer))
    })
}

const X: Key = Key(0);

fn value(datum: &Datum) -> Option<Value> {
    match datum {
        Datum::Integer(value) => Value::try_from(*value).ok(),
        _ => None,
    }
}

/// A register without a name is `x`.
fn register(entry: &Entry<Call, Datum>, compares: bool) -> Option<(Datum, Operation, Option<Answer>)> {
    let operation = register_operation(&entry.operation.function, &entry.operation.value)?;
    let known = match operation {
        Operation::CompareAndSet { .. } => compares,
        Operation::Add { .. } => false,
        _ => true,
    };
    let answer = entry.answer().and_then(|told| register_answer(operation, told));
    known.then(|| (Datum::Keyword(X.to_string()), operation, answer))
}

fn keyed(entry: &Entry<Call, Datum>) -> Option<(Datum, Operation, Option<Answer>)> {
    let (key, asked) = entry.operation.value.pair()?;
    let operation = register_operation(&entry.operation.function, asked)?;
    let answer = entry.answer().and_then(|told| {
        let (told_of, told) = told.pair()?;
        register_answer(operation, told).filter(|_| told_of == key)
    });
    Some((key.clone(), operation, answer))
}

fn register_operation(function: &str, asked: &Datum) -> Option<Operation> {
    Some(match function {
        "read" => Operation::Read { key: X },
        "write" => Operation::Write { key: X, value: value(asked)? },
        "add" => Operation::Add { key: X, amount: value(asked)? },
        "cas" => {
            let (expected, new) = asked.pair()?;
            Operation::CompareAndSet { key: X, expected: value(expected)?, value: value(new)? }
        }
        _ => return None,
    })
}

fn register_answer(operation: Operation, told: &Datum) -> Option<Answer> {
    match (operation, told) {
        (Operation::Read { .. }, Datum::Nil) => Some(Answer::Value(None)),
        (Operation::Read { .. }, _) => Some(Answer::Value(Some(value(told)?))),
        (Operation::CompareAndSet { .. }, Datum::Boolean(false)) => Some(Answer::Refused),
        _ => Some(Answer::Done),
    }
}

fn lock(entry: &Entry<Call, Datum>) -> Understood<LockOperation, Answer> {
    let operation = match entry.operation.function.as_str() {
        "acquire" => LockOperation::Acquire(entry.process),
        "release" => LockOperation::Release(entry.process),
        _ => return None,
    };
    let refused = |told: &Datum| *told == Datum::Boolean(false);
    Some((operation, entry.answer().map(|told| if refused(told) { Answer::Refused } else { Answer::Done })))
}

fn queue(entry: &Entry<Call, Datum>) -> Understood<QueueOperation, Answer> {
    match entry.operation.function.as_str() {
        "enqueue" => Some((QueueOperation::Enqueue(value(&entry.operation.value)?), Some(Answer::Done))),
        "dequeue" => {
            let took = entry.answer().and_then(|told| match told {
                Datum::Nil => Some(None),
                told => value(told).map(Some),
            });
            Some((QueueOperation::Dequeue, took.map(Answer::Value)))
        }
        _ => None,
    }
}

fn test_and_set(entry: &Entry<Call, Datum>) -> Understood<TestAndSetOperation, Answer> {
    let operation = match entry.operation.function.as_str() {
        "test-and-set" => TestAndSetOperation::TestAndSet,
        "reset" => return Some((TestAndSetOperation::Reset, Some(Answer::Done))),
        "read" => TestAndSetOperation::Read,
        _ => return None,
    };
    let bit = entry.answer().and_then(|told| match told {
        Datum::Boolean(bit) => Some(Value::from(*bit)),
        told => value(told).filter(|bit| matches!(bit, 0 | 1)),
    });
    Some((operation, bit.map(|bit| Answer::Value(Some(bit)))))
}

fn log(entry: &Entry<Call, Datum>) -> Understood<LogOperation, LogAnswer> {
    match entry.operation.function.as_str() {
        "append" => Some((LogOperation::Append(value(&entry.operation.value)?), Some(LogAnswer::Done))),
        "read" => {
            let values = entry.answer().and_then(|told| match told {
                Datum::Nil => Some(Vec::new()),
                Datum::List(values) => values.iter().map(value).collect(),
                _ => None,
            });
            Some((LogOperation::Read, values.map(LogAnswer::Values)))
        }
        _ => None,
    }
}

/// A history of a run in the words of `key-value`: `:f :write, :value [:x 3]`. That a comparison failed is told as `false`.
#[must_use]
pub fn recorded(history: &History<Operation, Answer>) -> Recorded {
    let words = history.in_words(|entry| {
        let of = |value| Datum::List(vec![Datum::Keyword(entry.operation.key().unwrap_or(X).to_string()), value]);
        let number = |value: Value| Datum::Integer(value.into());
        let (function, asked) = match entry.operation {
            Operation::Read { .. } => ("read", Datum::Nil),
            Operation::Write { value, .. } => ("write", number(value)),
            Operation::Add { amount, .. } => ("add", number(amount)),
            Operation::CompareAndSet { expected, value, .. } => {
                ("cas", Datum::List(vec![number(expected), number(value)]))
            }
            Operation::Command { verb, argument } => {
                ("command", Datum::List(vec![number(verb.into()), number(argument.into())]))
            }
        };
        let told = match &entry.completion {
            Completion::Answered { answer: Answer::Value(value), .. } => Some(of(value.map_or(Datum::Nil, number))),
            Completion::Answered { answer: Answer::Refused, .. } => Some(of(Datum::Boolean(false))),
            Completion::Answered { answer: Answer::Done, .. } => Some(of(asked.clone())),
            Completion::Failed { .. } | Completion::Unknown { .. } => None,
        };
        Ok::<_, core::convert::Infallible>((Call { function: function.into(), value: of(asked) }, told))
    });
    match words {
        Ok(words) => words,
        Err(never) => match never {},
    }
}
