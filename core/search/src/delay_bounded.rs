//! The first part: runs that depart as little as possible from what happens by itself (delay-bounded scheduling, Emmi,
//! Qadeer & Rakamarić 2011). By itself the script happens first, then messages arrive as they are due, then timers fire.
//! Anything else is a departure: another message first, a timer while messages are under way, a fault, a request.

use super::world::Choice;
use super::{CodedPath, Reached, SearchContext};
use alloc::vec::Vec;

/// Choices after which this part gives up. Mostly it finds something in half as many, or not before the second part does
/// (`cargo xtask bench search`).
const MOST_CHOICES: u64 = 20_000;

/// Runs with so many departures.
pub struct DelayBounded {
    /// Where runs with one departure more than before begin.
    begins: Vec<u32>,
    /// States on the runs from there.
    passed: Vec<u32>,
    place: usize,
    departs: bool,
}

impl DelayBounded {
    /// No departure yet.
    pub fn new() -> DelayBounded {
        DelayBounded { begins: alloc::vec![0], passed: Vec::new(), place: 0, departs: false }
    }

    /// Goes on. None while there is more to try; then what was found, if anything was.
    pub fn advance(&mut self, context: &mut SearchContext, until: u64) -> Option<Option<CodedPath>> {
        while context.tried < until && !context.walker.is_in_doubt() {
            if context.tried >= MOST_CHOICES || context.is_full() {
                return Some(None);
            }
            let found = if self.departs { self.depart(context) } else { self.follow(context) };
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
    fn follow(&mut self, context: &mut SearchContext) -> Option<CodedPath> {
        let mut state = self.begins[self.place];
        self.place += 1;
        context.walker.go_to(state, &context.states);
        loop {
            self.passed.push(state);
            let by_itself =
                context.walker.here().options.first().is_some_and(|next| matches!(next.choice, Choice::Happens(_)));
            if !by_itself || context.walker.depth() >= context.bounds.depth.into() {
                return None;
            }
            match context.take(state, 0) {
                Reached::Target(used) => return Some(context.coded_path(state, 0, used)),
                Reached::New(next) => {
                    context.walker.climb(next);
                    state = next;
                }
                Reached::Nothing | Reached::Known(_) => return None,
            }
        }
    }

    /// Everything else that can happen in the next state that was passed.
    fn depart(&mut self, context: &mut SearchContext) -> Option<CodedPath> {
        let state = self.passed[self.place];
        self.place += 1;
        context.walker.go_to(state, &context.states);
        if context.walker.depth() >= context.bounds.depth.into() {
            return None;
        }
        for code in 0..context.walker.here().options.len() as u16 {
            // The first choice was followed, and its state is known; here it tells where it can be cut short.
            if let Some(found) = self.begin(context, state, code) {
                return Some(found);
            }
            for code in context.walker.cuts(code) {
                if let Some(found) = self.begin(context, state, code) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn begin(&mut self, context: &mut SearchContext, state: u32, code: u16) -> Option<CodedPath> {
        match context.take(state, code) {
            Reached::Target(used) => return Some(context.coded_path(state, code, used)),
            Reached::New(next) => self.begins.push(next),
            Reached::Nothing | Reached::Known(_) => {}
        }
        None
    }
}
