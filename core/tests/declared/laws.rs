//! The laws of ARCHITECTURE.md, over random scenarios of every registered protocol. More of round trips (law 6) is in
//! `codecs.rs`; the same digest on every machine (the other half of law 1) in `golden.rs`; limits (law 8) in `engine.rs`.

use crate::trials::Trials;
use fastrand::Rng;
use lightcone_engine::limits::MIN_TRANSIT_MICROS;
use lightcone_engine::model::Model;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::causality::{VectorClocks, past};
use lightcone_engine::run::trace::{Deed, Ending, Event, Fate, Outcome, Verdict};
use lightcone_engine::run::{Step, World};
use lightcone_engine::{Action, Edit, EventIndex, MessageId, NodeId, Scenario, Time, Trace, resimulate, simulate};
use lightcone_tests::common::{any_edit, any_scenario, for_seeds_of};
use lightcone_tests::count::share;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

const SCENARIOS: u64 = 1_600;

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    for (name, law) in LAWS {
        let family = trials.family;
        trials.add(&format!("laws::{name}"), move || {
            for_seeds_of(family, share(SCENARIOS), |rng| {
                let scenario = any_scenario(family, rng);
                law(scenario, rng);
            });
        });
    }
}

/// A law holds for a scenario; the generator is for whatever else it draws.
type Law = fn(Scenario, &mut Rng);

const LAWS: &[(&str, Law)] = &[
    ("deterministic", a_run_is_a_pure_function_of_its_scenario),
    ("identity", every_message_and_timer_has_a_name_of_its_own),
    ("draws-by-identity", an_edit_changes_nothing_outside_its_causal_future),
    ("locality", taking_over_from_another_run_gives_what_a_full_run_gives),
    ("locality-of-states", the_state_at_an_event_is_the_state_a_full_run_passes_through),
    ("total", every_edit_is_accounted_for),
    ("physics-of-links", nothing_arrives_before_it_is_sent_or_later_than_the_model_allows),
    ("physics-of-fifo", fifo_links_stay_fifo),
    ("physics-of-crashes", a_stopped_node_does_nothing),
    ("causality", clocks_and_causal_past_agree),
    ("no-verdict-unseen", nothing_holds_of_what_was_not_looked_at),
];

/// What two runs of the same scenario must agree on, in words that failures can show.
fn same(one: &Trace, other: &Trace, what: &str) {
    let first = one.events.iter().zip(&other.events).position(|(one, other)| one != other);
    if let Some(place) = first {
        panic!("{what}: event {place} differs: {:?} and {:?}", one.events[place], other.events[place]);
    }
    assert_eq!(one.events.len(), other.events.len(), "{what}: number of events");
    let fates = |trace: &Trace| -> Vec<_> {
        trace.messages.iter().map(|each| (each.id, each.arrives, each.drawn, each.fate, each.waited_from)).collect()
    };
    assert_eq!(fates(one), fates(other), "{what}: messages");
    assert_eq!(one.timers, other.timers, "{what}: timers");
    assert_eq!(one.statuses, other.statuses, "{what}: statuses");
    assert_eq!(one.conditions, other.conditions, "{what}: conditions");
    assert_eq!(one.refusals, other.refusals, "{what}: refusals");
    assert_eq!(one.verdicts, other.verdicts, "{what}: verdicts");
    assert_eq!((one.ending, one.digest), (other.ending, other.digest), "{what}: digest");
}

fn a_run_is_a_pure_function_of_its_scenario(scenario: Scenario, _: &mut Rng) {
    same(&simulate(&scenario), &simulate(&scenario.clone()), "twice");
}

fn every_message_and_timer_has_a_name_of_its_own(scenario: Scenario, _: &mut Rng) {
    let trace = simulate(&scenario);
    let names: BTreeSet<MessageId> = trace.messages.iter().map(|message| message.id).collect();
    assert_eq!(names.len(), trace.messages.len());
    let timers: BTreeSet<_> = trace.timers.iter().map(|timer| timer.id).collect();
    assert_eq!(timers.len(), trace.timers.len());
    let mut next: BTreeMap<(NodeId, NodeId, u8), u16> = BTreeMap::new();
    for message in trace.messages.iter().filter(|message| message.id.copy == 0) {
        let ordinal = next.entry((message.id.from, message.id.to, message.id.kind)).or_insert(0);
        *ordinal += 1;
        assert_eq!(message.id.ordinal, *ordinal, "ordinals count what was sent");
        assert_eq!(message.id.kind, message.payload.kind());
    }
}

fn an_edit_changes_nothing_outside_its_causal_future(mut scenario: Scenario, rng: &mut Rng) {
    // On FIFO links a late message holds up those behind it: there the link is a cause as well.
    scenario.model.links.fifo = false;
    let before = simulate(&scenario);
    let delivered: Vec<_> =
        before.messages.iter().filter(|message| matches!(message.fate, Fate::Delivered(_))).collect();
    if delivered.is_empty() || matches!(before.ending, Ending::Limit(_)) {
        return;
    }
    let moved = delivered[rng.usize(..delivered.len())];
    let at = Time::from_micros(moved.sent.micros() + 100 + rng.u64(..80_000));
    let mut edited = scenario.clone();
    edited.moves.push(Edit::Deliver { message: moved.id, at });
    let after = simulate(&edited);
    let arrives = after.message(moved.id).map_or(moved.arrives, |message| message.arrives);
    let until = reached([&before, &after], moved.id.to, moved.arrives.min(arrives));
    for (lane, until) in until.iter().enumerate() {
        let early = |trace: &Trace| -> Vec<_> {
            let own = trace.events.iter().filter(|event| event.node == Some(NodeId(lane as u8)));
            let early = own.filter(|event| until.is_none_or(|until| event.at < until));
            early.map(|event| (event.at, event.cause, event.lamport)).collect()
        };
        assert_eq!(early(&before), early(&after), "lane {lane}, {:?} moved to {at}", moved.id);
    }
}

/// For each lane, when it is first reached by a change on `node` from `touched` on. A message that is sent in one of the
/// two runs only carries the change as well: its absence is news too.
fn reached(runs: [&Trace; 2], node: NodeId, touched: Time) -> Vec<Option<Time>> {
    let mut reached = vec![None; runs[0].lanes().len()];
    reached[node.index()] = Some(touched);
    loop {
        let before = reached.clone();
        for message in runs.iter().flat_map(|trace| &trace.messages) {
            let changed = reached[message.id.from.index()].is_some_and(|from| message.sent >= from);
            let own = &mut reached[message.id.to.index()];
            if changed && own.is_none_or(|own| message.arrives < own) {
                *own = Some(message.arrives);
            }
        }
        if reached == before {
            return reached;
        }
    }
}

fn taking_over_from_another_run_gives_what_a_full_run_gives(scenario: Scenario, rng: &mut Rng) {
    let mut trace = simulate(&scenario);
    let mut current = scenario;
    // A chain of changes, each taken over from the run before: edits added, changed and taken back.
    for _ in 0..6 {
        let edit = any_edit(&trace, rng);
        match rng.u8(..3) {
            0 if !current.moves.is_empty() => {
                let place = rng.usize(..current.moves.len());
                current.moves.remove(place);
            }
            1 if !current.moves.is_empty() => {
                let place = rng.usize(..current.moves.len());
                current.moves[place] = edit;
            }
            _ => current.moves.push(edit),
        }
        let over = resimulate(&trace, &current);
        same(&over, &simulate(&current), "taken over");
        trace = over;
    }
}

fn the_state_at_an_event_is_the_state_a_full_run_passes_through(scenario: Scenario, rng: &mut Rng) {
    let trace = simulate(&scenario);
    if trace.events.is_empty() {
        return;
    }
    let wanted = EventIndex(rng.u32(..trace.events.len() as u32));
    let mut world = World::new(Rc::clone(&trace.plan));
    let mut step = Step::default();
    while world.events() <= wanted.0 {
        let (_, cause) = world.next().expect("the run gets this far");
        assert!(world.take(cause, &mut step));
    }
    let back = trace.world_at(wanted);
    assert_eq!((back.now(), back.fingerprint()), (world.now(), world.fingerprint()));
}

fn every_edit_is_accounted_for(scenario: Scenario, _: &mut Rng) {
    let trace = simulate(&scenario);
    for edit in scenario.edits() {
        match trace.outcome(edit) {
            Outcome::Applied => {}
            Outcome::Changed(why) | Outcome::Unused(why) => {
                assert!(why.ends_with('.') && why.len() > 8, "{edit:?} is explained: {why:?}");
            }
        }
    }
    let words = trace.specification().properties.len();
    assert_eq!(trace.verdicts.len(), words, "one verdict a property");
}

fn fate_is_honest(trace: &Trace, model: &Model) {
    for message in &trace.messages {
        let Fate::Delivered(event) = message.fate else { continue };
        let at = trace.event(event).at;
        assert!(at.since(message.sent) >= MIN_TRANSIT_MICROS, "{:?} arrives after it is sent", message.id);
        assert!(at >= message.arrives);
        assert!(at == message.arrives || message.waited_from.is_some(), "only a paused node lets it wait");
        if let Some(latest) = model.latest_arrival(message.sent)
            && !model.links.fifo
        {
            assert!(message.arrives <= latest, "{:?} keeps the bound", message.id);
        }
    }
}

fn nothing_arrives_before_it_is_sent_or_later_than_the_model_allows(scenario: Scenario, _: &mut Rng) {
    fate_is_honest(&simulate(&scenario), &scenario.model);
}

fn fifo_links_stay_fifo(mut scenario: Scenario, _: &mut Rng) {
    scenario.model.links.fifo = true;
    let trace = simulate(&scenario);
    let mut last: BTreeMap<(NodeId, NodeId), EventIndex> = BTreeMap::new();
    for message in &trace.messages {
        let Fate::Delivered(event) = message.fate else { continue };
        let before = last.insert((message.id.from, message.id.to), event);
        assert!(before.is_none_or(|before| before < event), "{:?} overtakes", message.id);
    }
}

fn crashes(trace: &Trace, place: usize, event: &Event) -> bool {
    let inside = trace.deeds(EventIndex(place as u32)).iter().any(|deed| matches!(deed, Deed::CrashedHere(_)));
    inside || matches!(event.cause, Cause::Act(Action::Crash(_)))
}

fn a_stopped_node_does_nothing(scenario: Scenario, _: &mut Rng) {
    let trace = simulate(&scenario);
    let mut stopped = BTreeSet::new();
    for (place, event) in trace.events.iter().enumerate() {
        let Some(node) = event.node else { continue };
        if crashes(&trace, place, event) {
            assert!(stopped.insert(node), "a node that crashes was running");
            continue;
        }
        match event.cause {
            Cause::Act(Action::Restart(_)) => assert!(stopped.remove(&node), "a node that restarts was stopped"),
            Cause::Act(Action::LoseDisk(_) | Action::SetClock { .. }) => {}
            _ => assert!(!stopped.contains(&node), "{event:?} on a stopped node"),
        }
    }
}

/// Law 9: of a run in which nothing happens nothing holds, and nothing is known of one that was cut off unless it broke.
fn nothing_holds_of_what_was_not_looked_at(mut scenario: Scenario, _: &mut Rng) {
    let trace = simulate(&scenario);
    if trace.stopped().is_some() {
        let known = |verdict: &&Verdict| !matches!(verdict, Verdict::Broken { .. } | Verdict::CannotTell { .. });
        assert_eq!(trace.verdicts.iter().find(known), None);
    }
    (scenario.script, scenario.moves, scenario.horizon) = (Vec::new(), Vec::new(), Time::ZERO);
    let trace = simulate(&scenario);
    for (property, verdict) in trace.specification().properties.iter().zip(&trace.verdicts) {
        let holds = matches!(verdict, Verdict::Holds { .. } | Verdict::Broken { .. });
        assert!(!holds, "{}: {verdict:?}, and nothing has happened", property.id);
    }
}

fn clocks_and_causal_past_agree(scenario: Scenario, rng: &mut Rng) {
    let trace = simulate(&scenario);
    if trace.events.is_empty() || trace.events.len() > 2_000 {
        return;
    }
    let clocks = VectorClocks::of(&trace);
    let effect = EventIndex(rng.u32(..trace.events.len() as u32));
    let known: BTreeSet<EventIndex> = past(&trace, effect).into_iter().collect();
    for place in 0..=effect.0 {
        let cause = EventIndex(place);
        if trace.event(cause).node.is_none() || cause == effect {
            continue;
        }
        let before = clocks.happened_before(&trace, cause, effect);
        assert_eq!(before, known.contains(&cause), "{cause:?} and {effect:?}");
        // Lamport's clock condition, kept by the simulator for every protocol.
        assert!(
            !before || trace.event(cause).lamport < trace.event(effect).lamport || trace.event(effect).node.is_none()
        );
    }
}
