//! Edits and operations.

use super::scenario::{at, time};
use crate::form::{Code, Edit, Error, Handling, Millis, Operand, Operation};
use lightcone_engine::id::{MessageId, NodeId, NodeSet, TimerId};
use lightcone_engine::limits::{MAX_CLOCK_OFFSET_MICROS, MAX_NODES};
use lightcone_engine::operation;
use lightcone_engine::protocol::{self, Action, Argument, Invalid, Specification};
use lightcone_engine::time::Time;
use lightcone_formats::text::{Names, Words, read_key};

/// The form of an edit.
#[must_use]
pub fn edit(core: &lightcone_engine::Edit, names: &Names, specification: &Specification) -> Edit {
    use lightcone_engine::Edit as Core;
    match *core {
        Core::Deliver { message, at: when } => Edit::Deliver { message: names.message(message), at: at(when) },
        Core::Drop { message } => Edit::Drop { message: names.message(message) },
        Core::Duplicate { copy, at: when } => Edit::Copy { message: names.message(copy), at: at(when) },
        Core::Fire { timer, at: when } => Edit::Fire { timer: names.timer_of(timer), at: at(when) },
        Core::CrashDuring { handling, after_effects } => {
            let handling = match handling {
                protocol::Handling::Message(message) => Handling::Message(names.message(message)),
                protocol::Handling::Timer(timer) => Handling::Timer(names.timer_of(timer)),
                protocol::Handling::Request(request) => Handling::Request(names.request(request)),
            };
            Edit::CrashDuring { handling, after: after_effects }
        }
        Core::At { at: when, action } => act(when, action, names, specification),
    }
}

fn act(when: Time, action: Action, names: &Names, specification: &Specification) -> Edit {
    let at = at(when);
    let name = |node| names.lane(node).to_string();
    let side = |nodes: NodeSet| nodes.iter().map(name).collect();
    match action {
        Action::Crash(node) => Edit::Crash { at, node: name(node) },
        Action::Restart(node) => Edit::Restart { at, node: name(node) },
        Action::Pause(node) => Edit::Pause { at, node: name(node) },
        Action::Resume(node) => Edit::Resume { at, node: name(node) },
        Action::LoseDisk(node) => Edit::LoseDisk { at, node: name(node) },
        Action::Cut { from, to, one_way } => Edit::Cut { at, from: side(from), to: side(to), one_way },
        Action::Heal { from, to, one_way } => Edit::Heal { at, from: side(from), to: side(to), one_way },
        Action::SetClock { node, jump_micros, drift_ppm } => {
            Edit::Clock { at, node: name(node), jump: Millis(jump_micros.into()), drift: drift_ppm }
        }
        Action::Request { node, operation } => {
            Edit::Request { at, node: name(node), operation: operation_of(operation, names, specification) }
        }
    }
}

fn operation_of(core: operation::Operation, names: &Names, specification: &Specification) -> Operation {
    use operation::Operation as Core;
    match core {
        Core::Read { key } => Operation::Read { key: key.to_string() },
        Core::Write { key, value } => Operation::Write { key: key.to_string(), value },
        Core::Add { key, amount } => Operation::Add { key: key.to_string(), amount },
        Core::CompareAndSet { key, expected, value } => Operation::Cas { key: key.to_string(), expected, value },
        Core::Command { verb, argument } => {
            let takes = specification.commands.get(usize::from(verb)).map(|command| command.argument);
            let argument = match takes {
                Some(Argument::Node) => Some(Operand::Node(names.lane(NodeId(argument)).to_string())),
                Some(Argument::Nothing) if argument == 0 => None,
                _ => Some(Operand::Number(argument)),
            };
            Operation::Command { command: names.command(verb).to_string(), argument }
        }
    }
}

/// The edit that a form means.
///
/// # Errors
/// It names what no run can have, or a number is out of its bounds.
pub fn to_edit(form: &Edit, names: &Names, specification: &Specification) -> Result<lightcone_engine::Edit, Error> {
    use lightcone_engine::Edit as Core;
    Ok(match form {
        Edit::Deliver { message, at } => Core::Deliver { message: to_message(message, names)?, at: time(*at)? },
        Edit::Drop { message } => Core::Drop { message: to_message(message, names)? },
        Edit::Copy { message, at } => Core::Duplicate { copy: to_message(message, names)?, at: time(*at)? },
        Edit::Fire { timer, at } => Core::Fire { timer: to_timer(timer, names)?, at: time(*at)? },
        Edit::CrashDuring { handling, after } => Core::CrashDuring {
            handling: match handling {
                Handling::Message(message) => protocol::Handling::Message(to_message(message, names)?),
                Handling::Timer(timer) => protocol::Handling::Timer(to_timer(timer, names)?),
                Handling::Request(request) => protocol::Handling::Request(names.read_request(request)?),
            },
            after_effects: *after,
        },
        Edit::Crash { at, node } => to_act(*at, Action::Crash(names.read_lane(node)?))?,
        Edit::Restart { at, node } => to_act(*at, Action::Restart(names.read_lane(node)?))?,
        Edit::Pause { at, node } => to_act(*at, Action::Pause(names.read_lane(node)?))?,
        Edit::Resume { at, node } => to_act(*at, Action::Resume(names.read_lane(node)?))?,
        Edit::LoseDisk { at, node } => to_act(*at, Action::LoseDisk(names.read_lane(node)?))?,
        Edit::Cut { at, from, to, one_way } => {
            to_act(*at, Action::Cut { from: to_side(from, names)?, to: to_side(to, names)?, one_way: *one_way })?
        }
        Edit::Heal { at, from, to, one_way } => {
            to_act(*at, Action::Heal { from: to_side(from, names)?, to: to_side(to, names)?, one_way: *one_way })?
        }
        Edit::Clock { at, node, jump, drift } => {
            let most = MAX_CLOCK_OFFSET_MICROS as u64;
            let beyond = || Invalid::range("clock's jump in microseconds, either way,", jump.0.unsigned_abs(), 0, most);
            let jump_micros = i32::try_from(jump.0).map_err(|_| beyond())?;
            to_act(*at, Action::SetClock { node: names.read_lane(node)?, jump_micros, drift_ppm: *drift })?
        }
        Edit::Request { at, node, operation } => {
            let operation = to_operation(operation, names, specification)?;
            to_act(*at, Action::Request { node: names.read_lane(node)?, operation })?
        }
    })
}

fn to_act(at: Millis, action: Action) -> Result<lightcone_engine::Edit, Error> {
    Ok(lightcone_engine::Edit::At { at: time(at)?, action })
}

fn to_message(name: &str, names: &Names) -> Result<MessageId, Error> {
    let mut words = Words::of(name);
    let message = words.message(names)?;
    words.end()?;
    Ok(message)
}

fn to_timer(name: &str, names: &Names) -> Result<TimerId, Error> {
    let mut words = Words::of(name);
    let timer = words.timer(names)?;
    words.end()?;
    Ok(timer)
}

fn to_side(side: &[String], names: &Names) -> Result<NodeSet, Error> {
    let mut nodes = NodeSet::EMPTY;
    if side.len() > usize::from(MAX_NODES) {
        return Err(Invalid::range("number of nodes", side.len() as u64, 0, MAX_NODES.into()).into());
    }
    for name in side {
        let node = names.read_lane(name)?;
        // No set has a node that no run can have.
        Action::Crash(node).check()?;
        nodes.insert(node);
    }
    Ok(nodes)
}

fn to_operation(form: &Operation, names: &Names, specification: &Specification) -> Result<operation::Operation, Error> {
    use operation::Operation as Core;
    Ok(match form {
        Operation::Read { key } => Core::Read { key: read_key(key)? },
        Operation::Write { key, value } => Core::Write { key: read_key(key)?, value: *value },
        Operation::Add { key, amount } => Core::Add { key: read_key(key)?, amount: *amount },
        Operation::Cas { key, expected, value } => {
            Core::CompareAndSet { key: read_key(key)?, expected: *expected, value: *value }
        }
        Operation::Command { command, argument } => {
            let verb = names.read_command(&[], command)?;
            let takes = specification.commands.get(usize::from(verb)).map(|command| command.argument);
            let argument = match (argument, takes) {
                (Some(Operand::Node(name)), Some(Argument::Node)) => names.read_lane(name)?.0,
                (Some(Operand::Number(number)), takes) if takes != Some(Argument::Node) => *number,
                (None, Some(Argument::Nothing)) => 0,
                (_, Some(Argument::Node)) => return Err(wants(command, "a node's name")),
                _ => return Err(wants(command, "a whole number up to 255")),
            };
            Core::Command { verb, argument }
        }
    })
}

fn wants(command: &str, what: &str) -> Error {
    let command = lightcone_formats::text::quoted(command);
    Error::new(Code::WrongForm, format!("The argument of `{command}` must be {what}."))
}
