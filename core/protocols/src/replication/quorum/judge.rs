//! Who judges a run: whether quorums meet, what clients see, what disks keep, and whether replicas agree in the
//! end.
//!
//! Quorums are taken as clients counted them, for that is what the intersection argument is about; versions are
//! looked for on disks, and not in what nodes have said about them. That clients see one register is not
//! concluded from either: the history of what they asked and were told is judged by itself, so that a mistake
//! in the argument would show.
//!
//! A client that crashes in the very event in which it has its quorum takes with it whom it counted: that
//! quorum is not judged. What it told anybody by then is.

use super::client::Round;
use super::replica::Held;
use super::{Config, Message, Phase, Promise, QUORUM, Quorum, Stamp, names};
use crate::parts::client_history::ClientHistory;
use lightcone_engine::Action;
use lightcone_engine::prelude::*;

/// Who stored something first, and when: for sentences only.
type Writer = Unhashed<(NodeId, EventIndex)>;

/// Judges each quorum when a client has it, disks when one has changed, and what clients are told.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    /// N, R and W say which quorums must meet and how many nodes must keep a version. The same all through a run.
    config: Unhashed<Config>,
    /// For each key and set of nodes that a store phase counted: who first stored there. Later stores at the
    /// same nodes are met by whoever meets this one.
    stores: SortedMap<(Key, NodeSet), Writer>,
    /// For each key the newest version that a quorum has stored. Who has it has what is newer than any older
    /// one.
    newest: SortedMap<Key, (Stamp, Writer)>,
    /// Whether there was a query of a key after a store.
    met: Unhashed<bool>,
    /// What clients ask and are told.
    history: ClientHistory,
}

impl Observer<Quorum> for Judge {
    fn new(config: &Config) -> Judge {
        let history = ClientHistory::new(config.nodes(), Promise::Linearizable, Promise::EveryRequestAnswered);
        let config = Unhashed(*config);
        Judge { config, stores: SortedMap::new(), newest: SortedMap::new(), met: Unhashed(false), history }
    }

    fn observe(&mut self, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        let has_quorum = seen.happenings.iter().any(|happening| matches!(happening, Happening::Holds(QUORUM)));
        if has_quorum && let Some(last) = seen.nodes.state(node).and_then(|client| client.last.as_ref()) {
            self.judge_quorum(last, seen, findings);
        }
        if node.0 < self.config.0.nodes() && (seen.persisted() || matches!(seen.cause, Cause::Act(Action::LoseDisk(_))))
        {
            self.judge_disks(seen.nodes, findings);
            self.judge_convergence(seen.nodes, findings);
        }
        // An operation begins with a query; with the flaw that skips it, with a store.
        let number = |message: &Message| match *message {
            Message::Query(call, _) | Message::Store(call, ..) => Some(call.sequence),
            _ => None,
        };
        self.history.observe(seen, number, findings);
    }

    fn at_end(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(Promise::Converged),
            Some(breach) => findings.breaks(Promise::Converged, || breach),
        }
        self.history.at_end(findings);
        let Config { replicas, read_quorum, write_quorum, .. } = self.config.0;
        findings.untested_if(read_quorum + write_quorum <= replicas, Promise::QuorumsMeet, "R + W is not more than N");
        for promise in [Promise::QuorumsMeet, Promise::StoredIsKept] {
            findings.untested_if(self.newest.is_empty(), promise, "nothing was stored");
        }
        findings.untested_if(!self.met.0, Promise::QuorumsMeet, "nobody read after a write");
        let nothing = self.nodes().all(|node| nodes.durable(node).held.iter().next().is_none());
        findings.untested_if(nothing, Promise::Converged, "nothing is stored");
    }
}

impl Judge {
    /// A phase has its quorum: the nodes whose answers it counted.
    fn judge_quorum(&mut self, round: &Round, seen: &Seen<'_, Quorum>, findings: &mut Findings) {
        let Config { replicas, read_quorum, write_quorum, .. } = self.config.0;
        match round.phase {
            Phase::Query if read_quorum + write_quorum > replicas => {
                self.met.0 |= self.stores.iter().any(|((key, _), _)| *key == round.key);
                self.judge_meeting(round, findings);
            }
            Phase::Query => {}
            Phase::Store => {
                let (key, stamp) = (round.key, round.version.stamp);
                let writer = Unhashed((round.id.node, seen.event));
                self.stores.or_insert((key, round.counted), writer);
                if self.newest.get(&key).is_none_or(|(newest, _)| *newest < stamp) {
                    self.newest.insert(key, (stamp, writer));
                }
                self.judge_disks(seen.nodes, findings);
            }
        }
    }

    /// Does a query share a node with every store of the key before it? It should if R + W > N. Who was asked
    /// and did not answer does not count: a quorum is who answered.
    fn judge_meeting(&self, query: &Round, findings: &mut Findings) {
        let apart = |key, at: NodeSet| key == query.key && at.intersection(query.counted).is_empty();
        let stores = self.stores.iter().filter(|((key, at), _)| apart(*key, *at));
        let first = stores.min_by_key(|(_, Unhashed((_, event)))| *event);
        let Some(&((key, stored), Unhashed((writer, event)))) = first else { return };
        findings.breaks(Promise::QuorumsMeet, || {
            let others = NodeSet(stored.union(query.counted).0 & !self.config.0.replicas_of(key).0);
            let stand_ins = match others.len() {
                0 => String::new(),
                1 => format!(" {} only stands in.", names(others)),
                _ => format!(" {} only stand in.", names(others)),
            };
            let [asker, who] = [query.id.node, writer].map(|node| self.name(node));
            let [asked, kept] = [query.counted, stored].map(names);
            let both = format!("{asker} asks {asked} for {key}, {who} has stored it at {kept}");
            Breach::of(format!("{both}: no node is in both.{stand_ins}"), [query.id.node, writer], [event])
        });
    }

    /// Do W nodes have on disk what a quorum has stored, or something newer? Hints count: that is what they are
    /// for.
    fn judge_disks(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        let needed = self.config.0.write_quorum;
        for &(key, (stamp, Unhashed((writer, event)))) in &self.newest {
            let has = |node: &NodeId| nodes.durable(*node).version(key).stamp >= stamp;
            let having: NodeSet = self.nodes().filter(has).collect();
            if having.len() >= u32::from(needed) {
                continue;
            }
            findings.breaks(Promise::StoredIsKept, || {
                let who = match having.len() {
                    0 => "no node has".into(),
                    1 => format!("only {} has", names(having)),
                    _ => format!("only {} have", names(having)),
                };
                let nodes = if needed == 1 { "node" } else { "nodes" };
                let stored = format!("{} has stored {key} {stamp} at {needed} {nodes}", self.name(writer));
                let nodes = having.union(NodeSet::only(writer));
                Breach::of(format!("{stored}, and {who} it or a newer one."), nodes.iter(), [event])
            });
        }
    }

    /// Replicas are the same at some moments and not at others. What counts is the end, and since when it has
    /// been so.
    fn judge_convergence(&self, nodes: View<'_, Quorum>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(Promise::Converged),
            Some(breach) if findings.is_reached(Promise::Converged) => findings.lapses(Promise::Converged, || breach),
            Some(_) => {}
        }
    }

    /// The first that differs: a hint that waits, or a replica that lacks what another has.
    fn difference(&self, nodes: View<'_, Quorum>) -> Option<Breach> {
        let name = |node| self.name(node);
        let of = |node| nodes.durable(node).held.iter().map(move |&(key, held)| (node, key, held));
        let held = || self.nodes().flat_map(of);
        let hint = held().find_map(|(node, key, Held { version, hint })| {
            Some((node, hint?, format!("{} still keeps {key} = {version} for {}.", name(node), name(hint?))))
        });
        let behind = || {
            held().find_map(|(node, key, Held { version, .. })| {
                let replicas = self.config.0.replicas_of(key);
                let mut theirs = replicas.iter().map(|other| (other, nodes.durable(other).version(key)));
                let (other, old) = theirs.find(|(_, theirs)| *theirs != version && theirs.stamp <= version.stamp)?;
                Some((node, other, format!("{} has {key} = {old}, {} has {key} = {version}.", name(other), name(node))))
            })
        };
        let (node, other, sentence) = hint.or_else(behind)?;
        Some(Breach::of(sentence, [node, other], [] as [EventIndex; 0]))
    }

    /// The nodes that keep values.
    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.config.0.nodes()).map(NodeId)
    }

    /// A lane's name.
    fn name(&self, node: NodeId) -> String {
        match node.0.checked_sub(self.config.0.nodes()) {
            None => format!("N{}", node.0 + 1),
            Some(client) => format!("c{}", client + 1),
        }
    }
}
