//! Writes what [`super::read()`] reads.

use super::Datum;
use alloc::string::String;
use core::fmt::{self, Write};
use lightcone_judges::{Moment, Outcome, Recorded};

/// A history, one map a line.
#[must_use]
pub fn write(history: &Recorded) -> String {
    let mut text = String::new();
    for moment in history.moments() {
        let (Moment::Call(place) | Moment::Return(place)) = *moment;
        let entry = &history.entries()[place as usize];
        let (sort, value) = match (moment, &entry.outcome) {
            (Moment::Call(_), _) => ("invoke", &entry.operation.value),
            (Moment::Return(_), Outcome::Answered { answer, .. }) => ("ok", answer),
            (Moment::Return(_), Outcome::Failed { .. }) => ("fail", &entry.operation.value),
            (Moment::Return(_), Outcome::Unknown { .. }) => ("info", &entry.operation.value),
        };
        let (process, function) = (entry.process, &entry.operation.function);
        // A string takes everything.
        _ = writeln!(text, "{{:process {process}, :type :{sort}, :f :{function}, :value {value}}}");
    }
    text
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Datum::Nil => f.write_str("nil"),
            Datum::Boolean(truth) => write!(f, "{truth}"),
            Datum::Integer(number) => write!(f, "{number}"),
            Datum::Keyword(word) => write!(f, ":{word}"),
            Datum::Symbol(word) => f.write_str(word),
            Datum::Text(text) => {
                f.write_char('"')?;
                for each in text.chars() {
                    match each {
                        '"' | '\\' => write!(f, "\\{each}")?,
                        '\n' => f.write_str("\\n")?,
                        each => f.write_char(each)?,
                    }
                }
                f.write_char('"')
            }
            Datum::List(all) => {
                f.write_char('[')?;
                for (place, each) in all.iter().enumerate() {
                    write!(f, "{}{each}", if place == 0 { "" } else { " " })?;
                }
                f.write_char(']')
            }
            Datum::Map(all) => {
                f.write_char('{')?;
                for (place, (key, value)) in all.iter().enumerate() {
                    write!(f, "{}{key} {value}", if place == 0 { "" } else { ", " })?;
                }
                f.write_char('}')
            }
        }
    }
}
