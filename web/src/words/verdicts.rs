//! The words of verdicts.

use super::count;

/// At the end of a row of verdicts, of which some may not have been put to the test.
#[must_use]
pub fn more_verdicts(count: usize, some_untested: bool) -> String {
    if some_untested { format!("{count} more") } else { format!("{count} more hold") }
}

/// After the name of a property of the end that did not come to be.
pub const NOT_BY_THE_END: &str = ": not by the end";

/// After that, if the property came to be before the reader's move.
#[must_use]
pub fn before(at: lightcone_engine::Time) -> String {
    format!(" (before: {} ms)", lightcone_figure::read::sentences::moment(at))
}

/// After the name of a property of which nobody can tell, before the reason.
pub const CANNOT_TELL: &str = ": cannot tell";

/// After the name of a broken property.
#[must_use]
pub fn broken_at(at: &str) -> String {
    format!("broken at {at}")
}

/// In the note of a property that holds.
pub const HOLDS_HERE: &str = "It holds in this run.";
/// In the note of a property of the end that did not come to be, if nothing more is known.
pub const NOT_YET_HERE: &str = "It has not come about by the end of this run.";
/// The gallery's run that breaks a property.
pub const A_RUN_THAT_BREAKS_IT: &str = "A run that breaks it";

/// In the note of a property that was not put to the test.
#[must_use]
pub fn untested_here(why: &str) -> String {
    format!("Not put to the test in this run: {why}.")
}

/// In the note of a property that is not promised with a run's settings, and kept in the run: what the row says, and that.
#[must_use]
pub fn not_promised_here(why: &str) -> String {
    let mut said = [why, ". This run keeps it."].concat();
    if let Some(first) = said.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    said
}

/// After the time at which a property breaks that is not promised with a run's settings.
pub const NOT_PROMISED: &str = ", not promised";

/// How many properties have which verdict. What is not promised and does not fail by breaking is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// They hold.
    pub hold: usize,
    /// They are promised, and broken.
    pub broken: usize,
    /// They are not promised, and broken.
    pub unpromised: usize,
    /// They did not come by the end.
    pub open: usize,
    /// They were not put to the test.
    pub untested: usize,
    /// Nobody can tell.
    pub unknown: usize,
}

/// The verdicts in one line, for narrow screens, if not just one property is broken.
#[must_use]
pub fn verdict_line(all: Verdicts) -> String {
    let Verdicts { hold, broken, unpromised, open, untested, unknown } = all;
    match (hold, broken) {
        (_, 0) if unpromised > 0 => format!("{unpromised} properties are broken{NOT_PROMISED}"),
        (_, 0) if unknown > 0 => format!("Cannot judge {}", count(unknown, "property", "properties")),
        (hold, 0) if open > 0 => format!("{hold} of {} properties hold", hold + open + untested),
        (0, 0) if untested > 0 => "Nothing was tested".into(),
        (hold, 0) if untested > 0 => format!("{hold} hold, {untested} not tested"),
        (0, 0) => "Nothing is promised".into(),
        (1, 0) => "The property holds".into(),
        (hold, 0) => format!("All {hold} properties hold"),
        (_, broken) => format!("{broken} properties are broken"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_what_is_worst_first() {
        let line = |hold, broken, open, untested, unknown| {
            verdict_line(Verdicts { hold, broken, open, untested, unknown, unpromised: 0 })
        };
        assert_eq!(line(9, 0, 0, 0, 0), "All 9 properties hold");
        assert_eq!(line(3, 0, 0, 6, 0), "3 hold, 6 not tested");
        assert_eq!(line(0, 0, 0, 2, 0), "Nothing was tested");
        assert_eq!(line(3, 0, 2, 4, 0), "3 of 9 properties hold");
        assert_eq!(line(0, 0, 0, 0, 9), "Cannot judge 9 properties");
        assert_eq!(line(3, 2, 1, 1, 0), "2 properties are broken");
        assert_eq!(line(0, 0, 0, 0, 0), "Nothing is promised");
    }

    #[test]
    fn what_is_promised_comes_before_what_is_not() {
        let line = |broken, unpromised| verdict_line(Verdicts { hold: 4, broken, unpromised, ..Verdicts::default() });
        assert_eq!(line(0, 2), "2 properties are broken, not promised");
        assert_eq!(line(2, 1), "2 properties are broken");
    }

    #[test]
    fn a_note_says_why_something_is_not_promised_as_a_sentence() {
        let said = not_promised_here("best-effort broadcast does not promise it");
        assert_eq!(said, "Best-effort broadcast does not promise it. This run keeps it.");
    }
}
