//! A small picture of a whole run: lanes, epochs, messages, crashes and violations.

use super::canvas::{Canvas, Value};
use super::shapes::{group, head_class, lane_class, line, message_class, path, rect, tint};
use crate::layout::lanes::neighbours;
use crate::plane::geometry::{Point, within};
use crate::plane::pen::short;
use crate::read::history::{Cut, Operation, order};
use lightcone_engine::protocol::{Cause, Mark, Style};
use lightcone_engine::run::trace::{Deed, Fate, Message, Verdict};
use lightcone_engine::{Action, EventIndex, NodeId, Time, Trace};

/// The picture's width, in pixels.
pub const WIDTH: f64 = 280.0;
/// The picture's height, in pixels.
pub const HEIGHT: f64 = 92.0;
/// Half of a band around a lane.
const BAND: f64 = 5.5;
/// Half of a cut's wedge, and the distance of its strokes.
const WEDGE: f64 = 5.5;
const HATCH: f64 = 5.0;
/// Half of a client's box.
const BOX: f64 = 4.0;
/// More messages than these leave out signs of life.
const MANY: usize = 60;

/// Draws a run. What it opens with is shown; without that, all until its last event. The title beside it is its name.
pub fn thumbnail(trace: &Trace, stretch: Option<(Time, Time)>, out: &mut dyn Canvas) {
    let scale = Scale::of(trace, stretch);
    let view = format!("0 0 {} {}", short(WIDTH), short(HEIGHT));
    out.open(
        "svg",
        &["class", "viewBox", "aria-hidden"],
        &[Value::Fixed("thumb"), Value::Text(&view), Value::Fixed("true")],
    );
    group(out, "", |out| stretches(out, trace, &scale, true));
    group(out, "", |out| Cut::of_all(trace).iter().for_each(|cut| wedges(out, &scale, cut)));
    group(out, "", |out| messages(out, trace, &scale));
    group(out, "", |out| stretches(out, trace, &scale, false));
    group(out, "", |out| Operation::of_all(trace).iter().for_each(|each| client_box(out, trace, &scale, each)));
    group(out, "", |out| marks(out, trace, &scale));
    out.close();
}

/// Maps times and lanes to places in the picture.
struct Scale {
    from: f64,
    width: f64,
    order: Vec<NodeId>,
}

impl Scale {
    fn of(trace: &Trace, stretch: Option<(Time, Time)>) -> Scale {
        let last = trace.events.last().map_or(Time::ZERO, |event| event.at);
        let end = last.after(last.micros() / 24).min(trace.horizon());
        let (from, to) = stretch.unwrap_or((Time::ZERO, end));
        Scale { from: from.micros() as f64, width: to.since(from).max(1) as f64, order: order(trace) }
    }

    fn x(&self, at: Time) -> f64 {
        // Far outside it does not matter how far.
        within(WIDTH * (at.micros() as f64 - self.from) / self.width, -WIDTH, 2.0 * WIDTH)
    }

    fn y(&self, node: NodeId) -> f64 {
        let room = HEIGHT - 4.0 * BAND;
        let place = self.order.iter().position(|each| *each == node).unwrap_or(0);
        2.0 * BAND + room * place as f64 / (self.order.len().max(2) - 1) as f64
    }
}

/// Lanes in their weights, or the tints behind them.
fn stretches(out: &mut dyn Canvas, trace: &Trace, scale: &Scale, tints: bool) {
    for node in (0..trace.lanes().len() as u8).map(NodeId) {
        let own: Vec<_> = trace.statuses.iter().filter(|change| change.node == node).collect();
        for (place, change) in own.iter().enumerate() {
            let from = scale.x(trace.event(change.event).at);
            let to = own.get(place + 1).map_or(2.0 * WIDTH, |next| scale.x(trace.event(next.event).at));
            let y = scale.y(node);
            let epoch = change.status.map_or(0, |status| status.epoch);
            if tints && epoch > 0 {
                rect(out, tint(epoch), (from, y - BAND, to - from, 2.0 * BAND));
            }
            if !tints {
                let class = change.status.map_or("lane down", |status| lane_class(status.weight));
                line(out, class, (Point { x: from, y }, Point { x: to, y }));
            }
        }
    }
}

/// A cut: a wedge in each gap between lanes that it parts.
fn wedges(out: &mut dyn Canvas, scale: &Scale, cut: &Cut) {
    let (from, to) = (scale.x(cut.stretch.from), scale.x(cut.stretch.to));
    for (one, other) in neighbours(&scale.order, cut) {
        let y = f64::midpoint(scale.y(one), scale.y(other));
        let point = WEDGE.min((to - from) / 2.0);
        let (wide, high) = (to - from - 2.0 * point, 2.0 * WEDGE);
        let (p, w, back) = (short(point), short(WEDGE), short(-point));
        let edge = format!("M{}l{p} -{w}h{}l{p} {w}l{back} {w}h{}z", pair((from, y)), short(wide), short(-wide));
        let strokes = (0..(wide / HATCH) as u32).map(|place| {
            let x = from + point + f64::from(place) * HATCH + if cut.one_way { 0.0 } else { HATCH };
            let slant = if cut.one_way { HATCH } else { -HATCH };
            format!("M{}l{} {}", pair((x, y - WEDGE)), short(slant), short(high))
        });
        path(out, "wedge", &(edge + &strokes.collect::<String>()));
    }
}

/// A client's operation, from call to answer.
fn client_box(out: &mut dyn Canvas, trace: &Trace, scale: &Scale, operation: &Operation) {
    let node = operation.id.node;
    if trace.lanes().get(node.index()).is_none_or(|lane| !lane.client) {
        return;
    }
    let (from, y) = (scale.x(trace.event(operation.asked).at), scale.y(node) - BOX);
    let to = operation.answered.map_or(WIDTH, |(event, _)| scale.x(trace.event(event).at));
    let end = if operation.answered.is_some() { "z" } else { "" };
    path(out, "opb", &format!("M{}H{}v{}H{}{end}", pair((to, y)), short(from), short(2.0 * BOX), short(to)));
}

fn messages(out: &mut dyn Canvas, trace: &Trace, scale: &Scale) {
    let few = trace.messages.len() <= MANY;
    let told = trace.messages.iter().filter(|message| few || trace.kind(message.id).style != Style::Beat);
    told.take(2 * MANY).for_each(|message| arrow(out, trace, scale, message));
}

fn arrow(out: &mut dyn Canvas, trace: &Trace, scale: &Scale, message: &Message) {
    let kind = trace.kind(message.id);
    let from = (scale.x(message.sent), scale.y(message.id.from));
    let full = (scale.x(message.arrives), scale.y(message.id.to));
    let part = match message.fate {
        Fate::Delivered(_) | Fate::ReachedStopped | Fate::CutAtArrival => 1.0,
        Fate::InFlight | Fate::LostByLink | Fate::Dropped | Fate::CutAtSending => 0.55,
    };
    let to = (from.0 + (full.0 - from.0) * part, from.1 + (full.1 - from.1) * part);
    group(out, message_class(kind.style, false), |out| {
        line(out, "", (Point { x: from.0, y: from.1 }, Point { x: to.0, y: to.1 }));
        match message.fate {
            Fate::Delivered(_) => head(out, from, to, kind.reply, message.refusal.is_some()),
            Fate::InFlight => {}
            _ => cross(out, to, 2.2, "x"),
        }
    });
}

fn head(out: &mut dyn Canvas, from: (f64, f64), to: (f64, f64), reply: bool, refuses: bool) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.1);
    let (ux, uy) = (dx / length, dy / length);
    let (long, half) = if refuses { (1.0, 2.8) } else { (5.5, 2.2) };
    let base = (to.0 - ux * long, to.1 - uy * long);
    let (left, right) = ((base.0 - uy * half, base.1 + ux * half), (base.0 + uy * half, base.1 - ux * half));
    let shut = if reply || refuses { "" } else { "z" };
    let through = [("M", left), ("L", to), ("L", right)];
    let points = through.iter().filter(|(_, at)| !refuses || *at != to);
    let data = points.map(|(letter, at)| format!("{letter}{}", pair(*at))).collect::<String>() + shut;
    path(out, head_class(reply, refuses), &data);
}

fn marks(out: &mut dyn Canvas, trace: &Trace, scale: &Scale) {
    for (place, event) in trace.events.iter().enumerate() {
        let Some(node) = event.node else { continue };
        let at = (scale.x(event.at), scale.y(node));
        if matches!(event.cause, Cause::Act(Action::Crash(_))) {
            cross(out, at, 3.5, "g crash");
        }
        for deed in trace.deeds(EventIndex(place as u32)) {
            match deed {
                Deed::Marked(Mark::Elected, _) => path(out, "g elect", &format!("M{}v-11l7 3l-7 3", pair(at))),
                Deed::Marked(Mark::Appended, _) => square(out, at),
                Deed::Marked(Mark::Committed, _) => diamond(out, at, "g"),
                Deed::Marked(Mark::Aborted, _) => diamond(out, at, "g open"),
                _ => {}
            }
        }
    }
    for verdict in &trace.verdicts {
        let Verdict::Broken { event, .. } = verdict else { continue };
        let event = trace.event(*event);
        let y = event.node.map_or(HEIGHT / 2.0, |node| scale.y(node));
        octagon(out, (scale.x(event.at).min(WIDTH - 8.0), y));
    }
    if trace.verdicts.iter().any(|verdict| matches!(verdict, Verdict::CannotTell { .. })) {
        question(out, (WIDTH - 10.0, 10.0));
    }
}

fn pair((x, y): (f64, f64)) -> String {
    format!("{} {}", short(x), short(y))
}

fn cross(out: &mut dyn Canvas, (x, y): (f64, f64), half: f64, class: &'static str) {
    path(out, class, &format!("M{}l{w} {w}m0 -{w}l-{w} {w}", pair((x - half, y - half)), w = short(2.0 * half)));
}

fn square(out: &mut dyn Canvas, (x, y): (f64, f64)) {
    path(out, "g open", &format!("M{}h5v5h-5z", pair((x - 2.5, y - 2.5))));
}

fn diamond(out: &mut dyn Canvas, (x, y): (f64, f64), class: &'static str) {
    path(out, class, &format!("M{}l3.5 3.5l-3.5 3.5l-3.5 -3.5z", pair((x, y - 3.5))));
}

/// Nobody can tell: in the corner, for it is of the whole run.
fn question(out: &mut dyn Canvas, (x, y): (f64, f64)) {
    let ring = format!("M{}a6 6 0 1 1 12 0a6 6 0 1 1 -12 0", pair((x - 6.0, y)));
    let mark = format!("M{}a1.75 1.75 0 1 1 2.5 1.6c-.55 .25 -.8 .55 -.8 1.1m0 2.2v.05", pair((x - 1.7, y - 1.4)));
    path(out, "g open", &(ring + &mark));
}

fn octagon(out: &mut dyn Canvas, (x, y): (f64, f64)) {
    group(out, "g violation", |out| {
        path(out, "", &format!("M{}h5l3.5 3.5v5l-3.5 3.5h-5l-3.5 -3.5v-5z", pair((x - 2.5, y - 6.0))));
        path(out, "vx", &format!("M{}l4.4 4.4m0 -4.4l-4.4 4.4", pair((x - 2.2, y - 2.2))));
    });
}
