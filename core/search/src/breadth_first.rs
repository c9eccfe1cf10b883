//! The second part: every run of one event, then of two, and so on. What it finds first is as short as can be.

use super::commute::{Asleep, Tried, Ways};
use super::world::{Canonical, choice};
use super::{CodedPath, Ending, Reached, SearchContext};

/// Where a breadth-first search is.
pub struct BreadthFirst {
    /// The longest runs that are tried.
    most: u8,
    /// Events on the way to the states of this level.
    depth: u8,
    /// This level's states, from the next one on.
    level: core::ops::Range<u32>,
    asleep: Asleep,
    /// Of the state that is expanded.
    tried: Tried,
    found: Option<CodedPath>,
}

impl BreadthFirst {
    /// At the root. Runs have at most `most` events.
    pub fn new(most: u8) -> BreadthFirst {
        BreadthFirst { most, depth: 0, level: 0..1, asleep: Asleep::new(), tried: Tried::default(), found: None }
    }

    /// Bytes that remembering what sleeps takes.
    pub fn bytes(&self) -> usize {
        self.asleep.bytes()
    }

    /// The plainest run of the shortest that were found.
    pub fn found(&self) -> Option<&CodedPath> {
        self.found.as_ref()
    }

    /// Goes on; says how it ended, if it has.
    pub fn advance(&mut self, context: &mut SearchContext, until: u64) -> Option<Ending> {
        while context.tried < until && !context.walker.is_in_doubt() {
            if self.level.is_empty()
                && let Some(ending) = self.next_level(context)
            {
                return Some(ending);
            }
            if context.is_full() {
                return Some(if self.found.is_some() {
                    Ending::Shortest
                } else {
                    Ending::Full { tried_to: self.depth }
                });
            }
            let state = self.level.start;
            self.level.start += 1;
            if self.asleep.is_all(state) {
                context.walker.pass_by(state);
                continue;
            }
            context.walker.go_to(state, &context.states);
            self.expand(context, state);
        }
        None
    }

    fn next_level(&mut self, context: &SearchContext) -> Option<Ending> {
        let known = context.states.len();
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
    fn expand(&mut self, context: &mut SearchContext, state: u32) {
        let entry = context.walker.here();
        let mut tried = core::mem::take(&mut self.tried);
        tried.clear();
        if context.commutation {
            let labels = Canonical::of(&entry.world).labels(&context.groups);
            self.asleep.in_state(state, entry, labels, &context.bounds, &mut tried);
        }
        let mut passed = 0;
        for code in 0..entry.options.len() as u16 {
            if tried.sleeps(code, &mut passed) {
                continue;
            }
            self.take(context, state, code, &mut tried);
            for code in context.walker.cuts(code) {
                self.take(context, state, code, &mut tried);
            }
        }
        self.tried = tried;
    }

    fn take(&mut self, context: &mut SearchContext, state: u32, code: u16, tried: &mut Tried) {
        let (next, new) = match context.take(state, code) {
            Reached::Nothing => return,
            Reached::Target(used) => {
                let coded_path = context.coded_path(state, code, used);
                if self.found.as_ref().is_none_or(|found| coded_path.weight() < found.weight()) {
                    self.found = Some(coded_path);
                }
                return;
            }
            Reached::Known(next) => (next, false),
            Reached::New(next) => (next, true),
        };
        let mut sleeps = false;
        if context.commutation {
            let walker = &context.walker;
            let ways = Ways {
                entry: walker.here(),
                step: walker.step(),
                child: &walker.child().world,
                labels: context.labels,
                room: context.room(self.asleep.bytes()) > 0,
            };
            let asleep = self.asleep.reach(next, new, code, tried, &ways);
            // Only if as much sleeps as waits to happen, it may be all.
            let all = new && asleep > 0 && asleep >= choice::to_come(ways.child).count();
            // What makes time count does something else at any other moment.
            if !ways.child.is_timed() {
                tried.add(code, walker.step());
            }
            if all {
                let (choices, child) = context.walker.list_child();
                sleeps = self.asleep.note(choices, child, context.labels);
            }
        }
        if new && !sleeps && self.depth + 1 < self.most && self.found.is_none() {
            context.walker.wait(next, context.room(self.asleep.bytes()));
        }
    }
}
