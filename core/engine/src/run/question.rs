//! A question: a run, and what its reader must make true, with which tools, in how many moves.
//!
//! The title and the note of the scenario are the question's, and its own moves are none. An answer is the same scenario with
//! moves ([`Scenario::moves`]) and perhaps other knobs, and what the reader selects or ticks ([`Attempt`]).

use super::goal::Atom;
use super::scenario::Scenario;
use super::trace::Trace;
use crate::id::NodeSet;
use crate::protocol::{Action, Edit, Handling, Invalid, Parameter, Unit};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The most atoms of a question.
pub const MAX_ATOMS: usize = 12;
/// The most moves that a question gives.
pub const MAX_BUDGET: u8 = 20;

/// A run and what is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The run from which the reader starts, without moves.
    pub scenario: Scenario,
    /// What is asked.
    pub challenge: Challenge,
}

/// What is asked about a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// What the reader does.
    pub kind: Kind,
    /// The number of the lesson it belongs to: `5.2`; empty for none.
    pub lesson: String,
    /// What must be true, all of it; at most [`MAX_ATOMS`]. Of [`Kind::Predict`] it is what may be true.
    pub goal: Vec<Atom>,
    /// What the reader may do.
    pub tools: Tools,
    /// How many moves the reader has; at most [`MAX_BUDGET`].
    pub budget: u8,
    /// The fewest moves, if they have been computed.
    pub par: Option<u8>,
    /// What it shows, in a sentence, when it is solved.
    pub shows: String,
}

/// What the reader of a question does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Makes something go wrong.
    BreakIt,
    /// Repairs a bad run.
    SaveIt,
    /// Says of every atom whether it will be true, without a move.
    Predict,
    /// Selects an event.
    Explain,
    /// Puts deliveries in an order.
    Order,
}

impl Kind {
    /// All, each with its name in files.
    pub const ALL: [(Kind, &'static str); 5] = [
        (Kind::BreakIt, "break-it"),
        (Kind::SaveIt, "save-it"),
        (Kind::Predict, "predict"),
        (Kind::Explain, "explain"),
        (Kind::Order, "order"),
    ];

    /// Its name in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        Kind::ALL[self as usize].1
    }
}

/// A way to change a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Lets a message arrive earlier or later.
    Move,
    /// Loses a message.
    Drop,
    /// Delivers a message twice.
    Duplicate,
    /// Lets a timer fire earlier or later.
    Fire,
    /// Crashes a node.
    Crash,
    /// Crashes a node inside a handler.
    CrashInside,
    /// Restarts a node.
    Restart,
    /// Pauses a node, or lets it go on.
    Pause,
    /// Cuts or heals all links between some nodes and the others, both ways; or heals all links.
    Cut,
    /// Asks once more what the run asks anyway.
    Request,
    /// Turns a knob that is a switch, a choice or a count.
    Knob,
}

impl Tool {
    /// All, each with its name in files and with the move's name for people.
    pub const ALL: [(Tool, &'static str, &'static str); 11] = [
        (Tool::Move, "move", "moved message"),
        (Tool::Drop, "drop", "lost message"),
        (Tool::Duplicate, "duplicate", "duplicated message"),
        (Tool::Fire, "fire", "moved time-out"),
        (Tool::Crash, "crash", "crash"),
        (Tool::CrashInside, "crash-inside", "crash inside a handler"),
        (Tool::Restart, "restart", "restart"),
        (Tool::Pause, "pause", "pause"),
        (Tool::Cut, "cut", "cut"),
        (Tool::Request, "request", "request"),
        (Tool::Knob, "knob", "turned knob"),
    ];

    /// Its name in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        Tool::ALL[self as usize].1
    }

    /// The name of a move with it, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        Tool::ALL[self as usize].2
    }

    /// The tool that makes this edit; none if no tool does.
    #[must_use]
    pub fn of(edit: &Edit, question: &Scenario) -> Option<Tool> {
        Some(match edit {
            Edit::Deliver { .. } => Tool::Move,
            Edit::Drop { .. } => Tool::Drop,
            Edit::Duplicate { .. } => Tool::Duplicate,
            Edit::Fire { .. } => Tool::Fire,
            Edit::CrashDuring { .. } => Tool::CrashInside,
            Edit::At { action, .. } => match action {
                Action::Crash(_) => Tool::Crash,
                Action::Restart(_) => Tool::Restart,
                Action::Pause(_) | Action::Resume(_) => Tool::Pause,
                Action::Cut { from, to, one_way: false } | Action::Heal { from, to, one_way: false } => {
                    let everyone = NodeSet::first(question.lanes().len() as u8);
                    if matches!(action, Action::Heal { .. }) && (*from, *to) == (everyone, everyone) {
                        return Some(Tool::Cut);
                    }
                    let sides = from.intersection(*to).is_empty() && from.union(*to) == everyone;
                    return sides.then_some(Tool::Cut);
                }
                Action::Request { operation, .. } => {
                    let asked = |edit: &Edit| matches!(edit, Edit::At { action: Action::Request { operation: each, .. }, .. } if each == operation);
                    return question.script.iter().any(asked).then_some(Tool::Request);
                }
                Action::LoseDisk(_) | Action::SetClock { .. } | Action::Cut { .. } | Action::Heal { .. } => {
                    return None;
                }
            },
        })
    }

    /// Whether a knob may be turned: its values are few.
    #[must_use]
    pub fn turns(parameter: &Parameter) -> bool {
        !matches!(parameter.unit, Unit::Millis) && parameter.most - parameter.least < 16
    }
}

/// A set of tools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tools(pub u16);

impl Tools {
    /// The set with this tool in it.
    #[must_use]
    pub const fn with(self, tool: Tool) -> Tools {
        Tools(self.0 | 1 << tool as u16)
    }

    /// Whether the tool is in the set.
    #[must_use]
    pub const fn has(self, tool: Tool) -> bool {
        self.0 & 1 << tool as u16 != 0
    }

    /// The tools, in the order of [`Tool::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Tool> {
        Tool::ALL.into_iter().map(|each| each.0).filter(move |tool| self.has(*tool))
    }
}

/// What an answer says besides its moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reply {
    /// The event that the reader selects, of [`Kind::Explain`].
    pub picked: Option<Handling>,
    /// The atoms that the reader expects to be true, of [`Kind::Predict`]: one bit each, the first atom's the least.
    pub expects: u16,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The question's run, with the reader's moves and perhaps other knobs.
    pub scenario: Scenario,
    /// What the reader says besides.
    pub reply: Reply,
}

/// Why an answer is none to this question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its run is another one: it differs in more than moves and knobs.
    Foreign,
    /// It uses a tool that is not allowed.
    Tool(Option<Tool>),
    /// It uses more moves than the question gives.
    TooMany {
        /// So many.
        moves: u8,
        /// The question gives so many.
        budget: u8,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Foreign => f.write_str("This answers another question: its run is a different one."),
            Refused::Tool(Some(tool)) => write!(f, "This answer uses a tool that is not allowed: {}.", tool.name()),
            Refused::Tool(None) => f.write_str("This answer uses something that no question allows."),
            Refused::TooMany { moves, budget } => {
                write!(f, "This answer uses {moves} moves, but the question allows {budget}.")
            }
        }
    }
}

impl core::error::Error for Refused {}

impl Question {
    /// Whether every part is inside its bounds.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), Invalid> {
        let Challenge { goal, budget, .. } = &self.challenge;
        self.scenario.check()?;
        if goal.is_empty() || goal.len() > MAX_ATOMS {
            return Err(Invalid::range("number of goals", goal.len() as u64, 1, MAX_ATOMS as u64));
        }
        if *budget > MAX_BUDGET {
            return Err(Invalid::range("number of moves", (*budget).into(), 0, MAX_BUDGET.into()));
        }
        Ok(())
    }

    /// How many moves an answer makes. A move of what was moved before replaces that move; a knob counts for one.
    ///
    /// # Errors
    /// The answer is none to this question.
    pub fn moves_of(&self, answer: &Scenario) -> Result<u8, Refused> {
        let own = &self.scenario;
        let same = (own.protocol, own.version, own.seed, own.horizon, own.model)
            == (answer.protocol, answer.version, answer.seed, answer.horizon, answer.model)
            && own.script == answer.script
            && own.settings.flaws == answer.settings.flaws;
        if !same {
            return Err(Refused::Foreign);
        }
        let made = effective(&answer.moves);
        for edit in &made {
            let tool = Tool::of(edit, own);
            if !tool.is_some_and(|tool| self.challenge.tools.has(tool)) {
                return Err(Refused::Tool(tool));
            }
        }
        let knobs = own.settings.parameters.iter().zip(&answer.settings.parameters).enumerate();
        let turned = knobs.filter(|(_, (one, other))| one != other).map(|(place, _)| place);
        let turned: Vec<usize> = turned.collect();
        let may_turn = |place: &usize| {
            let parameter = own.protocol.specification().parameters.get(*place);
            self.challenge.tools.has(Tool::Knob) && parameter.is_some_and(Tool::turns)
        };
        if !turned.iter().all(may_turn) {
            return Err(Refused::Tool(Some(Tool::Knob)));
        }
        let moves = u8::try_from(made.len() + turned.len()).unwrap_or(u8::MAX);
        let budget = self.challenge.budget;
        if moves > budget { Err(Refused::TooMany { moves, budget }) } else { Ok(moves) }
    }

    /// Which atoms are true in this run, one bit each.
    #[must_use]
    pub fn truths(&self, trace: &Trace, reply: Reply) -> u16 {
        let atoms = (0..).zip(&self.challenge.goal);
        atoms.filter(|(_, atom)| atom.is_true(trace, reply.picked)).fold(0, |bits, (place, _)| bits | 1 << place)
    }

    /// Whether this run answers the question. It does not count moves: that is [`Question::moves_of`].
    #[must_use]
    pub fn is_solved(&self, trace: &Trace, reply: Reply) -> bool {
        match self.challenge.kind {
            Kind::Predict => self.truths(trace, reply) == reply.expects,
            _ => self.challenge.goal.iter().all(|atom| atom.is_true(trace, reply.picked)),
        }
    }
}

/// The moves that count: of two that are about the same thing, the later one.
#[must_use]
pub fn effective(moves: &[Edit]) -> Vec<Edit> {
    let replaced = |place: usize, edit: &Edit| moves[place + 1..].iter().any(|later| is_about_same(edit, later));
    let kept = moves.iter().enumerate().filter(|(place, edit)| !replaced(*place, edit));
    kept.map(|(_, edit)| *edit).collect()
}

fn is_about_same(one: &Edit, other: &Edit) -> bool {
    match (one, other) {
        (
            Edit::Deliver { message, .. } | Edit::Drop { message },
            Edit::Deliver { message: other, .. } | Edit::Drop { message: other },
        ) => message == other,
        (Edit::Duplicate { copy, .. }, Edit::Duplicate { copy: other, .. }) => copy == other,
        (Edit::Fire { timer, .. }, Edit::Fire { timer: other, .. }) => timer == other,
        (Edit::CrashDuring { handling, .. }, Edit::CrashDuring { handling: other, .. }) => handling == other,
        _ => one == other,
    }
}
