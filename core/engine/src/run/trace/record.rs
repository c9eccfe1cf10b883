//! Records a run in a trace, step by step, and judges it when the run is over.

use super::{
    ConditionChange, Deed, Ending, Event, Fate, Message, Refusal, StatusChange, Timer, TimerEnd, Trace, Verdict,
};
use crate::hash::Hasher64;
use crate::id::{EventIndex, NodeId};
use crate::protocol::{Cause, Condition, Finding, Happening, Judgement, Loss, Property, Source, When};
use crate::run::world::{Step, StepKind, World};
use crate::time::Time;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

impl Trace {
    pub(crate) fn record(&mut self, step: &mut Step, world: &World) {
        let Some(cause) = step.cause else { return };
        self.digest_step(step, cause);
        match step.kind {
            StepKind::Event => self.record_event(step, cause, world),
            StepKind::Waits => {
                if matches!(cause, Cause::Deliver(_)) {
                    self.messages[step.record as usize].waited_from = Some(step.at);
                }
            }
            StepKind::ReachedStopped => self.messages[step.record as usize].fate = Fate::ReachedStopped,
            StepKind::ReachedCut => self.messages[step.record as usize].fate = Fate::CutAtArrival,
            StepKind::Refused(why) => {
                if let Cause::Act(action) = cause {
                    self.refusals.push(Refusal { at: step.at, action, why });
                }
            }
        }
    }

    fn record_event(&mut self, step: &mut Step, cause: Cause, world: &World) {
        let index = EventIndex(self.events.len() as u32);
        match cause {
            Cause::Deliver(_) => self.messages[step.record as usize].fate = Fate::Delivered(index),
            Cause::Fire(_) => self.timers[step.record as usize].end = TimerEnd::Fired(index),
            Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => {}
        }
        let first = self.deeds.len() as u32;
        for happening in step.happenings.drain() {
            let deed = self.deed(index, step.at, happening);
            self.deeds.push(deed);
        }
        self.events.push(Event {
            at: step.at,
            node: cause.node(),
            cause,
            source: step.source.unwrap_or(Source::Run),
            previous: step.previous,
            sender: step.sender,
            lamport: step.lamport,
            record: step.record,
            asked: step.asked,
            deeds: first..self.deeds.len() as u32,
        });
        if let Some(node) = cause.node() {
            let status = world.state(node).map(|state| state.lane_status());
            if self.looks[node.index()] != status {
                self.looks[node.index()] = status;
                self.statuses.push(StatusChange { event: index, node, status });
            }
            self.record_conditions(index, node, world);
        }
        self.found.extend(step.findings.drain(..).map(|finding| (index, finding)));
    }

    /// Records the conditions that begin or end on a lane with this event.
    fn record_conditions(&mut self, event: EventIndex, node: NodeId, world: &World) {
        let mut pushed = Vec::new();
        if let Some(state) = world.state(node) {
            state.conditions(&mut pushed);
        }
        let mut now: Vec<Condition> = Vec::with_capacity(pushed.len());
        for condition in pushed {
            if !now.contains(&condition) {
                now.push(condition);
            }
        }
        let mut note = |condition: Condition, begins: Option<usize>| {
            let begins = begins.map(|place| place.min(usize::from(u16::MAX)) as u16);
            self.conditions.push(ConditionChange { event, node, condition, begins });
        };
        let mut before = core::mem::take(&mut self.lasting[node.index()]);
        before.retain(|condition| {
            let lasts = now.contains(condition);
            if !lasts {
                note(*condition, None);
            }
            lasts
        });
        // Those that go on are in `before`. One that changes its place ends and begins: of two, the one that goes further.
        for (place, condition) in now.iter().enumerate() {
            while before.get(place).is_some_and(|there| there != condition) {
                let ahead = before[place..].iter().position(|each| each == condition);
                let behind = now[place..].iter().position(|each| *each == before[place]);
                match ahead {
                    Some(ahead) if behind >= Some(ahead) => note(before.remove(place), None),
                    Some(ahead) => note(before.remove(place + ahead), None),
                    None => break,
                }
            }
            if before.get(place) != Some(condition) {
                note(*condition, Some(place));
                before.insert(place, *condition);
            }
        }
        self.lasting[node.index()] = now;
    }

    fn deed(&mut self, event: EventIndex, at: Time, happening: Happening) -> Deed {
        match happening {
            Happening::Sent(sent) => {
                let fate = match sent.lost {
                    None => Fate::InFlight,
                    Some(Loss::Link) => Fate::LostByLink,
                    Some(Loss::Dropped) => Fate::Dropped,
                    Some(Loss::Cut) => Fate::CutAtSending,
                };
                self.messages.push(Message {
                    id: sent.message,
                    payload: sent.payload,
                    refusal: sent.refusal,
                    sent_by: event,
                    sent: at,
                    arrives: sent.arrives,
                    drawn: sent.drawn,
                    source: sent.source,
                    waited_from: None,
                    fate,
                });
                Deed::Sent(self.messages.len() as u32 - 1)
            }
            Happening::Armed { timer, due, drawn, source } => {
                let end = TimerEnd::Armed;
                self.timers.push(Timer { id: timer, armed_by: event, armed: at, due, drawn, source, end });
                Deed::Armed(self.timers.len() as u32 - 1)
            }
            Happening::Disarmed(record) => {
                self.timers[record as usize].end = TimerEnd::Disarmed(event);
                Deed::Disarmed(record)
            }
            Happening::LostWaiting(record) => {
                self.messages[record as usize].fate = Fate::ReachedStopped;
                Deed::LostWaiting(record)
            }
            Happening::Persisted(durable) => Deed::Persisted(durable),
            Happening::Replied { request, answer } => Deed::Replied(request, answer),
            Happening::Marked(mark, phrase) => Deed::Marked(mark, phrase),
            Happening::Happened(fact) => Deed::Happened(fact),
            Happening::Ignored(why) => Deed::Ignored(why),
            Happening::Holds(fact) => Deed::Holds(fact),
            Happening::Evidence(fact) => Deed::Evidence(fact),
            Happening::CrashedHere(source) => Deed::CrashedHere(source),
        }
    }

    fn digest_step(&mut self, step: &Step, cause: Cause) {
        let hasher = &mut self.hasher;
        let kind = match step.kind {
            StepKind::Event => 0,
            StepKind::Waits => 1,
            StepKind::ReachedStopped => 2,
            StepKind::ReachedCut => 3,
            StepKind::Refused(_) => 4,
        };
        hasher.write_u64(step.at.micros());
        hasher.write_u64(u64::from(step.lamport) << 8 | kind);
        match cause {
            Cause::Boot(node) | Cause::Recorded(node) => hasher.write_u64(1 << 60 | u64::from(node.0)),
            Cause::Act(action) => action.hash(hasher),
            Cause::Deliver(message) => hasher.write_u64(2 << 60 | message.word()),
            Cause::Fire(timer) => hasher.write_u64(3 << 60 | timer.word()),
        }
        for happening in &step.happenings {
            digest_happening(happening, hasher);
        }
    }

    pub(crate) fn finish(&mut self, ending: Ending, world: World) {
        self.ending = ending;
        self.judge(&world);
        (self.ending, world.now()).hash(&mut self.hasher);
        self.digest = self.hasher.finish();
    }

    fn judge(&mut self, world: &World) {
        let properties = self.specification().properties;
        let promise = |property: &Property| match property.when {
            When::Always => Verdict::Holds { since: None },
            When::ByTheEnd => Verdict::NotByTheEnd { breach: None },
        };
        self.verdicts = properties.iter().map(promise).collect();
        self.not_promised.clear();
        for (event, finding) in &self.found {
            self.verdicts[usize::from(finding.property)].find(Some(*event), *event, finding, properties);
        }
        let last = EventIndex((self.events.len() as u32).saturating_sub(1));
        // Of what is kept, that it is not promised says the most.
        let not_promised = |finding: &Finding| matches!(finding.judgement, Judgement::NotPromised(_));
        let (final_words, judged): (Vec<_>, Vec<_>) = world.judge_end().into_iter().partition(not_promised);
        for finding in judged.into_iter().chain(final_words) {
            self.verdicts[usize::from(finding.property)].find(None, last, &finding, properties);
            if let Judgement::NotPromised(why) = finding.judgement {
                self.not_promised.push((finding.property, why));
            }
        }
        // A run that was cut off says nothing of what would have come.
        if let Some(why) = self.stopped() {
            let open = self.verdicts.iter_mut().filter(|verdict| !matches!(verdict, Verdict::Broken { .. }));
            open.for_each(|verdict| *verdict = Verdict::CannotTell { why: why.clone() });
        }
    }
}

impl Verdict {
    /// Takes in what was found at `event`, or at the end of the run. What is broken stays so, and what was not put to the test
    /// is not reached.
    fn find(&mut self, during: Option<EventIndex>, event: EventIndex, finding: &Finding, properties: &[Property]) {
        let reached = finding.judgement == Judgement::Reached;
        match self {
            Verdict::Broken { .. } => return,
            Verdict::Untested { .. } | Verdict::NotPromised { .. } | Verdict::CannotTell { .. } if reached => return,
            _ => {}
        }
        let by_the_end = properties[usize::from(finding.property)].when == When::ByTheEnd;
        *self = match &finding.judgement {
            Judgement::Broken(breach) if by_the_end => Verdict::NotByTheEnd { breach: Some(breach.clone()) },
            Judgement::Broken(breach) => Verdict::Broken { event, breach: breach.clone() },
            Judgement::Reached if during.is_none() || matches!(self, Verdict::NotByTheEnd { .. }) => {
                Verdict::Holds { since: during }
            }
            Judgement::Reached => return,
            Judgement::Untested(why) => Verdict::Untested { why },
            Judgement::Undecided(why) => Verdict::CannotTell { why: why.clone() },
            Judgement::NotPromised(_) if !self.is_kept() => return,
            Judgement::NotPromised(why) => Verdict::NotPromised { why },
        };
    }
}

fn digest_happening(happening: &Happening, hasher: &mut Hasher64) {
    match happening {
        // The content is left out: a later version may add to a message and still run as before.
        Happening::Sent(sent) => {
            hasher.write_u64(4 << 60 | sent.message.word());
            hasher.write_u64(sent.arrives.micros() << 2 | sent.lost.map_or(0, |lost| lost as u64 + 1));
        }
        Happening::Armed { timer, due, .. } => {
            hasher.write_u64(5 << 60 | timer.word());
            hasher.write_u64(due.micros());
        }
        Happening::Disarmed(record) => hasher.write_u64(6 << 60 | u64::from(*record)),
        Happening::Persisted(_) => hasher.write_u64(7 << 60),
        Happening::Replied { request, answer } => (4_u8, request, answer).hash(hasher),
        Happening::Marked(mark, phrase) => (5_u8, mark, phrase.numbers).hash(hasher),
        // A fact's mark is hashed by itself. The rest is for judges, and may change without changing runs.
        Happening::Happened(_) => {}
        Happening::Ignored(why) => (6_u8, why.numbers).hash(hasher),
        Happening::Holds(_) => hasher.write_u8(7),
        Happening::Evidence(_) => hasher.write_u8(8),
        Happening::CrashedHere(_) => hasher.write_u8(9),
        Happening::LostWaiting(record) => (10_u8, record).hash(hasher),
    }
}
