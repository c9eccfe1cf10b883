//! The first part: runs that depart as little as possible from what happens by itself (delay-bounded scheduling, Emmi,
//! Qadeer & Rakamarić 2011). By itself the script happens first, then messages arrive as they are due, then timers fire.
//! Anything else is a departure: another message first, a timer while messages are under way, a fault, a request.

use super::world::Choice;
use super::{Ground, Reached, Trail};
use alloc::vec::Vec;

/// Choices after which this part gives up. Mostly it finds something in half as many, or not before the second part does
/// (`cargo xtask bench search`).
const MOST_CHOICES: u64 = 20_000;

/// Runs with so many departures.
pub struct First {
    /// Where runs with one departure more than before begin.
    begins: Vec<u32>,
    /// States on the runs from there.
    passed: Vec<u32>,
    place: usize,
    departs: bool,
}

impl First {
    /// No departure yet.
    pub fn new() -> First {
        First { begins: alloc::vec![0], passed: Vec::new(), place: 0, departs: false }
    }

    /// Goes on. None while there is more to try; then what was found, if anything was.
    pub fn advance(&mut self, ground: &mut Ground, until: u64) -> Option<Option<Trail>> {
        while ground.tried < until && !ground.walker.is_in_doubt() {
            if ground.tried >= MOST_CHOICES || ground.is_full() {
                return Some(None);
            }
            let found = if self.departs { self.depart(ground) } else { self.follow(ground) };
            if found.is_some() {
                return Some(found);
            }
            let list = if self.departs { &self.passed } else { &self.begins };
            if self.place < list.len() {
                continue;
            }
            if self.departs {
                self.passed.clear();
                if self.begins.is_empty() {
                    return Some(None);
                }
            } else {
                self.begins.clear();
            }
            (self.place, self.departs) = (0, !self.departs);
        }
        None
    }

    /// What happens by itself from the next state on.
    fn follow(&mut self, ground: &mut Ground) -> Option<Trail> {
        let mut state = self.begins[self.place];
        self.place += 1;
        ground.walker.go_to(state, &ground.states);
        loop {
            self.passed.push(state);
            let by_itself =
                ground.walker.here().options.first().is_some_and(|next| matches!(next.choice, Choice::Happens(_)));
            if !by_itself || ground.walker.depth() >= ground.bounds.depth.into() {
                return None;
            }
            match ground.take(state, 0) {
                Reached::Target(spent) => return Some(ground.trail(state, 0, spent)),
                Reached::New(next) => {
                    ground.walker.climb(next);
                    state = next;
                }
                Reached::Nothing | Reached::Known(_) => return None,
            }
        }
    }

    /// Everything else that can happen in the next state that was passed.
    fn depart(&mut self, ground: &mut Ground) -> Option<Trail> {
        let state = self.passed[self.place];
        self.place += 1;
        ground.walker.go_to(state, &ground.states);
        if ground.walker.depth() >= ground.bounds.depth.into() {
            return None;
        }
        for code in 0..ground.walker.here().options.len() as u16 {
            // The first choice was followed, and its state is known; here it tells where it can be cut short.
            if let Some(found) = self.begin(ground, state, code) {
                return Some(found);
            }
            for code in ground.walker.cuts(code) {
                if let Some(found) = self.begin(ground, state, code) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn begin(&mut self, ground: &mut Ground, state: u32, code: u16) -> Option<Trail> {
        match ground.take(state, code) {
            Reached::Target(spent) => return Some(ground.trail(state, code, spent)),
            Reached::New(next) => self.begins.push(next),
            Reached::Nothing | Reached::Known(_) => {}
        }
        None
    }
}
