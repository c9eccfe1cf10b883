//! Reads a log: its expressions, its executions, and the lines of each.

use crate::expression::{USUAL, compile};
use crate::fault::{Faults, Problem};
use crate::{clock, order};
use lightcone_engine::limits::{MAX_LOG_BYTES, MAX_LOG_EVENT_BYTES, MAX_LOG_EVENTS, MAX_LOG_EXECUTIONS};
use lightcone_engine::run::trace::Recording;
use regex_lite::{Captures, Regex};
use std::borrow::Cow;
use std::rc::Rc;

/// A log that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its executions, in order; at least one.
    pub executions: Vec<Execution>,
}

/// A run that a log tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Its name in the log; empty if it has none.
    pub label: String,
    /// What was recorded, or all that is wrong with it.
    pub read: Result<Recording, Faults>,
    /// Lines that are no part of an event.
    pub left_out: Vec<u32>,
}

/// An event as its lines say it.
pub(crate) struct Line {
    pub number: u32,
    pub host: String,
    pub clock: Vec<(String, u32)>,
    pub text: Rc<str>,
}

/// Whether a text looks like a log: it begins with an expression, or a clock ends one of its first two lines.
#[must_use]
pub fn is_log(text: &str) -> bool {
    let mut lines = text.trim_start_matches(BLANK).lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let clock = |line: &str| line.trim_end().ends_with('}') && line.contains(" {\"");
    names_groups(first) || clock(first) || clock(second)
}

/// What may stand before a log: a mark of the text's encoding, blank lines.
const BLANK: [char; 4] = ['\u{feff}', '\n', '\r', ' '];

fn names_groups(line: &str) -> bool {
    ["(?<host>", "(?<clock>", "(?<event>"].iter().any(|group| line.contains(group))
}

/// The usual form in which a text begins.
fn usual(text: &str) -> Option<Regex> {
    let begins = text.trim_start_matches(BLANK);
    let two = begins.match_indices('\n').nth(1).map_or(begins, |(end, _)| &begins[..end]);
    let mut usual = USUAL.iter().filter_map(|expression| compile(expression).ok());
    usual.find(|expression| {
        expression.captures(two).is_some_and(|found| found.get(0).is_some_and(|all| all.start() == 0))
    })
}

/// Reads a log.
///
/// # Errors
/// It is too long, or its expressions cannot be read. What is wrong with one execution is told there.
pub fn read(text: &str) -> Result<Log, Faults> {
    if text.len() > MAX_LOG_BYTES {
        return Err(Faults::only(0, Problem::TooLong));
    }
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let head = Head::of(&text)?;
    let executions = head.executions(&text)?;
    let executions = executions.into_iter().map(|(label, from, to)| {
        let mut faults = Faults::default();
        let (lines, left_out) = lines(&head.event, &text[..to], from, &mut faults);
        // Of an execution that is cut short, the clocks would tell of events that were not read.
        let whole = lines.len() < MAX_LOG_EVENTS || faults.is_empty();
        let read = if whole { order::recording(&lines, &mut faults) } else { None };
        let read = read.filter(|_| faults.is_empty()).ok_or(faults);
        Execution { read: read.map(|read| Recording { title: label.clone(), ..read }), label, left_out }
    });
    Ok(Log { executions: executions.collect() })
}

/// The beginning of a log: its expressions, and where its events begin.
struct Head {
    event: Regex,
    delimiter: Option<Regex>,
    begins: usize,
}

impl Head {
    fn of(text: &str) -> Result<Head, Faults> {
        let (at, first) = line_at(text, text.len() - text.trim_start_matches(BLANK).len());
        if !names_groups(first) {
            let Some(event) = usual(text) else { return Err(Faults::only(0, Problem::NoEvents)) };
            return Ok(Head { event, delimiter: None, begins: 0 });
        }
        let number = number_of(text, at);
        let wrong = |line| move |why| Faults::only(line, Problem::Expression { why });
        let event = compile(first.trim()).map_err(wrong(number))?;
        for group in ["host", "clock", "event"] {
            if !event.capture_names().any(|name| name == Some(group)) {
                return Err(Faults::only(number, Problem::NoGroup { group }));
            }
        }
        let begins = (at + first.len() + 1).min(text.len());
        let (_, second) = line_at(text, begins);
        if !(second.starts_with('^') || second.contains("(?<trace>")) {
            return Ok(Head { event, delimiter: None, begins });
        }
        let delimiter = compile(second.trim()).map_err(wrong(number + 1))?;
        Ok(Head { event, delimiter: Some(delimiter), begins: (begins + second.len() + 1).min(text.len()) })
    }

    /// The executions: the name, the beginning and the end of each.
    fn executions(&self, text: &str) -> Result<Vec<(String, usize, usize)>, Faults> {
        let mut found = vec![(String::new(), self.begins, text.len())];
        for parts in self.delimiter.iter().flat_map(|delimiter| delimiter.captures_iter(&text[self.begins..])) {
            let Some(all) = parts.get(0) else { continue };
            if all.is_empty() {
                continue;
            }
            if let Some(last) = found.last_mut() {
                last.2 = self.begins + all.start();
            }
            let label = parts.name("trace").map_or("", |label| label.as_str()).trim();
            found.push((label.to_string(), self.begins + all.end(), text.len()));
            if found.len() > MAX_LOG_EXECUTIONS + 1 {
                return Err(Faults::only(number_of(text, self.begins + all.start()), Problem::TooManyExecutions));
            }
        }
        let all = found.len();
        found.retain(|(_, from, to)| all == 1 || !text[*from..*to].trim().is_empty());
        Ok(found)
    }
}

/// The rest of the line from a place on.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    (at, text[at..].split('\n').next().unwrap_or(""))
}

/// The number of the line at a place.
fn number_of(text: &str, at: usize) -> u32 {
    1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() as u32
}

/// The events from a place of a text to its end, and the lines that are none.
fn lines(event: &Regex, text: &str, from: usize, faults: &mut Faults) -> (Vec<Line>, Vec<u32>) {
    let (mut events, mut left_out) = (Vec::new(), Vec::new());
    let (mut at, mut number) = (from, number_of(text, from));
    while at < text.len() {
        let within = end_of_line(text, at + MAX_LOG_EVENT_BYTES);
        let found =
            event.captures_at(&text[..within], at).filter(|found| found.get(0).is_some_and(|all| !all.is_empty()));
        let next = found.as_ref().and_then(|found| found.get(0)).map(|all| (all.start(), all.end()));
        let (begins, ends) = next.unwrap_or((end_of_line(text, at + 1), end_of_line(text, at + 1)));
        for line in text[at..begins].split_inclusive('\n') {
            if !line.trim().is_empty() {
                left_out.push(number);
            }
            number += u32::from(line.ends_with('\n'));
        }
        if let Some(found) = found {
            if events.len() == MAX_LOG_EVENTS {
                faults.add(number, Problem::TooManyEvents);
                break;
            }
            events.extend(line(&found, number, faults));
        }
        number += text[begins..ends].matches('\n').count() as u32;
        at = ends;
    }
    if events.is_empty() && faults.is_empty() {
        faults.add(0, Problem::NoEvents);
    }
    (events, left_out)
}

/// The end of the line in which a place is, its line break included.
fn end_of_line(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let rest = bytes.get(at.saturating_sub(1)..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |more| at.saturating_sub(1) + more + 1)
}

fn line(found: &Captures<'_>, number: u32, faults: &mut Faults) -> Option<Line> {
    let group = |name| found.name(name).map_or("", |group| group.as_str());
    let json = group("clock");
    let Some(clock) = clock::read(json) else {
        const LONGEST: usize = 60;
        let mut clock: String = json.chars().take(LONGEST).collect();
        if clock.len() < json.len() {
            clock.push('…');
        }
        faults.add(number, Problem::Clock { clock });
        return None;
    };
    Some(Line { number, host: group("host").to_string(), clock, text: group("event").trim().into() })
}
