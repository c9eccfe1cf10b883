//! Linearizability, judged while a run goes on.
//!
//! The idea is Lowe's just-in-time linearization (2017). The judge keeps every configuration that is possible: a state of
//! the object, and which open operations have taken effect in it. An answer rules out every configuration that cannot
//! give it. When no configuration is left, no order of the operations explains what the clients were told.

use super::specification::{NO_ORDER, Register, Sequential, claim};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::{EventIndex, RequestId};
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_engine::protocol::Witness;
use lightcone_engine::sorted_map::SortedMap;

/// The most configurations that the judge keeps. With more, it says that it cannot tell.
pub const MAX_CONFIGURATIONS: usize = 4_096;

/// An operation that was asked and not yet answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Open {
    id: RequestId,
    operation: Operation,
    asked: Witness,
}

/// An object whose operations and answers are those of runs.
pub trait Object: Sequential<Operation = Operation, Answer = Answer> {}

impl<S: Sequential<Operation = Operation, Answer = Answer>> Object for S {}

/// A state the object could be in, and what the open operations answered that have taken effect in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Configuration<S> {
    state: S,
    taken: Vec<Option<Answer>>,
}

/// The judge of one object.
#[derive(Clone, Debug, Hash)]
pub struct Judge<S> {
    open: Vec<Open>,
    configurations: Vec<Configuration<S>>,
    undecided: bool,
}

impl<S: Object> Default for Judge<S> {
    fn default() -> Judge<S> {
        let start = Configuration { state: S::default(), taken: Vec::new() };
        Judge { open: Vec::new(), configurations: vec![start], undecided: false }
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
}

impl Misplaced {
    /// The beginning of the sentence: "read x = 1 must be 2".
    #[must_use]
    pub fn claim(&self) -> String {
        claim(&self.operation, self.answer, &self.possible)
    }

    /// One sentence, without a full stop: "read x = 1 must be 2: no order of the operations gives this answer".
    #[must_use]
    pub fn sentence(&self) -> String {
        [&self.claim(), ": ", NO_ORDER].concat()
    }
}

impl<S: Object> Judge<S> {
    /// An operation is asked.
    pub fn asked(&mut self, id: RequestId, operation: Operation, event: EventIndex) {
        self.open.push(Open { id, operation, asked: Witness(event) });
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
        if self.undecided {
            return Ok(());
        }
        let mut possible = SortedMap::new();
        let explained = self.explanations(place, answer, &mut possible);
        let open = self.open.remove(place);
        let Some(explained) = explained else {
            self.undecided = true;
            return Ok(());
        };
        if explained.is_empty() {
            self.forget(place);
            let (operation, asked) = (open.operation, open.asked.0);
            return Err(Misplaced { operation, answer, possible: keys(possible), asked });
        }
        self.configurations = keys(explained);
        Ok(())
    }

    /// Whether too many operations overlapped to tell.
    #[must_use]
    pub fn undecided(&self) -> bool {
        self.undecided
    }

    /// Every configuration in which the operation at `place` has answered `answer`, without that operation;
    /// none if there are too many to go through.
    fn explanations(
        &self,
        place: usize,
        answer: Answer,
        possible: &mut SortedMap<Answer>,
    ) -> Option<SortedMap<Configuration<S>>> {
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
    fn successors(&self, configuration: &Configuration<S>) -> impl Iterator<Item = Configuration<S>> {
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

/// What is in a set, in order.
fn keys<K>(set: SortedMap<K>) -> Vec<K> {
    set.into_iter().map(|(key, ())| key).collect()
}

/// The judge of a store: one register a key. Linearizability is local, so each key is judged alone.
#[derive(Clone, Debug, Default, Hash)]
pub struct StoreJudge {
    keys: SortedMap<Key, Judge<Register>>,
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
}
