//! A node's state in the field's words.

use super::TwoPhaseCommit;
use super::client::Client;
use super::coordinator::Coordinator;
use super::log::{Kept, Record, Work};
use super::observer::name;
use super::participant::Participant;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use lightcone_engine::id::NodeSet;
use lightcone_engine::operation::Key;
use lightcone_engine::protocol::{Durable, Inspection, Row, Table};

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

fn names(nodes: NodeSet) -> String {
    if nodes.is_empty() { "nobody".into() } else { list(nodes.iter().map(name)) }
}

fn keys(work: &Work) -> String {
    list(work.locks.iter().map(Key::to_string))
}

/// The log; decisions are settled. With a column of places it stands alone: no two logs agree place by place.
fn log_table(kept: &Kept) -> Table {
    let row = |(place, record): (usize, &Record)| {
        let (what, transaction) = match record {
            Record::Start { transaction, participants } => {
                (format!("start, asks {}", names(*participants)), *transaction)
            }
            Record::Prepared(work) => (format!("yes, holds {}", keys(work)), work.transaction),
            Record::Committed(transaction) => ("commit".into(), *transaction),
            Record::Aborted(transaction) => ("abort".into(), *transaction),
            Record::Ended(transaction) => ("end".into(), *transaction),
        };
        let settled = kept.decision(transaction).is_some();
        Row { epoch: 0, cells: vec![(place + 1).to_string(), transaction.to_string(), what], settled }
    };
    Table {
        name: "Log",
        columns: &["Place", "Transaction", "Record"],
        rows: kept.log.iter().enumerate().map(row).collect(),
    }
}

impl Durable for Kept {
    fn inspect(&self, view: &mut Inspection) {
        if self.begun > 0 {
            view.fact("Transactions begun", self.begun.to_string());
        }
        if !self.rows.is_empty() {
            view.fact("Rows", list(self.rows.iter().map(|(key, value)| format!("{key} = {value}"))));
        }
        view.tables.push(log_table(self));
    }
}

impl TwoPhaseCommit {
    /// The coordinator, if it is one.
    #[must_use]
    pub fn coordinator(&self) -> Option<&Coordinator> {
        if let TwoPhaseCommit::Coordinator(coordinator) = self { Some(coordinator) } else { None }
    }

    /// The client, if it is one.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        if let TwoPhaseCommit::Client(client) = self { Some(client) } else { None }
    }

    /// The participant, if it is one.
    #[must_use]
    pub fn participant(&self) -> Option<&Participant> {
        if let TwoPhaseCommit::Participant(participant) = self { Some(participant) } else { None }
    }
}

impl Coordinator {
    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match (self.voting.first(), self.telling.first()) {
            (Some(voting), _) => {
                format!("{}: {} of {} yes", voting.transaction, voting.yes.len(), voting.participants.len())
            }
            (None, Some((transaction, _))) => format!("{transaction} committed"),
            (None, None) => "no vote".into(),
        };
        for voting in &self.voting {
            let missing = NodeSet(voting.participants.0 & !voting.yes.0);
            view.fact(
                "Votes",
                format!("{}: yes from {}, waits for {}", voting.transaction, names(voting.yes), names(missing)),
            );
        }
        for (transaction, unaware) in &self.telling {
            view.fact("Not acknowledged", format!("{transaction} by {}", names(*unaware)));
        }
        view.tables.push(log_table(&self.kept));
    }
}

impl Participant {
    pub(super) fn inspect(&self, view: &mut Inspection) {
        let held = list(self.working().map(keys));
        view.summary = match (self.in_doubt.is_empty(), held.is_empty()) {
            (false, _) => format!("voted yes, holds {held}"),
            (true, false) => format!("holds {held}"),
            (true, true) => "no locks".into(),
        };
        if !self.in_doubt.is_empty() {
            view.fact("In doubt about", list(self.in_doubt.iter().map(|work| work.transaction.to_string())));
        }
        for work in self.working() {
            let writes = list(work.writes.iter().map(|(key, value)| format!("{key} = {value}")));
            view.fact(
                "Would write",
                format!("{}: {}", work.transaction, if writes.is_empty() { "nothing".into() } else { writes }),
            );
        }
        self.inspect_rows(view);
        view.tables.push(log_table(&self.kept));
    }

    /// Every row that has a value or a lock, with who holds it and who waits for it.
    fn inspect_rows(&self, view: &mut Inspection) {
        let mut rows: Vec<Key> = self.kept.rows.iter().map(|(key, _)| *key).collect();
        rows.extend(self.working().flat_map(|work| &work.locks));
        lightcone_engine::sorted_map::insertion_sort(&mut rows);
        rows.dedup();
        let row = |key: Key| {
            let value = self.kept.rows.get(&key).map_or(String::new(), |value| value.to_string());
            let holder = self.holder(key);
            let waits = self.waiting.iter().filter(|waiting| waiting.key() == key);
            let cells = vec![
                key.to_string(),
                value,
                holder.map_or(String::new(), |holder| holder.to_string()),
                list(waits.map(|waiting| waiting.transaction.to_string())),
            ];
            Row { epoch: 0, cells, settled: holder.is_none() }
        };
        let rows: Vec<Row> = rows.into_iter().map(row).collect();
        if !rows.is_empty() {
            view.tables.push(Table { name: "Rows", columns: &["Row", "Value", "Locked by", "Wait"], rows });
        }
    }
}

impl Client {
    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match (self.current, self.begun) {
            (None, None) => "idle".into(),
            (None, Some(begun)) => format!("in {}", begun.transaction),
            (Some(_), _) => "waits for an answer".into(),
        };
        if let Some(begun) = self.begun {
            let doomed = if begun.doomed { ", can only abort" } else { "" };
            view.fact("Transaction", format!("{}{doomed}", begun.transaction));
        }
        if let Some((_, operation)) = self.current {
            view.fact("Waits for", operation.key().map_or("the outcome".into(), |_| operation.to_string()));
        }
        if !self.queue.is_empty() {
            view.fact("Still to ask", self.queue.len().to_string());
        }
    }
}
