//! Writes the body of a link.
//!
//! **Body**: protocol, behaviour version, a byte of flags ([`has`]), then what the flags say in their order,
//! then the number of edits of the script and the edits, then the same for the moves if there are any.
//! Numbers have seven bits a byte.
//!
//! **Times** count tenths of a millisecond; those that are not whole tenths count microseconds, and a bit
//! elsewhere says so: in an edit's first byte, or as the least bit of the number itself.
//!
//! **An edit** begins with a byte: three bits for its form ([`form`]), five for the kind of message or timer,
//! or 31 if kind (and for messages the copy) follow in bytes of their own. Then sender and receiver in half a
//! byte each, the ordinal, the time: five bytes for a message that the reader moved. Actions have their
//! [`verb`] in the five bits, with the time's bit on top of it.

use super::bytes::{HORIZON, LATENCY_MICROS, SEED, push_signed, push_varint};
use alloc::vec::Vec;
use lightcone_engine::id::{MessageId, NodeId};
use lightcone_engine::model::{Faults, Model, Timing};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Action, Edit, Handling, Settings};
use lightcone_engine::run::Scenario;
use lightcone_engine::time::Time;

/// Flags of the body: what is said because it is not as usual.
pub(super) mod has {
    pub const PARAMETERS: u8 = 1;
    pub const FLAWS: u8 = 1 << 1;
    pub const MODEL: u8 = 1 << 2;
    pub const SEED: u8 = 1 << 3;
    pub const HORIZON: u8 = 1 << 4;
    pub const TITLE: u8 = 1 << 5;
    pub const NOTE: u8 = 1 << 6;
    pub const MOVES: u8 = 1 << 7;
}

/// Flags of the model; the two least bits are the timing.
pub(super) mod model {
    pub const TIMING: u8 = 0b11;
    pub const FIFO: u8 = 1 << 2;
    pub const RELIABLE: u8 = 1 << 3;
    pub const CRASH_STOP: u8 = 1 << 4;
    pub const LATENCY: u8 = 1 << 5;
    pub const CHANCE: u8 = 1 << 6;
}

/// Forms of edits: the three top bits.
pub(super) mod form {
    pub const DELIVER: u8 = 0;
    pub const DELIVER_MICROS: u8 = 1;
    pub const DROP: u8 = 2;
    pub const COPY: u8 = 3;
    pub const COPY_MICROS: u8 = 4;
    pub const FIRE: u8 = 5;
    pub const FIRE_MICROS: u8 = 6;
    pub const OTHER: u8 = 7;
    /// The kind, and a message's copy, follow in bytes of their own.
    pub const LONG: u8 = 31;
}

/// Verbs of the other edits: four bits.
pub(super) mod verb {
    pub const CRASH: u8 = 0;
    pub const RESTART: u8 = 1;
    pub const PAUSE: u8 = 2;
    pub const RESUME: u8 = 3;
    pub const LOSE_DISK: u8 = 4;
    pub const LINKS: u8 = 5;
    pub const CLOCK: u8 = 6;
    pub const READ: u8 = 7;
    pub const WRITE: u8 = 8;
    pub const ADD: u8 = 9;
    pub const COMPARE_AND_SET: u8 = 10;
    pub const COMMAND: u8 = 11;
    pub const DURING_MESSAGE: u8 = 12;
    pub const DURING_TIMER: u8 = 13;
    pub const DURING_REQUEST: u8 = 14;
    /// The time is in microseconds.
    pub const MICROS: u8 = 16;
    /// Flags of [`LINKS`].
    pub const HEAL: u8 = 1;
    pub const ONE_WAY: u8 = 2;
}

/// The body of a link.
pub(super) fn body(scenario: &Scenario) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.push(scenario.protocol.specification().number);
    bytes.push(scenario.version);
    let flags = bytes.len();
    bytes.push(0);
    let mut part = |flag: u8, put: &dyn Fn(&mut Vec<u8>) -> bool| {
        if put(&mut bytes) {
            bytes[flags] |= flag;
        }
    };
    part(has::PARAMETERS, &|bytes| parameters(bytes, scenario));
    part(has::FLAWS, &|bytes| unless(scenario.settings.flaws.0 == 0, || flaws(bytes, &scenario.settings)));
    part(has::MODEL, &|bytes| model_part(bytes, &scenario.model));
    part(has::SEED, &|bytes| unless(scenario.seed == SEED, || push_varint(bytes, scenario.seed)));
    part(has::HORIZON, &|bytes| unless(scenario.horizon == HORIZON, || span(bytes, scenario.horizon.micros())));
    part(has::TITLE, &|bytes| unless(scenario.title.is_empty(), || text(bytes, &scenario.title)));
    part(has::NOTE, &|bytes| unless(scenario.note.is_empty(), || text(bytes, &scenario.note)));
    edits(&mut bytes, &scenario.script);
    if !scenario.moves.is_empty() {
        bytes[flags] |= has::MOVES;
        edits(&mut bytes, &scenario.moves);
    }
    bytes
}

fn unless(usual: bool, put: impl FnOnce()) -> bool {
    if !usual {
        put();
    }
    !usual
}

fn flaws(bytes: &mut Vec<u8>, settings: &Settings) {
    push_varint(bytes, settings.flaws.0.into());
}

/// The number of changed parameters, then the place and value of each.
fn parameters(bytes: &mut Vec<u8>, scenario: &Scenario) -> bool {
    let known = scenario.protocol.specification().parameters.iter().zip(&scenario.settings.parameters).enumerate();
    let changed: Vec<_> = known.filter(|(_, (parameter, value))| parameter.default != **value).collect();
    if !changed.is_empty() {
        bytes.push(changed.len() as u8);
    }
    for (place, (_, value)) in &changed {
        bytes.push(*place as u8);
        push_varint(bytes, (**value).into());
    }
    !changed.is_empty()
}

fn model_part(bytes: &mut Vec<u8>, model: &Model) -> bool {
    let links = &model.links;
    let chance = links.loss_per_mille != 0 || links.duplication_per_mille != 0;
    let flag = |on: bool, flag: u8| if on { flag } else { 0 };
    let timing = match model.timing {
        Timing::Asynchronous => 0,
        Timing::Synchronous { .. } => 1,
        Timing::PartiallySynchronous { .. } => 2,
    };
    let flags = timing
        | flag(links.fifo, model::FIFO)
        | flag(links.reliable, model::RELIABLE)
        | flag(model.faults == Faults::CrashStop, model::CRASH_STOP)
        | flag(links.latency_micros != LATENCY_MICROS, model::LATENCY)
        | flag(chance, model::CHANCE);
    if flags == 0 {
        return false;
    }
    bytes.push(flags);
    match model.timing {
        Timing::Asynchronous => {}
        Timing::Synchronous { bound_micros } => span(bytes, bound_micros),
        Timing::PartiallySynchronous { stable_from, bound_micros } => {
            span(bytes, bound_micros);
            span(bytes, stable_from.micros());
        }
    }
    if links.latency_micros != LATENCY_MICROS {
        span(bytes, links.latency_micros.0);
        span(bytes, links.latency_micros.1);
    }
    if chance {
        push_varint(bytes, links.loss_per_mille.into());
        push_varint(bytes, links.duplication_per_mille.into());
    }
    true
}

/// A length of time that says itself what it counts.
fn span(bytes: &mut Vec<u8>, micros: u64) {
    push_varint(bytes, if micros.is_multiple_of(100) { micros / 100 * 2 } else { micros * 2 + 1 });
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    push_varint(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

fn edits(bytes: &mut Vec<u8>, edits: &[Edit]) {
    push_varint(bytes, edits.len() as u64);
    edits.iter().for_each(|each| edit(bytes, each));
}

fn edit(bytes: &mut Vec<u8>, edit: &Edit) {
    match *edit {
        Edit::Deliver { message: id, at } => {
            message(bytes, timed(at, form::DELIVER, form::DELIVER_MICROS), id, 0);
            time(bytes, at);
        }
        Edit::Drop { message: id } => message(bytes, form::DROP, id, 0),
        Edit::Duplicate { copy, at } => {
            message(bytes, timed(at, form::COPY, form::COPY_MICROS), copy, 1);
            time(bytes, at);
        }
        Edit::Fire { timer, at } => {
            first(bytes, timed(at, form::FIRE, form::FIRE_MICROS), timer.kind, false);
            bytes.push(timer.node.0);
            push_varint(bytes, timer.ordinal.into());
            time(bytes, at);
        }
        Edit::CrashDuring { handling, after_effects } => {
            crash_during(bytes, handling);
            push_varint(bytes, after_effects.into());
        }
        Edit::At { at, action: what } => {
            action(bytes, if whole(at) { 0 } else { verb::MICROS }, what);
            time(bytes, at);
        }
    }
}

fn whole(at: Time) -> bool {
    at.micros().is_multiple_of(100)
}

fn timed(at: Time, tenths: u8, micros: u8) -> u8 {
    if whole(at) { tenths } else { micros }
}

fn time(bytes: &mut Vec<u8>, at: Time) {
    push_varint(bytes, if whole(at) { at.micros() / 100 } else { at.micros() });
}

/// The first byte, and the kind if it does not fit into it. Returns whether it does not.
fn first(bytes: &mut Vec<u8>, form: u8, kind: u8, long: bool) -> bool {
    let long = long || kind >= form::LONG;
    bytes.push(form << 5 | if long { form::LONG } else { kind });
    if long {
        bytes.push(kind);
    }
    long
}

/// A message whose copy is most often `usual`.
fn message(bytes: &mut Vec<u8>, form: u8, id: MessageId, usual: u8) {
    if first(bytes, form, id.kind, id.copy != usual) {
        bytes.push(id.copy);
    }
    halves(bytes, id.from, id.to.0);
    push_varint(bytes, id.ordinal.into());
}

fn halves(bytes: &mut Vec<u8>, node: NodeId, other: u8) {
    bytes.push((node.0 & 15) << 4 | other & 15);
}

fn other(bytes: &mut Vec<u8>, verb: u8) {
    bytes.push(form::OTHER << 5 | verb);
}

fn crash_during(bytes: &mut Vec<u8>, handling: Handling) {
    match handling {
        Handling::Message(message) => {
            other(bytes, verb::DURING_MESSAGE);
            bytes.extend_from_slice(&[message.kind, message.copy]);
            halves(bytes, message.from, message.to.0);
            push_varint(bytes, message.ordinal.into());
        }
        Handling::Timer(timer) => {
            other(bytes, verb::DURING_TIMER);
            bytes.extend_from_slice(&[timer.kind, timer.node.0]);
            push_varint(bytes, timer.ordinal.into());
        }
        Handling::Request(request) => {
            other(bytes, verb::DURING_REQUEST);
            bytes.push(request.node.0);
            push_varint(bytes, request.ordinal.into());
        }
    }
}

fn action(bytes: &mut Vec<u8>, micros: u8, action: Action) {
    let mut on_node = |verb: u8, node: NodeId| {
        other(bytes, verb | micros);
        bytes.push(node.0);
    };
    match action {
        Action::Crash(node) => on_node(verb::CRASH, node),
        Action::Restart(node) => on_node(verb::RESTART, node),
        Action::Pause(node) => on_node(verb::PAUSE, node),
        Action::Resume(node) => on_node(verb::RESUME, node),
        Action::LoseDisk(node) => on_node(verb::LOSE_DISK, node),
        Action::SetClock { node, jump_micros, drift_ppm } => {
            on_node(verb::CLOCK, node);
            push_signed(bytes, jump_micros);
            push_signed(bytes, drift_ppm);
        }
        Action::Cut { from, to, one_way } | Action::Heal { from, to, one_way } => {
            other(bytes, verb::LINKS | micros);
            let heal = if matches!(action, Action::Heal { .. }) { verb::HEAL } else { 0 };
            bytes.push(heal | if one_way { verb::ONE_WAY } else { 0 });
            push_varint(bytes, from.0.into());
            push_varint(bytes, to.0.into());
        }
        Action::Request { node, operation } => request(bytes, micros, node, operation),
    }
}

/// The node in half a byte, and in the other half the key or the command, or 15 if that follows in a byte of its own.
fn request(bytes: &mut Vec<u8>, micros: u8, node: NodeId, operation: Operation) {
    let mut about = |verb: u8, what: u8| {
        other(bytes, verb | micros);
        halves(bytes, node, what.min(15));
        if what >= 15 {
            bytes.push(what);
        }
    };
    match operation {
        Operation::Read { key: Key(key) } => about(verb::READ, key),
        Operation::Write { key: Key(key), value } => {
            about(verb::WRITE, key);
            push_signed(bytes, value);
        }
        Operation::Add { key: Key(key), amount } => {
            about(verb::ADD, key);
            push_signed(bytes, amount);
        }
        Operation::CompareAndSet { key: Key(key), expected, value } => {
            about(verb::COMPARE_AND_SET, key);
            push_signed(bytes, expected);
            push_signed(bytes, value);
        }
        Operation::Command { verb, argument } => {
            about(verb::COMMAND, verb);
            bytes.push(argument);
        }
    }
}
