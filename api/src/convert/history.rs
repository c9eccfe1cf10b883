//! Histories and their values.

use crate::form::{Code, Datum, Error, FORM, History, MOST_EXACT, Reported, ReportedEvent, Spot, Whole};
use lightcone_engine::limits::MAX_HISTORY_OPERATIONS;
use lightcone_judges::{self as judges, Call, Completion, Disorder, Endpoint, Recorded};

/// The form of a history.
#[must_use]
pub fn history(core: &Recorded) -> History {
    let event = |endpoint: &Endpoint| {
        let (Endpoint::Call(place) | Endpoint::Return(place)) = *endpoint;
        let entry = &core.entries()[place as usize];
        let asked = &entry.operation.value;
        let (what, value) = match (endpoint, &entry.completion) {
            (Endpoint::Call(_), _) => (Reported::Invoke, asked),
            (Endpoint::Return(_), Completion::Answered { answer, .. }) => (Reported::Ok, answer),
            (Endpoint::Return(_), Completion::Failed { .. }) => (Reported::Fail, asked),
            (Endpoint::Return(_), Completion::Unknown { .. }) => (Reported::Info, asked),
        };
        let f = Some(entry.operation.function.clone());
        ReportedEvent { process: entry.process, what, f, value: datum(value), index: None, time: None }
    };
    History { lightcone: FORM, events: core.endpoints().iter().map(event).collect() }
}

/// By operation: where it was asked, and where it ended.
pub type Spots = Vec<(Spot, Option<Spot>)>;

/// The history that a form means, and of each operation where it was asked and where it ended.
///
/// # Errors
/// An event that cannot follow those before it, or that says too little.
pub fn to_history(form: &History) -> Result<(Recorded, Spots), Error> {
    if form.lightcone != FORM {
        let message =
            format!("This history has version {} of the form; this program reads version {FORM}.", form.lightcone);
        return Err(Error::new(Code::TooNew, message));
    }
    let (mut history, mut spots) = (Recorded::default(), Spots::new());
    for (place, event) in (0..).zip(&form.events) {
        let spot = Spot { line: None, event: Some(place), index: event.index, time: event.time };
        let done = add(&mut history, event).map_err(|error| error.inside(&format!("events[{place}]")))?;
        match spots.get_mut(done as usize) {
            Some((_, over)) => *over = Some(spot),
            None => spots.push((spot, None)),
        }
    }
    Ok((history, spots))
}

fn add(history: &mut Recorded, event: &ReportedEvent) -> Result<u32, Error> {
    let process = event.process;
    let done = match event.what {
        Reported::Invoke => {
            let missing = || Error::new(Code::WrongForm, "An operation that is asked needs a name: `f`.");
            let function = event.f.clone().ok_or_else(missing)?;
            if history.entries().len() == MAX_HISTORY_OPERATIONS {
                let message = format!("There are more operations than the limit of {MAX_HISTORY_OPERATIONS}.");
                return Err(Error::new(Code::TooLong, message));
            }
            history.call(process, Call { function, value: to_datum(&event.value)? })
        }
        Reported::Ok => history.answer(process, to_datum(&event.value)?),
        Reported::Fail => history.fail(process),
        Reported::Info => history.give_up(process),
    };
    done.map_err(|disorder| {
        let did = match disorder {
            Disorder::AsksWhileWaiting => "asks while it waits for an answer",
            Disorder::AnsweredWithoutAsking => "is answered while it waits for nothing",
        };
        Error::new(Code::Disorder, format!("Process {process} {did}."))
    })
}

/// The form of a value.
#[must_use]
pub fn datum(core: &judges::Datum) -> Datum {
    match core {
        judges::Datum::Nil => Datum::Nothing,
        judges::Datum::Boolean(truth) => Datum::Boolean(*truth),
        judges::Datum::Integer(number) if number.unsigned_abs() <= MOST_EXACT => Datum::Integer(*number),
        judges::Datum::Integer(number) => Datum::Large { integer: number.to_string() },
        judges::Datum::Keyword(word) => Datum::Keyword { keyword: word.clone() },
        judges::Datum::Text(text) => Datum::Text(text.clone()),
        judges::Datum::Symbol(word) => Datum::Symbol { symbol: word.clone() },
        judges::Datum::List(all) => Datum::List(all.iter().map(datum).collect()),
        judges::Datum::Set(all) => Datum::Set { set: all.iter().map(datum).collect() },
        judges::Datum::Map(all) => {
            Datum::Map { map: all.iter().map(|(key, value)| (datum(key), datum(value))).collect() }
        }
        judges::Datum::Tagged(tag, value) => Datum::Tagged { tag: tag.clone(), value: Box::new(datum(value)) },
    }
}

/// The value that a form means.
///
/// # Errors
/// A large number is none.
pub fn to_datum(form: &Datum) -> Result<judges::Datum, Error> {
    let all = |list: &[Datum]| list.iter().map(to_datum).collect::<Result<Vec<_>, Error>>();
    Ok(match form {
        Datum::Nothing => judges::Datum::Nil,
        Datum::Boolean(truth) => judges::Datum::Boolean(*truth),
        Datum::Integer(number) => judges::Datum::Integer(*number),
        Datum::Large { integer } => {
            let wrong = || Error::new(Code::OutOfBounds, "`integer` must be a whole number of 64 bits, as text.");
            judges::Datum::Integer(integer.parse().map_err(|_| wrong())?)
        }
        Datum::Keyword { keyword } => judges::Datum::Keyword(keyword.clone()),
        Datum::Text(text) => judges::Datum::Text(text.clone()),
        Datum::Symbol { symbol } => judges::Datum::Symbol(symbol.clone()),
        Datum::List(list) => judges::Datum::List(all(list)?),
        Datum::Set { set } => judges::Datum::Set(in_order(all(set)?)),
        Datum::Map { map } => {
            let pairs = map.iter().map(|(key, value)| Ok((to_datum(key)?, to_datum(value)?)));
            judges::Datum::Map(in_order(pairs.collect::<Result<_, Error>>()?))
        }
        Datum::Tagged { tag, value } => judges::Datum::Tagged(tag.clone(), Box::new(to_datum(value)?)),
    })
}

/// Sets and maps are kept in order, so that two with the same elements are equal.
fn in_order<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all.dedup();
    all
}

/// A number of the host's own.
pub(crate) fn whole(number: Option<i64>) -> Option<Whole> {
    number.map(Whole)
}
