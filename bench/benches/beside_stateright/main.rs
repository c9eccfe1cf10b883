//! The search beside stateright's breadth-first one: the same models, one thread, time on the processor. Both must count the same
//! states. `cargo xtask bench search` runs this.

#[path = "../../../core/tests/search/mod.rs"]
mod models;
mod synod;
mod two_phase;

use cpu_time::ProcessTime;
use lightcone_search::{Ending, Reductions, Search};
use stateright::{Checker, Model};
use std::hash::Hash;

/// How often each is measured, in turns.
const ROUNDS: usize = 3;
const MANAGERS: u8 = 7;

const ALL_BUT_SYMMETRY: Reductions = Reductions { symmetry: false, ..Reductions::ALL };
const DEAD_MESSAGES: Reductions = Reductions { dead_messages: true, ..Reductions::NONE };

/// One search to its end.
struct Run {
    states: usize,
    /// Levels of the breadth-first search, the start's with them.
    depth: usize,
    seconds: f64,
}

fn main() {
    println!("{:<44}{:>9}{:>7}{:>9}{:>13}{:>8}", "", "states", "depth", "seconds", "states/s", "ratio");
    compare(
        "Two-phase commit, 7 managers",
        || theirs(two_phase::TwoPhase { managers: MANAGERS.into() }),
        |reductions| models::two_phase(MANAGERS, reductions),
    );
    compare("Single-decree Paxos", || theirs(synod::model()), models::synod);
    println!("\n{:<44}{:>9}{:>14}{:>9}{:>13}{:>8}", "", "states", "tried a state", "seconds", "states/s", "bytes");
    [(7, 296_448), (8, 1_745_408), (9, 10_340_352)].into_iter().for_each(|(managers, states)| grow(managers, states));
}

/// Prints how a larger search goes: choices tried a state, and the most bytes a state at any moment from half of the states on.
fn grow(managers: u8, states: u32) {
    let mut search = models::two_phase(managers, ALL_BUT_SYMMETRY);
    let (start, mut bytes) = (ProcessTime::now(), 0.0_f64);
    while search.advance(states / 16) {
        let progress = search.progress();
        if progress.states > states / 2 {
            bytes = bytes.max(progress.bytes as f64 / f64::from(progress.states));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let progress = search.progress();
    assert_eq!((progress.states, progress.ending), (states, Some(Ending::Exhausted)), "{managers} managers");
    let (tried, speed) = (progress.tried as f64 / f64::from(states), f64::from(states) / seconds);
    let name = format!("Two-phase commit, {managers} managers: all but symmetry");
    println!("{name:<44}{states:>9}{tried:>14.2}{seconds:>9.3}{speed:>13.0}{bytes:>8.1}");
}

/// Prints the medians of several rounds, each beside the other checker's.
fn compare(name: &str, theirs: impl Fn() -> Run, search: impl Fn(Reductions) -> Search) {
    let kinds = [("all reductions but symmetry", ALL_BUT_SYMMETRY), ("every order of events", DEAD_MESSAGES)];
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push([theirs(), ours(search(kinds[0].1)), ours(search(kinds[1].1))]);
    }
    for (place, kind) in ["stateright", kinds[0].0, kinds[1].0].into_iter().enumerate() {
        let run = &rounds[0][place];
        for round in &rounds {
            assert_eq!(
                (round[place].states, round[place].depth),
                (rounds[0][0].states, rounds[0][0].depth),
                "{name}: {kind}"
            );
        }
        let seconds = median(rounds.iter().map(|round| round[place].seconds));
        let ratio = median(rounds.iter().map(|round| round[0].seconds / round[place].seconds));
        let speed = run.states as f64 / seconds;
        println!(
            "{:<44}{:>9}{:>7}{seconds:>9.3}{speed:>13.0}{ratio:>8.2}",
            format!("{name}: {kind}"),
            run.states,
            run.depth
        );
    }
}

fn theirs<M>(model: M) -> Run
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + PartialEq,
{
    let start = ProcessTime::now();
    let checker = model.checker().threads(1).spawn_bfs().join();
    let seconds = start.elapsed().as_secs_f64();
    assert!(checker.discoveries().is_empty(), "nothing breaks");
    Run { states: checker.unique_state_count(), depth: checker.max_depth(), seconds }
}

fn ours(mut search: Search) -> Run {
    let start = ProcessTime::now();
    let ending = search.run();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(ending, Ending::Exhausted);
    let progress = search.progress();
    Run { states: progress.states as usize, depth: progress.levels.len(), seconds }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
