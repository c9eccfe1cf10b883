//! What a replica keeps of a key: vectors, siblings, and the rules by which a write and a merge change them.

use super::{Config, Flaw, Resolution};
use lightcone_engine::prelude::*;

/// How many writes of each replica are known, in lane order. Under last writer wins it has one number: the largest stamp.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Vector(pub Vec<u32>);

impl Vector {
    /// Nothing is known.
    #[must_use]
    pub fn zero(config: &Config) -> Vector {
        Vector(vec![0; if config.last_writer_wins() { 1 } else { usize::from(config.replicas) }])
    }

    /// Whether it knows everything that the other knows.
    #[must_use]
    pub fn covers(&self, other: &Vector) -> bool {
        other.0.iter().enumerate().all(|(place, &counter)| self.at(place) >= counter)
    }

    /// Whether it knows this write.
    #[must_use]
    pub fn knows(&self, dot: Dot) -> bool {
        self.at(dot.replica.index()) >= dot.counter
    }

    /// Knows from now on what the other knows.
    pub fn join(&mut self, other: &Vector) {
        for (mine, &theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = theirs.max(*mine);
        }
    }

    /// Knows from now on what this replica has counted so far.
    fn count(&mut self, dot: Dot) {
        if let Some(mine) = self.0.get_mut(dot.replica.index()) {
            *mine = dot.counter.max(*mine);
        }
    }

    /// The largest of its numbers.
    #[must_use]
    pub fn largest(&self) -> u32 {
        self.0.iter().copied().max().unwrap_or(0)
    }

    fn at(&self, place: usize) -> u32 {
        self.0.get(place).copied().unwrap_or(0)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, counter)| match place {
            0 => write!(f, "{counter}"),
            _ => write!(f, " · {counter}"),
        })
    }
}

/// One write of a replica (Preguiça et al. 2010): its number among them. Under last writer wins it is the stamp. The order of the
/// fields is the order of stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// What the replica has counted, or the milliseconds that it has read.
    pub counter: u32,
    /// The replica.
    pub replica: NodeId,
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(N{}, {})", self.replica.0 + 1, self.counter)
    }
}

/// A value, and what a replica knows of the write that has set it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sibling {
    /// The write's dot, or its stamp.
    pub dot: Dot,
    /// The write: its client, and its number among the client's requests.
    pub write: RequestId,
    /// The value.
    pub value: Value,
    /// Dotted only: what the client had seen.
    pub context: Vector,
}

/// All that a replica keeps of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Object {
    /// What is known of it. Who sends this vector with a write has seen all that is here.
    pub context: Vector,
    /// Its values, in the order of dots: one, or several concurrent ones.
    pub siblings: Vec<Sibling>,
}

impl Object {
    /// A key that was never written.
    #[must_use]
    pub fn empty(config: &Config) -> Object {
        Object { context: Vector::zero(config), siblings: Vec::new() }
    }

    /// Takes a write in. `new` has the client's context.
    pub fn write(&mut self, mut new: Sibling, config: &Config) {
        match config.resolution {
            Resolution::Siblings => {
                // One vector for all: the client has seen every sibling, or it is not known which.
                if new.context.covers(&self.context) {
                    self.siblings.clear();
                }
                self.context.join(&new.context);
                self.context.count(new.dot);
                new.context = Vector::default();
                self.add(new);
            }
            Resolution::Dotted => {
                self.siblings.retain(|sibling| !new.context.knows(sibling.dot));
                self.add(new);
                self.sum_up(config);
            }
            Resolution::Lamport | Resolution::Physical => self.last_writer_wins(new),
        }
    }

    /// Takes in what another replica has.
    pub fn merge(&mut self, other: &Object, config: &Config) {
        match config.resolution {
            Resolution::Siblings => {
                if self.context.covers(&other.context) && self.context != other.context {
                    return;
                }
                if other.context.covers(&self.context) && self.context != other.context {
                    return self.clone_from(other);
                }
                // Concurrent, or made of the same writes in another order.
                other.siblings.iter().for_each(|sibling| self.add(sibling.clone()));
                self.context.join(&other.context);
                self.keep_one(config);
            }
            Resolution::Dotted => {
                let replaced =
                    |by: &[Sibling], sibling: &Sibling| by.iter().any(|each| each.context.knows(sibling.dot));
                self.siblings.retain(|sibling| !replaced(&other.siblings, sibling));
                let new: Vec<&Sibling> = other.siblings.iter().filter(|each| !replaced(&self.siblings, each)).collect();
                new.into_iter().for_each(|sibling| self.add(sibling.clone()));
                self.keep_one(config);
                self.sum_up(config);
            }
            Resolution::Lamport | Resolution::Physical => {
                other.siblings.iter().for_each(|sibling| self.last_writer_wins(sibling.clone()));
            }
        }
    }

    /// Adds a sibling in its place, unless it is there.
    fn add(&mut self, new: Sibling) {
        if let Err(place) = self.siblings.binary_search_by_key(&new.dot, |sibling| sibling.dot) {
            self.siblings.insert(place, new);
        } else if self.siblings.iter().all(|sibling| sibling.write != new.write) {
            // Two writes with one dot: only a counter that is forgotten makes them.
            let place = self.siblings.partition_point(|sibling| sibling.dot <= new.dot);
            self.siblings.insert(place, new);
        }
    }

    /// Dotted: what is known of the object is what its siblings know.
    fn sum_up(&mut self, config: &Config) {
        self.context = Vector::zero(config);
        for sibling in &self.siblings {
            self.context.join(&sibling.context);
            self.context.count(sibling.dot);
        }
    }

    fn last_writer_wins(&mut self, new: Sibling) {
        if self.siblings.first().is_none_or(|old| old.dot < new.dot) {
            self.context = Vector(vec![new.dot.counter]);
            self.siblings = vec![Sibling { context: Vector::default(), ..new }];
        }
    }

    /// The flaw: of concurrent values the largest stays.
    fn keep_one(&mut self, config: &Config) {
        if config.has(Flaw::MergeKeepsOne)
            && let Some(largest) = self.siblings.iter().map(|sibling| sibling.value).max()
        {
            self.siblings.retain(|sibling| sibling.value == largest);
        }
    }
}

/// "1, 2 (2 · 1)".
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self.siblings.iter().map(|sibling| sibling.value.to_string()).collect();
        let values = if values.is_empty() { "nothing".into() } else { values.join(", ") };
        write!(f, "{values} ({})", self.context)
    }
}
