//! L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*, CACM 1978.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::run::causality::VectorClocks;
use lightcone_engine::{Action, Edit, EventIndex, Scenario, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::order::lamport::{Fact, Stamp};
use lightcone_tests::common::{any_scenario, for_seeds};
use lightcone_tests::count::share;
use std::collections::BTreeSet;

/// Stamps in order of time, with the events that gave them.
fn stamps(trace: &Trace) -> Vec<(Stamp, EventIndex)> {
    trace.facts().map(|(event, Fact::Stamped { stamp })| (*stamp, event)).collect()
}

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits.find(|each| (each.protocol, each.slug) == ("lamport", slug)).expect("it is in the gallery").scenario
}

/// Random schedules without flaws. Disks are kept: who loses its disk counts from nothing.
fn in_random_runs(allowed: impl Fn(&Edit) -> bool, test: impl Fn(&Trace)) {
    let kept = |edit: &Edit| !matches!(edit, Edit::At { action: Action::LoseDisk(_), .. }) && allowed(edit);
    for_seeds(share(2_000), |family, rng| {
        if family.specification().id != "lamport" {
            return;
        }
        let mut scenario = any_scenario(family, rng);
        scenario.settings.flaws = FlawSet::default();
        scenario.script.retain(kept);
        scenario.moves.retain(kept);
        test(&simulate(&scenario));
    });
}

/// Crashes may come between handlers: the paper knows no event that is half done.
fn handlers_are_whole(edit: &Edit) -> bool {
    !matches!(edit, Edit::CrashDuring { .. })
}

fn every_pair<T: Copy>(all: &[T], mut test: impl FnMut(T, T)) {
    for &one in all {
        all.iter().for_each(|&other| test(one, other));
    }
}

/// "Each process Pi increments Ci between any two successive events."
#[test]
fn ir1_a_node_counts_between_any_two_of_its_events() {
    in_random_runs(handlers_are_whole, |trace| {
        let stamps = stamps(trace);
        every_pair(&stamps, |(one, at), (other, later)| {
            if one.node == other.node && at < later {
                assert!(one.counter < other.counter);
            }
        });
    });
}

/// "Upon receiving a message m, process Pj sets Cj greater than or equal to its present value and greater than Tm."
#[test]
fn ir2_a_receiver_goes_beyond_the_counter_that_a_message_carries() {
    let trace = simulate(&exhibit("figure"));
    let given: Vec<String> = stamps(&trace).iter().map(|(stamp, _)| stamp.to_string()).collect();
    assert_eq!(given, ["(1, 1)", "(2, 2)", "(3, 2)", "(3, 1)"], "N2 has counted nothing when it is told 1, and says 2");
    // The same, with a node that is ahead of what it is told: it goes by its own counter.
    let mut scenario = exhibit("figure");
    scenario.script.retain(|edit| !matches!(edit, Edit::Deliver { .. }));
    scenario.script.truncate(4);
    scenario.script.remove(0);
    let given: Vec<String> = stamps(&simulate(&scenario)).iter().map(|(stamp, _)| stamp.to_string()).collect();
    assert_eq!(given, ["(1, 2)", "(2, 1)", "(2, 2)"], "N2 is told 0 and has counted 1");
}

/// "Clock Condition. For any events a, b: if a → b then C(a) < C(b)."
#[test]
fn the_clock_condition_holds_in_every_run() {
    in_random_runs(handlers_are_whole, |trace| {
        let clocks = VectorClocks::of(trace);
        every_pair(&stamps(trace), |(cause, a), (effect, b)| {
            if clocks.happened_before(trace, a, b) {
                assert!(cause.counter < effect.counter, "{cause} happened before {effect}");
            }
        });
    });
}

/// The same as the observer judges it, with crashes at any place.
#[test]
fn no_run_without_flaws_breaks_a_promise() {
    in_random_runs(|_| true, |trace| assert_eq!(trace.first_violation().map(|(_, _, breach)| &breach.sentence), None));
}

/// What a client saw and had not written when it crashed is not in its past.
#[test]
fn a_stamp_that_was_forgotten_in_a_crash_is_no_cause() {
    let text = "lightcone 1\nprotocol lamport 1\nscript\n\
        at 10 ms request c1 write-at N1\n\
        at 50 ms request c1 write-at N1\n\
        crash during message N1>c1 Stamp#2 after 0\n\
        at 100 ms restart c1\n\
        at 110 ms request c1 write-at N2\n";
    let trace = simulate(&decode(text, lightcone_protocols::PROTOCOLS).expect("it can be read"));
    let given: Vec<String> = stamps(&trace).iter().map(|(stamp, _)| stamp.to_string()).collect();
    assert_eq!(given, ["(1, 1)", "(2, 1)", "(2, 2)"]);
    assert_eq!(trace.first_violation(), None);
}

/// The same for the stamps that the simulator gives to every event of every protocol.
#[test]
fn the_clock_condition_holds_for_the_simulators_own_stamps() {
    for_seeds(share(50), |family, rng| {
        let trace = simulate(&any_scenario(family, rng));
        let clocks = VectorClocks::of(&trace);
        let events: Vec<EventIndex> = (0..trace.events.len().min(200) as u32).map(EventIndex).collect();
        every_pair(&events, |a, b| {
            if clocks.happened_before(&trace, a, b) {
                assert!(trace.event(a).lamport < trace.event(b).lamport);
            }
        });
    });
}

/// "We cannot expect the converse condition to hold as well."
#[test]
fn the_converse_does_not_hold_a_smaller_stamp_need_not_be_a_cause() {
    let trace = simulate(&exhibit("ordered-but-concurrent"));
    let clocks = VectorClocks::of(&trace);
    let mut pairs = BTreeSet::new();
    every_pair(&stamps(&trace), |(one, a), (other, b)| {
        if one.counter < other.counter && clocks.concurrent(&trace, a, b) {
            pairs.insert(format!("{one} {other}"));
        }
    });
    for pair in ["(1, 2) (2, 1)", "(2, 3) (3, 1)", "(1, 3) (2, 1)", "(1, 1) (2, 3)"] {
        assert!(pairs.contains(pair), "{pairs:?}");
    }
    assert!(!pairs.contains("(1, 2) (4, 1)"), "c2 carried the one to the other");
}

/// "The relation → … is an irreflexive partial ordering"; "a ↛ a for any event a".
#[test]
fn happened_before_is_irreflexive_and_transitive() {
    for_seeds(share(40), |family, rng| {
        let trace = simulate(&any_scenario(family, rng));
        let clocks = VectorClocks::of(&trace);
        let events: Vec<EventIndex> = (0..trace.events.len().min(40) as u32).map(EventIndex).collect();
        let before = |a, b| clocks.happened_before(&trace, a, b);
        every_pair(&events, |a, b| {
            assert!(!(before(a, b) && before(b, a)));
            for &c in &events {
                assert!(!(before(a, b) && before(b, c)) || before(a, c));
            }
        });
    });
}

/// "⇒ is a total ordering": of two stamps one is smaller, and "if a → b then a ⇒ b".
#[test]
fn the_stamps_order_all_events_and_agree_with_causality() {
    in_random_runs(handlers_are_whole, |trace| {
        let stamps = stamps(trace);
        let different: BTreeSet<Stamp> = stamps.iter().map(|(stamp, _)| *stamp).collect();
        assert_eq!(different.len(), stamps.len(), "no stamp is given twice");
        let clocks = VectorClocks::of(trace);
        every_pair(&stamps, |(one, a), (other, b)| {
            assert!(!clocks.happened_before(trace, a, b) || one < other);
        });
    });
}

/// "The ordering ⇒ … is not unique": ties may be broken the other way and causality does not mind.
#[test]
fn the_order_of_concurrent_events_is_arbitrary() {
    let trace = simulate(&exhibit("figure"));
    let clocks = VectorClocks::of(&trace);
    let stamps = stamps(&trace);
    let reversed = |stamp: Stamp| (stamp.counter, u8::MAX - stamp.node);
    let mut differ = 0;
    every_pair(&stamps, |(one, a), (other, b)| {
        if clocks.happened_before(&trace, a, b) {
            assert!(one < other && reversed(one) < reversed(other));
        } else if a != b && (one < other) != (reversed(one) < reversed(other)) {
            assert!(clocks.concurrent(&trace, a, b));
            differ += 1;
        }
    });
    assert_eq!(differ, 2, "(3, 1) and (3, 2), either way round");
}

/// The order of concurrent events also depends on who was slow: delaying a message turns it round.
#[test]
fn a_delay_reverses_the_order_of_concurrent_events() {
    let order = |scenario: &Scenario| {
        let mut given = stamps(&simulate(scenario));
        given.sort();
        given.into_iter().map(|(stamp, _)| stamp.to_string()).collect::<Vec<_>>()
    };
    let mut scenario = exhibit("figure");
    assert_eq!(order(&scenario), ["(1, 1)", "(2, 2)", "(3, 1)", "(3, 2)"]);
    // c2's write reaches N2 before c1's second does: now it is the first that N2 stamps.
    let action = scenario.script.iter_mut().find_map(|edit| match edit {
        Edit::At { at, action: Action::Request { .. } } if *at == Time::from_millis(75) => Some(at),
        _ => None,
    });
    *action.expect("c2 writes at 75 ms") = Time::from_millis(15);
    assert_eq!(order(&scenario), ["(1, 1)", "(1, 2)", "(2, 2)", "(3, 1)"]);
}

/// "Anomalous behavior": what is ordered for those outside need not be ordered by the stamps.
#[test]
fn a_write_that_is_finished_first_may_have_the_larger_stamp() {
    let trace = simulate(&exhibit("figure"));
    let given = stamps(&trace);
    let last = given.len() - 1;
    assert!(given[last - 1].0 > given[last].0, "(3, 2) is given first");
    let replies: Vec<Time> = trace
        .events
        .iter()
        .filter(|event| event.sender.is_some_and(|sender| given[last - 1..].iter().any(|(_, at)| *at == sender)))
        .map(|event| event.at)
        .collect();
    let [first, second] = replies[..] else { panic!("both are answered") };
    assert!(first < given_at(&trace, given[last].1) && first < second, "and answered before (3, 1) is even given");
    let clocks = VectorClocks::of(&trace);
    assert!(
        clocks.concurrent(&trace, given[last - 1].1, given[last].1),
        "nothing in the system led from one to the other"
    );
}

fn given_at(trace: &Trace, event: EventIndex) -> Time {
    trace.event(event).at
}
