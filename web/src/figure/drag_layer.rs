//! Draws the message in the hand, as a layer of its own: the arrow, its grip, where it may go, and what stops it. Also
//! draws the ring around what a hand could take.

use super::hand::Held;
use crate::state::arrival::range;
use lightcone_engine::run::trace::Message;
use lightcone_engine::{MessageId, Time};
use lightcone_figure::draw::Canvas;
use lightcone_figure::draw::canvas::place;
use lightcone_figure::draw::shapes::{circle, group, line, message_class, path, words_at};
use lightcone_figure::layout::arrows::{self, facing_edge};
use lightcone_figure::plane::geometry::{Frame, Point, Spot, back, between, spot, within};
use lightcone_figure::plane::labels::Anchor;
use lightcone_figure::plane::pen::Pen;
use lightcone_figure::read::index::Index;
use lightcone_figure::read::words;
use lightcone_figure::scene::Scene;

/// The inputs of the layer.
pub struct DragLayer<'a> {
    /// The message in the hand.
    pub held: &'a Held,
    /// The run when it was taken.
    pub before: &'a Index,
    /// The frame that maps times and lanes to pixels.
    pub frame: &'a Frame,
    /// Whether a finger holds it: a ring shows where.
    pub finger: bool,
}

impl DragLayer<'_> {
    /// Draws the layer.
    pub fn draw(&self, out: &mut dyn Canvas) {
        let Some(message) = self.before.message(self.held.id) else { return };
        group(out, "hand-layer", |out| {
            place(out, |out| self.track(out));
            self.arrow(out, message);
            self.said(out);
        });
    }

    fn edge(&self) -> f64 {
        facing_edge(self.frame, self.held.id)
    }

    fn place(&self, along: f64, across: f64) -> Point {
        self.frame.point(spot(along, across))
    }

    /// The place of the grip.
    fn grip(&self) -> Spot {
        if self.held.off {
            return self.held.pointer;
        }
        spot(self.frame.near(self.held.at), self.edge())
    }

    /// Legal arrivals along the band's edge: stops at their ends, a notch per other delivery.
    fn track(&self, out: &mut dyn Canvas) {
        let (frame, edge) = (self.frame, self.edge());
        let range = &self.held.range;
        let shown = |at: Time| within(frame.near(at), frame.along.0, frame.along.1);
        let (first, last) = (shown(range.earliest.0), range.latest.map_or(frame.along.1, |latest| shown(latest.0)));
        let tick = |along: f64, reach: f64| (self.place(along, edge - reach), self.place(along, edge + reach));
        line(out, "range", (self.place(first, edge), self.place(last, edge)));
        if range.earliest.0 >= frame.window.from {
            line(out, "range", tick(first, 5.0));
        }
        if range.latest.is_some_and(|latest| latest.0 <= frame.window.to) {
            line(out, "range", tick(last, 5.0));
        }
        let inside = |at: &Time| *at >= range.earliest.0 && *at >= frame.window.from && *at <= frame.window.to;
        let within = |at: &Time| inside(at) && range.latest.is_none_or(|latest| *at <= latest.0);
        let notches = self.held.notches.iter().filter(|at| within(at));
        notches.for_each(|at| line(out, "snap", tick(frame.at(*at), 3.5)));
    }

    fn arrow(&self, out: &mut dyn Canvas, message: &Message) {
        let frame = self.frame;
        let kind = self.before.trace.kind(message.id);
        let class = message_class(kind.style, kind.reply);
        let (tail, _) = arrows::ends(self.before, frame, message);
        let grip = self.grip();
        let end = if self.held.off { back(tail, between(tail, grip, 0.94), 8.0) } else { back(tail, grip, 9.0) };
        group(out, "held", |out| {
            group(out, class, |out| line(out, "way", (frame.point(tail), frame.point(end))));
            place(out, |out| self.home(out));
            if self.held.off {
                path(out, "x hand", &Pen::new(frame).cross(grip, 6.0).data());
                return;
            }
            line(out, "stem", (frame.point(grip), self.place(grip.along, frame.lane(self.held.id.to))));
            self.knob(out, frame.point(grip));
        });
    }

    fn knob(&self, out: &mut dyn Canvas, at: Point) {
        if self.finger {
            circle(out, "finger", self.frame.point(self.held.pointer), 26.0);
        }
        circle(out, "halo", at, 16.0);
        circle(out, "grip", at, 8.0);
        // Two short lines across the way it can go.
        for offset in [-1.75, 1.75] {
            let (a, b) = if self.frame.narrow {
                (Point { x: at.x - 3.0, y: at.y + offset }, Point { x: at.x + 3.0, y: at.y + offset })
            } else {
                (Point { x: at.x + offset, y: at.y - 3.0 }, Point { x: at.x + offset, y: at.y + 3.0 })
            };
            line(out, "griplines", (a, b));
        }
    }

    /// The ring where it was, and dots from there.
    fn home(&self, out: &mut dyn Canvas) {
        let Some(home) = self.held.home else { return };
        let ring = self.place(self.frame.near(home), self.edge());
        if !self.held.off && home != self.held.at {
            line(out, "was", (ring, self.place(self.frame.near(self.held.at), self.edge())));
        }
        circle(out, "wasdot", ring, 3.5);
    }

    /// How far it was moved, that it would be dropped, or why it goes no further.
    fn said(&self, out: &mut dyn Canvas) {
        let grip = self.frame.point(self.grip());
        if self.held.off {
            let beside = Point { x: grip.x + 12.0, y: grip.y + 4.0 };
            return words_at(out, "hl-t", beside, Anchor::Start, words::DROP);
        }
        let reason = self.held.stop.and_then(|stop| stop.reason(&self.before.trace));
        if let Some(reason) = reason {
            return words_at(out, "hl-t", self.beyond(20.0), self.anchor(), &reason);
        }
        let Some(home) = self.held.home.filter(|home| *home != self.held.at) else { return };
        let shift = words::shift(home, self.held.at);
        let (from, to) = (self.frame.near(home), self.frame.near(self.held.at));
        let middle = f64::midpoint(from, to);
        if (to - from).abs() > 96.0 && !self.frame.narrow {
            let Point { x, .. } = self.place(middle, self.edge());
            return words_at(out, "hl-t", Point { x, y: self.beyond(18.0).y }, Anchor::Middle, &shift);
        }
        words_at(out, "hl-t", self.beyond(18.0), self.anchor(), &shift);
    }

    fn anchor(&self) -> Anchor {
        if self.frame.narrow { Anchor::Start } else { Anchor::Middle }
    }

    /// A text's place beyond the band's edge, clear of the halo.
    fn beyond(&self, out: f64) -> Point {
        let side = (self.edge() - self.frame.lane(self.held.id.to)).signum();
        let grip = self.frame.point(self.grip());
        if self.frame.narrow {
            return Point { x: grip.x + 20.0, y: grip.y - 10.0 };
        }
        let y = if side > 0.0 { grip.y + out + 8.0 } else { grip.y - out };
        Point { x: grip.x, y }
    }
}

/// The same message in the other run of a comparison: its arrow, where it was, and a ring that moves along.
pub fn echo(out: &mut dyn Canvas, before: &Index, frame: &Frame, id: MessageId, at: Time) {
    let Some(message) = before.message(id) else { return };
    let kind = before.trace.kind(id);
    let edge = facing_edge(frame, id);
    let grip = spot(frame.near(at), edge);
    let (ring, home) = (frame.point(grip), frame.point(spot(frame.near(message.drawn), edge)));
    let (tail, _) = arrows::ends(before, frame, message);
    group(out, "hand-layer", |out| {
        group(out, "held", |out| {
            let way = (frame.point(tail), frame.point(back(tail, grip, 9.0)));
            group(out, message_class(kind.style, kind.reply), |out| line(out, "way", way));
            if message.drawn != at {
                line(out, "was", (home, ring));
                circle(out, "wasdot", home, 3.5);
            }
            line(out, "stem", (ring, frame.point(spot(grip.along, frame.lane(id.to)))));
            circle(out, "echo", ring, 7.0);
        });
        words_at(out, "hl-t", Point { x: ring.x + 12.0, y: ring.y + 16.0 }, Anchor::Start, words::MOVES_ALONG);
    });
}

/// The ring at the head that a hand could take, and where it could go.
pub fn invitation(out: &mut dyn Canvas, scene: &Scene, id: MessageId) {
    let Some(arrow) = scene.arrows.iter().find(|arrow| arrow.id == id) else { return };
    let Some(message) = scene.index.message(id) else { return };
    let range = range(&scene.index.trace, message);
    let frame = &scene.frame;
    let edge = facing_edge(frame, id);
    let shown = |at: Time| within(frame.near(at), frame.along.0, frame.along.1);
    let last = range.latest.map_or(frame.along.1, |latest| shown(latest.0));
    let ends = (frame.point(spot(shown(range.earliest.0), edge)), frame.point(spot(last, edge)));
    group(out, "invite", |out| {
        line(out, "range", ends);
        circle(out, "take", arrow.grip, 9.0);
    });
}
