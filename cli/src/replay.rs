//! What a run shows: its verdicts, the edits that did not do what they say, and whether it is as its file expects. The object of
//! the API says it; here are the words, and the answers.

use crate::Answer;
use lightcone_api::form::{Checked, Met, OutcomeWord, SearchEnding, Searched, Verdict, VerdictWord};
use lightcone_engine::Trace;
use lightcone_figure::read::sentences::not_promised;

/// The answer of the run itself. With `strict` an edit without effect is an error.
pub fn of_run(checked: &Checked, strict: bool) -> Answer {
    let of = |verdict: &Verdict| match verdict.verdict {
        VerdictWord::Broken => Answer::Broken,
        VerdictWord::CannotTell => Answer::Undecided,
        VerdictWord::Holds | VerdictWord::NotByTheEnd | VerdictWord::Untested | VerdictWord::NotPromised => {
            Answer::Holds
        }
    };
    let answer = checked.verdicts.iter().map(of).fold(Answer::Holds, Answer::and);
    let unused = checked.edits.iter().any(|edit| edit.outcome == OutcomeWord::Unused);
    if strict && unused { answer.and(Answer::Broken) } else { answer }
}

/// The answer of a search. `reaches` says that what it looks for is good.
pub fn of_search(searched: &Searched, reaches: bool) -> Answer {
    match (&searched.found, searched.ending) {
        (Some(_), _) if reaches => Answer::Holds,
        (Some(_), _) => Answer::Broken,
        (None, SearchEnding::Full | SearchEnding::Stopped) => Answer::Undecided,
        (None, _) if reaches => Answer::Broken,
        (None, _) => Answer::Holds,
    }
}

/// Prints which run it is, and what is known of its promises.
pub fn replay(checked: &Checked, trace: &Trace) {
    let specification = trace.specification();
    let title = &checked.scenario.title;
    println!("{}: {}", specification.title, if title.is_empty() { specification.summary } else { title });
    println!("{} events, {} messages", checked.events, checked.messages);
    checked.stopped.iter().for_each(|why| println!("{why}"));
    for (property, verdict) in specification.properties.iter().zip(&checked.verdicts) {
        tell(property.name, verdict, checked.stopped.as_deref());
    }
    for edit in &checked.edits {
        let (line, why) = (&edit.line, edit.why.as_deref().unwrap_or_default());
        match edit.outcome {
            OutcomeWord::Applied => {}
            OutcomeWord::Changed => println!("  changed  {line}: {why}"),
            OutcomeWord::Unused => println!("  no effect  {line}: {why}"),
        }
    }
}

/// Prints a verdict. What a cut-off run says of all promises is said once, before.
fn tell(name: &str, verdict: &Verdict, stopped: Option<&str>) {
    let why = verdict.why.as_deref();
    let said = why.unwrap_or_default();
    match verdict.verdict {
        VerdictWord::Holds => println!("  holds    {name}"),
        VerdictWord::Untested | VerdictWord::NotPromised => println!("  \u{2013}        {name}: {said}"),
        VerdictWord::NotByTheEnd => {
            println!("  not yet  {name}: {}", why.unwrap_or("not by the end"));
            tell_not_promised(verdict);
        }
        VerdictWord::CannotTell if stopped == why => println!("  ?        {name}: cannot tell"),
        VerdictWord::CannotTell => println!("  ?        {name}: cannot tell. {said}"),
        VerdictWord::Broken => {
            println!("  BROKEN   {name}, at {} ms: {said}", verdict.at.unwrap_or_default());
            verdict.outside.iter().for_each(|how| println!("           {how}"));
            tell_not_promised(verdict);
        }
    }
}

fn tell_not_promised(verdict: &Verdict) {
    verdict.not_promised.iter().for_each(|why| println!("           {}", not_promised(why)));
}

/// Prints what is as expected, and what is not.
pub fn tell_expected(expected: &[Met]) {
    for Met { line, met, instead } in expected {
        match instead {
            _ if *met => println!("  expected {line}"),
            Some(instead) => println!("  WRONG    {line}: {instead}"),
            None => println!("  WRONG    {line}"),
        }
    }
}
