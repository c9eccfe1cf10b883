//! Texts of a comparison: one schedule, run twice.

use super::search::setting_value;
use lightcone_engine::protocol::Parameter;
use lightcone_figure::read::sentences;

/// Shows a run beside itself with one setting changed.
pub const COMPARE_WITH: &str = "Compare with…";
/// The same of one setting, which its row names.
pub const COMPARE_SETTING: &str = "Compare";
/// The same for a flaw that is on.
pub const WITH_AND_WITHOUT: &str = "Compare with and without it";
/// Shows the run alone again.
pub const CLOSE_COMPARISON: &str = "Close the comparison";
/// Before a knob's number in the lower run.
pub const BELOW_VALUE: &str = "In the lower run";
/// Where the upper run is.
pub const ABOVE: &str = "above";
/// Where the lower run is.
pub const BELOW: &str = "below";
/// The two buttons of a narrow screen that choose the run to look at.
pub const WHICH_RUN: &str = "Which run";
/// Said over a run that has no message like the one in the hand.
pub const NO_SUCH_MESSAGE: &str = "no such message here";
/// Verdicts that are others in the two runs.
pub const DIFFERS: &str = "Differs";
/// Verdicts that are not.
pub const THE_SAME: &str = "The same in both";
/// The nodes that see the same in both runs.
pub const CANNOT_TELL_APART: &str = "Cannot tell apart";
/// Where the first difference is.
pub const WHERE_THEY_PART: &str = "Where the two part";
/// Said of two runs that are the same.
pub const NEVER_PART: &str = "The two runs are the same. This setting makes no difference to this schedule.";
/// What the lower run has that the upper one has not.
pub const WHAT_DIFFERS: &str = "What is different below";
/// Changes that a move made in one run only.
pub const ONLY_ABOVE: &str = "Only above";
/// Changes that a move made in the other run only.
pub const ONLY_BELOW: &str = "Only below";
/// Of a move that does something in both runs.
pub const IN_BOTH: &str = "in both";
/// Of a move that does something in neither.
pub const IN_NEITHER: &str = "in neither run";

/// Said of nodes whose own events are the same in both runs.
#[must_use]
pub fn see_the_same(names: &[String]) -> String {
    let see = if names.len() == 1 { "sees" } else { "see" };
    format!("{} {see} the same in both runs", sentences::listed(names))
}

/// The name of the run with a flaw, or without.
#[must_use]
pub fn with_flaw(on: bool) -> &'static str {
    if on { "With the flaw" } else { "Without the flaw" }
}

/// A knob and its number: "Read repair: off".
#[must_use]
pub fn knob_at(parameter: &Parameter, value: u32) -> String {
    format!("{}: {}", parameter.name, setting_value(parameter, value))
}

/// What stands under the title of a comparison: what is said of the upper run, and of the lower one.
#[must_use]
pub fn run_twice([above, below]: [&str; 2]) -> String {
    let end = |clause: &str| sentences::within(clause.trim_end_matches('.'));
    format!("One schedule, run twice. Above, {}. Below, {}.", end(above), end(below))
}

/// Said of the run without the flaw that the other run has.
pub const FLAW_OFF: &str = "the flaw is off";

/// Of a move that does something in one run only: here, not there. Why not, unless there is no such message at all.
#[must_use]
pub fn only_in([here, there]: [&str; 2], lacks: bool, why: &str) -> String {
    if lacks {
        return format!("only {here}; there is no such message {there}");
    }
    format!("only {here}; {there}: {}", sentences::within(why))
}
