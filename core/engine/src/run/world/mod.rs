//! The world: nodes, messages in flight, armed timers, stable storage and the observer. It offers
//! [`World::choices`] and [`World::take`], and nothing else moves it. The simulator takes the choice
//! that virtual time says is next; step mode takes the one the reader clicks; a search takes them
//! all.
//!
//! Cheap to fork: nodes, stores and messages are shared until they change.

mod actions;
mod canonical;
mod choice;
mod clock;
mod effects;
mod parts;
mod print;
mod step;

pub use choice::{Choice, Waiting};
pub use step::{Happenings, Limit, Step, StepKind};

use crate::id::{EventIndex, MessageId, NodeId, NodeSet};
use crate::limits::MAX_PENDING;
use crate::protocol::{
    AnyDurable, AnyObserver, Cause, Context, Effect, Finding, Findings, Handling, Happening, Loss, Node, Nodes,
    Occurrence, Payload, Sent, Source,
};
use crate::run::{Plan, Said};
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use canonical::Looks;
use clock::Clock;
use core::cell::{Cell, RefCell};
use core::num::NonZeroU64;
use parts::Parts;

/// A node's place in the world.
#[derive(Clone)]
pub struct Slot {
    pub(crate) state: Option<Rc<dyn Node>>,
    pub(crate) durable: Rc<dyn AnyDurable>,
    pub(crate) paused: bool,
    clock: Clock,
    /// Engine's Lamport stamp of the node's last event.
    lamport: u32,
    last_event: Option<EventIndex>,
    /// A timer's place here is its kind.
    timers: Rc<[TimerSlot]>,
    requests: u16,
    /// Its number among the shared parts; 0 if it is none of them.
    part: u32,
    /// The slot's part of the fingerprint, if it is worked out.
    print: Cell<Option<NonZeroU64>>,
    looks: Looks,
}

#[derive(Clone, Copy, Default)]
struct TimerSlot {
    armings: u16,
    armed: Option<(Time, u32)>,
}

/// Something that may happen.
#[derive(Clone)]
struct Pending {
    due: Time,
    cause: Cause,
    source: Source,
    /// The message's or timer's place among the run's messages or timers.
    record: u32,
    payload: Option<Payload>,
    sender: Option<EventIndex>,
    lamport: u32,
    /// When a timer can fire at the earliest.
    earliest: Time,
    /// When a message must have arrived, if delays are bounded.
    latest: Option<Time>,
    /// Its number among the shared parts; 0 if it is none of them.
    part: u32,
    /// What it is, whatever its name, if it is worked out.
    print: Cell<Option<NonZeroU64>>,
    looks: Looks,
}

impl Pending {
    fn key(&self) -> (Time, Cause) {
        (self.due, self.cause)
    }
}

/// Who watches, and what it has found so far.
#[derive(Clone)]
struct Watcher {
    observer: Rc<dyn AnyObserver>,
    /// Properties, one bit each.
    broken: u32,
    reached: u32,
    /// Its number among the shared parts; 0 if it is none of them.
    part: u32,
    /// What the observer knows, as one number, if it is worked out.
    print: Cell<Option<NonZeroU64>>,
    looks: Looks,
}

/// All there is at a moment of a run.
pub struct World {
    plan: Rc<Plan>,
    now: Time,
    slots: Vec<Rc<Slot>>,
    /// Latest first, so that what is next is popped from the end.
    pending: Vec<Rc<Pending>>,
    /// What waits at paused nodes, in order of arrival.
    parked: Vec<Rc<Pending>>,
    /// For each sender, whom it cannot reach.
    cuts: Vec<NodeSet>,
    /// Messages sent so far, by link and kind.
    sent: Rc<Vec<u16>>,
    /// The last arrival on each link; kept only if links are FIFO.
    last_arrival: Vec<Time>,
    watcher: Watcher,
    events: u32,
    messages: u32,
    timers: u32,
    limit: Option<Limit>,
    /// Whether a handler has read its own clock: from there on time is part of the state.
    clock_read: Cell<bool>,
    /// A search cuts the next handler short after so many effects.
    cut_short: Option<u16>,
    /// What the worlds of a search share.
    parts: Option<Rc<RefCell<Parts>>>,
}

/// A fork. `clone_from` uses the room that the world has: a search forks one world into another all the time.
impl Clone for World {
    fn clone(&self) -> World {
        World {
            plan: self.plan.clone(),
            slots: self.slots.clone(),
            pending: self.pending.clone(),
            parked: self.parked.clone(),
            cuts: self.cuts.clone(),
            sent: self.sent.clone(),
            last_arrival: self.last_arrival.clone(),
            watcher: self.watcher.clone(),
            clock_read: self.clock_read.clone(),
            parts: self.parts.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &World) {
        share(&mut self.slots, &other.slots);
        share(&mut self.pending, &other.pending);
        share(&mut self.parked, &other.parked);
        self.cuts.clone_from(&other.cuts);
        self.last_arrival.clone_from(&other.last_arrival);
        share_one(&mut self.plan, &other.plan);
        share_one(&mut self.sent, &other.sent);
        share_one(&mut self.watcher.observer, &other.watcher.observer);
        if self.parts.is_some() || other.parts.is_some() {
            self.parts.clone_from(&other.parts);
        }
        let Watcher { observer: _, broken, reached, part, ref print, looks: _ } = other.watcher;
        (self.watcher.broken, self.watcher.reached, self.watcher.part) = (broken, reached, part);
        self.watcher.print.set(print.get());
        self.clock_read.set(other.clock_read.get());
        (self.now, self.limit, self.cut_short) = (other.now, other.limit, other.cut_short);
        (self.events, self.messages, self.timers) = (other.events, other.messages, other.timers);
    }
}

fn share_one<T: ?Sized>(one: &mut Rc<T>, other: &Rc<T>) {
    if !Rc::ptr_eq(one, other) {
        *one = other.clone();
    }
}

/// Makes one list as the other is. What stands in both at the same place is not touched: mostly two worlds differ in little.
fn share<T>(list: &mut Vec<Rc<T>>, other: &[Rc<T>]) {
    list.truncate(other.len());
    list.iter_mut().zip(other).for_each(|(one, other)| share_one(one, other));
    list.extend_from_slice(&other[list.len()..]);
}

impl World {
    /// The world before anything happened.
    #[must_use]
    pub fn new(plan: Rc<Plan>) -> World {
        let nodes = usize::from(plan.nodes());
        let kinds = plan.protocol.kinds().len();
        let slot = Rc::new(Slot {
            state: None,
            durable: plan.protocol.blank(),
            paused: false,
            clock: Clock::default(),
            lamport: 0,
            last_event: None,
            timers: core::iter::repeat_n(TimerSlot::default(), plan.protocol.timers().len()).collect(),
            requests: 0,
            part: 0,
            print: Cell::default(),
            looks: Looks::default(),
        });
        let mut world = World {
            now: Time::ZERO,
            slots: core::iter::repeat_n(slot, nodes).collect(),
            pending: Vec::new(),
            parked: Vec::new(),
            cuts: vec![NodeSet::EMPTY; nodes],
            sent: Rc::new(vec![0; nodes * nodes * kinds]),
            last_arrival: if plan.model.links.fifo { vec![Time::ZERO; nodes * nodes] } else { Vec::new() },
            watcher: Watcher {
                observer: plan.protocol.observer(&*plan.config),
                broken: 0,
                reached: 0,
                part: 0,
                print: Cell::default(),
                looks: Looks::default(),
            },
            events: 0,
            messages: 0,
            timers: 0,
            limit: None,
            clock_read: Cell::new(false),
            cut_short: None,
            parts: None,
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
        world.pending.retain(|pending| match pending.cause {
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
        self.slots.get(node.index())?.state.as_deref()
    }

    /// What the node has in stable storage.
    #[must_use]
    pub fn durable(&self, node: NodeId) -> Option<&dyn AnyDurable> {
        Some(&*self.slots.get(node.index())?.durable)
    }

    /// Whether the node is paused.
    #[must_use]
    pub fn paused(&self, node: NodeId) -> bool {
        self.slots.get(node.index()).is_some_and(|slot| slot.paused)
    }

    /// The node's own clock, in microseconds.
    #[must_use]
    pub fn clock_micros(&self, node: NodeId) -> Option<i64> {
        Some(self.slots.get(node.index())?.clock.read(self.now))
    }

    /// What happens next by virtual time, and when.
    #[must_use]
    pub fn next(&self) -> Option<(Time, Cause)> {
        self.pending.last().map(|pending| pending.key())
    }

    /// Everything that may happen next, what is due first first. On FIFO links only the first message
    /// of a link may arrive; at a paused node nothing happens but its going on.
    #[must_use]
    pub fn choices(&self) -> Vec<Cause> {
        let mut links = Vec::new();
        let mut choices = Vec::new();
        for pending in self.pending.iter().rev() {
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
        let Some(place) = self.pending.iter().rposition(|pending| pending.cause == choice) else { return false };
        let next = place + 1 == self.pending.len();
        let pending = self.pending.remove(place);
        self.now = if next { pending.due.max(self.now) } else { pending.due.min(self.now.after(1)).max(self.now) };
        self.happen(pending, step);
        true
    }

    /// Judges what must be true by the end.
    #[must_use]
    pub fn judge_end(&self) -> Vec<Finding> {
        let mut findings =
            Findings { broken: self.watcher.broken, reached: self.watcher.reached, ..Findings::default() };
        self.watcher.observer.at_end(&self.slots, &mut findings);
        findings.new
    }

    /// Places, among the run's messages and timers, of what is still to come.
    pub(crate) fn open_records(&self) -> impl Iterator<Item = (Cause, u32)> + '_ {
        self.pending.iter().chain(&self.parked).map(|pending| (pending.cause, pending.record))
    }

    fn schedule(&mut self, pending: Pending) {
        self.put(self.kept_pending(pending));
    }

    fn put(&mut self, pending: Rc<Pending>) {
        if self.pending.len() >= MAX_PENDING {
            self.limit = Some(Limit::Pending);
            return;
        }
        let place = self.place(pending.due, pending.cause);
        self.pending.insert(place, pending);
    }

    /// Where among what is pending, latest first, this stands or would stand.
    fn place(&self, due: Time, cause: Cause) -> usize {
        self.pending.partition_point(|other| other.due > due || (other.due == due && other.cause > cause))
    }

    /// Worlds share a node's place until one of them changes it.
    #[inline(never)]
    fn changing(&mut self, node: NodeId) -> &mut Slot {
        let slot = Rc::make_mut(&mut self.slots[node.index()]);
        slot.part = 0;
        slot
    }

    fn happen(&mut self, pending: Rc<Pending>, step: &mut Step) {
        step.at = self.now;
        step.cause = Some(pending.cause);
        step.source = Some(pending.source);
        step.record = pending.record;
        step.sender = pending.sender;
        step.asked = None;
        step.previous = None;
        step.lamport = 0;
        step.happenings.clear();
        step.findings.clear();
        step.brinks = 0;
        step.kind = self.admits(&pending);
        if step.kind == StepKind::Waits {
            self.parked.push(pending);
            return;
        }
        if step.kind != StepKind::Event {
            return;
        }
        let event = EventIndex(self.events);
        self.events += 1;
        step.lamport = pending.lamport;
        let (node, print) = (pending.cause.node(), self.handling_print(&pending));
        let known = node.zip(print).and_then(|(node, print)| self.repeat(print, node, step));
        let armed = if known.is_none() { self.perform(event, &pending, step) } else { 0 };
        self.judge(event, step);
        match (node, known, print) {
            (Some(node), Some(kept), _) => self.slots[node.index()] = kept,
            (Some(node), None, Some(print)) if self.limit.is_none() => self.keep_outcome(print, node, armed, step),
            (Some(node), None, _) => drop(self.keep_slot(node)),
            (None, ..) => {}
        }
    }

    /// What happens is worked out. Returns the node's timers that were armed besides one that fires, one bit each.
    fn perform(&mut self, event: EventIndex, pending: &Pending, step: &mut Step) -> u32 {
        let mut armed = 0;
        if let Some(node) = pending.cause.node() {
            armed = self.begin_outcome(pending, node);
            let slot = self.changing(node);
            slot.print = Cell::default();
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
        }
        armed
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
        let durable = self.slots[node.index()].durable.clone();
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
        let searched = self.cut_short.take().map(|what| Said { what, source: Source::Script, scripted: None });
        let cut_short = searched.or_else(|| self.plan.crashes.get(&handling?).copied());
        step.brinks = choice::brinks(&effects);
        self.carry_out(event, node, &mut effects, cut_short, step);
        step.effects = effects;
    }

    fn context<'a>(&'a self, node: NodeId, effects: &'a mut Vec<Effect>) -> Context<'a> {
        Context {
            node,
            nodes: self.plan.nodes(),
            clock_micros: self.slots[node.index()].clock.read(self.now),
            config: &*self.plan.config,
            effects,
            clock_read: &self.clock_read,
        }
    }

    fn judge(&mut self, event: EventIndex, step: &mut Step) {
        let Some(cause) = step.cause else { return };
        let mut findings = Findings {
            broken: self.watcher.broken,
            reached: self.watcher.reached,
            new: core::mem::take(&mut step.findings),
            first: 0,
        };
        let occurrence = Occurrence {
            event,
            at: self.now,
            cause,
            asked: step.asked,
            happenings: &step.happenings,
            nodes: &self.slots,
        };
        let before = self.parts.is_some().then(|| self.watcher.clone());
        let watcher = &mut self.watcher;
        if Rc::get_mut(&mut watcher.observer).is_none() {
            watcher.observer = watcher.observer.fork();
        }
        let observer = Rc::get_mut(&mut watcher.observer).expect("a fork is not shared yet");
        observer.observe(&occurrence, &mut findings);
        watcher.print = Cell::default();
        (watcher.broken, watcher.reached) = (findings.broken, findings.reached);
        step.findings = findings.new;
        match before {
            Some(before) if before == *watcher => *watcher = before,
            _ => self.keep_watcher(),
        }
    }
}

impl Nodes for Vec<Rc<Slot>> {
    fn count(&self) -> u8 {
        self.len() as u8
    }
    fn state(&self, node: NodeId) -> Option<&dyn Node> {
        self[node.index()].state.as_deref()
    }
    fn durable(&self, node: NodeId) -> &dyn AnyDurable {
        &*self[node.index()].durable
    }
    fn paused(&self, node: NodeId) -> bool {
        self[node.index()].paused
    }
}

impl Slot {
    /// Worlds share a node's timers until one of them changes.
    fn timer(&mut self, kind: u8) -> &mut TimerSlot {
        &mut Rc::make_mut(&mut self.timers)[usize::from(kind)]
    }

    /// Timers that are armed, one bit each.
    fn armed(&self) -> u32 {
        let timers = self.timers.iter().enumerate();
        timers.fold(0, |mask, (kind, timer)| mask | u32::from(timer.armed.is_some()) << kind)
    }
}

impl Pending {
    fn plain(due: Time, cause: Cause, source: Source) -> Pending {
        Pending {
            due,
            cause,
            source,
            record: 0,
            payload: None,
            sender: None,
            lamport: 0,
            earliest: due,
            latest: None,
            part: 0,
            print: Cell::default(),
            looks: Looks::default(),
        }
    }
}
