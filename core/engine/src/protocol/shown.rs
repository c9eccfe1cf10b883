//! What a run shows of its nodes: lanes and their status, marks, conditions, and states in the field's words.

use crate::phrase::Phrase;
use alloc::string::String;
use alloc::vec::Vec;

/// A lane of the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name: `S1`, `c1`. Letters and digits; unique in the run.
    pub name: String,
    /// Whether it is a client. A client's lane is drawn thin, with its operations as boxes.
    pub client: bool,
    /// The operations that the lane accepts.
    pub accepts: &'static [Accepts],
}

/// A form of operation that a lane accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// [`Operation::Read`](crate::operation::Operation::Read).
    Read,
    /// [`Operation::Write`](crate::operation::Operation::Write).
    Write,
    /// [`Operation::Add`](crate::operation::Operation::Add).
    Add,
    /// [`Operation::CompareAndSet`](crate::operation::Operation::CompareAndSet).
    CompareAndSet,
    /// [`Operation::Command`](crate::operation::Operation::Command) with this verb.
    Command(u8),
}

/// How a lane looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneStatus {
    /// The name of the node's role: "follower". Empty if roles do not differ.
    pub role: &'static str,
    /// How heavy its line is.
    pub weight: Weight,
    /// The epoch's number; 0 if it has none.
    pub epoch: u32,
}

/// How heavy a lane's line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// The node follows, or has no special role.
    Follows,
    /// The node stands for a role that it does not have yet.
    Stands,
    /// The node leads or coordinates.
    Leads,
    /// A client: a thin line.
    Client,
}

/// A protocol's own mark on a lane. Crashes, sends and arrivals are drawn without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A request is taken in: open ring.
    Received,
    /// In the log, not yet decided: open square.
    Appended,
    /// Committed or decided: filled diamond.
    Committed,
    /// Aborted: open diamond.
    Aborted,
    /// Handed to the application: shield.
    Delivered,
    /// The state machine moved on: filled dot.
    Applied,
    /// Leading starts: flag.
    Elected,
    /// A turning point without a sign: only its label is drawn.
    Turning,
}

/// A condition that holds on a lane for a while. Two conditions with the same words are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How it is drawn.
    pub what: ConditionKind,
    /// The condition in words: "x locked by T1".
    pub phrase: Phrase,
}

/// The kind of a [`Condition`], which decides how it is drawn: from the event that begins it to the event that ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConditionKind {
    /// The node holds a lock for somebody: a ribbon above the lane.
    Locked,
    /// Somebody waits here for something: a dashed line under the lane.
    Waits,
    /// The node has promised and does not know the decision: the lane is hatched.
    InDoubt,
    /// A message has arrived and is not delivered yet: a dashed line from its arrival to its delivery. The condition begins
    /// with the event that receives the message.
    HeldBack,
    /// Something is in the node's queue: a bar under the lane with its name. They are pushed in the queue's order: the next to
    /// leave it is pushed first and lies nearest the lane.
    Queued,
    /// One of several values that the node keeps because none of them supersedes another: the lane forks into one line a value,
    /// in the order in which they are pushed. A value that stands alone is no condition.
    Sibling,
}

/// Something that a node believes and that a reader may ask about. A belief is a noun that fits *Why this … of S1?*, such as
/// `vote` or `commit`. The belief `role` asks *Why does S1 believe it is …?* with the role of the node's status.
pub type Belief = &'static str;

/// A node's state in the field's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// One or two facts for the lane head: "log 3, commit 3".
    pub summary: String,
    /// Values with their names, in the order in which they are shown.
    pub facts: Vec<(&'static str, String)>,
    /// Logs, queues and tables.
    pub tables: Vec<Table>,
}

/// A log, queue or table of an [`Inspection`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name: "Log".
    pub name: &'static str,
    /// The columns' names; the first names the rows.
    pub columns: &'static [&'static str],
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The epoch that the row belongs to, shown as a chip in the epoch's tint; 0 if none.
    pub epoch: u32,
    /// One text for each column.
    pub cells: Vec<String>,
    /// Whether the row is settled (committed, decided). Other rows are set lighter.
    pub settled: bool,
}
