//! Draws a scene: each layer a component of its own, so that what did not change is not drawn again.
//! Classes and SVG's own attributes only; colours are the stylesheet's.

use super::arrows::{Arrow, Ending, Line, stroke_class};
use super::clients;
use super::conditions;
use super::geometry::{Frame, Point, spot};
use super::labels::{Anchor, Label, Look};
use super::lanes::{OperationBox, Rect, Segment};
use super::marks::{Drawn, Violation};
use super::overlay;
use super::pen::text;
use super::scene::Scene;
use crate::kept::part;
use crate::same::Same;
use lightcone_engine::Time;
use lightcone_engine::protocol::{ConditionKind, Weight};
use std::rc::Rc;
use yew::prelude::*;

/// What a layer is given.
#[derive(Clone, PartialEq)]
pub struct LayerProps {
    /// The scene.
    pub scene: Same<Scene>,
    /// The figure's number in the page: patterns need names.
    pub number: u32,
}

/// The name of an event's element in the page.
#[must_use]
pub fn event_id(number: u32, name: &str) -> String {
    format!("figure-{number}-event-{name}")
}

/// The name of a message's element in the page.
#[must_use]
pub fn message_id(number: u32, name: &str) -> String {
    format!("figure-{number}-message-{name}")
}

/// A line element.
pub fn line(class: &'static str, (a, b): Line) -> Html {
    html! { <line {class} x1={text(a.x)} y1={text(a.y)} x2={text(b.x)} y2={text(b.y)} /> }
}

/// A rectangle element.
pub fn rect(class: impl Into<AttrValue>, (x, y, w, h): Rect) -> Html {
    html! { <rect class={class.into()} x={text(x)} y={text(y)} width={text(w.max(0.0))} height={text(h.max(0.0))} /> }
}

/// A circle element.
pub fn circle(class: &'static str, at: Point, radius: f64) -> Html {
    html! { <circle {class} cx={text(at.x)} cy={text(at.y)} r={text(radius)} /> }
}

/// A path element.
pub fn path(class: &'static str, data: &str) -> Html {
    html! { <path {class} d={data.to_owned()} /> }
}

/// A text element.
pub fn words_at(class: &'static str, at: Point, anchor: Anchor, words: &str) -> Html {
    let anchor = match anchor {
        Anchor::Start => None,
        Anchor::Middle => Some("middle"),
        Anchor::End => Some("end"),
    };
    html! { <text {class} x={text(at.x)} y={text(at.y)} text-anchor={anchor}>{ words.to_owned() }</text> }
}

/// The class of an epoch's tint.
#[must_use]
pub fn tint(epoch: u32) -> &'static str {
    match epoch % 4 {
        1 => "e1",
        2 => "e2",
        3 => "e3",
        _ => "e4",
    }
}

/// What [`axis`] is given.
#[derive(Clone, PartialEq)]
pub struct AxisProps {
    /// The scene.
    pub scene: Same<Scene>,
    /// Where the cursor's flag stands.
    pub flag: Time,
    /// Where the first difference stands, if there is one.
    pub fork: Option<Time>,
}

/// Room that a tick's text needs on either side of it.
const TICK_ROOM: f64 = 16.0;

/// The axis of numbered steps: a hairline for each, and its number in a circle where there is room. The last that has
/// happened is filled.
fn steps(scene: &Scene, now: Time, fork: Option<Time>) -> Html {
    let frame = &scene.frame;
    let fork = fork.and_then(|fork| overlay::fork_taken(frame, now, fork));
    let now = frame.near(now);
    let last = scene.ticks.iter().rposition(|(along, _)| *along <= now);
    let here = last.map(|place| scene.ticks[place].0);
    let mut free = f64::MIN;
    let marks = scene.ticks.iter().enumerate().map(|(place, (along, number))| {
        let centre = if frame.narrow { Point { x: 20.0, y: *along } } else { Point { x: *along, y: 16.0 } };
        let far = here.is_none_or(|here| (along - here).abs() >= STEP_ROOM);
        let covered = fork.is_some_and(|(from, to)| along + STEP_ROOM / 2.0 > from && along - STEP_ROOM / 2.0 < to);
        let room = last == Some(place) || far && *along >= free && !covered;
        if room {
            free = along + STEP_ROOM;
        }
        let class = if last == Some(place) { "step now" } else { "step" };
        html! { <>
            { line("step-line", (frame.point(spot(*along, frame.across.0)), frame.point(spot(*along, frame.across.1)))) }
            if room { <g {class}>{ circle("dot", centre, 11.0) }{ words_at("tick-t", Point { y: centre.y + 4.0, ..centre }, Anchor::Middle, number) }</g> }
        </> }
    });
    html! { <g class="axis" aria-hidden="true">{ for marks }</g> }
}

/// Room that a step's circle needs.
const STEP_ROOM: f64 = 24.0;

/// The axis. A tick loses its text where a flag stands.
pub fn axis(AxisProps { scene, flag, fork }: &AxisProps) -> Html {
    if scene.steps {
        return steps(scene, *flag, *fork);
    }
    let frame = &scene.0.frame;
    let taken = overlay::taken(frame, *flag, *fork);
    let free = |along: f64| !taken.iter().any(|(from, to)| along + TICK_ROOM > *from && along - TICK_ROOM < *to);
    let ticks = scene.0.ticks.iter().map(|(along, words)| {
        let (line_at, text_at, anchor) = if frame.narrow {
            let line = (Point { x: 34.0, y: *along }, Point { x: 40.0, y: *along });
            (line, Point { x: 30.0, y: along + 4.0 }, Anchor::End)
        } else {
            let line = (Point { x: *along, y: 26.0 }, Point { x: *along, y: 33.0 });
            (line, Point { x: *along, y: 20.0 }, Anchor::Middle)
        };
        html! { <>
            { line("tick", line_at) }
            if free(*along) { { words_at("tick-t", text_at, anchor, words) } }
        </> }
    });
    html! { <g class="axis" aria-hidden="true">{ for ticks }</g> }
}

/// Bands, slivers and wedges: what lies under messages.
pub fn ground(LayerProps { scene, number }: &LayerProps) -> Html {
    let scene = &scene.0;
    let hatch = |one_way: bool| format!("url(#{}-{number})", if one_way { "hatch-way" } else { "hatch" });
    let wedges = scene.wedges.iter().map(|wedge| {
        html! { <>
            { path("wedge", &wedge.path) }
            <path d={wedge.path.clone()} fill={hatch(wedge.one_way)} />
            if let Some(arrow) = &wedge.arrow { { path("wedge-way", arrow) } }
        </> }
    });
    html! { <>
        <g class="bands">{ for scene.bands.iter().map(|band| rect(tint(band.epoch), band.rect)) }</g>
        if let Some(cone) = &scene.cone {
            if !cone.ahead { { path("cone", &cone.area) } }
            { path("cone-e", &cone.edge) }
        }
        <g class="slivers">{ for scene.slivers.iter().map(|sliver| path("burnt", &sliver.path)) }</g>
        <g class="wedges">{ for wedges }</g>
        { for scene.conditions.iter().filter(|each| each.what != ConditionKind::InDoubt).map(|each| condition(each, *number)) }
    </> }
}

/// A ribbon, a dashed line, or a hatched lane.
fn condition(drawn: &conditions::Drawn, number: u32) -> Html {
    match drawn.what {
        ConditionKind::Locked => rect("lock", drawn.area),
        ConditionKind::Waits | ConditionKind::HeldBack => line("wait", drawn.line),
        ConditionKind::InDoubt => {
            let (x, y, w, h) = drawn.area;
            html! { <>
                { rect("doubt", drawn.area) }
                <rect x={text(x)} y={text(y)} width={text(w)} height={text(h)} fill={format!("url(#doubt-{number})")} />
            </> }
        }
    }
}

/// Messages and events are drawn in so many parts, by their time: few parts change from one frame to the next, and
/// what comes into one or leaves it moves nothing in the others.
const PARTS: u8 = 48;

/// Some of a scene's messages or events, and the figure's number in the page.
#[derive(PartialEq)]
struct Few<T> {
    few: Vec<Rc<T>>,
    number: u32,
}

/// All these, which are in order of time, by the parts of the figure in which they stand (`along`).
fn in_parts<'a, T>(all: &'a [Rc<T>], frame: &Frame, along: impl Fn(&T) -> f64) -> impl Iterator<Item = &'a [Rc<T>]> {
    let (start, end) = frame.along;
    let mut rest = all;
    (1..=PARTS).map(move |place| {
        let until = start + (end - start) * f64::from(place) / f64::from(PARTS);
        let count = if place < PARTS { rest.partition_point(|each| along(each) < until) } else { rest.len() };
        let (few, later) = rest.split_at(count);
        rest = later;
        few
    })
}

/// Messages.
pub fn arrows(LayerProps { scene, number }: &LayerProps) -> Html {
    let left_out = &scene.0.left_out;
    let arrows: Vec<Rc<Arrow>> = scene.0.at_rest().cloned().collect();
    let along = |arrow: &Arrow| arrow.tail.along;
    let parts = in_parts(&arrows, &scene.0.frame, along).map(|few| Few { few: few.to_vec(), number: *number });
    let arrows = parts.map(|few| {
        part(few, |Few { few, number }| html! { <>{ for few.iter().map(|arrow| arrow_group(arrow, *number)) }</> })
    });
    html! { <g class="msgs">if !left_out.is_empty() { { path("thin", left_out) } }{ for arrows }</g> }
}

fn arrow_group(arrow: &Arrow, number: u32) -> Html {
    html! {
        <g key={arrow.name.clone()} class={classes!("m", stroke_class(arrow.style), arrow.reply.then_some("r"))}
            id={message_id(number, &arrow.name)} role="button" aria-label={arrow.said.clone()} tabindex="-1" data-message={arrow.name.clone()}>
            { stroke(arrow) }
            { circle("hit", arrow.grip, 12.0) }
        </g>
    }
}

/// The strokes of an arrow.
pub fn stroke(arrow: &Arrow) -> Html {
    let head = if arrow.reply { "ho" } else { "hd" };
    let ending = match &arrow.ending {
        Ending::Head => html! {},
        Ending::UnderWay(at) => circle("fly", *at, 4.0),
        Ending::Lost { cross, rest, by_hand } => html! { <>
            { line("rest", *rest) }
            { path(if *by_hand { "x hand" } else { "x" }, cross) }
        </> },
        Ending::Stopped(cross) => path("x", cross),
        Ending::Bar(bar) => line("stop", *bar),
    };
    html! { <>
        { line("way", arrow.line) }
        if let Some(path_data) = &arrow.head { { path(head, path_data) } }
        { ending }
        if let Some(waited) = arrow.waited { { line("waited", waited) } }
    </> }
}

/// Lanes and clients' boxes: over messages, so that a crossing arrow passes under.
pub fn lanes(LayerProps { scene, number }: &LayerProps) -> Html {
    let segments = scene.0.segments.iter().map(|segment| match segment {
        Segment::Line(weight, a, b) => line(lane_class(*weight), (*a, *b)),
        Segment::Gap(a, b) => line("lane down", (*a, *b)),
        Segment::Pause(area, _) => rect("lane paused", *area),
    });
    let boxes = part(scene.0.operations.clone(), operations);
    let doubts = scene.0.conditions.iter().filter(|each| each.what == ConditionKind::InDoubt);
    let doubts = doubts.map(|each| condition(each, *number));
    html! { <><g class="lanes">{ for segments }{ for doubts }</g><g class="operations">{ boxes }</g></> }
}

fn operations(all: &Rc<Vec<OperationBox>>) -> Html {
    html! { <>{ for all.iter().map(|each| path(if each.broken { "opb bad" } else { "opb" }, &each.path)) }</> }
}

/// The clients' view, below the lanes.
pub fn clients(view: &Rc<clients::Drawn>) -> Html {
    let boxes = view.boxes.iter().map(|each| {
        html! { <>
            { path(if each.wrong { "op bad" } else { "op" }, &each.path) }
            if let Some(bar) = each.bar { { line("effect", bar) } }
        </> }
    });
    html! {
        <g class="clients">
            { line("hair", view.hairline) }
            { for boxes }
            if let Some((before, _)) = &view.before { { path("before", before) } }
        </g>
    }
}

/// The class that gives a lane its weight.
#[must_use]
pub fn lane_class(weight: Weight) -> &'static str {
    match weight {
        Weight::Follows => "lane",
        Weight::Stands => "lane candidate",
        Weight::Leads => "lane leader",
        Weight::Client => "lane client",
    }
}

/// Signs of the reader's moves, at rest.
pub fn hand(LayerProps { scene, .. }: &LayerProps) -> Html {
    let moved = scene.0.at_rest().filter_map(|arrow| {
        let moved = arrow.moved.as_ref()?;
        Some(html! { <>
            { line("was", moved.dots) }
            { circle("wasdot", moved.ring, 3.5) }
            { circle("movedot", moved.dot, 4.0) }
        </> })
    });
    let ignored = scene.0.arrows.iter().filter_map(|arrow| {
        let at = arrow.ignored?;
        let strike = (Point { x: at.x - 3.5, y: at.y - 3.5 }, Point { x: at.x + 3.5, y: at.y + 3.5 });
        Some(html! { <g class={classes!("m", stroke_class(arrow.style))}>{ circle("ign", at, 5.0) }{ line("ign", strike) }</g> })
    });
    let twice = scene.0.arrows.iter().filter_map(|arrow| {
        let at = arrow.twice?;
        Some(html! { <>
            { circle("twice", at, 7.0) }
            { words_at("twice-t", Point { x: at.x, y: at.y + 4.0 }, Anchor::Middle, "2") }
        </> })
    });
    let pauses = scene.0.segments.iter().filter_map(|segment| match segment {
        Segment::Pause((x, y, w, h), true) => {
            let middle = if scene.0.frame.narrow { (x + w / 2.0, *y) } else { (*x, y + h / 2.0) };
            Some(circle("movedot", Point { x: middle.0, y: middle.1 }, 4.0))
        }
        _ => None,
    });
    let cuts = scene.0.wedges.iter().filter(|wedge| wedge.by_hand).map(|wedge| circle("movedot", wedge.start, 4.0));
    html! { <g class="moves">{ for moved }{ for ignored }{ for twice }{ for pauses }{ for cuts }</g> }
}

/// Events.
pub fn marks(LayerProps { scene, number }: &LayerProps) -> Html {
    let scene = &scene.0;
    let all: Vec<Rc<Drawn>> = scene.marks.iter().map(|mark| mark.drawn.clone()).collect();
    let along = |mark: &Drawn| scene.frame.spot(mark.at).along;
    let parts = in_parts(&all, &scene.frame, along).map(|few| Few { few: few.to_vec(), number: *number });
    let marks = parts.map(|few| {
        part(few, |Few { few, number }| html! { <>{ for few.iter().map(|mark| mark_group(mark, *number)) }</> })
    });
    html! { <><g class="marks">{ for marks }</g>{ for scene.violations.iter().map(violation) }</> }
}

fn mark_group(mark: &Drawn, number: u32) -> Html {
    let glyphs = mark.glyphs.iter().map(|glyph| path(glyph.class, &glyph.path));
    html! {
        <g key={mark.name.clone()} id={event_id(number, &mark.name)} role="button" tabindex="-1" aria-label={mark.said.clone()}
            data-event={mark.name.clone()}>
            { for glyphs }
            { circle("hit", mark.at, 7.0) }
        </g>
    }
}

/// What breaks, joined to what contradicts it.
pub fn violation(violation: &Violation) -> Html {
    let clashes = violation.others.iter().map(|other| {
        html! { <>{ line("clash", (violation.shows, *other)) }{ circle("clash-d", *other, 3.5) }</> }
    });
    html! {
        <g class="violation">
            { for clashes }
            if !violation.others.is_empty() { { circle("clash-d", violation.shows, 3.5) } }
            { path("octagon", &violation.octagon) }
            { path("vx", &violation.cross) }
        </g>
    }
}

/// What [`labels`] is given.
#[derive(Clone, PartialEq)]
pub struct LabelsProps {
    /// The scene.
    pub scene: Same<Scene>,
    /// Which of its labels tell of what has not happened yet: they are pale as a whole, never half.
    pub later: Vec<bool>,
}

/// A label stands this far from its mark, at most, and still belongs to the mark's moment.
const LABEL_REACH: f64 = 18.0;

/// Which labels of a scene tell of what has not happened at a moment.
#[must_use]
pub fn later(scene: &Scene, at: Time) -> Vec<bool> {
    let now = scene.frame.near(at) + LABEL_REACH;
    let stands_later = |label: &Label| scene.frame.spot(label.at).along > now;
    scene.labels.iter().map(|label| label.of.map_or_else(|| stands_later(label), |of| of > at)).collect()
}

/// Texts.
pub fn labels(LabelsProps { scene, later }: &LabelsProps) -> Html {
    let labels = scene.0.labels.iter().zip(later).map(|(each, later)| label(each, *later));
    html! { <g class="labels" aria-hidden="true">{ for labels }</g> }
}

fn label(label: &Label, later: bool) -> Html {
    let class = match label.look {
        Look::Plain => "el",
        Look::Strong => "el b",
        Look::Hand => "el hl-t",
        Look::Bad => "el bad-t",
        Look::Quiet => "el q",
        Look::Epoch => "ep",
    };
    let anchor = match label.anchor {
        Anchor::Start => None,
        Anchor::Middle => Some("middle"),
        Anchor::End => Some("end"),
    };
    html! {
        <text key={label.key.clone()} class={classes!(class, later.then_some("later"))} x={text(label.at.x)} y={text(label.at.y)} text-anchor={anchor}>
            { label.text.clone() }
        </text>
    }
}

/// The patterns of hatched wedges.
pub fn patterns(number: u32) -> Html {
    let hatch = |name: &str, slant: &'static str, class: &'static str| {
        html! {
            <pattern id={format!("{name}-{number}")} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={slant}>
                <line {class} x1="0" y1="0" x2="0" y2="6" />
            </pattern>
        }
    };
    html! { <defs>
        { hatch("hatch", "rotate(45)", "hl") }{ hatch("hatch-way", "rotate(-45)", "hl") }{ hatch("doubt", "rotate(-45)", "dl") }
    </defs> }
}

/// The part of the figure in which time passes, cut off at its edges.
pub fn clipped(frame: &Frame, children: Html) -> Html {
    let (x, y, w, h) =
        frame.rect(spot(frame.along.0, frame.across.0 - 40.0), spot(frame.along.1 + 6.0, frame.across.1 + 8.0));
    let view = format!("{} {} {} {}", text(x), text(y), text(w), text(h));
    html! { <svg class="clip" x={text(x)} y={text(y)} width={text(w)} height={text(h)} viewBox={view}>{ children }</svg> }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Rows;
    use super::*;
    use crate::store::Window;
    use lightcone_engine::NodeId;

    #[test]
    fn what_comes_into_one_part_moves_nothing_in_the_others() {
        let window = Window { from: Time::ZERO, to: Time::from_millis(100) };
        let frame = Frame::new((1024.0, 0.0), false, window, Rows::lanes(vec![NodeId(0)]));
        // One begins before the figure and one is beyond its end.
        let mut all: Vec<Rc<f64>> = (0..120).map(|place| Rc::new(f64::from(place) * 9.0)).collect();
        let parts = |all: &[Rc<f64>]| -> Vec<Vec<Rc<f64>>> {
            in_parts(all, &frame, |along| *along).map(<[_]>::to_vec).collect()
        };
        let before = parts(&all);
        assert_eq!(before.concat(), all);
        all.insert(60, Rc::new(*all[59] + 0.1));
        let after = parts(&all);
        assert_eq!(after.concat(), all);
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after);
        assert_eq!((before.len(), changed.count()), (after.len(), 1));
    }
}
