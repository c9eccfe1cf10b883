//! The axis, and what stands on it: ticks or numbered steps, the cursor's flag, and the words where two runs part. None
//! of them covers another.

use super::canvas::{Canvas, place};
use super::shapes::{circle, group, line, rect, rounded, unheard, words_at};
use crate::by_pointer::ByPointer;
use crate::plane::geometry::{Frame, Point, Rect, spot, within};
use crate::plane::labels::{Anchor, Look, width};
use crate::read::words;
use crate::scene::Scene;
use lightcone_engine::Time;

/// The inputs of [`axis`].
#[derive(PartialEq)]
pub struct Axis {
    /// The scene whose axis is drawn.
    pub scene: ByPointer<Scene>,
    /// Where the cursor's flag stands.
    pub flag: Time,
    /// Where the first difference stands, if there is one.
    pub fork: Option<Time>,
    /// Where the two runs of a comparison part, if this is one of them.
    pub part: Option<Time>,
}

/// Room that a tick's text needs on either side of it.
const TICK_ROOM: f64 = 16.0;
/// Room that a step's circle needs.
const STEP_ROOM: f64 = 24.0;

/// The axis. A tick loses its text where a flag stands.
pub fn axis(Axis { scene, flag, fork, part }: &Axis, out: &mut dyn Canvas) {
    unheard(out, "axis", |out| {
        if scene.steps {
            steps(out, scene, *flag, *fork);
        } else {
            ticks(out, scene, *flag, *fork, *part);
        }
    });
}

fn ticks(out: &mut dyn Canvas, scene: &Scene, flag: Time, fork: Option<Time>, part: Option<Time>) {
    let frame = &scene.frame;
    let part = part.and_then(|part| part_area(scene, part, flag, fork)).map(|(x, _, wide, _)| (x, x + wide));
    let fork = fork.and_then(|fork| fork_taken(scene, flag, fork));
    let taken: Vec<(f64, f64)> = flag_taken(scene, flag).into_iter().chain(fork).chain(part).collect();
    let free = |along: f64| !taken.iter().any(|(from, to)| along + TICK_ROOM > *from && along - TICK_ROOM < *to);
    for (along, words) in &scene.ticks {
        let along = *along;
        let (line_at, text_at, anchor) = if frame.narrow {
            let line = (Point { x: 34.0, y: along }, Point { x: 40.0, y: along });
            (line, Point { x: 30.0, y: along + 4.0 }, Anchor::End)
        } else {
            let line = (Point { x: along, y: 26.0 }, Point { x: along, y: 33.0 });
            (line, Point { x: along, y: 20.0 }, Anchor::Middle)
        };
        place(out, |out| {
            line(out, "tick", line_at);
            if free(along) {
                words_at(out, "tick-t", text_at, anchor, words);
            }
        });
    }
}

/// A hairline for each step, and its number in a circle where there is room. The last that has happened is filled.
fn steps(out: &mut dyn Canvas, scene: &Scene, now: Time, fork: Option<Time>) {
    let frame = &scene.frame;
    let fork = fork.and_then(|fork| fork_taken(scene, now, fork));
    let now = frame.near(now);
    let last = scene.ticks.iter().rposition(|(along, _)| *along <= now);
    let here = last.map(|place| scene.ticks[place].0);
    let mut free = f64::MIN;
    for (each, (along, number)) in scene.ticks.iter().enumerate() {
        let centre = if frame.narrow { Point { x: 20.0, y: *along } } else { Point { x: *along, y: 16.0 } };
        let far = here.is_none_or(|here| (along - here).abs() >= STEP_ROOM);
        let covered = fork.is_some_and(|(from, to)| along + STEP_ROOM / 2.0 > from && along - STEP_ROOM / 2.0 < to);
        let room = last == Some(each) || far && *along >= free && !covered;
        if room {
            free = along + STEP_ROOM;
        }
        place(out, |out| {
            line(out, "step-line", across(frame, *along));
            if room {
                group(out, if last == Some(each) { "step now" } else { "step" }, |out| {
                    circle(out, "dot", centre, 11.0);
                    words_at(out, "tick-t", Point { y: centre.y + 4.0, ..centre }, Anchor::Middle, number);
                });
            }
        });
    }
}

/// The flag of the cursor.
pub fn cursor_flag(out: &mut dyn Canvas, scene: &Scene, at: Time) {
    let Some((said, (x, y, wide, high))) = flag_area(scene, at) else { return };
    unheard(out, "cursor-flag", |out| {
        rounded(out, "flag", (x, y, wide, high), 3.0);
        words_at(out, "flag-t", Point { x: x + wide / 2.0, y: y + 14.0 }, Anchor::Middle, &said);
    });
}

/// The flag's text and where it stands: inside the figure.
fn flag_area(scene: &Scene, at: Time) -> Option<(String, Rect)> {
    let frame = &scene.frame;
    let along = inside(frame, at)?;
    // Beside the lanes there is room for three digits: the sheet says the rest.
    let said =
        if frame.narrow { ((at.micros() + 500) / 1_000).to_string() } else { words::flag(&scene.index.trace, at) };
    let wide = width(&said, Look::Strong) * 11.0 / 12.0 + 12.0;
    let area = if frame.narrow {
        (2.0, (along - 10.0).min(frame.height - 20.0), wide.min(frame.across.0 - 2.0), 20.0)
    } else {
        (within(along - wide / 2.0, 0.0, (frame.width - wide).max(0.0)), 6.0, wide, 20.0)
    };
    Some((said, area))
}

fn flag_taken(scene: &Scene, flag: Time) -> Option<(f64, f64)> {
    let (_, (x, y, wide, high)) = flag_area(scene, flag)?;
    Some(if scene.frame.narrow { (y + 4.0, y + high - 4.0) } else { (x, x + wide) })
}

/// The stretch that the first difference takes; none where its words are not on the axis.
fn fork_taken(scene: &Scene, flag: Time, fork: Time) -> Option<(f64, f64)> {
    let (x, _, wide, _) = fork_area(&scene.frame, fork, flag_taken(scene, flag))?;
    (!scene.frame.narrow).then_some((x, x + wide))
}

/// The words over the dotted line where two runs part. They make way for the flag at `moment`.
pub fn fork_label(out: &mut dyn Canvas, scene: &Scene, fork: Option<Time>, moment: Time) {
    let flag = flag_area(scene, moment).map(|(_, (x, _, wide, _))| (x, x + wide));
    let Some((x, y, wide, high)) = fork.and_then(|fork| fork_area(&scene.frame, fork, flag)) else { return };
    let at = Point { x: x + wide / 2.0, y: y + high - 4.0 };
    group(out, "fork-t", |out| {
        rect(out, "paper", (x, y, wide, high));
        words_at(out, "el", at, Anchor::Middle, words::FIRST_DIFFERENCE);
    });
}

fn fork_area(frame: &Frame, fork: Time, flag: Option<(f64, f64)>) -> Option<Rect> {
    let along = inside(frame, fork)?;
    let wide = width(words::FIRST_DIFFERENCE, Look::Plain) + 8.0;
    if frame.narrow {
        return Some((frame.across.0 + 2.0, along - 16.0, wide, 14.0));
    }
    let middle = within(along - wide / 2.0, 0.0, (frame.along.1 - wide).max(0.0));
    let x = match flag {
        Some((left, right)) if middle + wide > left && middle < right => {
            // Beside the flag, on the side of the dotted line.
            if along <= f64::midpoint(left, right) { left - wide } else { right }
        }
        _ => middle,
    };
    Some((x, 8.0, wide, 16.0))
}

/// The words over the line where two runs part. They make way for the flag and for the first difference.
pub fn part_label(out: &mut dyn Canvas, scene: &Scene, part: Time, flag: Time, fork: Option<Time>) {
    let Some((x, y, wide, high)) = part_area(scene, part, flag, fork) else { return };
    let at = Point { x: x + wide / 2.0, y: y + high - 4.0 };
    group(out, "fork-t", |out| {
        rect(out, "paper", (x, y, wide, high));
        words_at(out, "el", at, Anchor::Middle, words::THEY_PART);
    });
}

/// Where the words stand that say that two runs part: nowhere if the flag or the first difference is there.
fn part_area(scene: &Scene, part: Time, flag: Time, fork: Option<Time>) -> Option<Rect> {
    let frame = &scene.frame;
    let along = inside(frame, part)?;
    let wide = width(words::THEY_PART, Look::Plain) + 8.0;
    if frame.narrow {
        return Some((frame.across.1 - wide, along + 2.0, wide, 14.0));
    }
    let x = within(along - wide / 2.0, 0.0, (frame.along.1 - wide).max(0.0));
    let taken = flag_taken(scene, flag).into_iter().chain(fork.and_then(|fork| fork_taken(scene, flag, fork)));
    let free = taken.into_iter().all(|(from, to)| x + wide <= from || x >= to);
    free.then_some((x, 8.0, wide, 16.0))
}

/// Where a moment is, if it is in the window.
pub(super) fn inside(frame: &Frame, at: Time) -> Option<f64> {
    (at >= frame.window.from && at <= frame.window.to).then(|| frame.at(at))
}

/// A line through all lanes.
pub(super) fn across(frame: &Frame, along: f64) -> (Point, Point) {
    (frame.point(spot(along, frame.across.0)), frame.point(spot(along, frame.across.1)))
}
