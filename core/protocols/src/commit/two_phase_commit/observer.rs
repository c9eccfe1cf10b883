//! Who judges a run: the conditions AC1, AC2, AC3 and AC5 of BHG §7.3.
//!
//! A node has decided when the decision is in its log, or when it acts on it. What has been decided stays so for the
//! observer, whatever its node forgets.

use super::fact::Fact;
use super::log::{Record, Transaction};
use super::message::Say;
use super::{COORDINATOR, Config, TwoPhaseCommit};
use lightcone_engine::prelude::*;
use lightcone_engine::sorted_map::insertion_sort;

promises! {
    Atomicity: Always = "atomicity", "Atomicity", "No two nodes decide differently.", "BHG §7.3, AC1";
    Stability: Always = "stability", "Decisions stay", "A decision never changes.", "BHG §7.3, AC2";
    CommitNeedsEveryYes: Always = "commit-needs-every-yes", "Commit needs every yes",
        "A transaction commits only if all its participants have voted yes.", "BHG §7.3, AC3";
    EveryParticipantDecides: ByTheEnd = "every-participant-decides", "Every participant decides",
        "Nobody who has voted yes is left in doubt.", "BHG §7.3, AC5";
}

/// What is known of a transaction.
#[derive(Clone, Debug, Hash)]
struct Case {
    participants: NodeSet,
    yes: NodeSet,
    /// Who has decided what: true for commit.
    decided: SortedMap<NodeId, (bool, Witness)>,
    /// Who has voted yes and not decided.
    in_doubt: SortedMap<NodeId, Witness>,
    /// When it was first heard of.
    since: Witness,
}

/// Judges a run by what nodes decide, and by the votes that they send.
#[derive(Clone, Debug, Hash)]
pub struct Judge(SortedMap<Transaction, Case>);

impl Observer<TwoPhaseCommit> for Judge {
    fn new(_: &Config) -> Judge {
        Judge(SortedMap::new())
    }

    fn observe(&mut self, seen: &Seen<'_, TwoPhaseCommit>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        for happening in seen.happenings {
            match happening {
                Happening::Sent(sent) => match *seen.message(sent) {
                    Say::Prepare { transaction, participants, .. } => {
                        self.case(transaction, seen.event).participants = participants;
                    }
                    Say::Yes(transaction) => drop(self.case(transaction, seen.event).yes.insert(node)),
                    _ => {}
                },
                Happening::Happened(fact) => match *seen.fact(fact) {
                    Fact::Committed { transaction } => self.decides(node, transaction, true, seen.event, findings),
                    Fact::Aborted { transaction } | Fact::AbortPresumed { transaction } => {
                        self.decides(node, transaction, false, seen.event, findings);
                    }
                    Fact::Asked { .. } | Fact::Prepared { .. } | Fact::CommitFound { .. } => {}
                },
                Happening::Persisted(_) => self.read_log(node, seen, findings),
                _ => {}
            }
        }
    }

    fn at_end(&self, nodes: View<'_, TwoPhaseCommit>, findings: &mut Findings) {
        let blocked = self.0.iter().filter(|(_, case)| !case.in_doubt.is_empty());
        match blocked.min_by_key(|(_, case)| case.since.0) {
            None => findings.reaches(Promise::EveryParticipantDecides),
            Some((transaction, case)) => {
                findings.breaks(Promise::EveryParticipantDecides, || case.blocked(*transaction, nodes));
            }
        }
    }
}

impl Judge {
    fn case(&mut self, transaction: Transaction, now: EventIndex) -> &mut Case {
        let (participants, yes, since) = (NodeSet::EMPTY, NodeSet::EMPTY, Witness(now));
        let case = Case { participants, yes, decided: SortedMap::new(), in_doubt: SortedMap::new(), since };
        self.0.or_insert(transaction, case)
    }

    fn read_log(&mut self, node: NodeId, seen: &Seen<'_, TwoPhaseCommit>, findings: &mut Findings) {
        let kept = seen.nodes.durable(node);
        for record in &kept.log {
            match *record {
                Record::Committed(transaction) => self.decides(node, transaction, true, seen.event, findings),
                Record::Aborted(transaction) => self.decides(node, transaction, false, seen.event, findings),
                _ => {}
            }
        }
        for work in kept.in_doubt() {
            let in_doubt = &mut self.case(work.transaction, seen.event).in_doubt;
            if !in_doubt.contains(&node) {
                in_doubt.insert(node, Witness(seen.event));
                findings.lapses(Promise::EveryParticipantDecides, || Breach {
                    sentence: format!("{} is in doubt about {}.", name(node), work.transaction),
                    nodes: NodeSet::only(node),
                    events: vec![seen.event],
                });
            }
        }
    }

    fn decides(
        &mut self,
        node: NodeId,
        transaction: Transaction,
        commit: bool,
        at: EventIndex,
        findings: &mut Findings,
    ) {
        let case = self.case(transaction, at);
        let word = |commit| if commit { "commits" } else { "aborts" };
        let past = |commit| if commit { "committed" } else { "aborted" };
        if let Some((before, when)) = case.decided.get(&node) {
            if *before != commit {
                findings.breaks(Promise::Stability, || Breach {
                    sentence: format!("{} {} {transaction}, which it has {}.", name(node), word(commit), past(*before)),
                    nodes: NodeSet::only(node),
                    events: vec![when.0],
                });
            }
            return;
        }
        let otherwise = case.decided.iter().filter(|(_, (before, _))| *before != commit);
        if let Some((other, (before, when))) = otherwise.min_by_key(|(_, (_, when))| when.0) {
            findings.breaks(Promise::Atomicity, || Breach {
                sentence: format!(
                    "{} {} {transaction}, which {} has {}.",
                    name(node),
                    word(commit),
                    name(*other),
                    past(*before)
                ),
                nodes: [node, *other].into_iter().collect(),
                events: vec![when.0],
            });
        }
        let missing = NodeSet(case.participants.0 & !case.yes.0);
        if commit && !missing.is_empty() {
            findings.breaks(Promise::CommitNeedsEveryYes, || Breach {
                sentence: format!("{} commits {transaction} without a yes from {}.", name(node), names(missing)),
                nodes: missing.union(NodeSet::only(node)),
                events: Vec::new(),
            });
        }
        case.decided.insert(node, (commit, Witness(at)));
        let doubted = case.in_doubt.remove(&node).is_some();
        if doubted && self.0.iter().all(|(_, case)| case.in_doubt.is_empty()) {
            findings.reaches(Promise::EveryParticipantDecides);
        }
    }
}

impl Case {
    /// Who does not decide, who could help, and who waits behind them.
    fn blocked(&self, transaction: Transaction, nodes: View<'_, TwoPhaseCommit>) -> Breach {
        let is_down = |node: &NodeId| nodes.state(*node).is_none();
        let in_doubt: NodeSet = self.in_doubt.iter().map(|(node, _)| *node).collect();
        let stuck: NodeSet = in_doubt.iter().filter(|node| !is_down(node)).collect();
        let down: NodeSet = self.participants.union(NodeSet::only(COORDINATOR)).iter().filter(is_down).collect();
        let mut sentence = if stuck.is_empty() {
            format!("{} {} down, in doubt about {transaction}", names(in_doubt), is_or_are(in_doubt))
        } else if down.is_empty() {
            format!("{} cannot decide {transaction} until an answer comes", names(stuck))
        } else {
            format!("{} cannot decide {transaction} while {} {} down", names(stuck), names(down), is_or_are(down))
        };
        for participant in nodes.up().filter_map(|(_, node)| node.participant()) {
            for waiting in &participant.waiting {
                if participant.holder(waiting.key()) == Some(transaction) {
                    sentence += &format!("; {} waits for {}", waiting.transaction, waiting.key());
                }
            }
        }
        sentence.push('.');
        let mut events: Vec<EventIndex> = self.in_doubt.iter().map(|(_, voted)| voted.0).collect();
        insertion_sort(&mut events);
        Breach { sentence, nodes: in_doubt.union(down), events }
    }
}

fn is_or_are(nodes: NodeSet) -> &'static str {
    if nodes.len() == 1 { "is" } else { "are" }
}

/// The name of the coordinator or of a participant.
pub(super) fn name(node: NodeId) -> String {
    if node == COORDINATOR { "TM".into() } else { format!("P{}", node.0) }
}

/// "P1, P2 and P3".
fn names(nodes: NodeSet) -> String {
    let names: Vec<String> = nodes.iter().map(name).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}
