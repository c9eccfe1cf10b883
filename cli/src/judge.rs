//! `judge`: whether a recorded history is linearizable, or sequentially consistent.

use crate::{Answer, content, format_named};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::convert::{datum, to_datum};
use lightcone_api::form::{Consistency, Datum, JudgeOptions, Judged, Judgement, Reported, Spot};
use lightcone_api::{json, judge as api};
use lightcone_engine::limits::MAX_HISTORY_BYTES;
use lightcone_formats::edn;
use lightcone_judges::{Call, shortened};

/// What the arguments ask for.
#[derive(Default)]
struct Asked {
    file: Option<String>,
    options: JudgeOptions,
    json: bool,
}

/// Runs `judge` with its arguments.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let asked = read(arguments)?;
    let file = asked.file.as_deref().ok_or("judge which file?")?;
    let content = content(file, MAX_HISTORY_BYTES)?;
    let judgement = if is_json(&content) {
        json::read(&content).and_then(|history| api::judge(&history, &asked.options))
    } else {
        api::judge_text(&content, &asked.options)
    };
    let judgement = judgement.map_err(|error| format!("{file}: {error}"))?;
    if asked.json {
        println!("{}", json::write(&judgement));
    } else {
        print(&judgement);
    }
    Ok(match judgement.holds {
        Some(true) => Answer::Holds,
        Some(false) => Answer::Broken,
        None => Answer::Undecided,
    })
}

/// Whether a history is the form as JSON: in EDN, no map of a history has a text as a key.
fn is_json(content: &str) -> bool {
    content.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

fn read(mut arguments: Parser) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let wrong = |error: lexopt::Error| error.to_string();
    let value = |arguments: &mut Parser| arguments.value().and_then(ValueExt::string).map_err(wrong);
    while let Some(argument) = arguments.next().map_err(wrong)? {
        match argument {
            Arg::Value(value) if asked.file.is_none() => asked.file = Some(value.string().map_err(wrong)?),
            Arg::Long("as") => asked.options.object = Some(value(&mut arguments)?),
            Arg::Long("sequential") => asked.options.sequential = true,
            Arg::Long("initial") => {
                let begins = edn::value(&value(&mut arguments)?).map_err(|error| format!("--initial: {error}"))?;
                asked.options.initial = Some(datum(&begins));
            }
            Arg::Long("format") => asked.json = format_named(&value(&mut arguments)?)?,
            _ => return Err(argument.unexpected().to_string()),
        }
    }
    Ok(asked)
}

fn print(judgement: &Judgement) {
    judgement.notes.iter().for_each(|note| println!("Note: {}", note.text));
    let (count, name, is) = (judgement.operations, &judgement.object, consistent(judgement));
    match judgement.holds {
        Some(true) => println!("{count} operations on a {name}: {is}."),
        Some(false) => {
            println!("{count} operations on a {name}: not {is}.");
            explain(judgement);
        }
        None => {
            let states = judgement.states.unwrap_or_default();
            println!("{count} operations on a {name}: cannot tell after {states} states.");
        }
    }
}

fn consistent(judgement: &Judgement) -> &'static str {
    match judgement.consistency {
        Consistency::Linearizable => "linearizable",
        Consistency::Sequential => "sequentially consistent",
    }
}

/// Prints the operation that cannot be placed, the reason, and the longest order up to there.
fn explain(judgement: &Judgement) {
    println!("{}.", judgement.sentence.as_deref().unwrap_or_default());
    if let Some(begins) = &judgement.holds_if_initial {
        let (begins, is) = (words(begins), consistent(judgement));
        println!("The register may have begun with {begins}: with --initial '{begins}' it is {is}.");
    }
    judgement.operation.iter().for_each(|stuck| println!("  cannot be placed: {}", located(stuck)));
    judgement.because.iter().for_each(|because| println!("  because of: {}", located(because)));
    let furthest = judgement.furthest.as_deref().unwrap_or_default();
    println!("  the longest order that can: {} operations", furthest.len());
    const LAST: usize = 12;
    let skipped = furthest.len().saturating_sub(LAST);
    if skipped > 0 {
        println!("    … {skipped} before");
    }
    furthest[skipped..].iter().for_each(|each| println!("    {}", operation(each)));
}

fn operation(judged: &Judged) -> String {
    let answer = match judged.ended {
        Reported::Ok => words(&judged.answer),
        Reported::Fail => "failed".to_owned(),
        Reported::Invoke | Reported::Info => "no answer".to_owned(),
    };
    let value = to_datum(&judged.value).unwrap_or(lightcone_judges::Datum::Nil);
    let call = Call { function: judged.f.clone(), value };
    format!("process {}: {} -> {answer}", judged.process, shortened(&call))
}

fn located(judged: &Judged) -> String {
    let place = |spot: &Spot| api::place(spot).to_lowercase();
    let over = judged.answered.as_ref().map(|over| format!("; answered: {}", place(over))).unwrap_or_default();
    format!("{} (asked: {}{over})", operation(judged), place(&judged.asked))
}

/// A value as EDN writes it.
fn words(value: &Datum) -> String {
    to_datum(value).map(|value| shortened(&value)).unwrap_or_default()
}
