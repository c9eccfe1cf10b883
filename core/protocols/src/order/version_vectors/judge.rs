//! Who judges a run: what clients were really shown says which write followed which. No vector is asked, for vectors are on trial.

use super::{Config, Fact, Message, Promise, Resolution, Stable, VersionVectors};
use lightcone_engine::Action;
use lightcone_engine::prelude::*;

/// Writes.
type Writes = SortedMap<RequestId>;

/// A write, as its client has sent it.
#[derive(Clone, Debug, Hash)]
struct Written {
    /// Its value; the key is that of the object in which it is.
    value: Value,
    /// What its client had seen of the key, and what the clients had seen that wrote that.
    past: Writes,
    /// When it was sent.
    sent: Witness,
}

/// Judges disks when one has changed, by what clients were shown.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    config: Unhashed<Config>,
    /// What each client has seen of each key and not forgotten in a crash, with the past of that.
    shown: SortedMap<(NodeId, Key), Writes>,
    /// All writes.
    written: SortedMap<RequestId, Written>,
    /// What each replica must keep of each key, unless it is replaced.
    kept: SortedMap<(NodeId, Key), Writes>,
    /// Whether anything was stored.
    stored: Unhashed<bool>,
}

impl Observer<VersionVectors> for Judge {
    fn new(config: &Config) -> Judge {
        let (shown, written, kept) = (SortedMap::new(), SortedMap::new(), SortedMap::new());
        Judge { config: Unhashed(*config), shown, written, kept, stored: Unhashed(false) }
    }

    fn observe(&mut self, seen: &Seen<'_, VersionVectors>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if node.0 >= self.config.0.replicas {
            return self.follow(node, seen);
        }
        if seen.persisted() || matches!(seen.cause, Cause::Act(Action::LoseDisk(_))) {
            let came = seen.facts().filter_map(|fact| match *fact {
                Fact::Stored { write, key, .. } => Some((key, write)),
                _ => None,
            });
            self.judge_disk(node, seen.nodes.durable(node), came.collect(), findings);
            self.judge_convergence(seen.nodes, findings);
        }
    }

    fn at_end(&self, nodes: View<'_, VersionVectors>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(Promise::Converged),
            Some(breach) => findings.breaks(Promise::Converged, || breach),
        }
        let Config { resolution, anti_entropy_micros, .. } = self.config.0;
        for promise in [Promise::NoLostUpdate, Promise::SiblingsAreConcurrent, Promise::Converged] {
            findings.untested_if(!self.stored.0, promise, "nothing was stored");
        }
        let one = self.config.0.last_writer_wins();
        let why = "last writer wins keeps one of two concurrent writes";
        findings.not_promised_if(one, Promise::NoLostUpdate, why);
        findings.untested_if(one, Promise::SiblingsAreConcurrent, "a replica keeps one value");
        let why = "one vector for all siblings cannot tell which of them a client has seen";
        findings.not_promised_if(resolution == Resolution::Siblings, Promise::SiblingsAreConcurrent, why);
        let why = "without anti-entropy nobody makes up for a lost message";
        findings.not_promised_if(anti_entropy_micros == 0, Promise::Converged, why);
    }
}

impl Judge {
    /// What a client is shown, and what it then writes.
    fn follow(&mut self, client: NodeId, seen: &Seen<'_, VersionVectors>) {
        for happening in seen.happenings {
            match happening {
                Happening::Happened(fact) => {
                    if let Fact::Saw { key, values } = seen.fact(fact) {
                        values.iter().for_each(|(write, _)| self.show(client, *key, *write));
                    }
                }
                Happening::Sent(sent) => {
                    if let Message::Write { number, key, value, .. } = *seen.message(sent) {
                        let past = self.shown.get(&(client, key)).cloned().unwrap_or_default();
                        let write = RequestId { node: client, ordinal: number };
                        self.written.insert(write, Written { value, past, sent: Witness(seen.event) });
                    }
                }
                _ => {}
            }
        }
        // What a client has forgotten is no cause of what it does later.
        if seen.crashed() {
            let others = self.shown.iter().filter(|((each, _), _)| *each != client);
            self.shown = others.cloned().collect();
        }
    }

    /// A client has seen a write, and with it what its client had seen.
    fn show(&mut self, client: NodeId, key: Key, write: RequestId) {
        let shown = self.shown.or_insert((client, key), Writes::new());
        shown.add(write);
        if let Some(written) = self.written.get(&write) {
            written.past.iter().for_each(|(each, ())| _ = shown.add(*each));
        }
    }

    /// Whether the client that wrote `later` had seen `earlier`.
    fn follows(&self, later: RequestId, earlier: RequestId) -> bool {
        self.written.get(&later).is_some_and(|written| written.past.contains(&earlier))
    }

    /// A replica's disk has changed. `came` are the writes that the replica has just taken.
    fn judge_disk(&mut self, node: NodeId, disk: &Stable, came: Vec<(Key, RequestId)>, findings: &mut Findings) {
        for (key, write) in came {
            self.kept.or_insert((node, key), Writes::new()).add(write);
            self.stored.0 = true;
        }
        let keys: Vec<Key> =
            self.kept.iter().filter(|((each, _), _)| *each == node).map(|((_, key), _)| *key).collect();
        let here = |key| -> Vec<RequestId> {
            disk.objects
                .get(&key)
                .map(|object| object.siblings.iter().map(|each| each.write).collect())
                .unwrap_or_default()
        };
        for key in keys {
            self.judge_kept(node, key, &here(key), findings);
        }
        for (key, _) in disk.objects.iter() {
            let here = here(*key);
            self.judge_siblings(node, *key, &here, findings);
            self.kept.insert((node, *key), here.into_iter().map(|write| (write, ())).collect());
        }
    }

    /// Is everything still there that was, or was it seen by who wrote something that is?
    fn judge_kept(&self, node: NodeId, key: Key, here: &[RequestId], findings: &mut Findings) {
        let there = |write| here.iter().any(|&each| each == write || self.follows(each, write));
        let kept = self.kept.get(&(node, key));
        let Some(lost) = kept.and_then(|kept| kept.iter().map(|(write, ())| *write).find(|write| !there(*write)))
        else {
            return;
        };
        findings.breaks(Promise::NoLostUpdate, || {
            let replica = format!("N{}", node.0 + 1);
            let gone = self.name(key, lost);
            let sentence = match here.last() {
                Some(&other) => {
                    let client = self.client(other.node);
                    format!(
                        "{replica} keeps {} and has lost {gone}, which {client} had not seen.",
                        self.name(key, other)
                    )
                }
                None => format!("{replica} has lost {gone}, and has nothing instead."),
            };
            let writes = [Some(lost), here.last().copied()].into_iter().flatten();
            Breach::of(sentence, [node], writes.filter_map(|write| self.written.get(&write)).map(|each| each.sent))
        });
    }

    /// Had a client that wrote one of these seen another?
    fn judge_siblings(&self, node: NodeId, key: Key, here: &[RequestId], findings: &mut Findings) {
        let pairs = || here.iter().flat_map(|&later| here.iter().map(move |&earlier| (earlier, later)));
        let Some((earlier, later)) = pairs().find(|&(earlier, later)| self.follows(later, earlier)) else { return };
        findings.breaks(Promise::SiblingsAreConcurrent, || {
            let [old, new] = [earlier, later].map(|write| self.name(key, write));
            let client = self.client(later.node);
            let sentence = format!("N{} keeps {old} beside {new}, and {client} had seen it before.", node.0 + 1);
            let writes = [earlier, later].into_iter().filter_map(|write| self.written.get(&write));
            Breach::of(sentence, [node], writes.map(|each| each.sent))
        });
    }

    /// Replicas are the same at some moments and not at others. What counts is the end, and since when it has been so.
    fn judge_convergence(&self, nodes: View<'_, VersionVectors>, findings: &mut Findings) {
        match self.difference(nodes) {
            None => findings.reaches(Promise::Converged),
            Some(breach) if findings.is_reached(Promise::Converged) => findings.lapses(Promise::Converged, || breach),
            Some(_) => {}
        }
    }

    /// The first value that one replica has and another has not.
    fn difference(&self, nodes: View<'_, VersionVectors>) -> Option<Breach> {
        let replicas = || (0..self.config.0.replicas).map(NodeId);
        let values = |node| {
            let objects = nodes.durable(node).objects.iter();
            objects.flat_map(move |(key, object)| object.siblings.iter().map(move |each| (*key, each.write)))
        };
        let lacks = |node, value| values(node).all(|each| each != value);
        let pairs = replicas().flat_map(|node| values(node).map(move |value| (node, value)));
        let mut pairs = pairs.flat_map(|(node, value)| replicas().map(move |other| (node, other, value)));
        let (node, other, (key, write)) = pairs.find(|&(_, other, value)| lacks(other, value))?;
        let sentence = format!("N{} has {}, and N{} has not.", node.0 + 1, self.name(key, write), other.0 + 1);
        Some(Breach::of(sentence, [node, other], self.written.get(&write).map(|written| written.sent)))
    }

    /// "x = 1 of c2".
    fn name(&self, key: Key, write: RequestId) -> String {
        let client = self.client(write.node);
        match self.written.get(&write) {
            Some(written) => format!("{key} = {} of {client}", written.value),
            None => format!("{key} of {client}"),
        }
    }

    fn client(&self, node: NodeId) -> String {
        format!("c{}", node.0 + 1 - self.config.0.replicas)
    }
}
