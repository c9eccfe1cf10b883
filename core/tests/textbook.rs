//! State counts that are known from other checkers: the textbook's two-phase commit has 288 states with 3 managers, 8,832
//! with 5 and 296,448 with 7, the last of them after 22 events.

#[path = "search/mod.rs"]
mod models;

use lightcone_search::{Ending, Progress, Reductions};

fn two_phase(managers: u8, dead_messages: bool, commutation: bool) -> Progress {
    let mut search = models::two_phase(managers, Reductions { dead_messages, symmetry: false, commutation });
    assert_eq!(search.run(), Ending::Exhausted);
    search.progress()
}

#[test]
fn two_phase_commit_has_as_many_states_as_in_the_textbook() {
    for (managers, states) in [(3, 288), (5, 8_832)] {
        let (all, awake) = (two_phase(managers, true, false), two_phase(managers, true, true));
        assert_eq!(all.states, states, "{managers} managers");
        assert_eq!(all.levels, awake.levels, "of two orders of events one reaches the same");
        assert!(awake.tried < all.tried, "{} and {}", awake.tried, all.tried);
    }
}

#[test]
fn two_phase_commit_of_seven_managers_is_as_deep_as_in_the_textbook() {
    let progress = two_phase(7, true, true);
    assert_eq!((progress.states, progress.levels.len()), (296_448, 23));
}

#[test]
fn messages_that_never_matter_are_states_of_their_own_in_a_plain_search() {
    let (all, awake) = (two_phase(3, false, false), two_phase(3, false, true));
    assert_eq!(all.states, 801);
    assert_eq!(all.levels, awake.levels);
}

/// Its depth is not a function of the state, as it is in two-phase commit: a choice that sleeps where it must not costs
/// states here. `bench/` counts as many with another checker.
#[test]
fn single_decree_paxos_has_as_many_states_whether_or_not_events_commute() {
    let [all, awake] = [false, true].map(|commutation| {
        let mut search = models::synod(Reductions { commutation, ..Reductions::NONE });
        assert_eq!(search.run(), Ending::Exhausted);
        search.progress()
    });
    assert_eq!((all.states, all.levels.len()), (157_931, 23));
    assert_eq!(all.levels, awake.levels);
    assert!(awake.tried < all.tried / 2, "{} and {}", awake.tried, all.tried);
}
