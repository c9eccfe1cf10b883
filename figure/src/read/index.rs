//! Everything that the figure looks up about a run: how each lane fared, what was cut and asked, and which messages and
//! timers overlap a stretch of time. It is built once for each trace.

use crate::read::clients;
use crate::read::history::{self, Cut, History, Operation};
use crate::view::Window;
use lightcone_engine::protocol::{Cause, Style};
use lightcone_engine::run::trace::{Deed, Fate, Message, Timer, TimerEnd};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::{Action, EventIndex, MessageId, NodeId, NodeSet, Time, Trace};
use std::ops::Range;
use std::rc::Rc;

/// A run, and everything that the figure looks up about it.
pub struct Index {
    /// The run that is looked up.
    pub trace: Rc<Trace>,
    /// The lanes by their place.
    pub order: Vec<NodeId>,
    /// One for each lane.
    pub lanes: Vec<History>,
    /// Links that carried nothing, and when.
    pub cuts: Vec<Cut>,
    /// Every operation, with its request and its answer.
    pub operations: Vec<Operation>,
    /// The clients' view of the run; none if it has none.
    pub clients: Option<clients::ClientsView>,
    /// Lanes on which nothing happens in the whole run but that timers run.
    pub idle: NodeSet,
    /// Events at which something turned: a lane's role or epoch changed.
    pub turns: SortedMap<EventIndex>,
    /// Messages of which there are copies.
    pub copied: SortedMap<MessageId>,
    /// Timer kinds that do nothing but send signs of life: not drawn.
    quiet: SortedMap<(NodeId, u8)>,
    /// The latest end of all messages up to this one.
    message_reach: Vec<Time>,
    timer_reach: Vec<Time>,
}

impl Index {
    /// Reads a trace once.
    #[must_use]
    pub fn of(trace: Rc<Trace>) -> Index {
        let lanes = History::of_all(&trace);
        let reach = |ends: &mut dyn Iterator<Item = Time>| {
            let mut latest = Time::ZERO;
            ends.map(|end| {
                latest = latest.max(end);
                latest
            })
            .collect::<Vec<_>>()
        };
        let message_reach = reach(&mut trace.messages.iter().map(|message| message_end(&trace, message)));
        let timer_reach = reach(&mut trace.timers.iter().map(|timer| timer_end(&trace, timer)));
        let operations = Operation::of_all(&trace);
        Index {
            order: history::order(&trace),
            idle: idle(&trace),
            cuts: Cut::of_all(&trace),
            clients: clients::view(&trace, &operations),
            operations,
            turns: turns(&trace),
            copied: set(trace.messages.iter().filter(|m| m.id.copy != 0).map(|m| m.id.original())),
            quiet: quiet_timers(&trace),
            message_reach,
            timer_reach,
            lanes,
            trace,
        }
    }

    /// The message of this name.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.trace.message(id)
    }

    /// Messages that are under way in a stretch of time, and perhaps a few more.
    #[must_use]
    pub fn messages_in(&self, window: Window) -> &[Message] {
        &self.trace.messages[self.places_in(window)]
    }

    /// Their places among the run's messages.
    #[must_use]
    pub fn places_in(&self, window: Window) -> Range<usize> {
        let first = self.message_reach.partition_point(|end| *end < window.from);
        let last = self.trace.messages.partition_point(|message| message.sent <= window.to);
        first.min(last)..last
    }

    /// Timers that run in a stretch of time, and perhaps a few more.
    #[must_use]
    pub fn timers_in(&self, window: Window) -> &[Timer] {
        let first = self.timer_reach.partition_point(|end| *end < window.from);
        let last = self.trace.timers.partition_point(|timer| timer.armed <= window.to);
        &self.trace.timers[first.min(last)..last]
    }

    /// Events of a stretch of time.
    #[must_use]
    pub fn events_in(&self, window: Window) -> Range<u32> {
        let first = self.trace.events.partition_point(|event| event.at < window.from) as u32;
        let last = self.trace.events.partition_point(|event| event.at <= window.to) as u32;
        first..last
    }

    /// Whether timers of this kind only send signs of life.
    #[must_use]
    pub fn is_quiet(&self, timer: &Timer) -> bool {
        self.quiet.contains(&(timer.id.node, timer.id.kind))
    }

    /// Whether a timer fires at an event, and does more than send signs of life.
    #[must_use]
    pub fn fires(&self, event: EventIndex) -> bool {
        let here = self.trace.event(event);
        let timer = || self.trace.timers.get(here.record as usize);
        matches!(here.cause, Cause::Fire(_)) && timer().is_some_and(|timer| !self.is_quiet(timer))
    }

    /// The lane's history.
    #[must_use]
    pub fn lane(&self, node: NodeId) -> Option<&History> {
        self.lanes.get(node.index())
    }
}

/// Lanes on which only timers run. What a cut names is part of what happens, and so is an operation that is asked.
fn idle(trace: &Trace) -> NodeSet {
    let mut busy = NodeSet::default();
    for message in &trace.messages {
        busy.insert(message.id.from);
        busy.insert(message.id.to);
    }
    for event in &trace.events {
        match (event.cause, event.node) {
            (Cause::Boot(_) | Cause::Fire(_), _) | (_, None) => {}
            (_, Some(node)) => drop(busy.insert(node)),
        }
        if let Cause::Act(Action::Cut { from, to, .. }) = event.cause {
            busy = busy.union(from).union(to);
        }
    }
    NodeSet::first(trace.lanes().len() as u8).iter().filter(|node| !busy.contains(*node)).collect()
}

/// The instant after which nothing more is drawn of a message.
fn message_end(trace: &Trace, message: &Message) -> Time {
    match message.fate {
        Fate::Delivered(event) => trace.event(event).at.max(message.arrives).max(message.drawn),
        Fate::InFlight => trace.horizon(),
        _ => message.arrives.max(message.drawn),
    }
}

/// The instant at which a timer fired or was disarmed; for a timer that is still armed, the instant at which it is due.
#[must_use]
pub fn timer_end(trace: &Trace, timer: &Timer) -> Time {
    match timer.end {
        TimerEnd::Armed => timer.due,
        TimerEnd::Fired(event) | TimerEnd::Disarmed(event) => trace.event(event).at,
    }
}

fn set<T: Ord>(items: impl Iterator<Item = T>) -> SortedMap<T> {
    items.map(|item| (item, ())).collect()
}

fn turns(trace: &Trace) -> SortedMap<EventIndex> {
    let first = |event: EventIndex| matches!(trace.event(event).cause, Cause::Boot(_));
    set(trace.statuses.iter().map(|change| change.event).filter(|event| !first(*event)))
}

fn quiet_timers(trace: &Trace) -> SortedMap<(NodeId, u8)> {
    let mut fired: SortedMap<(NodeId, u8), bool> = SortedMap::new();
    for (place, event) in trace.events.iter().enumerate() {
        let Cause::Fire(timer) = event.cause else { continue };
        let quiet = trace.deeds(EventIndex(place as u32)).iter().all(|deed| match deed {
            Deed::Sent(record) => {
                let message = &trace.messages[*record as usize];
                trace.kind(message.id).style == Style::Beat
            }
            Deed::Armed(_) | Deed::Disarmed(_) => true,
            _ => false,
        });
        *fired.or_insert((timer.node, timer.kind), true) &= quiet;
    }
    set(fired.into_iter().filter(|(_, quiet)| *quiet).map(|(timer, _)| timer))
}

/// Whether an action at a moment means the other way round: the node there is already so.
#[must_use]
pub fn toggled(history: &History, node: NodeId, at: Time, crash: bool) -> Option<Action> {
    Some(match (crash, history.is_up(at), history.is_paused(at)) {
        (true, true, _) => Action::Crash(node),
        (true, false, _) => Action::Restart(node),
        (false, _, true) => Action::Resume(node),
        (false, true, false) => Action::Pause(node),
        (false, false, false) => return None,
    })
}
