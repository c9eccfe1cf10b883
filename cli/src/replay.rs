//! What a run shows: its verdicts, the edits that did not do what they say, and whether it is as its file expects.

use crate::Answer;
use crate::run::{Expected, Expects};
use lightcone_content::gallery::Expectation;
use lightcone_engine::Trace;
use lightcone_engine::run::trace::{Outcome, Verdict};
use lightcone_figure::read::sentences::not_promised;
use lightcone_formats::text;

/// Prints which run it is, and what is known of its promises. With `strict` an edit without effect is an error.
pub fn replay(trace: &Trace, strict: bool) -> Answer {
    let specification = trace.specification();
    let title = &trace.scenario.title;
    println!("{}: {}", specification.title, if title.is_empty() { specification.summary } else { title });
    println!("{} events, {} messages", trace.events.len(), trace.messages.len());
    let stopped = trace.stopped();
    stopped.iter().for_each(|why| println!("{why}"));
    let verdicts = (0..specification.properties.len()).map(|place| tell(trace, place, stopped.as_deref()));
    let answer = verdicts.fold(Answer::Holds, Answer::and);
    let unused = tell_edits(trace);
    if strict && unused { answer.and(Answer::Broken) } else { answer }
}

/// Prints a verdict. What a cut-off run says of all promises is said once, before.
fn tell(trace: &Trace, place: usize, stopped: Option<&str>) -> Answer {
    let name = trace.specification().properties[place].name;
    match &trace.verdicts[place] {
        Verdict::Holds { .. } => println!("  holds    {name}"),
        Verdict::Untested { why } | Verdict::NotPromised { why } => println!("  \u{2013}        {name}: {why}"),
        Verdict::NotByTheEnd { breach } => {
            let why = breach.as_ref().map_or("not by the end", |breach| &breach.sentence);
            println!("  not yet  {name}: {why}");
            if let Some(why) = trace.not_promised(place) {
                println!("           {}", not_promised(why));
            }
        }
        Verdict::CannotTell { why } if stopped == Some(why.as_str()) => {
            println!("  ?        {name}: cannot tell");
            return Answer::Undecided;
        }
        Verdict::CannotTell { why } => {
            println!("  ?        {name}: cannot tell. {why}");
            return Answer::Undecided;
        }
        Verdict::Broken { event, breach } => {
            println!("  BROKEN   {name}, at {} ms: {}", trace.event(*event).at, breach.sentence);
            if let Some(how) = trace.left_by(trace.event(*event).at) {
                println!("           {}", how.sentence(trace.specification().title));
            }
            if let Some(why) = trace.not_promised(place) {
                println!("           {}", not_promised(why));
            }
            return Answer::Broken;
        }
    }
    Answer::Holds
}

/// Prints the edits that did nothing, or something else than they say. Whether some did nothing.
fn tell_edits(trace: &Trace) -> bool {
    let mut unused = false;
    for edit in trace.scenario.edits() {
        let line = text::encode_edit(&trace.scenario, edit);
        match trace.outcome(edit) {
            Outcome::Applied => {}
            Outcome::Changed(why) => println!("  changed  {line}: {why}"),
            Outcome::Unused(why) => {
                unused = true;
                println!("  no effect  {line}: {why}");
            }
        }
    }
    unused
}

/// Holds the run to what its file expects of it, and prints that.
pub fn hold_to(expected: &[Expects], trace: &Trace) -> Answer {
    let mut answer = Answer::Holds;
    for Expects { line, of } in expected {
        // Lines that say nothing were refused with the file.
        let (Expected::Run, Ok(expectation)) = (of, Expectation::read(line, trace.specification())) else { continue };
        if matches!(expectation, Expectation::Place(_) | Expectation::Opens(_) | Expectation::Beside(_)) {
            // A matter of the gallery and of the figure.
            continue;
        }
        match expectation.check(trace) {
            Ok(()) => println!("  expected {line}"),
            Err(instead) => {
                answer = Answer::Broken;
                println!("  WRONG    {line}: {instead}");
            }
        }
    }
    answer
}
