//! Random fault schedules for Raft, inside its fault model: anything may be late, lost or doubled, servers
//! and clients crash, come back and pause, clocks are off. A server that comes back has its disk: only clients,
//! who keep nothing there, lose theirs.

use fastrand::Rng;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Cause, Handling, Settings};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Action, Edit, EventIndex, MessageId, NodeId, NodeSet, Scenario, Time, Trace, simulate};

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
    let family = lightcone_protocols::by_id("raft").expect("Raft is registered");
    let mut settings = Settings::defaults(family.specification());
    for &(parameter, value) in changes {
        settings.parameters[parameter] = value;
    }
    settings
}

/// A run with these settings and at most so many requests.
pub fn ground(settings: Settings, requests: i32, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(lightcone_protocols::by_id("raft").expect("Raft is registered"));
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
        for value in 0..rng.i32(0..=requests) {
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
    if scenario.settings.parameters[READ_MODE] == LEASE && rng.bool() {
        extreme_clocks(scenario, rng);
    }
    if rng.u8(..3) == 0 {
        partitions(scenario, rng);
    }
    let episodes = rng.u8(..4);
    for _ in 0..rng.usize(1..4) {
        let trace = simulate(scenario);
        for _ in 0..rng.usize(1..6) {
            if rng.u8(..4) < episodes {
                episode(&trace, &mut scenario.script, rng);
            } else if let Some(edit) = edit(&trace, rng) {
                scenario.script.push(edit);
            }
        }
    }
}

/// One partition after the other, now and then none. Clients reach everyone.
pub fn partitions(scenario: &mut Scenario, rng: &mut Rng) {
    let everyone = NodeSet::first(scenario.settings.parameters[SERVERS] as u8);
    let mut at = Time::ZERO;
    while at < scenario.horizon {
        let heal = Action::Heal { from: everyone, to: everyone, one_way: false };
        scenario.script.push(Edit::At { at, action: heal });
        if rng.u8(..4) > 0 {
            let from = if rng.bool() {
                NodeSet(rng.u16(..) & everyone.0)
            } else {
                NodeSet::only(NodeId(rng.u8(..everyone.len() as u8)))
            };
            let cut = Action::Cut { from, to: NodeSet(everyone.0 & !from.0), one_way: rng.u8(..6) == 0 };
            scenario.script.push(Edit::At { at: at.after(1), action: cut });
        }
        at = at.after(rng.u64(20_000..250_000));
    }
}

/// Every server's clock as slow or fast as the bound allows, from the start.
fn extreme_clocks(scenario: &mut Scenario, rng: &mut Rng) {
    let most = scenario.settings.parameters[DRIFT_BOUND] as i32 * 1_000;
    for node in NodeSet::first(scenario.settings.parameters[SERVERS] as u8).iter() {
        let drift_ppm = if rng.bool() { most } else { -most };
        let action = Action::SetClock { node, jump_micros: 0, drift_ppm };
        scenario.script.push(Edit::At { at: Time::ZERO, action });
    }
}

/// Something goes wrong with a server, just after something happened there, and is right again some time later.
fn episode(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let servers = trace.scenario.settings.parameters[SERVERS] as u8;
    let node = NodeId(rng.u8(..servers));
    let event = rng.choice(trace.events.iter().filter(|event| event.node == Some(node)).collect::<Vec<_>>());
    let Some(event) = event else { return };
    let start = event.at.after(rng.u64(1..20_000));
    let end = start.after(rng.u64(1_000..250_000));
    let (alone, everyone) = (NodeSet::only(node), NodeSet::first(trace.lanes().len() as u8));
    let rest = NodeSet(NodeSet::first(servers).0 & !alone.0);
    let one_way = rng.u8(..3) == 0;
    let (from, to) = if rng.bool() { (alone, rest) } else { (rest, alone) };
    let (wrong, right) = match rng.u8(..6) {
        0 | 1 => (Action::Crash(node), Action::Restart(node)),
        2 | 3 => (Action::Cut { from, to, one_way }, Action::Heal { from: everyone, to: everyone, one_way: false }),
        4 => (Action::Pause(node), Action::Resume(node)),
        _ => {
            // Where it has something to save.
            let saves = |deed: &Deed| matches!(deed, Deed::Persisted(_));
            let places = (0..trace.events.len() as u32).map(EventIndex);
            let saving =
                places.filter(|&each| trace.event(each).node == Some(node) && trace.deeds(each).iter().any(saves));
            let Some(event) = rng.choice(saving.collect::<Vec<_>>()) else { return };
            if let Cause::Deliver(message) = trace.event(event).cause {
                // A fact stands beside its mark, and both are one effect.
                let effects = trace.deeds(event).iter().filter(|deed| !matches!(deed, Deed::Happened(_))).count();
                let after_effects = rng.usize(..effects + 1) as u16;
                script.push(Edit::CrashDuring { handling: Handling::Message(message), after_effects });
            }
            let end = trace.event(event).at.after(rng.u64(1_000..250_000));
            script.push(Edit::At { at: end, action: Action::Restart(node) });
            return;
        }
    };
    script.push(Edit::At { at: start, action: wrong });
    script.push(Edit::At { at: end, action: right });
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
            let handling = match rng.u8(..5) {
                0 | 1 => Handling::Message(rng.choice(&trace.messages)?.id),
                2 | 3 => Handling::Timer(rng.choice(&trace.timers)?.id),
                _ => {
                    Handling::Request(rng.choice(trace.events.iter().filter_map(|it| it.asked).collect::<Vec<_>>())?.0)
                }
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
    match rng.u8(..15) {
        0 | 1 => Action::Crash(node),
        2..=4 => Action::Restart(node),
        5 => Action::Pause(node),
        6 | 7 => Action::Resume(node),
        8 | 9 => {
            let from = NodeSet(rng.u16(..) & everyone.0);
            Action::Cut { from, to: NodeSet(everyone.0 & !from.0), one_way: rng.u8(..3) == 0 }
        }
        10 => Action::Heal { from: everyone, to: everyone, one_way: false },
        11 => {
            let from = NodeSet(rng.u16(..) & everyone.0);
            Action::Heal { from, to: everyone, one_way: rng.bool() }
        }
        12 => clock(settings, node, rng),
        13 if lanes > servers => Action::LoseDisk(NodeId(rng.u8(servers..lanes))),
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
