//! Passed on: what makes agreement come about. Agreement itself shows only at the end. But links owe nothing to a sender that
//! has crashed. So a message that a node has delivered is lost for another if that has not received it, and nobody who is up has
//! sent it there: it is sent when it is broadcast and when it is received for the first time, and at no other time. This is
//! judged at once.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    PassedOn: Always = "passed-on", "Passed on",
        "What a node has delivered, every other has received, or is sent by a node that is up. All this among nodes that are up.",
        "Cachin, Guerraoui & Rodrigues 2011, section 3.3, the argument for agreement";
}

/// Who has each message, and to whom each of these has sent it. What a link loses is not sent.
#[derive(Clone, Debug, Default, Hash)]
pub struct Holders(SortedMap<Item, SortedMap<NodeId, NodeSet>>);

impl Holders {
    /// A node broadcasts or receives this.
    pub fn has(&mut self, item: Item, node: NodeId) -> &mut NodeSet {
        self.0.or_insert(item, SortedMap::new()).or_insert(node, NodeSet::EMPTY)
    }

    /// After an event at which something is delivered or a node crashes: is anybody left out? `up` are the nodes that are up.
    pub fn judge<P: Protocol>(&self, judge: &Judge, up: NodeSet, findings: &mut Findings) {
        let left_out = self.0.iter().find_map(|(item, holders)| {
            let by = judge.deliverers(*item).intersection(up).iter().next()?;
            let of_those_up = holders.iter().filter(|(node, _)| up.contains(*node));
            let served = of_those_up.fold(NodeSet::EMPTY, |all, (node, to)| all.union(*to).union(NodeSet::only(*node)));
            Some((*item, by, up.iter().find(|node| !served.contains(*node))?))
        });
        let Some((item, by, node)) = left_out else { return };
        let (here, there) = (name(by), name(node));
        let sentence = || format!("{here} has delivered {item}, and nobody who is up has sent it to {there}.");
        findings.within::<P>(Promise::ALL, |findings| {
            findings.breaks(Promise::PassedOn, || Breach::of(sentence(), [node, by], judge.delivery(by, item)));
        });
    }
}
