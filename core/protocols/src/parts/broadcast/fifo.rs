//! FIFO order.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    FifoOrder: Always = "fifo-order", "FIFO order",
        "A node delivers the messages of one sender in the order in which they were broadcast.",
        "Hadzilacos & Toueg 1994, section 3.2";
}

/// A node delivers this: has it delivered all that the same sender broadcast before? Asked before the delivery is counted.
pub fn delivers<P: Protocol>(judge: &Judge, node: NodeId, item: Item, findings: &mut Findings) {
    let earlier = |other: &Item| other.0.node == item.0.node && other.0.ordinal < item.0.ordinal;
    let mut skipped = judge.broadcast().filter(|(other, _)| earlier(other));
    let Some((first, when)) = skipped.find(|(other, _)| judge.delivery(node, *other).is_none()) else { return };
    let sender = item.0.node;
    let sentence = || format!("{} delivers {item} before {first}, which {} broadcast first.", name(node), name(sender));
    findings.within::<P>(Promise::ALL, |findings| {
        let events = [Some(*when), judge.broadcasting(item)].into_iter().flatten();
        findings.breaks(Promise::FifoOrder, || Breach::of(sentence(), [node, sender], events));
    });
}
