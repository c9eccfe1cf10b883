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
        for happening in seen.happenings {
            match happening {
                // A yes counts when it is sent, whether or not its node has written it down.
                Happening::Sent(sent) => {
                    if let Message::Yes(transaction) = *seen.message(sent) {
                        self.transactions.votes_yes(node, transaction, seen.event, findings);
                    }
                }
                Happening::Happened(fact) => {
                    if let Fact::Decided { transaction, decision } | Fact::Recovered { transaction, decision } =
                        *seen.fact(fact)
                    {
                        self.transactions.decides(node, transaction, decision, seen.event, findings);
                    }
                }
                _ => {}
            }
        }
        if !seen.persisted() {
            return;
        }
        for record in &seen.nodes.durable(node).log {
            match *record {
                Record::Start(transaction, participants) => self.transactions.take_part(participants, transaction),
                Record::Prepared(Work { transaction, .. }) => {
                    self.transactions.votes_yes(node, transaction, seen.event, findings);
                }
                Record::Decided(transaction, decision) => {
                    self.transactions.decides(node, transaction, decision, seen.event, findings);
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
        let helpers: NodeSet = peers.chain([COORDINATOR]).collect();
        let stuck = up(doubt.nodes);
        let (who, help) = match (doubt.nodes.len(), stuck.is_empty(), up(helpers)) {
            (1, true, _) => (doubt.nodes, "unless it comes back".into()),
            (_, true, _) => (doubt.nodes, "unless they come back".into()),
            (_, _, NodeSet::EMPTY) => (stuck, format!("unless {} comes back", names(helpers, "or"))),
            (_, _, helpers) => (stuck, format!("until {} answers", names(helpers, "or"))),
        };
        let mut sentence = format!("{} cannot decide {} {help}", names(who, "and"), doubt.transaction);
        for (_, node) in nodes.up() {
            let TwoPhaseCommit::Participant(participant) = node else { continue };
            for waiting in &participant.waiting {
                if participant.holder(waiting.key) == Some(doubt.transaction) {
                    sentence += &format!("; {} waits for {}", waiting.transaction, waiting.key);
                }
            }
        }
        sentence.push('.');
        Breach::of(sentence, doubt.nodes.union(helpers).iter(), doubt.votes.iter().copied())
    }
}
