//! Draws what is in the hand: the arrow, its grip, where it may go, and what stops it. A layer of its own.

use super::arrows::{self, facing_edge, stroke_class};
use super::draw::{circle, line, path, words_at};
use super::geometry::{Frame, Point, Spot, back, between, spot, within};
use super::hand::Held;
use super::index::Index;
use super::labels::Anchor;
use super::pen::Pen;
use super::words;
use lightcone_engine::Time;
use lightcone_engine::run::trace::Message;
use yew::prelude::*;

/// What the layer needs.
pub struct InHand<'a> {
    /// The message.
    pub held: &'a Held,
    /// The run when it was taken.
    pub before: &'a Index,
    /// Where things go.
    pub frame: &'a Frame,
    /// Whether a finger holds it: a ring shows where.
    pub finger: bool,
}

impl InHand<'_> {
    /// The layer.
    pub fn draw(&self) -> Html {
        let Some(message) = self.before.message(self.held.id) else { return html! {} };
        html! {
            <g class="hand-layer">
                { self.track() }
                { self.arrow(message) }
                { self.said() }
            </g>
        }
    }

    fn edge(&self) -> f64 {
        facing_edge(self.frame, self.held.id)
    }

    fn place(&self, along: f64, across: f64) -> Point {
        self.frame.point(spot(along, across))
    }

    /// Where the grip is.
    fn grip(&self) -> Spot {
        if self.held.off {
            return self.held.pointer;
        }
        spot(self.frame.near(self.held.at), self.edge())
    }

    /// Legal arrivals along the band's edge: stops at their ends, a notch per other delivery.
    fn track(&self) -> Html {
        let (frame, edge) = (self.frame, self.edge());
        let range = &self.held.range;
        let shown = |at: Time| within(frame.near(at), frame.along.0, frame.along.1);
        let (first, last) = (shown(range.earliest.0), range.latest.map_or(frame.along.1, |latest| shown(latest.0)));
        let tick = |along: f64, reach: f64| (self.place(along, edge - reach), self.place(along, edge + reach));
        let inside = |at: &Time| *at >= range.earliest.0 && *at >= frame.window.from && *at <= frame.window.to;
        let within = |at: &Time| inside(at) && range.latest.is_none_or(|latest| *at <= latest.0);
        let notches = self.held.notches.iter().filter(|at| within(at));
        html! { <>
            { line("range", (self.place(first, edge), self.place(last, edge))) }
            if range.earliest.0 >= frame.window.from { { line("range", tick(first, 5.0)) } }
            if range.latest.is_some_and(|latest| latest.0 <= frame.window.to) { { line("range", tick(last, 5.0)) } }
            { for notches.map(|at| line("snap", tick(frame.at(*at), 3.5))) }
        </> }
    }

    fn arrow(&self, message: &Message) -> Html {
        let frame = self.frame;
        let kind = self.before.trace.kind(message.id);
        let (tail, _) = arrows::ends(self.before, frame, message);
        let grip = self.grip();
        let class = classes!("m", stroke_class(kind.style), kind.reply.then_some("r"));
        if self.held.off {
            let cross = between(tail, grip, 0.94);
            let end = back(tail, cross, 8.0);
            return html! {
                <g class="held">
                    <g {class}>{ line("way", (frame.point(tail), frame.point(end))) }</g>
                    { self.home() }
                    { path("x hand", &Pen::new(frame).cross(grip, 6.0).data()) }
                </g>
            };
        }
        let lane = frame.lane(self.held.id.to);
        html! {
            <g class="held">
                <g {class}>
                    { line("way", (frame.point(tail), frame.point(back(tail, grip, 9.0)))) }
                </g>
                { self.home() }
                { line("stem", (frame.point(grip), self.place(grip.along, lane))) }
                { self.knob(frame.point(grip)) }
            </g>
        }
    }

    fn knob(&self, at: Point) -> Html {
        // Two short lines across the way it can go.
        let bar = |offset: f64| {
            let (a, b) = if self.frame.narrow {
                (Point { x: at.x - 3.0, y: at.y + offset }, Point { x: at.x + 3.0, y: at.y + offset })
            } else {
                (Point { x: at.x + offset, y: at.y - 3.0 }, Point { x: at.x + offset, y: at.y + 3.0 })
            };
            line("griplines", (a, b))
        };
        html! { <>
            if self.finger { { circle("finger", self.frame.point(self.held.pointer), 26.0) } }
            { circle("halo", at, 16.0) }
            { circle("grip", at, 8.0) }
            { bar(-1.75) }
            { bar(1.75) }
        </> }
    }

    /// The ring where it was, and dots from there.
    fn home(&self) -> Html {
        let Some(home) = self.held.home else { return html! {} };
        let ring = self.place(self.frame.near(home), self.edge());
        let dots = (!self.held.off && home != self.held.at)
            .then(|| line("was", (ring, self.place(self.frame.near(self.held.at), self.edge()))));
        html! { <>{ dots }{ circle("wasdot", ring, 3.5) }</> }
    }

    /// How far it was moved, that it would be dropped, or why it goes no further.
    fn said(&self) -> Html {
        let grip = self.frame.point(self.grip());
        if self.held.off {
            return words_at("hl-t", Point { x: grip.x + 12.0, y: grip.y + 4.0 }, Anchor::Start, words::DROP);
        }
        let reason = self.held.stop.and_then(|stop| stop.reason(&self.before.trace));
        if let Some(reason) = reason {
            return words_at("hl-t", self.beyond(20.0), self.anchor(), &reason);
        }
        let Some(home) = self.held.home.filter(|home| *home != self.held.at) else { return html! {} };
        let shift = words::shift(home, self.held.at);
        let (from, to) = (self.frame.near(home), self.frame.near(self.held.at));
        let middle = f64::midpoint(from, to);
        if (to - from).abs() > 96.0 && !self.frame.narrow {
            let Point { x, .. } = self.place(middle, self.edge());
            return words_at("hl-t", Point { x, y: self.beyond(18.0).y }, Anchor::Middle, &shift);
        }
        words_at("hl-t", self.beyond(18.0), self.anchor(), &shift)
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
