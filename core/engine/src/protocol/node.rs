//! A node, and the nodes of a world, before types are known.

use super::durable::AnyDurable;
use super::effect::Effect;
use super::message::AnyMessage;
use super::shown::{Condition, Inspection, LaneStatus};
use crate::hash::Hasher64;
use crate::id::{NodeId, RequestId};
use crate::operation::Operation;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::Cell;

/// A node whose protocol is forgotten.
pub trait Node {
    /// A copy that may change.
    fn fork(&self) -> Rc<dyn Node>;
    /// A message of its protocol arrives.
    fn on_message(&mut self, from: NodeId, message: &dyn AnyMessage, context: Context<'_>);
    /// A timer is due.
    fn on_timer(&mut self, timer: u8, context: Context<'_>);
    /// The outside world asks something.
    fn on_request(&mut self, id: RequestId, operation: Operation, context: Context<'_>);
    /// How its lane looks.
    fn lane_status(&self) -> LaneStatus;
    /// What is so for a while.
    fn conditions(&self, now: &mut Vec<Condition>);
    /// Its state in the field's words.
    fn inspect(&self, view: &mut Inspection);
    /// Feeds its state to a hasher.
    fn fingerprint(&self, hasher: &mut Hasher64);
    /// For the way back to its type.
    fn as_any(&self) -> &dyn Any;
}

/// What a handler is told besides what happens to it.
pub struct Context<'a> {
    /// The node whose handler runs.
    pub node: NodeId,
    /// Lanes of the run.
    pub nodes: u8,
    /// The node's own clock.
    pub clock_micros: i64,
    /// The protocol's `Config`.
    pub config: &'a dyn Any,
    /// Where the handler's effects go.
    pub effects: &'a mut Vec<Effect>,
    /// Whether some handler has read its clock.
    pub clock_read: &'a Cell<bool>,
}

/// The nodes of a world before types are known.
pub trait Nodes {
    /// How many lanes there are.
    fn count(&self) -> u8;
    /// The node's state; none while it is crashed.
    fn state(&self, node: NodeId) -> Option<&dyn Node>;
    /// What the node has in stable storage.
    fn durable(&self, node: NodeId) -> &dyn AnyDurable;
    /// Whether the node is paused.
    fn paused(&self, node: NodeId) -> bool;
}

/// The value behind `forgotten`, whose type is known because a run has one protocol.
pub(crate) fn known<T: 'static>(forgotten: &dyn Any) -> &T {
    match forgotten.downcast_ref() {
        Some(value) => value,
        None => unreachable!("a run's nodes, messages and stores are all of the run's one protocol"),
    }
}
