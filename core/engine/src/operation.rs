//! What clients ask and what they are told: one small vocabulary for every protocol, so that
//! workloads, histories and their judges need no special cases.

use core::fmt;

/// A key of a store, shown as a letter: 0 is `x`, then `y`, `z`, `u`, `v`, `w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u8);

/// The letters of keys, in order.
pub const KEY_NAMES: [&str; 6] = ["x", "y", "z", "u", "v", "w"];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match KEY_NAMES.get(usize::from(self.0)) {
            Some(name) => f.write_str(name),
            None => write!(f, "k{}", self.0),
        }
    }
}

/// A stored value.
pub type Value = i32;

/// One operation of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// What is the value of `key`?
    Read {
        /// The key that is read.
        key: Key,
    },
    /// Set `key` to `value`.
    Write {
        /// The key that is written.
        key: Key,
        /// The new value.
        value: Value,
    },
    /// Add `amount` to `key`, an absent key counting as 0. Applying it twice shows.
    Add {
        /// The key that is added to.
        key: Key,
        /// The number to add; it may be negative.
        amount: Value,
    },
    /// Set `key` to `value` if it is `expected`.
    CompareAndSet {
        /// The key that is compared and set.
        key: Key,
        /// What it must be.
        expected: Value,
        /// The new value.
        value: Value,
    },
    /// A command of the protocol's own.
    Command {
        /// Index into [`crate::protocol::Specification::commands`].
        verb: u8,
        /// The command's argument: a node's lane, or what the command says.
        argument: u8,
    },
}

impl Operation {
    /// The key that it reads or changes; none for a command.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        match *self {
            Operation::Read { key }
            | Operation::Write { key, .. }
            | Operation::Add { key, .. }
            | Operation::CompareAndSet { key, .. } => Some(key),
            Operation::Command { .. } => None,
        }
    }
}

/// `write x = 2`, `read x`. Commands are named by their protocol; here they show as numbers.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Read { key } => write!(f, "read {key}"),
            Operation::Write { key, value } => write!(f, "write {key} = {value}"),
            Operation::Add { key, amount } => write!(f, "add {amount} to {key}"),
            Operation::CompareAndSet { key, expected, value } => {
                write!(f, "compare-and-set {key}: {expected} to {value}")
            }
            Operation::Command { verb, argument } => write!(f, "command {verb} {argument}"),
        }
    }
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The operation was done.
    Done,
    /// The value read, or none if the key was never written.
    Value(Option<Value>),
    /// The operation was not done and never will be.
    Refused,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done => f.write_str("ok"),
            Answer::Value(Some(value)) => write!(f, "{value}"),
            Answer::Value(None) => f.write_str("nothing"),
            Answer::Refused => f.write_str("refused"),
        }
    }
}
