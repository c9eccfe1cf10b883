//! What the engine promises about single edits, shown on the smallest protocol.

use lightcone_engine::id::TimerId;
use lightcone_engine::model::{Faults, Timing};
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Cause, Handling, Source};
use lightcone_engine::run::trace::{Deed, Ending, Fate, Outcome};
use lightcone_engine::run::{Step, World};
use lightcone_engine::{Action, Edit, MessageId, NodeId, NodeSet, RequestId, Scenario, Time, Trace, simulate};
use std::rc::Rc;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const C1: NodeId = NodeId(2);
const C2: NodeId = NodeId(3);

fn ms(millis: u64) -> Time {
    Time::from_millis(millis)
}

fn act(at: u64, action: Action) -> Edit {
    Edit::At { at: ms(at), action }
}

fn write(at: u64, client: NodeId, node: NodeId) -> Edit {
    act(at, Action::Request { node: client, operation: Operation::Command { verb: 0, argument: node.0 } })
}

/// Two nodes, two clients, every message takes 10 ms; c1 writes at N1 at 10 ms.
fn one_write() -> Scenario {
    let family = lightcone_protocols::by_id("lamport").expect("lamport is registered");
    let mut scenario = Scenario::new(family);
    scenario.model.links.latency_micros = (10_000, 10_000);
    scenario.script = vec![write(10, C1, N1)];
    scenario
}

fn message(from: NodeId, to: NodeId, kind: u8, ordinal: u16) -> MessageId {
    MessageId { from, to, kind, ordinal, copy: 0 }
}

fn fate(trace: &Trace, id: MessageId) -> Fate {
    trace.message(id).expect("the message is sent").fate
}

fn arrival(trace: &Trace, id: MessageId) -> Time {
    match fate(trace, id) {
        Fate::Delivered(event) => trace.event(event).at,
        other => panic!("{id:?} did not arrive: {other:?}"),
    }
}

fn happens(trace: &Trace, cause: Cause) -> bool {
    trace.events.iter().any(|event| event.cause == cause)
}

#[test]
fn an_undisturbed_message_arrives_when_chance_says() {
    let trace = simulate(&one_write());
    assert_eq!(arrival(&trace, message(C1, N1, 0, 1)), ms(20));
    assert_eq!(arrival(&trace, message(N1, C1, 1, 1)), ms(30));
    assert_eq!(trace.ending, Ending::Quiet);
}

#[test]
fn a_message_arrives_when_the_reader_says() {
    let mut scenario = one_write();
    let (write, stamp) = (message(C1, N1, 0, 1), message(N1, C1, 1, 1));
    let edit = Edit::Deliver { message: write, at: ms(95) };
    scenario.moves.push(edit);
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, write), ms(95));
    assert_eq!(arrival(&trace, stamp), ms(105), "what it causes moves with it");
    assert_eq!(trace.message(write).map(|sent| (sent.drawn, sent.source)), Some((ms(20), Source::Hand)));
    assert_eq!(trace.outcome(&edit), Outcome::Applied);
}

#[test]
fn a_readers_move_is_measured_from_what_the_script_says() {
    let mut scenario = one_write();
    let write = message(C1, N1, 0, 1);
    scenario.script.push(Edit::Deliver { message: write, at: ms(50) });
    let told = |scenario: &Scenario| {
        let trace = simulate(scenario);
        trace.message(write).map(|sent| (sent.arrives, sent.drawn, sent.source))
    };
    assert_eq!(told(&scenario), Some((ms(50), ms(50), Source::Script)));
    scenario.moves.push(Edit::Deliver { message: write, at: ms(95) });
    assert_eq!(told(&scenario), Some((ms(95), ms(50), Source::Hand)));
    scenario.moves[0] = Edit::Drop { message: write };
    assert_eq!(told(&scenario), Some((ms(50), ms(50), Source::Hand)));
}

#[test]
fn no_message_arrives_before_it_is_sent() {
    let mut scenario = one_write();
    let write = message(C1, N1, 0, 1);
    let edit = Edit::Deliver { message: write, at: ms(3) };
    scenario.moves.push(edit);
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, write), Time::from_micros(10_100));
    let Outcome::Changed(why) = trace.outcome(&edit) else { panic!("it cannot apply as it stands") };
    assert!(why.contains("sent at 10 ms"), "{why}");
}

#[test]
fn a_dropped_message_is_lost_and_nothing_follows_from_it() {
    let mut scenario = one_write();
    let write = message(C1, N1, 0, 1);
    scenario.moves.push(Edit::Drop { message: write });
    let trace = simulate(&scenario);
    assert_eq!(fate(&trace, write), Fate::Dropped);
    assert!(trace.message(message(N1, C1, 1, 1)).is_none());
    assert_eq!(trace.outcome(&scenario.moves[0]), Outcome::Applied);
}

#[test]
fn reliable_links_refuse_a_drop_and_say_so() {
    let mut scenario = one_write();
    scenario.model.links.reliable = true;
    scenario.moves.push(Edit::Drop { message: message(C1, N1, 0, 1) });
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, message(C1, N1, 0, 1)), ms(20));
    let Outcome::Unused(why) = trace.outcome(&scenario.moves[0]) else { panic!("a reliable link loses nothing") };
    assert!(why.contains("reliable"), "{why}");
}

#[test]
fn a_copy_arrives_as_well() {
    let mut scenario = one_write();
    let write = message(C1, N1, 0, 1);
    let copy = MessageId { copy: 1, ..write };
    scenario.moves.push(Edit::Duplicate { copy, at: ms(44) });
    let trace = simulate(&scenario);
    assert_eq!((arrival(&trace, write), arrival(&trace, copy)), (ms(20), ms(44)));
}

#[test]
fn a_bound_on_delays_holds_back_the_reader_too() {
    let mut scenario = one_write();
    scenario.model.timing = Timing::Synchronous { bound_micros: 25_000 };
    let edit = Edit::Deliver { message: message(C1, N1, 0, 1), at: ms(300) };
    scenario.moves.push(edit);
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, message(C1, N1, 0, 1)), ms(35));
    assert!(matches!(trace.outcome(&edit), Outcome::Changed(_)));
}

#[test]
fn after_the_stabilisation_time_the_bound_holds() {
    let mut scenario = one_write();
    scenario.model.timing = Timing::PartiallySynchronous { stable_from: ms(100), bound_micros: 25_000 };
    scenario.moves.push(Edit::Deliver { message: message(C1, N1, 0, 1), at: ms(300) });
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, message(C1, N1, 0, 1)), ms(125), "sent before it, it arrives within the bound after it");
}

#[test]
fn a_fifo_link_keeps_its_order_whatever_the_reader_does() {
    let mut scenario = one_write();
    scenario.model.links.fifo = true;
    scenario.script = vec![write(10, C1, N1), write(12, C2, N1)];
    // Two stamps travel to different clients; two writes of one client travel one link.
    scenario.script.push(write(11, C1, N1));
    let (first, second) = (message(C1, N1, 0, 1), message(C1, N1, 0, 2));
    scenario.moves.push(Edit::Deliver { message: first, at: ms(80) });
    scenario.moves.push(Edit::Duplicate { copy: MessageId { copy: 1, ..first }, at: ms(20) });
    let trace = simulate(&scenario);
    let copy = arrival(&trace, MessageId { copy: 1, ..first });
    assert!(arrival(&trace, first) < copy, "a copy is sent after its message");
    assert!(copy < arrival(&trace, second));
    assert!(matches!(trace.outcome(&scenario.moves[1]), Outcome::Changed(why) if why.starts_with("FIFO")));
}

#[test]
fn a_crash_loses_memory_and_messages_and_a_restart_brings_back_what_was_persisted() {
    let mut scenario = one_write();
    scenario.script =
        vec![write(10, C1, N1), act(25, Action::Crash(N1)), write(40, C2, N1), act(70, Action::Restart(N1))];
    scenario.script.push(write(80, C2, N2));
    scenario.script.push(write(120, C1, N1));
    let trace = simulate(&scenario);
    assert_eq!(fate(&trace, message(C2, N1, 0, 1)), Fate::ReachedStopped);
    let last = trace.events.last().expect("the run has events");
    assert_eq!(last.cause, Cause::Deliver(message(N1, C1, 1, 2)));
    let stamps = trace.world_at(lightcone_engine::EventIndex(trace.events.len() as u32 - 1));
    let mut view = lightcone_engine::protocol::Inspection::default();
    stamps.state(N1).expect("N1 is up").inspect(&mut view);
    assert_eq!(view.summary, "counter 2", "the counter it had persisted was 1");
}

#[test]
fn a_lost_disk_shows_at_the_next_restart() {
    let mut scenario = one_write();
    let edits = [act(25, Action::LoseDisk(N1)), act(26, Action::Crash(N1)), act(30, Action::Restart(N1))];
    scenario.script.extend(edits);
    let trace = simulate(&scenario);
    let mut view = lightcone_engine::protocol::Inspection::default();
    trace
        .world_at(lightcone_engine::EventIndex(trace.events.len() as u32 - 1))
        .state(N1)
        .expect("up")
        .inspect(&mut view);
    assert_eq!(view.summary, "counter 0");
}

#[test]
fn a_crash_inside_a_handler_keeps_the_effects_before_it_and_no_other() {
    let handling = Handling::Message(message(C1, N1, 0, 1));
    // The handler persists, marks, then sends the stamp.
    for (after_effects, persisted, sent) in [(0, false, false), (1, true, false), (2, true, false), (3, true, true)] {
        let mut scenario = one_write();
        scenario.moves = vec![Edit::CrashDuring { handling, after_effects }];
        let trace = simulate(&scenario);
        let event = trace.handling(handling).expect("the write arrives");
        let deeds = trace.deeds(event);
        assert_eq!(deeds.iter().any(|deed| matches!(deed, Deed::Persisted(_))), persisted, "after {after_effects}");
        assert_eq!(deeds.iter().any(|deed| matches!(deed, Deed::Sent(_))), sent, "after {after_effects}");
        assert!(matches!(deeds.last(), Some(Deed::CrashedHere(Source::Hand))));
        assert_eq!(trace.outcome(&scenario.moves[0]), Outcome::Applied);
        assert_eq!(trace.status_at(N1, ms(600)), None, "N1 is down");
    }
}

#[test]
fn a_paused_node_works_off_what_waited_in_order_of_arrival() {
    let mut scenario = one_write();
    scenario.script =
        vec![act(5, Action::Pause(N1)), write(10, C1, N1), write(12, C2, N1), act(90, Action::Resume(N1))];
    let trace = simulate(&scenario);
    let (first, second) = (message(C1, N1, 0, 1), message(C2, N1, 0, 1));
    assert_eq!(arrival(&trace, first), ms(90));
    assert_eq!(arrival(&trace, second), Time::from_micros(90_001));
    assert_eq!(trace.message(first).and_then(|sent| sent.waited_from), Some(ms(20)));
}

#[test]
fn what_waits_at_a_paused_node_is_lost_with_it() {
    let mut scenario = one_write();
    scenario.script = vec![act(5, Action::Pause(N1)), write(10, C1, N1), act(50, Action::Crash(N1))];
    let trace = simulate(&scenario);
    assert_eq!(fate(&trace, message(C1, N1, 0, 1)), Fate::ReachedStopped);
}

#[test]
fn a_one_way_cut_loses_one_direction_and_healing_ends_it() {
    let (from, to) = (NodeSet::only(N1), NodeSet::only(C1));
    let mut scenario = one_write();
    let cut = act(5, Action::Cut { from, to, one_way: true });
    scenario.script =
        vec![cut, write(10, C1, N1), act(50, Action::Heal { from, to, one_way: true }), write(60, C2, N1)];
    let trace = simulate(&scenario);
    assert_eq!(arrival(&trace, message(C1, N1, 0, 1)), ms(20), "the other direction passes");
    assert_eq!(fate(&trace, message(N1, C1, 1, 1)), Fate::CutAtSending);
    assert_eq!(arrival(&trace, message(N1, C2, 1, 1)), ms(80));
}

#[test]
fn a_message_under_way_is_lost_at_a_cut() {
    let mut scenario = one_write();
    let (from, to) = (NodeSet::only(C1), NodeSet::only(N1));
    scenario.script.push(act(15, Action::Cut { from, to, one_way: false }));
    assert_eq!(fate(&simulate(&scenario), message(C1, N1, 0, 1)), Fate::CutAtArrival);
}

#[test]
fn a_clock_jumps_and_drifts() {
    let mut scenario = one_write();
    scenario.script = vec![act(100, Action::SetClock { node: N1, jump_micros: 7_000, drift_ppm: 100_000 })];
    scenario.script.push(write(190, C1, N1));
    let trace = simulate(&scenario);
    let event = trace.handling(Handling::Message(message(C1, N1, 0, 1))).expect("the write arrives");
    let world = trace.world_at(event);
    assert_eq!(world.now(), ms(200));
    assert_eq!(world.clock_micros(N1), Some(200_000 + 7_000 + 10_000));
    assert_eq!(world.clock_micros(N2), Some(200_000));
}

#[test]
fn crash_stop_nodes_stay_down_and_the_run_says_why() {
    let mut scenario = one_write();
    scenario.model.faults = Faults::CrashStop;
    scenario.moves = vec![act(15, Action::Crash(N1)), act(50, Action::Restart(N1)), act(60, Action::Crash(N1))];
    let trace = simulate(&scenario);
    assert!(!happens(&trace, Cause::Act(Action::Restart(N1))));
    assert!(matches!(trace.outcome(&scenario.moves[1]), Outcome::Unused(why) if why.contains("crash-stop")));
    assert!(matches!(trace.outcome(&scenario.moves[2]), Outcome::Unused(why) if why.contains("stopped already")));
}

#[test]
fn an_edit_that_names_nothing_is_kept_and_explained() {
    let mut scenario = one_write();
    let timer = TimerId { node: N1, kind: 0, ordinal: 1 };
    scenario.moves = vec![
        Edit::Drop { message: message(C1, N2, 0, 1) },
        Edit::Fire { timer, at: ms(5) },
        Edit::CrashDuring { handling: Handling::Request(RequestId { node: C1, ordinal: 9 }), after_effects: 0 },
        act(10, Action::Crash(NodeId(12))),
        act(900, Action::Crash(N1)),
    ];
    let trace = simulate(&scenario);
    assert_eq!(trace.events, simulate(&scenario.without_moves()).events);
    for edit in &scenario.moves {
        assert!(matches!(trace.outcome(edit), Outcome::Unused(_)), "{edit:?}");
    }
}

#[test]
fn a_link_loses_and_doubles_by_chance_and_the_seed_decides() {
    let mut scenario = one_write();
    scenario.script = (0..40).map(|turn| write(10 + turn * 10, C1, N1)).collect();
    scenario.model.links.duplication_per_mille = 500;
    let doubled = simulate(&scenario).messages.iter().filter(|sent| sent.id.copy == MessageId::LINK_COPY).count();
    assert!((10..70).contains(&doubled), "{doubled} of about 80");
    scenario.model.links.loss_per_mille = 1_000;
    assert!(simulate(&scenario).messages.iter().all(|sent| sent.fate == Fate::LostByLink));
}

#[test]
fn step_mode_takes_what_is_not_next_before_it() {
    let mut scenario = one_write();
    scenario.script = vec![write(10, C1, N1), write(10, C2, N1)];
    let trace = simulate(&scenario);
    let asked = trace.last_event_by(ms(10)).expect("both have asked");
    let mut world = trace.world_at(asked);
    let (first, second) = (Cause::Deliver(message(C1, N1, 0, 1)), Cause::Deliver(message(C2, N1, 0, 1)));
    assert_eq!(world.choices(), [first, second]);
    let mut step = Step::default();
    assert!(world.take(second, &mut step));
    assert!(world.now() < ms(20));
    assert!(!world.take(second, &mut step), "it is gone");
    assert!(world.choices().contains(&first));
}

#[test]
fn a_fingerprint_forgets_how_it_came_to_this() {
    let plan = Rc::new(lightcone_engine::run::Plan::new(&one_write()));
    let scenario = Scenario { script: vec![write(10, C1, N1), write(10, C2, N2)], ..one_write() };
    let trace = simulate(&scenario);
    let world = trace.world_at(trace.last_event_by(ms(10)).expect("both have asked"));
    let [first, second] = world.choices()[..] else { panic!("two writes are under way") };
    let mut step = Step::default();
    let (mut one, mut other) = (world.clone(), world.clone());
    assert!(one.take(first, &mut step) && one.take(second, &mut step));
    assert!(other.take(second, &mut step) && other.take(first, &mut step));
    assert_eq!(one.fingerprint(), other.fingerprint());
    assert_ne!(one.fingerprint(), world.fingerprint());
    assert_ne!(World::new(plan).fingerprint(), world.fingerprint());
}

#[test]
fn law_8_a_run_that_meets_a_limit_stops_and_says_which() {
    let family = lightcone_protocols::by_id("raft").expect("raft is registered");
    let mut scenario = Scenario::new(family);
    scenario.horizon = lightcone_engine::limits::MAX_HORIZON;
    let trace = simulate(&scenario);
    assert_eq!(trace.events.len(), lightcone_engine::limits::MAX_EVENTS as usize);
    let Ending::Limit(limit) = trace.ending else { panic!("ten minutes of Raft are more than a run holds") };
    assert!(limit.to_string().contains("50000 events"), "{limit}");
}
