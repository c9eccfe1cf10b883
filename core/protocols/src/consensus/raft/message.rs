//! What servers and clients say to each other, and which of it can no longer matter.
//!
//! Figure 2 has two RPCs; each is two messages here, a request and a reply, that may be lost, doubled and overtaken one
//! by one. Every message between servers says its sender's term: whoever is behind learns of it (§5.1).

use super::machine::{Entry, Position};
use lightcone_engine::prelude::*;

messages! {
    /// What travels: the table on the first page says between whom.
    Message {
        /// May I lead this term?
        RequestVote {
            /// The term in which the sender stands.
            term: u32,
            /// Where its log ends.
            last: Position,
            /// Whether the leader itself told it to stand: then the leader need not be gone.
            transfer: bool,
        } = Permission, "Vote request", "Vote request, term {term}";
        /// Yes or no to a [`Message::RequestVote`].
        Vote {
            /// The voter's term.
            term: u32,
            /// Whether it votes for the candidate.
            granted: bool,
        } = Permission reply, "Vote", |f| write!(f, "{}, term {term}", if *granted { "Vote" } else { "No vote" });
        /// Would you vote for me?
        PreVote {
            /// The term in which the sender would stand.
            term: u32,
            /// Where its log ends.
            last: Position,
        } = Permission, "Pre-vote", "Pre-vote, term {term}";
        /// Yes or no to a [`Message::PreVote`].
        PreVoteReply {
            /// The term asked about if it would, the voter's own if not.
            term: u32,
            /// Whether it would vote for the sender.
            granted: bool,
        } = Permission reply, "Pre-vote reply", |f| f.write_str(if *granted { "Would vote" } else { "Would not vote" });
        /// Put these entries after that one.
        AppendEntries(append: Append) = Value, "Append", |f| match append.entries.as_slice() {
            [entry] => write!(f, "Append {}: {entry}", append.previous.index + 1),
            _ => write!(f, "Append {}-{}", append.previous.index + 1, append.last_new()),
        };
        /// Whether the log agrees at the entry before, and so holds the new ones: the answer to [`Message::AppendEntries`].
        AppendReply(appended: Appended) = Value reply, "Append reply", "{appended}";
        /// I lead: the same without entries.
        Heartbeat(append: Append) = Beat, "Heartbeat", |f| write!(f, "Heartbeat, term {}", append.term);
        /// The same answer to a [`Message::Heartbeat`], which asks it about the last entry that the leader takes to agree.
        HeartbeatReply(appended: Appended) = Beat reply, "Heartbeat reply", |f| match appended.outcome {
            Outcome::Matches(_) => f.write_str("Heartbeat reply"),
            _ => write!(f, "{appended}"),
        };
        /// Stand for election now.
        TimeoutNow {
            /// The leader's term.
            term: u32,
        } = Permission, "Time out now";
        /// A client asks.
        Request {
            /// The request's number among this client's.
            sequence: u16,
            /// What it asks.
            operation: Operation,
        } = Client, "Request", "{operation}";
        /// A client is answered.
        Response {
            /// The request's number.
            sequence: u16,
            /// The key it read, if it read one.
            key: Option<Key>,
            /// The answer.
            answer: Answer,
        } = Client reply, "Response", |f| write!(f, "{}{answer}", key.map_or_else(String::new, |key| format!("{key} = ")));
        /// A client asked a server that does not lead.
        Redirect {
            /// The request's number.
            sequence: u16,
            /// Who leads, if the server knows.
            leader: Option<NodeId>,
        } = Client reply, "Redirect", |f|
            f.write_str(&leader.map_or("Not the leader".into(), |leader| format!("{} leads", super::name(leader))));
    }
}

/// The arguments of the AppendEntries RPC (Figure 2). The leader's identity is the message's sender.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Append {
    /// The leader's term.
    pub term: u32,
    /// The entry before the new ones: `prevLogIndex` and `prevLogTerm`.
    pub previous: Position,
    /// The new entries. None: a heartbeat.
    pub entries: Vec<Entry>,
    /// `leaderCommit`: what the leader knows to be committed.
    pub commit: u32,
    /// The round of heartbeats that it belongs to: an answer confirms that its sender still led then (dissertation §6.4).
    pub round: u32,
}

/// The results of the AppendEntries RPC (Figure 2), with what lets a leader go back faster than one entry at a time (§5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Appended {
    /// The follower's term.
    pub term: u32,
    /// What became of the entries.
    pub outcome: Outcome,
    /// The round that is answered.
    pub round: u32,
}

/// What became of new entries. The paper answers yes or no; here a no says why, and how far to go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The leader's term has passed.
    Stale,
    /// The logs agree up to this index.
    Matches(u32),
    /// The logs do not agree at the previous entry (§5.3).
    Differs {
        /// The index of that previous entry.
        at: u32,
        /// The term of the follower's entry there; none if its log is shorter.
        term: Option<u32>,
        /// The first index of that term in the follower's log; one after its end if it is shorter.
        first: u32,
    },
}

impl Outcome {
    /// Why a follower does not have the entry before the new ones; none if it has.
    #[must_use]
    pub fn refusal(&self) -> Option<Phrase> {
        match *self {
            Outcome::Differs { at, term: Some(term), .. } => Some(phrase!("entry {} is of term {}", at, term)),
            Outcome::Differs { first, .. } => Some(phrase!("the log ends at {}", first.saturating_sub(1))),
            Outcome::Stale | Outcome::Matches(_) => None,
        }
    }
}

impl Append {
    /// The index of the last new entry.
    #[must_use]
    pub fn last_new(&self) -> u32 {
        self.previous.index + self.entries.len() as u32
    }
}

impl fmt::Display for Appended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Stale => write!(f, "No, term {}", self.term),
            Outcome::Matches(index) => write!(f, "Has entry {index}"),
            Outcome::Differs { at, .. } => write!(f, "No match at {at}"),
        }
    }
}
