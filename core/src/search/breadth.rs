//! The second part: every run of one event, then of two, and so on. What it finds first is as short as can be.

use super::commute::{Asleep, Turns};
use super::{Ending, Ground, Reached, Trail};

/// Where a breadth-first search is.
pub struct Breadth {
    /// The longest runs that are tried.
    most: u8,
    /// Events on the way to the states of this level.
    depth: u8,
    /// This level's states, from the next one on.
    level: core::ops::Range<u32>,
    asleep: Asleep,
    found: Option<Trail>,
}

impl Breadth {
    /// At the root. Runs have at most `most` events.
    pub fn new(most: u8) -> Breadth {
        Breadth { most, depth: 0, level: 0..1, asleep: Asleep::default(), found: None }
    }

    /// The plainest run of the shortest that were found.
    pub fn found(&self) -> Option<&Trail> {
        self.found.as_ref()
    }

    /// Goes on; says how it ended, if it has.
    pub fn advance(&mut self, ground: &mut Ground, until: u64) -> Option<Ending> {
        while ground.tried < until {
            if self.level.is_empty() {
                if let Some(ending) = self.next_level(ground) {
                    return Some(ending);
                }
            }
            if ground.is_full() {
                return Some(if self.found.is_some() {
                    Ending::Shortest
                } else {
                    Ending::Full { tried_to: self.depth }
                });
            }
            let state = self.level.start;
            self.level.start += 1;
            ground.walker.go_to(state, &ground.states);
            self.expand(ground, state);
        }
        None
    }

    fn next_level(&mut self, ground: &Ground) -> Option<Ending> {
        let known = ground.states.len();
        if self.found.is_some() {
            return Some(Ending::Shortest);
        }
        self.depth += 1;
        if self.level.end == known || self.depth >= self.most {
            return Some(Ending::Exhausted);
        }
        self.level = self.level.end..known;
        self.asleep.next_level(self.level.clone());
        None
    }

    /// Takes every choice of a state, but those whose other order is tried elsewhere.
    fn expand(&mut self, ground: &mut Ground, state: u32) {
        if !ground.commutation {
            for code in 0..ground.walker.here().options.len() as u16 {
                self.take(ground, state, code, None);
                for code in ground.walker.cuts(code) {
                    self.take(ground, state, code, None);
                }
            }
            return;
        }
        let mut turns = self.asleep.turns(state, ground.walker.here(), &ground.bounds);
        for code in turns.codes() {
            self.take(ground, state, code, Some(&mut turns));
            for code in ground.walker.cuts(code) {
                if !turns.sleeps(ground.walker.here(), code) {
                    self.take(ground, state, code, Some(&mut turns));
                }
            }
        }
    }

    fn take(&mut self, ground: &mut Ground, state: u32, code: u16, turns: Option<&mut Turns>) {
        let reached = ground.take(state, code);
        let reached = match reached {
            Reached::Nothing => return,
            Reached::Target(spent) => {
                let trail = ground.trail(state, code, spent);
                if self.found.as_ref().is_none_or(|found| trail.weight() < found.weight()) {
                    self.found = Some(trail);
                }
                None
            }
            Reached::Known(next) => Some((next, false)),
            Reached::New(next) => Some((next, true)),
        };
        let Some(turns) = turns else { return };
        let turn = Turns::turn(ground.walker.here(), code, ground.walker.step());
        if let Some((next, new)) = reached {
            let timed = ground.walker.child().world.is_timed();
            self.asleep.reach(next, new, timed, turn, turns);
        }
        turns.done(turn);
    }
}
