//! An edit or a model that breaks an assumption of a protocol is named; nothing else is.

use lightcone_engine::model::Model;
use lightcone_engine::protocol::{Assumptions, Crashes, Delays, Departure, Links};
use lightcone_engine::{Action, Edit, NodeId, Scenario, Time, simulate};

fn at(millis: u64, action: Action) -> Edit {
    Edit::At { at: Time::from_millis(millis), action }
}

fn raft() -> Scenario {
    Scenario::new(lightcone_protocols::by_id("raft").expect("Raft is registered"))
}

fn set(scenario: &mut Scenario, id: &str, value: u32) {
    let parameters = scenario.protocol.specification().parameters;
    let place = parameters.iter().position(|parameter| parameter.id == id);
    scenario.settings.parameters[place.expect("there is such a knob")] = value;
}

#[test]
fn a_lost_disk_is_outside_once_something_is_written() {
    let mut scenario = raft();
    scenario.moves = Vec::from([
        at(0, Action::LoseDisk(NodeId(1))),
        at(400, Action::Crash(NodeId(1))),
        at(401, Action::LoseDisk(NodeId(1))),
    ]);
    let trace = simulate(&scenario);
    assert_eq!(trace.outside(), [(scenario.moves[2], Departure::DiskLost)]);
    assert_eq!(trace.left_by(Time::from_millis(400)), None);
    let left = trace.left_by(Time::from_millis(401)).expect("the disk is lost by then");
    assert_eq!(left.sentence("Raft"), "A disk was lost: this is outside the fault model of Raft.");
}

#[test]
fn an_edit_of_no_node_leaves_no_assumption() {
    let mut scenario = raft();
    scenario.moves = Vec::from([at(5, Action::LoseDisk(NodeId(15)))]);
    assert_eq!(simulate(&scenario).outside(), []);
}

#[test]
fn clocks_matter_where_a_lease_rests_on_them() {
    let clock = |jump_micros, drift_ppm| at(5, Action::SetClock { node: NodeId(0), jump_micros, drift_ppm });
    let mut scenario = raft();
    scenario.moves = Vec::from([clock(7, 0), clock(0, 99_000), clock(0, -101_000)]);
    assert_eq!(simulate(&scenario).outside(), []);
    set(&mut scenario, "read-mode", 2);
    let (jump, drift) = (scenario.moves[0], scenario.moves[2]);
    let left = simulate(&scenario).outside();
    assert_eq!(left, [(jump, Departure::ClockJumped), (drift, Departure::ClockDrifts)]);
}

#[test]
fn a_model_within_what_is_assumed_leaves_nothing() {
    let strict = Assumptions {
        links: Links::FIFO,
        timing: Delays::Bounded,
        crashes: Crashes::Never,
        pauses: false,
        ..Assumptions::CRASH_RECOVERY
    };
    let mut wild = Model::default();
    (wild.links.loss_per_mille, wild.links.duplication_per_mille) = (10, 10);
    assert_eq!(strict.leaves_model(&wild), Some(Departure::Lost));
    assert_eq!(strict.leaves_model(&strict.within(wild)), None);
    let fault = |action| strict.leaves(&at(5, action));
    assert_eq!(fault(Action::Crash(NodeId(0))), Some(Departure::Crashed));
    assert_eq!(fault(Action::Restart(NodeId(0))), Some(Departure::CameBack));
    assert_eq!(fault(Action::Pause(NodeId(0))), Some(Departure::Paused));
    assert_eq!(Assumptions::CRASH_RECOVERY.leaves_model(&wild), None);
}
