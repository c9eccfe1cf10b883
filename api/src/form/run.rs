//! A run: every event with its cause and what it did, messages, timers, states on demand, verdicts.

use super::edit::Edit;
use super::history::History;
use super::number::Millis;
use super::scenario::Scenario;
use super::verdict::{Outcome, Verdict};

objects! {
    /// A run, from its first event to its last.
    pub struct Trace {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// What was run.
        pub scenario: Scenario,
        /// A hash of every event and what it did, as 16 hexadecimal digits: two runs with the same digest are the same.
        pub digest: String,
        /// How the run ended.
        pub ending: Ending,
        /// Which limit the run met and when, as a sentence.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub stopped: Option<String>,
        /// The nodes and clients.
        pub lanes: Vec<Lane>,
        /// Every event, in order. Other parts name an event by its place here, from 0.
        pub events: Vec<Event>,
        /// Every message, in order of sending.
        pub messages: Vec<Message>,
        /// Every timer, in order of arming.
        pub timers: Vec<Timer>,
        /// Every change of a node's role or epoch, in order.
        pub statuses: Vec<Status>,
        /// Every condition that begins or ends on a node, in order.
        pub conditions: Vec<Condition>,
        /// What became of each edit: of the script, then of the moves.
        pub edits: Vec<Outcome>,
        /// One verdict for each promise.
        pub verdicts: Vec<Verdict>,
        /// What clients asked and were told, of operations that have a key.
        pub history: History,
    }

    /// A node or a client.
    pub struct Lane {
        /// Its name: `S1`.
        pub name: String,
        /// Whether it is a client.
        pub client: bool,
    }

    /// One step of one node, or of the network.
    pub struct Event {
        /// When it happened.
        pub at: Millis,
        /// The node; none for what happened to the network.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub node: Option<String>,
        /// What made it happen.
        pub cause: Cause,
        /// Who decided that it happens, or when.
        pub source: Source,
        /// The event that sent the message or armed the timer.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub caused_by: Option<u32>,
        /// The node's event before this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub previous: Option<u32>,
        /// Its Lamport timestamp.
        pub lamport: u32,
        /// What it did, in order.
        pub did: Vec<Deed>,
        /// The node's state after the event, if states were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub state: Option<State>,
    }

    /// A message.
    pub struct Message {
        /// Its name, as edits say it: `S5>S3 Vote#1`.
        pub name: String,
        /// The sender.
        pub from: String,
        /// The receiver.
        pub to: String,
        /// Its kind: `Vote`.
        pub kind: String,
        /// What it says, in words.
        pub label: String,
        /// Why it says no.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub refusal: Option<String>,
        /// The event that sent it.
        pub sent_by: u32,
        /// When it was sent.
        pub sent: Millis,
        /// When it arrives, or would have arrived if it were not lost.
        pub arrives: Millis,
        /// Who decided when, whether or that it arrives.
        pub source: Source,
        /// What became of it.
        pub fate: Fate,
        /// The event at which it arrived.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub received_by: Option<u32>,
    }

    /// A timer.
    pub struct Timer {
        /// Its name, as edits say it: `S2 Election#3`.
        pub name: String,
        /// The node.
        pub node: String,
        /// Its kind: `Election`.
        pub kind: String,
        /// The event that armed it.
        pub armed_by: u32,
        /// When it was armed.
        pub armed: Millis,
        /// When it is due.
        pub due: Millis,
        /// Who decided when it is due.
        pub source: Source,
        /// What became of it.
        pub fate: TimerFate,
        /// The event at which it fired, or was disarmed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub ended_by: Option<u32>,
    }

    /// A change of a node's role or epoch.
    pub struct Status {
        /// The event that changed it.
        pub event: u32,
        /// The node.
        pub node: String,
        /// Whether the node runs from this event on.
        pub up: bool,
        /// Its role: `follower`. Empty if roles do not differ.
        pub role: String,
        /// Its epoch (term, ballot); 0 if it has none.
        pub epoch: u32,
        /// What its role weighs.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub weight: Option<Weight>,
    }

    /// A condition that begins or ends on a node.
    pub struct Condition {
        /// The event after which it holds, or holds no longer.
        pub event: u32,
        /// The node.
        pub node: String,
        /// What kind of condition it is.
        pub kind: ConditionKind,
        /// The condition in words: "x locked by T1".
        pub words: String,
        /// Whether it begins or ends here.
        pub change: Begins,
    }

    /// A node's state in the field's words; of a stopped node, what is on its disk.
    pub struct State {
        /// Whether the node runs.
        pub up: bool,
        /// One or two facts: "log 3, commit 3".
        pub summary: String,
        /// Values with their names.
        pub facts: Vec<Fact>,
        /// Logs, queues and tables.
        pub tables: Vec<Table>,
    }

    /// A value of a state.
    pub struct Fact {
        /// Its name.
        pub name: String,
        /// The value, in words.
        pub value: String,
    }

    /// A log, queue or table of a state.
    pub struct Table {
        /// Its name: "Log".
        pub name: String,
        /// The columns' names; the first names the rows.
        pub columns: Vec<String>,
        /// Its rows, in order.
        pub rows: Vec<Row>,
    }

    /// A row of a table.
    pub struct Row {
        /// The epoch that it belongs to; 0 if none.
        pub epoch: u32,
        /// One text for each column.
        pub cells: Vec<String>,
        /// Whether it is settled: committed, decided.
        pub settled: bool,
    }
}

words! {
    /// How a run ended.
    pub enum Ending {
        /// At its horizon, with more to come.
        Horizon,
        /// Nothing more can happen.
        Quiet,
        /// A limit was met.
        Limit,
    }

    /// Who decides that something happens, or when.
    pub enum Source {
        /// Chance, or the protocol itself.
        Run,
        /// The scenario's script.
        Script,
        /// The reader, by a move.
        Moves,
    }

    /// What became of a message.
    pub enum Fate {
        /// Under way when the run ended.
        InFlight,
        /// It arrived.
        Delivered,
        /// Lost by chance.
        LostByLink,
        /// Lost by an edit.
        Dropped,
        /// The link was cut when it was sent.
        CutAtSending,
        /// The link was cut when it arrived.
        CutAtArrival,
        /// It reached a stopped node.
        ReachedStopped,
    }

    /// What became of a timer.
    pub enum TimerFate {
        /// Armed when the run ended.
        Armed,
        /// It fired.
        Fired,
        /// Disarmed, armed anew or lost in a crash.
        Disarmed,
    }

    /// What a role weighs.
    pub enum Weight {
        /// The node follows, or has no special role.
        Follows,
        /// It stands for a role that it does not have yet.
        Stands,
        /// It leads or coordinates.
        Leads,
        /// It is a client.
        Client,
    }

    /// What kind of condition it is.
    pub enum ConditionKind {
        /// The node holds a lock for somebody.
        Locked,
        /// Somebody waits here for something.
        Waits,
        /// The node has promised and does not know the decision.
        InDoubt,
        /// A message has arrived and is not delivered yet.
        HeldBack,
        /// Something is in the node's queue.
        Queued,
        /// One of several values of which none supersedes another.
        Sibling,
    }

    /// Whether something begins or ends.
    pub enum Begins {
        /// It begins.
        Begins,
        /// It ends.
        Ends,
    }

    /// A protocol's own mark.
    pub enum Mark {
        /// A request is taken in.
        Received,
        /// In the log, not yet decided.
        Appended,
        /// Committed or decided.
        Committed,
        /// Aborted.
        Aborted,
        /// Handed to the application.
        Delivered,
        /// The state machine moved on.
        Applied,
        /// Leading starts.
        Elected,
        /// A turning point of another kind.
        Turning,
    }

    /// What a client is told.
    pub enum AnswerWord {
        /// It is done.
        Done,
        /// A value; nothing, if there is none beside.
        Value,
        /// It was refused.
        Refused,
    }
}

/// What makes an event happen.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Cause {
    /// The node starts at the beginning of the run.
    Start {},
    /// A message arrives.
    Message {
        /// Its name.
        message: String,
    },
    /// A timer fires.
    Timer {
        /// Its name.
        timer: String,
    },
    /// An edit says so.
    Edit {
        /// The edit.
        edit: Edit,
    },
    /// A log says so that was recorded elsewhere.
    Recorded {},
}

/// Something that an event did.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Deed {
    /// Sent a message.
    Sent {
        /// Its name.
        message: String,
    },
    /// Armed a timer.
    Armed {
        /// Its name.
        timer: String,
    },
    /// Disarmed a timer.
    Disarmed {
        /// Its name.
        timer: String,
    },
    /// Wrote stable storage.
    Persisted {},
    /// Answered a request.
    Replied {
        /// The request's name: `c1#2`.
        request: String,
        /// What the client is told.
        answer: AnswerWord,
        /// The value, if the answer is one and there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        value: Option<i32>,
    },
    /// Put a mark on the node's lane.
    Marked {
        /// The mark.
        mark: Mark,
        /// What it stands for, in words.
        words: String,
    },
    /// Stated a fact, as judges read it.
    Happened {
        /// The fact's name: `Stamped`.
        fact: String,
        /// The fact in words, if it is shown.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        words: Option<String>,
    },
    /// Ignored the message or the timer.
    Ignored {
        /// Why.
        why: String,
    },
    /// Made the node hold a belief.
    Believes {
        /// The belief: `vote`.
        belief: String,
    },
    /// Was evidence for a belief.
    SpeaksFor {
        /// The belief.
        belief: String,
    },
    /// The node crashed here, inside its handler.
    Crashed {},
    /// A message that waited at the node was lost with it.
    LostWaiting {
        /// Its name.
        message: String,
    },
    /// Received one more message.
    Heard {
        /// Its name.
        message: String,
    },
    /// A line of a recorded log tells of the event.
    Recorded {
        /// The line's number, from 1.
        line: u32,
        /// What it says.
        text: String,
    },
}
