//! Who judges a run. A value is chosen when a majority of acceptors has accepted one proposal, each at some
//! moment (§2.1): what is on their disks says so, and no node needs to know.

use super::message::{Proposal, Say};
use super::proposer::{Phase, own_value};
use super::{Cast, Config, Paxos, majority};
use crate::id::{EventIndex, NodeId, NodeSet};
use crate::operation::{Operation, Value};
use crate::property::{Breach, Evidence, Findings, Observer, Seen, View};
use crate::world::Happening;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const AGREEMENT: u8 = 0;
const VALIDITY: u8 = 1;
const LATER_BALLOTS: u8 = 2;
const LEARNED_IS_CHOSEN: u8 = 3;
const VALUE_CHOSEN: u8 = 4;
const LEARNERS_LEARN: u8 = 5;

/// A proposal that some acceptor was asked to accept.
#[derive(Clone, Debug, Hash)]
struct Proposed {
    proposal: Proposal,
    by: NodeId,
    event: Evidence,
}

/// A proposal that some acceptor has accepted.
#[derive(Clone, Debug, Hash)]
struct Accepted {
    proposal: Proposal,
    by: NodeSet,
    /// When the last of them accepted it.
    event: Evidence,
}

/// The observer.
#[derive(Clone, Debug, Hash)]
pub struct Watch {
    cast: Cast,
    /// Values that proposers were to propose.
    wishes: Vec<Value>,
    proposed: Vec<Proposed>,
    accepted: Vec<Accepted>,
    /// What is chosen, in the order in which it was.
    chosen: Vec<Accepted>,
    /// What each lane has on its disk as accepted.
    last: Vec<Option<Proposal>>,
    /// What each lane knows to be chosen.
    learned: Vec<Option<Value>>,
}

impl Observer<Paxos> for Watch {
    fn new(config: &Config) -> Watch {
        let cast = config.cast;
        let lanes = cast.everyone().len() as usize;
        Watch {
            cast,
            wishes: if config.own_values { cast.proposers().iter().map(own_value).collect() } else { Vec::new() },
            proposed: Vec::new(),
            accepted: Vec::new(),
            chosen: Vec::new(),
            last: vec![None; lanes],
            learned: vec![None; lanes],
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Paxos>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if let Some((_, Operation::Command { argument, .. })) = seen.asked
            && self.cast.proposers().contains(node)
        {
            self.wishes.push(argument.into());
        }
        for happening in seen.happenings {
            if let Happening::Sent(sent) = happening
                && let Some(Say::Accept(proposal)) = sent.payload.as_any().downcast_ref()
            {
                self.see_proposed(*proposal, node, seen.event, findings);
            }
        }
        let accepted = seen.nodes.durable(node).accepted;
        if core::mem::replace(&mut self.last[node.index()], accepted) != accepted
            && let Some(proposal) = accepted
        {
            self.see_accepted(proposal, node, seen.event, findings);
        }
        let learned = seen.nodes.state(node).and_then(|state| state.learned);
        if core::mem::replace(&mut self.learned[node.index()], learned) != learned
            && let Some(value) = learned
        {
            self.see_learned(value, node, findings);
        }
        self.see_ignorant(seen.nodes, findings);
    }

    fn at_end(&self, nodes: View<'_, Paxos>, findings: &mut Findings) {
        if !findings.is_reached(VALUE_CHOSEN) {
            findings.breaks(VALUE_CHOSEN, || self.nothing_chosen(nodes));
        }
        if !findings.is_reached(LEARNERS_LEARN) {
            findings.breaks(LEARNERS_LEARN, || self.has_not_learned(self.ignorant(nodes)));
        }
    }
}

impl Watch {
    /// An acceptor is asked to accept this. P2b: in ballots above a chosen one there is no other value.
    fn see_proposed(&mut self, proposal: Proposal, by: NodeId, event: EventIndex, findings: &mut Findings) {
        if self.proposed.iter().any(|known| (known.proposal, known.by) == (proposal, by)) {
            return;
        }
        let later = |chosen: &&Accepted| contradicts(chosen.proposal, proposal);
        if let Some(chosen) = self.chosen.iter().find(later) {
            findings.breaks(LATER_BALLOTS, || Breach {
                sentence: format!("{} proposes {proposal}, and {}.", self.cast.name(by), self.is_chosen(chosen)),
                nodes: chosen.by.union(NodeSet::only(by)),
                events: vec![chosen.event.0],
            });
        }
        self.proposed.push(Proposed { proposal, by, event: Evidence(event) });
    }

    /// An acceptor has accepted this. Is it chosen now?
    fn see_accepted(&mut self, proposal: Proposal, by: NodeId, event: EventIndex, findings: &mut Findings) {
        let known = self.accepted.iter().position(|known| known.proposal == proposal);
        let place = known.unwrap_or(self.accepted.len());
        if known.is_none() {
            self.accepted.push(Accepted { proposal, by: NodeSet::EMPTY, event: Evidence(event) });
        }
        let accepted = &mut self.accepted[place];
        if accepted.by.insert(by) && accepted.by.len() == majority(self.cast.acceptors.into()) {
            accepted.event = Evidence(event);
            let chosen = accepted.clone();
            self.judge_chosen(&chosen, findings);
            self.chosen.push(chosen);
        }
    }

    fn judge_chosen(&self, now: &Accepted, findings: &mut Findings) {
        findings.reaches(VALUE_CHOSEN);
        let Proposal { value, .. } = now.proposal;
        if let Some(first) = self.chosen.iter().find(|first| first.proposal.value != value) {
            findings.breaks(AGREEMENT, || Breach {
                sentence: format!("{}, and {}.", self.is_chosen(first), self.is_chosen(now)),
                nodes: first.by.union(now.by),
                events: vec![first.event.0],
            });
        }
        if !self.wishes.contains(&value) {
            findings.breaks(VALIDITY, || Breach {
                sentence: format!("{}, and nobody was to propose it.", self.is_chosen(now)),
                nodes: now.by,
                events: Vec::new(),
            });
        }
        let later = self.proposed.iter().find(|later| contradicts(now.proposal, later.proposal));
        if let Some(later) = later {
            findings.breaks(LATER_BALLOTS, || Breach {
                sentence: format!(
                    "{}, and {} has proposed {}.",
                    self.is_chosen(now),
                    self.cast.name(later.by),
                    later.proposal
                ),
                nodes: now.by.union(NodeSet::only(later.by)),
                events: vec![later.event.0],
            });
        }
    }

    /// It says that this is chosen.
    fn see_learned(&self, value: Value, node: NodeId, findings: &mut Findings) {
        if self.chosen.iter().any(|chosen| chosen.proposal.value == value) {
            return;
        }
        findings.breaks(LEARNED_IS_CHOSEN, || {
            let all = self.accepted.iter().filter(|accepted| accepted.proposal.value == value);
            let most = all.max_by_key(|accepted| accepted.by.len());
            let by = most.map_or(NodeSet::EMPTY, |accepted| accepted.by);
            Breach {
                sentence: format!(
                    "{} learns {value}, which {} of {} acceptors accepted: {}.",
                    self.cast.name(node),
                    by.len(),
                    self.cast.acceptors,
                    self.cast.names(by),
                ),
                nodes: by.union(NodeSet::only(node)),
                events: most.map(|accepted| accepted.event.0).into_iter().collect(),
            }
        });
    }

    /// Who of the learners that run does not know what is chosen.
    fn see_ignorant(&self, nodes: View<'_, Paxos>, findings: &mut Findings) {
        let ignorant = self.ignorant(nodes);
        if ignorant.is_empty() && self.runs_a_learner(nodes) {
            findings.reaches(LEARNERS_LEARN);
        } else if findings.is_reached(LEARNERS_LEARN) {
            findings.lapses(LEARNERS_LEARN, || self.has_not_learned(ignorant));
        }
    }

    fn runs_a_learner(&self, nodes: View<'_, Paxos>) -> bool {
        self.cast.learners().iter().any(|learner| nodes.state(learner).is_some())
    }

    fn ignorant(&self, nodes: View<'_, Paxos>) -> NodeSet {
        let ignorant = |state: &Paxos| state.learned.is_none();
        self.cast.learners().iter().filter(|learner| nodes.state(*learner).is_some_and(ignorant)).collect()
    }

    fn has_not_learned(&self, ignorant: NodeSet) -> Breach {
        let chosen = self.chosen.first();
        let sentence = match (ignorant.is_empty(), chosen) {
            (true, _) => "No learner runs.".into(),
            (false, None) => format!("Nothing is chosen that {} could learn.", self.cast.names(ignorant)),
            (false, Some(chosen)) => {
                format!("{}, and {} has not heard so.", self.is_chosen(chosen), self.cast.names(ignorant))
            }
        };
        Breach { sentence, nodes: ignorant, events: chosen.map(|chosen| chosen.event.0).into_iter().collect() }
    }

    /// Who waits for whom, when nothing is chosen.
    fn nothing_chosen(&self, nodes: View<'_, Paxos>) -> Breach {
        let busy = |(_, state): &(NodeId, &Paxos)| state.proposer.phase != Phase::Idle;
        let proposers: Vec<(NodeId, &Paxos)> = nodes.up().filter(busy).collect();
        let latest = proposers.iter().max_by_key(|(_, state)| state.kept.tried);
        let sentence = latest.map_or("Nothing is chosen, and nobody tries.".into(), |(node, state)| {
            let (name, ballot) = (self.cast.name(*node), state.kept.tried);
            let does = match state.proposer.phase {
                Phase::Proposes(value) => format!("waits for acceptors to accept {value} in ballot {ballot}"),
                Phase::BacksOff => format!("backs off after ballot {ballot}"),
                _ => format!("waits for promises for ballot {ballot}"),
            };
            format!("Nothing is chosen: {name} {does}.")
        });
        Breach { sentence, nodes: proposers.iter().map(|(node, _)| *node).collect(), events: Vec::new() }
    }

    /// "10 is chosen in ballot 1 by A1 and A2"
    fn is_chosen(&self, chosen: &Accepted) -> String {
        let Proposal { ballot, value } = chosen.proposal;
        format!("{value} is chosen in ballot {ballot} by {}", self.cast.names(chosen.by))
    }
}

/// Whether a ballot above the chosen one proposes something else.
fn contradicts(chosen: Proposal, other: Proposal) -> bool {
    other.ballot > chosen.ballot && other.value != chosen.value
}
