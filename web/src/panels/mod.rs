//! The panels around the figure: margin, sheet, transport, mini-map, verdicts, notices.

pub mod cut;
pub mod edit;
pub mod header;
pub mod list;
pub mod margin;
pub mod menu;
pub mod minimap;
pub mod notice;
pub mod player;
pub mod question;
pub mod search;
pub mod sheet;
pub mod steps;
pub mod tools;
pub mod transport;
pub mod verdicts;
