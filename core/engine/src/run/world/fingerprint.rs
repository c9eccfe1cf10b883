//! What a world is, as one number: two of which it is the same go on alike.

use super::World;
use super::parts::{Pending, Slot, Watcher, message_fingerprint};
use crate::hash::{Hasher64, Labels, hash64, mix};
use crate::protocol::Cause;
use alloc::rc::Rc;
use core::cell::Cell;
use core::hash::{Hash, Hasher};
use core::num::NonZeroU64;

impl World {
    /// A fingerprint of all that decides what can happen from here; not of names, times and records, which only say how it
    /// came to this. Where time counts, clocks and deadlines of messages are part of it; when timers can fire is not.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let parts = &self.parts;
        let mut hasher = Hasher64::of_state(Labels::OWN);
        parts.slots.iter().for_each(|slot| slot.fingerprint().hash(&mut hasher));
        // Mostly nothing is cut.
        if parts.cuts.iter().any(|cuts| !cuts.is_empty()) {
            parts.cuts.hash(&mut hasher);
        }
        parts.watcher.fingerprint().hash(&mut hasher);
        // A sum, so that the order in which things were sent does not count.
        let timed = self.is_timed();
        let waiting: u64 = if timed || self.plan.model.links.fifo {
            let waiting = parts.pending.iter().enumerate().map(|(place, each)| self.in_line(place, each));
            waiting.fold(0, u64::wrapping_add)
        } else {
            parts.pending.iter().fold(0, |sum, each| sum.wrapping_add(each.fingerprint()))
        };
        let parked = parts.parked.iter().map(|each| mix(!each.fingerprint()));
        parked.fold(waiting, u64::wrapping_add).hash(&mut hasher);
        if timed {
            self.now.hash(&mut hasher);
            parts.slots.iter().for_each(|slot| slot.clock.hash(&mut hasher));
        }
        hasher.finish()
    }

    /// The fingerprint of something pending; on FIFO links it counts which message of a link comes first.
    fn in_line(&self, place: usize, pending: &Pending) -> u64 {
        let mut fingerprint = pending.fingerprint();
        if self.is_timed() {
            fingerprint = mix(fingerprint ^ hash64(&pending.latest));
        }
        let Cause::Deliver(message) = pending.cause else { return fingerprint };
        if !self.plan.model.links.fifo {
            return fingerprint;
        }
        let link = |other: &&Rc<Pending>| match other.cause {
            Cause::Deliver(other) => (other.from, other.to) == (message.from, message.to),
            _ => false,
        };
        mix(fingerprint ^ self.parts.pending[place + 1..].iter().filter(link).count() as u64)
    }
}

/// What `cell` keeps, or what is worked out now and kept from here on.
fn kept(cell: &Cell<Option<NonZeroU64>>, work_out: impl FnOnce() -> u64) -> u64 {
    cell.get().map_or_else(
        || {
            let fingerprint = work_out();
            cell.set(NonZeroU64::new(fingerprint));
            fingerprint
        },
        NonZeroU64::get,
    )
}

impl Watcher {
    /// What the observer knows; not what it has found.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        kept(&self.fingerprint, || {
            let mut hasher = Hasher64::of_state(Labels::OWN);
            self.observer.fingerprint(&mut hasher);
            hasher.finish()
        })
    }
}

impl Slot {
    /// What is so of it, whatever led to that.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        kept(&self.fingerprint, || {
            let mut hasher = Hasher64::of_state(Labels::OWN);
            self.state.is_some().hash(&mut hasher);
            if let Some(state) = &self.state {
                state.fingerprint(&mut hasher);
            }
            self.durable.fingerprint(&mut hasher);
            self.paused.hash(&mut hasher);
            hasher.finish()
        })
    }
}

impl Pending {
    /// What it is, whatever its name.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        kept(&self.fingerprint, || {
            let mut hasher = Hasher64::of_state(Labels::OWN);
            match (self.cause, &self.payload) {
                (Cause::Deliver(message), Some(payload)) => {
                    return message_fingerprint(message.from, message.to, &**payload);
                }
                (Cause::Fire(timer), _) => (1_u8, timer.node, timer.kind).hash(&mut hasher),
                (cause, _) => (2_u8, cause).hash(&mut hasher),
            }
            mix(hasher.finish())
        })
    }
}
