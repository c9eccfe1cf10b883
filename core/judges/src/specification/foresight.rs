//! Foresight: that some later answer is impossible from a state, or that an operation may as well take effect now. It makes
//! searches short and changes no verdict.

use super::sequential::Sequential;
use alloc::vec;
use alloc::vec::Vec;

/// An operation that is to be placed. Operations have numbers from 0, in the order of their calls.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a, O, A> {
    /// What the process asked.
    pub operation: O,
    /// What the process was told; none if that is unknown.
    pub told: Option<&'a A>,
    /// The answer that it gives if it takes effect; none if it may give any. Where `told` is none, it may be left out.
    pub gives: Option<&'a A>,
    /// The place of its call.
    pub called: u32,
    /// The place of its end; [`u32::MAX`] if its completion is unknown or time does not count.
    pub end: u32,
}

/// What a search knows of the answers to come. Without such knowledge, searches take longer.
pub trait Foresight<S: Sequential>: Sized {
    /// For an object that begins as `begins`, before any of the operations takes effect.
    fn of(operations: &[Known<'_, S::Operation, S::Answer>], begins: &S) -> Self;

    /// The operation takes effect.
    fn take(&mut self, operation: u32);

    /// The operation is taken back. The last that took effect comes first.
    fn put_back(&mut self, operation: u32);

    /// Whether some later answer is impossible from this state, whatever comes.
    fn hopeless(&self, state: &S) -> bool;

    /// Whether the operation may take effect now in every order that works, so that no other need be tried in its place.
    fn certain(&self, _operation: u32) -> bool {
        false
    }

    /// The one state that stands for all that no later operation can tell from this one.
    fn canonical(&self, state: &S) -> S {
        state.clone()
    }

    /// Whether no later operation depends on the state. An operation that leads from such a state to such a state may as well
    /// take effect now.
    fn forgets(&self, _state: &S) -> bool {
        false
    }

    /// Whether the operation, whose completion is unknown, helps no answer.
    fn useless(&self, _operation: u32) -> bool {
        false
    }

    /// An operation whose answer no order can give, if one is known before any takes effect.
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

/// None knows nothing. With it, one search looks ahead or does not: two would weigh twice in the page.
impl<S: Sequential, F: Foresight<S>> Foresight<S> for Option<F> {
    fn of(operations: &[Known<'_, S::Operation, S::Answer>], begins: &S) -> Option<F> {
        Some(F::of(operations, begins))
    }
    fn take(&mut self, operation: u32) {
        if let Some(foresight) = self {
            foresight.take(operation);
        }
    }
    fn put_back(&mut self, operation: u32) {
        if let Some(foresight) = self {
            foresight.put_back(operation);
        }
    }
    fn hopeless(&self, state: &S) -> bool {
        self.as_ref().is_some_and(|foresight| foresight.hopeless(state))
    }
    fn certain(&self, operation: u32) -> bool {
        self.as_ref().is_some_and(|foresight| foresight.certain(operation))
    }
    fn canonical(&self, state: &S) -> S {
        self.as_ref().map_or_else(|| state.clone(), |foresight| foresight.canonical(state))
    }
    fn forgets(&self, state: &S) -> bool {
        self.as_ref().is_some_and(|foresight| foresight.forgets(state))
    }
}

/// What an operation does to an object that is one value.
#[derive(Clone, Copy, Debug)]
pub struct Effect<V> {
    /// The value that it found, if its answer says so.
    pub finds: Option<V>,
    /// The value on which its effect depends, whether it finds that value or not.
    pub may_find: Option<V>,
    /// The value that it leaves, if it changes it.
    pub leaves: Option<V>,
    /// Whether it must not find some value. Then any operation of unknown completion can help it.
    pub vague: bool,
}

/// The foresight of an object that is one value: the values that operations have yet to find, and those that operations can
/// still leave. A state is hopeless if a value has yet to be found, is not there, and can be left by none.
#[derive(Clone, Debug)]
pub struct ValueForesight<V> {
    /// The values that operations find, or on which their effects depend, sorted.
    values: Vec<V>,
    /// By value: how many later operations find it, leave it, and depend on it.
    counts: Vec<[u32; 3]>,
    /// How many values have yet to be found and can be left by none.
    unmet: usize,
    /// By operation: the places of the values that it finds, leaves and depends on; and whether it must not find one.
    effects: Vec<([Option<u32>; 3], bool)>,
    /// Whether any operation must not find some value.
    vague: bool,
    /// How many such operations have yet to take effect.
    refused: u32,
    /// Stands for every value that no operation finds or depends on; none if that is unknown.
    other: Option<V>,
}

impl<V: Copy + Ord> ValueForesight<V> {
    /// For these operations, by number. One of `others` stands for the values that no operation finds. `sort` sorts values.
    pub fn of_effects(
        effects: &[Effect<V>],
        mut others: impl Iterator<Item = V>,
        sort: impl FnOnce(&mut [V]),
    ) -> ValueForesight<V> {
        let mut values: Vec<V> = effects.iter().flat_map(|each| [each.finds, each.may_find]).flatten().collect();
        sort(&mut values);
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
        let mut foresight = ValueForesight { values, counts, unmet: 0, effects: places, vague, refused: 0, other };
        (0..effects.len() as u32).for_each(|operation| foresight.put_back(operation));
        foresight
    }

    /// Nothing is known.
    pub fn unknown() -> ValueForesight<V> {
        let (values, counts, effects) = (Vec::new(), Vec::new(), Vec::new());
        ValueForesight { values, counts, unmet: 0, effects, vague: true, refused: 0, other: None }
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

    /// The operation is taken back.
    pub fn put_back(&mut self, operation: u32) {
        self.change(operation, 1);
    }

    /// Whether a value other than this one has yet to be found and can be left by none.
    pub fn hopeless(&self, value: &V) -> bool {
        match self.unmet {
            0 => false,
            1 => !self.values.binary_search(value).is_ok_and(|place| is_unmet(&self.counts[place])),
            _ => true,
        }
    }

    /// Whether no operation can find what this one leaves.
    pub fn useless(&self, operation: u32) -> bool {
        !self.vague && self.effects.get(operation as usize).is_some_and(|([_, leaves, _], _)| leaves.is_none())
    }

    /// The value, or the one that stands for all that no later operation finds.
    pub fn canonical(&self, value: &V) -> V {
        let Some(other) = self.other else { return *value };
        let wanted = |place: usize| self.counts[place][0] > 0 || self.counts[place][2] > 0;
        if self.values.binary_search(value).is_ok_and(wanted) { *value } else { other }
    }

    /// Whether no later operation finds this value, depends on it, or must not find one.
    pub fn forgets(&self, value: &V) -> bool {
        self.refused == 0 && self.other == Some(self.canonical(value))
    }

    /// The first operation that finds a value that is not this one and that none can leave.
    pub fn first_unmet(&self, value: &V) -> Option<u32> {
        let missing = |place: u32| is_unmet(&self.counts[place as usize]) && self.values[place as usize] != *value;
        let first = self.effects.iter().position(|([finds, ..], _)| finds.is_some_and(missing));
        first.map(|place| place as u32)
    }
}

fn is_unmet([needed, given, _]: &[u32; 3]) -> bool {
    *needed > 0 && *given == 0
}
