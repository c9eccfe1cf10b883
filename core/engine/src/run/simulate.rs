//! The simulator: again and again, it takes the step that is next in virtual time.

use crate::id::EventIndex;
use crate::limits::{CHECKPOINT_EVENTS, MAX_EVENTS};
use crate::protocol::{Cause, Handling};
use crate::run::plan::Plan;
use crate::run::scenario::Scenario;
use crate::run::trace::{Deed, Ending, Trace};
use crate::run::world::{Limit, Step, World};
use crate::sorted_map::SortedMap;
use crate::time::Time;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Runs `scenario` from its beginning to its end. A pure function.
#[must_use]
pub fn simulate(scenario: &Scenario) -> Trace {
    let plan = Rc::new(Plan::new(scenario));
    let world = World::new(plan.clone());
    run(Trace::new(scenario, plan), world)
}

/// Runs `scenario`, starting from the part of `before` that no edit touches. The result is that of [`simulate()`], sooner.
#[must_use]
pub fn resimulate(before: &Trace, scenario: &Scenario) -> Trace {
    let old = &*before.scenario;
    let same_ground = old.protocol == scenario.protocol
        && old.version == scenario.version
        && old.settings == scenario.settings
        && old.model == scenario.model
        && old.seed == scenario.seed
        && old.horizon == scenario.horizon;
    if !same_ground {
        return simulate(scenario);
    }
    let plan = Rc::new(Plan::new(scenario));
    let touched = first_touch(before, &plan);
    let Some(checkpoint) = before.checkpoint_before(touched) else { return simulate(scenario) };
    let world = checkpoint.world.under(plan.clone());
    run(before.rewound(scenario, plan, checkpoint), world)
}

/// The first event of `before` that may differ in a run of `plan`; none if no event is touched.
#[must_use]
pub fn first_touch(before: &Trace, plan: &Plan) -> Option<EventIndex> {
    let old = &*before.plan;
    let messages = differing(&old.messages, &plan.messages)
        .chain(differing(&old.copies, &plan.copies))
        .filter_map(|name| Some(before.message(name.original())?.sent_by));
    let timers = differing(&old.timers, &plan.timers).filter_map(|name| Some(before.timer(*name)?.armed_by));
    let crashes = differing(&old.crashes, &plan.crashes).filter_map(|name| before.handling(*name));
    let moments = old.actions.iter().filter(|action| plan.actions.binary_search(action).is_err());
    let moments = moments.chain(plan.actions.iter().filter(|action| old.actions.binary_search(action).is_err()));
    let moments = moments.filter_map(|(at, ..)| before.first_event_from(*at));
    messages.chain(timers).chain(crashes).chain(moments).min()
}

/// Names that have different edits in the two plans.
fn differing<'a, K: Ord, V: PartialEq>(
    one: &'a SortedMap<K, V>,
    other: &'a SortedMap<K, V>,
) -> impl Iterator<Item = &'a K> {
    let missing = |from: &'a SortedMap<K, V>, within: &'a SortedMap<K, V>| {
        from.iter().filter(|(name, said)| within.get(name) != Some(said)).map(|(name, _)| name)
    };
    missing(one, other).chain(missing(other, one))
}

fn run(mut trace: Trace, mut world: World) -> Trace {
    let mut step = Step::default();
    let ending = loop {
        if let Some(limit) = world.limit() {
            break Ending::Limit(limit);
        }
        let Some((due, cause)) = world.next() else { break Ending::Quiet };
        if due > trace.horizon() {
            break Ending::Horizon;
        }
        if world.events() >= MAX_EVENTS {
            break Ending::Limit(Limit::Events);
        }
        if world.events().is_multiple_of(CHECKPOINT_EVENTS) && trace.wants_checkpoint(world.events()) {
            trace.keep(world.clone());
        }
        if world.take(cause, &mut step) {
            trace.record(&mut step, &world);
        }
    };
    trace.finish(ending, world);
    trace
}

impl Trace {
    /// The world just after `event`, worked out from the last checkpoint before it.
    #[must_use]
    pub fn world_at(&self, event: EventIndex) -> World {
        let mut world = match self.checkpoint_before(Some(event)) {
            Some(checkpoint) => checkpoint.world.under(self.plan.clone()),
            None => World::new(self.plan.clone()),
        };
        let mut step = Step::default();
        while world.events() <= event.0 {
            let Some((_, cause)) = world.next() else { break };
            if !world.take(cause, &mut step) {
                break;
            }
        }
        world
    }

    /// The goals that are reached by this event, and were not before it; places among the protocol's goals.
    pub fn reached_at(&self, event: EventIndex) -> impl Iterator<Item = u8> {
        let protocol = self.scenario.protocol;
        let after = self.world_at(event);
        let before = event.0.checked_sub(1).map(|before| self.world_at(EventIndex(before)));
        let goals = protocol.goals().map(|(goal, ..)| goal);
        let reached: Vec<u8> = goals
            .filter(|goal| {
                let facts = &mut self.deeds(event).iter().filter_map(|deed| match deed {
                    Deed::Happened(fact) => Some(&**fact),
                    _ => None,
                });
                let was = before.as_ref().is_some_and(|before| before.reaches(*goal, &[]));
                !was && protocol.reaches(*goal, facts, &after.parts().slots)
            })
            .collect();
        reached.into_iter()
    }

    /// The first event at or after `at`.
    #[must_use]
    pub fn first_event_from(&self, at: Time) -> Option<EventIndex> {
        let place = self.events.partition_point(|event| event.at < at);
        (place < self.events.len()).then_some(EventIndex(place as u32))
    }

    /// The event in which `handling` took place.
    #[must_use]
    pub fn handling(&self, handling: Handling) -> Option<EventIndex> {
        let place = match handling {
            Handling::Message(message) => self.events.iter().position(|event| event.cause == Cause::Deliver(message)),
            Handling::Timer(timer) => self.events.iter().position(|event| event.cause == Cause::Fire(timer)),
            Handling::Request(id) => {
                self.events.iter().position(|event| event.asked.is_some_and(|(asked, _)| asked == id))
            }
        };
        place.map(|place| EventIndex(place as u32))
    }
}
