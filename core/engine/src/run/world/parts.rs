//! What a world is made of. Anyone may read it; only a step and a driver (`driver.rs`) change it. A driver takes parts out,
//! puts others in and numbers them. It never edits one that is shared: each keeps its fingerprint.

use super::clock::Clock;
use super::label_cache::LabelCache;
use crate::hash::{Hasher64, Labels, mix};
use crate::id::{EventIndex, MessageId, NodeId, NodeSet};
use crate::limits::MAX_PENDING;
use crate::protocol::{AnyDurable, AnyMessage, AnyObserver, Cause, Node, Nodes, Payload, Source};
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::hash::{Hash, Hasher};
use core::num::NonZeroU64;

/// Nodes, what is to happen, cuts, and who watches: what a step goes by and changes. Forks share every part until one of
/// them changes it.
pub struct Parts {
    /// Nodes, by their numbers.
    pub slots: Vec<Rc<Slot>>,
    /// What is to happen, latest first: what is next is popped from the end.
    pub pending: Vec<Rc<Pending>>,
    /// What waits at paused nodes, in order of arrival.
    pub parked: Vec<Rc<Pending>>,
    /// For each sender, whom it cannot reach.
    pub cuts: Vec<NodeSet>,
    /// Who watches.
    pub watcher: Watcher,
}

/// A node's place in the world.
#[derive(Clone)]
pub struct Slot {
    /// Its state; none while it is crashed.
    pub state: Option<Rc<dyn Node>>,
    /// What it has in stable storage.
    pub durable: Rc<dyn AnyDurable>,
    /// Whether it is paused.
    pub paused: bool,
    /// Its own clock.
    pub clock: Clock,
    /// Requests made of it so far.
    pub requests: u16,
    /// Under which number a [`super::Memory`] knows it; 0 if none does. A node that changes loses it.
    pub number: u32,
    /// How it looks under labels, while it has a number.
    pub under_labels: LabelCache,
    /// Engine's Lamport stamp of the node's last event.
    pub(super) lamport: u32,
    pub(super) last_event: Option<EventIndex>,
    /// A timer's place here is its kind.
    pub(super) timers: Rc<[TimerSlot]>,
    /// What is so of it, as one number, if it is worked out.
    pub(super) fingerprint: Cell<Option<NonZeroU64>>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct TimerSlot {
    pub(super) armings: u16,
    pub(super) armed: Option<(Time, u32)>,
}

/// Something that may happen.
#[derive(Clone)]
pub struct Pending {
    /// When, if nobody decides otherwise.
    pub due: Time,
    /// What, by name.
    pub cause: Cause,
    /// Who decided that it happens, or when.
    pub source: Source,
    /// What a message says.
    pub payload: Option<Payload>,
    /// The event that sent or armed it; none for what an edit is still to do.
    pub sender: Option<EventIndex>,
    /// When a timer can fire at the earliest.
    pub earliest: Time,
    /// When a message must have arrived, if delays are bounded.
    pub latest: Option<Time>,
    /// Under which number a [`super::Memory`] knows it; 0 if none does.
    pub number: u32,
    /// How it looks under labels, while it has a number.
    pub under_labels: LabelCache,
    /// The message's or timer's place among the run's messages or timers.
    pub(super) record: u32,
    pub(super) lamport: u32,
    /// What it is, whatever its name, if it is worked out.
    pub(super) fingerprint: Cell<Option<NonZeroU64>>,
}

/// Who watches, and what it has found so far.
pub struct Watcher {
    /// The protocol's observer.
    pub observer: Rc<dyn AnyObserver>,
    /// Properties that are broken, one bit each.
    pub broken: u32,
    /// Properties whose good moment is reached, one bit each.
    pub reached: u32,
    /// Under which number a [`super::Memory`] knows it; 0 if none does.
    pub number: u32,
    /// How it looks under labels, while it has a number.
    pub under_labels: LabelCache,
    /// What the observer knows, as one number, if it is worked out.
    pub(super) fingerprint: Cell<Option<NonZeroU64>>,
}

impl Parts {
    /// Lets something be pending, in its order. Returns false, and does nothing, if as much is pending as may be.
    #[must_use]
    pub fn put(&mut self, pending: Rc<Pending>) -> bool {
        let there_is_room = self.pending.len() < MAX_PENDING;
        if there_is_room {
            let place = self.place(pending.due, pending.cause);
            self.pending.insert(place, pending);
        }
        there_is_room
    }

    /// Takes out what is pending by this name.
    pub fn remove(&mut self, cause: Cause) -> Option<Rc<Pending>> {
        let place = self.find(cause)?;
        Some(self.pending.remove(place))
    }

    /// Where among what is pending this stands.
    pub(super) fn find(&self, cause: Cause) -> Option<usize> {
        self.pending.iter().rposition(|pending| pending.cause == cause)
    }

    /// Where among what is pending, latest first, this stands or would stand.
    pub(super) fn place(&self, due: Time, cause: Cause) -> usize {
        self.pending.partition_point(|other| other.due > due || (other.due == due && other.cause > cause))
    }

    /// Worlds share a node's place until one of them changes it.
    #[inline(never)]
    pub(super) fn changing(&mut self, node: NodeId) -> &mut Slot {
        let slot = Rc::make_mut(&mut self.slots[node.index()]);
        slot.number = 0;
        slot.fingerprint = Cell::default();
        slot
    }
}

/// `clone_from` uses the room that there is, and does not touch what stands in both at the same place: a search forks one
/// world into another all the time, and mostly two worlds differ in little.
impl Clone for Parts {
    fn clone(&self) -> Parts {
        Parts {
            slots: self.slots.clone(),
            pending: self.pending.clone(),
            parked: self.parked.clone(),
            cuts: self.cuts.clone(),
            watcher: self.watcher.clone(),
        }
    }

    fn clone_from(&mut self, other: &Parts) {
        share(&mut self.slots, &other.slots);
        share(&mut self.pending, &other.pending);
        share(&mut self.parked, &other.parked);
        self.cuts.clone_from(&other.cuts);
        self.watcher.clone_from(&other.watcher);
    }
}

impl Clone for Watcher {
    fn clone(&self) -> Watcher {
        Watcher {
            observer: self.observer.clone(),
            under_labels: LabelCache::default(),
            fingerprint: self.fingerprint.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &Watcher) {
        share_one(&mut self.observer, &other.observer);
        (self.broken, self.reached, self.number) = (other.broken, other.reached, other.number);
        self.fingerprint.set(other.fingerprint.get());
    }
}

pub(super) fn share_one<T: ?Sized>(one: &mut Rc<T>, other: &Rc<T>) {
    if !Rc::ptr_eq(one, other) {
        *one = other.clone();
    }
}

fn share<T>(list: &mut Vec<Rc<T>>, other: &[Rc<T>]) {
    list.truncate(other.len());
    list.iter_mut().zip(other).for_each(|(one, other)| share_one(one, other));
    list.extend_from_slice(&other[list.len()..]);
}

impl Nodes for Vec<Rc<Slot>> {
    fn count(&self) -> u8 {
        self.len() as u8
    }
    fn state(&self, node: NodeId) -> Option<&dyn Node> {
        self[node.index()].state.as_deref()
    }
    fn durable(&self, node: NodeId) -> &dyn AnyDurable {
        &*self[node.index()].durable
    }
    fn paused(&self, node: NodeId) -> bool {
        self[node.index()].paused
    }
}

impl Slot {
    /// A node that never ran.
    pub(super) fn blank(durable: Rc<dyn AnyDurable>, timers: usize) -> Slot {
        Slot {
            state: None,
            durable,
            paused: false,
            clock: Clock::default(),
            requests: 0,
            number: 0,
            under_labels: LabelCache::default(),
            lamport: 0,
            last_event: None,
            timers: core::iter::repeat_n(TimerSlot::default(), timers).collect(),
            fingerprint: Cell::default(),
        }
    }

    /// Timers that are armed, one bit each.
    #[must_use]
    pub fn armed(&self) -> u32 {
        let timers = self.timers.iter().enumerate();
        timers.fold(0, |mask, (kind, timer)| mask | u32::from(timer.armed.is_some()) << kind)
    }

    /// How often a timer of this kind was armed so far; none if there is no such kind.
    #[must_use]
    pub fn armings(&self, kind: u8) -> Option<u16> {
        Some(self.timers.get(usize::from(kind))?.armings)
    }

    /// Worlds share a node's timers until one of them changes.
    pub(super) fn timer(&mut self, kind: u8) -> &mut TimerSlot {
        &mut Rc::make_mut(&mut self.timers)[usize::from(kind)]
    }
}

impl Pending {
    /// Something that nobody sent.
    #[must_use]
    pub fn plain(due: Time, cause: Cause, source: Source) -> Pending {
        Pending {
            due,
            cause,
            source,
            payload: None,
            sender: None,
            earliest: due,
            latest: None,
            number: 0,
            under_labels: LabelCache::default(),
            record: 0,
            lamport: 0,
            fingerprint: Cell::default(),
        }
    }

    /// The same message once more, under the name of a copy.
    #[must_use]
    pub fn copy(&self, copy: MessageId) -> Pending {
        Pending { cause: Cause::Deliver(copy), ..self.clone() }
    }

    pub(super) fn key(&self) -> (Time, Cause) {
        (self.due, self.cause)
    }
}

impl Watcher {
    pub(super) fn new(observer: Rc<dyn AnyObserver>) -> Watcher {
        Watcher {
            observer,
            broken: 0,
            reached: 0,
            number: 0,
            under_labels: LabelCache::default(),
            fingerprint: Cell::default(),
        }
    }

    /// Worlds share an observer until one of them changes it.
    pub(super) fn changing(&mut self) -> &mut dyn AnyObserver {
        if Rc::get_mut(&mut self.observer).is_none() {
            self.observer = self.observer.fork();
        }
        (self.number, self.fingerprint) = (0, Cell::default());
        Rc::get_mut(&mut self.observer).expect("a fork is not shared yet")
    }
}

/// What a message is, whatever its name.
#[must_use]
pub fn message_fingerprint(from: NodeId, to: NodeId, payload: &dyn AnyMessage) -> u64 {
    let mut hasher = Hasher64::of_state(Labels::OWN);
    (0_u8, from, to).hash(&mut hasher);
    payload.fingerprint(&mut hasher);
    mix(hasher.finish())
}
