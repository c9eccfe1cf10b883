//! Questions and answers as text: a scenario with one more section.
//!
//! ```text
//! challenge
//!   kind break-it                save-it, predict, explain, order
//!   lesson 5.2                   may be left out
//!   goal at-end P1 in-doubt      what must be true, one atom a line: `goal.rs` has their words
//!   goal at-end P2 in-doubt
//!   tools crash move             none for a question without moves
//!   moves 1                      how many moves there are
//!   par 1                        the fewest, if they have been computed
//!   shows A sentence that is shown when it is solved.
//! ```
//!
//! An answer has another section. In the file of a question, its moves and this section are a solution:
//!
//! ```text
//! answer
//!   to 0123456789abcdef          the question's hash; not in the file of the question
//!   set no-op off                a knob that is turned
//!   picks message c1>N1 Write#1  the event that its reader selects; also `timer`, `request`
//!   expects 1 3                  the numbers of the atoms that its reader expects to be true
//! ```

use super::error::{Problem, TextError, quoted};
use super::goal::{encode_atom, read_atom};
use super::names::Names;
use super::read::{Numbered, Read, handling, parameter, read};
use super::words::{Words, unknown};
use super::write::Handled;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::hash::Hasher;
use lightcone_engine::hash::Hasher64;
use lightcone_engine::limits::MAX_NOTE_BYTES;
use lightcone_engine::protocol::{Invalid, Protocols};
use lightcone_engine::run::Scenario;
use lightcone_engine::run::question::{Attempt, Challenge, Kind, MAX_ATOMS, MAX_BUDGET, Question, Reply, Tool, Tools};

/// Words that begin a line of the section `challenge`.
const LINES: [&str; 7] = ["kind", "lesson", "goal", "tools", "moves", "par", "shows"];
/// The most bytes of a lesson's number.
const MOST_LESSON: usize = 12;

/// Reads a file with a section `challenge`: the question, and the answer that the file has, which is a solution.
///
/// # Errors
/// The first line that cannot be read.
pub fn decode_question(text: &str, protocols: &Protocols) -> Result<(Question, Attempt), TextError> {
    let Read { scenario, challenge, answer, .. } = read(text, protocols)?.whole()?;
    let question = Question { challenge: read_challenge(&challenge, &scenario)?, scenario: scenario.without_moves() };
    question.check().map_err(|invalid| Problem::from(invalid).at(0))?;
    let (_, solution) = read_answer(&answer, scenario)?;
    Ok((question, solution))
}

/// The text of a question.
#[must_use]
pub fn encode_question(question: &Question) -> String {
    let section = encode_challenge(&question.challenge, &question.scenario);
    let indented = section.lines().map(|line| format!("  {line}\n")).collect::<String>();
    format!("{}challenge\n{indented}", super::encode(&question.scenario))
}

/// What tells a question from every other: of its run, without title and note, and of what is asked, without the par and the
/// sentence at its end, which may be put in better words.
#[must_use]
pub fn question_hash(question: &Question) -> u64 {
    let scenario = Scenario { title: String::new(), note: String::new(), ..question.scenario.without_moves() };
    let challenge = Challenge { par: None, shows: String::new(), lesson: String::new(), ..question.challenge.clone() };
    let text = encode_question(&Question { scenario, challenge });
    let mut hasher = Hasher64::new(1);
    text.bytes().for_each(|byte| hasher.write_u8(byte));
    hasher.finish()
}

/// Reads the lines of a section `challenge` about this run.
///
/// # Errors
/// The first line that cannot be read; line 0 if one is missing.
pub fn read_challenge(lines: &[Numbered<'_>], scenario: &Scenario) -> Result<Challenge, TextError> {
    let mut challenge = Challenge {
        kind: Kind::BreakIt,
        lesson: String::new(),
        goal: Vec::new(),
        tools: Tools::default(),
        budget: 0,
        par: None,
        shows: String::new(),
    };
    let mut said = Vec::new();
    for &(number, line) in lines {
        read_line(line, scenario, &mut challenge, &mut said).map_err(|problem| problem.at(number))?;
    }
    if challenge.goal.is_empty() {
        return Err(Problem::Missing { what: "a line `goal` of a section `challenge`" }.at(0));
    }
    Ok(challenge)
}

/// The lines of a section `challenge`, without indent.
#[must_use]
pub fn encode_challenge(challenge: &Challenge, scenario: &Scenario) -> String {
    let Challenge { kind, lesson, goal, tools, budget, par, shows } = challenge;
    let mut text = format!("kind {}\n", kind.id());
    // Writing to a string does not fail.
    if !lesson.is_empty() {
        _ = writeln!(text, "lesson {lesson}");
    }
    goal.iter().for_each(|atom| _ = writeln!(text, "goal {}", encode_atom(atom, scenario)));
    if *tools != Tools::default() {
        let ids: Vec<&str> = tools.iter().map(Tool::id).collect();
        _ = writeln!(text, "tools {}", ids.join(" "));
    }
    if *budget > 0 {
        _ = writeln!(text, "moves {budget}");
    }
    if let Some(par) = par {
        _ = writeln!(text, "par {par}");
    }
    if !shows.is_empty() {
        _ = writeln!(text, "shows {shows}");
    }
    text
}

fn read_line(line: &str, scenario: &Scenario, challenge: &mut Challenge, said: &mut Vec<usize>) -> Result<(), Problem> {
    let words = &mut Words::of(line);
    let place = words.one_of("line of a challenge", &LINES)?;
    let first = LINES[place];
    let rest = line.trim_start()[first.len()..].trim();
    if first != "goal" && said.contains(&place) {
        return Err(Problem::Twice { word: first.into() });
    }
    said.push(place);
    match first {
        "kind" => challenge.kind = Kind::ALL[words.one_of("kind of challenge", &Kind::ALL.map(|each| each.1))?].0,
        "lesson" => {
            challenge.lesson = bounded(words.next("a lesson’s number")?, MOST_LESSON)?;
        }
        "goal" => {
            if challenge.goal.len() == MAX_ATOMS {
                let most = MAX_ATOMS as u64;
                return Err(Invalid::range("number of goals", most + 1, 1, most).into());
            }
            challenge.goal.push(read_atom(rest, scenario)?);
            return Ok(());
        }
        "tools" => {
            while let Ok(word) = words.next("") {
                let tool = Tool::ALL.iter().find(|each| each.1 == word);
                let (tool, ..) = tool.ok_or_else(|| unknown("tool", word, Tool::ALL.iter().map(|each| each.1)))?;
                challenge.tools = challenge.tools.with(*tool);
            }
        }
        "moves" => challenge.budget = small(words)?,
        "par" => challenge.par = Some(small(words)?),
        _ => {
            challenge.shows = bounded(rest, MAX_NOTE_BYTES)?;
            return Ok(());
        }
    }
    words.end()
}

fn small(words: &mut Words<'_>) -> Result<u8, Problem> {
    let number = words.number::<u8>("a small whole number")?;
    if number > MAX_BUDGET {
        return Err(Invalid::range("number of moves", number.into(), 0, MAX_BUDGET.into()).into());
    }
    Ok(number)
}

fn bounded(text: &str, most: usize) -> Result<String, Problem> {
    if text.len() > most || text.chars().any(char::is_control) {
        return Err(Invalid::range("length of a text in bytes", text.len() as u64, 0, most as u64).into());
    }
    Ok(text.into())
}

/// An answer's lines, without indent: the hash of its question, and what it says besides its moves and knobs.
#[must_use]
pub fn encode_reply(hash: u64, reply: Reply, scenario: &Scenario) -> String {
    let mut text = format!("to {hash:016x}\n");
    // Writing to a string does not fail.
    if let Some(picked) = reply.picked {
        _ = writeln!(text, "picks {}", Handled { handling: &picked, names: &Names::of(scenario) });
    }
    if reply.expects != 0 {
        let numbers = (0..MAX_ATOMS).filter(|place| reply.expects & 1 << place != 0);
        let numbers: Vec<String> = numbers.map(|place| format!("{}", place + 1)).collect();
        _ = writeln!(text, "expects {}", numbers.join(" "));
    }
    text
}

/// Reads the lines of an answer with this run and moves: the hash of its question, if it says so, and the answer.
///
/// # Errors
/// The first line that cannot be read.
pub fn read_answer(lines: &[Numbered<'_>], scenario: Scenario) -> Result<(Option<u64>, Attempt), TextError> {
    let (mut hash, mut attempt) = (None, Attempt { scenario, reply: Reply::default() });
    for &(number, line) in lines {
        read_answer_line(line, &mut hash, &mut attempt).map_err(|problem| problem.at(number))?;
    }
    Ok((hash, attempt))
}

fn read_answer_line(line: &str, hash: &mut Option<u64>, attempt: &mut Attempt) -> Result<(), Problem> {
    const HASH: &str = "a hash of 16 hexadecimal digits";
    let words = &mut Words::of(line);
    let Attempt { scenario, reply } = attempt;
    match words.one_of("line of an answer", &["to", "set", "picks", "expects"])? {
        0 => {
            let word = words.next(HASH)?;
            let read = u64::from_str_radix(word, 16).ok().filter(|_| word.len() == 16);
            *hash = Some(read.ok_or_else(|| Problem::Expected { what: HASH, word: quoted(word) })?);
        }
        1 => parameter(words, scenario)?,
        2 => reply.picked = Some(handling(words, &Names::of(scenario))?),
        _ => {
            while let Ok(word) = words.next("") {
                let number = word.parse().ok().filter(|number| (1..=MAX_ATOMS).contains(number));
                let wrong = || Problem::Expected { what: "the number of a goal", word: quoted(word) };
                reply.expects |= 1 << (number.ok_or_else(wrong)? - 1);
            }
        }
    }
    words.end()
}
