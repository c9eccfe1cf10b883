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
use lightcone_engine::fingerprints::reserve;
use lightcone_engine::hash::{Labels, mix};
use lightcone_engine::protocol::Happening;
use lightcone_engine::run::{Step, World};

/// What a choice is, wherever it can happen: what it does, and whether clients see it.
#[derive(Clone, Copy)]
struct Name(u64);

const SEEN: u64 = 1;

impl Name {
    /// The name of a choice that is possible in `world`, with the nodes as they are sorted there.
    fn of(next: &Next, world: Canonical<'_>, labels: Option<Labels>) -> Name {
        let Some(labels) = labels else { return Name(next.content & KEPT & !SEEN) };
        let content = match next.choice {
            Choice::Happens(_) | Choice::CutShort(..) => world.content_under(next.pending, labels),
            Choice::Repeated(_) => !world.content_under(next.pending, labels),
            Choice::Overtakes(_) => mix(world.content_under(next.pending, labels)),
            Choice::Done(action) => mix(world.action_under(action, labels)),
        };
        Name(content & KEPT & !SEEN)
    }

    fn is(self, other: Name) -> bool {
        (self.0 ^ other.0) & !SEEN == 0
    }

    /// Six bytes of it are enough to tell the few choices of one state apart.
    const fn packed(self) -> Packed {
        [self.0 as u16, (self.0 >> 16) as u16, (self.0 >> 32) as u16]
    }

    const fn unpacked([low, middle, high]: Packed) -> Name {
        Name(low as u64 | (middle as u64) << 16 | (high as u64) << 32)
    }
}

/// A name as it is kept.
type Packed = [u16; 3];

/// The part of a name that is kept.
const KEPT: u64 = (1 << 48) - 1;

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
    names: Vec<Packed>,
    /// Where the names of each state are.
    spans: Vec<Span>,
}

/// The names of one state.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    names: u16,
    /// With how many names all choices sleep, if that was noted.
    enough: u16,
}

impl Span {
    const fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.names as usize
    }
}

impl Level {
    fn span(&self, state: u32) -> Option<&Span> {
        self.spans.get(state.checked_sub(self.start)? as usize)
    }

    fn of(&self, state: u32) -> &[Packed] {
        self.span(state).map_or(&[], |span| &self.names[span.range()])
    }

    /// A state is reached with these names, for the first time or once more.
    fn reach(&mut self, state: u32, new: bool, names: &[Name]) {
        let Some(place) = state.checked_sub(self.start) else { return };
        if new {
            let start = self.names.len() as u32;
            reserve(&mut self.names, names.len());
            self.names.extend(names.iter().map(|name| name.packed()));
            let more = place as usize + 1 - self.spans.len();
            reserve(&mut self.spans, more);
            self.spans.resize(place as usize, Span::default());
            self.spans.push(Span { start, names: names.len() as u16, enough: 0 });
        } else if let Some(span) = self.spans.get_mut(place as usize) {
            let mut kept = span.start as usize;
            for each in span.range() {
                let name = Name::unpacked(self.names[each]);
                if names.iter().any(|other| other.is(name)) {
                    self.names[kept] = name.packed();
                    kept += 1;
                }
            }
            span.names = (kept - span.start as usize) as u16;
        }
    }
}

/// What is tried of one state's choices, here or before.
#[derive(Default)]
pub struct Tried {
    /// The choices' codes, and whether clients saw what they did.
    done: Vec<(u16, bool)>,
    /// What there is only one more of, one bit each.
    scarce: u8,
}

impl Tried {
    /// Whether a choice sleeps.
    pub fn has(&self, code: u16) -> bool {
        self.done.iter().any(|(done, _)| *done == code)
    }

    /// Nothing yet.
    pub fn clear(&mut self) {
        self.done.clear();
        self.scarce = 0;
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
        let level = |level: &Level| level.names.capacity() * 6 + level.spans.capacity() * 8;
        level(&self.now) + level(&self.next)
    }

    /// The next level becomes this one.
    pub fn next_level(&mut self, states: Range<u32>) {
        core::mem::swap(&mut self.now, &mut self.next);
        self.next.names.clear();
        self.next.spans.clear();
        self.next.start = states.end;
    }

    /// The state that was just reached for the first time has these choices: notes whether all of them sleep.
    #[inline(never)]
    pub fn note(&mut self, choices: &[Next], world: &World, labels: Option<Labels>) {
        let world = Canonical::of(world);
        let sleeps = |next: &Next| {
            let name = Name::of(next, world, labels);
            self.passed.iter().any(|other| other.is(name))
        };
        if choices.iter().all(sleeps)
            && let Some(span) = self.next.spans.last_mut()
        {
            span.enough = span.names;
        }
    }

    /// Whether it is known that all choices of a state sleep.
    pub fn is_all(&self, state: u32) -> bool {
        self.now.span(state).is_some_and(|span| span.enough > 0 && span.enough == span.names)
    }

    /// What sleeps in a state.
    pub fn in_state(&self, state: u32, entry: &PathEntry, labels: Option<Labels>, bounds: &Bounds, tried: &mut Tried) {
        let asleep = self.now.of(state);
        for budget in Budget::ALL {
            // How many messages one that overtakes loses is not looked at.
            let scarce = entry.used.left(budget, bounds) < 2 || budget == Budget::Loss;
            tried.scarce |= u8::from(scarce) << budget as u8;
        }
        let world = Canonical::of(&entry.world);
        let codes = if asleep.is_empty() { 0 } else { entry.options.len() as u16 };
        for code in 0..codes {
            let option = &entry.options[usize::from(code)];
            let name = Name::of(option, world, labels);
            tried.done.extend(
                asleep
                    .iter()
                    .map(|each| Name::unpacked(*each))
                    .find(|each| each.is(name))
                    .map(|each| (code, each.0 & SEEN != 0)),
            );
        }
    }

    /// The choice `code` has led to `state`: what was tried before and commutes with it sleeps there, unless there is no room
    /// to say so: it is tried once more, then. Returns how much sleeps.
    pub fn reach(&mut self, state: u32, new: bool, code: u16, tried: &Tried, ways: &Ways<'_>) -> usize {
        self.passed.clear();
        if (ways.room || !new) && !ways.child.is_timed() {
            let Ways { entry, step, child, labels, .. } = *ways;
            let child = Canonical::of(child);
            let (next, seen) = (&entry.options[usize::from(code & PLACES)], is_seen(step));
            for &(done, was_seen) in &tried.done {
                let other = &entry.options[usize::from(done)];
                if !(seen && was_seen) && commute(next, code > PLACES, other, tried.scarce) {
                    let name = Name::of(other, child, labels);
                    self.passed.push(Name(name.0 | u64::from(was_seen)));
                }
            }
        }
        self.next.reach(state, new, &self.passed);
        self.passed.len()
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

/// Whether neither order of two choices differs; the one is perhaps cut short.
fn commute(one: &Next, cut: bool, other: &Next, scarce: u8) -> bool {
    let uses = |next: &Next| next.uses.map_or(0, |(budget, _)| 1_u8 << budget as u8);
    let crash = u8::from(cut) << Budget::Crash as u8;
    let apart = one.node.is_some() && other.node.is_some() && one.node != other.node;
    apart && (uses(one) | crash) & uses(other) & scarce == 0
}
