//! The search for an order: that of Wing & Gong (1993) with a memory of visited configurations (Lowe 2017).
//!
//! The search lets an operation take effect if its answer then is what its process was told. Where no operation can, the
//! search takes the last one back. A configuration is the set of operations that have taken effect, and the state after
//! them; the search tries each configuration once. An answered operation that fits and only reads is never taken back:
//! every order that works without it works after it, too. A [`Foresight`] cuts off states from which some later answer is
//! impossible.

use super::history::{Endpoint, Entry};
use super::order::{NONE, Order, RealTime};
use super::parts::Erased;
use super::specification::{Foresight, Known, Sequential};
use super::visited::{Numbers, Visited};
use alloc::vec;
use alloc::vec::Vec;

/// How a search ended.
pub(super) enum SearchResult {
    /// An order explains all answers: places in the history.
    Order(Vec<u32>),
    /// No order does. Where the search was stuck furthest; none if foresight alone says so.
    Stuck(Option<Stuck>),
    /// The limit came first, after so many configurations.
    Limit(usize),
}

/// Where a search was stuck furthest.
#[derive(Default)]
pub(super) struct Stuck {
    /// The place of the answer that could not be explained, and the number of operations placed before it.
    reach: (u32, usize),
    /// The operation with that answer: its place in the history.
    pub operation: u32,
    pub furthest: Vec<u32>,
}

impl Stuck {
    pub(super) fn of(operation: u32, furthest: Vec<u32>) -> Stuck {
        Stuck { reach: (0, 0), operation, furthest }
    }
}

/// The operations to be placed in an order, and what is known of them.
pub(super) struct Task<'a, S: Sequential> {
    /// By number here: places in `entries`.
    operations: Vec<u32>,
    entries: &'a [Entry<S::Operation, S::Answer>],
    /// Operations that end after this place of the history may be left out. If placed, they must give their answers.
    until: u32,
    /// An operation that may give any answer but these.
    any_but: Option<(u32, Vec<S::Answer>)>,
    begins: S,
    limit: usize,
}

impl<'a, S: Sequential> Task<'a, S> {
    pub(super) fn of(history: &'a Erased<S>, operations: Vec<u32>, begins: &S, limit: usize) -> Task<'a, S> {
        let entries = history.entries();
        Task { operations, entries, until: u32::MAX, any_but: None, begins: begins.clone(), limit }
    }

    /// Only answers up to this place of the history need an explanation.
    pub(super) fn until(self, until: u32) -> Task<'a, S> {
        Task { until, ..self }
    }

    /// This operation may give any answer but these.
    pub(super) fn any_but(self, operation: u32, answers: &[S::Answer]) -> Task<'a, S> {
        Task { any_but: Some((operation, answers.to_vec())), ..self }
    }

    /// The place in the history of an operation whose answer no order can give.
    pub(super) fn unmet(&self) -> Option<u32> {
        let number = S::Foresight::of(&self.known(false), &self.begins).unmet(&self.begins)?;
        Some(self.operations[number as usize])
    }

    fn entry(&self, number: u32) -> &'a Entry<S::Operation, S::Answer> {
        &self.entries[self.operations[number as usize] as usize]
    }

    /// The answer, if the operation must be placed.
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
            let gives = entry.answer().filter(|_| !self.is_free(number));
            Known { operation: entry.operation, told, gives, called, end }
        });
        known.collect()
    }

    /// Searches without foresight.
    pub(super) fn plain(self, order: impl Order) -> SearchResult {
        Search::new(self, order, None, Vec::new()).run()
    }

    /// Searches with foresight that takes no account of time.
    pub(super) fn ahead(self, order: impl Order) -> SearchResult {
        let foresight = S::Foresight::of(&self.known(false), &self.begins);
        Search::new(self, order, Some(foresight), Vec::new()).run()
    }

    /// Searches with foresight in real time. `endpoints` has the operations' calls and returns, by number here.
    pub(super) fn ahead_in_time(mut self, endpoints: &[Endpoint]) -> SearchResult {
        let known = self.known(true);
        let foresight = S::Foresight::of(&known, &self.begins);
        if foresight.hopeless(&self.begins) {
            return SearchResult::Stuck(None);
        }
        // An operation of unknown completion that helps no answer is left out, unless an operation may give any answer.
        let any = self.any_but.is_some();
        let needed = |number: u32| any || self.told(number).is_some() || !foresight.useless(number);
        let kept: Vec<u32> = (0..self.operations.len() as u32).filter(|number| needed(*number)).collect();
        if kept.len() == self.operations.len() {
            let order = RealTime::of(endpoints, kept.len());
            let twins = twins(&self, &known);
            return Search::new(self, order, Some(foresight), twins).run();
        }
        let mut numbers = vec![NONE; self.operations.len()];
        kept.iter().zip(0..).for_each(|(number, new)| numbers[*number as usize] = new);
        let renumbered = endpoints.iter().filter_map(|endpoint| {
            let (Endpoint::Call(number) | Endpoint::Return(number)) = *endpoint;
            let new = numbers[number as usize];
            let endpoint =
                if matches!(endpoint, Endpoint::Call(_)) { Endpoint::Call(new) } else { Endpoint::Return(new) };
            (new != NONE).then_some(endpoint)
        });
        let endpoints: Vec<Endpoint> = renumbered.collect();
        self.operations = kept.iter().map(|number| self.operations[*number as usize]).collect();
        self.ahead_in_time(&endpoints)
    }
}

/// By operation: an equal one that was called before and ends no later. That one takes effect first.
fn twins<S: Sequential>(task: &Task<'_, S>, known: &[Known<'_, S::Operation, S::Answer>]) -> Vec<u32> {
    /// How many operations back a twin may be.
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

struct Search<'a, S: Sequential, O> {
    task: Task<'a, S>,
    /// By number: which of the two sets of numbers it is in, the answered or the others, and its number there.
    numbers: Vec<(u8, u32)>,
    /// Answered operations that have not taken effect.
    remaining: usize,
    order: O,
    /// What is known of the answers to come; none if the search does not look ahead.
    foresight: Option<S::Foresight>,
    /// By number: an equal operation that takes effect first, or [`NONE`]. May be empty.
    twins: Vec<u32>,
    taken: [Numbers; 2],
    visited: Visited<S>,
    state: S,
    /// What took effect, the state before, and whether no other operation need be tried in its place.
    steps: Vec<(u32, S, bool)>,
    stuck: Option<Stuck>,
}

impl<'a, S: Sequential, O: Order> Search<'a, S, O> {
    fn new(task: Task<'a, S>, order: O, foresight: Option<S::Foresight>, twins: Vec<u32>) -> Search<'a, S, O> {
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
            visited: Visited::new(),
            state: task.begins.clone(),
            steps: Vec::with_capacity(task.operations.len()),
            stuck: None,
            task,
        }
    }

    fn run(mut self) -> SearchResult {
        if self.remaining > 0 && self.foresight.hopeless(&self.state) {
            return SearchResult::Stuck(None);
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
            if self.visited.len().max(self.visited.words() / 8) > self.task.limit {
                return SearchResult::Limit(self.visited.len());
            }
        }
        if self.remaining > 0 { SearchResult::Stuck(self.stuck) } else { SearchResult::Order(self.placed()) }
    }

    fn placed(&self) -> Vec<u32> {
        self.steps.iter().map(|step| self.task.operations[step.0 as usize]).collect()
    }

    fn is_taken(&self, operation: u32) -> bool {
        let (set, number) = self.numbers[operation as usize];
        self.taken[usize::from(set)].contains(number as usize)
    }

    /// Lets an operation take effect, unless it gives another answer, or leads to a configuration that was visited or is
    /// hopeless.
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
        Foresight::<S>::take(&mut self.foresight, operation);
        let any = self.task.any_but.is_some();
        // An operation that may give any answer can tell any two states apart.
        let canonical = |state: &S| if any { state.clone() } else { self.foresight.canonical(state) };
        let after = canonical(&next);
        let forgets = told.is_some() && !any && self.foresight.forgets(&next);
        let changes = told.is_some() && !forgets || canonical(&self.state) != after;
        // An operation of unknown completion is of use only where it changes something.
        let useless = told.is_none() && !changes || self.foresight.hopeless(&next);
        if useless || !self.visited.add(&self.taken, after, next.weight()) {
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

    /// Remembers the furthest place where no operation fits, and the operation that is next there.
    fn note(&mut self) {
        let Some((operation, reach)) = self.order.blocked_by() else { return };
        let reach = (reach, self.steps.len());
        if self.stuck.as_ref().is_none_or(|best| best.reach < reach) {
            let operation = self.task.operations[operation as usize];
            self.stuck = Some(Stuck { reach, operation, furthest: self.placed() });
        }
    }
}
