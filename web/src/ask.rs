//! What a client is to ask: the operations that its lane accepts, with values that can be told apart.

use crate::same::Same;
use crate::sentences;
use crate::share::Dialog;
use crate::store::{Action, Tool};
use crate::words;
use lightcone::operation::{Key, Operation};
use lightcone::protocol::{Accepts, Argument};
use lightcone::{Edit, NodeId, Time, Trace};
use yew::prelude::*;

/// What [`Ask`] is given.
#[derive(PartialEq)]
pub struct AskProps {
    /// The run.
    pub trace: Same<Trace>,
    /// Who asks.
    pub node: NodeId,
    /// When.
    pub at: Time,
    /// Where actions go.
    pub dispatch: Callback<Action>,
    /// The dialog was closed.
    pub closed: Callback<()>,
}

/// The dialog that asks what a client asks.
pub fn ask(props: &AskProps) -> Html {
    let title = words::what_asks(&props.trace.name(props.node), props.at);
    let operations = operations(&props.trace, props.node);
    html! {
        <Dialog {title} closed={props.closed.clone()}>
            <ul class="asks">{ for operations.into_iter().map(|operation| choice(props, operation)) }</ul>
        </Dialog>
    }
}

fn choice(props: &AskProps, operation: Operation) -> Html {
    let (dispatch, closed, node, at) = (props.dispatch.clone(), props.closed.clone(), props.node, props.at);
    let onclick = Callback::from(move |_: MouseEvent| {
        let action = lightcone::Action::Request { node, operation };
        dispatch.emit(Action::Make(Edit::At { at, action }));
        dispatch.emit(Action::Take(Tool::Move));
        closed.emit(());
    });
    let name = sentences::sentence(&sentences::operation(&props.trace, operation));
    html! { <li><button type="button" class="btn line" {onclick}>{ name }</button></li> }
}

/// What can be asked of this lane. Values go on where the run's own requests stop.
#[must_use]
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
