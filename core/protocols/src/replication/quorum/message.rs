//! What nodes and clients say to each other, the versions they speak of, and which messages never matter any more.

use super::client::Round;
use super::{Config, Flaw, Phase, Quorum};
use lightcone_engine::prelude::*;

messages! {
    /// What travels.
    Message {
        /// Which version do you have?
        Query {
            /// The operation that asks.
            call: Call,
            /// The key asked about.
            key: Key,
        } = Client, "Query", "Query {key}{call}";
        /// This is what I have. Answers a [`Message::Query`].
        Found {
            /// As in the query.
            call: Call,
            /// The key asked about.
            key: Key,
            /// What the sender has; the default if nothing.
            version: Version,
        } = Client reply, "Answer", "{key} = {version}{call}";
        /// A write: keep this version, unless you have a newer one.
        Store {
            /// The write.
            call: Call,
            /// The key written.
            key: Key,
            /// What is written.
            version: Version,
        } = Value, "Store", "Store {key} = {version}{call}";
        /// ABD, a read: the same for what the reader has found.
        WriteBack {
            /// The read.
            call: Call,
            /// The key read.
            key: Key,
            /// What the reader is about to return.
            version: Version,
        } = Value, "Write-back", "Write back {key} = {version}{call}";
        /// I have this version or a newer one. Answers a [`Message::Store`] or a [`Message::WriteBack`].
        Stored(call: Call) = Value reply, "Acknowledgement", "Stored{call}";
        /// You answered a read with an older version than this.
        Repair {
            /// The key read.
            key: Key,
            /// The newest version that the reader found.
            version: Version,
        } = Value, "Repair", "Repair {key} = {version}";
        /// This was left with me while you were away.
        HandOff {
            /// The key of the hint.
            key: Key,
            /// What was left.
            version: Version,
        } = Value, "Hand-off", "Hand-off {key} = {version}";
        /// I have it now. Answers a [`Message::HandOff`].
        HandedOff {
            /// The key of the hint.
            key: Key,
            /// The sender has the version with this stamp, or a newer one.
            stamp: Stamp,
        } = Value reply, "Hand-off reply", "Handed off {key} {stamp}";
        /// This is what I have: what do I lack?
        Compare {
            /// The stamps of the sender's versions, without hints.
            have: Vec<(Key, Stamp)>,
        } = Beat, "Comparison", "Compare";
        /// You lack this. Answers a [`Message::Compare`], if there is something.
        Newer {
            /// Versions newer than those compared, of keys whose replica the receiver is.
            versions: Vec<(Key, Version)>,
        } = Value reply, "Newer versions", |f| {
            f.write_str("Newer")?;
            versions.iter().try_for_each(|(key, version)| write!(f, " {key} = {version}"))
        };
    }
}

/// Which operation a client asks for, and on whose behalf it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// The operation's number among its client's.
    pub sequence: u16,
    /// The replica for which a stand-in is asked or answers; none if a replica is asked or answers itself.
    pub instead_of: Option<NodeId>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.instead_of.map_or(Ok(()), |replica| write!(f, ", for N{}", replica.0 + 1))
    }
}

/// Which of two versions is newer: counters are compared first, then writers (Lynch & Shvartsman 1997).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// One more than the largest that the writer found; 0 for what was never written.
    pub counter: u32,
    /// The client that wrote, counted from 1.
    pub writer: u8,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.writer {
            0 => write!(f, "({})", self.counter),
            writer => write!(f, "({}, c{writer})", self.counter),
        }
    }
}

/// A value with its stamp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Version {
    /// Its stamp.
    pub stamp: Stamp,
    /// The value; none if the key was never written.
    pub value: Option<Value>,
}

impl Version {
    /// "x = 2 (1, c1)".
    pub(super) fn phrase(&self, key: Key) -> Phrase {
        let Stamp { counter, writer } = self.stamp;
        match (self.value, writer) {
            (None, _) => phrase!("{key} = nothing", key),
            (Some(value), 0) => phrase!("{key} = {} ({})", key, value, counter),
            (Some(value), _) => phrase!("{key} = {} ({}, c{})", key, value, counter, writer),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Answer::Value(self.value))?;
        if self.value.is_some() { write!(f, " {}", self.stamp) } else { Ok(()) }
    }
}

impl Message {
    /// Whether it never matters any more. Hints come and go, so what is left with or said to stand-ins may always matter;
    /// and with the flaw that a repair overwrites, no version stays for good.
    pub(super) fn never_matters(&self, from: NodeId, to: NodeId, nodes: View<'_, Quorum>, config: &Config) -> bool {
        let only_newer = !config.has(Flaw::RepairOverwritesNewer);
        let has = |node, key, stamp| only_newer && nodes.durable(node).version(key).stamp >= stamp;
        // Numbers of operations are not used again: what its client does not do now, it never will.
        let client = nodes.state(to).and_then(Quorum::client);
        let of = |call: Call| move |round: &&Round| round.id.ordinal == call.sequence;
        let current = |call| client?.current.as_ref().filter(of(call));
        match *self {
            // Whatever it is answered with: versions of a replica only become newer.
            Message::Query { call, key } => {
                let for_good = only_newer && call.instead_of.is_none();
                let version = if for_good { nodes.durable(to).version(key) } else { Version::default() };
                Message::Found { call, key, version }.never_matters(to, from, nodes, config)
            }
            Message::Found { call, key, version } => {
                let may_repair = config.read_repair && config.replicas_of(key).contains(from);
                let repairs = |round: &&Round| may_repair && round.write.is_none();
                if let Some(round) = current(call).filter(|round| round.phase == Phase::Query) {
                    return !round.counts(from, call, config) && !repairs(&round);
                }
                // Late: it matters if it is older than what the read found, and the replica still has nothing as new.
                let read = current(call).or_else(|| client?.last.as_ref().filter(of(call))).filter(repairs);
                let newest = read.map(|round| round.version.stamp);
                newest.is_none_or(|newest| version.stamp >= newest || has(from, key, newest))
            }
            // It stores nothing, and nobody counts the answer.
            Message::Store { call, key, version } | Message::WriteBack { call, key, version } => {
                let stores_nothing = call.instead_of.is_none() && has(to, key, version.stamp);
                stores_nothing && Message::Stored(call).never_matters(to, from, nodes, config)
            }
            Message::Stored(call) => {
                current(call).is_none_or(|round| round.phase == Phase::Store && !round.counts(from, call, config))
            }
            Message::Repair { key, version } => has(to, key, version.stamp),
            Message::Newer { ref versions } => versions.iter().all(|(key, version)| has(to, *key, version.stamp)),
            Message::HandOff { .. } | Message::HandedOff { .. } | Message::Compare { .. } => false,
        }
    }
}
