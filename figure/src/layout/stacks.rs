//! What stands in an order on a lane: a node's queue as bars under the lane, siblings as lines into which the lane forks.

use crate::layout::conditions::{Drawn, ON};
use crate::layout::lanes::visible;
use crate::plane::geometry::{FOOT, Frame, Spot, spot};
use crate::plane::labels::{Look, width};
use crate::plane::pen::Pen;
use crate::read::history::{History, Spell};
use crate::read::index::Index;
use lightcone_engine::protocol::ConditionKind;
use lightcone_engine::{NodeId, Time};

/// A bar of a queue: its height, the distance from the lane to the first, and from one to the next.
const BAR: f64 = 13.0;
const OUT: f64 = 11.0;
const STEP: f64 = 15.0;
/// The most rows of bars. More would hide what messages do.
const MOST_ROWS: usize = 5;
/// The room that a name needs beside itself in its bar.
const BESIDE: f64 = 10.0;

/// The most lines into which a lane forks, how far from the lane two are, how far more are, and how long a line takes there.
const MOST_BRANCHES: usize = 4;
const APART: f64 = 10.0;
const FAR_APART: f64 = 12.0;
const BEND: f64 = 16.0;

/// Queues and siblings of all lanes in the window.
#[must_use]
pub fn lay_out(index: &Index, frame: &Frame) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for node in frame.wide() {
        let Some(history) = index.lane(node).filter(|history| !history.orders.is_empty()) else { continue };
        let stack = Stack { index, frame, history, node };
        stack.queue(&mut drawn);
        stack.fork(&mut drawn);
    }
    drawn
}

/// How far from a lane its queue reaches while a condition lasts; 0 if nothing is in it.
#[must_use]
pub fn reach(index: &Index, frame: &Frame, node: NodeId, spell: &Spell) -> f64 {
    let Some(history) = index.lane(node) else { return 0.0 };
    let orders = history.orders.iter().filter(|order| order.from < spell.to && order.to > spell.from);
    let deepest = orders.map(|order| history.of_kind(order, ConditionKind::Queued).count()).max().unwrap_or(0);
    let rows = deepest.min(Stack { index, frame, history, node }.rows());
    if rows == 0 { 0.0 } else { OUT + STEP * rows as f64 }
}

/// What stands in a row: a condition, how many more are there for want of rows, and in how many rows all stand.
#[derive(Clone, Copy, PartialEq)]
struct Cell {
    spell: usize,
    row: usize,
    of: usize,
    more: usize,
}

/// A cell, for as long as nothing of it changes.
struct Stay {
    cell: Cell,
    from: Time,
    to: Time,
}

/// A lane whose conditions have an order.
struct Stack<'a> {
    index: &'a Index,
    frame: &'a Frame,
    history: &'a History,
    node: NodeId,
}

impl Stack<'_> {
    /// The stays of conditions of one kind in so many rows: the last has all that no other row has room for.
    fn stays(&self, what: ConditionKind, rows: usize) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for order in &self.history.orders {
            let own: Vec<usize> = self.history.of_kind(order, what).collect();
            let of = own.len().min(rows);
            let more = |row: usize| if row + 1 == of { own.len() - of } else { 0 };
            let cells =
                own.iter().take(of).enumerate().map(|(row, spell)| Cell { spell: *spell, row, of, more: more(row) });
            let mut still = Vec::new();
            for cell in cells {
                // How many stand beside it says nothing of a bar.
                let cell = if what == ConditionKind::Queued { Cell { of: 0, ..cell } } else { cell };
                let place = open.iter().copied().find(|place| stays[*place].cell == cell).unwrap_or(stays.len());
                match stays.get_mut(place) {
                    Some(stay) => stay.to = order.to,
                    None => stays.push(Stay { cell, from: order.from, to: order.to }),
                }
                still.push(place);
            }
            open = still;
        }
        stays
    }

    /// Bars, the next to leave nearest the lane.
    fn queue(&self, drawn: &mut Vec<Drawn>) {
        let first = drawn.len();
        for stay in self.stays(ConditionKind::Queued, self.rows()) {
            let out = OUT + BAR / 2.0 + STEP * stay.cell.row as f64;
            let Some(mut bar) = self.drawn(&stay, out, BAR / 2.0) else { continue };
            bar.next = stay.cell.row == 0;
            // Its name stands in the first of its bars that has room for it.
            let named = drawn[first..].iter().any(|other| other.named && other.key == bar.key);
            let long = if self.frame.narrow { 0.0 } else { width(&bar.text, Look::Item) + BESIDE };
            bar.named = !named && bar.room.1 - bar.room.0 >= long;
            drawn.push(bar);
        }
    }

    /// How many bars have room under the lane: down to the next lane's band, or to the foot of the lanes.
    fn rows(&self) -> usize {
        let frame = self.frame;
        let below = frame.wide().map(|node| frame.lane(node)).filter(|lane| *lane > frame.lane(self.node));
        let next = below.fold(f64::MAX, f64::min);
        let end = if next < f64::MAX { next - frame.band } else { frame.lanes_end + FOOT };
        let rows = (end - frame.lane(self.node) - OUT) / STEP;
        (rows.max(1.0) as usize).min(MOST_ROWS)
    }

    /// One line a value.
    fn fork(&self, drawn: &mut Vec<Drawn>) {
        let first = drawn.len();
        let mut offs: Vec<(usize, f64)> = Vec::new();
        let stays = self.stays(ConditionKind::Sibling, MOST_BRANCHES);
        for stay in stays.iter().filter(|stay| stay.cell.of > 1) {
            let (out, spell) = (offset(stay.cell), stay.cell.spell);
            let before = offs.iter().rev().find(|(other, _)| *other == spell).map_or(0.0, |(_, out)| *out);
            offs.push((spell, out));
            let Some(mut branch) = self.drawn(stay, out, 0.0) else { continue };
            let joins = self.history.conditions[spell].over && self.history.conditions[spell].to == stay.to;
            (branch.branch, branch.line) = self.branch(stay, (before, out), joins);
            branch.named = !drawn[first..].iter().any(|other| other.key == branch.key);
            drawn.push(branch);
        }
    }

    /// The path of a branch that leaves one distance from the lane for another, and joins the lane if it ends; and its
    /// straight part.
    fn branch(&self, stay: &Stay, (before, out): (f64, f64), joins: bool) -> (String, crate::plane::geometry::Line) {
        let (start, end) = self.ends(stay);
        let bend = BEND.min((end - start) / 2.0);
        let at = |along: f64, out: f64| spot(along, self.frame.lane(self.node) + out);
        let bent = if before == out { start } else { start + bend };
        let straight: (Spot, Spot) = (at(bent, out), at(if joins { end - bend } else { end }, out));
        let pen = Pen::new(self.frame).from(at(start, before));
        let pen = if before == out { pen } else { pen.bend(at(start, before), straight.0) };
        let pen = pen.to(straight.1);
        let pen = if joins { pen.bend(straight.1, at(end, 0.0)) } else { pen };
        (pen.data(), (self.frame.point(straight.0), self.frame.point(straight.1)))
    }

    /// Where a stay begins and ends, along.
    fn ends(&self, stay: &Stay) -> (f64, f64) {
        let on = if stay.to == self.index.trace.horizon() && !self.spell(stay).over { ON } else { 0.0 };
        (self.frame.near(stay.from), self.frame.near(stay.to) + on)
    }

    fn spell(&self, stay: &Stay) -> &Spell {
        &self.history.conditions[stay.cell.spell]
    }

    /// A stay that is in the window, so far out from the lane and twice as high as `half`.
    fn drawn(&self, stay: &Stay, out: f64, half: f64) -> Option<Drawn> {
        let (frame, trace, spell) = (self.frame, &self.index.trace, self.spell(stay));
        let (start, end) = self.ends(stay);
        let room = visible(frame, start, end)?;
        let middle = frame.lane(self.node) + out;
        let text = spell.condition.phrase.show(|node| trace.name(node));
        Some(Drawn {
            what: spell.condition.what,
            key: format!("l{}-{}-s{}", self.node.0, spell.event.0, stay.cell.spell),
            event: spell.event,
            node: self.node,
            area: frame.rect(spot(start, middle - half), spot(end, middle + half)),
            line: (frame.point(spot(start, middle)), frame.point(spot(end, middle))),
            branch: String::new(),
            next: false,
            named: false,
            room,
            middle,
            text: if stay.cell.more == 0 { text } else { format!("{text}, {} more", stay.cell.more) },
            when: (spell.from, if spell.over { spell.to } else { trace.horizon() }),
        })
    }
}

/// How far from the lane a branch is. Below is more than nothing.
fn offset(cell: Cell) -> f64 {
    let far = if cell.of > 2 { FAR_APART } else { APART };
    far * (2.0 * cell.row as f64 / (cell.of - 1) as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::plane::geometry::Point;
    use crate::plane::labels::area;
    use crate::scene::{Scene, Viewport};
    use lightcone_engine::phrase::Phrase;
    use lightcone_engine::protocol::Condition;
    use lightcone_engine::run::Trace;
    use lightcone_engine::run::trace::ConditionChange;
    use lightcone_engine::{EventIndex, simulate};
    use std::rc::Rc;

    const LANE: NodeId = NodeId(1);

    /// A run of the gallery on whose second lane such conditions stand in these orders, one after another: each begins with
    /// one of the lane's events.
    fn run(what: ConditionKind, orders: &[(usize, &[&'static str])]) -> (Trace, Vec<EventIndex>) {
        let mut trace = simulate(&gallery::find("raft", "log-replication").expect("the gallery has it").scenario);
        let places = trace.events.iter().zip(0..).filter(|(event, _)| event.node == Some(LANE));
        let own: Vec<EventIndex> = places.map(|(_, place)| EventIndex(place)).collect();
        let mut before: &[&str] = &[];
        for (event, now) in orders {
            let mut note = |name: &'static str, begins| {
                let condition = Condition { what, phrase: Phrase::plain(name) };
                trace.conditions.push(ConditionChange { event: own[*event], node: LANE, condition, begins });
            };
            before.iter().filter(|name| !now.contains(name)).for_each(|name| note(name, None));
            for (place, name) in (0..).zip(*now).filter(|(_, name)| !before.contains(name)) {
                note(name, Some(place));
            }
            before = now;
        }
        (trace, own)
    }

    fn scene(trace: &Trace, narrow: bool) -> Scene {
        let index = Rc::new(Index::of(Rc::new(trace.clone())));
        let size = if narrow { (390.0, 600.0) } else { (1024.0, 520.0) };
        let view = Viewport::whole(&index, size, narrow);
        Scene::new(index, &view)
    }

    /// What is drawn of one condition, in order of time.
    fn of<'a>(scene: &'a Scene, name: &'a str) -> impl Iterator<Item = &'a Drawn> {
        scene.conditions.iter().filter(move |each| each.text.split(',').next() == Some(name))
    }

    fn named(scene: &Scene, text: &str) -> usize {
        scene.labels.iter().filter(|label| label.text == text).count()
    }

    #[test]
    fn who_leaves_a_queue_next_lies_nearest_the_lane_and_bars_change_places_with_the_order() {
        let orders: &[(usize, &[&str])] =
            &[(1, &["m1"]), (2, &["m1", "m2"]), (3, &["m3", "m1", "m2"]), (4, &["m1", "m2"]), (5, &["m2"])];
        let (trace, own) = run(ConditionKind::Queued, orders);
        for narrow in [false, true] {
            let scene = scene(&trace, narrow);
            let (lane, at) = (scene.frame.lane(LANE), |event: usize| scene.frame.at(trace.event(own[event]).at));
            let rows = |name| of(&scene, name).map(|bar| ((bar.middle - lane - 17.5) / 15.0).round() as i32).collect();
            let (first, second, third): (Vec<i32>, Vec<i32>, Vec<i32>) = (rows("m1"), rows("m2"), rows("m3"));
            assert_eq!((&third[..], &first[..]), (&[0][..], &[0, 1, 0][..]));
            assert!(narrow || second == [1, 2, 1, 0]);
            let bars: Vec<&Drawn> = of(&scene, "m1").collect();
            assert!(bars.iter().zip([1, 3, 4]).all(|(bar, event)| (bar.room.0 - at(event)).abs() < 1e-9));
            assert!(
                bars.windows(2).all(|pair| (pair[0].room.1 - pair[1].room.0).abs() < 1e-9),
                "one goes on in the next"
            );
            assert_eq!(bars.iter().map(|bar| bar.next).collect::<Vec<_>>(), [true, false, true]);
            assert!(bars.iter().all(|bar| bar.when == bars[0].when), "the note tells of the whole time");
            assert!(of(&scene, "m2").last().expect("drawn").room.1 > at(5), "it goes on to the end");
            assert!(narrow || named(&scene, "m1") == 1, "its name stands there once");
        }
    }

    #[test]
    fn a_name_stands_in_its_bar_and_a_queue_without_rows_says_how_many_more_wait() {
        let all: Vec<&str> = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"].to_vec();
        let (trace, own) = run(ConditionKind::Queued, &[(1, &all), (5, &[])]);
        let wide = scene(&trace, false);
        for bar in wide.conditions.iter().filter(|bar| bar.named) {
            let label = wide.labels.iter().find(|label| label.text == bar.text).expect("there is room");
            let (x, y, w, h) = bar.area;
            let here = area(&label.text, label.look, label.at, label.anchor);
            assert!(here.left >= x && here.right <= x + w && here.top >= y && here.bottom <= y + h, "{}", bar.text);
        }
        let rows = wide.conditions.len();
        assert!((2..=MOST_ROWS).contains(&rows));
        assert_eq!(wide.conditions[rows - 1].text, format!("m{rows}, {} more", 8 - rows));
        let next = wide.frame.lane(NodeId(2)) - wide.frame.band;
        assert!(wide.conditions.iter().all(|bar| bar.area.1 + bar.area.3 <= next && bar.event == own[1]));
    }

    #[test]
    fn a_lane_forks_into_a_line_a_value_and_joins_when_they_end() {
        let (trace, own) = run(ConditionKind::Sibling, &[(2, &["milk", "eggs"]), (5, &[])]);
        for narrow in [false, true] {
            let scene = scene(&trace, narrow);
            let (lane, frame) = (scene.frame.lane(LANE), &scene.frame);
            assert_eq!(scene.conditions.iter().map(|each| each.middle - lane).collect::<Vec<_>>(), [-10.0, 10.0]);
            let ends = [2, 5].map(|event| frame.point(spot(frame.at(trace.event(own[event]).at), lane)));
            for each in &scene.conditions {
                let from = Pen::new(frame).from(frame.spot(ends[0])).data();
                let to = Pen::new(frame).from(frame.spot(ends[1])).data().replace('M', "");
                assert!(each.branch.starts_with(&from) && each.branch.ends_with(&to), "{}", each.branch);
            }
            // The lane itself has a gap there.
            let middle = f64::midpoint(frame.spot(ends[0]).along, frame.spot(ends[1]).along);
            let covers = |a: Point, b: Point| frame.spot(a).along <= middle && middle <= frame.spot(b).along;
            let lines = scene.segments.iter().filter_map(|segment| match segment {
                crate::layout::lanes::Segment::Line(_, a, b) => Some((*a, *b)),
                _ => None,
            });
            let own = lines.filter(|(a, _)| (frame.spot(*a).across - lane).abs() < 1e-9);
            assert!(!own.clone().any(|(a, b)| covers(a, b)) && own.count() >= 2);
        }
        let wide = scene(&trace, false);
        assert_eq!((named(&wide, "milk"), named(&wide, "eggs")), (1, 1));
        let said = ["milk is kept beside another value", "eggs is kept beside another value"];
        assert_eq!(crate::read::words::begun(&wide.index, own[2]), said);
    }

    #[test]
    fn a_line_goes_on_when_another_value_comes_and_many_values_are_counted() {
        let orders: &[(usize, &[&str])] = &[
            (1, &["a", "b"]),
            (2, &["a", "b", "c"]),
            (3, &["a", "b", "c", "d", "e", "f"]),
            (4, &["b", "f"]),
            (5, &[]),
        ];
        let (trace, _) = run(ConditionKind::Sibling, orders);
        let scene = scene(&trace, false);
        let lane = scene.frame.lane(LANE);
        let rows = |name| of(&scene, name).map(|line| line.middle - lane).collect::<Vec<_>>();
        assert_eq!(rows("b"), [10.0, 0.0, -4.0, -10.0]);
        assert_eq!(rows("f"), [10.0], "it had no line of its own before");
        let lines: Vec<&Drawn> = of(&scene, "b").collect();
        assert!(lines.windows(2).all(|pair| (pair[0].room.1 - pair[1].room.0).abs() < 1e-9));
        assert!(scene.conditions.iter().any(|each| each.text == "d, 2 more"));
        assert!(scene.conditions.iter().all(|each| (each.middle - lane).abs() <= FAR_APART));
    }
}
