//! What changes with the cursor and the pointer alone: cursor line, veil, dots under way, timers that
//! run, what is pointed at and selected. Cheap to draw again while everything else stays.

use super::draw::{circle, line, path, rect, words_at};
use super::geometry::{Frame, Point, spot, within};
use super::ghost::{FADES, Ghost};
use super::labels::{Anchor, Look, width};
use super::lanes::{self, Rect};
use super::pen::text;
use super::scene::Scene;
use super::words;
use crate::same::Same;
use crate::store::{Light, Selection};
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{EventIndex, MessageId, Time};
use yew::prelude::*;

/// The line of the cursor through all lanes.
pub fn cursor_line(frame: &Frame, at: Time) -> Html {
    let Some(along) = inside(frame, at) else { return html! {} };
    line("cursor", across(frame, along))
}

/// The flag of the cursor, at the axis.
pub fn cursor_flag(frame: &Frame, at: Time) -> Html {
    let Some((said, (x, y, wide, high))) = flag_area(frame, at) else { return html! {} };
    html! {
        <g class="cursor-flag" aria-hidden="true">
            <rect class="flag" x={text(x)} y={text(y)} width={text(wide)} height={text(high)} rx="3" />
            { words_at("flag-t", Point { x: x + wide / 2.0, y: y + 14.0 }, Anchor::Middle, &said) }
        </g>
    }
}

/// The flag's text and where it stands: inside the figure.
fn flag_area(frame: &Frame, at: Time) -> Option<(String, Rect)> {
    let along = inside(frame, at)?;
    // Beside the lanes there is room for three digits: the sheet says the rest.
    let said = if frame.narrow { ((at.micros() + 500) / 1_000).to_string() } else { words::flag(at) };
    let wide = width(&said, Look::Strong) * 11.0 / 12.0 + 12.0;
    let area = if frame.narrow {
        (2.0, (along - 10.0).min(frame.height - 20.0), wide.min(frame.across.0 - 2.0), 20.0)
    } else {
        (within(along - wide / 2.0, 0.0, (frame.width - wide).max(0.0)), 6.0, wide, 20.0)
    };
    Some((said, area))
}

/// Stretches of the axis that the flag and the first difference take.
#[must_use]
pub fn taken(frame: &Frame, flag: Time, fork: Option<Time>) -> Vec<(f64, f64)> {
    let fork = fork.and_then(|fork| fork_taken(frame, flag, fork));
    flag_taken(frame, flag).into_iter().chain(fork).collect()
}

fn flag_taken(frame: &Frame, flag: Time) -> Option<(f64, f64)> {
    let (_, (x, y, wide, high)) = flag_area(frame, flag)?;
    Some(if frame.narrow { (y + 4.0, y + high - 4.0) } else { (x, x + wide) })
}

/// The stretch that the first difference takes; none where its words are not on the axis.
#[must_use]
pub fn fork_taken(frame: &Frame, flag: Time, fork: Time) -> Option<(f64, f64)> {
    let (x, _, wide, _) = fork_area(frame, fork, flag_taken(frame, flag))?;
    (!frame.narrow).then_some((x, x + wide))
}

fn inside(frame: &Frame, at: Time) -> Option<f64> {
    (at >= frame.window.from && at <= frame.window.to).then(|| frame.at(at))
}

fn across(frame: &Frame, along: f64) -> (Point, Point) {
    (frame.point(spot(along, frame.across.0)), frame.point(spot(along, frame.across.1)))
}

/// Pales what has not happened yet.
pub fn veil(frame: &Frame, at: Time) -> Html {
    let from = frame.near(at).max(frame.along.0) + 1.0;
    if from >= frame.along.1 {
        return html! {};
    }
    rect("veil", frame.rect(spot(from, frame.across.0 + 2.0), spot(frame.along.1 + 8.0, frame.across.1 + 40.0)))
}

/// What has just happened and what is broken by a moment, over the veil that begins there.
pub fn happened(scene: &Scene, at: Time) -> Html {
    let by_now = |event: EventIndex| scene.index.trace.event(event).at <= at;
    let from = scene.frame.near(at) - MARK_REACH;
    let just = scene.marks.iter().filter(|mark| by_now(mark.event) && scene.frame.spot(mark.drawn.at).along > from);
    let seen = scene.violations.iter().filter(|violation| by_now(violation.event));
    html! {
        <g aria-hidden="true">
            { for just.flat_map(|mark| &mark.drawn.glyphs).map(|glyph| path(glyph.class, &glyph.path)) }
            { for seen.map(super::draw::violation) }
        </g>
    }
}

/// A mark reaches so far into what comes after it, at most: a flag.
const MARK_REACH: f64 = 16.0;

/// Dots of messages under way at a moment.
pub fn flying(scene: &Scene, at: Time) -> Html {
    let dots = scene.flying(at).into_iter().map(|(place, style)| {
        html! { <g class={classes!("m", super::arrows::stroke_class(style))}>{ circle("fly", place, 4.0) }</g> }
    });
    html! { <g class="flying">{ for dots }</g> }
}

/// What [`lit`] is given.
#[derive(PartialEq)]
pub struct LitProps {
    /// The scene.
    pub scene: Same<Scene>,
    /// The event.
    pub event: EventIndex,
    /// What of the run is lit around it.
    pub light: Light,
}

/// The messages that matter to an event, over the others: those that made its node believe what it believes, or all in
/// its light cone.
pub fn lit(LitProps { scene, event, light }: &LitProps) -> Html {
    let chain = match light {
        Light::Why => crate::margin::chain(&scene.index.trace, *event),
        Light::Past => causality::past(&scene.index.trace, *event),
        Light::Future => causality::future(&scene.index.trace, *event),
        Light::Off => return html! {},
    };
    let lit = scene.at_rest().filter(|arrow| {
        let message = scene.index.message(arrow.id);
        message.is_some_and(|message| {
            chain.binary_search(&message.sent_by).is_ok()
                && matches!(message.fate, Fate::Delivered(event) if chain.binary_search(&event).is_ok())
        })
    });
    html! { <g class="lit">{ for lit.map(|arrow| strokes(arrow)) }</g> }
}

/// Timers that run at a moment.
pub fn fuses(scene: &Scene, at: Time) -> Html {
    let slivers = lanes::pending(&scene.index, &scene.frame, at);
    html! { <g class="fuses">{ for slivers.iter().map(|sliver| path("fuse", &sliver.path)) }</g> }
}

/// The ring around what is selected.
pub fn chosen(scene: &Scene, selection: Selection) -> Html {
    match selection {
        Selection::Message(id) => around_arrow(scene, id),
        Selection::Event(event) => {
            let mark = scene.marks.iter().find(|mark| mark.event == event);
            let ring = mark.map_or_else(|| place_of(scene, event), |mark| circle("sel", mark.drawn.at, 11.0));
            let apex = scene.cone.as_ref().map(|cone| {
                html! { <>{ circle("pick", cone.apex, 9.0) }{ circle("pick-dot", cone.apex, 2.5) }</> }
            });
            html! { <g class={apex.is_some().then_some("apexed")}>{ apex }{ ring }</g> }
        }
        Selection::Lane(node) => {
            // The ring is around the lane's head; here, where the lane begins.
            let (lane, band) = (scene.frame.lane(node), scene.frame.band);
            let start = scene.frame.along.0 + 1.0;
            let end = |across: f64| scene.frame.point(spot(start, across));
            line("sel", (end(lane - band), end(lane + band)))
        }
        Selection::Nothing | Selection::Timer(_) => html! {},
    }
}

fn place_of(scene: &Scene, event: lightcone_engine::EventIndex) -> Html {
    let here = scene.index.trace.event(event);
    let Some(node) = here.node else { return html! {} };
    circle("sel", scene.frame.point(spot(scene.frame.near(here.at), scene.frame.lane(node))), 11.0)
}

/// A ring along the whole length of an arrow, and the arrow again over it.
fn around_arrow(scene: &Scene, id: MessageId) -> Html {
    let Some(arrow) = scene.at_rest().find(|arrow| arrow.id == id) else { return html! {} };
    let whole = (scene.frame.point(arrow.tail), scene.frame.point(arrow.tip));
    html! { <>
        { line("sel-out", whole) }
        { line("sel-in", whole) }
        { strokes(arrow) }
    </> }
}

/// An arrow once more, over what lies on it.
fn strokes(arrow: &super::arrows::Arrow) -> Html {
    let class = classes!("m", super::arrows::stroke_class(arrow.style), arrow.reply.then_some("r"));
    html! { <g {class}>{ super::draw::stroke(arrow) }</g> }
}

/// The ring at the head that a hand could take, and where it could go.
pub fn invitation(scene: &Scene, id: MessageId) -> Html {
    let Some(arrow) = scene.arrows.iter().find(|arrow| arrow.id == id) else { return html! {} };
    let Some(message) = scene.index.message(id) else { return html! {} };
    let range = super::hand::range(&scene.index.trace, message);
    let frame = &scene.frame;
    let edge = super::arrows::facing_edge(frame, id);
    let shown = |at: Time| within(frame.near(at), frame.along.0, frame.along.1);
    let last = range.latest.map_or(frame.along.1, |latest| shown(latest.0));
    let ends = (frame.point(spot(shown(range.earliest.0), edge)), frame.point(spot(last, edge)));
    html! { <g class="invite">{ line("range", ends) }{ circle("take", arrow.grip, 9.0) }</g> }
}

/// The ghost.
pub fn ghost(frame: &Frame, ghost: &Ghost) -> Html {
    let step = |fade: u8| ["f0", "f1", "f2", "f3"][usize::from(fade.min(FADES - 1))];
    let arrows = ghost.arrows.iter().map(|(arrow, fade)| {
        html! { <g class={classes!("m", arrow.reply.then_some("r"), step(*fade))}>{ super::draw::stroke(arrow) }</g> }
    });
    let lanes = ghost.lanes.iter().map(|stretch| {
        html! { <g class={step(stretch.fade)}>{ line(super::draw::lane_class(stretch.weight), stretch.line) }</g> }
    });
    let flags = ghost.flags.iter().map(|(flag, fade)| html! { <g class={step(*fade)}>{ path("g elect", flag) }</g> });
    let label = ghost.label.as_ref().map(|label| words_at("el q", label.at, label.anchor, &label.text));
    html! { <>
        { for arrows }{ for lanes }{ for flags }{ label }
        if let Some((along, _)) = ghost.fork { { line("fork", across(frame, along)) } }
    </> }
}

/// The words at the axis over the dotted line. They make way for the flag at `moment`.
pub fn fork_label(frame: &Frame, ghost: &Ghost, moment: Time) -> Html {
    let flag = flag_area(frame, moment).map(|(_, (x, _, wide, _))| (x, x + wide));
    let area = ghost.fork.and_then(|(_, fork)| fork_area(frame, fork, flag));
    let Some((x, y, wide, high)) = area else { return html! {} };
    let at = Point { x: x + wide / 2.0, y: y + high - 4.0 };
    html! {
        <g class="fork-t">
            { rect("paper", (x, y, wide, high)) }
            { words_at("el", at, Anchor::Middle, words::FIRST_DIFFERENCE) }
        </g>
    }
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
