//! Judges of broadcasts: whoever broadcasts and delivers can be held to these promises (V. Hadzilacos & S. Toueg, *A Modular
//! Approach to Fault-Tolerant Broadcasts and Related Problems*, Cornell TR 94-1425, section 3; the names as in Cachin, Guerraoui
//! & Rodrigues 2011, chapters 3 and 6).
//!
//! Each file is one promise, or a few that belong together, with its judge. All of them begin with the [`Judge`] here: it is
//! told of every broadcast and every delivery, judges each by itself, and remembers who has delivered what. A protocol's list
//! is joined from the lists of the promises that it makes ([`joined`](lightcone_engine::protocol::vocabulary::joined)).
//!
//! A message that is broadcast is known as an [`Item`] here, since it travels inside of others. Nodes are the first lanes, N1
//! and so on. A multicast to some of the nodes needs other judges.

pub mod agreement;
pub mod causal;
pub mod fifo;
pub mod passed_on;
pub mod reliable;
pub mod total;

use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Property;

promises! {
    NoDuplication: Always = "no-duplication", "No duplication",
        "No node delivers a message twice.", "Hadzilacos & Toueg 1994, section 3.1, integrity";
    Integrity: Always = "integrity", "Integrity",
        "A node delivers only messages that were broadcast.", "Hadzilacos & Toueg 1994, section 3.1, integrity";
}

/// A message that is broadcast, named by its request: "N2.1" is what node N2 was asked first. What it says is nobody's business.
/// A node broadcasts in the order in which it is asked, so a smaller number is an earlier broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item(pub RequestId);

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "N{}.{}", self.0.node.0 + 1, self.0.ordinal)
    }
}

/// The name of a node's lane.
#[must_use]
pub fn name(node: NodeId) -> String {
    format!("N{}", node.0 + 1)
}

/// What was broadcast, and what each node has delivered. The order of deliveries is not kept: judges that ask for one keep it
/// themselves, so that a search need not tell orders apart that nobody asks for.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    broadcast: SortedMap<Item, Witness>,
    delivered: PerNode<Vec<SortedMap<Item, Witness>>>,
}

impl Judge {
    /// At the start of a run of so many nodes.
    #[must_use]
    pub fn new(nodes: u8) -> Judge {
        Judge { broadcast: SortedMap::new(), delivered: PerNode(vec![SortedMap::new(); nodes.into()]) }
    }

    /// A node broadcasts this.
    pub fn broadcasts(&mut self, item: Item, now: EventIndex) {
        self.broadcast.or_insert(item, Witness(now));
    }

    /// A node delivers this. Was it broadcast (integrity), and was it delivered here before (no duplication)? Judges of an order
    /// are asked before, while this delivery is not yet among what the node has delivered.
    pub fn delivers<P: Protocol>(&mut self, node: NodeId, item: Item, now: EventIndex, findings: &mut Findings) {
        let before = self.delivery(node, item);
        findings.within::<P>(Promise::ALL, |findings| {
            if !self.broadcast.contains(&item) {
                let sentence = || format!("{} delivers {item}, which nobody has broadcast.", name(node));
                findings.breaks(Promise::Integrity, || Breach::of(sentence(), [node], [now]));
            }
            if let Some(first) = before {
                let sentence = || format!("{} delivers {item} twice.", name(node));
                findings.breaks(Promise::NoDuplication, || Breach::of(sentence(), [node], [first]));
            }
        });
        self.delivered[node.index()].or_insert(item, Witness(now));
    }

    /// All that was broadcast, with the events: by node, and of each node in its order.
    pub fn broadcast(&self) -> impl Iterator<Item = &(Item, Witness)> {
        self.broadcast.iter()
    }

    /// The event at which this was broadcast.
    #[must_use]
    pub fn broadcasting(&self, item: Item) -> Option<Witness> {
        self.broadcast.get(&item).copied()
    }

    /// The event at which the node delivered this first.
    #[must_use]
    pub fn delivery(&self, node: NodeId, item: Item) -> Option<Witness> {
        self.delivered[node.index()].get(&item).copied()
    }

    /// Who has delivered this.
    #[must_use]
    pub fn deliverers(&self, item: Item) -> NodeSet {
        let nodes = (0..self.delivered.len() as u8).map(NodeId);
        nodes.filter(|node| self.delivery(*node, item).is_some()).collect()
    }

    /// Whether these are more than half of the nodes.
    #[must_use]
    pub fn is_majority(&self, nodes: NodeSet) -> bool {
        nodes.len() as usize * 2 > self.delivered.len()
    }

    /// What a run did not put to the test: nothing was broadcast, or nothing was delivered. Said of this judge's promises.
    pub fn at_end<P: Protocol>(&self, findings: &mut Findings) {
        self.untested::<P>(Promise::ALL, findings);
    }

    /// The same of another judge's promises.
    pub fn untested<P: Protocol>(&self, promises: &[Property], findings: &mut Findings) {
        let delivered = self.delivered.iter().any(|items| !items.is_empty());
        findings.within::<P>(promises, |findings| {
            for place in 0..promises.len() as u8 {
                findings.untested_if(self.broadcast.is_empty(), place, "nothing was broadcast");
                findings.untested_if(!delivered, place, "nothing was delivered");
            }
        });
    }
}
