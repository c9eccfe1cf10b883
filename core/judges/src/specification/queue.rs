//! A queue: first in, first out.

use super::foresight::{Foresight, Known};
use super::sequential::{Reason, Sequential, Told, claim, failed, happened};
use crate::history::Entry;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{self, Display};
use core::hash::Hash;
use lightcone_engine::operation::Value;

/// A queue; its front comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Queue<V = Value>(pub Vec<V>);

impl<V> Default for Queue<V> {
    fn default() -> Queue<V> {
        Queue(Vec::new())
    }
}

/// What is asked of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOperation<V = Value> {
    /// This value comes to its end.
    Enqueue(V),
    /// Its front is taken off, and told; nothing, if it is empty.
    Dequeue,
}

impl<V: Display> Display for QueueOperation<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueueOperation::Enqueue(value) => write!(f, "enqueue {value}"),
            QueueOperation::Dequeue => f.write_str("dequeue"),
        }
    }
}

impl<V: Copy + Ord + Hash + Display> Sequential for Queue<V> {
    type Operation = QueueOperation<V>;
    type Answer = Told<V>;
    type Foresight = QueueForesight<V>;

    fn apply(&mut self, operation: QueueOperation<V>) -> Told<V> {
        match operation {
            QueueOperation::Enqueue(value) => {
                self.0.push(value);
                Told::Done
            }
            QueueOperation::Dequeue if self.0.is_empty() => Told::Value(None),
            QueueOperation::Dequeue => Told::Value(Some(self.0.remove(0))),
        }
    }

    fn only_looks(_: QueueOperation<V>, told: &Told<V>) -> bool {
        *told == Told::Value(None)
    }

    fn weight(&self) -> usize {
        (self.0.len() * size_of::<V>()).div_ceil(8)
    }

    fn claim(operation: QueueOperation<V>, told: &Told<V>, possible: &[Told<V>]) -> String {
        claim(&operation, *told, possible)
    }

    /// The value was never there, not yet, or was taken off before.
    fn reason(
        entries: &[Entry<QueueOperation<V>, Told<V>>],
        stuck: u32,
        _: &[Told<V>],
        begins: &Queue<V>,
    ) -> Option<Reason> {
        let (place, stuck) = (stuck, &entries[stuck as usize]);
        let Some(Told::Value(Some(value))) = stuck.answer() else { return None };
        let of_it = QueueOperation::Enqueue(*value);
        let enqueues = happened(entries).filter(|(_, entry)| entry.operation == of_it);
        let early = enqueues.clone().filter(|(_, entry)| entry.called < stuck.end()).count();
        let in_time = early + begins.0.iter().filter(|each| *each == value).count();
        if in_time == 0 {
            let tried = failed(entries).find(|(_, entry)| entry.operation == of_it);
            return Some(match (enqueues.count(), tried) {
                (0, None) => Reason::never(format!("{value} was never enqueued")),
                (0, Some((place, entry))) => {
                    let text = format!("the enqueue of {value} by process {} had failed", entry.process);
                    Reason { because: Some(place), ..Reason::never(text) }
                }
                _ => Reason::plain(format!("{value} was enqueued only after it")),
            });
        }
        let others = happened(entries)
            .filter(|(other, entry)| *other != place && entry.end() < stuck.called && entry.answer() == stuck.answer());
        (others.clone().count() >= in_time).then(|| {
            let text = format!("the dequeue of {value} was done before it began");
            Reason::after(text, others.last().map(|(other, _)| other))
        })
    }
}

/// The foresight of a queue. A value that is dequeued later must be in the queue or be enqueued later. Values that are
/// enqueued once and dequeued once are enqueued in the order of their dequeues.
#[derive(Clone, Debug)]
pub struct QueueForesight<V> {
    /// The values that are enqueued or dequeued, sorted.
    values: Vec<V>,
    counts: Vec<Count>,
    /// A value with which the queue begins and that no operation names.
    other: Option<V>,
    /// By operation: what it does, with the place of its value.
    does: Vec<Does>,
    /// The places of values that are enqueued and dequeued once, in the order in which their dequeues ended.
    ranks: Vec<usize>,
    /// Dequeues of unknown completion that have yet to take effect.
    open: u32,
    /// Answered dequeues that have yet to take effect.
    answered: u32,
}

/// With more operations than these, foresight takes longer than it saves.
const MOST: usize = 10_000;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    takes: u32,
    /// Dequeues that may be left out, but tell the value if they are not.
    may_take: u32,
    puts: u32,
    all_takes: u32,
    all_puts: u32,
    /// The places of the call and the end of its last dequeue.
    dequeued: (u32, u32),
}

impl Count {
    /// Whether a later dequeue tells its value.
    fn is_wanted(&self) -> bool {
        self.takes > 0 || self.may_take > 0
    }

    /// Whether its value is enqueued once and dequeued once.
    fn is_once(&self) -> bool {
        self.all_takes == 1 && self.all_puts == 1
    }
}

#[derive(Clone, Copy, Debug)]
enum Does {
    Put(usize),
    Take(usize),
    FindEmpty,
    /// It may be left out. If it tells a value, this is its place.
    Open(Option<usize>),
}

impl<V: Copy + Ord + Hash + Display> QueueForesight<V> {
    fn change(&mut self, operation: u32, by: u32) {
        match self.does.get(operation as usize) {
            Some(Does::Put(place)) => self.counts[*place].puts = self.counts[*place].puts.wrapping_add(by),
            Some(Does::Take(place)) => {
                self.counts[*place].takes = self.counts[*place].takes.wrapping_add(by);
                self.answered = self.answered.wrapping_add(by);
            }
            Some(Does::FindEmpty) => self.answered = self.answered.wrapping_add(by),
            Some(Does::Open(place)) => {
                self.open = self.open.wrapping_add(by);
                if let Some(place) = place {
                    self.counts[*place].may_take = self.counts[*place].may_take.wrapping_add(by);
                }
            }
            None => {}
        }
    }

    /// Whether the last value of the queue was enqueued before a value that is dequeued before it.
    fn out_of_order(&self, state: &Queue<V>) -> bool {
        let Some(last) = state.0.last().and_then(|last| self.values.binary_search(last).ok()) else { return false };
        let last = &self.counts[last];
        let (called, _) = last.dequeued;
        last.is_once() && {
            let earlier = self.ranks.iter().map(|place| &self.counts[*place]);
            earlier.take_while(|each| each.dequeued.1 < called).any(|each| each.puts > 0)
        }
    }

    /// Whether later dequeues need more values than there are, or values behind one that none takes.
    fn stuck(&self, state: &Queue<V>) -> bool {
        let mut waiting: Vec<u32> = self.counts.iter().map(|count| count.takes).collect();
        let (mut untaken, mut blocked) = (0, false);
        for value in &state.0 {
            match self.values.binary_search(value).ok().map(|place| &mut waiting[place]) {
                Some(takes) if *takes > 0 => {
                    *takes -= 1;
                    blocked |= untaken > self.open;
                }
                _ => untaken += 1,
            }
        }
        let left = waiting.iter().zip(&self.counts).any(|(takes, count)| *takes > count.puts);
        let behind = waiting.iter().any(|takes| *takes > 0);
        blocked || left || behind && untaken > self.open
    }
}

impl<V: Copy + Ord + Hash + Display> Foresight<Queue<V>> for QueueForesight<V> {
    fn of(operations: &[Known<'_, QueueOperation<V>, Told<V>>], begins: &Queue<V>) -> QueueForesight<V> {
        let operations = if operations.len() > MOST { &[] } else { operations };
        let value = |known: &Known<'_, QueueOperation<V>, Told<V>>| match (known.operation, known.gives) {
            (QueueOperation::Enqueue(value), _) => Some(value),
            (_, Some(Told::Value(value))) => *value,
            _ => None,
        };
        let mut values: Vec<V> = operations.iter().filter_map(value).collect();
        values.sort_unstable();
        values.dedup();
        let mut counts = vec![Count::default(); values.len()];
        let (mut does, mut open, mut answered) = (Vec::with_capacity(operations.len()), 0, 0);
        for known in operations {
            let place = value(known).and_then(|value| values.binary_search(&value).ok());
            does.push(match (known.operation, place) {
                (QueueOperation::Enqueue(_), Some(place)) => {
                    counts[place].puts += 1;
                    Does::Put(place)
                }
                (QueueOperation::Dequeue, Some(place)) if known.told.is_some() => {
                    counts[place].takes += 1;
                    counts[place].dequeued = (known.called, known.end);
                    answered += 1;
                    Does::Take(place)
                }
                _ if known.told.is_some() => {
                    answered += 1;
                    Does::FindEmpty
                }
                (_, place) => {
                    open += 1;
                    if let Some(place) = place {
                        counts[place].may_take += 1;
                    }
                    Does::Open(place)
                }
            });
        }
        for count in &mut counts {
            (count.all_takes, count.all_puts) = (count.takes, count.puts);
        }
        for place in begins.0.iter().filter_map(|value| values.binary_search(value).ok()) {
            counts[place].all_puts += 1;
        }
        let mut ranks: Vec<usize> = (0..counts.len()).filter(|place| counts[*place].is_once()).collect();
        ranks.sort_unstable_by_key(|place| counts[*place].dequeued.1);
        let other = begins.0.iter().find(|value| values.binary_search(value).is_err()).copied();
        QueueForesight { values, counts, other, does, ranks, open, answered }
    }

    fn take(&mut self, operation: u32) {
        self.change(operation, u32::MAX);
    }

    fn put_back(&mut self, operation: u32) {
        self.change(operation, 1);
    }

    fn hopeless(&self, state: &Queue<V>) -> bool {
        self.answered > 0 && (self.stuck(state) || self.out_of_order(state))
    }

    /// Values that no dequeue tells any more are alike.
    fn canonical(&self, state: &Queue<V>) -> Queue<V> {
        let other =
            (0..self.values.len()).find(|place| !self.counts[*place].is_wanted()).map(|place| self.values[place]);
        let Some(other) = other.or(self.other) else { return state.clone() };
        let wanted = |value: &V| self.values.binary_search(value).is_ok_and(|place| self.counts[place].is_wanted());
        Queue(state.0.iter().map(|value| if wanted(value) { *value } else { other }).collect())
    }

    /// An enqueue of a value that no dequeue tells is only in the way.
    fn useless(&self, operation: u32) -> bool {
        matches!(self.does.get(operation as usize), Some(Does::Put(place)) if !self.counts[*place].is_wanted())
    }

    fn unmet(&self, state: &Queue<V>) -> Option<u32> {
        let there = |place: usize| state.0.iter().filter(|value| **value == self.values[place]).count();
        let missing = |does: &Does| match does {
            Does::Take(place) => self.counts[*place].takes as usize > self.counts[*place].puts as usize + there(*place),
            _ => false,
        };
        self.does.iter().position(missing).map(|place| place as u32)
    }
}
