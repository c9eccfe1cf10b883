//! A message in the reader's hand: how far it may go, where it snaps, and what letting go would do.
//! Pure: a pull gives another [`Held`], never a change of this one.

use crate::state::arrival::{Range, STEP_MICROS, Stop, free_copy, notches, range};
use crate::state::moves;
use crate::state::run::{Action, Window};
use lightcone_engine::limits::MAX_HORIZON;
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::{Edit, MessageId, Scenario, Time, Trace};
use lightcone_figure::plane::geometry::{Frame, Spot, within};
use std::rc::Rc;

/// A press becomes a drag after this many pixels.
pub const TAKES_AFTER: f64 = 3.0;
/// Off the lane by more than this, a message is dropped.
pub const OFF_AFTER: f64 = 40.0;
/// Within this of a notch, the grip jumps to one of its sides.
const SNAPS_WITHIN: f64 = 6.0;

/// A message in the hand.
#[derive(Clone)]
pub struct Held {
    /// The message's name.
    pub id: MessageId,
    /// The run when it was taken.
    pub before: Rc<Trace>,
    /// The run without the reader's move of it: what the move as a whole is held against.
    without: Rc<Trace>,
    /// When it arrives if the reader's move of it is taken back.
    pub home: Option<Time>,
    /// The range in which it may arrive.
    pub range: Range,
    /// Other deliveries on its lane.
    pub notches: Rc<[Time]>,
    /// When it would arrive if the reader let go now.
    pub at: Time,
    /// Whether it is off its lane, and would be dropped.
    pub off: bool,
    /// What stops it; none if it moves freely.
    pub stop: Option<Stop>,
    /// Whether the original stays, and a copy arrives here.
    pub twice: bool,
    /// The place of the hand.
    pub pointer: Spot,
    /// The arrival to which the hand pulls, in microseconds; it may be outside the range.
    pull: f64,
}

/// How a hand pulls.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pull {
    /// One tenth of the speed.
    pub fine: bool,
    /// It does not snap to notches.
    pub free: bool,
    /// The original stays, and a copy goes where the hand is.
    pub twice: bool,
}

/// The effect of letting go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Nothing: it is where it was.
    Nothing,
    /// The reader makes this move.
    Move(Edit),
    /// The reader's move about it is taken back.
    PutBack(MessageId),
}

impl Held {
    /// Takes a message of a run at a place of the figure; none if the run has no such message.
    #[must_use]
    pub fn take(before: &Rc<Trace>, id: MessageId, frame: &Frame, pointer: Spot) -> Option<Held> {
        let message = before.message(id)?;
        let arrives = matches!(message.fate, Fate::Delivered(_) | Fate::InFlight | Fate::ReachedStopped);
        let at = if arrives { message.arrives } else { frame.time(pointer.along) };
        let held = Held {
            id,
            before: before.clone(),
            without: moves::without_move(before, &Edit::Drop { message: id }),
            home: home(before, message),
            range: range(before, message),
            notches: notches(before, id).into(),
            at,
            off: false,
            stop: None,
            twice: false,
            pointer,
            pull: at.micros() as f64,
        };
        Some(held.placed(frame, Pull::default()))
    }

    /// The same message with the hand somewhere else.
    #[must_use]
    pub fn pulled(&self, frame: &Frame, pointer: Spot, how: Pull) -> Held {
        let speed = if how.fine { 0.1 } else { 1.0 };
        let pull = self.pull + (pointer.along - self.pointer.along) / frame.scale() * speed;
        Held { pull, pointer, ..self.clone() }.placed(frame, how)
    }

    /// The same message after the window went on under a hand that rests.
    #[must_use]
    pub fn scrolled(&self, frame: &Frame, by_micros: f64) -> Held {
        Held { pull: self.pull + by_micros, ..self.clone() }
            .placed(frame, Pull { free: true, twice: self.twice, ..Pull::default() })
    }

    fn placed(mut self, frame: &Frame, how: Pull) -> Held {
        self.twice = how.twice;
        let Window { from, to } = frame.window;
        // The grip stays in sight: to go further, the window goes first.
        self.pull = within(self.pull, from.micros() as f64, to.micros() as f64);
        self.off = (self.pointer.across - frame.lane(self.id.to)).abs() > OFF_AFTER;
        let wanted = stepped(self.pull);
        let snapped = if how.free { wanted } else { self.snapped(frame, wanted) };
        (self.at, self.stop) = self.range.stopped(snapped.min(MAX_HORIZON));
        self
    }

    /// Home, or just before or just after another delivery: the order is what matters.
    fn snapped(&self, frame: &Frame, wanted: Time) -> Time {
        let far = |to: Time| (self.pull - to.micros() as f64).abs() * frame.scale();
        if let Some(home) = self.home.filter(|home| far(*home) <= SNAPS_WITHIN) {
            return home;
        }
        let nearest = self.notches.iter().min_by(|a, b| far(**a).total_cmp(&far(**b)));
        let Some(&notch) = nearest.filter(|notch| far(**notch) <= SNAPS_WITHIN) else { return wanted };
        if self.pull >= notch.micros() as f64 {
            notch.after(STEP_MICROS)
        } else {
            Time::from_micros(notch.micros().saturating_sub(STEP_MICROS))
        }
    }

    /// The run without the move that letting go would make.
    #[must_use]
    pub fn unmoved(&self) -> &Rc<Trace> {
        // A copy is a move of its own.
        if self.twice { &self.before } else { &self.without }
    }

    /// The effect of letting go now.
    #[must_use]
    pub fn release(&self) -> Release {
        let Some(message) = self.before.message(self.id) else { return Release::Nothing };
        if self.twice && !self.off {
            let copy = free_copy(&self.before, self.id);
            return copy.map_or(Release::Nothing, |copy| Release::Move(Edit::Duplicate { copy, at: self.at }));
        }
        let lost = matches!(message.fate, Fate::Dropped);
        match (self.off, lost) {
            (true, true) => Release::Nothing,
            (true, false) => Release::Move(Edit::Drop { message: self.id }),
            (false, false) if self.at == message.arrives => Release::Nothing,
            (false, _) if self.home == Some(self.at) => self.home_again(),
            (false, _) => Release::Move(Edit::Deliver { message: self.id, at: self.at }),
        }
    }

    fn home_again(&self) -> Release {
        let scenario = &self.before.scenario;
        if moves::put_back(scenario, self.id) == **scenario {
            // The run's author, not the reader, moved it away from here.
            return Release::Move(Edit::Deliver { message: self.id, at: self.at });
        }
        Release::PutBack(self.id)
    }
}

impl Release {
    /// The scenario after it.
    #[must_use]
    pub fn scenario(&self, before: &Scenario) -> Scenario {
        match *self {
            Release::Nothing => before.clone(),
            Release::Move(edit) => moves::with_move(before, edit),
            Release::PutBack(message) => moves::put_back(before, message),
        }
    }

    /// The action that the page gets.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        match *self {
            Release::Nothing => None,
            Release::Move(edit) => Some(Action::Make(edit)),
            Release::PutBack(message) => Some(Action::PutBack(message)),
        }
    }
}

/// The hand's own steps: tenths of a millisecond.
fn stepped(micros: f64) -> Time {
    let steps = (micros / STEP_MICROS as f64).round().max(0.0);
    Time::from_micros(steps as u64 * STEP_MICROS)
}

/// When the message arrives without the reader's move of it; none for a copy that the reader made.
fn home(before: &Trace, message: &Message) -> Option<Time> {
    let made = |edit: &Edit| matches!(edit, Edit::Duplicate { copy, .. } if *copy == message.id);
    (!before.scenario.moves.iter().any(made)).then_some(message.drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use lightcone_engine::{NodeId, resimulate, simulate};
    use lightcone_figure::plane::geometry::{Rows, spot};

    const WIDTH: f64 = 1024.0;

    fn exhibit(protocol: &str, slug: &str) -> Rc<Trace> {
        Rc::new(simulate(&gallery::find(protocol, slug).expect("the gallery has it").scenario))
    }

    fn frame(trace: &Trace) -> Frame {
        let order = (0..trace.lanes().len() as u8).map(NodeId).collect();
        let window = Window { from: Time::ZERO, to: trace.horizon() };
        Frame::new((WIDTH, 0.0), false, window, Rows::lanes(order))
    }

    fn first_delivered(trace: &Trace) -> &Message {
        let delivered = |message: &&Message| matches!(message.fate, Fate::Delivered(_));
        trace.messages.iter().find(delivered).expect("a message arrives")
    }

    /// The message in the hand, by its head.
    fn taken(trace: &Rc<Trace>, id: MessageId) -> Held {
        let frame = frame(trace);
        let message = trace.message(id).expect("the run has it");
        Held::take(trace, id, &frame, spot(frame.at(message.arrives), frame.lane(id.to))).expect("it can be taken")
    }

    fn pulled_to(held: &Held, frame: &Frame, at: Time, how: Pull) -> Held {
        held.pulled(frame, spot(frame.at(at), frame.lane(held.id.to)), how)
    }

    const FREE: Pull = Pull { fine: false, free: true, twice: false };
    const TWICE: Pull = Pull { twice: true, ..FREE };

    #[test]
    fn taking_and_letting_go_changes_nothing() {
        let trace = exhibit("raft", "election");
        for message in &trace.messages {
            if matches!(message.fate, Fate::Delivered(_)) {
                assert_eq!(taken(&trace, message.id).release(), Release::Nothing);
            }
        }
    }

    #[test]
    fn a_pull_delays_by_what_it_measures() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let to = message.arrives.after(20_000);
        let held = pulled_to(&taken(&trace, message.id), &frame, to, FREE);
        assert!(held.at.micros().abs_diff(to.micros()) <= STEP_MICROS);
        assert_eq!(held.release(), Release::Move(Edit::Deliver { message: message.id, at: held.at }));
        let fine = pulled_to(&taken(&trace, message.id), &frame, to, Pull { fine: true, ..FREE });
        assert!(fine.at.micros().abs_diff(message.arrives.after(2_000).micros()) <= STEP_MICROS);
    }

    #[test]
    fn nothing_arrives_before_it_is_sent() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let held = pulled_to(&taken(&trace, message.id), &frame, Time::ZERO, Pull::default());
        assert_eq!(held.at, trace.plan.model.earliest_arrival(message.sent));
        assert_eq!(held.stop, Some(Stop::Sent));
    }

    #[test]
    fn off_the_lane_it_is_dropped_and_back_inside_it_is_not() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let lane = frame.lane(message.id.to);
        let held = taken(&trace, message.id);
        let off = held.pulled(&frame, spot(held.pointer.along, lane + OFF_AFTER + 1.0), Pull::default());
        assert_eq!(off.release(), Release::Move(Edit::Drop { message: message.id }));
        let back = off.pulled(&frame, spot(held.pointer.along, lane + OFF_AFTER - 1.0), Pull::default());
        assert_eq!(back.release(), Release::Nothing);
    }

    #[test]
    fn the_grip_jumps_to_either_side_of_another_delivery() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let held = taken(&trace, message.id);
        let notch = *held.notches.iter().find(|notch| **notch > message.arrives.after(30_000)).expect("one is later");
        let near = |micros: i64| Time::from_micros(notch.micros().saturating_add_signed(micros));
        let pixel = (1.0 / frame.scale()) as i64;
        let after = pulled_to(&held, &frame, near(2 * pixel), Pull::default());
        assert_eq!(after.at, notch.after(STEP_MICROS));
        let before = pulled_to(&held, &frame, near(-2 * pixel), Pull::default());
        assert!(before.at < notch && before.at > near(-pixel));
        let free = pulled_to(&held, &frame, near(2 * pixel), FREE);
        assert!(free.at > after.at);
    }

    #[test]
    fn back_at_its_ring_a_moved_message_is_put_back() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let moved = pulled_to(&taken(&trace, message.id), &frame, message.arrives.after(30_000), FREE);
        let after = Rc::new(resimulate(&trace, &moved.release().scenario(&trace.scenario)));
        let again = taken(&after, message.id);
        assert_eq!(again.home, Some(message.arrives));
        let home = pulled_to(&again, &frame, message.arrives.after(100), Pull::default());
        assert_eq!(home.release(), Release::PutBack(message.id));
        let scenario = home.release().scenario(&after.scenario);
        assert_eq!(simulate(&scenario).digest, trace.digest);
    }

    #[test]
    fn a_dropped_message_can_be_taken_by_its_cross_and_delivered() {
        let trace = exhibit("raft", "election");
        let message = first_delivered(&trace);
        let dropped = moves::with_move(&trace.scenario, Edit::Drop { message: message.id });
        let after = Rc::new(resimulate(&trace, &dropped));
        let frame = frame(&trace);
        let at = spot(frame.at(message.arrives.after(5_000)), frame.lane(message.id.to));
        let held = Held::take(&after, message.id, &frame, at).expect("it can be taken");
        assert!(matches!(held.release(), Release::Move(Edit::Deliver { .. })));
    }

    #[test]
    fn a_copy_leaves_the_original_where_it_was() {
        let trace = exhibit("raft", "election");
        let frame = frame(&trace);
        let message = first_delivered(&trace);
        let held = pulled_to(&taken(&trace, message.id), &frame, message.arrives.after(30_000), TWICE);
        let copy = MessageId { copy: 1, ..message.id };
        assert_eq!(held.release(), Release::Move(Edit::Duplicate { copy, at: held.at }));
        let after = simulate(&held.release().scenario(&trace.scenario));
        assert_eq!(after.message(message.id).expect("it is there").arrives, message.arrives);
        assert_eq!(after.message(copy).expect("it is there").arrives, held.at);
    }

    #[test]
    fn a_link_that_keeps_its_order_stops_the_grip_at_its_neighbours() {
        let mut scenario = (*exhibit("raft", "election").scenario).clone();
        scenario.model.links.fifo = true;
        let trace = Rc::new(simulate(&scenario));
        let frame = frame(&trace);
        let followed = trace.messages.iter().find_map(|message| match range(&trace, message) {
            Range { latest: Some((latest, Stop::After(after))), .. } => Some((message, latest, after)),
            _ => None,
        });
        let (message, latest, after) = followed.expect("a link carries one message after another");
        let held = pulled_to(&taken(&trace, message.id), &frame, trace.horizon(), FREE);
        assert_eq!((held.at, held.stop), (latest, Some(Stop::After(after))));
        assert!(held.stop.and_then(|stop| stop.reason(&trace)).expect("a reason").starts_with("FIFO: not after"));
    }
}
