//! What handlers did, kept for when they are called again with the same: in the same state of the node, with the same
//! message or timer, over the same cuts. Then they are not called.

use alloc::rc::Rc;
use alloc::vec::Vec;
use lightcone_engine::fingerprints::Fingerprints;
use lightcone_engine::hash::mix;
use lightcone_engine::id::NodeId;
use lightcone_engine::limits::MAX_PENDING;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::{Happenings, Parts, Pending, Slot, Step};

/// What handlers did, by what decides it.
pub struct Memo {
    keys: Fingerprints,
    outcomes: Vec<Outcome>,
    running: Running,
    /// Messages sent by the handler that runs.
    launched: Vec<Rc<Pending>>,
}

/// What happens in this step.
enum Running {
    /// Nothing of which the outcome is kept.
    Other,
    /// What happened before; the node becomes this part in the end.
    Again(Rc<Slot>),
    /// What is to be kept under this key, and the timers that were armed before besides one that fires, one bit each.
    New(u64, u32),
}

/// What a handler did.
struct Outcome {
    /// Its node afterwards, and the part that is so: what does not count as state may differ.
    exact: Rc<Slot>,
    slot: Rc<Slot>,
    /// Timers that are no longer armed, one bit each.
    disarmed: u32,
    /// What is to happen now.
    pending: Vec<Rc<Pending>>,
    happenings: Happenings,
    writes: u64,
    shows: u64,
}

impl Default for Memo {
    fn default() -> Memo {
        Memo { keys: Fingerprints::new(), outcomes: Vec::new(), running: Running::Other, launched: Vec::new() }
    }
}

impl Memo {
    /// How many outcomes are kept.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Something is pending from now on.
    pub fn launch(&mut self, pending: &Rc<Pending>) {
        if let Cause::Deliver(_) = pending.cause {
            self.launched.push(pending.clone());
        }
    }

    /// Does again what a handler did before, if that is known.
    pub fn replay(&mut self, parts: &mut Parts, pending: &Pending, cut_short: Option<u16>, step: &mut Step) -> bool {
        self.running = Running::Other;
        let (node, fired) = match pending.cause {
            Cause::Deliver(message) => (message.to, 0),
            Cause::Fire(timer) => (timer.node, 1 << timer.kind),
            Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => return false,
        };
        let slot = &parts.slots[node.index()];
        let cut = cut_short.map_or(0, |after| u64::from(after) + 1);
        let numbers = u64::from(slot.number) | u64::from(pending.number) << 32;
        let key = mix(mix(numbers) ^ cut ^ u64::from(parts.cuts[node.index()].0) << 32);
        let known = self.keys.get(key).map(|place| &self.outcomes[place as usize]);
        if let Some(outcome) = known.filter(|outcome| outcome.fits(parts)) {
            outcome.come_about(parts, node, step);
            self.running = Running::Again(outcome.slot.clone());
            return true;
        }
        self.launched.clear();
        self.running = Running::New(key, slot.armed() & !fired);
        false
    }

    /// The part that the node of a handler becomes that was not called.
    pub fn replayed(&self) -> Option<Rc<Slot>> {
        match &self.running {
            Running::Again(slot) => Some(slot.clone()),
            Running::Other | Running::New(..) => None,
        }
    }

    /// Keeps what a handler has just done, if it is to be kept; `exact` is its node before it became the part that it is.
    pub fn memoize(&mut self, parts: &Parts, node: NodeId, exact: Option<Rc<Slot>>, step: &Step) {
        let Running::New(key, armed_before) = self.running else { return };
        if !self.keys.add(key).1 {
            return;
        }
        let slot = parts.slots[node.index()].clone();
        let armed = slot.armed();
        let mut pending = core::mem::take(&mut self.launched);
        let is_new = |each: &&Rc<Pending>| match each.cause {
            Cause::Fire(timer) => timer.node == node && armed & !armed_before & 1 << timer.kind != 0,
            _ => false,
        };
        pending.extend(parts.pending.iter().filter(is_new).cloned());
        self.outcomes.push(Outcome {
            exact: exact.unwrap_or_else(|| slot.clone()),
            slot,
            disarmed: armed_before & !armed,
            pending,
            happenings: step.happenings.clone(),
            writes: step.writes,
            shows: step.shows,
        });
    }
}

impl Outcome {
    /// Whether there is room for what is to happen then.
    fn fits(&self, parts: &Parts) -> bool {
        parts.pending.len() + self.pending.len() <= MAX_PENDING
    }

    fn come_about(&self, parts: &mut Parts, node: NodeId, step: &mut Step) {
        parts.slots[node.index()] = self.exact.clone();
        if self.disarmed != 0 {
            parts.pending.retain(|pending| match pending.cause {
                Cause::Fire(timer) => timer.node != node || self.disarmed & 1 << timer.kind == 0,
                _ => true,
            });
        }
        for pending in &self.pending {
            assert!(parts.put(pending.clone()), "there is room for all of it");
        }
        step.happenings = self.happenings.clone();
        (step.writes, step.shows) = (self.writes, self.shows);
    }
}
