//! Judges a whole history: the search of Wing & Gong (1993) that remembers where it has been (Lowe 2017).
//!
//! An operation that may be next takes effect if it then answers as its process was told; where none can, the last is
//! put back. A configuration, that is which operations have taken effect and the state then, is tried once. An answered
//! operation that fits and only looks is taken without a second thought: whatever works without it works after it, too.
//!
//! Linearizability is local: parts of an object that do not touch, the keys of a store, are judged alone. Sequential
//! consistency is not.

use super::history::{Entry, History, Moment, Outcome};
use super::order::{Order, Program, RealTime};
use super::seen::{Numbers, Seen};
use super::specification::{MAX_POSSIBLE, NO_ORDER, Reason, Sequential};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::table::Table;

/// What is known about a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This order explains every answer. Operations that failed are not in it; those of which nothing is known are where
    /// they are needed.
    Explained {
        /// Places in [`History::entries`].
        order: Vec<u32>,
    },
    /// No order does.
    Unexplained(Unplaced),
    /// There are too many configurations to tell.
    Undecided {
        /// How many were tried.
        configurations: usize,
    },
}

/// The furthest that orders go, and what cannot be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// An order that goes as far as orders go. In real time: it explains every answer before that of the operation that
    /// cannot be placed, of the same part of the object.
    pub furthest: Vec<u32>,
    /// That operation. In real time: with its answer, no order explains what was asked until then.
    pub operation: u32,
    /// What is wrong: "read x = 1 must be 2".
    pub claim: String,
    /// Why, if one operation or its absence is reason enough.
    pub reason: Option<Reason>,
}

impl Unplaced {
    /// Both in one sentence, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let reason = self.reason.as_ref().map_or(NO_ORDER, |reason| &reason.text);
        [&self.claim, ": ", reason].concat()
    }
}

/// A history of the object `S`.
type Erased<S> = History<<S as Sequential>::Operation, <S as Sequential>::Answer>;

/// Whether some order explains every answer in which operations that do not overlap keep their order.
/// At most `limit` configurations are tried for each part; [`lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS`] is plenty.
#[must_use]
pub fn linearizable<S: Sequential>(history: &Erased<S>, limit: usize) -> Verdict {
    let (mut explained, mut undecided) = (Merged::of(history.entries().len()), None);
    let mut worst: Option<(u32, Stuck<S>)> = None;
    for (_, part) in parts::<S>(history) {
        let order = RealTime::of(&part.moments, part.operations.len());
        match Search::<S, _>::new(history, part.operations, order, limit).run() {
            Found::Order(order) => explained.add(history, &order),
            Found::Limit(configurations) => undecided = Some(configurations),
            Found::Stuck(stuck) => {
                let end = history.entries()[stuck.operation as usize].end();
                if worst.as_ref().is_none_or(|(earliest, _)| end < *earliest) {
                    worst = Some((end, stuck));
                }
            }
        }
    }
    match (worst, undecided) {
        (Some((_, stuck)), _) => Verdict::Unexplained(stuck.explain(history, S::reason)),
        (None, Some(configurations)) => Verdict::Undecided { configurations },
        (None, None) => Verdict::Explained { order: explained.order() },
    }
}

/// Whether some order explains every answer in which each process's own operations keep their order.
/// At most `limit` configurations are tried.
#[must_use]
pub fn sequentially_consistent<S: Sequential>(history: &Erased<S>, limit: usize) -> Verdict {
    let operations: Vec<u32> = (0..history.entries().len() as u32).filter(|each| counts(history, *each)).collect();
    let order = Program::of(processes(history, &operations));
    match Search::<Whole<S>, _>::new(history, operations, order, limit).run() {
        Found::Order(order) => Verdict::Explained { order },
        Found::Limit(configurations) => Verdict::Undecided { configurations },
        // Reasons speak of real time.
        Found::Stuck(stuck) => Verdict::Unexplained(stuck.explain(history, |_, _, _| None)),
    }
}

/// Whether the operation may have happened.
fn counts<O, A>(history: &History<O, A>, operation: u32) -> bool {
    !history.entries()[operation as usize].failed()
}

/// Operations that touch the same part, numbered from 0 in the order of their calls.
#[derive(Default)]
struct Part {
    operations: Vec<u32>,
    moments: Vec<Moment>,
}

fn parts<S: Sequential>(history: &Erased<S>) -> Table<u32, Part> {
    let mut parts: Table<u32, Part> = Table::new();
    let mut numbers = vec![0; history.entries().len()];
    for moment in history.moments() {
        let (Moment::Call(operation) | Moment::Return(operation)) = *moment;
        let entry = &history.entries()[operation as usize];
        if entry.failed() {
            continue;
        }
        let part = parts.or_insert(S::part(entry.operation), Part::default());
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
    parts
}

/// By operation: who asked, numbered from 0, and whether it is answered. Who gave up is done.
fn processes<O, A>(history: &History<O, A>, operations: &[u32]) -> Vec<(u32, bool)> {
    let mut numbers: Table<u32, u32> = Table::new();
    let mut next = 0;
    let of = operations.iter().map(|operation| {
        let entry = &history.entries()[*operation as usize];
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
struct Merged {
    /// By operation: whether it takes effect when it is called. Others take effect just after another one of their part.
    at_once: Vec<bool>,
    /// By operation: which one.
    then: Vec<Option<u32>>,
}

impl Merged {
    fn of(operations: usize) -> Merged {
        Merged { at_once: vec![false; operations], then: vec![None; operations] }
    }

    fn add<O, A>(&mut self, history: &History<O, A>, order: &[u32]) {
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

    fn order(&self) -> Vec<u32> {
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

/// An object with all its parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Whole<S>(Table<u32, S>);

impl<S> Default for Whole<S> {
    fn default() -> Whole<S> {
        Whole(Table::default())
    }
}

impl<S: Sequential> Sequential for Whole<S> {
    type Operation = S::Operation;
    type Answer = S::Answer;

    fn apply(&mut self, operation: S::Operation) -> S::Answer {
        self.0.or_insert(S::part(operation), S::default()).apply(operation)
    }

    fn only_looks(operation: S::Operation, told: &S::Answer) -> bool {
        S::only_looks(operation, told)
    }

    fn claim(operation: S::Operation, told: &S::Answer, possible: &[S::Answer]) -> String {
        S::claim(operation, told, possible)
    }
}

/// How a search ended.
enum Found<S: Sequential> {
    Order(Vec<u32>),
    Stuck(Stuck<S>),
    Limit(usize),
}

/// Where a search was stuck furthest.
struct Stuck<S: Sequential> {
    /// How far the answer stood that could not be explained, and how many operations were placed.
    reach: (u32, usize),
    operation: u32,
    furthest: Vec<u32>,
    /// What it could have answered there, in order; with more than [`MAX_POSSIBLE`], not all.
    possible: Vec<S::Answer>,
}

impl<S: Sequential> Stuck<S> {
    fn explain(
        self,
        history: &Erased<S>,
        reason: impl Fn(&[Entry<S::Operation, S::Answer>], u32, &[S::Answer]) -> Option<Reason>,
    ) -> Unplaced {
        let entry = &history.entries()[self.operation as usize];
        let claim = entry.answer().map(|told| S::claim(entry.operation, told, &self.possible)).unwrap_or_default();
        let reason = reason(history.entries(), self.operation, &self.possible);
        Unplaced { furthest: self.furthest, operation: self.operation, claim, reason }
    }
}

struct Search<'a, S: Sequential, O> {
    entries: &'a [Entry<S::Operation, S::Answer>],
    /// By number here: places in `entries`.
    operations: Vec<u32>,
    /// By number here: which of the two sets of numbers it is in, the answered or the others, and its number there.
    numbers: Vec<(u8, u32)>,
    /// Answered operations that have not taken effect.
    remaining: usize,
    order: O,
    taken: [Numbers; 2],
    seen: Seen<S>,
    state: S,
    /// What took effect, the state before, and whether it only looked.
    steps: Vec<(u32, S, bool)>,
    stuck: Option<Stuck<S>>,
    limit: usize,
}

impl<'a, S: Sequential, O: Order> Search<'a, S, O> {
    fn new(history: &'a Erased<S>, operations: Vec<u32>, order: O, limit: usize) -> Search<'a, S, O> {
        let entries = history.entries();
        let mut counts = [0_u32; 2];
        let numbers = operations.iter().map(|operation| {
            let set = u8::from(entries[*operation as usize].answer().is_none());
            let count = &mut counts[usize::from(set)];
            *count += 1;
            (set, *count - 1)
        });
        let numbers = numbers.collect();
        Search {
            entries,
            numbers,
            remaining: counts[0] as usize,
            order,
            taken: counts.map(|count| Numbers::below(count as usize)),
            seen: Seen::new(),
            state: S::default(),
            steps: Vec::with_capacity(operations.len()),
            operations,
            stuck: None,
            limit,
        }
    }

    fn run(mut self) -> Found<S> {
        let mut candidate = self.order.first();
        while self.remaining > 0 {
            candidate = match candidate {
                Some(operation) if self.try_it(operation) => self.order.first(),
                Some(operation) => self.order.after(operation),
                None => {
                    self.note();
                    match self.step_back() {
                        Some(operation) => self.order.after(operation),
                        None => break,
                    }
                }
            };
            // Long configurations count for several, so that a limit is one of memory, too.
            if self.seen.len().max(self.seen.words() / 8) > self.limit {
                return Found::Limit(self.seen.len());
            }
        }
        match self.stuck {
            Some(stuck) if self.remaining > 0 => Found::Stuck(stuck),
            _ => Found::Order(self.steps.iter().map(|step| self.operations[step.0 as usize]).collect()),
        }
    }

    fn entry(&self, operation: u32) -> &'a Entry<S::Operation, S::Answer> {
        &self.entries[self.operations[operation as usize] as usize]
    }

    /// Lets an operation take effect, unless its answer is another, or that leads where the search has been.
    fn try_it(&mut self, operation: u32) -> bool {
        let entry = self.entry(operation);
        let mut next = self.state.clone();
        let answer = next.apply(entry.operation);
        let told = entry.answer();
        // What nobody knows of is of use only where it changes something.
        if told.map_or(next == self.state, |told| *told != answer) {
            return false;
        }
        let only_looks = told.is_some() && S::only_looks(entry.operation, &answer);
        let (set, number) = self.numbers[operation as usize];
        let taken = &mut self.taken[usize::from(set)];
        taken.add(number as usize);
        if !self.seen.add(&self.taken, next.clone()) {
            self.taken[usize::from(set)].remove(number as usize);
            return false;
        }
        self.order.take(operation);
        self.remaining -= usize::from(told.is_some());
        self.steps.push((operation, core::mem::replace(&mut self.state, next), only_looks));
        true
    }

    /// Puts back the last operation for which there may be another; gives it.
    fn step_back(&mut self) -> Option<u32> {
        while let Some((operation, before, only_looks)) = self.steps.pop() {
            let (set, number) = self.numbers[operation as usize];
            self.taken[usize::from(set)].remove(number as usize);
            self.order.put_back(operation);
            self.remaining += usize::from(set == 0);
            self.state = before;
            if !only_looks {
                return Some(operation);
            }
        }
        None
    }

    /// Remembers the furthest place where nothing fits, and what the operation that is next there would answer.
    fn note(&mut self) {
        let Some((operation, reach)) = self.order.blocked_by() else { return };
        let (reach, place) = ((reach, self.steps.len()), self.operations[operation as usize]);
        if let Some(best) = &self.stuck
            && (best.reach.0 > reach.0 || best.operation != place && best.reach >= reach)
        {
            return;
        }
        let answer = self.state.clone().apply(self.entry(operation).operation);
        let kept = self.stuck.take().filter(|stuck| stuck.operation == place);
        let mut stuck = match kept {
            Some(stuck) if stuck.reach >= reach => stuck,
            kept => Stuck {
                reach,
                operation: place,
                furthest: self.steps.iter().map(|step| self.operations[step.0 as usize]).collect(),
                possible: kept.map(|stuck| stuck.possible).unwrap_or_default(),
            },
        };
        if stuck.possible.len() <= MAX_POSSIBLE
            && let Err(place) = stuck.possible.binary_search(&answer)
        {
            stuck.possible.insert(place, answer);
        }
        self.stuck = Some(stuck);
    }
}
