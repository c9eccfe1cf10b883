//! The door for drivers that make things happen which nobody has scheduled. The simulator and step mode do without:
//! they take what is pending ([`World::choices`], [`World::take`]). A search crashes nodes, in the middle of a handler too,
//! repeats and forgets messages, and has a memory.
//!
//! Reading harms nothing: [`World::parts`] shows everyone what a world is made of. To change it one asks for a [`Driver`].
//! Protocols never see a world; whoever only shows runs has no reason to ask.

use super::World;
use super::memory::Memory;
use super::parts::{Parts, Pending, share_one};
use super::step::{Step, StepKind};
use crate::time::Time;
use alloc::rc::Rc;

/// A hand on a world.
pub struct Driver<'a>(&'a mut World);

impl World {
    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Messages sent so far, by link and kind: at `(from * nodes + to) * kinds + kind`.
    #[must_use]
    pub fn sent(&self) -> &[u16] {
        &self.sent
    }

    /// Its memory.
    #[must_use]
    pub fn memory(&self) -> Option<&Rc<dyn Memory>> {
        self.memory.as_ref()
    }

    /// Opens the door.
    pub fn drive(&mut self) -> Driver<'_> {
        Driver(self)
    }
}

impl Driver<'_> {
    /// What the world is made of, to be changed. What is pending stays in its order.
    pub fn parts(&mut self) -> &mut Parts {
        &mut self.0.parts
    }

    /// Makes something happen that is not, or no longer, pending: at `at`, or now if that is over. Its handler is cut short
    /// after so many effects, and then its node crashes. Returns whether it was an event; what was not has changed nothing
    /// that matters.
    pub fn happen(&mut self, pending: Rc<Pending>, at: Time, cut_short: Option<u16>, step: &mut Step) -> bool {
        let goes_on = self.0.limit.is_none();
        if goes_on {
            self.0.happen(pending, at, cut_short, step);
        }
        goes_on && step.kind == StepKind::Event
    }

    /// From here on, the world and its forks ask this memory.
    pub fn remember(&mut self, memory: Rc<dyn Memory>) {
        self.0.memory = Some(memory);
    }

    /// Takes over all from `other` but what it is made of: plan, memory, moment and counts, as of so many events later.
    pub fn take_over(&mut self, other: &World, events: u32) {
        let world = &mut *self.0;
        share_one(&mut world.plan, &other.plan);
        share_one(&mut world.sent, &other.sent);
        world.last_arrival.clone_from(&other.last_arrival);
        match (&mut world.memory, &other.memory) {
            (Some(memory), Some(other)) => share_one(memory, other),
            (memory, other) => memory.clone_from(other),
        }
        world.clock_read.set(other.clock_read.get());
        (world.now, world.limit, world.events) = (other.now, other.limit, other.events + events);
        (world.messages, world.timers) = (other.messages, other.timers);
    }
}
