//! What changes with the cursor and the pointer alone: cursor line, veil, dots under way, timers that
//! run, what is pointed at and selected. Cheap to draw again while everything else stays.

use super::arrows::Arrow;
use super::draw::{circle, line, path, rect, words_at};
use super::geometry::{Frame, Point, Spot, distance, spot};
use super::ghost::{FADES, Ghost};
use super::labels::{Anchor, Look, width};
use super::lanes;
use super::pen::{Pen, text};
use super::scene::Scene;
use super::words;
use crate::store::Selection;
use lightcone::{MessageId, Time};
use yew::prelude::*;

/// The line of the cursor through all lanes.
pub fn cursor_line(frame: &Frame, at: Time) -> Html {
    let Some(along) = inside(frame, at) else { return html! {} };
    line("cursor", across(frame, along))
}

/// The flag of the cursor, at the axis.
pub fn cursor_flag(frame: &Frame, at: Time) -> Html {
    let Some(along) = inside(frame, at) else { return html! {} };
    let said = if frame.narrow { words::millis(at) } else { words::flag(at) };
    let wide = width(&said, Look::Strong) * 11.0 / 12.0 + 12.0;
    let (x, y) = if frame.narrow {
        (2.0, along - 10.0)
    } else {
        ((along - wide / 2.0).clamp(0.0, (frame.width - wide).max(0.0)), 6.0)
    };
    let area = (x, y, if frame.narrow { wide.min(frame.across.0 - 2.0) } else { wide }, 20.0);
    html! {
        <g class="cursor-flag" aria-hidden="true">
            <rect class="flag" x={text(area.0)} y={text(area.1)} width={text(area.2)} height="20" rx="3" />
            { words_at("flag-t", Point { x: area.0 + area.2 / 2.0, y: y + 14.0 }, Anchor::Middle, &said) }
        </g>
    }
}

fn inside(frame: &Frame, at: Time) -> Option<f64> {
    (at >= frame.window.from && at <= frame.window.to).then(|| frame.at(at))
}

fn across(frame: &Frame, along: f64) -> (Point, Point) {
    (frame.point(spot(along, frame.across.0)), frame.point(spot(along, frame.across.1)))
}

/// Pales what has not happened yet.
pub fn veil(frame: &Frame, at: Time) -> Html {
    let from = frame.near(at).max(frame.along.0);
    if from >= frame.along.1 {
        return html! {};
    }
    rect("veil", frame.rect(spot(from, frame.across.0 - 40.0), spot(frame.along.1 + 8.0, frame.across.1 + 40.0)))
}

/// Dots of messages under way at a moment.
pub fn flying(scene: &Scene, at: Time) -> Html {
    let dots = scene.flying(at).into_iter().map(|(place, style)| {
        html! { <g class={classes!("m", super::arrows::stroke_class(style))}>{ circle("fly", place, 4.0) }</g> }
    });
    html! { <g class="flying">{ for dots }</g> }
}

/// Timers that run at a moment.
pub fn fuses(scene: &Scene, at: Time) -> Html {
    let slivers = lanes::pending(&scene.index, &scene.frame, at);
    html! { <g class="fuses">{ for slivers.iter().map(|sliver| path("fuse", &sliver.path)) }</g> }
}

/// The ring around what is selected, under it.
pub fn chosen(scene: &Scene, selection: Selection) -> Html {
    match selection {
        Selection::Message(id) => around_arrow(scene, id),
        Selection::Event(event) => {
            let mark = scene.marks.iter().find(|mark| mark.event == event);
            mark.map_or_else(|| place_of(scene, event), |mark| circle("sel", mark.at, 11.0))
        }
        Selection::Lane(node) => {
            let lane = scene.frame.lane(node);
            let edge = scene.frame.band + 3.0;
            let frame = &scene.frame;
            rect("sel", frame.rect(spot(frame.along.0, lane - edge), spot(frame.along.1, lane + edge)))
        }
        Selection::Nothing | Selection::Timer(_) => html! {},
    }
}

fn place_of(scene: &Scene, event: lightcone::EventIndex) -> Html {
    let here = scene.index.trace.event(event);
    let Some(node) = here.node else { return html! {} };
    circle("sel", scene.frame.point(spot(scene.frame.near(here.at), scene.frame.lane(node))), 11.0)
}

/// A ring along the whole length of an arrow.
fn around_arrow(scene: &Scene, id: MessageId) -> Html {
    let Some(arrow) = scene.arrows.iter().find(|arrow| arrow.id == id) else { return html! {} };
    let Arrow { tail, tip, .. } = arrow;
    let whole = distance(*tail, *tip).max(0.001);
    let (da, dc) = ((tip.along - tail.along) / whole * 7.0, (tip.across - tail.across) / whole * 7.0);
    let corner = |at: &Spot, out: f64, side: f64| {
        spot(at.along + da * out * 0.7 - dc * side, at.across + dc * out * 0.7 + da * side)
    };
    let ring = Pen::new(&scene.frame).from(corner(tail, -1.0, 1.0)).to(corner(tip, 1.0, 1.0));
    let ring = ring.to(corner(tip, 1.0, -1.0)).to(corner(tail, -1.0, -1.0)).close();
    path("sel", &ring.data())
}

/// The ring at the head that a hand could take, and where it could go.
pub fn invitation(scene: &Scene, id: MessageId) -> Html {
    let Some(arrow) = scene.arrows.iter().find(|arrow| arrow.id == id) else { return html! {} };
    let Some(message) = scene.index.message(id) else { return html! {} };
    let range = super::hand::range(&scene.index.trace, message);
    let frame = &scene.frame;
    let edge = super::arrows::facing_edge(frame, id);
    let shown = |at: Time| frame.near(at).clamp(frame.along.0, frame.along.1);
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

/// The words at the axis over the dotted line.
pub fn fork_label(frame: &Frame, ghost: &Ghost) -> Html {
    let Some((along, _)) = ghost.fork else { return html! {} };
    let said = words::FIRST_DIFFERENCE;
    let wide = width(said, Look::Plain) + 8.0;
    let (at, anchor, area) = if frame.narrow {
        let y = along - 5.0;
        (Point { x: frame.across.0 + 4.0, y }, Anchor::Start, (frame.across.0 + 2.0, y - 11.0, wide, 14.0))
    } else {
        let x = along.clamp(frame.along.0, (frame.along.1 - wide / 2.0).max(frame.along.0));
        (Point { x, y: 20.0 }, Anchor::Middle, (x - wide / 2.0, 8.0, wide, 16.0))
    };
    html! { <g class="fork-t">{ rect("paper", area) }{ words_at("el", at, anchor, said) }</g> }
}
