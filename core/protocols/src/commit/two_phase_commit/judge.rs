//! Who judges a run: what the logs say, and the votes that are sent, judged as [atomic
//! commit](crate::parts::atomic_commit).
//!
//! A node has decided when the decision is in its log: what is nowhere else, a crash would take back.

use super::*;
use crate::parts::atomic_commit::{AtomicCommit, InDoubt};

/// Judges a run by the logs, and by the votes that are sent.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    transactions: AtomicCommit,
    /// Whether participants in doubt ask each other.
    cooperative: bool,
}

impl Observer<TwoPhaseCommit> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { transactions: AtomicCommit::new(name), cooperative: config.cooperative }
    }

    fn observe(&mut self, seen: &Seen<'_, TwoPhaseCommit>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        let judge = &mut self.transactions;
        for fact in seen.facts() {
            match *fact {
                Fact::Asked { .. } => {}
                Fact::Prepared { transaction } => judge.votes_yes(node, transaction, seen.event, findings),
                Fact::Decided { transaction, decision } | Fact::Recovered { transaction, decision } => {
                    judge.decides(node, transaction, decision, seen.event, findings);
                }
            }
        }
        for record in seen.persisted().then(|| &seen.nodes.durable(node).log).into_iter().flatten() {
            match *record {
                Record::Start(transaction, participants) => judge.take_part(participants, transaction),
                Record::Prepared(Work { transaction, .. }) => judge.votes_yes(node, transaction, seen.event, findings),
                Record::Decided(transaction, decision) => {
                    judge.decides(node, transaction, decision, seen.event, findings)
                }
                Record::Ended(_) => {}
            }
        }
    }

    fn at_end(&self, nodes: View<'_, TwoPhaseCommit>, findings: &mut Findings) {
        match self.transactions.longest_in_doubt() {
            None => findings.reaches(Promise::EveryParticipantDecides),
            Some(doubt) => findings.breaks(Promise::EveryParticipantDecides, || self.blocked(&doubt, nodes)),
        }
    }
}

impl Judge {
    /// Who does not decide, what would help, and who waits behind them.
    fn blocked(&self, doubt: &InDoubt, nodes: View<'_, TwoPhaseCommit>) -> Breach {
        let up = |all: NodeSet| -> NodeSet { all.iter().filter(|node| nodes.state(*node).is_some()).collect() };
        let peers = doubt.participants.iter().filter(|node| self.cooperative && !doubt.nodes.contains(*node));
        let (who, helpers) = match up(doubt.nodes) {
            NodeSet::EMPTY => (doubt.nodes, doubt.nodes),
            stuck => (stuck, peers.chain([COORDINATOR]).collect()),
        };
        let help = match up(helpers) {
            NodeSet::EMPTY => format!("unless {} comes back", names(helpers, "or")),
            helpers => format!("until {} answers", names(helpers, "or")),
        };
        let mut sentence = format!("{} cannot decide {} {help}", names(who, "and"), doubt.transaction);
        for (_, node) in nodes.up() {
            let TwoPhaseCommit::Participant(participant) = node else { continue };
            for waiting in &participant.waiting {
                if participant.holder(waiting.key()) == Some(doubt.transaction) {
                    sentence += &format!("; {} waits for {}", waiting.transaction, waiting.key());
                }
            }
        }
        sentence.push('.');
        Breach::of(sentence, doubt.nodes.union(helpers).iter(), doubt.votes.iter().copied())
    }
}
