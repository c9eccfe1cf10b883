//! The layers of a scene that depend only on the run and the viewport. Each layer is a part, which is drawn again only if
//! it changed.

use super::axis::{across, inside};
use super::canvas::{Canvas, Kind, Subject, Value, part, place};
use super::crowd::{self, is_crowded};
use super::shapes::{
    circle, filled, group, hatched, line, message_class, open_words, path, rect, stroke, tint, unheard, words_at,
};
use crate::by_pointer::ByPointer;
use crate::layout::arrows::Arrow;
use crate::layout::lanes::{OperationBox, Segment, Wedge};
use crate::layout::marks::{Drawn, Violation};
use crate::layout::{clients, conditions};
use crate::plane::geometry::{Frame, Point};
use crate::plane::labels::{Anchor, Label, Look};
use crate::plane::pen::straight;
use crate::scene::Scene;
use lightcone_engine::Time;
use lightcone_engine::protocol::ConditionKind;
use std::rc::Rc;

/// Bands, slivers and wedges: what lies under messages.
pub fn ground(scene: &ByPointer<Scene>, out: &mut dyn Canvas) {
    group(out, "bands", |out| scene.bands.iter().for_each(|band| rect(out, tint(band.epoch), band.rect)));
    place(out, |out| {
        let Some(cone) = &scene.cone else { return };
        if !cone.ahead {
            path(out, "cone", &cone.area);
        }
        path(out, "cone-e", &cone.edge);
    });
    place(out, |out| {
        let end = scene.index.trace.horizon();
        if let Some(along) = inside(&scene.frame, end).filter(|_| end < scene.frame.window.to) {
            line(out, "end", across(&scene.frame, along));
        }
    });
    group(out, "slivers", |out| scene.slivers.iter().for_each(|sliver| path(out, "burnt", &sliver.path)));
    group(out, "wedges", |out| scene.wedges.iter().for_each(|each| wedge(out, each)));
    place(out, |out| {
        let under = scene.conditions.iter().filter(|each| !is_lane(each.what));
        under.for_each(|each| condition(out, each));
    });
}

fn wedge(out: &mut dyn Canvas, wedge: &Wedge) {
    path(out, if wedge.tried { "wedge try" } else { "wedge" }, &wedge.path);
    hatched(out, &wedge.path, if wedge.one_way { HATCH_ONE_WAY } else { HATCH });
    if let Some(arrow) = &wedge.arrow {
        path(out, "wedge-way", arrow);
    }
}

/// Whether a condition is drawn as the lane itself, over messages.
fn is_lane(what: ConditionKind) -> bool {
    matches!(what, ConditionKind::InDoubt | ConditionKind::Sibling)
}

/// A ribbon, a dashed line, a bar, a branch of a lane, or a hatched lane.
fn condition(out: &mut dyn Canvas, drawn: &conditions::Drawn) {
    match drawn.what {
        ConditionKind::Locked => rect(out, "lock", drawn.area),
        ConditionKind::Waits | ConditionKind::HeldBack => line(out, "wait", drawn.line),
        ConditionKind::Queued => rect(out, if drawn.next { "item next" } else { "item" }, drawn.area),
        ConditionKind::Sibling => path(out, "lane branch", &drawn.branch),
        ConditionKind::InDoubt => {
            rect(out, "doubt", drawn.area);
            filled(out, drawn.area, HATCH_DOUBT);
        }
    }
}

const HATCH: &str = "hatch";
const HATCH_ONE_WAY: &str = "hatch-way";
const HATCH_DOUBT: &str = "doubt";

/// The patterns of cuts and of doubt.
pub fn patterns(out: &mut dyn Canvas) {
    const PATTERN: &[&str] = &["id", "width", "height", "patternUnits", "patternTransform"];
    out.open("defs", &[], &[]);
    for (name, slant, class) in
        [(HATCH, "rotate(45)", "hl"), (HATCH_ONE_WAY, "rotate(-45)", "hl"), (HATCH_DOUBT, "rotate(-45)", "dl")]
    {
        let side = Value::Length(6.0);
        out.open(
            "pattern",
            PATTERN,
            &[Value::Own(name), side, side, Value::Fixed("userSpaceOnUse"), Value::Fixed(slant)],
        );
        line(out, class, (Point::default(), Point { x: 0.0, y: 6.0 }));
        out.close();
    }
    out.close();
}

/// Messages and events are drawn in so many parts, by their time: few parts change from one frame to the next, and
/// what comes into one or leaves it moves nothing in the others. More parts would be more paths in a crowded figure.
const PARTS: u8 = 12;

/// What a part of the figure is made of.
struct Few<T, W> {
    items: Vec<Rc<T>>,
    within: W,
}

impl<T, W> Few<T, W> {
    fn of(items: &[Rc<T>], within: W) -> Few<T, W> {
        Few { items: items.to_vec(), within }
    }
}

impl<T: PartialEq, W: PartialEq> PartialEq for Few<T, W> {
    /// Most are the very same as in the last frame.
    fn eq(&self, other: &Few<T, W>) -> bool {
        let same = |(one, other): (&Rc<T>, &Rc<T>)| Rc::ptr_eq(one, other) || one == other;
        self.within == other.within
            && self.items.len() == other.items.len()
            && self.items.iter().zip(&other.items).all(same)
    }
}

/// Splits `all`, which is in order of time, by the parts of the figure in which each item stands (`along`).
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

/// Draws the messages that are not in the hand.
pub fn arrows(scene: &ByPointer<Scene>, out: &mut dyn Canvas) {
    let arrows: Vec<Rc<Arrow>> = scene.at_rest().cloned().collect();
    let crowded = out.gathers() && is_crowded(scene);
    group(out, "msgs", |out| {
        place(out, |out| {
            for ticks in &scene.left_out {
                part(out, ByPointer(ticks.clone()), |ticks, out| path(out, "thin", &ticks.path));
            }
        });
        let parts = in_parts(&arrows, &scene.frame, |arrow| arrow.tail.along);
        if crowded {
            parts.for_each(|few| part(out, Few::of(few, ()), |few, out| crowd::arrows(&few.items, out)));
        } else {
            parts.for_each(|few| {
                part(out, Few::of(few, ()), |few, out| few.items.iter().for_each(|arrow| message(out, arrow)));
            });
        }
    });
}

fn message(out: &mut dyn Canvas, arrow: &Arrow) {
    let subject = Subject { kind: Kind::Message, name: &arrow.name, said: &arrow.said };
    out.open_subject(message_class(arrow.style, arrow.reply), subject);
    stroke(out, arrow);
    circle(out, "hit", arrow.grip, 12.0);
    out.close();
}

/// Lanes and clients' boxes: over messages, so that a crossing arrow passes under.
pub fn lanes(scene: &ByPointer<Scene>, out: &mut dyn Canvas) {
    group(out, "lanes", |out| {
        place(out, |out| scene.segments.iter().for_each(|each| segment(out, each)));
        place(out, |out| {
            let lanes = scene.conditions.iter().filter(|each| is_lane(each.what));
            lanes.for_each(|each| condition(out, each));
        });
    });
    let crowded = out.gathers() && is_crowded(scene);
    let drawn = if crowded { operations_together } else { operations };
    group(out, "operations", |out| part(out, scene.operations.clone(), drawn));
}

fn segment(out: &mut dyn Canvas, segment: &Segment) {
    match segment {
        Segment::Line(weight, a, b) => line(out, super::shapes::lane_class(*weight), (*a, *b)),
        Segment::Gap(a, b) => line(out, "lane down", (*a, *b)),
        Segment::Pause(area, _) => rect(out, "lane paused", *area),
    }
}

fn operations(all: &Rc<Vec<OperationBox>>, out: &mut dyn Canvas) {
    all.iter().for_each(|each| path(out, operation_class(each), &each.path));
}

fn operations_together(all: &Rc<Vec<OperationBox>>, out: &mut dyn Canvas) {
    crowd::boxes(all.iter().map(|each| (operation_class(each), &*each.path, each.area)), out);
}

fn operation_class(operation: &OperationBox) -> &'static str {
    if operation.broken { "opb bad" } else { "opb" }
}

/// The clients' view, below the lanes, of a crowded figure.
pub fn clients_together(view: &Rc<clients::Drawn>, out: &mut dyn Canvas) {
    group(out, "clients", |out| {
        line(out, "hair", view.hairline);
        place(out, |out| {
            let class = |wrong: bool| if wrong { "op bad" } else { "op" };
            crowd::boxes(view.boxes.iter().map(|each| (class(each.wrong), &*each.path, each.area)), out);
            path(out, "effect", &straight(view.boxes.iter().filter_map(|each| each.bar)));
        });
        if let Some((before, _)) = &view.before {
            path(out, "before", before);
        }
    });
}

/// The clients' view, below the lanes.
pub fn clients(view: &Rc<clients::Drawn>, out: &mut dyn Canvas) {
    group(out, "clients", |out| {
        line(out, "hair", view.hairline);
        place(out, |out| {
            for each in &view.boxes {
                path(out, if each.wrong { "op bad" } else { "op" }, &each.path);
                if let Some(bar) = each.bar {
                    line(out, "effect", bar);
                }
            }
        });
        if let Some((before, _)) = &view.before {
            path(out, "before", before);
        }
    });
}

/// Signs of the reader's moves, at rest.
pub fn moves(scene: &ByPointer<Scene>, out: &mut dyn Canvas) {
    group(out, "moves", |out| {
        for moved in scene.at_rest().filter_map(|arrow| arrow.moved.as_ref()) {
            line(out, "was", moved.dots);
            circle(out, "wasdot", moved.ring, 3.5);
            circle(out, "movedot", moved.dot, 4.0);
        }
        for (arrow, at) in scene.arrows.iter().filter_map(|arrow| Some((arrow, arrow.ignored?))) {
            let strike = (Point { x: at.x - 3.5, y: at.y - 3.5 }, Point { x: at.x + 3.5, y: at.y + 3.5 });
            group(out, message_class(arrow.style, false), |out| {
                circle(out, "ign", at, 5.0);
                line(out, "ign", strike);
            });
        }
        for at in scene.arrows.iter().filter_map(|arrow| arrow.twice) {
            circle(out, "twice", at, 7.0);
            words_at(out, "twice-t", Point { x: at.x, y: at.y + 4.0 }, Anchor::Middle, "2");
        }
        for segment in &scene.segments {
            if let Segment::Pause((x, y, w, h), true) = segment {
                let (x, y) = if scene.frame.narrow { (x + w / 2.0, *y) } else { (*x, y + h / 2.0) };
                circle(out, "movedot", Point { x, y }, 4.0);
            }
        }
        let cuts = scene.wedges.iter().filter(|wedge| wedge.by_hand && !wedge.tried);
        cuts.for_each(|wedge| circle(out, "movedot", wedge.start, 4.0));
    });
}

/// Draws the events' marks, and over them what breaks.
pub fn marks(scene: &ByPointer<Scene>, out: &mut dyn Canvas) {
    let all: Vec<Rc<Drawn>> = scene.marks.iter().map(|mark| mark.drawn.clone()).collect();
    let crowded = out.gathers() && is_crowded(scene);
    group(out, "marks", |out| {
        let parts = in_parts(&all, &scene.frame, |mark| scene.frame.spot(mark.at).along);
        if crowded {
            let frame = (scene.frame.narrow, scene.frame.band);
            parts.for_each(|few| {
                part(out, Few::of(few, frame), |few, out| crowd::marks(&few.items, few.within, out));
            });
        } else {
            parts.for_each(|few| {
                part(out, Few::of(few, ()), |few, out| few.items.iter().for_each(|mark| event(out, mark)));
            });
        }
    });
    place(out, |out| scene.violations.iter().for_each(|each| violation(out, each)));
}

fn event(out: &mut dyn Canvas, mark: &Drawn) {
    out.open_subject("", Subject { kind: Kind::Event, name: &mark.name, said: &mark.said });
    mark.glyphs.iter().for_each(|glyph| path(out, glyph.class, &glyph.path));
    circle(out, "hit", mark.at, 7.0);
    out.close();
}

/// Draws a violation, with lines to the events that contradict it.
pub fn violation(out: &mut dyn Canvas, violation: &Violation) {
    group(out, "violation", |out| {
        for other in &violation.others {
            line(out, "clash", (violation.shows, *other));
            circle(out, "clash-d", *other, 3.5);
        }
        if !violation.others.is_empty() {
            circle(out, "clash-d", violation.shows, 3.5);
        }
        path(out, "octagon", &violation.octagon);
        path(out, "vx", &violation.cross);
    });
}

/// The inputs of [`labels`].
#[derive(PartialEq)]
pub struct Labels {
    /// The scene whose labels are drawn.
    pub scene: ByPointer<Scene>,
    /// Which of its labels tell of what has not happened yet: they are pale as a whole, never half.
    pub later: Vec<bool>,
}

/// A label stands this far from its mark, at most, and still belongs to the mark's moment.
const LABEL_REACH: f64 = 18.0;

/// Which labels of a scene tell of what has not happened at a moment.
#[must_use]
pub fn later(scene: &Scene, at: Time) -> Vec<bool> {
    scene.labels.iter().map(|label| is_later(scene, label, at)).collect()
}

fn is_later(scene: &Scene, label: &Label, at: Time) -> bool {
    let stands_later = || scene.frame.spot(label.at).along > scene.frame.near(at) + LABEL_REACH;
    label.of.map_or_else(stands_later, |of| of > at)
}

/// Draws the labels; those of what comes later are pale.
pub fn labels(Labels { scene, later }: &Labels, out: &mut dyn Canvas) {
    unheard(out, "labels", |out| {
        scene.labels.iter().zip(later).for_each(|(each, later)| label(out, each, *later));
    });
}

/// Tells a newcomer where to take an arrow.
pub fn hint(out: &mut dyn Canvas, scene: &Scene, at: Time) {
    if let Some(hint) = &scene.hint {
        unheard(out, "labels newcomer", |out| label(out, hint, is_later(scene, hint, at)));
    }
}

fn label(out: &mut dyn Canvas, label: &Label, later: bool) {
    out.key(&label.key);
    open_words(out, label_class(label.look, later), label.at, label.anchor);
    out.text(&label.text);
    out.close();
}

fn label_class(look: Look, later: bool) -> &'static str {
    match (look, later) {
        (Look::Plain, false) => "el",
        (Look::Plain, true) => "el later",
        (Look::Strong, false) => "el b",
        (Look::Strong, true) => "el b later",
        (Look::Hand, false) => "el hl-t",
        (Look::Hand, true) => "el hl-t later",
        (Look::Bad, false) => "el bad-t",
        (Look::Bad, true) => "el bad-t later",
        (Look::Quiet, false) => "el q",
        (Look::Quiet, true) => "el q later",
        (Look::Epoch, false) => "ep",
        (Look::Epoch, true) => "ep later",
        (Look::Item, false) => "item-t",
        (Look::Item, true) => "item-t later",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::geometry::Rows;
    use crate::view::Window;
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
