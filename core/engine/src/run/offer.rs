//! What is true of a run, as atoms: the list from which somebody who sets a question takes its goal.

use super::goal::{Atom, Becomes, Sign, State, What, When};
use super::trace::{Deed, Trace, Verdict};
use super::world::{Step, World};
use crate::id::NodeId;
use crate::protocol::{ConditionKind, Mark, Weight, When as Judged};
use alloc::vec;
use alloc::vec::Vec;

/// States that are worth a goal, when the run ends.
const STATES: [State; 8] = [
    State::Down,
    State::Role(Weight::Leads),
    State::Condition(ConditionKind::InDoubt),
    State::Condition(ConditionKind::Locked),
    State::Condition(ConditionKind::Waits),
    State::Condition(ConditionKind::HeldBack),
    State::Condition(ConditionKind::Queued),
    State::Condition(ConditionKind::Sibling),
];
/// Orders of a lane that are offered, and operations of a run.
const MOST_ORDERS: usize = 4;
const MOST_REQUESTS: usize = 20;

/// What is true of this finished run and may be asked for, what is rarest first: broken promises and moments that did not come; how
/// lanes are at the end; how operations ended; goals of the protocol that were reached; in which order a lane delivered; promises
/// that hold. Each of them is true of the run. It costs a second run.
#[must_use]
pub fn offered(trace: &Trace) -> Vec<Atom> {
    let mut atoms = Vec::new();
    promises(trace, &mut atoms, |becomes| matches!(becomes, Becomes::Breaks | Becomes::Misses));
    for node in nodes(trace) {
        let at_end = STATES.map(|state| {
            let what = What::State { node: Some(node), state };
            Atom::Seen { what, when: When::AtEnd, not: false }
        });
        atoms.extend(at_end.into_iter().filter(|atom| atom.is_true(trace, None)));
    }
    requests(trace, &mut atoms);
    goals(trace, &mut atoms);
    nodes(trace).for_each(|node| orders(trace, node, &mut atoms));
    promises(trace, &mut atoms, |becomes| matches!(becomes, Becomes::Holds | Becomes::Comes));
    atoms
}

fn nodes(trace: &Trace) -> impl Iterator<Item = NodeId> + use<> {
    (0..trace.lanes().len() as u8).map(NodeId)
}

fn promises(trace: &Trace, atoms: &mut Vec<Atom>, wanted: impl Fn(Becomes) -> bool) {
    let properties = trace.specification().properties;
    for (place, (property, verdict)) in (0..).zip(properties.iter().zip(&trace.verdicts)) {
        let becomes = match verdict {
            Verdict::Broken { .. } => Becomes::Breaks,
            Verdict::NotByTheEnd { .. } => Becomes::Misses,
            Verdict::Holds { .. } if property.when == Judged::ByTheEnd => Becomes::Comes,
            Verdict::Holds { .. } => Becomes::Holds,
            // What was not put to the test is no goal.
            _ => continue,
        };
        if wanted(becomes) {
            atoms.push(Atom::Property { property: Some(place), becomes });
        }
    }
}

fn requests(trace: &Trace, atoms: &mut Vec<Atom>) {
    let asked = trace.events.iter().filter_map(|event| event.asked).map(|(request, _)| request);
    for request in asked.take(MOST_REQUESTS) {
        let answer = trace.deeds.iter().find_map(|deed| match deed {
            Deed::Replied(replied, answer) if *replied == request => Some(*answer),
            _ => None,
        });
        atoms.push(Atom::Request { request, answer });
    }
}

/// All goals in one run.
fn goals(trace: &Trace, atoms: &mut Vec<Atom>) {
    let goals: Vec<u8> = trace.scenario.protocol.goals().map(|(goal, ..)| goal).collect();
    let mut reached = vec![false; goals.len()];
    let (mut world, mut step) = (World::new(trace.plan.clone()), Step::default());
    for event in &trace.events {
        if !world.take(event.cause, &mut step) {
            break;
        }
        let pairs = reached.iter_mut().zip(&goals).filter(|(reached, _)| !**reached);
        pairs.for_each(|(reached, goal)| *reached = world.reaches(*goal, &step.happenings));
    }
    let reached = goals.into_iter().zip(reached).filter(|(_, reached)| *reached);
    atoms.extend(reached.map(|(goal, _)| Atom::Seen { what: What::Happens(goal), when: When::Ever, not: false }));
}

/// What a lane delivers one after the other.
fn orders(trace: &Trace, node: NodeId, atoms: &mut Vec<Atom>) {
    let own = trace.events.iter().filter(|event| event.node == Some(node));
    let deeds = own.flat_map(|event| &trace.deeds[event.deeds.start as usize..event.deeds.end as usize]);
    let delivered = deeds.filter_map(|deed| match deed {
        Deed::Marked(Mark::Delivered, phrase) => {
            Some(Sign { mark: Mark::Delivered, text: phrase.show(|node| trace.name(node)) })
        }
        _ => None,
    });
    let delivered: Vec<Sign> = delivered.take(MOST_ORDERS + 1).collect();
    let pairs = delivered.windows(2).filter(|pair| pair[0] != pair[1]);
    let pairs = pairs.map(|pair| Atom::Order { node: Some(node), first: pair[0].clone(), later: pair[1].clone() });
    // A text may have come before, inside another one.
    atoms.extend(pairs.filter(|atom| atom.is_true(trace, None)));
}
