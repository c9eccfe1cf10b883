//! The moves that are tried on a run as it stands: the class of moves in which [`crate::par`] looks.
//!
//! A reader's hand may choose any moment. Tried are the moments between any two events that follow each other in the run as it
//! stands (the middle of the gap), every multiple of [`GRAIN`], one tenth of a millisecond after its cause for what may come
//! sooner, and for messages and timers one moment after the end of the run: it does not happen. So every place in the order of
//! events is tried, and in a long gap several moments.

use alloc::vec::Vec;
use lightcone_engine::id::{MessageId, NodeId, NodeSet};
use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{Accepts, Action, Cause, Edit, Handling};
use lightcone_engine::run::question::{Tool, Tools};
use lightcone_engine::run::trace::{Deed, TimerEnd};
use lightcone_engine::run::{Scenario, Trace};
use lightcone_engine::time::Time;

/// In long gaps so many microseconds apart.
pub const GRAIN: u64 = 20_000;
/// The least step of a hand.
const TENTH: u64 = 100;

/// One move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// The reader edits the run.
    Edit(Edit),
    /// The reader turns a knob: a place among the parameters, and its number.
    Knob(u8, u32),
    /// The reader selects an event.
    Pick(Handling),
}

impl Move {
    /// The scenario after this move, if it changes it.
    pub fn make(self, scenario: &mut Scenario) {
        match self {
            Move::Edit(edit) => scenario.moves.push(edit),
            Move::Knob(place, value) => {
                if let Some(number) = scenario.settings.parameters.get_mut(usize::from(place)) {
                    *number = value;
                }
            }
            Move::Pick(_) => {}
        }
    }
}

/// All moves of the class on this run. What the reader has moved already is not moved again. `original` is the question's run.
pub(super) fn moves(trace: &Trace, tools: Tools, original: &Scenario) -> Vec<Move> {
    let mut list = List { trace, moments: moments(trace), moves: Vec::new() };
    for tool in tools.iter() {
        match tool {
            Tool::Move => list.arrivals(),
            Tool::Drop => list.losses(),
            Tool::Duplicate => list.copies(),
            Tool::Fire => list.timers(),
            Tool::Crash => list.on_nodes(Action::Crash),
            Tool::Restart => list.on_nodes(Action::Restart),
            Tool::Pause => {
                list.on_nodes(Action::Pause);
                list.on_nodes(Action::Resume);
            }
            Tool::CrashInside => list.crashes_inside(),
            Tool::Cut => list.cuts(),
            Tool::Request => list.requests(original),
            Tool::Knob => list.knobs(original),
        }
    }
    list.moves
}

/// Every event that a reader can select.
pub(super) fn picks(trace: &Trace) -> Vec<Move> {
    trace
        .events
        .iter()
        .filter_map(|event| handling(event.cause, event.asked.map(|asked| asked.0)))
        .map(Move::Pick)
        .collect()
}

fn handling(cause: Cause, asked: Option<lightcone_engine::id::RequestId>) -> Option<Handling> {
    match cause {
        Cause::Deliver(message) => Some(Handling::Message(message)),
        Cause::Fire(timer) => Some(Handling::Timer(timer)),
        Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => asked.map(Handling::Request),
    }
}

/// The moments that are tried, in order. They are whole tenths of a millisecond where the gap is wide enough.
fn moments(trace: &Trace) -> Vec<Time> {
    let end = trace.horizon();
    let mut times: Vec<Time> = trace.events.iter().map(|event| event.at).collect();
    times.insert(0, Time::ZERO);
    times.push(end);
    times.dedup();
    let gaps = times.windows(2).filter_map(|pair| {
        let [from, to] = [pair[0].micros(), pair[1].micros()];
        let middle = from + (to - from) / 2;
        let tidy = middle / TENTH * TENTH;
        let at = if tidy > from { tidy } else { middle };
        (at > from && at < to).then(|| Time::from_micros(at))
    });
    let mut moments: Vec<Time> = gaps.collect();
    moments.extend((1..).map(|step| Time::from_micros(step * GRAIN)).take_while(|at| *at < end));
    moments.sort_unstable();
    moments.dedup();
    moments
}

struct List<'a> {
    trace: &'a Trace,
    moments: Vec<Time>,
    moves: Vec<Move>,
}

impl List<'_> {
    fn add(&mut self, edit: Edit) {
        self.moves.push(Move::Edit(edit));
    }

    fn is_moved(&self, is_it: impl Fn(&Edit) -> bool) -> bool {
        self.trace.scenario.moves.iter().any(is_it)
    }

    /// Moments after `from`, the first possible one among them, and one after the end of the run.
    fn after(&self, from: Time) -> Vec<Time> {
        let sooner = from.after(TENTH);
        let end = self.trace.horizon();
        let later = self.moments.iter().copied().filter(|at| *at > sooner);
        [sooner].into_iter().chain(later).chain([end.after(1_000)]).collect()
    }

    fn messages(&self) -> Vec<(MessageId, Time, Time)> {
        let moved = |id: &MessageId| {
            let id = *id;
            self.is_moved(|edit| match edit {
                Edit::Deliver { message, .. } | Edit::Drop { message } => *message == id,
                _ => false,
            })
        };
        let all = self.trace.messages.iter().map(|message| (message.id, message.sent, message.arrives));
        all.filter(|(id, ..)| !moved(id)).collect()
    }

    fn arrivals(&mut self) {
        let model = self.trace.plan.model;
        for (message, sent, arrives) in self.messages() {
            let latest = model.latest_arrival(sent);
            for at in self.after(sent) {
                if at != arrives && latest.is_none_or(|latest| at <= latest) {
                    self.add(Edit::Deliver { message, at });
                }
            }
        }
    }

    fn losses(&mut self) {
        for (message, ..) in self.messages() {
            self.add(Edit::Drop { message });
        }
    }

    fn copies(&mut self) {
        for (message, sent, _) in self.messages().into_iter().filter(|each| each.0.copy == 0) {
            let used = |copy: u8| self.trace.plan.copies.get(&MessageId { copy, ..message }).is_some();
            let Some(copy) = (1..MessageId::LINK_COPY).find(|copy| !used(*copy)) else { continue };
            for at in self.after(sent) {
                self.add(Edit::Duplicate { copy: MessageId { copy, ..message }, at });
            }
        }
    }

    fn timers(&mut self) {
        for timer in &self.trace.timers {
            let (id, due) = (timer.id, timer.due);
            if self.is_moved(|edit| matches!(edit, Edit::Fire { timer, .. } if *timer == id)) {
                continue;
            }
            // Later than it was disarmed it does not fire; once is enough.
            let until = match timer.end {
                TimerEnd::Disarmed(event) => self.trace.event(event).at,
                _ => self.trace.horizon().after(1_000),
            };
            let times = self.after(timer.armed);
            let times = times.into_iter().filter(|at| *at != due && (*at <= until));
            let moves: Vec<Edit> = times.map(|at| Edit::Fire { timer: id, at }).collect();
            moves.into_iter().for_each(|edit| self.add(edit));
        }
    }

    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.trace.lanes().len() as u8).map(NodeId)
    }

    fn on_nodes(&mut self, action: fn(NodeId) -> Action) {
        for node in self.nodes() {
            self.at_all_moments(action(node));
        }
    }

    fn at_all_moments(&mut self, action: Action) {
        let edits = self.moments.iter().map(|at| Move::Edit(Edit::At { at: *at, action }));
        self.moves.extend(edits);
    }

    /// After each number of effects that the handler has.
    fn crashes_inside(&mut self) {
        let effect = |deed: &&Deed| {
            matches!(
                deed,
                Deed::Sent(_)
                    | Deed::Armed(_)
                    | Deed::Persisted(_)
                    | Deed::Replied(..)
                    | Deed::Marked(..)
                    | Deed::Happened(_)
            )
        };
        for event in &self.trace.events {
            let Some(handling) = handling(event.cause, event.asked.map(|asked| asked.0)) else { continue };
            let deeds = &self.trace.deeds[event.deeds.start as usize..event.deeds.end as usize];
            for after_effects in 1..deeds.iter().filter(effect).count() as u16 {
                self.moves.push(Move::Edit(Edit::CrashDuring { handling, after_effects }));
            }
        }
    }

    /// Every way to part the nodes into two sides, and every way to heal such a cut.
    fn cuts(&mut self) {
        let count = self.trace.lanes().len() as u8;
        let everyone = NodeSet::first(count);
        let cut = |edit: &Edit| matches!(edit, Edit::At { action: Action::Cut { .. }, .. });
        let heals = self.trace.scenario.edits().any(cut);
        if heals {
            self.at_all_moments(Action::Heal { from: everyone, to: everyone, one_way: false });
        }
        for side in 1..1_u32 << count.saturating_sub(1) {
            let from = NodeSet(side as u16);
            let to = NodeSet(everyone.0 & !from.0);
            self.at_all_moments(Action::Cut { from, to, one_way: false });
            if heals {
                self.at_all_moments(Action::Heal { from, to, one_way: false });
            }
        }
    }

    fn requests(&mut self, original: &Scenario) {
        let mut asked: Vec<Operation> = Vec::new();
        for edit in &original.script {
            if let Edit::At { action: Action::Request { operation, .. }, .. } = edit
                && !asked.contains(operation)
            {
                asked.push(*operation);
            }
        }
        for node in self.nodes() {
            let accepts = self.trace.lanes()[node.index()].accepts;
            for operation in asked.iter().filter(|operation| accepts.contains(&form(operation))) {
                self.at_all_moments(Action::Request { node, operation: *operation });
            }
        }
    }

    fn knobs(&mut self, original: &Scenario) {
        let parameters = original.protocol.specification().parameters.iter().enumerate();
        for (place, parameter) in parameters.filter(|(_, parameter)| Tool::turns(parameter)) {
            let now = self.trace.scenario.settings.number(place);
            if now == original.settings.number(place) {
                let values = (parameter.least..=parameter.most).filter(|value| *value != now);
                self.moves.extend(values.map(|value| Move::Knob(place as u8, value)));
            }
        }
    }
}

fn form(operation: &Operation) -> Accepts {
    match operation {
        Operation::Read { .. } => Accepts::Read,
        Operation::Write { .. } => Accepts::Write,
        Operation::Add { .. } => Accepts::Add,
        Operation::CompareAndSet { .. } => Accepts::CompareAndSet,
        Operation::Command { verb, .. } => Accepts::Command(*verb),
    }
}
