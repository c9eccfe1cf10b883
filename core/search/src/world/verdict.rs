//! What is broken, reached and lost so far.

use lightcone_engine::hash::mix;
use lightcone_engine::protocol::{Finding, Judgement, When};
use lightcone_engine::run::World;

/// Which properties are broken, one bit each.
#[must_use]
pub fn broken(world: &World) -> u32 {
    world.parts().watcher.broken
}

/// The properties that must always hold, and that the protocol promises with the settings of this world, one bit each.
#[must_use]
pub fn promised(world: &World) -> u32 {
    let properties = world.plan().protocol.specification().properties.iter().enumerate();
    let always = properties.filter(|(_, property)| property.when == When::Always);
    let always = always.fold(0, |mask, (place, _)| mask | 1 << place);
    let judged = world.judge_end().into_iter();
    let not = judged.filter(|finding| matches!(finding.judgement, Judgement::NotPromised(_)));
    not.fold(always, |mask, finding| mask & !(1 << finding.property))
}

/// What is found so far, as one number: what is broken, and with `goals` the good moments reached.
#[must_use]
pub fn findings(world: &World, goals: bool) -> u64 {
    let watcher = &world.parts().watcher;
    mix(u64::from(watcher.broken) | u64::from(if goals { watcher.reached } else { 0 }) << 32)
}

/// Whether a property that is judged by the end would hold if the run ended now.
#[must_use]
pub fn is_good(world: &World, property: u8) -> bool {
    let judged = world.judge_end().into_iter().find_map(|finding| match finding.judgement {
        _ if finding.property != property => None,
        Judgement::Reached => Some(true),
        Judgement::Broken(_) => Some(false),
        Judgement::Untested(_) | Judgement::Undecided(_) | Judgement::NotPromised(_) => None,
    });
    judged.unwrap_or(world.parts().watcher.reached & 1 << property != 0)
}

/// Whether a property that is judged by the end holds if the run ends now, and was put to the test.
#[must_use]
pub fn is_earned(world: &World, property: u8) -> bool {
    let untested = |finding: &Finding| {
        finding.property == property && matches!(finding.judgement, Judgement::Untested(_) | Judgement::Undecided(_))
    };
    is_good(world, property) && !world.judge_end().iter().any(untested)
}
