//! The words of the first page.

use super::count;
use lightcone_content::find::Place;

/// The first page's heading.
pub const HERO: &str = "You are the network.";
/// What the first page says beside its heading.
pub const HERO_INTRO: &str = "Real protocols, drawn in time. Take a message by its head and make it late: the rest of the run is worked out again while you hold it.";
/// The button under the first figure.
pub const OPEN_THIS_RUN: &str = "Open this run";
/// The button under the first figure that brings back the run as it came.
pub const AS_IT_CAME: &str = "Reset";
/// Under the first figure, once its reader has put back what was moved.
pub const NOTHING_MOVED: &str = "Nothing is moved: the run as it goes by itself.";
/// The link to the lessons.
pub const LEARN: &str = "Learn";
/// The field that finds runs.
pub const SEARCH: &str = "Find a run";
/// Said when no run is meant by the words in that field.
pub const NOTHING_FOUND: &str = "No run and no protocol has these words.";
/// While the runs that may be found are fetched.
pub const FETCHING_RUNS: &str = "Fetching all runs.";
/// Instead of the counts of a chapter that has no protocol yet.
pub const NO_RUNS_YET: &str = "No runs yet";

/// How much there is in a chapter.
#[must_use]
pub fn chapter_counts(protocols: usize, runs: usize) -> String {
    match protocols {
        0 => NO_RUNS_YET.into(),
        _ => format!("{}, {}", count(protocols, "protocol", "protocols"), count(runs, "run", "runs")),
    }
}

/// Unfolds the runs of a protocol.
#[must_use]
pub fn runs_of(number: usize, protocol: &str) -> String {
    format!("{} of {protocol}", count(number, "run", "runs"))
}

/// Over what was found.
#[must_use]
pub fn found(number: usize) -> String {
    match number {
        0 => NOTHING_FOUND.into(),
        number => format!("{} found", super::grouped(number)),
    }
}

/// Why something was found: `term: split brain`. A title speaks for itself.
#[must_use]
pub fn reason(place: Place, text: &str) -> Option<String> {
    let word = match place {
        Place::Title => return None,
        Place::Term => "term",
        Place::Protocol => "protocol",
        Place::Breaks => "breaks",
        Place::Misses => "not by the end",
        Place::Property => "property",
        Place::Flaw => "flaw",
        Place::Knob => "knob",
        Place::Text => "text",
    };
    Some(format!("{word}: {}", text.trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_says_where_the_words_stand() {
        assert_eq!(reason(Place::Term, "network partition").as_deref(), Some("term: network partition"));
        assert_eq!(reason(Place::Breaks, "Election safety").as_deref(), Some("breaks: Election safety"));
        assert_eq!(reason(Place::Title, "A split vote"), None);
    }

    #[test]
    fn a_chapter_says_how_much_there_is() {
        assert_eq!(chapter_counts(2, 46), "2 protocols, 46 runs");
        assert_eq!(chapter_counts(0, 0), NO_RUNS_YET);
    }
}
