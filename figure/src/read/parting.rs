//! Two runs of one schedule: where they part, and what a move changed in both of them or in one. A pure function.

use crate::read::changes::{self, Change};
use crate::read::sentences;
use lightcone_engine::id::EventIndex;
use lightcone_engine::{Time, Trace};

/// Where two runs part, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The moment of the first difference.
    pub at: Time,
    /// What happens then in both runs; none if the runs differ in that.
    pub both: Option<String>,
    /// What comes of it in each run, or what happens there: first in the upper one. They have no verb where the event is one.
    pub each: [String; 2],
}

/// Where two runs part; none if they are the same.
#[must_use]
pub fn parting(above: &Trace, below: &Trace) -> Option<Parting> {
    let place = changes::first_differing(above, below)?;
    let event = |trace: &Trace| trace.events.get(place).map(|event| (event.at, event.cause));
    let at = event(above).into_iter().chain(event(below)).map(|(at, _)| at).min()?;
    let index = EventIndex(u32::try_from(place).ok()?);
    let runs = [above, below];
    if event(above) == event(below) {
        let both = Some(sentences::event(above, index));
        return Some(Parting { at, both, each: runs.map(|trace| came_of(trace, index)) });
    }
    let happens = |trace: &Trace| match event(trace) {
        Some((when, _)) if when == at => sentences::event(trace, index),
        Some((when, _)) => format!("{} at {} ms", sentences::event(trace, index), sentences::moment(when)),
        None => "nothing more".to_owned(),
    };
    Some(Parting { at, both: None, each: runs.map(happens) })
}

fn came_of(trace: &Trace, index: EventIndex) -> String {
    let said = sentences::came_of(trace, index);
    if said.is_empty() { "nothing more".to_owned() } else { said }
}

/// What a move changed in two runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// In both, at the same moments.
    pub both: Vec<Change>,
    /// In the upper run only.
    pub above: Vec<Change>,
    /// In the lower run only.
    pub below: Vec<Change>,
}

/// What a move changed: each run before and after it, the upper one first.
#[must_use]
pub fn changed(above: [&Trace; 2], below: [&Trace; 2]) -> Changes {
    let of = |[before, after]: [&Trace; 2]| changes::between(before, after);
    let (above, below) = (of(above), of(below));
    let (both, above): (Vec<Change>, _) = above.into_iter().partition(|change| below.contains(change));
    let below = below.into_iter().filter(|change| !both.contains(change)).collect();
    Changes { both, above, below }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::{Edit, Scenario, simulate};

    /// The stale read, and the same schedule with readers that write back.
    fn stale() -> [Scenario; 2] {
        let without = gallery::find("quorum", "r-plus-w-but-stale").expect("the gallery has it").scenario;
        let mut with = without.clone();
        let parameters = without.protocol.specification().parameters;
        let abd = parameters.iter().position(|parameter| parameter.id == "abd").expect("a knob");
        with.settings.parameters[abd] = 1;
        [without, with]
    }

    #[test]
    fn runs_part_where_the_same_event_has_other_effects() {
        let [above, below] = stale().map(|scenario| simulate(&scenario));
        let parting = parting(&above, &below).expect("they differ");
        assert!(parting.both.as_ref().is_some_and(|both| both.starts_with("c2 receives ")), "{parting:?}");
        assert!(parting.each[0].contains("is answered"), "{parting:?}");
        assert!(parting.each[1].contains("sends write-back to N1, N2 and N3"), "{parting:?}");
    }

    #[test]
    fn runs_that_are_the_same_part_nowhere() {
        let [one, _] = stale().map(|scenario| simulate(&scenario));
        assert_eq!(parting(&one, &one), None);
    }

    #[test]
    fn runs_that_send_the_same_part_where_one_commits_and_the_other_does_not() {
        let with = gallery::find("raft", "figure-8").expect("the gallery has it").scenario;
        let mut without = with.clone();
        without.settings.flaws = Default::default();
        let parting = parting(&simulate(&with), &simulate(&without)).expect("only one commits");
        assert!(parting.each[0].contains("x = 1 commits"), "{parting:?}");
        assert!(!parting.each[1].contains("commits"), "{parting:?}");
    }

    #[test]
    fn a_run_that_ends_before_the_other_says_so() {
        let [whole, _] = stale();
        let short = Scenario { horizon: Time::from_millis(100), ..whole.clone() };
        let parting = parting(&simulate(&short), &simulate(&whole)).expect("one goes on");
        assert_eq!((parting.both, parting.each[0].as_str()), (None, "nothing more"));
    }

    #[test]
    fn a_change_is_told_of_both_runs_once_and_of_one_where_it_is() {
        let scenarios = stale();
        let [above, below] = scenarios.clone().map(|scenario| simulate(&scenario));
        // The second read cannot be answered without this message.
        let late = above.messages.iter().filter(|message| above.label(message) == "x = 1 (1, c1)");
        let late = late.max_by_key(|message| message.sent).expect("N2 or N3 answers the second read").id;
        let [above_after, below_after] = scenarios.map(|mut scenario| {
            scenario.moves.push(Edit::Drop { message: late });
            simulate(&scenario)
        });
        let told = changed([&above, &above_after], [&below, &below_after]);
        for change in &told.both {
            assert!(!told.above.contains(change) && !told.below.contains(change));
        }
        let same = changed([&above, &above_after], [&above, &above_after]);
        assert!(!same.both.is_empty() && same.above.is_empty() && same.below.is_empty());
    }
}
