//! How a search goes on, stops and starts. What it finds in every protocol is in `declared/search.rs`.

use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::{Scenario, Time, simulate};
use lightcone_protocols::by_id;
use lightcone_search::{Bounds, Ending, Reductions, Search, Target, collision_exponent};

#[test]
fn slices_change_nothing() {
    let small = Small::of(ALL, by_id("lamport").expect("it is registered"), Some(0));
    let mut whole = small.search(Reductions::ALL);
    whole.run();
    let mut search = small.search(Reductions::ALL);
    while search.advance(1) {}
    let found = |search: &Search| search.found().map(|found| found.scenario);
    assert!(found(&whole).is_some());
    assert_eq!(found(&search), found(&whole));
}

#[test]
fn a_search_that_is_full_says_how_far_it_came() {
    let raft = by_id("raft").expect("it is registered");
    let mut search = Search::new(
        &Scenario::new(raft),
        None,
        Target::AnyBreach,
        Bounds { states: 2_000, ..Bounds::usual(&raft.specification().assumes) },
        Reductions::ALL,
    );
    let Ending::Full { tried_to } = search.run() else { panic!("two thousand states are not enough") };
    let progress = search.progress();
    assert!(progress.states >= 2_000 && progress.levels.len() > usize::from(tried_to));
    assert!(collision_exponent(progress.states) < -40);
}

#[test]
fn a_search_from_the_middle_keeps_what_has_happened() {
    let raft = by_id("raft").expect("it is registered");
    let mut scenario = Scenario::new(raft);
    scenario.settings.flaws = FlawSet::default().with(3);
    scenario.settings.parameters[0] = 3;
    let before = simulate(&scenario);
    let from = before.last_event_by(Time::from_millis(250)).expect("something has happened by then");
    let mut search =
        Search::new(&scenario, Some(from), Target::AnyBreach, Small::of(ALL, raft, None).bounds, Reductions::ALL);
    assert_eq!(search.run(), Ending::Shortest);
    let found = search.found().expect("it is found");
    let after = simulate(&found.scenario);
    let (_, breaks, _) = after.first_violation().expect("what is found breaks");
    assert_eq!(breaks.index() + 1, after.events.len(), "it breaks at the last event");
    let kept = after.events.iter().take_while(|event| event.at <= found.begins);
    assert!(kept.zip(&before.events).all(|(one, other)| (one.at, one.cause) == (other.at, other.cause)));
    assert_eq!(found.begins, before.event(from).at);
}
