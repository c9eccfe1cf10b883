//! Random fault schedules of any protocol, inside its fault model: its assumptions decide what may go wrong. The code knows
//! no protocol. It reads nodes, requests, messages, timers and disk writes from the protocol's lanes and runs.

use super::{any_time, within_default};
use fastrand::Rng;
use lightcone_engine::model::{Faults, Model, Timing};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{
    Accepts, AnyProtocol, Argument, Cause, Clocks, Crashes, Disks, FlawSet, Handling, Parameter, Settings, Style, Unit,
};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Action, Edit, EventIndex, MessageId, NodeId, NodeSet, Scenario, Time, Trace, simulate};

/// The settings of a schedule; chance decides the rest.
#[derive(Clone, Default)]
pub struct Recipe {
    /// Knobs with fixed values, by place.
    pub knobs: Vec<(usize, u32)>,
    /// Rows of knobs; a schedule takes one row.
    pub rows: Vec<Vec<(usize, u32)>>,
    /// Flaws that are on while faults are aimed at a run's events.
    pub flaws: FlawSet,
    /// The most requests.
    pub requests: u32,
    /// When the run ends; none if chance decides.
    pub horizon: Option<Time>,
    /// How long everything works well after that.
    pub calm: Option<Time>,
}

/// Every knob at its default but these.
pub fn usual(family: &dyn AnyProtocol, changes: &[(usize, u32)]) -> Vec<(usize, u32)> {
    let mut settings = Settings::defaults(family.specification());
    changes.iter().for_each(|(place, value)| settings.parameters[*place] = *value);
    settings.parameters.into_iter().enumerate().collect()
}

/// A run with requests and faults, inside the fault model.
pub fn draw(family: &'static dyn AnyProtocol, recipe: &Recipe, rng: &mut Rng) -> Scenario {
    let mut scenario = quiet(family, recipe, rng);
    disturb(&mut scenario, rng);
    if let Some(calm) = recipe.calm {
        repair(&mut scenario, calm);
    }
    inside(scenario)
}

/// Takes out what leaves the fault model, until nothing does.
pub fn inside(mut scenario: Scenario) -> Scenario {
    let assumes = scenario.assumes();
    scenario.model = assumes.within(scenario.model);
    if !scenario.script.iter().any(|edit| assumes.leaves(edit).is_some()) {
        return scenario;
    }
    loop {
        let outside = simulate(&scenario).outside();
        if outside.is_empty() {
            return scenario;
        }
        scenario.script.retain(|edit| !outside.iter().any(|(each, _)| each == edit));
    }
}

/// A run with settings, model and requests, in which nothing is made to go wrong yet.
fn quiet(family: &'static dyn AnyProtocol, recipe: &Recipe, rng: &mut Rng) -> Scenario {
    let mut scenario = Scenario::new(family);
    scenario.settings = settings(family, recipe, rng);
    scenario.model = model(rng);
    scenario.seed = rng.u64(..);
    scenario.horizon = recipe.horizon.unwrap_or_else(|| Time::from_millis(rng.u64(300..1_000)));
    requests(&mut scenario, recipe.requests, rng);
    scenario
}

fn settings(family: &dyn AnyProtocol, recipe: &Recipe, rng: &mut Rng) -> Settings {
    let parameters = family.specification().parameters;
    let mut settings = Settings::defaults(family.specification());
    for (parameter, value) in parameters.iter().zip(&mut settings.parameters) {
        *value = knob(parameter, rng);
    }
    let row = rng.choice(&recipe.rows);
    for (place, value) in recipe.knobs.iter().chain(row.into_iter().flatten()) {
        settings.parameters[*place] = *value;
    }
    settings.flaws = recipe.flaws;
    settings
}

/// Any switch and choice, more often the usual one; half the time few of what is counted, but not always the fewest; times near their default.
fn knob(parameter: &Parameter, rng: &mut Rng) -> u32 {
    let Parameter { least, most, default, .. } = *parameter;
    match parameter.unit {
        Unit::Choice(_) if rng.bool() => default,
        Unit::Switch | Unit::Choice(_) => rng.u32(least..=most),
        Unit::Count if most - least < 20 && rng.bool() => rng.u32(least..=most.min(default.max(least) + 2)),
        Unit::Millis if default == 0 && rng.bool() => rng.u32(20..200).clamp(least, most),
        Unit::Millis | Unit::Count if rng.u8(..4) == 0 => within_default(parameter, rng),
        _ => default,
    }
}

/// Half the time all is well with time and links; else slow, lossy, doubling, in order, bounded, each as it comes.
fn model(rng: &mut Rng) -> Model {
    let mut model = Model::default();
    model.links.fifo = rng.u8(..4) == 0;
    if rng.bool() {
        return model;
    }
    model.links.latency_micros = (1_000, rng.u64(5_000..80_000));
    model.links.loss_per_mille = if rng.bool() { 0 } else { rng.u16(..150) };
    model.links.duplication_per_mille = if rng.bool() { 0 } else { rng.u16(..150) };
    model.links.reliable = rng.u8(..6) == 0;
    let bound_micros = rng.u64(10_000..60_000);
    model.timing = match rng.u8(..6) {
        0 => Timing::Synchronous { bound_micros },
        1 => Timing::PartiallySynchronous { stable_from: any_time(rng, Time::from_millis(300)), bound_micros },
        _ => Timing::Asynchronous,
    };
    model
}

/// Requests of every form that a lane accepts, most of them by clients where clients read and write: in bursts, or all over
/// the run. Values tell writes apart; keys are few.
fn requests(scenario: &mut Scenario, most: u32, rng: &mut Rng) {
    let lanes = scenario.lanes();
    let asked = |client: bool| -> Vec<usize> {
        let takes = |lane: &usize| lanes[*lane].client == client && !lanes[*lane].accepts.is_empty();
        (0..lanes.len()).filter(takes).collect()
    };
    let (clients, others) = (asked(true), asked(false));
    let is_data = |form: &Accepts| !matches!(form, Accepts::Command(_));
    let data = clients.iter().any(|lane| lanes[*lane].accepts.iter().any(is_data));
    let keys = *rng.choice(&[1, 1, 2, 4]).expect("there are choices");
    let horizon = scenario.horizon.micros();
    let busy = if rng.bool() { horizon * 3 / 4 } else { rng.u64(50_000..200_000) };
    let burst = rng.bool();
    let mut at: Vec<u64> = lanes.iter().map(|_| rng.u64(..busy.min(100_000))).collect();
    for value in 1..=rng.u32(most.min(1)..=most) as i32 {
        let node = match (&*clients, data) {
            ([], _) => true,
            (_, true) => rng.u8(..10) == 0,
            (_, false) => rng.usize(..clients.len() + others.len()) < others.len(),
        };
        let choice = rng.choice(if node { &others } else { &clients }).or_else(|| rng.choice(&clients));
        let Some(&lane) = choice else { break };
        at[lane] = if burst { at[lane] + rng.u64(..30_000) } else { rng.u64(..busy) };
        let form = *rng.choice(lanes[lane].accepts).expect("the lane takes some request");
        let key = Key(if rng.u8(..4) == 0 { rng.u8(..keys) } else { value as u8 % keys.min(2) });
        let operation = operation(scenario, form, key, value, rng);
        let action = Action::Request { node: NodeId(lane as u8), operation };
        scenario.script.push(Edit::At { at: Time::from_micros(at[lane].min(horizon)), action });
    }
}

fn operation(scenario: &Scenario, form: Accepts, key: Key, value: i32, rng: &mut Rng) -> Operation {
    match form {
        Accepts::Read => Operation::Read { key },
        Accepts::Write => Operation::Write { key, value },
        Accepts::Add => Operation::Add { key, amount: *rng.choice(&[1, 10]).expect("there are choices") },
        Accepts::CompareAndSet => Operation::CompareAndSet { key, expected: value - 1, value },
        Accepts::Command(verb) => {
            let specification = scenario.protocol.specification();
            let argument = match specification.commands[usize::from(verb)].argument {
                Argument::Nothing => 0,
                Argument::Number => value as u8,
                Argument::Node => rng.choice(servers(scenario).iter().collect::<Vec<_>>()).map_or(0, |node| node.0),
            };
            Operation::Command { verb, argument }
        }
    }
}

/// The lanes that are no clients.
pub fn servers(scenario: &Scenario) -> NodeSet {
    let lanes = scenario.lanes();
    (0..lanes.len() as u8).map(NodeId).filter(|node| !lanes[node.index()].client).collect()
}

/// Adds faults, a few at a time, each naming what happens in the run so far.
fn disturb(scenario: &mut Scenario, rng: &mut Rng) {
    if rng.u8(..4) == 0 {
        clocks(scenario, rng);
    }
    if rng.u8(..5) < 2 {
        partitions(scenario, rng);
    }
    let episodes = rng.u8(..4);
    for _ in 0..rng.usize(..5) {
        let trace = simulate(scenario);
        if rng.u8(..3) == 0 {
            straggle(&trace, &mut scenario.script, rng);
        }
        for _ in 0..rng.usize(1..7) {
            match rng.u8(..4) {
                some if some < episodes => episode(&trace, &mut scenario.script, rng),
                _ => scenario.script.extend(edit(&trace, rng)),
            }
        }
    }
}

/// Every clock as far off as it may be, from the start.
fn clocks(scenario: &mut Scenario, rng: &mut Rng) {
    for node in servers(scenario).iter() {
        let action = clock(scenario, node, true, rng);
        scenario.script.push(Edit::At { at: Time::ZERO, action });
    }
}

fn clock(scenario: &Scenario, node: NodeId, extreme: bool, rng: &mut Rng) -> Action {
    let (jump, most) = match scenario.assumes().clocks {
        Clocks::Any => (200_000, 500_000),
        Clocks::Drift { most_ppm } => (0, most_ppm),
    };
    let drift_ppm =
        if extreme { *rng.choice(&[-most, most]).expect("there are choices") } else { rng.i32(-most..=most) };
    Action::SetClock { node, jump_micros: rng.i32(-jump..=jump), drift_ppm }
}

/// One partition of the servers after the other, now and then none. Clients reach everyone.
fn partitions(scenario: &mut Scenario, rng: &mut Rng) {
    let everyone = servers(scenario);
    let mut at = Time::ZERO;
    while at < scenario.horizon {
        let heal = Action::Heal { from: everyone, to: everyone, one_way: false };
        scenario.script.push(Edit::At { at, action: heal });
        if rng.u8(..4) > 0 {
            let from = side(everyone, rng);
            let cut = Action::Cut { from, to: rest(everyone, from), one_way: rng.u8(..6) == 0 };
            scenario.script.push(Edit::At { at: at.after(1), action: cut });
        }
        at = at.after(rng.u64(20_000..250_000));
    }
}

/// One of them, or any of them.
fn side(everyone: NodeSet, rng: &mut Rng) -> NodeSet {
    if rng.bool() {
        one_of(everyone, rng).map_or(NodeSet::EMPTY, NodeSet::only)
    } else {
        NodeSet(rng.u16(..) & everyone.0)
    }
}

fn rest(everyone: NodeSet, side: NodeSet) -> NodeSet {
    NodeSet(everyone.0 & !side.0)
}

fn one_of(nodes: NodeSet, rng: &mut Rng) -> Option<NodeId> {
    rng.choice(nodes.iter().collect::<Vec<_>>())
}

/// A value or decision that is sent to several arrives at one of them long before the others, and meanwhile somebody asks.
fn straggle(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let tells = |style| matches!(style, Style::Value | Style::Decision);
    let values = trace.messages.iter().filter(|message| tells(trace.kind(message.id).style));
    let Some(first) = rng.choice(values.collect::<Vec<_>>()).or_else(|| rng.choice(&trace.messages)) else { return };
    let together = |other: &&lightcone_engine::run::trace::Message| {
        other.sent_by == first.sent_by && other.id.kind == first.id.kind && other.id != first.id
    };
    for other in trace.messages.iter().filter(together) {
        script.push(Edit::Deliver { message: other.id, at: other.sent.after(rng.u64(50_000..300_000)) });
    }
    for _ in 0..rng.usize(1..5) {
        let Some(action) = question(trace, rng) else { return };
        script.push(Edit::At { at: first.sent.after(rng.u64(10_000..150_000)), action });
    }
}

/// A read, where there are any, of what the run is mostly about; else something that is asked anyway.
fn question(trace: &Trace, rng: &mut Rng) -> Option<Action> {
    let asked: Vec<Action> = trace.scenario.script.iter().filter_map(request).collect();
    let action = rng.choice(asked)?;
    let reads = |lane: &usize| trace.lanes()[*lane].accepts.contains(&Accepts::Read);
    let readers = (0..trace.lanes().len()).filter(reads).collect::<Vec<_>>();
    match (rng.choice(readers), action) {
        (Some(lane), Action::Request { operation, .. }) => {
            let key = operation.key().unwrap_or(Key(0));
            Some(Action::Request { node: NodeId(lane as u8), operation: Operation::Read { key } })
        }
        _ => Some(action),
    }
}

/// Something goes wrong with a node just after something happened there, or between two things that it does, and is right
/// again some time later.
fn episode(trace: &Trace, script: &mut Vec<Edit>, rng: &mut Rng) {
    let (servers, everyone) = (servers(&trace.scenario), NodeSet::first(trace.lanes().len() as u8));
    let Some(node) = one_of(if rng.u8(..4) == 0 { everyone } else { servers }, rng) else { return };
    let saves = rng.u8(..4) > 0;
    let Some(place) = event_of(trace, node, saves, rng) else { return };
    let start = trace.event(place).at.after(rng.u64(1..20_000));
    let longest = if rng.bool() { 30_000 } else { 250_000 };
    let end = start.after(rng.u64(1_000..longest));
    let alone = NodeSet::only(node);
    let others = rest(if rng.bool() { servers } else { everyone }, alone);
    let one_way = rng.u8(..3) == 0;
    let (from, to) = if rng.bool() { (alone, others) } else { (others, alone) };
    let wrong = match rng.u8(..7) {
        0 | 1 => Action::Crash(node),
        2 | 3 => Action::Cut { from, to, one_way },
        4 => Action::Pause(node),
        _ => {
            let Some(handling) = handling(trace, place) else { return };
            let after_effects = rng.usize(..=trace.deeds(place).len()) as u16;
            script.push(Edit::CrashDuring { handling, after_effects });
            script.push(Edit::At { at: end, action: Action::Restart(node) });
            return;
        }
    };
    let right = match wrong {
        Action::Crash(_) => Action::Restart(node),
        Action::Pause(_) => Action::Resume(node),
        _ if rng.bool() => Action::Heal { from, to, one_way },
        _ => Action::Heal { from: everyone, to: everyone, one_way: false },
    };
    script.push(Edit::At { at: start, action: wrong });
    let loses = trace.assumes().disks == Disks::MayBeLost && matches!(wrong, Action::Crash(_));
    if loses && rng.bool() {
        script.push(Edit::At { at: start, action: Action::LoseDisk(node) });
    }
    script.push(Edit::At { at: end, action: right });
}

/// An event of the node; one that writes, if there is one and that is asked for.
fn event_of(trace: &Trace, node: NodeId, saves: bool, rng: &mut Rng) -> Option<EventIndex> {
    let own = (0..trace.events.len() as u32).map(EventIndex).filter(|place| trace.event(*place).node == Some(node));
    let writes = |place: &EventIndex| trace.deeds(*place).iter().any(|deed| matches!(deed, Deed::Persisted(_)));
    let own: Vec<EventIndex> = own.collect();
    let writing: Vec<EventIndex> = if saves { own.iter().copied().filter(writes).collect() } else { Vec::new() };
    rng.choice(if writing.is_empty() { own } else { writing })
}

fn handling(trace: &Trace, place: EventIndex) -> Option<Handling> {
    let event = trace.event(place);
    match event.cause {
        Cause::Deliver(message) => Some(Handling::Message(message)),
        Cause::Fire(timer) => Some(Handling::Timer(timer)),
        _ => event.asked.map(|(request, _)| Handling::Request(request)),
    }
}

/// An edit of any kind.
fn edit(trace: &Trace, rng: &mut Rng) -> Option<Edit> {
    let later = if rng.bool() { 30_000 } else { 300_000 };
    Some(match rng.u8(..16) {
        0..=4 => {
            let message = rng.choice(&trace.messages)?;
            Edit::Deliver { message: message.id, at: message.sent.after(rng.u64(100..later)) }
        }
        5 | 6 => Edit::Drop { message: rng.choice(&trace.messages)?.id },
        7 => {
            let message = rng.choice(&trace.messages)?;
            let copy = MessageId { copy: rng.u8(1..4), ..message.id };
            Edit::Duplicate { copy, at: message.sent.after(rng.u64(100..300_000)) }
        }
        8 | 9 => {
            let timer = rng.choice(&trace.timers)?;
            Edit::Fire { timer: timer.id, at: timer.armed.after(rng.u64(..250_000)) }
        }
        10 => {
            let place = EventIndex(rng.usize(..trace.events.len().max(1)) as u32);
            trace.events.get(place.index())?;
            Edit::CrashDuring { handling: handling(trace, place)?, after_effects: rng.u16(..6) }
        }
        _ => Edit::At { at: any_time(rng, trace.horizon()), action: action(trace, rng) },
    })
}

fn action(trace: &Trace, rng: &mut Rng) -> Action {
    let everyone = NodeSet::first(trace.lanes().len() as u8);
    let among = if rng.u8(..5) == 0 { everyone } else { servers(&trace.scenario) };
    let node = one_of(among, rng).unwrap_or(NodeId(0));
    let from = NodeSet(rng.u16(..) & everyone.0);
    match rng.u8(..16) {
        0 | 1 => Action::Crash(node),
        2..=4 => Action::Restart(node),
        5 => Action::Pause(node),
        6 | 7 => Action::Resume(node),
        8 | 9 => Action::Cut { from, to: rest(everyone, from), one_way: rng.u8(..3) == 0 },
        10 => Action::Heal { from: everyone, to: everyone, one_way: false },
        11 => Action::Heal { from, to: everyone, one_way: rng.bool() },
        12 | 13 => clock(&trace.scenario, node, false, rng),
        // Where nothing is written that may be lost, disks are as good as new.
        14 => Action::LoseDisk(one_of(everyone, rng).unwrap_or(node)),
        _ => question(trace, rng).unwrap_or(Action::Resume(node)),
    }
}

fn request(edit: &Edit) -> Option<Action> {
    match edit {
        Edit::At { action: action @ Action::Request { .. }, .. } => Some(*action),
        _ => None,
    }
}

/// From its end on all is well for so long: nodes are up, links carry, clocks run true, and nothing is lost by anyone.
pub fn repair(scenario: &mut Scenario, calm: Time) {
    let end = scenario.horizon;
    scenario.model.links.loss_per_mille = 0;
    let comes_back = scenario.assumes().crashes == Crashes::Recovery;
    if comes_back {
        scenario.model.faults = Faults::CrashRecovery;
    }
    // What is lost later is a new fault.
    let early = |edit: &Edit| match edit {
        Edit::At { at, .. } => *at < end,
        Edit::Drop { .. } => false,
        _ => true,
    };
    scenario.script.retain(early);
    let everyone = NodeSet::first(scenario.lanes().len() as u8);
    let mut all = vec![Action::Heal { from: everyone, to: everyone, one_way: false }];
    for node in everyone.iter() {
        all.extend([Action::Resume(node), Action::SetClock { node, jump_micros: 0, drift_ppm: 0 }]);
        all.extend(comes_back.then_some(Action::Restart(node)));
    }
    scenario.script.extend(all.into_iter().map(|action| Edit::At { at: end, action }));
    scenario.horizon = end.after(calm.micros());
    // So is a crash inside a handler that runs later; without it, others may.
    loop {
        let trace = simulate(scenario);
        let events = (0..trace.events.len() as u32).map(EventIndex).skip_while(|event| trace.event(*event).at < end);
        let late: Vec<Handling> = events.filter_map(|event| handling(&trace, event)).collect();
        let before = scenario.script.len();
        let is_late = |edit: &Edit| matches!(edit, Edit::CrashDuring { handling, .. } if late.contains(handling));
        scenario.script.retain(|edit| !is_late(edit));
        if scenario.script.len() == before {
            return;
        }
    }
}

/// The same story told a little differently: every moment up to 3 ms earlier or later, and a few more faults.
pub fn jostle(mut scenario: Scenario, rng: &mut Rng) -> Scenario {
    for edit in &mut scenario.script {
        if let Edit::At { at, .. } | Edit::Deliver { at, .. } | Edit::Fire { at, .. } = edit {
            *at = Time::from_micros((at.micros() + rng.u64(0..6_000)).saturating_sub(3_000));
        }
    }
    let trace = simulate(&scenario);
    scenario.script.extend((0..rng.usize(0..3)).filter_map(|_| edit(&trace, rng)));
    inside(scenario)
}

/// Takes out, as long as it still breaks like this, what the run does not need for it.
pub fn shorten(scenario: &Scenario, breaks: impl Fn(&Trace) -> bool) -> Scenario {
    let breaks = |scenario: &Scenario| breaks(&simulate(scenario));
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
            return best;
        }
    }
}

/// Every kind of edit, by name.
pub fn kind(edit: &Edit) -> &'static str {
    match *edit {
        Edit::Deliver { .. } => "deliver",
        Edit::Drop { .. } => "drop",
        Edit::Duplicate { .. } => "duplicate",
        Edit::Fire { .. } => "fire",
        Edit::CrashDuring { handling: Handling::Message(_), .. } => "crash-during-message",
        Edit::CrashDuring { handling: Handling::Timer(_), .. } => "crash-during-timer",
        Edit::CrashDuring { handling: Handling::Request(_), .. } => "crash-during-request",
        Edit::At { action, .. } => match action {
            Action::Crash(_) => "crash",
            Action::Restart(_) => "restart",
            Action::Pause(_) => "pause",
            Action::Resume(_) => "resume",
            Action::LoseDisk(_) => "lose-disk",
            Action::Cut { one_way: false, .. } => "cut",
            Action::Cut { .. } => "cut-one-way",
            Action::Heal { one_way: false, .. } => "heal",
            Action::Heal { .. } => "heal-one-way",
            Action::SetClock { .. } => "clock",
            Action::Request { .. } => "request",
        },
    }
}
