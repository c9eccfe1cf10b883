//! Causal order. The judge follows happened-before itself: before a broadcast is what its node had broadcast or delivered until
//! then, and what was before that. What a protocol says of causes, in vectors or stamps, is on trial.

use super::{Item, name};
use lightcone_engine::prelude::*;

promises! {
    CausalOrder: Always = "causal-order", "Causal order",
        "No node delivers a message before another that happened before it.",
        "Hadzilacos & Toueg 1994, section 3.3";
}

/// The past of every node and every message.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    /// What happened before a node's next broadcast.
    nodes: PerNode<Vec<SortedMap<Item>>>,
    /// What happened before a broadcast.
    items: SortedMap<Item, SortedMap<Item>>,
}

impl Judge {
    /// At the start of a run of so many nodes.
    #[must_use]
    pub fn new(nodes: u8) -> Judge {
        Judge { nodes: PerNode(vec![SortedMap::new(); nodes.into()]), items: SortedMap::new() }
    }

    /// Its node broadcasts this.
    pub fn broadcasts(&mut self, item: Item) {
        let past = &mut self.nodes[item.0.node.index()];
        self.items.or_insert(item, past.clone());
        past.add(item);
    }

    /// A node delivers this: has it delivered all that happened before? Asked before the delivery is counted in `all`.
    pub fn delivers<P: Protocol>(&mut self, all: &super::Judge, node: NodeId, item: Item, findings: &mut Findings) {
        let Some(past) = self.items.get(&item) else { return };
        if let Some((cause, ())) = past.iter().find(|(cause, ())| all.delivery(node, *cause).is_none()) {
            let sentence = || format!("{} delivers {item} before {cause}, which happened before it.", name(node));
            findings.within::<P>(Promise::ALL, |findings| {
                let events = [*cause, item].into_iter().filter_map(|each| all.broadcasting(each));
                findings.breaks(Promise::CausalOrder, || Breach::of(sentence(), [node, item.0.node], events));
            });
        }
        let own = &mut self.nodes[node.index()];
        for (cause, ()) in past {
            own.add(*cause);
        }
        own.add(item);
    }
}
