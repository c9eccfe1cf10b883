//! A node: stores what is newer, keeps hints for others and hands them off, and compares what it has with the others.

use super::message::{Say, Stamp, Version};
use super::{Config, Quorum, Wait, belief, flaw};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::{Answer, Key};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Condition, ConditionKind, Durable, Inspection, Mark, Out, Row, Table};

/// A version of a key that a node keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Of which key.
    pub key: Key,
    /// The version.
    pub version: Version,
    /// A hint: for whom it is kept (Dynamo §4.6). None if the node is a replica of the key.
    pub hint: Option<NodeId>,
}

/// What a crash leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kept {
    /// A node: its versions, by key. It is a replica of a key or stands in for one, never both.
    pub held: Vec<Held>,
    /// A client: the largest counter it has given.
    pub counter: u32,
}

impl Kept {
    /// The version of `key`, be it a hint.
    #[must_use]
    pub fn version(&self, key: Key) -> Version {
        self.held.iter().find(|held| held.key == key).map_or_else(Version::default, |held| held.version)
    }

    /// Whether something is kept for another.
    #[must_use]
    pub fn has_hints(&self) -> bool {
        self.hints().next().is_some()
    }

    /// What is kept for others, and for whom.
    pub(super) fn hints(&self) -> impl Iterator<Item = (NodeId, Key, Version)> {
        self.held.iter().filter_map(|held| Some((held.hint?, held.key, held.version)))
    }

    /// What is the node's own.
    fn own(&self) -> impl Iterator<Item = (Key, Version)> {
        self.held.iter().filter(|held| held.hint.is_none()).map(|held| (held.key, held.version))
    }

    fn put(&mut self, held: Held) {
        let place = self.held.partition_point(|each| each.key < held.key);
        match self.held.get_mut(place).filter(|each| each.key == held.key) {
            Some(each) => *each = held,
            None => self.held.insert(place, held),
        }
    }

    pub(super) fn describe(&self, view: &mut Inspection) {
        let said = self.held.iter().map(|held| format!("{} = {}", held.key, Answer::Value(held.version.value)));
        view.summary = said.collect::<Vec<String>>().join(", ");
        let row = |held: &Held| {
            let hint = held.hint.map_or(String::new(), |home| format!("N{}", home.0 + 1));
            let value = Answer::Value(held.version.value).to_string();
            let cells = vec![held.key.to_string(), value, held.version.stamp.to_string(), hint];
            Row { epoch: held.version.stamp.counter, cells, settled: held.hint.is_none() }
        };
        let columns = &["Key", "Value", "Stamp", "Kept for"];
        view.tables.push(Table { name: "Versions", columns, rows: self.held.iter().map(row).collect() });
    }
}

impl Durable for Kept {
    fn inspect(&self, view: &mut Inspection) {
        if self.counter > 0 {
            view.fact("Largest counter", self.counter.to_string());
        } else {
            self.describe(view);
        }
    }
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub struct Replica {
    /// All it knows: what a crash leaves.
    pub kept: Kept,
    /// How often it has compared: the others take turns.
    turn: u8,
}

impl Replica {
    pub(super) fn boot(kept: Kept, out: &mut Out<'_, Quorum>) -> Replica {
        let replica = Replica { kept, turn: 0 };
        replica.arm_hand_off(out);
        Replica::arm_anti_entropy(out);
        replica
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Quorum>) {
        match *message {
            Say::Query { sequence, key, instead_of } => {
                out.send(from, Say::Found { sequence, key, version: self.kept.version(key), instead_of });
            }
            Say::Store { sequence, key, version, instead_of, .. } => {
                self.on_store(from, Held { key, version, hint: instead_of }, sequence, out);
            }
            Say::Repair { key, version } => {
                if out.config().flaws.has(flaw::REPAIR_OVERWRITES_NEWER) {
                    // The flaw: whatever is there goes.
                    self.put(Held { key, version, hint: None }, out);
                } else {
                    self.merge(Held { key, version, hint: None }, out);
                }
            }
            Say::HandOff { key, version } => {
                self.merge(Held { key, version, hint: None }, out);
                out.send(from, Say::HandedOff { key, stamp: version.stamp });
            }
            Say::HandedOff { key, stamp } => self.on_handed_off(from, key, stamp, out),
            Say::Compare { ref have } => self.on_compare(from, have, out),
            Say::Newer { ref versions } => {
                versions.iter().for_each(|&(key, version)| self.merge(Held { key, version, hint: None }, out));
            }
            Say::Found { .. } | Say::Stored { .. } => out.ignore(Phrase::plain("not for a node")),
        }
    }

    /// ABD: what is newer replaces what is there, and the answer is the same either way.
    fn on_store(&mut self, client: NodeId, held: Held, sequence: u16, out: &mut Out<'_, Quorum>) {
        let answer = Say::Stored { sequence, instead_of: held.hint };
        if out.config().flaws.has(flaw::ACKNOWLEDGES_BEFORE_PERSISTING) {
            out.send(client, answer);
            self.merge(held, out);
            return;
        }
        self.merge(held, out);
        out.send(client, answer);
    }

    /// Keeps a version if it is newer than what is there.
    fn merge(&mut self, held: Held, out: &mut Out<'_, Quorum>) {
        if held.version.stamp > self.kept.version(held.key).stamp {
            self.put(held, out);
        } else {
            out.ignore(Phrase::with("it has {key} as new as this", &[held.key.0.into()]));
        }
    }

    fn put(&mut self, held: Held, out: &mut Out<'_, Quorum>) {
        let waiting = self.kept.has_hints();
        self.kept.put(held);
        out.persist(self.kept.clone());
        match held.hint {
            None => out.mark(Mark::Applied, held.version.phrase(held.key)),
            Some(home) => {
                out.mark(Mark::Received, Phrase::with("keeps {key} for {node}", &[held.key.0.into(), home.0.into()]));
            }
        }
        out.hold(belief::STORE);
        if !waiting {
            self.arm_hand_off(out);
        }
    }

    fn arm_hand_off(&self, out: &mut Out<'_, Quorum>) {
        let every = out.config().hand_off;
        if self.kept.has_hints() {
            out.arm(Wait::HandOff, (every, every));
        }
    }

    /// Time to try whether those for whom it keeps something are back (Dynamo §4.6).
    pub(super) fn on_hand_off_due(&mut self, out: &mut Out<'_, Quorum>) {
        for (home, key, version) in self.kept.hints() {
            out.send(home, Say::HandOff { key, version });
        }
        if out.config().flaws.has(flaw::HINT_DROPPED_EARLY) {
            // The flaw: nobody has said yet that it arrived.
            self.kept.held.retain(|held| held.hint.is_none());
            out.persist(self.kept.clone());
        }
        self.arm_hand_off(out);
    }

    /// "Once the transfer succeeds," the stand-in may forget it "without decreasing the total number of replicas" (§4.6).
    fn on_handed_off(&mut self, home: NodeId, key: Key, stamp: Stamp, out: &mut Out<'_, Quorum>) {
        let before = self.kept.held.len();
        let is_over = |held: &Held| held.key == key && held.hint == Some(home) && held.version.stamp <= stamp;
        self.kept.held.retain(|held| !is_over(held));
        if self.kept.held.len() == before {
            out.ignore(Phrase::with("it keeps no such {key}", &[key.0.into()]));
            return;
        }
        out.persist(self.kept.clone());
        out.mark(Mark::Turning, Phrase::with("{node} has {key}", &[home.0.into(), key.0.into()]));
        if !self.kept.has_hints() {
            out.disarm(Wait::HandOff);
        }
    }

    fn arm_anti_entropy(out: &mut Out<'_, Quorum>) {
        let every = out.config().anti_entropy;
        if every > 0 && out.config().nodes() > 1 {
            out.arm(Wait::AntiEntropy, (every * 3 / 4, every));
        }
    }

    /// Time to ask the next of the others what it has that is newer (Dynamo §4.7).
    pub(super) fn on_anti_entropy_due(&mut self, out: &mut Out<'_, Quorum>) {
        let nodes = out.config().nodes();
        let other = NodeId((out.me().0 + 1 + self.turn) % nodes);
        self.turn = (self.turn + 1) % (nodes - 1);
        let have = self.kept.own().map(|(key, version)| (key, version.stamp)).collect();
        out.send(other, Say::Compare { have });
        Replica::arm_anti_entropy(out);
    }

    fn on_compare(&self, from: NodeId, have: &[(Key, Stamp)], out: &mut Out<'_, Quorum>) {
        let config: Config = *out.config();
        let lacks = |key: Key, stamp: Stamp| !have.iter().any(|&(each, theirs)| each == key && theirs >= stamp);
        let newer =
            self.kept.own().filter(|&(key, version)| config.homes_of(key).contains(from) && lacks(key, version.stamp));
        let versions: Vec<(Key, Version)> = newer.collect();
        if !versions.is_empty() {
            out.send(from, Say::Newer { versions });
        }
    }

    pub(super) fn conditions(&self, now: &mut Vec<Condition>) {
        for (home, key, _) in self.kept.hints() {
            let phrase = Phrase::with("{key} waits for {node}", &[key.0.into(), home.0.into()]);
            now.push(Condition { what: ConditionKind::Waits, phrase });
        }
    }
}
