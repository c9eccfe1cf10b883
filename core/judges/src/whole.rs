//! An object with all its parts, for consistency that is not local.

use super::history::Entry;
use super::specification::{Foresight, Known, Reason, Sequential};
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::sorted_map::SortedMap;

/// An object with all its parts.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Whole<S> {
    parts: SortedMap<u32, S>,
    /// The state with which each part begins.
    begins: S,
}

impl<S> Whole<S> {
    pub(super) fn beginning(begins: S) -> Whole<S> {
        Whole { parts: SortedMap::default(), begins }
    }
}

impl<S: Sequential> Sequential for Whole<S> {
    type Operation = S::Operation;
    type Answer = S::Answer;
    type Foresight = OfParts<S>;

    fn apply(&mut self, operation: S::Operation) -> S::Answer {
        self.parts.or_insert(S::part(operation), self.begins.clone()).apply(operation)
    }

    fn only_looks(operation: S::Operation, told: &S::Answer) -> bool {
        S::only_looks(operation, told)
    }

    fn weight(&self) -> usize {
        let words = (size_of::<S>() + size_of::<u32>()).div_ceil(8);
        self.parts.iter().map(|(_, part)| words + part.weight()).sum()
    }

    fn claim(operation: S::Operation, told: &S::Answer, possible: &[S::Answer]) -> String {
        S::claim(operation, told, possible)
    }

    fn reason(
        entries: &[Entry<S::Operation, S::Answer>],
        stuck: u32,
        possible: &[S::Answer],
        begins: &Whole<S>,
    ) -> Option<Reason> {
        S::reason(entries, stuck, possible, &begins.begins)
    }
}

/// The foresight of each part.
pub(super) struct OfParts<S: Sequential> {
    /// By operation: the place of its part, and its number there.
    numbers: Vec<(u32, u32)>,
    /// The numbers of the parts, sorted.
    names: Vec<u32>,
    parts: Vec<S::Foresight>,
    /// The part of the last operation. The others have not changed.
    last: Option<u32>,
}

impl<S: Sequential> OfParts<S> {
    fn is_hopeless(&self, place: usize, state: &Whole<S>) -> bool {
        self.parts[place].hopeless(state.parts.get(&self.names[place]).unwrap_or(&state.begins))
    }
}

impl<S: Sequential> Foresight<Whole<S>> for OfParts<S> {
    fn of(operations: &[Known<'_, S::Operation, S::Answer>], begins: &Whole<S>) -> OfParts<S> {
        let mut names: Vec<u32> = operations.iter().map(|known| S::part(known.operation)).collect();
        names.sort_unstable();
        names.dedup();
        let mut of_parts: Vec<Vec<Known<'_, S::Operation, S::Answer>>> = names.iter().map(|_| Vec::new()).collect();
        let mut numbers = Vec::with_capacity(operations.len());
        for known in operations {
            let place = names.binary_search(&S::part(known.operation)).unwrap_or_default();
            numbers.push((place as u32, of_parts[place].len() as u32));
            let Known { operation, told, gives, called, end } = *known;
            of_parts[place].push(Known { operation, told, gives, called, end });
        }
        let parts = of_parts.iter().map(|all| S::Foresight::of(all, &begins.begins)).collect();
        OfParts { numbers, names, parts, last: None }
    }

    fn take(&mut self, operation: u32) {
        let (place, number) = self.numbers[operation as usize];
        self.last = Some(place);
        self.parts[place as usize].take(number);
    }

    fn put_back(&mut self, operation: u32) {
        let (place, number) = self.numbers[operation as usize];
        self.parts[place as usize].put_back(number);
    }

    fn hopeless(&self, state: &Whole<S>) -> bool {
        match self.last {
            Some(place) => self.is_hopeless(place as usize, state),
            None => (0..self.parts.len()).any(|place| self.is_hopeless(place, state)),
        }
    }

    fn certain(&self, operation: u32) -> bool {
        let (place, number) = self.numbers[operation as usize];
        self.parts[place as usize].certain(number)
    }

    fn canonical(&self, state: &Whole<S>) -> Whole<S> {
        let mut state = state.clone();
        if let Some(place) = self.last {
            let part = state.parts.or_insert(self.names[place as usize], state.begins.clone());
            *part = self.parts[place as usize].canonical(part);
        }
        state
    }

    fn unmet(&self, state: &Whole<S>) -> Option<u32> {
        let unmet = |(place, foresight): (usize, &S::Foresight)| {
            let number = foresight.unmet(&state.begins)?;
            self.numbers.iter().position(|each| *each == (place as u32, number))
        };
        self.parts.iter().enumerate().find_map(unmet).map(|number| number as u32)
    }
}
