//! Which moves of a run break its protocol's assumptions.

use super::scenario::Scenario;
use super::trace::{Deed, Event, Outcome, Trace};
use crate::protocol::{Action, Assumptions, Departure, Edit};
use crate::time::Time;
use alloc::vec::Vec;

impl Scenario {
    /// The protocol's assumptions with this scenario's knobs.
    #[must_use]
    pub fn assumes(&self) -> Assumptions {
        self.protocol.assumes(&*self.protocol.configure(&self.protocol.legal(&self.settings)))
    }
}

impl Trace {
    /// The protocol's assumptions with this run's knobs.
    #[must_use]
    pub fn assumes(&self) -> Assumptions {
        self.plan.protocol.assumes(&*self.plan.config)
    }

    /// How an edit of this run breaks the protocol's assumptions; none if it keeps them or did nothing.
    #[must_use]
    pub fn leaves(&self, edit: &Edit) -> Option<Departure> {
        let how = self.assumes().leaves(edit)?;
        if let Edit::At { at, action: Action::LoseDisk(node) } = *edit {
            // Losing a blank disk changes nothing.
            let mut before = self.events.iter().take_while(|event| event.at <= at);
            let wrote = |deed: &Deed| matches!(deed, Deed::Persisted(_));
            let range = |event: &Event| event.deeds.start as usize..event.deeds.end as usize;
            let written = before.any(|event| event.node == Some(node) && self.deeds[range(event)].iter().any(wrote));
            return (written && !matches!(self.outcome(edit), Outcome::Unused(_))).then_some(how);
        }
        (!matches!(self.outcome(edit), Outcome::Unused(_))).then_some(how)
    }

    /// The edits of this run that break the protocol's assumptions, in order, and how.
    #[must_use]
    pub fn outside(&self) -> Vec<(Edit, Departure)> {
        self.scenario.edits().filter_map(|edit| Some((*edit, self.leaves(edit)?))).collect()
    }

    /// Why the protocol does not promise the property at this place with the settings of this run, as half a sentence; none if it
    /// does.
    #[must_use]
    pub fn not_promised(&self, property: usize) -> Option<&'static str> {
        self.not_promised.iter().find(|(place, _)| usize::from(*place) == property).map(|(_, why)| *why)
    }

    /// How this run broke the protocol's assumptions by its model or by an edit up to `at`. A promise that breaks after that
    /// is not the protocol's fault.
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
