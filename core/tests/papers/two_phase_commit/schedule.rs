//! Random fault schedules for two-phase commit, inside its fault model: anything may be late, lost or doubled, nodes
//! crash, come back with their logs and pause, links are cut, clocks are off. Nobody loses its disk.

use crate::common::{any_edit, any_model};
use fastrand::Rng;
use lightcone::operation::{Key, Operation};
use lightcone::protocol::Settings;
use lightcone::scenario::Handling;
use lightcone::trace::Deed;
use lightcone::world::Cause;
use lightcone::{Action, Edit, EventIndex, NodeId, NodeSet, Scenario, Time, Trace, registry, simulate};

/// Places of the parameters in the specification.
pub const PARTICIPANTS: usize = 0;
pub const CLIENTS: usize = 1;
pub const COOPERATIVE: usize = 7;

/// The protocol's settings with these parameters changed.
pub fn settings(changes: &[(usize, u32)]) -> Settings {
    let family = registry::by_id("2pc").expect("two-phase commit is registered");
    let mut settings = Settings::defaults(family.specification());
    for &(parameter, value) in changes {
        settings.parameters[parameter] = value;
    }
    settings
}

/// A run with these settings, a few transactions of each client, and faults.
pub fn draw(settings: Settings, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(registry::by_id("2pc").expect("two-phase commit is registered"));
    scenario.settings = settings;
    scenario.model = any_model(rng);
    scenario.seed = rng.u64(..);
    scenario.horizon = Time::from_millis(rng.u64(300..900));
    let (participants, clients) =
        (scenario.settings.parameters[PARTICIPANTS] as u8, scenario.settings.parameters[CLIENTS] as u8);
    for client in 0..clients {
        let mut at = rng.u64(..100_000);
        for _ in 0..rng.u8(1..4) {
            for operation in transaction(participants, rng) {
                let action = Action::Request { node: NodeId(1 + participants + client), operation };
                scenario.script.push(Edit::At { at: Time::from_micros(at), action });
                at += rng.u64(..30_000);
            }
        }
    }
    scenario.script.retain(|edit| matches!(edit, Edit::At { at, .. } if *at <= scenario.horizon));
    for _ in 0..rng.usize(..4) {
        disturb(&mut scenario, rng);
    }
    scenario
}

/// Some reads and writes of few rows, and the wish to commit.
fn transaction(participants: u8, rng: &mut Rng) -> Vec<Operation> {
    let operation = |rng: &mut Rng| {
        let key = Key(rng.u8(..participants + 1));
        match rng.u8(..4) {
            0 => Operation::Read { key },
            1 => Operation::Add { key, amount: 1 },
            _ => Operation::Write { key, value: rng.i32(..9) },
        }
    };
    let mut all: Vec<Operation> = (0..rng.u8(1..5)).map(|_| operation(rng)).collect();
    all.push(Operation::Command { verb: 0, argument: 0 });
    all
}

/// Adds faults that name what happens in the run so far.
pub fn disturb(scenario: &mut Scenario, rng: &mut Rng) {
    let trace = simulate(scenario);
    for _ in 0..rng.usize(..6) {
        if rng.bool() {
            episode(&trace, &mut scenario.script, rng);
            continue;
        }
        let edit = any_edit(&trace, rng);
        if !matches!(edit, Edit::At { action: Action::LoseDisk(_), .. }) {
            scenario.script.push(edit);
        }
    }
}

/// Something goes wrong with the coordinator or a participant just after it has done something, or between two things it
/// does, and is right again some time later.
fn episode(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let servers = trace.scenario.settings.parameters[PARTICIPANTS] as u8 + 1;
    let node = NodeId(rng.u8(..servers));
    let saves = |each: &EventIndex| trace.deeds(*each).iter().any(|deed| matches!(deed, Deed::Persisted(_)));
    let own = |each: &EventIndex| trace.event(*each).node == Some(node);
    let places: Vec<_> = (0..trace.events.len() as u32).map(EventIndex).filter(own).filter(saves).collect();
    let Some(place) = rng.choice(places) else { return };
    let event = trace.event(place);
    let wrong = event.at.after(rng.u64(1..20_000));
    let right = wrong.after(rng.u64(1_000..250_000));
    let others = NodeSet(NodeSet::first(servers).0 & !NodeSet::only(node).0);
    let (wrong_action, right_action) = match rng.u8(..4) {
        0 => (Action::Crash(node), Action::Restart(node)),
        1 => (Action::Pause(node), Action::Resume(node)),
        2 => {
            let (from, to, one_way) = (NodeSet::only(node), others, rng.bool());
            (Action::Cut { from, to, one_way }, Action::Heal { from, to, one_way })
        }
        _ => {
            let after_effects = rng.usize(..trace.deeds(place).len() + 1) as u16;
            let handling = match event.cause {
                Cause::Deliver(message) => Handling::Message(message),
                Cause::Fire(timer) => Handling::Timer(timer),
                _ => return,
            };
            script.push(Edit::CrashDuring { handling, after_effects });
            script.push(Edit::At { at: right, action: Action::Restart(node) });
            return;
        }
    };
    script.push(Edit::At { at: wrong, action: wrong_action });
    script.push(Edit::At { at: right, action: right_action });
}
