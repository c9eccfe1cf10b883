//! The judge of broadcasts: whoever broadcasts and delivers can be held to these promises (V. Hadzilacos & S. Toueg, *A Modular
//! Approach to Fault-Tolerant Broadcasts and Related Problems*, Cornell TR 94-1425, sections 3.1 and 3.4; the names as in
//! Cachin, Guerraoui & Rodrigues 2011, chapter 6).
//!
//! A protocol lists its promises (`from broadcast::Promise;`), has a [`Judge`] in its own, tells it of every broadcast and
//! every delivery, and at the end who is up and should have delivered all. A message that is broadcast is known as an [`Item`]
//! here, since it travels inside of others.
//!
//! **Total order, at the first wrong delivery.** The sources say: of two messages that two nodes both deliver, both deliver the
//! same first. That shows late: a node that delivers `b` where another delivered `a` has broken nothing yet, if it never
//! delivers `a`. But then it cannot keep all promises any more: it must still deliver `a` (agreement), and there `b` comes
//! before `a`, elsewhere after it or never. So what nodes deliver is compared place by place: one list begins the other.
//! A multicast to some of the nodes needs another judge.

use lightcone_engine::prelude::*;

promises! {
    TotalOrder: Always = "total-order", "Total order",
        "All nodes deliver messages in the same order.",
        "Hadzilacos & Toueg 1994, section 3.4";
    NoDuplication: Always = "no-duplication", "No duplication",
        "No node delivers a message twice.", "Hadzilacos & Toueg 1994, section 3.1, integrity";
    Integrity: Always = "integrity", "Integrity",
        "A node delivers only messages that were broadcast.", "Hadzilacos & Toueg 1994, section 3.1, integrity";
    ReliableDelivery: ByTheEnd = "reliable-delivery", "Reliable delivery",
        "While the protocol can go on, every node that is up delivers what such nodes broadcast, and what any node delivers.",
        "Hadzilacos & Toueg 1994, section 3.1, validity and agreement";
}

/// A message that is broadcast, named by its request: "N2.1" is what node N2 was asked first. What it says is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item(pub RequestId);

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "N{}.{}", self.0.node.0 + 1, self.0.ordinal)
    }
}

/// What each node has delivered, in its order.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    /// All that was broadcast.
    broadcast: SortedMap<Item>,
    /// What each node delivered, and when.
    delivered: PerNode<Vec<Vec<(Item, Witness)>>>,
}

fn name(node: NodeId) -> String {
    format!("N{}", node.0 + 1)
}

impl Judge {
    /// At the start of a run of so many nodes, which are the first lanes, N1 and so on.
    #[must_use]
    pub fn new(nodes: u8) -> Judge {
        Judge { broadcast: SortedMap::new(), delivered: PerNode(vec![Vec::new(); nodes.into()]) }
    }

    /// A node broadcasts this.
    pub fn broadcasts(&mut self, item: Item) {
        self.broadcast.add(item);
    }

    /// A node delivers this. Three questions, in this order: was it broadcast (integrity), was it delivered here before (no
    /// duplication), and is it what others delivered at this place (total order)? One delivery may break several promises.
    pub fn delivers(&mut self, node: NodeId, item: Item, now: EventIndex, findings: &mut Findings) {
        let own = &self.delivered[node.index()];
        let (place, name_of) = (own.len(), name);
        let name = name(node);
        if !self.broadcast.contains(&item) {
            let sentence = || format!("{name} delivers {item}, which nobody has broadcast.");
            findings.breaks(Promise::Integrity, || Breach::of(sentence(), [node], [now]));
        }
        if let Some((_, first)) = own.iter().find(|(each, _)| *each == item) {
            let sentence = || format!("{name} delivers {item} twice.");
            findings.breaks(Promise::NoDuplication, || Breach::of(sentence(), [node], [*first]));
        }
        let mut there =
            (0..).map(NodeId).zip(self.delivered.iter()).filter_map(|(other, list)| Some((other, list.get(place)?)));
        if let Some((other, (instead, when))) = there.find(|(_, (each, _))| *each != item) {
            let (place, other_name) = (place + 1, name_of(other));
            let sentence = || format!("Delivery {place} is {item} at {name}, and {instead} at {other_name}.");
            findings.breaks(Promise::TotalOrder, || Breach::of(sentence(), [node, other], [*when]));
        }
        self.delivered[node.index()].push((item, Witness(now)));
    }

    /// Whether these are more than half of the nodes.
    #[must_use]
    pub fn is_majority(&self, nodes: NodeSet) -> bool {
        nodes.len() as usize * 2 > self.delivered.len()
    }

    /// What a run did not put to the test: nothing was broadcast, or nothing was delivered.
    fn untested(&self, findings: &mut Findings) {
        use Promise::{Integrity, NoDuplication, ReliableDelivery, TotalOrder};
        let delivered = self.delivered.iter().any(|list| !list.is_empty());
        for promise in [TotalOrder, NoDuplication, Integrity, ReliableDelivery] {
            findings.untested_if(self.broadcast.is_empty(), promise, "nothing was broadcast");
            findings.untested_if(!delivered && promise != ReliableDelivery, promise, "nothing was delivered");
        }
    }

    /// Judges what must be so by the end: `up` are the nodes that are up; none if the protocol promises nothing now.
    pub fn at_end(&self, up: NodeSet, findings: &mut Findings) {
        self.untested(findings);
        let delivers = |node: NodeId, item: Item| self.delivered[node.index()].iter().any(|(each, _)| *each == item);
        let by_one = |item| (0..self.delivered.len() as u8).any(|node| delivers(NodeId(node), item));
        // Validity owes what nodes broadcast that are up; agreement owes what any node has delivered, even one that is down now.
        let owed =
            || self.broadcast.iter().map(|(item, ())| *item).filter(|item| up.contains(item.0.node) || by_one(*item));
        let missing = up.iter().find_map(|node| Some((node, owed().find(|item| !delivers(node, *item))?)));
        match missing {
            None => findings.reaches(Promise::ReliableDelivery),
            Some((node, item)) => findings.breaks(Promise::ReliableDelivery, || {
                Breach::of(format!("{} has not delivered {item}.", name(node)), [node], None::<EventIndex>)
            }),
        }
    }
}
