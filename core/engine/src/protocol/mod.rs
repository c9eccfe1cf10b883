//! What an author of a protocol sees, and the words in which a run is told.
//!
//! In this order: the [`Specification`] and its [`Assumptions`]; what runs show ([`Lane`], [`Mark`], [`Inspection`]); what travels ([`Message`]), what
//! survives ([`Durable`]) and what happens ([`Fact`]); edits and events; the state machine itself ([`Protocol`]) with its
//! [`Observer`]; and [`AnyProtocol`], which is all that the engine knows of one. The [`vocabulary`] writes most of it down in
//! few words.

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
pub use observer::{Breach, Evidence, Finding, Findings, Observer, Seen, Unhashed, View};
pub use shown::{Accepts, Belief, Condition, ConditionKind, Inspection, Lane, LaneStatus, Mark, Row, Table, Weight};
pub use specification::{
    Argument, Command, Flaw, FlawSet, Parameter, Property, Settings, Specification, Unit, When, place,
};
