//! What a crash leaves: the log of each node and the rows of a participant.
//!
//! Every record is forced: it is on disk before the handler does anything else. What must be written when, by the book's
//! rules for the log (BHG §7.4) and R\*:
//!
//! | record          | written by  | when                                      | handler                     |
//! |-----------------|-------------|-------------------------------------------|-----------------------------|
//! | start           | coordinator | before or after Prepare is sent           | `Coordinator::start`        |
//! | yes             | participant | **before** Yes is sent                    | `Participant::vote`         |
//! | commit          | coordinator | **before** Commit is sent                 | `Coordinator::commit`       |
//! | abort           | coordinator | before or after Abort is sent             | `Coordinator::abort`        |
//! | abort           | participant | before or after No is sent                | `Participant::decide`       |
//! | commit or abort | participant | when told; before a commit's Acknowledge  | `Participant::decide`       |
//! | end (R\*)       | coordinator | when all have acknowledged a commit       | `Coordinator::acknowledged` |
//!
//! Log and rows are written together, so that neither undo nor redo is needed: what is in the log is in the rows.

use super::*;

/// What a participant has done for a transaction and not yet made final.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Work {
    /// For which transaction.
    pub transaction: Transaction,
    /// Everybody who takes part; empty until the coordinator says so.
    pub participants: NodeSet,
    /// The rows it has locked, in the order in which it did.
    pub locks: Vec<Key>,
    /// The values it writes if it commits.
    pub writes: SortedMap<Key, Value>,
    /// How many operations it has done.
    pub operations: u16,
}

/// A record of a log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The coordinator asks these for their votes (BHG §7.4: start-2PC).
    Start(Transaction, NodeSet),
    /// The participant votes yes (BHG §7.4: yes record), and keeps what it needs to commit.
    Prepared(Work),
    /// It is decided (BHG §7.4: commit record, abort record).
    Decided(Transaction, Decision),
    /// Every participant has acknowledged that it is committed (R\*: end record).
    Ended(Transaction),
}

/// What a crash leaves.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// A coordinator's or participant's log, oldest first.
    pub log: Vec<Record>,
    /// A participant's rows: what committed transactions wrote.
    pub rows: SortedMap<Key, Value>,
    /// How many transactions a client has begun.
    pub begun: u16,
}

impl Stable {
    /// Force-writes a record (R\*): it is on disk before anything that the handler does after this.
    pub(super) fn force(&mut self, record: Record, out: &mut Out<'_>) {
        self.log.push(record);
        out.persist(self.clone());
    }

    /// What was decided about it, if anything; the last word counts.
    pub fn decision(&self, transaction: Transaction) -> Option<Decision> {
        self.log.iter().rev().find_map(|record| match *record {
            Record::Decided(each, decision) if each == transaction => Some(decision),
            _ => None,
        })
    }

    /// Whether every participant has acknowledged it.
    pub fn ended(&self, transaction: Transaction) -> bool {
        self.log.contains(&Record::Ended(transaction))
    }

    /// What the coordinator has started, with those it asks.
    pub fn started(&self) -> impl Iterator<Item = (Transaction, NodeSet)> {
        self.log.iter().filter_map(|each| if let Record::Start(id, all) = *each { Some((id, all)) } else { None })
    }

    /// What the participant has voted yes on and has no decision about.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Work> {
        let yes = self.log.iter().filter_map(|each| if let Record::Prepared(work) = each { Some(work) } else { None });
        yes.filter(|work| self.decision(work.transaction).is_none())
    }

    /// Shows the log; what is decided is settled. The column of places sets it apart from other logs: no two agree
    /// place by place.
    pub(super) fn inspect_log(&self, view: &mut Inspection) {
        let row = |(place, record): (usize, &Record)| {
            let (transaction, what) = match record {
                Record::Start(transaction, all) => (transaction, format!("start, asks {}", names(*all, "and"))),
                Record::Prepared(work) => (&work.transaction, format!("yes, holds {}", joined(&work.locks))),
                Record::Decided(transaction, Commit) => (transaction, "commit".into()),
                Record::Decided(transaction, Abort) => (transaction, "abort".into()),
                Record::Ended(transaction) => (transaction, "end".into()),
            };
            let row = Row::of(vec![(place + 1).to_string(), transaction.to_string(), what]);
            row.settled_if(self.decision(*transaction).is_some())
        };
        view.table("Log", &["Place", "Transaction", "Record"], self.log.iter().enumerate().map(row));
    }
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.count("Transactions begun", self.begun.into());
        view.maybe("Rows", Some(assignments(&self.rows)).filter(|_| !self.rows.is_empty()));
        self.inspect_log(view);
    }
}

/// "x = 1, y = 2".
pub(super) fn assignments(rows: &SortedMap<Key, Value>) -> String {
    joined(rows.iter().map(|(key, value)| format!("{key} = {value}")))
}

/// "x, y".
pub(super) fn joined(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
