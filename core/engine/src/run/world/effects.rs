//! What handlers ask for, carried out in order.

use super::label_cache::LabelCache;
use super::{Cause, Happening, Limit, Loss, Pending, Sent, Step, TimerSlot, World};
use crate::id::{EventIndex, MessageId, NodeId, TimerId};
use crate::limits::{MAX_EFFECTS, MAX_RECORDS};
use crate::phrase::Phrase;
use crate::protocol::{Effect, Payload, Source};
use crate::run::plan::Said;
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;

/// What a message says, and why, if it says no.
type Says = (Payload, Option<Phrase>);

impl World {
    pub(super) fn carry_out(
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
            Effect::Send { to, message, refusal } => self.send(event, node, to, (message, refusal), step),
            Effect::Arm { timer, range_micros } => self.arm(event, node, timer, range_micros, step),
            Effect::Disarm { timer } => self.disarm(node, timer, step),
            Effect::Persist(durable) => {
                self.changing(node).durable = durable.clone();
                step.happenings.push(Happening::Persisted(durable));
            }
            Effect::Reply { request, answer } => step.happenings.push(Happening::Replied { request, answer }),
            Effect::Mark(mark, phrase) => step.happenings.push(Happening::Marked(mark, phrase)),
            Effect::Happened(fact) => {
                if let Some((mark, phrase)) = fact.shown() {
                    step.happenings.push(Happening::Marked(mark, phrase));
                }
                step.happenings.push(Happening::Happened(fact));
            }
            Effect::Ignore(why) => step.happenings.push(Happening::Ignored(why)),
            Effect::Hold(fact) => step.happenings.push(Happening::Holds(fact)),
            Effect::Evidence(fact) => step.happenings.push(Happening::Evidence(fact)),
        }
    }

    fn send(&mut self, event: EventIndex, from: NodeId, to: NodeId, says: Says, step: &mut Step) {
        assert!(to.0 < self.plan.nodes() && to != from, "a message goes to another node of the run");
        let plan = self.plan.clone();
        let nodes = self.parts.slots.len();
        let message = if let Some(memory) = &self.memory {
            let Some(name) = memory.name(from, to, &says.0) else {
                self.limit = Some(Limit::Records);
                return;
            };
            name
        } else {
            let kind = says.0.kind();
            let link = from.index() * nodes + to.index();
            let count = &mut Rc::make_mut(&mut self.sent)[link * plan.protocol.kinds().len() + usize::from(kind)];
            *count = count.saturating_add(1);
            MessageId { from, to, kind, ordinal: *count, copy: 0 }
        };
        let said = plan.messages.get(&message).copied();
        self.launch(event, message, &says, said, step);
        if plan.link_doubles(message) {
            let copy = MessageId { copy: MessageId::LINK_COPY, ..message };
            self.launch(event, copy, &says, plan.messages.get(&copy).copied(), step);
        }
        for (copy, said) in plan.copies_of(message) {
            let later = plan.messages.get(&copy).copied();
            let own = Said { what: Some(said.what), source: said.source, scripted: said.scripted.map(Some) };
            let said = later.map_or(own, |later| Said { scripted: later.scripted.or(own.scripted), ..later });
            self.launch(event, copy, &says, Some(said), step);
        }
    }

    /// Puts one message, or one copy, on its way.
    fn launch(
        &mut self,
        event: EventIndex,
        message: MessageId,
        (payload, refusal): &Says,
        said: Option<Said<Option<Time>>>,
        step: &mut Step,
    ) {
        let plan = self.plan.clone();
        let model = &plan.model;
        let scripted = said.and_then(|said| said.scripted).flatten().map(|at| model.legal_arrival(self.now, at));
        let drawn = scripted.unwrap_or_else(|| plan.drawn_arrival(message, self.now));
        let drawn = self.after_its_neighbours(message, drawn);
        let dropped = said.is_some_and(|said| said.what.is_none()) && !model.links.reliable;
        let moved = said.and_then(|said| said.what);
        let lost = if self.parts.cuts[message.from.index()].contains(message.to) {
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
        step.happenings.push(Happening::Sent(Sent {
            message,
            payload: payload.clone(),
            refusal: *refusal,
            arrives,
            drawn,
            lost,
            source,
        }));
        if lost.is_some() {
            return;
        }
        if model.links.fifo {
            let link = message.from.index() * self.parts.slots.len() + message.to.index();
            self.last_arrival[link] = arrives;
        }
        let lamport = self.parts.slots[message.from.index()].lamport;
        let (cause, payload) = (Cause::Deliver(message), Some(payload.clone()));
        self.schedule(Pending {
            due: arrives,
            cause,
            source,
            record,
            payload,
            sender: Some(event),
            lamport,
            earliest: arrives,
            latest: model.latest_arrival(self.now),
            number: 0,
            under_labels: LabelCache::default(),
            fingerprint: Cell::default(),
        });
    }

    /// On FIFO links a message arrives after those sent before it.
    fn after_its_neighbours(&self, message: MessageId, arrival: Time) -> Time {
        let link = message.from.index() * self.parts.slots.len() + message.to.index();
        self.last_arrival.get(link).map_or(arrival, |last| arrival.max(last.after(1)))
    }

    fn arm(&mut self, event: EventIndex, node: NodeId, kind: u8, range_micros: (u64, u64), step: &mut Step) {
        self.disarm(node, kind, step);
        let record = self.timers;
        self.timers += 1;
        if self.timers > MAX_RECORDS {
            self.limit = Some(Limit::Records);
        }
        let slot = &self.parts.slots[node.index()];
        let armings = slot.timers[usize::from(kind)].armings.saturating_add(1);
        let timer = TimerId { node, kind, ordinal: armings };
        let said = self.plan.timers.get(&timer);
        let scripted = said.and_then(|said| said.scripted).map(|at| at.max(self.now.after(1)));
        let by_chance = || self.now.after(slot.clock.true_micros(self.plan.drawn_timeout(timer, range_micros)));
        let drawn = scripted.unwrap_or_else(by_chance);
        let due = said.map_or(drawn, |said| said.what.max(self.now.after(1)));
        let source = said.map_or(Source::Run, |said| said.source);
        let lamport = slot.lamport;
        let earliest = self.now.after(slot.clock.surely_micros(range_micros.0));
        *self.changing(node).timer(kind) = TimerSlot { armings, armed: Some((due, record)) };
        step.happenings.push(Happening::Armed { timer, due, drawn, source });
        let (cause, payload, sender) = (Cause::Fire(timer), None, Some(event));
        self.schedule(Pending {
            due,
            cause,
            source,
            record,
            payload,
            sender,
            lamport,
            earliest,
            latest: None,
            number: 0,
            under_labels: LabelCache::default(),
            fingerprint: Cell::default(),
        });
    }

    pub(super) fn disarm(&mut self, node: NodeId, kind: u8, step: &mut Step) {
        let slot = &self.parts.slots[node.index()];
        let TimerSlot { armings, armed } = slot.timers[usize::from(kind)];
        let Some((due, record)) = armed else { return };
        self.changing(node).timer(kind).armed = None;
        let cause = Cause::Fire(TimerId { node, kind, ordinal: armings });
        let place = self.parts.place(due, cause);
        if self.parts.pending.get(place).is_some_and(|pending| pending.key() == (due, cause)) {
            self.parts.pending.remove(place);
        } else {
            // It waits at a paused node, or has the one name of all such timers.
            let same = |pending: &mut Rc<Pending>| match pending.cause {
                Cause::Fire(timer) => (timer.node, timer.kind) == (node, kind),
                _ => false,
            };
            self.parts.parked.extract_if(.., same).for_each(drop);
            self.parts.pending.extract_if(.., same).for_each(drop);
        }
        step.happenings.push(Happening::Disarmed(record));
    }
}
