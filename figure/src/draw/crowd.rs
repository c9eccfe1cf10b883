//! Messages and events of a figure in which there are more than can be read one by one: they are drawn in few paths, and
//! look as they do one by one.

use super::canvas::{Canvas, Kind, Subject};
use super::shapes::{circle, group, head_class, message_class, path, strokes};
use crate::layout::arrows::{Arrow, Ending};
use crate::layout::marks::{Drawn, Glyph, off};
use crate::plane::geometry::{Point, Spot, spot, to_line};
use crate::plane::pen::straight;
use crate::scene::Scene;
use crate::view::Selection;
use lightcone_engine::protocol::Style;
use std::rc::Rc;

/// So many arrows and marks together are drawn one by one, each an element with a name. Every run of the gallery opens with
/// fewer, and a frame that moves all of them takes some three milliseconds; with ten times as many it takes forty.
pub const READABLE: usize = 300;

/// Whether there is more in a scene than can be read one by one.
#[must_use]
pub fn is_crowded(scene: &Scene) -> bool {
    scene.arrows.len() + scene.marks.len() > READABLE
}

/// What is chosen is an element of its own, with its name, wherever it is drawn.
pub fn chosen(out: &mut dyn Canvas, scene: &Scene, selection: Selection) {
    let Some(named) = scene.named(selection) else { return };
    let (kind, reach) = if named.message { (Kind::Message, 12.0) } else { (Kind::Event, 7.0) };
    out.open_subject("", Subject { kind, name: &named.name, said: &named.said });
    circle(out, "hit", named.at, reach);
    out.close();
}

/// How arrows look that share a path.
type Look = (Style, bool, bool);

/// Draws arrows. Those that look alike share a path, and none is under another that it was over.
pub fn arrows(all: &[Rc<Arrow>], out: &mut dyn Canvas) {
    let alone = |arrow: &Arrow| arrow.ending != Ending::Head || arrow.waited.is_some();
    let look = |arrow: &Arrow| (arrow.style, arrow.reply, arrow.refuses);
    let arrows = all.iter().map(|arrow| (Some(look(arrow)).filter(|_| !alone(arrow)), &**arrow));
    // Where arrows of one look cross, nobody sees which is over the other.
    for (look, few) in layers(arrows, |one, other, alike| !alike && cross(one, other)) {
        match look {
            Some(look) => together(out, look, &few),
            None => few.iter().for_each(|arrow| strokes(out, arrow)),
        }
    }
}

fn together(out: &mut dyn Canvas, (style, reply, refuses): Look, few: &[&Arrow]) {
    group(out, message_class(style, reply), |out| {
        path(out, "way", &straight(few.iter().map(|arrow| arrow.line)));
        let heads: Vec<&str> = few.iter().filter_map(|arrow| arrow.head.as_deref()).collect();
        path(out, head_class(reply, refuses), &heads.concat());
    });
}

/// Arrows nearer than this may cover each other: half of two heads, or of two strokes.
const NEAR: f64 = 10.0;

fn cross(one: &Arrow, other: &Arrow) -> bool {
    let ends = |arrow: &Arrow| (arrow.tail.along.min(arrow.tip.along), arrow.tail.along.max(arrow.tip.along));
    let (a, b) = (ends(one), ends(other));
    if a.0 > b.1 + NEAR || b.0 > a.1 + NEAR {
        return false;
    }
    let near = |arrow: &Arrow, other: &Arrow| {
        [other.tail, other.tip].iter().any(|end| to_line(*end, arrow.tail, arrow.tip) <= NEAR)
    };
    near(one, other) || near(other, one) || parted(one, other) && parted(other, one)
}

/// Whether the ends of the other arrow are on two sides of this one's line.
fn parted(one: &Arrow, other: &Arrow) -> bool {
    let Spot { along, across } = one.tail;
    let way = spot(one.tip.along - along, one.tip.across - across);
    let side = |end: Spot| way.along * (end.across - across) - way.across * (end.along - along);
    side(other.tail) * side(other.tip) <= 0.0
}

/// Draws marks, whose signs have edges of paper: no two signs that touch share a path. `frame`: whether time runs down, and
/// half the width of a lane's band.
pub fn marks(all: &[Rc<Drawn>], frame: (bool, f64), out: &mut dyn Canvas) {
    let glyphs = all.iter().flat_map(|mark| mark.glyphs.iter().map(|glyph| Place::of(glyph, mark.at, frame)));
    let glyphs = glyphs.map(|place| (Some(place.glyph.class), place));
    for (class, few) in layers(glyphs, |one, other, _| one.touches(other)) {
        let data: Vec<&str> = few.iter().map(|place| place.glyph.path.as_str()).collect();
        path(out, class.unwrap_or_default(), &data.concat());
    }
}

/// A sign, and the square around it.
struct Place<'a> {
    glyph: &'a Glyph,
    middle: Point,
    half: f64,
}

impl Place<'_> {
    fn of(glyph: &Glyph, at: Point, (narrow, band): (bool, f64)) -> Place<'_> {
        let ((along, across), half) = off(glyph.class, band);
        let (x, y) = if narrow { (across, along) } else { (along, across) };
        Place { glyph, middle: Point { x: at.x + x, y: at.y + y }, half }
    }

    fn touches(&self, other: &Place<'_>) -> bool {
        let near = self.half + other.half;
        (self.middle.x - other.middle.x).abs() < near && (self.middle.y - other.middle.y).abs() < near
    }
}

/// Puts things that are drawn in this order into layers. Those of a layer look alike; what has no look is alone in its layer.
/// Nothing comes under a thing before it that it meets.
fn layers<T, L: PartialEq + Copy>(
    things: impl Iterator<Item = (Option<L>, T)>,
    meets: impl Fn(&T, &T, bool) -> bool,
) -> Vec<(Option<L>, Vec<T>)> {
    let mut layers: Vec<(Option<L>, Vec<T>)> = Vec::new();
    for (look, thing) in things {
        let under = |(other, few): &(Option<L>, Vec<T>)| {
            let alike = look.is_some() && look == *other;
            few.iter().rev().any(|each| meets(each, &thing, alike))
        };
        let free = layers.iter().rposition(under).map_or(0, |last| last + 1);
        match layers[free..].iter_mut().find(|layer| look.is_some() && layer.0 == look) {
            Some((_, few)) => few.push(thing),
            None => layers.push((look, vec![thing])),
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_meets_keeps_its_order_and_the_rest_is_drawn_together() {
        let meets = |one: &(i32, char), other: &(i32, char), _: bool| (one.0 - other.0).abs() < 2;
        let things = [(1, 'a'), (5, 'b'), (9, 'a'), (13, 'b'), (10, 'b'), (11, 'a'), (30, 'a'), (2, '-')];
        let look = |thing: (i32, char)| Some(thing.1).filter(|look| *look != '-');
        let layers = layers(things.into_iter().map(|thing| (look(thing), thing)), meets);
        let places: Vec<Vec<i32>> = layers.iter().map(|(_, few)| few.iter().map(|thing| thing.0).collect()).collect();
        assert_eq!(places, [vec![1, 9, 30], vec![5, 13, 10], vec![11], vec![2]]);
        let all: Vec<_> = layers.into_iter().flat_map(|(_, few)| few).collect();
        let place = |thing| all.iter().position(|each| *each == thing);
        for (number, one) in things.iter().enumerate() {
            let later = things[number + 1..].iter().filter(|other| meets(one, other, false));
            later.for_each(|other| assert!(place(*one) < place(*other), "{other:?} is over {one:?}"));
        }
    }
}
