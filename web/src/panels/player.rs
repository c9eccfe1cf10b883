//! Plays a run: moves the cursor frame by frame.

use crate::browser::{self, Frames};
use crate::state::playback::{DELAY_MILLIS, SPEEDS, advance, step};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use yew::prelude::*;

/// Moves the cursor while `playing`; calls `stopped` when it comes to a stop by itself. Nothing runs otherwise.
#[hook]
pub fn use_player(run: &Snapshot, playing: bool, speed: usize, dispatch: &Callback<Action>, stopped: &Callback<()>) {
    // What is shown now, for frames that outlive this rendering.
    let latest = use_mut_ref(|| run.clone());
    latest.replace(run.clone());
    let (dispatch, stopped) = (dispatch.clone(), stopped.clone());
    use_effect_with((playing, speed), move |(playing, speed)| {
        let factor = SPEEDS[*speed].1;
        let still = browser::reduced_motion();
        let mut last = None;
        let frames = playing.then(move || {
            Frames::start(move |now| {
                let millis = now - *last.get_or_insert(now);
                if millis <= 0.0 || (still && millis < DELAY_MILLIS / factor) {
                    return;
                }
                last = Some(now);
                let run = latest.borrow().clone();
                let moved = match still {
                    true => step(&run.trace, run.cursor),
                    false => advance(&run.trace, run.cursor, millis, factor),
                };
                dispatch.emit(Action::Play(moved.to));
                if !moved.goes_on {
                    stopped.emit(());
                }
            })
        });
        move || drop(frames)
    });
}
