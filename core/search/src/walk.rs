//! States are not kept, only how they were reached. A walker stands on a path of worlds and goes to another state by going
//! back to where the ways part. Neighbours in the order of a breadth-first search mostly share their way. What the worlds to
//! which such a search comes next are made of waits for it in a queue, as far as there is room.

use super::bounds::{Bounds, Budget, Used};
use super::next::{Next, options};
use super::queue::Queue;
use super::states::States;
use super::world::{Choice, Interner, Waiting, choice, dead};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;
use lightcone_engine::run::{Step, World};

/// In a code, the place among the choices; above it, where the handler is cut short.
pub(super) const PLACE_BITS: u32 = 10;
pub(super) const PLACES: u16 = (1 << PLACE_BITS) - 1;

/// A world on the way, what it took to get there and what may happen next.
pub struct PathEntry {
    state: u32,
    /// How many events from the root.
    pub(super) depth: u8,
    pub(super) world: World,
    pub(super) used: Used,
    pub(super) options: Vec<Next>,
}

impl PathEntry {
    fn at(world: World) -> Box<PathEntry> {
        Box::new(PathEntry { state: 0, depth: 0, world, used: Used::default(), options: Vec::new() })
    }
}

/// Goes from state to state.
#[allow(clippy::vec_box, reason = "entries go from list to list all the time, and are large")]
pub struct Walker {
    bounds: Bounds,
    dead_messages: bool,
    path: Vec<Box<PathEntry>>,
    /// What the last choice made.
    child: Box<PathEntry>,
    /// Entries that are not stood on: their room is used again.
    spare: Vec<Box<PathEntry>>,
    queue: Queue,
    waiting: Vec<Waiting>,
    step: Step,
    in_doubt: bool,
}

impl Walker {
    /// A walker at the root.
    pub fn new(root: World, bounds: Bounds, dead_messages: bool) -> Walker {
        let mut walker = Walker {
            bounds,
            dead_messages,
            path: Vec::new(),
            child: PathEntry::at(root.clone()),
            spare: Vec::new(),
            queue: Queue::default(),
            waiting: Vec::new(),
            step: Step::default(),
            in_doubt: false,
        };
        walker.start_from(root);
        walker
    }

    /// The state it stands at.
    pub fn here(&self) -> &PathEntry {
        self.path.last().expect("the root is never left")
    }

    /// Where it started.
    pub fn root(&self) -> &World {
        &self.path[0].world
    }

    /// How many events from the root.
    pub fn depth(&self) -> usize {
        self.here().depth.into()
    }

    /// What the last choice did.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// Goes back to the root.
    pub fn go_back(&mut self) {
        self.leave(1);
        self.queue = Queue::default();
    }

    /// Goes back to the root, which is `root` from now on.
    pub fn start_from(&mut self, mut root: World) {
        if self.dead_messages {
            dead::forget(&mut root, None);
        }
        (self.in_doubt, self.queue) = (false, Queue::default());
        self.leave(0);
        self.child = PathEntry::at(root);
        self.climb(0);
    }

    fn leave(&mut self, depth: usize) {
        self.spare.extend(self.path.drain(depth..));
    }

    /// Whether a handler has read its clock in a world that shares parts, which it may not.
    pub fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Whether what can never matter is left out.
    pub fn forgets_dead(&self) -> bool {
        self.dead_messages
    }

    /// Goes to `state`.
    pub fn go_to(&mut self, state: u32, states: &States) {
        if self.queue.pop(state, &mut self.child, &self.path[0].world) {
            self.leave(1);
            self.climb(state);
            return;
        }
        let mut ways = Vec::new();
        let mut ancestor = state;
        while let Some((parent, code)) = states.parent(ancestor) {
            ways.push((ancestor, code));
            ancestor = parent;
        }
        let shared = ways.iter().rev().zip(&self.path[1..]).take_while(|((state, _), entry)| *state == entry.state);
        let shared = shared.count();
        self.leave(shared + 1);
        for &(state, code) in ways.iter().rev().skip(shared) {
            assert!(self.make(code), "what happened once on the way to a state happens again");
            self.climb(state);
        }
    }

    /// Goes on to the child that was just made.
    pub fn climb(&mut self, state: u32) {
        let entry = self.take_child(state);
        self.stand_on(entry);
    }

    /// Lets the child that was just made wait, which is the latest of all states, if that takes no more than `room` bytes. A
    /// search that lets states wait comes to them in the same order.
    pub fn wait(&mut self, state: u32, room: usize) {
        self.queue.push(state, &self.child, &self.path[0].world, room);
    }

    /// Bytes that those take that wait, and the parts of all worlds.
    pub fn bytes(&self) -> usize {
        self.queue.bytes() + Interner::of(self.root()).map_or(0, Interner::bytes)
    }

    /// Does not go to `state`, which is the next one.
    pub fn pass_by(&mut self, state: u32) {
        self.queue.forget(state);
    }

    /// The choices of the child that was just made.
    pub fn list_child(&mut self) -> (&[Next], &World) {
        let PathEntry { world, used, options: room, .. } = &mut *self.child;
        options(world, *used, &self.bounds, &mut self.waiting, room);
        (room, world)
    }

    fn take_child(&mut self, state: u32) -> Box<PathEntry> {
        let spare = self.spare.pop().unwrap_or_else(|| PathEntry::at(self.child.world.clone()));
        let mut entry = core::mem::replace(&mut self.child, spare);
        entry.state = state;
        entry
    }

    fn stand_on(&mut self, mut entry: Box<PathEntry>) {
        options(&entry.world, entry.used, &self.bounds, &mut self.waiting, &mut entry.options);
        entry.options.truncate(usize::from(PLACES));
        self.path.push(entry);
    }

    /// Makes the child that comes of a choice here; says whether there is one: a choice may turn out to be no event.
    pub fn make(&mut self, code: u16) -> bool {
        let (entry, child) = (self.path.last().expect("the root is never left"), &mut self.child);
        let next = entry.options[usize::from(code & PLACES)];
        let cut = code >> PLACE_BITS;
        let choice = match next.choice {
            Choice::Happens(cause) if cut > 0 => Choice::CutShort(cause, cut),
            choice => choice,
        };
        child.world.clone_from(&entry.world);
        child.depth = entry.depth + 1;
        child.used = next.uses.map_or(entry.used, |(budget, amount)| entry.used.and_so_many(budget, amount));
        if cut > 0 {
            child.used = child.used.and(Budget::Crash);
        }
        if !choice.force(&mut child.world, next.at, &mut self.step) {
            return false;
        }
        self.in_doubt |= child.world.memory().is_some() && child.world.is_timed();
        if self.dead_messages {
            dead::forget(&mut child.world, next.node);
        }
        true
    }

    /// What was made last.
    pub fn child(&self) -> &PathEntry {
        &self.child
    }

    /// The codes that cut short what `code` did just now, where it matters and a crash is left.
    pub fn cuts(&self, code: u16) -> impl Iterator<Item = u16> + use<> {
        let next = &self.here().options[usize::from(code)];
        let node = next.node.filter(|_| matches!(next.choice, Choice::Happens(_)));
        let client = |node: lightcone_engine::NodeId| self.here().world.plan().lanes[node.index()].client;
        let may = self.here().used.left(Budget::Crash, &self.bounds) > 0 && node.is_some_and(|node| !client(node));
        let mut points = if may { choice::crash_points(&self.step) } else { 0 };
        iter::from_fn(move || {
            let cut = points.trailing_zeros() as u16;
            points &= points.wrapping_sub(1);
            (cut < 64).then_some(code | cut << PLACE_BITS)
        })
    }
}
