//! The search of every protocol gives the result that its file expects: the right protocol holds within the bounds, and
//! each flaw is found. A found run is as short as possible and replays like any other, and no reduction changes that.

use crate::trials::Trials;
use lightcone_content::Expected;
use lightcone_content::searches::Small;
use lightcone_content::shelf::ALL;
use lightcone_engine::model::Timing;
use lightcone_engine::operation::{Key, Operation};
use lightcone_engine::protocol::{Accepts, AnyProtocol, Argument, Cause, FlawSet, Judgement, When};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::run::{Plan, Step, World};
use lightcone_engine::{Action, EventIndex, MessageId, NodeId, Time, Trace, simulate};
use lightcone_formats::{link, text};
use lightcone_protocols::PROTOCOLS;
use lightcone_search::world::choice::{Choice, to_come};
use lightcone_search::world::verdict::broken;
use lightcone_search::{Bounds, Budget, Ending, Found, Reductions, Used};
use lightcone_tests::count::share;
use lightcone_tests::files::folder;
use std::collections::HashSet;
use std::fs;
use std::rc::Rc;

/// Events of what is also searched without any reduction, and by another search.
const EVENTS: u8 = 4;
/// States that a search with bounded delays may have, in a soak.
const BOUNDED_STATES: u64 = 4_000;
/// Choices that a search may take that is done without any reduction as a whole, in a soak.
const FEW: u64 = 2_000;

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.add("search::holds", move || hold(family));
    trials.for_flaws("search::", find);
    trials.for_flaws("search::bounded ", find_bounded);
}

/// What the file says from which a search with this flaw, or with none, starts.
fn expected(family: &dyn AnyProtocol, flaw: Option<u8>) -> Vec<Expected> {
    let specification = family.specification();
    let folder = folder("searches", specification.id);
    let own = flaw.map(|flaw| folder.join(format!("{}.scenario", specification.flaws[usize::from(flaw)].id)));
    let file = own.filter(|own| own.exists()).unwrap_or_else(|| folder.join("any.scenario"));
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("a search starts in {}: {error}", file.display()));
    Expected::read(&text, PROTOCOLS).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The right protocol survives all that its bounds allow, in as many states as its file says.
fn hold(family: &'static dyn AnyProtocol) {
    let small = Small::of(ALL, family, None);
    let mut search = small.search(Reductions::ALL);
    assert_eq!(search.run(), Ending::Exhausted);
    let said = expected(family, None).into_iter().find(|expected| matches!(expected, Expected::States(_)));
    assert_eq!(Some(Expected::States(search.progress().states)), said, "the file says how many states there are");
    let first = Small { bounds: small.bounds.to_depth(EVENTS), ..small };
    no_reduction_changes_what_is_found("its first events", &first);
    is_what_another_search_finds("its first events", &first);
}

/// A wrong protocol is found out, in as few events as its file says.
fn find(family: &'static dyn AnyProtocol, flaw: u8) {
    let small = Small::of(ALL, family, Some(flaw));
    let mut search = small.search(Reductions::ALL);
    assert_eq!(search.run(), Ending::Shortest);
    let (found, progress) = (search.found().expect("a run is found"), search.progress());
    let is_own = |each: &Expected| matches!(each, Expected::Shortest { flaw: own, .. } if *own == flaw);
    let said = expected(family, Some(flaw)).into_iter().find(is_own);
    let found_out = Expected::Shortest { flaw, events: found.events, states: progress.states };
    assert_eq!(Some(found_out), said, "the file says what the search comes to");
    replays(&found);
    let mut right = found.scenario.clone();
    right.settings.flaws = FlawSet::default();
    assert_eq!(first_broken(&simulate(&right)), None, "without the flaw the same run holds");
    for (name, small) in few_states(&small, &found, progress.tried) {
        no_reduction_changes_what_is_found(name, &small);
        is_what_another_search_finds(name, &small);
    }
}

/// With delays that are bounded, time decides what may happen next. Whatever is then found is what the simulator does, too.
/// Some flaws do not show then, or only in more states than are looked at here.
fn find_bounded(family: &'static dyn AnyProtocol, flaw: u8) {
    let small = Small::of(ALL, family, Some(flaw));
    let within = |bound_micros| Timing::Synchronous { bound_micros };
    let later = Timing::PartiallySynchronous { stable_from: Time::from_millis(20), bound_micros: 15_000 };
    for (timing, fifo) in [(within(2_500), false), (within(15_000), true), (within(60_000), false), (later, false)] {
        let mut bounded = small.clone();
        bounded.scenario.model.timing = timing;
        bounded.scenario.model.links.fifo = fifo;
        bounded.scenario.model.links.latency_micros = (1_000, 2_000);
        bounded.bounds.states = share(BOUNDED_STATES) as u32;
        assert_eq!(bounded.scenario.check(), Ok(()));
        let mut search = bounded.search(Reductions::ALL);
        search.run();
        if let Some(found) = search.found() {
            replays(&found);
        }
    }
}

/// The simulator does what the search did, and both forms keep it.
fn replays(found: &Found) {
    let scenario = &found.scenario;
    assert_eq!(scenario.check(), Ok(()));
    let trace = simulate(scenario);
    let Some((property, event)) = first_broken(&trace) else {
        panic!("what is found breaks:\n{}", text::encode(scenario));
    };
    let until = &trace.events[..=event.index()];
    let after = until.iter().filter(|event| event.at > found.begins).count();
    assert_eq!(after, usize::from(found.events), "as many events as the search says:\n{}", text::encode(scenario));
    // Where delays are bounded, something may have to arrive at the moment of the last event.
    let more = &trace.events[event.index() + 1..];
    let bounded = scenario.model.timing != Timing::Asynchronous;
    assert!(more.is_empty() || bounded && more.iter().all(|event| event.at == until[until.len() - 1].at), "it is over");
    assert_eq!(trace.specification().properties[property].when, When::Always);
    assert!(found.breaks & 1 << property != 0, "it breaks what the search says");
    assert_eq!(
        text::decode(&text::encode(scenario), lightcone_protocols::PROTOCOLS).as_ref(),
        Ok(scenario),
        "as a text"
    );
    assert_eq!(
        link::decode(&link::encode(scenario), lightcone_protocols::PROTOCOLS).map(|it| it.scenario).as_ref(),
        Ok(scenario),
        "as a link"
    );
}

/// Something that a plain search can do as well: the small run if it has few states, and in any case the last events of what
/// breaks it, with as much of everything as the small run has.
fn few_states(small: &Small, found: &Found, tried: u64) -> Vec<(&'static str, Small)> {
    let mut all = Vec::new();
    if tried < share(FEW) {
        all.push(("the whole", Small { bounds: small.bounds.to_depth(found.events), ..small.clone() }));
    }
    let trace = simulate(&found.scenario);
    let before = trace.events.len() - usize::from(found.events.min(EVENTS));
    let from = trace.events.get(before - 1).map(|event| event.at).filter(|at| *at > Time::ZERO);
    let bounds = small.bounds.to_depth(EVENTS);
    all.push(("its end", Small { scenario: found.scenario.clone(), from, bounds }));
    all
}

fn no_reduction_changes_what_is_found(name: &str, small: &Small) {
    let only = |dead_messages, symmetry, commutation| Reductions { dead_messages, symmetry, commutation };
    let each = [only(true, false, false), only(false, true, false), only(false, false, true), Reductions::ALL];
    let run = |reductions| {
        let mut search = small.search(reductions);
        let ending = search.run();
        let found = search.found().map(|found| (found.events, found.used.weight()));
        (ending, found, search.progress().states)
    };
    let (ending, plain, states) = run(Reductions::NONE);
    for reductions in each {
        let (same, reduced, fewer) = run(reductions);
        assert_eq!((same, reduced), (ending, plain), "{name} with {reductions:?}");
        assert!(fewer <= states, "{name} has no more states with {reductions:?}");
    }
}

fn is_what_another_search_finds(name: &str, small: &Small) {
    let mut search = small.search(Reductions::ALL);
    search.run();
    let found = search.found().map(|found| found.events);
    assert_eq!(found, Oracle::new(small).shortest(), "{name}");
}

/// Tries everything, one event after another, with a list of choices of its own: every pending thing by name, crashes
/// after every effect. It knows nothing of paths, codes, reductions and slices.
struct Oracle {
    bounds: Bounds,
    level: Vec<(World, Used)>,
    seen: HashSet<(u64, Used)>,
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
        Oracle { bounds: small.bounds, level: vec![(world, Used::default())], seen: HashSet::new(), step }
    }

    fn shortest(&mut self) -> Option<u8> {
        for depth in 1..=self.bounds.depth {
            for (world, used) in std::mem::take(&mut self.level) {
                for (choice, used) in self.choices(&world, used) {
                    let mut next = world.clone();
                    let at = next.now().after(10_000);
                    if !choice.force(&mut next, at, &mut self.step) || cuts_nothing(&world, choice, at, &next) {
                        continue;
                    }
                    if broken(&next) & promised(&next) != 0 {
                        return Some(depth);
                    }
                    if self.seen.insert((next.fingerprint(), used)) {
                        self.level.push((next, used));
                    }
                }
            }
        }
        None
    }

    fn choices(&mut self, world: &World, used: Used) -> Vec<(Choice, Used)> {
        let mut choices = Vec::new();
        let left = |budget| used.left(budget, &self.bounds) > 0;
        for (cause, _) in to_come(world) {
            let used = match cause {
                Cause::Fire(_) if !left(Budget::TimeOut) => continue,
                Cause::Fire(_) => used.and(Budget::TimeOut),
                Cause::Act(action) if later_of_its_lane(world, action) => continue,
                _ => used,
            };
            choices.push((Choice::Happens(cause), used));
            if left(Budget::Crash) && cause.node().is_some_and(|node| !world.plan().lanes[node.index()].client) {
                choices.extend((0..24).map(|after| (Choice::CutShort(cause, after), used.and(Budget::Crash))));
            }
            if let (Cause::Deliver(message), true) = (cause, left(Budget::Repeat)) {
                let copy = MessageId { copy: used.of(Budget::Repeat) + 1, ..message };
                choices.push((Choice::Repeated(copy), used.and(Budget::Repeat)));
            }
        }
        if left(Budget::Request) {
            let value = i32::from(used.of(Budget::Request)) + 1;
            let asked = requests(world, value).into_iter();
            choices.extend(asked.map(|action| (Choice::Done(action), used.and(Budget::Request))));
        }
        for node in (0..world.plan().nodes()).map(NodeId) {
            let client = world.plan().lanes[node.index()].client;
            if world.state(node).is_none() {
                choices.push((Choice::Done(Action::Restart(node)), used));
            } else if left(Budget::Crash) && !client {
                choices.push((Choice::Done(Action::Crash(node)), used.and(Budget::Crash)));
            }
        }
        choices
    }
}

/// Whether a crash that is to cut a handler short comes when all is done: that is a crash after it, an event of its own.
fn cuts_nothing(world: &World, choice: Choice, at: Time, next: &World) -> bool {
    let Choice::CutShort(cause, _) = choice else { return false };
    let Some(node) = cause.node() else { return false };
    let mut whole = world.clone();
    let crash = Choice::Done(Action::Crash(node));
    let (step, other) = (&mut Step::default(), &mut whole);
    Choice::Happens(cause).force(other, at, step)
        && crash.force(other, at, step)
        && other.fingerprint() == next.fingerprint()
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

fn promised(world: &World) -> u32 {
    let properties = world.plan().protocol.specification().properties.iter().enumerate();
    let always = properties.filter(|(_, each)| each.when == When::Always).fold(0, |mask, (place, _)| mask | 1 << place);
    let not = world.judge_end().into_iter().filter(|found| matches!(found.judgement, Judgement::NotPromised(_)));
    not.fold(always, |mask, found| mask & !(1 << found.property))
}

/// The first violation of a promise that the protocol makes with the settings of the run.
fn first_broken(trace: &Trace) -> Option<(usize, EventIndex)> {
    let broken = trace.verdicts.iter().enumerate().filter_map(|(place, verdict)| match verdict {
        Verdict::Broken { event, .. } if trace.not_promised(place).is_none() => Some((place, *event)),
        _ => None,
    });
    broken.min_by_key(|(place, event)| (*event, *place))
}
