//! Who judges a run: whether quorums meet, what clients see, what disks keep, and whether replicas agree in the end.

use super::client::Round;
use super::message::{Phase, Say, Stamp};
use super::{Config, Quorum};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::{EventIndex, NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Action, Breach, Cause, Findings, Happening, Observer, Seen, Unhashed, View, Witness};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_judges::StoreJudge;

const QUORUMS_MEET: u8 = 0;
const LINEARIZABLE: u8 = 1;
const STORED_IS_KEPT: u8 = 2;
const CONVERGED: u8 = 3;
const EVERY_REQUEST_ANSWERED: u8 = 4;

/// Who stored something, and when.
type Writer = Unhashed<(NodeId, EventIndex)>;

/// The observer.
#[derive(Clone, Debug, Hash)]
pub struct Watch {
    config: Config,
    /// For each key and set of nodes that stored something: who first did so there.
    stores: SortedMap<(Key, NodeSet), Writer>,
    /// For each key the newest version that a quorum stored, and when one first did.
    newest: SortedMap<Key, (Stamp, Writer, Witness)>,
    judge: StoreJudge,
    /// For each client the operation and phase that it last completed.
    completed: Vec<Option<(RequestId, Phase)>>,
    /// What each client waits for, as far as the judge was told.
    current: Vec<Option<RequestId>>,
    /// What is asked and not answered.
    open: SortedMap<RequestId, (Operation, Witness)>,
}

impl Observer<Quorum> for Watch {
    fn new(config: &Config) -> Watch {
        let clients = usize::from(config.clients);
        Watch {
            config: *config,
            stores: SortedMap::new(),
            newest: SortedMap::new(),
            judge: StoreJudge::default(),
            completed: vec![None; clients],
            current: vec![None; clients],
            open: SortedMap::new(),
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
        match self.open.iter().min_by_key(|(_, (_, asked))| asked.0) {
            None => findings.reaches(EVERY_REQUEST_ANSWERED),
            Some(&(id, (operation, asked))) => {
                findings.breaks(EVERY_REQUEST_ANSWERED, || self.waits(id.node, operation, asked));
            }
        }
    }
}

impl Watch {
    fn see_client(&mut self, node: NodeId, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        if let Some((id, operation)) = seen.asked {
            self.open.insert(id, (operation, Witness(seen.event)));
            findings.lapses(EVERY_REQUEST_ANSWERED, || self.waits(node, operation, Witness(seen.event)));
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
                    self.open.remove(request);
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
        if let Some(&(operation, _)) = self.open.get(&id) {
            self.judge.asked(id, operation, seen.event);
        }
    }

    /// A phase has its quorum. What is compared: the nodes whose answers it counted with those that each store of the key
    /// before it counted.
    fn see_quorum(&mut self, round: &Round, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        let (key, stamp) = (round.key, round.version.stamp);
        if round.phase == Phase::Query {
            if self.config.read + self.config.write > self.config.homes {
                self.judge_meeting(round, findings);
            }
            return;
        }
        let writer = Unhashed((round.id.node, seen.event));
        self.stores.or_insert((key, round.counted), writer);
        let newest = self.newest.or_insert(key, (stamp, writer, Witness(seen.event)));
        if newest.0 < stamp {
            *newest = (stamp, writer, newest.2);
        }
        self.judge_disks(seen.nodes, findings);
    }

    fn judge_meeting(&self, round: &Round, findings: &mut Findings) {
        let apart =
            self.stores.iter().filter(|((key, at), _)| *key == round.key && at.intersection(round.counted).is_empty());
        let first = apart.min_by_key(|(_, Unhashed((_, event)))| *event);
        let Some(&((key, stored), Unhashed((writer, event)))) = first else { return };
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
                events: vec![event],
            }
        });
    }

    /// Do W nodes have on disk what a quorum has stored?
    fn judge_disks(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        if !findings.holds(STORED_IS_KEPT) {
            return;
        }
        let having = |key: Key, stamp: Stamp| -> NodeSet {
            self.nodes().filter(|node| nodes.durable(*node).version(key).stamp >= stamp).collect()
        };
        let write = self.config.write;
        let lost = self.newest.iter().filter(|(key, (stamp, ..))| having(*key, *stamp).len() < u32::from(write));
        let Some(&(key, (stamp, Unhashed((by, event)), _))) = lost.min_by_key(|(_, (.., first))| first.0) else {
            return;
        };
        findings.breaks(STORED_IS_KEPT, || {
            let having = having(key, stamp);
            let who = match having.len() {
                0 => "no node has".into(),
                1 => format!("only {} has", self.config.names(having)),
                _ => format!("only {} have", self.config.names(having)),
            };
            let name = self.config.name(by);
            Breach {
                sentence: format!("{name} has stored {key} {stamp} at {write} nodes, and {who} it or a newer one."),
                nodes: having.union(NodeSet::only(by)),
                events: vec![event],
            }
        });
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

    fn waits(&self, client: NodeId, operation: Operation, asked: Witness) -> Breach {
        Breach {
            sentence: format!("{} has no answer to {operation}.", self.config.name(client)),
            nodes: NodeSet::only(client),
            events: vec![asked.0],
        }
    }
}
