//! The layers that change only with the cursor and the selection: cursor line, veil, dots of messages under way, running
//! timers, the ghost, and what is selected. They are cheap to draw again while everything else stays.

use super::axis::{across, inside};
use super::canvas::Canvas;
use super::layers::violation;
use super::shapes::{
    circle, group, lane_class, line, message_class, open_group, path, rect, stroke, strokes, unheard, words_at,
};
use crate::by_pointer::ByPointer;
use crate::layout::lanes;
use crate::plane::geometry::{Frame, spot};
use crate::read::why;
use crate::scene::Scene;
use crate::scene::ghost::{FADES, Ghost};
use crate::view::{Light, Selection};
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{EventIndex, MessageId, Time};

/// The line of the cursor through all lanes.
pub fn cursor_line(out: &mut dyn Canvas, frame: &Frame, at: Time) {
    if let Some(along) = inside(frame, at) {
        line(out, "cursor", across(frame, along));
    }
}

/// Pales what has not happened yet.
pub fn veil(out: &mut dyn Canvas, frame: &Frame, at: Time) {
    let from = frame.near(at).max(frame.along.0) + 1.0;
    if from < frame.along.1 {
        let corners = (spot(from, frame.across.0 + 2.0), spot(frame.along.1 + 8.0, frame.across.1 + 40.0));
        rect(out, "veil", frame.rect(corners.0, corners.1));
    }
}

/// Where the two runs of a comparison part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The moment of the first difference.
    pub at: Time,
    /// Whether what comes before is pale: it stands in the upper figure, too.
    pub repeats: bool,
}

/// A line where two runs part; what this one only repeats is pale.
pub fn parting(out: &mut dyn Canvas, frame: &Frame, parting: Parting) {
    let to = frame.near(parting.at).min(frame.along.1);
    if parting.repeats && to > frame.along.0 {
        let corners = (spot(frame.along.0, frame.across.0 + 2.0), spot(to, frame.across.1 + 40.0));
        rect(out, "repeats", frame.rect(corners.0, corners.1));
    }
    if let Some(along) = inside(frame, parting.at) {
        line(out, "part", across(frame, along));
    }
}

/// Draws what has just happened and what is broken by a moment, over the veil that begins there.
pub fn happened(out: &mut dyn Canvas, scene: &Scene, at: Time) {
    let by_now = |event: EventIndex| scene.index.trace.event(event).at <= at;
    let from = scene.frame.near(at) - MARK_REACH;
    let just = scene.marks.iter().filter(|mark| by_now(mark.event) && scene.frame.spot(mark.drawn.at).along > from);
    let seen = scene.violations.iter().filter(|violation| by_now(violation.event));
    unheard(out, "", |out| {
        just.flat_map(|mark| &mark.drawn.glyphs).for_each(|glyph| path(out, glyph.class, &glyph.path));
        seen.for_each(|each| violation(out, each));
    });
}

/// A mark reaches so far into what comes after it, at most: a flag.
const MARK_REACH: f64 = 16.0;

/// Dots of messages under way at a moment.
pub fn flying(out: &mut dyn Canvas, scene: &Scene, at: Time) {
    group(out, "flying", |out| {
        for (place, arrow) in scene.flying(at) {
            group(out, message_class(arrow.style, false), |out| circle(out, "fly", place, 4.0));
        }
    });
}

/// The inputs of [`lit`].
#[derive(PartialEq)]
pub struct Lit {
    /// The scene that the event is in.
    pub scene: ByPointer<Scene>,
    /// The selected event.
    pub event: EventIndex,
    /// What of the run is lit around it.
    pub light: Light,
}

/// The messages that matter to an event, over the others: those that made its node believe what it believes, or all in
/// its light cone.
pub fn lit(Lit { scene, event, light }: &Lit, out: &mut dyn Canvas) {
    let chain = match light {
        Light::Why => why::chain(&scene.index.trace, *event),
        Light::Past => causality::past(&scene.index.trace, *event),
        Light::Future => causality::future(&scene.index.trace, *event),
        Light::Off => return,
    };
    let lit = scene.at_rest().filter(|arrow| {
        let message = scene.index.message(arrow.id);
        message.is_some_and(|message| {
            chain.binary_search(&message.sent_by).is_ok()
                && matches!(message.fate, Fate::Delivered(event) if chain.binary_search(&event).is_ok())
        })
    });
    group(out, "lit", |out| lit.for_each(|arrow| strokes(out, arrow)));
}

/// Timers that run at a moment.
pub fn fuses(out: &mut dyn Canvas, scene: &Scene, at: Time) {
    let slivers = lanes::pending(&scene.index, &scene.frame, at);
    group(out, "fuses", |out| slivers.iter().for_each(|sliver| path(out, "fuse", &sliver.path)));
}

/// The ring around what is selected.
pub fn chosen(out: &mut dyn Canvas, scene: &Scene, selection: Selection) {
    match selection {
        Selection::Message(id) => around_arrow(out, scene, id),
        Selection::Event(event) => around_event(out, scene, event),
        Selection::Lane(node) => {
            // The ring is around the lane's head; here, where the lane begins.
            let (lane, band) = (scene.frame.lane(node), scene.frame.band);
            let start = scene.frame.along.0 + 1.0;
            let end = |across: f64| scene.frame.point(spot(start, across));
            line(out, "sel", (end(lane - band), end(lane + band)));
        }
        Selection::Nothing | Selection::Timer(_) => {}
    }
}

fn around_event(out: &mut dyn Canvas, scene: &Scene, event: EventIndex) {
    let mark = scene.marks.iter().find(|mark| mark.event == event);
    let at = mark.map(|mark| mark.drawn.at).or_else(|| {
        let here = scene.index.trace.event(event);
        let across = scene.frame.lane(here.node?);
        Some(scene.frame.point(spot(scene.frame.near(here.at), across)))
    });
    open_group(out, if scene.cone.is_some() { "apexed" } else { "" });
    if let Some(cone) = &scene.cone {
        circle(out, "pick", cone.apex, 9.0);
        circle(out, "pick-dot", cone.apex, 2.5);
    }
    if let Some(at) = at {
        circle(out, "sel", at, 11.0);
    }
    out.close();
}

/// A ring along the whole length of an arrow, and the arrow again over it.
fn around_arrow(out: &mut dyn Canvas, scene: &Scene, id: MessageId) {
    let Some(arrow) = scene.at_rest().find(|arrow| arrow.id == id) else { return };
    let whole = (scene.frame.point(arrow.tail), scene.frame.point(arrow.tip));
    line(out, "sel-out", whole);
    line(out, "sel-in", whole);
    strokes(out, arrow);
}

/// Draws what the old run had and the new one lacks, the paler the longer ago.
pub fn ghost(out: &mut dyn Canvas, frame: &Frame, ghost: &Ghost) {
    for (arrow, fade) in &ghost.arrows {
        group(out, faded(*fade), |out| {
            group(out, if arrow.reply { "m r" } else { "m" }, |out| stroke(out, arrow));
        });
    }
    for stretch in &ghost.lanes {
        group(out, faded(stretch.fade), |out| line(out, lane_class(stretch.weight), stretch.line));
    }
    for (flag, fade) in &ghost.flags {
        group(out, faded(*fade), |out| path(out, "g elect", flag));
    }
    if let Some(label) = &ghost.label {
        words_at(out, "el q", label.at, label.anchor, &label.text);
    }
    if let Some((along, _)) = ghost.fork {
        line(out, "fork", across(frame, along));
    }
}

/// The class of how far something has faded.
fn faded(fade: u8) -> &'static str {
    ["f0", "f1", "f2", "f3"][usize::from(fade.min(FADES - 1))]
}
