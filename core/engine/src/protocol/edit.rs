//! The only way to change a run.

use super::invalid::Invalid;
use crate::id::{MessageId, NodeId, NodeSet, RequestId, TimerId};
use crate::limits::{MAX_CLOCK_DRIFT_PPM, MAX_CLOCK_OFFSET_MICROS, MAX_HORIZON, MAX_NODES};
use crate::operation::Operation;
use crate::time::Time;

/// One change of a run. It names what it changes; when that is not there, the edit is kept and
/// explained ([`crate::run::Trace::outcome`]), never aimed at something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// A message arrives at another time.
    Deliver {
        /// Which message.
        message: MessageId,
        /// When it arrives; moved to the nearest instant that the model allows.
        at: Time,
    },
    /// A message is lost.
    Drop {
        /// Which message.
        message: MessageId,
    },
    /// A message arrives once more.
    Duplicate {
        /// The copy's name: the message with a copy number from 1 to 254.
        copy: MessageId,
        /// When the copy arrives.
        at: Time,
    },
    /// A timer fires at another time.
    Fire {
        /// Which timer.
        timer: TimerId,
        /// When it fires; not before it is armed.
        at: Time,
    },
    /// A node crashes inside a handler, between two of its effects.
    CrashDuring {
        /// Which handler.
        handling: Handling,
        /// How many of its effects still happen.
        after_effects: u16,
    },
    /// Something happens at a moment.
    At {
        /// When.
        at: Time,
        /// What.
        action: Action,
    },
}

/// The call of a handler, named by what it handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handling {
    /// The arrival of a message.
    Message(MessageId),
    /// The firing of a timer.
    Timer(TimerId),
    /// A request from outside.
    Request(RequestId),
}

/// What can happen at a moment without being named by the run itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The node stops; its memory is gone.
    Crash(NodeId),
    /// The node starts again with what it had persisted.
    Restart(NodeId),
    /// The node stops for a while and believes that nothing happened.
    Pause(NodeId),
    /// A paused node goes on; what arrived in between is worked off at once.
    Resume(NodeId),
    /// The node's stable storage is wiped. It shows at the next restart.
    LoseDisk(NodeId),
    /// Links from `from` to `to` carry nothing any more, and back neither unless `one_way`.
    Cut {
        /// One side.
        from: NodeSet,
        /// The other side.
        to: NodeSet,
        /// Whether only messages from `from` to `to` are lost.
        one_way: bool,
    },
    /// Links from `from` to `to` carry messages again, and back too unless `one_way`.
    Heal {
        /// One side.
        from: NodeSet,
        /// The other side.
        to: NodeSet,
        /// Whether only messages from `from` to `to` pass again.
        one_way: bool,
    },
    /// The node's own clock jumps and runs at another speed from now on.
    SetClock {
        /// Whose clock.
        node: NodeId,
        /// How far it jumps ahead, in microseconds.
        jump_micros: i32,
        /// How much faster than true time it runs, in parts per million.
        drift_ppm: i32,
    },
    /// The outside world asks something.
    Request {
        /// Of whom.
        node: NodeId,
        /// What.
        operation: Operation,
    },
}

impl Action {
    /// The node it happens to; none for what happens to the network.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match *self {
            Action::Crash(node)
            | Action::Restart(node)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::LoseDisk(node)
            | Action::SetClock { node, .. }
            | Action::Request { node, .. } => Some(node),
            Action::Cut { .. } | Action::Heal { .. } => None,
        }
    }
}

impl Edit {
    /// Whether every number is inside its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), Invalid> {
        match *self {
            Edit::Deliver { message, at } => check_message(message).and(check_time(at)),
            Edit::Drop { message } => check_message(message),
            Edit::Duplicate { copy, at } => {
                if copy.copy == 0 || copy.copy == MessageId::LINK_COPY {
                    return Err(Invalid::range("copy's number", copy.copy.into(), 1, 254));
                }
                check_message(copy).and(check_time(at))
            }
            Edit::Fire { timer, at } => check_node(timer.node).and(check_time(at)),
            Edit::CrashDuring { handling, .. } => match handling {
                Handling::Message(message) => check_message(message),
                Handling::Timer(timer) => check_node(timer.node),
                Handling::Request(request) => check_node(request.node),
            },
            Edit::At { at, action } => check_time(at).and(action.check()),
        }
    }
}

impl Action {
    /// Whether every number is inside its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), Invalid> {
        if let Some(node) = self.node() {
            check_node(node)?;
        }
        let Action::SetClock { jump_micros, drift_ppm, .. } = *self else { return Ok(()) };
        if i64::from(jump_micros).abs() > MAX_CLOCK_OFFSET_MICROS {
            let most = MAX_CLOCK_OFFSET_MICROS as u64;
            return Err(Invalid::range(
                "clock's jump in microseconds, either way,",
                jump_micros.unsigned_abs().into(),
                0,
                most,
            ));
        }
        if i64::from(drift_ppm).abs() > i64::from(MAX_CLOCK_DRIFT_PPM) {
            let most = MAX_CLOCK_DRIFT_PPM as u64;
            return Err(Invalid::range(
                "clock's drift in millionths, either way,",
                drift_ppm.unsigned_abs().into(),
                0,
                most,
            ));
        }
        Ok(())
    }
}

fn check_node(node: NodeId) -> Result<(), Invalid> {
    if node.0 < MAX_NODES { Ok(()) } else { Err(Invalid::Node { number: node.0 }) }
}

fn check_message(message: MessageId) -> Result<(), Invalid> {
    check_node(message.from).and(check_node(message.to))
}

fn check_time(at: Time) -> Result<(), Invalid> {
    if at <= MAX_HORIZON {
        return Ok(());
    }
    Err(Invalid::range("time of an edit in ms", at.micros() / 1_000, 0, MAX_HORIZON.micros() / 1_000))
}
