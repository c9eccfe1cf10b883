//! What worlds share while a search goes through them. It comes to the same parts again and again: a node in the same
//! state, a message that says the same. Each is kept once (collapse compression, Holzmann 1997), and what a handler did
//! once needs not be worked out when it does so again.
//!
//! Then names do not tell any more how a world came about: what says the same has one name. So parts are shared only where
//! neither names nor times decide anything.

use super::print::message_print;
use super::{Cause, Happenings, Pending, Slot, Step, Watcher, World};
use crate::fingerprints::Fingerprints;
use crate::hash::{Hasher64, Labels, hash64, mix};
use crate::id::{MessageId, NodeId, TimerId};
use crate::protocol::{Handling, Payload};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::hash::{Hash, Hasher};
use core::iter;

/// What a part takes, about: a node in a state, a message, what is known to who watches, what a handler did.
const PART_BYTES: usize = 256;

/// Parts of all worlds of one search.
pub(super) struct Parts {
    slots: Kept<Slot>,
    pending: Kept<Pending>,
    watchers: Kept<Watcher>,
    outcomes: Kept<Outcome>,
    /// Messages that have a name, by link and kind.
    named: Vec<u16>,
    /// Messages sent by the handler that runs.
    launched: Vec<Rc<Pending>>,
}

struct Kept<T> {
    prints: Fingerprints,
    all: Vec<Rc<T>>,
}

impl<T> Kept<T> {
    fn new() -> Kept<T> {
        Kept { prints: Fingerprints::new(), all: Vec::new() }
    }

    /// The part with this print. One that is new is made from its number, which counts from 1.
    fn part(&mut self, print: u64, make: impl FnOnce(u32) -> Rc<T>) -> Rc<T> {
        let (place, new) = self.prints.add(print);
        if new {
            self.all.push(make(place + 1));
        }
        self.all[place as usize].clone()
    }

    /// The part with this number.
    fn get(&self, part: u32) -> &Rc<T> {
        &self.all[part as usize - 1]
    }
}

/// What a handler did.
pub(super) struct Outcome {
    /// Its node afterwards, and the part that is so: what does not count as state may differ.
    slot: Rc<Slot>,
    kept: Rc<Slot>,
    /// Timers that are no longer armed, one bit each.
    disarmed: u32,
    /// What is to happen now.
    pending: Vec<Rc<Pending>>,
    happenings: Happenings,
    brinks: u64,
}

impl World {
    /// From here on, this world and its forks share their parts, if that makes no difference. Where a handler reads its
    /// clock later it would: then [`World::is_timed`] is so of a world that shares parts, and nothing more may be made of it.
    pub fn share_parts(&mut self) {
        if self.is_timed() || self.plan.model.links.fifo || self.asks_for_names() {
            return;
        }
        let parts = Parts {
            slots: Kept::new(),
            pending: Kept::new(),
            watchers: Kept::new(),
            outcomes: Kept::new(),
            named: self.sent.to_vec(),
            launched: Vec::new(),
        };
        self.parts = Some(Rc::new(RefCell::new(parts)));
        (0..self.plan.nodes()).for_each(|node| drop(self.keep_slot(NodeId(node))));
        let mut pending = core::mem::take(&mut self.pending);
        pending.drain(..).for_each(|pending| self.schedule(Pending::clone(&pending)));
        self.keep_watcher();
    }

    /// Whether it shares its parts with its forks.
    #[must_use]
    pub fn shares_parts(&self) -> bool {
        self.parts.is_some()
    }

    /// Bytes that the shared parts take, about.
    pub(crate) fn parts_bytes(&self) -> usize {
        self.parts.as_ref().map_or(0, |parts| parts.borrow().bytes())
    }

    /// Whether an edit is about something that is still to come, by its name, or chance looks at names.
    fn asks_for_names(&self) -> bool {
        let links = &self.plan.model.links;
        let kinds = self.plan.protocol.kinds().len();
        let sent = |message: &MessageId| {
            let link = message.from.index() * self.slots.len() + message.to.index();
            self.sent.get(link * kinds + usize::from(message.kind)).is_some_and(|sent| message.ordinal <= *sent)
        };
        let slot = |node: NodeId| self.slots.get(node.index());
        let waits = |cause: Cause| self.pending.iter().chain(&self.parked).any(|pending| pending.cause == cause);
        let armed = |timer: TimerId| {
            let kind = slot(timer.node).and_then(|slot| slot.timers.get(usize::from(timer.kind)));
            kind.is_some_and(|slot| timer.ordinal <= slot.armings)
        };
        let past = |handling: &Handling| match *handling {
            Handling::Message(message) => sent(&message) && !waits(Cause::Deliver(message)),
            Handling::Timer(timer) => armed(timer) && !waits(Cause::Fire(timer)),
            Handling::Request(request) => slot(request.node).is_some_and(|slot| request.ordinal <= slot.requests),
        };
        let plan = &self.plan;
        links.duplication_per_mille > 0
            || (links.loss_per_mille > 0 && !links.reliable)
            || !plan.messages.iter().all(|(message, _)| sent(message))
            || !plan.copies.iter().all(|(copy, _)| sent(copy))
            || !plan.timers.iter().all(|(timer, _)| armed(*timer))
            || !plan.crashes.iter().all(|(handling, _)| past(handling))
    }

    /// What is pending, as the one part that says so.
    pub(super) fn kept_pending(&self, pending: Pending) -> Rc<Pending> {
        let Some(parts) = &self.parts else { return Rc::new(pending) };
        let parts = &mut *parts.borrow_mut();
        // What is asked for by edits happens in its order.
        let moment = matches!(pending.cause, Cause::Act(_)).then_some(pending.due);
        let print = moment.map_or(pending.fingerprint(), |due| hash64(&(due, pending.cause)));
        let kept = parts.pending.part(print, |part| Rc::new(Pending { part, ..pending }));
        if let Cause::Deliver(_) = kept.cause {
            parts.launched.push(kept.clone());
        }
        kept
    }

    /// The one name of messages that say this; none without shared parts, or if there are too many.
    pub(super) fn kept_name(&self, from: NodeId, to: NodeId, payload: &Payload) -> Option<MessageId> {
        let parts = &mut *self.parts.as_ref()?.borrow_mut();
        let print = message_print(from, to, &**payload);
        if let Some(place) = parts.pending.prints.get(print)
            && let Cause::Deliver(name) = parts.pending.all[place as usize].cause
        {
            return Some(name);
        }
        let kind = payload.kind();
        let link = from.index() * self.slots.len() + to.index();
        let named = &mut parts.named[link * self.plan.protocol.kinds().len() + usize::from(kind)];
        *named = named.checked_add(1)?;
        Some(MessageId { from, to, kind, ordinal: *named, copy: 0 })
    }

    /// A node as the one part that is so, after what it did was judged: what does not count as state may differ. Returns
    /// how it was if that is not the part.
    pub(super) fn keep_slot(&mut self, node: NodeId) -> Option<Rc<Slot>> {
        let parts = self.parts.as_ref()?;
        let slot = &mut self.slots[node.index()];
        if slot.part != 0 {
            return None;
        }
        let mut hasher = Hasher64::of_state(Labels::OWN);
        (node, slot.fingerprint(), slot.requests, slot.armed()).hash(&mut hasher);
        let kept = parts.borrow_mut().slots.part(hasher.finish(), |part| {
            Rc::make_mut(slot).part = part;
            slot.clone()
        });
        let is_new = Rc::ptr_eq(slot, &kept);
        let exact = core::mem::replace(slot, kept);
        (!is_new).then_some(exact)
    }

    /// Who watches, as the one part that knows and has found this.
    pub(super) fn keep_watcher(&mut self) {
        let Some(parts) = &self.parts else { return };
        let watcher = &mut self.watcher;
        let print = mix(watcher.print() ^ mix(u64::from(watcher.broken) | u64::from(watcher.reached) << 32));
        let kept = parts.borrow_mut().watchers.part(print, |part| Rc::new(Watcher { part, ..watcher.clone() }));
        watcher.clone_from(&kept);
    }

    /// Writes which parts it is made of, if that is all that is so of it besides what is so of `root`, from which the search
    /// goes.
    pub(crate) fn pack(&self, root: &World, into: &mut VecDeque<u16>) -> bool {
        let plain = self.parts.is_some() && self.parked.is_empty() && self.cuts == root.cuts && self.limit.is_none();
        let parts = self.slots.iter().map(|slot| slot.part).chain(self.pending.iter().map(|pending| pending.part));
        plain
            && iter::once(self.watcher.part).chain(parts).all(|part| {
                into.push_back(part as u16);
                part <= u32::from(u16::MAX)
            })
    }

    /// Becomes what was packed, so many events after `root`.
    pub(crate) fn unpack(&mut self, root: &World, mut packed: impl Iterator<Item = u16>, events: u32) {
        let (Some(parts), Some(watcher)) = (&root.parts, packed.next()) else { return };
        let parts = parts.borrow();
        self.watcher.clone_from(parts.watchers.get(watcher.into()));
        self.slots.clear();
        self.slots.extend(packed.by_ref().take(root.slots.len()).map(|part| parts.slots.get(part.into()).clone()));
        self.pending.clear();
        self.pending.extend(packed.map(|part| parts.pending.get(part.into()).clone()));
        self.parked.clear();
        self.cuts.clone_from(&root.cuts);
        self.events = root.events + events;
        (self.now, self.messages, self.timers, self.limit) = (root.now, root.messages, root.timers, root.limit);
        self.clock_read.set(root.clock_read.get());
    }

    /// What decides what a handler does, as one number; none if that is not kept.
    pub(super) fn handling_print(&self, pending: &Pending) -> Option<u64> {
        self.parts.as_ref().filter(|_| matches!(pending.cause, Cause::Deliver(_) | Cause::Fire(_)))?;
        let node = pending.cause.node()?;
        let slot = &self.slots[node.index()];
        let cut = self.cut_short.map_or(0, |after| u64::from(after) + 1);
        let parts = u64::from(slot.part) | u64::from(pending.part) << 32;
        Some(mix(mix(parts) ^ cut ^ u64::from(self.cuts[node.index()].0) << 32))
    }

    /// Does again what a handler did before, if that is known; returns the part that its node is then.
    pub(super) fn repeat(&mut self, print: u64, node: NodeId, step: &mut Step) -> Option<Rc<Slot>> {
        let parts = self.parts.clone()?;
        let parts = parts.borrow();
        let outcome = &parts.outcomes.all[parts.outcomes.prints.get(print)? as usize];
        self.slots[node.index()] = outcome.slot.clone();
        if outcome.disarmed != 0 {
            self.pending.retain(|pending| match pending.cause {
                Cause::Fire(timer) => timer.node != node || outcome.disarmed & 1 << timer.kind == 0,
                _ => true,
            });
        }
        outcome.pending.iter().for_each(|pending| self.put(pending.clone()));
        step.happenings = outcome.happenings.clone();
        step.brinks = outcome.brinks;
        Some(outcome.kept.clone())
    }

    /// Before a handler runs whose outcome is to be kept: timers that are armed.
    pub(super) fn begin_outcome(&self, pending: &Pending, node: NodeId) -> u32 {
        if let Some(parts) = &self.parts {
            parts.borrow_mut().launched.clear();
        }
        let fired = match pending.cause {
            Cause::Fire(timer) => 1 << timer.kind,
            _ => 0,
        };
        self.slots[node.index()].armed() & !fired
    }

    /// Keeps what a handler has just done.
    pub(super) fn keep_outcome(&mut self, print: u64, node: NodeId, armed_before: u32, step: &Step) {
        let exact = self.keep_slot(node);
        let kept = self.slots[node.index()].clone();
        let slot = exact.unwrap_or_else(|| kept.clone());
        let Some(parts) = &self.parts else { return };
        let parts = &mut *parts.borrow_mut();
        let armed = slot.armed();
        let mut pending = core::mem::take(&mut parts.launched);
        let is_new = |each: &&Rc<Pending>| match each.cause {
            Cause::Fire(timer) => timer.node == node && armed & !armed_before & 1 << timer.kind != 0,
            _ => false,
        };
        pending.extend(self.pending.iter().filter(is_new).cloned());
        let (disarmed, happenings) = (armed_before & !armed, step.happenings.clone());
        let outcome = Outcome { slot, kept, disarmed, pending, happenings, brinks: step.brinks };
        parts.outcomes.part(print, |_| Rc::new(outcome));
    }
}

impl Parts {
    /// Who watches, as the part that all share who know this.
    pub(super) fn watcher(&self, part: u32) -> &Watcher {
        self.watchers.get(part)
    }

    fn bytes(&self) -> usize {
        let parts = self.slots.all.len() + self.pending.all.len() + self.watchers.all.len() + self.outcomes.all.len();
        parts * PART_BYTES
    }
}
