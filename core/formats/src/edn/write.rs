//! Writes what [`super::read()`] reads.

use alloc::string::String;
use core::fmt::Write;
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
