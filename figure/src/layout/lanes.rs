//! Lanes: bands for epochs, lines for roles, gaps, pauses, timers' slivers, clients' boxes, cuts' wedges.

use crate::plane::geometry::{Frame, Point, Rect, Spot, spot};
use crate::plane::labels::Area;
use crate::plane::pen::Pen;
use crate::read::history::Cut;
use crate::read::index::{Index, timer_end};
use crate::read::words;
use lightcone_engine::protocol::{Source, Weight};
use lightcone_engine::run::trace::{Timer, TimerEnd};
use lightcone_engine::{NodeId, Time, TimerId};

/// Half the width of a cut's wedge.
pub const HALF_WEDGE: f64 = 13.0;
const WEDGE_POINT: f64 = 14.0;
const WEDGE_EDGE: f64 = 5.0;
/// The room of the arrow in a one-way cut.
const ONE_WAY: f64 = 18.0;
/// Half the height of a client's box.
pub const HALF_OPERATION: f64 = 5.0;
const HALF_PAUSE: f64 = 3.5;
const SLIVER: f64 = 6.0;

/// A stretch of a lane in one epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The rectangle that is tinted.
    pub rect: Rect,
    /// The epoch's number, which decides the tint.
    pub epoch: u32,
    /// Where its number stands, if it starts here.
    pub start: Option<(NodeId, Spot)>,
}

/// A stretch of a lane's line.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// A line of this weight.
    Line(Weight, Point, Point),
    /// The node is crashed.
    Gap(Point, Point),
    /// The node stands still: a hollow box; and whether the reader made it.
    Pause(Rect, bool),
}

/// A timer, from its start to when it is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Sliver {
    /// The timer that the sliver stands for.
    pub id: TimerId,
    /// Path data of the sliver.
    pub path: String,
    /// Where it lies.
    pub area: Rect,
}

/// A client's operation.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationBox {
    /// Path data; open at its end while unanswered.
    pub path: String,
    /// Where it stands.
    pub area: Rect,
    /// Whether it breaks a property.
    pub broken: bool,
}

/// A cut, in the gap between two lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Wedge {
    /// Path data of its outline.
    pub path: String,
    /// Where it stands.
    pub area: Rect,
    /// The stretch of it that is in the window, without its points and the arrow in it.
    pub room: (f64, f64),
    /// Its middle, across.
    pub middle: f64,
    /// Whether it is the first of its cut, which says what it is.
    pub first: bool,
    /// Whose links it cuts, if others cross the same gap: "S1 to S4 cut".
    pub links: Option<String>,
    /// The instant at which it begins.
    pub since: Time,
    /// When it was healed; none if it lasts to the end of the run.
    pub healed: Option<Time>,
    /// Whether only messages from the one side are lost: it is hatched the other way.
    pub one_way: bool,
    /// Path data of the arrow in a one-way cut, if there is room for it.
    pub arrow: Option<String>,
    /// Whether the reader made it.
    pub by_hand: bool,
    /// Whether the reader only tries it.
    pub tried: bool,
    /// Where it begins.
    pub start: Point,
}

impl Wedge {
    /// The area that no other words may cover. Where lanes are close together, words may touch the wedge's edge.
    #[must_use]
    pub fn core(&self) -> Area {
        let (x, y, w, h) = self.area;
        let (along, across) = if w > h { (0.0, WEDGE_EDGE) } else { (WEDGE_EDGE, 0.0) };
        Area { left: x + along, top: y + across, right: x + w - along, bottom: y + h - across }
    }
}

/// Bands of all lanes in the window.
#[must_use]
pub fn bands(index: &Index, frame: &Frame) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for node in frame.wide() {
        let Some(history) = index.lane(node) else { continue };
        let mut before = 0;
        let mut open: Option<(u32, f64, bool)> = None;
        for span in &history.spans {
            let epoch = span.status.map_or(0, |status| status.epoch);
            if open.is_some_and(|(each, ..)| each == epoch) {
                continue;
            }
            bands.extend(close(frame, node, open.take(), frame.near(span.from)));
            if epoch != 0 {
                open = Some((epoch, frame.near(span.from), epoch != before));
                before = epoch;
            }
        }
        bands.extend(close(frame, node, open, frame.near(index.trace.horizon())));
    }
    bands
}

fn close(frame: &Frame, node: NodeId, open: Option<(u32, f64, bool)>, end: f64) -> Option<Band> {
    let (epoch, start, starts) = open?;
    let (a, b) = visible(frame, start, end)?;
    let lane = frame.lane(node);
    let rect = frame.rect(spot(a, lane - frame.band), spot(b, lane + frame.band));
    let inside = starts && start >= frame.along.0;
    Some(Band { rect, epoch, start: inside.then(|| (node, spot(start, lane))) })
}

pub(super) fn visible(frame: &Frame, start: f64, end: f64) -> Option<(f64, f64)> {
    let (a, b) = (start.max(frame.along.0), end.min(frame.along.1));
    (b > a).then_some((a, b))
}

/// Lines of all lanes in the window.
#[must_use]
pub fn segments(index: &Index, frame: &Frame) -> Vec<Segment> {
    let mut segments = Vec::new();
    for &node in &frame.order {
        let lane = frame.lane(node);
        let Some(history) = index.lane(node) else { continue };
        let forks = history.forks();
        let mut open: Option<(Option<Weight>, f64)> = None;
        let mut draw = |open: Option<(Option<Weight>, f64)>, end: f64| {
            let Some((weight, start)) = open else { return };
            // Where it forks, its branches are the lane.
            let mut from = start;
            for (fork, join) in
                forks.iter().map(|fork| (frame.near(fork.from), frame.near(fork.to))).chain([(end, end)])
            {
                let (a, b) = (from, fork.min(end));
                from = from.max(join);
                let Some((a, b)) = visible(frame, a, b) else { continue };
                let (a, b) = (frame.point(spot(a, lane)), frame.point(spot(b, lane)));
                segments.push(weight.map_or(Segment::Gap(a, b), |weight| Segment::Line(weight, a, b)));
            }
        };
        for span in &history.spans {
            let weight = span.status.map(|status| status.weight);
            if open.is_some_and(|(each, _)| each == weight) {
                continue;
            }
            draw(open, frame.near(span.from));
            open = Some((weight, frame.near(span.from)));
        }
        draw(open, frame.near(index.trace.horizon()));
        segments.extend(pauses(index, frame, node));
    }
    segments
}

fn pauses<'a>(index: &'a Index, frame: &'a Frame, node: NodeId) -> impl Iterator<Item = Segment> + 'a {
    let lane = frame.lane(node);
    let all = index.lane(node).map_or(&[][..], |history| &history.pauses);
    all.iter().filter_map(move |pause| {
        let (a, b) = visible(frame, frame.near(pause.from), frame.near(pause.to))?;
        let area = frame.rect(spot(a, lane - HALF_PAUSE), spot(b, lane + HALF_PAUSE));
        Some(Segment::Pause(area, pause.source == Source::Hand))
    })
}

/// Slivers of timers that fire inside the run.
#[must_use]
pub fn fired(index: &Index, frame: &Frame) -> Vec<Sliver> {
    let timers = index.timers_in(frame.window).iter();
    let fires = |timer: &&Timer| {
        matches!(timer.end, TimerEnd::Fired(_))
            && !index.is_quiet(timer)
            && !is_client(index, timer.id.node)
            && frame.shows(timer.id.node)
    };
    timers.filter(fires).map(|timer| sliver(index, frame, timer)).collect()
}

/// Slivers of timers that are armed at a moment and do not fire inside the run.
#[must_use]
pub fn pending(index: &Index, frame: &Frame, at: Time) -> Vec<Sliver> {
    let timers = index.timers_in(frame.window).iter();
    let armed = |timer: &&Timer| {
        timer.armed <= at
            && !matches!(timer.end, TimerEnd::Fired(_))
            && (timer_end(&index.trace, timer) > at || matches!(timer.end, TimerEnd::Armed))
            && !index.is_quiet(timer)
            && !is_client(index, timer.id.node)
            && frame.shows(timer.id.node)
    };
    timers.filter(armed).map(|timer| sliver(index, frame, timer)).collect()
}

/// Clients wait for answers: their boxes say so.
fn is_client(index: &Index, node: NodeId) -> bool {
    index.trace.lanes().get(node.index()).is_some_and(|lane| lane.client)
}

fn sliver(index: &Index, frame: &Frame, timer: &Timer) -> Sliver {
    let lane = frame.lane(timer.id.node);
    let status = index.lane(timer.id.node).and_then(|lane| lane.span_at(timer.armed)).and_then(|span| span.status);
    // Timers of one node lie on alternate sides, so that two of them can be told apart.
    let side = if timer.id.kind.is_multiple_of(2) { -1.0 } else { 1.0 };
    let foot = lane + side * status.map_or(1.0, |status| half_weight(status.weight) + 0.25);
    let (a, b) = (frame.near(timer.armed), frame.near(timer.due));
    // A timer that is due outside the window is cut off at the window's edge.
    let edge = b.min(frame.along.1);
    let left = side * SLIVER * (b - edge) / (b - a).max(0.1);
    let path = Pen::new(frame).from(spot(a, foot)).to(spot(a, foot + side * SLIVER));
    let path = path.to(spot(edge, foot + left)).to(spot(edge, foot)).close();
    let area = frame.rect(spot(a, foot), spot(edge, foot + side * SLIVER));
    Sliver { id: timer.id, path: path.data(), area }
}

/// Half the width of a lane's line.
#[must_use]
pub fn half_weight(weight: Weight) -> f64 {
    match weight {
        Weight::Follows => 0.75,
        Weight::Stands => 1.75,
        Weight::Leads => 3.0,
        Weight::Client => 0.6,
    }
}

/// Boxes of clients' operations in the window.
#[must_use]
pub fn operations(index: &Index, frame: &Frame) -> Vec<OperationBox> {
    let trace = &index.trace;
    let broken = trace.first_violation().map(|(_, event, breach)| (event, breach));
    let client = |node: NodeId| trace.lanes().get(node.index()).is_some_and(|lane| lane.client);
    let shown = index.operations.iter().filter(|each| client(each.id.node));
    let boxes = shown.filter_map(|each| {
        let end = each.answered.map(|(event, _)| frame.near(trace.event(event).at));
        let start = frame.near(trace.event(each.asked).at);
        let (from, to) = visible(frame, start, end.unwrap_or(frame.near(trace.horizon())))?;
        let broken = broken.is_some_and(|(event, breach)| {
            let own = [Some(each.asked), each.answered.map(|(event, _)| event)];
            own.into_iter().flatten().any(|own| own == event || breach.events.contains(&own))
        });
        let lane = frame.lane(each.id.node);
        let sides = (lane - HALF_OPERATION, lane + HALF_OPERATION);
        let area = frame.rect(spot(from, sides.0), spot(to, sides.1));
        Some(OperationBox { path: operation_path(frame, sides, start, end, trace.horizon()), area, broken })
    });
    boxes.collect()
}

/// The outline of an operation between two places across; open at its end while it is unanswered.
pub(super) fn operation_path(
    frame: &Frame,
    (near, far): (f64, f64),
    start: f64,
    end: Option<f64>,
    horizon: Time,
) -> String {
    let last = end.unwrap_or(frame.near(horizon));
    let pen = Pen::new(frame).from(spot(last, near)).to(spot(start, near)).to(spot(start, far)).to(spot(last, far));
    if end.is_some() { pen.close().data() } else { pen.data() }
}

/// Pairs of neighbouring lanes on different sides of a cut, the first on its `from` side.
#[must_use]
pub fn gaps(frame: &Frame, cut: &Cut) -> Vec<(NodeId, NodeId)> {
    let mut pairs = neighbours(&frame.order, cut);
    if pairs.is_empty() {
        // The sides do not touch: the cut is shown beside its first lane, towards the other side.
        pairs.extend(beside(frame, cut));
    }
    pairs
}

/// Neighbours in an order of lanes that are on different sides of a cut, the first on its `from` side.
#[must_use]
pub fn neighbours(order: &[NodeId], cut: &Cut) -> Vec<(NodeId, NodeId)> {
    let pairs = order.windows(2).filter_map(|pair| {
        let (a, b) = (pair[0], pair[1]);
        let straight = cut.from.contains(a) && cut.to.contains(b);
        let turned = cut.from.contains(b) && cut.to.contains(a);
        match (straight, turned) {
            (true, _) => Some((a, b)),
            (_, true) => Some((b, a)),
            _ => None,
        }
    });
    pairs.collect()
}

fn beside(frame: &Frame, cut: &Cut) -> Option<(NodeId, NodeId)> {
    let place = |node: NodeId| frame.order.iter().position(|each| *each == node);
    let (from, to) = (cut.from.iter().find_map(place)?, cut.to.iter().find_map(place)?);
    let next = if to > from { from + 1 } else { from.checked_sub(1)? };
    Some((frame.order[from], *frame.order.get(next)?))
}

/// Wedges of cuts in the window. The reader only tries what begins at `tried`.
#[must_use]
pub fn wedges(index: &Index, frame: &Frame, tried: Option<Time>) -> Vec<Wedge> {
    let mut wedges = Vec::new();
    for cut in &index.cuts {
        let (start, end) = (frame.near(cut.stretch.from), frame.near(cut.stretch.to));
        let Some((first, last)) = visible(frame, start, end) else { continue };
        let (first, last) = (first.max(start + WEDGE_POINT), last.min(end - WEDGE_POINT));
        let arrow = cut.one_way && last - first > ONE_WAY;
        for (place, (from, to)) in gaps(frame, cut).into_iter().enumerate() {
            let middle = f64::midpoint(frame.lane(from), frame.lane(to));
            let towards = (frame.lane(to) - frame.lane(from)).signum();
            wedges.push(Wedge {
                path: wedge_path(frame, start, end, middle),
                area: frame.rect(spot(start, middle - HALF_WEDGE), spot(end, middle + HALF_WEDGE)),
                room: (first + if cut.one_way { ONE_WAY } else { 2.0 }, last),
                middle,
                first: place == 0,
                links: words::links(&index.trace, cut),
                since: cut.stretch.from,
                healed: Some(cut.stretch.to).filter(|to| *to < index.trace.horizon()),
                one_way: cut.one_way,
                arrow: arrow.then(|| one_way(frame, first + ONE_WAY / 2.0, middle, towards)),
                by_hand: cut.source == Source::Hand,
                tried: cut.source == Source::Hand && tried == Some(cut.stretch.from),
                start: frame.point(spot(start, middle)),
            });
        }
    }
    wedges
}

fn wedge_path(frame: &Frame, start: f64, end: f64, middle: f64) -> String {
    let point = WEDGE_POINT.min((end - start) / 2.0);
    let (near, far) = (middle - HALF_WEDGE, middle + HALF_WEDGE);
    let corners = [
        spot(start, middle),
        spot(start + point, near),
        spot(end - point, near),
        spot(end, middle),
        spot(end - point, far),
        spot(start + point, far),
    ];
    corners.iter().skip(1).fold(Pen::new(frame).from(corners[0]), |pen, corner| pen.to(*corner)).close().data()
}

fn one_way(frame: &Frame, along: f64, middle: f64, towards: f64) -> String {
    let at = spot(along, middle);
    let tip = 7.0 * towards;
    Pen::new(frame)
        .stroke(at, &[(0.0, -tip), (0.0, tip)])
        .stroke(at, &[(-4.0, tip / 3.0), (0.0, tip), (4.0, tip / 3.0)])
        .data()
}
