//! What a world is, as one number: two of which it is the same go on alike.

use super::{Cause, Pending, Slot, Watcher, World};
use crate::hash::{Hasher64, Labels, hash64, mix};
use crate::id::NodeId;
use crate::protocol::AnyMessage;
use alloc::rc::Rc;
use core::hash::{Hash, Hasher};
use core::num::NonZeroU64;

impl World {
    /// A fingerprint of all that decides what can happen from here; not of names, times and records, which only say how it
    /// came to this. Where time counts, clocks and deadlines of messages are part of it; when timers can fire is apart
    /// ([`World::earliest_timers`]).
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Hasher64::of_state(Labels::OWN);
        self.slots.iter().for_each(|slot| slot.fingerprint().hash(&mut hasher));
        self.cuts.hash(&mut hasher);
        self.watcher.print().hash(&mut hasher);
        // A sum, so that the order in which things were sent does not count.
        let waiting = self.pending.iter().enumerate().map(|(place, each)| self.in_line(place, each));
        let waiting = waiting.chain(self.parked.iter().map(|each| mix(!each.fingerprint())));
        waiting.fold(0, u64::wrapping_add).hash(&mut hasher);
        if self.is_timed() {
            self.now.hash(&mut hasher);
            self.slots.iter().for_each(|slot| slot.clock.hash(&mut hasher));
        }
        hasher.finish()
    }

    /// The fingerprint of something pending; on FIFO links it counts which message of a link comes first.
    fn in_line(&self, place: usize, pending: &Pending) -> u64 {
        let mut print = pending.fingerprint();
        if self.is_timed() {
            print = mix(print ^ hash64(&pending.latest));
        }
        let Cause::Deliver(message) = pending.cause else { return print };
        if !self.plan.model.links.fifo {
            return print;
        }
        let link = |other: &&Rc<Pending>| match other.cause {
            Cause::Deliver(other) => (other.from, other.to) == (message.from, message.to),
            _ => false,
        };
        mix(print ^ self.pending[place + 1..].iter().filter(link).count() as u64)
    }
}

/// Whether two know and have found the same.
impl PartialEq for Watcher {
    fn eq(&self, other: &Watcher) -> bool {
        (self.print(), self.broken, self.reached) == (other.print(), other.broken, other.reached)
    }
}

impl Watcher {
    /// What the observer knows.
    pub(super) fn print(&self) -> u64 {
        let worked_out = || {
            let mut hasher = Hasher64::of_state(Labels::OWN);
            self.observer.fingerprint(&mut hasher);
            self.print.set(NonZeroU64::new(hasher.finish()));
            hasher.finish()
        };
        self.print.get().map_or_else(worked_out, NonZeroU64::get)
    }
}

impl Slot {
    /// What is so of it, whatever led to that.
    pub(super) fn fingerprint(&self) -> u64 {
        if let Some(print) = self.print.get() {
            return print.get();
        }
        let mut hasher = Hasher64::of_state(Labels::OWN);
        self.state.is_some().hash(&mut hasher);
        if let Some(state) = &self.state {
            state.fingerprint(&mut hasher);
        }
        self.durable.fingerprint(&mut hasher);
        self.paused.hash(&mut hasher);
        let print = hasher.finish();
        self.print.set(NonZeroU64::new(print));
        print
    }
}

impl Pending {
    /// What it is, whatever its name.
    pub(super) fn fingerprint(&self) -> u64 {
        if let Some(print) = self.print.get() {
            return print.get();
        }
        let mut hasher = Hasher64::of_state(Labels::OWN);
        let print = match (self.cause, &self.payload) {
            (Cause::Deliver(message), Some(payload)) => message_print(message.from, message.to, &**payload),
            (Cause::Fire(timer), _) => {
                (1_u8, timer.node, timer.kind).hash(&mut hasher);
                mix(hasher.finish())
            }
            (cause, _) => {
                (2_u8, cause).hash(&mut hasher);
                mix(hasher.finish())
            }
        };
        self.print.set(NonZeroU64::new(print));
        print
    }
}

/// What a message is, whatever its name.
pub(super) fn message_print(from: NodeId, to: NodeId, payload: &dyn AnyMessage) -> u64 {
    let mut hasher = Hasher64::of_state(Labels::OWN);
    (0_u8, from, to).hash(&mut hasher);
    payload.fingerprint(&mut hasher);
    mix(hasher.finish())
}
