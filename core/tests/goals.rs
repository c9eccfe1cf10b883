//! Searches for properties that must be true by the end, for goals, and from any event.

use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::Cause;
use lightcone_engine::protocol::{FlawSet, When};
use lightcone_engine::run::Step;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, MessageId, NodeId, simulate};
use lightcone_search::world::choice::{Choice, behind_others, to_come};
use lightcone_search::{Bounds, Budget, Ending, Reductions, Search, Target};
use lightcone_tests::common::for_seeds;
use lightcone_tests::count::share;

fn property(protocol: &str, id: &str) -> (Small, u8) {
    let family = lightcone_protocols::by_id(protocol).expect("it is registered");
    let place = family.specification().properties.iter().position(|property| property.id == id);
    (Small::of(ALL, family, None), place.expect("it promises that") as u8)
}

fn search(small: &Small, target: Target) -> Search {
    Search::new(&small.scenario, small.event(), target, small.bounds, Reductions::ALL)
}

/// BHG §7.4: a participant that has voted yes cannot decide alone, and the coordinator need not come back.
#[test]
fn a_crash_of_two_phase_commit_may_leave_a_participant_in_doubt_for_ever() {
    let (mut small, decides) = property("2pc", "every-participant-decides");
    let mut search_with_a_crash = search(&small, Target::Never(decides));
    assert_eq!(search_with_a_crash.run(), Ending::Shortest);
    let found = search_with_a_crash.found().expect("it is found");
    let verdict = simulate(&found.scenario).verdicts.swap_remove(usize::from(decides));
    assert!(matches!(verdict, Verdict::NotByTheEnd { .. }), "{verdict:?}");
    small.bounds = small.bounds.with(Budget::Crash, 0);
    let mut without = search(&small, Target::Never(decides));
    assert_eq!(without.run(), Ending::Exhausted, "while nobody stops, everybody can still decide");
}

#[test]
fn a_leader_is_elected_in_three_events() {
    let (small, elected) = property("raft", "leader-elected");
    let mut search = search(&small, Target::Reaches(elected));
    assert_eq!(search.run(), Ending::Shortest);
    let found = search.found().expect("it is found");
    assert_eq!(found.events, 3, "a time-out, a vote, and the vote's arrival");
    let verdict = &simulate(&found.scenario).verdicts[usize::from(elected)];
    assert!(matches!(verdict, Verdict::Holds { since: Some(_) }), "{verdict:?}");
}

#[test]
fn one_property_can_be_looked_for_alone() {
    let (small, atomicity) = property("2pc", "atomicity");
    let flaws = small.scenario.protocol.specification().flaws;
    let flaw = flaws.iter().position(|flaw| flaw.id == "times-out-after-decision").expect("it has this flaw");
    let small = Small::of(ALL, lightcone_protocols::by_id("2pc").expect("it is registered"), Some(flaw as u8));
    let events = |target| {
        let mut search = search(&small, target);
        assert_eq!(search.run(), Ending::Shortest);
        search.found().map(|found| found.events)
    };
    let (any, two_nodes) = (events(Target::AnyBreach), events(Target::Breach(atomicity)));
    assert!(any < two_nodes, "the coordinator contradicts itself before anybody has heard: {any:?}, {two_nodes:?}");
}

/// On FIFO links a message arrives in its turn; one behind others arrives only if they are lost, and each loss counts.
#[test]
fn on_fifo_links_a_message_that_overtakes_loses_those_before_it() {
    let mut small = Small::of(ALL, lightcone_protocols::by_id("raft").expect("it is registered"), Some(4));
    small.scenario.model.links.fifo = true;
    let mut world = simulate(&small.scenario).world_at(small.event().expect("it starts when S1 leads"));
    let mut step = Step::default();
    let (leader, follower) = (NodeId(0), NodeId(1));
    for _ in 0..2 {
        let fires = |cause: &Cause| matches!(cause, Cause::Fire(timer) if timer.node == leader);
        let beat = world.choices().into_iter().find(fires).expect("a leader's heartbeat is armed");
        let at = world.now().after(1_000);
        assert!(Choice::Happens(beat).force(&mut world, at, &mut step));
    }
    let link = |message: &MessageId| (message.from, message.to) == (leader, follower);
    let behind: Vec<_> = behind_others(&world).into_iter().filter(|(message, ..)| link(message)).collect();
    let (last, _, before) = behind[0];
    assert!(before >= 1 && behind.len() == usize::from(before), "each but the first has others before it");
    let at = world.now().after(1_000);
    assert!(Choice::Overtakes(last).force(&mut world, at, &mut step));
    assert_eq!(step.cause, Some(Cause::Deliver(last)));
    let under_way = |cause| matches!(cause, Cause::Deliver(message) if link(&message));
    assert!(!to_come(&world).any(|(cause, _)| under_way(cause)), "those before it are lost");
}

/// The search of any run, from any moment, with any flaw: what it finds breaks where it says.
#[test]
fn whatever_is_found_replays_to_the_same_violation() {
    for_seeds(share(10), |family, rng| {
        let flaws = family.specification().flaws.len() as u8;
        let small = Small::of(ALL, family, (flaws > 0).then(|| rng.u8(..flaws)));
        let mut scenario = small.scenario;
        scenario.seed = rng.u64(..);
        scenario.settings.flaws = FlawSet(scenario.settings.flaws.0 | 1 << rng.u8(..flaws));
        let trace = simulate(&scenario);
        let from = rng.bool().then(|| EventIndex(rng.u32(..trace.events.len() as u32)));
        scenario.model.links.fifo = rng.bool();
        let bounds = Bounds { states: 3_000, ..small.bounds }.with(Budget::Crash, 1).with(Budget::Repeat, rng.u8(..2));
        let bounds = bounds.with(Budget::Loss, rng.u8(..3)).with(Budget::Disk, rng.u8(..2));
        let mut search = Search::new(&scenario, from, Target::AnyBreach, bounds, Reductions::ALL);
        search.run();
        let Some(found) = search.found() else { return };
        assert_eq!(found.scenario.check(), Ok(()));
        let replayed = simulate(&found.scenario);
        let last = EventIndex(replayed.events.len() as u32 - 1);
        let always = replayed.specification().properties.iter().map(|property| property.when == When::Always);
        let breaks_last = |verdict: &Verdict| matches!(verdict, Verdict::Broken { event, .. } if *event == last);
        assert!(always.zip(&replayed.verdicts).any(|(always, verdict)| always && breaks_last(verdict)));
        let after = replayed.events.iter().filter(|event| event.at > found.begins).count();
        assert_eq!(after, usize::from(found.events));
    });
}
