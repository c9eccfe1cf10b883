//! What nearly every protocol needs, in one line: `use crate::prelude::*;`.
//!
//! The names that a protocol gives to its own parts (`Config`, `Message`, `Timer`, `Fact`, `Flaw`, `Promise`, `Command`,
//! `Stable`) are left free: the vocabulary's macros declare them. The traits behind them are here without their names.

pub use crate::id::{EventIndex, MessageId, NodeId, NodeSet, PerNode, RequestId};
pub use crate::operation::{Answer, Key, Operation, Value};
pub use crate::phrase::Phrase;
pub use crate::protocol::vocabulary::{Blank, NoTimer};
pub use crate::protocol::{
    Accepts, Assumptions, Condition, ConditionKind, Durable, Inspection, Lane, LaneStatus, Mark, Message as _, Out,
    Protocol, Row, Settings, Specification, Timer as _, Weight,
};
pub use crate::protocol::{Breach, Evidence, Fact as _, Findings, NoFact, Observer, Seen, Unhashed, View};
pub use crate::protocol::{Cause, Happening};
pub use crate::table::{Bag, Table};
pub use crate::time::{Moment, Time};
pub use crate::{choices, commands, facts, flaws, knobs, messages, phrase, promises, timers};
pub use alloc::collections::VecDeque;
pub use alloc::string::{String, ToString};
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
pub use core::fmt;
pub use core::hash::{Hash, Hasher};
