//! Questions, and what answers to them are worth.

use super::scenario::Scenario;

objects! {
    /// A question: a run, and what its reader must make true of it.
    pub struct Question {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The run, without moves. Its title and note are the question's.
        pub scenario: Scenario,
        /// What tells the question from every other: its answers name it.
        pub hash: String,
        /// The link that asks it.
        pub link: String,
        /// What its reader does.
        pub kind: QuestionKind,
        /// The number of the lesson it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub lesson: Option<String>,
        /// What must be true, all of it; of `predict`, what may be true.
        pub goals: Vec<Asked>,
        /// What the reader may do, as a section `challenge` names it.
        pub tools: Vec<String>,
        /// How many moves the reader has.
        pub moves: u8,
        /// The fewest moves, if they are known.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub par: Option<u8>,
        /// What it shows when it is solved.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub shows: Option<String>,
    }

    /// One thing that is asked.
    pub struct Asked {
        /// As a line of a section `challenge` says it: `at-end P1 in-doubt`.
        pub goal: String,
        /// In words.
        pub sentence: String,
    }

    /// An answer that somebody hands in.
    pub struct HandedIn {
        /// Whose it is.
        #[serde(default)]
        pub name: String,
        /// A link, or the text of a scenario with moves.
        pub answer: String,
    }

    /// Whose answer is worth what.
    pub struct Grades {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The question's title.
        pub question: String,
        /// What tells the question from every other: its answers name it.
        pub hash: String,
        /// The fewest moves, if they are known.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub par: Option<u8>,
        /// One row an answer, in their order.
        pub answers: Vec<Graded>,
    }

    /// What one answer is worth.
    pub struct Graded {
        /// Whose it is.
        pub name: String,
        /// What it is worth.
        pub result: GradeWord,
        /// How many moves it makes; none if it is no answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub moves: Option<u8>,
        /// The goals that it does not reach or foretells wrongly, or why it is no answer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub why: Vec<String>,
        /// Where its run first differs from the nearest solution.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub differs: Option<String>,
        /// Whose earlier answer is the same.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub same_as: Option<String>,
    }
}

words! {
    /// What the reader of a question does.
    pub enum QuestionKind {
        /// Makes something go wrong.
        BreakIt,
        /// Repairs a bad run.
        SaveIt,
        /// Says of every goal whether it will be true, without a move.
        Predict,
        /// Selects an event.
        Explain,
        /// Puts deliveries in an order.
        Order,
    }

    /// What an answer is worth.
    #[derive(PartialOrd, Ord)]
    pub enum GradeWord {
        /// It solves the question.
        Solved,
        /// Its run met a limit: nobody can tell.
        CannotTell,
        /// It keeps to the rules and does not solve it.
        Unsolved,
        /// It is no answer to this question: damaged, foreign, older, against the rules.
        NoAnswer,
    }
}
