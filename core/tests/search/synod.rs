//! Single-decree Paxos as small as it can be: two proposers with one ballot each, three acceptors, nobody who learns, no
//! timers and no faults. Messages are a multiset and arrive once. To count states beside another checker.

use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{
    Assumptions, Breach, Findings, Inspection, Kind, Lane, LaneStatus, Message, NoFact, Observer, Out, Property,
    Protocol, Seen, Settings, Specification, Style, Timer, Weight, When,
};
use lightcone_engine::{NodeId, NodeSet, RequestId};
use std::fmt;

/// The first lanes are proposers, each with a ballot and a value by its number; the others are acceptors.
pub const PROPOSERS: u8 = 2;
/// Proposers and acceptors.
pub const NODES: u8 = 5;
/// More than half of the acceptors.
pub const MAJORITY: u32 = 2;

/// What was accepted: the ballot, then its value.
pub type Vote = (u8, u8);

/// A node.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Synod {
    /// A proposer.
    Proposer {
        /// Who has promised.
        promises: NodeSet,
        /// The highest vote of those.
        highest: Option<Vote>,
        /// What it asks to accept.
        asks: Option<u8>,
        /// Who has accepted.
        votes: NodeSet,
    },
    /// An acceptor.
    Acceptor {
        /// The highest ballot it knows.
        promised: u8,
        /// What it accepted last.
        accepted: Option<Vote>,
    },
}

/// What travels. The first number is the ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Say {
    /// Phase 1a.
    Prepare(u8),
    /// Phase 1b.
    Promise(u8, Option<Vote>),
    /// Phase 2a.
    Accept(u8, u8),
    /// Phase 2b.
    Accepted(u8),
}

impl Synod {
    /// A node at the start.
    pub fn new(node: u8) -> Synod {
        if node < PROPOSERS {
            Synod::Proposer { promises: NodeSet::EMPTY, highest: None, asks: None, votes: NodeSet::EMPTY }
        } else {
            Synod::Acceptor { promised: 0, accepted: None }
        }
    }

    /// What a node says at the start, to all acceptors.
    pub fn opens(node: u8) -> Option<Say> {
        (node < PROPOSERS).then_some(Say::Prepare(node + 1))
    }

    /// Hears something. What it says to that goes to all acceptors if it is a proposer, else back.
    pub fn hear(&mut self, me: u8, from: u8, say: Say) -> Option<Say> {
        let from = NodeId(from);
        match (self, say) {
            (Synod::Acceptor { promised, accepted }, Say::Prepare(ballot)) if ballot > *promised => {
                *promised = ballot;
                Some(Say::Promise(ballot, *accepted))
            }
            (Synod::Acceptor { promised, accepted }, Say::Accept(ballot, value)) if ballot >= *promised => {
                (*promised, *accepted) = (ballot, Some((ballot, value)));
                Some(Say::Accepted(ballot))
            }
            (Synod::Proposer { promises, highest, asks: asks @ None, .. }, Say::Promise(ballot, vote)) => {
                promises.insert(from);
                *highest = vote.max(*highest);
                if promises.len() < MAJORITY {
                    return None;
                }
                let value = highest.map_or(me + 1, |(_, value)| value);
                *asks = Some(value);
                Some(Say::Accept(ballot, value))
            }
            (Synod::Proposer { votes, .. }, Say::Accepted(_)) => {
                votes.insert(from);
                None
            }
            _ => None,
        }
    }

    /// What a proposer knows to be chosen.
    pub fn chosen(&self) -> Option<u8> {
        match self {
            Synod::Proposer { asks, votes, .. } if votes.len() >= MAJORITY => *asks,
            _ => None,
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Prepare", label: "prepare", style: Style::Permission, reply: false },
        Kind { name: "Promise", label: "promise", style: Style::Permission, reply: true },
        Kind { name: "Accept", label: "accept", style: Style::Value, reply: false },
        Kind { name: "Accepted", label: "accepted", style: Style::Value, reply: true },
    ];
    fn kind(&self) -> u8 {
        match self {
            Say::Prepare(_) => 0,
            Say::Promise(..) => 1,
            Say::Accept(..) => 2,
            Say::Accepted(_) => 3,
        }
    }
}

/// There are no timers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoTimer {}

impl Timer for NoTimer {
    const ALL: &'static [(Self, &'static str)] = &[];
}

impl Protocol for Synod {
    type Config = ();
    type Message = Say;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = NoFact;
    type Observer = Agreement;

    const SPECIFICATION: Specification = Specification {
        number: 252,
        id: "small-synod",
        version: 1,
        title: "Single-decree Paxos, as small as it can be",
        summary: "",
        source: "Lamport 2001",
        epoch_word: "ballot",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[],
        flaws: &[],
        properties: &[Property {
            id: "agreement",
            name: "Agreement",
            when: When::Always,
            sentence: "No two values are known to be chosen.",
            source: "Section 2.1",
        }],
        commands: &[],
    };

    fn configure(_: &Settings) {}

    fn lanes((): &()) -> Vec<Lane> {
        (0..NODES).map(|node| Lane { name: format!("N{node}"), client: false, accepts: &[] }).collect()
    }

    fn boot((): (), out: &mut Out<'_, Synod>) -> Synod {
        if let Some(say) = Synod::opens(out.me().0) {
            tell_acceptors(say, out);
        }
        Synod::new(out.me().0)
    }

    fn on_message(&mut self, from: NodeId, say: &Say, out: &mut Out<'_, Synod>) {
        match self.hear(out.me().0, from.0, *say) {
            Some(say) if out.me().0 < PROPOSERS => tell_acceptors(say, out),
            Some(say) => out.send(from, say),
            None => {}
        }
    }

    fn on_timer(&mut self, timer: NoTimer, _: &mut Out<'_, Synod>) {
        match timer {}
    }

    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Synod>) {}

    fn lane_status(&self) -> LaneStatus {
        LaneStatus { role: "", weight: Weight::Follows, epoch: 0 }
    }

    fn inspect(&self, _: &mut Inspection) {}
}

fn tell_acceptors(say: Say, out: &mut Out<'_, Synod>) {
    out.broadcast((PROPOSERS..NODES).map(NodeId).collect(), say);
}

/// Looks whether two proposers know different values to be chosen.
#[derive(Clone, Hash)]
pub struct Agreement;

impl Observer<Synod> for Agreement {
    fn new((): &()) -> Agreement {
        Agreement
    }

    fn observe(&mut self, seen: &Seen<'_, Synod>, findings: &mut Findings) {
        let mut chosen = seen.nodes.up().filter_map(|(_, node)| node.chosen());
        if let Some(first) = chosen.next()
            && chosen.any(|other| other != first)
        {
            let sentence = String::from("Two proposers know different values to be chosen.");
            findings.breaks(0, || Breach { sentence, nodes: NodeSet::EMPTY, events: Vec::new() });
        }
    }
}
