//! Edits after a knob changed the lanes: they stay with their nodes, by name. Clients come after servers, so
//! one server fewer moves every client up by one.

use lightcone_engine::id::{MessageId, RequestId, TimerId};
use lightcone_engine::limits::MAX_NODES;
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Argument, Handling, Lane};
use lightcone_engine::{Action, Edit, NodeId, NodeSet, Scenario};

/// `after` with the edits of both lists about the same nodes as in `before`. An edit about a node that is no
/// longer there names a lane after the last: it stays in the list, does nothing, and the list says why.
#[must_use]
pub fn renamed(before: &Scenario, mut after: Scenario) -> Scenario {
    if same_lanes(before, &after) {
        return after;
    }
    let names = Names::between(before, &after);
    after.script = after.script.iter().filter_map(|edit| names.edit(*edit)).collect();
    after.moves = after.moves.iter().filter_map(|edit| names.edit(*edit)).collect();
    after
}

fn same_lanes(before: &Scenario, after: &Scenario) -> bool {
    before.lanes().iter().map(|lane| &lane.name).eq(after.lanes().iter().map(|lane| &lane.name))
}

/// What the nodes of one scenario are called in another, and with them messages, timers and edits.
pub struct Names {
    to: Vec<Option<usize>>,
    lanes: usize,
    takes_node: Vec<bool>,
}

impl Names {
    /// The names of `before` in `after`.
    #[must_use]
    pub fn between(before: &Scenario, after: &Scenario) -> Names {
        let (was, is) = (before.lanes(), after.lanes());
        let mut beyond = is.len()..usize::from(MAX_NODES);
        let commands = before.protocol.specification().commands.iter();
        let place = |lane: &Lane| is.iter().position(|other| other.name == lane.name);
        let mut to: Vec<Option<usize>> = was.iter().map(|lane| place(lane).or_else(|| beyond.next())).collect();
        // The way back: what is named after the last lane is one that came, or still no lane.
        to.extend((0..is.len()).filter(|place| was.iter().all(|lane| lane.name != is[*place].name)).map(Some));
        to.extend(beyond.map(Some));
        Names { to, lanes: is.len(), takes_node: commands.map(|command| command.argument == Argument::Node).collect() }
    }

    /// A node; none if no other name is left for it.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<NodeId> {
        let place = self.to.get(node.index()).copied().flatten()?;
        u8::try_from(place).ok().map(NodeId)
    }

    fn nodes(&self, nodes: NodeSet) -> Option<NodeSet> {
        let all = || nodes.iter().filter_map(|node| self.node(node));
        let left: NodeSet = all().filter(|node| node.index() < self.lanes).collect();
        Some(if left.is_empty() { all().collect() } else { left })
    }

    /// A message, by the names of its two nodes.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<MessageId> {
        Some(MessageId { from: self.node(id.from)?, to: self.node(id.to)?, ..id })
    }

    /// A timer, by the name of its node.
    #[must_use]
    pub fn timer(&self, id: TimerId) -> Option<TimerId> {
        Some(TimerId { node: self.node(id.node)?, ..id })
    }

    /// An edit, by the names of what it is about.
    #[must_use]
    pub fn edit(&self, edit: Edit) -> Option<Edit> {
        Some(match edit {
            Edit::Deliver { message, at } => Edit::Deliver { message: self.message(message)?, at },
            Edit::Drop { message } => Edit::Drop { message: self.message(message)? },
            Edit::Duplicate { copy, at } => Edit::Duplicate { copy: self.message(copy)?, at },
            Edit::Fire { timer, at } => Edit::Fire { timer: self.timer(timer)?, at },
            Edit::CrashDuring { handling, after_effects } => {
                Edit::CrashDuring { handling: self.handling(handling)?, after_effects }
            }
            Edit::At { at, action } => Edit::At { at, action: self.action(action)? },
        })
    }

    fn handling(&self, handling: Handling) -> Option<Handling> {
        Some(match handling {
            Handling::Message(id) => Handling::Message(self.message(id)?),
            Handling::Timer(id) => Handling::Timer(self.timer(id)?),
            Handling::Request(id) => Handling::Request(RequestId { node: self.node(id.node)?, ..id }),
        })
    }

    /// An action, by the names of its nodes.
    #[must_use]
    pub fn action(&self, action: Action) -> Option<Action> {
        Some(match action {
            Action::Crash(node) => Action::Crash(self.node(node)?),
            Action::Restart(node) => Action::Restart(self.node(node)?),
            Action::Pause(node) => Action::Pause(self.node(node)?),
            Action::Resume(node) => Action::Resume(self.node(node)?),
            Action::LoseDisk(node) => Action::LoseDisk(self.node(node)?),
            Action::Cut { from, to, one_way } => Action::Cut { from: self.nodes(from)?, to: self.nodes(to)?, one_way },
            Action::Heal { from, to, one_way } => {
                Action::Heal { from: self.nodes(from)?, to: self.nodes(to)?, one_way }
            }
            Action::SetClock { node, jump_micros, drift_ppm } => {
                Action::SetClock { node: self.node(node)?, jump_micros, drift_ppm }
            }
            Action::Request { node, operation } => {
                Action::Request { node: self.node(node)?, operation: self.operation(operation)? }
            }
        })
    }

    fn operation(&self, operation: Operation) -> Option<Operation> {
        match operation {
            Operation::Command { verb, argument } if self.takes_node.get(usize::from(verb)) == Some(&true) => {
                let node = self.node(NodeId(argument))?;
                Some(Operation::Command { verb, argument: node.0 })
            }
            other => Some(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::run::{Action as Do, State};
    use lightcone_engine::Time;
    use lightcone_engine::run::trace::Outcome;

    /// One write, carried by five servers, with three or five of them.
    fn with_servers(state: &State, servers: u32) -> State {
        let mut next = state.scenario().clone();
        let parameters = state.trace.specification().parameters.iter();
        let place = parameters.zip(0_usize..).find(|(parameter, _)| parameter.id == "servers").expect("Raft has it").1;
        next.settings.parameters[place] = servers;
        state.after(Do::Configure(Box::new(next)))
    }

    #[test]
    fn moves_stay_with_their_nodes_when_there_are_fewer_servers() {
        let state = State::new(&gallery::find("raft", "log-replication").expect("the gallery has it").scenario);
        let at = Time::from_millis(100);
        let crash = |node: u8| Do::Make(Edit::At { at, action: Action::Crash(NodeId(node)) });
        let crashed = state.after(crash(1)).after(crash(3)).after(crash(5));
        let fewer = with_servers(&crashed, 3);
        let about: Vec<String> = fewer
            .scenario()
            .moves
            .iter()
            .filter_map(|edit| match edit {
                Edit::At { action: Action::Crash(node), .. } => Some(fewer.trace.name(*node)),
                _ => None,
            })
            .collect();
        assert_eq!(about, ["S2", "lane 5", "c1"]);
        let outcomes: Vec<_> = fewer.scenario().moves.iter().map(|edit| fewer.trace.outcome(edit)).collect();
        assert!(matches!(&outcomes[..], [Outcome::Applied, Outcome::Unused(_), Outcome::Applied]), "{outcomes:?}");
        assert!(fewer.trace.events.iter().any(|event| event.asked.is_some()), "the client still asks");
        assert_eq!(fewer.after(Do::Undo).trace.digest, crashed.trace.digest);
    }
}
