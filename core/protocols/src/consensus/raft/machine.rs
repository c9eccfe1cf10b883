//! What is replicated: entries with commands, and the state machine that executes them. Every client has a session in it, so
//! that a command that is in the log twice takes effect once (§8; dissertation §6.3).
//!
//! The sessions are part of the state machine and not of a server, so they are the same on all servers at the same index:
//! a new leader knows what the old one executed. A client asks one thing at a time, so of each client the last command is
//! enough: a number that is not larger belongs to a command that has been executed.

use lightcone_engine::prelude::*;
use lightcone_judges::{Register, Sequential};

/// The log of a server (§5.3).
pub type Log = crate::parts::log::Log<Entry>;

/// An entry: a command, and the term in which a leader put it into its log (§5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The leader's term.
    pub term: u32,
    /// What the state machine is to do.
    pub command: Command,
}

/// The place of an entry in a log. Places are ordered as §5.4.1 orders logs by their last entries: the log with the later
/// last term is more up to date; of two with the same, the longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The entry's term; 0 before the first entry.
    pub term: u32,
    /// The entry's index, from 1; 0 before the first entry.
    pub index: u32,
}

/// What the state machine is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Nothing: with it a new leader finds out what is committed (§8).
    NoOp,
    /// What a client asked.
    Client(Request),
}

/// A client's request, in a log or on its way to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Who asks.
    pub client: NodeId,
    /// The request's number among the client's (§8).
    pub sequence: u16,
    /// What is asked.
    pub operation: Operation,
}

/// `x = 2`, `x + 1`, `no-op`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.command.phrase(APPENDED.1).show(|_| String::new()))
    }
}

/// What is said of several entries, and of one by its command: no-op, read, write, addition, compare-and-set.
type Words = (&'static str, [&'static str; 5]);

/// Said of entries that are new in a log.
pub(super) const APPENDED: Words =
    ("entries {}-{}", ["no-op", "read {key}", "{key} = {}", "{key} + {}", "{key} = {} if {}"]);

/// Said of entries that a server learns are committed.
pub(super) const COMMITTED: Words = (
    "entries {}-{} commit",
    ["no-op commits", "read {key} commits", "{key} = {} commits", "{key} + {} commits", "{key} = {} if {} commits"],
);

impl Command {
    fn phrase(&self, [no_op, read, write, add, set]: [&'static str; 5]) -> Phrase {
        let Command::Client(Request { operation, .. }) = *self else { return Phrase::plain(no_op) };
        match operation {
            Operation::Read { key } => Phrase::with(read, &[key.0.into()]),
            Operation::Write { key, value } => Phrase::with(write, &[key.0.into(), value]),
            Operation::Add { key, amount } => Phrase::with(add, &[key.0.into(), amount]),
            Operation::CompareAndSet { key, expected, value } => Phrase::with(set, &[key.0.into(), value, expected]),
            Operation::Command { .. } => Phrase::plain(no_op),
        }
    }
}

/// Entries of a log, one after the other, of which something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Index of the first.
    pub first: u32,
    /// Index of the last.
    pub last: u32,
    /// The command of the last.
    pub command: Command,
}

impl Span {
    /// The entries of this log from `first` to `last`; none if there are none.
    #[must_use]
    pub fn of(log: &Log, first: u32, last: u32) -> Option<Span> {
        let entry = log.entry(last).filter(|_| first <= last)?;
        Some(Span { first, last, command: entry.command })
    }

    /// "x = 2 commits", "entries 4-11 commit".
    pub(super) fn phrase(&self, (several, one): Words) -> Phrase {
        let Span { first, last, command } = *self;
        if first == last { command.phrase(one) } else { Phrase::with(several, &[first.blank(), last.blank()]) }
    }
}

impl Log {
    /// Where the log ends.
    #[must_use]
    pub fn end(&self) -> Position {
        self.position(self.last_index()).unwrap_or_default()
    }

    /// The term and index of the entry at `index`; none after the last.
    #[must_use]
    pub fn position(&self, index: u32) -> Option<Position> {
        Some(Position { term: self.term(index)?, index })
    }

    /// The term of the entry at `index`; 0 before the first; none after the last.
    #[must_use]
    pub fn term(&self, index: u32) -> Option<u32> {
        if index == 0 { Some(0) } else { Some(self.entry(index)?.term) }
    }

    /// The first index whose entry has the same term as the one at `index`, which must be in the log.
    pub(super) fn first_of_term(&self, index: u32) -> u32 {
        (1..=index).rev().take_while(|&each| self.term(each) == self.term(index)).last().unwrap_or(index)
    }

    /// The last index before `below` whose entry has this term.
    pub(super) fn last_of_term(&self, term: u32, below: u32) -> Option<u32> {
        let mut later = (1..below).rev().skip_while(|&index| self.term(index) > Some(term));
        later.next().filter(|&index| self.term(index) == Some(term))
    }
}

/// What a client was last told. A later command replaces it: its client would not have asked it without this answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    /// The number of its last command that took effect.
    pub sequence: u16,
    /// The answer to it.
    pub answer: Answer,
}

/// The state that commands change. Memory only: it is built again from the log after a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// `lastApplied`: the index of the last entry applied.
    pub applied: u32,
    /// How many client commands took effect. Nothing depends on it: it is what "exactly once" is judged by.
    pub executed: u32,
    /// The store.
    pub store: SortedMap<Key, Register>,
    /// A session for each client that was heard.
    pub sessions: SortedMap<NodeId, Session>,
}

impl Machine {
    /// Applies the next entry. Gives the answer for its client; none if nobody waits for it. Everything here is decided by the
    /// log alone, so that all servers come to the same state.
    pub fn apply(&mut self, command: Command, check_sessions: bool) -> Option<Answer> {
        self.applied += 1;
        let Command::Client(Request { client, sequence, operation }) = command else { return None };
        if check_sessions && let Some(session) = self.session_at(client, sequence) {
            // It took effect before: the answer is the one given then.
            return (sequence == session.sequence).then_some(session.answer);
        }
        let answer = self.store.or_insert(operation.key()?, Register::default()).apply(operation);
        self.executed += 1;
        self.sessions.insert(client, Session { sequence, answer });
        Some(answer)
    }

    /// The client's session, if the client's request with this number or a later one took effect.
    #[must_use]
    pub fn session_at(&self, client: NodeId, sequence: u16) -> Option<Session> {
        self.sessions.get(&client).copied().filter(|session| sequence <= session.sequence)
    }

    /// Answers a read without an entry in the log.
    #[must_use]
    pub fn read(&self, operation: Operation) -> Answer {
        Answer::Value(operation.key().and_then(|key| self.store.get(&key)?.0))
    }
}
