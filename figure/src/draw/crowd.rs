//! Messages and events of a figure in which there are more than can be read one by one: they are drawn in few paths, and
//! look as they do one by one.

use super::canvas::{Canvas, Kind, Subject, place};
use super::shapes::{circle, group, head_class, message_class, path, strokes};
use crate::layout::arrows::{Arrow, Ending};
use crate::layout::marks::{Drawn, Glyph, off};
use crate::plane::geometry::{Point, Rect};
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

/// Arrows that look alike lie over those before them here: where lines cross, what decides is on top.
const LOWEST_FIRST: [Style; 5] = [Style::Beat, Style::Client, Style::Permission, Style::Value, Style::Decision];

/// Draws arrows. Those that look alike share a path; what the reader dropped, is under way or waited is drawn by itself.
pub fn arrows(all: &[Rc<Arrow>], out: &mut dyn Canvas) {
    let apart = |arrow: &&Arrow| {
        let ending = matches!(arrow.ending, Ending::UnderWay(_) | Ending::Lost { by_hand: true, .. });
        ending || arrow.waited.is_some()
    };
    let (others, plain): (Vec<&Arrow>, Vec<&Arrow>) = all.iter().map(Rc::as_ref).partition(apart);
    for style in LOWEST_FIRST {
        for (reply, refuses) in [(false, false), (true, false), (false, true), (true, true)] {
            let alike = |arrow: &&&Arrow| (arrow.style, arrow.reply, arrow.refuses) == (style, reply, refuses);
            let few: Vec<&Arrow> = plain.iter().filter(alike).copied().collect();
            if !few.is_empty() {
                group(out, message_class(style, reply), |out| together(out, head_class(reply, refuses), &few));
            }
        }
    }
    others.iter().for_each(|arrow| strokes(out, arrow));
}

fn together(out: &mut dyn Canvas, head: &'static str, few: &[&Arrow]) {
    path(out, "way", &straight(few.iter().map(|arrow| arrow.line)));
    let heads: Vec<&str> = few.iter().filter_map(|arrow| arrow.head.as_deref()).collect();
    path(out, head, &heads.concat());
    place(out, |out| {
        let (mut crosses, mut rests, mut bars) = (String::new(), Vec::new(), Vec::new());
        for arrow in few {
            match &arrow.ending {
                Ending::Lost { cross, rest, .. } => {
                    crosses += cross;
                    rests.push(*rest);
                }
                Ending::Stopped(cross) => crosses += cross,
                Ending::Bar(bar) => bars.push(*bar),
                Ending::Head | Ending::UnderWay(_) => {}
            }
        }
        let all = [("rest", straight(rests)), ("x", crosses), ("stop", straight(bars))];
        all.iter().filter(|(_, data)| !data.is_empty()).for_each(|(class, data)| path(out, class, data));
    });
}

/// Draws marks, whose signs have edges of paper: no two signs that touch share a path. `frame`: whether time runs down, and
/// half the width of a lane's band.
pub fn marks(all: &[Rc<Drawn>], frame: (bool, f64), out: &mut dyn Canvas) {
    let glyphs = all.iter().flat_map(|mark| mark.glyphs.iter().map(|glyph| Place::of(glyph, mark.at, frame)));
    for (class, few) in layers(glyphs.map(|place| (place.glyph.class, place)), Place::touches) {
        let data: Vec<&str> = few.iter().map(|place| place.glyph.path.as_str()).collect();
        path(out, class, &data.concat());
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

/// Draws boxes, each with its class, its outline and its area. Those that lie side by side share a path.
pub fn boxes<'a>(all: impl Iterator<Item = (&'static str, &'a str, Rect)>, out: &mut dyn Canvas) {
    let boxes = all.map(|(class, outline, area)| (class, (outline, area)));
    for (class, few) in layers(boxes, |one, other| overlap(one.1, other.1)) {
        path(out, class, &few.iter().map(|each| each.0).collect::<Vec<_>>().concat());
    }
}

/// Edges of boxes that lie side by side are as thick as this.
const EDGE: f64 = 2.0;

fn overlap((x, y, w, h): Rect, (other_x, other_y, other_w, other_h): Rect) -> bool {
    let both = |a: f64, long: f64, b: f64, other: f64| (a + long).min(b + other) - a.max(b);
    both(x, w, other_x, other_w) > EDGE && both(y, h, other_y, other_h) > EDGE
}

/// Puts things that are drawn in this order into layers. Those of a layer are of one class, and nothing comes under a thing
/// before it that it meets.
fn layers<T>(
    things: impl Iterator<Item = (&'static str, T)>,
    meets: impl Fn(&T, &T) -> bool,
) -> Vec<(&'static str, Vec<T>)> {
    let mut layers: Vec<(&'static str, Vec<T>)> = Vec::new();
    for (class, thing) in things {
        let under = |(_, few): &(_, Vec<T>)| few.iter().rev().any(|each| meets(each, &thing));
        let free = layers.iter().rposition(under).map_or(0, |last| last + 1);
        match layers[free..].iter_mut().find(|layer| layer.0 == class) {
            Some((_, few)) => few.push(thing),
            None => layers.push((class, vec![thing])),
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_meets_keeps_its_order_and_the_rest_is_drawn_together() {
        let meets = |one: &i32, other: &i32| (one - other).abs() < 2;
        let things = [(1, "a"), (5, "b"), (9, "a"), (13, "b"), (10, "b"), (11, "a"), (30, "a")];
        let layers = layers(things.into_iter().map(|(place, class)| (class, place)), meets);
        let places: Vec<&[i32]> = layers.iter().map(|(_, few)| &few[..]).collect();
        assert_eq!(places, [&[1, 9, 30][..], &[5, 13, 10], &[11]]);
        let all: Vec<_> = layers.into_iter().flat_map(|(_, few)| few).collect();
        let place = |thing| all.iter().position(|each| *each == thing);
        for (number, (one, _)) in things.iter().enumerate() {
            let later = things[number + 1..].iter().filter(|(other, _)| meets(one, other));
            later.for_each(|(other, _)| assert!(place(*one) < place(*other), "{other} is over {one}"));
        }
    }
}
