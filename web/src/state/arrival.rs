//! When a message may arrive: where the model lets it, and what else arrives on its lane.

use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::{Event, Fate, Message};
use lightcone_engine::{MessageId, Time, Trace};
use lightcone_figure::read::words;

/// The smallest step of a hand: a tenth of a millisecond.
pub const STEP_MICROS: u64 = 100;

/// Why a grip goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing arrives before it is sent.
    Sent,
    /// The model bounds the delay.
    Bound,
    /// The link keeps its order: not before this one.
    Before(MessageId),
    /// The link keeps its order: not after this one.
    After(MessageId),
}

/// Where a message may arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The earliest moment, and what stops it there.
    pub earliest: (Time, Stop),
    /// The latest moment, and what stops it there; none if nothing does.
    pub latest: Option<(Time, Stop)>,
}

impl Range {
    /// The nearest moment to this one at which it may arrive, and what stops it there.
    #[must_use]
    pub fn stopped(&self, at: Time) -> (Time, Option<Stop>) {
        let (earliest, low) = self.earliest;
        match self.latest {
            _ if at < earliest => (earliest, Some(low)),
            Some((latest, high)) if at > latest => (latest, Some(high)),
            _ => (at, None),
        }
    }
}

impl Stop {
    /// The reason in words; what is plain to see needs none.
    #[must_use]
    pub fn reason(&self, trace: &Trace) -> Option<String> {
        match *self {
            Stop::Sent => None,
            Stop::Bound => Some(words::BOUND.to_owned()),
            Stop::Before(other) => Some(words::fifo(trace, other, true)),
            Stop::After(other) => Some(words::fifo(trace, other, false)),
        }
    }
}

/// Where the model lets the message arrive. Between its neighbours, where a link keeps its order.
#[must_use]
pub fn range(trace: &Trace, message: &Message) -> Range {
    let model = &trace.plan.model;
    let mut range = Range {
        earliest: (model.earliest_arrival(message.sent), Stop::Sent),
        latest: model.latest_arrival(message.sent).map(|latest| (latest, Stop::Bound)),
    };
    if model.links.fifo {
        for other in neighbours(trace, message) {
            let earlier = (other.sent, other.id) < (message.sent, message.id);
            // Where it is now it may always stay.
            let after = other.arrives.after(STEP_MICROS).min(message.arrives);
            if earlier && after > range.earliest.0 && other.arrives < message.arrives {
                range.earliest = (after, Stop::Before(other.id));
            } else if !earlier && range.latest.is_none_or(|(latest, _)| other.arrives < latest) {
                range.latest = Some((other.arrives, Stop::After(other.id)));
            }
        }
    }
    range
}

fn neighbours<'a>(trace: &'a Trace, message: &'a Message) -> impl Iterator<Item = &'a Message> {
    let MessageId { from, to, .. } = message.id;
    let same_link = move |other: &&Message| other.id.from == from && other.id.to == to && other.id != message.id;
    trace.messages.iter().filter(same_link).filter(|other| matches!(other.fate, Fate::Delivered(_) | Fate::InFlight))
}

/// When other messages arrive on the lane of this one.
#[must_use]
pub fn notches(trace: &Trace, id: MessageId) -> Vec<Time> {
    let others = |event: &&Event| matches!(event.cause, Cause::Deliver(other) if other.to == id.to && other != id);
    let mut notches: Vec<Time> = trace.events.iter().filter(others).map(|event| event.at).collect();
    notches.dedup();
    notches
}

/// A name for one more copy; none if there are too many.
#[must_use]
pub fn free_copy(trace: &Trace, id: MessageId) -> Option<MessageId> {
    let named = |copy: u8| MessageId { copy, ..id.original() };
    (1..MessageId::LINK_COPY).map(named).find(|copy| trace.message(*copy).is_none())
}
