//! Who judges a run: the promises of any broadcast.

use super::{Config, Fact, Sequencer};
use crate::parts::broadcast;
use lightcone_engine::prelude::*;

/// Judges the broadcast. Reliable delivery is promised while the node that was promoted last is up, and a majority is.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    broadcasts: broadcast::Judge,
    /// Who was promoted last: the latest epoch, and its owner.
    promoted: (u32, NodeId),
    nodes: u8,
}

impl Observer<Sequencer> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { broadcasts: broadcast::Judge::new(config.nodes), promoted: (1, NodeId(0)), nodes: config.nodes }
    }

    fn observe(&mut self, seen: &Seen<'_, Sequencer>, findings: &mut Findings) {
        for (fact, node) in seen.facts().zip(seen.node.iter().cycle()) {
            match *fact {
                Fact::Broadcast { item } => self.broadcasts.broadcasts(item),
                Fact::Delivered { item, .. } => self.broadcasts.delivers(*node, item, seen.event, findings),
                Fact::Promoted { epoch } => self.promoted = self.promoted.max((epoch, *node)),
                Fact::Leads { .. } => {}
            }
        }
    }

    fn at_end(&self, nodes: View<'_, Sequencer>, findings: &mut Findings) {
        let up: NodeSet = nodes.up().map(|(node, _)| node).collect();
        let lives = up.contains(self.promoted.1) && up.len() * 2 > u32::from(self.nodes);
        self.broadcasts.at_end(if lives { up } else { NodeSet::EMPTY }, findings);
    }
}
