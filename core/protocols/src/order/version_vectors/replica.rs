//! What replicas do: take writes in, and merge what other replicas send, at once after a write and from time to time.

use super::{Config, Dot, Fact, Flaw, Message, Object, Resolution, Sibling, Timer, Vector, VersionVectors};
use lightcone_engine::prelude::*;

/// What a crash leaves of a replica.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// What it has of each key.
    pub objects: SortedMap<Key, Object>,
    /// How many writes it has counted, or the largest Lamport timestamp that it knows.
    counter: u32,
    /// The number of the last write that it has taken from each client: what is not newer comes twice or too late.
    taken: SortedMap<NodeId, u16>,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.count("Writes counted", self.counter as usize);
        let about = |(key, object): &(Key, Object)| match object.siblings.len() {
            1 => format!("{key} = {object}"),
            count => format!("{key}: {count} siblings ({})", object.context),
        };
        view.summary = self.objects.iter().map(about).collect::<Vec<_>>().join(", ");
        view.list("Vectors", self.objects.iter().map(|(key, object)| format!("{key}: {}", object.context)));
        let rows = self.objects.iter().flat_map(|(key, object)| object.siblings.iter().map(move |each| (key, each)));
        let rows = rows.map(|(key, Sibling { dot, value, context, .. })| {
            Row::of(vec![key.to_string(), value.to_string(), dot.to_string(), context.to_string()])
        });
        view.table("Values", &["Key", "Value", "Replica, number", "Had seen"], rows);
    }
}

impl Stable {
    /// Whether this write is not newer than the last of its client that was taken.
    pub(super) fn has_taken(&self, write: RequestId) -> bool {
        self.taken.get(&write.node).is_some_and(|last| *last >= write.ordinal)
    }

    /// What becomes of a key by what another replica has; none if nothing changes.
    pub(super) fn merged(&self, key: Key, theirs: &Object, config: &Config) -> Option<Object> {
        let mine = self.objects.get(&key).cloned().unwrap_or_else(|| Object::empty(config));
        let mut merged = mine.clone();
        merged.merge(theirs, config);
        (merged != mine).then_some(merged)
    }
}

impl VersionVectors {
    /// Values that do not stand alone.
    pub(super) fn siblings(&self) -> impl Iterator<Item = (Key, &Sibling)> {
        let several = self.stable.objects.iter().filter(|(_, object)| object.siblings.len() > 1);
        several.flat_map(|(key, object)| object.siblings.iter().map(|sibling| (*key, sibling)))
    }

    pub(super) fn object(&self, key: Key, config: &Config) -> Object {
        self.stable.objects.get(&key).cloned().unwrap_or_else(|| Object::empty(config))
    }

    /// A write has come. The client is shown all that is there now, and the other replicas too.
    pub(super) fn on_write(
        &mut self,
        write: RequestId,
        key: Key,
        value: Value,
        context: Vector,
        out: &mut Out<'_, VersionVectors>,
    ) {
        if self.stable.has_taken(write) {
            return out.ignore(phrase!("it has taken this write, or a later one of this client"));
        }
        self.stable.taken.insert(write.node, write.ordinal);
        let config = *out.config();
        let (mut object, dot) = (self.object(key, &config), self.dot(&context, out));
        object.write(Sibling { dot, write, value, context }, &config);
        let here = |old: &&Sibling| object.siblings.iter().any(|each| each.write == old.write);
        let before = self.stable.objects.insert(key, object.clone()).unwrap_or_default();
        let replaced = before.siblings.iter().filter(|old| !here(old)).count() as u8;
        self.save(out);
        let kept = object.siblings.iter().any(|each| each.write == write);
        out.happened(Fact::Stored { write, key, value, dot, replaced, dotted: self.dotted.0, kept });
        out.send(write.node, Message::Shown(write.ordinal, key, object.clone()));
        out.broadcast(NodeSet::first(config.replicas), Message::Replicate(key, object));
    }

    /// The next write's dot, or its stamp.
    fn dot(&mut self, context: &Vector, out: &Out<'_, VersionVectors>) -> Dot {
        let counter = match out.config().resolution {
            Resolution::Siblings | Resolution::Dotted => self.stable.counter + 1,
            // Lamport: beyond all that the replica and the client know.
            Resolution::Lamport => self.stable.counter.max(context.largest()) + 1,
            Resolution::Physical => {
                return Dot { counter: u32::try_from(out.clock_micros() / 1_000).unwrap_or(0), replica: out.me() };
            }
        };
        self.stable.counter = counter;
        Dot { counter, replica: out.me() }
    }

    /// To disk, before anything is shown. The flaw leaves the counter out.
    fn save(&self, out: &mut Out<'_, VersionVectors>) {
        let counter = if out.config().has(Flaw::CounterNotSaved) { 0 } else { self.stable.counter };
        out.persist(Stable { counter, ..self.stable.clone() });
    }

    /// Takes in what another replica has.
    pub(super) fn merge(&mut self, objects: &[(Key, Object)], out: &mut Out<'_, VersionVectors>) {
        let config = *out.config();
        let mut merged = Vec::new();
        for &(key, ref theirs) in objects {
            if let Some(object) = self.stable.merged(key, theirs, &config) {
                if config.resolution == Resolution::Lamport {
                    self.stable.counter = self.stable.counter.max(object.context.largest());
                }
                let value = object.siblings.iter().map(|each| each.value).min().unwrap_or_default();
                merged.push(Fact::Merged { key, value, values: object.siblings.len() as u8 });
                self.stable.objects.insert(key, object);
            }
        }
        if merged.is_empty() {
            return out.ignore(phrase!("it has all of that, or what replaced it"));
        }
        self.save(out);
        merged.into_iter().for_each(|fact| out.happened(fact));
    }

    /// The time to the next exchange is drawn, so that replicas do not all send at once.
    pub(super) fn arm_exchange(&self, out: &mut Out<'_, VersionVectors>) {
        let most = out.config().anti_entropy_micros;
        if !self.client && most > 0 {
            out.arm(Timer::Exchange, (most * 3 / 4, most));
        }
    }

    /// Time to send all objects to the next of the others.
    pub(super) fn exchange(&mut self, out: &mut Out<'_, VersionVectors>) {
        let replicas = out.config().replicas;
        let other = NodeId((out.me().0 + 1 + self.turn) % replicas);
        self.turn = (self.turn + 1) % (replicas - 1);
        if !self.stable.objects.is_empty() {
            out.send(other, Message::Exchange(self.stable.objects.iter().cloned().collect()));
        }
        self.arm_exchange(out);
    }
}
