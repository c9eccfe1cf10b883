//! The search finds every flaw of every protocol, what it finds is as short as can be, and a run like any other.

use lightcone_content::searches::Small;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, Argument, Cause, Family, FlawSet, When};
use lightcone_engine::run::{Plan, Step, World};
use lightcone_engine::{Action, MessageId, NodeId, Scenario, Time, simulate};
use lightcone_formats::{link, text};
use lightcone_protocols::PROTOCOLS;
use lightcone_search::world::choice::{Choice, to_come};
use lightcone_search::world::verdict::{always, broken};
use lightcone_search::{Bounds, Ending, Found, Reductions, Search, Spent, Supply, Target, collision_exponent};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::OnceLock;

/// Every protocol with each of its flaws.
fn flaws() -> impl Iterator<Item = (&'static dyn Family, u8)> {
    PROTOCOLS.iter().flat_map(|family| {
        let flaws = family.specification().flaws.len() as u8;
        (0..flaws).map(move |flaw| (*family, flaw))
    })
}

fn name(family: &dyn Family, flaw: u8) -> String {
    let specification = family.specification();
    format!("{} {}", specification.id, specification.flaws[usize::from(flaw)].id)
}

/// What the search of a small run says.
struct Hunt {
    ending: Ending,
    found: Option<Found>,
    tried: u64,
}

/// Every flaw with what the search of its small run says; worked out once.
fn hunts() -> impl Iterator<Item = (&'static dyn Family, u8, &'static Hunt)> {
    static HUNTS: OnceLock<Vec<Hunt>> = OnceLock::new();
    let hunt = |(family, flaw)| {
        let mut search = Small::of(family, Some(flaw)).search(Reductions::ALL);
        Hunt { ending: search.run(), found: search.found(), tried: search.progress().tried }
    };
    let hunts = HUNTS.get_or_init(|| flaws().map(hunt).collect());
    flaws().zip(hunts).map(|((family, flaw), hunt)| (family, flaw, hunt))
}

impl Hunt {
    fn found(&self) -> &Found {
        self.found.as_ref().expect("every flaw is found")
    }
}

#[test]
fn every_flaw_is_found_in_as_few_events_as_can_be() {
    let lengths = hunts().map(|(family, flaw, hunt)| {
        assert_eq!(hunt.ending, Ending::Shortest, "{}", name(family, flaw));
        format!("{}: {}", name(family, flaw), hunt.found().events)
    });
    assert_eq!(lengths.collect::<Vec<_>>(), LENGTHS);
}

/// How many events it takes to break each wrong protocol, from where its small run starts.
const LENGTHS: &[&str] = &[
    "lamport receiver-ignores-maximum: 5",
    "lamport client-forgets-maximum: 5",
    "quorum write-back-skipped: 16",
    "quorum no-tie-break: 25",
    "quorum sloppy-counted-as-strict: 15",
    "quorum acknowledges-before-persisting: 9",
    "quorum write-skips-query: 11",
    "quorum hint-dropped-early: 13",
    "quorum repair-overwrites-newer: 20",
    "2pc aborts-after-voting-yes: 13",
    "2pc sends-before-logging: 14",
    "2pc yes-not-logged: 16",
    "2pc forgets-on-restart: 16",
    "2pc silence-counts-as-yes: 9",
    "2pc times-out-after-decision: 13",
    "2pc in-doubt-answers-abort: 14",
    "paxos promise-forgotten-on-restart: 11",
    "paxos highest-accepted-ignored: 12",
    "paxos ballots-not-unique: 14",
    "paxos accepts-below-promise: 12",
    "paxos quorums-do-not-meet: 5",
    "raft commits-old-term-by-counting: 11",
    "raft vote-not-persisted: 8",
    "raft log-not-compared-when-voting: 8",
    "raft votes-twice-in-a-term: 6",
    "raft truncates-on-any-append: 9",
    "raft lease-read-with-drifting-clock: 8",
    "raft read-without-read-index: 12",
    "raft sessions-not-checked: 9",
    "raft answers-before-commit: 11",
    "raft acknowledges-before-persisting: 9",
];

#[test]
fn what_is_found_is_a_scenario_that_breaks_at_its_last_event() {
    for (family, flaw, hunt) in hunts() {
        let found = hunt.found();
        replays(found, &name(family, flaw));
        let mut right = found.scenario.clone();
        right.settings.flaws = FlawSet::default();
        let trace = simulate(&right);
        assert_eq!(trace.first_violation(), None, "{}: without the flaw the same run holds", name(family, flaw));
    }
}

/// The simulator does what the search did.
fn replays(found: &Found, name: &str) {
    let scenario = &found.scenario;
    scenario.check().unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
    let trace = simulate(scenario);
    let after = trace.events.iter().filter(|event| event.at > found.begins).count();
    assert_eq!(after, usize::from(found.events), "{name}: as many events as the search says");
    let (property, event, _) = trace.first_violation().unwrap_or_else(|| panic!("{name} breaks"));
    assert_eq!(event.index() + 1, trace.events.len(), "{name} breaks at the last event");
    assert_eq!(trace.specification().properties[property].when, When::Always);
    assert_eq!(
        text::decode(&text::encode(scenario), lightcone_protocols::PROTOCOLS).as_ref(),
        Ok(scenario),
        "{name} as a text"
    );
    assert_eq!(
        link::decode(&link::encode(scenario), lightcone_protocols::PROTOCOLS).map(|it| it.scenario).as_ref(),
        Ok(scenario),
        "{name} as a link"
    );
}

#[test]
fn right_protocols_survive_all_that_their_bounds_allow() {
    let counts = PROTOCOLS.iter().map(|family| {
        let mut search = Small::of(*family, None).search(Reductions::ALL);
        let id = family.specification().id;
        assert_eq!(search.run(), Ending::Exhausted, "{id}");
        format!("{id}: {}", search.progress().states)
    });
    assert_eq!(counts.collect::<Vec<_>>(), STATES);
}

/// How many different states the right protocols have within their bounds.
const STATES: &[&str] = &["lamport: 541", "quorum: 13377", "2pc: 23220", "paxos: 89101", "raft: 11041"];

#[test]
fn no_reduction_changes_what_is_found() {
    let only = |dead_messages, symmetry, commutation| Reductions { dead_messages, symmetry, commutation };
    let each = [only(true, false, false), only(false, true, false), only(false, false, true), Reductions::ALL];
    for (name, small) in few_states() {
        let run = |reductions| {
            let mut search = small.search(reductions);
            let ending = search.run();
            let found = search.found().map(|found| (found.events, found.spent.weight()));
            (ending, found, search.progress().states)
        };
        let (ending, plain, states) = run(Reductions::NONE);
        for reductions in each {
            let (same, reduced, fewer) = run(reductions);
            assert_eq!((same, reduced), (ending, plain), "{name} with {reductions:?}");
            assert!(fewer <= states, "{name} has no more states with {reductions:?}");
        }
    }
}

#[test]
fn the_shortest_is_as_short_as_an_exhaustive_search_finds_it() {
    for (name, small) in few_states() {
        let mut search = small.search(Reductions::ALL);
        search.run();
        let found = search.found().map(|found| found.events);
        assert_eq!(found, Oracle::new(&small).shortest(), "{name}");
    }
}

/// For every flaw something that a plain search can do as well: the small run if it has few states, and in any case the
/// last events of what breaks it, with as much of everything as the small run has. Without flaws the first events.
fn few_states() -> Vec<(String, Small)> {
    const EVENTS: u8 = 4;
    let mut all = Vec::new();
    for (family, flaw, hunt) in hunts() {
        let (small, found) = (Small::of(family, Some(flaw)), hunt.found());
        if hunt.tried < 2_000 {
            all.push((name(family, flaw), Small { bounds: small.bounds.to_depth(found.events), ..small.clone() }));
        }
        let trace = simulate(&found.scenario);
        let before = trace.events.len() - usize::from(found.events.min(EVENTS));
        let from = trace.events.get(before - 1).map(|event| event.at).filter(|at| *at > Time::ZERO);
        let name = format!("the end of {}", name(family, flaw));
        all.push((name, Small { scenario: found.scenario.clone(), from, bounds: small.bounds.to_depth(EVENTS) }));
    }
    for family in PROTOCOLS {
        let small = Small::of(*family, None);
        all.push((family.specification().id.into(), Small { bounds: small.bounds.to_depth(EVENTS), ..small }));
    }
    all
}

/// Tries everything, one event after another, with a list of choices of its own: every pending thing by name, crashes
/// after every effect. It knows nothing of paths, codes, reductions and slices.
struct Oracle {
    bounds: Bounds,
    level: Vec<(World, Spent)>,
    seen: HashSet<(u64, Spent)>,
    step: Step,
}

impl Oracle {
    fn new(small: &Small) -> Oracle {
        let mut world = match small.event() {
            Some(event) => simulate(&small.scenario).world_at(event),
            None => World::new(Rc::new(Plan::new(&small.scenario))),
        };
        let mut step = Step::default();
        while let Some((_, cause @ Cause::Boot(_))) = world.next() {
            assert!(world.take(cause, &mut step));
        }
        Oracle { bounds: small.bounds, level: vec![(world, Spent::default())], seen: HashSet::new(), step }
    }

    fn shortest(&mut self) -> Option<u8> {
        for depth in 1..=self.bounds.depth {
            for (world, spent) in std::mem::take(&mut self.level) {
                for (choice, spent) in self.choices(&world, spent) {
                    let mut next = world.clone();
                    let at = next.now().after(10_000);
                    if !choice.force(&mut next, at, &mut self.step) {
                        continue;
                    }
                    if broken(&next) & always(&next) != 0 {
                        return Some(depth);
                    }
                    if self.seen.insert((next.fingerprint(), spent)) {
                        self.level.push((next, spent));
                    }
                }
            }
        }
        None
    }

    fn choices(&mut self, world: &World, spent: Spent) -> Vec<(Choice, Spent)> {
        let mut choices = Vec::new();
        let left = |supply| spent.left(supply, &self.bounds) > 0;
        for (cause, _) in to_come(world) {
            let spent = match cause {
                Cause::Fire(_) if !left(Supply::TimeOut) => continue,
                Cause::Fire(_) => spent.and(Supply::TimeOut),
                Cause::Act(action) if later_of_its_lane(world, action) => continue,
                _ => spent,
            };
            choices.push((Choice::Happens(cause), spent));
            if left(Supply::Crash) && cause.node().is_some_and(|node| !world.plan().lanes[node.index()].client) {
                choices.extend((0..24).map(|after| (Choice::CutShort(cause, after), spent.and(Supply::Crash))));
            }
            if let (Cause::Deliver(message), true) = (cause, left(Supply::Repeat)) {
                let copy = MessageId { copy: spent.of(Supply::Repeat) + 1, ..message };
                choices.push((Choice::Repeated(copy), spent.and(Supply::Repeat)));
            }
        }
        if left(Supply::Request) {
            let value = i32::from(spent.of(Supply::Request)) + 1;
            let asked = requests(world, value).into_iter();
            choices.extend(asked.map(|action| (Choice::Done(action), spent.and(Supply::Request))));
        }
        for node in (0..world.plan().nodes()).map(NodeId) {
            let client = world.plan().lanes[node.index()].client;
            if world.state(node).is_none() {
                choices.push((Choice::Done(Action::Restart(node)), spent));
            } else if left(Supply::Crash) && !client {
                choices.push((Choice::Done(Action::Crash(node)), spent.and(Supply::Crash)));
            }
        }
        choices
    }
}

/// What a reader could ask, each value once.
fn requests(world: &World, value: i32) -> Vec<Action> {
    let plan = world.plan();
    let mut asked = Vec::new();
    for (node, lane) in (0..).map(NodeId).zip(&plan.lanes) {
        for form in lane.accepts {
            let key = Key(0);
            let operations = match *form {
                Accepts::Read => vec![Operation::Read { key }],
                Accepts::Write => vec![Operation::Write { key, value }],
                Accepts::Add => vec![Operation::Add { key, amount: value }],
                Accepts::CompareAndSet => vec![Operation::CompareAndSet { key, expected: value - 1, value }],
                Accepts::Command(verb) => match plan.protocol.specification().commands[usize::from(verb)].argument {
                    Argument::Nothing => vec![Operation::Command { verb, argument: 0 }],
                    Argument::Number => vec![Operation::Command { verb, argument: value as u8 }],
                    Argument::Node => {
                        let others = (0..plan.nodes()).filter(|other| *other != node.0);
                        let servers = others.filter(|other| !plan.lanes[usize::from(*other)].client);
                        servers.map(|argument| Operation::Command { verb, argument }).collect()
                    }
                },
            };
            asked.extend(operations.into_iter().map(|operation| Action::Request { node, operation }));
        }
    }
    asked
}

/// What the script asks of one lane happens in its order.
fn later_of_its_lane(world: &World, action: Action) -> bool {
    let at = |action| to_come(world).find(|(cause, _)| *cause == Cause::Act(action)).map(|(_, at)| at);
    to_come(world).any(|(cause, due)| match cause {
        Cause::Act(other) => other.node() == action.node() && Some(due) < at(action),
        _ => false,
    })
}

#[test]
fn slices_change_nothing() {
    let (family, flaw, whole) = hunts().next().expect("the first protocol has a flaw");
    let mut search = Small::of(family, Some(flaw)).search(Reductions::ALL);
    while search.advance(1) {}
    assert_eq!(search.found().map(|found| found.scenario).as_ref(), Some(&whole.found().scenario));
}

#[test]
fn a_search_that_is_full_says_how_far_it_came() {
    let mut search = Search::new(
        &Scenario::new(PROTOCOLS[4]),
        None,
        Target::AnyBreach,
        Bounds { states: 2_000, ..Bounds::USUAL },
        Reductions::ALL,
    );
    let Ending::Full { tried_to } = search.run() else { panic!("two thousand states are not enough") };
    let progress = search.progress();
    assert!(progress.states >= 2_000 && progress.levels.len() > usize::from(tried_to));
    assert!(collision_exponent(progress.states) < -40);
}

#[test]
fn a_search_from_the_middle_keeps_what_has_happened() {
    let raft = PROTOCOLS[4];
    let mut scenario = Scenario::new(raft);
    scenario.settings.flaws = FlawSet::default().with(3);
    scenario.settings.parameters[0] = 3;
    let before = simulate(&scenario);
    let from = before.last_event_by(Time::from_millis(250)).expect("something has happened by then");
    let mut search =
        Search::new(&scenario, Some(from), Target::AnyBreach, Small::of(raft, None).bounds, Reductions::ALL);
    assert_eq!(search.run(), Ending::Shortest);
    let found = search.found().expect("it is found");
    replays(&found, "votes twice, from the middle");
    let after = simulate(&found.scenario);
    let kept = after.events.iter().take_while(|event| event.at <= found.begins);
    assert!(kept.zip(&before.events).all(|(one, other)| (one.at, one.cause) == (other.at, other.cause)));
    assert_eq!(found.begins, before.event(from).at);
}
