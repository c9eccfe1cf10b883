//! The parts of a history that do not touch, and how the orders of parts become one.

use super::history::{Entry, History, Moment, Outcome};
use super::specification::Sequential;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::table::Table;

/// A history of the object `S`.
pub(super) type Erased<S> = History<<S as Sequential>::Operation, <S as Sequential>::Answer>;

/// Operations that touch the same part, numbered from 0 in the order of their calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// By number: their places in the history.
    pub operations: Vec<u32>,
    /// Calls and answers, in order.
    pub moments: Vec<Moment>,
}

/// The parts, in the order of their first calls.
pub(super) fn parts<S: Sequential>(history: &Erased<S>) -> Vec<Part> {
    let mut names: Vec<u32> = history.entries().iter().map(|entry| S::part(entry.operation)).collect();
    names.sort_unstable();
    names.dedup();
    let mut parts = vec![Part::default(); names.len()];
    let mut numbers = vec![0; history.entries().len()];
    for moment in history.moments() {
        let (Moment::Call(operation) | Moment::Return(operation)) = *moment;
        let entry = &history.entries()[operation as usize];
        let part = names.binary_search(&S::part(entry.operation)).ok().and_then(|place| parts.get_mut(place));
        let Some(part) = part.filter(|_| !entry.failed()) else { continue };
        match moment {
            Moment::Call(_) => {
                numbers[operation as usize] = part.operations.len() as u32;
                part.moments.push(Moment::Call(part.operations.len() as u32));
                part.operations.push(operation);
            }
            Moment::Return(_) if entry.answer().is_some() => {
                part.moments.push(Moment::Return(numbers[operation as usize]));
            }
            Moment::Return(_) => {}
        }
    }
    parts.retain(|part| !part.operations.is_empty());
    parts.sort_by_key(|part| part.operations[0]);
    parts
}

impl Part {
    /// The same up to a moment of its history, that one with it.
    pub(super) fn until<O, A>(&self, history: &History<O, A>, last: u32) -> Part {
        let entry = |number: u32| &history.entries()[self.operations[number as usize] as usize];
        let in_time = |moment: &&Moment| match **moment {
            Moment::Call(number) => entry(number).called <= last,
            Moment::Return(number) => entry(number).end() <= last,
        };
        let moments: Vec<Moment> = self.moments.iter().take_while(in_time).copied().collect();
        let calls = moments.iter().filter(|moment| matches!(moment, Moment::Call(_))).count();
        Part { operations: self.operations[..calls].to_vec(), moments }
    }

    /// When its answers were given, in order.
    pub(super) fn answers<O, A>(&self, history: &History<O, A>) -> Vec<u32> {
        let at = |moment: &Moment| match *moment {
            Moment::Return(number) => Some(history.entries()[self.operations[number as usize] as usize].end()),
            Moment::Call(_) => None,
        };
        self.moments.iter().filter_map(at).collect()
    }
}

/// Whether the operation may have happened.
pub(super) fn counts<O, A>(history: &History<O, A>, operation: u32) -> bool {
    !history.entries()[operation as usize].failed()
}

/// By operation: who asked, numbered from 0, and whether it is answered. Who gave up is done.
pub(super) fn processes<O, A>(history: &History<O, A>, operations: &[u32]) -> Vec<(u32, bool)> {
    let mut numbers: Table<u32, u32> = Table::new();
    let mut next = 0;
    let of = operations.iter().map(|operation| {
        let entry: &Entry<O, A> = &history.entries()[*operation as usize];
        let number = *numbers.or_insert(entry.process, next);
        next = next.max(number + 1);
        if matches!(entry.outcome, Outcome::Unknown { .. }) {
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
