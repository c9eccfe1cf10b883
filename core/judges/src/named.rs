//! Histories in the words of a text, and the types of object that give these words a meaning, by name.

use super::check::Verdict;
use super::datum::{Datum, shortened};
use super::history::{Completion, History};
use super::understand;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::operation::{Answer, Key, Operation, Value};

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

/// A question to a judge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Which operations an order must keep in sequence.
    pub consistency: Consistency,
    /// The most configurations that are tried for each part of the object.
    pub limit: usize,
    /// The value with which each part of the object begins; none for that of its type.
    pub begins: Option<&'a Datum>,
}

/// The answer of a judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether some order explains the history.
    pub verdict: Verdict,
    /// Answers that differ from what was asked; at most one stands for all.
    pub remarks: Vec<Discrepancy>,
    /// A value, if no order explains the history but one would if the registers had begun with this value.
    pub if_it_began: Option<Datum>,
}

/// An operation was answered with another value than it was asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// The first such operation: its place in [`History::entries`].
    pub operation: u32,
    /// What differs, in a sentence.
    pub text: String,
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
    judge: fn(&Recorded, &Question<'_>) -> Result<Judgement, understand::Misfit>,
}

/// Every type of object that a history can be judged as.
pub const OBJECT_TYPES: [ObjectType; 9] = [
    ObjectType {
        name: "register",
        about: "One value that is read and written. It begins with nothing.",
        forms: ":read nil, :write 3",
        judge: |history, question| understand::registers(history, question, understand::plain),
    },
    ObjectType {
        name: "key-value",
        about: "Registers by key, each of its own.",
        forms: ":read [:x nil], :write [:x 3], :add [:x 1], :cas [:x [1 2]]",
        judge: |history, question| understand::registers(history, question, understand::keyed),
    },
    ObjectType {
        name: "compare-and-set",
        about: "A register that is also set if it has an expected value.",
        forms: ":read nil, :write 3, :cas [1 2]",
        judge: |history, question| understand::registers(history, question, understand::comparing),
    },
    ObjectType {
        name: "lock",
        about: "A lock that its holder alone can release.",
        forms: ":acquire nil, :release nil",
        judge: understand::lock,
    },
    ObjectType {
        name: "queue",
        about: "A queue, first in, first out. From an empty one nothing is taken.",
        forms: ":enqueue 3, :dequeue nil",
        judge: understand::queue,
    },
    ObjectType {
        name: "test-and-set",
        about: "A bit that is set and told what it was, in one step. It begins with 0.",
        forms: ":test-and-set nil, :reset nil, :read nil",
        judge: understand::test_and_set,
    },
    ObjectType {
        name: "log",
        about: "Values that are appended, and read all together.",
        forms: ":append 3, :read nil",
        judge: understand::log,
    },
    ObjectType {
        name: "set",
        about: "Values that are added, and read all together, in no order.",
        forms: ":add 3, :read nil",
        judge: understand::set,
    },
    ObjectType {
        name: "counter",
        about: "A sum that numbers are added to. It begins with 0.",
        forms: ":add 3, :read nil",
        judge: understand::counter,
    },
];

/// An operation that a type of object does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Its place in [`History::entries`]; none if the object cannot begin as the question says.
    pub operation: Option<u32>,
    /// The operation, its answer and its process: "`:write nil` of process 3".
    pub said: String,
    /// The name of the type of object.
    pub name: &'static str,
    /// The operations that this type of object has.
    pub forms: &'static str,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unfit { operation, said, name, forms } = self;
        match operation {
            Some(_) => write!(f, "{said} is nothing that a {name} does. It knows: {forms}."),
            None => write!(f, "{said} is nothing that a {name} can begin with."),
        }
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
        let question = Question { consistency, limit, begins: None };
        self.examine(history, &question).map(|judgement| judgement.verdict)
    }

    /// Judges a history of such an object, with notes on it.
    ///
    /// # Errors
    /// The history has an operation that this type of object does not have, or the object cannot begin as the question says.
    pub fn examine(&self, history: &Recorded, question: &Question<'_>) -> Result<Judgement, Unfit> {
        (self.judge)(history, question).map_err(|trouble| {
            let (operation, said) = match trouble {
                understand::Misfit::Operation(operation) => (Some(operation), said(history, operation)),
                understand::Misfit::Begins => {
                    (None, format!("`{}`", question.begins.map(shortened).unwrap_or_default()))
                }
            };
            Unfit { operation, said, name: self.name, forms: self.forms }
        })
    }
}

/// What was asked and told, and by whom.
fn said(history: &Recorded, operation: u32) -> String {
    let entry = &history.entries()[operation as usize];
    let answer = entry.answer().filter(|answer| ![&entry.operation.value, &Datum::Nil].contains(answer));
    let answer = answer.map(|answer| format!(" with the answer {}", shortened(answer))).unwrap_or_default();
    format!("`{}{answer}` of process {}", shortened(&entry.operation), entry.process)
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{} {}", self.function, self.value)
    }
}

/// The name of a register without a key.
const X: Key = Key(0);

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
