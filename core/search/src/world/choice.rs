//! What a search may make happen, at which moment, and what becomes of a world by it. The simulator and step mode let
//! things happen as they are pending; a search also crashes nodes, in the middle of a handler too, repeats messages and
//! asks what nobody has asked yet.

use alloc::rc::Rc;
use alloc::vec::Vec;
use lightcone_engine::hash::mix;
use lightcone_engine::id::MessageId;
use lightcone_engine::model::Timing;
use lightcone_engine::protocol::{Action, Cause, Source};
use lightcone_engine::run::{Parts, Pending, Step, StepKind, World};
use lightcone_engine::time::Time;

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
    /// What it is, whatever its name: two messages of one link that say the same, with the same deadline, have the same.
    pub content: u64,
    /// Its place in [`Parts::pending`].
    pub place: u16,
    /// What would happen by itself comes first: the script, messages, time-outs.
    pub class: u8,
}

impl Waiting {
    /// What it is in this world, which was asked what waits in it.
    #[must_use]
    pub fn pending(self, world: &World) -> &Pending {
        &world.parts().pending[usize::from(self.place)]
    }
}

const fn class_of(cause: Cause) -> u8 {
    match cause {
        Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => 0,
        Cause::Deliver(_) => 1,
        Cause::Fire(_) => 2,
    }
}

/// What may happen of what is pending, what is due first first. Leaves out what cannot be an event now, and all but one
/// of what says the same.
pub fn waiting(world: &World, into: &mut Vec<Waiting>) {
    into.clear();
    let fifo = world.plan().model.links.fifo;
    // Of each that is listed one bit: mostly it tells that another is not listed yet.
    let mut listed = 0_u64;
    for (place, pending) in world.parts().pending.iter().enumerate().rev() {
        let cause = pending.cause;
        // Where delays are bounded, it counts until when.
        let content = pending.fingerprint();
        let content = pending.latest.map_or(content, |latest| mix(content ^ latest.micros()));
        let bit = 1 << (content % 64);
        let in_turn = |other: &Waiting| is_in_turn(other.pending(world).cause, cause);
        if (listed & bit != 0 && into.iter().any(|other| other.content == content))
            || !matches!(world.admits(pending), StepKind::Event)
            || ((fifo || matches!(cause, Cause::Act(_))) && into.iter().any(in_turn))
        {
            continue;
        }
        listed |= bit;
        into.push(Waiting { content, place: place as u16, class: class_of(cause) });
    }
}

/// On FIFO links, the messages that have others before them: which, what they are, and how many are before.
#[must_use]
pub fn behind_others(world: &World) -> Vec<(MessageId, u64, u8)> {
    let all = &world.parts().pending;
    let mut behind = Vec::new();
    for (place, pending) in all.iter().enumerate() {
        let Cause::Deliver(message) = pending.cause else { continue };
        // What is next is last in the list.
        let before = all[place + 1..].iter().filter(|other| is_on_link(other.cause, message)).count();
        if before > 0 && world.admits(pending) == StepKind::Event {
            behind.push((message, pending.fingerprint(), before.min(u8::MAX.into()) as u8));
        }
    }
    behind
}

impl Choice {
    /// Makes it happen at `at`, which is not before now. Returns whether it was an event; what was not has changed nothing
    /// that matters.
    pub fn force(self, world: &mut World, at: Time, step: &mut Step) -> bool {
        if world.limit().is_some() {
            return false;
        }
        let now = at.max(world.now());
        let lost = lost_before(world, now, self.cause());
        let mut driver = world.drive();
        for message in lost {
            driver.parts().remove(message);
        }
        let (pending, cut_short) = match self {
            Choice::Happens(cause) => (driver.parts().remove(cause), None),
            Choice::CutShort(cause, after) => (driver.parts().remove(cause), Some(after)),
            Choice::Overtakes(message) => (overtake(driver.parts(), message), None),
            Choice::Repeated(copy) => (repeat(driver.parts(), copy), None),
            Choice::Done(action) => (Some(Rc::new(Pending::plain(now, Cause::Act(action), Source::Script))), None),
        };
        pending.is_some_and(|pending| driver.happen(pending, now, cut_short, step))
    }

    /// What happens then.
    const fn cause(self) -> Cause {
        match self {
            Choice::Happens(cause) | Choice::CutShort(cause, _) => cause,
            Choice::Overtakes(message) | Choice::Repeated(message) => Cause::Deliver(message),
            Choice::Done(action) => Cause::Act(action),
        }
    }
}

/// Where delays are bounded: what had to arrive before `cause` happens at `at`, at a lane that has stopped or through a link
/// that is cut. A lane that starts again afterwards does not get it any more.
fn lost_before(world: &World, at: Time, cause: Cause) -> Vec<Cause> {
    if world.plan().model.timing == Timing::Asynchronous {
        return Vec::new();
    }
    let is_late = |pending: &&Rc<Pending>| pending.latest.is_some_and(|latest| (latest, pending.cause) < (at, cause));
    let late = world.parts().pending.iter().filter(is_late);
    let lost = late.filter(|each| matches!(world.admits(each), StepKind::ReachedStopped | StepKind::ReachedCut));
    lost.map(|pending| pending.cause).collect()
}

/// Takes out a message; those before it on its link are lost.
fn overtake(parts: &mut Parts, message: MessageId) -> Option<Rc<Pending>> {
    let own = parts.remove(Cause::Deliver(message))?;
    parts.pending.retain(|other| !is_on_link(other.cause, message) || other.due > own.due);
    Some(own)
}

/// A copy of a message, which stays on its way.
fn repeat(parts: &Parts, copy: MessageId) -> Option<Rc<Pending>> {
    let original = Cause::Deliver(copy.original());
    let found = parts.pending.iter().find(|pending| pending.cause == original)?;
    Some(Rc::new(found.copy(copy)))
}

/// Everything that is to happen by itself, and when.
pub fn to_come(world: &World) -> impl Iterator<Item = (Cause, Time)> + '_ {
    world.parts().pending.iter().map(|pending| (pending.cause, pending.due))
}

/// Whether the scenario is still to do this. What it did and a paused node has not noticed yet is done.
#[must_use]
pub fn is_to_come(world: &World, at: Time, action: Action) -> bool {
    let is =
        |pending: &Rc<Pending>| pending.cause == Cause::Act(action) && pending.due == at && pending.sender.is_none();
    world.parts().pending.iter().any(is)
}

/// Whether something must have happened before `cause` happens at `at`, because delays are bounded. What must happen at one
/// moment happens in the simulator's order.
#[must_use]
pub fn is_too_early(world: &World, at: Time, cause: Cause) -> bool {
    let late = |pending: &Rc<Pending>| {
        let deadline = pending.latest.filter(|latest| (*latest, pending.cause) < (at, cause));
        deadline.is_some() && world.admits(pending) == StepKind::Event
    };
    world.plan().model.timing != Timing::Asynchronous && world.parts().pending.iter().any(late)
}

/// The last moment before the first deadline of a message that is still under way; none if there is no deadline.
#[must_use]
pub fn before_deadlines(world: &World) -> Option<Time> {
    let deadlines = world.parts().pending.iter().filter_map(|pending| pending.latest);
    deadlines.min().map(|first| Time::from_micros(first.micros().saturating_sub(1)))
}

/// Before which effects of the step's handler a crash may matter, one bit each: those that write to stable storage after
/// something was shown to others or written. A crash anywhere else does what a crash before or after the handler does, if
/// what it would have sent is not delivered.
#[must_use]
pub const fn crash_points(step: &Step) -> u64 {
    let lasting = step.writes | step.shows;
    let first = lasting & lasting.wrapping_neg();
    step.writes & !first
}

fn is_on_link(cause: Cause, message: MessageId) -> bool {
    matches!(cause, Cause::Deliver(other) if (other.from, other.to) == (message.from, message.to))
}

/// Whether one of two things has to happen before the other: of messages where links are FIFO, of what the script asks of a
/// lane.
fn is_in_turn(one: Cause, other: Cause) -> bool {
    match (one, other) {
        (one, Cause::Deliver(message)) => is_on_link(one, message),
        (Cause::Act(one), Cause::Act(two)) => one.node() == two.node(),
        _ => false,
    }
}
