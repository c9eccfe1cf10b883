//! Reads the body of a link, as `write.rs` writes it. Nothing is believed before its bounds are checked:
//! a count is never larger than the bytes that are left can hold.

use super::bytes::{HORIZON, LATENCY_MICROS, Reader, SEED, Stop};
use super::write::{form, has, model, verb};
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::id::{MessageId, NodeId, NodeSet, RequestId, TimerId};
use lightcone_engine::limits::MAX_EDITS;
use lightcone_engine::model::{Faults, Links, Model, Timing};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Action, Edit, Handling};
use lightcone_engine::protocol::{AnyProtocol, FlawSet, Protocols, Settings, by_number};
use lightcone_engine::run::Scenario;
use lightcone_engine::time::Time;

/// No edit is written in fewer bytes.
const LEAST_EDIT_BYTES: usize = 3;

/// A whole body.
pub(super) fn scenario(reader: &mut Reader<'_>, protocols: &Protocols) -> Result<Scenario, Stop> {
    let (mut scenario, moves) = before_moves(reader, protocols)?;
    if moves {
        let count = count(reader)?;
        scenario.moves.reserve(count);
        for _ in 0..count {
            scenario.moves.push(edit(reader)?);
        }
    }
    if reader.left() == 0 { Ok(scenario) } else { Err(Stop::Wrong) }
}

/// As much as there is of a body whose end is missing; it must reach to the moves.
pub(super) fn beginning(reader: &mut Reader<'_>, protocols: &Protocols) -> Result<Scenario, Stop> {
    let (mut scenario, moves) = before_moves(reader, protocols)?;
    let count = if moves { reader.varint().unwrap_or(0).min(MAX_EDITS as u64) } else { 0 };
    for _ in 0..count {
        match edit(reader) {
            Ok(edit) => scenario.moves.push(edit),
            Err(_) => break,
        }
    }
    Ok(scenario)
}

/// All but the moves, and whether there are any.
fn before_moves(reader: &mut Reader<'_>, protocols: &Protocols) -> Result<(Scenario, bool), Stop> {
    let number = reader.byte()?;
    let family = by_number(protocols, number).ok_or(Stop::UnknownProtocol { number })?;
    let version = reader.byte()?;
    let (title, here) = (family.specification().title, family.specification().version);
    if version > here {
        return Err(Stop::NewerProtocol { title, version, here });
    }
    let flags = reader.byte()?;
    let says = |flag: u8| flags & flag != 0;
    let scenario = Scenario {
        protocol: family,
        version,
        settings: settings(reader, family, flags)?,
        model: if says(has::MODEL) { model(reader)? } else { usual_model() },
        seed: if says(has::SEED) { reader.varint()? } else { SEED },
        horizon: if says(has::HORIZON) { Time::from_micros(span(reader)?) } else { HORIZON },
        title: if says(has::TITLE) { text(reader)? } else { String::new() },
        note: if says(has::NOTE) { text(reader)? } else { String::new() },
        script: script(reader)?,
        moves: Vec::new(),
    };
    Ok((scenario, says(has::MOVES)))
}

fn settings(reader: &mut Reader<'_>, family: &dyn AnyProtocol, flags: u8) -> Result<Settings, Stop> {
    let mut settings = Settings::defaults(family.specification());
    if flags & has::PARAMETERS != 0 {
        for _ in 0..reader.byte()? {
            let place = usize::from(reader.byte()?);
            *settings.parameters.get_mut(place).ok_or(Stop::Wrong)? = reader.number()?;
        }
    }
    if flags & has::FLAWS != 0 {
        settings.flaws = FlawSet(reader.number()?);
    }
    Ok(settings)
}

/// What a link that does not say the model means: frozen with the format.
fn usual_model() -> Model {
    Model {
        timing: Timing::Asynchronous,
        links: Links {
            latency_micros: LATENCY_MICROS,
            loss_per_mille: 0,
            duplication_per_mille: 0,
            fifo: false,
            reliable: false,
        },
        faults: Faults::CrashRecovery,
    }
}

fn model(reader: &mut Reader<'_>) -> Result<Model, Stop> {
    let flags = reader.byte()?;
    let says = |flag: u8| flags & flag != 0;
    let mut model = usual_model();
    model.timing = match flags & model::TIMING {
        0 => Timing::Asynchronous,
        1 => Timing::Synchronous { bound_micros: span(reader)? },
        2 => {
            let bound_micros = span(reader)?;
            Timing::PartiallySynchronous { stable_from: Time::from_micros(span(reader)?), bound_micros }
        }
        _ => return Err(Stop::Wrong),
    };
    model.links.fifo = says(model::FIFO);
    model.links.reliable = says(model::RELIABLE);
    if says(model::CRASH_STOP) {
        model.faults = Faults::CrashStop;
    }
    if says(model::LATENCY) {
        model.links.latency_micros = (span(reader)?, span(reader)?);
    }
    if says(model::CHANCE) {
        model.links.loss_per_mille = reader.number()?;
        model.links.duplication_per_mille = reader.number()?;
    }
    Ok(model)
}

fn span(reader: &mut Reader<'_>) -> Result<u64, Stop> {
    let number = reader.varint()?;
    if number & 1 == 0 { (number / 2).checked_mul(100).ok_or(Stop::Wrong) } else { Ok(number / 2) }
}

fn text(reader: &mut Reader<'_>) -> Result<String, Stop> {
    let length = reader.number()?;
    let bytes = reader.bytes(length)?;
    core::str::from_utf8(bytes).map(String::from).map_err(|_| Stop::Wrong)
}

/// The number of edits that follow.
fn count(reader: &mut Reader<'_>) -> Result<usize, Stop> {
    let count: usize = reader.number()?;
    if count > MAX_EDITS { Err(Stop::Wrong) } else { Ok(count.min(reader.left() / LEAST_EDIT_BYTES + 1)) }
}

fn script(reader: &mut Reader<'_>) -> Result<Vec<Edit>, Stop> {
    let count = count(reader)?;
    (0..count).map(|_| edit(reader)).collect()
}

fn edit(reader: &mut Reader<'_>) -> Result<Edit, Stop> {
    let first = reader.byte()?;
    let (form, kind) = (first >> 5, first & 31);
    match form {
        form::DELIVER | form::DELIVER_MICROS => {
            Ok(Edit::Deliver { message: message(reader, kind, 0)?, at: time(reader, form == form::DELIVER_MICROS)? })
        }
        form::DROP => Ok(Edit::Drop { message: message(reader, kind, 0)? }),
        form::COPY | form::COPY_MICROS => {
            Ok(Edit::Duplicate { copy: message(reader, kind, 1)?, at: time(reader, form == form::COPY_MICROS)? })
        }
        form::FIRE | form::FIRE_MICROS => {
            let kind = if kind == form::LONG { reader.byte()? } else { kind };
            let timer = TimerId { kind, node: NodeId(reader.byte()?), ordinal: reader.number()? };
            Ok(Edit::Fire { timer, at: time(reader, form == form::FIRE_MICROS)? })
        }
        _ => other(reader, kind & !verb::MICROS, kind & verb::MICROS != 0),
    }
}

fn time(reader: &mut Reader<'_>, micros: bool) -> Result<Time, Stop> {
    let number = reader.varint()?;
    let scale = if micros { 1 } else { 100 };
    number.checked_mul(scale).map(Time::from_micros).ok_or(Stop::Wrong)
}

fn message(reader: &mut Reader<'_>, kind: u8, usual: u8) -> Result<MessageId, Stop> {
    let (kind, copy) = if kind == form::LONG { (reader.byte()?, reader.byte()?) } else { (kind, usual) };
    named(reader, kind, copy)
}

fn named(reader: &mut Reader<'_>, kind: u8, copy: u8) -> Result<MessageId, Stop> {
    let halves = reader.byte()?;
    Ok(MessageId { from: NodeId(halves >> 4), to: NodeId(halves & 15), kind, ordinal: reader.number()?, copy })
}

/// What is named by neither a message nor a timer alone.
fn other(reader: &mut Reader<'_>, verb: u8, micros: bool) -> Result<Edit, Stop> {
    let handling = match verb {
        verb::DURING_MESSAGE => {
            let (kind, copy) = (reader.byte()?, reader.byte()?);
            Handling::Message(named(reader, kind, copy)?)
        }
        verb::DURING_TIMER => {
            let (kind, node) = (reader.byte()?, NodeId(reader.byte()?));
            Handling::Timer(TimerId { node, kind, ordinal: reader.number()? })
        }
        verb::DURING_REQUEST => {
            Handling::Request(RequestId { node: NodeId(reader.byte()?), ordinal: reader.number()? })
        }
        _ => {
            let action = action(reader, verb)?;
            return Ok(Edit::At { at: time(reader, micros)?, action });
        }
    };
    // Nothing here has a time whose unit could be said.
    if micros {
        return Err(Stop::Wrong);
    }
    Ok(Edit::CrashDuring { handling, after_effects: reader.number()? })
}

fn action(reader: &mut Reader<'_>, verb: u8) -> Result<Action, Stop> {
    if verb == verb::LINKS {
        let flags = reader.byte()?;
        let (from, to) = (NodeSet(reader.number()?), NodeSet(reader.number()?));
        let one_way = flags & verb::ONE_WAY != 0;
        return match flags {
            0 | verb::ONE_WAY => Ok(Action::Cut { from, to, one_way }),
            flags if flags & !verb::ONE_WAY == verb::HEAL => Ok(Action::Heal { from, to, one_way }),
            _ => Err(Stop::Wrong),
        };
    }
    let first = reader.byte()?;
    let node = NodeId(first);
    Ok(match verb {
        verb::CRASH => Action::Crash(node),
        verb::RESTART => Action::Restart(node),
        verb::PAUSE => Action::Pause(node),
        verb::RESUME => Action::Resume(node),
        verb::LOSE_DISK => Action::LoseDisk(node),
        verb::CLOCK => Action::SetClock { node, jump_micros: reader.signed()?, drift_ppm: reader.signed()? },
        _ => Action::Request { node: NodeId(first >> 4), operation: operation(reader, verb, first & 15)? },
    })
}

fn operation(reader: &mut Reader<'_>, verb: u8, about: u8) -> Result<Operation, Stop> {
    let about = if about == 15 { reader.byte()? } else { about };
    let key = Key(about);
    Ok(match verb {
        verb::READ => Operation::Read { key },
        verb::WRITE => Operation::Write { key, value: reader.signed()? },
        verb::ADD => Operation::Add { key, amount: reader.signed()? },
        verb::COMPARE_AND_SET => Operation::CompareAndSet { key, expected: reader.signed()?, value: reader.signed()? },
        verb::COMMAND => Operation::Command { verb: about, argument: reader.byte()? },
        _ => return Err(Stop::Wrong),
    })
}
