//! What a run comes to, in lines for those who cannot press anything: on paper and in pictures.

use super::sentences::{made_move, moment, not_promised};
use lightcone_engine::Trace;
use lightcone_engine::run::trace::Verdict;

/// A line of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Whether it tells of a broken promise.
    pub broken: bool,
}

/// The verdicts, one line each for what is broken and one for the others of a kind; then the reader's moves.
#[must_use]
pub fn lines(trace: &Trace) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut hold, mut open, mut untested, mut unknown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut unpromised = Vec::new();
    for (place, (property, verdict)) in trace.specification().properties.iter().zip(&trace.verdicts).enumerate() {
        match verdict {
            Verdict::Broken { event, breach } => {
                let at = moment(trace.event(*event).at);
                let mut text = format!("{}, broken at {at} ms: {}", property.name, breach.sentence);
                if let Some(why) = trace.not_promised(place) {
                    text += &format!(" {}", not_promised(why));
                }
                lines.push(Line { text, broken: true });
            }
            Verdict::Holds { .. } => hold.push(property.name),
            Verdict::NotByTheEnd { .. } => open.push(property.name),
            Verdict::Untested { .. } => untested.push(property.name),
            Verdict::NotPromised { .. } => unpromised.push(property.name),
            Verdict::CannotTell { .. } => unknown.push(property.name),
        }
    }
    let others = [
        ("Holds", hold),
        ("Not by the end", open),
        ("Not put to the test", untested),
        ("Not promised, and kept", unpromised),
        ("Cannot tell", unknown),
    ];
    for (head, names) in others.into_iter().filter(|(_, names)| !names.is_empty()) {
        lines.push(Line { text: format!("{head}: {}.", names.join(", ")), broken: false });
    }
    let moves: Vec<String> = trace.scenario.moves.iter().map(|edit| made_move(trace, edit)).collect();
    if !moves.is_empty() {
        lines.push(Line { text: format!("Moves: {}.", moves.join("; ")), broken: false });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::simulate;

    #[test]
    fn what_is_broken_comes_first_and_every_property_is_named_once() {
        for exhibit in gallery::exhibits() {
            let trace = simulate(&exhibit.scenario);
            let lines = lines(&trace);
            let broken = lines.iter().filter(|line| line.broken).count();
            assert!(lines[..broken].iter().all(|line| line.broken), "{}", exhibit.slug);
            for property in trace.specification().properties {
                let told = lines.iter().filter(|line| line.text.contains(property.name)).count();
                assert!(told > 0, "{}: {}", exhibit.slug, property.name);
            }
        }
    }

    #[test]
    fn what_is_kept_without_a_promise_is_not_said_to_hold() {
        let mut trace = simulate(&gallery::find("sequencer", "one-leader").expect("the gallery has it").scenario);
        trace.verdicts[0] = Verdict::NotPromised { why: "it is best effort" };
        let said: Vec<String> = lines(&trace).into_iter().map(|line| line.text).collect();
        assert_eq!(said[1], "Not promised, and kept: Total order.");
        assert!(!said[0].contains("Total order"), "{}", said[0]);
    }

    #[test]
    fn moves_are_told_in_their_order() {
        let trace = simulate(&gallery::find("raft", "one-heartbeat-late").expect("the gallery has it").scenario);
        let last = lines(&trace).pop().expect("there are lines");
        assert_eq!(last.text, "Moves: Delayed S1’s heartbeat to S2 by 71 ms.");
    }
}
