//! What nearly every protocol needs, in one line: `use crate::prelude::*;`.
//!
//! A protocol declares parts with the names `Config`, `Message`, `Timer`, `Fact`, `Flaw`, `Promise`, `Command` and
//! `Stable`, by the vocabulary's macros. The prelude leaves these names free: it imports the traits of the same names
//! without their names.

pub use crate::id::{EventIndex, MessageId, NodeId, NodeSet, RequestId};
pub use crate::operation::{Answer, Key, Operation, Value};
pub use crate::per_node::PerNode;
pub use crate::phrase::Phrase;
pub use crate::protocol::vocabulary::{Blank, NoTimer};
pub use crate::protocol::{
    Accepts, Assumptions, Condition, ConditionKind, Durable, Inspection, Lane, LaneStatus, Mark, Message as _, Out,
    Protocol, Row, Settings, Specification, Timer as _, Weight,
};
pub use crate::protocol::{
    Breach, Fact as _, Findings, Goal, NoFact, Observer, Reached, Seen, Unhashed, View, Witness,
};
pub use crate::protocol::{Cause, Happening};
pub use crate::sorted_map::{Bag, SortedMap};
pub use crate::time::{Moment, Time};
pub use crate::{choices, commands, facts, flaws, knobs, messages, phrase, promises, timers};
pub use alloc::collections::VecDeque;
pub use alloc::string::{String, ToString};
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
pub use core::fmt;
pub use core::hash::{Hash, Hasher};
