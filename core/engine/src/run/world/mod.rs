//! The world: nodes, messages in flight, armed timers, stable storage and the observer. It offers
//! [`World::choices`] and [`World::take`], and nothing else moves it. The simulator takes the choice
//! that virtual time says is next; step mode takes the one the reader clicks; a search takes them
//! all.
//!
//! Cheap to fork: nodes, stores and messages are shared until they change.

mod actions;
mod clock;
mod driver;
mod effects;
mod fingerprint;
mod label_cache;
mod memory;
mod parts;
mod step;

pub use clock::Clock;
pub use driver::Driver;
pub use label_cache::LabelCache;
pub use memory::Memory;
pub use parts::{Parts, Pending, Slot, Watcher, message_fingerprint};
pub use step::{Happenings, Limit, Step, StepKind};

use crate::id::{EventIndex, MessageId, NodeId, NodeSet};
use crate::model::Timing;
use crate::protocol::{
    AnyDurable, Cause, Context, Effect, Finding, Findings, Handling, Happening, Loss, Node, Occurrence, Sent, Source,
};
use crate::run::plan::{Plan, Said};
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;
use parts::TimerSlot;

/// All there is at a moment of a run.
pub struct World {
    plan: Rc<Plan>,
    now: Time,
    parts: Parts,
    /// Messages sent so far, by link and kind.
    sent: Rc<Vec<u16>>,
    /// The last arrival on each link; kept only if links are FIFO.
    last_arrival: Vec<Time>,
    events: u32,
    messages: u32,
    timers: u32,
    limit: Option<Limit>,
    /// Whether a handler has read its own clock: from there on time is part of the state.
    clock_read: Cell<bool>,
    /// What is asked before something is worked out.
    memory: Option<Rc<dyn Memory>>,
}

/// A fork. `clone_from` uses the room that the world has.
impl Clone for World {
    fn clone(&self) -> World {
        World {
            plan: self.plan.clone(),
            parts: self.parts.clone(),
            sent: self.sent.clone(),
            last_arrival: self.last_arrival.clone(),
            clock_read: self.clock_read.clone(),
            memory: self.memory.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &World) {
        self.parts.clone_from(&other.parts);
        self.drive().take_over(other, 0);
    }
}

impl World {
    /// The world before anything happened.
    #[must_use]
    pub fn new(plan: Rc<Plan>) -> World {
        let nodes = usize::from(plan.nodes());
        let kinds = plan.protocol.kinds().len();
        let slot = Rc::new(Slot::blank(plan.protocol.blank(), plan.protocol.timers().len()));
        let mut world = World {
            now: Time::ZERO,
            parts: Parts {
                slots: core::iter::repeat_n(slot, nodes).collect(),
                pending: Vec::new(),
                parked: Vec::new(),
                cuts: vec![NodeSet::EMPTY; nodes],
                watcher: Watcher::new(plan.protocol.observer(&*plan.config)),
            },
            sent: Rc::new(vec![0; nodes * nodes * kinds]),
            last_arrival: if plan.model.links.fifo { vec![Time::ZERO; nodes * nodes] } else { Vec::new() },
            events: 0,
            messages: 0,
            timers: 0,
            limit: None,
            clock_read: Cell::new(false),
            memory: None,
            plan,
        };
        for node in 0..world.plan.nodes() {
            world.schedule(Pending::plain(Time::ZERO, Cause::Boot(NodeId(node)), Source::Run));
        }
        let plan = world.plan.clone();
        for (at, action, source) in &plan.actions {
            world.schedule(Pending::plain(*at, Cause::Act(*action), *source));
        }
        world
    }

    /// The same world under a plan that differs only in what is still to come.
    #[must_use]
    pub fn under(&self, plan: Rc<Plan>) -> World {
        let mut world = self.clone();
        let before = core::mem::replace(&mut world.plan, plan.clone());
        world.parts.pending.retain(|pending| match pending.cause {
            // What waited at a paused node has a sender: it is no longer to come by edit.
            Cause::Act(action) if pending.sender.is_none() => {
                plan.actions.binary_search(&(pending.due, action, pending.source)).is_ok()
            }
            _ => true,
        });
        for action in &plan.actions {
            if before.actions.binary_search(action).is_err() {
                world.schedule(Pending::plain(action.0, Cause::Act(action.1), action.2));
            }
        }
        world
    }

    /// The scenario it runs.
    #[must_use]
    pub fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    /// The instant of the last step.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Events so far.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.events
    }

    /// The limit that the last step met, if any: the world goes no further.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// The node's state; none while it is crashed.
    #[must_use]
    pub fn state(&self, node: NodeId) -> Option<&dyn Node> {
        self.parts.slots.get(node.index())?.state.as_deref()
    }

    /// What the node has in stable storage.
    #[must_use]
    pub fn durable(&self, node: NodeId) -> Option<&dyn AnyDurable> {
        Some(&*self.parts.slots.get(node.index())?.durable)
    }

    /// Whether the node is paused.
    #[must_use]
    pub fn paused(&self, node: NodeId) -> bool {
        self.parts.slots.get(node.index()).is_some_and(|slot| slot.paused)
    }

    /// The node's own clock, in microseconds.
    #[must_use]
    pub fn clock_micros(&self, node: NodeId) -> Option<i64> {
        Some(self.parts.slots.get(node.index())?.clock.read(self.now))
    }

    /// What happens next by virtual time, and when.
    #[must_use]
    pub fn next(&self) -> Option<(Time, Cause)> {
        self.parts.pending.last().map(|pending| pending.key())
    }

    /// Everything that may happen next, what is due first first. On FIFO links only the first message
    /// of a link may arrive; at a paused node nothing happens but its going on.
    #[must_use]
    pub fn choices(&self) -> Vec<Cause> {
        let mut links = Vec::new();
        let mut choices = Vec::new();
        for pending in self.parts.pending.iter().rev() {
            let act = matches!(pending.cause, Cause::Act(_));
            if !act && pending.cause.node().is_some_and(|node| self.paused(node)) {
                continue;
            }
            if let Cause::Deliver(message) = pending.cause
                && self.plan.model.links.fifo
            {
                if links.contains(&(message.from, message.to)) {
                    continue;
                }
                links.push((message.from, message.to));
            }
            choices.push(pending.cause);
        }
        choices
    }

    /// Makes one thing happen. What is next by virtual time happens when it is due; anything else
    /// happens now, before all that. Returns false, and does nothing, if it cannot happen.
    pub fn take(&mut self, choice: Cause, step: &mut Step) -> bool {
        if self.limit.is_some() {
            return false;
        }
        let Some(place) = self.parts.find(choice) else { return false };
        let next = place + 1 == self.parts.pending.len();
        let pending = self.parts.pending.remove(place);
        let at = if next { pending.due } else { pending.due.min(self.now.after(1)) };
        self.happen(pending, at, None, step);
        true
    }

    /// Whether time is part of the state: a handler has read its clock, or delays are bounded.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.clock_read.get() || self.plan.model.timing != Timing::Asynchronous
    }

    /// Whether a goal of the protocol is reached by an event that did this and after which the world is so.
    #[must_use]
    pub fn reaches(&self, goal: u8, happenings: &[Happening]) -> bool {
        let facts = &mut happenings.iter().filter_map(|happening| match happening {
            Happening::Happened(fact) => Some(&**fact),
            _ => None,
        });
        self.plan.protocol.reaches(goal, facts, &self.parts.slots)
    }

    /// Judges what must be true by the end.
    #[must_use]
    pub fn judge_end(&self) -> Vec<Finding> {
        let mut findings =
            Findings { broken: self.parts.watcher.broken, reached: self.parts.watcher.reached, ..Findings::default() };
        self.parts.watcher.observer.at_end(&self.parts.slots, &mut findings);
        findings.new
    }

    /// Places, among the run's messages and timers, of what is still to come.
    pub(crate) fn open_records(&self) -> impl Iterator<Item = (Cause, u32)> + '_ {
        self.parts.pending.iter().chain(&self.parts.parked).map(|pending| (pending.cause, pending.record))
    }

    fn schedule(&mut self, pending: Pending) {
        let pending = match &self.memory {
            Some(memory) => memory.pending(pending),
            None => Rc::new(pending),
        };
        if !self.parts.put(pending) {
            self.limit = Some(Limit::Pending);
        }
    }

    /// The one step of all drivers: this happens at `at`, or now if that is over, and its handler is cut short after so many
    /// effects.
    fn happen(&mut self, pending: Rc<Pending>, at: Time, cut_short: Option<u16>, step: &mut Step) {
        self.now = at.max(self.now);
        step.begin(self.now, &pending, cut_short);
        step.kind = self.admits(&pending);
        if step.kind == StepKind::Waits {
            self.parts.parked.push(pending);
            return;
        }
        if step.kind != StepKind::Event {
            return;
        }
        let event = EventIndex(self.events);
        self.events += 1;
        step.lamport = pending.lamport;
        let Some(memory) = self.memory.clone() else {
            self.perform(event, &pending, step);
            return self.judge(event, step);
        };
        if !memory.replay(&mut self.parts, &pending, cut_short, step) {
            self.perform(event, &pending, step);
        }
        self.judge(event, step);
        memory.memoize(&mut self.parts, &pending, self.limit.is_none(), step);
    }

    /// What happens is worked out.
    fn perform(&mut self, event: EventIndex, pending: &Pending, step: &mut Step) {
        if let Some(node) = pending.cause.node() {
            let slot = self.changing(node);
            step.previous = slot.last_event.replace(event);
            slot.lamport = slot.lamport.max(pending.lamport) + 1;
            step.lamport = slot.lamport;
        }
        match pending.cause {
            Cause::Boot(node) => self.boot(event, node, step),
            Cause::Deliver(message) => self.deliver(event, message, pending, step),
            Cause::Fire(timer) => {
                self.changing(timer.node).timer(timer.kind).armed = None;
                self.handle(event, timer.node, Some(Handling::Timer(timer)), step, |state, context| {
                    state.on_timer(timer.kind, context);
                });
            }
            Cause::Act(action) => self.act(event, action, step),
            Cause::Recorded(_) => {}
        }
    }

    fn changing(&mut self, node: NodeId) -> &mut Slot {
        self.parts.changing(node)
    }

    fn deliver(&mut self, event: EventIndex, message: MessageId, pending: &Pending, step: &mut Step) {
        let payload = pending.payload.clone();
        self.handle(event, message.to, Some(Handling::Message(message)), step, |state, context| {
            let payload = payload.as_deref();
            state.on_message(message.from, payload.expect("a delivery carries its message"), context);
        });
    }

    fn boot(&mut self, event: EventIndex, node: NodeId, step: &mut Step) {
        let mut effects = core::mem::take(&mut step.effects);
        let durable = self.parts.slots[node.index()].durable.clone();
        let state = self.plan.protocol.boot(&*durable, self.context(node, &mut effects));
        self.changing(node).state = Some(state);
        self.carry_out(event, node, &mut effects, None, step);
        step.effects = effects;
    }

    fn handle(
        &mut self,
        event: EventIndex,
        node: NodeId,
        handling: Option<Handling>,
        step: &mut Step,
        call: impl FnOnce(&mut dyn Node, Context<'_>),
    ) {
        let Some(mut state) = self.changing(node).state.take() else { return };
        let mut effects = core::mem::take(&mut step.effects);
        if Rc::get_mut(&mut state).is_none() {
            state = state.fork();
        }
        let unshared = Rc::get_mut(&mut state).expect("a fork is not shared yet");
        call(unshared, self.context(node, &mut effects));
        self.changing(node).state = Some(state);
        let driven = step.cut_short.take().map(|what| Said { what, source: Source::Script, scripted: None });
        let cut_short = driven.or_else(|| self.plan.crashes.get(&handling?).copied());
        step.see(&effects);
        self.carry_out(event, node, &mut effects, cut_short, step);
        step.effects = effects;
    }

    fn context<'a>(&'a self, node: NodeId, effects: &'a mut Vec<Effect>) -> Context<'a> {
        Context {
            node,
            nodes: self.plan.nodes(),
            clock_micros: self.parts.slots[node.index()].clock.read(self.now),
            config: &*self.plan.config,
            effects,
            clock_read: &self.clock_read,
        }
    }

    fn judge(&mut self, event: EventIndex, step: &mut Step) {
        let Some(cause) = step.cause else { return };
        let Parts { slots, watcher, .. } = &mut self.parts;
        let mut findings = Findings {
            broken: watcher.broken,
            reached: watcher.reached,
            new: core::mem::take(&mut step.findings),
            first: 0,
        };
        let occurrence =
            Occurrence { event, at: self.now, cause, asked: step.asked, happenings: &step.happenings, nodes: slots };
        watcher.changing().observe(&occurrence, &mut findings);
        (watcher.broken, watcher.reached) = (findings.broken, findings.reached);
        step.findings = findings.new;
    }
}
