//! `check`: replays a run, says which promises hold and whether it is as its file expects, and searches for one that breaks.

use crate::Answer;
use crate::replay::{hold_to, replay};
use crate::run::{Expected, Expects, Meant, event, meant};
use lexopt::{Arg, Parser, ValueExt};
use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::{AnyProtocol, Specification, When};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, Time, simulate};
use lightcone_formats::{export, link, text};
use lightcone_search::{
    Bounds, Budget, Ending, Found, Progress, Reductions, Search, Target, collision_exponent, remedy,
};

/// The arguments of `check`.
#[derive(Default)]
struct Question {
    what: Option<String>,
    flaws: Vec<String>,
    from: Option<Time>,
    breaks: Option<String>,
    reaches: Option<String>,
    depth: Option<u8>,
    states: Option<u32>,
    budget: [Option<u8>; Budget::ALL.len()],
    no_search: bool,
    events: bool,
    strict: bool,
    save: Option<String>,
}

/// Runs `check` with its arguments.
pub fn command(arguments: Parser) -> Result<Answer, String> {
    let question = Question::read(arguments).map_err(|error| error.to_string())?;
    let what = question.what.as_deref().ok_or("check what? A file, a link, a protocol or a run of the gallery")?;
    let Meant { mut small, expected } = meant(what)?;
    let specification = small.scenario.protocol.specification();
    let stated = small.clone();
    question.adjust(&mut small, specification)?;
    small.scenario.check().map_err(|invalid| invalid.to_string())?;
    let target = question.target(specification, small.scenario.protocol)?;
    let trace = simulate(&small.scenario);
    if question.events {
        println!("{}", export::events(&trace, Time::ZERO, trace.horizon()));
    }
    let mut answer = replay(&trace, question.strict);
    if small.scenario == stated.scenario {
        answer = answer.and(hold_to(&expected, &trace));
    } else if !expected.is_empty() {
        println!("The file’s expectations are not checked: with this flaw it is another run");
    }
    if question.no_search {
        return Ok(answer);
    }
    let comparable = target == Target::AnyBreach && small == stated;
    let found = search(&small, target, if comparable { &expected } else { &[] }, question.save.as_deref())?;
    // Who asks how a good moment is reached asks nothing of the run from which the search starts.
    Ok(if question.reaches.is_some() { found } else { answer.and(found) })
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
                    question.from = Some(moment);
                }
                Arg::Long("break") => question.breaks = Some(arguments.value()?.string()?),
                Arg::Long("reach") => question.reaches = Some(arguments.value()?.string()?),
                Arg::Long("depth") => question.depth = Some(arguments.value()?.parse()?),
                Arg::Long("states") => question.states = Some(arguments.value()?.parse()?),
                Arg::Long("events") => question.events = true,
                Arg::Long("strict") => question.strict = true,
                Arg::Long("no-search") => question.no_search = true,
                Arg::Long("save") => question.save = Some(arguments.value()?.string()?),
                Arg::Long(name) => match Budget::ALL.iter().position(|budget| budget.id() == name) {
                    Some(place) => question.budget[place] = Some(arguments.value()?.parse()?),
                    None => return Err(argument.unexpected()),
                },
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(question)
    }

    fn adjust(&self, small: &mut Small, specification: &Specification) -> Result<(), String> {
        for id in &self.flaws {
            let ids = specification.flaws.iter().map(|flaw| flaw.id);
            let flaw = place(id, "flaw", ids)?;
            if self.what.as_deref() == Some(specification.id) {
                *small = Small::of(ALL, small.scenario.protocol, Some(flaw));
            }
            small.scenario.settings.flaws = small.scenario.settings.flaws.with(flaw);
        }
        small.from = self.from.or(small.from);
        let bounds = &mut small.bounds;
        bounds.depth = self.depth.unwrap_or(bounds.depth);
        bounds.states = self.states.unwrap_or(bounds.states).min(Bounds::MOST_STATES);
        for (bound, asked) in bounds.budget.iter_mut().zip(self.budget) {
            *bound = asked.unwrap_or(*bound);
        }
        Ok(())
    }

    fn target(&self, specification: &Specification, protocol: &'static dyn AnyProtocol) -> Result<Target, String> {
        let property = |id: &String| place(id, "promise", specification.properties.iter().map(|property| property.id));
        match (&self.breaks, &self.reaches) {
            (Some(_), Some(_)) => Err("either --break or --reach".into()),
            (None, None) => Ok(Target::AnyBreach),
            (Some(id), None) => property(id).map(|property| {
                let always = specification.properties[usize::from(property)].when == When::Always;
                if always { Target::Breach(property) } else { Target::Never(property) }
            }),
            (None, Some(id)) => {
                let goal = protocol.goals().find(|(_, goal, _)| goal == id);
                if let Some((goal, ..)) = goal {
                    return Ok(Target::Happens(goal));
                }
                let ends = specification.properties.iter().filter(|property| property.when == When::ByTheEnd);
                let all = protocol.goals().map(|(_, goal, _)| goal).chain(ends.map(|property| property.id));
                let property = property(id).map_err(|_| {
                    let all: Vec<&str> = all.collect();
                    format!("there is no goal `{id}` here, only {}", all.join(", "))
                })?;
                let by_the_end = specification.properties[usize::from(property)].when == When::ByTheEnd;
                let reaches = by_the_end.then_some(Target::Reaches(property));
                reaches.ok_or_else(|| format!("`{id}` must always hold: it has no moment to reach"))
            }
        }
    }
}

fn place<'a>(id: &str, what: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Result<u8, String> {
    let found = ids.clone().position(|each| each == id);
    let all: Vec<&str> = ids.collect();
    found.map(|place| place as u8).ok_or_else(|| format!("there is no {what} `{id}` here, only {}", all.join(", ")))
}

fn search(small: &Small, target: Target, expected: &[Expects], save: Option<&str>) -> Result<Answer, String> {
    let from = small.event();
    let start = if from.is_some() { small.from } else { None };
    let start = start.map_or("the start".to_owned(), |from| format!("{from} ms"));
    println!("\nSearching from {start}: {}", small.bounds.sentence(small.scenario.model.links.fifo));
    let mut search = Search::new(&small.scenario, from, target, small.bounds, Reductions::ALL);
    let ending = search.run();
    let (progress, found) = (search.progress(), search.found());
    println!("{} states, {} choices tried", progress.states, progress.tried);
    println!("Chance of a hash collision: below 2^{}", collision_exponent(progress.states));
    let as_expected = compare(expected, small, found.as_ref(), &progress);
    let reaches = matches!(target, Target::Reaches(_) | Target::Happens(_));
    let Some(found) = found else { return Ok(as_expected.and(nothing(ending, &progress, reaches))) };
    println!("Found in {} events: {}", found.events, how_short(ending, found.events));
    tell(&found, target);
    println!("\n#/run/{}", link::encode(&found.scenario));
    if let Some(file) = save {
        std::fs::write(file, text::encode(&found.scenario)).map_err(|error| format!("`{file}`: {error}"))?;
    }
    Ok(as_expected.and(if reaches { Answer::Holds } else { Answer::Broken }))
}

fn nothing(ending: Ending, progress: &Progress, reaches: bool) -> Answer {
    let Ending::Full { tried_to } = ending else {
        println!("Nothing found. This is no proof: only runs within these limits were tried.");
        return if reaches { Answer::Broken } else { Answer::Holds };
    };
    println!(
        "Nothing found in runs of up to {tried_to} events. Then the search reached its limit, with {} states.",
        progress.states
    );
    Answer::Undecided
}

/// Holds the search to what the file expects of it: of a run without flaws how many states there are, of one with a flaw how
/// long the shortest run is that breaks.
fn compare(expected: &[Expects], small: &Small, found: Option<&Found>, progress: &Progress) -> Answer {
    use lightcone_content::Expected::{Shortest, States};
    let own = small.scenario.settings.flaws;
    let events = found.map(|found| found.events);
    let mut answer = Answer::Holds;
    for Expects { line, of } in expected {
        let is_so = match of {
            Expected::Search(States(states)) if own.0 == 0 => (events, progress.states) == (None, *states),
            Expected::Search(Shortest { flaw, events: shortest, states }) if own.0 == 1 << flaw => {
                (events, progress.states) == (Some(*shortest), *states)
            }
            _ => continue,
        };
        println!("  {} {line}", if is_so { "expected" } else { "WRONG   " });
        if !is_so {
            answer = Answer::Broken;
        }
    }
    answer
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
