//! What makes a step, and what a step did.

use crate::id::{EventIndex, MessageId, NodeId, RequestId, TimerId};
use crate::limits;
use crate::operation::{Answer, Operation};
use crate::phrase::Phrase;
use crate::protocol::{Action, AnyDurable, AnyFact, Belief, Effect, Finding, Mark, Payload, Source};
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Deref;

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
}

impl Cause {
    /// The node it happens to; none for what happens to the network.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Cause::Boot(node) => Some(*node),
            Cause::Act(action) => action.node(),
            Cause::Deliver(message) => Some(message.to),
            Cause::Fire(timer) => Some(timer.node),
        }
    }
}

/// Something a handler did, or that was done to its node, in order.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A message left.
    Sent(Sent),
    /// A timer was armed.
    Armed {
        /// Which.
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
        /// Which.
        request: RequestId,
        /// The answer.
        answer: Answer,
    },
    /// A mark on the lane.
    Marked(Mark, Phrase),
    /// What happened, after its mark if it has one.
    Happened(Rc<dyn AnyFact>),
    /// What was handled is ignored, and why.
    Ignored(Phrase),
    /// The node holds a fact from now on.
    Holds(Belief),
    /// The event speaks for a fact.
    Evidence(Belief),
    /// The node crashed here, inside its handler.
    CrashedHere(Source),
    /// A message that waited at a paused node is lost with it; the number is its place among the run's messages.
    LostWaiting(u32),
}

/// A message that left.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its name.
    pub message: MessageId,
    /// What it says.
    pub payload: Payload,
    /// When it arrives, or would have arrived.
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
    /// By chance.
    Link,
    /// By an edit.
    Dropped,
    /// The link is cut.
    Cut,
}

/// What was done in one step, in order. Worlds that share their parts keep it for when it is done again.
#[derive(Clone, Debug, Default)]
pub struct Happenings(Rc<Vec<Happening>>);

impl Happenings {
    /// Nothing yet.
    pub(super) fn clear(&mut self) {
        match Rc::get_mut(&mut self.0) {
            Some(list) => list.clear(),
            None => self.0 = Rc::default(),
        }
    }

    pub(super) fn push(&mut self, happening: Happening) {
        self.own().push(happening);
    }

    /// Takes them out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Happening> + '_ {
        self.own().drain(..)
    }

    fn own(&mut self) -> &mut Vec<Happening> {
        Rc::get_mut(&mut self.0).expect("what is kept is a step that is over")
    }
}

impl Deref for Happenings {
    type Target = [Happening];

    fn deref(&self) -> &[Happening] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Happenings {
    type Item = &'a Happening;
    type IntoIter = core::slice::Iter<'a, Happening>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What one step did. Reused from step to step.
#[derive(Default)]
pub struct Step {
    /// When.
    pub at: Time,
    /// Why. None before the first step.
    pub cause: Option<Cause>,
    /// Who decided that it happens, or when.
    pub source: Option<Source>,
    /// Whether it is an event, and if not, what became of it.
    pub kind: StepKind,
    /// The message's or timer's place among the run's messages or timers.
    pub record: u32,
    /// The node's event before this one.
    pub previous: Option<EventIndex>,
    /// The event that sent the message.
    pub sender: Option<EventIndex>,
    /// The engine's Lamport stamp.
    pub lamport: u32,
    /// The operation, if one was asked.
    pub asked: Option<(RequestId, Operation)>,
    /// What was done, in order.
    pub happenings: Happenings,
    /// What the observer found.
    pub findings: Vec<Finding>,
    /// Where a crash inside the handler may matter: bit `i` is set if its effect `i` writes to stable storage, and something
    /// was shown or written before.
    pub brinks: u64,
    /// Room for what the handler asks for.
    pub(super) effects: Vec<Effect>,
}

/// What kind of step it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// An event of a node or of the network.
    #[default]
    Event,
    /// The node is paused: what arrived waits.
    Waits,
    /// A message reached a node that is stopped.
    ReachedStopped,
    /// A message reached a cut.
    ReachedCut,
    /// An action is not possible here, and why.
    Refused(&'static str),
}

/// Why a world cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`crate::limits::MAX_EVENTS`].
    Events,
    /// [`crate::limits::MAX_RECORDS`].
    Records,
    /// [`crate::limits::MAX_PENDING`].
    Pending,
    /// [`crate::limits::MAX_EFFECTS`].
    Effects,
}

/// The limit that ended a run, as a sentence.
impl core::fmt::Display for Limit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Limit::Events => {
                write!(f, "The run stops here: it has {} events, the most there can be.", limits::MAX_EVENTS)
            }
            Limit::Records => {
                write!(
                    f,
                    "The run stops here: it has {} messages or timers, the most there can be.",
                    limits::MAX_RECORDS
                )
            }
            Limit::Pending => {
                write!(f, "The run stops here: {} things wait to happen, the most there can be.", limits::MAX_PENDING)
            }
            Limit::Effects => {
                write!(f, "The run stops here: one event had {} effects, the most there can be.", limits::MAX_EFFECTS)
            }
        }
    }
}
