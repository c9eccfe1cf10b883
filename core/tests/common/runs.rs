//! Small runs of every protocol with anything in them, for tests that go on from their middle.

use super::any_settings;
use fastrand::Rng;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, AnyProtocol, Cause, FlawSet, Settings};
use lightcone_engine::run::{Plan, Step, World};
use lightcone_engine::{Action, Edit, NodeId, Scenario, Time};
use std::rc::Rc;

/// Changes a knob, if the protocol has it.
fn tune(settings: &mut Settings, family: &dyn AnyProtocol, knob: &str, change: impl Fn(u32) -> u32) {
    let place = family.specification().parameters.iter().position(|parameter| parameter.id == knob);
    if let Some(place) = place {
        settings.parameters[place] = change(settings.parameters[place]);
    }
}

/// A small run: any knobs, a few nodes, some messages twice, requests, and two nodes that stop and come back.
pub fn scenario(family: &'static dyn AnyProtocol, flaws: FlawSet, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    let mut settings = any_settings(family, rng);
    for knob in ["servers", "acceptors", "replicas"] {
        tune(&mut settings, family, knob, |value| value.min(3));
    }
    for knob in ["clients", "proposers", "learners", "participants", "stand-ins"] {
        tune(&mut settings, family, knob, |value| value.min(2));
    }
    if rng.u8(..3) == 0 {
        tune(&mut settings, family, "proposers", |_| 1);
        tune(&mut settings, family, "ballot-timeout", |_| 20);
        tune(&mut settings, family, "anti-entropy", |_| 30);
        tune(&mut settings, family, "abd", |_| 1);
    }
    settings.flaws = flaws;
    scenario.settings = settings;
    scenario.model.links.duplication_per_mille = *rng.choice(&[0, 300, 1_000]).expect("there are choices");
    // Messages that come late tell of what is over.
    scenario.model.links.latency_micros = *rng.choice(&[(8_000, 14_000), (1_000, 150_000)]).expect("there are choices");
    for _ in 0..2 {
        // Half the time the first, which in some protocols has no like.
        let node = NodeId(if rng.bool() { 0 } else { rng.u8(..scenario.lanes().len() as u8) });
        let stops = rng.u64(1..300);
        let comes_back = stops + rng.u64(1..100);
        scenario.script.push(Edit::At { at: Time::from_millis(stops), action: Action::Crash(node) });
        scenario.script.push(Edit::At { at: Time::from_millis(comes_back), action: Action::Restart(node) });
    }
    for (lane, accepts) in scenario.lanes().iter().map(|lane| lane.accepts).enumerate() {
        let mut at = 0;
        for number in 0..rng.usize(2..6) {
            // What a protocol asks in words of its own comes last: it may end what came before.
            let form = if number < 2 { rng.choice(accepts) } else { accepts.last() };
            let Some(form) = form else { break };
            let operation = operation(*form, scenario.lanes().len() as u8, rng);
            at += rng.u64(1..100);
            let action = Action::Request { node: NodeId(lane as u8), operation };
            scenario.script.push(Edit::At { at: Time::from_millis(at), action });
        }
    }
    scenario
}

fn operation(form: Accepts, lanes: u8, rng: &mut Rng) -> Operation {
    let (key, value) = (Key(rng.u8(..2)), rng.i32(..3));
    match form {
        Accepts::Read => Operation::Read { key },
        Accepts::Write => Operation::Write { key, value },
        Accepts::Add => Operation::Add { key, amount: value },
        Accepts::CompareAndSet => Operation::CompareAndSet { key, expected: 0, value },
        Accepts::Command(verb) => Operation::Command { verb, argument: rng.u8(..lanes) },
    }
}

/// The world in which every node has just started.
pub fn start(scenario: &Scenario) -> World {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let boots: Vec<Cause> = world.choices().into_iter().filter(|cause| matches!(cause, Cause::Boot(_))).collect();
    boots.into_iter().for_each(|cause| assert!(world.take(cause, &mut Step::default())));
    world
}

/// The world after some steps in the order of time.
pub fn middle(scenario: &Scenario, rng: &mut Rng) -> World {
    let mut world = start(scenario);
    for _ in 0..rng.usize(..150) {
        let Some((_, cause)) = world.next() else { break };
        assert!(world.take(cause, &mut Step::default()));
    }
    world
}
