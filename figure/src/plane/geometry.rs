//! Maps moments and lanes to pixels. Only a frame knows whether time runs to the right (wide) or down (narrow); all other
//! code speaks of *along* (time) and *across* (lanes).

use crate::view::{SHORTEST_WINDOW_MICROS, Window};
use lightcone_engine::{NodeId, NodeSet, Time};

/// A place on the screen, in CSS pixels from the figure's corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A place in the figure's own directions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// In the direction of time, in pixels.
    pub along: f64,
    /// In the direction from lane to lane, in pixels.
    pub across: f64,
}

/// A straight line: its two ends.
pub type Line = (Point, Point);

/// A rectangle: x, y, width, height.
pub type Rect = (f64, f64, f64, f64);

/// The spot at these distances from the figure's corner.
#[must_use]
pub const fn spot(along: f64, across: f64) -> Spot {
    Spot { along, across }
}

/// `value`, or the bound that it is beyond. The standard library's `clamp` is not used: its panic brings all
/// printing of floats into the page (7 kB when sent).
#[must_use]
pub fn within(value: f64, least: f64, most: f64) -> f64 {
    value.max(least).min(most)
}

/// In a narrower box, time runs down. In pixels.
pub const NARROW_BOX: f64 = 560.0;
/// The band around a lane is twice this wide.
pub const HALF_BAND: f64 = 13.0;
const HALF_BAND_NARROW: f64 = 12.0;
const AXIS: f64 = 36.0;
/// The column of lane heads, and the gap after it.
pub const HEADS: f64 = 176.0;
const END: f64 = 16.0;
/// The room under what stands across the figure.
pub const FOOT: f64 = 8.0;
const HEADS_NARROW: f64 = 66.0;
/// The axis of a figure in which time runs down: a column that stays while lanes are scrolled past it.
pub const AXIS_NARROW: f64 = 41.0;
const SIDE_NARROW: f64 = 19.0;
const LEAST_SIDE_NARROW: f64 = 1.0;
/// The least is less than the design's 72 for a page: many lanes at once are worth more than room between them.
const PITCH: (f64, f64) = (50.0, 112.0);
/// The least distance between lanes that makes room for the clients' view.
const PITCH_WITH_VIEW: f64 = 56.0;
const PITCH_NARROW: f64 = 58.0;
const PITCH_WITHOUT_HEIGHT: f64 = 92.0;
/// The height of a narrow figure that is given none, and the least of one that is: lower boxes scroll.
const HEIGHT_NARROW: f64 = 380.0;
const LEAST_HEIGHT_NARROW: f64 = 240.0;
/// The distance from thread to thread, and the room beside neighbouring threads.
const THREAD: f64 = 8.0;
const THREAD_SIDE: f64 = 4.0;
/// Half the height of an operation in the clients' view.
pub const HALF_OPERATION_ROW: f64 = 11.0;
const OPERATION_ROW: f64 = 36.0;
/// The distance from the lanes to the middle of the first row of clients.
const VIEW_HEAD: f64 = 30.0;
/// A lower figure has no clients' view.
const LEAST_HEIGHT_WITH_VIEW: f64 = 400.0;

/// The least and the most distance between lanes of two figures that stand one over the other, the room that few lanes
/// share, and how much more than that is too much for lanes on which nothing happens. They are as high as they need be.
const PITCH_OF_TWO: (f64, f64) = (48.0, 72.0);
const ROOM_OF_TWO: f64 = 240.0;
const MOST_OF_TWO: f64 = 480.0;
/// The room over the lanes of a figure that has no axis.
const NO_AXIS: f64 = 12.0;

/// Where a figure stands. Of two with one axis the upper has it. Neither has room for the clients' view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stands {
    /// There is no other.
    #[default]
    Alone,
    /// It is the upper one of two.
    Above,
    /// It is the lower one of two.
    Below,
}

/// The rows that stand across the figure: lanes, and clients below them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Lanes by their place.
    pub order: Vec<NodeId>,
    /// Lanes on which nothing happens: they become threads if not all lanes fit.
    pub idle: NodeSet,
    /// Rows of the clients' view; they are left out if there is no room for them.
    pub clients: usize,
    /// Where the figure stands.
    pub stands: Stands,
}

impl Rows {
    /// Rows for these lanes only.
    #[must_use]
    pub fn lanes(order: Vec<NodeId>) -> Rows {
        Rows { order, ..Rows::default() }
    }
}

/// A box, a stretch of time and lanes in an order: where everything of the figure goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Whether time runs down.
    pub narrow: bool,
    /// The figure's width.
    pub width: f64,
    /// The figure's height.
    pub height: f64,
    /// The ends of the window, along.
    pub along: (f64, f64),
    /// The ends of lines through all lanes, across.
    pub across: (f64, f64),
    /// The distance from one lane to the next.
    pub pitch: f64,
    /// Half a band's width.
    pub band: f64,
    /// Whether it stands alone, or with another below or above it; where time runs down, it is seen alone.
    pub stands: Stands,
    /// The stretch of time shown.
    pub window: Window,
    /// Lanes by their place in the figure.
    pub order: Vec<NodeId>,
    /// Lanes that are threads: nothing happens on them, and there is no room.
    pub threads: NodeSet,
    /// Threads that are neighbours: the middle of each group across, and how many they are.
    pub groups: Vec<(f64, usize)>,
    /// Rows of the clients' view.
    pub clients: usize,
    /// The end of the lanes, across.
    pub lanes_end: f64,
    places: Vec<f64>,
}

impl Frame {
    /// The frame for a box. Its height may be 0: then the figure takes what it needs.
    #[must_use]
    pub fn new((width, height): (f64, f64), narrow: bool, window: Window, rows: Rows) -> Frame {
        let lanes = rows.order.len().max(1) as f64;
        let stands = if narrow { Stands::Alone } else { rows.stands };
        let axis = if stands == Stands::Below { NO_AXIS } else { AXIS };
        let (first, free, least) = if narrow {
            (AXIS_NARROW, width - AXIS_NARROW - LEAST_SIDE_NARROW, PITCH_NARROW)
        } else if stands != Stands::Alone {
            (axis, MOST_OF_TWO, PITCH_OF_TWO.0)
        } else {
            (axis, if height > 0.0 { height - axis - FOOT } else { f64::MAX }, PITCH.0)
        };
        let mut frame = Frame { narrow, window, stands, ..Frame::empty(window) };
        if free / lanes < least {
            frame.threads = rows.idle;
        }
        let view = VIEW_HEAD - OPERATION_ROW / 2.0 + OPERATION_ROW * rows.clients as f64;
        let tall = height <= 0.0 || (height >= LEAST_HEIGHT_WITH_VIEW && (free - view) / lanes >= PITCH_WITH_VIEW);
        frame.clients = if tall && !narrow && stands == Stands::Alone { rows.clients } else { 0 };
        let view = if frame.clients > 0 { view } else { 0.0 };
        let (thin, wide) = frame.shares(&rows.order);
        let mut side = 0.0;
        frame.pitch = if narrow {
            let (pitch, after) = columns(width - thin, wide.max(1.0));
            side = after;
            pitch
        } else if stands != Stands::Alone {
            within((ROOM_OF_TWO - thin) / wide, PITCH_OF_TWO.0, PITCH_OF_TWO.1)
        } else if height > 0.0 {
            within((free - view - thin) / wide, PITCH.0, PITCH.1)
        } else {
            PITCH_WITHOUT_HEIGHT
        };
        frame.lanes_end = first + thin + frame.pitch * wide;
        if narrow {
            frame.width = frame.lanes_end + side;
            frame.height = if height > 0.0 { height.max(LEAST_HEIGHT_NARROW) } else { HEIGHT_NARROW };
            frame.along = (HEADS_NARROW, frame.height - 6.0);
            frame.across = (AXIS_NARROW - 7.0, frame.width - 8.0);
            frame.band = HALF_BAND_NARROW;
        } else {
            frame.width = width;
            frame.height = frame.lanes_end + view + FOOT;
            frame.along = (HEADS, (width - END).max(HEADS + 120.0));
            frame.across = (axis - 8.0, frame.height - FOOT);
            frame.band = HALF_BAND;
        }
        frame.settle(first, rows.order);
        frame
    }

    /// The room that threads take, and the number of lanes that share the rest.
    fn shares(&self, order: &[NodeId]) -> (f64, f64) {
        let (mut thin, mut wide, mut before) = (0.0, 0.0, false);
        for node in order {
            let thread = self.threads.contains(*node);
            match (thread, before) {
                (true, false) => thin += THREAD + 2.0 * THREAD_SIDE,
                (true, true) => thin += THREAD,
                (false, _) => wide += 1.0,
            }
            before = thread;
        }
        (thin, if order.is_empty() { 1.0 } else { wide })
    }

    /// Whether a lane is more than a thread.
    #[must_use]
    pub fn shows(&self, node: NodeId) -> bool {
        !self.threads.contains(node)
    }

    /// Lanes that are more than threads, by their place.
    pub fn wide(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.order.iter().copied().filter(|node| self.shows(*node))
    }

    /// Gives every lane its place.
    fn settle(&mut self, first: f64, order: Vec<NodeId>) {
        self.places = vec![first; order.iter().map(|node| node.index() + 1).max().unwrap_or(0)];
        let (mut at, mut before) = (first, false);
        for node in &order {
            let thread = self.threads.contains(*node);
            if thread != before {
                at += THREAD_SIDE;
            }
            if thread && !before {
                self.groups.push((at, 0));
            }
            let room = if thread { THREAD } else { self.pitch };
            self.places[node.index()] = at + room / 2.0;
            at += room;
            if let Some((middle, count)) = self.groups.last_mut().filter(|_| thread) {
                (*middle, *count) = (f64::midpoint(at, at - THREAD * (*count + 1) as f64), *count + 1);
            }
            before = thread;
        }
        self.order = order;
    }

    /// The middle of a row of the clients' view, across.
    #[must_use]
    pub fn row(&self, place: usize) -> f64 {
        self.lanes_end + VIEW_HEAD + OPERATION_ROW * place as f64
    }

    /// The same frame over another stretch of time.
    #[must_use]
    pub fn over(&self, window: Window) -> Frame {
        Frame { window, ..self.clone() }
    }

    fn empty(window: Window) -> Frame {
        Frame {
            narrow: false,
            width: 0.0,
            height: 0.0,
            along: (0.0, 1.0),
            across: (0.0, 0.0),
            pitch: 0.0,
            band: 0.0,
            stands: Stands::Alone,
            window,
            order: Vec::new(),
            threads: NodeSet::default(),
            groups: Vec::new(),
            clients: 0,
            lanes_end: 0.0,
            places: Vec::new(),
        }
    }

    /// Pixels of a microsecond.
    #[must_use]
    pub fn scale(&self) -> f64 {
        (self.along.1 - self.along.0) / (self.window.to.since(self.window.from).max(1) as f64)
    }

    /// The place of a moment. A moment outside the window is outside its pixels.
    #[must_use]
    pub fn at(&self, time: Time) -> f64 {
        self.along.0 + (time.micros() as f64 - self.window.from.micros() as f64) * self.scale()
    }

    /// The place of a moment, kept near the window: the far ends of lines must not overflow a screen's numbers.
    #[must_use]
    pub fn near(&self, time: Time) -> f64 {
        within(self.at(time), self.along.0 - 20_000.0, self.along.1 + 20_000.0)
    }

    /// The moment at a place along.
    #[must_use]
    pub fn time(&self, along: f64) -> Time {
        let micros = self.window.from.micros() as f64 + (along - self.along.0) / self.scale();
        Time::from_micros(micros.round().max(0.0) as u64)
    }

    /// The place of a lane, across.
    #[must_use]
    pub fn lane(&self, node: NodeId) -> f64 {
        self.places.get(node.index()).copied().unwrap_or(self.across.0)
    }

    /// The lane nearest to a place across, and how far it is.
    #[must_use]
    pub fn nearest(&self, across: f64) -> Option<(NodeId, f64)> {
        let far = |node: &NodeId| (self.lane(*node) - across).abs();
        self.order.iter().map(|node| (*node, far(node))).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The screen's place of a spot.
    #[must_use]
    pub fn point(&self, spot: Spot) -> Point {
        if self.narrow { Point { x: spot.across, y: spot.along } } else { Point { x: spot.along, y: spot.across } }
    }

    /// The spot at a place of the screen.
    #[must_use]
    pub fn spot(&self, point: Point) -> Spot {
        if self.narrow { spot(point.y, point.x) } else { spot(point.x, point.y) }
    }

    /// A rectangle from two opposite corners.
    #[must_use]
    pub fn rect(&self, one: Spot, other: Spot) -> Rect {
        let (a, b) = (self.point(one), self.point(other));
        (a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }
}

/// The pitch of so many columns, and the room after the last one. Where not all fit, one is seen by half:
/// there are more to the right.
fn columns(width: f64, lanes: f64) -> (f64, f64) {
    let free = width - AXIS_NARROW;
    for side in [SIDE_NARROW, LEAST_SIDE_NARROW] {
        let pitch = (free - side) / lanes;
        if pitch >= PITCH_NARROW {
            return (pitch, side);
        }
    }
    let whole = (free / PITCH_NARROW - 0.5).floor().max(1.0);
    ((free / (whole + 0.5)).max(PITCH_NARROW), LEAST_SIDE_NARROW)
}

/// The stretch of time after two fingers went from one pair of places to another: the moment between them stays
/// between them, and as far as they part, time is stretched. `frame` is the frame in which they began.
#[must_use]
pub fn pinched(frame: &Frame, from: [Point; 2], to: [Point; 2], end: Time) -> Window {
    let middle = |[a, b]: [Point; 2]| {
        let middle = Point { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
        frame.spot(middle).along - frame.along.0
    };
    let apart = |[a, b]: [Point; 2]| (a.x - b.x).hypot(a.y - b.y).max(CLOSEST_FINGERS);
    let Window { from: start, to: stop } = frame.window;
    let shortest = SHORTEST_WINDOW_MICROS as f64;
    let longest = (end.micros() as f64).max(shortest);
    let width = within(stop.since(start) as f64 * apart(from) / apart(to), shortest, longest);
    let fixed = start.micros() as f64 + middle(from) / frame.scale();
    let start = fixed - middle(to) * width / (frame.along.1 - frame.along.0);
    let start = Time::from_micros(within(start, 0.0, longest - width).round() as u64);
    Window { from: start, to: start.after(width.round() as u64) }
}

/// Fingers nearer to each other than this count as this far apart.
const CLOSEST_FINGERS: f64 = 24.0;

/// How far to scroll a box of this length across so that a lane is seen with room around it; `scrolled` if it is.
#[must_use]
pub fn revealed(frame: &Frame, node: NodeId, scrolled: f64, length: f64) -> f64 {
    let (lane, head) = (frame.lane(node), if frame.narrow { AXIS_NARROW } else { 0.0 });
    let (first, last) = (lane - frame.pitch, lane + frame.pitch);
    let whole = if frame.narrow { frame.width } else { frame.height };
    let shown = scrolled.min(first - head).max(last - length);
    within(shown, 0.0, (whole - length).max(0.0))
}

/// Ticks of the axis: moments of a round step with room between them.
#[must_use]
pub fn ticks(frame: &Frame) -> Vec<Time> {
    let room = 48.0;
    let least = room / frame.scale();
    let steps = (0..8).flat_map(|power| [1_u64, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let step = steps.map(|step| step * 10).find(|step| *step as f64 >= least).unwrap_or(500_000_000);
    let Window { from, to } = frame.window;
    let first = from.micros().div_ceil(step);
    (first..).map(|count| Time::from_micros(count * step)).take_while(|time| *time <= to).collect()
}

/// How far a straight line from `a` to `b` is at `part` of its way.
#[must_use]
pub fn between(a: Spot, b: Spot, part: f64) -> Spot {
    spot(a.along + (b.along - a.along) * part, a.across + (b.across - a.across) * part)
}

/// The length from one spot to another.
#[must_use]
pub fn distance(a: Spot, b: Spot) -> f64 {
    (a.along - b.along).hypot(a.across - b.across)
}

/// `tip` moved back by `length` towards `tail`.
#[must_use]
pub fn back(tail: Spot, tip: Spot, length: f64) -> Spot {
    let whole = distance(tail, tip).max(0.001);
    between(tip, tail, (length / whole).min(1.0))
}

/// The two corners behind an arrow's tip.
#[must_use]
pub fn corners(tail: Spot, tip: Spot, length: f64, half: f64) -> (Spot, Spot) {
    let whole = distance(tail, tip).max(0.001);
    let (da, dc) = ((tip.along - tail.along) / whole, (tip.across - tail.across) / whole);
    let base = spot(tip.along - da * length, tip.across - dc * length);
    (spot(base.along - dc * half, base.across + da * half), spot(base.along + dc * half, base.across - da * half))
}

/// How far a spot is from the straight line between two others.
#[must_use]
pub fn to_line(here: Spot, a: Spot, b: Spot) -> f64 {
    let length = distance(a, b).max(0.001);
    let part = ((here.along - a.along) * (b.along - a.along) + (here.across - a.across) * (b.across - a.across))
        / (length * length);
    distance(here, between(a, b, within(part, 0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: u64, to: u64) -> Window {
        Window { from: Time::from_millis(from), to: Time::from_millis(to) }
    }

    fn lanes(count: u8) -> Rows {
        Rows::lanes((0..count).map(NodeId).collect())
    }

    #[test]
    fn of_two_figures_the_upper_has_the_axis_and_lanes_stand_nearer() {
        let window = Window { from: Time::ZERO, to: Time::from_millis(100) };
        let of =
            |stands, count| Frame::new((1024.0, 700.0), false, window, Rows { stands, clients: 2, ..lanes(count) });
        let (above, below) = (of(Stands::Above, 5), of(Stands::Below, 5));
        assert_eq!((of(Stands::Above, 9).pitch, of(Stands::Above, 3).pitch), (48.0, 72.0));
        assert_eq!((above.pitch, below.pitch, above.clients), (48.0, 48.0, 0));
        assert_eq!(above.height - below.height, AXIS - NO_AXIS);
        assert_eq!(above.along, below.along);
        let narrow = Frame::new((390.0, 600.0), true, window, Rows { stands: Stands::Below, ..lanes(3) });
        assert_eq!(narrow, Frame::new((390.0, 600.0), true, window, lanes(3)));
    }

    #[test]
    fn the_wide_figure_has_the_designs_measures() {
        let frame = Frame::new((1024.0, 534.0), false, window(128, 400), lanes(5));
        assert!((frame.at(Time::from_millis(400)) - 1008.0).abs() < 1e-9);
        assert!((frame.at(Time::from_millis(128)) - 176.0).abs() < 1e-9);
        assert!((frame.pitch - 98.0).abs() < 1e-9);
    }

    #[test]
    fn moments_and_places_turn_into_each_other() {
        for narrow in [false, true] {
            let frame = Frame::new((700.0, 500.0), narrow, window(20, 80), lanes(3));
            let time = Time::from_micros(43_210);
            assert_eq!(frame.time(frame.at(time)), time);
            let place = spot(frame.at(time), frame.lane(NodeId(1)));
            assert_eq!(frame.spot(frame.point(place)), place);
            assert_eq!(frame.nearest(place.across).map(|near| near.0), Some(NodeId(1)));
        }
    }

    #[test]
    fn ticks_are_round_and_have_room() {
        for (from, to) in [(0, 600), (128, 400), (0, 5), (40, 60_000)] {
            let frame = Frame::new((1024.0, 500.0), false, window(from, to), lanes(3));
            let ticks = ticks(&frame);
            assert!(ticks.len() >= 2, "{from} to {to}");
            assert!(ticks.windows(2).all(|pair| frame.at(pair[1]) - frame.at(pair[0]) >= 48.0));
        }
    }

    #[test]
    fn six_lanes_fit_a_phone_and_of_seven_one_is_seen_by_half() {
        let pitch = |lanes: u8| {
            let frame = Frame::new((390.0, 500.0), true, window(0, 100), super::tests::lanes(lanes));
            (frame.pitch, frame.width)
        };
        assert!((pitch(5).0 - 66.0).abs() < 1e-9);
        assert!(pitch(6).0 >= 58.0 && pitch(6).1 <= 390.0);
        let (seven, width) = pitch(7);
        assert!(seven >= 58.0 && width > 390.0);
        let shown = (390.0 - AXIS_NARROW) / seven;
        assert!((shown.fract() - 0.5).abs() < 1e-9, "{shown} lanes are seen");
    }

    #[test]
    fn a_lane_that_is_out_of_sight_is_scrolled_to_and_one_in_sight_stays() {
        let frame = Frame::new((390.0, 500.0), true, window(0, 100), lanes(9));
        assert!(revealed(&frame, NodeId(1), 0.0, 390.0).abs() < 1e-9);
        let far = revealed(&frame, NodeId(7), 0.0, 390.0);
        let lane = frame.lane(NodeId(7)) - far;
        assert!(lane > AXIS_NARROW && lane + 12.0 < 390.0);
        assert!((revealed(&frame, NodeId(8), 0.0, 390.0) - (frame.width - 390.0)).abs() < 1e-9);
        assert!(revealed(&frame, NodeId(0), far, 390.0).abs() < 1e-9);
    }

    #[test]
    fn two_fingers_keep_the_moment_between_them() {
        for narrow in [false, true] {
            let frame = Frame::new((700.0, 600.0), narrow, window(100, 300), lanes(3));
            let at = |along: f64| frame.point(spot(along, 120.0));
            let from = [at(300.0), at(400.0)];
            let held = frame.time(350.0);
            let end = Time::from_millis(600);
            let wider = pinched(&frame, from, [at(280.0), at(480.0)], end);
            assert!(wider.to.since(wider.from).abs_diff(100_000) <= 1, "twice as far apart, half the time");
            assert!(frame.over(wider).time(380.0).micros().abs_diff(held.micros()) <= 2);
            let moved = pinched(&frame, from, [at(330.0), at(430.0)], end);
            assert_eq!(moved.to.since(moved.from), 200_000);
            assert!(moved.from < frame.window.from, "what was before comes into sight");
            let whole = pinched(&frame, from, [at(350.0), at(351.0)], end);
            assert_eq!((whole.from, whole.to), (Time::ZERO, end), "the whole run is the most");
        }
    }

    #[test]
    fn two_fingers_across_the_lanes_zoom_as_well() {
        let frame = Frame::new((390.0, 600.0), true, window(100, 300), lanes(3));
        let at = |across: f64| frame.point(spot(300.0, across));
        let wider = pinched(&frame, [at(100.0), at(200.0)], [at(50.0), at(250.0)], Time::from_millis(600));
        assert!(wider.to.since(wider.from).abs_diff(100_000) <= 1);
        let least = pinched(&frame, [at(100.0), at(101.0)], [at(0.0), at(9_000.0)], Time::from_millis(600));
        assert_eq!(least.to.since(least.from), SHORTEST_WINDOW_MICROS);
    }

    #[test]
    fn a_lane_order_changes_places_and_nothing_else() {
        let order = vec![NodeId(2), NodeId(0), NodeId(1)];
        let frame = Frame::new((1024.0, 0.0), false, window(0, 100), Rows::lanes(order));
        assert!(frame.lane(NodeId(2)) < frame.lane(NodeId(0)));
        assert!(frame.lane(NodeId(0)) < frame.lane(NodeId(1)));
    }

    #[test]
    fn idle_lanes_are_threads_only_where_not_all_lanes_fit() {
        let idle: NodeSet = [2, 3, 6].into_iter().map(NodeId).collect();
        let rows = Rows { idle, ..lanes(8) };
        let tall = Frame::new((1024.0, 600.0), false, window(0, 100), rows.clone());
        assert!(tall.threads.is_empty());
        for (size, narrow) in [((800.0, 412.0), false), ((390.0, 600.0), true)] {
            let frame = Frame::new(size, narrow, window(0, 100), rows.clone());
            assert_eq!(frame.threads, idle);
            let apart = |a: u8, b: u8| frame.lane(NodeId(b)) - frame.lane(NodeId(a));
            assert!((apart(2, 3) - THREAD).abs() < 1e-9);
            assert!((apart(0, 1) - frame.pitch).abs() < 1e-9 && frame.pitch >= 56.0);
            let side = frame.pitch / 2.0 + THREAD / 2.0 + THREAD_SIDE;
            assert!([(1, 2), (3, 4), (5, 6), (6, 7)].iter().all(|(a, b)| (apart(*a, *b) - side).abs() < 1e-9));
            assert!((frame.lanes_end - frame.lane(NodeId(7)) - frame.pitch / 2.0).abs() < 1e-9);
            let middle = f64::midpoint(frame.lane(NodeId(2)), frame.lane(NodeId(3)));
            let counts: Vec<usize> = frame.groups.iter().map(|group| group.1).collect();
            assert_eq!(counts, [2, 1]);
            assert!((frame.groups[0].0 - middle).abs() < 1e-9);
            assert!((frame.groups[1].0 - frame.lane(NodeId(6))).abs() < 1e-9);
        }
    }

    #[test]
    fn the_clients_view_stands_below_the_lanes_where_there_is_room() {
        let rows = Rows { clients: 2, ..lanes(5) };
        let frame = Frame::new((1024.0, 534.0), false, window(0, 100), rows.clone());
        assert_eq!(frame.clients, 2);
        assert!(frame.row(0) - HALF_OPERATION_ROW > frame.lanes_end);
        assert!(frame.row(1) + HALF_OPERATION_ROW < frame.across.1);
        assert!(frame.height <= 534.0 + 1e-9);
        for (size, narrow) in [((800.0, 324.0), false), ((1024.0, 400.0), false), ((390.0, 800.0), true)] {
            assert_eq!(Frame::new(size, narrow, window(0, 100), rows.clone()).clients, 0, "{size:?}");
        }
    }
}
