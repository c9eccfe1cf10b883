//! What a step did.

use super::parts::Pending;
use crate::id::{EventIndex, RequestId};
use crate::limits;
use crate::operation::Operation;
use crate::protocol::{Cause, Effect, Finding, Happening, Source};
use crate::time::Time;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

/// What was done in one step, in order. Worlds that share their parts keep it for when it is done again.
#[derive(Clone, Debug, Default)]
pub struct Happenings(Rc<Vec<Happening>>);

impl Happenings {
    /// Nothing yet.
    pub(super) fn clear(&mut self) {
        match Rc::get_mut(&mut self.0) {
            Some(list) => list.clear(),
            None => self.0 = Rc::default(),
        }
    }

    pub(super) fn push(&mut self, happening: Happening) {
        self.own().push(happening);
    }

    /// Takes them out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Happening> + '_ {
        self.own().drain(..)
    }

    fn own(&mut self) -> &mut Vec<Happening> {
        Rc::get_mut(&mut self.0).expect("what is kept is a step that is over")
    }
}

impl Deref for Happenings {
    type Target = [Happening];

    fn deref(&self) -> &[Happening] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Happenings {
    type Item = &'a Happening;
    type IntoIter = core::slice::Iter<'a, Happening>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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
    pub happenings: Happenings,
    /// What the observer found.
    pub findings: Vec<Finding>,
    /// Which of the handler's first 64 effects write to stable storage, one bit each.
    pub writes: u64,
    /// Which of them show something to others, one bit each.
    pub shows: u64,
    /// After how many effects the driver cuts the handler short.
    pub(super) cut_short: Option<u16>,
    /// Room for what the handler asks for.
    pub(super) effects: Vec<Effect>,
}

impl Step {
    /// Nothing is done yet.
    pub(super) fn begin(&mut self, at: Time, pending: &Pending, cut_short: Option<u16>) {
        self.at = at;
        self.cause = Some(pending.cause);
        self.source = Some(pending.source);
        self.record = pending.record;
        self.sender = pending.sender;
        self.lamport = 0;
        (self.previous, self.asked, self.cut_short) = (None, None, cut_short);
        (self.writes, self.shows) = (0, 0);
        self.happenings.clear();
        self.findings.clear();
    }

    /// What a handler asks for.
    pub(super) fn see(&mut self, effects: &[Effect]) {
        for (place, effect) in effects.iter().enumerate().take(64) {
            match effect {
                Effect::Persist(_) => self.writes |= 1 << place,
                Effect::Send { .. } | Effect::Reply { .. } | Effect::Mark(..) | Effect::Happened(_) => {
                    self.shows |= 1 << place
                }
                _ => {}
            }
        }
    }
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

impl Limit {
    /// The limit as the second half of a sentence: "it has reached the limit of 50000 events".
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Limit::Events => format!("it has reached the limit of {} events", limits::MAX_EVENTS),
            Limit::Records => format!("it has reached the limit of {} messages or timers", limits::MAX_RECORDS),
            Limit::Pending => format!("it has reached the limit of {} pending events", limits::MAX_PENDING),
            Limit::Effects => format!("one event has reached the limit of {} effects", limits::MAX_EFFECTS),
        }
    }
}

/// The limit that ended a run, as a sentence.
impl core::fmt::Display for Limit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "The run stops here: {}.", self.reason())
    }
}
