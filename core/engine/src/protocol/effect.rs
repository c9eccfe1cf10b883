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
        /// For whom.
        to: NodeId,
        /// What.
        message: Payload,
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
    /// Replace what a crash leaves.
    Persist(Rc<dyn AnyDurable>),
    /// Answer an operation of this lane.
    Reply {
        /// Which operation.
        request: RequestId,
        /// The answer.
        answer: Answer,
    },
    /// Put a mark on the lane.
    Mark(Mark, Phrase),
    /// Say that something happens.
    Happened(Rc<dyn AnyFact>),
    /// The message or timer being handled is ignored, and why.
    Ignore(Phrase),
    /// From now on this node holds the belief.
    Hold(Belief),
    /// This event speaks for the belief, which is not yet held.
    Evidence(Belief),
}
