//! Gray & Lamport's `TwoPhase` as a model of stateright: the states of all managers, and the set of messages ever sent.

use stateright::{Model, Property};
use std::collections::BTreeSet;

/// Two-phase commit.
#[derive(Clone)]
pub struct TwoPhase {
    /// How many resource managers there are.
    pub managers: usize,
}

/// A moment of a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    managers: Vec<Stage>,
    decided: Option<Word>,
    prepared: Vec<bool>,
    sent: BTreeSet<Word>,
}

/// How far a resource manager is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It has done nothing yet.
    Working,
    /// It leaves the decision to the transaction manager.
    Prepared,
    /// It has committed.
    Committed,
    /// It has aborted.
    Aborted,
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// This resource manager is prepared.
    Prepared(usize),
    /// Commit.
    Commit,
    /// Abort.
    Abort,
}

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The transaction manager commits.
    Commit,
    /// The transaction manager aborts.
    Abort,
    /// It hears that this manager is prepared.
    HearPrepared(usize),
    /// This manager prepares.
    Prepare(usize),
    /// It aborts of its own will.
    AbortAlone(usize),
    /// It hears that all commit.
    HearCommit(usize),
    /// It hears that all abort.
    HearAbort(usize),
}

impl Model for TwoPhase {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let managers = vec![Stage::Working; self.managers];
        vec![State { managers, decided: None, prepared: vec![false; self.managers], sent: BTreeSet::new() }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.decided.is_none() {
            if state.prepared.iter().all(|prepared| *prepared) {
                actions.push(Action::Commit);
            }
            actions.push(Action::Abort);
        }
        for manager in 0..self.managers {
            if state.decided.is_none() && state.sent.contains(&Word::Prepared(manager)) {
                actions.push(Action::HearPrepared(manager));
            }
            if state.managers[manager] == Stage::Working {
                actions.extend([Action::Prepare(manager), Action::AbortAlone(manager)]);
            }
            if state.sent.contains(&Word::Commit) {
                actions.push(Action::HearCommit(manager));
            }
            if state.sent.contains(&Word::Abort) {
                actions.push(Action::HearAbort(manager));
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut state = state.clone();
        match action {
            Action::Commit => {
                state.decided = Some(Word::Commit);
                state.sent.insert(Word::Commit);
            }
            Action::Abort => {
                state.decided = Some(Word::Abort);
                state.sent.insert(Word::Abort);
            }
            Action::HearPrepared(manager) => state.prepared[manager] = true,
            Action::Prepare(manager) => {
                state.managers[manager] = Stage::Prepared;
                state.sent.insert(Word::Prepared(manager));
            }
            Action::AbortAlone(manager) | Action::HearAbort(manager) => state.managers[manager] = Stage::Aborted,
            Action::HearCommit(manager) => state.managers[manager] = Stage::Committed,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<TwoPhase>> {
        vec![Property::always("consistent", |_, state: &State| {
            !(state.managers.contains(&Stage::Committed) && state.managers.contains(&Stage::Aborted))
        })]
    }
}
