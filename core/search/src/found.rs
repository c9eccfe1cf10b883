//! What was found, as a scenario: edits that make the simulator do what the search did. Whatever arrives, fires or is done
//! on the way gets its moment; what did not happen and would happen by itself before the end is put off until after it.

use super::FoundPath;
use super::bounds::{Bounds, Used};
use super::next::{STEP_MICROS, TIMED_STEP_MICROS};
use super::walk::{PLACE_BITS, Walker};
use super::world::choice::{Choice, before_deadlines, is_to_come, to_come};
use super::world::verdict::broken;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use lightcone_engine::id::{MessageId, NodeId, TimerId};
use lightcone_engine::protocol::{Cause, Edit, Handling, Happening};
use lightcone_engine::run::{Scenario, Step, Trace, World};
use lightcone_engine::time::Time;

/// A run that a search has found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The run. It ends with the event that was looked for.
    pub scenario: Scenario,
    /// The moment from which the search went.
    pub begins: Time,
    /// Its events from there.
    pub events: u8,
    /// What they use of the budget.
    pub used: Used,
    /// The properties that break in them, one bit each.
    pub breaks: u32,
}

/// Of a run after which a promise cannot come true by itself: what would have to happen for it, or that nothing can. A crashed
/// node need not come back, but may.
#[must_use]
pub fn remedy(trace: &Trace) -> String {
    let end = trace.horizon();
    let is_down = |node: &NodeId| trace.status_at(*node, end).is_none();
    let down = (0..trace.lanes().len() as u8).map(NodeId).filter(is_down).map(|node| trace.name(node));
    let down: Vec<String> = down.collect();
    match &*down {
        [] => "never".into(),
        [one] => format!("only if {one} restarts"),
        [others @ .., last] => format!("only if {} or {last} restarts", others.join(", ")),
    }
}

/// A message that is or was on its way, and when it would arrive by itself.
struct Flight {
    message: MessageId,
    /// Its name in the run that is written: where links keep their order, what arrives first of a message and its copy is the
    /// message.
    written: MessageId,
    due: Time,
    /// When it must have arrived, if delays are bounded.
    latest: Option<Time>,
    arrived: Option<Time>,
}

/// A timer that is or was armed, when it would fire by itself, and until when it was armed.
struct Fuse {
    timer: TimerId,
    due: Time,
    fired: Option<Time>,
    until: Option<Time>,
}

struct Writer {
    flights: Vec<Flight>,
    fuses: Vec<Fuse>,
    edits: Vec<Edit>,
}

/// Writes a path as a scenario.
pub(super) fn write(scenario: &Scenario, root: &World, path: &FoundPath, bounds: &Bounds, forgets_dead: bool) -> Found {
    let mut walker = Walker::new(root.clone(), *bounds, forgets_dead);
    let mut writer = Writer::at(scenario, root);
    for (state, &(content, cut)) in (1..).zip(&path.steps) {
        let place = walker.here().options.iter().position(|next| next.content == content);
        let place = place.expect("what the search did once can happen again");
        let next = walker.here().options[place];
        assert!(walker.make(place as u16 | cut << PLACE_BITS), "what the search did once happens again");
        writer.happened(next.choice, cut, next.at, walker.step(), &walker.child().world);
        walker.climb(state);
    }
    let world = &walker.here().world;
    let step = if world.is_timed() { TIMED_STEP_MICROS } else { STEP_MICROS };
    // What must arrive by then would be one event more.
    let horizon = world.now().after(step);
    let horizon = before_deadlines(world).map_or(horizon, |last| horizon.min(last).max(world.now()));
    writer.put_off(horizon, horizon.after(step));
    let scenario = Scenario { script: writer.edits, moves: Vec::new(), horizon, ..scenario.clone() };
    let breaks = broken(world) & !broken(root);
    Found { scenario, begins: root.now(), events: path.steps.len() as u8, used: path.used, breaks }
}

impl Writer {
    /// Before anything happened: what the scenario says, but for what it was still to do. That the search decides.
    fn at(scenario: &Scenario, root: &World) -> Writer {
        let is_left = |edit: &&Edit| match **edit {
            Edit::At { at, action } => !is_to_come(root, at, action),
            _ => true,
        };
        let edits = scenario.edits().filter(is_left).copied().collect();
        let mut writer = Writer { flights: Vec::new(), fuses: Vec::new(), edits };
        for pending in &root.parts().pending {
            let (cause, due, latest) = (pending.cause, pending.due, pending.latest);
            match cause {
                Cause::Deliver(message) => {
                    writer.flights.push(Flight { message, written: message, due, latest, arrived: None })
                }
                Cause::Fire(timer) => writer.fuses.push(Fuse { timer, due, fired: None, until: None }),
                Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => {}
            }
        }
        writer
    }
}

impl Writer {
    /// One choice of the path.
    fn happened(&mut self, choice: Choice, cut: u16, at: Time, step: &Step, after: &World) {
        match choice {
            Choice::Happens(cause) | Choice::CutShort(cause, _) => self.pending_happened(cause, cut, at, step),
            Choice::Repeated(copy) if after.plan().model.links.fifo => self.repeated_in_order(copy, at),
            Choice::Repeated(copy) => self.edits.push(Edit::Duplicate { copy, at }),
            Choice::Overtakes(message) => {
                self.overtaken(message, after);
                self.pending_happened(Cause::Deliver(message), 0, at, step);
            }
            Choice::Done(action) => self.edits.push(Edit::At { at, action }),
        }
        for happening in &step.happenings {
            match happening {
                Happening::Sent(sent) if sent.lost.is_none() => {
                    let latest = after.plan().model.latest_arrival(at);
                    let (message, due) = (sent.message, sent.arrives);
                    self.flights.push(Flight { message, written: message, due, latest, arrived: None });
                }
                Happening::Armed { timer, due, .. } => {
                    self.fuses.push(Fuse { timer: *timer, due: *due, fired: None, until: None });
                }
                _ => {}
            }
        }
        for fuse in self.fuses.iter_mut().filter(|fuse| fuse.until.is_none()) {
            if !to_come(after).any(|(cause, _)| cause == Cause::Fire(fuse.timer)) {
                fuse.until = Some(at);
            }
        }
    }

    /// A copy arrives before its message, where links keep their order: then what has arrived is the message, and the copy is to
    /// come.
    fn repeated_in_order(&mut self, copy: MessageId, at: Time) {
        let is_it = |flight: &&mut Flight| flight.message == MessageId { copy: 0, ..copy } && flight.arrived.is_none();
        let Some(flight) = self.flights.iter_mut().find(is_it) else {
            return self.edits.push(Edit::Duplicate { copy, at });
        };
        let to_come = Flight { written: copy, ..*flight };
        flight.arrived = Some(at);
        self.flights.push(to_come);
    }

    /// What was before this message on its link, and is not under way any more, is lost.
    fn overtaken(&mut self, message: MessageId, after: &World) {
        let under_way = |id| to_come(after).any(|(cause, _)| cause == Cause::Deliver(id));
        let before = self.flights.extract_if(.., |flight| {
            let id = flight.message;
            let link = (id.from, id.to) == (message.from, message.to) && id != message;
            link && flight.arrived.is_none() && !under_way(id)
        });
        self.edits.extend(before.map(|flight| Edit::Drop { message: flight.written }));
    }

    fn pending_happened(&mut self, cause: Cause, cut: u16, at: Time, step: &Step) {
        let handling = match cause {
            Cause::Deliver(message) => {
                let is_it = |flight: &&mut Flight| flight.message == message && flight.arrived.is_none();
                let flight = self.flights.iter_mut().find(is_it).expect("what arrives was sent");
                flight.arrived = Some(at);
                Some(Handling::Message(flight.written))
            }
            Cause::Fire(timer) => {
                let fuse = self.fuses.iter_mut().find(|fuse| fuse.timer == timer);
                fuse.expect("what fires was armed").fired = Some(at);
                Some(Handling::Timer(timer))
            }
            Cause::Act(action) => {
                self.edits.push(Edit::At { at, action });
                step.asked.map(|(request, _)| Handling::Request(request))
            }
            Cause::Boot(_) | Cause::Recorded(_) => None,
        };
        if let Some(handling) = handling.filter(|_| cut > 0) {
            self.edits.push(Edit::CrashDuring { handling, after_effects: cut });
        }
    }

    /// Says when everything arrives and fires; what would by the end and did not, does so `later`.
    fn put_off(&mut self, end: Time, later: Time) {
        for &Flight { message, written, due, latest, arrived } in &self.flights {
            if written != message {
                self.edits.extend(arrived.map(|at| Edit::Duplicate { copy: written, at }));
                continue;
            }
            let late = latest.map_or(later, |latest| later.min(latest));
            let at = arrived.or((due <= end).then_some(late)).filter(|at| *at != due);
            self.edits.extend(at.map(|at| Edit::Deliver { message, at }));
        }
        for &Fuse { timer, due, fired, until } in &self.fuses {
            let at = fired.or((due <= until.unwrap_or(end)).then_some(later)).filter(|at| *at != due);
            self.edits.extend(at.map(|at| Edit::Fire { timer, at }));
        }
    }
}
