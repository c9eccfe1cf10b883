//! What the margin is about: the message in the hand, what is selected, or what the cursor is at.

use crate::state::run::{Selection, State};
use crate::words;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, TimerId};
use lightcone_engine::run::trace::{Fate, TimerEnd};
use lightcone_engine::{Time, Trace};

/// The subject of the margin, and the state beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The grey head over it.
    pub head: &'static str,
    /// What the notes of the margin tell of.
    pub subject: Subject,
    /// The node whose state is shown, and the event after which.
    pub state: Option<(NodeId, EventIndex)>,
}

/// A possible subject of the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The run has not begun.
    Nothing,
    /// An event, by its place in the run.
    Event(EventIndex),
    /// A message, by name.
    Message(MessageId),
    /// A timer, by name.
    Timer(TimerId),
    /// A node, by its lane.
    Lane(NodeId),
}

impl Focus {
    /// The subject while `trace` is shown and the message `held` is in the reader's hand.
    #[must_use]
    pub fn of(run: &State, trace: &Trace, held: Option<MessageId>) -> Focus {
        if let Some(held) = held {
            return Focus::on_message(trace, held, words::IN_YOUR_HAND);
        }
        match run.selection {
            Selection::Event(event) if event.index() < trace.events.len() => {
                Focus::on_event(trace, event, words::SELECTED_EVENT)
            }
            Selection::Message(id) if trace.message(id).is_some() => {
                Focus::on_message(trace, id, words::SELECTED_MESSAGE)
            }
            Selection::Timer(id) if trace.timer(id).is_some() => Focus::on_timer(trace, id),
            Selection::Lane(node) if node.index() < trace.lanes().len() => Focus {
                head: words::SELECTED_LANE,
                subject: Subject::Lane(node),
                state: last_event_of(trace, node, run.cursor).map(|event| (node, event)),
            },
            _ => match trace.last_event_by(run.cursor) {
                Some(event) => Focus::on_event(trace, event, words::AT_THE_CURSOR),
                None => Focus { head: words::AT_THE_CURSOR, subject: Subject::Nothing, state: None },
            },
        }
    }

    /// The event it is about, if it is about one.
    #[must_use]
    pub fn event(&self) -> Option<EventIndex> {
        self.state.map(|(_, event)| event)
    }

    fn on_event(trace: &Trace, event: EventIndex, head: &'static str) -> Focus {
        let state = trace.event(event).node.map(|node| (node, event));
        Focus { head, subject: Subject::Event(event), state }
    }

    fn on_message(trace: &Trace, id: MessageId, head: &'static str) -> Focus {
        let state = trace.message(id).map(|message| match message.fate {
            Fate::Delivered(event) => (id.to, event),
            _ => (id.from, message.sent_by),
        });
        Focus { head, subject: Subject::Message(id), state }
    }

    fn on_timer(trace: &Trace, id: TimerId) -> Focus {
        let state = trace.timer(id).map(|timer| match timer.end {
            TimerEnd::Fired(event) => (id.node, event),
            TimerEnd::Armed | TimerEnd::Disarmed(_) => (id.node, timer.armed_by),
        });
        Focus { head: words::SELECTED_TIMER, subject: Subject::Timer(id), state }
    }
}

fn last_event_of(trace: &Trace, node: NodeId, by: Time) -> Option<EventIndex> {
    let seen = trace.events.partition_point(|event| event.at <= by);
    let place = trace.events[..seen].iter().rposition(|event| event.node == Some(node))?;
    Some(EventIndex(place as u32))
}
