//! What the words of a history mean to each type of object.
//!
//! An answer counts more than the request, as in Jepsen: a write of 3 that is answered with 4 wrote 4. An operation that
//! failed did nothing, so its words need no meaning.

use super::check::{Effort, Verdict, linearizable_from, sequentially_consistent_from};
use super::datum::{Datum, shortened};
use super::history::Entry;
use super::named::{Call, Consistency, Discrepancy, Judgement, Question, Recorded};
use super::specification::{
    Cell, CellOperation, Counter, CounterOperation, Lock, LockOperation, Log, LogAnswer, LogOperation, Named, Queue,
    QueueOperation, Sequential, SetAnswer, SetOperation, Term, Terms, TestAndSet, TestAndSetOperation, Told, ValueSet,
};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::operation::Answer;

/// What a type of object does not have.
pub(super) enum Misfit {
    /// This operation.
    Operation(u32),
    /// The value with which the object should begin.
    Begins,
}

/// An operation in typed form, and its answer if the process was told one.
type Understood<O, A> = Option<(O, Option<A>)>;

type Said = Entry<Call, Datum>;

/// Judges a history with this meaning of each operation. `idle` stands for operations that failed and have no meaning.
fn judge<'a, S: Sequential>(
    history: &'a Recorded,
    question: &Question<'_>,
    begins: &S,
    idle: S::Operation,
    mut understand: impl FnMut(&'a Said) -> Understood<S::Operation, S::Answer>,
) -> Result<Verdict, Misfit> {
    let mut entries = history.entries().iter().zip(0_u32..);
    let understood = history.in_words(|_| {
        let (entry, place) = entries.next().ok_or(Misfit::Operation(0))?;
        let understood = understand(entry).filter(|(_, answer)| answer.is_some() || entry.answer().is_none());
        match understood {
            None if entry.failed() => Ok((idle, None)),
            understood => understood.ok_or(Misfit::Operation(place)),
        }
    })?;
    let effort = Effort::of(question.limit);
    Ok(match question.consistency {
        Consistency::Linearizable => linearizable_from(&understood, begins, effort),
        Consistency::Sequential => sequentially_consistent_from(&understood, begins, effort),
    })
}

/// The verdict, with a note if answers differ from requests. `changes` tells functions that change the object.
fn judgement(history: &Recorded, verdict: Verdict, changes: impl Fn(&str) -> bool) -> Judgement {
    let differs = |(_, entry): &(u32, &Said)| {
        let asked = &entry.operation.value;
        changes(&entry.operation.function) && entry.answer().is_some_and(|told| instead(asked, told))
    };
    let mut all = (0..).zip(history.entries()).filter(differs);
    let first = all.next().map(|(operation, entry)| {
        let more = match all.count() {
            0 => String::new(),
            more => format!(" So were {more} more."),
        };
        let told = entry.answer().map(shortened).unwrap_or_default();
        let asked = shortened(&entry.operation);
        let text = format!(
            "`{asked}` of process {} was answered with {told}: what it was answered with counts.{more}",
            entry.process
        );
        Discrepancy { operation, text }
    });
    Judgement { verdict, remarks: first.into_iter().collect(), if_it_began: None }
}

/// Whether an answer says that something else was done than was asked.
fn instead(asked: &Datum, told: &Datum) -> bool {
    let is_value = match (asked.pair(), told.pair()) {
        // What was compared and set, perhaps of a key; `false` is another answer.
        (Some(_), None) => false,
        (Some((key, _)), Some((told_of, Datum::Boolean(false) | Datum::Nil))) => key != told_of,
        _ => true,
    };
    *told != Datum::Nil && told != asked && is_value
}

/// What was done, which is what the answer says, or else what was asked.
fn done<'a>(asked: &'a Datum, told: Option<&'a Datum>) -> &'a Datum {
    told.filter(|told| instead(asked, told)).unwrap_or(asked)
}

/// Every value of a history, and that with which the object begins.
fn terms<'a>(history: &'a Recorded, question: &Question<'a>) -> Terms<'a> {
    let said = history.entries().iter().flat_map(|entry| [Some(&entry.operation.value), entry.answer()]);
    Terms::of(said.flatten().chain(question.begins))
}

/// An operation on a register: the key if there is one, what was asked, and what was told.
type OnKey<'a> = (Option<&'a Datum>, &'a Datum, Option<&'a Datum>);

/// The meaning of an operation on a register; none if the type of object does not have it.
type Form = for<'a> fn(&'a Said) -> Option<OnKey<'a>>;

/// One register without a key and without compare-and-set.
pub(super) fn plain(entry: &Said) -> Option<OnKey<'_>> {
    comparing(entry).filter(|_| entry.operation.function != "cas")
}

/// One register without a key.
pub(super) fn comparing(entry: &Said) -> Option<OnKey<'_>> {
    let Call { function, value } = &entry.operation;
    // `[:x nil]` reads a key.
    let of_key = function == "read" && value.pair().is_some_and(|(_, asked)| *asked == Datum::Nil);
    (function != "add" && !of_key).then(|| (None, value, entry.answer()))
}

/// A register with a key.
pub(super) fn keyed(entry: &Said) -> Option<OnKey<'_>> {
    let (key, asked) = entry.operation.value.pair()?;
    match entry.answer() {
        None => Some((Some(key), asked, None)),
        Some(Datum::Nil) if entry.operation.function != "read" => Some((Some(key), asked, Some(&Datum::Nil))),
        Some(told) => {
            let (told_of, told) = told.pair()?;
            (told_of == key).then_some((Some(key), asked, Some(told)))
        }
    }
}

/// Registers by the names of their keys.
pub(super) fn registers(history: &Recorded, question: &Question<'_>, form: Form) -> Result<Judgement, Misfit> {
    let changes = |function: &str| matches!(function, "write" | "cas" | "add");
    let verdict = registers_from(history, question, form)?;
    let mut judgement = judgement(history, verdict, changes);
    if let (Verdict::Unexplained(unplaced), None) = (&judgement.verdict, question.begins) {
        let never = unplaced.reason.as_ref().is_some_and(|reason| reason.timeless && reason.because.is_none());
        let stuck = &history.entries()[unplaced.operation as usize];
        let found = form(stuck).and_then(|(_, asked, told)| match stuck.operation.function.as_str() {
            "cas" => done(asked, told).pair().map(|(expected, _)| expected),
            _ => told,
        });
        let begins = found.filter(|_| never);
        let if_so = begins.map(|_| registers_from(history, &Question { begins, ..*question }, form)).transpose()?;
        if matches!(if_so, Some(Verdict::Explained { .. })) {
            judgement.if_it_began = begins.cloned();
        }
    }
    Ok(judgement)
}

fn registers_from(history: &Recorded, question: &Question<'_>, form: Form) -> Result<Verdict, Misfit> {
    let terms = terms(history, question);
    let begins = question.begins.map_or(Some(None), |begins| terms.or_nothing(begins)).ok_or(Misfit::Begins)?;
    let mut keys: Vec<&Datum> = history.entries().iter().filter_map(|entry| form(entry)?.0).collect();
    keys.sort_unstable();
    keys.dedup();
    let names: Vec<String> = keys.iter().map(|key| key.name()).collect();
    // Registers are numbered in the order of their first operations.
    let (mut numbers, mut next) = (vec![None; keys.len()], 0..);
    let idle = Named { number: 0, name: "x", operation: CellOperation::Read };
    judge(history, question, &Cell(begins), idle, |entry| {
        let (key, asked, told) = form(entry)?;
        let operation = register_operation(&terms, &entry.operation.function, done(asked, told))?;
        let answer = told.map(|told| register_answer(&terms, operation, told)).unwrap_or_default();
        let Some(place) = key.and_then(|key| keys.binary_search(&key).ok()) else {
            return Some((Named { operation, ..idle }, answer));
        };
        let number = *numbers[place].get_or_insert_with(|| next.next().unwrap_or_default());
        Some((Named { number, name: &names[place], operation }, answer))
    })
}

fn register_operation<'a>(terms: &Terms<'a>, function: &str, asked: &'a Datum) -> Option<CellOperation<'a>> {
    Some(match function {
        "read" => CellOperation::Read,
        "write" => CellOperation::Write(terms.or_nothing(asked)?),
        "add" => CellOperation::Add(number(asked)?),
        "cas" => {
            let (expected, new) = asked.pair()?;
            CellOperation::CompareAndSet(terms.or_nothing(expected)?, terms.or_nothing(new)?)
        }
        _ => return None,
    })
}

fn register_answer<'a>(terms: &Terms<'a>, operation: CellOperation<'a>, told: &'a Datum) -> Option<Told<Term<'a>>> {
    match (operation, told) {
        (CellOperation::Read, told) => terms.or_nothing(told).map(Told::Value),
        (CellOperation::CompareAndSet(..), Datum::Boolean(false)) => Some(Told::Refused),
        _ => Some(Told::Done),
    }
}

fn number(datum: &Datum) -> Option<i64> {
    match datum {
        Datum::Integer(number) => Some(*number),
        _ => None,
    }
}

/// The values of a vector, list or set; `nil` has none.
fn listed<'a>(terms: &Terms<'a>, datum: &'a Datum) -> Option<Vec<Term<'a>>> {
    match datum {
        Datum::Nil => Some(Vec::new()),
        Datum::List(all) | Datum::Set(all) => all.iter().map(|each| terms.term(each)).collect(),
        _ => None,
    }
}

pub(super) fn lock(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let begins = match question.begins {
        None | Some(Datum::Nil) => Lock(None),
        Some(owner) => {
            let owner = number(owner).and_then(|owner| u32::try_from(owner).ok());
            Lock(Some(owner.ok_or(Misfit::Begins)?))
        }
    };
    let verdict = judge(history, question, &begins, LockOperation::Release(u32::MAX), |entry| {
        let operation = match entry.operation.function.as_str() {
            "acquire" => LockOperation::Acquire(entry.process),
            "release" => LockOperation::Release(entry.process),
            _ => return None,
        };
        let refused = |told: &Datum| *told == Datum::Boolean(false);
        Some((operation, entry.answer().map(|told| if refused(told) { Answer::Refused } else { Answer::Done })))
    })?;
    Ok(judgement(history, verdict, |_| false))
}

pub(super) fn queue(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let terms = terms(history, question);
    let begins = question.begins.map_or(Some(Vec::new()), |begins| listed(&terms, begins)).ok_or(Misfit::Begins)?;
    let verdict = judge(history, question, &Queue(begins), QueueOperation::Dequeue, |entry| {
        let (asked, told) = (&entry.operation.value, entry.answer());
        match entry.operation.function.as_str() {
            "enqueue" => Some((QueueOperation::Enqueue(terms.or_nothing(done(asked, told))??), Some(Told::Done))),
            "dequeue" => {
                let took = told.and_then(|told| terms.or_nothing(told));
                Some((QueueOperation::Dequeue, took.map(Told::Value)))
            }
            _ => None,
        }
    })?;
    Ok(judgement(history, verdict, |function| function == "enqueue"))
}

pub(super) fn test_and_set(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let bit = |told: &Datum| match told {
        Datum::Boolean(bit) => Some(*bit),
        Datum::Integer(bit @ (0 | 1)) => Some(*bit == 1),
        _ => None,
    };
    let begins = question.begins.map_or(Some(false), bit).ok_or(Misfit::Begins)?;
    let verdict = judge(history, question, &TestAndSet(begins), TestAndSetOperation::Read, |entry| {
        let operation = match entry.operation.function.as_str() {
            "test-and-set" => TestAndSetOperation::TestAndSet,
            "reset" => return Some((TestAndSetOperation::Reset, Some(Answer::Done))),
            "read" => TestAndSetOperation::Read,
            _ => return None,
        };
        let bit = entry.answer().and_then(bit);
        Some((operation, bit.map(|bit| Answer::Value(Some(bit.into())))))
    })?;
    Ok(judgement(history, verdict, |_| false))
}

pub(super) fn log(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let terms = terms(history, question);
    let begins = question.begins.map_or(Some(Vec::new()), |begins| listed(&terms, begins)).ok_or(Misfit::Begins)?;
    let verdict = judge(history, question, &Log(begins.into_iter().collect()), LogOperation::Read, |entry| {
        let (asked, told) = (&entry.operation.value, entry.answer());
        match entry.operation.function.as_str() {
            "append" => Some((LogOperation::Append(terms.term(done(asked, told))?), Some(LogAnswer::Done))),
            "read" => {
                let told = told.filter(|told| !matches!(told, Datum::Set(_)));
                Some((LogOperation::Read, told.and_then(|told| listed(&terms, told)).map(LogAnswer::Values)))
            }
            _ => None,
        }
    })?;
    Ok(judgement(history, verdict, |function| function == "append"))
}

pub(super) fn set(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let terms = terms(history, question);
    let begins = question.begins.map_or(Some(Vec::new()), |begins| listed(&terms, begins)).ok_or(Misfit::Begins)?;
    let verdict = judge(history, question, &ValueSet(begins.into_iter().collect()), SetOperation::Read, |entry| {
        let (asked, told) = (&entry.operation.value, entry.answer());
        match entry.operation.function.as_str() {
            "add" => Some((SetOperation::Add(terms.term(done(asked, told))?), Some(SetAnswer::Done))),
            "read" => {
                let values = told.and_then(|told| listed(&terms, told)).map(|mut values| {
                    values.sort_unstable();
                    values.dedup();
                    values
                });
                Some((SetOperation::Read, values.map(SetAnswer::Values)))
            }
            _ => None,
        }
    })?;
    Ok(judgement(history, verdict, |function| function == "add"))
}

pub(super) fn counter(history: &Recorded, question: &Question<'_>) -> Result<Judgement, Misfit> {
    let begins = question.begins.map_or(Some(0), number).ok_or(Misfit::Begins)?;
    let verdict = judge(history, question, &Counter(begins.into()), CounterOperation::Read, |entry| {
        let (asked, told) = (&entry.operation.value, entry.answer());
        match entry.operation.function.as_str() {
            "add" => Some((CounterOperation::Add(number(done(asked, told))?), Some(Told::Done))),
            "read" => {
                let sum = told.and_then(number).map(|sum| Told::Value(Some(sum.into())));
                Some((CounterOperation::Read, sum))
            }
            _ => None,
        }
    })?;
    Ok(judgement(history, verdict, |function| function == "add"))
}
