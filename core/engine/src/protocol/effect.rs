//! What a handler asks for.

use super::durable::AnyDurable;
use super::fact::AnyFact;
use super::message::Payload;
use super::shown::{Belief, Mark};
use crate::id::{NodeId, RequestId};
use crate::operation::Answer;
use crate::phrase::Phrase;
use alloc::rc::Rc;

/// An effect of a handler, in the order in which the handler asked for it.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a message.
    Send {
        /// The receiver; never the sender itself.
        to: NodeId,
        /// What it says.
        message: Payload,
        /// Why it says no; none if it is no refusal.
        refusal: Option<Phrase>,
    },
    /// Arm a timer, replacing it if it is armed. The time is drawn from the range.
    Arm {
        /// Index into the protocol's timers.
        timer: u8,
        /// Shortest and longest, in microseconds of the node's own clock.
        range_micros: (u64, u64),
    },
    /// Disarm a timer; nothing happens if it is not armed.
    Disarm {
        /// Index into the protocol's timers.
        timer: u8,
    },
    /// Replace the content of stable storage.
    Persist(Rc<dyn AnyDurable>),
    /// Answer an operation of this lane.
    Reply {
        /// The operation to answer; it was asked of this lane.
        request: RequestId,
        /// What the client is told.
        answer: Answer,
    },
    /// Put a mark on the lane.
    Mark(Mark, Phrase),
    /// State that a fact has come about.
    Happened(Rc<dyn AnyFact>),
    /// Say that the message or timer is ignored, and why.
    Ignore(Phrase),
    /// Say that the node holds the belief from now on.
    Hold(Belief),
    /// Say that this event is evidence for the belief, which the node may not hold yet.
    Evidence(Belief),
}
