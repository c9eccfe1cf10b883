//! The words of a search.

use super::{count, flagged, grouped};

/// Looks for a run that breaks a promise.
pub const BREAK_IT: &str = "Break it from here";
/// What a screen reader hears of a search in the margin.
pub const SEARCHED: &str = "Search";
/// Gives the margin back to the run.
pub const CLOSE_SEARCH: &str = "Close the search";
/// Leads back to it.
pub const BACK_TO_SEARCH: &str = "Back to the search";
/// A search that goes on.
pub const SEARCHING: &str = "Searching";
/// More on it.
pub const SEARCHING_MORE: &str = "Every order, the short runs first.";
/// It found nothing.
pub const FOUND_NOTHING: &str = "Nothing found";
/// The reader stopped it.
pub const SEARCH_STOPPED: &str = "Stopped";
/// More on it.
pub const SEARCH_STOPPED_MORE: &str = "Nothing found until then. This is no proof.";
/// It ended by itself, and not because it was done.
pub const SEARCH_FAILED: &str = "The search stopped by itself";
/// More on it.
pub const SEARCH_FAILED_MORE: &str = "These are its last numbers. Nothing found until then; this is no proof.";
/// It found a run, and then ended by itself.
pub const FOUND_FAILED: &str = "The search stopped by itself before every shorter run was tried.";
/// It found a run, and was stopped then.
pub const FOUND_STOPPED: &str = "Stopped before every shorter run was tried.";
/// It found a run and goes on.
pub const FOUND_GOING: &str = "Looking for a shorter run.";
/// The numbers of a search.
pub const STATES: &str = "States";
/// The numbers of a search.
pub const DEPTH: &str = "Depth";
/// The numbers of a search.
pub const SPEED_OF_SEARCH: &str = "Speed";
/// How probable it is that it took two different states for one.
pub const MISTAKEN: &str = "Mix-up";
/// What it tried.
pub const WITHIN: &str = "Bounds";
/// Under the bars.
pub const LEVELS: &str = "New states at each depth, log scale";
/// Margin heads: what was found.
pub const THE_RUN: &str = "The run";
/// Opens what was found.
pub const SHOW_FOUND: &str = "Show the run that was found";
/// Ends a search.
pub const STOP_SEARCH: &str = "Stop";
/// Searches once more.
pub const SEARCH_AGAIN: &str = "Search again";
/// Searches once more, for comparison.
pub const WITHOUT_FLAW: &str = "Switch the flaw off and search again";
/// Unfolds the bounds of the next search.
pub const HOW_FAR: &str = "How far to search";
/// Takes back what was said of them.
pub const USUAL_BOUNDS: &str = "As far as usual";
/// A bound.
pub const EVENTS_AT_MOST: &str = "events";
/// A bound.
pub const STATES_AT_MOST: &str = "states kept";
/// Opens the run as a test.
pub const EXPORT_TEST: &str = "Export as test";

/// Over the numbers of a search.
#[must_use]
pub fn search_from(at: Option<lightcone_engine::Time>) -> String {
    at.map_or_else(|| "Search from the start".into(), |at| format!("Search from {}", flagged(at)))
}

/// How many states, and in how long.
#[must_use]
pub fn in_time(states: &str, millis: u32) -> String {
    format!("{states} in {}.{:02} s", millis / 1_000, millis / 10 % 100)
}

/// A small probability.
#[must_use]
pub fn below_two_to(exponent: i32) -> String {
    format!("two states for one: probability below 2^{exponent}")
}

/// How fast it is.
#[must_use]
pub fn a_second(states: usize) -> String {
    format!("{} states/s", grouped(states))
}

/// What it found.
#[must_use]
pub fn found_in(events: u8) -> String {
    format!("Found in {}", count(events.into(), "event", "events"))
}

/// It found the shortest.
#[must_use]
pub fn none_shorter(events: u8) -> String {
    match events {
        0 | 1 => "No run is shorter.".into(),
        events => format!("No run of {} or fewer breaks it.", events - 1),
    }
}

/// It found a run, and then had no room for more states.
#[must_use]
pub fn none_to(events: u8) -> String {
    format!("No run of {events} or fewer breaks it. Then the search had as many states as it keeps.")
}

/// It tried everything inside its bounds; `ended` if no run within them is as long as they allow.
#[must_use]
pub fn tried_all(states: usize, ended: bool) -> String {
    let states = count(states, "state", "states");
    if ended {
        format!(
            "All {states} were tried: no run with these faults breaks it, however long. More faults were not tried."
        )
    } else {
        format!("All {states} were tried. Longer runs and more faults were not, so this is not a proof.")
    }
}

/// Nothing was found, and a flaw is on.
pub const NO_REQUESTS: &str = " Nothing new was asked: new requests are among what can be searched.";
/// Something is broken where the search began.
pub const BROKEN_BEFORE: &str = " What is broken already was not looked for.";

/// It had no room for more states.
#[must_use]
pub fn tried_to(events: u8) -> String {
    format!(
        "All runs of {events} or fewer events were tried; then the search had as many states as it keeps. This is not a proof."
    )
}

/// The bars as a sentence.
#[must_use]
pub fn levels(first: usize, depth: usize, last: usize) -> String {
    format!("New states at each depth, {} at depth 0 to {} at depth {depth}", grouped(first), grouped(last))
}

/// An event of a run that was found.
#[must_use]
pub fn step(number: usize) -> String {
    format!("event {number}")
}

/// The clock of a run whose events are numbered.
#[must_use]
pub fn of_steps(all: usize) -> String {
    format!(" of {}", count(all, "event", "events"))
}

/// The title of a run that was found.
#[must_use]
pub fn broken_in(property: &str, events: usize) -> String {
    format!("{property} broken in {}", count(events, "event", "events"))
}

/// The note of a run that was found, from the sentence of what it breaks.
#[must_use]
pub fn found_note(sentence: &str) -> String {
    format!(
        "{}. It is a run like any other: drag it.",
        lightcone_figure::read::sentences::sentence(sentence.trim_end_matches('.'))
    )
}
