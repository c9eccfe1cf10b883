//! Writes histories that [`super::read()`] reads.

use alloc::string::String;
use core::fmt::Write;
use lightcone_judges::{Completion, Endpoint, Recorded};

/// A history, one map a line.
#[must_use]
pub fn write(history: &Recorded) -> String {
    let mut text = String::new();
    for endpoint in history.endpoints() {
        let (Endpoint::Call(place) | Endpoint::Return(place)) = *endpoint;
        let entry = &history.entries()[place as usize];
        let (sort, value) = match (endpoint, &entry.completion) {
            (Endpoint::Call(_), _) => ("invoke", &entry.operation.value),
            (Endpoint::Return(_), Completion::Answered { answer, .. }) => ("ok", answer),
            (Endpoint::Return(_), Completion::Failed { .. }) => ("fail", &entry.operation.value),
            (Endpoint::Return(_), Completion::Unknown { .. }) => ("info", &entry.operation.value),
        };
        let (process, function) = (entry.process, &entry.operation.function);
        // Writing to a string does not fail.
        _ = writeln!(text, "{{:process {process}, :type :{sort}, :f :{function}, :value {value}}}");
    }
    text
}
