//! Random fault schedules for the quorum register, inside its fault model: anything may be late, lost or doubled, nodes and
//! clients crash, come back with their disks and pause.

use fastrand::Rng;
use lightcone::operation::{Key, Operation};
use lightcone::protocol::Settings;
use lightcone::scenario::Handling;
use lightcone::trace::Verdict;
use lightcone::{Action, Edit, MessageId, NodeId, NodeSet, Scenario, Time, Trace, registry, simulate};

/// Places of the parameters in the specification.
pub const REPLICAS: usize = 0;
pub const READ: usize = 1;
pub const WRITE: usize = 2;
pub const ABD: usize = 3;
pub const REPAIR: usize = 4;
pub const STAND_INS: usize = 5;
pub const ANTI_ENTROPY: usize = 8;
pub const CLIENTS: usize = 9;
pub const RETRY: usize = 10;

/// Places of the properties in the specification.
pub const QUORUMS_MEET: usize = 0;
pub const LINEARIZABLE: usize = 1;

/// Any number of replicas, R + W > N, anything else as it comes; stand-ins do not count.
pub fn settings(rng: &mut Rng) -> Settings {
    let family = registry::by_id("quorum").expect("it is registered");
    let mut settings = Settings::defaults(family.specification());
    let set = &mut settings.parameters;
    set[REPLICAS] = *rng.choice(&[1, 2, 3, 3, 3, 4, 5, 5]).expect("there are choices");
    set[READ] = rng.u32(1..=set[REPLICAS]);
    set[WRITE] = rng.u32(set[REPLICAS] + 1 - set[READ]..=set[REPLICAS]);
    if rng.bool() {
        // Two majorities, as in ABD.
        (set[READ], set[WRITE]) = (set[REPLICAS] / 2 + 1, set[REPLICAS] / 2 + 1);
    }
    set[REPAIR] = rng.u32(0..2);
    set[STAND_INS] = rng.u32(0..3);
    set[ANTI_ENTROPY] = if rng.bool() { 0 } else { rng.u32(20..200) };
    set[CLIENTS] = rng.u32(1..=4);
    set[RETRY] = *rng.choice(&[60, 300]).expect("there are choices");
    settings
}

/// A run with these settings and at most so many requests, most of them for the same key.
pub fn ground(settings: Settings, requests: i32, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(registry::by_id("quorum").expect("it is registered"));
    scenario.settings = settings;
    scenario.seed = rng.u64(..);
    scenario.horizon = Time::from_millis(rng.u64(300..800));
    let links = &mut scenario.model.links;
    links.fifo = rng.u8(..4) == 0;
    if rng.bool() {
        links.latency_micros = (1_000, rng.u64(5_000..80_000));
        links.loss_per_mille = rng.u16(..150);
        links.duplication_per_mille = rng.u16(..150);
    }
    let clients = scenario.settings.parameters[CLIENTS] as u8;
    // All over the run, or close together.
    let busy = if rng.bool() { scenario.horizon.micros() * 3 / 4 } else { rng.u64(50_000..200_000) };
    for value in 1..=rng.i32(1..=requests) {
        let key = Key(u8::from(rng.u8(..6) == 0));
        let operation = if rng.u8(..5) < 3 { Operation::Read { key } } else { Operation::Write { key, value } };
        let node = NodeId(nodes(&scenario) + rng.u8(..clients));
        scenario
            .script
            .push(Edit::At { at: Time::from_micros(rng.u64(..busy)), action: Action::Request { node, operation } });
    }
    scenario
}

/// How many nodes keep values.
pub fn nodes(scenario: &Scenario) -> u8 {
    let set = &scenario.settings.parameters;
    (set[REPLICAS] + set[STAND_INS]) as u8
}

/// Adds faults, a few at a time, each naming what happens in the run so far.
pub fn disturb(scenario: &mut Scenario, rng: &mut Rng) {
    for _ in 0..rng.usize(1..4) {
        let trace = simulate(scenario);
        if rng.bool() {
            slow_store(&trace, &mut scenario.script, rng);
        }
        for _ in 0..rng.usize(1..6) {
            if rng.u8(..3) == 0 {
                let until = scenario.horizon;
                episode(scenario, until, rng);
            } else {
                scenario.script.extend(edit(&trace, rng));
            }
        }
    }
}

/// A version reaches one replica long before the others, and meanwhile it is read.
fn slow_store(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let stores = trace.messages.iter().filter(|message| matches!(trace.kind(message.id).name, "Store" | "WriteBack"));
    let Some(first) = rng.choice(stores.collect::<Vec<_>>()) else { return };
    let together = |other: &&lightcone::trace::Message| other.id.from == first.id.from && other.sent == first.sent;
    for other in trace.messages.iter().filter(together).filter(|other| other.id != first.id) {
        script.push(Edit::Deliver { message: other.id, at: other.sent.after(rng.u64(50_000..300_000)) });
    }
    let settings = &trace.scenario.settings.parameters;
    let lanes = trace.lanes().len() as u8;
    for _ in 0..rng.usize(1..5) {
        let node = NodeId(lanes - 1 - rng.u8(..settings[CLIENTS] as u8));
        let action = Action::Request { node, operation: Operation::Read { key: Key(0) } };
        script.push(Edit::At { at: first.sent.after(rng.u64(10_000..150_000)), action });
    }
}

/// Something goes wrong, and before `until` it is right again.
pub fn episode(scenario: &mut Scenario, until: Time, rng: &mut Rng) {
    let lanes = scenario.lanes().len() as u8;
    let (alone, everyone) = (NodeId(rng.u8(..lanes)), NodeSet::first(lanes));
    let start = rng.u64(..until.micros());
    let end = rng.u64(start..until.micros()) + 1;
    let from = if rng.bool() { NodeSet::only(alone) } else { NodeSet(rng.u16(..) & everyone.0) };
    let (wrong, right) = match rng.u8(..5) {
        0 | 1 => (Action::Crash(alone), Action::Restart(alone)),
        2 => (Action::Pause(alone), Action::Resume(alone)),
        _ => (
            Action::Cut { from, to: NodeSet(everyone.0 & !from.0), one_way: rng.u8(..3) == 0 },
            Action::Heal { from: everyone, to: everyone, one_way: false },
        ),
    };
    scenario.script.push(Edit::At { at: Time::from_micros(start), action: wrong });
    scenario.script.push(Edit::At { at: Time::from_micros(end), action: right });
}

fn edit(trace: &Trace, rng: &mut Rng) -> Option<Edit> {
    // What carries a version is worth being late more often than what asks for one.
    let carries = |message: &&lightcone::trace::Message| trace.kind(message.id).name.starts_with(['S', 'W', 'R', 'H']);
    let carrying: Vec<_> = trace.messages.iter().filter(carries).collect();
    let message = if rng.bool() { rng.choice(carrying) } else { None }.or_else(|| rng.choice(&trace.messages))?;
    let late = |rng: &mut Rng| message.sent.after(rng.u64(100..200_000));
    Some(match rng.u8(..8) {
        0..=3 => Edit::Deliver { message: message.id, at: late(rng) },
        4 => Edit::Drop { message: message.id },
        5 => Edit::Duplicate { copy: MessageId { copy: rng.u8(1..3), ..message.id }, at: late(rng) },
        6 => Edit::CrashDuring { handling: Handling::Message(message.id), after_effects: rng.u16(..5) },
        _ => {
            let timer = rng.choice(&trace.timers)?;
            Edit::Fire { timer: timer.id, at: timer.armed.after(rng.u64(..200_000)) }
        }
    })
}

/// Whether the property breaks, and how.
pub fn broken(trace: &Trace, property: usize) -> Option<String> {
    match &trace.verdicts[property] {
        Verdict::Broken { event, breach } => Some(format!("{} ms: {}", trace.event(*event).at, breach.sentence)),
        _ => None,
    }
}
