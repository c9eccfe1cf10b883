//! Lists that grow at their end and share what they have in common.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::hash::{Hasher64, mix};

/// A list. Copies share all values, so a copy and a push take constant time.
#[derive(Clone, Debug)]
pub struct Chain<V>(Option<Rc<Link<V>>>);

#[derive(Debug)]
struct Link<V> {
    value: V,
    before: Chain<V>,
    length: usize,
    /// Hashes of all values: one that depends on their order, and one that does not.
    hashes: [u64; 2],
}

impl<V> Default for Chain<V> {
    fn default() -> Chain<V> {
        Chain(None)
    }
}

/// Drops links in a loop: recursion would be as deep as the list is long.
impl<V> Drop for Chain<V> {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(link) = next {
            next = Rc::try_unwrap(link).ok().and_then(|mut link| link.before.0.take());
        }
    }
}

impl<V: Copy + Hash> Chain<V> {
    /// Adds a value at the end.
    pub fn push(&mut self, value: V) {
        let mut hasher = Hasher64::default();
        value.hash(&mut hasher);
        let [ordered, loose] = self.hashes();
        let of_value = mix(hasher.finish());
        let hashes = [mix(ordered.rotate_left(1) ^ of_value), loose.wrapping_add(of_value)];
        let length = self.len() + 1;
        let before = Chain(self.0.take());
        self.0 = Some(Rc::new(Link { value, before, length, hashes }));
    }
}

impl<V> Chain<V> {
    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |link| link.length)
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn hashes(&self) -> [u64; 2] {
        self.0.as_ref().map_or([0; 2], |link| link.hashes)
    }

    /// A hash that does not depend on the order of the values.
    #[must_use]
    pub fn loose_hash(&self) -> u64 {
        self.hashes()[1]
    }

    /// The last value.
    #[must_use]
    pub fn last(&self) -> Option<&V> {
        self.0.as_ref().map(|link| &link.value)
    }

    /// The values from the last to the first.
    pub fn backwards(&self) -> impl Iterator<Item = &V> {
        let mut next = self.0.as_deref();
        core::iter::from_fn(move || {
            let link = next?;
            next = link.before.0.as_deref();
            Some(&link.value)
        })
    }
}

impl<V: Copy> Chain<V> {
    /// The values from the first to the last.
    #[must_use]
    pub fn values(&self) -> Vec<V> {
        let mut all: Vec<V> = self.backwards().copied().collect();
        all.reverse();
        all
    }
}

impl<V: Copy + Hash> FromIterator<V> for Chain<V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Chain<V> {
        let mut chain = Chain::default();
        values.into_iter().for_each(|value| chain.push(value));
        chain
    }
}

impl<V: PartialEq> PartialEq for Chain<V> {
    fn eq(&self, other: &Chain<V>) -> bool {
        if self.len() != other.len() || self.hashes() != other.hashes() {
            return false;
        }
        let (mut one, mut two) = (&self.0, &other.0);
        while let (Some(first), Some(second)) = (one, two) {
            if Rc::ptr_eq(first, second) {
                return true;
            }
            if first.value != second.value {
                return false;
            }
            (one, two) = (&first.before.0, &second.before.0);
        }
        true
    }
}

impl<V: Eq> Eq for Chain<V> {}

impl<V: Hash> Hash for Chain<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hashes()[0].hash(state);
    }
}

impl<V: Copy + Ord> PartialOrd for Chain<V> {
    fn partial_cmp(&self, other: &Chain<V>) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<V: Copy + Ord> Ord for Chain<V> {
    fn cmp(&self, other: &Chain<V>) -> core::cmp::Ordering {
        self.values().cmp(&other.values())
    }
}
