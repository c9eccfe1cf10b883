//! Passed on: what makes agreement come about where nobody is told of crashes. Agreement itself shows only at the end. But a node
//! that delivers a message and has not sent it to some other relies on the sender, which may have crashed half-way: nobody will
//! make up for it. So this is judged at once.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    PassedOn: Always = "passed-on", "Passed on",
        "A node that delivers a message has sent it to every node that has not received it.",
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

    /// After an event at which a node that is still up has delivered something: is anybody left out of those that are up?
    pub fn judge<P: Protocol>(&self, judge: &Judge, node: NodeId, up: NodeSet, findings: &mut Findings) {
        let left_out = self.0.iter().find_map(|(item, holders)| {
            judge.delivery(node, *item)?;
            let sent = holders.get(&node)?;
            Some((*item, up.iter().find(|other| !sent.contains(*other) && !holders.contains(other))?))
        });
        let Some((item, other)) = left_out.filter(|_| up.contains(node)) else { return };
        let (here, there) = (name(node), name(other));
        let sentence = || format!("{here} delivers {item} and does not send it to {there}, which has not received it.");
        findings.within::<P>(Promise::ALL, |findings| {
            findings.breaks(Promise::PassedOn, || Breach::of(sentence(), [node, other], judge.delivery(node, item)));
        });
    }
}
