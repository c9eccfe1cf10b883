//! Who judges a run. A value is chosen when a majority of acceptors has accepted one proposal, each at some
//! moment (§2.1): what is on their disks says so, and no node needs to know.

use super::message::{Proposal, Say};
use super::proposer::{Phase, own_value};
use super::{Cast, Config, Paxos, majority};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{EventIndex, NodeId, NodeSet, PerNode};
use lightcone_engine::operation::{Operation, Value};
use lightcone_engine::protocol::{Breach, Findings, Happening, Observer, Seen, View, Witness};
use lightcone_engine::sorted_map::SortedMap;

const AGREEMENT: u8 = 0;
const VALIDITY: u8 = 1;
const LATER_BALLOTS: u8 = 2;
const LEARNED_IS_CHOSEN: u8 = 3;
const VALUE_CHOSEN: u8 = 4;
const LEARNERS_LEARN: u8 = 5;

/// What is known of a proposal that some acceptor has accepted.
#[derive(Clone, Debug)]
struct Accepted {
    /// Who has accepted it, until it is chosen.
    by: NodeSet,
    chosen: bool,
    /// When it was chosen, or first accepted.
    event: Witness,
}

impl Hash for Accepted {
    /// Once it is chosen, it does not matter by whom.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let by = if self.chosen { NodeSet::EMPTY } else { self.by };
        (self.chosen, by).hash(state);
    }
}

/// The observer.
#[derive(Clone, Debug, Hash)]
pub struct Watch {
    cast: Cast,
    /// Values that proposers were to propose.
    wishes: SortedMap<Value>,
    /// What acceptors were asked to accept, by whom, and when first.
    proposed: SortedMap<(Proposal, NodeId), Witness>,
    accepted: SortedMap<Proposal, Accepted>,
    /// What each lane has on its disk as accepted.
    last: PerNode<Vec<Option<Proposal>>>,
    /// What each lane knows to be chosen.
    learned: PerNode<Vec<Option<Value>>>,
}

impl Observer<Paxos> for Watch {
    fn new(config: &Config) -> Watch {
        let cast = config.cast;
        let lanes = cast.everyone().len() as usize;
        let wishes = cast.proposers().iter().filter(|_| config.own_values).map(|proposer| (own_value(proposer), ()));
        Watch {
            cast,
            wishes: wishes.collect(),
            proposed: SortedMap::new(),
            accepted: SortedMap::new(),
            last: PerNode(vec![None; lanes]),
            learned: PerNode(vec![None; lanes]),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Paxos>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if let Some((_, Operation::Command { argument, .. })) = seen.asked
            && self.cast.proposers().contains(node)
        {
            self.wishes.add(argument.into());
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
        if self.proposed.contains(&(proposal, by)) {
            return;
        }
        if let Some(chosen) = self.first_chosen(|chosen| contradicts(chosen, proposal)) {
            findings.breaks(LATER_BALLOTS, || Breach {
                sentence: format!("{} proposes {proposal}, and {}.", self.cast.name(by), self.is_chosen(chosen)),
                nodes: chosen.1.by.union(NodeSet::only(by)),
                events: vec![chosen.1.event.0],
            });
        }
        self.proposed.insert((proposal, by), Witness(event));
    }

    /// An acceptor has accepted this. Is it chosen now?
    fn see_accepted(&mut self, proposal: Proposal, by: NodeId, event: EventIndex, findings: &mut Findings) {
        let unknown = Accepted { by: NodeSet::EMPTY, chosen: false, event: Witness(event) };
        let accepted = self.accepted.or_insert(proposal, unknown);
        if accepted.chosen {
            return;
        }
        accepted.by.insert(by);
        accepted.chosen = accepted.by.len() >= majority(self.cast.acceptors.into());
        if accepted.chosen {
            accepted.event = Witness(event);
            let accepted = accepted.clone();
            self.judge_chosen(&(proposal, accepted), findings);
        }
    }

    fn judge_chosen(&self, now: &(Proposal, Accepted), findings: &mut Findings) {
        findings.reaches(VALUE_CHOSEN);
        let (proposal @ Proposal { value, .. }, Accepted { by, .. }) = *now;
        if let Some(first) = self.first_chosen(|first| first.value != value) {
            findings.breaks(AGREEMENT, || Breach {
                sentence: format!("{}, and {}.", self.is_chosen(first), self.is_chosen(now)),
                nodes: first.1.by.union(by),
                events: vec![first.1.event.0],
            });
        }
        if !self.wishes.contains(&value) {
            findings.breaks(VALIDITY, || Breach {
                sentence: format!("{}, and nobody was to propose it.", self.is_chosen(now)),
                nodes: by,
                events: Vec::new(),
            });
        }
        let later = self.proposed.iter().filter(|((later, _), _)| contradicts(proposal, *later));
        if let Some(((later, proposer), event)) = later.min_by_key(|(_, event)| event.0) {
            findings.breaks(LATER_BALLOTS, || Breach {
                sentence: format!("{}, and {} has proposed {later}.", self.is_chosen(now), self.cast.name(*proposer)),
                nodes: by.union(NodeSet::only(*proposer)),
                events: vec![event.0],
            });
        }
    }

    /// What was chosen first of all that fits.
    fn first_chosen(&self, fits: impl Fn(Proposal) -> bool) -> Option<&(Proposal, Accepted)> {
        let chosen = self.accepted.iter().filter(|(proposal, accepted)| accepted.chosen && fits(*proposal));
        chosen.min_by_key(|(_, chosen)| chosen.event.0)
    }

    /// It says that this is chosen.
    fn see_learned(&self, value: Value, node: NodeId, findings: &mut Findings) {
        if self.first_chosen(|chosen| chosen.value == value).is_some() {
            return;
        }
        findings.breaks(LEARNED_IS_CHOSEN, || {
            let all =
                self.accepted.iter().filter(|(proposal, _)| proposal.value == value).map(|(_, accepted)| accepted);
            let most = all.max_by_key(|accepted| (accepted.by.len(), accepted.event.0));
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
        let chosen = self.first_chosen(|_| true);
        let sentence = match (ignorant.is_empty(), chosen) {
            (true, _) => "No learner runs.".into(),
            (false, None) => format!("Nothing is chosen that {} could learn.", self.cast.names(ignorant)),
            (false, Some(chosen)) => {
                format!("{}, and {} has not heard so.", self.is_chosen(chosen), self.cast.names(ignorant))
            }
        };
        Breach { sentence, nodes: ignorant, events: chosen.map(|(_, chosen)| chosen.event.0).into_iter().collect() }
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
    fn is_chosen(&self, (Proposal { ballot, value }, chosen): &(Proposal, Accepted)) -> String {
        format!("{value} is chosen in ballot {ballot} by {}", self.cast.names(chosen.by))
    }
}

/// Whether a ballot above the chosen one proposes something else.
fn contradicts(chosen: Proposal, other: Proposal) -> bool {
    other.ballot > chosen.ballot && other.value != chosen.value
}
