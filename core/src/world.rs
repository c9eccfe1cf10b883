//! The world: nodes, messages in flight, armed timers, stable storage and the observer. It offers
//! [`World::choices`] and [`World::take`], and nothing else moves it. The simulator takes the choice
//! that virtual time says is next; step mode takes the one the reader clicks; a search takes them
//! all.
//!
//! Cheap to fork: nodes, stores and messages are shared until they change.

use crate::hash::{Hasher64, mix};
use crate::id::{EventIndex, MessageId, NodeId, NodeSet, RequestId, TimerId};
use crate::limits::{MAX_EFFECTS, MAX_PENDING, MAX_RECORDS};
use crate::model::Faults;
use crate::node::{Durables, Node, Payload, Surroundings};
use crate::operation::{Answer, Operation};
use crate::phrase::Phrase;
use crate::plan::{Plan, Said, Source};
use crate::property::{AnyObserver, Finding, Findings, Occurrence};
use crate::protocol::{Accepts, Effect, Fact, Mark};
use crate::scenario::{Action, Handling};
use crate::time::Time;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// What makes something happen, by name. Of two causes at the same instant the lesser comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The node starts at the beginning of the run.
    Boot(NodeId),
    /// An edit says so.
    Act(Action),
    /// A message arrives.
    Deliver(MessageId),
    /// A timer fires.
    Fire(TimerId),
}

impl Cause {
    /// The node it happens to; none for what happens to the network.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Cause::Boot(node) => Some(*node),
            Cause::Act(action) => action.node(),
            Cause::Deliver(message) => Some(message.to),
            Cause::Fire(timer) => Some(timer.node),
        }
    }
}

/// Something a handler did, or that was done to its node, in order.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A message left.
    Sent(Sent),
    /// A timer was armed.
    Armed {
        /// Which.
        timer: TimerId,
        /// When it is due.
        due: Time,
        /// When it would have been due without an edit.
        drawn: Time,
        /// Who set the time.
        source: Source,
    },
    /// A timer was disarmed; the number is its place among the run's timers.
    Disarmed(u32),
    /// Stable storage was written.
    Persisted(Rc<dyn Durables>),
    /// An operation of this lane was answered.
    Replied {
        /// Which.
        request: RequestId,
        /// The answer.
        answer: Answer,
    },
    /// A mark on the lane.
    Marked(Mark, Phrase),
    /// What was handled is ignored, and why.
    Ignored(Phrase),
    /// The node holds a fact from now on.
    Holds(Fact),
    /// The event speaks for a fact.
    Evidence(Fact),
    /// The node crashed here, inside its handler.
    CrashedHere(Source),
    /// A message that waited at a paused node is lost with it; the number is its place among the run's messages.
    LostWaiting(u32),
}

/// A message that left.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its name.
    pub message: MessageId,
    /// What it says.
    pub payload: Payload,
    /// When it arrives, or would have arrived.
    pub arrives: Time,
    /// When it would have arrived without an edit of it.
    pub drawn: Time,
    /// Whether it is lost at once, and why.
    pub lost: Option<Loss>,
    /// Who decided when, whether or that it arrives.
    pub source: Source,
}

/// Why a message is lost at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// By chance.
    Link,
    /// By an edit.
    Dropped,
    /// The link is cut.
    Cut,
}

/// A node's place in the world.
#[derive(Clone)]
pub struct Slot {
    pub(crate) state: Option<Rc<dyn Node>>,
    pub(crate) durable: Rc<dyn Durables>,
    pub(crate) paused: bool,
    clock: Clock,
    /// Engine's Lamport stamp of the node's last event.
    lamport: u32,
    last_event: Option<EventIndex>,
    /// A timer's place here is its kind.
    timers: Vec<TimerSlot>,
    requests: u16,
}

#[derive(Clone, Copy, Default)]
struct TimerSlot {
    armings: u16,
    armed: Option<(Time, u32)>,
}

#[derive(Clone, Copy, Default)]
struct Clock {
    since: Time,
    offset_micros: i64,
    drift_ppm: i32,
}

const MILLION: i64 = 1_000_000;

impl Clock {
    fn read(&self, now: Time) -> i64 {
        let since = now.since(self.since) as i64;
        self.since.micros() as i64
            + self.offset_micros
            + since
            + since / MILLION * i64::from(self.drift_ppm)
            + since % MILLION * i64::from(self.drift_ppm) / MILLION
    }

    /// How long `micros` of this clock take.
    fn true_micros(&self, micros: u64) -> u64 {
        micros.saturating_mul(MILLION as u64) / (MILLION + i64::from(self.drift_ppm)) as u64
    }
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
}

impl Pending {
    fn key(&self) -> (Time, Cause) {
        (self.due, self.cause)
    }
}

/// What one step did. Reused from step to step.
#[derive(Default)]
pub struct Step {
    /// When.
    pub at: Time,
    /// Why. None before the first step.
    pub cause: Option<Cause>,
    /// Who decided that it happens, or when.
    pub source: Option<Source>,
    /// Whether it is an event, and if not, what became of it.
    pub kind: StepKind,
    /// The message's or timer's place among the run's messages or timers.
    pub record: u32,
    /// The node's event before this one.
    pub previous: Option<EventIndex>,
    /// The event that sent the message.
    pub sender: Option<EventIndex>,
    /// The engine's Lamport stamp.
    pub lamport: u32,
    /// The operation, if one was asked.
    pub asked: Option<(RequestId, Operation)>,
    /// What was done, in order.
    pub happenings: Vec<Happening>,
    /// What the observer found.
    pub findings: Vec<Finding>,
}

/// What kind of step it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// An event of a node or of the network.
    #[default]
    Event,
    /// The node is paused: what arrived waits.
    Waits,
    /// A message reached a node that is stopped.
    ReachedStopped,
    /// A message reached a cut.
    ReachedCut,
    /// An action is not possible here, and why.
    Refused(&'static str),
}

/// Why a world cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`crate::limits::MAX_EVENTS`].
    Events,
    /// [`crate::limits::MAX_RECORDS`].
    Records,
    /// [`crate::limits::MAX_PENDING`].
    Pending,
    /// [`crate::limits::MAX_EFFECTS`].
    Effects,
}

/// All there is at a moment of a run.
#[derive(Clone)]
pub struct World {
    plan: Rc<Plan>,
    now: Time,
    slots: Vec<Slot>,
    /// Latest first, so that what is next is popped from the end.
    pending: Vec<Pending>,
    /// What waits at paused nodes, in order of arrival.
    parked: Vec<Pending>,
    /// For each sender, whom it cannot reach.
    cuts: Vec<NodeSet>,
    /// Messages sent so far, by link and kind.
    sent: Vec<u16>,
    /// The last arrival on each link; kept only if links are FIFO.
    last_arrival: Vec<Time>,
    observer: Box<dyn AnyObserver>,
    broken: u32,
    reached: u32,
    events: u32,
    messages: u32,
    timers: u32,
    limit: Option<Limit>,
    effects: Vec<Effect>,
}

impl Clone for Box<dyn AnyObserver> {
    fn clone(&self) -> Self {
        self.fork()
    }
}

impl World {
    /// The world before anything happened.
    #[must_use]
    pub fn new(plan: Rc<Plan>) -> World {
        let nodes = usize::from(plan.nodes());
        let kinds = plan.family.kinds().len();
        let slot = Slot {
            state: None,
            durable: plan.family.blank(),
            paused: false,
            clock: Clock::default(),
            lamport: 0,
            last_event: None,
            timers: vec![TimerSlot::default(); plan.family.timers().len()],
            requests: 0,
        };
        let mut world = World {
            now: Time::ZERO,
            slots: vec![slot; nodes],
            pending: Vec::new(),
            parked: Vec::new(),
            cuts: vec![NodeSet::EMPTY; nodes],
            sent: vec![0; nodes * nodes * kinds],
            last_arrival: if plan.model.links.fifo { vec![Time::ZERO; nodes * nodes] } else { Vec::new() },
            observer: plan.family.observer(&*plan.config),
            broken: 0,
            reached: 0,
            events: 0,
            messages: 0,
            timers: 0,
            limit: None,
            effects: Vec::new(),
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
    pub fn durable(&self, node: NodeId) -> Option<&dyn Durables> {
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
        self.pending.last().map(Pending::key)
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
        let mut findings = Findings { broken: self.broken, reached: self.reached, new: Vec::new() };
        self.observer.at_end(&self.slots, &mut findings);
        findings.new
    }

    /// A fingerprint of all that decides what can happen from here; not of names, times and records,
    /// which only say how it came to this.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Hasher64::default();
        for slot in &self.slots {
            slot.state.is_some().hash(&mut hasher);
            if let Some(state) = &slot.state {
                state.fingerprint(&mut hasher);
            }
            slot.durable.fingerprint(&mut hasher);
            slot.paused.hash(&mut hasher);
        }
        self.cuts.hash(&mut hasher);
        self.observer.fingerprint(&mut hasher);
        // A sum, so that the order in which things were sent does not count.
        let waiting = self.pending.iter().map(|each| (each, false)).chain(self.parked.iter().map(|each| (each, true)));
        let waiting = waiting.fold(0_u64, |sum, (each, parked)| sum.wrapping_add(each.fingerprint(parked)));
        waiting.hash(&mut hasher);
        hasher.finish()
    }

    /// Places, among the run's messages and timers, of what is still to come.
    pub(crate) fn open_records(&self) -> impl Iterator<Item = (Cause, u32)> + '_ {
        self.pending.iter().chain(&self.parked).map(|pending| (pending.cause, pending.record))
    }

    fn schedule(&mut self, pending: Pending) {
        if self.pending.len() >= MAX_PENDING {
            self.limit = Some(Limit::Pending);
            return;
        }
        let key = pending.key();
        let place = self.pending.partition_point(|other| other.key() > key);
        self.pending.insert(place, pending);
    }

    fn happen(&mut self, pending: Pending, step: &mut Step) {
        step.at = self.now;
        step.cause = Some(pending.cause);
        step.source = Some(pending.source);
        step.record = pending.record;
        step.sender = pending.sender;
        step.asked = None;
        step.happenings.clear();
        step.findings.clear();
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
        step.previous = None;
        step.lamport = pending.lamport;
        if let Some(node) = pending.cause.node() {
            let slot = &mut self.slots[node.index()];
            step.previous = slot.last_event.replace(event);
            slot.lamport = slot.lamport.max(pending.lamport) + 1;
            step.lamport = slot.lamport;
        }
        self.perform(event, &pending, step);
        self.judge(event, step);
    }

    /// Whether what is pending can happen at all, now that it is due.
    fn admits(&self, pending: &Pending) -> StepKind {
        let node = pending.cause.node();
        if node.is_some_and(|node| node.index() >= self.slots.len()) {
            return StepKind::Refused("This run has no such lane.");
        }
        let slot = node.map(|node| &self.slots[node.index()]);
        let stopped = slot.is_some_and(|slot| slot.state.is_none());
        let paused = slot.is_some_and(|slot| slot.paused);
        match pending.cause {
            Cause::Act(action) => self.admits_action(action, stopped, paused),
            Cause::Deliver(message) if self.cuts[message.from.index()].contains(message.to) => StepKind::ReachedCut,
            Cause::Deliver(_) if stopped => StepKind::ReachedStopped,
            Cause::Deliver(_) | Cause::Fire(_) if paused => StepKind::Waits,
            Cause::Boot(_) | Cause::Deliver(_) | Cause::Fire(_) => StepKind::Event,
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

    fn perform(&mut self, event: EventIndex, pending: &Pending, step: &mut Step) {
        match pending.cause {
            Cause::Boot(node) => self.boot(event, node, step),
            Cause::Deliver(message) => self.deliver(event, message, pending, step),
            Cause::Fire(timer) => {
                self.slots[timer.node.index()].timers[usize::from(timer.kind)].armed = None;
                self.handle(event, timer.node, Some(Handling::Timer(timer)), step, |state, surroundings| {
                    state.on_timer(timer.kind, surroundings);
                });
            }
            Cause::Act(action) => self.act(event, action, step),
        }
    }

    fn deliver(&mut self, event: EventIndex, message: MessageId, pending: &Pending, step: &mut Step) {
        let payload = pending.payload.clone();
        self.handle(event, message.to, Some(Handling::Message(message)), step, |state, surroundings| {
            let payload = payload.as_deref();
            state.on_message(message.from, payload.expect("a delivery carries its message"), surroundings);
        });
    }

    fn act(&mut self, event: EventIndex, action: Action, step: &mut Step) {
        match action {
            Action::Crash(node) => self.crash(node, step),
            Action::Restart(node) => self.boot(event, node, step),
            Action::Pause(node) => self.slots[node.index()].paused = true,
            Action::Resume(node) => self.resume(event, node),
            Action::LoseDisk(node) => self.slots[node.index()].durable = self.plan.family.blank(),
            Action::Cut { from, to, one_way } => self.set_links(from, to, one_way, true),
            Action::Heal { from, to, one_way } => self.set_links(from, to, one_way, false),
            Action::SetClock { node, jump_micros, drift_ppm } => {
                let clock = &mut self.slots[node.index()].clock;
                let offset_micros = clock.read(self.now) + i64::from(jump_micros) - self.now.micros() as i64;
                *clock = Clock { since: self.now, offset_micros, drift_ppm };
            }
            Action::Request { node, operation } => {
                let slot = &mut self.slots[node.index()];
                slot.requests = slot.requests.saturating_add(1);
                let id = RequestId { node, ordinal: slot.requests };
                step.asked = Some((id, operation));
                self.handle(event, node, Some(Handling::Request(id)), step, |state, surroundings| {
                    state.on_request(id, operation, surroundings);
                });
            }
        }
    }

    fn boot(&mut self, event: EventIndex, node: NodeId, step: &mut Step) {
        let mut effects = core::mem::take(&mut self.effects);
        let durable = self.slots[node.index()].durable.clone();
        let state = self.plan.family.boot(&*durable, self.surroundings(node, &mut effects));
        self.slots[node.index()].state = Some(state);
        self.carry_out(event, node, &mut effects, None, step);
        self.effects = effects;
    }

    fn handle(
        &mut self,
        event: EventIndex,
        node: NodeId,
        handling: Option<Handling>,
        step: &mut Step,
        call: impl FnOnce(&mut dyn Node, Surroundings<'_>),
    ) {
        let Some(mut state) = self.slots[node.index()].state.take() else { return };
        let mut effects = core::mem::take(&mut self.effects);
        if Rc::get_mut(&mut state).is_none() {
            state = state.fork();
        }
        let unshared = Rc::get_mut(&mut state).expect("a fork is not shared yet");
        call(unshared, self.surroundings(node, &mut effects));
        self.slots[node.index()].state = Some(state);
        let cut_short = handling.and_then(|handling| self.plan.crashes.get(&handling).copied());
        self.carry_out(event, node, &mut effects, cut_short, step);
        self.effects = effects;
    }

    fn surroundings<'a>(&'a self, node: NodeId, effects: &'a mut Vec<Effect>) -> Surroundings<'a> {
        Surroundings {
            node,
            nodes: self.plan.nodes(),
            clock_micros: self.slots[node.index()].clock.read(self.now),
            config: &*self.plan.config,
            effects,
        }
    }

    fn carry_out(
        &mut self,
        event: EventIndex,
        node: NodeId,
        effects: &mut Vec<Effect>,
        cut_short: Option<Said<u16>>,
        step: &mut Step,
    ) {
        if effects.len() > MAX_EFFECTS {
            self.limit = Some(Limit::Effects);
            effects.truncate(MAX_EFFECTS);
        }
        let most = cut_short.map_or(usize::MAX, |said| usize::from(said.what));
        for effect in effects.drain(..).take(most) {
            self.carry_out_one(event, node, effect, step);
        }
        if let Some(said) = cut_short {
            step.happenings.push(Happening::CrashedHere(said.source));
            self.crash(node, step);
        }
    }

    fn carry_out_one(&mut self, event: EventIndex, node: NodeId, effect: Effect, step: &mut Step) {
        match effect {
            Effect::Send { to, message } => self.send(event, node, to, message, step),
            Effect::Arm { timer, range_micros } => self.arm(event, node, timer, range_micros, step),
            Effect::Disarm { timer } => self.disarm(node, timer, step),
            Effect::Persist(durable) => {
                self.slots[node.index()].durable = durable.clone();
                step.happenings.push(Happening::Persisted(durable));
            }
            Effect::Reply { request, answer } => step.happenings.push(Happening::Replied { request, answer }),
            Effect::Mark(mark, phrase) => step.happenings.push(Happening::Marked(mark, phrase)),
            Effect::Ignore(why) => step.happenings.push(Happening::Ignored(why)),
            Effect::Hold(fact) => step.happenings.push(Happening::Holds(fact)),
            Effect::Evidence(fact) => step.happenings.push(Happening::Evidence(fact)),
        }
    }

    fn send(&mut self, event: EventIndex, from: NodeId, to: NodeId, payload: Payload, step: &mut Step) {
        assert!(to.0 < self.plan.nodes() && to != from, "a message goes to another node of the run");
        let plan = self.plan.clone();
        let nodes = self.slots.len();
        let kind = payload.kind();
        let link = from.index() * nodes + to.index();
        let count = &mut self.sent[link * plan.family.kinds().len() + usize::from(kind)];
        *count = count.saturating_add(1);
        let message = MessageId { from, to, kind, ordinal: *count, copy: 0 };
        let said = plan.messages.get(&message).copied();
        self.launch(event, message, &payload, said, step);
        if plan.link_doubles(message) {
            let copy = MessageId { copy: MessageId::LINK_COPY, ..message };
            self.launch(event, copy, &payload, plan.messages.get(&copy).copied(), step);
        }
        for (copy, said) in plan.copies_of(message) {
            let later = plan.messages.get(&copy).copied();
            let said = later.unwrap_or(Said { what: Some(said.what), source: said.source });
            self.launch(event, copy, &payload, Some(said), step);
        }
    }

    /// Puts one message, or one copy, on its way.
    fn launch(
        &mut self,
        event: EventIndex,
        message: MessageId,
        payload: &Payload,
        said: Option<Said<Option<Time>>>,
        step: &mut Step,
    ) {
        let plan = self.plan.clone();
        let model = &plan.model;
        let drawn = self.after_its_neighbours(message, plan.drawn_arrival(message, self.now));
        let dropped = said.is_some_and(|said| said.what.is_none()) && !model.links.reliable;
        let moved = said.and_then(|said| said.what);
        let lost = if self.cuts[message.from.index()].contains(message.to) {
            Some(Loss::Cut)
        } else if dropped {
            Some(Loss::Dropped)
        } else if moved.is_none() && plan.link_loses(message) {
            Some(Loss::Link)
        } else {
            None
        };
        let arrives = match moved {
            Some(at) => self.after_its_neighbours(message, model.legal_arrival(self.now, at)),
            None => drawn,
        };
        let source = said.filter(|_| dropped || moved.is_some()).map_or(Source::Run, |said| said.source);
        let record = self.messages;
        self.messages += 1;
        if self.messages > MAX_RECORDS {
            self.limit = Some(Limit::Records);
        }
        step.happenings.push(Happening::Sent(Sent { message, payload: payload.clone(), arrives, drawn, lost, source }));
        if lost.is_some() {
            return;
        }
        if model.links.fifo {
            let link = message.from.index() * self.slots.len() + message.to.index();
            self.last_arrival[link] = arrives;
        }
        let lamport = self.slots[message.from.index()].lamport;
        let (cause, payload) = (Cause::Deliver(message), Some(payload.clone()));
        self.schedule(Pending { due: arrives, cause, source, record, payload, sender: Some(event), lamport });
    }

    /// On FIFO links a message arrives after those sent before it.
    fn after_its_neighbours(&self, message: MessageId, arrival: Time) -> Time {
        let link = message.from.index() * self.slots.len() + message.to.index();
        self.last_arrival.get(link).map_or(arrival, |last| arrival.max(last.after(1)))
    }

    fn arm(&mut self, event: EventIndex, node: NodeId, kind: u8, range_micros: (u64, u64), step: &mut Step) {
        self.disarm(node, kind, step);
        let record = self.timers;
        self.timers += 1;
        if self.timers > MAX_RECORDS {
            self.limit = Some(Limit::Records);
        }
        let slot = &mut self.slots[node.index()];
        let armings = slot.timers[usize::from(kind)].armings.saturating_add(1);
        let timer = TimerId { node, kind, ordinal: armings };
        let drawn = self.now.after(slot.clock.true_micros(self.plan.drawn_timeout(timer, range_micros)));
        let said = self.plan.timers.get(&timer);
        let due = said.map_or(drawn, |said| said.what.max(self.now.after(1)));
        let source = said.map_or(Source::Run, |said| said.source);
        slot.timers[usize::from(kind)] = TimerSlot { armings, armed: Some((due, record)) };
        let lamport = slot.lamport;
        step.happenings.push(Happening::Armed { timer, due, drawn, source });
        let (cause, payload, sender) = (Cause::Fire(timer), None, Some(event));
        self.schedule(Pending { due, cause, source, record, payload, sender, lamport });
    }

    fn disarm(&mut self, node: NodeId, kind: u8, step: &mut Step) {
        let slot = &mut self.slots[node.index()].timers[usize::from(kind)];
        let Some((due, record)) = slot.armed.take() else { return };
        let cause = Cause::Fire(TimerId { node, kind, ordinal: slot.armings });
        let place = self.pending.partition_point(|pending| pending.key() > (due, cause));
        if self.pending.get(place).is_some_and(|pending| pending.key() == (due, cause)) {
            self.pending.remove(place);
        } else {
            self.parked.retain(|pending| pending.cause != cause);
            self.pending.retain(|pending| pending.cause != cause);
        }
        step.happenings.push(Happening::Disarmed(record));
    }

    fn crash(&mut self, node: NodeId, step: &mut Step) {
        for kind in 0..self.slots[node.index()].timers.len() {
            self.disarm(node, kind as u8, step);
        }
        for pending in self.parked.extract_if(.., |pending| pending.cause.node() == Some(node)) {
            if matches!(pending.cause, Cause::Deliver(_)) {
                step.happenings.push(Happening::LostWaiting(pending.record));
            }
        }
        let slot = &mut self.slots[node.index()];
        slot.state = None;
        slot.paused = false;
    }

    /// What waited is worked off in the order in which it arrived, one microsecond apart.
    fn resume(&mut self, event: EventIndex, node: NodeId) {
        self.slots[node.index()].paused = false;
        let waiting: Vec<Pending> = self.parked.extract_if(.., |pending| pending.cause.node() == Some(node)).collect();
        for (place, mut pending) in waiting.into_iter().enumerate() {
            pending.due = self.now.after(place as u64);
            // A request that waited is no longer to come by edit: it has happened, and waits.
            pending.sender.get_or_insert(event);
            self.schedule(pending);
        }
    }

    fn set_links(&mut self, from: NodeSet, to: NodeSet, one_way: bool, cut: bool) {
        let directions: &[(NodeSet, NodeSet)] = if one_way { &[(from, to)] } else { &[(from, to), (to, from)] };
        for &(from, to) in directions {
            for (node, cuts) in self.cuts.iter_mut().enumerate() {
                if from.contains(NodeId(node as u8)) {
                    *cuts = if cut { cuts.union(to) } else { NodeSet(cuts.0 & !to.0) };
                }
            }
        }
    }

    fn judge(&mut self, event: EventIndex, step: &mut Step) {
        let Some(cause) = step.cause else { return };
        let mut findings =
            Findings { broken: self.broken, reached: self.reached, new: core::mem::take(&mut step.findings) };
        let occurrence = Occurrence {
            event,
            at: self.now,
            cause,
            asked: step.asked,
            happenings: &step.happenings,
            slots: &self.slots,
        };
        self.observer.observe(&occurrence, &mut findings);
        self.broken = findings.broken;
        self.reached = findings.reached;
        step.findings = findings.new;
    }
}

impl Pending {
    fn plain(due: Time, cause: Cause, source: Source) -> Pending {
        Pending { due, cause, source, record: 0, payload: None, sender: None, lamport: 0 }
    }

    fn fingerprint(&self, parked: bool) -> u64 {
        let mut hasher = Hasher64::new(u64::from(parked));
        match (&self.cause, &self.payload) {
            (Cause::Deliver(message), Some(payload)) => {
                (0_u8, message.from, message.to).hash(&mut hasher);
                payload.fingerprint(&mut hasher);
            }
            (Cause::Fire(timer), _) => (1_u8, timer.node, timer.kind).hash(&mut hasher),
            (cause, _) => (2_u8, cause).hash(&mut hasher),
        }
        mix(hasher.finish())
    }
}
