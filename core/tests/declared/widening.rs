//! "Break it from here" finds every flaw of every protocol, wherever it is pressed, and nothing where nothing is wrong.

use crate::trials::Trials;
use lightcone_content::gallery::Exhibit;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_content::stages::{Kind, Stage, stages};
use lightcone_content::widening::Widening;
use lightcone_engine::protocol::{AnyProtocol, FlawSet, When};
use lightcone_engine::{EventIndex, Scenario, Time, Trace, simulate};
use lightcone_search::Target;
use lightcone_tests::count::{is_soak, share};

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
#[derive(Clone, Copy)]
enum Until {
    /// Something is found, or so much was tried that it comes too late.
    Found,
    /// What is found is the shortest, or each stage had its first turn.
    FirstRound,
    /// So many choices were tried.
    Choices(u64),
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
            Until::Found => found || choices > MOST_CHOICES,
            Until::Choices(most) => choices > most,
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

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.for_flaws("widening::", every_flaw_is_found_from_the_default_empty_run);
    for (target, id) in goals(family) {
        trials.add(&format!("widening::goal {id}"), move || {
            a_goal_is_reached_from_the_default_empty_run_at_its_last_event(family, target);
        });
    }
    trials.add("widening::broken-again", move || {
        every_broken_run_of_the_gallery_is_broken_again_at_its_end(family);
    });
    trials.add("widening::nothing", move || nothing_is_found_where_nothing_is_wrong(family));
    trials.add("widening::begins", move || a_search_begins_where_that_makes_sense(family));
}

/// A soak presses at the start, too, and goes on to what is shortest.
fn every_flaw_is_found_from_the_default_empty_run(family: &'static dyn AnyProtocol, flaw: u8) {
    let mut scenario = Scenario::new(family);
    scenario.settings.flaws = FlawSet::default().with(flaw);
    let trace = simulate(&scenario);
    let (cursors, until) = match is_soak() {
        true => (vec![Time::ZERO, trace.horizon()], Until::Shortest),
        false => (vec![trace.horizon()], Until::Found),
    };
    for cursor in cursors {
        let found = search(&stages(ALL, &trace, cursor, None, Target::AnyBreach), until).expect("it is found");
        assert!(found.choices <= MOST_CHOICES && found.states <= MOST_STATES, "{found:?}");
        let near = matches!(found.kind, Kind::Start | Kind::Small);
        assert!(near && found.events > 0, "{found:?}");
    }
}

/// What a reader can ask for: each goal of a protocol, and each promise that is to come true by the end.
fn goals(family: &'static dyn AnyProtocol) -> Vec<(Target, &'static str)> {
    let properties = (0..).zip(family.specification().properties);
    let by_the_end = properties.filter(|(_, property)| property.when == When::ByTheEnd);
    let by_the_end = by_the_end.map(|(place, property)| (Target::Reaches(place), property.id));
    family.goals().map(|(place, id, _)| (Target::Happens(place), id)).chain(by_the_end).collect()
}

fn a_goal_is_reached_from_the_default_empty_run_at_its_last_event(family: &'static dyn AnyProtocol, target: Target) {
    let trace = simulate(&Scenario::new(family));
    let found = search(&stages(ALL, &trace, trace.horizon(), None, target), Until::Found).expect("it is found");
    assert!(found.choices <= MOST_CHOICES, "{found:?}");
    let replayed = simulate(&found.scenario);
    let last = EventIndex(replayed.events.len() as u32 - 1);
    if let Target::Happens(goal) = target {
        assert!(replayed.reached_at(last).any(|reached| reached == goal));
    }
}

/// The runs of a protocol.
fn own(family: &dyn AnyProtocol) -> impl Iterator<Item = Exhibit> {
    let id = family.specification().id;
    gallery(ALL).into_iter().filter(move |exhibit| exhibit.protocol == id)
}

/// A soak takes all runs, the test command the first of them.
fn every_broken_run_of_the_gallery_is_broken_again_at_its_end(family: &'static dyn AnyProtocol) {
    let runs = own(family).map(|exhibit| (simulate(&exhibit.scenario), exhibit));
    // What the protocol does not promise with its settings is looked for only by name.
    let is_promised = |trace: &Trace| trace.first_violation().is_some_and(|(it, ..)| trace.not_promised(it).is_none());
    let broken: Vec<(Trace, Exhibit)> = runs.filter(|(trace, _)| is_promised(trace)).collect();
    for (trace, exhibit) in &broken[..broken.len().min(share(broken.len() as u64) as usize)] {
        let stages = stages(ALL, trace, trace.horizon(), None, Target::AnyBreach);
        let found = search(&stages, Until::Found).unwrap_or_else(|| panic!("{}: nothing", exhibit.slug));
        assert!(found.choices <= MOST_CHOICES, "{}: {found:?}", exhibit.slug);
    }
}

/// A soak gives each stage its first turn, and begins at three moments; the test command tries as much as may be needed to
/// find a flaw, an eighth of it at one.
fn nothing_is_found_where_nothing_is_wrong(family: &'static dyn AnyProtocol) {
    let trace = simulate(&Scenario::new(family));
    let (cursors, until) = match is_soak() {
        true => (vec![Time::ZERO, Time::from_millis(150), trace.horizon()], Until::FirstRound),
        false => (vec![trace.horizon()], Until::Choices(share(MOST_CHOICES))),
    };
    for cursor in cursors {
        let found = search(&stages(ALL, &trace, cursor, None, Target::AnyBreach), until);
        assert!(found.is_none(), "{found:?}");
    }
}

fn a_search_begins_where_that_makes_sense(family: &'static dyn AnyProtocol) {
    let kinds = |trace: &Trace, cursor| {
        let stages = stages(ALL, trace, cursor, None, Target::AnyBreach);
        stages.iter().map(|stage| stage.kind).collect::<Vec<_>>()
    };
    for exhibit in own(family) {
        let trace = simulate(&exhibit.scenario);
        assert!(!matches!(kinds(&trace, trace.horizon())[0], Kind::Here(_)), "{}", exhibit.slug);
        if let Some((_, event, _)) = trace.first_violation() {
            let at = trace.event(event).at;
            assert_eq!(kinds(&trace, at)[0], Kind::Start, "{}", exhibit.slug);
        }
        let scenario = Scenario { script: Vec::new(), moves: Vec::new(), ..exhibit.scenario };
        let trace = simulate(&scenario);
        let Some(middle) = trace.last_event_by(Time::from_millis(200)) else { continue };
        let middle = trace.event(middle).at;
        assert!(matches!(kinds(&trace, middle).first(), Some(Kind::Here(_) | Kind::Start)), "{}", exhibit.slug);
    }
}
