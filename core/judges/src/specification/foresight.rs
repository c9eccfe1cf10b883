//! What can be said of the answers that are still to be given: that a state leads to none of them, or that an operation
//! may as well take effect now. It makes searches short, and decides nothing by itself.

use super::sequential::Sequential;
use alloc::vec;
use alloc::vec::Vec;

/// An operation that is to be placed. Operations have numbers from 0, in the order of their calls.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a, O, A> {
    /// What was asked.
    pub operation: O,
    /// What was told; none if that is not known.
    pub told: Option<&'a A>,
    /// When it was asked.
    pub called: u32,
    /// When it was over; never, if that is not known, or does not count.
    pub end: u32,
}

/// What is known ahead. It may know nothing: then searches take longer.
pub trait Foresight<S: Sequential>: Sized {
    /// Of these operations, none of which has taken effect, on an object that begins so.
    fn of(operations: &[Known<'_, S::Operation, S::Answer>], begins: &S) -> Self;

    /// This operation takes effect.
    fn take(&mut self, operation: u32);

    /// It has not taken effect after all.
    fn put_back(&mut self, operation: u32);

    /// Whether an answer that is still to be given can be given no more, whatever comes.
    fn hopeless(&self, state: &S) -> bool;

    /// Whether nothing is lost if the operation takes effect now, and so nothing else need be tried in its place.
    fn certain(&self, _operation: u32) -> bool {
        false
    }

    /// A state that no operation still to come tells from this one: the same for all such.
    fn canonical(&self, state: &S) -> S {
        state.clone()
    }

    /// Whether nobody looks for what the state is: an operation that leads here from such a state may as well take effect now.
    fn forgets(&self, _state: &S) -> bool {
        false
    }

    /// Whether the operation, whose answer is not known, is of no use for any answer.
    fn useless(&self, _operation: u32) -> bool {
        false
    }

    /// An operation whose answer nothing can give, if one is known before anything takes effect.
    fn unmet(&self, _state: &S) -> Option<u32> {
        None
    }
}

/// Knows nothing.
impl<S: Sequential> Foresight<S> for () {
    fn of(_: &[Known<'_, S::Operation, S::Answer>], _: &S) {}
    fn take(&mut self, _: u32) {}
    fn put_back(&mut self, _: u32) {}
    fn hopeless(&self, _: &S) -> bool {
        false
    }
}

/// What an operation does to an object that is one value.
#[derive(Clone, Copy, Debug)]
pub struct Effect<V> {
    /// The value that it must find, if its answer says so.
    pub finds: Option<V>,
    /// The value that it may find, if it is of any use; or must not find.
    pub may_find: Option<V>,
    /// The value that it leaves, if it changes it.
    pub leaves: Option<V>,
    /// Whether more could be said of it: then nothing unanswered is useless.
    pub vague: bool,
}

/// Of an object that is one value: which values are still to be found, and which can still be left. A value that is not
/// there, that somebody is still to find, and that nobody is going to leave, is the end.
#[derive(Clone, Debug)]
pub struct Supply<V> {
    /// The values that somebody finds, or may, in order.
    values: Vec<V>,
    /// By value: how many operations are still to find it, how many can leave it, and how many may look for it.
    counts: Vec<[u32; 3]>,
    /// How many values are to be found that nobody can leave.
    unmet: usize,
    /// By operation: places of what it finds and leaves, and may look for; and whether more could be said of it.
    effects: Vec<([Option<u32>; 3], bool)>,
    /// Nothing unanswered is useless.
    vague: bool,
    /// How many such operations are still to take effect.
    refused: u32,
    /// Stands for each value that nobody looks for; none if that cannot be known.
    other: Option<V>,
}

impl<V: Copy + Ord> Supply<V> {
    /// Of these operations, by their numbers. One of `others` stands for the values that nobody looks for.
    pub fn of_effects(effects: &[Effect<V>], mut others: impl Iterator<Item = V>) -> Supply<V> {
        let mut values: Vec<V> = effects.iter().flat_map(|each| [each.finds, each.may_find]).flatten().collect();
        values.sort_unstable();
        values.dedup();
        let place = |value: Option<V>| values.binary_search(&value?).ok().map(|place| place as u32);
        let places = effects.iter().map(|each| {
            let may_find = each.may_find.filter(|_| each.finds.is_none());
            ([place(each.finds), place(each.leaves), place(may_find)], each.vague)
        });
        let places: Vec<_> = places.collect();
        let other = others.find(|other| values.binary_search(other).is_err());
        let vague = effects.iter().any(|each| each.vague);
        let counts = vec![[0; 3]; values.len()];
        let mut supply = Supply { values, counts, unmet: 0, effects: places, vague, refused: 0, other };
        (0..effects.len() as u32).for_each(|operation| supply.put_back(operation));
        supply
    }

    /// That nothing is known.
    pub fn unknown() -> Supply<V> {
        let (values, counts, effects) = (Vec::new(), Vec::new(), Vec::new());
        Supply { values, counts, unmet: 0, effects, vague: true, refused: 0, other: None }
    }

    fn change(&mut self, operation: u32, by: u32) {
        let Some((places, vague)) = self.effects.get(operation as usize) else { return };
        if *vague {
            self.refused = self.refused.wrapping_add(by);
        }
        for (which, place) in places.iter().enumerate() {
            let Some(place) = *place else { continue };
            let count = &mut self.counts[place as usize];
            let before = is_unmet(count);
            count[which] = count[which].wrapping_add(by);
            match (before, is_unmet(count)) {
                (false, true) => self.unmet += 1,
                (true, false) => self.unmet -= 1,
                _ => {}
            }
        }
    }

    /// The operation takes effect.
    pub fn take(&mut self, operation: u32) {
        self.change(operation, u32::MAX);
    }

    /// It has not.
    pub fn put_back(&mut self, operation: u32) {
        self.change(operation, 1);
    }

    /// Whether a value is missing for good, while the object has this one.
    pub fn hopeless(&self, value: &V) -> bool {
        match self.unmet {
            0 => false,
            1 => !self.values.binary_search(value).is_ok_and(|place| is_unmet(&self.counts[place])),
            _ => true,
        }
    }

    /// Whether nobody can find what the operation leaves.
    pub fn useless(&self, operation: u32) -> bool {
        !self.vague && self.effects.get(operation as usize).is_some_and(|([_, leaves, _], _)| leaves.is_none())
    }

    /// The value, or the one that stands for all that nobody looks for any more.
    pub fn canonical(&self, value: &V) -> V {
        let Some(other) = self.other else { return *value };
        let wanted = |place: usize| self.counts[place][0] > 0 || self.counts[place][2] > 0;
        if self.values.binary_search(value).is_ok_and(wanted) { *value } else { other }
    }

    /// Whether nobody looks for this value any more, and nobody is left who must not find one.
    pub fn forgets(&self, value: &V) -> bool {
        self.refused == 0 && self.other == Some(self.canonical(value))
    }

    /// The first operation that finds a value which is not this one, and which nobody leaves.
    pub fn first_unmet(&self, value: &V) -> Option<u32> {
        let missing = |place: u32| is_unmet(&self.counts[place as usize]) && self.values[place as usize] != *value;
        let first = self.effects.iter().position(|([finds, ..], _)| finds.is_some_and(missing));
        first.map(|place| place as u32)
    }
}

fn is_unmet([needed, given, _]: &[u32; 3]) -> bool {
    *needed > 0 && *given == 0
}
