//! Conditions on a lane begin and end where they should.

use lightcone_engine::{Action, Edit, NodeId, Scenario, Time, Trace, resimulate, simulate};
use lightcone_tests::toy::TOY;

fn scenario() -> Scenario {
    let mut scenario = Scenario::new(&TOY);
    scenario.horizon = Time::from_millis(2_000);
    scenario.model.links.latency_micros = (5_000, 5_000);
    scenario
}

/// What begins (+) and ends (-) on the second lane.
fn told(trace: &Trace) -> Vec<String> {
    let own = trace.conditions.iter().filter(|change| change.node == NodeId(1));
    let name = |node: NodeId| trace.name(node);
    own.map(|change| format!("{}{}", if change.begins { '+' } else { '-' }, change.condition.phrase.show(name)))
        .collect()
}

#[test]
fn a_condition_lasts_from_the_event_that_begins_it_to_the_one_that_ends_it() {
    let trace = simulate(&scenario());
    let expected = [
        "+x locked by T1",
        "+in doubt",
        "+T2 waits for x",
        "-x locked by T1",
        "-T2 waits for x",
        "+x locked by T2",
        "-x locked by T2",
        "-in doubt",
    ];
    assert_eq!(told(&trace)[..8], expected);
    assert!(trace.conditions.windows(2).all(|pair| pair[0].event <= pair[1].event));
}

#[test]
fn a_crash_ends_every_condition_in_a_resimulated_run_too() {
    let before = simulate(&scenario());
    let mut crashed = scenario();
    let action = Action::Crash(NodeId(1));
    crashed.moves.push(Edit::At { at: Time::from_millis(1_015), action });
    let trace = simulate(&crashed);
    let last = told(&trace).split_off(told(&trace).len() - 3);
    assert_eq!(last, ["-x locked by T1", "-in doubt", "-T2 waits for x"]);
    assert!(
        trace.events.len() > 3 * lightcone_engine::limits::CHECKPOINT_EVENTS as usize,
        "the run is taken over from a checkpoint"
    );
    assert_eq!(resimulate(&before, &crashed).conditions, trace.conditions);
    assert_eq!(resimulate(&trace, &scenario()).conditions, before.conditions);
}
