//! Two-phase commit as Gray & Lamport's specification `TwoPhase` has it (*Consensus on Transaction Commit*, 2006), to count
//! states: what it has is known from other checkers. There messages are a set from which nothing is ever taken; here they
//! arrive once, and what can never change anything any more is left out. A state there is one here: a manager's Prepared
//! was sent if the manager has ever prepared, and has arrived if the transaction manager counts it; what the transaction
//! manager decided was sent to all, and has arrived where it is so. What a manager does of its own will are its timers.

use lightcone_engine::operation::Operation;
use lightcone_engine::protocol::{
    Assumptions, Breach, Findings, Inspection, Kind, Lane, LaneStatus, Message, NoFact, Observer, Out, Parameter,
    Property, Protocol, Seen, Settings, Specification, Style, Timer, Unit, View, Weight, When,
};
use lightcone_engine::{NodeId, NodeSet, RequestId};
use std::fmt;

/// The transaction manager's lane; the resource managers follow.
const MANAGER: NodeId = NodeId(0);

/// A node.
#[derive(Clone, Hash)]
pub enum TwoPhase {
    /// The transaction manager.
    Transaction {
        /// What it decided.
        decided: Option<Word>,
        /// Whose Prepared has arrived.
        prepared: NodeSet,
    },
    /// A resource manager.
    Resource {
        /// How far it is.
        stage: Stage,
        /// Whether it has ever prepared.
        has_prepared: bool,
    },
}

/// How far a resource manager is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It has done nothing yet.
    Working,
    /// It leaves the decision to the transaction manager.
    Prepared,
    /// It has committed.
    Committed,
    /// It has aborted.
    Aborted,
}

/// What travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// A resource manager is prepared.
    Prepared,
    /// Commit.
    Commit,
    /// Abort.
    Abort,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Word::KINDS[usize::from(self.kind())].label)
    }
}

impl Message for Word {
    const KINDS: &'static [Kind] = &[
        Kind { name: "Prepared", label: "prepared", style: Style::Permission, reply: false },
        Kind { name: "Commit", label: "commit", style: Style::Decision, reply: false },
        Kind { name: "Abort", label: "abort", style: Style::Decision, reply: false },
    ];
    fn kind(&self) -> u8 {
        *self as u8
    }
}

/// What a node may do of its own will.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Will {
    /// A resource manager prepares; the transaction manager commits.
    GoOn,
    /// Either aborts.
    Abort,
}

impl Timer for Will {
    const ALL: &'static [(Self, &'static str)] = &[(Will::GoOn, "GoOn"), (Will::Abort, "Abort")];
}

/// A time that says nothing: a search lets timers fire at any moment.
const ANY_TIME: (u64, u64) = (1_000_000, 1_000_000);

impl Protocol for TwoPhase {
    type Config = u8;
    type Message = Word;
    type Timer = Will;
    type Durable = ();
    type Fact = NoFact;
    type Observer = Consistency;

    const SPECIFICATION: Specification = Specification {
        number: 251,
        id: "textbook-two-phase-commit",
        version: 1,
        title: "Two-phase commit of the textbook",
        summary: "",
        source: "Gray & Lamport 2006",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[Parameter {
            id: "managers",
            name: "Resource managers",
            unit: Unit::Count,
            least: 1,
            most: 15,
            default: 3,
        }],
        flaws: &[],
        properties: &[Property {
            id: "consistent",
            name: "Consistency",
            when: When::Always,
            sentence: "No manager commits if another aborts.",
            source: "TCConsistent",
        }],
        commands: &[],
    };

    fn configure(settings: &Settings) -> u8 {
        settings.number(0) as u8
    }

    fn lanes(managers: &u8) -> Vec<Lane> {
        (0..=*managers).map(|node| Lane { name: format!("N{node}"), client: false, accepts: &[] }).collect()
    }

    fn boot((): (), out: &mut Out<'_, TwoPhase>) -> TwoPhase {
        out.arm(Will::Abort, ANY_TIME);
        if out.me() == MANAGER {
            return TwoPhase::Transaction { decided: None, prepared: NodeSet::EMPTY };
        }
        out.arm(Will::GoOn, ANY_TIME);
        TwoPhase::Resource { stage: Stage::Working, has_prepared: false }
    }

    fn on_message(&mut self, from: NodeId, message: &Word, out: &mut Out<'_, TwoPhase>) {
        match (self, message) {
            (TwoPhase::Transaction { decided: None, prepared }, Word::Prepared) => {
                prepared.insert(from);
                if prepared.len() == u32::from(*out.config()) {
                    out.arm(Will::GoOn, ANY_TIME);
                }
            }
            (TwoPhase::Resource { stage, .. }, Word::Commit) => *stage = Stage::Committed,
            (TwoPhase::Resource { stage, .. }, Word::Abort) => abort(stage, out),
            _ => {}
        }
    }

    fn on_timer(&mut self, will: Will, out: &mut Out<'_, TwoPhase>) {
        out.disarm(if will == Will::GoOn { Will::Abort } else { Will::GoOn });
        match (self, will) {
            (TwoPhase::Transaction { decided, .. }, _) => {
                let word = if will == Will::GoOn { Word::Commit } else { Word::Abort };
                *decided = Some(word);
                out.broadcast(NodeSet::first(out.nodes()), word);
            }
            (TwoPhase::Resource { stage, has_prepared }, Will::GoOn) => {
                (*stage, *has_prepared) = (Stage::Prepared, true);
                out.send(MANAGER, Word::Prepared);
            }
            (TwoPhase::Resource { stage, .. }, Will::Abort) => *stage = Stage::Aborted,
        }
    }

    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, TwoPhase>) {}

    fn never_matters(message: &Word, _from: NodeId, to: NodeId, nodes: View<'_, TwoPhase>, _managers: &u8) -> bool {
        match nodes.state(to) {
            Some(TwoPhase::Transaction { decided, .. }) => decided.is_some(),
            Some(TwoPhase::Resource { stage: Stage::Committed, .. }) => *message == Word::Commit,
            Some(TwoPhase::Resource { stage: Stage::Aborted, .. }) => *message == Word::Abort,
            _ => false,
        }
    }

    fn lane_status(&self) -> LaneStatus {
        LaneStatus { role: "", weight: Weight::Follows, epoch: 0 }
    }

    fn inspect(&self, _: &mut Inspection) {}
}

fn abort(stage: &mut Stage, out: &mut Out<'_, TwoPhase>) {
    if *stage == Stage::Working {
        out.disarm(Will::GoOn);
        out.disarm(Will::Abort);
    }
    *stage = Stage::Aborted;
}

/// Looks whether one manager has committed and another aborted.
#[derive(Clone, Hash)]
pub struct Consistency;

impl Observer<TwoPhase> for Consistency {
    fn new(_: &u8) -> Consistency {
        Consistency
    }

    fn observe(&mut self, seen: &Seen<'_, TwoPhase>, findings: &mut Findings) {
        let is = |stage: Stage| move |(_, node): (NodeId, &TwoPhase)| matches!(node, TwoPhase::Resource { stage: own, .. } if *own == stage);
        if seen.nodes.up().any(is(Stage::Committed)) && seen.nodes.up().any(is(Stage::Aborted)) {
            let sentence = String::from("One manager has committed and another has aborted.");
            findings.breaks(0, || Breach { sentence, nodes: NodeSet::EMPTY, events: Vec::new() });
        }
    }
}
