//! Short ways to write lanes, their status, tables and breaches.

use crate::id::{EventIndex, NodeId};
use crate::protocol::{Accepts, Breach, Durable, Inspection, Lane, LaneStatus, Row, Table, Weight, Witness};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

/// The stable storage of a protocol that persists nothing.
impl Durable for () {
    fn inspect(&self, _: &mut Inspection) {}
}

impl Lane {
    /// Lanes of nodes: `S1`, `S2` … for `"S"`.
    pub fn nodes(letter: &'static str, count: u8, accepts: &'static [Accepts]) -> impl Iterator<Item = Lane> {
        (1..=count).map(move |number| Lane { name: format!("{letter}{number}"), client: false, accepts })
    }

    /// Lanes of clients: `c1`, `c2` …
    pub fn clients(count: u8, accepts: &'static [Accepts]) -> impl Iterator<Item = Lane> {
        (1..=count).map(move |number| Lane { name: format!("c{number}"), client: true, accepts })
    }
}

impl LaneStatus {
    /// A node without a role.
    pub const NODE: LaneStatus = LaneStatus { role: "", weight: Weight::Follows, epoch: 0 };
    /// A client: a thin line, without a role.
    pub const CLIENT: LaneStatus = LaneStatus { role: "", weight: Weight::Client, epoch: 0 };
}

impl Inspection {
    /// Adds a named value.
    pub fn fact(&mut self, name: &'static str, value: impl Display) {
        self.add(name, value.to_string());
    }

    // Not inlined: many places call it, and none needs speed.
    #[inline(never)]
    fn add(&mut self, name: &'static str, value: String) {
        self.facts.push((name, value));
    }

    /// Adds a named value, if there is one.
    pub fn maybe(&mut self, name: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.fact(name, value.to_string());
        }
    }

    /// Adds a named number, unless it is 0.
    pub fn count(&mut self, name: &'static str, number: usize) {
        self.maybe(name, Some(number).filter(|number| *number > 0));
    }

    /// Adds named values in a row: "(1, 1), (2, 1)", or "none".
    pub fn list(&mut self, name: &'static str, values: impl IntoIterator<Item = impl Display>) {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        self.fact(name, if values.is_empty() { "none".into() } else { values.join(", ") });
    }

    /// Adds a log, queue or table, unless it is empty.
    pub fn table(&mut self, name: &'static str, columns: &'static [&'static str], rows: impl IntoIterator<Item = Row>) {
        let rows: Vec<Row> = rows.into_iter().collect();
        if !rows.is_empty() {
            self.tables.push(Table { name, columns, rows });
        }
    }
}

impl Row {
    /// A row that is settled and of no epoch.
    #[must_use]
    pub fn of(cells: Vec<String>) -> Row {
        Row { epoch: 0, cells, settled: true }
    }

    /// The row as one of this epoch.
    #[must_use]
    pub fn in_epoch(self, epoch: u32) -> Row {
        Row { epoch, ..self }
    }

    /// The row, settled or else set lighter.
    #[must_use]
    pub fn settled_if(self, settled: bool) -> Row {
        Row { settled, ..self }
    }
}

impl Breach {
    /// A breach with its sentence, which says who contradicts whom, and the nodes and events that do.
    #[must_use]
    pub fn of(
        sentence: String,
        nodes: impl IntoIterator<Item = NodeId>,
        events: impl IntoIterator<Item = impl Into<EventIndex>>,
    ) -> Breach {
        let (nodes, events) = (nodes.into_iter().collect(), events.into_iter().map(Into::into).collect());
        Breach { sentence, nodes, events }
    }
}

/// The event that the observer remembered.
impl From<Witness> for EventIndex {
    fn from(witness: Witness) -> EventIndex {
        witness.0
    }
}
