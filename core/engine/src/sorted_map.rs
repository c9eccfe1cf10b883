//! Maps and sets as one sorted list. These maps are small or grow at their end, and every fork of a world copies them. A
//! list does this as fast as a tree, with a tenth of the code in the page.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Values by key, in the order of the keys. A set is a map to `()`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedMap<K, V = ()>(Vec<(K, V)>);

impl<K: Hash, V: Hash> Hash for SortedMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        crate::hash::sorted(self.0.iter(), state);
    }
}

/// A list whose order counts for nothing but what is said or sent first at one moment: two with the same items hash alike.
#[derive(Clone, Debug)]
pub struct Bag<T>(pub Vec<T>);

impl<T: Hash> Hash for Bag<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        crate::hash::loose(self.0.iter(), state);
    }
}

/// Sorts a short or nearly sorted list by insertion. The library's sorts add more code to the page than they save time.
pub fn insertion_sort<T: Ord>(few: &mut [T]) {
    for end in 1..few.len() {
        let place = few[..end].partition_point(|each| *each <= few[end]);
        few[place..=end].rotate_right(1);
    }
}

impl<K, V> Default for SortedMap<K, V> {
    #[inline]
    fn default() -> SortedMap<K, V> {
        SortedMap(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// An empty map.
    #[must_use]
    #[inline]
    pub const fn new() -> SortedMap<K, V> {
        SortedMap(Vec::new())
    }

    /// The place of the key, or the place at which it would be inserted.
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(each, _)| each.cmp(key))
    }

    /// The value of this key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|place| &self.0[place].1)
    }

    /// Whether the key has a value.
    #[must_use]
    #[inline]
    pub fn contains(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// The value of this key, which is `value` if it had none.
    pub fn or_insert(&mut self, key: K, value: V) -> &mut V {
        let place = self.place(&key).unwrap_or_else(|place| {
            self.0.insert(place, (key, value));
            place
        });
        &mut self.0[place].1
    }

    /// Gives the key this value, and returns the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(core::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes the key away, and returns the value that it had.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// The largest key, and its value.
    #[must_use]
    #[inline]
    pub fn last(&self) -> Option<&(K, V)> {
        self.0.last()
    }

    /// All, from the least key on.
    #[inline]
    pub fn iter(&self) -> core::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// All from `key` on, itself included.
    #[inline]
    pub fn from(&self, key: &K) -> core::slice::Iter<'_, (K, V)> {
        let place = self.place(key).unwrap_or_else(|place| place);
        self.0[place..].iter()
    }

    /// All values, from that of the least key on.
    #[inline]
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The number of keys.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Ord> SortedMap<K> {
    /// Puts the key into the set; says whether it is new there.
    #[inline]
    pub fn add(&mut self, key: K) -> bool {
        self.insert(key, ()).is_none()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = alloc::vec::IntoIter<(K, V)>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = &'a (K, V);
    type IntoIter = core::slice::Iter<'a, (K, V)>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    /// The last value of a key counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> SortedMap<K, V> {
        let mut map = SortedMap::new();
        for (key, value) in items {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::SortedMap;
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    #[test]
    fn a_sorted_map_says_what_a_tree_says() {
        let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
        for step in 0..400_u32 {
            let key = step * 37 % 101;
            match step % 3 {
                0 => assert_eq!(map.insert(key, step), tree.insert(key, step)),
                1 => assert_eq!(map.remove(&key), tree.remove(&key)),
                _ => assert_eq!(map.or_insert(key, step), tree.entry(key).or_insert(step)),
            }
            assert_eq!((map.get(&step), map.len()), (tree.get(&step), tree.len()));
            assert_eq!(map.last().map(|(key, value)| (key, value)), tree.last_key_value());
            assert!(map.from(&50).map(|(key, value)| (key, value)).eq(tree.range(50..)));
        }
        assert_eq!(map.clone().into_iter().collect::<Vec<_>>(), tree.clone().into_iter().collect::<Vec<_>>());
        assert_eq!(crate::hash::hash64(&map), crate::hash::hash64(&tree));
    }
}
