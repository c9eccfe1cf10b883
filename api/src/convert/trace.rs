//! Runs.

use super::edit::edit;
use super::scenario::at;
use super::{history, outcomes, scenario, verdicts};
use crate::form::{
    AnswerWord, Begins, Cause, Condition, ConditionKind, Deed, Ending, Event, FORM, Fact, Fate, Lane, Mark, Message,
    Row, Source, State, Status, Table, Timer, TimerFate, Trace, Weight,
};
use lightcone_engine::id::{EventIndex, NodeId};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::{self, Inspection};
use lightcone_engine::run;
use lightcone_engine::run::trace;
use lightcone_formats::text::Names;
use lightcone_judges::recorded;

/// The form of a run, with each node's state after each event if `states` says so.
#[must_use]
pub fn trace(run: &run::Trace, states: bool) -> Trace {
    let writer = Writer { run, names: Names::of(&run.scenario) };
    Trace {
        lightcone: FORM,
        scenario: scenario(&run.scenario),
        digest: format!("{:016x}", run.digest),
        ending: match run.ending {
            trace::Ending::Horizon => Ending::Horizon,
            trace::Ending::Quiet => Ending::Quiet,
            trace::Ending::Limit(_) => Ending::Limit,
        },
        stopped: run.stopped(),
        lanes: run.lanes().iter().map(|lane| Lane { name: lane.name.clone(), client: lane.client }).collect(),
        events: (0..run.events.len() as u32).map(|place| writer.event(EventIndex(place), states)).collect(),
        messages: run.messages.iter().map(|message| writer.message(message)).collect(),
        timers: run.timers.iter().map(|timer| writer.timer(timer)).collect(),
        statuses: run.statuses.iter().map(|change| writer.status(change)).collect(),
        conditions: run.conditions.iter().map(|change| writer.condition(change)).collect(),
        edits: outcomes(run),
        verdicts: verdicts(run),
        history: history(&recorded(&lightcone_formats::history::of_trace(run).history)),
    }
}

struct Writer<'a> {
    run: &'a run::Trace,
    names: Names,
}

impl Writer<'_> {
    fn event(&self, index: EventIndex, states: bool) -> Event {
        let event = self.run.event(index);
        Event {
            at: at(event.at),
            node: event.node.map(|node| self.run.name(node)),
            cause: self.cause(event),
            source: source(event.source),
            caused_by: event.sender.map(|sender| sender.0),
            previous: event.previous.map(|previous| previous.0),
            lamport: event.lamport,
            did: self.run.deeds(index).iter().map(|deed| self.deed(deed)).collect(),
            state: if states { event.node.map(|node| self.state(index, node)) } else { None },
        }
    }

    fn cause(&self, event: &trace::Event) -> Cause {
        match event.cause {
            protocol::Cause::Boot(_) => Cause::Start {},
            protocol::Cause::Recorded(_) => Cause::Recorded {},
            protocol::Cause::Deliver(message) => Cause::Message { message: self.names.message(message) },
            protocol::Cause::Fire(timer) => Cause::Timer { timer: self.names.timer_of(timer) },
            protocol::Cause::Act(action) => {
                let act = lightcone_engine::Edit::At { at: event.at, action };
                Cause::Edit { edit: edit(&act, &self.names, self.run.specification()) }
            }
        }
    }

    fn deed(&self, deed: &trace::Deed) -> Deed {
        let message = |place: u32| self.names.message(self.run.messages[place as usize].id);
        let timer = |place: u32| self.names.timer_of(self.run.timers[place as usize].id);
        let words = |phrase: &lightcone_engine::phrase::Phrase| phrase.show(|node| self.run.name(node));
        match deed {
            trace::Deed::Sent(place) => Deed::Sent { message: message(*place) },
            trace::Deed::Armed(place) => Deed::Armed { timer: timer(*place) },
            trace::Deed::Disarmed(place) => Deed::Disarmed { timer: timer(*place) },
            trace::Deed::Persisted(_) => Deed::Persisted {},
            trace::Deed::Replied(request, answer) => {
                let (answer, value) = match answer {
                    Answer::Done => (AnswerWord::Done, None),
                    Answer::Value(value) => (AnswerWord::Value, *value),
                    Answer::Refused => (AnswerWord::Refused, None),
                };
                Deed::Replied { request: self.names.request(*request), answer, value }
            }
            trace::Deed::Marked(sign, phrase) => Deed::Marked { mark: mark(*sign), words: words(phrase) },
            trace::Deed::Happened(fact) => {
                Deed::Happened { fact: fact.name().into(), words: fact.shown().map(|(_, phrase)| words(&phrase)) }
            }
            trace::Deed::Ignored(why) => Deed::Ignored { why: words(why) },
            trace::Deed::Holds(belief) => Deed::Believes { belief: (*belief).into() },
            trace::Deed::Evidence(belief) => Deed::SpeaksFor { belief: (*belief).into() },
            trace::Deed::CrashedHere(_) => Deed::Crashed {},
            trace::Deed::LostWaiting(place) => Deed::LostWaiting { message: message(*place) },
            trace::Deed::Heard(place) => Deed::Heard { message: message(*place) },
            trace::Deed::Recorded { line, text } => Deed::Recorded { line: *line, text: (**text).into() },
        }
    }

    /// A node's state as the margin of the page shows it; of a stopped node, its stable storage.
    fn state(&self, index: EventIndex, node: NodeId) -> State {
        let world = self.run.world_at(index);
        let mut view = Inspection::default();
        let (state, durable) = (world.state(node), world.durable(node));
        match (state, durable) {
            (Some(state), _) => state.inspect(&mut view),
            (None, Some(durable)) => durable.inspect(&mut view),
            (None, None) => {}
        }
        let facts = view.facts.into_iter().map(|(name, value)| Fact { name: name.into(), value });
        let row = |row: protocol::Row| Row { epoch: row.epoch, cells: row.cells, settled: row.settled };
        let tables = view.tables.into_iter().map(|table| Table {
            name: table.name.into(),
            columns: table.columns.iter().map(|column| (*column).into()).collect(),
            rows: table.rows.into_iter().map(row).collect(),
        });
        State { up: state.is_some(), summary: view.summary, facts: facts.collect(), tables: tables.collect() }
    }

    fn message(&self, message: &trace::Message) -> Message {
        let (fate, received_by) = match message.fate {
            trace::Fate::InFlight => (Fate::InFlight, None),
            trace::Fate::Delivered(event) => (Fate::Delivered, Some(event.0)),
            trace::Fate::LostByLink => (Fate::LostByLink, None),
            trace::Fate::Dropped => (Fate::Dropped, None),
            trace::Fate::CutAtSending => (Fate::CutAtSending, None),
            trace::Fate::CutAtArrival => (Fate::CutAtArrival, None),
            trace::Fate::ReachedStopped => (Fate::ReachedStopped, None),
        };
        Message {
            name: self.names.message(message.id),
            from: self.run.name(message.id.from),
            to: self.run.name(message.id.to),
            kind: self.names.kind(message.id.kind).to_string(),
            label: message.payload.label(),
            refusal: self.run.refusal(message),
            sent_by: message.sent_by.0,
            sent: at(message.sent),
            arrives: at(message.arrives),
            source: source(message.source),
            fate,
            received_by,
        }
    }

    fn timer(&self, timer: &trace::Timer) -> Timer {
        let (fate, ended_by) = match timer.end {
            trace::TimerEnd::Armed => (TimerFate::Armed, None),
            trace::TimerEnd::Fired(event) => (TimerFate::Fired, Some(event.0)),
            trace::TimerEnd::Disarmed(event) => (TimerFate::Disarmed, Some(event.0)),
        };
        Timer {
            name: self.names.timer_of(timer.id),
            node: self.run.name(timer.id.node),
            kind: self.names.timer(timer.id.kind).to_string(),
            armed_by: timer.armed_by.0,
            armed: at(timer.armed),
            due: at(timer.due),
            source: source(timer.source),
            fate,
            ended_by,
        }
    }

    fn status(&self, change: &trace::StatusChange) -> Status {
        let status = change.status;
        Status {
            event: change.event.0,
            node: self.run.name(change.node),
            up: status.is_some(),
            role: status.map_or("", |status| status.role).into(),
            epoch: status.map_or(0, |status| status.epoch),
            weight: status.map(|status| match status.weight {
                protocol::Weight::Follows => Weight::Follows,
                protocol::Weight::Stands => Weight::Stands,
                protocol::Weight::Leads => Weight::Leads,
                protocol::Weight::Client => Weight::Client,
            }),
        }
    }

    fn condition(&self, change: &trace::ConditionChange) -> Condition {
        Condition {
            event: change.event.0,
            node: self.run.name(change.node),
            kind: match change.condition.what {
                protocol::ConditionKind::Locked => ConditionKind::Locked,
                protocol::ConditionKind::Waits => ConditionKind::Waits,
                protocol::ConditionKind::InDoubt => ConditionKind::InDoubt,
                protocol::ConditionKind::HeldBack => ConditionKind::HeldBack,
                protocol::ConditionKind::Queued => ConditionKind::Queued,
                protocol::ConditionKind::Sibling => ConditionKind::Sibling,
            },
            words: change.condition.phrase.show(|node| self.run.name(node)),
            change: if change.begins.is_some() { Begins::Begins } else { Begins::Ends },
        }
    }
}

fn source(source: protocol::Source) -> Source {
    match source {
        protocol::Source::Run => Source::Run,
        protocol::Source::Script => Source::Script,
        protocol::Source::Hand => Source::Moves,
    }
}

fn mark(mark: protocol::Mark) -> Mark {
    match mark {
        protocol::Mark::Received => Mark::Received,
        protocol::Mark::Appended => Mark::Appended,
        protocol::Mark::Committed => Mark::Committed,
        protocol::Mark::Aborted => Mark::Aborted,
        protocol::Mark::Delivered => Mark::Delivered,
        protocol::Mark::Applied => Mark::Applied,
        protocol::Mark::Elected => Mark::Elected,
        protocol::Mark::Turning => Mark::Turning,
    }
}
