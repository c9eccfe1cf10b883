//! A history of clients' operations, as Jepsen writes it, as a recorded run: a lane for each process, a box for each operation,
//! and what a judge says of all.

use crate::fault::{Faults, Problem};
use lightcone_engine::limits::{MAX_LOG_EVENTS, MAX_NODES};
use lightcone_engine::protocol::Breach;
use lightcone_engine::run::trace::{self, Part, Recorded, Recording};
use lightcone_engine::{EventIndex, NodeId};
use lightcone_formats::edn::{self, Located};
use lightcone_judges::{
    Completion, Consistency, Datum, Endpoint, Judgement, MAX_WHOLE_CONFIGURATIONS, OBJECT_TYPES, ObjectType, Question,
    Unfit, Unplaced, Verdict, shortened,
};

/// A history that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// What was recorded, with its verdict.
    pub recording: Recording,
    /// The name of the type of object that it is judged as; empty if none has all its operations, so that it is only drawn.
    pub object: &'static str,
    /// Why it is not linearizable, or why nobody can tell, as a sentence; empty if it is.
    pub why: String,
}

/// Whether a text looks like a history.
#[must_use]
pub fn is_history(text: &str) -> bool {
    text.contains(":invoke")
}

/// Reads and judges a history: as the type of object that is named, or else as the first that has all its operations. It
/// begins with the value that `begins` says as EDN, or as its type does.
///
/// # Errors
/// The text is no history or too long, or the type that is named does not have these operations, or cannot begin so.
pub fn history(text: &str, named: Option<&str>, begins: Option<&str>) -> Result<History, Faults> {
    let wrong = |line, why: String| Faults::only(line, Problem::History { why });
    let located = edn::locate(text).map_err(|error| wrong(error.line, error.problem.to_string()))?;
    if located.history.endpoints().len() > MAX_LOG_EVENTS {
        return Err(Faults::only(0, Problem::TooManyEvents));
    }
    let begins = begins.filter(|begins| !begins.trim().is_empty()).map(edn::value).transpose();
    let begins = begins.map_err(|error| wrong(0, format!("it cannot begin so: {}", error.problem)))?;
    let (object, verdict, why) = match judge(&located, named, begins.as_ref()) {
        Ok((object, judgement)) => {
            let (verdict, why) = told(&located, &judgement);
            (object, verdict, why)
        }
        Err(unfit) if named.is_none() && unfit.operation.is_some() => {
            let why = unfit.to_string();
            ("", trace::Verdict::CannotTell { why: why.clone() }, why)
        }
        Err(unfit) => {
            let line = unfit.operation.map_or(0, |place| located.spots[place as usize].called.line);
            return Err(wrong(line, unfit.to_string()));
        }
    };
    let recording = recording(&located, verdict)?;
    Ok(History { recording, object, why })
}

fn judge(located: &Located, named: Option<&str>, begins: Option<&Datum>) -> Result<(&'static str, Judgement), Unfit> {
    let question = Question { consistency: Consistency::Linearizable, limit: MAX_WHOLE_CONFIGURATIONS, begins };
    let named = named.filter(|named| ObjectType::by_name(named).is_some());
    let mut unfit = None;
    for object in OBJECT_TYPES.iter().filter(|object| named.is_none_or(|named| named == object.name)) {
        match object.examine(&located.history, &question) {
            Ok(judgement) => return Ok((object.name, judgement)),
            Err(why) => _ = unfit.get_or_insert(why),
        }
    }
    Err(unfit.expect("there is a type of object, and it did not fit"))
}

/// The verdict in the words of a run, and why it is so.
fn told(located: &Located, judgement: &Judgement) -> (trace::Verdict, String) {
    match &judgement.verdict {
        Verdict::Explained { .. } => (trace::Verdict::Holds { since: None }, String::new()),
        Verdict::Undecided { configurations } => {
            let why = format!("The judge gives up after {configurations} states.");
            (trace::Verdict::CannotTell { why: why.clone() }, why)
        }
        Verdict::Unexplained(unplaced) => {
            let because = judgement
                .if_it_began
                .as_ref()
                .map(|begins| format!(" If it began with {}, it would be linearizable.", shortened(begins)));
            let why = format!("{}.{}", unplaced.sentence(), because.unwrap_or_default());
            (broken(located, unplaced), why)
        }
    }
}

fn broken(located: &Located, unplaced: &Unplaced) -> trace::Verdict {
    let entries = located.history.entries();
    let end = |place: u32| {
        let entry = &entries[place as usize];
        EventIndex(if entry.end() == u32::MAX { entry.called } else { entry.end() })
    };
    let events = unplaced.because().map(end).into_iter().collect();
    let breach = Breach { sentence: unplaced.claim.clone(), nodes: Default::default(), events };
    trace::Verdict::Broken { event: end(unplaced.operation), breach }
}

/// Each end of an operation is an event, one step after the one before it.
fn recording(located: &Located, verdict: trace::Verdict) -> Result<Recording, Faults> {
    let mut processes: Vec<u32> = Vec::new();
    let mut events = Vec::new();
    for (step, endpoint) in (1..).zip(located.history.endpoints()) {
        let (Endpoint::Call(place) | Endpoint::Return(place)) = *endpoint;
        let (entry, spots) = (&located.history.entries()[place as usize], &located.spots[place as usize]);
        let lane = processes.iter().position(|process| *process == entry.process).unwrap_or(processes.len());
        let begins = matches!(endpoint, Endpoint::Call(_));
        let line = if begins { spots.called.line } else { spots.over.map_or(0, |over| over.line) };
        if lane == processes.len() {
            if lane == usize::from(MAX_NODES) {
                return Err(Faults::only(line, Problem::TooManyHosts));
            }
            processes.push(entry.process);
        }
        let asked = &entry.operation.value;
        let (text, part) = match &entry.completion {
            _ if begins && *asked == Datum::Nil => (entry.operation.function.clone(), Part::Call),
            _ if begins => (format!("{} {}", entry.operation.function, shortened(asked)), Part::Call),
            Completion::Answered { answer, .. } if answer == asked || *answer == Datum::Nil => {
                ("ok".into(), Part::Return)
            }
            Completion::Answered { answer, .. } => (shortened(answer), Part::Return),
            Completion::Failed { .. } => ("failed".into(), Part::Return),
            // It may still take effect: its box stays open.
            Completion::Unknown { .. } => ("no answer".into(), Part::None),
        };
        let node = NodeId(lane as u8);
        events.push(Recorded { node, step, line, text: text.into(), part, heard: Vec::new() });
    }
    if events.is_empty() {
        return Err(Faults::only(0, Problem::NoEvents));
    }
    let lanes = processes.iter().map(|process| format!("p{process}")).collect();
    Ok(Recording { title: String::new(), lanes, events, judged: Some(verdict) })
}
