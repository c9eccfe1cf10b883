//! What nodes do: store what is newer, keep hints for others and hand them off, and compare what they have with
//! the others.
//!
//! A version comes to a replica in four ways: a client's store or write-back, a read repair (Dynamo §5), a hint
//! that is handed off (§4.6) and a comparison with another node (§4.7). On each of them the same rule holds:
//! take it if it is newer, save it, and only then say so. The first way is the protocol. Strict quorums do not
//! need the others, which bring replicas up to date that have missed a write; sloppy ones live by them.

use super::{Call, Fact, Flaw, Message, Quorum, STORE, Stamp, Timer, Version, names};
use lightcone_engine::prelude::*;

/// A version that a node keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// The newest that the node was told.
    pub version: Version,
    /// A hint names the replica for which it is kept (Dynamo §4.6). None if the node is a replica of the key.
    pub hint: Option<NodeId>,
}

/// What a crash leaves, and all that a node ever knows about keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stable {
    /// A node: its versions. It is a replica of a key or stands in for one, never both.
    pub held: SortedMap<Key, Held>,
    /// A client: the largest counter it has given.
    pub counter: u32,
}

impl Stable {
    /// The version of `key`, be it a hint; the default if there is none.
    #[must_use]
    pub fn version(&self, key: Key) -> Version {
        self.held.get(&key).map_or_else(Version::default, |held| held.version)
    }

    /// What is kept for others, and for whom.
    pub(super) fn hints(&self) -> impl Iterator<Item = (Key, Version, NodeId)> {
        self.held.iter().filter_map(|(key, held)| Some((*key, held.version, held.hint?)))
    }

    /// What is the node's own.
    fn own(&self) -> impl Iterator<Item = (Key, Version)> {
        self.held.iter().filter(|(_, held)| held.hint.is_none()).map(|(key, held)| (*key, held.version))
    }
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.count("Largest counter", self.counter as usize);
        let said = self.held.iter().map(|(key, held)| format!("{key} = {}", Answer::Value(held.version.value)));
        view.summary = said.collect::<Vec<_>>().join(", ");
        let rows = self.held.iter().map(|&(key, Held { version: Version { stamp, value }, hint })| {
            let (value, kept_for) = (Answer::Value(value).to_string(), names(hint.into_iter().collect()));
            let row = Row::of(vec![key.to_string(), value, stamp.to_string(), kept_for]);
            row.in_epoch(stamp.counter).settled_if(hint.is_none())
        });
        view.table("Versions", &["Key", "Value", "Stamp", "Kept for"], rows);
    }
}

impl Quorum {
    /// ABD: what is newer replaces what is there, and the answer is the same either way. The client needs to
    /// know that what it stores is not lost, not that it is the newest. Saved first, then acknowledged: the
    /// client counts on it.
    pub(super) fn on_store(&mut self, from: NodeId, call: Call, key: Key, version: Version, out: &mut Out<'_, Quorum>) {
        // The flaw: a crash between the two leaves a version that is counted and is nowhere.
        if out.config().has(Flaw::AcknowledgesBeforePersisting) {
            out.send(from, Message::Stored(call));
            return self.merge(key, version, call.instead_of, out);
        }
        self.merge(key, version, call.instead_of, out);
        out.send(from, Message::Stored(call));
    }

    /// Keeps a version if it is newer than what is there.
    pub(super) fn merge(&mut self, key: Key, version: Version, hint: Option<NodeId>, out: &mut Out<'_, Quorum>) {
        if version.stamp <= self.stable.version(key).stamp {
            return out.ignore(phrase!("its {key} is as new", key));
        }
        self.save(key, version, hint, out);
    }

    /// Replaces what is there, and writes it to disk.
    pub(super) fn save(&mut self, key: Key, version: Version, hint: Option<NodeId>, out: &mut Out<'_, Quorum>) {
        let had_hints = self.has_hints();
        self.stable.held.insert(key, Held { version, hint });
        out.persist(self.stable.clone());
        out.happened(Fact::Saved { key, version, hint });
        out.hold(STORE);
        if !had_hints {
            self.arm_hand_off(out);
        }
    }

    /// Whether it stands in for somebody.
    pub(super) fn has_hints(&self) -> bool {
        self.stable.hints().next().is_some()
    }

    /// Whoever keeps hints tries to hand them off, from time to time: it does not know when the other is back.
    pub(super) fn arm_hand_off(&self, out: &mut Out<'_, Quorum>) {
        let every = out.config().hand_off_micros;
        if self.has_hints() {
            out.arm(Timer::Handoff, (every, every));
        }
    }

    /// Time to try whether those for whom it keeps something are back (Dynamo §4.6).
    pub(super) fn hand_off(&mut self, out: &mut Out<'_, Quorum>) {
        for (key, version, replica) in self.stable.hints() {
            out.send(replica, Message::HandOff(key, version));
        }
        // The flaw: nobody has said yet that it arrived.
        if out.config().has(Flaw::HintDroppedEarly) {
            self.stable.held = self.stable.held.iter().filter(|(_, held)| held.hint.is_none()).copied().collect();
            out.persist(self.stable.clone());
        }
        self.arm_hand_off(out);
    }

    /// The replica has what was kept for it.
    ///
    /// "Once the transfer succeeds," the stand-in may forget it "without decreasing the total number of
    /// replicas" (§4.6).
    pub(super) fn on_handed_off(&mut self, replica: NodeId, key: Key, stamp: Stamp, out: &mut Out<'_, Quorum>) {
        // Not a hint that is newer than what it has handed off.
        if !self.stable.hints().any(|(each, version, home)| (each, home) == (key, replica) && version.stamp <= stamp) {
            return out.ignore(phrase!("it keeps no such hint for {key}", key));
        }
        self.stable.held.remove(&key);
        out.persist(self.stable.clone());
        out.happened(Fact::HandedOver { replica, key });
        if !self.has_hints() {
            out.disarm(Timer::Handoff);
        }
    }

    /// The time to the next comparison is drawn, so that nodes do not all compare at once.
    pub(super) fn arm_compare(&self, out: &mut Out<'_, Quorum>) {
        let most = out.config().anti_entropy_micros;
        if !self.client && most > 0 && out.config().nodes() > 1 {
            out.arm(Timer::Compare, (most * 3 / 4, most));
        }
    }

    /// Time to ask the next of the others what it has that is newer (Dynamo §4.7).
    pub(super) fn compare(&mut self, out: &mut Out<'_, Quorum>) {
        let nodes = out.config().nodes();
        let other = NodeId((out.me().0 + 1 + self.turn) % nodes);
        self.turn = (self.turn + 1) % (nodes - 1);
        let have = self.stable.own().map(|(key, version)| (key, version.stamp)).collect();
        out.send(other, Message::Compare(have));
        self.arm_compare(out);
    }

    /// Sends what the other lacks, of the keys whose replica it is. What the other has that is newer comes the
    /// other way, when it is this node's turn to ask.
    pub(super) fn on_compare(&self, from: NodeId, have: &[(Key, Stamp)], out: &mut Out<'_, Quorum>) {
        let has = |key, stamp| have.iter().any(|&(each, theirs)| each == key && theirs >= stamp);
        let mine = self.stable.own().filter(|&(key, version)| !has(key, version.stamp));
        let versions: Vec<_> = mine.filter(|(key, _)| out.config().replicas_of(*key).contains(from)).collect();
        if !versions.is_empty() {
            out.send(from, Message::Newer(versions));
        }
    }
}
