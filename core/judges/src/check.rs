//! Judges a whole history: finds an order that explains it, or says which operation cannot be placed.
//!
//! Most histories are easy: a short search (`search.rs`) finds an order, or tries everything. The others are searched
//! again, with foresight. If no order explains such a history, halving finds its shortest beginning that none explains.
//!
//! Linearizability is local: parts of an object that share no operation, such as the keys of a store, are judged alone.
//! Sequential consistency is not local, but every linearizable history is sequentially consistent.

use super::order::{Program, RealTime};
use super::parts::{Erased, Merged, Part, counts, parts, processes};
use super::search::{SearchResult, Stuck, Task};
use super::specification::{MAX_POSSIBLE, NO_ORDER, Reason, Sequential};
use super::whole::Whole;
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::sorted_map::insertion_sort;

/// What is known about a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This order explains every answer. It leaves out operations that failed, and has operations of unknown completion
    /// only where they are needed.
    Explained {
        /// Places in [`super::History::entries`].
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

/// How far the longest order goes, and the operation that it cannot place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// An order that goes as far as any. For linearizability, it explains every earlier answer of the same part of the
    /// object.
    pub furthest: Vec<u32>,
    /// The operation that cannot be placed. For linearizability, no order explains its answer together with those before.
    pub operation: u32,
    /// What is wrong: "read x = 1 must be 2".
    pub claim: String,
    /// Why, if one operation or its absence is reason enough.
    pub reason: Option<Reason>,
}

impl Unplaced {
    /// Claim and reason in one sentence, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let reason = self.reason.as_ref().map_or(NO_ORDER, |reason| &reason.text);
        [&self.claim, ": ", reason].concat()
    }

    /// The operation that is the reason.
    #[must_use]
    pub fn because(&self) -> Option<u32> {
        self.reason.as_ref()?.because
    }
}

/// The most configurations that are tried for each part of an object.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Those of a first search, without foresight.
    pub quick: usize,
    /// Those of the search with foresight.
    pub limit: usize,
}

impl Effort {
    /// At most `limit` configurations.
    #[must_use]
    pub fn of(limit: usize) -> Effort {
        const QUICK: usize = 20_000;
        Effort { quick: limit.min(QUICK), limit }
    }

    /// For each of a dozen searches that explain why no order works.
    fn of_words(self) -> usize {
        (self.limit / 8).max(self.quick)
    }

    fn at_most(self, limit: usize) -> Effort {
        Effort { quick: self.quick.min(limit), limit: self.limit.min(limit) }
    }
}

/// The most configurations of a search for an earlier wrong answer in other parts, once the verdict is known.
const EARLIER: usize = 2_000;

/// Whether some order explains every answer in which operations that do not overlap keep their order.
/// At most `limit` configurations are tried for each part; [`lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS`] is plenty.
#[must_use]
pub fn linearizable<S: Sequential>(history: &Erased<S>, limit: usize) -> Verdict {
    linearizable_from(history, &S::default(), Effort::of(limit))
}

/// The same for an object each part of which begins as `begins`.
#[must_use]
pub fn linearizable_from<S: Sequential>(history: &Erased<S>, begins: &S, effort: Effort) -> Verdict {
    let (mut explained, mut undecided) = (Merged::of(history.entries().len()), None);
    let mut worst: Option<(u32, Stuck, Part)> = None;
    for part in parts::<S>(history) {
        // One wrong part decides. Of the others only an earlier wrong answer would count, if it is soon found.
        let (part, effort) = match &worst {
            Some((end, ..)) => (part.until(history, *end), effort.at_most(EARLIER)),
            None => (part, effort),
        };
        let until = worst.as_ref().map_or(u32::MAX, |(end, ..)| *end);
        match judge_part(history, &part, begins, until, effort) {
            SearchResult::Order(order) => explained.add(history, &order),
            SearchResult::Limit(configurations) => undecided = undecided.max(Some(configurations)),
            SearchResult::Stuck(None) => {}
            SearchResult::Stuck(Some(stuck)) => {
                let end = history.entries()[stuck.operation as usize].end();
                if worst.as_ref().is_none_or(|(earliest, ..)| end < *earliest) {
                    worst = Some((end, stuck, part));
                }
            }
        }
    }
    match (worst, undecided) {
        (Some((end, stuck, part)), _) => {
            let answers = could_answer(history, stuck.operation, begins, |not| {
                try_until(history, &part, begins, effort.of_words(), end, Some((stuck.operation, not)))
            });
            Verdict::Unexplained(explain(stuck, &answers, history, begins, |_| true))
        }
        (None, Some(configurations)) => Verdict::Undecided { configurations },
        (None, None) => Verdict::Explained { order: explained.order() },
    }
}

/// Judges one part up to a place of the history: first quickly, then with foresight.
fn judge_part<S: Sequential>(history: &Erased<S>, part: &Part, begins: &S, until: u32, effort: Effort) -> SearchResult {
    let task = |limit| Task::of(history, part.operations.clone(), begins, limit).until(until);
    match task(effort.quick).plain(RealTime::of(&part.endpoints, part.operations.len())) {
        SearchResult::Limit(_) => {}
        found => return found,
    }
    match task(effort.limit).ahead_in_time(&part.endpoints) {
        SearchResult::Stuck(_) => SearchResult::Stuck(Some(blame(history, part, begins, effort.of_words()))),
        found => found,
    }
}

/// Searches a part up to a place of the history, with foresight. One operation may give any answer but these.
fn try_until<S: Sequential>(
    history: &Erased<S>,
    part: &Part,
    begins: &S,
    limit: usize,
    until: u32,
    any_but: Option<(u32, &[S::Answer])>,
) -> SearchResult {
    let part = part.until(history, until);
    let task = Task::of(history, part.operations, begins, limit).until(until);
    let task = match any_but {
        Some((operation, answers)) => task.any_but(operation, answers),
        None => task,
    };
    task.ahead_in_time(&part.endpoints)
}

/// The first answer of a part with which no order explains the part.
fn blame<S: Sequential>(history: &Erased<S>, part: &Part, begins: &S, limit: usize) -> Stuck {
    let answers = part.answers(history);
    // With answers before `good` some order is found, with that at `bad` none is.
    let (mut good, mut bad, mut furthest) = (0, answers.len().saturating_sub(1), Vec::new());
    while good < bad {
        let middle = usize::midpoint(good, bad);
        match try_until(history, part, begins, limit, answers[middle], None) {
            SearchResult::Order(order) => (good, furthest) = (middle + 1, order),
            SearchResult::Stuck(_) => bad = middle,
            // Then a later answer has to do.
            SearchResult::Limit(_) => break,
        }
    }
    let end = answers.get(bad).copied().unwrap_or_default();
    let is_it = |place: &&u32| history.entries()[**place as usize].end() == end;
    Stuck::of(part.operations.iter().find(is_it).copied().unwrap_or_default(), furthest)
}

/// The answers that an operation could have given, sorted: not all if there are more than [`MAX_POSSIBLE`], none if that is
/// too hard to tell. `search` looks for an order with another answer than these.
fn could_answer<S: Sequential>(
    history: &Erased<S>,
    operation: u32,
    begins: &S,
    search: impl Fn(&[S::Answer]) -> SearchResult,
) -> Vec<S::Answer> {
    let mut possible: Vec<S::Answer> = Vec::new();
    while possible.len() <= MAX_POSSIBLE {
        match search(&possible) {
            SearchResult::Order(order) => match answer_in(history, &order, operation, begins) {
                Some(answer) => possible.push(answer),
                None => return Vec::new(),
            },
            SearchResult::Stuck(_) => break,
            SearchResult::Limit(_) => return Vec::new(),
        }
    }
    insertion_sort(&mut possible);
    possible
}

/// The answer of an operation in an order of operations on one part.
fn answer_in<S: Sequential>(history: &Erased<S>, order: &[u32], operation: u32, begins: &S) -> Option<S::Answer> {
    let mut state = begins.clone();
    let answers = order.iter().map(|place| (*place, state.apply(history.entries()[*place as usize].operation)));
    let mut found = answers.filter(|(place, _)| *place == operation);
    found.next().map(|(_, answer)| answer)
}

/// Whether some order explains every answer in which each process's own operations keep their order.
/// At most `limit` configurations are tried.
#[must_use]
pub fn sequentially_consistent<S: Sequential>(history: &Erased<S>, limit: usize) -> Verdict {
    sequentially_consistent_from(history, &S::default(), Effort::of(limit))
}

/// The same for an object each part of which begins as `begins`.
#[must_use]
pub fn sequentially_consistent_from<S: Sequential>(history: &Erased<S>, begins: &S, effort: Effort) -> Verdict {
    let operations: Vec<u32> = (0..history.entries().len() as u32).filter(|each| counts(history, *each)).collect();
    let whole = Whole::beginning(begins.clone());
    let order = || Program::of(processes(history, &operations));
    let task = |limit| Task::<Whole<S>>::of(history, operations.clone(), &whole, limit);
    // Reasons that look at the clock are none here.
    let unexplained = |stuck: Stuck| {
        let search = |not: &[S::Answer]| task(effort.quick.max(1)).any_but(stuck.operation, not).ahead(order());
        let answers = could_answer(history, stuck.operation, &whole, search);
        Verdict::Unexplained(explain::<Whole<S>>(stuck, &answers, history, &whole, |reason| reason.timeless))
    };
    match task(effort.quick).plain(order()) {
        SearchResult::Order(order) => return Verdict::Explained { order },
        SearchResult::Stuck(Some(stuck)) => return unexplained(stuck),
        SearchResult::Limit(_) | SearchResult::Stuck(None) => {}
    }
    // What keeps real time keeps the order of every process.
    if let Verdict::Explained { order } = linearizable_from(history, begins, effort) {
        return Verdict::Explained { order };
    }
    match task(effort.limit).ahead(order()) {
        SearchResult::Order(order) => Verdict::Explained { order },
        SearchResult::Limit(configurations) => Verdict::Undecided { configurations },
        SearchResult::Stuck(stuck) => {
            let at_once = || Stuck::of(task(0).unmet().or(operations.first().copied()).unwrap_or_default(), Vec::new());
            unexplained(stuck.unwrap_or_else(at_once))
        }
    }
}

/// Explains what cannot be placed. Reasons that do not count are left out.
fn explain<S: Sequential>(
    stuck: Stuck,
    possible: &[S::Answer],
    history: &Erased<S>,
    begins: &S,
    counts: impl Fn(&Reason) -> bool,
) -> Unplaced {
    let entry = &history.entries()[stuck.operation as usize];
    let claim = entry.answer().map(|told| S::claim(entry.operation, told, possible)).unwrap_or_default();
    let reason = S::reason(history.entries(), stuck.operation, possible, begins);
    Unplaced { furthest: stuck.furthest, operation: stuck.operation, claim, reason: reason.filter(counts) }
}
