//! A drag without a browser: a message in the middle of a long run is carried to and fro, and after each move the run is worked
//! out again, laid out, and held against the run as it was.

#[path = "../../../core/benches/workload/runs.rs"]
#[allow(dead_code, reason = "the rest of it is for the core's own measurements")]
mod runs;

use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::{Edit, Scenario, Trace, resimulate, simulate};
use lightcone_figure::read::index::Index;
use lightcone_figure::scene::ghost::{Ghost, ghost};
use lightcone_figure::scene::{Scene, Viewport};
use std::rc::Rc;

const FRAMES: u64 = 60;
/// The page's figure in the window of its bench.
const SIZE: (f64, f64) = (1_000.0, 640.0);
const STAGES: [&str; 6] = ["simulate", "index", "scene", "ghost", "drop", "all"];

/// What the frames take, stage by stage. `millis`: a clock.
pub fn table(millis: impl Fn() -> f64) -> String {
    let head = format!("ms least / p50 / p95{}", STAGES.map(|stage| format!("{stage:>20}")).concat());
    let rows = [1_000, runs::EVENTS].map(|events| {
        let before = Rc::new(simulate(&runs::raft_of(events)));
        let mut frames = drag(&before, &millis);
        let cells = (0..STAGES.len()).map(|stage| {
            frames.sort_by(|one, other| one[stage].total_cmp(&other[stage]));
            let at = |part: usize| frames[frames.len() * part / 100][stage];
            format!("{:>20}", format!("{:.2} / {:.2} / {:.2}", at(0), at(50), at(95)))
        });
        format!("\n{events:>6} events      {}", cells.collect::<String>())
    });
    head + &rows.concat()
}

/// The times of each frame's stages.
fn drag(before: &Rc<Trace>, millis: impl Fn() -> f64) -> Vec<[f64; 6]> {
    let held = in_the_middle(before).clone();
    let old = Rc::new(Index::of(before.clone()));
    let mut view = Viewport::whole(&old, SIZE, false);
    let mut last: Option<(Rc<Scene>, Ghost)> = Some((Rc::new(Scene::new(old.clone(), &view)), Ghost::default()));
    view.held = Some(held.id);
    let turns = (0..FRAMES).map(|frame| {
        let mut times = vec![millis()];
        let trace = Rc::new(resimulate(before, &moved(before, &held, frame)));
        times.push(millis());
        let index = Rc::new(Index::of(trace));
        times.push(millis());
        let scene = Rc::new(Scene::after(index, &view, last.as_ref().map(|(scene, _)| &**scene)));
        times.push(millis());
        let ghost = ghost(&old, &scene, Some(held.id));
        times.push(millis());
        last = Some((scene, ghost));
        times.push(millis());
        let stage = |place: usize| times[place + 1] - times[place];
        [stage(0), stage(1), stage(2), stage(3), stage(4), times[5] - times[0]]
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
