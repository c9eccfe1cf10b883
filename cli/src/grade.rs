//! `grade`: holds a class's answers against a question, and says of each what it is worth.

use crate::run::{event, is_file};
use crate::{Answer, content, format_named};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::{json, path_in};
use lightcone_content::challenges::{ALL, Posed};
use lightcone_content::grade::{Grading, Mark, likeness};
use lightcone_engine::limits::{MAX_LINK_BYTES, MAX_TEXT_BYTES};
use lightcone_engine::run::question::{Attempt, Kind, Question};
use lightcone_engine::{EventIndex, Trace};
use lightcone_formats::{link, text};
use lightcone_protocols::PROTOCOLS;
use lightcone_search::par::{Par, ParSearch};
use serde::Serialize;
use std::path::Path;

/// The most answers of a class.
const MOST_ANSWERS: usize = 10_000;
/// The most bytes of a table of answers.
const MOST_BYTES: usize = 16 * 1_024 * 1_024;

/// What one line of the table says.
#[derive(Clone, Debug, Serialize)]
struct Graded {
    /// Whose answer it is.
    name: String,
    /// `solved`, `unsolved`, `cannot-tell`, or `no-answer`: damaged, foreign, older, against the rules.
    result: &'static str,
    /// How many moves it makes; none if it is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<u8>,
    /// The goals that it does not reach or foretells wrongly, or why it is no answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<String>,
    /// Where it first differs from the nearest solution.
    #[serde(skip_serializing_if = "Option::is_none")]
    differs: Option<String>,
    /// Whose earlier answer is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<String>,
}

/// The whole table.
#[derive(Clone, Debug, Serialize)]
struct Table {
    /// The question's title.
    question: String,
    /// The hash that answers name.
    hash: String,
    /// The fewest moves, if known.
    par: Option<u8>,
    /// One row an answer, in their order.
    answers: Vec<Graded>,
}

/// Who answers, and the text of the answer, or why there is none.
type Handed = (String, Result<String, String>);

/// Runs `grade` with its arguments.
pub fn command(mut arguments: Parser) -> Result<Answer, String> {
    let (mut question, mut answers, mut as_json) = (None, None, false);
    while let Some(argument) = arguments.next().map_err(|error| error.to_string())? {
        match argument {
            Arg::Value(what) if question.is_none() => question = Some(what.string().map_err(|it| it.to_string())?),
            Arg::Value(what) if answers.is_none() => answers = Some(what.string().map_err(|it| it.to_string())?),
            Arg::Long("format") => {
                let name = arguments.value().and_then(ValueExt::string).map_err(|error| error.to_string())?;
                as_json = format_named(&name)?;
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    let what = question.ok_or("grade what? A question’s file or link, or a challenge, and the answers")?;
    let (question, solution) = asked(&what)?;
    let Some(answers) = answers else { return Ok(tell_question(&question, solution.as_ref())) };
    let handed = handed(&answers)?;
    let table = table(Grading::new(question, solution.as_ref()), &handed);
    if as_json {
        println!("{}", json::write(&table));
    } else {
        tell(&table);
    }
    Ok(table.answers.iter().fold(Answer::Holds, |all, each| {
        all.and(match each.result {
            "solved" => Answer::Holds,
            "cannot-tell" => Answer::Undecided,
            _ => Answer::Broken,
        })
    }))
}

/// The question that is meant, and a solution if its file has one.
fn asked(what: &str) -> Result<(Question, Option<Attempt>), String> {
    if let Some(code) = path_in(what).and_then(|path| path.strip_prefix("run/")) {
        let decoded = link::decode(code, PROTOCOLS).map_err(|error| error.to_string())?;
        let question = decoded.question().map_err(|error| error.to_string())?;
        return Ok((question.ok_or("this link asks nothing: it shows a run")?, None));
    }
    let posed = |text: &str| {
        let (question, solution) =
            text::decode_question(text, PROTOCOLS).map_err(|error| format!("{what}: {error}"))?;
        let solves = question.moves_of(&solution.scenario).is_ok();
        let solves = solves && question.is_solved(&lightcone_engine::simulate(&solution.scenario), solution.reply);
        Ok((question, Some(solution).filter(|_| solves)))
    };
    if is_file(what) {
        return posed(&content(what, MAX_TEXT_BYTES)?);
    }
    let mut files = ALL.iter();
    let file = files.find(|file| what == format!("{}/{}", file.protocol, file.slug));
    let file = file.ok_or_else(|| {
        let all = ALL.iter().map(|file| format!("  {}/{}", file.protocol, file.slug));
        format!(
            "`{what}` is no file, no link and no challenge. The challenges are:\n{}",
            all.collect::<Vec<_>>().join("\n")
        )
    })?;
    let Posed { question, solution, .. } = Posed::read(file, PROTOCOLS).map_err(|error| error.to_string())?;
    Ok((question, Some(solution)))
}

/// The answers of a table of names and links, or of a folder with a file each.
fn handed(what: &str) -> Result<Vec<Handed>, String> {
    if Path::new(what).is_dir() { of_folder(what) } else { of_table(&content(what, MOST_BYTES)?, what) }
}

/// A line is a name and a link. A first line that has no link is a heading.
fn of_table(table: &str, file: &str) -> Result<Vec<Handed>, String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(table.as_bytes());
    let mut handed = Vec::new();
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("`{file}`: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let name = record.get(0).unwrap_or_default().to_owned();
        match record.get(1) {
            Some(link) if place == 0 && record.len() == 2 && link.eq_ignore_ascii_case("link") => {}
            Some(link) if record.len() == 2 && !link.is_empty() => handed.push((name, Ok(link.to_owned()))),
            _ => {
                let name = if name.is_empty() { format!("line {line}") } else { name };
                handed.push((name, Err(format!("Line {line} of `{file}` is not a name and a link."))));
            }
        }
        if handed.len() > MOST_ANSWERS {
            return Err(format!("`{file}` has more than {MOST_ANSWERS} answers"));
        }
    }
    Ok(handed)
}

/// A file is an answer; its name without its ending is whose.
fn of_folder(folder: &str) -> Result<Vec<Handed>, String> {
    let cannot = |error: std::io::Error| format!("`{folder}` cannot be read: {error}");
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        paths.push(entry.map_err(cannot)?.path());
        if paths.len() > MOST_ANSWERS {
            return Err(format!("`{folder}` has more than {MOST_ANSWERS} files"));
        }
    }
    paths.sort();
    let files = paths.iter().filter(|path| path.is_file());
    Ok(files
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            (name, content(&path.to_string_lossy(), MAX_TEXT_BYTES.max(MAX_LINK_BYTES)))
        })
        .collect())
}

fn table(mut grading: Grading, handed: &[Handed]) -> Table {
    let mut answers: Vec<Graded> = Vec::new();
    let mut known: Vec<(Attempt, usize)> = Vec::new();
    let mut runs: Vec<(usize, Trace)> = Vec::new();
    for (name, given) in handed {
        let mut row = Graded {
            name: name.clone(),
            result: "no-answer",
            moves: None,
            why: Vec::new(),
            differs: None,
            same_as: None,
        };
        match given.clone().and_then(|given| attempt(&grading, &given)) {
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
        answers[place].differs =
            grading.first_difference(&trace).map(|(event, other)| difference(event, &trace, other));
    }
    let par = if let Par::Is(par) = grading.par { Some(par) } else { None };
    let hash = format!("{:016x}", grading.hash());
    Table { question: grading.question.scenario.title.clone(), hash, par, answers }
}

/// An answer as a link, or as a file: the question's run with moves, and perhaps a section `answer`.
fn attempt(grading: &Grading, given: &str) -> Result<Attempt, String> {
    let given = given.trim();
    if !given.starts_with("lightcone ") {
        let path = path_in(given).unwrap_or_else(|| link::pasted(given));
        let code = path.strip_prefix("run/").unwrap_or(path);
        return grading.read(code, PROTOCOLS).map_err(|why| why.to_string());
    }
    let read = text::read(given, PROTOCOLS).and_then(text::Read::whole).map_err(|error| error.to_string())?;
    let (_, attempt) = text::read_answer(&read.answer, read.scenario).map_err(|error| error.to_string())?;
    Ok(attempt)
}

fn describe(mark: &Mark, trace: Option<&Trace>, grading: &Grading, row: &mut Graded) {
    match mark {
        Mark::Solved { moves } => (row.result, row.moves) = ("solved", Some(*moves)),
        Mark::Unsolved { moves, unmet } => {
            (row.result, row.moves) = ("unsolved", Some(*moves));
            let challenge = &grading.question.challenge;
            let what = if challenge.kind == Kind::Predict { "foretold wrongly" } else { "not so" };
            let sentence = |trace, place: &usize| format!("{what}: {}", challenge.goal[*place].sentence(trace));
            row.why.extend(trace.into_iter().flat_map(|trace| unmet.iter().map(move |place| sentence(trace, place))));
        }
        Mark::CannotTell(why) => {
            row.result = "cannot-tell";
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

fn tell(table: &Table) {
    let par = table.par.map_or("unknown".to_owned(), |par| par.to_string());
    println!("{} (par {par})\n", table.question);
    let widest = table.answers.iter().map(|each| each.name.chars().count()).max().unwrap_or(0);
    for each in &table.answers {
        let pad = " ".repeat(widest - each.name.chars().count());
        let moves = each.moves.map_or(String::new(), |moves| match table.par {
            Some(par) if each.result == "solved" && moves == par => format!(", {moves} {}, at par", plural(moves)),
            Some(par) if each.result == "solved" && moves > par => {
                format!(", {moves} {}, {} over par", plural(moves), moves - par)
            }
            _ => format!(", {moves} {}", plural(moves)),
        });
        let same = each.same_as.as_ref().map_or(String::new(), |other| format!(", the same as {other}"));
        println!("{}{pad}  {}{moves}{same}", each.name, each.result);
        each.why.iter().for_each(|why| println!("    {why}"));
        if let Some(differs) = &each.differs {
            println!("    {differs}");
        }
    }
    let solved = table.answers.iter().filter(|each| each.result == "solved").count();
    println!("\n{solved} of {} solved", table.answers.len());
}

fn plural(moves: u8) -> &'static str {
    if moves == 1 { "move" } else { "moves" }
}

/// What the question asks, its par, and its link.
fn tell_question(question: &Question, solution: Option<&Attempt>) -> Answer {
    let mut search = ParSearch::of(question, lightcone_content::grade::PAR_RUNS).counting();
    let par = search.run();
    let trace = lightcone_engine::simulate(&question.scenario);
    println!("{}", question.scenario.title);
    question.challenge.goal.iter().for_each(|atom| println!("  {}", atom.sentence(&trace)));
    match par {
        Par::Is(par) => println!("Par {par}: {} ways were found in {} runs", search.solutions(), search.tried()),
        Par::Unsolved => println!("No solution among {} runs: all moves of the class were tried", search.tried()),
        Par::MoreThan(moves) => println!("Par unknown: more than {moves}, after {} runs", search.tried()),
        Par::Unknown => println!("Par unknown"),
    }
    let most = solution.and_then(|solution| question.moves_of(&solution.scenario).ok());
    if let (Par::MoreThan(_) | Par::Unknown, Some(most)) = (par, most) {
        println!("At most {most}: the file has a solution");
    }
    println!("#/run/{}", link::encode_question(question));
    match par {
        Par::Is(_) => Answer::Holds,
        Par::Unsolved => Answer::Broken,
        Par::MoreThan(_) | Par::Unknown => Answer::Undecided,
    }
}
