//! What nearly every protocol needs, in one line: `use crate::prelude::*;`.
//!
//! The names that a protocol gives to its own parts (`Config`, `Message`, `Timer`, `Fact`, `Flaw`, `Promise`, `Command`,
//! `Stable`) are left free: the vocabulary's macros declare them. The traits behind them are here without their names.

pub use crate::fact::{Fact as _, NoFact};
pub use crate::id::{EventIndex, MessageId, NodeId, NodeSet, PerNode, RequestId};
pub use crate::operation::{Answer, Key, Operation, Value};
pub use crate::phrase::Phrase;
pub use crate::property::{Breach, Evidence, Findings, Observer, Seen, Unhashed, View};
pub use crate::protocol::{
    Accepts, Condition, ConditionKind, Durable, Inspection, Lane, LaneStatus, Mark, Message as _, Out, Protocol, Row,
    Settings, Specification, Timer as _, Weight,
};
pub use crate::table::{Bag, Table};
pub use crate::time::{Moment, Time};
pub use crate::vocabulary::{Blank, NoTimer};
pub use crate::world::{Cause, Happening};
pub use crate::{choices, commands, facts, flaws, knobs, messages, phrase, promises, timers};
pub use alloc::collections::VecDeque;
pub use alloc::string::{String, ToString};
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
pub use core::fmt;
pub use core::hash::{Hash, Hasher};
