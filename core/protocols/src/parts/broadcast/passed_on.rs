//! Passed on: what makes agreement come about where links lose nothing. Agreement itself shows only at the end. But a message
//! that nobody has sent to a node, although somebody who is up has delivered it, does not come there any more: it is sent when it is
//! broadcast and when it is delivered. So this is judged at once.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    PassedOn: Always = "passed-on", "Passed on",
        "What a node that is up has delivered has been sent to every other node that is up.",
        "Cachin, Guerraoui & Rodrigues 2011, section 3.3.3, the argument for agreement";
}

/// Who has a message or will have it: its sender, and those to whom anybody sent it and the link did not lose it.
#[derive(Clone, Debug, Default, Hash)]
pub struct Sent(SortedMap<Item, NodeSet>);

impl Sent {
    /// This is sent to a node, or comes about there.
    pub fn reaches(&mut self, item: Item, node: NodeId) {
        self.0.or_insert(item, NodeSet::EMPTY).insert(node);
    }

    /// After an event at which messages were delivered: was everybody sent them? `up` are the nodes that are up.
    pub fn judge<P: Protocol>(&self, judge: &Judge, up: NodeSet, findings: &mut Findings) {
        let left_out = self.0.iter().find_map(|&(item, reached)| {
            let node = up.iter().find(|node| !reached.contains(*node))?;
            Some((item, node, judge.deliverers(item).intersection(up).iter().next()?))
        });
        let Some((item, node, by)) = left_out else { return };
        let sentence = || format!("{} has delivered {item}, and nobody has sent it to {}.", name(by), name(node));
        findings.within::<P>(Promise::ALL, |findings| {
            findings.breaks(Promise::PassedOn, || Breach::of(sentence(), [node, by], judge.broadcasting(item)));
        });
    }
}
