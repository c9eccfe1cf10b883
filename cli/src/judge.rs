//! `judge`: whether a recorded history is linearizable, or sequentially consistent.

use crate::{Answer, content};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_formats::edn;
use lightcone_judges::{Consistency, OBJECT_TYPES, ObjectType, Recorded, Unplaced, Verdict};

/// Runs `judge` with its arguments.
pub fn command(mut arguments: Parser) -> Result<Answer, String> {
    let (mut file, mut name, mut consistency) = (None, "register".to_owned(), Consistency::Linearizable);
    let wrong = |error: lexopt::Error| error.to_string();
    while let Some(argument) = arguments.next().map_err(wrong)? {
        match argument {
            Arg::Value(value) if file.is_none() => file = Some(value.string().map_err(wrong)?),
            Arg::Long("as") => name = arguments.value().and_then(ValueExt::string).map_err(wrong)?,
            Arg::Long("sequential") => consistency = Consistency::Sequential,
            _ => return Err(argument.unexpected().to_string()),
        }
    }
    let file = file.ok_or("judge which file?")?;
    let object = ObjectType::by_name(&name).ok_or_else(|| {
        let names: Vec<&str> = OBJECT_TYPES.iter().map(|object| object.name).collect();
        format!("`{name}` is no kind of object; the kinds are {}", names.join(", "))
    })?;
    let content = content(&file, lightcone_engine::limits::MAX_HISTORY_BYTES)?;
    let recorded = edn::read(&content).map_err(|error| format!("{file}: {error}"))?;
    let verdict = object.judge(&recorded, consistency, MAX_CHECKED_CONFIGURATIONS);
    let verdict = verdict.map_err(|unfit| format!("{file}: {unfit}"))?;
    Ok(tell(&verdict, &recorded, object, consistency))
}

fn tell(verdict: &Verdict, recorded: &Recorded, object: &ObjectType, consistency: Consistency) -> Answer {
    let is = match consistency {
        Consistency::Linearizable => "linearizable",
        Consistency::Sequential => "sequentially consistent",
    };
    let count = recorded.entries().len();
    match verdict {
        Verdict::Explained { .. } => {
            println!("{count} operations on a {}: {is}.", object.name);
            Answer::Holds
        }
        Verdict::Unexplained(unplaced) => {
            println!("{count} operations on a {}: not {is}.", object.name);
            explain(unplaced, recorded);
            Answer::Broken
        }
        Verdict::Undecided { configurations } => {
            println!("{count} operations on a {}: cannot tell after {configurations} states.", object.name);
            Answer::Undecided
        }
    }
}

/// Prints the operation that cannot be placed, the reason, and the longest order up to there.
fn explain(unplaced: &Unplaced, recorded: &Recorded) {
    let show = |place: u32| {
        let entry = &recorded.entries()[place as usize];
        let answer = entry.answer().map_or_else(|| "no answer".to_owned(), ToString::to_string);
        format!("process {}: {} -> {answer}", entry.process, entry.operation)
    };
    println!("{}.", unplaced.sentence());
    println!("  cannot be placed: {}", show(unplaced.operation));
    println!("  the longest order that can: {} operations", unplaced.furthest.len());
    const LAST: usize = 12;
    let skipped = unplaced.furthest.len().saturating_sub(LAST);
    if skipped > 0 {
        println!("    … {skipped} before");
    }
    for &place in &unplaced.furthest[skipped..] {
        println!("    {}", show(place));
    }
}
