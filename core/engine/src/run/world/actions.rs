//! What edits do to a world at a moment, and whether what is due can happen.

use super::clock::Clock;
use super::{Happening, Pending, Step, StepKind, World};
use crate::id::{EventIndex, NodeId, NodeSet, RequestId};
use crate::model::Faults;
use crate::operation::Operation;
use crate::protocol::{Accepts, Action, Cause, Handling};
use alloc::rc::Rc;
use alloc::vec::Vec;

impl World {
    /// Whether what is pending can happen at all, now that it is due.
    #[must_use]
    pub fn admits(&self, pending: &Pending) -> StepKind {
        let Some(node) = pending.cause.node() else { return StepKind::Event };
        let Some(slot) = self.parts.slots.get(node.index()) else {
            return StepKind::Refused("This run has no such lane.");
        };
        let (stopped, paused) = (slot.state.is_none(), slot.paused);
        match pending.cause {
            Cause::Act(action) => self.admits_action(action, stopped, paused),
            Cause::Deliver(message) if self.parts.cuts[message.from.index()].contains(message.to) => {
                StepKind::ReachedCut
            }
            Cause::Deliver(_) if stopped => StepKind::ReachedStopped,
            Cause::Deliver(_) | Cause::Fire(_) if paused => StepKind::Waits,
            Cause::Boot(_) | Cause::Deliver(_) | Cause::Fire(_) | Cause::Recorded(_) => StepKind::Event,
        }
    }

    fn admits_action(&self, action: Action, stopped: bool, paused: bool) -> StepKind {
        let refused = StepKind::Refused;
        match action {
            Action::Crash(_) if stopped => refused("The node is stopped already."),
            Action::Restart(_) if self.plan.model.faults == Faults::CrashStop => {
                refused("In the crash-stop model no node comes back.")
            }
            Action::Restart(_) if !stopped => refused("The node is running."),
            Action::Pause(_) if stopped => refused("The node is stopped."),
            Action::Pause(_) if paused => refused("The node is paused already."),
            Action::Resume(_) if !paused => refused("The node is not paused."),
            Action::Request { .. } if stopped => refused("The node is stopped: nobody hears the request."),
            Action::Request { node, operation } if !self.accepts(node, operation) => {
                refused("This lane does not take such a request.")
            }
            Action::Request { .. } if paused => StepKind::Waits,
            _ => StepKind::Event,
        }
    }

    fn accepts(&self, node: NodeId, operation: Operation) -> bool {
        let form = match operation {
            Operation::Read { .. } => Accepts::Read,
            Operation::Write { .. } => Accepts::Write,
            Operation::Add { .. } => Accepts::Add,
            Operation::CompareAndSet { .. } => Accepts::CompareAndSet,
            Operation::Command { verb, .. } => Accepts::Command(verb),
        };
        self.plan.lanes[node.index()].accepts.contains(&form)
    }

    pub(super) fn act(&mut self, event: EventIndex, action: Action, step: &mut Step) {
        match action {
            Action::Crash(node) => self.crash(node, step),
            Action::Restart(node) => self.boot(event, node, step),
            Action::Pause(node) => self.changing(node).paused = true,
            Action::Resume(node) => self.resume(event, node),
            Action::LoseDisk(node) => self.changing(node).durable = self.plan.protocol.blank(),
            Action::Cut { from, to, one_way } => self.set_links(from, to, one_way, true),
            Action::Heal { from, to, one_way } => self.set_links(from, to, one_way, false),
            Action::SetClock { node, jump_micros, drift_ppm } => {
                let now = self.now;
                let clock = &mut self.changing(node).clock;
                let offset_micros = clock.read(now) + i64::from(jump_micros) - now.micros() as i64;
                *clock = Clock { since: now, offset_micros, drift_ppm };
            }
            Action::Request { node, operation } => {
                let slot = self.changing(node);
                slot.requests = slot.requests.saturating_add(1);
                let id = RequestId { node, ordinal: slot.requests };
                step.asked = Some((id, operation));
                self.handle(event, node, Some(Handling::Request(id)), step, |state, context| {
                    state.on_request(id, operation, context);
                });
            }
        }
    }

    pub(super) fn crash(&mut self, node: NodeId, step: &mut Step) {
        for kind in 0..self.parts.slots[node.index()].timers.len() {
            self.disarm(node, kind as u8, step);
        }
        for pending in self.parts.parked.extract_if(.., |pending| pending.cause.node() == Some(node)) {
            if matches!(pending.cause, Cause::Deliver(_)) {
                step.happenings.push(Happening::LostWaiting(pending.record));
            }
        }
        let slot = self.changing(node);
        slot.state = None;
        slot.paused = false;
    }

    /// What waited is worked off in the order in which it arrived, one microsecond apart.
    fn resume(&mut self, event: EventIndex, node: NodeId) {
        self.changing(node).paused = false;
        let waiting: Vec<Rc<Pending>> =
            self.parts.parked.extract_if(.., |pending| pending.cause.node() == Some(node)).collect();
        for (place, pending) in waiting.iter().enumerate() {
            // A request that waited is no longer to come by edit: it has happened, and waits.
            let sender = pending.sender.or(Some(event));
            self.schedule(Pending { due: self.now.after(place as u64), sender, ..Pending::clone(pending) });
        }
    }

    fn set_links(&mut self, from: NodeSet, to: NodeSet, one_way: bool, cut: bool) {
        let directions: &[(NodeSet, NodeSet)] = if one_way { &[(from, to)] } else { &[(from, to), (to, from)] };
        for &(from, to) in directions {
            for (node, cuts) in self.parts.cuts.iter_mut().enumerate() {
                if from.contains(NodeId(node as u8)) {
                    *cuts = if cut { cuts.union(to) } else { NodeSet(cuts.0 & !to.0) };
                }
            }
        }
    }
}
