//! Linearizability, judged while a run goes on.
//!
//! The idea is Lowe's just-in-time linearization (2017). The judge keeps every configuration that is possible: a state of
//! the object, and which open operations have taken effect in it. An answer rules out every configuration that cannot
//! give it. When no configuration is left, no order of the operations explains what the clients were told.
//!
//! Many operations without an answer make too many configurations. Then the whole history so far, which the judge keeps as
//! well, is judged at each answer by [`super::check`]: its search needs one order, not all. Only if that meets its limit too,
//! the judge has given up.

use super::check::{Verdict, linearizable};
use super::history::History;
use super::specification::{NO_ORDER, Register, Sequential, claim};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{EventIndex, RequestId};
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_engine::protocol::Witness;
use lightcone_engine::sorted_map::SortedMap;

/// The most configurations that the judge keeps. With more, it judges whole histories.
pub const MAX_CONFIGURATIONS: usize = 4_096;
/// The most configurations that it tries of a whole history, at each answer. With more, it gives up.
pub const MAX_WHOLE_CONFIGURATIONS: usize = 200_000;

/// An operation that was asked and not yet answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Open {
    id: RequestId,
    operation: Operation,
    asked: Witness,
}

/// A call or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Line {
    Asked(RequestId, Operation),
    Answered(RequestId, Answer),
}

impl Line {
    fn id(&self) -> RequestId {
        let (Line::Asked(id, _) | Line::Answered(id, _)) = *self;
        id
    }
}

/// Every call and answer, in order. Copies share it.
type Record = Rc<Vec<Line>>;

/// A state the register could be in, and what the open operations answered that have taken effect in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Configuration {
    state: Register,
    taken: Vec<Option<Answer>>,
}

/// The judge of one register.
#[derive(Clone, Debug)]
pub struct Judge {
    open: Vec<Open>,
    /// None any more once there were too many.
    configurations: Vec<Configuration>,
    /// Whether there were too many.
    too_many: bool,
    /// Whether the whole history had too many as well.
    gave_up: bool,
    /// What was asked and answered.
    record: Record,
}

impl Hash for Judge {
    /// The configurations say what matters of all that was asked and answered. Without them it all matters.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.open, &self.configurations, self.too_many).hash(state);
        if self.too_many {
            (self.gave_up, &*self.record).hash(state);
        }
    }
}

impl Default for Judge {
    fn default() -> Judge {
        let start = Configuration { state: Register::default(), taken: Vec::new() };
        Judge {
            open: Vec::new(),
            configurations: vec![start],
            too_many: false,
            gave_up: false,
            record: Record::default(),
        }
    }
}

/// An answer that no order of the operations explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced {
    /// What the client asked.
    pub operation: Operation,
    /// What its client was told.
    pub answer: Answer,
    /// What it could have been told.
    pub possible: Vec<Answer>,
    /// When it was asked.
    pub asked: EventIndex,
    /// All that was asked and answered up to this answer.
    record: Record,
}

impl Misplaced {
    /// The beginning of the sentence: "read x = 1 must be 2".
    #[must_use]
    pub fn claim(&self) -> String {
        claim(&self.operation, self.answer, &self.possible)
    }

    /// One sentence, without a full stop: "read x = 1 must be 2: the write of 2 was done before it began". It is that of the
    /// whole history, as far as it goes.
    #[must_use]
    pub fn sentence(&self) -> String {
        match whole(&self.record) {
            Verdict::Unexplained(unplaced) => unplaced.sentence(),
            Verdict::Explained { .. } | Verdict::Undecided { .. } => [&self.claim(), ": ", NO_ORDER].concat(),
        }
    }
}

impl Judge {
    /// An operation is asked.
    pub fn asked(&mut self, id: RequestId, operation: Operation, event: EventIndex) {
        self.open.push(Open { id, operation, asked: Witness(event) });
        Rc::make_mut(&mut self.record).push(Line::Asked(id, operation));
        for configuration in &mut self.configurations {
            configuration.taken.push(None);
        }
    }

    /// An operation is answered.
    ///
    /// # Errors
    /// No order of the operations so far gives this answer. The judge then goes on as if it had not been given.
    pub fn answered(&mut self, id: RequestId, answer: Answer) -> Result<(), Misplaced> {
        let Some(place) = self.open.iter().position(|open| open.id == id) else { return Ok(()) };
        Rc::make_mut(&mut self.record).push(Line::Answered(id, answer));
        let mut possible = SortedMap::new();
        let explained = if self.too_many { None } else { self.explanations(place, answer, &mut possible) };
        let open = self.open.remove(place);
        let is_explained = match explained {
            Some(explained) if explained.is_empty() => {
                self.forget(place);
                false
            }
            Some(explained) => {
                self.configurations = keys(explained);
                true
            }
            None => self.whole_is_explained(),
        };
        if is_explained {
            return Ok(());
        }
        let Open { operation, asked, .. } = open;
        let record = self.record.clone();
        Rc::make_mut(&mut self.record).retain(|line| line.id() != id);
        Err(Misplaced { operation, answer, possible: keys(possible), asked: asked.0, record })
    }

    /// There are too many configurations. Does some order explain the whole history so far? If that cannot be told, nothing
    /// speaks against it.
    fn whole_is_explained(&mut self) -> bool {
        (self.too_many, self.configurations) = (true, Vec::new());
        let verdict = if self.gave_up { None } else { Some(whole(&self.record)) };
        self.gave_up |= matches!(verdict, Some(Verdict::Undecided { .. }));
        !matches!(verdict, Some(Verdict::Unexplained(_)))
    }

    /// Whether too many operations overlapped to tell.
    #[must_use]
    pub fn undecided(&self) -> bool {
        self.gave_up
    }

    /// How many operations have no answer.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.open.len()
    }

    /// Every configuration in which the operation at `place` has answered `answer`, without that operation;
    /// none if there are too many to go through.
    fn explanations(
        &self,
        place: usize,
        answer: Answer,
        possible: &mut SortedMap<Answer>,
    ) -> Option<SortedMap<Configuration>> {
        let mut explained = SortedMap::new();
        let mut seen = SortedMap::new();
        self.configurations.iter().for_each(|each| _ = seen.add(each.clone()));
        let mut waiting = self.configurations.clone();
        while let Some(configuration) = waiting.pop() {
            if let Some(taken) = configuration.taken[place] {
                possible.add(taken);
                if taken == answer {
                    let mut without = configuration;
                    without.taken.remove(place);
                    explained.add(without);
                }
                continue;
            }
            for next in self.successors(&configuration) {
                if seen.add(next.clone()) {
                    waiting.push(next);
                }
            }
            if seen.len() > MAX_CONFIGURATIONS {
                return None;
            }
        }
        Some(explained)
    }

    /// The configuration after each open operation that has not taken effect in it.
    fn successors(&self, configuration: &Configuration) -> impl Iterator<Item = Configuration> {
        let open = self.open.iter().enumerate().filter(|(place, _)| configuration.taken[*place].is_none());
        open.map(|(place, open)| {
            let mut next = configuration.clone();
            next.taken[place] = Some(next.state.apply(open.operation));
            next
        })
    }

    fn forget(&mut self, place: usize) {
        for configuration in &mut self.configurations {
            configuration.taken.remove(place);
        }
    }
}

/// Judges all that was asked and answered. Each operation has a process of its own: real time alone decides.
fn whole(record: &[Line]) -> Verdict {
    let mut history = History::default();
    let mut places: SortedMap<RequestId, u32> = SortedMap::new();
    for (place, line) in (0..).zip(record) {
        // Each process asks once, so nothing is out of order.
        _ = match *line {
            Line::Asked(id, operation) => {
                places.insert(id, place);
                history.call(place, operation).map(drop)
            }
            Line::Answered(id, answer) => {
                places.get(&id).map_or(Ok(()), |process| history.answer(*process, answer).map(drop))
            }
        };
    }
    linearizable::<Register>(&history, MAX_WHOLE_CONFIGURATIONS)
}

/// What is in a set, in order.
fn keys<K>(set: SortedMap<K>) -> Vec<K> {
    set.into_iter().map(|(key, ())| key).collect()
}

/// The judge of a store: one register a key. Linearizability is local, so each key is judged alone.
#[derive(Clone, Debug, Default, Hash)]
pub struct StoreJudge {
    keys: SortedMap<Key, Judge>,
}

impl StoreJudge {
    /// An operation is asked; one without a key is not judged.
    pub fn asked(&mut self, id: RequestId, operation: Operation, event: EventIndex) {
        if let Some(key) = operation.key() {
            self.keys.or_insert(key, Judge::default()).asked(id, operation, event);
        }
    }

    /// An operation is answered.
    ///
    /// # Errors
    /// No order of the operations so far gives this answer.
    pub fn answered(&mut self, id: RequestId, answer: Answer) -> Result<(), Misplaced> {
        self.keys.values_mut().try_for_each(|judge| judge.answered(id, answer))
    }

    /// The first key that the judge has given up, and how many of its operations have no answer.
    #[must_use]
    pub fn undecided(&self) -> Option<(Key, usize)> {
        let given_up = self.keys.iter().find(|(_, judge)| judge.undecided());
        given_up.map(|(key, judge)| (*key, judge.unanswered()))
    }
}
