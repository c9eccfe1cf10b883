//! Reliable delivery: validity and agreement as one promise, for protocols that can go on only now and then.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    ReliableDelivery: ByTheEnd = "reliable-delivery", "Reliable delivery",
        "While the protocol can go on, every node that is up delivers what such nodes broadcast, and what any node delivers.",
        "Hadzilacos & Toueg 1994, section 3.1, validity and agreement";
}

/// Judges what must be so by the end: `up` are the nodes that are up; none if the protocol promises nothing now.
pub fn at_end<P: Protocol>(judge: &Judge, up: NodeSet, findings: &mut Findings) {
    findings.within::<P>(Promise::ALL, |findings| {
        let nothing = judge.broadcast().next().is_none();
        findings.untested_if(nothing, Promise::ReliableDelivery, "nothing was broadcast");
        match missing(judge, up) {
            None => findings.reaches(Promise::ReliableDelivery),
            Some((node, item)) => findings.breaks(Promise::ReliableDelivery, || {
                Breach::of(format!("{} has not delivered {item}.", name(node)), [node], None::<EventIndex>)
            }),
        }
    });
}

/// The first node of these, which are up, that has not delivered a message that it should have, and that message.
#[must_use]
pub fn missing(judge: &Judge, up: NodeSet) -> Option<(NodeId, Item)> {
    // Validity owes what nodes broadcast that are up; agreement owes what any node has delivered, even one that is down now.
    let is_owed = |item: &Item| up.contains(item.0.node) || !judge.deliverers(*item).is_empty();
    let owed = || judge.broadcast().map(|(item, _)| *item).filter(is_owed);
    let lacks = |node: NodeId| owed().find(|item| judge.delivery(node, *item).is_none());
    up.iter().find_map(|node| Some((node, lacks(node)?)))
}
