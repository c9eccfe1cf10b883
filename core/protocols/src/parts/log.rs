//! A replicated log, and its judge.
//!
//! Used by protocols whose replicas apply the same commands in the same order (state machine replication): Raft.
//!
//! The log is made for runs that are copied a great deal: a world is copied at every step of a search, and a trace keeps what
//! was written to stable storage. So it has two properties that an ordinary list has not:
//!
//! - Every entry carries the hash of the log up to it. Two logs are compared, and one is hashed, in one word, however long.
//! - Copies of a log share its entries, a page at a time: a copy is a few pointers, and to add to it copies one page.
//!
//! The judge knows nothing of leaders, votes or quorums. It says what every such protocol promises: no two replicas apply
//! different entries at one index. An entry counts as committed when the first replica applies it, whether or not anybody
//! knows a majority that holds it: from then on somebody may have acted on it. When a protocol must have a committed
//! entry (a new leader, a new view), it asks [`Judge::lacks`].

use alloc::rc::Rc;
use lightcone_engine::hash::hash64;
use lightcone_engine::prelude::*;

/// Items of a page: what is copied when an entry is added to a log that is shared.
const PAGE: usize = 16;

/// A list that grows and is cut at its end, and whose copies share all but their last page.
#[derive(Clone, Debug)]
struct Pages<T> {
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
    /// The item at this index, from 1.
    fn get(&self, index: u32) -> Option<T> {
        let place = (index as usize).checked_sub(1)?;
        (place < self.len).then(|| self.pages[place / PAGE][place % PAGE])
    }

    /// Adds an item. A page that copies share is copied first.
    fn push(&mut self, item: T) {
        match self.pages.last_mut() {
            Some(page) if !self.len.is_multiple_of(PAGE) => Rc::make_mut(page)[self.len % PAGE] = item,
            _ => self.pages.push(Rc::new([item; PAGE])),
        }
        self.len += 1;
    }

    /// Keeps the first `len` items. What the last page holds beyond them is overwritten by the next.
    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.pages.truncate(self.len.div_ceil(PAGE));
    }

    fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.pages.iter().flat_map(|page| page.iter().copied()).take(self.len)
    }
}

/// A log: entries, each with the hash of the log up to and with it. Indices count from 1.
#[derive(Clone)]
pub struct Log<E>(Pages<(E, u64)>);

impl<E> Default for Log<E> {
    fn default() -> Log<E> {
        Log(Pages::default())
    }
}

/// Two logs are equal if they have the same entries: as long, and with the same hash at the end.
impl<E: Copy + Hash> PartialEq for Log<E> {
    fn eq(&self, other: &Log<E>) -> bool {
        self.last_index() == other.last_index() && self.agrees(other, self.last_index())
    }
}

impl<E: Copy + Hash> Eq for Log<E> {}

impl<E: Copy + Hash + fmt::Debug> fmt::Debug for Log<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

impl<E: Copy + Hash> Hash for Log<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.last_index(), self.chain(self.last_index())).hash(state);
    }
}

impl<E: Copy + Hash> Log<E> {
    /// The index of the last entry; 0 if the log is empty.
    #[must_use]
    pub fn last_index(&self) -> u32 {
        self.0.len as u32
    }

    /// The entry at `index`.
    #[must_use]
    pub fn entry(&self, index: u32) -> Option<E> {
        self.0.get(index).map(|(entry, _)| entry)
    }

    /// The hash of the log up to `index`; 0 before the first and after the last entry.
    fn chain(&self, index: u32) -> u64 {
        self.0.get(index).map_or(0, |(_, chain)| chain)
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: E) {
        let chain = hash64(&(self.chain(self.last_index()), entry));
        self.0.push((entry, chain));
    }

    /// Keeps the entries up to `index`.
    pub fn truncate(&mut self, index: u32) {
        self.0.truncate(index as usize);
    }

    /// The entries from `first` on, at most `most` of them.
    #[must_use]
    pub fn tail(&self, first: u32, most: u32) -> Vec<E> {
        (first..first.saturating_add(most)).map_while(|index| self.entry(index)).collect()
    }

    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = E> + '_ {
        self.0.iter().map(|(entry, _)| entry)
    }

    /// Whether both logs have `index` entries or more, and the same up to there.
    #[must_use]
    pub fn agrees(&self, other: &Log<E>, index: u32) -> bool {
        index <= self.last_index().min(other.last_index()) && self.chain(index) == other.chain(index)
    }

    /// The first index at which the two differ, searched for from the beginning; one after the end of the shorter if it
    /// is a prefix of the other.
    #[must_use]
    pub fn first_difference(&self, other: &Log<E>) -> u32 {
        let common = self.last_index().min(other.last_index());
        (1..=common).find(|&index| self.chain(index) != other.chain(index)).unwrap_or(common + 1)
    }
}

/// By whom an entry was committed: who first applied it, in which epoch (a leader's term, view or ballot), and at which event.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// The replica.
    pub node: NodeId,
    /// The replica's epoch at that event.
    pub epoch: u32,
    /// The event.
    pub event: Witness,
}

/// Judges what replicas apply: no two apply different entries at one index. Whatever one applies is committed, whoever knows
/// of it: from then on the log up to there must stay.
#[derive(Clone)]
pub struct Judge<E> {
    /// How replicas are called: `S` for S1, S2 …
    letter: &'static str,
    /// The protocol's promise that no two replicas apply different entries at one index.
    safety: u8,
    /// What was applied by anybody, in order.
    committed: Log<E>,
    /// Who committed each entry: by index, like `committed`.
    first: Pages<First>,
}

impl<E: Copy + Hash> Hash for Judge<E> {
    /// Who was first, and when, is only told; the epoch decides which later leaders must have the entry.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.committed.hash(state);
        self.first.iter().for_each(|first| first.epoch.hash(state));
    }
}

impl<E: Copy + Hash + fmt::Display> Judge<E> {
    /// Nothing is applied yet. The promise is the protocol's own.
    pub fn new(letter: &'static str, safety: impl Into<u8>) -> Judge<E> {
        Judge { letter, safety: safety.into(), committed: Log::default(), first: Pages::default() }
    }

    /// The replica `by.node` has applied its log up to `index`. It may say so again, after a restart, for entries that it has
    /// applied before.
    pub fn applied(&mut self, log: &Log<E>, index: u32, by: First, findings: &mut Findings) {
        let known = self.committed.last_index();
        if !self.committed.agrees(log, index.min(known))
            && let Some((at, theirs, first)) = self.lacks(log)
        {
            let (me, other) = (self.name(by.node), self.name(first.node));
            let mine = log.entry(at).map_or("nothing".into(), |entry| entry.to_string());
            let sentence = || format!("{me} applies {mine} at index {at}, where {other} applied {theirs}.");
            findings.breaks(self.safety, || Breach::of(sentence(), [by.node, first.node], [first.event]));
        }
        for entry in log.tail(known + 1, index.saturating_sub(known)) {
            self.committed.push(entry);
            self.first.push(by);
        }
    }

    /// The first committed entry that this log lacks, with its index and who committed it. None if the log has all of them; it
    /// may have more.
    #[must_use]
    pub fn lacks(&self, log: &Log<E>) -> Option<(u32, E, First)> {
        if self.committed.agrees(log, self.committed.last_index()) {
            return None;
        }
        let index = self.committed.first_difference(log);
        Some((index, self.committed.entry(index)?, self.first.get(index)?))
    }

    /// Whether nothing was applied so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.committed.last_index() == 0
    }

    /// The event at which the entry at `index` was first applied.
    #[must_use]
    pub fn event(&self, index: u32) -> Option<Witness> {
        self.first.get(index).map(|first| first.event)
    }

    fn name(&self, replica: NodeId) -> String {
        format!("{}{}", self.letter, replica.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAFETY: u8 = 0;

    fn log(entries: &[u32]) -> Log<u32> {
        let mut log = Log::default();
        entries.iter().for_each(|entry| log.push(*entry));
        log
    }

    /// Pages are shared, entries are not.
    #[test]
    fn copies_of_a_log_go_their_own_ways() {
        let long: Vec<u32> = (1..=40).collect();
        let one = log(&long);
        let mut other = one.clone();
        other.truncate(33);
        other.push(7);
        assert_eq!(one, log(&long));
        assert_eq!((other.last_index(), other.entry(34), other.entry(35)), (34, Some(7), None));
        assert_eq!((one.first_difference(&other), one.agrees(&other, 33), one.agrees(&other, 34)), (34, true, false));
        assert_eq!(one.entries().collect::<Vec<_>>(), long);
        assert_eq!((one.tail(39, 8), one.tail(2, 2), one.tail(41, 8)), (vec![39, 40], vec![2, 3], vec![]));
    }

    /// S1 applies two entries, S2 another third one, and S3 what S1 had not applied.
    #[test]
    fn an_index_is_applied_alike_by_all_or_the_promise_breaks() {
        let mut findings = Findings::default();
        let mut judge = Judge::new("S", SAFETY);
        let first = |node: u8, epoch| First { node: NodeId(node), epoch, event: Witness(EventIndex(node.into())) };
        judge.applied(&log(&[1, 2, 3]), 2, first(0, 1), &mut findings);
        judge.applied(&log(&[1, 2, 4]), 3, first(1, 2), &mut findings);
        assert!(findings.holds(SAFETY), "entry 3 of S1 was not applied");
        judge.applied(&log(&[1, 2, 3]), 2, first(2, 2), &mut findings);
        assert!(findings.holds(SAFETY));
        judge.applied(&log(&[1, 2, 3]), 3, first(2, 2), &mut findings);
        assert!(!findings.holds(SAFETY));
    }

    /// A log that ends too early lacks an entry as much as one that has another in its place.
    #[test]
    fn what_was_applied_must_be_in_later_logs() {
        let mut judge = Judge::new("S", SAFETY);
        let first = First { node: NodeId(0), epoch: 3, event: Witness(EventIndex(9)) };
        judge.applied(&log(&[1, 2]), 2, first, &mut Findings::default());
        let lacks = |entries: &[u32]| judge.lacks(&log(entries)).map(|(index, entry, by)| (index, entry, by.epoch));
        assert_eq!(lacks(&[1, 2]), None);
        assert_eq!(lacks(&[1, 2, 7]), None);
        assert_eq!(lacks(&[1]), Some((2, 2, 3)));
        assert_eq!(lacks(&[1, 7, 8]), Some((2, 2, 3)));
    }
}
