//! The words of a search.

use super::{count, flagged, grouped};
use lightcone_content::stages::{Kind, Stage};
use lightcone_engine::Scenario;
use lightcone_engine::protocol::{AnyProtocol, Parameter, Unit, When};
use lightcone_figure::read::sentences::sentence;
use lightcone_search::{Budget, Ending, Target};

/// Looks for a run that breaks a promise.
pub const BREAK_IT: &str = "Break it from here";
/// Over the list of what a search can look for.
pub const FIND_A_RUN: &str = "Find a run in which";
/// The list's name for the page.
pub const TARGETS: &str = "targets";
/// Opens that list.
pub const FIND_ONE: &str = "Find a run in which …";
/// Before the reader has chosen from it.
pub const CHOOSE: &str = "Choose what happens";
/// More on it.
pub const CHOOSE_MORE: &str = "The search finds the shortest run in which it does.";
/// What a screen reader hears of a search in the margin.
pub const SEARCHED: &str = "Search";
/// Gives the margin back to the run.
pub const CLOSE_SEARCH: &str = "Close the search";
/// Leads back to it.
pub const BACK_TO_SEARCH: &str = "Back to the search";
/// A search that goes on.
pub const SEARCHING: &str = "Searching";
/// More on it.
pub const SEARCHING_MORE: &str = "Every order, the short runs first.";
/// It found nothing.
pub const FOUND_NOTHING: &str = "Nothing found";
/// The reader stopped it.
pub const SEARCH_STOPPED: &str = "Stopped";
/// More on it.
pub const SEARCH_STOPPED_MORE: &str = "Nothing found until then. This is no proof.";
/// It ended by itself, and not because it was done.
pub const SEARCH_FAILED: &str = "The search stopped by itself";
/// More on it.
pub const SEARCH_FAILED_MORE: &str = "These are its last numbers. Nothing found until then; this is no proof.";
/// It found a run, and then ended by itself.
pub const FOUND_FAILED: &str = "The search stopped by itself before every shorter run was tried.";
/// It found a run, and was stopped then.
pub const FOUND_STOPPED: &str = "Stopped before every shorter run was tried.";
/// It found a run and goes on.
pub const FOUND_GOING: &str = "Looking for a shorter run.";
/// The numbers of a search.
pub const STATES: &str = "States";
/// How probable it is that it took two different states for one.
pub const MISTAKEN: &str = "Hash collision";
/// Margin heads: what was found.
pub const THE_RUN: &str = "The run";
/// Opens what was found.
pub const SHOW_FOUND: &str = "Show the run that was found";
/// Ends a search.
pub const STOP_SEARCH: &str = "Stop";
/// Leaves out the stage that is searched.
pub const SKIP_STAGE: &str = "Skip this stage";
/// Over what a stage assumes.
pub const ASSUMED: &str = "What is assumed";
/// Over what was not tried.
pub const TRY_NEXT: &str = "Try next";
/// Searches with more room.
pub const TWICE_THE_STATES: &str = "Twice the states";
/// Unfolds the flaws.
pub const WITH_FLAW: &str = "Switch a flaw on: none is, so it should hold";
/// Searches once more.
pub const SEARCH_AGAIN: &str = "Search again";
/// Searches once more, for comparison.
pub const WITHOUT_FLAW: &str = "Switch the flaw off and search again";
/// Unfolds the bounds of the next search.
pub const HOW_FAR: &str = "Change";
/// Takes back what was said of them.
pub const USUAL_BOUNDS: &str = "Defaults";
/// Beside the bound on the events of a path.
pub const EVENTS_AT_MOST: &str = "events";
/// Beside the bound on the states that a search keeps.
pub const STATES_AT_MOST: &str = "states kept";
/// Opens the run as a test.
pub const EXPORT_TEST: &str = "Export as test";

/// How many states, and in how long.
#[must_use]
pub fn in_time(states: &str, millis: u32) -> String {
    format!("{states} in {}.{:02} s", millis / 1_000, millis / 10 % 100)
}

/// A small probability.
#[must_use]
pub fn below_two_to(exponent: i32) -> String {
    format!("chance below 2^{exponent}")
}

/// What it found.
#[must_use]
pub fn found_in(events: u8) -> String {
    format!("Found in {}", count(events.into(), "event", "events"))
}

/// It reached a goal.
#[must_use]
pub fn reached_after(events: u8) -> String {
    format!("Reached in {}", count(events.into(), "event", "events"))
}

/// What a run does that a search looks for: "breaks it".
#[must_use]
pub fn does_it(target: Target) -> &'static str {
    if matches!(target, Target::AnyBreach | Target::Breach(_)) { "breaks it" } else { "does it" }
}

/// It found the shortest.
#[must_use]
pub fn none_shorter(events: u8, does_it: &str) -> String {
    match events {
        0 | 1 => "No run is shorter.".into(),
        events => format!("No run of {} or fewer {does_it}.", events - 1),
    }
}

/// It found a run, and then had no room for more states.
#[must_use]
pub fn none_to(events: u8, limit: u32, does_it: &str) -> String {
    format!("No run of {events} or fewer {does_it}. Then it reached its limit of {} states.", grouped(limit as usize))
}

/// It tried everything inside its bounds; `ended` if no run within them is as long as they allow.
#[must_use]
pub fn tried_all(states: usize, ended: bool, does_it: &str) -> String {
    let states = count(states, "state", "states");
    if ended {
        format!(
            "All {states} were tried: no run with these faults {does_it}, however long. More faults were not tried."
        )
    } else {
        format!("All {states} were tried. Longer runs and more faults were not, so this is not a proof.")
    }
}

/// It had no room for more states somewhere.
#[must_use]
pub fn tried(states: usize, limit: u32) -> String {
    format!(
        "{} were tried; the limit is {} a stage. Longer runs and more faults were not, so this is not a proof.",
        count(states, "state", "states"),
        grouped(limit as usize)
    )
}

/// What a search can look for in runs of a protocol, in groups with a name.
#[must_use]
pub fn targets(protocol: &'static dyn AnyProtocol) -> [(&'static str, Vec<Target>); 3] {
    let properties = || (0..).zip(protocol.specification().properties);
    let always = properties().filter(|(_, it)| it.when == When::Always).map(|(place, _)| Target::Breach(place));
    let ends = || properties().filter(|(_, it)| it.when == When::ByTheEnd).map(|(place, _)| place);
    let goals = protocol.goals().map(|(place, ..)| Target::Happens(place));
    [
        ("It happens", goals.chain(ends().map(Target::Reaches)).collect()),
        ("A promise is broken", [Target::AnyBreach].into_iter().chain(always).collect()),
        ("It can no longer happen", ends().map(Target::Never).collect()),
    ]
}

/// What a search looks for, as a sentence without its full stop.
#[must_use]
pub fn target(protocol: &'static dyn AnyProtocol, target: Target) -> String {
    let name = |place: u8| protocol.specification().properties.get(usize::from(place)).map_or("", |it| it.name);
    match target {
        Target::AnyBreach => "Any promise is broken".into(),
        Target::Breach(place) => format!("{} is broken", name(place)),
        Target::Reaches(place) => name(place).into(),
        Target::Never(place) => format!("{}: never", name(place)),
        Target::Happens(place) => protocol.goal(place).map_or("", |goal| goal.1).into(),
    }
}

/// What would have to happen for a promise that a run has lost.
#[must_use]
pub fn remedy(protocol: &'static dyn AnyProtocol, place: u8, remedy: &str) -> String {
    let name = protocol.specification().properties.get(usize::from(place)).map_or("", |it| it.name);
    format!("{name}: {remedy}.")
}

/// The name of a stage.
#[must_use]
pub fn stage(stage: &Stage) -> String {
    match stage.kind {
        Kind::Here(at) => format!("From here, {}", flagged(at)),
        Kind::Start => "From the start".into(),
        Kind::Small => format!("A small run, {}", count(stage.scenario.lanes().len(), "node", "nodes")),
        Kind::Usual => format!("Usual settings, {}", count(stage.scenario.lanes().len(), "node", "nodes")),
        Kind::Needs => "Settings that the flaw needs".into(),
        Kind::More(budget) => format!("With {}", amount(budget, stage.bounds.of(budget))),
        Kind::Before(at) => format!("Before it breaks, {}", flagged(at)),
    }
}

/// The stage that goes on, as a heading.
#[must_use]
pub fn trying(of: &Stage) -> String {
    let name = stage(of);
    let (first, rest) = name.split_at(1);
    format!("Trying: {}{rest}", first.to_ascii_lowercase())
}

fn amount(budget: Budget, amount: u8) -> String {
    let (one, several) = budget.names();
    count(amount.into(), one, several)
}

/// Where among the stages a search is.
#[must_use]
pub fn stage_of(stage: usize, all: usize, events: usize) -> String {
    format!("stage {stage} of {all}, {}", count(events, "event", "events"))
}

/// How far a stage came, and how it ended; nothing before it has begun.
#[must_use]
pub fn reach(events: Option<usize>, ending: Option<Ending>, now: bool, skipped: bool, found: bool) -> String {
    let Some(events) = events else { return if skipped { "skipped".into() } else { String::new() } };
    let events = count(events, "event", "events");
    let how = match ending {
        _ if now => return events,
        _ if skipped => "skipped",
        _ if found => "found",
        Some(Ending::Exhausted) => "all",
        Some(_) => "limit",
        None => "nothing",
    };
    format!("{events}, {how}")
}

/// What a stage assumes, and in what it differs from the reader's run.
#[must_use]
pub fn assumed(stage: &Stage, run: &Scenario) -> String {
    let (bounds, links) = (&stage.bounds, &stage.scenario.model.links);
    let mut said = format!("{}. ", sentence(&bounds.sentence(links.fifo)));
    said.push_str(match (bounds.of(Budget::Repeat), bounds.of(Budget::Disk)) {
        (0, 0) => "No message is doubled, and disks keep what was saved.",
        (0, _) => "No message is doubled.",
        (_, 0) => "Disks keep what was saved.",
        _ => "",
    });
    if (&stage.scenario.script, &stage.scenario.moves) != (&run.script, &run.moves) {
        said.push_str(" With requests and faults of its own, not your run's.");
    }
    let settings: Vec<String> = stage.changes(run).into_iter().map(|place| setting(&stage.scenario, place)).collect();
    if !settings.is_empty() {
        said.push_str(&format!(" Other settings than your run's: {}.", settings.join("; ")));
    }
    said
}

/// A setting and its value.
#[must_use]
pub fn setting(scenario: &Scenario, place: usize) -> String {
    let (parameter, value) = (&scenario.protocol.specification().parameters[place], scenario.settings.number(place));
    format!("{} {}", parameter.name, setting_value(parameter, value))
}

/// The value of a setting.
#[must_use]
pub fn setting_value(parameter: &Parameter, value: u32) -> String {
    match parameter.unit {
        Unit::Switch => if value == 0 { "off" } else { "on" }.into(),
        Unit::Choice(names) => names.get(value as usize).copied().unwrap_or_default().into(),
        Unit::Count => value.to_string(),
        Unit::Millis => format!("{value} ms"),
    }
}

/// Beside a flaw that cannot show as long as a setting is as it is.
#[must_use]
pub fn cannot_show(parameter: &Parameter, value: u32) -> String {
    format!("This cannot show while “{}” is {}.", parameter.name, setting_value(parameter, value))
}

/// Changes the setting.
#[must_use]
pub fn set_to(parameter: &Parameter, value: u32) -> String {
    format!("Set to {}", setting_value(parameter, value))
}

/// A button that searches with more of something.
#[must_use]
pub fn allow(budget: Budget, so_many: u8) -> String {
    format!("Allow {}", amount(budget, so_many))
}

/// Why it might help.
#[must_use]
pub fn so_far(before: u8) -> String {
    if before == 0 { "none so far".into() } else { format!("at most {before} so far") }
}

/// The limit that was met.
#[must_use]
pub fn limit(states: u32) -> String {
    format!("so far {} a stage", grouped(states as usize))
}

/// The bars as a sentence.
#[must_use]
pub fn levels(first: usize, depth: usize, last: usize) -> String {
    format!("New states at each depth, {} at depth 0 to {} at depth {depth}", grouped(first), grouped(last))
}

/// An event of a run that was found.
#[must_use]
pub fn step(number: usize) -> String {
    format!("event {number}")
}

/// The clock of a run whose events are numbered.
#[must_use]
pub fn of_steps(all: usize) -> String {
    format!(" of {}", count(all, "event", "events"))
}

/// The title of a run that was found.
#[must_use]
pub fn broken_in(property: &str, events: usize) -> String {
    format!("{property} broken in {}", count(events, "event", "events"))
}

/// The title of a run that was found for a goal.
#[must_use]
pub fn reached_in(goal: &str, events: usize) -> String {
    format!("{goal}: reached in {}", count(events, "event", "events"))
}

/// The title of a run that was found and misses a promise that must be kept by the end.
#[must_use]
pub fn missed_in(property: &str, events: usize) -> String {
    format!("{property}: not within {}", count(events, "event", "events"))
}

/// The note of such a run, from what happens last.
#[must_use]
pub fn reached_note(events: usize, last: &str) -> String {
    format!("Event {events}: {last}. It is a run like any other: drag it.")
}

/// The note of a run that was found, from the sentence of what it breaks.
#[must_use]
pub fn found_note(sentence: &str) -> String {
    format!(
        "{}. It is a run like any other: drag it.",
        lightcone_figure::read::sentences::sentence(sentence.trim_end_matches('.'))
    )
}
