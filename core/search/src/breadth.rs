//! The second part: every run of one event, then of two, and so on. What it finds first is as short as can be.

use super::commute::{Asleep, Tried, Ways};
use super::world::{Canonical, choice};
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
    /// Of the state that is expanded.
    tried: Tried,
    found: Option<Trail>,
}

impl Breadth {
    /// At the root. Runs have at most `most` events.
    pub fn new(most: u8) -> Breadth {
        Breadth { most, depth: 0, level: 0..1, asleep: Asleep::new(), tried: Tried::default(), found: None }
    }

    /// Bytes that remembering what sleeps takes.
    pub fn bytes(&self) -> usize {
        self.asleep.bytes()
    }

    /// The plainest run of the shortest that were found.
    pub fn found(&self) -> Option<&Trail> {
        self.found.as_ref()
    }

    /// Goes on; says how it ended, if it has.
    pub fn advance(&mut self, ground: &mut Ground, until: u64) -> Option<Ending> {
        while ground.tried < until && !ground.walker.is_in_doubt() {
            if self.level.is_empty()
                && let Some(ending) = self.next_level(ground)
            {
                return Some(ending);
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
            if self.asleep.is_all(state) {
                ground.walker.pass_by(state);
                continue;
            }
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
        let rung = ground.walker.here();
        let mut tried = core::mem::take(&mut self.tried);
        tried.clear();
        if ground.commutation {
            let labels = Canonical::of(&rung.world).labels(&ground.groups);
            self.asleep.in_state(state, rung, labels, &ground.bounds, &mut tried);
        }
        for code in 0..rung.options.len() as u16 {
            if tried.has(code) {
                continue;
            }
            self.take(ground, state, code, &mut tried);
            for code in ground.walker.cuts(code) {
                self.take(ground, state, code, &mut tried);
            }
        }
        self.tried = tried;
    }

    fn take(&mut self, ground: &mut Ground, state: u32, code: u16, tried: &mut Tried) {
        let (next, new) = match ground.take(state, code) {
            Reached::Nothing => return,
            Reached::Target(spent) => {
                let trail = ground.trail(state, code, spent);
                if self.found.as_ref().is_none_or(|found| trail.weight() < found.weight()) {
                    self.found = Some(trail);
                }
                return;
            }
            Reached::Known(next) => (next, false),
            Reached::New(next) => (next, true),
        };
        if ground.commutation {
            let walker = &ground.walker;
            let ways = Ways {
                rung: walker.here(),
                step: walker.step(),
                child: &walker.child().world,
                labels: ground.labels,
                room: ground.room(self.asleep.bytes()) > 0,
            };
            let asleep = self.asleep.reach(next, new, code, tried, &ways);
            // Only if as much sleeps as waits to happen, it may be all.
            let all = new && asleep > 0 && asleep >= choice::to_come(ways.child).count();
            // What makes time count does something else at any other moment.
            if !ways.child.is_timed() {
                tried.add(code, walker.step());
            }
            if all {
                let (choices, child) = ground.walker.list_child();
                self.asleep.note(choices, child, ground.labels);
            }
        }
        if new && self.depth + 1 < self.most && self.found.is_none() {
            ground.walker.wait(next, ground.room(self.asleep.bytes()));
        }
    }
}
