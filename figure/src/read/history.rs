//! Stretches of time read from a trace: how each lane fared, which links were cut, and what clients asked.

use lightcone_engine::protocol::{Cause, Condition, ConditionKind, LaneStatus, Source};
use lightcone_engine::run::trace::{ConditionChange, Deed};
use lightcone_engine::{Action, EventIndex, NodeId, NodeSet, RequestId, Time, Trace, operation};

/// How a lane fared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The lane's looks, one after another. The first begins with the run.
    pub spans: Vec<Span>,
    /// The times in which the node was paused.
    pub pauses: Vec<Pause>,
    /// The node's crashes.
    pub crashes: Vec<Turn>,
    /// The node's restarts.
    pub restarts: Vec<Turn>,
    /// The conditions on the lane, as they begin.
    pub conditions: Vec<Spell>,
    /// The order of those conditions whose order means something, one order after another.
    pub orders: Vec<Order>,
}

/// A look of a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The instant at which the look begins.
    pub from: Time,
    /// The instant at which it ends.
    pub to: Time,
    /// How the lane looks; none while it is crashed.
    pub status: Option<LaneStatus>,
}

/// A stretch of time in which something was so on a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// The event that began it.
    pub event: EventIndex,
    /// The instant at which it began.
    pub from: Time,
    /// Its end; the run's if it never ends.
    pub to: Time,
    /// The condition that held, with its words.
    pub condition: Condition,
    /// Whether it ended.
    pub over: bool,
}

/// What stood in an order on a lane for a while: its queue, and its siblings.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The instant at which the order begins.
    pub from: Time,
    /// The instant at which it ends.
    pub to: Time,
    /// The places of the conditions among the lane's, in order.
    pub spells: Vec<usize>,
}

/// A stretch of time in which a node stood still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pause {
    /// The instant at which it began.
    pub from: Time,
    /// Its end; the run's if it never ends.
    pub to: Time,
    /// Whether the script or the reader paused it.
    pub source: Source,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The instant at which it began.
    pub from: Time,
    /// Its end; the run's if it never ends.
    pub to: Time,
}

/// Something that happened to a node from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// The event's place in the run.
    pub event: EventIndex,
    /// The instant at which it happened.
    pub at: Time,
    /// Whether the run, the script or the reader made it.
    pub source: Source,
}

impl History {
    /// One for each lane.
    #[must_use]
    pub fn of_all(trace: &Trace) -> Vec<History> {
        let mut all: Vec<History> = trace.lanes().iter().map(|_| History::default()).collect();
        let end = trace.horizon();
        for change in &trace.statuses {
            let spans = &mut all[change.node.index()].spans;
            let from = trace.event(change.event).at;
            if let Some(last) = spans.last_mut() {
                last.to = from;
            }
            spans.push(Span { from, to: end, status: change.status });
        }
        let mut now = vec![Vec::new(); all.len()];
        for change in &trace.conditions {
            let place = change.node.index();
            all[place].follow(change, trace.event(change.event).at, end, &mut now[place]);
        }
        for (event, place) in trace.events.iter().zip(0..) {
            let Some(history) = event.node.and_then(|node| all.get_mut(node.index())) else { continue };
            let here = Turn { event: EventIndex(place), at: event.at, source: event.source };
            history.note(event.cause, here, end);
            for deed in trace.deeds(here.event) {
                if let Deed::CrashedHere(source) = deed {
                    history.crash(Turn { source: *source, ..here });
                }
            }
        }
        all
    }

    /// A condition begins or ends. `now`: the places of the conditions that hold, in order.
    fn follow(&mut self, change: &ConditionChange, at: Time, end: Time, now: &mut Vec<usize>) {
        let condition = change.condition;
        if let Some(place) = change.begins {
            now.insert(usize::from(place).min(now.len()), self.conditions.len());
            self.conditions.push(Spell { event: change.event, from: at, to: end, condition, over: false });
        } else if let Some(place) = now.iter().position(|spell| self.conditions[*spell].condition == condition) {
            let spell = &mut self.conditions[now.remove(place)];
            (spell.to, spell.over) = (at, true);
        }
        if !has_order(condition.what) {
            return;
        }
        let ordered = now.iter().copied().filter(|spell| has_order(self.conditions[*spell].condition.what));
        let order = Order { from: at, to: end, spells: ordered.collect() };
        match self.orders.last_mut() {
            // At one instant only the last order lasts.
            Some(last) if last.from == at => *last = order,
            last => {
                if let Some(last) = last {
                    last.to = at;
                }
                self.orders.push(order);
            }
        }
    }

    fn note(&mut self, cause: Cause, here: Turn, end: Time) {
        match cause {
            Cause::Act(Action::Crash(_)) => self.crash(here),
            Cause::Act(Action::Restart(_)) => self.restarts.push(here),
            Cause::Act(Action::Pause(_)) => self.pauses.push(Pause { from: here.at, to: end, source: here.source }),
            Cause::Act(Action::Resume(_)) => self.end_pause(here.at),
            _ => {}
        }
    }

    fn crash(&mut self, here: Turn) {
        if self.is_paused(here.at) {
            self.end_pause(here.at);
        }
        self.crashes.push(here);
    }

    fn end_pause(&mut self, at: Time) {
        if let Some(pause) = self.pauses.last_mut() {
            pause.to = pause.to.min(at);
        }
    }

    /// The conditions that an event begins.
    #[must_use]
    pub fn begun(&self, event: EventIndex) -> &[Spell] {
        let from = self.conditions.partition_point(|spell| spell.event < event);
        let to = self.conditions.partition_point(|spell| spell.event <= event);
        &self.conditions[from..to]
    }

    /// The conditions of one kind in an order, by their places.
    pub fn of_kind(&self, order: &Order, what: ConditionKind) -> impl Iterator<Item = usize> {
        order.spells.iter().copied().filter(move |spell| self.conditions[*spell].condition.what == what)
    }

    /// When the lane forks into siblings.
    #[must_use]
    pub fn forks(&self) -> Vec<Stretch> {
        let mut forks: Vec<Stretch> = Vec::new();
        for order in &self.orders {
            match forks.last_mut() {
                _ if self.of_kind(order, ConditionKind::Sibling).count() < 2 => {}
                Some(last) if last.to == order.from => last.to = order.to,
                _ => forks.push(Stretch { from: order.from, to: order.to }),
            }
        }
        forks
    }

    /// How the lane looked at a moment.
    #[must_use]
    pub fn span_at(&self, at: Time) -> Option<&Span> {
        let seen = self.spans.partition_point(|span| span.from <= at);
        self.spans[..seen].last()
    }

    /// Whether the node was up at a moment.
    #[must_use]
    pub fn is_up(&self, at: Time) -> bool {
        self.span_at(at).is_some_and(|span| span.status.is_some())
    }

    /// Whether the node stood still at a moment.
    #[must_use]
    pub fn is_paused(&self, at: Time) -> bool {
        self.pauses.iter().any(|pause| pause.from <= at && at < pause.to)
    }

    /// Since when the node is crashed, at a moment at which it is.
    #[must_use]
    pub fn down_since(&self, at: Time) -> Option<Time> {
        self.span_at(at).filter(|span| span.status.is_none()).map(|span| span.from)
    }
}

/// Whether the order in which such conditions are pushed means something.
#[must_use]
pub fn has_order(what: ConditionKind) -> bool {
    matches!(what, ConditionKind::Queued | ConditionKind::Sibling)
}

/// The lanes by their place in every picture of a run: as the protocol lists them, except that the two sides of the
/// author's first cut stand together. A cut of the reader's moves no lane: lanes that jump under a hand are not found
/// again.
#[must_use]
pub fn order(trace: &Trace) -> Vec<NodeId> {
    let mut order: Vec<NodeId> = (0..trace.lanes().len() as u8).map(NodeId).collect();
    let first = trace.events.iter().find_map(|event| match event.cause {
        Cause::Act(Action::Cut { from, to, .. }) if event.source != Source::Hand => Some((from, to)),
        _ => None,
    });
    let Some((from, to)) = first else { return order };
    let named = |node: &NodeId| from.contains(*node) || to.contains(*node);
    let sides: Vec<NodeId> = order.iter().copied().filter(named).collect();
    let on_top = |node: NodeId| from.contains(node) == sides.first().is_some_and(|first| from.contains(*first));
    let (upper, lower): (Vec<NodeId>, Vec<NodeId>) = sides.iter().partition(|node| on_top(**node));
    let mut sorted = upper.into_iter().chain(lower);
    for place in order.iter_mut().filter(|place| named(place)) {
        *place = sorted.next().unwrap_or(*place);
    }
    order
}

/// A link that carried nothing for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The time in which it was cut.
    pub stretch: Stretch,
    /// The nodes on the sending side.
    pub from: NodeSet,
    /// The nodes on the receiving side.
    pub to: NodeSet,
    /// Whether only messages from the one side to the other were lost.
    pub one_way: bool,
    /// Whether the script or the reader cut it.
    pub source: Source,
}

impl Cut {
    /// Every cut of a run, in order of beginning. Healing part of a cut ends the cut there and leaves the
    /// rest as a cut of its own.
    #[must_use]
    pub fn of_all(trace: &Trace) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = Vec::new();
        let end = trace.horizon();
        for event in &trace.events {
            match event.cause {
                Cause::Act(Action::Cut { from, to, one_way }) => {
                    let stretch = Stretch { from: event.at, to: end };
                    cuts.push(Cut { stretch, from, to, one_way, source: event.source });
                }
                Cause::Act(Action::Heal { from, to, one_way }) => {
                    heal(&mut cuts, event.at, end, from, to, one_way);
                }
                _ => {}
            }
        }
        cuts
    }

    /// Whether the cut keeps a message from passing at a moment.
    #[must_use]
    pub fn stops(&self, from: NodeId, to: NodeId, at: Time) -> bool {
        let there = self.from.contains(from) && self.to.contains(to);
        let back = !self.one_way && self.from.contains(to) && self.to.contains(from);
        self.stretch.from <= at && at < self.stretch.to && (there || back)
    }
}

fn heal(cuts: &mut Vec<Cut>, at: Time, end: Time, from: NodeSet, to: NodeSet, one_way: bool) {
    for place in 0..cuts.len() {
        let cut = cuts[place];
        if cut.stretch.to <= at {
            continue;
        }
        let (a, b) = (cut.from, cut.to);
        let straight = !a.intersection(from).is_empty() && !b.intersection(to).is_empty();
        let turned = !a.intersection(to).is_empty() && !b.intersection(from).is_empty();
        if !(straight || (turned && !(one_way && cut.one_way))) {
            continue;
        }
        let (from, to) = if straight { (from, to) } else { (to, from) };
        cuts[place].stretch.to = at;
        let minus =
            |one: NodeSet, other: NodeSet| one.iter().filter(|node| !other.contains(*node)).collect::<NodeSet>();
        let rests = [(minus(a, from), b), (a.intersection(from), minus(b, to))];
        for (from, to) in rests {
            if !from.is_empty() && !to.is_empty() {
                cuts.push(Cut { stretch: Stretch { from: at, to: end }, from, to, ..cut });
            }
        }
    }
}

/// A client's operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// The operation's name, which no other of the run has.
    pub id: RequestId,
    /// What was asked.
    pub what: operation::Operation,
    /// The event that asked it.
    pub asked: EventIndex,
    /// The event that answered it, and the answer.
    pub answered: Option<(EventIndex, operation::Answer)>,
}

impl Operation {
    /// Every operation of a run, in order.
    #[must_use]
    pub fn of_all(trace: &Trace) -> Vec<Operation> {
        let mut all: Vec<Operation> = Vec::new();
        for (event, place) in trace.events.iter().zip(0..) {
            let event_index = EventIndex(place);
            if let Some((id, what)) = event.asked {
                all.push(Operation { id, what, asked: event_index, answered: None });
            }
            for deed in trace.deeds(event_index) {
                if let Deed::Replied(id, answer) = deed
                    && let Some(open) = all.iter_mut().rev().find(|each| each.id == *id)
                {
                    open.answered.get_or_insert((event_index, *answer));
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_engine::protocol::Edit;
    use lightcone_engine::{Scenario, simulate};

    fn set(nodes: &[u8]) -> NodeSet {
        nodes.iter().copied().map(NodeId).collect()
    }

    /// The order of five servers and a client that are cut like this at 10 ms.
    fn ordered(from: &[u8], to: &[u8], by_reader: bool) -> Vec<u8> {
        let mut scenario: Scenario = crate::gallery::blank("raft").expect("the registry has it");
        scenario.settings.parameters[0] = 5;
        scenario.settings.parameters[1] = 1;
        let action = Action::Cut { from: set(from), to: set(to), one_way: false };
        let edits = if by_reader { &mut scenario.moves } else { &mut scenario.script };
        edits.push(Edit::At { at: Time::from_millis(10), action });
        order(&simulate(&scenario)).into_iter().map(|node| node.0).collect()
    }

    #[test]
    fn the_sides_of_the_authors_first_cut_stand_together() {
        assert_eq!(ordered(&[0, 1], &[2, 3, 4], false), [0, 1, 2, 3, 4, 5]);
        assert_eq!(ordered(&[0, 2], &[1, 3, 4], false), [0, 2, 1, 3, 4, 5]);
        assert_eq!(ordered(&[1, 3, 4], &[0, 2], false), [0, 2, 1, 3, 4, 5]);
        assert_eq!(ordered(&[2], &[0, 1, 3, 4, 5], false), [0, 1, 3, 4, 5, 2]);
        assert_eq!(ordered(&[2], &[0, 1, 3, 4], true), [0, 1, 2, 3, 4, 5]);
    }
}
