//! The replicated state machine: a store, and a session a client so that a command asked twice takes
//! effect once (§8; dissertation §6.3).

use super::log::Command;
use alloc::vec::Vec;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_judges::{Register, Sequential};

/// What a client was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    /// The client.
    pub client: NodeId,
    /// Its last command that took effect.
    pub sequence: u16,
    /// The answer to it.
    pub answer: Answer,
}

/// The state that commands change. Memory only: it is built again from the log after a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// Index of the last entry applied.
    pub applied: u32,
    /// How many client commands took effect.
    pub executed: u32,
    /// The store, by key.
    pub store: Vec<(Key, Register)>,
    /// The sessions, in the order in which clients first came.
    pub sessions: Vec<Session>,
}

impl Machine {
    /// Applies the next entry. Gives the answer for its client; none if nobody waits for it.
    pub fn apply(&mut self, command: Command, check_sessions: bool) -> Option<Answer> {
        self.applied += 1;
        let Command::Client { client, sequence, operation } = command else { return None };
        if check_sessions
            && let Some(session) = self.session(client)
            && sequence <= session.sequence
        {
            // It took effect before: the answer is the one given then.
            return (sequence == session.sequence).then_some(session.answer);
        }
        self.executed += 1;
        let answer = self.execute(operation);
        let session = Session { client, sequence, answer };
        match self.sessions.iter_mut().find(|session| session.client == client) {
            Some(place) => *place = session,
            None => self.sessions.push(session),
        }
        Some(answer)
    }

    /// The client's session.
    #[must_use]
    pub fn session(&self, client: NodeId) -> Option<Session> {
        self.sessions.iter().find(|session| session.client == client).copied()
    }

    /// Reads a key without an entry in the log.
    #[must_use]
    pub fn read(&self, key: Key) -> Answer {
        Answer::Value(self.store.iter().find(|(each, _)| *each == key).and_then(|(_, register)| register.0))
    }

    fn execute(&mut self, operation: Operation) -> Answer {
        let Some(key) = operation.key() else { return Answer::Refused };
        let place = self.store.partition_point(|(each, _)| *each < key);
        if self.store.get(place).is_none_or(|(each, _)| *each != key) {
            self.store.insert(place, (key, Register::default()));
        }
        self.store[place].1.apply(operation)
    }
}
