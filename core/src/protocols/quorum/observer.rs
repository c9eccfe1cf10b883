//! Who judges a run: whether quorums meet, what clients see, what disks keep, and whether replicas agree in the end.

use super::client::Round;
use super::message::{Phase, Say, Stamp};
use super::{Config, Quorum};
use crate::id::{NodeId, NodeSet, RequestId};
use crate::linearizability::StoreJudge;
use crate::operation::{Key, Operation};
use crate::property::{Breach, Evidence, Findings, Observer, Seen, View};
use crate::scenario::Action;
use crate::world::{Cause, Happening};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const QUORUMS_MEET: u8 = 0;
const LINEARIZABLE: u8 = 1;
const STORED_IS_KEPT: u8 = 2;
const CONVERGED: u8 = 3;
const EVERY_REQUEST_ANSWERED: u8 = 4;

/// What some quorum has stored.
#[derive(Clone, Copy, Debug, Hash)]
struct Stored {
    key: Key,
    stamp: Stamp,
    /// The nodes that counted.
    at: NodeSet,
    by: NodeId,
    event: Evidence,
}

/// The observer.
#[derive(Clone, Debug, Hash)]
pub struct Watch {
    config: Config,
    /// For each key and set of nodes that stored something: who first did so there.
    stores: Vec<Stored>,
    /// For each key the newest version that a quorum stored.
    newest: Vec<Stored>,
    judge: StoreJudge,
    /// For each client the operation and phase that it last completed.
    completed: Vec<Option<(RequestId, Phase)>>,
    /// What each client waits for, as far as the judge was told.
    current: Vec<Option<RequestId>>,
    /// What is asked and not answered.
    open: Vec<(RequestId, Operation, Evidence)>,
}

impl Observer<Quorum> for Watch {
    fn new(config: &Config) -> Watch {
        let clients = usize::from(config.clients);
        Watch {
            config: *config,
            stores: Vec::new(),
            newest: Vec::new(),
            judge: StoreJudge::default(),
            completed: vec![None; clients],
            current: vec![None; clients],
            open: Vec::new(),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if node.0 >= self.config.nodes() {
            self.see_client(node, seen, findings);
        } else if matches!(seen.cause, Cause::Act(Action::LoseDisk(_)))
            || seen.happenings.iter().any(|happening| matches!(happening, Happening::Persisted(_)))
        {
            self.judge_disks(seen.nodes, findings);
            self.judge_convergence(seen.nodes, findings);
        }
    }

    fn at_end(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(CONVERGED),
            Some(breach) => findings.breaks(CONVERGED, || breach),
        }
        match self.open.first() {
            None => findings.reaches(EVERY_REQUEST_ANSWERED),
            Some(&(id, operation, asked)) => {
                findings.breaks(EVERY_REQUEST_ANSWERED, || self.waits(id.node, operation, asked));
            }
        }
    }
}

impl Watch {
    fn see_client(&mut self, node: NodeId, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        if let Some((id, operation)) = seen.asked {
            self.open.push((id, operation, Evidence(seen.event)));
            findings.lapses(EVERY_REQUEST_ANSWERED, || self.waits(node, operation, Evidence(seen.event)));
        }
        let place = usize::from(node.0 - self.config.nodes());
        let last = seen.nodes.state(node).and_then(|state| state.client()?.last.as_ref());
        if let Some(last) = last
            && self.completed[place] != Some((last.id, last.phase))
        {
            self.completed[place] = Some((last.id, last.phase));
            self.see_quorum(last, seen, findings);
        }
        for happening in seen.happenings {
            match happening {
                Happening::Replied { request, answer } => {
                    self.open.retain(|(open, ..)| open != request);
                    if let Err(misplaced) = self.judge.answered(*request, *answer) {
                        findings.breaks(LINEARIZABLE, || Breach {
                            sentence: format!("{}: {}.", self.config.name(node), misplaced.sentence()),
                            nodes: NodeSet::only(node),
                            events: vec![misplaced.asked],
                        });
                    }
                    if self.open.is_empty() {
                        findings.reaches(EVERY_REQUEST_ANSWERED);
                    }
                }
                Happening::Sent(sent) => {
                    if let Some(Say::Query { sequence, .. } | Say::Store { sequence, .. }) =
                        sent.payload.as_any().downcast_ref()
                    {
                        self.see_question(RequestId { node, ordinal: *sequence }, seen);
                    }
                }
                _ => {}
            }
        }
    }

    /// The judge hears of an operation when its client first sends it: until then nobody can have done it.
    fn see_question(&mut self, id: RequestId, seen: &Seen<'_, Quorum>) {
        let current = &mut self.current[usize::from(id.node.0 - self.config.nodes())];
        if *current == Some(id) {
            return;
        }
        *current = Some(id);
        if let Some(&(_, operation, _)) = self.open.iter().find(|(open, ..)| *open == id) {
            self.judge.asked(id, operation, seen.event);
        }
    }

    /// A phase has its quorum. What is compared: the nodes whose answers it counted with those that each store of the key
    /// before it counted.
    fn see_quorum(&mut self, round: &Round, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        let (key, event) = (round.key, Evidence(seen.event));
        if round.phase == Phase::Query {
            if self.config.read + self.config.write > self.config.homes {
                self.judge_meeting(round, findings);
            }
            return;
        }
        let stored = Stored { key, stamp: round.version.stamp, at: round.counted, by: round.id.node, event };
        if !self.stores.iter().any(|each| (each.key, each.at) == (key, stored.at)) {
            self.stores.push(stored);
        }
        match self.newest.iter_mut().find(|each| each.key == key) {
            Some(newest) if newest.stamp < stored.stamp => *newest = stored,
            Some(_) => {}
            None => self.newest.push(stored),
        }
        self.judge_disks(seen.nodes, findings);
    }

    fn judge_meeting(&self, round: &Round, findings: &mut Findings) {
        let apart = |stored: &&Stored| stored.key == round.key && stored.at.intersection(round.counted).is_empty();
        let Some(&Stored { key, at: stored, by: writer, event, .. }) = self.stores.iter().find(apart) else { return };
        let config = &self.config;
        findings.breaks(QUORUMS_MEET, || {
            let (asker, asked, who) = (config.name(round.id.node), config.names(round.counted), config.name(writer));
            let kept = config.names(stored);
            let homes = config.homes_of(key);
            let only = NodeSet(stored.union(round.counted).0 & !homes.0);
            let stand = match only.len() {
                0 => String::new(),
                1 => format!(" {} only stands in.", config.names(only)),
                _ => format!(" {} only stand in.", config.names(only)),
            };
            Breach {
                sentence: format!(
                    "{asker} asks {asked} for {key}, {who} has stored it at {kept}: nobody is in both.{stand}"
                ),
                nodes: [round.id.node, writer].into_iter().collect(),
                events: vec![event.0],
            }
        });
    }

    /// Do W nodes have on disk what a quorum has stored?
    fn judge_disks(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        for stored in self.newest.iter().filter(|_| findings.holds(STORED_IS_KEPT)) {
            let key = stored.key;
            let has = |node: &NodeId| nodes.durable(*node).version(key).stamp >= stored.stamp;
            let having: NodeSet = self.nodes().filter(has).collect();
            if having.len() >= u32::from(self.config.write) {
                continue;
            }
            findings.breaks(STORED_IS_KEPT, || {
                let who = match having.len() {
                    0 => "no node has".into(),
                    1 => format!("only {} has", self.config.names(having)),
                    _ => format!("only {} have", self.config.names(having)),
                };
                let (by, stamp, write) = (self.config.name(stored.by), stored.stamp, self.config.write);
                Breach {
                    sentence: format!("{by} has stored {key} {stamp} at {write} nodes, and {who} it or a newer one."),
                    nodes: having.union(NodeSet::only(stored.by)),
                    events: vec![stored.event.0],
                }
            });
            return;
        }
    }

    fn judge_convergence(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(CONVERGED),
            Some(breach) if findings.is_reached(CONVERGED) => findings.lapses(CONVERGED, || breach),
            Some(_) => {}
        }
    }

    /// The first that differs: a hint that waits, or a replica that lacks what another has.
    fn difference(&self, nodes: View<'_, Quorum>) -> Option<Breach> {
        let name = |node| self.config.name(node);
        for node in self.nodes() {
            if let Some((home, key, version)) = nodes.durable(node).hints().next() {
                return Some(Breach {
                    sentence: format!("{} still keeps {key} = {version} for {}.", name(node), name(home)),
                    nodes: [node, home].into_iter().collect(),
                    events: Vec::new(),
                });
            }
        }
        let held = self.nodes().flat_map(|node| nodes.durable(node).held.iter().map(move |held| (node, held)));
        held.flat_map(|(node, held)| self.config.homes_of(held.key).iter().map(move |other| (node, held, other)))
            .find_map(|(node, held, other)| {
                let theirs = nodes.durable(other).version(held.key);
                let behind = theirs != held.version && theirs.stamp <= held.version.stamp;
                behind.then(|| Breach {
                    sentence: format!(
                        "{} has {key} = {theirs}, {} has {key} = {}.",
                        name(other),
                        name(node),
                        held.version,
                        key = held.key
                    ),
                    nodes: [node, other].into_iter().collect(),
                    events: Vec::new(),
                })
            })
    }

    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.config.nodes()).map(NodeId)
    }

    fn waits(&self, client: NodeId, operation: Operation, asked: Evidence) -> Breach {
        Breach {
            sentence: format!("{} has no answer to {operation}.", self.config.name(client)),
            nodes: NodeSet::only(client),
            events: vec![asked.0],
        }
    }
}
