//! What a run is held to.
//!
//! A value is chosen when a majority of the acceptors has accepted one proposal, each at some moment (§2.1): not all of
//! them at once, for each may have gone on to a later ballot before the next accepts. What is on their disks says so. No
//! node needs to know, and what nodes believe is what is on trial: with
//! [`Flaw::QuorumsDoNotMeet`](super::Flaw::QuorumsDoNotMeet) they take less for a majority, and the judge does not.
//!
//! | promise | of |
//! |---------|----|
//! | agreement, validity | what is chosen, by the judge that all consensus protocols share |
//! | later ballots | what is proposed, before or after something is chosen below: the step by which the paper proves agreement |
//! | learned is chosen | what nodes say that they know |
//! | a value is chosen, every learner learns | how a run ends |

use super::{Command, Config, Fact, Message, Paxos, Promise, Proposal};
use crate::parts::consensus;
use crate::parts::majority::is_majority;
use alloc::rc::Rc;
use lightcone_engine::prelude::*;

/// Judges what is chosen, what is proposed after that, and who learns it.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    /// Who is who. It is the same in the whole run.
    config: Unhashed<Config>,
    /// Judges agreement and validity.
    consensus: consensus::Judge,
    /// What acceptors were asked to accept; by whom first, and when.
    proposed: SortedMap<Proposal, Unhashed<(NodeId, EventIndex)>>,
    /// What acceptors have accepted that is not chosen: who has, and when the first did.
    accepted: SortedMap<Proposal, (NodeSet, Witness)>,
    /// What is chosen; by whom and when.
    chosen: SortedMap<Proposal, Unhashed<Rc<Breach>>>,
    /// Whether anybody ever learned a value.
    learned: Unhashed<bool>,
}

impl Observer<Paxos> for Judge {
    fn new(config: &Config) -> Judge {
        let mut consensus = consensus::Judge::default();
        let own = config.proposers().iter().filter_map(|proposer| config.own_value(proposer));
        own.for_each(|value| consensus.proposes(value));
        let config = Unhashed(*config);
        Judge {
            config,
            consensus,
            proposed: SortedMap::new(),
            accepted: SortedMap::new(),
            chosen: SortedMap::new(),
            learned: Unhashed(false),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Paxos>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        let asked = seen.asked.and_then(|(_, operation)| Command::of(operation));
        if let Some(Command::Propose(value)) = asked {
            self.consensus.proposes(value.into());
        }
        for happening in seen.happenings {
            // Not when a proposer settles on a value: whoever crashes before it has told anybody has proposed nothing.
            if let Happening::Sent(sent) = happening
                && let Message::Accept(proposal) = seen.message(sent)
            {
                self.proposed.or_insert(*proposal, Unhashed((node, seen.event)));
            }
        }
        // Not when an acceptor says so: if it crashes in between, it has accepted all the same.
        if seen.persisted()
            && let Some(proposal) = seen.nodes.durable(node).accepted
        {
            self.accepts(proposal, node, seen.event, findings);
        }
        self.judge_later_ballots(seen.event, findings);
        if let Some(Fact::Learns { value }) = seen.facts().find(|fact| matches!(fact, Fact::Learns { .. })) {
            self.learned.0 = true;
            self.judge_learned(*value, node, findings);
        }
        self.judge_learners(seen.nodes, findings);
    }

    fn at_end(&self, nodes: View<'_, Paxos>, findings: &mut Findings) {
        self.consensus.at_end::<Paxos>(findings);
        let later = |chosen: &Proposal| self.proposed.iter().any(|(other, _)| other.ballot > chosen.ballot);
        findings.untested_if(self.chosen.is_empty(), Promise::LaterBallots, "nothing was chosen");
        findings.untested_if(
            !self.chosen.iter().any(|(chosen, _)| later(chosen)),
            Promise::LaterBallots,
            "no later ballot",
        );
        findings.untested_if(!self.learned.0, Promise::LearnedIsChosen, "nobody learned a value");
        if !findings.is_reached(Promise::ValueChosen) {
            findings.breaks(Promise::ValueChosen, || self.nothing_chosen(nodes));
        }
        if !findings.is_reached(Promise::LearnersLearn) {
            findings.breaks(Promise::LearnersLearn, || self.not_learned(self.learners(nodes, false)));
        }
    }
}

impl Judge {
    /// This is the last proposal on the disk of an acceptor. Is it chosen now?
    fn accepts(&mut self, proposal: Proposal, by: NodeId, now: EventIndex, findings: &mut Findings) {
        if self.chosen.contains(&proposal) {
            return;
        }
        let (all, _) = self.accepted.or_insert(proposal, (NodeSet::EMPTY, Witness(now)));
        all.insert(by);
        if !is_majority(*all, self.config.0.acceptors) {
            return;
        }
        let (Proposal { ballot, value }, names) = (proposal, self.config.0.names(*all));
        let sentence = format!("{value} is chosen in ballot {ballot} by {names}");
        let how = Rc::new(Breach::of(sentence, all.iter(), [now]));
        findings.reaches(Promise::ValueChosen);
        self.consensus.decides::<Paxos>(value, &how, findings);
        // Once it is chosen, it does not matter any more by whom.
        self.accepted.remove(&proposal);
        self.chosen.insert(proposal, Unhashed(how));
    }

    /// P2b: "If a proposal with value v is chosen, then every higher-numbered proposal issued by any proposer has value v."
    /// Issued before it is chosen, too: a proposal of a lower ballot may be late.
    fn judge_later_ballots(&self, now: EventIndex, findings: &mut Findings) {
        for (chosen, Unhashed(how)) in &self.chosen {
            let contradicts = |other: Proposal| other.ballot > chosen.ballot && other.value != chosen.value;
            let later = self.proposed.iter().find(|(proposal, _)| contradicts(*proposal));
            let Some((later, Unhashed((proposer, event)))) = later else { continue };
            findings.breaks(Promise::LaterBallots, || {
                let sentence = format!("{}, and {} proposes {later}.", how.sentence, self.config.0.name(*proposer));
                let events = how.events.iter().chain([event]).copied().filter(|event| *event != now);
                Breach::of(sentence, how.nodes.iter().chain([*proposer]), events)
            });
        }
    }

    /// A node says that this value is chosen. Is it? If not, the proposal of this value that most have accepted is
    /// evidence: it may have been enough for the node, and it is less than a majority.
    fn judge_learned(&self, value: Value, node: NodeId, findings: &mut Findings) {
        if self.chosen.iter().any(|(chosen, _)| chosen.value == value) {
            return;
        }
        findings.breaks(Promise::LearnedIsChosen, || {
            let of_value = self.accepted.iter().filter(|(proposal, _)| proposal.value == value);
            let most = of_value.map(|(_, accepted)| *accepted).max_by_key(|(by, _)| by.len());
            let (config, by) = (&self.config.0, most.map_or(NodeSet::EMPTY, |(by, _)| by));
            let (name, count, all, names) = (config.name(node), by.len(), config.acceptors, config.names(by));
            let sentence = format!("{name} learns {value}, which {count} of {all} acceptors accepted: {names}.");
            Breach::of(sentence, by.iter().chain([node]), most.map(|(_, event)| event))
        });
    }

    /// Every learner that runs knows what is chosen. That may be over when one restarts: a learner keeps nothing on disk.
    fn judge_learners(&self, nodes: View<'_, Paxos>, findings: &mut Findings) {
        let ignorant = self.learners(nodes, false);
        if ignorant.is_empty() && !self.learners(nodes, true).is_empty() {
            findings.reaches(Promise::LearnersLearn);
        } else if findings.is_reached(Promise::LearnersLearn) {
            findings.lapses(Promise::LearnersLearn, || self.not_learned(ignorant));
        }
    }

    /// Learners that run and know, or do not know, what is chosen.
    fn learners(&self, nodes: View<'_, Paxos>, know: bool) -> NodeSet {
        let fits = |learner: &NodeId| nodes.state(*learner).is_some_and(|state| state.learned.is_some() == know);
        self.config.0.learners().iter().filter(fits).collect()
    }

    /// Who does not know, and whether there is something to know.
    fn not_learned(&self, ignorant: NodeSet) -> Breach {
        let (first, names) = (self.consensus.decided(), self.config.0.names(ignorant));
        let sentence = match first {
            _ if ignorant.is_empty() => "No learner runs.".into(),
            None => format!("Nothing is chosen that {names} could learn."),
            Some(first) => format!("{}, and {names} did not learn it.", first.sentence),
        };
        Breach { sentence, nodes: ignorant, events: first.map_or(Vec::new(), |first| first.events.clone()) }
    }

    /// What the proposer with the highest ballot waits for, when nothing is chosen.
    fn nothing_chosen(&self, nodes: View<'_, Paxos>) -> Breach {
        let trying = || nodes.up().filter_map(|(node, state)| Some((state.stable.tried, node, state.waits()?)));
        let name = |node| self.config.0.name(node);
        let last = trying().max_by_key(|(ballot, ..)| *ballot);
        let says = last.map(|(_, node, waits)| format!("Nothing is chosen: {} {}.", name(node), waits.show(name)));
        let sentence = says.unwrap_or_else(|| "Nothing is chosen, and nobody tries.".into());
        Breach { sentence, nodes: trying().map(|(_, node, _)| node).collect(), events: Vec::new() }
    }
}
