//! What a client can be asked: the operations that its lane accepts, with values that can be told apart.

use super::run::Action;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, Argument};
use lightcone_engine::{Edit, NodeId, Time, Trace};
use lightcone_figure::read::sentences;

/// The operations that this lane can be asked for. Their values continue those of the run's own requests.
pub fn operations(trace: &Trace, node: NodeId) -> Vec<Operation> {
    let Some(lane) = trace.lanes().get(node.index()) else { return Vec::new() };
    let asked = trace.events.iter().filter_map(|event| Some(event.asked?.1));
    let last = asked.filter_map(|asked| match asked {
        Operation::Write { value, .. } => Some(value),
        _ => None,
    });
    let value = last.max().unwrap_or(0).saturating_add(1);
    let key = Key(0);
    lane.accepts.iter().flat_map(|accepts| operations_of(trace, *accepts, key, value)).collect()
}

/// What this lane can be asked at a moment: each in words, and the move that asks it.
#[must_use]
pub fn requests(trace: &Trace, node: NodeId, at: Time) -> Vec<(String, Action)> {
    let each = |operation| {
        let name = sentences::sentence(&sentences::operation(trace, operation));
        let action = lightcone_engine::Action::Request { node, operation };
        (name, Action::Make(Edit::At { at, action }))
    };
    operations(trace, node).into_iter().map(each).collect()
}

/// Whether something can be asked there.
#[must_use]
pub fn accepts(trace: &Trace, node: NodeId) -> bool {
    trace.lanes().get(node.index()).is_some_and(|lane| !lane.accepts.is_empty())
}

fn operations_of(trace: &Trace, accepts: Accepts, key: Key, value: i32) -> Vec<Operation> {
    match accepts {
        Accepts::Read => vec![Operation::Read { key }],
        Accepts::Write => vec![Operation::Write { key, value }],
        Accepts::Add => vec![Operation::Add { key, amount: 1 }],
        Accepts::CompareAndSet => vec![Operation::CompareAndSet { key, expected: value - 1, value }],
        Accepts::Command(verb) => {
            let commands = trace.specification().commands;
            let command = |argument| Operation::Command { verb, argument };
            match commands.get(usize::from(verb)).map(|command| command.argument) {
                Some(Argument::Node) => {
                    let servers = trace.lanes().iter().enumerate().filter(|(_, lane)| !lane.client);
                    servers.map(|(place, _)| command(place as u8)).collect()
                }
                Some(Argument::Number) => (1..=3).map(command).collect(),
                Some(Argument::Nothing) | None => vec![command(0)],
            }
        }
    }
}
