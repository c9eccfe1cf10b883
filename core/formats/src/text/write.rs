//! Writes the text form: the same scenario always gives the same text.

use super::error::FORMAT;
use super::names::Names;
use core::fmt::{self, Display, Formatter};
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::model::{Faults, Model, Timing};
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Action, Edit, Handling};
use lightcone_engine::protocol::{Argument, Parameter, Unit};
use lightcone_engine::run::Scenario;
use lightcone_engine::time::Time;

/// A scenario, to be written.
pub(super) struct Written<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) names: Names,
}

/// An edit, to be written.
pub(super) struct Line<'a> {
    pub(super) edit: &'a Edit,
    pub(super) names: &'a Names,
}

/// What a handler is called for, to be written.
pub(super) struct Handled<'a> {
    pub(super) handling: &'a Handling,
    pub(super) names: &'a Names,
}

/// A knob and its value, to be written as a line.
pub(super) struct Knob<'a> {
    pub(super) parameter: &'a Parameter,
    pub(super) value: u32,
}

impl Display for Knob<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "set {} ", self.parameter.id)?;
        setting(self.parameter, self.value, f)
    }
}

impl Display for Handled<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self.handling {
            Handling::Message(message) => write!(f, "message {}", self.names.message(message)),
            Handling::Timer(timer) => write!(f, "timer {}", self.names.timer_of(timer)),
            Handling::Request(request) => write!(f, "request {}", self.names.request(request)),
        }
    }
}

impl Display for Written<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Written { scenario, names } = self;
        writeln!(f, "lightcone {}", FORMAT)?;
        writeln!(f, "protocol {} {}", names.specification.id, scenario.version)?;
        if !scenario.title.is_empty() {
            writeln!(f, "title {}", scenario.title)?;
        }
        if !scenario.note.is_empty() {
            scenario.note.split('\n').try_for_each(|line| writeln!(f, "note {line}"))?;
        }
        self.settings(f)?;
        writeln!(f, "seed {}", scenario.seed)?;
        writeln!(f, "horizon {} ms", scenario.horizon)?;
        model(&scenario.model, f)?;
        self.edits("script", &scenario.script, f)?;
        self.edits("moves", &scenario.moves, f)
    }
}

impl Written<'_> {
    fn settings(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let settings = &self.scenario.settings;
        for (parameter, &value) in self.names.specification.parameters.iter().zip(&settings.parameters) {
            if value != parameter.default {
                write!(f, "{}", Knob { parameter, value })?;
            }
        }
        for (place, flaw) in self.names.specification.flaws.iter().enumerate() {
            if settings.flaws.has(place as u8) {
                writeln!(f, "flaw {}", flaw.id)?;
            }
        }
        Ok(())
    }

    fn edits(&self, section: &str, edits: &[Edit], f: &mut Formatter<'_>) -> fmt::Result {
        if edits.is_empty() {
            return Ok(());
        }
        writeln!(f, "{section}")?;
        edits.iter().try_for_each(|edit| writeln!(f, "  {}", Line { edit, names: &self.names }))
    }
}

fn setting(parameter: &Parameter, value: u32, f: &mut Formatter<'_>) -> fmt::Result {
    let word = match parameter.unit {
        Unit::Choice(words) => words.get(value as usize).copied(),
        Unit::Switch => Some(if value == 0 { "off" } else { "on" }),
        Unit::Millis => return writeln!(f, "{value} ms"),
        Unit::Count => None,
    };
    match word {
        Some(word) => writeln!(f, "{word}"),
        None => writeln!(f, "{value}"),
    }
}

fn model(model: &Model, f: &mut Formatter<'_>) -> fmt::Result {
    let usual = Model::default();
    let links = &model.links;
    let (least, most) = links.latency_micros;
    writeln!(f, "latency {}..{} ms", Time::from_micros(least), Time::from_micros(most))?;
    if links.loss_per_mille != 0 {
        writeln!(f, "loss {} per mille", links.loss_per_mille)?;
    }
    if links.duplication_per_mille != 0 {
        writeln!(f, "duplication {} per mille", links.duplication_per_mille)?;
    }
    if links.fifo {
        writeln!(f, "links fifo")?;
    }
    if links.reliable {
        writeln!(f, "links reliable")?;
    }
    match model.timing {
        Timing::Asynchronous => {}
        Timing::Synchronous { bound_micros } => {
            writeln!(f, "timing synchronous {} ms", Time::from_micros(bound_micros))?;
        }
        Timing::PartiallySynchronous { stable_from, bound_micros } => {
            let bound = Time::from_micros(bound_micros);
            writeln!(f, "timing partially-synchronous from {stable_from} ms within {bound} ms")?;
        }
    }
    match model.faults {
        faults if faults == usual.faults => Ok(()),
        Faults::CrashStop => writeln!(f, "faults crash-stop"),
        Faults::CrashRecovery => writeln!(f, "faults crash-recovery"),
    }
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self.edit {
            Edit::Deliver { message, at } => {
                write!(f, "deliver {} at {at} ms", self.names.message(message))
            }
            Edit::Drop { message } => write!(f, "drop {}", self.names.message(message)),
            Edit::Duplicate { copy, at } => {
                write!(f, "copy {} at {at} ms", self.names.message(copy))
            }
            Edit::Fire { timer, at } => {
                write!(f, "fire {} at {at} ms", self.names.timer_of(timer))
            }
            Edit::CrashDuring { handling, after_effects } => {
                let handled = Handled { handling: &handling, names: self.names };
                write!(f, "crash during {handled} after {after_effects}")
            }
            Edit::At { at, action } => {
                write!(f, "at {at} ms ")?;
                self.action(action, f)
            }
        }
    }
}

impl Line<'_> {
    fn action(&self, action: Action, f: &mut Formatter<'_>) -> fmt::Result {
        let lane = |node| self.names.lane(node);
        match action {
            Action::Crash(node) => write!(f, "crash {}", lane(node)),
            Action::Restart(node) => write!(f, "restart {}", lane(node)),
            Action::Pause(node) => write!(f, "pause {}", lane(node)),
            Action::Resume(node) => write!(f, "resume {}", lane(node)),
            Action::LoseDisk(node) => write!(f, "lose-disk {}", lane(node)),
            Action::Cut { from, to, one_way } => self.sides("cut", from, to, one_way, f),
            Action::Heal { from, to, one_way } => self.sides("heal", from, to, one_way, f),
            Action::SetClock { node, jump_micros, drift_ppm } => {
                let sign = if jump_micros < 0 { "-" } else { "" };
                let jump = Time::from_micros(jump_micros.unsigned_abs().into());
                write!(f, "clock {} jump {sign}{jump} ms drift {drift_ppm} ppm", lane(node))
            }
            Action::Request { node, operation } => {
                write!(f, "request {} ", lane(node))?;
                self.operation(operation, f)
            }
        }
    }

    fn sides(&self, verb: &str, from: NodeSet, to: NodeSet, one_way: bool, f: &mut Formatter<'_>) -> fmt::Result {
        let everyone = NodeSet::first(self.names.lanes());
        f.write_str(verb)?;
        if from == everyone && to == everyone && !one_way {
            return f.write_str(" all");
        }
        from.iter().try_for_each(|node| write!(f, " {}", self.names.lane(node)))?;
        f.write_str(if one_way { " >" } else { " |" })?;
        to.iter().try_for_each(|node| write!(f, " {}", self.names.lane(node)))
    }

    fn operation(&self, operation: Operation, f: &mut Formatter<'_>) -> fmt::Result {
        match operation {
            Operation::Read { key } => write!(f, "read {key}"),
            Operation::Write { key, value } => write!(f, "write {key} {value}"),
            Operation::Add { key, amount } => write!(f, "add {key} {amount}"),
            Operation::CompareAndSet { key, expected, value } => write!(f, "cas {key} {expected} {value}"),
            Operation::Command { verb, argument } => {
                write!(f, "{}", self.names.command(verb))?;
                let command = self.names.specification.commands.get(usize::from(verb));
                match command.map(|command| command.argument) {
                    Some(Argument::Node) => write!(f, " {}", self.names.lane(NodeId(argument))),
                    Some(Argument::Nothing) if argument == 0 => Ok(()),
                    _ => write!(f, " {argument}"),
                }
            }
        }
    }
}
