//! The signs of the figure, each with its name and two sentences. The figure, the page of the grammar and whoever explains
//! a sign read them here.

use crate::read::sentences::{moment, timer, within};
use crate::view::Selection;
use lightcone_engine::{Time, Trace};

/// Everything in the figure that means something by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "each has its name and its sentences in the list below")]
pub enum Sign {
    Follows,
    Stands,
    Leads,
    Client,
    Epoch,
    Crash,
    Stopped,
    Restart,
    Paused,
    Cut,
    CutOneWay,
    Timer,
    Fired,
    Stored,
    DiskLost,
    ClockSet,
    Lock,
    InDoubt,
    Waits,
    HeldBack,
    Queued,
    Siblings,
    Operation,
    Effect,
    Received,
    Appended,
    Committed,
    Aborted,
    Delivered,
    Applied,
    Elected,
    Broken,
    Permission,
    Value,
    Decision,
    Beat,
    ToClient,
    Reply,
    Refusal,
    UnderWay,
    Lost,
    Dropped,
    ReachedStopped,
    MeetsCut,
    Ignored,
    Twice,
    Moved,
    WaitsForPaused,
    Now,
    Past,
    Future,
    FirstDifference,
    Ghost,
    End,
}

/// The chapters of the grammar, in order; each with its signs.
pub const CHAPTERS: [(&str, &[Sign]); 5] = [
    (
        "Lanes",
        &[
            Sign::Follows,
            Sign::Stands,
            Sign::Leads,
            Sign::Client,
            Sign::Epoch,
            Sign::Crash,
            Sign::Stopped,
            Sign::Restart,
            Sign::Paused,
            Sign::Cut,
            Sign::CutOneWay,
            Sign::Lock,
            Sign::InDoubt,
            Sign::Waits,
            Sign::HeldBack,
            Sign::Queued,
            Sign::Siblings,
            Sign::Operation,
            Sign::Effect,
        ],
    ),
    (
        "Marks on a lane",
        &[
            Sign::Timer,
            Sign::Fired,
            Sign::Stored,
            Sign::DiskLost,
            Sign::ClockSet,
            Sign::Received,
            Sign::Appended,
            Sign::Committed,
            Sign::Aborted,
            Sign::Delivered,
            Sign::Applied,
            Sign::Elected,
            Sign::Broken,
        ],
    ),
    (
        "Kinds of message",
        &[Sign::Permission, Sign::Value, Sign::Decision, Sign::Beat, Sign::ToClient, Sign::Reply, Sign::Refusal],
    ),
    (
        "What becomes of a message",
        &[
            Sign::UnderWay,
            Sign::Lost,
            Sign::Dropped,
            Sign::ReachedStopped,
            Sign::MeetsCut,
            Sign::Ignored,
            Sign::Twice,
            Sign::Moved,
            Sign::WaitsForPaused,
        ],
    ),
    ("Reading a run", &[Sign::Now, Sign::Past, Sign::Future, Sign::FirstDifference, Sign::Ghost, Sign::End]),
];

impl Sign {
    /// The sign's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.words().0
    }

    /// The sign in two sentences, of no run in particular.
    #[must_use]
    pub fn sentences(self) -> String {
        filled(self.words().1, &["", "", ""])
    }

    /// Whether a press on the sign is usually about something else: it is explained only to those who ask.
    #[must_use]
    pub fn is_quiet(self) -> bool {
        matches!(
            self,
            Sign::Follows
                | Sign::Client
                | Sign::Permission
                | Sign::Value
                | Sign::Decision
                | Sign::Beat
                | Sign::ToClient
                | Sign::Reply
                | Sign::Now
                | Sign::Past
                | Sign::Future
        )
    }

    /// A run of the gallery in which the sign occurs: its protocol and its own name in addresses.
    #[must_use]
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            Sign::Client
            | Sign::Operation
            | Sign::Effect
            | Sign::Appended
            | Sign::Committed
            | Sign::Value
            | Sign::ToClient => ("raft", "log-replication"),
            Sign::Crash
            | Sign::Stopped
            | Sign::Restart
            | Sign::Cut
            | Sign::CutOneWay
            | Sign::MeetsCut
            | Sign::ReachedStopped => ("raft", "figure-8"),
            Sign::Refusal => ("raft", "split-vote"),
            Sign::Broken => ("raft", "votes-twice-in-a-term"),
            Sign::ClockSet => ("raft", "lease-read-with-drifting-clock"),
            Sign::Lost | Sign::HeldBack => ("sequencer", "asks-for-what-it-misses"),
            Sign::Ignored => ("sequencer", "operator-promotes"),
            Sign::InDoubt => ("2pc", "coordinator-crashes-in-doubt"),
            Sign::Decision => ("2pc", "happy"),
            Sign::Lock | Sign::Waits => ("2pc", "two-at-once"),
            Sign::Aborted => ("2pc", "one-votes-no"),
            Sign::Delivered | Sign::Received | Sign::Queued => ("sequencer", "one-leader"),
            Sign::Applied => ("lamport", "figure"),
            _ => ("raft", "election"),
        }
    }

    /// The name, and the sentences. What stands in braces is said of no run in particular: first of whom, second when, third
    /// more.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Sign::Follows => ("Follows", "{A node} follows, or has no role. Its line is thin."),
            Sign::Stands => (
                "Stands for election",
                "{A node} wants to lead and asks the others. Its line is dashed until it leads or gives up.",
            ),
            Sign::Leads => ("Leads", "{A node} leads or coordinates, as far as it knows. Its line is the heaviest."),
            Sign::Client => ("Client", "{A client} asks, and waits for answers. Its line is grey."),
            Sign::Epoch => (
                "Epoch",
                "{A node} is in {}{one term, ballot or view} here. The band’s tint and number change with it.",
            ),
            Sign::Crash => ("Crash", "{A node} crashes{}. What it had only in memory is gone."),
            Sign::Stopped => (
                "Stopped",
                "{A node} is stopped{}: it sends and receives nothing. What it wrote to stable storage stays.",
            ),
            Sign::Restart => ("Restart", "{A node} starts again{}. It knows only what it wrote to stable storage."),
            Sign::Paused => {
                ("Paused", "{A node} stands still{} and does not notice it. It handles what arrives when it goes on.")
            }
            Sign::Cut => {
                ("Cut", "No message passes between {the two sides}{}. A message that meets the wedge is lost.")
            }
            Sign::CutOneWay => (
                "Cut one way",
                "No message passes from {one side to the other}{}. In the other direction messages arrive.",
            ),
            Sign::Timer => ("Timer", "{A timer} runs{}. The bar thins to nothing when the timer is due."),
            Sign::Fired => ("Timer fired", "{A timer} fires{}. The node does what it set the timer for."),
            Sign::Stored => ("Saved to disk", "{A node} writes to stable storage{}. A crash does not lose it."),
            Sign::DiskLost => ("Disk lost", "{A node} loses its stable storage{}. It notices at its next restart."),
            Sign::ClockSet => {
                ("Clock set", "{A node}’s clock is set{}: it jumps, or runs faster or slower. No other clock changes.")
            }
            Sign::Lock => ("Lock", "{A node} holds a lock{}: {an item is locked}. Others that want it wait."),
            Sign::InDoubt => (
                "In doubt",
                "{A node} has promised and does not know the decision{}. It may neither commit nor abort by itself.",
            ),
            Sign::Waits => {
                ("Waits", "{A node} waits{}: {something must come first}. At the end of the dashes it goes on.")
            }
            Sign::HeldBack => (
                "Held back",
                "{A node} has received a message and does not deliver it yet{}. Why: {something before it is missing}.",
            ),
            Sign::Queued => (
                "Queue",
                "{A node} has this in its queue{}: {something that waits}. What lies nearest the lane leaves next.",
            ),
            Sign::Siblings => (
                "Siblings",
                "{A node} keeps a value beside another{}: {neither replaces the other}. A write that has seen both joins the lines.",
            ),
            Sign::Operation => (
                "Request of a client",
                "{A client} waits for an answer{}. The box is open on the right while there is none.",
            ),
            Sign::Effect => (
                "Takes effect",
                "Here the operation takes effect. In this order, every answer is explained as far as possible.",
            ),
            Sign::Received => ("Received", "{A node} takes a request in{}. Nothing is decided yet."),
            Sign::Appended => ("Appended", "{A node} appends to its log{}. Nothing is decided yet."),
            Sign::Committed => {
                ("Committed or decided", "{A node} learns a decision{}. The decision must never change.")
            }
            Sign::Aborted => ("Aborted", "{A node} aborts a transaction{}. Nothing of it may take effect."),
            Sign::Delivered => {
                ("Delivered", "{A node} hands a message to its application{}. It must keep to the promised order.")
            }
            Sign::Applied => ("Applied", "{A node} applies a command to its state{}. Later answers show it."),
            Sign::Elected => ("Begins to lead", "{A node} begins to lead{}. Others may not know it yet."),
            Sign::Broken => {
                ("Broken property", "{A property} is broken{}. Red lines lead to the events that contradict it.")
            }
            Sign::Permission => (
                "Permission",
                "{A message} asks for permission or gives it, such as a vote or a promise. Its line is dashed.",
            ),
            Sign::Value => ("Value", "{A message} carries a value, such as an entry or a write. Its line is solid."),
            Sign::Decision => ("Decision", "{A message} tells a decision, such as a commit. Its line is the heaviest."),
            Sign::Beat => ("Sign of life", "{A message} says that its sender is alive. Its line is dotted."),
            Sign::ToClient => ("Client", "{A message} goes to a client or comes from one. Its line is thin."),
            Sign::Reply => ("Reply", "{A message} answers another: its head is open. The head of a request is filled."),
            Sign::Refusal => ("Refusal", "{A message} says no: its head is a bar. It arrives like any other reply."),
            Sign::UnderWay => ("Under way", "{A message} is under way{}. The dot shows where it is."),
            Sign::Lost => ("Lost", "{A message} is lost on its way. The dots lead to where it would have arrived."),
            Sign::Dropped => (
                "Dropped by you",
                "{A message} is lost because you dropped it. Drag the cross to a lane to deliver it.",
            ),
            Sign::ReachedStopped => {
                ("Reached a stopped node", "{A message} arrives at a stopped node. Nobody receives it.")
            }
            Sign::MeetsCut => ("Stopped by a cut", "{A message} meets a cut and is lost. The bar shows where."),
            Sign::Ignored => ("Ignored", "{A message} arrives and is ignored{}{}. It changes nothing."),
            Sign::Twice => ("Duplicated", "{A message} arrives more than once. Each copy has its own arrow."),
            Sign::Moved => {
                ("Moved by you", "{A message} arrives when you chose. The ring shows when it would have arrived.")
            }
            Sign::WaitsForPaused => (
                "Waits for a paused node",
                "{A message} arrives while its node stands still. It waits along the dashes.",
            ),
            Sign::Now => ("Now", "The figure tells of this moment. What happens later is pale."),
            Sign::Past => (
                "Light cone",
                "The tint covers all that the selected event can know of. Nothing outside can have reached it.",
            ),
            Sign::Future => (
                "Future light cone",
                "The line surrounds all that can know of the selected event. Nothing outside can have heard of it.",
            ),
            Sign::FirstDifference => (
                "First difference",
                "Here the run parts from the run before your move. Nothing to the left has changed.",
            ),
            Sign::Ghost => ("Ghost", "This happened before your move, and no longer does. It fades."),
            Sign::End => ("End of the run", "The run ends here. “Run longer” lets it go on."),
        }
    }
}

/// What a sign in a figure is about.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The event, message, lane or timer that it belongs to.
    pub of: Selection,
    /// Since when and until when it is so; twice the same if it is a moment.
    pub when: Option<(Time, Time)>,
    /// Whom it concerns, if that is not what it belongs to; may be empty.
    pub who: String,
    /// More words; may be empty.
    pub more: String,
}

/// A sign of a run in two sentences, with names and times where they are known.
#[must_use]
pub fn told(trace: &Trace, sign: Sign, about: &About) -> String {
    let who = if about.who.is_empty() { subject(trace, about.of) } else { about.who.clone() };
    let when = match about.when {
        None => String::new(),
        Some((at, until)) if at == until => format!(" at {} ms", moment(at)),
        Some((from, until)) if until >= trace.horizon() => format!(" from {} ms on", moment(from)),
        Some((from, until)) => format!(" from {} to {} ms", moment(from), moment(until)),
    };
    filled(sign.words().1, &[&who, &when, &about.more])
}

/// The name of what a sign belongs to; empty if it belongs to nothing.
fn subject(trace: &Trace, of: Selection) -> String {
    match of {
        Selection::Lane(node) => trace.name(node),
        Selection::Message(id) => [&trace.name(id.from), "’s message to ", &trace.name(id.to)].concat(),
        Selection::Timer(id) => [&trace.name(id.node), "’s ", &within(timer(trace, id.kind)), " timer"].concat(),
        Selection::Event(event) => trace
            .events
            .get(event.index())
            .and_then(|event| event.node)
            .map_or_else(String::new, |node| trace.name(node)),
        Selection::Nothing => String::new(),
    }
}

/// A text whose braces are filled in order; what is empty leaves what stands there.
fn filled(text: &str, with: &[&str]) -> String {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (part, word) in parts.zip(with) {
        let (usual, after) = part.split_once('}').unwrap_or((part, ""));
        filled += if word.is_empty() { usual } else { word };
        filled += after;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_stands_in_one_chapter_and_has_two_sentences() {
        let mut all: Vec<u8> = CHAPTERS.iter().flat_map(|(_, signs)| signs.iter()).map(|sign| *sign as u8).collect();
        all.sort_unstable();
        assert_eq!(all, (0..=Sign::End as u8).collect::<Vec<_>>());
        for sign in CHAPTERS.iter().flat_map(|(_, signs)| signs.iter()) {
            let said = sign.sentences();
            assert_eq!(said.matches(". ").count() + 1, 2, "{said}");
            assert!(said.ends_with('.') && !said.contains(['{', '}']) && !said.contains("  "), "{said}");
            assert!(said.len() < 130, "{said}");
        }
    }

    #[test]
    fn names_and_times_take_the_place_of_what_is_said_in_general() {
        let text = "{A node} is in {}{a term} here.";
        assert_eq!(filled(text, &["", "", ""]), "A node is in a term here.");
        assert_eq!(filled(text, &["S2", "", "term 3"]), "S2 is in term 3 here.");
    }
}
