//! What worlds share while a search goes through them. It comes to the same parts again and again: a node in the same
//! state, a message that says the same. Each is kept once (collapse compression, Holzmann 1997), under a number, and what a
//! handler did once needs not be worked out when it does so again (`memo.rs`).
//!
//! Then names do not tell any more how a world came about: what says the same has one name. So parts are shared only where
//! neither names nor times decide anything.

use super::memo::Memo;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::hash::{Hash, Hasher};
use lightcone_engine::fingerprints::Fingerprints;
use lightcone_engine::hash::{Hasher64, Labels, hash64, mix};
use lightcone_engine::id::{MessageId, NodeId, TimerId};
use lightcone_engine::protocol::{AnyObserver, Cause, Handling, Payload};
use lightcone_engine::run::{Memory, Parts, Pending, Slot, Step, Watcher, World, message_fingerprint};

/// What a part takes, about: a node in a state, a message, what is known to who watches, what a handler did.
const PART_BYTES: usize = 256;

/// The memory of all worlds of one search.
pub struct Interner(RefCell<Tables>);

struct Tables {
    slots: Kept<Slot>,
    pending: Kept<Pending>,
    watchers: Kept<Watcher>,
    memo: Memo,
    /// Who watched before what is happening.
    before: Option<Watcher>,
    /// An observer that nobody needs: its room is used again.
    spare: Option<Rc<dyn AnyObserver>>,
    nodes: usize,
    kinds: usize,
    /// Messages that have a name, by link and kind.
    named: Vec<u16>,
}

struct Kept<T> {
    fingerprints: Fingerprints,
    all: Vec<Rc<T>>,
}

impl<T> Kept<T> {
    fn new() -> Kept<T> {
        Kept { fingerprints: Fingerprints::new(), all: Vec::new() }
    }

    /// The part with this fingerprint. One that is new is made from its number, which counts from 1.
    fn part(&mut self, fingerprint: u64, make: impl FnOnce(u32) -> Rc<T>) -> Rc<T> {
        let (place, new) = self.fingerprints.add(fingerprint);
        if new {
            self.all.push(make(place + 1));
        }
        self.all[place as usize].clone()
    }

    /// The part with this number.
    fn get(&self, number: u32) -> &Rc<T> {
        &self.all[number as usize - 1]
    }
}

impl Interner {
    /// From here on, this world and its forks share their parts, if that makes no difference. Where a handler reads its
    /// clock later it would: then [`World::is_timed`] is so of a world that shares parts, and nothing more may be made of it.
    pub fn share(world: &mut World) {
        let sharing = world.memory().is_some();
        if sharing || world.is_timed() || world.plan().model.links.fifo || asks_for_names(world) {
            return;
        }
        let mut tables = Tables {
            slots: Kept::new(),
            pending: Kept::new(),
            watchers: Kept::new(),
            memo: Memo::default(),
            before: None,
            spare: None,
            nodes: world.parts().slots.len(),
            kinds: world.plan().protocol.kinds().len(),
            named: world.sent().to_vec(),
        };
        let mut driver = world.drive();
        let parts = driver.parts();
        (0..tables.nodes).for_each(|node| drop(tables.intern_slot(parts, NodeId(node as u8))));
        for pending in core::mem::take(&mut parts.pending) {
            let interned = tables.intern(Pending::clone(&pending));
            assert!(parts.put(interned), "as much was pending before");
        }
        tables.intern_watcher(parts);
        driver.remember(Rc::new(Interner(RefCell::new(tables))));
    }

    /// The interner of a world that shares its parts.
    #[must_use]
    pub fn of(world: &World) -> Option<&Interner> {
        let memory: &dyn Any = &**world.memory()?;
        memory.downcast_ref()
    }

    /// Bytes that the shared parts take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let Tables { slots, pending, watchers, memo, .. } = &*self.0.borrow();
        (slots.all.len() + pending.all.len() + watchers.all.len() + memo.len()) * PART_BYTES
    }

    /// How a watcher with this number looks under labels: worlds have copies of their own of who watches.
    pub fn watcher_under(&self, number: u32, labels: Labels, work_out: impl FnOnce() -> u64) -> u64 {
        match number {
            0 => work_out(),
            number => self.0.borrow().watchers.get(number).under_labels.of(number, labels, work_out),
        }
    }
}

/// Writes the numbers of the world's parts, if that is all that is so of it besides what is so of `root`, from which the
/// search goes.
pub fn pack(world: &World, root: &World, into: &mut VecDeque<u16>) -> bool {
    let parts = world.parts();
    let plain = parts.parked.is_empty() && parts.cuts == root.parts().cuts && world.limit().is_none();
    let numbers = parts.slots.iter().map(|slot| slot.number);
    let numbers = numbers.chain(parts.pending.iter().map(|pending| pending.number));
    let mut bits = parts.watcher.number;
    into.push_back(bits as u16);
    into.extend(numbers.map(|number| {
        bits |= number;
        number as u16
    }));
    world.memory().is_some() && plain && bits <= u32::from(u16::MAX)
}

/// Makes of the world what was packed, so many events after `root`.
pub fn unpack(world: &mut World, root: &World, mut packed: impl Iterator<Item = u16>, events: u32) {
    let (Some(interner), Some(watcher)) = (Interner::of(root), packed.next()) else { return };
    let tables = interner.0.borrow();
    let mut driver = world.drive();
    driver.take_over(root, events);
    let parts = driver.parts();
    parts.watcher.clone_from(tables.watchers.get(watcher.into()));
    parts.slots.clear();
    parts.slots.extend(packed.by_ref().take(tables.nodes).map(|number| tables.slots.get(number.into()).clone()));
    parts.pending.clear();
    parts.pending.extend(packed.map(|number| tables.pending.get(number.into()).clone()));
    parts.parked.clear();
    parts.cuts.clone_from(&root.parts().cuts);
}

/// Whether an edit is about something that is still to come, by its name, or chance looks at names.
fn asks_for_names(world: &World) -> bool {
    let (plan, parts) = (world.plan(), world.parts());
    let links = &plan.model.links;
    let kinds = plan.protocol.kinds().len();
    let sent = |message: &MessageId| {
        let link = message.from.index() * parts.slots.len() + message.to.index();
        world.sent().get(link * kinds + usize::from(message.kind)).is_some_and(|sent| message.ordinal <= *sent)
    };
    let slot = |node: NodeId| parts.slots.get(node.index());
    let waits = |cause: Cause| parts.pending.iter().chain(&parts.parked).any(|pending| pending.cause == cause);
    let armed = |timer: TimerId| {
        let armings = slot(timer.node).and_then(|slot| slot.armings(timer.kind));
        armings.is_some_and(|armings| timer.ordinal <= armings)
    };
    let past = |handling: &Handling| match *handling {
        Handling::Message(message) => sent(&message) && !waits(Cause::Deliver(message)),
        Handling::Timer(timer) => armed(timer) && !waits(Cause::Fire(timer)),
        Handling::Request(request) => slot(request.node).is_some_and(|slot| request.ordinal <= slot.requests),
    };
    links.duplication_per_mille > 0
        || (links.loss_per_mille > 0 && !links.reliable)
        || !plan.messages.iter().all(|(message, _)| sent(message))
        || !plan.copies.iter().all(|(copy, _)| sent(copy))
        || !plan.timers.iter().all(|(timer, _)| armed(*timer))
        || !plan.crashes.iter().all(|(handling, _)| past(handling))
}

impl Memory for Interner {
    /// Messages that say the same have one name.
    fn name(&self, from: NodeId, to: NodeId, payload: &Payload) -> Option<MessageId> {
        let tables = &mut *self.0.borrow_mut();
        let fingerprint = message_fingerprint(from, to, &**payload);
        if let Some(place) = tables.pending.fingerprints.get(fingerprint)
            && let Cause::Deliver(name) = tables.pending.all[place as usize].cause
        {
            return Some(name);
        }
        let kind = payload.kind();
        let link = from.index() * tables.nodes + to.index();
        let named = &mut tables.named[link * tables.kinds + usize::from(kind)];
        *named = named.checked_add(1)?;
        Some(MessageId { from, to, kind, ordinal: *named, copy: 0 })
    }

    fn pending(&self, pending: Pending) -> Rc<Pending> {
        let tables = &mut *self.0.borrow_mut();
        let interned = tables.intern(pending);
        tables.memo.launch(&interned);
        interned
    }

    fn replay(&self, parts: &mut Parts, pending: &Pending, cut_short: Option<u16>, step: &mut Step) -> bool {
        let tables = &mut *self.0.borrow_mut();
        tables.before = Some(parts.watcher.clone());
        if let Some(mut spare) = tables.spare.take()
            && let Some(own) = Rc::get_mut(&mut spare)
        {
            own.assign(&*parts.watcher.observer);
            parts.watcher.observer = spare;
        }
        tables.memo.replay(parts, pending, cut_short, step)
    }

    fn memoize(&self, parts: &mut Parts, pending: &Pending, complete: bool, step: &Step) {
        let tables = &mut *self.0.borrow_mut();
        match tables.before.take() {
            Some(before) if is_same(&before, &parts.watcher) => {
                tables.spare = Some(core::mem::replace(&mut parts.watcher, before).observer);
            }
            _ => tables.intern_watcher(parts),
        }
        let Some(node) = pending.cause.node() else { return };
        match tables.memo.replayed() {
            Some(slot) => parts.slots[node.index()] = slot,
            None => {
                let exact = tables.intern_slot(parts, node);
                if complete {
                    tables.memo.memoize(parts, node, exact, step);
                }
            }
        }
    }
}

impl Tables {
    /// What is pending, as the one part that says so.
    fn intern(&mut self, mut pending: Pending) -> Rc<Pending> {
        // What is asked for by edits happens in its order.
        let moment = matches!(pending.cause, Cause::Act(_)).then_some(pending.due);
        let fingerprint = moment.map_or(pending.fingerprint(), |due| hash64(&(due, pending.cause)));
        self.pending.part(fingerprint, |number| {
            pending.number = number;
            Rc::new(pending)
        })
    }

    /// A node as the one part that is so, after what it did was judged: what does not count as state may differ. Returns
    /// how it was if that is not the part.
    fn intern_slot(&mut self, parts: &mut Parts, node: NodeId) -> Option<Rc<Slot>> {
        let slot = &mut parts.slots[node.index()];
        if slot.number != 0 {
            return None;
        }
        let mut hasher = Hasher64::of_state(Labels::OWN);
        (node, slot.fingerprint(), slot.requests, slot.armed()).hash(&mut hasher);
        let interned = self.slots.part(hasher.finish(), |number| {
            Rc::make_mut(slot).number = number;
            slot.clone()
        });
        let is_new = Rc::ptr_eq(slot, &interned);
        let exact = core::mem::replace(slot, interned);
        (!is_new).then_some(exact)
    }

    /// Who watches, as the one part that knows and has found this.
    fn intern_watcher(&mut self, parts: &mut Parts) {
        let watcher = &mut parts.watcher;
        let found = u64::from(watcher.broken) | u64::from(watcher.reached) << 32;
        let interned = self.watchers.part(mix(watcher.fingerprint() ^ mix(found)), |number| {
            watcher.number = number;
            Rc::new(watcher.clone())
        });
        watcher.clone_from(&interned);
    }
}

/// Whether two know and have found the same.
fn is_same(one: &Watcher, other: &Watcher) -> bool {
    let all = |watcher: &Watcher| (watcher.fingerprint(), watcher.broken, watcher.reached);
    all(one) == all(other)
}
