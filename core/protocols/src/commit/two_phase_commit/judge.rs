//! Who judges a run: votes and decisions, judged as [atomic commit](crate::parts::atomic_commit).
//!
//! A node has voted yes or decided when it says so (a [`Fact`]) or when its log does, whichever is first. Both are
//! needed. A crash may come after the record and before anything is said: then the log decides what the node does when
//! it comes back. And a flawed node says what it has not written. What has once been voted or decided stays so for the
//! judge, whatever its node forgets. No node is asked what it believes.
//!
//! Who takes part is read off the coordinator's start record: a commit needs the yes of each of these.

use super::*;
use crate::parts::atomic_commit::{AtomicCommit, InDoubt};

/// Judges a run by what nodes say and by what their logs say.
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
        self.transactions.at_end(findings);
        match self.transactions.longest_in_doubt() {
            None => findings.reaches(Promise::EveryParticipantDecides),
            Some(doubt) => findings.breaks(Promise::EveryParticipantDecides, || self.blocked(&doubt, nodes)),
        }
    }
}

impl Judge {
    /// Who does not decide, what would help, and who waits behind them. The coordinator can help, since it always has a
    /// decision when it is back; so can every participant that is not in doubt, if participants ask each other. If one
    /// of these is up, its answer is missing. If all are down, one has to come back. If all that are in doubt are down
    /// themselves, they have to.
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
