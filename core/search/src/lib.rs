//! The search: takes every choice. The third driver of [`World`], after the simulator and step mode.
//!
//! From a moment of a run it looks for a run that breaks a promise. DelayBounded along what would happen by itself, with no
//! departure from it, then one, then two: a wrong protocol mostly breaks soon. Then breadth first, every run of one event,
//! of two, and so on, so that what is found first is as short as can be; of all that short, the one with the fewest faults
//! and requests. What it finds is a [`Scenario`] like any other.
//!
//! A state is known by its fingerprint: two different states have the same with a probability of about n² / 2⁶⁵ for n
//! states, one in a hundred million for 600,000 ([`collision_exponent`]).
//!
//! [`par`] is another search: of moves, not of schedules. It asks how few of a reader's moves make a goal true.
//!
//! Three things are left out because they cannot matter ([`Reductions`]); a search without any of them says the same.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod bounds;
mod breadth_first;
mod commute;
mod dead_end;
mod delay_bounded;
mod found;
mod moves;
mod next;
pub mod par;
mod queue;
mod states;
mod walk;
pub mod world;

pub use bounds::{Bounds, Budget, Used};
pub use found::{Found, remedy};
pub use next::{STEP_MICROS, TIMED_STEP_MICROS};
pub use world::Choice;

use alloc::rc::Rc;
use alloc::vec::Vec;
use breadth_first::BreadthFirst;
use dead_end::DeadEnds;
use delay_bounded::DelayBounded;
use lightcone_engine::hash::{Labels, mix};
use lightcone_engine::id::{EventIndex, NodeSet};
use lightcone_engine::model::Timing;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::goal::{Atom, Becomes, What, When};
use lightcone_engine::run::{Plan, Scenario, Step, World, simulate};
use states::States;
use walk::{PathEntry, Walker};
use world::verdict::{broken, findings, is_earned, promised};
use world::{Canonical, Interner};

/// What is looked for. Each has its words in the language of goals ([`Target::atom`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A state that breaks any property that must always hold, is promised with the settings of the run, and is not broken yet.
    AnyBreach,
    /// A state that breaks this one.
    Breach(u8),
    /// A state in which the good moment of this one, judged by the end, is reached: a goal.
    Reaches(u8),
    /// A state from which the good moment of this one never comes, if nothing goes wrong any more, however long one waits.
    Never(u8),
    /// An event that reaches this goal of the protocol, or a state in which it is reached.
    Happens(u8),
}

/// What is left out because it cannot matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reductions {
    /// Messages that can never change anything again are not kept.
    pub dead_messages: bool,
    /// States that differ only in which of several interchangeable nodes is which count as one.
    pub symmetry: bool,
    /// Of two events on different nodes that do not depend on each other, one order is tried.
    pub commutation: bool,
}

impl Reductions {
    /// All of them.
    pub const ALL: Reductions = Reductions { dead_messages: true, symmetry: true, commutation: true };
    /// None of them.
    pub const NONE: Reductions = Reductions { dead_messages: false, symmetry: false, commutation: false };
}

/// A search that can be carried on in slices.
pub struct Search {
    scenario: Scenario,
    context: SearchContext,
    phase: Phase,
    best: Option<FoundPath>,
}

/// What both parts of a search stand on.
struct SearchContext {
    walker: Walker,
    /// Where it starts; this world shares no parts.
    root: World,
    states: States,
    bounds: Bounds,
    /// [`Bounds::scarce`].
    scarce: u64,
    target: Target,
    /// Properties that were broken before.
    broken: u32,
    /// The properties of which a breach is looked for, if any is: settings do not change in a search.
    promised: u32,
    groups: Vec<NodeSet>,
    commutation: bool,
    /// How the nodes of the last child are sorted.
    labels: Option<Labels>,
    /// New states at each depth.
    levels: Vec<u32>,
    tried: u64,
    dead_ends: DeadEnds,
}

/// A run that was found, as the choices that lead to it.
#[derive(Clone, Debug)]
struct CodedPath {
    codes: Vec<u16>,
    used: Used,
}

impl CodedPath {
    /// The less, the plainer: faults and requests, then crashes inside handlers, then time-outs.
    fn weight(&self) -> u32 {
        let cuts = self.codes.iter().filter(|code| **code > walk::PLACES).count() as u32;
        self.used.weight() + cuts * 16
    }
}

/// A run that was found, whatever choices are numbered by.
#[derive(Clone, Debug)]
struct FoundPath {
    /// What happens, and where the handler is cut short.
    steps: Vec<(u64, u16)>,
    used: Used,
}

#[allow(clippy::large_enum_variant, reason = "a search has one")]
enum Phase {
    DelayBounded(DelayBounded),
    BreadthFirst(BreadthFirst),
    Over(Ending),
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It found a run, and none has fewer events.
    Shortest,
    /// It found a run, and then had as many states as it may keep: none of at most so many events does it.
    Found {
        /// All runs of at most so many events were tried.
        tried_to: u8,
    },
    /// It tried everything inside its bounds and found nothing.
    Exhausted,
    /// It found nothing, and then had as many states as it may keep.
    Full {
        /// All runs of at most so many events were tried.
        tried_to: u8,
    },
}

/// How far a search is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// New states at each depth, the start first.
    pub levels: Vec<u32>,
    /// Different states.
    pub states: u32,
    /// Choices taken.
    pub tried: u64,
    /// Bytes that remembering the states takes, what sleeps in them, and the worlds that wait.
    pub bytes: usize,
    /// How it ended, if it has.
    pub ending: Option<Ending>,
}

/// The probability that any two of so many different states have the same fingerprint is at most 2 to the power of this.
#[must_use]
pub const fn collision_exponent(states: u32) -> i32 {
    // At most n² / 2 pairs, each with probability 2^-64.
    2 * (u32::BITS - states.leading_zeros()) as i32 - 65
}

impl Target {
    /// The target in the words of goals: what the run that is found shows when it is over. [`Target::Never`] says more than that:
    /// however long one waits.
    #[must_use]
    pub fn atom(self) -> Atom {
        let property = |property, becomes| Atom::Property { property, becomes };
        match self {
            Target::AnyBreach => property(None, Becomes::Breaks),
            Target::Breach(place) => property(Some(place), Becomes::Breaks),
            Target::Reaches(place) => property(Some(place), Becomes::Comes),
            Target::Never(place) => property(Some(place), Becomes::Misses),
            Target::Happens(goal) => Atom::Seen { what: What::Happens(goal), when: When::Ever, not: false },
        }
    }

    /// The target that looks for what an atom says; none if a search of schedules cannot look for it.
    #[must_use]
    pub fn of(atom: &Atom) -> Option<Target> {
        match *atom {
            Atom::Property { property: None, becomes: Becomes::Breaks } => Some(Target::AnyBreach),
            Atom::Property { property: Some(place), becomes } => match becomes {
                Becomes::Breaks => Some(Target::Breach(place)),
                Becomes::Comes => Some(Target::Reaches(place)),
                Becomes::Misses => Some(Target::Never(place)),
                Becomes::Holds => None,
            },
            Atom::Seen { what: What::Happens(goal), when: When::Ever, not: false } => Some(Target::Happens(goal)),
            _ => None,
        }
    }

    /// Whether there is nothing to look for from this world: it is there.
    #[must_use]
    pub fn is_reached_in(self, world: &World) -> bool {
        match self {
            Target::AnyBreach | Target::Breach(_) | Target::Never(_) => false,
            Target::Reaches(property) => is_earned(world, property),
            Target::Happens(goal) => world.reaches(goal, &[]),
        }
    }
}

impl Search {
    /// A search from a moment of a run: after `from`, or from its start.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        from: Option<EventIndex>,
        target: Target,
        bounds: Bounds,
        reductions: Reductions,
    ) -> Search {
        Search::after(world_after(scenario, from), scenario, target, bounds, reductions)
    }

    /// A search from a world that is a moment of this scenario's run.
    #[must_use]
    pub fn after(root: World, scenario: &Scenario, target: Target, bounds: Bounds, reductions: Reductions) -> Search {
        let plan = root.plan().clone();
        let groups = if reductions.symmetry { plan.protocol.interchangeable(&*plan.config) } else { Vec::new() };
        let (broken, promised) = (broken(&root), promised(&root));
        // On FIFO links a message that never matters still holds up those behind it; a lost disk may make it matter. Where
        // delays are bounded it arrives all the same.
        let forgets = reductions.dead_messages
            && !plan.model.links.fifo
            && plan.model.timing == Timing::Asynchronous
            && bounds.of(Budget::Disk) == 0;
        let mut shared = root.clone();
        Interner::share(&mut shared);
        let walker = Walker::new(shared, bounds, forgets);
        let mut context = SearchContext {
            walker,
            root,
            states: States::from(0),
            bounds,
            scarce: bounds.scarce(),
            target,
            broken,
            promised,
            commutation: reductions.commutation,
            labels: None,
            groups,
            levels: Vec::new(),
            tried: 0,
            dead_ends: DeadEnds::default(),
        };
        context.forget();
        Search { scenario: scenario.clone(), context, phase: Phase::DelayBounded(DelayBounded::new()), best: None }
    }

    /// Takes about so many choices more. Returns whether it goes on.
    pub fn advance(&mut self, choices: u32) -> bool {
        let until = self.context.tried + u64::from(choices);
        while self.context.tried < until {
            match &mut self.phase {
                Phase::DelayBounded(_) | Phase::BreadthFirst(_) if self.context.walker.is_in_doubt() => {
                    self.begin_again()
                }
                Phase::DelayBounded(first) => {
                    let Some(found) = first.advance(&mut self.context, until) else { continue };
                    self.best = found.map(|coded_path| self.context.path(&coded_path));
                    let most = self.best.as_ref().map_or(self.context.bounds.depth, |path| path.steps.len() as u8);
                    self.context.forget();
                    self.phase = Phase::BreadthFirst(BreadthFirst::new(most));
                }
                Phase::BreadthFirst(breadth) => {
                    let Some(ending) = breadth.advance(&mut self.context, until) else { continue };
                    let found = breadth.found().map(|coded_path| self.context.path(coded_path));
                    self.best = found.or(self.best.take());
                    self.phase = Phase::Over(match ending {
                        Ending::Full { tried_to } if self.best.is_some() => Ending::Found { tried_to },
                        Ending::Exhausted if self.best.is_some() => Ending::Shortest,
                        ending => ending,
                    });
                }
                Phase::Over(_) => return false,
            }
        }
        true
    }

    /// A handler turned out to read its clock: no world shares its parts from here on.
    fn begin_again(&mut self) {
        self.context.walker.start_from(self.context.root.clone());
        self.context.forget();
        (self.phase, self.best) = (Phase::DelayBounded(DelayBounded::new()), None);
    }

    /// Searches to the end.
    pub fn run(&mut self) -> Ending {
        while self.advance(u32::MAX) {}
        match self.phase {
            Phase::Over(ending) => ending,
            _ => unreachable!("a search that does not go on is over"),
        }
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (ending, asleep) = match &self.phase {
            Phase::Over(ending) => (Some(*ending), 0),
            Phase::BreadthFirst(breadth) => (None, breadth.bytes()),
            Phase::DelayBounded(_) => (None, 0),
        };
        Progress {
            levels: self.context.levels.clone(),
            states: self.context.states.len(),
            tried: self.context.tried,
            bytes: self.context.states.bytes() + asleep + self.context.walker.bytes(),
            ending,
        }
    }

    /// Whether it has found a run.
    #[must_use]
    pub fn has_found(&self) -> bool {
        self.best.is_some()
    }

    /// The best run found so far.
    #[must_use]
    pub fn found(&self) -> Option<Found> {
        let path = self.best.as_ref()?;
        let SearchContext { walker, root, bounds, .. } = &self.context;
        Some(found::write(&self.scenario, root, path, bounds, walker.forgets_dead()))
    }
}

/// What a state takes at most, with what sleeps in it and the worlds that wait, on the average of many.
const BYTES_A_STATE: usize = 64;
/// Few states take no more than so many bytes.
const LEAST_BYTES: usize = 1 << 23;

/// What a choice leads to.
enum Reached {
    /// It is no event.
    Nothing,
    /// A state that was reached before.
    Known(u32),
    /// A new one.
    New(u32),
    /// What is looked for. Each has its words in the language of goals ([`Target::atom`]).
    Target(Used),
}

impl SearchContext {
    /// Only the root is known.
    fn forget(&mut self) {
        self.walker.go_back();
        let entry = self.walker.here();
        let labels = Canonical::of(&entry.world).labels(&self.groups);
        self.states = States::from(self.fingerprint(entry, labels));
        self.levels.clear();
        self.levels.push(1);
    }

    /// Takes a choice of `state`, at which the walker stands.
    fn take(&mut self, state: u32, code: u16) -> Reached {
        self.tried += 1;
        if !self.walker.make(code) {
            return Reached::Nothing;
        }
        let child = self.walker.child();
        self.labels = Canonical::of(&child.world).labels(&self.groups);
        let fingerprint = self.fingerprint(child, self.labels);
        let (place, new) = self.states.add(fingerprint, state, code);
        // What an event states is no part of the state that it leads to.
        let by_event = matches!(self.target, Target::Happens(_)) && self.is_target();
        if !new && !by_event {
            return Reached::Known(place);
        }
        let reached =
            if by_event || self.is_target() { Reached::Target(self.walker.child().used) } else { Reached::New(place) };
        if new {
            let depth = self.walker.depth() + 1;
            self.levels.resize(self.levels.len().max(depth + 1), 0);
            self.levels[depth] += 1;
        }
        reached
    }

    fn fingerprint(&self, entry: &PathEntry, labels: Option<Labels>) -> u64 {
        let goal = matches!(self.target, Target::Reaches(_) | Target::Never(_));
        // What an observer has found is not among what it goes on from.
        let (judged, canonical) = (findings(&entry.world, goal), Canonical::of(&entry.world));
        let timers = entry.world.is_timed() && entry.used.left(Budget::TimeOut, &self.bounds) > 0;
        let timers = if timers { canonical.earliest_timers(labels) } else { 0 };
        mix(canonical.fingerprint_under(labels) ^ mix(entry.used.word() & self.scarce) ^ judged ^ timers)
    }

    fn is_target(&mut self) -> bool {
        let world = &self.walker.child().world;
        match self.target {
            Target::AnyBreach => broken(world) & !self.broken & self.promised != 0,
            Target::Breach(property) => broken(world) & !self.broken & 1 << property != 0,
            Target::Reaches(property) => is_earned(world, property),
            Target::Happens(goal) => world.reaches(goal, &self.walker.step().happenings),
            Target::Never(property) => self.dead_ends.is_dead_end(world, property),
        }
    }

    /// The way to the walker's state, and one choice more.
    fn coded_path(&self, state: u32, code: u16, used: Used) -> CodedPath {
        let mut codes = self.states.path(state);
        codes.push(code);
        CodedPath { codes, used }
    }

    /// What happens on a path.
    fn path(&self, coded_path: &CodedPath) -> FoundPath {
        let mut walker = Walker::new(self.walker.root().clone(), self.bounds, self.walker.forgets_dead());
        let step = |(state, &code): (u32, &u16)| {
            let content = walker.here().options[usize::from(code & walk::PLACES)].content;
            assert!(walker.make(code), "what the search did once happens again");
            walker.climb(state);
            (content, code >> walk::PLACE_BITS)
        };
        FoundPath { steps: (1..).zip(&coded_path.codes).map(step).collect(), used: coded_path.used }
    }

    /// Bytes that are left for what makes a search faster, besides those that its states take and what sleeps in them.
    fn room(&self, asleep: usize) -> usize {
        let all = (self.states.len() as usize * BYTES_A_STATE).max(LEAST_BYTES);
        all.saturating_sub(self.states.bytes() + asleep)
    }

    fn is_full(&self) -> bool {
        self.states.len() >= self.bounds.states
    }
}

/// The world just after an event and all that happens at the same instant; from the start of a run, once its nodes run.
/// A search begins there.
#[must_use]
pub fn world_after(scenario: &Scenario, from: Option<EventIndex>) -> World {
    let mut world = match from {
        Some(event) => simulate(scenario).world_at(event),
        None => World::new(Rc::new(Plan::new(scenario))),
    };
    let mut step = Step::default();
    while let Some((due, cause)) = world.next() {
        let boots = matches!(cause, Cause::Boot(_));
        if !boots && (from.is_none() || due > world.now()) {
            break;
        }
        if !world.take(cause, &mut step) {
            break;
        }
    }
    world
}
