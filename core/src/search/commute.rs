//! Two events on different nodes commute: either order leads to the same state. Of both orders one is enough (sleep sets,
//! Godefroid 1996). A choice sleeps in a state if it was tried in a state before, where it was possible already, and
//! nothing since depends on it.
//!
//! Every state is still reached, in as few events as without: choices are tried in one order that is the same everywhere,
//! by what they are. Of all shortest ways to a state take the first in that order. Would one of its choices be asleep, it
//! could be brought forward, and that way would come before. A state that several ways reach at the same depth sleeps as
//! far as all of them say; ways that come later find it done.
//!
//! Two choices depend on each other if they happen on one lane or to the network, if both are seen by clients (judges look
//! at the order of calls and answers), or if both use what there is only one more of. Where time counts everything does.

use super::bounds::{Bounds, Supply};
use super::next::Next;
use super::walk::{PLACE_BITS, PLACES, Rung};
use crate::hash::mix;
use crate::world::{Happening, Step};
use alloc::vec::Vec;
use core::ops::Range;

/// What a choice is, wherever it can happen: from above, what it does, its lane, what it uses, whether clients see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name(u64);

const SEEN: u64 = 1;
const USES_SHIFT: u32 = 1;
const LANE_SHIFT: u32 = 8;
const NETWORK: u64 = 31;
const WHAT: u64 = !0 << 13;

impl Name {
    fn of(next: &Next, cut: u16) -> Name {
        let what = mix(next.content.wrapping_add(u64::from(cut))) & WHAT;
        let lane = next.node.map_or(NETWORK, |node| node.0.into()) << LANE_SHIFT;
        let crash = if cut > 0 { 1 << Supply::Crash as u64 } else { 0 };
        let uses = next.spends.map_or(0, |supply| 1 << supply as u64) | crash;
        Name(what | lane | uses << USES_SHIFT)
    }

    fn seen(self, step: &Step) -> Name {
        let answers = step.happenings.iter().any(|each| matches!(each, Happening::Replied { .. }));
        Name(self.0 | if answers || step.asked.is_some() { SEEN } else { 0 })
    }

    fn is(self, other: Name) -> bool {
        (self.0 ^ other.0) & !SEEN == 0
    }

    fn lane(self) -> u64 {
        self.0 >> LANE_SHIFT & 31
    }

    fn uses(self) -> u64 {
        self.0 >> USES_SHIFT & 127
    }

    /// Whether neither order of the two is different; `scarce` is what there is only one more of.
    fn commutes_with(self, other: Name, scarce: u64) -> bool {
        let apart = self.lane() != other.lane() && self.lane() != NETWORK && other.lane() != NETWORK;
        apart && self.0 & other.0 & SEEN == 0 && self.uses() & other.uses() & scarce == 0
    }
}

/// Which choices sleep in the states of this level and of the next.
#[derive(Default)]
pub struct Asleep {
    now: Level,
    next: Level,
}

#[derive(Default)]
struct Level {
    /// Its first state.
    start: u32,
    names: Vec<Name>,
    /// Where the names of each state are.
    spans: Vec<Range<u32>>,
}

impl Level {
    fn of(&self, state: u32) -> &[Name] {
        let span = state.checked_sub(self.start).and_then(|place| self.spans.get(place as usize)).cloned();
        span.map_or(&[], |span| &self.names[span.start as usize..span.end as usize])
    }

    /// The names with which a state is reached once more, or for the first time.
    fn reach(&mut self, state: u32, new: bool, names: &[Name]) {
        let Some(place) = state.checked_sub(self.start) else { return };
        if new {
            let start = self.names.len() as u32;
            self.names.extend_from_slice(names);
            self.spans.resize(place as usize, start..start);
            self.spans.push(start..self.names.len() as u32);
        } else if let Some(span) = self.spans.get_mut(place as usize) {
            let mut kept = span.start;
            for each in span.clone() {
                let name = self.names[each as usize];
                if names.iter().any(|other| other.is(name)) {
                    self.names[kept as usize] = name;
                    kept += 1;
                }
            }
            span.end = kept;
        }
    }
}

impl Asleep {
    /// The next level becomes this one.
    pub fn next_level(&mut self, states: Range<u32>) {
        core::mem::swap(&mut self.now, &mut self.next);
        self.now.start = states.start;
        self.next.names.clear();
        self.next.spans.clear();
        self.next.start = states.end;
    }

    /// The choices of a state that are awake, in the order in which choices are tried everywhere.
    pub fn turns(&self, state: u32, rung: &Rung, bounds: &Bounds) -> Turns {
        let asleep = self.now.of(state);
        let named = rung.options.iter().zip(0..).map(|(next, code)| (Name::of(next, 0), code));
        let mut order: Vec<(Name, u16)> = Vec::with_capacity(rung.options.len());
        for (name, code) in named.filter(|(name, _)| !asleep.iter().any(|each| each.is(*name))) {
            let place = order.iter().rposition(|(before, _)| before.0 < name.0).map_or(0, |place| place + 1);
            order.insert(place, (name, code));
        }
        let scarce = Supply::ALL.iter().filter(|supply| rung.spent.left(**supply, bounds) < 2);
        let scarce = scarce.fold(0, |mask, supply| mask | 1 << *supply as u64);
        Turns { order, done: asleep.to_vec(), scarce, passed: Vec::new() }
    }

    /// A choice has led to `state`: what was tried before and commutes with it sleeps there.
    pub fn reach(&mut self, state: u32, new: bool, timed: bool, name: Turn, turns: &mut Turns) {
        turns.passed.clear();
        if !timed {
            let sleeps = turns.done.iter().filter(|done| done.commutes_with(name.0, turns.scarce));
            turns.passed.extend(sleeps);
        }
        self.next.reach(state, new, &turns.passed);
    }
}

/// The choices of one state.
pub struct Turns {
    order: Vec<(Name, u16)>,
    /// What is tried, here or before.
    done: Vec<Name>,
    scarce: u64,
    passed: Vec<Name>,
}

/// A choice that was tried.
#[derive(Clone, Copy)]
pub struct Turn(Name);

impl Turns {
    /// Codes of the choices, in order.
    pub fn codes(&self) -> Vec<u16> {
        self.order.iter().map(|(_, code)| *code).collect()
    }

    /// Whether this cut of a choice sleeps.
    pub fn sleeps(&self, rung: &Rung, code: u16) -> bool {
        let name = Turns::name(rung, code);
        self.done.iter().any(|each| each.is(name))
    }

    /// What was just tried.
    pub fn turn(rung: &Rung, code: u16, step: &Step) -> Turn {
        Turn(Turns::name(rung, code).seen(step))
    }

    /// It is tried now.
    pub fn done(&mut self, turn: Turn) {
        self.done.push(turn.0);
    }

    fn name(rung: &Rung, code: u16) -> Name {
        Name::of(&rung.options[usize::from(code & PLACES)], code >> PLACE_BITS)
    }
}
