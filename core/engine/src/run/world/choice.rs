//! What a search may make happen, at which moment, and what becomes of a world by it. The simulator and step mode let
//! things happen as they are pending; a search also crashes nodes, in the middle of a handler too, repeats messages and
//! asks what nobody has asked yet.

use super::{Cause, Pending, Step, StepKind, World};
use crate::hash::mix;
use crate::id::{MessageId, NodeId};
use crate::model::Timing;
use crate::protocol::{Action, Effect, Source};
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// One thing that a search may make happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What is pending happens.
    Happens(Cause),
    /// It happens, and its node crashes inside the handler, after so many effects.
    CutShort(Cause, u16),
    /// A copy of the message arrives, and the message stays on its way. The name is the copy's.
    Repeated(MessageId),
    /// The message arrives, and those before it on its link are lost.
    Overtakes(MessageId),
    /// Something that is not pending happens.
    Done(Action),
}

/// Something pending, as a search sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// By name.
    pub cause: Cause,
    /// What it is, whatever its name: two messages of one link that say the same have the same.
    pub content: u64,
    /// When it happens if nobody chooses.
    pub due: Time,
    /// The earliest moment at which it can happen if its node's clock counts.
    pub earliest: Time,
}

impl World {
    /// What may happen of what is pending, what is due first first. Leaves out what cannot be an event now, and all but one
    /// of what says the same.
    pub fn waiting(&self, into: &mut Vec<Waiting>) {
        into.clear();
        let fifo = self.plan.model.links.fifo;
        for pending in self.pending.iter().rev() {
            let cause = pending.cause;
            let content = pending.fingerprint();
            if into.iter().any(|other| other.content == content)
                || !matches!(self.admits(pending), StepKind::Event)
                || ((fifo || matches!(cause, Cause::Act(_))) && into.iter().any(|other| is_in_turn(other.cause, cause)))
            {
                continue;
            }
            into.push(Waiting { cause, content, due: pending.due, earliest: pending.earliest });
        }
    }

    /// On FIFO links, the messages that have others before them: which, what they are, and how many are before.
    pub fn behind_others(&self) -> Vec<(MessageId, u64, u8)> {
        let mut behind = Vec::new();
        for (place, pending) in self.pending.iter().enumerate() {
            let Cause::Deliver(message) = pending.cause else { continue };
            let link = |other: &Cause| match other {
                Cause::Deliver(other) => (other.from, other.to) == (message.from, message.to),
                _ => false,
            };
            // What is next is last in the list.
            let before = self.pending[place + 1..].iter().filter(|other| link(&other.cause)).count();
            if before > 0 && self.admits(pending) == StepKind::Event {
                behind.push((message, pending.fingerprint(), before.min(u8::MAX.into()) as u8));
            }
        }
        behind
    }

    /// Makes one thing happen at `at`, which is not before now. Returns whether it was an event; what was not has changed
    /// nothing that matters.
    pub fn force(&mut self, choice: Choice, at: Time, step: &mut Step) -> bool {
        if self.limit.is_some() {
            return false;
        }
        self.now = at.max(self.now);
        let pending = match choice {
            Choice::Happens(cause) => self.remove(cause),
            Choice::CutShort(cause, after) => {
                self.cut_short = Some(after);
                self.remove(cause)
            }
            Choice::Overtakes(message) => {
                let link = (message.from, message.to);
                let own = self.remove(Cause::Deliver(message));
                self.pending.retain(|other| match (other.cause, &own) {
                    (Cause::Deliver(id), Some(own)) => (id.from, id.to) != link || other.due > own.due,
                    _ => true,
                });
                own
            }
            Choice::Repeated(copy) => {
                let original = Cause::Deliver(copy.original());
                let found = self.pending.iter().find(|pending| pending.cause == original);
                found.map(|pending| Rc::new(Pending { cause: Cause::Deliver(copy), ..Pending::clone(pending) }))
            }
            Choice::Done(action) => Some(Rc::new(Pending::plain(self.now, Cause::Act(action), Source::Script))),
        };
        if let Some(pending) = pending {
            self.happen(pending, step);
        }
        self.cut_short = None;
        step.kind == StepKind::Event
    }

    fn remove(&mut self, cause: Cause) -> Option<Rc<Pending>> {
        let place = self.pending.iter().rposition(|pending| pending.cause == cause)?;
        Some(self.pending.remove(place))
    }

    /// Everything that is to happen by itself, and when.
    pub fn to_come(&self) -> impl Iterator<Item = (Cause, Time)> + '_ {
        self.pending.iter().map(|pending| (pending.cause, pending.due))
    }

    /// Whether the scenario is still to do this. What it did and a paused node has not noticed yet is done.
    #[must_use]
    pub fn is_to_come(&self, at: Time, action: Action) -> bool {
        let is = |pending: &Rc<Pending>| {
            pending.cause == Cause::Act(action) && pending.due == at && pending.sender.is_none()
        };
        self.pending.iter().any(is)
    }

    /// Whether time is part of the state: a handler has read its clock, or delays are bounded.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.clock_read.get() || self.plan.model.timing != Timing::Asynchronous
    }

    /// What must have happened before `at`, because delays are bounded: the first of it.
    #[must_use]
    pub fn overdue(&self, at: Time) -> Option<Cause> {
        if self.plan.model.timing == Timing::Asynchronous {
            return None;
        }
        let late = |pending: &&Rc<Pending>| {
            let deadline = pending.latest.filter(|latest| *latest < at);
            deadline.is_some() && self.admits(pending) == StepKind::Event
        };
        self.pending.iter().filter(late).min_by_key(|pending| pending.latest).map(|pending| pending.cause)
    }

    /// Which properties are broken, one bit each.
    #[must_use]
    pub fn broken(&self) -> u32 {
        self.watcher.broken
    }

    /// What is found so far, as one number: what is broken, and with `goals` the good moments reached.
    #[must_use]
    pub fn findings(&self, goals: bool) -> u64 {
        mix(u64::from(self.watcher.broken) | u64::from(if goals { self.watcher.reached } else { 0 }) << 32)
    }

    /// Whether a property that is judged by the end would hold if the run ended now.
    #[must_use]
    pub fn is_good(&self, property: u8) -> bool {
        let judged = self.judge_end().into_iter().find(|finding| finding.property == property);
        judged.map_or(self.watcher.reached & 1 << property != 0, |finding| finding.breach.is_none())
    }

    /// Whether this message is under way and never matters any more. Holds as long as no disk is lost, and where no edit
    /// is about a message or a handler by its name.
    #[must_use]
    pub fn never_matters(&self, message: MessageId) -> bool {
        self.pending.iter().any(|pending| pending.cause == Cause::Deliver(message) && self.is_dead(pending))
    }

    /// Forgets the messages under way that never matter any more; after something has happened on a node, those from and to
    /// it.
    pub fn forget_dead(&mut self, after: Option<NodeId>) {
        let mut pending = core::mem::take(&mut self.pending);
        pending.retain(|pending| match (pending.cause, after) {
            (Cause::Deliver(message), Some(node)) if message.from != node && message.to != node => true,
            _ => !self.is_dead(pending),
        });
        self.pending = pending;
    }

    fn is_dead(&self, pending: &Pending) -> bool {
        let (Cause::Deliver(MessageId { from, to, .. }), Some(payload)) = (pending.cause, &pending.payload) else {
            return false;
        };
        self.plan.protocol.never_matters(&**payload, from, to, &self.slots, &*self.plan.config)
    }
}

/// Whether one of two things has to happen before the other: of messages where links are FIFO, of what the script asks of a
/// lane.
fn is_in_turn(one: Cause, other: Cause) -> bool {
    match (one, other) {
        (Cause::Deliver(one), Cause::Deliver(two)) => (one.from, one.to) == (two.from, two.to),
        (Cause::Act(one), Cause::Act(two)) => one.node() == two.node(),
        _ => false,
    }
}

/// Before which effects a crash may matter: those that write to stable storage after something was shown to others or
/// written. A crash anywhere else does what a crash before or after the handler does, if what it would have sent is not
/// delivered.
pub(super) fn brinks(effects: &[Effect]) -> u64 {
    let (mut brinks, mut lasting) = (0, false);
    for (place, effect) in effects.iter().enumerate().take(64) {
        let writes = matches!(effect, Effect::Persist(_));
        if writes && lasting {
            brinks |= 1 << place;
        }
        lasting |= writes
            || matches!(effect, Effect::Send { .. } | Effect::Reply { .. } | Effect::Mark(..) | Effect::Happened(_));
    }
    brinks
}
