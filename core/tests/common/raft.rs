//! Random fault schedules for Raft, inside its fault model: anything may be late, lost or doubled, servers
//! and clients crash, come back and pause, clocks are off; disks are not lost.
#![allow(dead_code)] // The tests and the hunt each use their own part of this.

use fastrand::Rng;
use lightcone::operation::{Key, Operation};
use lightcone::protocol::Settings;
use lightcone::scenario::Handling;
use lightcone::trace::Verdict;
use lightcone::{Action, Edit, MessageId, NodeId, NodeSet, Scenario, Time, Trace, registry, simulate};

/// Places of the parameters in the specification.
pub const SERVERS: usize = 0;
pub const CLIENTS: usize = 1;
pub const NO_OP: usize = 6;
pub const PRE_VOTE: usize = 7;
pub const CHECK_QUORUM: usize = 8;
pub const READ_MODE: usize = 9;
pub const DRIFT_BOUND: usize = 10;
pub const LEASE: u32 = 2;

/// The protocol's settings with these parameters changed.
pub fn settings(changes: &[(usize, u32)]) -> Settings {
    let family = registry::by_id("raft").expect("Raft is registered");
    let mut settings = Settings::defaults(family.specification());
    for &(parameter, value) in changes {
        settings.parameters[parameter] = value;
    }
    settings
}

/// A run with these settings and some requests.
pub fn ground(settings: Settings, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(registry::by_id("raft").expect("Raft is registered"));
    let (servers, clients) = (settings.parameters[SERVERS] as u8, settings.parameters[CLIENTS] as u8);
    scenario.settings = settings;
    scenario.seed = rng.u64(..);
    scenario.horizon = Time::from_millis(rng.u64(400..1_000));
    let links = &mut scenario.model.links;
    links.fifo = rng.u8(..4) == 0;
    if rng.u8(..3) == 0 {
        links.latency_micros = (1_000, rng.u64(5_000..60_000));
        links.loss_per_mille = rng.u16(..150);
        links.duplication_per_mille = rng.u16(..150);
    }
    if clients > 0 {
        for value in 0..rng.i32(0..9) {
            let node = NodeId(servers + rng.u8(..clients));
            let action = Action::Request { node, operation: operation(value + 1, rng) };
            scenario.script.push(Edit::At { at: moment(&scenario, rng), action });
        }
    }
    scenario
}

fn operation(value: i32, rng: &mut Rng) -> Operation {
    let key = Key(u8::from(rng.u8(..5) == 0));
    match rng.u8(..8) {
        0..=2 => Operation::Read { key },
        3 | 4 => Operation::Write { key, value },
        5 | 6 => Operation::Add { key, amount: 10 },
        _ => Operation::CompareAndSet { key, expected: value - 1, value },
    }
}

fn moment(scenario: &Scenario, rng: &mut Rng) -> Time {
    Time::from_micros(rng.u64(..scenario.horizon.micros()))
}

/// Adds faults, a few at a time, each naming what happens in the run so far.
pub fn disturb(scenario: &mut Scenario, rng: &mut Rng) {
    for _ in 0..rng.usize(1..4) {
        let trace = simulate(scenario);
        for _ in 0..rng.usize(1..6) {
            if let Some(edit) = edit(&trace, rng) {
                scenario.script.push(edit);
            }
        }
    }
}

fn edit(trace: &Trace, rng: &mut Rng) -> Option<Edit> {
    let scenario = &*trace.scenario;
    Some(match rng.u8(..16) {
        0..=3 => {
            let message = rng.choice(&trace.messages)?;
            let later = if rng.bool() { 30_000 } else { 300_000 };
            Edit::Deliver { message: message.id, at: message.sent.after(rng.u64(100..later)) }
        }
        4 | 5 => Edit::Drop { message: rng.choice(&trace.messages)?.id },
        6 => {
            let message = rng.choice(&trace.messages)?;
            let copy = MessageId { copy: rng.u8(1..3), ..message.id };
            Edit::Duplicate { copy, at: message.sent.after(rng.u64(100..300_000)) }
        }
        7 | 8 => {
            let timer = rng.choice(&trace.timers)?;
            Edit::Fire { timer: timer.id, at: timer.armed.after(rng.u64(..250_000)) }
        }
        9 => {
            let handling = match rng.choice(&trace.messages) {
                Some(message) if rng.bool() => Handling::Message(message.id),
                _ => Handling::Timer(rng.choice(&trace.timers)?.id),
            };
            Edit::CrashDuring { handling, after_effects: rng.u16(..6) }
        }
        _ => Edit::At { at: moment(scenario, rng), action: action(trace, rng) },
    })
}

fn action(trace: &Trace, rng: &mut Rng) -> Action {
    let settings = &trace.scenario.settings;
    let lanes = trace.lanes().len() as u8;
    let servers = settings.parameters[SERVERS] as u8;
    let choice = if rng.u8(..6) == 0 { lanes } else { servers };
    let node = NodeId(rng.u8(..choice));
    let everyone = NodeSet::first(lanes);
    match rng.u8(..14) {
        0 | 1 => Action::Crash(node),
        2..=4 => Action::Restart(node),
        5 => Action::Pause(node),
        6 | 7 => Action::Resume(node),
        8 | 9 => {
            let from = NodeSet(rng.u16(..) & everyone.0);
            Action::Cut { from, to: NodeSet(everyone.0 & !from.0), one_way: rng.u8(..3) == 0 }
        }
        10 | 11 => Action::Heal { from: everyone, to: everyone, one_way: false },
        12 => clock(settings, node, rng),
        _ => {
            let operation = Operation::Command { verb: 0, argument: rng.u8(..servers) };
            Action::Request { node: NodeId(rng.u8(..servers)), operation }
        }
    }
}

/// Clocks may be anything unless leases rely on them: then they drift within the bound and do not jump.
fn clock(settings: &Settings, node: NodeId, rng: &mut Rng) -> Action {
    if settings.parameters[READ_MODE] == LEASE {
        let most = settings.parameters[DRIFT_BOUND] as i32 * 1_000;
        return Action::SetClock { node, jump_micros: 0, drift_ppm: rng.i32(-most..=most) };
    }
    Action::SetClock { node, jump_micros: rng.i32(-200_000..200_000), drift_ppm: rng.i32(-500_000..=500_000) }
}

/// The property that breaks first, by name, and how.
pub fn broken(trace: &Trace) -> Option<(&'static str, String)> {
    let (place, event, breach) = trace.first_violation()?;
    let at = trace.event(event).at;
    Some((trace.specification().properties[place].id, format!("{at} ms: {}", breach.sentence)))
}

/// Takes out, as long as the same property breaks, what the run does not need for it.
pub fn shorten(scenario: &Scenario, property: &str) -> Scenario {
    let breaks = |scenario: &Scenario| broken(&simulate(scenario)).is_some_and(|(id, _)| id == property);
    let mut best = scenario.clone();
    loop {
        let before = best.script.len();
        for place in (0..best.script.len()).rev() {
            let mut less = best.clone();
            less.script.remove(place);
            if breaks(&less) {
                best = less;
            }
        }
        if best.script.len() == before {
            break;
        }
    }
    if let Some(Verdict::Broken { event, .. }) =
        simulate(&best).verdicts.iter().find(|verdict| matches!(verdict, Verdict::Broken { .. }))
    {
        let mut less = best.clone();
        less.horizon = simulate(&best).event(*event).at.after(20_000);
        if breaks(&less) {
            best = less;
        }
    }
    best
}
