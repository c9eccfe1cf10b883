//! The basic elements of all drawing. They have classes and SVG's own attributes only; colours are in the style sheet.

use super::canvas::{Canvas, Value};
use crate::layout::arrows::{Arrow, Ending};
use crate::plane::geometry::{Line, Point, Rect};
use crate::plane::labels::Anchor;
use Value::{Absent, Fixed, Length, Text};
use lightcone_engine::protocol::{Style, Weight};

const CLASS: &[&str] = &["class"];

/// Draws a group around what `draw` draws.
pub fn group(out: &mut dyn Canvas, class: &'static str, draw: impl FnOnce(&mut dyn Canvas)) {
    open_group(out, class);
    draw(out);
    out.close();
}

/// Opens a group.
pub fn open_group(out: &mut dyn Canvas, class: &'static str) {
    out.open("g", CLASS, &[if class.is_empty() { Absent } else { Fixed(class) }]);
}

/// A group of what those who hear the figure are told otherwise.
pub fn unheard(out: &mut dyn Canvas, class: &'static str, draw: impl FnOnce(&mut dyn Canvas)) {
    let class = if class.is_empty() { Absent } else { Fixed(class) };
    out.open("g", &["class", "aria-hidden"], &[class, Fixed("true")]);
    draw(out);
    out.close();
}

/// A straight line.
pub fn line(out: &mut dyn Canvas, class: &'static str, (a, b): Line) {
    let places = [Fixed(class), Length(a.x), Length(a.y), Length(b.x), Length(b.y)];
    out.open("line", &["class", "x1", "y1", "x2", "y2"], &places);
    out.close();
}

/// Draws a rectangle with sharp corners.
pub fn rect(out: &mut dyn Canvas, class: &'static str, area: Rect) {
    rounded(out, class, area, 0.0);
}

/// A rectangle whose corners are round.
pub fn rounded(out: &mut dyn Canvas, class: &'static str, area: Rect, corner: f64) {
    let corner = if corner > 0.0 { Length(corner) } else { Absent };
    rectangle(out, Fixed(class), area, [corner, Absent]);
}

/// A rectangle filled with a pattern.
pub fn filled(out: &mut dyn Canvas, area: Rect, pattern: &'static str) {
    rectangle(out, Absent, area, [Absent, Value::Fill(pattern)]);
}

fn rectangle(out: &mut dyn Canvas, class: Value<'static>, (x, y, w, h): Rect, [corner, fill]: [Value<'static>; 2]) {
    let values = [class, Length(x), Length(y), Length(w.max(0.0)), Length(h.max(0.0)), corner, fill];
    out.open("rect", &["class", "x", "y", "width", "height", "rx", "fill"], &values);
    out.close();
}

/// Draws a circle; the radius is in pixels.
pub fn circle(out: &mut dyn Canvas, class: &'static str, at: Point, radius: f64) {
    out.open("circle", &["class", "cx", "cy", "r"], &[Fixed(class), Length(at.x), Length(at.y), Length(radius)]);
    out.close();
}

/// Draws a path.
pub fn path(out: &mut dyn Canvas, class: &'static str, data: &str) {
    out.open("path", &["class", "d"], &[if class.is_empty() { Absent } else { Fixed(class) }, Text(data)]);
    out.close();
}

/// Path data filled with a pattern.
pub fn hatched(out: &mut dyn Canvas, data: &str, pattern: &'static str) {
    out.open("path", &["d", "fill"], &[Text(data), Value::Fill(pattern)]);
    out.close();
}

/// Draws a text; `anchor` says which end of it stands at the point.
pub fn words_at(out: &mut dyn Canvas, class: &'static str, at: Point, anchor: Anchor, words: &str) {
    open_words(out, class, at, anchor);
    out.text(words);
    out.close();
}

/// Opens a text.
pub fn open_words(out: &mut dyn Canvas, class: &'static str, at: Point, anchor: Anchor) {
    let anchor = match anchor {
        Anchor::Start => Absent,
        Anchor::Middle => Fixed("middle"),
        Anchor::End => Fixed("end"),
    };
    out.open("text", &["class", "x", "y", "text-anchor"], &[Fixed(class), Length(at.x), Length(at.y), anchor]);
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

/// The class that gives a message its stroke.
#[must_use]
pub fn message_class(style: Style, reply: bool) -> &'static str {
    match (style, reply) {
        (Style::Permission, false) => "m k-ballot",
        (Style::Permission, true) => "m k-ballot r",
        (Style::Value, false) => "m k-data",
        (Style::Value, true) => "m k-data r",
        (Style::Decision, false) => "m k-decide",
        (Style::Decision, true) => "m k-decide r",
        (Style::Client, false) => "m k-client",
        (Style::Client, true) => "m k-client r",
        (Style::Beat, false) => "m k-beat",
        (Style::Beat, true) => "m k-beat r",
    }
}

/// The class of a head: a bar if the message says no, open if it answers another, else filled.
pub fn head_class(reply: bool, refuses: bool) -> &'static str {
    match (refuses, reply) {
        (true, _) => "no",
        (false, true) => "ho",
        (false, false) => "hd",
    }
}

/// The strokes of an arrow.
pub fn stroke(out: &mut dyn Canvas, arrow: &Arrow) {
    line(out, "way", arrow.line);
    out.begin();
    if let Some(head) = &arrow.head {
        path(out, head_class(arrow.reply, arrow.refuses), head);
    }
    out.end();
    out.begin();
    match &arrow.ending {
        Ending::Head => {}
        Ending::UnderWay(at) => circle(out, "fly", *at, 4.0),
        Ending::Lost { cross, rest, by_hand } => {
            line(out, "rest", *rest);
            path(out, if *by_hand { "x hand" } else { "x" }, cross);
        }
        Ending::Stopped(cross) => path(out, "x", cross),
        Ending::Bar(bar) => line(out, "stop", *bar),
    }
    out.end();
    out.begin();
    if let Some(waited) = arrow.waited {
        line(out, "waited", waited);
    }
    out.end();
}

/// An arrow once more, over what lies on it.
pub fn strokes(out: &mut dyn Canvas, arrow: &Arrow) {
    group(out, message_class(arrow.style, arrow.reply), |out| stroke(out, arrow));
}
