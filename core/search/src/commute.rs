//! Two events on different nodes commute: either order leads to the same state. Of both orders one is enough (sleep sets,
//! Godefroid 1996). A choice sleeps in a state if it was tried in a state before, where it was possible already, and
//! nothing since depends on it.
//!
//! Every state is still reached in as few events as without. Take a state and all orders of a shortest way to it that
//! differ only in what commutes. From the start follow, wherever one stands, the choice that is tried first there of those
//! with which one of these orders goes on. It is awake: what sleeps was tried before on the way here, and would begin one
//! of these orders there. A state that several ways reach at the same depth sleeps as far as all of them say; at a greater
//! depth it is on no shortest way any more. That states count as one that differ only in which node is which changes
//! nothing, if choices are named as the nodes of each state are sorted.
//!
//! Two choices depend on each other if they happen on one lane or to the network, if both are seen by clients (judges look
//! at the order of calls and answers), or if both use what there is only one more of. Where time counts everything does.

use super::bounds::{Bounds, Budget};
use super::next::Next;
use super::walk::{PLACES, PathEntry};
use super::world::{Canonical, Choice};
use alloc::vec::Vec;
use core::ops::Range;
use lightcone_engine::fingerprints::{Fingerprints, reserve};
use lightcone_engine::hash::{Labels, mix};
use lightcone_engine::id::NodeId;
use lightcone_engine::protocol::Happening;
use lightcone_engine::run::{Step, World};

/// What a choice is, wherever it can happen: what it does, and whether clients see it.
#[derive(Clone, Copy)]
struct Name(u64);

const SEEN: u64 = 1;

impl Name {
    /// The name of a choice that is possible in `world`, with the nodes as they are sorted there.
    #[inline]
    fn of(next: &Next, world: Canonical<'_>, labels: Option<Labels>) -> Name {
        Name(labels.map_or(next.content, |labels| Name::content_under(next, world, labels)) & !SEEN)
    }

    #[inline(never)]
    fn content_under(next: &Next, world: Canonical<'_>, labels: Labels) -> u64 {
        match next.choice {
            Choice::Happens(_) | Choice::CutShort(..) => world.content_under(next.pending, labels),
            Choice::Repeated(_) => !world.content_under(next.pending, labels),
            Choice::Overtakes(_) => mix(world.content_under(next.pending, labels)),
            Choice::Done(action) => mix(world.action_under(action, labels)),
        }
    }

    fn is(self, other: Name) -> bool {
        (self.0 ^ other.0) & !SEEN == 0
    }

    const fn bit(self) -> u64 {
        1 << (self.0 >> 58)
    }

    /// The one of these that is this, which says whether clients saw it.
    fn among(self, names: &[Name]) -> Option<Name> {
        names.iter().copied().find(|other| other.is(self))
    }
}

/// Which choices sleep in the states of this level and of the next.
pub struct Asleep {
    now: Level,
    next: Level,
    /// Room for the names that are passed on.
    passed: Vec<Name>,
}

#[derive(Default)]
struct Level {
    /// Its first state.
    start: u32,
    /// The number of each state's set. With [`ALL`] if it is known that all choices of the state are in it.
    states: Vec<u32>,
    sets: Sets,
}

/// Beside the number of a set.
const ALL: u32 = 1 << 31;

/// Sets of names, each kept once: most states of a level share theirs with many others.
#[derive(Default)]
struct Sets {
    fingerprints: Fingerprints,
    names: Vec<Name>,
    /// Where the names of each set end.
    ends: Vec<u32>,
}

impl Sets {
    /// The number of the set of these names.
    fn add(&mut self, names: &[Name]) -> u32 {
        // A sum, so that their order does not count.
        let sum = names.iter().fold(0, |sum: u64, name| sum.wrapping_add(mix(name.0)));
        let (number, new) = self.fingerprints.add(mix(sum));
        if new {
            reserve(&mut self.names, names.len());
            self.names.extend_from_slice(names);
            reserve(&mut self.ends, 1);
            self.ends.push(self.names.len() as u32);
        }
        number
    }

    /// The names of the set with this number, with [`ALL`] or without.
    fn of(&self, number: u32) -> &[Name] {
        let place = (number & !ALL) as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.names[start as usize..self.ends[place] as usize]
    }

    fn bytes(&self) -> usize {
        self.fingerprints.bytes() + self.names.capacity() * 8 + self.ends.capacity() * 4
    }
}

impl Level {
    fn set(&self, state: u32) -> Option<u32> {
        self.states.get(state.checked_sub(self.start)? as usize).copied()
    }

    /// A state is reached with these names, for the first time or once more.
    fn reach(&mut self, state: u32, new: bool, names: &mut Vec<Name>) {
        let Some(place) = state.checked_sub(self.start) else { return };
        let place = place as usize;
        if new {
            let skipped = place - self.states.len();
            reserve(&mut self.states, skipped + 1);
            if skipped > 0 {
                self.states.resize(place, self.sets.add(&[]));
            }
            self.states.push(self.sets.add(names));
        } else if let Some(set) = self.states.get_mut(place) {
            let asleep = self.sets.of(*set);
            let count = asleep.len();
            names.retain_mut(|name| {
                let own = name.among(asleep);
                *name = own.unwrap_or(*name);
                own.is_some()
            });
            if names.len() != count {
                *set = self.sets.add(names);
            }
        }
    }

    fn bytes(&self) -> usize {
        self.states.capacity() * 4 + self.sets.bytes()
    }
}

/// What is tried of one state's choices, here or before.
#[derive(Default)]
pub struct Tried {
    /// The choices' codes, and whether clients saw what they did.
    done: Vec<(u16, bool)>,
    /// How many of them sleep. They come first, in the order of the choices.
    asleep: usize,
    /// What there is only one more of, one bit each.
    scarce: u8,
}

impl Tried {
    /// Whether this choice sleeps. Choices are asked about in their order; `passed` counts those that did.
    pub fn sleeps(&self, code: u16, passed: &mut usize) -> bool {
        let sleeps = *passed < self.asleep && self.done[*passed].0 == code;
        *passed += usize::from(sleeps);
        sleeps
    }

    /// Nothing yet.
    pub fn clear(&mut self) {
        self.done.clear();
        (self.asleep, self.scarce) = (0, 0);
    }

    /// A choice was tried, with this outcome. One that was cut short is not kept in mind.
    pub fn add(&mut self, code: u16, step: &Step) {
        if code <= PLACES {
            self.done.push((code, is_seen(step)));
        }
    }
}

fn is_seen(step: &Step) -> bool {
    step.asked.is_some() || step.happenings.iter().any(|each| matches!(each, Happening::Replied { .. }))
}

impl Asleep {
    /// Nothing sleeps in the root, which is a level of its own.
    pub fn new() -> Asleep {
        Asleep { now: Level::default(), next: Level { start: 1, ..Level::default() }, passed: Vec::new() }
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        self.now.bytes() + self.next.bytes()
    }

    /// The next level becomes this one.
    pub fn next_level(&mut self, states: Range<u32>) {
        core::mem::swap(&mut self.now, &mut self.next);
        self.next = Level { start: states.end, ..Level::default() };
    }

    /// The state that was just reached for the first time has these choices: notes, and returns, whether all of them sleep.
    #[inline(never)]
    pub fn note(&mut self, choices: &[Next], world: &World, labels: Option<Labels>) -> bool {
        let world = Canonical::of(world);
        let sleeps = |next: &Next| {
            let name = Name::of(next, world, labels);
            self.passed.iter().any(|other| other.is(name))
        };
        let all = choices.iter().all(sleeps);
        if all && let Some(set) = self.next.states.last_mut() {
            *set |= ALL;
        }
        all
    }

    /// Whether it is known that all choices of a state sleep.
    pub fn is_all(&self, state: u32) -> bool {
        self.now.set(state).is_some_and(|set| set & ALL != 0)
    }

    /// What sleeps in a state.
    pub fn in_state(&self, state: u32, entry: &PathEntry, labels: Option<Labels>, bounds: &Bounds, tried: &mut Tried) {
        for budget in Budget::ALL {
            // How many messages one that overtakes loses is not looked at.
            let scarce = entry.used.left(budget, bounds) < 2 || budget == Budget::Loss;
            tried.scarce |= u8::from(scarce) << budget as u8;
        }
        let Some(set) = self.now.set(state) else { return };
        let (asleep, world) = (self.now.sets.of(set), Canonical::of(&entry.world));
        // Of each that sleeps one bit: mostly it tells that a choice does not.
        let bits = asleep.iter().fold(0, |bits, name| bits | name.bit());
        let options = if asleep.is_empty() { &[] } else { &*entry.options };
        for (code, option) in (0..).zip(options) {
            let name = Name::of(option, world, labels);
            let own = if bits & name.bit() != 0 { name.among(asleep) } else { None };
            tried.done.extend(own.map(|own| (code, own.0 & SEEN != 0)));
        }
        tried.asleep = tried.done.len();
    }

    /// The choice `code` has led to `state`: what was tried before and commutes with it sleeps there, unless there is no room
    /// to say so: it is tried once more, then. Returns how much sleeps.
    pub fn reach(&mut self, state: u32, new: bool, code: u16, tried: &Tried, ways: &Ways<'_>) -> usize {
        self.passed.clear();
        if (ways.room || !new) && !ways.child.is_timed() {
            let Ways { entry, step, child, labels, .. } = *ways;
            let child = Canonical::of(child);
            let (next, seen) = (&entry.options[usize::from(code & PLACES)], is_seen(step));
            let apart = Apart::from(next, code > PLACES, tried.scarce);
            for &(done, was_seen) in &tried.done {
                let other = &entry.options[usize::from(done)];
                if !(seen && was_seen) && apart.is(other) {
                    let name = Name::of(other, child, labels);
                    self.passed.push(Name(name.0 | u64::from(was_seen)));
                }
            }
        }
        let asleep = self.passed.len();
        self.next.reach(state, new, &mut self.passed);
        asleep
    }
}

/// From a state by one choice to another.
#[derive(Clone, Copy)]
pub struct Ways<'a> {
    /// The state.
    pub entry: &'a PathEntry,
    /// What the choice did.
    pub step: &'a Step,
    /// The other state.
    pub child: &'a World,
    /// How its nodes are sorted.
    pub labels: Option<Labels>,
    /// Whether there is room to say what sleeps there.
    pub room: bool,
}

/// Which choices commute with one.
struct Apart {
    node: Option<NodeId>,
    /// What it uses of which there is only one more, one bit each.
    uses: u8,
}

impl Apart {
    /// From this choice, perhaps cut short.
    fn from(next: &Next, cut: bool, scarce: u8) -> Apart {
        let crash = u8::from(cut) << Budget::Crash as u8;
        Apart { node: next.node, uses: (uses(next) | crash) & scarce }
    }

    /// Whether neither order of the two differs.
    fn is(&self, other: &Next) -> bool {
        self.node.is_some() && other.node.is_some() && self.node != other.node && uses(other) & self.uses == 0
    }
}

/// One bit.
fn uses(next: &Next) -> u8 {
    next.uses.map_or(0, |(budget, _)| 1 << budget as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[u64]) -> Vec<Name> {
        of.iter().map(|name| Name(mix(*name))).collect()
    }

    #[test]
    fn a_set_is_kept_once_in_whatever_order_its_names_come() {
        let mut sets = Sets::default();
        let number = sets.add(&names(&[1, 2, 3]));
        let bytes = sets.bytes();
        assert_eq!((sets.add(&names(&[3, 1, 2])), sets.bytes()), (number, bytes));
        assert_ne!(sets.add(&names(&[1, 2])), number);
        assert_eq!((sets.of(number).len(), sets.of(number | ALL).len()), (3, 3));
    }

    #[test]
    fn what_sleeps_in_a_state_is_what_all_ways_to_it_say() {
        let mut level = Level::default();
        level.reach(0, true, &mut names(&[1, 2, 3]));
        level.reach(2, true, &mut names(&[1]));
        level.states[0] |= ALL;
        level.reach(0, false, &mut names(&[3, 2, 1, 4]));
        assert!(level.set(0).is_some_and(|set| set & ALL != 0), "nothing woke up");
        level.reach(0, false, &mut names(&[4, 2, 3]));
        let set = level.set(0).expect("the state is of this level");
        assert_eq!((set & ALL, level.sets.of(set).len()), (0, 2));
        let is_in = |name: u64| names(&[name])[0].among(level.sets.of(set)).is_some();
        assert_eq!([1, 2, 3, 4].map(is_in), [false, true, true, false]);
        assert!(level.set(1).is_some_and(|set| level.sets.of(set).is_empty()), "nothing was said of it");
        assert!(level.set(3).is_none());
    }
}
