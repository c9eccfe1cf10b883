//! What servers and clients say to each other.

use super::Raft;
use super::log::Entry;
use super::server::{Role, Server};
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_engine::protocol::{Kind, Message, Style, View};

/// What travels. SortedMap in the module's head.
#[derive(Clone, Debug, Hash)]
pub enum Say {
    /// May I lead this term?
    RequestVote {
        /// The term in which the sender stands.
        term: u32,
        /// Index of its last entry.
        last_index: u32,
        /// Term of its last entry.
        last_term: u32,
        /// Whether the leader itself asked it to stand: then it need not be gone.
        transfer: bool,
    },
    /// Yes or no to a [`Say::RequestVote`].
    Vote {
        /// The voter's term.
        term: u32,
        /// Whether it votes for the candidate.
        granted: bool,
    },
    /// Would you vote for me?
    PreVote {
        /// The term in which the sender would stand.
        term: u32,
        /// Index of its last entry.
        last_index: u32,
        /// Term of its last entry.
        last_term: u32,
    },
    /// Yes or no to a [`Say::PreVote`].
    PreVoteReply {
        /// The term asked about if it would, the voter's own if not.
        term: u32,
        /// Whether it would vote for the sender.
        granted: bool,
    },
    /// Put these entries after that one. Without entries it is a heartbeat.
    Append {
        /// The leader's term.
        term: u32,
        /// Index of the entry before the new ones.
        previous_index: u32,
        /// Term of the entry before the new ones.
        previous_term: u32,
        /// The new entries.
        entries: Vec<Entry>,
        /// What the leader knows to be committed.
        commit: u32,
        /// Which round of heartbeats it belongs to: an answer confirms that its sender still leads.
        round: u32,
    },
    /// Answer to a [`Say::Append`].
    AppendReply {
        /// The follower's term.
        term: u32,
        /// What became of it.
        outcome: Outcome,
        /// The round that is answered.
        round: u32,
        /// Whether a heartbeat is answered.
        beat: bool,
    },
    /// Stand for election now.
    TimeoutNow {
        /// The leader's term.
        term: u32,
    },
    /// A client asks.
    Request {
        /// The request's number among this client's.
        sequence: u16,
        /// What it asks.
        operation: Operation,
    },
    /// A client is answered.
    Response {
        /// Which request.
        sequence: u16,
        /// The key it read, if it read one.
        key: Option<Key>,
        /// The answer.
        answer: Answer,
    },
    /// A client asked a server that does not lead.
    Redirect {
        /// Which request.
        sequence: u16,
        /// Who leads, if the server knows.
        leader: Option<NodeId>,
    },
}

/// What became of new entries.
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

impl Say {
    /// Whether it never matters any more. What is asked always does, of however old a term: the answer says in which term
    /// its sender is by then, and that may be news.
    pub(super) fn never_matters(&self, from: NodeId, to: NodeId, nodes: View<'_, Raft>) -> bool {
        let (term_here, state) = (nodes.durable(to).term, nodes.state(to));
        let server = state.and_then(Raft::server);
        // Numbers of requests are not used again: what its client does not wait for now, it never will.
        let waits = |sequence| {
            let current = state.and_then(Raft::client).and_then(|client| client.current);
            current.is_some_and(|(id, _)| id.ordinal == sequence)
        };
        match *self {
            // It counts while its candidate stands in this term, once; nobody stands twice in a term.
            Say::Vote { term, granted } => {
                let stands = |server: &Server| server.role == Role::Candidate && server.kept.term == term;
                let counts = |server: &Server| granted && stands(server) && !server.votes.contains(from);
                term <= term_here && !server.is_some_and(counts)
            }
            // A pre-vote is about the next term.
            Say::PreVoteReply { term, .. } => term <= term_here,
            // It counts for who leads its term, and nobody leads a term twice. A refusal tells only of a later term.
            Say::AppendReply { term, outcome, .. } => {
                let leads = |server: &Server| server.role == Role::Leader && server.kept.term == term;
                term <= term_here && (outcome == Outcome::Stale || !server.is_some_and(leads))
            }
            Say::TimeoutNow { term } => term < term_here,
            Say::Response { sequence, .. } => !waits(sequence),
            // Whoever does not know the leader tells its client nothing.
            Say::Redirect { sequence, leader } => leader.is_none() || !waits(sequence),
            Say::RequestVote { .. } | Say::PreVote { .. } | Say::Append { .. } | Say::Request { .. } => false,
        }
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "RequestVote", label: "Request vote", style: Style::Permission, reply: false },
        Kind { name: "Vote", label: "Vote", style: Style::Permission, reply: true },
        Kind { name: "PreVote", label: "Pre-vote", style: Style::Permission, reply: false },
        Kind { name: "PreVoteReply", label: "Pre-vote reply", style: Style::Permission, reply: true },
        Kind { name: "AppendEntries", label: "Append entries", style: Style::Value, reply: false },
        Kind { name: "AppendReply", label: "Append reply", style: Style::Value, reply: true },
        Kind { name: "Heartbeat", label: "Heartbeat", style: Style::Beat, reply: false },
        Kind { name: "HeartbeatReply", label: "Heartbeat reply", style: Style::Beat, reply: true },
        Kind { name: "TimeoutNow", label: "Time out now", style: Style::Permission, reply: false },
        Kind { name: "Request", label: "Request", style: Style::Client, reply: false },
        Kind { name: "Response", label: "Response", style: Style::Client, reply: true },
        Kind { name: "Redirect", label: "Redirect", style: Style::Client, reply: true },
    ];

    fn kind(&self) -> u8 {
        match self {
            Say::RequestVote { .. } => 0,
            Say::Vote { .. } => 1,
            Say::PreVote { .. } => 2,
            Say::PreVoteReply { .. } => 3,
            Say::Append { entries, .. } if !entries.is_empty() => 4,
            Say::AppendReply { beat: false, .. } => 5,
            Say::Append { .. } => 6,
            Say::AppendReply { .. } => 7,
            Say::TimeoutNow { .. } => 8,
            Say::Request { .. } => 9,
            Say::Response { .. } => 10,
            Say::Redirect { .. } => 11,
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Say::RequestVote { term, .. } => write!(f, "Request vote, term {term}"),
            Say::Vote { term, granted: true } => write!(f, "Vote, term {term}"),
            Say::Vote { term, granted: false } => write!(f, "No vote, term {term}"),
            Say::PreVote { term, .. } => write!(f, "Pre-vote, term {term}"),
            Say::PreVoteReply { granted: true, .. } => f.write_str("Would vote"),
            Say::PreVoteReply { granted: false, .. } => f.write_str("Would not vote"),
            Say::Append { entries, previous_index, term, .. } => match entries.as_slice() {
                [] => write!(f, "Heartbeat, term {term}"),
                [entry] => write!(f, "Append {}: {}", previous_index + 1, entry.command),
                more => write!(f, "Append {} to {}", previous_index + 1, previous_index + more.len() as u32),
            },
            Say::AppendReply { term, outcome, beat, .. } => match outcome {
                Outcome::Stale => write!(f, "No, term {term}"),
                Outcome::Matches(_) if *beat => f.write_str("Heard"),
                Outcome::Matches(index) => write!(f, "Has entry {index}"),
                Outcome::Differs { at, term: Some(_), .. } => write!(f, "Differs at {at}"),
                Outcome::Differs { first, .. } => write!(f, "Ends at {}", first.saturating_sub(1)),
            },
            Say::TimeoutNow { .. } => f.write_str("Time out now"),
            Say::Request { operation, .. } => write!(f, "{operation}"),
            Say::Response { key: Some(key), answer, .. } => write!(f, "{key} = {answer}"),
            Say::Response { answer, .. } => write!(f, "{answer}"),
            Say::Redirect { leader: Some(leader), .. } => write!(f, "S{} leads", leader.0 + 1),
            Say::Redirect { leader: None, .. } => f.write_str("Not the leader"),
        }
    }
}
