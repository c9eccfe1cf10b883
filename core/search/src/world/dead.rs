//! Dead messages: they are under way, and the protocol says that they never matter any more. That holds as long as no disk
//! is lost, and where no edit is about a message or a handler by its name.

use lightcone_engine::id::{MessageId, NodeId};
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::{Pending, World};

/// Whether this message is under way and dead.
#[must_use]
pub fn is_dead(world: &World, message: MessageId) -> bool {
    let pending = &world.parts().pending;
    pending.iter().any(|pending| pending.cause == Cause::Deliver(message) && is(world, pending))
}

/// Forgets the dead messages; after something has happened on a node, those from and to it.
pub fn forget(world: &mut World, after: Option<NodeId>) {
    let mut pending = core::mem::take(&mut world.drive().parts().pending);
    pending.retain(|pending| match (pending.cause, after) {
        (Cause::Deliver(message), Some(node)) if message.from != node && message.to != node => true,
        _ => !is(world, pending),
    });
    world.drive().parts().pending = pending;
}

fn is(world: &World, pending: &Pending) -> bool {
    let (Cause::Deliver(MessageId { from, to, .. }), Some(payload)) = (pending.cause, &pending.payload) else {
        return false;
    };
    let plan = world.plan();
    plan.protocol.never_matters(&**payload, from, to, &world.parts().slots, &*plan.config)
}
