//! Edits: the only way to change a run. They name what they change as the text form does.

use super::number::Millis;

/// One change of a run. Messages (`S5>S3 Vote#1`), timers (`S2 Election#3`), requests (`c1#2`) and nodes (`S1`) are named as in
/// the text form; a trace has these names.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Edit {
    /// A message arrives at another time.
    Deliver {
        /// The message.
        message: String,
        /// When it arrives.
        at: Millis,
    },
    /// A message is lost.
    Drop {
        /// The message.
        message: String,
    },
    /// A message arrives once more.
    Copy {
        /// The copy: the message's name, a dot and a number from 1.
        message: String,
        /// When the copy arrives.
        at: Millis,
    },
    /// A timer fires at another time.
    Fire {
        /// The timer.
        timer: String,
        /// When it fires.
        at: Millis,
    },
    /// A node crashes inside a handler.
    CrashDuring {
        /// What the handler handles.
        handling: Handling,
        /// How many of its effects still happen.
        after: u16,
    },
    /// A node stops; its memory is gone.
    Crash {
        /// When.
        at: Millis,
        /// The node.
        node: String,
    },
    /// A node starts again with what it had persisted.
    Restart {
        /// When.
        at: Millis,
        /// The node.
        node: String,
    },
    /// A node stands still without noticing it.
    Pause {
        /// When.
        at: Millis,
        /// The node.
        node: String,
    },
    /// A node that stood still goes on.
    Resume {
        /// When.
        at: Millis,
        /// The node.
        node: String,
    },
    /// A node loses its stable storage.
    LoseDisk {
        /// When.
        at: Millis,
        /// The node.
        node: String,
    },
    /// Links are cut.
    Cut {
        /// When.
        at: Millis,
        /// The nodes of one side.
        from: Vec<String>,
        /// The nodes of the other side.
        to: Vec<String>,
        /// Whether only messages from `from` to `to` are lost.
        #[serde(default)]
        one_way: bool,
    },
    /// Links carry messages again.
    Heal {
        /// When.
        at: Millis,
        /// The nodes of one side.
        from: Vec<String>,
        /// The nodes of the other side.
        to: Vec<String>,
        /// Whether only messages from `from` to `to` pass again.
        #[serde(default)]
        one_way: bool,
    },
    /// A node's own clock is set.
    Clock {
        /// When.
        at: Millis,
        /// The node.
        node: String,
        /// How far it jumps ahead.
        #[serde(default)]
        jump: Millis,
        /// How much faster than true time it runs from then on, in parts per million.
        #[serde(default)]
        drift: i32,
    },
    /// A client is asked for an operation.
    Request {
        /// When.
        at: Millis,
        /// The client.
        node: String,
        /// What it is asked for.
        operation: Operation,
    },
}

/// What a handler handles.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Handling {
    /// The arrival of this message.
    Message(String),
    /// The firing of this timer.
    Timer(String),
    /// This request.
    Request(String),
}

/// An operation that a client is asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Operation {
    /// Read a key.
    Read {
        /// The key: `x`.
        key: String,
    },
    /// Write a key.
    Write {
        /// The key.
        key: String,
        /// The new value.
        value: i32,
    },
    /// Add to a key's value.
    Add {
        /// The key.
        key: String,
        /// How much.
        amount: i32,
    },
    /// Write a key if it has an expected value.
    Cas {
        /// The key.
        key: String,
        /// The expected value.
        expected: i32,
        /// The new value.
        value: i32,
    },
    /// One of the protocol's own operations.
    Command {
        /// Its name: `transfer-to`.
        command: String,
        /// Its argument, if it takes one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        argument: Option<Operand>,
    },
}

/// The argument of a command.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged, expecting = "a whole number up to 255, or a node's name")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum Operand {
    /// A number.
    Number(u8),
    /// A node.
    Node(String),
}
