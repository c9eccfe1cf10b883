//! Histories whose words are not yet understood, and the specifications that understand them, by name.

use super::check::Verdict;
use super::datum::{Datum, shortened};
use super::history::{History, Outcome};
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

/// What must be kept of the order in which things were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Operations that do not overlap keep their order (Herlihy & Wing 1990).
    Linearizable,
    /// Each process's own operations keep their order (Lamport 1979).
    Sequential,
}

/// What is asked of a judge.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What must be kept.
    pub consistency: Consistency,
    /// Configurations that are tried at most, of each part.
    pub limit: usize,
    /// How the object begins, each of its parts; as its specification says, if none.
    pub begins: Option<&'a Datum>,
}

/// What a judge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether an order explains the history.
    pub verdict: Verdict,
    /// What is odd in it.
    pub remarks: Vec<Odd>,
    /// No order explains it, but one does if the registers began with this.
    pub if_it_began: Option<Datum>,
}

/// An operation was answered with another value than it was asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// The first such operation: its place in [`History::entries`].
    pub operation: u32,
    /// What about it, in a sentence.
    pub text: String,
}

/// A sequential specification that is chosen by name.
#[derive(Clone, Copy)]
pub struct Specification {
    /// Its name: `register`.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// The operations that it knows, as they stand in a text.
    pub forms: &'static str,
    judge: fn(&Recorded, &Question<'_>) -> Result<Judgement, understand::Trouble>,
}

/// All of them.
pub const SPECIFICATIONS: [Specification; 9] = [
    Specification {
        name: "register",
        about: "One value that is read and written. It begins with nothing.",
        forms: ":read nil, :write 3",
        judge: |history, question| understand::registers(history, question, understand::plain),
    },
    Specification {
        name: "key-value",
        about: "Registers by key, each of its own.",
        forms: ":read [:x nil], :write [:x 3], :add [:x 1], :cas [:x [1 2]]",
        judge: |history, question| understand::registers(history, question, understand::keyed),
    },
    Specification {
        name: "compare-and-set",
        about: "A register that is also set if it has an expected value.",
        forms: ":read nil, :write 3, :cas [1 2]",
        judge: |history, question| understand::registers(history, question, understand::comparing),
    },
    Specification {
        name: "lock",
        about: "A lock that its holder alone can release.",
        forms: ":acquire nil, :release nil",
        judge: understand::lock,
    },
    Specification {
        name: "queue",
        about: "A queue, first in, first out. From an empty one nothing is taken.",
        forms: ":enqueue 3, :dequeue nil",
        judge: understand::queue,
    },
    Specification {
        name: "test-and-set",
        about: "A bit that is set and told what it was, in one step. It begins with 0.",
        forms: ":test-and-set nil, :reset nil, :read nil",
        judge: understand::test_and_set,
    },
    Specification {
        name: "log",
        about: "Values that are appended, and read all together.",
        forms: ":append 3, :read nil",
        judge: understand::log,
    },
    Specification {
        name: "set",
        about: "Values that are added, and read all together, in no order.",
        forms: ":add 3, :read nil",
        judge: understand::set,
    },
    Specification {
        name: "counter",
        about: "A sum that numbers are added to. It begins with 0.",
        forms: ":add 3, :read nil",
        judge: understand::counter,
    },
];

/// An operation that a specification does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Its place in [`History::entries`]; none if it is how the object should begin.
    pub operation: Option<u32>,
    /// What was asked, and told, and by whom: "`:write nil` of process 3".
    pub said: String,
    /// The specification's name.
    pub name: &'static str,
    /// What it knows.
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

impl Specification {
    /// The specification of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Specification> {
        const ALL: &[Specification] = &SPECIFICATIONS;
        ALL.iter().find(|each| each.name == name)
    }

    /// Judges a history of such an object. At most `limit` configurations are tried;
    /// [`lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS`] is plenty.
    ///
    /// # Errors
    /// The history has an operation that the specification does not know.
    pub fn judge(&self, history: &Recorded, consistency: Consistency, limit: usize) -> Result<Verdict, Unfit> {
        let question = Question { consistency, limit, begins: None };
        self.answer(history, &question).map(|judgement| judgement.verdict)
    }

    /// The same, and says more.
    ///
    /// # Errors
    /// The history has an operation that the specification does not know, or the object cannot begin so.
    pub fn answer(&self, history: &Recorded, question: &Question<'_>) -> Result<Judgement, Unfit> {
        (self.judge)(history, question).map_err(|trouble| {
            let (operation, said) = match trouble {
                understand::Trouble::Operation(operation) => (Some(operation), said(history, operation)),
                understand::Trouble::Begins => {
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

/// A register without a name.
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
        let told = match &entry.outcome {
            Outcome::Answered { answer: Answer::Value(value), .. } => Some(of(value.map_or(Datum::Nil, number))),
            Outcome::Answered { answer: Answer::Refused, .. } => Some(of(Datum::Boolean(false))),
            Outcome::Answered { answer: Answer::Done, .. } => Some(of(asked.clone())),
            Outcome::Failed { .. } | Outcome::Unknown { .. } => None,
        };
        Ok::<_, core::convert::Infallible>((Call { function: function.into(), value: of(asked) }, told))
    });
    match words {
        Ok(words) => words,
        Err(never) => match never {},
    }
}
