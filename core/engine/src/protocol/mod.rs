//! What an author writes against, and the types in which a run is told.
//!
//! To be read in this order: the [`Specification`] and its [`Assumptions`]; what a run shows of its nodes ([`Lane`],
//! [`Mark`], [`Inspection`]); messages ([`Message`]), stable storage ([`Durable`]) and facts ([`Fact`]); edits and events;
//! the state machine itself ([`Protocol`]) and its [`Observer`]; and [`AnyProtocol`], by which the engine knows a protocol.
//! The macros of [`vocabulary`] declare most of this in few words.

mod assumptions;
mod author;
mod durable;
mod edit;
mod effect;
mod erased;
mod event;
mod fact;
mod invalid;
mod message;
mod node;
mod observer;
mod shown;
mod specification;
pub mod vocabulary;

pub use assumptions::{Assumptions, Clocks, Crashes, Delays, Departure, Disks, Links};
pub use author::{Out, Protocol, Timer};
pub use durable::{AnyDurable, Durable};
pub use edit::{Action, Edit, Handling};
pub use effect::Effect;
pub use erased::{AnyObserver, AnyProtocol, Erased, Occurrence, Protocols, Watch, by_id, by_number};
pub use event::{Cause, Happening, Loss, Sent, Source};
pub use fact::{AnyFact, Fact, NoFact};
pub use invalid::Invalid;
pub use message::{AnyMessage, Kind, Message, Payload, Style};
pub use node::{Context, Node, Nodes};
pub use observer::{Breach, Finding, Findings, Goal, Judgement, Observer, Reached, Seen, Unhashed, View, Witness};
pub use shown::{Accepts, Belief, Condition, ConditionKind, Inspection, Lane, LaneStatus, Mark, Row, Table, Weight};
pub use specification::{
    Argument, Command, Flaw, FlawSet, Parameter, Property, Settings, Specification, Unit, When, place,
};
