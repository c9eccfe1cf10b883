//! The words of the editor.

use super::count;

/// Opens the editor.
pub const EDIT_THIS_RUN: &str = "Edit this run";
/// The last part of the breadcrumb while the editor is open.
pub const EDIT: &str = "Edit";
/// Closes the editor; the work stays.
pub const DONE: &str = "Done";
/// Closes the editor, and takes back what was written in it.
pub const DISCARD: &str = "Discard";
/// The name of a field.
pub const TITLE: &str = "Title";
/// The name of a field.
pub const NOTE: &str = "Note: what to look at";
/// The name of a field.
pub const LENGTH: &str = "Length";
/// The name of a field.
pub const DELAY: &str = "Delay";
/// The name of a field.
pub const FLAW: &str = "Flaw";
/// No flaw.
pub const NONE: &str = "None";
/// Over the text.
pub const AS_TEXT: &str = "This run as text";
/// Under the text.
pub const TEXT_FOLLOWS: &str = "The figure follows as you type. A line that cannot be read is left out, and says why.";
/// A screen reader hears it of the words that may stand at the caret.
pub const POSSIBLE_WORDS: &str = "What can stand here";
/// A screen reader hears it of the buttons with signs.
pub const SIGNS: &str = "Signs of the text";
/// Over the list of requests and faults.
pub const REQUESTS_FAULTS: &str = "Requests, faults";
/// Said of a run without requests and faults.
pub const NO_REQUESTS: &str = "None yet.";
/// The field for a new request or fault.
pub const WHAT_HAPPENS: &str = "What happens";
/// The field for its time.
pub const AT: &str = "at";
/// Adds it.
pub const ADD: &str = "Add";
/// Groups of what can be added.
pub const GROUP_REQUEST: &str = "Request";
/// Groups of what can be added.
pub const GROUP_CRASH: &str = "Crash, restart";
/// Groups of what can be added.
pub const GROUP_PAUSE: &str = "Pause, go on";
/// Groups of what can be added.
pub const GROUP_CUT: &str = "Cut, heal";

/// Every cut ends.
pub const HEAL_ALL: &str = "Heal all";

/// Some nodes do not reach others.
#[must_use]
pub fn cut_from(some: &str, others: &str) -> String {
    format!("Cut {some} from {others}")
}

/// Takes a line out.
#[must_use]
pub fn remove(what: &str) -> String {
    format!("Remove: {what}")
}

/// The time of a request or fault.
#[must_use]
pub fn time_of(what: &str) -> String {
    format!("Time of: {what}")
}

/// How much of the text is the reader's.
#[must_use]
pub fn lines_changed(number: usize) -> String {
    match number {
        0 => String::new(),
        number => format!("{} changed by you", count(number, "line", "lines")),
    }
}

/// What is said in the form of a line that is left out of the run.
#[must_use]
pub fn left_out(line: u32) -> String {
    format!("Line {line} is left out until it can be read.")
}
