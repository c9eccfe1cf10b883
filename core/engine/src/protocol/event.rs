//! What makes something happen, and what handlers did: the words of the world, of observers and of traces.

use super::durable::AnyDurable;
use super::edit::Action;
use super::fact::AnyFact;
use super::message::Payload;
use super::shown::{Belief, Mark};
use crate::id::{MessageId, NodeId, RequestId, TimerId};
use crate::operation::Answer;
use crate::phrase::Phrase;
use crate::time::Time;
use alloc::rc::Rc;

/// What makes something happen, by name. Of two causes at the same instant the lesser comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The node starts at the beginning of the run.
    Boot(NodeId),
    /// An edit says so.
    Act(Action),
    /// A message arrives.
    Deliver(MessageId),
    /// A timer fires.
    Fire(TimerId),
    /// A log that was recorded elsewhere says that something happened here. No world makes it happen.
    Recorded(NodeId),
}

impl Cause {
    /// The node that it happens to; none for what happens to the network.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Cause::Boot(node) | Cause::Recorded(node) => Some(*node),
            Cause::Act(action) => action.node(),
            Cause::Deliver(message) => Some(message.to),
            Cause::Fire(timer) => Some(timer.node),
        }
    }
}

/// Something that a handler did, or that was done to its node meanwhile.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A message left.
    Sent(Sent),
    /// A timer was armed.
    Armed {
        /// The timer, with the ordinal of this arming.
        timer: TimerId,
        /// When it is due.
        due: Time,
        /// When it would have been due without a reader's move.
        drawn: Time,
        /// Who set the time.
        source: Source,
    },
    /// A timer was disarmed; the number is its place among the run's timers.
    Disarmed(u32),
    /// Stable storage was written.
    Persisted(Rc<dyn AnyDurable>),
    /// An operation of this lane was answered.
    Replied {
        /// The operation that was answered.
        request: RequestId,
        /// What the client is told.
        answer: Answer,
    },
    /// A mark on the lane.
    Marked(Mark, Phrase),
    /// A fact came about. Its mark, if it has one, comes before it.
    Happened(Rc<dyn AnyFact>),
    /// The node ignored the message or timer, for this reason.
    Ignored(Phrase),
    /// The node holds a belief from now on.
    Holds(Belief),
    /// The event is evidence for a belief.
    Evidence(Belief),
    /// The node crashed here, inside its handler.
    CrashedHere(Source),
    /// A message that waited at a paused node is lost with it; the number is its place among the run's messages.
    LostWaiting(u32),
}

/// A message that left.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message's name, which no other message of the run has.
    pub message: MessageId,
    /// What it says.
    pub payload: Payload,
    /// Why it says no; none if it is no refusal.
    pub refusal: Option<Phrase>,
    /// When it arrives, or would have arrived if it were not lost.
    pub arrives: Time,
    /// When it would have arrived without a reader's move of it.
    pub drawn: Time,
    /// Whether it is lost at once, and why.
    pub lost: Option<Loss>,
    /// Who decided when, whether or that it arrives.
    pub source: Source,
}

/// Why a message is lost at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The link lost it by chance.
    Link,
    /// An edit drops it.
    Dropped,
    /// The link is cut.
    Cut,
}

/// Who decides that something happens, or when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Chance, or the protocol itself.
    Run,
    /// The scenario's script.
    Script,
    /// The reader, by a move.
    Hand,
}
