//! Which moves of a run leave what its protocol takes for granted.

use super::scenario::Scenario;
use super::trace::{Deed, Event, Outcome, Trace};
use crate::protocol::{Action, Assumptions, Departure, Edit};
use crate::time::Time;
use alloc::vec::Vec;

impl Scenario {
    /// What its protocol takes for granted with its knobs.
    #[must_use]
    pub fn assumes(&self) -> Assumptions {
        self.protocol.assumes(&*self.protocol.configure(&self.protocol.legal(&self.settings)))
    }
}

impl Trace {
    /// What the protocol takes for granted with this run's knobs.
    #[must_use]
    pub fn assumes(&self) -> Assumptions {
        self.plan.protocol.assumes(&*self.plan.config)
    }

    /// How an edit of this run leaves what the protocol takes for granted; none if it does not, or did nothing.
    #[must_use]
    pub fn leaves(&self, edit: &Edit) -> Option<Departure> {
        let how = self.assumes().leaves(edit)?;
        if let Edit::At { at, action: Action::LoseDisk(node) } = *edit {
            // A disk on which nothing was written is as good as new.
            let mut before = self.events.iter().take_while(|event| event.at <= at);
            let wrote = |deed: &Deed| matches!(deed, Deed::Persisted(_));
            let range = |event: &Event| event.deeds.start as usize..event.deeds.end as usize;
            let written = before.any(|event| event.node == Some(node) && self.deeds[range(event)].iter().any(wrote));
            return (written && !matches!(self.outcome(edit), Outcome::Unused(_))).then_some(how);
        }
        (!matches!(self.outcome(edit), Outcome::Unused(_))).then_some(how)
    }

    /// The edits of this run that leave what the protocol takes for granted, in order, and how.
    #[must_use]
    pub fn outside(&self) -> Vec<(Edit, Departure)> {
        self.scenario.edits().filter_map(|edit| Some((*edit, self.leaves(edit)?))).collect()
    }

    /// How this run left what the protocol takes for granted, by the model or by an edit up to `at`: then a promise that
    /// breaks there is no fault of the protocol.
    #[must_use]
    pub fn left_by(&self, at: Time) -> Option<Departure> {
        let model = self.assumes().leaves_model(&self.plan.model);
        model.or_else(|| self.outside().into_iter().find(|(edit, _)| self.begins(edit) <= at).map(|(_, how)| how))
    }

    /// The first moment at which an edit can matter.
    fn begins(&self, edit: &Edit) -> Time {
        let never = Time::from_micros(u64::MAX);
        let sent = |message| self.message(message).map_or(never, |message| message.sent);
        match *edit {
            Edit::Deliver { message, .. } | Edit::Drop { message } => sent(message),
            Edit::Duplicate { copy, .. } => sent(copy),
            Edit::Fire { timer, .. } => self.timer(timer).map_or(never, |timer| timer.armed),
            Edit::CrashDuring { handling, .. } => self.handling(handling).map_or(never, |event| self.event(event).at),
            Edit::At { at, .. } => at,
        }
    }
}
