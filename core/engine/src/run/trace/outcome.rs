//! What each edit of the script or the reader did in a run.

use super::{Deed, Event, Fate, Message, Outcome, TimerEnd, Trace};
use crate::id::MessageId;
use crate::protocol::{Action, Cause, Edit};
use crate::time::{Time, fmt_millis};
use alloc::format;
use alloc::string::{String, ToString};

impl Trace {
    /// What `edit` did in this run. An edit of something that the run does not have is explained, never aimed elsewhere.
    #[must_use]
    pub fn outcome(&self, edit: &Edit) -> Outcome {
        match *edit {
            Edit::Deliver { message, at } => self.outcome_of_arrival(message, at),
            Edit::Duplicate { copy, at } => self.outcome_of_arrival(copy, at),
            Edit::Drop { message } => match self.message(message) {
                None => Outcome::Unused("The run no longer sends this message.".into()),
                Some(sent) if sent.fate == Fate::Dropped => Outcome::Applied,
                Some(_) if self.plan.messages.get(&message).is_some_and(|said| said.what.is_some()) => superseded(),
                Some(sent) if matches!(sent.fate, Fate::CutAtSending) => {
                    Outcome::Unused("The link is cut: the message is lost already.".into())
                }
                Some(_) => Outcome::Unused("Links are reliable here: a message may be late, not lost.".into()),
            },
            Edit::Fire { timer, at } => match self.timer(timer) {
                None => Outcome::Unused("The run no longer sets this timer.".into()),
                Some(armed) if self.plan.timers.get(&timer).is_some_and(|said| said.what != at) && armed.due != at => {
                    superseded()
                }
                Some(armed) => match armed.end {
                    TimerEnd::Fired(event) if self.event(event).at == at => Outcome::Applied,
                    TimerEnd::Fired(event) => {
                        Outcome::Changed(format!("The timer fires at {} ms.", self.event(event).at))
                    }
                    TimerEnd::Disarmed(_) => Outcome::Unused("The timer is cancelled before.".into()),
                    TimerEnd::Armed => Outcome::Unused("The run ends before.".into()),
                },
            },
            Edit::CrashDuring { handling, .. } => match self.handling(handling) {
                None => Outcome::Unused("The event that this crash should interrupt no longer happens.".into()),
                Some(event) if self.deeds(event).iter().any(|deed| matches!(deed, Deed::CrashedHere(_))) => {
                    Outcome::Applied
                }
                Some(_) => superseded(),
            },
            Edit::At { at, action } => self.outcome_of_action(at, action),
        }
    }

    fn outcome_of_arrival(&self, id: MessageId, at: Time) -> Outcome {
        let Some(message) = self.message(id) else {
            return Outcome::Unused("The run no longer sends this message.".into());
        };
        if let Some(said) = self.plan.messages.get(&id)
            && said.what != Some(at)
        {
            return superseded();
        }
        match message.fate {
            Fate::CutAtSending => return Outcome::Unused("The link is cut: the message is lost.".into()),
            Fate::InFlight if at <= self.horizon() => {
                return Outcome::Changed("The message is still under way when the run ends.".into());
            }
            _ => {}
        }
        if message.arrives == at {
            return Outcome::Applied;
        }
        Outcome::Changed(self.why_not(message, at))
    }

    /// Why the message cannot arrive at `at`.
    fn why_not(&self, message: &Message, at: Time) -> String {
        let model = &self.plan.model;
        let arrives = message.arrives;
        if at < model.earliest_arrival(message.sent) {
            let mut sent = String::new();
            // Writing to a string does not fail.
            let _ = fmt_millis(message.sent.micros(), &mut sent);
            return format!("The message is sent at {sent} ms and cannot arrive earlier: it arrives at {arrives} ms.");
        }
        if model.latest_arrival(message.sent).is_some_and(|latest| at > latest) {
            return format!("The model bounds the delay: the message arrives at {arrives} ms.");
        }
        format!("FIFO link: the message waits for an earlier one and arrives at {arrives} ms.")
    }

    fn outcome_of_action(&self, at: Time, action: Action) -> Outcome {
        let happened = |event: &&Event| event.cause == Cause::Act(action) && event.at >= at;
        if let Some(refusal) = self.refusals.iter().find(|refusal| refusal.at == at && refusal.action == action) {
            return Outcome::Unused(refusal.why.to_string());
        }
        let from = self.events.partition_point(|event| event.at < at);
        match self.events[from..].iter().find(happened) {
            Some(event) if event.at == at => Outcome::Applied,
            Some(event) => Outcome::Changed(format!("The node is paused: this happens at {} ms.", event.at)),
            None => Outcome::Unused("The run ends before.".into()),
        }
    }
}

fn superseded() -> Outcome {
    Outcome::Unused("A later move replaces this one.".into())
}
