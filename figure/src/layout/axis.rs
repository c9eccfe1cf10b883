//! The texts of the axis: times, or the numbers of the steps of a run that a search found.

use super::arrows::MOST_ARROWS;
use crate::plane::geometry::{self, Frame};
use crate::read::index::Index;
use crate::read::words;
use lightcone_engine::{Time, Trace};

/// The texts of the axis and where they stand: times, or, from a moment on, its events numbered in order.
#[must_use]
pub fn ticks(index: &Index, frame: &Frame, steps: Option<Time>) -> Vec<(f64, String)> {
    match steps {
        Some(begins) => numbers(index, frame, begins),
        None => times(&index.trace, frame),
    }
}

fn numbers(index: &Index, frame: &Frame, begins: Time) -> Vec<(f64, String)> {
    let window = frame.window.from..=frame.window.to;
    let events = index.trace.events.iter().map(|event| event.at).filter(|at| *at > begins);
    let shown = (1_usize..).zip(events).filter(|(_, at)| window.contains(at)).take(MOST_ARROWS);
    shown.map(|(number, at)| (frame.at(at), number.to_string())).collect()
}

fn times(trace: &Trace, frame: &Frame) -> Vec<(f64, String)> {
    // Between two steps there is nothing.
    let is_step = |time: &Time| !trace.is_recorded() || time.micros().is_multiple_of(1_000);
    let within = geometry::ticks(frame).into_iter().filter(|time| *time <= trace.horizon() && is_step(time));
    let texts = within.enumerate().map(|(place, time)| {
        let text = if place == 0 && !frame.narrow { words::flag(trace, time) } else { words::millis(time) };
        (frame.at(time), text)
    });
    texts.collect()
}
