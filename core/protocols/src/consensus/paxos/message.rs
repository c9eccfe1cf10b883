//! What proposers, acceptors and learners say to each other.

use super::proposer::Phase;
use super::{Config, Paxos, flaw};
use core::fmt;
use lightcone_engine::id::NodeId;
use lightcone_engine::operation::Value;
use lightcone_engine::protocol::{Kind, Message, Style, View};

/// A proposal: a value in a ballot. Of two, the one of the higher ballot is the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// Its number.
    pub ballot: u32,
    /// What is to be chosen.
    pub value: Value,
}

/// "10 in ballot 2".
impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in ballot {}", self.value, self.ballot)
    }
}

/// What travels. Table in the module's head.
#[derive(Clone, Debug, Hash)]
pub enum Say {
    /// Promise to accept nothing below this ballot, and say what you have accepted.
    Prepare {
        /// The ballot.
        ballot: u32,
    },
    /// It is promised.
    Promise {
        /// The ballot.
        ballot: u32,
        /// The highest proposal that its sender has accepted.
        accepted: Option<Proposal>,
    },
    /// A higher ballot is promised: give yours up.
    Refuse {
        /// The ballot that is refused.
        ballot: u32,
        /// The higher one.
        promised: u32,
    },
    /// Accept this.
    Accept(Proposal),
    /// Its sender has accepted this.
    Accepted(Proposal),
    /// This value is chosen.
    Chosen {
        /// Which.
        value: Value,
    },
    /// What have you accepted?
    Query,
    /// Issue a proposal, so that I learn what is chosen.
    FindOut,
}

impl Say {
    /// Whether it never matters any more. What learners are told always does: a crash forgets what they know, and then it
    /// counts again. So does most of what is refused: nobody knows how high a ballot the refusal will tell of.
    pub(super) fn never_matters(&self, from: NodeId, to: NodeId, nodes: View<'_, Paxos>, config: &Config) -> bool {
        let (tried, promised) = (|node| nodes.durable(node).tried, nodes.durable(to).promised);
        let only_proposer = config.cast.proposers().len() == 1;
        match *self {
            // A promise counts in phase 1 of its ballot, once for each acceptor, and no ballot is begun twice.
            Say::Promise { ballot, .. } => {
                let counts = |node: &Paxos| {
                    let proposer = &node.proposer;
                    let waits = proposer.phase == Phase::Prepares && node.kept.tried == ballot;
                    waits && !proposer.promises.contains(&from)
                };
                ballot <= tried(to) && !nodes.state(to).is_some_and(counts)
            }
            // The proposer has tried a ballot as high as that which it is told of, and has given this one up for it.
            Say::Refuse { ballot, promised } => ballot < tried(to) && promised <= tried(to),
            // It is refused, or promised again; the only proposer has itself tried what acceptors have promised since.
            Say::Prepare { ballot } => only_proposer && ballot < tried(from) && ballot <= promised,
            // It is refused, as above; with the flaw it may be accepted.
            Say::Accept(Proposal { ballot, .. }) => {
                let refused = ballot < promised && !config.flaw(flaw::ACCEPTS_BELOW_PROMISE);
                only_proposer && ballot < tried(from) && refused
            }
            Say::Accepted(_) | Say::Chosen { .. } | Say::Query | Say::FindOut => false,
        }
    }
}

impl Message for Say {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Prepare", label: "Prepare", style: Style::Permission, reply: false },
        Kind { name: "Promise", label: "Promise", style: Style::Permission, reply: true },
        Kind { name: "Refuse", label: "Refuse", style: Style::Permission, reply: true },
        Kind { name: "Accept", label: "Accept", style: Style::Value, reply: false },
        Kind { name: "Accepted", label: "Accepted", style: Style::Value, reply: true },
        Kind { name: "Chosen", label: "Chosen", style: Style::Decision, reply: false },
        Kind { name: "Query", label: "Query", style: Style::Client, reply: false },
        Kind { name: "FindOut", label: "Find out", style: Style::Client, reply: false },
    ];

    fn kind(&self) -> u8 {
        match self {
            Say::Prepare { .. } => 0,
            Say::Promise { .. } => 1,
            Say::Refuse { .. } => 2,
            Say::Accept(_) => 3,
            Say::Accepted(_) => 4,
            Say::Chosen { .. } => 5,
            Say::Query => 6,
            Say::FindOut => 7,
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Say::Prepare { ballot } => write!(f, "Prepare {ballot}"),
            Say::Promise { ballot, accepted: None } => write!(f, "Promise {ballot}"),
            Say::Promise { ballot, accepted: Some(accepted) } => write!(f, "Promise {ballot}, has {accepted}"),
            Say::Refuse { promised, .. } => write!(f, "No, promised {promised}"),
            Say::Accept(proposal) => write!(f, "Accept {proposal}"),
            Say::Accepted(proposal) => write!(f, "Accepted {proposal}"),
            Say::Chosen { value } => write!(f, "{value} is chosen"),
            Say::Query => f.write_str("What is accepted?"),
            Say::FindOut => f.write_str("Find out"),
        }
    }
}
