//! What a reader looks at, and with which tool: the words that a figure and the page around it share.

use lightcone_engine::Time;
use lightcone_engine::id::{EventIndex, MessageId, NodeId, TimerId};

/// The shortest stretch a figure shows.
pub const SHORTEST_WINDOW_MICROS: u64 = 5_000;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub from: Time,
    /// Its end, after its start.
    pub to: Time,
}

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// An event.
    Event(EventIndex),
    /// A message, by name: it stays selected while the run around it changes.
    Message(MessageId),
    /// A timer, by name.
    Timer(TimerId),
    /// A lane.
    Lane(NodeId),
}

/// What of the run is lit around the selected event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// All that it can know of.
    #[default]
    Past,
    /// All that can know of it.
    Future,
    /// The messages that made its node believe what it believes.
    Why,
    /// Nothing.
    Off,
}

/// What a click on a lane does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Selects; arrow heads are dragged.
    #[default]
    Move,
    /// Crashes the node there, or restarts it.
    Crash,
    /// Pauses the node there, or lets it go on.
    Pause,
    /// Cuts the link between two lanes, or heals it.
    Cut,
    /// Asks something of a client there.
    Request,
}
