//! Places labels, greedily by priority. A label never stands over another label, a head or a mark, and over one thin line
//! at most. A label without a legal place is hidden. A label keeps its place while the place is legal.

use crate::plane::geometry::Point;
use crate::plane::squares::{Mask, Spread};
use lightcone_engine::Time;
use lightcone_engine::sorted_map::SortedMap;

/// Which part of a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at its point.
    Start,
    /// Around its point.
    Middle,
    /// Before its point.
    End,
}

/// How a label looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As most do.
    Plain,
    /// A turning point.
    Strong,
    /// The reader's move.
    Hand,
    /// A broken promise.
    Bad,
    /// A remark, smaller than the rest.
    Quiet,
    /// An epoch's number, inside its band.
    Epoch,
    /// The name of what waits in a queue, inside its bar.
    Item,
}

/// The order in which labels get their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Inside what it names: a band, a wedge.
    Fixed,
    /// The label is of something in the hand or selected.
    Held,
    /// A broken promise.
    Broken,
    /// Elected, decided.
    Turning,
    /// The reader's move.
    Move,
    /// The first of its kind.
    First,
    /// Every other label.
    Rest,
}

impl Priority {
    const ALL: [Priority; 7] = [
        Priority::Fixed,
        Priority::Held,
        Priority::Broken,
        Priority::Turning,
        Priority::Move,
        Priority::First,
        Priority::Rest,
    ];
}

/// A label that wants a place.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Names the label: the same one has the same key in every picture.
    pub key: String,
    /// What is written.
    pub text: String,
    /// How it looks.
    pub look: Look,
    /// When the label gets its place.
    pub priority: Priority,
    /// The places where it may stand, best first.
    pub places: Vec<(Point, Anchor)>,
    /// When the event that it tells of happens; none if it tells of no single moment.
    pub of: Option<Time>,
}

impl Candidate {
    /// Whether it is written even where there is no room: what is pointed at, selected or broken, and an
    /// epoch's number.
    fn must(&self) -> bool {
        self.look == Look::Epoch || matches!(self.priority, Priority::Held | Priority::Broken)
    }
}

/// A label in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Names the label: the same one has the same key in every picture.
    pub key: String,
    /// What is written.
    pub text: String,
    /// How it looks.
    pub look: Look,
    /// The text's baseline.
    pub at: Point,
    /// Which end of it is there.
    pub anchor: Anchor,
    /// Which of its places it took.
    pub choice: usize,
    /// When the event that it tells of happens; none if it tells of no single moment.
    pub of: Option<Time>,
}

/// A rectangle by its edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its left edge, in pixels.
    pub left: f64,
    /// Its upper edge, in pixels.
    pub top: f64,
    /// Its right edge, in pixels.
    pub right: f64,
    /// Its lower edge, in pixels.
    pub bottom: f64,
}

impl Area {
    /// A square around a point.
    #[must_use]
    pub fn around(at: Point, reach: f64) -> Area {
        Area { left: at.x - reach, top: at.y - reach, right: at.x + reach, bottom: at.y + reach }
    }

    /// Whether two share more than an edge.
    #[must_use]
    #[inline(always)]
    pub fn meets(&self, other: &Area) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether two have a point in common.
    fn touches(&self, other: &Area) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    /// The least area that has both in it.
    fn with(&self, other: &Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Its edges along a row.
    fn across(&self, down: bool) -> (f64, f64) {
        if down { (self.left, self.right) } else { (self.top, self.bottom) }
    }

    /// Whether it lies inside another.
    #[must_use]
    pub fn inside(&self, other: &Area) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }

    /// Whether a straight line goes through it.
    #[must_use]
    #[inline(always)]
    pub fn crossed_by(&self, (a, b): (Point, Point)) -> bool {
        let beside = (a.x <= self.left && b.x <= self.left) || (a.x >= self.right && b.x >= self.right);
        let over = (a.y <= self.top && b.y <= self.top) || (a.y >= self.bottom && b.y >= self.bottom);
        !beside && !over && self.parted_by((a, b))
    }

    /// Whether some of its corners lie on either side of a line.
    fn parted_by(&self, (a, b): (Point, Point)) -> bool {
        let side = |x: f64, y: f64| (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
        let corners = [
            side(self.left, self.top),
            side(self.right, self.top),
            side(self.left, self.bottom),
            side(self.right, self.bottom),
        ];
        !(corners.iter().all(|side| *side > 0.0) || corners.iter().all(|side| *side < 0.0))
    }
}

/// The area of a text: 12 px, 16 high; an epoch's digits have half a band each side of the lane.
#[must_use]
pub fn area(text: &str, look: Look, at: Point, anchor: Anchor) -> Area {
    area_of(width(text, look), look, at, anchor)
}

fn area_of(width: f64, look: Look, at: Point, anchor: Anchor) -> Area {
    let left = match anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - width / 2.0,
        Anchor::End => at.x - width,
    };
    if look == Look::Item {
        // A bar has no more room than this.
        return Area { left: left - 2.0, top: at.y - 9.0, right: left + width + 2.0, bottom: at.y + 2.0 };
    }
    if look == Look::Epoch {
        return Area { left: left - 1.0, top: at.y - 8.0, right: left + width + 1.0, bottom: at.y };
    }
    Area { left: left - 2.0, top: at.y - 11.0, right: left + width + 2.0, bottom: at.y + 4.0 }
}

/// The width of a text, near enough to place it.
#[must_use]
pub fn width(text: &str, look: Look) -> f64 {
    let plain: f64 = text.chars().map(letter).sum();
    match look {
        Look::Strong | Look::Hand | Look::Bad => plain * 1.06,
        Look::Epoch | Look::Item => plain * 0.92,
        Look::Plain | Look::Quiet => plain,
    }
}

/// No text that is plain or strong is narrower.
const NARROWEST: f64 = 3.2;

/// The width of a letter of Inter at 12 px.
fn letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '’' | '\'' | '|' => 3.2,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' => 4.4,
        'm' | 'w' | 'M' | 'W' => 10.4,
        '0'..='9' | '+' | '−' | '=' => 7.7,
        letter if letter.is_ascii_uppercase() => 8.4,
        _ => 6.9,
    }
}

/// Everything that labels must respect.
pub struct Ground {
    bounds: Area,
    /// Whether rows run down.
    down: bool,
    /// Everything that nothing may stand on.
    taken: Spread<Area>,
    /// The same ground in fewer areas: what lies in a row without a gap is one.
    covered: Spread<Area>,
    /// The last area of each row so far.
    rows: Vec<Area>,
    /// What is covered or written, in short.
    full: Mask,
    /// The areas of the labels placed so far.
    written: Spread<Area>,
    /// Areas that are reserved for the label that names them.
    reserved: Vec<Area>,
    thin: Spread<(Point, Point)>,
    thick: Vec<(Point, Point)>,
}

impl Ground {
    /// Free ground within bounds. `down`: rows run down.
    #[must_use]
    pub fn new(bounds: Area, down: bool) -> Ground {
        let (covered, written, thin) = (Spread::over(&bounds), Spread::over(&bounds), Spread::over(&bounds));
        let (taken, rows, reserved, thick) = (Spread::over(&bounds), Vec::new(), Vec::new(), Vec::new());
        Ground { full: Mask::over(&bounds), bounds, down, taken, covered, rows, written, reserved, thin, thick }
    }

    /// Nothing may stand here.
    pub fn take(&mut self, area: Area) {
        self.taken.add(area, &area);
        self.cover(area);
    }

    fn cover(&mut self, area: Area) {
        self.full.fill(&area);
        self.covered.add(area, &area);
    }

    /// Nothing may stand here either. It is one of many areas in few rows, each in its order: those that touch become one.
    pub fn take_in_row(&mut self, area: Area) {
        self.taken.add(area, &area);
        let down = self.down;
        match self.rows.iter_mut().find(|last| last.across(down) == area.across(down)) {
            Some(last) if last.touches(&area) => *last = last.with(&area),
            Some(last) => {
                let last = std::mem::replace(last, area);
                self.cover(last);
            }
            None => self.rows.push(area),
        }
    }

    /// The same ground when nothing more is taken.
    #[must_use]
    pub fn settled(mut self) -> Ground {
        std::mem::take(&mut self.rows).into_iter().for_each(|row| self.cover(row));
        self
    }

    /// Whether a text, however short, could stand in one of these places, as far as nothing else is written yet.
    #[must_use]
    pub fn has_room(&self, places: &[(Point, Anchor)]) -> bool {
        places.iter().any(|(at, anchor)| {
            let least = area_of(NARROWEST, Look::Plain, *at, *anchor);
            least.inside(&self.bounds) && !self.full.meets(&least)
        })
    }

    /// Only the name of what is here may stand here.
    pub fn reserve(&mut self, area: Area) {
        self.reserved.push(area);
    }

    /// A thin line: one may be crossed.
    pub fn thin(&mut self, line: (Point, Point)) {
        let (a, b) = line;
        let area = Area { left: a.x.min(b.x), top: a.y.min(b.y), right: a.x.max(b.x), bottom: a.y.max(b.y) };
        self.thin.add(line, &area);
    }

    /// A thick line: none may be crossed.
    pub fn thick(&mut self, line: (Point, Point)) {
        self.thick.push(line);
    }

    /// Whether nothing is wrong with a place: it is inside, free, and crossed by one thin line at most.
    fn allows(&self, area: &Area, fixed: bool) -> bool {
        area.inside(&self.bounds)
            && !self.full.meets(area)
            && !self.written.near(area, |_, written| written.meets(area))
            && !self.covered.near(area, |_, taken| taken.meets(area))
            && (fixed || !self.reserved.iter().any(|reserved| reserved.meets(area)))
            && !self.thick.iter().any(|line| area.crossed_by(*line))
            && !self.crossed_twice(area)
    }

    /// How much is wrong with a place: lines that cross it, and what lies there already. None outside.
    fn cost(&self, area: &Area, fixed: bool) -> Option<usize> {
        let among = |areas: &Spread<Area>| areas.count(area, |taken| taken.meets(area));
        let reserved = || self.reserved.iter().filter(|reserved| reserved.meets(area)).count();
        area.inside(&self.bounds).then(|| {
            // Over a mark rather than over another label, if it must be.
            let others = if fixed { 0 } else { reserved() };
            let lies = among(&self.taken) + others + among(&self.written) * ILLEGAL;
            lies * ILLEGAL + self.thin.count(area, |line| area.crossed_by(*line))
        })
    }

    /// Whether more than one thin line crosses an area.
    fn crossed_twice(&self, area: &Area) -> bool {
        let mut first = None;
        self.thin.near(area, |place, line| area.crossed_by(*line) && *first.get_or_insert(place) != place)
    }

    /// Which of its places a candidate takes: the one it has or the first that is legal. A number in its band takes the
    /// one with the fewest crossings; what must be written and has no legal place takes the least bad.
    fn choose(&self, candidate: &Candidate, before: Option<usize>) -> Option<usize> {
        let fixed = candidate.priority == Priority::Fixed;
        let width = width(&candidate.text, candidate.look);
        let place = |choice: usize| {
            let (at, anchor) = *candidate.places.get(choice)?;
            Some(area_of(width, candidate.look, at, anchor))
        };
        let legal = |choice: &usize| place(*choice).is_some_and(|area| self.allows(&area, fixed));
        let first = if candidate.look == Look::Epoch {
            before.filter(legal)
        } else {
            before.into_iter().chain(0..candidate.places.len()).find(legal)
        };
        if first.is_some() || !candidate.must() {
            return first;
        }
        let costs = (0..candidate.places.len()).filter_map(|choice| Some((self.cost(&place(choice)?, fixed)?, choice)));
        costs.min().map(|(_, choice)| choice)
    }

    /// Gives every candidate a place, or none.
    #[must_use]
    pub fn place(mut self, wanted: Vec<Candidate>, before: &SortedMap<String, usize>) -> Vec<Label> {
        let mut labels = Vec::new();
        let in_turn =
            Priority::ALL.iter().flat_map(|turn| wanted.iter().filter(move |candidate| candidate.priority == *turn));
        for candidate in in_turn {
            let Some(choice) = self.choose(candidate, before.get(&candidate.key).copied()) else { continue };
            let (at, anchor) = candidate.places[choice];
            let own = area(&candidate.text, candidate.look, at, anchor);
            self.full.fill(&own);
            self.written.add(own, &own);
            let (key, text) = (candidate.key.clone(), candidate.text.clone());
            labels.push(Label { key, text, look: candidate.look, at, anchor, choice, of: candidate.of });
        }
        labels
    }
}

/// One illegal overlap weighs more than all lines that could cross a place.
const ILLEGAL: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn ground() -> Ground {
        Ground::new(Area { left: 0.0, top: 0.0, right: 400.0, bottom: 200.0 }, false)
    }

    fn candidate(key: &str, priority: Priority, places: &[(f64, f64)]) -> Candidate {
        let places = places.iter().map(|(x, y)| (Point { x: *x, y: *y }, Anchor::Start)).collect();
        Candidate { key: key.into(), text: "a label".into(), look: Look::Plain, priority, places, of: None }
    }

    #[test]
    fn labels_never_lie_on_each_other_and_the_more_important_one_stays() {
        let wanted = vec![
            candidate("rest", Priority::Rest, &[(50.0, 50.0)]),
            candidate("held", Priority::Held, &[(55.0, 52.0)]),
            candidate("moves aside", Priority::Rest, &[(60.0, 50.0), (60.0, 80.0)]),
        ];
        let labels = ground().place(wanted, &SortedMap::new());
        let keys: Vec<&str> = labels.iter().map(|label| label.key.as_str()).collect();
        assert_eq!(keys, ["held", "moves aside"]);
        assert_eq!(labels[1].choice, 1);
    }

    #[test]
    fn a_label_crosses_one_thin_line_and_no_second_and_no_lane() {
        let line = |x: f64| (Point { x, y: 0.0 }, Point { x, y: 200.0 });
        let at = [(50.0, 50.0)];
        let mut one = ground();
        one.thin(line(60.0));
        assert_eq!(one.place(vec![candidate("a", Priority::Rest, &at)], &SortedMap::new()).len(), 1);
        let mut two = ground();
        two.thin(line(60.0));
        two.thin(line(70.0));
        assert_eq!(two.place(vec![candidate("a", Priority::Rest, &at)], &SortedMap::new()).len(), 0);
        let mut lane = ground();
        lane.thick((Point { x: 0.0, y: 48.0 }, Point { x: 400.0, y: 48.0 }));
        assert_eq!(lane.place(vec![candidate("a", Priority::Rest, &at)], &SortedMap::new()).len(), 0);
    }

    #[test]
    fn what_is_far_from_a_label_and_what_lies_beyond_the_ground_does_not_hinder_it() {
        let mut far = ground();
        far.take(Area::around(Point { x: 390.0, y: 190.0 }, 9.0));
        far.take(Area::around(Point { x: -900.0, y: 9_000.0 }, 9.0));
        far.take(Area { left: -500.0, top: 60.0, right: 900.0, bottom: 62.0 });
        let places = [(370.0, 190.0), (50.0, 70.0), (50.0, 50.0)];
        let labels = far.place(vec![candidate("a", Priority::Rest, &places)], &SortedMap::new());
        assert_eq!(labels[0].choice, 2);
    }

    #[test]
    fn a_label_keeps_its_place_while_it_is_legal() {
        let before = SortedMap::from_iter([("a".to_owned(), 1)]);
        let places = [(50.0, 50.0), (50.0, 90.0)];
        let labels = ground().place(vec![candidate("a", Priority::Rest, &places)], &before);
        assert_eq!(labels[0].choice, 1);
        let mut taken = ground();
        taken.take(Area::around(Point { x: 60.0, y: 88.0 }, 6.0));
        let labels = taken.place(vec![candidate("a", Priority::Rest, &places)], &before);
        assert_eq!(labels[0].choice, 0);
    }

    #[test]
    fn a_number_stands_where_fewest_lines_cross_it_and_is_never_left_out() {
        let line = |x: f64| (Point { x, y: 0.0 }, Point { x, y: 200.0 });
        let number = |places: &[(f64, f64)]| Candidate {
            look: Look::Epoch,
            text: "2".into(),
            ..candidate("n", Priority::Fixed, places)
        };
        let mut crossed = ground();
        [52.0, 54.0, 72.0].into_iter().for_each(|x| crossed.thin(line(x)));
        let labels = crossed.place(vec![number(&[(50.0, 50.0), (70.0, 50.0), (90.0, 50.0)])], &SortedMap::new());
        assert_eq!(labels[0].choice, 2);
        let mut full = ground();
        [52.0, 54.0, 72.0].into_iter().for_each(|x| full.thin(line(x)));
        let labels = full.place(vec![number(&[(50.0, 50.0), (70.0, 50.0)])], &SortedMap::new());
        assert_eq!(labels[0].choice, 1);
        let mut taken = ground();
        taken.take(Area { left: 0.0, top: 0.0, right: 400.0, bottom: 200.0 });
        assert_eq!(taken.place(vec![number(&[(50.0, 50.0)])], &SortedMap::new()).len(), 1);
    }

    #[test]
    fn what_is_taken_in_rows_or_one_by_one_rejects_the_same_places() {
        for down in [false, true] {
            let bounds = Area { left: 0.0, top: 0.0, right: 400.0, bottom: 400.0 };
            let (mut one, mut rows) = (Ground::new(bounds, down), Ground::new(bounds, down));
            let at = |along: f64, across: f64| {
                let (x, y) = if down { (across, along) } else { (along, across) };
                Point { x, y }
            };
            // Near, far and back: each lane's marks in their order.
            for turn in 0..300_u32 {
                let along = f64::from(turn) * 1.2 + f64::from(turn * 7 % 31);
                let area = Area::around(at(along, f64::from(turn % 3) * 90.0 + 40.0), 7.0);
                one.take(area);
                rows.take_in_row(area);
            }
            let rows = rows.settled();
            let (mut free, mut taken) = (0, 0);
            for place in 0..4_000_u32 {
                let (x, y) = (f64::from(place % 67) * 6.1, f64::from(place / 67) * 6.7);
                let area = Area { left: x, top: y, right: x + f64::from(place % 50) + 1.0, bottom: y + 9.0 };
                let meets = one.taken.all.iter().any(|other| other.meets(&area));
                let allowed = area.inside(&bounds) && !meets;
                assert_eq!((one.allows(&area, true), rows.allows(&area, true)), (allowed, allowed), "{area:?}");
                assert!(meets || !rows.full.meets(&area), "{area:?}");
                (free, taken) = (free + u32::from(allowed), taken + u32::from(meets));
            }
            assert!(free > 500 && taken > 500, "{free} and {taken}");
        }
    }

    #[test]
    fn only_its_own_name_stands_in_a_reserved_place() {
        let mut wedge = ground();
        wedge.reserve(Area { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 });
        let places = [(50.0, 50.0), (50.0, 150.0)];
        let wanted =
            vec![candidate("other", Priority::Turning, &places), candidate("own", Priority::Fixed, &[(50.0, 50.0)])];
        let labels = wedge.place(wanted, &SortedMap::new());
        assert_eq!(
            labels.iter().map(|label| (label.key.as_str(), label.choice)).collect::<Vec<_>>(),
            [("own", 0), ("other", 1)]
        );
    }
}
