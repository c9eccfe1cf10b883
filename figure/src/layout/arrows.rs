//! Messages as arrows: a stroke for the kind, an ending for the fate.

use super::lanes;
use crate::plane::geometry::{Frame, Line, Point, Spot, back, between, corners, spot};
use crate::plane::pen::Pen;
use crate::read::index::Index;
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Source, Style, Weight};
use lightcone_engine::run::trace::{Deed, Fate, Message};
use lightcone_engine::{EventIndex, MessageId, Time};
use std::rc::Rc;

/// The most arrows in the figure at once; beyond, signs of life become ticks first, then replies that carry values.
pub const MOST_ARROWS: usize = 400;

/// A message as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The message that the arrow stands for.
    pub id: MessageId,
    /// The key of its element.
    pub name: String,
    /// The message in a sentence, for screen readers; empty for a ghost's arrow.
    pub said: String,
    /// The message's purpose, which decides its stroke.
    pub style: Style,
    /// Whether it answers another.
    pub reply: bool,
    /// Whether it says no: its head is a bar.
    pub refuses: bool,
    /// Where the sender is.
    pub tail: Spot,
    /// Where it ends, or would end.
    pub tip: Spot,
    /// When the message was sent, and when its line ends: at its arrival, its loss, or the end of the run.
    pub times: (Time, Time),
    /// The arrow's line from the sender to its end, without the head.
    pub line: Line,
    /// The head, as path data; none if it does not arrive.
    pub head: Option<String>,
    /// How the arrow ends, apart from its head.
    pub ending: Ending,
    /// Where it meets the lane of a node that ignores it.
    pub ignored: Option<Point>,
    /// Where the sender's "2" stands, if there are copies.
    pub twice: Option<Point>,
    /// Where it would have arrived before the reader moved it.
    pub moved: Option<Moved>,
    /// The line from a message's arrival to its delivery, at a node that was paused.
    pub waited: Option<Line>,
    /// The point at which a hand takes it.
    pub grip: Point,
}

/// How an arrow ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The arrow ends in its head.
    Head,
    /// Still under way when the run ends: a dot.
    UnderWay(Point),
    /// The arrow ends in a cross, and a dotted line goes on; it is orange if the reader dropped the message.
    Lost {
        /// Path data of the cross.
        cross: String,
        /// The way it would have gone.
        rest: Line,
        /// Whether the reader dropped it.
        by_hand: bool,
    },
    /// The arrow ends in a cross on the gap of a stopped node; the cross is path data.
    Stopped(String),
    /// The arrow ends in a bar at a cut.
    Bar(Line),
}

/// Traces of a message's place before the reader moved it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The ring at the arrival it would have had.
    pub ring: Point,
    /// The dots from there.
    pub dots: Line,
    /// The dot at its head.
    pub dot: Point,
}

/// The measures of a head: length and half its width.
#[must_use]
pub fn head_size(style: Style) -> (f64, f64) {
    match style {
        Style::Permission => (9.0, 3.6),
        Style::Value => (9.5, 3.8),
        Style::Decision => (10.5, 4.6),
        Style::Client => (8.0, 3.4),
        Style::Beat => (6.5, 2.8),
    }
}

/// Lays out one message. `size` makes the head smaller in a crowded figure.
#[must_use]
pub fn lay_out(index: &Index, frame: &Frame, message: &Message, size: f64) -> Arrow {
    let trace = &index.trace;
    let kind = trace.kind(message.id);
    let (tail, tip) = ends(index, frame, message);
    let (length, half) = head_size(kind.style);
    let refuses = message.refusal.is_some();
    let head = ArrowHead { length: length * size, half: half * size, filled: !kind.reply };
    let ending = ending(index, frame, message, tail, tip);
    let arrives = matches!(ending, Ending::Head);
    let (tip, ends) = match ending {
        Ending::UnderWay(at) => (frame.spot(at), under_way(index, message).1),
        _ => (tip, message.arrives),
    };
    let stop = match &ending {
        Ending::Head if refuses => back(tail, tip, NO_BEFORE),
        Ending::Head if head.filled => back(tail, tip, head.length - 0.5),
        Ending::Head => tip,
        Ending::UnderWay(_) => tip,
        Ending::Lost { .. } => back(tail, between(tail, tip, 0.55), 7.0),
        Ending::Stopped(_) => back(tail, tip, 5.0),
        Ending::Bar((a, b)) => between(frame.spot(*a), frame.spot(*b), 0.5),
    };
    Arrow {
        id: message.id,
        name: crate::read::words::message_name(trace, message.id),
        said: String::new(),
        style: kind.style,
        reply: kind.reply,
        refuses,
        tail,
        tip,
        times: (message.sent, ends),
        line: (frame.point(tail), frame.point(stop)),
        head: arrives.then(|| if refuses { no(frame, tail, tip) } else { head.path(frame, tail, tip) }),
        ignored: ignored(index, message).then(|| {
            let lane = frame.lane(message.id.to);
            frame.point(spot(tip.along, lane))
        }),
        twice: (message.id.copy == 0 && index.copied.contains(&message.id)).then(|| frame.point(tail)),
        moved: moved(frame, message),
        waited: waited(index, frame, message),
        grip: frame.point(grip(&ending, tail, tip)),
        ending,
    }
}

/// Whether a message is drawn and said like one of another run on the same ground (`read::alike`), in one frame and with heads of
/// one size.
#[must_use]
pub fn alike((old, was): (&Index, &Message), (new, is): (&Index, &Message)) -> bool {
    (was.id, was.sent, was.arrives, was.drawn) == (is.id, is.sent, is.arrives, is.drawn)
        && (was.source, was.waited_from, was.refusal) == (is.source, is.waited_from, is.refusal)
        && (Rc::ptr_eq(&was.payload, &is.payload) || was.payload.label() == is.payload.label())
        && fares_alike((old, was.fate), (new, is.fate))
        && old.copied.contains(&was.id) == new.copied.contains(&is.id)
        && edges(old, was) == edges(new, is)
}

/// What a cut stops is drawn by the cut.
fn fares_alike((old, was): (&Index, Fate), (new, is): (&Index, Fate)) -> bool {
    match (was, is) {
        (Fate::Delivered(one), Fate::Delivered(other)) => {
            old.trace.event(one).at == new.trace.event(other).at && why_ignored(old, one) == why_ignored(new, other)
        }
        _ => was == is && !matches!(is, Fate::CutAtSending | Fate::CutAtArrival),
    }
}

fn why_ignored(index: &Index, event: EventIndex) -> Option<Phrase> {
    index.trace.deeds(event).iter().find_map(|deed| match deed {
        Deed::Ignored(why) => Some(*why),
        _ => None,
    })
}

/// How heavy the lanes are at both ends of a message.
fn edges(index: &Index, message: &Message) -> [Option<Weight>; 2] {
    // A lane that turns at the very moment is as heavy as it was before.
    let arrival = Time::from_micros(under_way(index, message).0.micros().saturating_sub(1));
    [(message.id.from, message.sent), (message.id.to, arrival)].map(|(node, at)| {
        let status = index.lane(node).and_then(|lane| lane.span_at(at)).and_then(|span| span.status);
        status.map(|status| status.weight)
    })
}

/// The point at which a hand takes an arrow: the middle of its head, or the cross of a lost message.
fn grip(ending: &Ending, tail: Spot, tip: Spot) -> Spot {
    match ending {
        Ending::Lost { .. } => between(tail, tip, 0.55),
        Ending::UnderWay(_) => tip,
        Ending::Head | Ending::Stopped(_) | Ending::Bar(_) => back(tail, tip, 4.0),
    }
}

/// The two ends of an arrow, at the edges of the lanes; the end stops 1.5 pixels short.
#[must_use]
pub fn ends(index: &Index, frame: &Frame, message: &Message) -> (Spot, Spot) {
    let (from, to) = (frame.lane(message.id.from), frame.lane(message.id.to));
    let side = if to > from { 1.0 } else { -1.0 };
    let [here, there] = edges(index, message).map(|weight| match weight {
        // Clients' lanes carry boxes.
        Some(Weight::Client) => lanes::HALF_OPERATION,
        Some(weight) => lanes::half_weight(weight),
        None => 0.5,
    });
    let reaches = under_way(index, message).0;
    let stops = matches!(message.fate, Fate::ReachedStopped);
    let gap = if stops { 0.0 } else { there + 1.5 };
    let tail = spot(frame.near(message.sent), from + side * here);
    let tip = spot(frame.near(reaches), to - side * gap);
    (tail, tip)
}

/// Half the bar that a refusal has for a head, and how far it stops before the tip, which is itself short of the lane.
const NO_HALF: f64 = 4.5;
const NO_BEFORE: f64 = 1.0;

/// The bar across the line of a message that says no.
fn no(frame: &Frame, tail: Spot, tip: Spot) -> String {
    let (one, other) = corners(tail, tip, NO_BEFORE, NO_HALF);
    Pen::new(frame).from(one).to(other).data()
}

struct ArrowHead {
    length: f64,
    half: f64,
    filled: bool,
}

impl ArrowHead {
    fn path(&self, frame: &Frame, tail: Spot, tip: Spot) -> String {
        let (one, other) = corners(tail, tip, self.length, self.half);
        let pen = Pen::new(frame);
        if self.filled {
            pen.from(tip).to(one).to(other).close().data()
        } else {
            pen.from(one).to(tip).to(other).data()
        }
    }
}

/// The instant at which the line of a message under way would reach the other lane, and the instant at which the line ends.
/// Usually the line ends with the run. If the message is to arrive long after that, its slope would say nothing and its
/// line would cross much: the line is a stub, as steep as others.
fn under_way(index: &Index, message: &Message) -> (Time, Time) {
    let horizon = index.trace.horizon();
    let usual = message.sent.after(2 * index.trace.plan.model.links.mean_latency_micros());
    let stub = message.fate == Fate::InFlight && message.arrives > usual.max(horizon) && message.source != Source::Hand;
    if stub {
        let some = message.sent.after(usual.since(message.sent) * 2 / 5);
        (usual, some.min(horizon))
    } else {
        (message.arrives, message.arrives.min(horizon))
    }
}

fn ending(index: &Index, frame: &Frame, message: &Message, tail: Spot, tip: Spot) -> Ending {
    match message.fate {
        Fate::Delivered(_) => Ending::Head,
        Fate::InFlight if message.arrives <= index.trace.horizon() => Ending::Head,
        Fate::InFlight => {
            let (reaches, ends) = under_way(index, message);
            let part = ends.since(message.sent) as f64 / reaches.since(message.sent).max(1) as f64;
            Ending::UnderWay(frame.point(between(tail, tip, part.max(0.05))))
        }
        Fate::LostByLink | Fate::Dropped => {
            let at = between(tail, tip, 0.55);
            let by_hand = message.fate == Fate::Dropped && message.source == Source::Hand;
            let cross = Pen::new(frame).cross(at, if by_hand { 4.5 } else { 3.5 }).data();
            Ending::Lost { cross, rest: (frame.point(back(tip, at, 7.0)), frame.point(tip)), by_hand }
        }
        Fate::ReachedStopped => Ending::Stopped(Pen::new(frame).cross(tip, 3.5).data()),
        Fate::CutAtSending => Ending::Bar(bar(index, frame, message, message.sent, tail, tip)),
        Fate::CutAtArrival => Ending::Bar(bar(index, frame, message, message.arrives, tail, tip)),
    }
}

/// The bar where a message meets the wedge of the cut that stops it.
fn bar(index: &Index, frame: &Frame, message: &Message, at: Time, tail: Spot, tip: Spot) -> Line {
    let MessageId { from, to, .. } = message.id;
    let cut = index.cuts.iter().find(|cut| cut.stops(from, to, at));
    let gap = cut.and_then(|cut| {
        let gaps = lanes::gaps(frame, cut);
        let on_the_way = |across: &f64| (tail.across - across) * (tip.across - across) < 0.0;
        gaps.into_iter()
            .map(|(a, b)| f64::midpoint(frame.lane(a), frame.lane(b)))
            .filter(on_the_way)
            .min_by(|a, b| (a - tail.across).abs().total_cmp(&(b - tail.across).abs()))
    });
    let side = (tip.across - tail.across).signum();
    let across = gap.map_or_else(|| between(tail, tip, 0.45).across, |gap| gap - side * lanes::HALF_WEDGE);
    let part = (across - tail.across) / (tip.across - tail.across);
    let meets = between(tail, tip, part);
    (frame.point(spot(meets.along - 5.0, across)), frame.point(spot(meets.along + 5.0, across)))
}

fn ignored(index: &Index, message: &Message) -> bool {
    let Fate::Delivered(event) = message.fate else { return false };
    index.trace.deeds(event).iter().any(|deed| matches!(deed, Deed::Ignored(_)))
}

/// The edge of the receiver's band that faces the sender.
#[must_use]
pub fn facing_edge(frame: &Frame, id: MessageId) -> f64 {
    let (from, to) = (frame.lane(id.from), frame.lane(id.to));
    if to > from { to - frame.band } else { to + frame.band }
}

fn moved(frame: &Frame, message: &Message) -> Option<Moved> {
    let moved = message.source == Source::Hand
        && message.id.copy == 0
        && message.arrives != message.drawn
        && !matches!(message.fate, Fate::Dropped);
    moved.then(|| {
        let edge = facing_edge(frame, message.id);
        let ring = frame.point(spot(frame.near(message.drawn), edge));
        let head = frame.point(spot(frame.near(message.arrives), edge));
        Moved { ring, dots: (ring, head), dot: head }
    })
}

fn waited(index: &Index, frame: &Frame, message: &Message) -> Option<Line> {
    let from = message.waited_from?;
    let until = match message.fate {
        Fate::Delivered(event) => index.trace.event(event).at,
        _ => index.trace.horizon(),
    };
    let edge = facing_edge(frame, message.id);
    let near = frame.lane(message.id.to) + (edge - frame.lane(message.id.to)) * 0.5;
    Some((frame.point(spot(frame.near(from), near)), frame.point(spot(frame.near(until), near))))
}
