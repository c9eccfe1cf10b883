//! Grading: a question, and what each answer to it is worth. To grade an answer costs one run, and one more if it is about goals of
//! the protocol. Nothing is searched but the par of a question that does not state it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use lightcone_engine::protocol::Protocols;
use lightcone_engine::run::question::{Attempt, Kind, Question, Refused, Reply, effective};
use lightcone_engine::run::trace::Ending;
use lightcone_engine::run::{Trace, simulate};
use lightcone_formats::link::{self, Changed, LinkError};
use lightcone_formats::text::question_hash;
use lightcone_search::par::{Par, ParSearch};

/// Runs that are tried for the par of a question that does not state it.
pub const PAR_RUNS: u64 = 20_000;

/// What an answer is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It solves the question.
    Solved {
        /// In so many moves.
        moves: u8,
    },
    /// It keeps to the rules and does not solve it.
    Unsolved {
        /// It uses so many moves.
        moves: u8,
        /// The goals that it does not reach, or foretells wrongly: places among the question's.
        unmet: Vec<usize>,
    },
    /// Its run met a limit: nobody can tell.
    CannotTell(String),
    /// It is no answer to this question.
    None(NoAnswer),
}

/// Why something is no answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The link cannot be read.
    Link(LinkError),
    /// The link is a run or a question, and says of itself that it is no answer.
    Plain,
    /// It answers another question.
    Foreign,
    /// It was made for an older version of the protocol than the question.
    Older(Changed),
    /// It breaks the rules of the question.
    Refused(Refused),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAnswer::Link(error) => write!(f, "{error}"),
            NoAnswer::Plain => f.write_str("This link is not an answer. It shows a run or asks a question."),
            NoAnswer::Foreign => f.write_str("This answers another question."),
            NoAnswer::Older(changed) => write!(
                f,
                "This answer is older than the question: it was made for version {} of {}, and the question is for version {}.",
                changed.then, changed.title, changed.now
            ),
            NoAnswer::Refused(refused) => write!(f, "{refused}"),
        }
    }
}

impl core::error::Error for NoAnswer {}

/// A question that answers are held against.
pub struct Grading {
    /// The question.
    pub question: Question,
    /// The fewest moves.
    pub par: Par,
    hash: u64,
    /// Runs that solve it.
    solutions: Vec<Trace>,
}

impl Grading {
    /// The question, with its par as it states it, or else computed within [`PAR_RUNS`] runs. A known solution may help to say where
    /// an answer goes wrong.
    #[must_use]
    pub fn new(question: Question, solution: Option<&Attempt>) -> Grading {
        let mut solutions: Vec<Trace> = solution.map(|solution| simulate(&solution.scenario)).into_iter().collect();
        let par = match question.challenge.par {
            Some(par) => Par::Is(par),
            None => {
                let mut search = ParSearch::of(&question, PAR_RUNS);
                let par = search.run();
                solutions.extend(search.some().iter().map(|way| simulate(&search.after(way).scenario)));
                par
            }
        };
        Grading { par, hash: question_hash(&question), solutions, question }
    }

    /// The hash that an answer to this question names.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The answer that a link holds: what stands in an address after `#/run/`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(&self, code: &str, protocols: &Protocols) -> Result<Attempt, NoAnswer> {
        let decoded = link::decode(code, protocols).map_err(NoAnswer::Link)?;
        let Some((hash, attempt)) = decoded.answer().map_err(NoAnswer::Link)? else { return Err(NoAnswer::Plain) };
        let (own, theirs) = (&self.question.scenario, &attempt.scenario);
        if own.protocol == theirs.protocol && theirs.version < own.version {
            let title = own.protocol.specification().title;
            return Err(NoAnswer::Older(Changed { title, then: theirs.version, now: own.version }));
        }
        if hash != self.hash { Err(NoAnswer::Foreign) } else { Ok(attempt) }
    }

    /// What an answer is worth, and its run.
    #[must_use]
    pub fn mark(&self, attempt: &Attempt) -> (Mark, Option<Trace>) {
        let moves = match self.question.moves_of(&attempt.scenario) {
            Ok(moves) => moves,
            Err(Refused::Foreign) => return (Mark::None(NoAnswer::Foreign), None),
            Err(refused) => return (Mark::None(NoAnswer::Refused(refused)), None),
        };
        let trace = simulate(&attempt.scenario);
        let moves = moves + u8::from(attempt.reply.picked.is_some());
        if let (Ending::Limit(_), Some(why)) = (trace.ending, trace.stopped()) {
            return (Mark::CannotTell(why), Some(trace));
        }
        let unmet = self.unmet(&trace, attempt.reply);
        let mark = if unmet.is_empty() { Mark::Solved { moves } } else { Mark::Unsolved { moves, unmet } };
        (mark, Some(trace))
    }

    fn unmet(&self, trace: &Trace, reply: Reply) -> Vec<usize> {
        let truths = self.question.truths(trace, reply);
        let wanted = if self.question.challenge.kind == Kind::Predict { reply.expects } else { u16::MAX };
        let places = 0..self.question.challenge.goal.len();
        places.filter(|place| (truths ^ wanted) & 1 << place != 0).collect()
    }

    /// Another run that solves the question, with which later ones are compared.
    pub fn learn(&mut self, trace: Trace) {
        if self.solutions.len() < lightcone_search::par::MOST_KEPT {
            self.solutions.push(trace);
        }
    }

    /// Where a run leaves the run that solves the question and goes along with it longest: the place of the first event that
    /// differs, in this run and in that one, and that run. None if no solution is known, or none differs.
    #[must_use]
    pub fn first_difference<'a>(&'a self, trace: &Trace) -> Option<(usize, &'a Trace)> {
        let shared = |other: &Trace| {
            let pairs = trace.events.iter().zip(&other.events);
            pairs.take_while(|(one, other)| one.cause == other.cause).count()
        };
        let nearest = self.solutions.iter().map(|other| (shared(other), other));
        // Of several the first.
        let nearest = nearest.fold(None, |best: Option<(usize, &Trace)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        });
        nearest.filter(|(shared, other)| *shared < trace.events.len().max(other.events.len()))
    }
}

/// What tells an answer from others, so that those that are the same can be flagged: its moves whatever their order, its knobs, and
/// what its reader selects or ticks.
#[must_use]
pub fn likeness(attempt: &Attempt) -> Attempt {
    let mut moves = effective(&attempt.scenario.moves);
    moves.sort_unstable();
    let mut likeness = attempt.clone();
    (likeness.scenario.moves, likeness.scenario.title, likeness.scenario.note) = (moves, String::new(), String::new());
    likeness
}
