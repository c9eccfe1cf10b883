//! How long the frames of a drag take without a browser, stage by stage: a message in the middle of a long run is carried to
//! and fro, and after each move the run is worked out again, laid out, and held against the run as it was.
//! `cargo xtask bench` runs this; times are the processor's.

#[path = "../../core/benches/workload/runs.rs"]
#[allow(dead_code, reason = "the rest of it is for the core's own measurements")]
mod runs;

use cpu_time::ProcessTime;
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::{Edit, Scenario, Trace, resimulate, simulate};
use lightcone_figure::read::index::Index;
use lightcone_figure::scene::ghost::{Ghost, ghost};
use lightcone_figure::scene::{Scene, Viewport};
use std::hint::black_box;
use std::rc::Rc;

const FRAMES: u64 = 60;
/// The page's figure in the window of its bench.
const SIZE: (f64, f64) = (1_000.0, 640.0);
const STAGES: [&str; 6] = ["simulate", "index", "scene", "ghost", "drop", "all"];

fn main() {
    println!("ms p50 / p95    {}", STAGES.map(|stage| format!("{stage:>15}")).concat());
    for events in [1_000, runs::EVENTS] {
        let before = Rc::new(simulate(&runs::raft_of(events)));
        let mut frames: Vec<[f64; 6]> = drag(&before);
        let cells = (0..STAGES.len()).map(|stage| {
            frames.sort_by(|one, other| one[stage].total_cmp(&other[stage]));
            let at = |part: usize| frames[frames.len() * part / 100][stage];
            format!("{:>15}", format!("{:.2} / {:.2}", at(50), at(95)))
        });
        println!("{events:>6} events   {}", cells.collect::<String>());
    }
}

/// The times of each frame's stages.
fn drag(before: &Rc<Trace>) -> Vec<[f64; 6]> {
    let held = in_the_middle(before).clone();
    let old = Rc::new(Index::of(before.clone()));
    let mut view = Viewport::whole(&old, SIZE, false);
    let first = Scene::new(old.clone(), &view);
    view.held = Some(held.id);
    let mut last: Option<(Rc<Scene>, Option<Ghost>)> = Some((Rc::new(first), None));
    let turns = (0..FRAMES).map(|frame| {
        let mut times = Vec::with_capacity(6);
        let start = ProcessTime::now();
        let mut stage = |since: f64| {
            let now = start.elapsed().as_secs_f64() * 1_000.0;
            times.push(now - since);
            now
        };
        let trace = Rc::new(resimulate(before, &moved(before, &held, frame)));
        let simulated = stage(0.0);
        let index = Rc::new(Index::of(trace));
        let indexed = stage(simulated);
        let scene = Rc::new(Scene::after(index, &view, last.as_ref().map(|(scene, _)| &**scene)));
        let laid_out = stage(indexed);
        let ghost = black_box(ghost(&old, &scene, Some(held.id)));
        let faded = stage(laid_out);
        last = Some((scene, Some(ghost)));
        let all = stage(faded);
        times.push(all);
        times.try_into().expect("there are six stages")
    });
    turns.collect()
}

/// The message that arrives next to the middle of a run.
fn in_the_middle(trace: &Trace) -> &Message {
    let middle = trace.horizon().micros() / 2;
    let arrived = trace.messages.iter().filter(|message| matches!(message.fate, Fate::Delivered(_)));
    arrived.min_by_key(|message| message.arrives.micros().abs_diff(middle)).expect("messages arrive")
}

/// The run with the message carried to and fro: no frame is as the one before.
fn moved(before: &Trace, held: &Message, frame: u64) -> Scenario {
    let steps = 20_u64.abs_diff((frame + 1) % 40);
    let mut scenario = Scenario::clone(&before.scenario);
    let pixels = before.horizon().micros() / SIZE.0 as u64;
    scenario.moves.push(Edit::Deliver { message: held.id, at: held.arrives.after(2 * steps * pixels + 100) });
    scenario
}
