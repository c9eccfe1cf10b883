//! Random scenarios of any protocol, for the tests of laws and codecs.
//!
//! Everything is drawn from one seed, so a failing case is named by it: [`for_seeds`] prints it.

pub mod plans;
pub mod runs;
pub mod schedule;
pub mod tally;
pub mod verdict;

use fastrand::Rng;
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::model::{Faults, Links, Model, Timing};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, AnyProtocol, Argument, FlawSet, Handling, Parameter, Settings, Unit};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{
    Action, Edit, EventIndex, MessageId, NodeId, NodeSet, RequestId, Scenario, Time, TimerId, Trace, simulate,
};
use lightcone_protocols::PROTOCOLS;

/// Runs `test` for every protocol with `count` seeds each, and says which one failed.
pub fn for_seeds(count: u64, test: impl Fn(&'static dyn AnyProtocol, &mut Rng)) {
    for &family in PROTOCOLS {
        for_seeds_of(family, count, |rng| test(family, rng));
    }
}

/// The same for one protocol.
pub fn for_seeds_of(family: &dyn AnyProtocol, count: u64, test: impl Fn(&mut Rng)) {
    struct Case(&'static str, u64);
    impl Drop for Case {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("The failing case: {} with seed {}.", self.0, self.1);
            }
        }
    }
    for seed in 0..count {
        let _case = Case(family.specification().id, seed);
        test(&mut Rng::with_seed(seed));
    }
}

/// A scenario with any settings, model and edits, of which most name what is there and some name nothing.
pub fn any_scenario(family: &'static dyn AnyProtocol, rng: &mut Rng) -> Scenario {
    let mut scenario = any_ground(family, rng);
    if rng.u8(..6) == 0 {
        scenario.title = any_text(rng, false);
        scenario.note = any_text(rng, true);
    }
    for round in 0..2 {
        let trace = simulate(&scenario);
        let count = if rng.u8(..20) == 0 { 60 } else { rng.usize(..8) };
        for _ in 0..count {
            let edit = any_edit(&trace, rng);
            if round == 0 && rng.bool() { scenario.script.push(edit) } else { scenario.moves.push(edit) }
        }
    }
    assert_eq!(scenario.check(), Ok(()), "only valid scenarios are drawn");
    scenario
}

/// A scenario with any settings and model, and a few requests.
pub fn any_ground(family: &'static dyn AnyProtocol, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.settings = any_settings(family, rng);
    scenario.model = any_model(rng);
    scenario.seed = if rng.bool() { rng.u64(..100) } else { rng.u64(..) };
    scenario.horizon = any_time(rng, Time::from_millis(600)).after(20_000);
    let lanes = scenario.lanes();
    let early = Time::from_micros(scenario.horizon.micros() / 2);
    let askable: Vec<usize> = (0..lanes.len()).filter(|&lane| !lanes[lane].accepts.is_empty()).collect();
    for _ in 0..rng.usize(..10) {
        let Some(&lane) = rng.choice(&askable) else { break };
        let form = *rng.choice(lanes[lane].accepts).expect("the lane takes some request");
        let operation = any_operation(family, form, lanes.len() as u8, rng);
        let action = Action::Request { node: NodeId(lane as u8), operation };
        scenario.script.push(Edit::At { at: any_time(rng, early), action });
    }
    scenario
}

/// Most parameters at their default, the others anywhere in their range or near its least; most often no flaw.
pub fn any_settings(family: &dyn AnyProtocol, rng: &mut Rng) -> Settings {
    let specification = family.specification();
    let mut settings = Settings::defaults(specification);
    for (parameter, value) in specification.parameters.iter().zip(&mut settings.parameters) {
        let narrow = matches!(parameter.unit, Unit::Switch | Unit::Choice(_)) || parameter.most - parameter.least < 20;
        *value = match rng.u8(..4) {
            0 if narrow => rng.u32(parameter.least..=parameter.most),
            0 => within_default(parameter, rng),
            _ => parameter.default,
        };
    }
    if rng.u8(..4) == 0 {
        settings.flaws = FlawSet(rng.u32(..) & ((1_u64 << specification.flaws.len()) - 1) as u32);
    }
    settings
}

/// Near the default: a time of a tenth of it would only make the run long.
pub fn within_default(parameter: &Parameter, rng: &mut Rng) -> u32 {
    rng.u32(parameter.default / 2..=parameter.default * 2).clamp(parameter.least, parameter.most)
}

/// Any system model; half the time the default.
pub fn any_model(rng: &mut Rng) -> Model {
    if rng.bool() {
        return Model::default();
    }
    let least = rng.u64(100..20_000);
    let bound_micros = rng.u64(10_000..60_000);
    Model {
        timing: match rng.u8(..3) {
            0 => Timing::Asynchronous,
            1 => Timing::Synchronous { bound_micros },
            _ => Timing::PartiallySynchronous { stable_from: any_time(rng, Time::from_millis(300)), bound_micros },
        },
        links: Links {
            latency_micros: (least, least + rng.u64(..30_000)),
            loss_per_mille: if rng.bool() { 0 } else { rng.u16(..300) },
            duplication_per_mille: if rng.bool() { 0 } else { rng.u16(..300) },
            fifo: rng.bool(),
            reliable: rng.u8(..3) == 0,
        },
        faults: if rng.u8(..3) == 0 { Faults::CrashStop } else { Faults::CrashRecovery },
    }
}

/// An edit of any kind. Its names are those of `trace`, but for one in eight.
pub fn any_edit(trace: &Trace, rng: &mut Rng) -> Edit {
    // Where there is nothing to name, most edits are actions.
    let least = if trace.messages.is_empty() && rng.u8(..8) > 0 { 7 } else { 0 };
    match rng.u8(least..10) {
        0..=2 => {
            let (message, sent) = any_message(trace, rng);
            Edit::Deliver { message, at: soon_after(sent, rng) }
        }
        3 => Edit::Drop { message: any_message(trace, rng).0 },
        4 => {
            let (message, sent) = any_message(trace, rng);
            let copy = MessageId { copy: rng.u8(1..4), ..message };
            Edit::Duplicate { copy, at: soon_after(sent, rng) }
        }
        5 => {
            let (timer, armed) = any_timer(trace, rng);
            Edit::Fire { timer, at: soon_after(armed, rng) }
        }
        6 => Edit::CrashDuring { handling: any_handling(trace, rng), after_effects: rng.u16(..6) },
        _ => Edit::At { at: any_time(rng, trace.horizon()), action: any_action(trace, rng) },
    }
}

/// A message of the run and when it was sent; sometimes one that there is not.
pub fn any_message(trace: &Trace, rng: &mut Rng) -> (MessageId, Time) {
    match rng.choice(&trace.messages) {
        Some(message) if rng.u8(..8) > 0 => (message.id, message.sent),
        _ => {
            let kind = if rng.bool() { rng.u8(..4) } else { rng.u8(..) };
            let ordinal = if rng.bool() { rng.u16(..20) } else { rng.u16(..) };
            let copy = *rng.choice(&[0, 0, 1, 2, 254, MessageId::LINK_COPY]).expect("there are choices");
            (MessageId { from: any_lane(rng), to: any_lane(rng), kind, ordinal, copy }, any_time(rng, trace.horizon()))
        }
    }
}

/// A timer of the run and when it was armed; sometimes one that there is not.
pub fn any_timer(trace: &Trace, rng: &mut Rng) -> (TimerId, Time) {
    match rng.choice(&trace.timers) {
        Some(timer) if rng.u8(..8) > 0 => (timer.id, timer.armed),
        _ => {
            let kind = if rng.bool() { rng.u8(..4) } else { rng.u8(..) };
            (TimerId { node: any_lane(rng), kind, ordinal: rng.u16(..300) }, any_time(rng, trace.horizon()))
        }
    }
}

/// A time up to `most`: whole milliseconds, tenths or microseconds.
pub fn any_time(rng: &mut Rng, most: Time) -> Time {
    let scale = *rng.choice(&[1_000, 100, 1]).expect("there are choices");
    Time::from_micros(rng.u64(..=most.micros()) / scale * scale)
}

fn soon_after(start: Time, rng: &mut Rng) -> Time {
    let later = any_time(rng, Time::from_millis(80));
    // Now and then before it: the edit then does what comes nearest.
    if rng.u8(..10) == 0 { later } else { start.after(later.micros()) }
}

fn any_lane(rng: &mut Rng) -> NodeId {
    NodeId(rng.u8(..MAX_NODES))
}

/// A lane of the run; sometimes one that there is not.
fn lane_of(trace: &Trace, rng: &mut Rng) -> NodeId {
    if rng.u8(..12) == 0 { any_lane(rng) } else { NodeId(rng.u8(..trace.lanes().len() as u8)) }
}

fn any_handling(trace: &Trace, rng: &mut Rng) -> Handling {
    match rng.u8(..4) {
        0 => Handling::Timer(any_timer(trace, rng).0),
        1 => Handling::Request(RequestId { node: lane_of(trace, rng), ordinal: rng.u16(1..4) }),
        _ => Handling::Message(any_message(trace, rng).0),
    }
}

fn any_action(trace: &Trace, rng: &mut Rng) -> Action {
    let node = lane_of(trace, rng);
    let mut side = || NodeSet(rng.u16(..) & NodeSet::first(trace.lanes().len() as u8).0);
    let (from, to) = (side(), side());
    let one_way = rng.u8(..3) == 0;
    match rng.u8(..14) {
        0 | 1 => Action::Crash(node),
        2 | 3 => Action::Restart(node),
        4 => Action::Pause(node),
        5 => Action::Resume(node),
        6 => Action::LoseDisk(node),
        7 | 8 => Action::Cut { from, to: if rng.bool() { to } else { NodeSet(to.0 & !from.0) }, one_way },
        9 => {
            let everyone = NodeSet::first(trace.lanes().len() as u8);
            Action::Heal { from: everyone, to: everyone, one_way: false }
        }
        10 => Action::Heal { from, to, one_way },
        11 => Action::SetClock { node, jump_micros: rng.i32(-60_000..60_000), drift_ppm: rng.i32(-500_000..=500_000) },
        _ => {
            let accepts = trace.lanes().get(node.index()).map_or(&[][..], |lane| lane.accepts);
            let any = [Accepts::Read, Accepts::Write, Accepts::Add, Accepts::CompareAndSet, Accepts::Command(200)];
            let fits = rng.u8(..8) > 0;
            let form = if fits { rng.choice(accepts) } else { None }.or_else(|| rng.choice(&any));
            let form = *form.expect("there are choices");
            let operation = any_operation(trace.plan.protocol, form, trace.lanes().len() as u8, rng);
            Action::Request { node, operation }
        }
    }
}

fn any_operation(family: &dyn AnyProtocol, form: Accepts, lanes: u8, rng: &mut Rng) -> Operation {
    let key = Key(if rng.u8(..10) == 0 { rng.u8(..) } else { rng.u8(..2) });
    let value = if rng.u8(..10) == 0 { rng.i32(..) } else { rng.i32(..5) };
    match form {
        Accepts::Read => Operation::Read { key },
        Accepts::Write => Operation::Write { key, value },
        Accepts::Add => Operation::Add { key, amount: value },
        Accepts::CompareAndSet => Operation::CompareAndSet { key, expected: rng.i32(..3), value },
        Accepts::Command(verb) => {
            let command = family.specification().commands.get(usize::from(verb));
            let argument = match command.map(|command| command.argument) {
                Some(Argument::Node) => rng.u8(..lanes),
                Some(Argument::Number) => rng.u8(..4),
                _ => 0,
            };
            Operation::Command { verb, argument: if rng.u8(..20) == 0 { rng.u8(..) } else { argument } }
        }
    }
}

/// A text with all that could confuse a reader of lines.
fn any_text(rng: &mut Rng, lines: bool) -> String {
    let words = ["", " ", "  two", "#", " # not a comment", "script", "é", "→", "title", "seed 7", "\u{2028}", "ms"];
    let mut text = String::new();
    for _ in 0..rng.usize(..8) {
        text.push_str(rng.choice(&words).expect("there are choices"));
        if lines && rng.u8(..4) == 0 {
            text.push('\n');
        }
    }
    text
}

/// How many effects the handler of an event had: a fact stands beside its mark, and both are one.
pub fn effects(trace: &Trace, event: EventIndex) -> usize {
    trace.deeds(event).iter().filter(|deed| !matches!(deed, Deed::Happened(fact) if fact.shown().is_some())).count()
}
