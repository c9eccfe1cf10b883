//! Reads a history, with the place of each operation.

use super::error::{EdnError, Problem, Remark};
use super::form::{Mark, Reader, Wrong, expected};
use super::lines;
use alloc::vec::Vec;
use lightcone_engine::limits::{MAX_HISTORY_BYTES, MAX_HISTORY_OPERATIONS};
use lightcone_judges::{Call, Datum, Recorded};

/// A history with the places of its operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The history.
    pub history: Recorded,
    /// By operation: its places in the text.
    pub spots: Vec<Spots>,
    /// Remarks about the text.
    pub remarks: Vec<Remark>,
}

/// The places of an operation in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spots {
    /// The place of its call.
    pub called: Spot,
    /// The place at which it was answered or given up.
    pub over: Option<Spot>,
}

/// A line of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its number, from 1.
    pub line: u32,
    /// Its `:index`.
    pub index: Option<i64>,
    /// Its `:time`.
    pub time: Option<i64>,
}

/// Reads a history.
///
/// # Errors
/// The text is no history, or too long.
pub fn read(text: &str) -> Result<Recorded, EdnError> {
    locate(text).map(|located| located.history)
}

/// Reads a history, with the place of each operation.
///
/// # Errors
/// The text is no history, or too long.
pub fn locate(text: &str) -> Result<Located, EdnError> {
    if text.len() > MAX_HISTORY_BYTES {
        return Err(EdnError { line: 0, column: 0, problem: Problem::TooLong });
    }
    let mut reader = Reader::of(text);
    let mut found = Reading::default();
    let read =
        if lines::are(reader.rest()) { lines::read(&mut reader, &mut found) } else { forms(&mut reader, &mut found) };
    read.map_err(|wrong| wrong.told(text))?;
    found.located.remarks.extend(found.jumps);
    found.located.remarks.extend(found.remarks);
    Ok(found.located)
}

/// Reads every map.
fn forms(reader: &mut Reader<'_>, found: &mut Reading) -> Result<(), Wrong> {
    let mut vector = None;
    loop {
        reader.pass_over(0)?;
        let mark = reader.here();
        match (reader.peek(), vector) {
            (Some('[' | '('), None) => {
                reader.next();
                vector = Some(mark);
            }
            (Some(']' | ')'), Some(_)) => {
                reader.next();
                vector = None;
            }
            (None, Some(begins)) => return Err(begins.wrong(Problem::Ends { inside: "a vector" })),
            (None, None) => return Ok(()),
            _ => {
                let form = reader.form(0)?;
                let time = form_time(&form);
                found.look_at_time(mark.line, time);
                if let Some(step) = step(form).map_err(|problem| mark.wrong(problem))? {
                    found.add(step, mark)?;
                }
                reader.forms = found.forms;
            }
        }
    }
}

/// What a process did according to a line.
pub(super) struct Step {
    pub process: u32,
    pub sort: Datum,
    pub function: Option<Datum>,
    pub value: Option<Datum>,
    pub index: Option<i64>,
    pub time: Option<i64>,
}

fn form_time(form: &Datum) -> Option<i64> {
    let Datum::Map(pairs) = form else {
        return if let Datum::Tagged(_, form) = form { form_time(form) } else { None };
    };
    let time = pairs.iter().find(|(key, _)| matches!(key, Datum::Keyword(word) if word == "time"));
    time.and_then(|(_, value)| whole(value))
}

fn whole(value: &Datum) -> Option<i64> {
    if let Datum::Integer(number) = value { Some(*number) } else { None }
}

/// What a client did according to a map; none if it was no client.
fn step(mut form: Datum) -> Result<Option<Step>, Problem> {
    // `#jepsen.history.Op{…}`
    while let Datum::Tagged(_, inside) = form {
        form = *inside;
    }
    let Datum::Map(mut pairs) = form else { return Err(expected("a map", &form)) };
    let mut value = |key: &str| {
        let found = pairs.iter_mut().find(|(each, _)| matches!(each, Datum::Keyword(word) if word == key));
        found.map(|(_, value)| core::mem::replace(value, Datum::Nil))
    };
    let process = match value("process").ok_or(Problem::Missing { key: ":process" })? {
        Datum::Integer(number) => {
            u32::try_from(number).map_err(|_| expected("a process's number", &Datum::Integer(number)))?
        }
        // A line about the system, not a client: `:nemesis`.
        Datum::Keyword(_) => return Ok(None),
        other => return Err(expected("a process's number", &other)),
    };
    let sort = value("type").ok_or(Problem::Missing { key: ":type" })?;
    let [index, time] = ["index", "time"].map(|key| value(key).as_ref().and_then(whole));
    Ok(Some(Step { process, sort, function: value("f"), value: value("value"), index, time }))
}

/// The history that is being read.
#[derive(Default)]
pub(super) struct Reading {
    located: Located,
    /// The number of forms in the values that are kept.
    forms: usize,
    latest: Option<i64>,
    jumps: Option<Remark>,
    pub remarks: Vec<Remark>,
}

impl Reading {
    pub(super) fn is_empty(&self) -> bool {
        self.located.history.entries().is_empty()
    }

    fn look_at_time(&mut self, line: u32, time: Option<i64>) {
        let Some(to) = time else { return };
        match (self.latest.filter(|from| *from > to), &mut self.jumps) {
            (Some(_), Some(Remark::TimeJumpsBack { times, .. })) => *times += 1,
            (Some(from), _) => self.jumps = Some(Remark::TimeJumpsBack { line, from, to, times: 1 }),
            (None, _) => self.latest = Some(to),
        }
    }

    /// Adds what a process did.
    pub(super) fn add(&mut self, step: Step, mark: Mark) -> Result<(), Wrong> {
        let spot = Spot { line: mark.line, index: step.index, time: step.time };
        let history = &mut self.located.history;
        let wrong = |problem| Err(mark.wrong(problem));
        let Datum::Keyword(word) = &step.sort else { return wrong(expected(SORTS, &step.sort)) };
        let value = step.value.unwrap_or(Datum::Nil);
        let kept = value.forms();
        let done = match word.as_str() {
            "invoke" => {
                let function = match step.function {
                    None => return wrong(Problem::Missing { key: ":f" }),
                    Some(Datum::Keyword(word)) => word,
                    Some(Datum::Symbol(word)) if !word.starts_with(['\\', '#']) => word,
                    Some(other) => return wrong(expected("what is asked, such as :read,", &other)),
                };
                if history.entries().len() == MAX_HISTORY_OPERATIONS {
                    return wrong(Problem::TooMany);
                }
                self.forms += kept;
                history.call(step.process, Call { function, value })
            }
            "ok" => {
                self.forms += kept;
                history.answer(step.process, value)
            }
            "fail" => history.fail(step.process),
            "info" => history.give_up(step.process),
            _ => return wrong(expected(SORTS, &step.sort)),
        };
        let process = step.process;
        let place = done.map_err(|disorder| mark.wrong(Problem::Disorder { process, disorder }))?;
        match self.located.spots.get_mut(place as usize) {
            Some(spots) => spots.over = Some(spot),
            None => self.located.spots.push(Spots { called: spot, over: None }),
        }
        Ok(())
    }
}

const SORTS: &str = ":invoke, :ok, :fail or :info";
