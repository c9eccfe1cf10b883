//! Random small histories of each of the nine types of object.

use fastrand::Rng;
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_judges::Datum;
use lightcone_judges::specification::{
    Counter, CounterOperation, Lock, LockOperation, Log, LogAnswer, LogOperation, Queue, QueueOperation, SetAnswer,
    SetOperation, TestAndSet, TestAndSetOperation, ValueSet,
};
use lightcone_judges::{Call, Entry, History, Recorded, Register, Sequential, Told};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Operations of one specification: how to draw them, and how a text says them.
pub trait Sort {
    const NAME: &'static str;
    type Object: Sequential<Operation = Self::Operation, Answer = Self::Answer>;
    type Operation: Copy + Debug + PartialEq;
    type Answer: Clone + Ord + Debug;

    fn operation(process: u32, rng: &mut Rng) -> Self::Operation;
    /// Any answer that makes sense.
    fn answer(operation: Self::Operation, rng: &mut Rng) -> Self::Answer;
    fn words(operation: Self::Operation) -> (&'static str, Datum);
    fn told(operation: Self::Operation, answer: &Self::Answer) -> Datum;
}

pub type Erased<T> = History<<T as Sort>::Operation, <T as Sort>::Answer>;

/// What a process waits for, and the answer once it took effect.
type Waits<T> = Option<(<T as Sort>::Operation, Option<<T as Sort>::Answer>)>;

/// What an object with parts answers.
pub fn apply<S: Sequential>(parts: &mut BTreeMap<u32, S>, operation: S::Operation) -> S::Answer {
    parts.entry(S::part(operation)).or_default().apply(operation)
}

/// Three processes ask an object where each operation takes effect between call and return. One answer in ten is another;
/// some operations fail, are given up, or are never answered.
pub fn draw<T: Sort>(most: usize, rng: &mut Rng) -> Erased<T> {
    let mut history = Erased::<T>::default();
    let mut object = BTreeMap::<u32, T::Object>::new();
    let mut waiting: [Waits<T>; 3] = [None, None, None];
    let mut asked = 0;
    for _ in 0..most * 4 {
        let process = rng.u32(0..3);
        let place = process as usize;
        let (operation, effect) = match waiting[place].take() {
            Some(waits) => waits,
            None if asked == most => continue,
            None => {
                let operation = T::operation(process, rng);
                history.call(process, operation).expect("it waits for nothing");
                waiting[place] = Some((operation, None));
                asked += 1;
                continue;
            }
        };
        let end = match effect {
            Some(answer) if rng.u8(0..10) == 0 => {
                _ = answer;
                history.answer(process, T::answer(operation, rng))
            }
            Some(_) if rng.u8(0..10) == 0 => history.give_up(process),
            Some(answer) => history.answer(process, answer),
            None if rng.u8(0..20) == 0 => history.fail(process),
            None if rng.u8(0..20) == 0 => history.give_up(process),
            None => {
                waiting[place] = Some((operation, Some(apply(&mut object, operation))));
                continue;
            }
        };
        end.expect("it waits for this");
    }
    history
}

/// The same in a text's words.
pub fn said<T: Sort>(history: &Erased<T>) -> Recorded {
    let say = |entry: &Entry<T::Operation, T::Answer>| {
        let (function, value) = T::words(entry.operation);
        let told = entry.answer().map(|answer| T::told(entry.operation, answer));
        Ok::<_, ()>((Call { function: function.into(), value }, told))
    };
    history.in_words(say).expect("everything can be said")
}

fn number(value: i32) -> Datum {
    Datum::Integer(value.into())
}

fn maybe(value: &Answer) -> Datum {
    match value {
        Answer::Value(Some(value)) => number(*value),
        _ => Datum::Nil,
    }
}

pub struct OneRegister;
pub struct Store;
pub struct CompareAndSet;
pub struct OneLock;
pub struct OneQueue;
pub struct OneBit;
pub struct OneLog;
pub struct OneSet;
pub struct OneCounter;

const X: Key = Key(0);

fn register_answer(operation: Operation, rng: &mut Rng) -> Answer {
    match operation {
        Operation::Read { .. } => Answer::Value([None, Some(1), Some(2), Some(3)][rng.usize(0..4)]),
        Operation::CompareAndSet { .. } if rng.bool() => Answer::Refused,
        _ => Answer::Done,
    }
}

fn register_words(operation: Operation) -> (&'static str, Datum) {
    match operation {
        Operation::Read { .. } => ("read", Datum::Nil),
        Operation::Write { value, .. } => ("write", number(value)),
        Operation::Add { amount, .. } => ("add", number(amount)),
        Operation::CompareAndSet { expected, value, .. } => ("cas", Datum::List(vec![number(expected), number(value)])),
        Operation::Command { .. } => unreachable!("never drawn"),
    }
}

fn register_told(operation: Operation, answer: &Answer) -> Datum {
    match (operation, answer) {
        (Operation::Read { .. }, value) => maybe(value),
        (Operation::CompareAndSet { .. }, Answer::Refused) => Datum::Boolean(false),
        (operation, _) => register_words(operation).1,
    }
}

impl Sort for OneRegister {
    const NAME: &'static str = "register";
    type Object = Register;
    type Operation = Operation;
    type Answer = Answer;

    fn operation(_: u32, rng: &mut Rng) -> Operation {
        if rng.bool() { Operation::Read { key: X } } else { Operation::Write { key: X, value: rng.i32(1..4) } }
    }
    fn answer(operation: Operation, rng: &mut Rng) -> Answer {
        register_answer(operation, rng)
    }
    fn words(operation: Operation) -> (&'static str, Datum) {
        register_words(operation)
    }
    fn told(operation: Operation, answer: &Answer) -> Datum {
        register_told(operation, answer)
    }
}

impl Sort for CompareAndSet {
    const NAME: &'static str = "compare-and-set";
    type Object = Register;
    type Operation = Operation;
    type Answer = Answer;

    fn operation(process: u32, rng: &mut Rng) -> Operation {
        let value = rng.i32(1..4);
        if rng.bool() {
            return OneRegister::operation(process, rng);
        }
        Operation::CompareAndSet { key: X, expected: value, value: value % 3 + 1 }
    }
    fn answer(operation: Operation, rng: &mut Rng) -> Answer {
        register_answer(operation, rng)
    }
    fn words(operation: Operation) -> (&'static str, Datum) {
        register_words(operation)
    }
    fn told(operation: Operation, answer: &Answer) -> Datum {
        register_told(operation, answer)
    }
}

fn of_key(operation: Operation, value: Datum) -> Datum {
    Datum::List(vec![Datum::Keyword(operation.key().expect("all have one").to_string()), value])
}

impl Sort for Store {
    const NAME: &'static str = "key-value";
    type Object = Register;
    type Operation = Operation;
    type Answer = Answer;

    fn operation(process: u32, rng: &mut Rng) -> Operation {
        let key = Key(rng.u8(0..2));
        match CompareAndSet::operation(process, rng) {
            Operation::Read { .. } => Operation::Read { key },
            Operation::Write { value, .. } if rng.bool() => Operation::Write { key, value },
            Operation::Write { value, .. } => Operation::Add { key, amount: value },
            Operation::CompareAndSet { expected, value, .. } => Operation::CompareAndSet { key, expected, value },
            other => other,
        }
    }
    fn answer(operation: Operation, rng: &mut Rng) -> Answer {
        register_answer(operation, rng)
    }
    fn words(operation: Operation) -> (&'static str, Datum) {
        let (function, value) = register_words(operation);
        (function, of_key(operation, value))
    }
    fn told(operation: Operation, answer: &Answer) -> Datum {
        of_key(operation, register_told(operation, answer))
    }
}

impl Sort for OneLock {
    const NAME: &'static str = "lock";
    type Object = Lock;
    type Operation = LockOperation;
    type Answer = Answer;

    fn operation(process: u32, rng: &mut Rng) -> LockOperation {
        if rng.bool() { LockOperation::Acquire(process) } else { LockOperation::Release(process) }
    }
    fn answer(_: LockOperation, rng: &mut Rng) -> Answer {
        if rng.bool() { Answer::Done } else { Answer::Refused }
    }
    fn words(operation: LockOperation) -> (&'static str, Datum) {
        (if matches!(operation, LockOperation::Acquire(_)) { "acquire" } else { "release" }, Datum::Nil)
    }
    fn told(_: LockOperation, answer: &Answer) -> Datum {
        if *answer == Answer::Refused { Datum::Boolean(false) } else { Datum::Nil }
    }
}

impl Sort for OneQueue {
    const NAME: &'static str = "queue";
    type Object = Queue;
    type Operation = QueueOperation;
    type Answer = Told<i32>;

    fn operation(_: u32, rng: &mut Rng) -> QueueOperation {
        if rng.bool() { QueueOperation::Dequeue } else { QueueOperation::Enqueue(rng.i32(1..4)) }
    }
    fn answer(operation: QueueOperation, rng: &mut Rng) -> Told<i32> {
        match operation {
            QueueOperation::Dequeue => Told::Value([None, Some(1), Some(2), Some(3)][rng.usize(0..4)]),
            QueueOperation::Enqueue(_) => Told::Done,
        }
    }
    fn words(operation: QueueOperation) -> (&'static str, Datum) {
        match operation {
            QueueOperation::Dequeue => ("dequeue", Datum::Nil),
            QueueOperation::Enqueue(value) => ("enqueue", number(value)),
        }
    }
    fn told(_: QueueOperation, answer: &Told<i32>) -> Datum {
        match answer {
            Told::Value(Some(value)) => number(*value),
            _ => Datum::Nil,
        }
    }
}

impl Sort for OneBit {
    const NAME: &'static str = "test-and-set";
    type Object = TestAndSet;
    type Operation = TestAndSetOperation;
    type Answer = Answer;

    fn operation(_: u32, rng: &mut Rng) -> TestAndSetOperation {
        [TestAndSetOperation::TestAndSet, TestAndSetOperation::Reset, TestAndSetOperation::Read][rng.usize(0..3)]
    }
    fn answer(operation: TestAndSetOperation, rng: &mut Rng) -> Answer {
        if operation == TestAndSetOperation::Reset { Answer::Done } else { Answer::Value(Some(rng.i32(0..2))) }
    }
    fn words(operation: TestAndSetOperation) -> (&'static str, Datum) {
        let word = match operation {
            TestAndSetOperation::TestAndSet => "test-and-set",
            TestAndSetOperation::Reset => "reset",
            TestAndSetOperation::Read => "read",
        };
        (word, Datum::Nil)
    }
    fn told(_: TestAndSetOperation, answer: &Answer) -> Datum {
        maybe(answer)
    }
}

impl Sort for OneLog {
    const NAME: &'static str = "log";
    type Object = Log;
    type Operation = LogOperation;
    type Answer = LogAnswer;

    fn operation(_: u32, rng: &mut Rng) -> LogOperation {
        if rng.bool() { LogOperation::Read } else { LogOperation::Append(rng.i32(1..4)) }
    }
    fn answer(operation: LogOperation, rng: &mut Rng) -> LogAnswer {
        match operation {
            LogOperation::Append(_) => LogAnswer::Done,
            LogOperation::Read => LogAnswer::Values((0..rng.usize(0..3)).map(|_| rng.i32(1..4)).collect()),
        }
    }
    fn words(operation: LogOperation) -> (&'static str, Datum) {
        match operation {
            LogOperation::Read => ("read", Datum::Nil),
            LogOperation::Append(value) => ("append", number(value)),
        }
    }
    fn told(_: LogOperation, answer: &LogAnswer) -> Datum {
        match answer {
            LogAnswer::Done => Datum::Nil,
            LogAnswer::Values(values) => Datum::List(values.iter().copied().map(number).collect()),
        }
    }
}

impl Sort for OneSet {
    const NAME: &'static str = "set";
    type Object = ValueSet<i32>;
    type Operation = SetOperation<i32>;
    type Answer = SetAnswer<i32>;

    fn operation(_: u32, rng: &mut Rng) -> SetOperation<i32> {
        if rng.bool() { SetOperation::Read } else { SetOperation::Add(rng.i32(1..4)) }
    }
    fn answer(operation: SetOperation<i32>, rng: &mut Rng) -> SetAnswer<i32> {
        match operation {
            SetOperation::Add(_) => SetAnswer::Done,
            SetOperation::Read => SetAnswer::Values((1..4).filter(|_| rng.bool()).collect()),
        }
    }
    fn words(operation: SetOperation<i32>) -> (&'static str, Datum) {
        match operation {
            SetOperation::Add(value) => ("add", number(value)),
            SetOperation::Read => ("read", Datum::Nil),
        }
    }
    fn told(_: SetOperation<i32>, answer: &SetAnswer<i32>) -> Datum {
        match answer {
            SetAnswer::Done => Datum::Nil,
            SetAnswer::Values(values) => Datum::Set(values.iter().copied().map(number).collect()),
        }
    }
}

impl Sort for OneCounter {
    const NAME: &'static str = "counter";
    type Object = Counter;
    type Operation = CounterOperation;
    type Answer = Told<i128>;

    fn operation(_: u32, rng: &mut Rng) -> CounterOperation {
        if rng.bool() { CounterOperation::Read } else { CounterOperation::Add(rng.i64(-1..3)) }
    }
    fn answer(operation: CounterOperation, rng: &mut Rng) -> Told<i128> {
        match operation {
            CounterOperation::Add(_) => Told::Done,
            CounterOperation::Read => Told::Value(Some(rng.i128(-1..5))),
        }
    }
    fn words(operation: CounterOperation) -> (&'static str, Datum) {
        match operation {
            CounterOperation::Add(amount) => ("add", Datum::Integer(amount)),
            CounterOperation::Read => ("read", Datum::Nil),
        }
    }
    fn told(_: CounterOperation, answer: &Told<i128>) -> Datum {
        match answer {
            Told::Value(Some(sum)) => Datum::Integer(i64::try_from(*sum).expect("sums are small")),
            _ => Datum::Nil,
        }
    }
}
