//! What is wrong with a recorded log, by line.

use lightcone_engine::limits::{MAX_LOG_BYTES, MAX_LOG_EVENTS, MAX_LOG_EXECUTIONS, MAX_LOG_FAULTS, MAX_NODES};
use std::fmt;

/// Something wrong, with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1; 0 for the whole log.
    pub line: u32,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The log is longer than [`MAX_LOG_BYTES`].
    TooLong,
    /// An execution has more than [`MAX_LOG_EVENTS`] events.
    TooManyEvents,
    /// There are more than [`MAX_NODES`] hosts.
    TooManyHosts,
    /// There are more than [`MAX_LOG_EXECUTIONS`] executions.
    TooManyExecutions,
    /// The expression cannot be read.
    Expression {
        /// Why, in words of the library that reads it.
        why: String,
    },
    /// The expression lacks a group.
    NoGroup {
        /// The group: `clock`.
        group: &'static str,
    },
    /// No line is an event.
    NoEvents,
    /// The clock is no JSON object of whole numbers.
    Clock {
        /// The clock, shortened if it is long.
        clock: String,
    },
    /// The clock does not count its own host.
    NoOwn {
        /// The host.
        host: String,
    },
    /// Two lines count the same event.
    Twice {
        /// The host.
        host: String,
        /// The event of it that both count.
        count: u32,
        /// The line that counted it first.
        other: u32,
    },
    /// The host counts up by more than one.
    Skips {
        /// The host.
        host: String,
        /// What it counts here.
        count: u32,
        /// What it counted before, and on which line; none if this is its first event.
        before: Option<(u32, u32)>,
    },
    /// The host knows less of another than before.
    Back {
        /// The host.
        host: String,
        /// The host of which it knows less.
        of: String,
        /// How many events of that it knows here.
        count: u32,
        /// How many it knew before, and on which line.
        before: (u32, u32),
    },
    /// The host knows of an event that no line tells of.
    Unknown {
        /// The host.
        host: String,
        /// The host that the event would be of.
        of: String,
        /// Which event of it.
        count: u32,
    },
    /// The host knows of an event, but not of all that was known there.
    Forgets {
        /// The line of that event.
        other: u32,
        /// The host of which more was known there.
        of: String,
        /// How many events of it are known here, and were known there.
        counts: (u32, u32),
    },
    /// The text is no history, or its operations are not those of the object.
    History {
        /// Why, as a sentence.
        why: String,
    },
    /// Events that lead to each other.
    Circle {
        /// Their other lines, in order.
        others: Vec<u32>,
    },
}

impl Problem {
    /// Problems of one kind have the same number.
    fn kind(&self) -> std::mem::Discriminant<Problem> {
        std::mem::discriminant(self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::TooLong => write!(f, "the log has more than {} MiB", MAX_LOG_BYTES >> 20),
            Problem::TooManyEvents => write!(f, "an execution has more than {MAX_LOG_EVENTS} events"),
            Problem::TooManyHosts => write!(f, "there are more than {MAX_NODES} hosts or processes"),
            Problem::TooManyExecutions => write!(f, "there are more than {MAX_LOG_EXECUTIONS} executions"),
            Problem::Expression { why } => write!(f, "the regular expression cannot be read: {why}"),
            Problem::NoGroup { group } => write!(f, "the regular expression has no group (?<{group}>…)"),
            Problem::NoEvents => f.write_str("the regular expression matches no event"),
            Problem::Clock { clock } => write!(f, "the clock is no JSON object of counts: {clock}"),
            Problem::NoOwn { host } => write!(f, "the clock of {host} does not count {host} itself"),
            Problem::Twice { host, count, other } => {
                write!(f, "this is event {count} of {host}, and so is line {other}")
            }
            Problem::Skips { host, count, before: Some((before, line)) } => {
                write!(f, "{host} counts {count}, and {before} on line {line} before: nothing lies between")
            }
            Problem::Skips { host, count, before: None } => {
                write!(f, "{host} begins with event {count}: its events are counted from 1")
            }
            Problem::Back { host, of, count, before: (before, line) } => {
                let (here, there) = (of_host(*count, of), before);
                write!(f, "{host} knows {here}, and knew {there} on line {line}: a clock does not go back")
            }
            Problem::Unknown { host, of, count } => {
                write!(f, "{host} knows event {count} of {of}, and no line tells of that")
            }
            Problem::Forgets { other, of, counts: (here, there) } => {
                write!(f, "this comes after line {other}, where {} were known; here {here}", of_host(*there, of))
            }
            Problem::History { why } => f.write_str(why.trim_end_matches('.')),
            Problem::Circle { others } => {
                let lines: Vec<String> = others.iter().map(|line| format!("{line}")).collect();
                let (word, lines) = (if others.len() == 1 { "line" } else { "lines" }, lines.join(", "));
                write!(f, "this comes before and after {word} {lines}: the clocks go in a circle")
            }
        }
    }
}

fn of_host(count: u32, host: &str) -> String {
    format!("{count} {} of {host}", if count == 1 { "event" } else { "events" })
}

/// `Line 12: this is event 3 of alice, and so is line 4.`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => {
                let said = format!("{}", self.problem);
                let mut letters = said.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                write!(f, "{}{}.", first.unwrap_or_default(), letters.as_str())
            }
            line => write!(f, "Line {line}: {}.", self.problem),
        }
    }
}

/// All that is wrong with a log or an execution: a few of each kind, by line, and how many more there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The first of each kind, at most [`MAX_LOG_FAULTS`].
    pub told: Vec<Fault>,
    /// How many more there are of these kinds.
    pub more: u32,
}

impl Faults {
    /// Adds one.
    pub(crate) fn add(&mut self, line: u32, problem: Problem) {
        let like = self.told.iter().filter(|fault| fault.problem.kind() == problem.kind()).count();
        if like < MAX_LOG_FAULTS {
            let place = self.told.partition_point(|fault| fault.line <= line);
            self.told.insert(place, Fault { line, problem });
        } else {
            self.more += 1;
        }
    }

    /// One alone.
    pub(crate) fn only(line: u32, problem: Problem) -> Faults {
        let mut faults = Faults::default();
        faults.add(line, problem);
        faults
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}
