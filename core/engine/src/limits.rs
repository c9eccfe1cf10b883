//! Every bound of the core, by name. A run that meets a bound stops and says which one it met.

use crate::time::Time;

/// Nodes of one run, clients included. [`crate::id::NodeSet`] is as wide.
pub const MAX_NODES: u8 = 16;
/// Events of one run.
pub const MAX_EVENTS: u32 = 50_000;
/// Messages and timers of one run.
pub const MAX_RECORDS: u32 = 200_000;
/// Messages in flight, armed timers and placed actions at one moment.
pub const MAX_PENDING: usize = 4_096;
/// Effects of one handler.
pub const MAX_EFFECTS: usize = 1_024;
/// Edits of one scenario: script and moves together.
pub const MAX_EDITS: usize = 1_000;
/// Lines in which a file of the gallery says what it expects.
pub const MAX_EXPECTATIONS: usize = 100;
/// Words of the field by which a file's run is found.
pub const MAX_TERMS: usize = 20;
/// Characters of a link. The longest that is written has a third of it.
pub const MAX_LINK_BYTES: usize = 64 * 1_024;
/// Bytes of a text. The longest that is written is as long as a thousand edits that each name every lane.
pub const MAX_TEXT_BYTES: usize = 256 * 1_024;
/// The length of a JSON text, in bytes.
pub const MAX_JSON_BYTES: usize = 1_024 * 1_024;
/// How deep lists and objects of a JSON text stand in each other.
pub const MAX_JSON_DEPTH: u32 = 32;
/// Lines of a text of which it is said that they cannot be read; what comes after the last of them is not read.
pub const MAX_TEXT_ERRORS: usize = 100;
/// Bytes of a scenario's title.
pub const MAX_TITLE_BYTES: usize = 120;
/// Bytes of a scenario's note.
pub const MAX_NOTE_BYTES: usize = 2_000;
/// Messages of a run that is written as a Mermaid diagram. With more, a diagram is unreadable.
pub const MAX_MERMAID_MESSAGES: usize = 1_500;
/// The longest run: ten minutes of virtual time.
pub const MAX_HORIZON: Time = Time::from_millis(600_000);
/// The shortest latency of a link. A message and its answer never share an instant.
pub const MIN_TRANSIT_MICROS: u64 = 100;
/// The shortest time-out. Time passes even if nodes do nothing but set timers.
pub const MIN_TIMEOUT_MICROS: u64 = 100;
/// The longest latency, time-out or bound of a model or an edit: the longest run.
pub const MAX_SPAN_MICROS: u64 = MAX_HORIZON.micros();
/// The largest clock offset, either way: one minute.
pub const MAX_CLOCK_OFFSET_MICROS: i64 = 60_000_000;
/// The largest clock drift, either way, in parts per million: a clock at half or one and a half times its speed.
pub const MAX_CLOCK_DRIFT_PPM: i32 = 500_000;
/// Events between two checkpoints of a trace.
pub const CHECKPOINT_EVENTS: u32 = 64;
/// Configurations tried to explain the history of each part of an object. One takes some tens of bytes.
pub const MAX_CHECKED_CONFIGURATIONS: usize = 1_000_000;
/// The same, where somebody waits for the answer: half a minute, and up to a gigabyte.
pub const MAX_AWAITED_CONFIGURATIONS: usize = 4_000_000;
/// Bytes of a history as text.
pub const MAX_HISTORY_BYTES: usize = 64 * 1_024 * 1_024;
/// Operations of a history that is read from text.
pub const MAX_HISTORY_OPERATIONS: usize = 200_000;
/// Forms of EDN in all values of a history, and in one operation. One takes some tens of bytes.
pub const MAX_HISTORY_FORMS: usize = 8_000_000;
/// The deepest nesting of brackets in a history as text.
pub const MAX_HISTORY_DEPTH: u32 = 32;
/// Bytes of a recorded log.
pub const MAX_LOG_BYTES: usize = 4 * 1_024 * 1_024;
/// Events of one execution of a recorded log: as many as a figure can scroll through.
pub const MAX_LOG_EVENTS: usize = 5_000;
/// Bytes of a recorded log in which an event is sought: its lines are no longer together.
pub const MAX_LOG_EVENT_BYTES: usize = 8 * 1_024;
/// Executions of a recorded log.
pub const MAX_LOG_EXECUTIONS: usize = 100;
/// Bytes of the program into which the expression of a recorded log is compiled. Together with the two bounds above it bounds
/// how long a log can take to read, whatever its expression.
pub const MAX_LOG_EXPRESSION_BYTES: usize = 32 * 1_024;
/// Faults of a recorded log that are told of each kind; of the others there is the number.
pub const MAX_LOG_FAULTS: usize = 5;
