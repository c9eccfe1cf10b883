//! Validity, agreement and uniform agreement, each by itself. A node is correct if it is up at the end.

use super::{Item, Judge, name};
use lightcone_engine::prelude::*;

promises! {
    Validity: ByTheEnd = "validity", "Validity",
        "What a node broadcasts that is up, every node that is up delivers.",
        "Cachin, Guerraoui & Rodrigues 2011, section 3.2, BEB1";
    Agreement: ByTheEnd = "agreement", "Agreement",
        "What a node that is up has delivered, every node that is up delivers.",
        "Hadzilacos & Toueg 1994, section 3.1, agreement";
    UniformAgreement: ByTheEnd = "uniform-agreement", "Uniform agreement",
        "What any node has delivered, even one that crashed since, every node that is up delivers.",
        "Cachin, Guerraoui & Rodrigues 2011, section 3.4, URB4";
}

/// Judges the three, with the nodes that are up.
pub fn at_end<P: Protocol>(judge: &Judge, up: NodeSet, findings: &mut Findings) {
    let delivered_by = |item: Item, among: NodeSet| judge.deliverers(item).intersection(among);
    let owe = [
        (Promise::Validity, &(|item: Item| NodeSet::only(item.0.node).intersection(up)) as &dyn Fn(Item) -> NodeSet),
        (Promise::Agreement, &|item| delivered_by(item, up)),
        (Promise::UniformAgreement, &|item| judge.deliverers(item)),
    ];
    judge.untested::<P>(Promise::ALL, findings);
    findings.within::<P>(Promise::ALL, |findings| {
        for (promise, because_of) in owe {
            findings.untested_if(up.is_empty(), promise, "no node is up");
            match missing(judge, up, because_of) {
                None => findings.reaches(promise),
                Some(missing) => findings.breaks(promise, || missing.breach(promise, judge)),
            }
        }
    });
}

/// A message that a node has not delivered and should have.
struct Missing {
    node: NodeId,
    item: Item,
    /// One of those because of whom it should.
    other: NodeId,
}

/// The first of them; `because_of` are the nodes because of whom a message must be delivered, if there are any.
fn missing(judge: &Judge, up: NodeSet, because_of: &dyn Fn(Item) -> NodeSet) -> Option<Missing> {
    judge.broadcast().find_map(|&(item, _)| {
        let other = because_of(item).iter().next()?;
        let node = up.iter().find(|node| judge.delivery(*node, item).is_none())?;
        Some(Missing { node, item, other })
    })
}

impl Missing {
    fn breach(&self, promise: Promise, judge: &Judge) -> Breach {
        let Missing { node, item, other } = *self;
        let (who, elsewhere) = (name(node), name(other));
        let (sentence, when) = match promise {
            Promise::Validity => (format!("{who} has not delivered {item}."), judge.broadcasting(item)),
            _ => (format!("{elsewhere} has delivered {item}, and {who} has not."), judge.delivery(other, item)),
        };
        Breach::of(sentence, [node, other], when)
    }
}
