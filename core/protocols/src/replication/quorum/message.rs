//! What nodes and clients say to each other, and the versions they speak of.

use lightcone_engine::prelude::*;

messages! {
    /// What travels. Whoever takes a version compares stamps first: an older one changes nothing, so every
    /// message may be late, lost or doubled.
    Message {
        /// Which version of this key do you have?
        Query(call: Call, key: Key) = Client, "Query", "Query {key}{call}";
        /// This is what I have; the default version if nothing. Answers a [`Message::Query`].
        Found(call: Call, key: Key, version: Version) = Client reply, "Answer", "{key} = {version}{call}";
        /// A write: keep this version, unless you have a newer one.
        Store(call: Call, key: Key, version: Version) = Value, "Store", "Store {key} = {version}{call}";
        /// ABD, a read: the same for the version that it is about to return.
        WriteBack(call: Call, key: Key, version: Version) = Value, "Write-back", "Write back {key} = {version}{call}";
        /// I have this version or a newer one. Answers a [`Message::Store`] or a [`Message::WriteBack`].
        Stored(call: Call) = Value reply, "Acknowledgement", "Stored{call}";
        /// You answered a read with an older version than this, the newest that it found. Nobody waits for an
        /// answer.
        Repair(key: Key, version: Version) = Value, "Repair", "Repair {key} = {version}";
        /// This was left with me for you. Sent again until it is answered.
        HandOff(key: Key, version: Version) = Value, "Hand-off", "Hand-off {key} = {version}";
        /// I have the version with this stamp, or a newer one. Answers a [`Message::HandOff`].
        HandedOff(key: Key, stamp: Stamp) = Value reply, "Hand-off reply", "Handed off {key} {stamp}";
        /// These are the stamps of what I have, without hints: what do I lack?
        Compare(have: Vec<(Key, Stamp)>) = Beat, "Comparison", "Compare";
        /// You lack these versions, of keys whose replica you are. Answers a [`Message::Compare`], if there are
        /// any.
        Newer(versions: Vec<(Key, Version)>) = Value reply, "Newer versions", |f| {
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
