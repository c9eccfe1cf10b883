//! Texts of questions and answers: the panel, and what is said of a link that is none.

use lightcone_engine::run::question::{Kind, Tool};

/// The heading of a link that is no answer to the question that is open.
pub const NO_ANSWER: &str = "This is no answer to the question";
/// What stays, and how the run of a foreign answer is seen.
pub const ANOTHER_QUESTION_MORE: &str = "The question that is open stays as it is. Leave it to open this answer.";
/// A change that no question allows.
pub const ONLY_MOVES_ANSWER: &str = "A question is about this run as it is. Its requests, its settings and its length stay; only the allowed moves answer it.";
/// A move that no tool makes.
pub const NO_SUCH_TOOL: &str = "No question allows this move.";
/// The editor, while a question is open.
pub const QUESTION_NOT_EDITED: &str =
    "A question’s run is not edited. “Leave the question” below opens it as a run of your own.";

/// A move with a tool that is not allowed.
#[must_use]
pub fn tool_refused(does: &str) -> String {
    format!("This question does not let you {does}.")
}

/// More moves than there are.
#[must_use]
pub fn too_many_moves(moves: u8, budget: u8) -> String {
    match budget {
        0 => "This question is answered without a move.".into(),
        budget => format!("That would be {moves} moves, and the question gives {budget}. Undo one first."),
    }
}

/// The name of the panel.
pub const QUESTION: &str = "Question";
/// The heading over a question that belongs to no lesson.
pub const A_QUESTION: &str = "A question";
/// The heading over an answer.
pub const AN_ANSWER: &str = "An answer";
/// An answer whose question this page does not know.
pub const QUESTION_UNKNOWN: &str = "This link answers a question that is not open here. Open the question first, then this link again: then it is judged.";
/// How an answer is judged.
pub const CHECKED_HERE: &str = "Checked here, by running it: the link holds the moves, and no verdict.";
/// Leads from an answer to its question.
pub const ANSWER_IT_YOURSELF: &str = "Answer it yourself";
/// Leaves the question.
pub const LEAVE_QUESTION: &str = "Leave the question";
/// Takes back all moves.
pub const START_OVER: &str = "Start over";
/// Copies the link of the answer.
pub const COPY_ANSWER: &str = "Copy answer link";
/// Asks for the next move.
pub const HINT: &str = "Hint";
/// Checks what the reader foretells.
pub const CHECK: &str = "Check";
/// Said of what the reader foretells, when not all of it is right.
pub const NOT_ALL_RIGHT: &str = "Not all of these are as you say.";
/// What is asked of a prediction.
pub const TICK_WHAT_COMES: &str = "Tick what will be true of this run.";
/// A goal that is reached, for who does not see its tick.
pub const TRUE_NOW: &str = "true now";
/// A goal that is not reached.
pub const NOT_TRUE_NOW: &str = "not true now";
/// Of a run without tools.
pub const SELECT_AN_EVENT: &str = "Select an event.";

/// The heading over a challenge of a lesson.
#[must_use]
pub fn challenge_of(lesson: &str) -> String {
    format!("Challenge {lesson}")
}

/// What the reader does, in a few words.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::BreakIt => "Break it: make this true",
        Kind::SaveIt => "Save it: make this true",
        Kind::Predict => "Predict what happens",
        Kind::Explain => "Explain it",
        Kind::Order => "Order it: make this true",
    }
}

/// What a tool does, as one may do it.
#[must_use]
pub fn tool(tool: Tool) -> &'static str {
    match tool {
        Tool::Move => "move messages",
        Tool::Drop => "lose messages",
        Tool::Duplicate => "deliver messages twice",
        Tool::Fire => "fire timers early or late",
        Tool::Crash => "crash nodes",
        Tool::CrashInside => "crash nodes inside a handler",
        Tool::Restart => "restart nodes",
        Tool::Pause => "pause nodes",
        Tool::Cut => "cut links",
        Tool::Request => "send requests again",
        Tool::Knob => "turn knobs",
    }
}

/// The tools that are allowed.
#[must_use]
pub fn you_may(tools: &[&str]) -> String {
    match tools {
        [] => "You change nothing.".into(),
        [one] => format!("You may {one}."),
        [all @ .., last] => format!("You may {} and {last}.", all.join(", ")),
    }
}

/// How many moves are made, of how many.
#[must_use]
pub fn moves_of(moves: u8, budget: u8) -> String {
    let noun = if budget == 1 { "move" } else { "moves" };
    format!("{moves} of {budget} {noun}")
}

/// How many goals are reached, and how many moves are made: what is read aloud.
#[must_use]
pub fn stands(reached: usize, all: usize, moves: &str) -> String {
    let (verb, goals) = if reached == 1 { ("is", "goal") } else { ("are", "goals") };
    match (reached, all) {
        (reached, all) if reached == all => format!("All goals are reached, with {moves}."),
        (1, all) => format!("1 of {all} goals is reached, with {moves}."),
        (reached, all) => format!("{reached} of {all} {goals} {verb} reached, with {moves}."),
    }
}

/// The heading when a question is solved: moves against par.
#[must_use]
pub fn solved(moves: u8, par: Option<u8>) -> String {
    let count = |moves: u8| if moves == 1 { "1 move".to_owned() } else { format!("{moves} moves") };
    match par {
        None => format!("Solved in {}.", count(moves)),
        Some(0) if moves == 0 => "Solved.".into(),
        Some(par) if moves == par => format!("Solved at par: {}.", count(moves)),
        Some(par) if moves < par => format!("Solved in {}, under the par of {par}.", count(moves)),
        Some(par) => format!("Solved in {}. Par is {par}.", count(moves)),
    }
}

/// The heading over an answer that does not solve the question.
pub const NOT_SOLVED: &str = "Not solved.";

/// Leads to the challenge that comes next.
#[must_use]
pub fn next_challenge(title: &str) -> String {
    format!("Next: {title}")
}

/// What the search for the fewest moves is at.
#[must_use]
pub fn trying_moves(tried: usize) -> String {
    format!("Trying moves: {} runs so far.", super::grouped(tried))
}

/// A hint was asked for, and nothing is to be done.
pub const HINT_SOLVED: &str = "This is solved. No more moves are needed.";
/// No solution from here.
pub const HINT_UNDO: &str = "It cannot be solved from here with the moves that are left. Undo a move.";
/// No solution at all.
pub const HINT_NONE: &str = "It cannot be solved with these tools and moves.";
/// The search met its limit.
pub const HINT_UNKNOWN: &str = "No solution was found among the runs that were tried. There may be one.";
/// Makes the move that the hint names.
pub const HINT_DO: &str = "Make this move";

/// The next move of a shortest solution, as a clause in the past.
#[must_use]
pub fn hint(clause: &str, left: u8) -> String {
    match left {
        1 => format!("One move solves it: “{clause}”."),
        left => format!("The shortest solution from here takes {left} moves. The first: “{clause}”."),
    }
}

/// An event to select, as a clause.
#[must_use]
pub fn select_this(event: &str) -> String {
    format!("select the event “{event}”")
}

/// A knob to turn, as a clause.
#[must_use]
pub fn turn_knob(name: &str, value: &str) -> String {
    format!("“{name}” turned to {value}")
}

/// A switch as it stands.
#[must_use]
pub fn switched(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The way to share a run as a question.
pub const SHARE_QUESTION: &str = "Question";
/// The field for what is asked, in words.
pub const THE_QUESTION: &str = "The question";
/// The field for what the reader should know besides, in a sentence or two.
pub const IN_MORE_WORDS: &str = "In more words";
/// Over the list of goals.
pub const MUST_BE_TRUE: &str = "The reader must make this true";
/// Over the list of tools.
pub const READER_MAY: &str = "The reader may";
/// A goal that needs no move.
pub const WITHOUT_A_MOVE: &str = "true without a move";
/// Over the choice of how many moves.
pub const MOVES: &str = "Moves";
/// Nothing is asked yet.
pub const TICK_A_GOAL: &str = "All of this is true in this run. Tick what the reader must make true.";
/// Nothing can be asked yet.
pub const NOTHING_TO_ASK: &str =
    "All that is true in this run is true without a move. Change the run first: then there is something to ask for.";
/// The search for par was stopped.
pub const PAR_NOT_KNOWN: &str = "Whether it can be solved is not known yet.";
/// Starts the search for par again.
pub const WORK_OUT_PAR: &str = "Work out par";
/// A goal that is reached at once.
pub const TRUE_ANYWAY: &str = "All of this is true without a move. Tick something that a move has made true.";
/// The field with the link.
pub const LINK_OF_QUESTION: &str = "Link of the question";
/// What the link has.
pub const QUESTION_HINT: &str = "The link has the run, the question and the tools. Your moves stay with you.";
/// Opens the question.
pub const TRY_AS_READER: &str = "Try it as a reader";

/// The most moves, as a choice.
#[must_use]
pub fn at_most(number: u8) -> String {
    format!("at most {number}")
}

/// The par of a question that is being set.
#[must_use]
pub fn par_is(moves: u8) -> String {
    match moves {
        1 => "Par: 1 move, worked out by search.".into(),
        moves => format!("Par: {moves} moves, worked out by search. Fewer do not do it."),
    }
}

/// What is known if only the author's moves are known to solve it.
#[must_use]
pub fn par_is_yours(moves: u8) -> String {
    let noun = if moves == 1 { "move" } else { "moves" };
    format!("Your own {moves} {noun} solve it. Par is not known, and the link states none.")
}
