//! What a run shows of its nodes: lanes, their status, marks, conditions, and states in the field's words.

use crate::phrase::Phrase;
use alloc::string::String;
use alloc::vec::Vec;

/// A lane of the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name: `S1`, `c1`. Letters and digits; unique in the run.
    pub name: String,
    /// Whether it is a client: drawn thin, its operations as boxes.
    pub client: bool,
    /// What may be asked of it.
    pub accepts: &'static [Accepts],
}

/// A form of operation that a lane accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// [`Operation::Read`].
    Read,
    /// [`Operation::Write`].
    Write,
    /// [`Operation::Add`].
    Add,
    /// [`Operation::CompareAndSet`].
    CompareAndSet,
    /// [`Operation::Command`] with this verb.
    Command(u8),
}

/// How a lane looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaneStatus {
    /// The role's word: "follower". Empty if there is nothing to say.
    pub role: &'static str,
    /// How heavy its line is.
    pub weight: Weight,
    /// The epoch's number; 0 if it has none.
    pub epoch: u32,
}

/// How heavy a lane's line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Follows, or has no special role.
    Follows,
    /// Stands for a role it does not have yet.
    Stands,
    /// Leads or coordinates.
    Leads,
    /// A client.
    Client,
}

/// What stands on a lane, apart from what the engine draws by itself.
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
    /// A turning point without a sign of its own: its label only.
    Turning,
}

/// Something that is so on a lane for a while. Two conditions with the same words are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How it is drawn.
    pub what: ConditionKind,
    /// What is so: "x locked by T1".
    pub phrase: Phrase,
}

/// What a [`Condition`] is; decides how it is drawn. From the event after which it is so to the event after which it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConditionKind {
    /// The node holds a lock for somebody: a ribbon above the lane.
    Locked,
    /// Somebody waits here for something: a dashed line under the lane.
    Waits,
    /// The node has promised and does not know the decision: the lane is hatched.
    InDoubt,
    /// A message has arrived and is not delivered yet: a dashed line from its arrival to its delivery. Begins at the event
    /// that receives the message.
    HeldBack,
}

/// Something that a node believes and that a reader may ask *why* about: a noun that fits *Why this … of S1?* (`vote`,
/// `commit`).
/// `role` asks *Why does S1 believe it is …?* with the role of its status.
pub type Belief = &'static str;

/// A node's state in the field's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// One or two facts for the lane head: "log 3, commit 3".
    pub summary: String,
    /// Named facts.
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
    /// The epoch it belongs to, shown as a chip on its tint; 0 if none.
    pub epoch: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// Whether it is settled (committed, decided); the rest is set lighter.
    pub settled: bool,
}
