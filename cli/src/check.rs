//! `check`: replays a run, says which promises hold and whether it is as its file expects, and searches for one that breaks.

use crate::replay::{of_run, of_search, replay, tell_expected};
use crate::run::{Meant, meant};
use crate::{Answer, format_named};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_api::form::{Bounds, Met, Millis};
use lightcone_api::{Checking, event, json};
use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, simulate};
use lightcone_formats::{export, link, text};
use lightcone_search::{self as search, Budget, Ending, Found, Progress, Target, collision_exponent, remedy};

/// The arguments of `check`.
#[derive(Default)]
struct Question {
    what: Option<String>,
    flaws: Vec<String>,
    bounds: Bounds,
    json: bool,
    events: bool,
    strict: bool,
    save: Option<String>,
}

/// Runs `check` with its arguments.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let question = Question::read(arguments).map_err(|error| error.to_string())?;
    let what = question.what.as_deref().ok_or("check what? A file, a link, a protocol or a run of the gallery")?;
    let Meant { mut small, mut expected } = meant(what)?;
    let stated = small.clone();
    question.switch_flaws(&mut small)?;
    let checking = Checking::of(small, &question.bounds).map_err(|error| error.to_string())?;
    let comparable = checking.target() == Target::AnyBreach && *checking.small() == stated;
    let same_run = checking.small().scenario == stated.scenario;
    let unchecked = !same_run && !expected.is_empty();
    expected.retain(|each| same_run && (comparable || !each.is_of_search()));
    let checking = checking.expecting(expected);
    if question.json { question.answer_json(checking) } else { question.answer_text(checking, unchecked) }
}

impl Question {
    fn read(mut arguments: Parser) -> Result<Question, lexopt::Error> {
        let mut question = Question::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Value(what) if question.what.is_none() => question.what = Some(what.string()?),
                Arg::Long("flaw") => question.flaws.push(arguments.value()?.string()?),
                Arg::Long("from") => {
                    let moment = arguments.value()?.parse_with(|text| Time::from_text(text).ok_or("no time in ms"))?;
                    question.bounds.from = Some(Millis(i64::try_from(moment.micros()).unwrap_or(i64::MAX)));
                }
                Arg::Long("break") => question.bounds.breaks = Some(arguments.value()?.string()?),
                Arg::Long("reach") => question.bounds.reaches = Some(arguments.value()?.string()?),
                Arg::Long("depth") => question.bounds.depth = Some(arguments.value()?.parse()?),
                Arg::Long("states") => {
                    let states: u32 = arguments.value()?.parse()?;
                    question.bounds.states = Some(states.min(search::Bounds::MOST_STATES));
                }
                Arg::Long("format") => question.json = format_named(&arguments.value()?.string()?)?,
                Arg::Long("events") => question.events = true,
                Arg::Long("strict") => question.strict = true,
                Arg::Long("no-search") => question.bounds.search = Some(false),
                Arg::Long("save") => question.save = Some(arguments.value()?.string()?),
                Arg::Long(name) => match Budget::ALL.iter().find(|budget| budget.id() == name) {
                    Some(budget) => {
                        _ = question.bounds.budget.insert(budget.id().to_owned(), arguments.value()?.parse()?)
                    }
                    None => return Err(argument.unexpected()),
                },
                _ => return Err(argument.unexpected()),
            }
        }
        match (&question.bounds.breaks, &question.bounds.reaches) {
            (Some(_), Some(_)) => Err("either --break or --reach".into()),
            _ if question.json && question.events => Err("events are JSON in `export --as json`".into()),
            _ => Ok(question),
        }
    }

    fn switch_flaws(&self, small: &mut Small) -> Result<(), String> {
        let specification = small.scenario.protocol.specification();
        for id in &self.flaws {
            let mut ids = specification.flaws.iter().map(|flaw| flaw.id);
            let place = ids.clone().position(|each| each == id).ok_or_else(|| {
                let all: Vec<&str> = ids.by_ref().collect();
                format!("there is no flaw `{id}` here, only {}", all.join(", "))
            })?;
            if self.what.as_deref() == Some(specification.id) {
                *small = Small::of(ALL, small.scenario.protocol, Some(place as u8));
            }
            small.scenario.settings.flaws = small.scenario.settings.flaws.with(place as u8);
        }
        Ok(())
    }

    fn answer_json(&self, mut checking: Checking) -> Result<Answer, String> {
        while checking.advance(u32::MAX) {}
        let checked = checking.checked();
        println!("{}", json::write(&checked));
        let run = of_run(&checked, self.strict).and(met(&checked.expected));
        let Some(searched) = &checked.search else { return Ok(run) };
        if let Some(found) = checking.search().and_then(|search| search.found()) {
            self.save(&found)?;
        }
        Ok(self.both(run, of_search(searched, checking.reaches()).and(met(&checked.expected))))
    }

    fn answer_text(&self, mut checking: Checking, unchecked: bool) -> Result<Answer, String> {
        let trace = checking.trace();
        if self.events {
            println!("{}", export::events(trace, Time::ZERO, trace.horizon()));
        }
        let checked = checking.checked();
        replay(&checked, trace);
        tell_expected(&checking.met_by_run());
        if unchecked {
            println!("The file’s expectations are not checked: with this flaw it is another run");
        }
        let run = of_run(&checked, self.strict).and(met(&checking.met_by_run()));
        if checked.search.is_none() {
            return Ok(run);
        }
        tell_start(&checking);
        while checking.advance(u32::MAX) {}
        let Some(search) = checking.search() else { return Ok(run) };
        let (progress, found) = (search.progress(), search.found());
        let expected = checking.met_by_search(found.as_ref(), &progress);
        tell_search(&checking, &progress, found.as_ref(), &expected);
        if let Some(found) = &found {
            self.save(found)?;
        }
        let searched = checking.checked().search;
        let searched = searched.map_or(Answer::Holds, |searched| of_search(&searched, checking.reaches()));
        Ok(self.both(run, searched.and(met(&expected))))
    }

    /// Who asks how a good moment is reached asks nothing of the run from which the search starts.
    fn both(&self, run: Answer, searched: Answer) -> Answer {
        if self.bounds.reaches.is_some() { searched } else { run.and(searched) }
    }

    fn save(&self, found: &Found) -> Result<(), String> {
        let Some(file) = &self.save else { return Ok(()) };
        std::fs::write(file, text::encode(&found.scenario)).map_err(|error| format!("`{file}`: {error}"))
    }
}

/// What is not as expected is wrong.
fn met(expected: &[Met]) -> Answer {
    if expected.iter().all(|each| each.met) { Answer::Holds } else { Answer::Broken }
}

fn tell_start(checking: &Checking) {
    let start = checking.begins().map_or("the start".to_owned(), |from| format!("{from} ms"));
    let small = checking.small();
    println!("\nSearching from {start}: {}", small.bounds.sentence(small.scenario.model.links.fifo));
}

fn tell_search(checking: &Checking, progress: &Progress, found: Option<&Found>, expected: &[Met]) {
    println!("{} states, {} choices tried", progress.states, progress.tried);
    println!("Chance of a hash collision: below 2^{}", collision_exponent(progress.states));
    tell_expected(expected);
    let ending = progress.ending.unwrap_or(Ending::Exhausted);
    let Some(found) = found else { return nothing(ending, progress) };
    println!("Found in {} events: {}", found.events, how_short(ending, found.events));
    tell(found, checking.target());
    println!("\n#/run/{}", link::encode(&found.scenario));
}

fn nothing(ending: Ending, progress: &Progress) {
    let Ending::Full { tried_to } = ending else {
        println!("Nothing found. This is no proof: only runs within these limits were tried.");
        return;
    };
    println!(
        "Nothing found in runs of up to {tried_to} events. Then the search reached its limit, with {} states.",
        progress.states
    );
}

fn how_short(ending: Ending, events: u8) -> String {
    match ending {
        Ending::Found { tried_to } if tried_to > 0 => format!("no run of {tried_to} or fewer does it"),
        Ending::Found { .. } => "there may be shorter runs".into(),
        _ if events < 2 => "there is no shorter run".into(),
        _ => format!("no run of {} or fewer does it", events - 1),
    }
}

/// Prints the run that was found, an event a line.
fn tell(found: &Found, target: Target) {
    let trace = simulate(&found.scenario);
    let after = (0..trace.events.len() as u32).map(EventIndex).filter(|event| trace.event(*event).at > found.begins);
    for (number, index) in (1..).zip(after) {
        println!("  {number:>3}  {}", event(&trace, &found.scenario, index));
    }
    if let Some((property, _, breach)) = trace.first_violation() {
        println!("  {}: {}", trace.specification().properties[property].name, breach.sentence);
    }
    if let Target::Happens(goal) = target
        && let Some((_, sentence)) = found.scenario.protocol.goal(goal)
    {
        println!("  {sentence}.");
    }
    if let Target::Never(property) = target
        && let Some(Verdict::NotByTheEnd { breach: Some(breach) }) = trace.verdicts.get(usize::from(property))
    {
        let name = trace.specification().properties[usize::from(property)].name;
        println!("  {name}: {}. {}", remedy(&trace), breach.sentence);
    }
}
