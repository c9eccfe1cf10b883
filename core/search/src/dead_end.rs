//! What must be true by the end cannot be broken by one event. It is lost in a state from which it never comes about,
//! however long everybody waits, although every message arrives and every timer fires that can: a deadlock, or a circle.
//!
//! From such a state few others can be reached, and in none of them does it hold. If there are more than a few, or if what
//! would happen by itself brings it about, nothing is said.

use super::bounds::{Bounds, Used};
use super::next::{Next, options};
use super::world::verdict::is_good;
use super::world::{Canonical, Choice, Waiting};
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::run::{Step, World};
use lightcone_engine::sorted_map::SortedMap;

/// States that are looked at from one state. A protocol that counts on and on has no end of them.
const MOST_STATES: usize = 512;
/// Events that may happen by themselves before it holds.
const MOST_EVENTS: usize = 64;

/// Time passes and nothing goes wrong any more.
const FAIR: Bounds = Bounds { depth: u8::MAX, budget: [u8::MAX, 0, 0, 0, 0, 0, 0], states: 0 };

/// Looks whether a property can still come true.
#[derive(Default)]
pub struct DeadEnds {
    waiting: Vec<Waiting>,
    options: Vec<Next>,
    step: Step,
}

impl DeadEnds {
    /// Whether this property is lost for good.
    pub fn is_dead_end(&mut self, world: &World, property: u8) -> bool {
        !is_good(world, property) && !self.comes_by_itself(world, property) && self.never_comes(world, property)
    }

    fn comes_by_itself(&mut self, world: &World, property: u8) -> bool {
        let mut world = world.clone();
        for _ in 0..MOST_EVENTS {
            self.list(&world);
            let Some(next) = self.options.first() else { return false };
            if !next.choice.force(&mut world, next.at, &mut self.step) {
                return false;
            }
            if is_good(&world, property) {
                return true;
            }
        }
        false
    }

    fn never_comes(&mut self, world: &World, property: u8) -> bool {
        let mut seen = SortedMap::new();
        seen.add(fingerprint(world));
        let mut open = vec![world.clone()];
        while let Some(world) = open.pop() {
            self.list(&world);
            for place in 0..self.options.len() {
                let mut next = world.clone();
                if !self.options[place].choice.force(&mut next, self.options[place].at, &mut self.step) {
                    continue;
                }
                if is_good(&next, property) || seen.len() > MOST_STATES {
                    return false;
                }
                if seen.add(fingerprint(&next)) {
                    open.push(next);
                }
            }
        }
        true
    }

    /// What may happen without anybody's fault. A crashed node need not come back.
    fn list(&mut self, world: &World) {
        options(world, Used::default(), &FAIR, &mut self.waiting, &mut self.options);
        self.options.retain(|next| matches!(next.choice, Choice::Happens(_)));
    }
}

/// Time passes without end here.
fn fingerprint(world: &World) -> u64 {
    let timers = if world.is_timed() { Canonical::of(world).earliest_timers(None) } else { 0 };
    world.fingerprint() ^ timers
}
