//! What may happen next: everything that is pending, and what the bounds still allow.

use super::bounds::{Bounds, Budget, Used};
use super::world::choice;
use super::world::choice::{Choice, Waiting, behind_others, is_too_early};
use alloc::vec::Vec;
use lightcone_engine::hash::{hash64, mix};
use lightcone_engine::id::{MessageId, NodeId};
use lightcone_engine::model::{Faults, Timing};
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, Action, Argument, Cause};
use lightcone_engine::run::World;
use lightcone_engine::time::Time;

/// From one event of a found run to the next, where time does not count: about as long as a message travels.
pub const STEP_MICROS: u64 = 10_000;
/// The same where it does: so short that what must fit into a lease does.
pub const TIMED_STEP_MICROS: u64 = 1_000;
/// How far a clock drifts, in millionths.
pub(super) const DRIFT_PPM: i32 = 100_000;

/// One thing that may happen next.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    /// What.
    pub choice: Choice,
    /// When.
    pub at: Time,
    /// What it is, the same wherever it can happen.
    pub content: u64,
    /// What of all that is pending happens, as its content says; 0 if nothing of that.
    pub pending: u64,
    /// What it uses, and how much.
    pub uses: Option<(Budget, u8)>,
    /// The lane that it happens on; none for the network.
    pub node: Option<NodeId>,
}

/// Lists what may happen next. What would happen by itself comes first: the script, messages, time-outs, each by time.
pub fn options(world: &World, used: Used, bounds: &Bounds, waiting: &mut Vec<Waiting>, into: &mut Vec<Next>) {
    into.clear();
    choice::waiting(world, waiting);
    let step = if world.is_timed() { TIMED_STEP_MICROS } else { STEP_MICROS };
    let (at, bounded) = (world.now().after(step), world.plan().model.timing != Timing::Asynchronous);
    let mut list = Lister { world, used, bounds, bounded, at, into };
    for class in 0..3 {
        waiting.iter().filter(|each| each.class == class).for_each(|each| list.pending(each));
    }
    list.network(waiting);
    list.faults();
    list.requests();
}

struct Lister<'a> {
    world: &'a World,
    used: Used,
    bounds: &'a Bounds,
    /// Whether delays are bounded: then not everything can happen now.
    bounded: bool,
    at: Time,
    into: &'a mut Vec<Next>,
}

impl Lister<'_> {
    fn left(&self, budget: Budget) -> bool {
        self.used.left(budget, self.bounds) > 0
    }

    fn pending(&mut self, waiting: &Waiting) {
        let pending = waiting.pending(self.world);
        let fires = matches!(pending.cause, Cause::Fire(_));
        if fires && !self.left(Budget::TimeOut) {
            return;
        }
        let at = if fires && self.world.is_timed() { self.at.max(pending.earliest) } else { self.at };
        let at = pending.latest.map_or(at, |latest| at.min(self.not_with_the_last(latest)));
        let (choice, content, node) = (Choice::Happens(pending.cause), waiting.content, pending.cause.node());
        if !self.is_too_early(at, pending.cause) {
            let uses = fires.then_some((Budget::TimeOut, 1));
            self.into.push(Next { choice, at, content, pending: content, uses, node });
        }
    }

    fn is_too_early(&self, at: Time, cause: Cause) -> bool {
        self.bounded && is_too_early(self.world, at, cause)
    }

    /// On FIFO links two messages never share a moment: the second may be late by that.
    fn not_with_the_last(&self, latest: Time) -> Time {
        if self.world.plan().model.links.fifo { latest.max(self.world.now().after(1)) } else { latest }
    }

    /// What may become of a message besides that it arrives once, in its turn.
    fn network(&mut self, waiting: &[Waiting]) {
        let links = &self.world.plan().model.links;
        if self.left(Budget::Repeat) {
            let copy = self.used.of(Budget::Repeat) + 1;
            for each in waiting {
                if let Cause::Deliver(message @ MessageId { copy: 0, .. }) = each.pending(self.world).cause {
                    let choice = Choice::Repeated(MessageId { copy, ..message });
                    self.message(choice, each.content, (Budget::Repeat, 1), message);
                }
            }
        }
        if links.fifo && !links.reliable && self.left(Budget::Loss) {
            self.overtaking();
        }
    }

    /// On FIFO links a message arrives only after those before it: unless they are lost.
    fn overtaking(&mut self) {
        let left = self.used.left(Budget::Loss, self.bounds);
        for (message, content, before) in behind_others(self.world) {
            if before <= left {
                self.message(Choice::Overtakes(message), content, (Budget::Loss, before), message);
            }
        }
    }

    fn faults(&mut self) {
        let plan = self.world.plan();
        let crashes = self.left(Budget::Crash);
        for (node, lane) in (0..).map(NodeId).zip(&plan.lanes) {
            if lane.client {
                continue;
            }
            let up = self.world.state(node).is_some();
            if up && crashes {
                self.act(Action::Crash(node), Some(Budget::Crash));
            } else if !up {
                if plan.model.faults == Faults::CrashRecovery {
                    self.act(Action::Restart(node), None);
                }
                self.act(Action::LoseDisk(node), Some(Budget::Disk));
            }
            if self.world.is_timed() {
                for drift_ppm in [DRIFT_PPM, -DRIFT_PPM] {
                    self.act(Action::SetClock { node, jump_micros: 0, drift_ppm }, Some(Budget::Drift));
                }
            }
        }
    }

    /// What may be asked: of each lane everything that it takes, of the first key, each value once.
    fn requests(&mut self) {
        if !self.left(Budget::Request) {
            return;
        }
        let plan = self.world.plan();
        let value = i32::from(self.used.of(Budget::Request)) + 1;
        let key = Key(0);
        for (node, lane) in (0..).map(NodeId).zip(&plan.lanes) {
            for form in lane.accepts {
                match *form {
                    Accepts::Read => self.ask(node, Operation::Read { key }),
                    Accepts::Write => self.ask(node, Operation::Write { key, value }),
                    Accepts::Add => self.ask(node, Operation::Add { key, amount: value }),
                    Accepts::CompareAndSet => {
                        self.ask(node, Operation::CompareAndSet { key, expected: value - 1, value });
                    }
                    Accepts::Command(verb) => self.commands(node, verb, value as u8),
                }
            }
        }
    }

    fn commands(&mut self, node: NodeId, verb: u8, number: u8) {
        let plan = self.world.plan();
        match plan.protocol.specification().commands.get(usize::from(verb)).map(|command| command.argument) {
            Some(Argument::Node) => {
                for (argument, lane) in plan.lanes.iter().enumerate() {
                    if argument != node.index() && !lane.client {
                        self.ask(node, Operation::Command { verb, argument: argument as u8 });
                    }
                }
            }
            Some(Argument::Number) => self.ask(node, Operation::Command { verb, argument: number }),
            _ => self.ask(node, Operation::Command { verb, argument: 0 }),
        }
    }

    fn ask(&mut self, node: NodeId, operation: Operation) {
        if self.world.state(node).is_some() {
            self.act(Action::Request { node, operation }, Some(Budget::Request));
        }
    }

    fn act(&mut self, action: Action, uses: Option<Budget>) {
        let uses = uses.map(|budget| (budget, 1));
        if uses.is_none_or(|(budget, _)| self.left(budget)) && !self.is_too_early(self.at, Cause::Act(action)) {
            let option = Next {
                choice: Choice::Done(action),
                at: self.at,
                content: hash64(&action),
                pending: 0,
                uses,
                node: action.node(),
            };
            self.into.push(option);
        }
    }

    fn message(&mut self, choice: Choice, pending: u64, uses: (Budget, u8), message: MessageId) {
        let arrives = if let Choice::Repeated(copy) = choice { copy } else { message };
        if !self.is_too_early(self.at, Cause::Deliver(arrives)) {
            let content = mix(pending ^ uses.0 as u64);
            let (uses, node) = (Some(uses), Some(message.to));
            self.into.push(Next { choice, at: self.at, content, pending, uses, node });
        }
    }
}
