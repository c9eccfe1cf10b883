//! What nodes and clients say to each other, and the versions they speak of.

use super::client::Round;
use super::{Config, Quorum, flaw};
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::{Answer, Key, Operation, Value};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Kind, Message, Style, View};

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
        let Some(value) = self.value else { return Phrase::with("{key} = nothing", &[key.0.into()]) };
        let Stamp { counter, writer } = self.stamp;
        let text = if writer == 0 { "{key} = {} ({})" } else { "{key} = {} ({}, c{})" };
        Phrase::with(text, &[key.0.into(), value, counter as i32, writer.into()])
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Answer::Value(self.value))?;
        if self.value.is_some() { write!(f, " {}", self.stamp) } else { Ok(()) }
    }
}

/// A phase of an operation. A write has both, a read the second only with ABD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What is the newest version?
    Query,
    /// Keep this version.
    Store,
}

/// What travels. Table in the module's head. A message with `instead_of` goes to, or comes from, the stand-in of that replica.
#[derive(Clone, Debug, Hash)]
pub enum Say {
    /// Which version do you have?
    Query {
        /// The operation's number among its client's.
        sequence: u16,
        /// Of which key.
        key: Key,
        /// For whom the receiver stands in.
        instead_of: Option<NodeId>,
    },
    /// Answer to a [`Say::Query`].
    Found {
        /// Which operation.
        sequence: u16,
        /// Of which key.
        key: Key,
        /// What is there.
        version: Version,
        /// For whom the sender stands in.
        instead_of: Option<NodeId>,
    },
    /// Keep this version, unless you have a newer one.
    Store {
        /// Which operation.
        sequence: u16,
        /// Of which key.
        key: Key,
        /// What to keep.
        version: Version,
        /// For whom the receiver stands in.
        instead_of: Option<NodeId>,
        /// Whether a reader stores what it has read.
        back: bool,
    },
    /// Answer to a [`Say::Store`]: this version or a newer one is kept.
    Stored {
        /// Which operation.
        sequence: u16,
        /// For whom the sender stands in.
        instead_of: Option<NodeId>,
    },
    /// You answered with an older version than this.
    Repair {
        /// Of which key.
        key: Key,
        /// The newest that the reader found.
        version: Version,
    },
    /// This was left here while you were away.
    HandOff {
        /// Of which key.
        key: Key,
        /// What was left.
        version: Version,
    },
    /// Answer to a [`Say::HandOff`].
    HandedOff {
        /// Of which key.
        key: Key,
        /// What the sender now has, or a newer one.
        stamp: Stamp,
    },
    /// This is what I have: what do I lack?
    Compare {
        /// The stamp of each key.
        have: Vec<(Key, Stamp)>,
    },
    /// Answer to a [`Say::Compare`], if there is something.
    Newer {
        /// What the asker lacks.
        versions: Vec<(Key, Version)>,
    },
}

impl Say {
    /// Whether it never matters any more. Hints come and go, so what is left with or said to stand-ins may always matter;
    /// and with the flaw that a repair overwrites, no version is kept for good.
    pub(super) fn never_matters(&self, from: NodeId, to: NodeId, nodes: View<'_, Quorum>, config: &Config) -> bool {
        let kept_for_good = !config.flaws.has(flaw::REPAIR_OVERWRITES_NEWER);
        let is_kept = |key, stamp| kept_for_good && nodes.durable(to).version(key).stamp >= stamp;
        // Numbers of operations are not used again: what its client does not do now, it never will.
        let client = nodes.state(to).and_then(Quorum::client);
        match *self {
            // Whatever it is answered with: versions of a replica only become newer.
            Say::Query { sequence, key, instead_of } => {
                let for_good = kept_for_good && instead_of.is_none();
                let version = if for_good { nodes.durable(to).version(key) } else { Version::default() };
                Say::Found { sequence, key, version, instead_of }.never_matters(to, from, nodes, config)
            }
            Say::Found { sequence, key, version, instead_of } => {
                let of = |round: &&Round| round.id.ordinal == sequence;
                let current = client.and_then(|client| client.current.as_ref()).filter(of);
                let querying = current.filter(|round| round.phase == Phase::Query);
                let last = client.and_then(|client| client.last.as_ref()).filter(of);
                let repairs = |round: &Round| {
                    let reads = matches!(round.operation, Operation::Read { .. });
                    config.repair && reads && config.homes_of(key).contains(from)
                };
                // A late answer that is older than what the read found, at a replica that still has nothing as new.
                let repaired = |round: &Round| {
                    let repair = Say::Repair { key, version: round.version };
                    version.stamp < round.version.stamp && !repair.never_matters(to, from, nodes, config)
                };
                !querying.is_some_and(|round| round.counts(from, instead_of, config) || repairs(round))
                    && !current.or(last).is_some_and(|round| repairs(round) && repaired(round))
            }
            // It stores nothing, and nobody counts the answer.
            Say::Store { sequence, key, version, instead_of, .. } => {
                let answer = Say::Stored { sequence, instead_of };
                let stores_nothing = instead_of.is_none() && is_kept(key, version.stamp);
                stores_nothing && answer.never_matters(to, from, nodes, config)
            }
            Say::Stored { sequence, instead_of } => {
                let current = client.and_then(|client| client.current.as_ref());
                let current = current.filter(|round| round.id.ordinal == sequence);
                current.is_none_or(|round| round.phase == Phase::Store && !round.counts(from, instead_of, config))
            }
            Say::Repair { key, version } => is_kept(key, version.stamp),
            Say::Newer { ref versions } => versions.iter().all(|(key, version)| is_kept(*key, version.stamp)),
            Say::HandOff { .. } | Say::HandedOff { .. } | Say::Compare { .. } => false,
        }
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Query", label: "Query", style: Style::Client, reply: false },
        Kind { name: "Found", label: "Found", style: Style::Client, reply: true },
        Kind { name: "Store", label: "Store", style: Style::Value, reply: false },
        Kind { name: "WriteBack", label: "Write back", style: Style::Value, reply: false },
        Kind { name: "Stored", label: "Stored", style: Style::Value, reply: true },
        Kind { name: "Repair", label: "Repair", style: Style::Value, reply: false },
        Kind { name: "HandOff", label: "Hand-off", style: Style::Value, reply: false },
        Kind { name: "HandedOff", label: "Handed off", style: Style::Value, reply: true },
        Kind { name: "Compare", label: "Compare", style: Style::Beat, reply: false },
        Kind { name: "Newer", label: "Newer", style: Style::Value, reply: true },
    ];

    fn kind(&self) -> u8 {
        match self {
            Say::Query { .. } => 0,
            Say::Found { .. } => 1,
            Say::Store { back: false, .. } => 2,
            Say::Store { .. } => 3,
            Say::Stored { .. } => 4,
            Say::Repair { .. } => 5,
            Say::HandOff { .. } => 6,
            Say::HandedOff { .. } => 7,
            Say::Compare { .. } => 8,
            Say::Newer { .. } => 9,
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = Say::KINDS[usize::from(self.kind())].label;
        match self {
            Say::Query { key, .. } => write!(f, "{label} {key}"),
            Say::Found { key, version, .. } => write!(f, "{key} = {version}"),
            Say::Store { key, version, .. } | Say::Repair { key, version } | Say::HandOff { key, version } => {
                write!(f, "{label} {key} = {version}")
            }
            Say::HandedOff { key, stamp } => write!(f, "{label} {key} {stamp}"),
            Say::Stored { .. } | Say::Compare { .. } => f.write_str(label),
            Say::Newer { versions } => {
                f.write_str(label)?;
                versions.iter().try_for_each(|(key, version)| write!(f, " {key} = {version}"))
            }
        }?;
        let (Say::Query { instead_of, .. }
        | Say::Found { instead_of, .. }
        | Say::Store { instead_of, .. }
        | Say::Stored { instead_of, .. }) = self
        else {
            return Ok(());
        };
        instead_of.map_or(Ok(()), |home| write!(f, ", for N{}", home.0 + 1))
    }
}
