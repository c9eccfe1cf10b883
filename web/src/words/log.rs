//! The words of logs that were recorded elsewhere.

use super::{count, grouped};

/// The page of logs, in its heading and wherever it is opened.
pub const OPEN_LOG: &str = "Open a log";
/// What a log is, over the ways to open one.
pub const LOG_INTRO: &str = "A log with vector clocks, as ShiViz takes it, is drawn as a figure: a lane for each host, an arrow for each message that the clocks tell of. Its first line is the regular expression that finds an event, with the groups host, clock and event; a second line that begins with ^ parts executions. A history of clients’ operations, as Jepsen writes it, is drawn with the operations as boxes, and judged. Nothing leaves this browser.";
/// The button that asks for a file.
pub const CHOOSE_FILE: &str = "Choose a file…";
/// Beside that button.
pub const OR_DROP: &str = "A file can be dropped on any page, too.";
/// The field for a log that is pasted.
pub const PASTE_LOG: &str = "Or paste a log here";
/// Draws what was pasted.
pub const DRAW_IT: &str = "Draw it";
/// The name of a log that was pasted.
pub const PASTED_LOG: &str = "Pasted log";
/// Gives the file back.
pub const SAVE_LOG: &str = "Download this log";
/// Margin heading over how large the log is.
pub const THE_LOG: &str = "The log";
/// Opens another log in the place of this one.
pub const ANOTHER_LOG: &str = "Open another…";
/// The heading of a log that cannot be drawn.
pub const LOG_BAD: &str = "This log cannot be drawn";
/// The choice between the executions of a log.
pub const EXECUTION: &str = "Execution";
/// The choice of what a history's operations are done to.
pub const JUDGED_AS: &str = "Judged as";
/// The field for the value that the object begins with.
pub const BEGINS_WITH: &str = "begins with";
/// Said of a history that no judge can read.
pub const NOT_JUDGED: &str = "Not judged: no type of object has all of its operations.";
/// What can be done with a log, and how its events are placed.
pub const READ_ONLY: &str =
    "Read only: what was recorded cannot be changed or run again. A step comes after all that led to it.";

/// The name of an execution that has none.
#[must_use]
pub fn execution(number: usize) -> String {
    format!("Execution {number}")
}

/// What a judge says of a history; `why` is empty if some order explains every answer.
#[must_use]
pub fn judgement(broken: bool, why: &str) -> String {
    match (broken, why) {
        (_, "") => "Linearizable: some order explains every answer.".into(),
        (true, why) => format!("Not linearizable: {why}"),
        (false, why) => format!("Cannot tell whether it is linearizable. {why}"),
    }
}

/// How large a log is; a history of clients has no messages.
#[must_use]
pub fn log_size(events: usize, lanes: usize, messages: Option<usize>) -> String {
    let events = count(events, "event", "events");
    match messages {
        Some(messages) => {
            let (hosts, messages) = (count(lanes, "host", "hosts"), count(messages, "message", "messages"));
            format!("{events} of {hosts}, {messages}.")
        }
        None => format!("{events} of {}.", count(lanes, "client", "clients")),
    }
}

/// Beside the step of an event.
#[must_use]
pub fn on_line(line: u32) -> String {
    format!(", line {line}")
}

/// Lines that are no event.
#[must_use]
pub fn no_events(lines: &[u32]) -> String {
    const MOST: usize = 5;
    let first: Vec<String> = lines.iter().take(MOST).map(u32::to_string).collect();
    let more = if lines.len() > MOST { " …" } else { "" };
    let which = if lines.len() == 1 { "line" } else { "lines" };
    let (are, first) = (if lines.len() == 1 { "is no event" } else { "are no events" }, first.join(", "));
    format!("{} {are}: {which} {first}{more}.", count(lines.len(), "line", "lines"))
}

/// Under the faults that are told.
#[must_use]
pub fn more_faults(more: u32) -> String {
    format!("And {} more of these kinds.", grouped(more as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_event_are_named() {
        assert_eq!(no_events(&[7]), "1 line is no event: line 7.");
        assert_eq!(no_events(&[1, 2, 3, 4, 5, 6]), "6 lines are no events: lines 1, 2, 3, 4, 5 ….");
        assert_eq!(log_size(1, 2, Some(0)), "1 event of 2 hosts, 0 messages.");
    }
}
