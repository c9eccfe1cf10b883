//! Total order, at the first wrong delivery. The sources say: of two messages that two nodes both deliver, both deliver the
//! same first. That shows late: a node that delivers `b` where another delivered `a` has broken nothing yet, if it never
//! delivers `a`. But then it cannot keep all promises any more: it must still deliver `a` (agreement), and there `b` comes
//! before `a`, elsewhere after it or never. So what nodes deliver is compared place by place: one list begins the other.

use super::{Item, name};
use lightcone_engine::prelude::*;

promises! {
    TotalOrder: Always = "total-order", "Total order",
        "All nodes deliver messages in the same order.",
        "Hadzilacos & Toueg 1994, section 3.4";
}

/// What each node has delivered, in its order.
#[derive(Clone, Debug, Hash)]
pub struct Judge(PerNode<Vec<Vec<(Item, Witness)>>>);

impl Judge {
    /// At the start of a run of so many nodes.
    #[must_use]
    pub fn new(nodes: u8) -> Judge {
        Judge(PerNode(vec![Vec::new(); nodes.into()]))
    }

    /// A node delivers this: is it what others delivered at this place?
    pub fn delivers<P: Protocol>(&mut self, node: NodeId, item: Item, now: EventIndex, findings: &mut Findings) {
        let place = self.0[node.index()].len();
        let mut there =
            (0..).map(NodeId).zip(self.0.iter()).filter_map(|(other, list)| Some((other, list.get(place)?)));
        if let Some((other, (instead, when))) = there.find(|(_, (each, _))| *each != item) {
            let (here, there) = (name(node), name(other));
            let sentence = || format!("Delivery {} is {item} at {here}, and {instead} at {there}.", place + 1);
            findings.within::<P>(Promise::ALL, |findings| {
                findings.breaks(Promise::TotalOrder, || Breach::of(sentence(), [node, other], [*when]));
            });
        }
        self.0[node.index()].push((item, Witness(now)));
    }
}
