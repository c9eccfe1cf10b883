//! A memory inside the one step, not another step: what a world may ask before it works something out. Without one a
//! world works everything out.

use super::parts::{Parts, Pending};
use super::step::Step;
use crate::id::{MessageId, NodeId};
use crate::protocol::Payload;
use alloc::rc::Rc;
use core::any::Any;

/// What a driver remembers for a world and its forks. It may save work and room; what happens must be what would happen
/// without it, but for names and for what does not count as state.
pub trait Memory: Any {
    /// The name of a message that is sent, by what it says; none if there are no more names, and then the run is at its limit.
    fn name(&self, from: NodeId, to: NodeId, payload: &Payload) -> Option<MessageId>;

    /// Something is to be pending: the part that says so.
    fn pending(&self, pending: Pending) -> Rc<Pending>;

    /// `pending` is about to happen, and its handler to be cut short after so many effects. If the memory knows what comes of
    /// that, it does so to the parts and the step, and returns true; then no handler runs.
    fn replay(&self, parts: &mut Parts, pending: &Pending, cut_short: Option<u16>, step: &mut Step) -> bool;

    /// What was about to happen has happened, and was judged: the memory may keep what came of it, and put parts that it
    /// knows in the place of parts of which the same is so. `complete` is false if a limit cut it short.
    fn memoize(&self, parts: &mut Parts, pending: &Pending, complete: bool, step: &Step);
}
