//! "Break it from here" finds every flaw of every protocol, wherever it is pressed, and nothing where nothing is wrong.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_content::stages::{Kind, Stage, stages};
use lightcone_content::widening::Widening;
use lightcone_engine::protocol::{AnyProtocol, FlawSet, When};
use lightcone_engine::{EventIndex, Scenario, Time, Trace, simulate};
use lightcone_protocols::PROTOCOLS;
use lightcone_search::Target;

/// Choices before the first find, over all stages: less than two seconds in a browser.
const MOST_CHOICES: u64 = 250_000;
/// States until what is found is the shortest: less than ten.
const MOST_STATES: u32 = 100_000;

/// What a search comes to.
#[derive(Debug)]
struct Found {
    kind: Kind,
    /// Of all stages before the first find.
    choices: u64,
    /// Of the stage, to its end.
    states: u32,
    events: u8,
    scenario: Scenario,
}

/// When a test has seen enough.
#[derive(PartialEq)]
enum Until {
    /// Something is found.
    Found,
    /// What is found is the shortest, or each stage had its first turn.
    FirstRound,
    /// What is found is the shortest, or nothing is left to try.
    Shortest,
}

/// Searches as long as it says.
fn search(stages: &[Stage], until: Until) -> Option<Found> {
    let mut widening = Widening::new(stages.iter().cloned().enumerate().collect(), false);
    let (mut choices, mut before, mut stood) = (0, vec![0; stages.len()], None);
    loop {
        let goes_on = widening.advance(500);
        let (now, progress) = (widening.now(), widening.progress()?);
        choices += progress.tried - before[now];
        before[now] = progress.tried;
        let found = widening.search().is_some_and(|search| search.has_found());
        if found {
            stood.get_or_insert(choices);
        }
        let enough = match until {
            Until::Found => found,
            Until::FirstRound => widening.is_hurried(),
            Until::Shortest => false,
        };
        if !goes_on || enough {
            let found = widening.search()?.found()?;
            let (kind, states) = (stages[now].kind, progress.states);
            let (events, choices) = (found.events, stood.unwrap_or(choices));
            return Some(Found { kind, choices, states, events, scenario: found.scenario });
        }
        widening.turn();
    }
}

fn at_the_end(trace: &Trace) -> Vec<Stage> {
    stages(ALL, trace, trace.horizon(), None, Target::AnyBreach)
}

#[test]
fn every_flaw_is_found_from_the_default_empty_run() {
    for family in PROTOCOLS {
        for (place, flaw) in (0..).zip(family.specification().flaws) {
            let mut scenario = Scenario::new(*family);
            scenario.settings.flaws = FlawSet::default().with(place);
            let trace = simulate(&scenario);
            for cursor in [Time::ZERO, trace.horizon()] {
                let name = format!("{} {}", family.specification().id, flaw.id);
                let found = search(&stages(ALL, &trace, cursor, None, Target::AnyBreach), Until::Shortest)
                    .unwrap_or_else(|| panic!("{name}: nothing"));
                println!(
                    "{name}: {:?}, {} choices, {} states, {} events",
                    found.kind, found.choices, found.states, found.events
                );
                assert!(found.choices <= MOST_CHOICES && found.states <= MOST_STATES, "{name}: {found:?}");
                let near = matches!(found.kind, Kind::Start | Kind::Small);
                assert!(near && found.events > 0, "{name}: {found:?}");
            }
        }
    }
}

/// What a reader can ask for: each goal of a protocol, and each promise that is to come true by the end.
fn goals(family: &'static dyn AnyProtocol) -> Vec<(Target, &'static str)> {
    let properties = (0..).zip(family.specification().properties);
    let by_the_end = properties.filter(|(_, property)| property.when == When::ByTheEnd);
    let by_the_end = by_the_end.map(|(place, property)| (Target::Reaches(place), property.id));
    family.goals().map(|(place, id, _)| (Target::Happens(place), id)).chain(by_the_end).collect()
}

#[test]
fn every_goal_is_reached_from_the_default_empty_run_at_its_last_event() {
    for family in PROTOCOLS {
        let trace = simulate(&Scenario::new(*family));
        for (target, id) in goals(*family) {
            let name = format!("{} {id}", family.specification().id);
            let stages = stages(ALL, &trace, trace.horizon(), None, target);
            let found = search(&stages, Until::Found).unwrap_or_else(|| panic!("{name}: nothing"));
            println!(
                "{name}: {:?}, {} choices, {} states, {} events",
                found.kind, found.choices, found.states, found.events
            );
            assert!(found.choices <= MOST_CHOICES, "{name}: {found:?}");
            let replayed = simulate(&found.scenario);
            let last = EventIndex(replayed.events.len() as u32 - 1);
            if let Target::Happens(goal) = target {
                assert!(replayed.reached_at(last).any(|reached| reached == goal), "{name}");
            }
        }
    }
}

#[test]
fn every_broken_run_of_the_gallery_is_broken_again_at_its_end() {
    for exhibit in gallery(ALL) {
        let trace = simulate(&exhibit.scenario);
        // What the protocol does not promise with its settings is looked for only by name.
        if trace.first_violation().is_none_or(|(place, ..)| trace.not_promised(place).is_some()) {
            continue;
        }
        let name = format!("{} {}", exhibit.protocol, exhibit.slug);
        let found = search(&at_the_end(&trace), Until::FirstRound).unwrap_or_else(|| panic!("{name}: nothing"));
        println!(
            "{name}: {:?}, {} choices, {} states, {} events",
            found.kind, found.choices, found.states, found.events
        );
        assert!(found.choices <= MOST_CHOICES, "{name}: {found:?}");
    }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for family in PROTOCOLS {
        let trace = simulate(&Scenario::new(*family));
        for cursor in [Time::ZERO, Time::from_millis(150), trace.horizon()] {
            let found = search(&stages(ALL, &trace, cursor, None, Target::AnyBreach), Until::FirstRound);
            assert!(found.is_none(), "{}: {found:?}", family.specification().id);
        }
    }
}

#[test]
fn a_search_begins_where_that_makes_sense() {
    let kinds = |trace: &Trace, cursor| {
        let stages = stages(ALL, trace, cursor, None, Target::AnyBreach);
        stages.iter().map(|stage| stage.kind).collect::<Vec<_>>()
    };
    let mut scenario = Scenario::new(PROTOCOLS[0]);
    for exhibit in gallery(ALL) {
        scenario = exhibit.scenario;
        let trace = simulate(&scenario);
        assert!(!matches!(kinds(&trace, trace.horizon())[0], Kind::Here(_)), "{}", exhibit.slug);
        if let Some((_, event, _)) = trace.first_violation() {
            let at = trace.event(event).at;
            assert_eq!(kinds(&trace, at)[0], Kind::Start, "{}", exhibit.slug);
        }
    }
    let trace = simulate(&Scenario { script: Vec::new(), moves: Vec::new(), ..scenario });
    let middle = trace.event(trace.last_event_by(Time::from_millis(200)).expect("something happens")).at;
    assert!(matches!(kinds(&trace, middle).first(), Some(Kind::Here(_) | Kind::Start)));
}
