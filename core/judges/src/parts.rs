//! The parts of a history that share no operation, and how the orders of parts become one.

use super::history::{Completion, Endpoint, Entry, History};
use super::specification::Sequential;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::sorted_map::SortedMap;

/// A history of the object `S`.
pub(super) type Erased<S> = History<<S as Sequential>::Operation, <S as Sequential>::Answer>;

/// Operations that touch the same part, numbered from 0 in the order of their calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// By number: their places in the history.
    pub operations: Vec<u32>,
    /// Calls and answers, in order.
    pub endpoints: Vec<Endpoint>,
}

/// The parts, in the order of their first calls.
pub(super) fn parts<S: Sequential>(history: &Erased<S>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut places: SortedMap<u32, usize> = SortedMap::new();
    let mut numbers = vec![0; history.entries().len()];
    for endpoint in history.endpoints() {
        let (Endpoint::Call(operation) | Endpoint::Return(operation)) = *endpoint;
        let entry = &history.entries()[operation as usize];
        if entry.failed() {
            continue;
        }
        let place = *places.or_insert(S::part(entry.operation), parts.len());
        if place == parts.len() {
            parts.push(Part::default());
        }
        let part = &mut parts[place];
        match endpoint {
            Endpoint::Call(_) => {
                numbers[operation as usize] = part.operations.len() as u32;
                part.endpoints.push(Endpoint::Call(part.operations.len() as u32));
                part.operations.push(operation);
            }
            Endpoint::Return(_) if entry.answer().is_some() => {
                part.endpoints.push(Endpoint::Return(numbers[operation as usize]));
            }
            Endpoint::Return(_) => {}
        }
    }
    parts
}

impl Part {
    /// The same up to a place of the history, that one included.
    pub(super) fn until<O, A>(&self, history: &History<O, A>, last: u32) -> Part {
        let entry = |number: u32| &history.entries()[self.operations[number as usize] as usize];
        let in_time = |endpoint: &&Endpoint| match **endpoint {
            Endpoint::Call(number) => entry(number).called <= last,
            Endpoint::Return(number) => entry(number).end() <= last,
        };
        let endpoints: Vec<Endpoint> = self.endpoints.iter().take_while(in_time).copied().collect();
        let calls = endpoints.iter().filter(|endpoint| matches!(endpoint, Endpoint::Call(_))).count();
        Part { operations: self.operations[..calls].to_vec(), endpoints }
    }

    /// The places of its answers, in order.
    pub(super) fn answers<O, A>(&self, history: &History<O, A>) -> Vec<u32> {
        let at = |endpoint: &Endpoint| match *endpoint {
            Endpoint::Return(number) => Some(history.entries()[self.operations[number as usize] as usize].end()),
            Endpoint::Call(_) => None,
        };
        self.endpoints.iter().filter_map(at).collect()
    }
}

/// Whether the operation may have happened.
pub(super) fn counts<O, A>(history: &History<O, A>, operation: u32) -> bool {
    !history.entries()[operation as usize].failed()
}

/// For each operation, the number of its process, from 0, and whether it is answered. A process that gave up gets a new
/// number if it asks again.
pub(super) fn processes<O, A>(history: &History<O, A>, operations: &[u32]) -> Vec<(u32, bool)> {
    let mut numbers: SortedMap<u32, u32> = SortedMap::new();
    let mut next = 0;
    let of = operations.iter().map(|operation| {
        let entry: &Entry<O, A> = &history.entries()[*operation as usize];
        let number = *numbers.or_insert(entry.process, next);
        next = next.max(number + 1);
        if matches!(entry.completion, Completion::Unknown { .. }) {
            numbers.remove(&entry.process);
        }
        (number, entry.answer().is_some())
    });
    of.collect()
}

/// The orders of all parts as one: each operation takes effect as early as the order of its part allows.
pub(super) struct Merged {
    /// By operation: whether it takes effect when it is called. Others take effect just after another one of their part.
    at_once: Vec<bool>,
    /// By operation: which one.
    then: Vec<Option<u32>>,
}

impl Merged {
    pub(super) fn of(operations: usize) -> Merged {
        Merged { at_once: vec![false; operations], then: vec![None; operations] }
    }

    pub(super) fn add<O, A>(&mut self, history: &History<O, A>, order: &[u32]) {
        let mut last: Option<(u32, u32)> = None;
        for operation in order {
            let called = history.entries()[*operation as usize].called;
            last = Some(match last {
                Some((latest, last)) if latest > called => {
                    self.then[last as usize] = Some(*operation);
                    (latest, *operation)
                }
                _ => {
                    self.at_once[*operation as usize] = true;
                    (called, *operation)
                }
            });
        }
    }

    pub(super) fn order(&self) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.then.len());
        for operation in (0..).take(self.then.len()).filter(|operation| self.at_once[*operation as usize]) {
            let mut next = Some(operation);
            while let Some(operation) = next {
                order.push(operation);
                next = self.then[operation as usize];
            }
        }
        order
    }
}
