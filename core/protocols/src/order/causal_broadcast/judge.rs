//! Who judges a run: by what nodes say that they broadcast and deliver, and by what they send. Each level is judged by the
//! promises of all; those that it does not make are said to be not promised.

use super::*;
use crate::parts::broadcast::{self, agreement, causal, fifo, passed_on};
use lightcone_engine::protocol::Property;
use lightcone_engine::protocol::vocabulary::joined;

/// What some level promises.
pub(super) const PROMISES: &[Property] = &joined::<8>(&[
    broadcast::Promise::ALL,
    agreement::Promise::ALL,
    passed_on::Promise::ALL,
    fifo::Promise::ALL,
    causal::Promise::ALL,
]);

/// Judges the broadcasts.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    level: Level,
    broadcasts: broadcast::Judge,
    holders: passed_on::Holders,
    causes: causal::Judge,
}

impl Observer<Broadcaster> for Judge {
    fn new(config: &Config) -> Judge {
        Judge {
            level: config.level,
            broadcasts: broadcast::Judge::new(config.nodes),
            holders: passed_on::Holders::default(),
            causes: causal::Judge::new(config.nodes),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Broadcaster>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        let mut delivers = false;
        for happening in seen.happenings {
            match happening {
                Happening::Sent(sent) if sent.lost.is_none() => {
                    self.holders.has(seen.message(sent).content().0, node).insert(sent.message.to);
                }
                Happening::Happened(fact) => {
                    let fact = seen.fact(fact);
                    self.happens(node, fact, seen.event, findings);
                    delivers |= matches!(fact, Fact::Delivered { .. });
                }
                _ => {}
            }
        }
        if delivers {
            self.holders.judge::<Broadcaster>(&self.broadcasts, node, up(seen.nodes), findings);
        }
    }

    fn at_end(&self, nodes: View<'_, Broadcaster>, findings: &mut Findings) {
        let all = &self.broadcasts;
        all.at_end::<Broadcaster>(findings);
        for promises in [passed_on::Promise::ALL, fifo::Promise::ALL, causal::Promise::ALL] {
            all.untested::<Broadcaster>(promises, findings);
        }
        let waits_for_ever = self.level == Level::Uniform && !all.is_majority(up(nodes));
        findings.within::<Broadcaster>(agreement::Promise::ALL, |findings| {
            use agreement::Promise::{Agreement, UniformAgreement, Validity};
            for promise in [Validity, Agreement, UniformAgreement] {
                findings.untested_if(waits_for_ever, promise, "half of the nodes are down, or more");
            }
        });
        if !waits_for_ever {
            agreement::at_end::<Broadcaster>(all, up(nodes), findings);
        }
        self.not_promised(findings);
    }
}

impl Judge {
    fn happens(&mut self, node: NodeId, fact: &Fact, now: EventIndex, findings: &mut Findings) {
        match *fact {
            Fact::Broadcast { item } => {
                self.broadcasts.broadcasts(item, now);
                self.causes.broadcasts(item);
                self.holders.has(item, node);
            }
            Fact::Received { item } => drop(self.holders.has(item, node)),
            Fact::Delivered { item } => {
                fifo::delivers::<Broadcaster>(&self.broadcasts, node, item, findings);
                self.causes.delivers::<Broadcaster>(&self.broadcasts, node, item, findings);
                self.broadcasts.delivers::<Broadcaster>(node, item, now, findings);
            }
        }
    }

    /// Each level makes its own promises and no others.
    fn not_promised(&self, findings: &mut Findings) {
        let best_effort = self.level == Level::BestEffort;
        findings.within::<Broadcaster>(agreement::Promise::ALL, |findings| {
            let agreement = agreement::Promise::Agreement;
            findings.not_promised_if(best_effort, agreement, "best-effort broadcast does not promise it");
            let (uniform, why) = (agreement::Promise::UniformAgreement, "only uniform broadcast promises it");
            findings.not_promised_if(self.level != Level::Uniform, uniform, why);
        });
        findings.within::<Broadcaster>(passed_on::Promise::ALL, |findings| {
            let passed_on = passed_on::Promise::PassedOn;
            findings.not_promised_if(best_effort, passed_on, "best-effort broadcast does not promise it");
        });
        findings.within::<Broadcaster>(fifo::Promise::ALL, |findings| {
            let (order, why) = (fifo::Promise::FifoOrder, "only FIFO and causal broadcast promise it");
            findings.not_promised_if(!matches!(self.level, Level::Fifo | Level::Causal), order, why);
        });
        findings.within::<Broadcaster>(causal::Promise::ALL, |findings| {
            let (order, why) = (causal::Promise::CausalOrder, "only causal broadcast promises it");
            findings.not_promised_if(self.level != Level::Causal, order, why);
        });
    }
}

fn up(nodes: View<'_, Broadcaster>) -> NodeSet {
    nodes.up().map(|(node, _)| node).collect()
}
