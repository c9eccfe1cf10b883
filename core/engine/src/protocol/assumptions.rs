//! What a protocol assumes: its fault model. The specification states it once. From it come the random schedules that test
//! the protocol, the default limits of a search, and the sentence that a reader sees when a move breaks an assumption.
//!
//! The engine itself allows everything: a reader may break an assumption to see what it is for.

use super::edit::{Action, Edit};
use crate::model::{Faults, Model, Timing};
use alloc::format;
use alloc::string::String;

/// The assumptions under which a protocol keeps its promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Assumptions {
    /// What links may do to messages.
    pub links: Links,
    /// What is known about delays.
    pub timing: Delays,
    /// What nodes may do besides running.
    pub crashes: Crashes,
    /// Whether stable storage survives.
    pub disks: Disks,
    /// What nodes' clocks may do.
    pub clocks: Clocks,
    /// Whether a node may pause and later go on as if no time had passed.
    pub pauses: bool,
}

/// What links may do to messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Links {
    /// Whether they may lose messages, as a cut does too.
    pub lose: bool,
    /// Whether they may deliver a message twice.
    pub repeat: bool,
    /// Whether a message may overtake another on the same link.
    pub reorder: bool,
}

impl Links {
    /// Links may do anything but invent messages.
    pub const LOSSY: Links = Links { lose: true, repeat: true, reorder: true };
    /// Every message arrives once, in any order.
    pub const RELIABLE: Links = Links { lose: false, repeat: false, reorder: true };
    /// Every message arrives once, in the order of sending.
    pub const FIFO: Links = Links { lose: false, repeat: false, reorder: false };
}

/// What is known about delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delays {
    /// They have no bound: the system is asynchronous.
    Any,
    /// They have a bound, and timers fire when they are due.
    Bounded,
}

/// What nodes may do besides running (Cachin, Guerraoui & Rodrigues 2011, section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crashes {
    /// No node ever crashes.
    Never,
    /// A node may crash, and then never restarts.
    Stop,
    /// A node may crash, and may restart with its stable storage.
    Recovery,
}

/// Whether stable storage survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Disks {
    /// What was written stays.
    Survive,
    /// Stable storage may be blank when a node restarts.
    MayBeLost,
}

/// What nodes' clocks may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clocks {
    /// Clocks may do anything: the protocol does not rely on them.
    Any,
    /// Clocks may run faster or slower than true time within a bound, and never jump.
    Drift {
        /// Parts per million, either way.
        most_ppm: i32,
    },
}

/// A way to break a protocol's assumptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Departure {
    /// A message is lost where links lose none.
    Lost,
    /// A message arrives twice where links repeat none.
    Repeated,
    /// A message may overtake another where links keep their order.
    Overtakes,
    /// A link is cut where links lose nothing.
    Cut,
    /// Delays have no bound where one is assumed.
    Unbounded,
    /// A timer fires at another time where delays are bounded.
    TimerMoved,
    /// A node crashes where none does.
    Crashed,
    /// A node comes back where none does.
    CameBack,
    /// A disk is lost where disks survive.
    DiskLost,
    /// A clock jumps where clocks only drift.
    ClockJumped,
    /// A clock drifts faster than the bound.
    ClockDrifts,
    /// A node stands still where none does.
    Paused,
}

impl Departure {
    /// What happened: the first half of a sentence.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Departure::Lost => "A message was lost",
            Departure::Repeated => "A message arrived twice",
            Departure::Overtakes => "Messages may arrive out of order",
            Departure::Cut => "A link was cut",
            Departure::Unbounded => "Messages may be late without a bound",
            Departure::TimerMoved => "A timer fired early or late",
            Departure::Crashed => "A node crashed",
            Departure::CameBack => "A crashed node restarted",
            Departure::DiskLost => "A disk was lost",
            Departure::ClockJumped => "A clock jumped",
            Departure::ClockDrifts => "A clock drifted further than assumed",
            Departure::Paused => "A node was paused",
        }
    }

    /// The sentence for people: "A disk was lost: this is outside the fault model of Raft."
    #[must_use]
    pub fn sentence(self, title: &str) -> String {
        format!("{}: this is outside the fault model of {title}.", self.what())
    }
}

impl Assumptions {
    /// The asynchronous system with lossy links, whose nodes may crash and restart with their stable storage: the weakest
    /// model in which a node can remember anything.
    pub const CRASH_RECOVERY: Assumptions = Assumptions {
        links: Links::LOSSY,
        timing: Delays::Any,
        crashes: Crashes::Recovery,
        disks: Disks::Survive,
        clocks: Clocks::Any,
        pauses: true,
    };

    /// How an edit breaks these assumptions, if it does what it says; none if it keeps them.
    #[must_use]
    pub fn leaves(&self, edit: &Edit) -> Option<Departure> {
        match *edit {
            // The model keeps bounds and order, whatever an edit says.
            Edit::Deliver { .. } => None,
            Edit::Drop { .. } => (!self.links.lose).then_some(Departure::Lost),
            Edit::Duplicate { .. } => (!self.links.repeat).then_some(Departure::Repeated),
            Edit::Fire { .. } => (self.timing == Delays::Bounded).then_some(Departure::TimerMoved),
            Edit::CrashDuring { .. } => (self.crashes == Crashes::Never).then_some(Departure::Crashed),
            Edit::At { action, .. } => self.leaves_by(action),
        }
    }

    fn leaves_by(&self, action: Action) -> Option<Departure> {
        let (outside, how) = match action {
            Action::Crash(_) => (self.crashes == Crashes::Never, Departure::Crashed),
            Action::Restart(_) => (self.crashes != Crashes::Recovery, Departure::CameBack),
            Action::Pause(_) => (!self.pauses, Departure::Paused),
            Action::LoseDisk(_) => (self.disks == Disks::Survive, Departure::DiskLost),
            Action::Cut { .. } => (!self.links.lose, Departure::Cut),
            Action::SetClock { jump_micros, drift_ppm, .. } => match self.clocks {
                Clocks::Drift { .. } if jump_micros != 0 => (true, Departure::ClockJumped),
                Clocks::Drift { most_ppm } => (drift_ppm.abs() > most_ppm, Departure::ClockDrifts),
                Clocks::Any => return None,
            },
            Action::Resume(_) | Action::Heal { .. } | Action::Request { .. } => return None,
        };
        outside.then_some(how)
    }

    /// How a scenario's model breaks these assumptions; none if it keeps them.
    #[must_use]
    pub fn leaves_model(&self, model: &Model) -> Option<Departure> {
        let links = &model.links;
        if !self.links.lose && links.loss_per_mille > 0 && !links.reliable {
            return Some(Departure::Lost);
        }
        if !self.links.repeat && links.duplication_per_mille > 0 {
            return Some(Departure::Repeated);
        }
        if !self.links.reorder && !links.fifo {
            return Some(Departure::Overtakes);
        }
        let unbounded = matches!(model.timing, Timing::Asynchronous);
        (self.timing == Delays::Bounded && unbounded).then_some(Departure::Unbounded)
    }

    /// A model that keeps these assumptions: `model` without the faults that would break them.
    #[must_use]
    pub fn within(&self, mut model: Model) -> Model {
        if !self.links.lose {
            (model.links.loss_per_mille, model.links.reliable) = (0, true);
        }
        if !self.links.repeat {
            model.links.duplication_per_mille = 0;
        }
        model.links.fifo |= !self.links.reorder;
        if self.timing == Delays::Bounded && model.timing == Timing::Asynchronous {
            model.timing = Timing::Synchronous { bound_micros: model.links.latency_micros.1 };
        }
        if self.crashes != Crashes::Recovery {
            model.faults = Faults::CrashStop;
        }
        model
    }
}
