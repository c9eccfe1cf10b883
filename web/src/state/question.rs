//! A question that is open, or an answer to one: what the page keeps of it. Pure. What reads questions and judges answers arrives with
//! the first question ([`arrived`]); a page that only shows runs does without.

use super::address::Route;
use super::links::{self, BadLink};
use super::run::State;
use lightcone_engine::Scenario;
use lightcone_engine::run::question::{Attempt, Question, Reply};
use lightcone_engine::run::trace::Trace;
use lightcone_formats::link::Decoded;
use std::cell::Cell;
use std::rc::Rc;

/// A question, and where it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posed {
    /// The question.
    pub question: Question,
    /// What an answer to it names.
    pub hash: u64,
    /// The fragment of its address: `/challenge/2pc/leave-both-in-doubt`, or `/run/` and its link.
    pub place: String,
}

/// An answer, as a link brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The link.
    pub link: String,
    /// The hash of its question.
    pub hash: u64,
    /// The answer itself.
    pub attempt: Attempt,
}

/// What is asked, and what was answered.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The question; none if only an answer to it is known.
    pub posed: Option<Rc<Posed>>,
    /// The answer that is shown.
    pub answer: Option<Rc<Answer>>,
    /// What the reader says besides the moves. What is selected is no part of it.
    pub reply: Reply,
    /// Why what the reader did last was not done.
    pub refused: Option<String>,
}

impl Asked {
    /// This question, with nothing done yet.
    #[must_use]
    pub fn new(posed: Rc<Posed>) -> Asked {
        Asked { posed: Some(posed), ..Asked::default() }
    }

    /// The address of a run that is open with it: the question's while nothing is done, then with the run behind it.
    #[must_use]
    pub fn route(&self, run: &Scenario) -> Route {
        if let Some(answer) = self.answer_shown(run) {
            return Route::Run { link: answer.link.clone() };
        }
        let Some(posed) = &self.posed else { return links::route(run) };
        if *run == posed.question.scenario {
            return Route::of(&posed.place);
        }
        let bare = Scenario { title: String::new(), note: String::new(), ..run.clone() };
        Route::of(&[&posed.place, "/", &lightcone_formats::link::encode(&bare)].concat())
    }

    /// The answer, if it is what is shown: the reader has changed nothing in it.
    #[must_use]
    pub fn answer_shown(&self, run: &Scenario) -> Option<&Rc<Answer>> {
        self.answer.as_ref().filter(|answer| answer.attempt.scenario == *run)
    }

    /// The answer that the reader would give with this run.
    #[must_use]
    pub fn attempt(&self, run: &Scenario) -> Attempt {
        let reply = self.answer_shown(run).map_or(self.reply, |answer| answer.attempt.reply);
        Attempt { scenario: run.clone(), reply }
    }
}

/// What an address with a question or an answer opens.
pub struct Opened {
    /// What is asked.
    pub asked: Asked,
    /// The run.
    pub run: Scenario,
}

/// What an address opens, or why it does not.
pub type Opens = Result<Opened, BadLink>;

/// A link as an address has it, and what is open while it is opened.
#[derive(Clone, Copy)]
pub struct Linked<'a> {
    /// The link.
    pub code: &'a str,
    /// The reader's work behind it, which may be empty.
    pub work: &'a str,
    /// The question that is open.
    pub now: Option<&'a Rc<Posed>>,
}

/// What reads questions and judges answers.
pub struct Questions {
    /// The challenge of this name.
    pub challenge: fn(protocol: &str, slug: &str) -> Option<Posed>,
    /// A question with the reader's work, a link of a run; that may be empty.
    pub resumed: fn(Rc<Posed>, work: &str) -> Opens,
    /// What a link that is a question or an answer opens.
    pub open: fn(&Decoded, Linked<'_>) -> Opens,
    /// Why the rules of a question do not allow a run; none if they do.
    pub refusal: fn(&Question, &Scenario) -> Option<String>,
    /// What the reader says besides the moves: also what is selected, if that is asked.
    pub reply: fn(&Posed, &Asked, &State) -> Reply,
    /// The link of the answer with this run.
    pub answer: fn(&Posed, Reply, &Scenario) -> String,
    /// Whether a finished run solves a question, within its rules.
    pub is_solved: fn(&Question, &Trace, Reply) -> bool,
}

thread_local! {
    static HERE: Cell<Option<&'static Questions>> = const { Cell::new(FIRST) };
}

#[cfg(feature = "parts")]
const FIRST: Option<&Questions> = None;
#[cfg(not(feature = "parts"))]
const FIRST: Option<&Questions> = Some(&super::asking::QUESTIONS);

/// What reads questions has arrived.
pub fn arrived(questions: &'static Questions) {
    HERE.set(Some(questions));
}

/// What reads questions, if it is here.
#[must_use]
pub fn here() -> Option<&'static Questions> {
    HERE.get()
}
