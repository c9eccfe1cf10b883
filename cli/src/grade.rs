//! `grade`: holds a class's answers against a question, and says of each what it is worth.

use crate::run::is_file;
use crate::{Answer, content, format_named};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::form::{Code, GradeWord, Grades};
use lightcone_api::grade::{Asking, Handed, MOST_ANSWERS, asking, grades};
use lightcone_api::{json, path_in};
use lightcone_content::challenges::ALL;
use lightcone_content::shelf::ALL as LIBRARY;
use lightcone_engine::limits::{MAX_LINK_BYTES, MAX_TEXT_BYTES};
use lightcone_engine::run::question::{Attempt, Question};
use lightcone_formats::link;
use lightcone_protocols::PROTOCOLS;
use lightcone_search::par::{Par, ParSearch};
use std::path::Path;

/// The most bytes of a table of answers.
const MOST_BYTES: usize = 16 * 1_024 * 1_024;

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
    let asking = asked(&what)?;
    let Some(answers) = answers else {
        if as_json {
            let asked = lightcone_api::grade::described(&asking.question);
            println!("{}", json::write(&asked));
            return Ok(Answer::Holds);
        }
        return Ok(tell_question(&asking.question, asking.solution.as_ref()));
    };
    let table = grades(PROTOCOLS, asking, &handed(&answers)?);
    if as_json {
        println!("{}", json::write(&table));
    } else {
        tell(&table);
    }
    Ok(table.answers.iter().fold(Answer::Holds, |all, each| {
        all.and(match each.result {
            GradeWord::Solved => Answer::Holds,
            GradeWord::CannotTell => Answer::Undecided,
            GradeWord::Unsolved | GradeWord::NoAnswer => Answer::Broken,
        })
    }))
}

/// The question that is meant, and a solution if its file has one.
fn asked(what: &str) -> Result<Asking, String> {
    if is_file(what) {
        return asking(LIBRARY, ALL, &content(what, MAX_TEXT_BYTES)?).map_err(|error| format!("{what}: {error}"));
    }
    asking(LIBRARY, ALL, what).map_err(|error| match error.code {
        Code::NoQuestion if path_in(what).is_none() => {
            let all = ALL.iter().map(|file| format!("  {}/{}", file.protocol, file.slug));
            let all: Vec<String> = all.collect();
            format!("`{what}` is no file, no link and no challenge. The challenges are:\n{}", all.join("\n"))
        }
        _ => error.message,
    })
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
                handed.push((name, Err(format!("Line {line} of `{file}` needs a name and a link."))));
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

fn tell(table: &Grades) {
    let par = table.par.map_or("unknown".to_owned(), |par| par.to_string());
    println!("{} (par {par})\n", table.question);
    let widest = table.answers.iter().map(|each| each.name.chars().count()).max().unwrap_or(0);
    for each in &table.answers {
        let pad = " ".repeat(widest - each.name.chars().count());
        let moves = each.moves.map_or(String::new(), |moves| match table.par {
            Some(par) if each.result == GradeWord::Solved && moves == par => {
                format!(", {moves} {}, at par", plural(moves))
            }
            Some(par) if each.result == GradeWord::Solved && moves > par => {
                format!(", {moves} {}, {} over par", plural(moves), moves - par)
            }
            _ => format!(", {moves} {}", plural(moves)),
        });
        let same = each.same_as.as_ref().map_or(String::new(), |other| format!(", the same as {other}"));
        println!("{}{pad}  {}{moves}{same}", each.name, word(each.result));
        each.why.iter().for_each(|why| println!("    {why}"));
        if let Some(differs) = &each.differs {
            println!("    {differs}");
        }
    }
    let solved = table.answers.iter().filter(|each| each.result == GradeWord::Solved).count();
    println!("\n{solved} of {} solved", table.answers.len());
}

fn word(result: GradeWord) -> &'static str {
    match result {
        GradeWord::Solved => "solved",
        GradeWord::CannotTell => "cannot-tell",
        GradeWord::Unsolved => "unsolved",
        GradeWord::NoAnswer => "no-answer",
    }
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
