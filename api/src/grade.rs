//! Questions and their answers: what is asked, and what each answer of a class is worth.

use crate::convert;
use crate::event::event;
use crate::form::{Asked, Code, Error, FORM, GradeWord, Graded, Grades, HandedIn, Question, QuestionKind};
use crate::library::{Library, protocols_of};
use crate::links::path_in;
use lightcone_content::challenges::Posed;
use lightcone_content::gallery::File;
use lightcone_content::grade::{Grading, Mark, likeness};
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::protocol::Invalid;
use lightcone_engine::run::question::{self, Attempt, Kind};
use lightcone_engine::{EventIndex, Trace, simulate};
use lightcone_formats::{link, text};
use lightcone_search::par::Par;

/// The most answers of a class.
pub const MOST_ANSWERS: usize = 10_000;

/// A question as the core has it, with a solution if one is known.
pub struct Asking {
    /// The question.
    pub question: question::Question,
    /// A solution.
    pub solution: Option<Attempt>,
}

/// The text of an answer, or why there is none, and whose it is.
pub type Handed = (String, Result<String, String>);

/// Reads a question: a link that asks something, the text of a scenario with a section `challenge`, or the name of one of these
/// challenges, `2pc/leave-both-in-doubt`.
///
/// # Errors
/// It is no question.
pub fn asking(library: &Library, challenges: &[File], what: &str) -> Result<Asking, Error> {
    let protocols = protocols_of(library);
    if let Some(code) = path_in(what).and_then(|path| path.strip_prefix("run/")) {
        let question = link::decode(code, &protocols)?.question()?;
        let none = || Error::new(Code::NoQuestion, "This link asks nothing: it shows a run.");
        return Ok(Asking { question: question.ok_or_else(none)?, solution: None });
    }
    if what.trim_start().starts_with("lightcone ") {
        let (question, solution) = text::decode_question(what, &protocols)?;
        let solves = question.moves_of(&solution.scenario).is_ok()
            && question.is_solved(&simulate(&solution.scenario), solution.reply);
        return Ok(Asking { question, solution: Some(solution).filter(|_| solves) });
    }
    let name = |file: &File| format!("{}/{}", file.protocol, file.slug);
    let Some(file) = challenges.iter().find(|file| name(file) == what) else {
        let all: Vec<String> = challenges.iter().map(name).collect();
        let message = format!("There is no challenge `{}`. There are {}.", text::quoted(what), all.join(", "));
        return Err(Error::new(Code::NoQuestion, message));
    };
    let Posed { question, solution, .. } = Posed::read(file, &protocols)?;
    Ok(Asking { question, solution: Some(solution) })
}

/// A question as plain data.
///
/// # Errors
/// As those of [`asking`].
pub fn question(library: &Library, challenges: &[File], what: &str) -> Result<Question, Error> {
    Ok(described(&asking(library, challenges, what)?.question))
}

/// A question of the core as plain data.
#[must_use]
pub fn described(question: &question::Question) -> Question {
    let (challenge, trace) = (&question.challenge, simulate(&question.scenario));
    let asked = |atom| Asked { goal: text::encode_atom(atom, &question.scenario), sentence: atom.sentence(&trace) };
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Question {
        lightcone: FORM,
        scenario: convert::scenario(&question.scenario),
        hash: hash(text::question_hash(question)),
        link: ["#/run/", &link::encode_question(question)].concat(),
        kind: match challenge.kind {
            Kind::BreakIt => QuestionKind::BreakIt,
            Kind::SaveIt => QuestionKind::SaveIt,
            Kind::Predict => QuestionKind::Predict,
            Kind::Explain => QuestionKind::Explain,
            Kind::Order => QuestionKind::Order,
        },
        lesson: said(&challenge.lesson),
        goals: challenge.goal.iter().map(asked).collect(),
        tools: challenge.tools.iter().map(|tool| tool.id().into()).collect(),
        moves: challenge.budget,
        par: challenge.par,
        shows: said(&challenge.shows),
    }
}

/// What each answer to a question is worth.
///
/// # Errors
/// It is no question, or there are too many answers.
pub fn grade(library: &Library, challenges: &[File], what: &str, answers: &[HandedIn]) -> Result<Grades, Error> {
    if answers.len() > MOST_ANSWERS {
        return Err(Invalid::range("number of answers", answers.len() as u64, 0, MOST_ANSWERS as u64).into());
    }
    let handed: Vec<Handed> = answers.iter().map(|each| (each.name.clone(), Ok(each.answer.clone()))).collect();
    Ok(grades(&protocols_of(library), asking(library, challenges, what)?, &handed))
}

/// The same of answers of which some could not be read.
#[must_use]
pub fn grades(protocols: &[&'static dyn AnyProtocol], asking: Asking, handed: &[Handed]) -> Grades {
    let mut grading = Grading::new(asking.question, asking.solution.as_ref());
    let mut answers: Vec<Graded> = Vec::new();
    let mut known: Vec<(Attempt, usize)> = Vec::new();
    let mut runs: Vec<(usize, Trace)> = Vec::new();
    for (name, given) in handed {
        let mut row = row(name);
        match given.clone().and_then(|given| attempt(protocols, &grading, &given)) {
            Err(why) => row.why.push(why),
            Ok(attempt) => {
                let (mark, trace) = grading.mark(&attempt);
                describe(&mark, trace.as_ref(), &grading, &mut row);
                let like = likeness(&attempt);
                let same = known.iter().find(|(other, _)| *other == like).map(|(_, place)| *place);
                row.same_as = same.map(|place| answers[place].name.clone());
                if same.is_none() {
                    known.push((like, answers.len()));
                }
                match (mark, trace) {
                    (Mark::Solved { .. }, Some(trace)) if same.is_none() => grading.learn(trace),
                    (Mark::Unsolved { .. }, Some(trace)) => runs.push((answers.len(), trace)),
                    _ => {}
                }
            }
        }
        answers.push(row);
    }
    for (place, trace) in runs {
        let differs = grading.first_difference(&trace);
        answers[place].differs = differs.map(|(event, other)| difference(event, &trace, other));
    }
    let par = if let Par::Is(par) = grading.par { Some(par) } else { None };
    let question = grading.question.scenario.title.clone();
    Grades { lightcone: FORM, question, hash: hash(grading.hash()), par, answers }
}

fn hash(hash: u64) -> String {
    format!("{hash:016x}")
}

fn row(name: &str) -> Graded {
    let result = GradeWord::NoAnswer;
    Graded { name: name.to_owned(), result, moves: None, why: Vec::new(), differs: None, same_as: None }
}

/// An answer as a link, or as a text: the question's run with moves, and perhaps a section `answer`.
fn attempt(protocols: &[&'static dyn AnyProtocol], grading: &Grading, given: &str) -> Result<Attempt, String> {
    let given = given.trim();
    if !given.starts_with("lightcone ") {
        let path = path_in(given).unwrap_or_else(|| link::pasted(given));
        let code = path.strip_prefix("run/").unwrap_or(path);
        return grading.read(code, protocols).map_err(|why| why.to_string());
    }
    let read = text::read(given, protocols).and_then(text::Read::whole).map_err(|error| error.to_string())?;
    let (_, attempt) = text::read_answer(&read.answer, read.scenario).map_err(|error| error.to_string())?;
    Ok(attempt)
}

fn describe(mark: &Mark, trace: Option<&Trace>, grading: &Grading, row: &mut Graded) {
    match mark {
        Mark::Solved { moves } => (row.result, row.moves) = (GradeWord::Solved, Some(*moves)),
        Mark::Unsolved { moves, unmet } => {
            (row.result, row.moves) = (GradeWord::Unsolved, Some(*moves));
            let challenge = &grading.question.challenge;
            let what = if challenge.kind == Kind::Predict { "foretold wrongly" } else { "not so" };
            let sentence = |trace, place: &usize| format!("{what}: {}", challenge.goal[*place].sentence(trace));
            row.why.extend(trace.into_iter().flat_map(|trace| unmet.iter().map(move |place| sentence(trace, place))));
        }
        Mark::CannotTell(why) => {
            row.result = GradeWord::CannotTell;
            row.why.push(why.clone());
        }
        Mark::None(why) => row.why.push(why.to_string()),
    }
}

fn difference(place: usize, trace: &Trace, other: &Trace) -> String {
    let says = |trace: &Trace| match trace.events.get(place) {
        Some(happened) => {
            format!("at {} ms {}", happened.at, event(trace, &trace.scenario, EventIndex(place as u32)))
        }
        None => "the run ends".to_owned(),
    };
    format!("here {}; in the nearest solution {}", says(trace), says(other))
}
