//! The search for an order: Wing & Gong (1993), with Lowe's memory of where it has been (2017).
//!
//! An operation that may be next takes effect if it then answers as its process was told; where none can, the last is
//! put back. A configuration, that is which operations have taken effect and the state then, is tried once. An answered
//! operation that fits and only looks is taken without a second thought: whatever works without it works after it, too.
//! What the object says of the answers to come ([`Foresight`]) cuts off what leads to none of them.

use super::history::{Entry, Moment};
use super::order::{NONE, Order, RealTime};
use super::parts::Erased;
use super::seen::{Numbers, Seen};
use super::specification::{Foresight, Known, Sequential};
use alloc::vec;
use alloc::vec::Vec;

/// How a search ended.
pub(super) enum Found {
    /// Places in the history.
    Order(Vec<u32>),
    /// Nothing explains all answers; how far it came, unless looking ahead said so at once.
    Stuck(Option<Stuck>),
    /// After so many configurations.
    Limit(usize),
}

/// Where a search was stuck furthest.
#[derive(Default)]
pub(super) struct Stuck {
    /// How far the answer stood that could not be explained, and how many operations were placed.
    reach: (u32, usize),
    /// That operation: its place in the history.
    pub operation: u32,
    pub furthest: Vec<u32>,
}

impl Stuck {
    pub(super) fn of(operation: u32, furthest: Vec<u32>) -> Stuck {
        Stuck { reach: (0, 0), operation, furthest }
    }
}

/// What is to be placed, and what is known of it.
pub(super) struct Task<'a, S: Sequential> {
    /// By number: the operation, and its place in the history.
    operations: Vec<u32>,
    entries: &'a [Entry<S::Operation, S::Answer>],
    /// What is answered after this moment need not be placed; but where it is, its answer is that.
    until: u32,
    /// An operation that may answer anything but this.
    any_but: Option<(u32, Vec<S::Answer>)>,
    begins: S,
    limit: usize,
}

impl<'a, S: Sequential> Task<'a, S> {
    pub(super) fn of(history: &'a Erased<S>, operations: Vec<u32>, begins: &S, limit: usize) -> Task<'a, S> {
        let entries = history.entries();
        Task { operations, entries, until: u32::MAX, any_but: None, begins: begins.clone(), limit }
    }

    /// Only what is answered until this moment.
    pub(super) fn until(self, until: u32) -> Task<'a, S> {
        Task { until, ..self }
    }

    /// This operation may answer anything but these.
    pub(super) fn any_but(self, operation: u32, answers: &[S::Answer]) -> Task<'a, S> {
        Task { any_but: Some((operation, answers.to_vec())), ..self }
    }

    /// An operation that nothing explains, whatever the order: its place in the history.
    pub(super) fn unmet(&self) -> Option<u32> {
        let number = S::Foresight::of(&self.known(false), &self.begins).unmet(&self.begins)?;
        Some(self.operations[number as usize])
    }

    fn entry(&self, number: u32) -> &'a Entry<S::Operation, S::Answer> {
        &self.entries[self.operations[number as usize] as usize]
    }

    /// What it is known to answer, if that is soon enough: then it must be placed.
    fn told(&self, number: u32) -> Option<&'a S::Answer> {
        self.entry(number).answer().filter(|_| self.entry(number).end() <= self.until)
    }

    fn is_free(&self, number: u32) -> bool {
        self.any_but.as_ref().is_some_and(|(operation, _)| *operation == self.operations[number as usize])
    }

    fn known(&self, in_time: bool) -> Vec<Known<'a, S::Operation, S::Answer>> {
        let known = (0..self.operations.len() as u32).map(|number| {
            let (entry, told) = (self.entry(number), self.told(number).filter(|_| !self.is_free(number)));
            let (called, end) = if in_time { (entry.called, entry.end()) } else { (0, u32::MAX) };
            let end = if told.is_some() { end } else { u32::MAX };
            Known { operation: entry.operation, told, called, end }
        });
        known.collect()
    }

    /// Searches, with no foresight.
    pub(super) fn plain(self, order: impl Order) -> Found {
        Search::<S, _, ()>::new(self, order, (), Vec::new()).run()
    }

    /// Searches an order in program order, looking ahead.
    pub(super) fn ahead(self, order: impl Order) -> Found {
        let foresight = S::Foresight::of(&self.known(false), &self.begins);
        Search::<S, _, S::Foresight>::new(self, order, foresight, Vec::new()).run()
    }

    /// Searches an order in real time, looking ahead. `moments` are those of the operations, whose numbers are the same.
    pub(super) fn ahead_in_time(mut self, moments: &[Moment]) -> Found {
        let known = self.known(true);
        let foresight = S::Foresight::of(&known, &self.begins);
        if foresight.hopeless(&self.begins) {
            return Found::Stuck(None);
        }
        // What nobody knows of and what helps nobody need not be placed; any answer may need it.
        let any = self.any_but.is_some();
        let needed = |number: u32| any || self.told(number).is_some() || !foresight.useless(number);
        let kept: Vec<u32> = (0..self.operations.len() as u32).filter(|number| needed(*number)).collect();
        if kept.len() == self.operations.len() {
            let order = RealTime::of(moments, kept.len());
            let twins = twins(&self, &known);
            return Search::<S, _, S::Foresight>::new(self, order, foresight, twins).run();
        }
        let mut numbers = vec![NONE; self.operations.len()];
        kept.iter().zip(0..).for_each(|(number, new)| numbers[*number as usize] = new);
        let renumbered = moments.iter().filter_map(|moment| {
            let (Moment::Call(number) | Moment::Return(number)) = *moment;
            let new = numbers[number as usize];
            let moment = if matches!(moment, Moment::Call(_)) { Moment::Call(new) } else { Moment::Return(new) };
            (new != NONE).then_some(moment)
        });
        let moments: Vec<Moment> = renumbered.collect();
        self.operations = kept.iter().map(|number| self.operations[*number as usize]).collect();
        self.ahead_in_time(&moments)
    }
}

/// By operation: one that asks and is told the same, is called before and is not over after it: which goes first.
fn twins<S: Sequential>(task: &Task<'_, S>, known: &[Known<'_, S::Operation, S::Answer>]) -> Vec<u32> {
    /// How far back a twin is looked for.
    const FAR: usize = 64;
    let same = |one: usize, other: usize| {
        let answer = |number: usize| task.entry(number as u32).answer();
        known[one].operation == known[other].operation
            && answer(one) == answer(other)
            && known[one].end <= known[other].end
    };
    let twin = |number: usize| {
        let free = |place: usize| task.is_free(place as u32);
        if free(number) {
            return NONE;
        }
        let before = (number.saturating_sub(FAR)..number).rev();
        let mut twins = before.filter(|other| !free(*other) && same(*other, number));
        twins.next().map_or(NONE, |other| other as u32)
    };
    (0..known.len()).map(twin).collect()
}

struct Search<'a, S: Sequential, O, F> {
    task: Task<'a, S>,
    /// By number: which of the two sets of numbers it is in, the answered or the others, and its number there.
    numbers: Vec<(u8, u32)>,
    /// Answered operations that have not taken effect.
    remaining: usize,
    order: O,
    foresight: F,
    /// By number: an operation that goes before it. May be empty.
    twins: Vec<u32>,
    taken: [Numbers; 2],
    seen: Seen<S>,
    state: S,
    /// What took effect, the state before, and whether nothing else need be tried there.
    steps: Vec<(u32, S, bool)>,
    stuck: Option<Stuck>,
}

impl<'a, S: Sequential, O: Order, F: Foresight<S>> Search<'a, S, O, F> {
    fn new(task: Task<'a, S>, order: O, foresight: F, twins: Vec<u32>) -> Search<'a, S, O, F> {
        let mut counts = [0_u32; 2];
        let numbers = (0..task.operations.len() as u32).map(|number| {
            let set = u8::from(task.told(number).is_none());
            let count = &mut counts[usize::from(set)];
            *count += 1;
            (set, *count - 1)
        });
        let numbers = numbers.collect();
        Search {
            numbers,
            remaining: counts[0] as usize,
            order,
            foresight,
            twins,
            taken: counts.map(|count| Numbers::below(count as usize)),
            seen: Seen::new(),
            state: task.begins.clone(),
            steps: Vec::with_capacity(task.operations.len()),
            stuck: None,
            task,
        }
    }

    fn run(mut self) -> Found {
        if self.remaining > 0 && self.foresight.hopeless(&self.state) {
            return Found::Stuck(None);
        }
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
            if self.seen.len().max(self.seen.words() / 8) > self.task.limit {
                return Found::Limit(self.seen.len());
            }
        }
        if self.remaining > 0 { Found::Stuck(self.stuck) } else { Found::Order(self.placed()) }
    }

    fn placed(&self) -> Vec<u32> {
        self.steps.iter().map(|step| self.task.operations[step.0 as usize]).collect()
    }

    fn is_taken(&self, operation: u32) -> bool {
        let (set, number) = self.numbers[operation as usize];
        self.taken[usize::from(set)].contains(number as usize)
    }

    /// Lets an operation take effect, unless its answer is another, or that leads where the search has been, or nowhere.
    fn try_it(&mut self, operation: u32) -> bool {
        let twin = self.twins.get(operation as usize).copied().unwrap_or(NONE);
        if twin != NONE && !self.is_taken(twin) {
            return false;
        }
        let asked = self.task.entry(operation).operation;
        let mut next = self.state.clone();
        let answer = next.apply(asked);
        let (told, free) = (self.task.told(operation), self.task.is_free(operation));
        let fits = match (&self.task.any_but, self.task.entry(operation).answer()) {
            (Some((_, not)), _) if free => !not.contains(&answer),
            (_, told) => told.is_none_or(|told| *told == answer),
        };
        if !fits {
            return false;
        }
        let looks = told.is_some() && S::only_looks(asked, &answer);
        let (set, number) = self.numbers[operation as usize];
        self.taken[usize::from(set)].add(number as usize);
        self.foresight.take(operation);
        let any = self.task.any_but.is_some();
        // Whoever may answer anything tells every state from every other.
        let canonical = |state: &S| if any { state.clone() } else { self.foresight.canonical(state) };
        let after = canonical(&next);
        let forgets = told.is_some() && !any && self.foresight.forgets(&next);
        let changes = told.is_some() && !forgets || canonical(&self.state) != after;
        // What nobody knows of is of use only where it changes something.
        let useless = told.is_none() && !changes || self.foresight.hopeless(&next);
        if useless || !self.seen.add(&self.taken, after, next.weight()) {
            self.taken[usize::from(set)].remove(number as usize);
            self.foresight.put_back(operation);
            return false;
        }
        let certain = !free && (looks || !changes || !any && self.foresight.certain(operation));
        self.order.take(operation);
        self.remaining -= usize::from(told.is_some());
        self.steps.push((operation, core::mem::replace(&mut self.state, next), certain));
        true
    }

    /// Puts back the last operation for which there may be another; gives it.
    fn step_back(&mut self) -> Option<u32> {
        while let Some((operation, before, certain)) = self.steps.pop() {
            let (set, number) = self.numbers[operation as usize];
            self.taken[usize::from(set)].remove(number as usize);
            self.foresight.put_back(operation);
            self.order.put_back(operation);
            self.remaining += usize::from(set == 0);
            self.state = before;
            if !certain {
                return Some(operation);
            }
        }
        None
    }

    /// Remembers the furthest place where nothing fits, and the operation that is next there.
    fn note(&mut self) {
        let Some((operation, reach)) = self.order.blocked_by() else { return };
        let reach = (reach, self.steps.len());
        if self.stuck.as_ref().is_none_or(|best| best.reach < reach) {
            let operation = self.task.operations[operation as usize];
            self.stuck = Some(Stuck { reach, operation, furthest: self.placed() });
        }
    }
}
