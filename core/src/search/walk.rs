//! States are not kept, only how they were reached. A walker stands on a path of worlds and goes to another state by going
//! back to where the ways part. Neighbours in the order of a breadth-first search mostly share their way. The worlds to
//! which such a search comes next wait for it in a queue, as far as there is room.

use super::bounds::{Bounds, Spent, Supply};
use super::next::{Next, options};
use super::states::States;
use crate::world::{Choice, Step, Waiting, World};
use alloc::vec::Vec;

/// In a code, the place among the choices; above it, where the handler is cut short.
pub(super) const PLACE_BITS: u32 = 10;
pub(super) const PLACES: u16 = (1 << PLACE_BITS) - 1;

/// States for each world that may wait. A world has its own few kilobytes, so that all that wait add less to what a state
/// takes than its place among the states does. To what is beyond the way is gone once more.
const STATES_A_WORLD: u32 = 256;
/// Worlds that may wait in any case, and at most: in wasm so much room is slow to give back.
const WAITING: (usize, usize) = (256, 1 << 14);

/// A world on the way, what it took to get there and what may happen next.
pub struct Rung {
    state: u32,
    /// How many events from the root.
    depth: u8,
    pub(super) world: World,
    pub(super) spent: Spent,
    pub(super) options: Vec<Next>,
}

impl Rung {
    fn fork(&self) -> Rung {
        Rung { state: 0, depth: 0, world: self.world.clone(), spent: self.spent, options: Vec::new() }
    }
}

/// Goes from state to state.
pub struct Walker {
    bounds: Bounds,
    dead_messages: bool,
    path: Vec<Rung>,
    /// What the last choice made.
    child: Rung,
    /// Rungs that are not stood on: their room is used again.
    spare: Vec<Rung>,
    /// Room for the choices of those that are stood on.
    rooms: Vec<Vec<Next>>,
    /// States that a breadth-first search comes to next, the last one first, and those after them in their order.
    soon: Vec<Rung>,
    later: Vec<Rung>,
    waiting: Vec<Waiting>,
    step: Step,
}

impl Walker {
    /// A walker at the root.
    pub fn new(root: World, bounds: Bounds, dead_messages: bool) -> Walker {
        let child = Rung { state: 0, depth: 0, world: root, spent: Spent::default(), options: Vec::new() };
        let mut walker = Walker {
            bounds,
            dead_messages,
            path: Vec::new(),
            child,
            spare: Vec::new(),
            rooms: Vec::new(),
            soon: Vec::new(),
            later: Vec::new(),
            waiting: Vec::new(),
            step: Step::default(),
        };
        walker.climb(0);
        walker
    }

    /// The state it stands at.
    pub fn here(&self) -> &Rung {
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
    }

    fn leave(&mut self, depth: usize) {
        for mut rung in self.path.drain(depth..) {
            self.rooms.push(core::mem::take(&mut rung.options));
            self.spare.push(rung);
        }
    }

    /// Whether what can never matter is left out.
    pub fn forgets_dead(&self) -> bool {
        self.dead_messages
    }

    /// Goes to `state`.
    pub fn go_to(&mut self, state: u32, states: &States) {
        if self.soon.is_empty() {
            core::mem::swap(&mut self.soon, &mut self.later);
            self.soon.reverse();
        }
        if let Some(rung) = self.soon.pop_if(|rung| rung.state == state) {
            self.leave(1);
            self.stand_on(rung);
            return;
        }
        let mut ways = Vec::new();
        let mut ancestor = state;
        while let Some((parent, code)) = states.parent(ancestor) {
            ways.push((ancestor, code));
            ancestor = parent;
        }
        let shared = ways.iter().rev().zip(&self.path[1..]).take_while(|((state, _), rung)| *state == rung.state);
        let shared = shared.count();
        self.leave(shared + 1);
        for &(state, code) in ways.iter().rev().skip(shared) {
            assert!(self.make(code), "what happened once on the way to a state happens again");
            self.climb(state);
        }
    }

    /// Goes on to the child that was just made.
    pub fn climb(&mut self, state: u32) {
        let rung = self.take_child(state);
        self.stand_on(rung);
    }

    /// Lets the child that was just made wait, which is the latest of all states. A search that lets states wait comes to
    /// them in the same order.
    pub fn wait(&mut self, state: u32) {
        let (least, most) = WAITING;
        let room = ((state / STATES_A_WORLD) as usize).clamp(least, most);
        if self.soon.len() + self.later.len() < room {
            let rung = self.take_child(state);
            self.later.push(rung);
        }
    }

    fn take_child(&mut self, state: u32) -> Rung {
        let spare = self.spare.pop().unwrap_or_else(|| self.child.fork());
        let rung = core::mem::replace(&mut self.child, spare);
        Rung { state, ..rung }
    }

    fn stand_on(&mut self, mut rung: Rung) {
        rung.options = self.rooms.pop().unwrap_or_default();
        options(&rung.world, rung.spent, &self.bounds, &mut self.waiting, &mut rung.options);
        rung.options.truncate(usize::from(PLACES));
        self.path.push(rung);
    }

    /// Makes the child that comes of a choice here; says whether there is one: a choice may turn out to be no event.
    pub fn make(&mut self, code: u16) -> bool {
        let (rung, child) = (self.path.last().expect("the root is never left"), &mut self.child);
        let next = rung.options[usize::from(code & PLACES)];
        let cut = code >> PLACE_BITS;
        let choice = match next.choice {
            Choice::Happens(cause) if cut > 0 => Choice::CutShort(cause, cut),
            choice => choice,
        };
        child.world.clone_from(&rung.world);
        child.depth = rung.depth + 1;
        child.spent = next.spends.map_or(rung.spent, |(supply, amount)| rung.spent.and_so_many(supply, amount));
        if cut > 0 {
            child.spent = child.spent.and(Supply::Crash);
        }
        if !child.world.force(choice, next.at, &mut self.step) {
            return false;
        }
        if self.dead_messages {
            child.world.forget_dead();
        }
        true
    }

    /// What was made last.
    pub fn child(&self) -> &Rung {
        &self.child
    }

    /// The codes that cut short what `code` did just now, where it matters and a crash is left.
    pub fn cuts(&self, code: u16) -> impl Iterator<Item = u16> + use<> {
        let next = &self.here().options[usize::from(code)];
        let node = next.node.filter(|_| matches!(next.choice, Choice::Happens(_)));
        let client = |node: crate::NodeId| self.here().world.plan().lanes[node.index()].client;
        let may = node.is_some_and(|node| !client(node)) && self.here().spent.left(Supply::Crash, &self.bounds) > 0;
        let brinks = if may { self.step.brinks } else { 0 };
        (1..64_u16).filter(move |cut| brinks & 1 << cut != 0).map(move |cut| code | cut << PLACE_BITS)
    }
}
