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
    /// The value that it may find, if it is of any use.
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
    /// By value: how many operations are still to find it, and how many can leave it.
    counts: Vec<(u32, u32)>,
    /// How many values are to be found that nobody can leave.
    unmet: usize,
    /// By operation: places of what it finds and leaves.
    effects: Vec<[Option<u32>; 2]>,
    vague: bool,
}

impl<V: Copy + Ord> Supply<V> {
    /// Of these operations, by their numbers.
    pub fn of_effects(effects: &[Effect<V>]) -> Supply<V> {
        let mut values: Vec<V> = effects.iter().flat_map(|each| [each.finds, each.may_find]).flatten().collect();
        values.sort_unstable();
        values.dedup();
        let place =
            |value: Option<V>| value.and_then(|value| values.binary_search(&value).ok()).map(|place| place as u32);
        let places: Vec<[Option<u32>; 2]> =
            effects.iter().map(|each| [place(each.finds), place(each.leaves)]).collect();
        let mut counts = vec![(0, 0); values.len()];
        for [finds, leaves] in &places {
            finds.iter().for_each(|place| counts[*place as usize].0 += 1);
            leaves.iter().for_each(|place| counts[*place as usize].1 += 1);
        }
        let unmet = counts.iter().filter(|count| is_unmet(count)).count();
        Supply { values, counts, unmet, effects: places, vague: effects.iter().any(|each| each.vague) }
    }

    /// That nothing is known.
    pub fn unknown() -> Supply<V> {
        Supply { values: Vec::new(), counts: Vec::new(), unmet: 0, effects: Vec::new(), vague: true }
    }

    fn change(&mut self, operation: u32, by: u32) {
        let Some(places) = self.effects.get(operation as usize) else { return };
        for (which, place) in places.iter().enumerate() {
            let Some(place) = *place else { continue };
            let count = &mut self.counts[place as usize];
            let before = is_unmet(count);
            let number = if which == 0 { &mut count.0 } else { &mut count.1 };
            *number = number.wrapping_add(by);
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
        !self.vague && self.effects.get(operation as usize).is_some_and(|[_, leaves]| leaves.is_none())
    }

    /// The first operation that finds a value which is not this one, and which nobody leaves.
    pub fn first_unmet(&self, value: &V) -> Option<u32> {
        let missing = |place: u32| is_unmet(&self.counts[place as usize]) && self.values[place as usize] != *value;
        let first = self.effects.iter().position(|[finds, _]| finds.is_some_and(missing));
        first.map(|place| place as u32)
    }
}

fn is_unmet((needed, given): &(u32, u32)) -> bool {
    *needed > 0 && *given == 0
}
