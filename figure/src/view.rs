//! What a reader looks at, and with which tool: types that the figure and the page share.

use lightcone_engine::Time;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, TimerId};

/// The shortest stretch a figure shows.
pub const SHORTEST_WINDOW_MICROS: u64 = 5_000;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The instant at its left or upper end.
    pub from: Time,
    /// Its end, after its start.
    pub to: Time,
}

/// A window leaves this part of itself behind the end of the run, for those who want it to go on.
const BEHIND_THE_END: u64 = 10;

impl Window {
    /// All of a run of this length, and a little room behind its end.
    #[must_use]
    pub fn whole(end: Time) -> Window {
        let end = end.micros().max(SHORTEST_WINDOW_MICROS);
        Window { from: Time::ZERO, to: Time::from_micros(end + end / (BEHIND_THE_END - 1)) }
    }

    /// The nearest window that a run of this length can be seen through: not too short, and not further behind its end than
    /// [`Window::whole`] is.
    #[must_use]
    pub fn within(self, end: Time) -> Window {
        let whole = Window::whole(end);
        let width = self.to.since(self.from).clamp(SHORTEST_WINDOW_MICROS, whole.to.micros());
        let last = end.micros().max(SHORTEST_WINDOW_MICROS) + width / BEHIND_THE_END;
        let from = self.from.micros().min(last.saturating_sub(width));
        Window { from: Time::from_micros(from), to: Time::from_micros(from + width) }
    }
}

/// The event, message, timer or lane that is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// The reader has selected nothing.
    #[default]
    Nothing,
    /// An event, by its place in the run.
    Event(EventIndex),
    /// A message, by name: it stays selected while the run around it changes.
    Message(MessageId),
    /// A timer, by name.
    Timer(TimerId),
    /// A lane, by its node.
    Lane(NodeId),
}

/// Which events are lit around the selected one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// All events that it can know of.
    #[default]
    Past,
    /// All events that can know of it.
    Future,
    /// The messages that made its node believe what it believes.
    Why,
    /// Nothing is lit.
    Off,
}

/// The action of a click on a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Selects; arrow heads are dragged.
    #[default]
    Move,
    /// Crashes the node there, or restarts it.
    Crash,
    /// Pauses the node there, or lets it go on.
    Pause,
    /// Chooses lanes to cut off from the others, or to connect again.
    Cut,
    /// Asks something of a client there.
    Request,
}
