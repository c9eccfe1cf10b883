//! The log (§5.3) and what its entries say.
//!
//! Every entry carries the hash of the log up to it, so that two logs are compared, and one is
//! hashed, in one word. Entries live in pages that copies of the log share: what is written to
//! stable storage, and the run keeps, is a few pointers and not the whole log.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use lightcone_engine::hash::hash64;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::Operation;
use lightcone_engine::phrase::Phrase;

const PAGE: usize = 16;

/// A list that grows and is cut at its end, and whose copies share all but their last page.
#[derive(Clone, Debug)]
pub struct Pages<T> {
    /// The last page may hold more than `len` says: what was cut off, or copies of its first item.
    pages: Vec<Rc<[T; PAGE]>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Pages<T> {
        Pages { pages: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Pages<T> {
    /// How many items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at `place`, from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<T> {
        (place < self.len).then(|| self.pages[place / PAGE][place % PAGE])
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match self.pages.last_mut() {
            Some(page) if !self.len.is_multiple_of(PAGE) => Rc::make_mut(page)[self.len % PAGE] = item,
            _ => self.pages.push(Rc::new([item; PAGE])),
        }
        self.len += 1;
    }

    /// Keeps the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.pages.truncate(self.len.div_ceil(PAGE));
    }

    /// The items, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        (0..self.len).map(|place| self.pages[place / PAGE][place % PAGE])
    }
}

/// An entry: a command, and the term in which a leader put it into its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The leader's term.
    pub term: u32,
    /// What the state machine is to do.
    pub command: Command,
}

/// What the state machine is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Nothing: with it a new leader finds out what is committed (§8).
    NoOp,
    /// What a client asked.
    Client {
        /// Which client.
        client: NodeId,
        /// Its number among the client's requests (§8).
        sequence: u16,
        /// What it asked.
        operation: Operation,
    },
}

/// `x = 2`, `x + 1`, `no-op`.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Command::Client { operation, .. } = self else { return f.write_str("no-op") };
        match operation {
            Operation::Write { key, value } => write!(f, "{key} = {value}"),
            Operation::Add { key, amount } => write!(f, "{key} + {amount}"),
            Operation::CompareAndSet { key, expected, value } => write!(f, "{key} = {value} if {expected}"),
            other => write!(f, "{other}"),
        }
    }
}

impl Command {
    /// The mark of an entry that is appended.
    #[must_use]
    pub fn appended(&self) -> Phrase {
        self.phrase(["no-op", "{key} = {}", "{key} + {}", "{key} = {} if {}", "read {key}"])
    }

    /// The mark of an entry that commits.
    #[must_use]
    pub fn commits(&self) -> Phrase {
        self.phrase([
            "no-op commits",
            "{key} = {} commits",
            "{key} + {} commits",
            "{key} = {} if {} commits",
            "read {key} commits",
        ])
    }

    fn phrase(&self, [no_op, write, add, set, read]: [&'static str; 5]) -> Phrase {
        let Command::Client { operation, .. } = *self else { return Phrase::plain(no_op) };
        match operation {
            Operation::Write { key, value } => Phrase::with(write, &[key.0.into(), value]),
            Operation::Add { key, amount } => Phrase::with(add, &[key.0.into(), amount]),
            Operation::CompareAndSet { key, expected, value } => Phrase::with(set, &[key.0.into(), value, expected]),
            Operation::Read { key } => Phrase::with(read, &[key.0.into()]),
            Operation::Command { .. } => Phrase::plain(no_op),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    entry: Entry,
    /// Hash of the log up to here.
    chain: u64,
}

/// A log. Indices count from 1.
#[derive(Clone, Default)]
pub struct Log(Pages<Slot>);

impl PartialEq for Log {
    fn eq(&self, other: &Log) -> bool {
        self.last_index() == other.last_index() && self.chain(self.last_index()) == other.chain(self.last_index())
    }
}
impl Eq for Log {}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

impl Hash for Log {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.last_index(), self.chain(self.last_index())).hash(state);
    }
}

impl Log {
    fn slot(&self, index: u32) -> Option<Slot> {
        self.0.get((index as usize).checked_sub(1)?)
    }

    /// The index of the last entry; 0 if the log is empty.
    #[must_use]
    pub fn last_index(&self) -> u32 {
        self.0.len() as u32
    }

    /// The term of the last entry; 0 if the log is empty.
    #[must_use]
    pub fn last_term(&self) -> u32 {
        self.0.last().map_or(0, |slot| slot.entry.term)
    }

    /// The entry at `index`.
    #[must_use]
    pub fn entry(&self, index: u32) -> Option<Entry> {
        Some(self.slot(index)?.entry)
    }

    /// The term of the entry at `index`; 0 before the first; none after the last.
    #[must_use]
    pub fn term(&self, index: u32) -> Option<u32> {
        if index == 0 { Some(0) } else { Some(self.slot(index)?.entry.term) }
    }

    /// The hash of the log up to `index`; 0 before the first and after the last entry.
    #[must_use]
    pub fn chain(&self, index: u32) -> u64 {
        self.slot(index).map_or(0, |slot| slot.chain)
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: Entry) {
        let before = self.0.last().map_or(0, |slot| slot.chain);
        self.0.push(Slot { entry, chain: hash64(&(before, entry)) });
    }

    /// Keeps the entries up to `index`.
    pub fn truncate(&mut self, index: u32) {
        self.0.truncate(index as usize);
    }

    /// The entries from `first` on, at most `most` of them.
    #[must_use]
    pub fn tail(&self, first: u32, most: u32) -> Vec<Entry> {
        let last = self.last_index().min(first.saturating_add(most).saturating_sub(1));
        (first..=last).filter_map(|index| self.entry(index)).collect()
    }

    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.0.iter().map(|slot| slot.entry)
    }

    /// The first index whose entry has the same term as the one at `index`, which must be in the log.
    #[must_use]
    pub fn first_of_term(&self, index: u32) -> u32 {
        let term = self.term(index);
        let mut first = index;
        while first > 1 && self.term(first - 1) == term {
            first -= 1;
        }
        first
    }

    /// The last index before `below` whose entry has this term.
    #[must_use]
    pub fn last_of_term(&self, term: u32, below: u32) -> Option<u32> {
        (1..below)
            .rev()
            .take_while(|&index| self.term(index) >= Some(term))
            .find(|&index| self.term(index) == Some(term))
    }

    /// Whether `other` holds the same entries up to `index`, and at least so many.
    #[must_use]
    pub fn agrees(&self, other: &Log, index: u32) -> bool {
        index <= self.last_index() && index <= other.last_index() && self.chain(index) == other.chain(index)
    }

    /// The first index at which the two differ; one after the end of the shorter if it is a prefix of the other.
    #[must_use]
    pub fn first_difference(&self, other: &Log) -> u32 {
        let common = self.last_index().min(other.last_index());
        (1..=common).find(|&index| self.chain(index) != other.chain(index)).unwrap_or(common + 1)
    }
}
