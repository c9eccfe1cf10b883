//! Whether the figure draws and says the same of something in two runs. What is alike need not be laid out again.

use crate::read::index::Index;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Cause, Condition, Mark, Source};
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, Trace};

/// Whether two runs have the same lanes, links, length and words, so that what is in the one can be like what is in the other.
#[must_use]
pub fn ground(one: &Trace, other: &Trace) -> bool {
    let (one_plan, other_plan) = (&one.plan, &other.plan);
    let same = one_plan.protocol == other_plan.protocol
        && one_plan.lanes == other_plan.lanes
        && one_plan.model == other_plan.model
        && one_plan.horizon == other_plan.horizon;
    same && !one.is_recorded() && !other.is_recorded()
}

/// Whether an event is drawn and said like one of another run on the same ground. What is named by its place in the run is the
/// same only there.
#[must_use]
pub fn event(one: (&Index, EventIndex), other: (&Index, EventIndex)) -> bool {
    let (before, after) = (one.0.trace.event(one.1), other.0.trace.event(other.1));
    let named = matches!(before.cause, Cause::Deliver(_) | Cause::Fire(_));
    (before.at, before.cause, before.source) == (after.at, after.cause, after.source)
        && before.asked.is_some() == after.asked.is_some()
        && (named || one.1 == other.1)
        && one.0.fires(one.1) == other.0.fires(other.1)
        && shown(one).eq(shown(other))
        && begun(one).eq(begun(other))
        && role(one) == role(other)
}

/// A deed that is drawn or said.
#[derive(PartialEq)]
enum Shown {
    Marked(Mark, Phrase),
    Ignored(Phrase),
    Persisted,
    Crashed(Source),
}

fn shown((index, event): (&Index, EventIndex)) -> impl Iterator<Item = Shown> + '_ {
    index.trace.deeds(event).iter().filter_map(|deed| match deed {
        Deed::Marked(mark, phrase) => Some(Shown::Marked(*mark, *phrase)),
        Deed::Ignored(why) => Some(Shown::Ignored(*why)),
        Deed::Persisted(_) => Some(Shown::Persisted),
        Deed::CrashedHere(source) => Some(Shown::Crashed(*source)),
        _ => None,
    })
}

/// The conditions that begin with an event.
fn begun((index, event): (&Index, EventIndex)) -> impl Iterator<Item = Condition> + '_ {
    let lane = index.trace.event(event).node.and_then(|node| index.lane(node));
    lane.map_or(&[][..], |lane| lane.begun(event)).iter().map(|spell| spell.condition)
}

/// The role of its node, if an event turns something.
fn role((index, event): (&Index, EventIndex)) -> Option<&'static str> {
    let here = index.trace.event(event);
    let turns = index.turns.contains(&event);
    here.node.filter(|_| turns).and_then(|node| index.trace.status_at(node, here.at)).map(|status| status.role)
}
