//! The signs of a figure as it is shown: which there are, where each is, and what each is about.

use super::Shown;
use super::axis::{across, inside};
use crate::layout::arrows::{Arrow, Ending};
use crate::layout::conditions::Drawn as Condition;
use crate::layout::lanes::{self, Segment, Wedge};
use crate::layout::marks;
use crate::plane::geometry::{Line, Point, Rect, spot, to_line};
use crate::read::history::{Cut, Operation};
use crate::read::sentences::{ignored, names};
use crate::read::signs::{About, Sign, told};
use crate::read::words;
use crate::scene::Scene;
use crate::view::Selection;
use lightcone_engine::protocol::{Cause, ConditionKind, Style, Weight};
use lightcone_engine::run::trace::{Fate, Verdict};
use lightcone_engine::{Action, EventIndex, NodeSet};

/// A sign in a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The sign.
    pub sign: Sign,
    /// Where it is.
    pub shape: Shape,
    /// The event, message, lane or timer that it belongs to.
    pub of: Selection,
    /// Which of its kind it is in the scene.
    place: usize,
}

/// Where a sign is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Around a point.
    Spot(Point),
    /// Along a line.
    Line(Line),
    /// In a rectangle.
    Area(Rect),
}

/// How near a press must be to a point, and to a line.
const NEAR: f64 = 9.0;
const NEAR_LINE: f64 = 5.0;
/// A thinner area is met like a line.
const THIN: f64 = 20.0;

impl Shape {
    /// The rectangle around it.
    #[must_use]
    pub fn area(self) -> Rect {
        match self {
            Shape::Spot(at) => (at.x, at.y, 0.0, 0.0),
            Shape::Line((a, b)) => (a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs()),
            Shape::Area(area) => area,
        }
    }

    /// Its middle.
    #[must_use]
    pub fn middle(self) -> Point {
        let (x, y, w, h) = self.area();
        Point { x: x + w / 2.0, y: y + h / 2.0 }
    }

    /// How a press at a point meets it: points come before lines and those before areas, then the nearer or smaller.
    fn met(self, at: Point) -> Option<(u8, f64)> {
        match self {
            Shape::Spot(point) => {
                let far = (point.x - at.x).hypot(point.y - at.y);
                (far <= NEAR).then_some((0, far))
            }
            Shape::Line(line) => {
                let [at, a, b] = [at, line.0, line.1].map(|point| spot(point.x, point.y));
                let far = to_line(at, a, b);
                (far <= NEAR_LINE).then_some((1, far))
            }
            Shape::Area((x, y, w, h)) => {
                let inside = (x..=x + w).contains(&at.x) && (y..=y + h).contains(&at.y);
                // What is thin lies over lines.
                inside.then_some(if w.min(h) < THIN { (1, -1.0) } else { (2, w * h) })
            }
        }
    }
}

impl Shown {
    /// The sign at a point.
    #[must_use]
    pub fn sign_at(&self, at: Point) -> Option<Found> {
        let met = self.signs().into_iter().filter_map(|found| Some((found.shape.met(at)?, found)));
        let first = met.min_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        first.map(|(_, found)| found)
    }

    /// The signs of what is selected. A lane's are those at the moment of the figure.
    #[must_use]
    pub fn signs_of(&self, selection: Selection) -> Vec<Found> {
        let mut own = self.signs();
        let now = self.scene.frame.near(self.moment);
        let stretch = |shape: Shape| {
            let (x, y, w, h) = shape.area();
            let (from, to) = if self.scene.frame.narrow { (y, y + h) } else { (x, x + w) };
            from - 1.0 <= now && now <= to + 1.0
        };
        own.retain(|found| found.of == selection && (!matches!(selection, Selection::Lane(_)) || stretch(found.shape)));
        own
    }

    /// A sign of this figure in two sentences, with names and times.
    #[must_use]
    pub fn told(&self, found: &Found) -> String {
        told(&self.scene.index.trace, found.sign, &self.about(found))
    }

    /// What there is to say of a sign.
    fn about(&self, found: &Found) -> About {
        let (scene, index, trace) = (&self.scene, &self.scene.index, &self.scene.index.trace);
        let mut about = About { of: found.of, when: None, who: String::new(), more: String::new() };
        let time = |event: EventIndex| trace.event(event).at;
        if let Selection::Event(event) = found.of {
            about.when = Some((time(event), time(event)));
        }
        let middle = scene.frame.spot(found.shape.middle());
        let at = scene.frame.time(middle.along);
        let lane = || scene.frame.nearest(middle.across).and_then(|(node, _)| index.lane(node));
        match (found.sign, found.of) {
            (Sign::Broken, Selection::Event(event)) => {
                let named = trace.specification().properties.iter().zip(&trace.verdicts);
                let mut own =
                    named.filter(|(_, verdict)| matches!(verdict, Verdict::Broken { event: at, .. } if *at == event));
                about.who = own.next().map_or_else(String::new, |(property, _)| property.name.to_owned());
            }
            (Sign::Fired, Selection::Event(event)) => {
                if let Cause::Fire(timer) = trace.event(event).cause {
                    about.of = Selection::Timer(timer);
                }
            }
            (Sign::Ignored, Selection::Message(id)) => {
                if let Some(Fate::Delivered(event)) = index.message(id).map(|message| message.fate) {
                    about.when = Some((time(event), time(event)));
                    about.more = ignored(trace, event).map_or_else(String::new, |why| [": ", &why].concat());
                }
            }
            (Sign::UnderWay, _) => about.when = Some((at, at)),
            (Sign::Timer, Selection::Timer(id)) => {
                about.when = trace.timers.iter().find(|timer| timer.id == id).map(|timer| (timer.armed, timer.due));
            }
            (Sign::Operation, Selection::Lane(node)) => {
                let answered = |each: &Operation| each.answered.map_or(trace.horizon(), |(event, _)| time(event));
                let own = index.operations.iter().filter(|each| each.id.node == node);
                let mut stretches = own.map(|each| (time(each.asked), answered(each)));
                about.when = stretches.find(|(from, to)| (*from..=*to).contains(&at));
            }
            (Sign::Stopped, _) => {
                about.when = lane().and_then(|lane| lane.span_at(at)).map(|span| (span.from, span.to));
            }
            (Sign::Paused, _) => {
                let pauses = lane().map_or(&[][..], |lane| &lane.pauses);
                let own = pauses.iter().find(|pause| (pause.from..=pause.to).contains(&at));
                about.when = own.map(|pause| (pause.from, pause.to));
            }
            (Sign::Epoch, _) => {
                let epoch = scene.bands.get(found.place).map_or(0, |band| band.epoch);
                about.more = [trace.specification().epoch_word, " ", &epoch.to_string()].concat();
            }
            (Sign::Lock | Sign::InDoubt | Sign::Waits | Sign::HeldBack | Sign::Queued | Sign::Siblings, _) => {
                if let Some(own) = scene.conditions.get(found.place) {
                    (about.when, about.more) = (Some(own.when), own.text.clone());
                }
            }
            (Sign::Cut | Sign::CutOneWay, _) => {
                if let Some(wedge) = scene.wedges.get(found.place) {
                    about.when = Some((wedge.since, wedge.healed.unwrap_or(trace.horizon())));
                    about.who = self.sides(wedge);
                }
            }
            _ => {}
        }
        about
    }

    /// Whom a cut parts: "S1 and the others".
    fn sides(&self, wedge: &Wedge) -> String {
        let trace = &self.scene.index.trace;
        let own = |cut: &&Cut| {
            cut.stretch.from == wedge.since && cut.one_way == wedge.one_way && words::links(trace, cut) == wedge.links
        };
        let Some(cut) = self.scene.index.cuts.iter().find(own) else { return String::new() };
        let few = |one: NodeSet, other: NodeSet| wedge.links.is_some() || one.iter().count() <= other.iter().count();
        let name = |side, other| if few(side, other) { names(trace, side) } else { "the others".to_owned() };
        let way = if cut.one_way { " to " } else { " and " };
        [&name(cut.from, cut.to), way, &name(cut.to, cut.from)].concat()
    }

    /// All signs, those that lie over others first.
    #[must_use]
    pub fn signs(&self) -> Vec<Found> {
        let mut signs = Signs { shown: self, scene: &self.scene, found: Vec::new() };
        signs.events();
        let arrows = &self.scene.arrows;
        arrows.iter().for_each(|arrow| signs.fate(arrow));
        signs.of_the_moment();
        signs.for_a_while();
        signs.lanes();
        arrows.iter().for_each(|arrow| signs.kind(arrow));
        signs.wedges();
        signs.found
    }
}

/// The signs that were found so far.
struct Signs<'a> {
    shown: &'a Shown,
    scene: &'a Scene,
    found: Vec<Found>,
}

impl Signs<'_> {
    fn add(&mut self, sign: Sign, shape: Shape, of: Selection, place: usize) {
        self.found.push(Found { sign, shape, of, place });
    }

    /// Octagons, and marks on lanes.
    fn events(&mut self) {
        for broken in &self.scene.violations {
            self.add(Sign::Broken, Shape::Spot(broken.at), Selection::Event(broken.event), 0);
        }
        for mark in &self.scene.marks {
            for glyph in mark.drawn.glyphs.iter().rev() {
                let cause = self.scene.index.trace.event(mark.event).cause;
                let Some(sign) = glyph_sign(glyph.class, cause) else { continue };
                let at = marks::middle(&self.scene.frame, mark.drawn.at, glyph.class);
                let begins = |each: &Condition| each.what == ConditionKind::HeldBack && each.event == mark.event;
                let place = self.scene.conditions.iter().position(begins).unwrap_or(0);
                self.add(sign, Shape::Spot(at), Selection::Event(mark.event), place);
            }
        }
    }

    /// What becomes of a message.
    fn fate(&mut self, arrow: &Arrow) {
        let (sign, at) = match &arrow.ending {
            Ending::Head if arrow.refuses => (Some(Sign::Refusal), arrow.grip),
            Ending::Head => (arrow.reply.then_some(Sign::Reply), arrow.grip),
            Ending::UnderWay(at) => (Some(Sign::UnderWay), *at),
            Ending::Lost { by_hand: true, .. } => (Some(Sign::Dropped), arrow.grip),
            Ending::Lost { .. } => (Some(Sign::Lost), arrow.grip),
            Ending::Stopped(_) => (Some(Sign::ReachedStopped), self.scene.frame.point(arrow.tip)),
            Ending::Bar(bar) => (Some(Sign::MeetsCut), Shape::Line(*bar).middle()),
        };
        let moved = arrow.moved.as_ref();
        let shapes = [
            (Some(Sign::Ignored), arrow.ignored.map(Shape::Spot)),
            (Some(Sign::Twice), arrow.twice.map(Shape::Spot)),
            (Some(Sign::Moved), moved.map(|moved| Shape::Spot(moved.ring))),
            (Some(Sign::Moved), moved.map(|moved| Shape::Spot(moved.dot))),
            (Some(Sign::Moved), moved.map(|moved| Shape::Line(moved.dots))),
            (Some(Sign::WaitsForPaused), arrow.waited.map(Shape::Line)),
            (sign, Some(Shape::Spot(at))),
        ];
        for (sign, shape) in shapes.into_iter().filter_map(|(sign, shape)| sign.zip(shape)) {
            self.add(sign, shape, Selection::Message(arrow.id), 0);
        }
    }

    /// What changes with the cursor, the selection and the last move.
    fn of_the_moment(&mut self) {
        let (scene, moment) = (self.scene, self.shown.moment);
        let frame = &scene.frame;
        for (at, arrow) in scene.flying(moment) {
            self.add(Sign::UnderWay, Shape::Spot(at), Selection::Message(arrow.id), 0);
        }
        let pending = lanes::pending(&scene.index, frame, moment);
        for sliver in scene.slivers.iter().chain(&pending) {
            self.add(Sign::Timer, Shape::Area(sliver.area), Selection::Timer(sliver.id), 0);
        }
        if let Some(cone) = &scene.cone {
            let sign = if cone.ahead { Sign::Future } else { Sign::Past };
            self.add(sign, Shape::Spot(cone.apex), self.shown.selection, 0);
        }
        let old = self.shown.old.as_ref().map(|old| &old.ghost);
        if let Some(ghost) = old {
            let arrows = ghost.arrows.iter().map(|(arrow, _)| (frame.point(arrow.tail), frame.point(arrow.tip)));
            for line in arrows.chain(ghost.lanes.iter().map(|stretch| stretch.line)) {
                self.add(Sign::Ghost, Shape::Line(line), Selection::Nothing, 0);
            }
        }
        let fork = old.and_then(|ghost| ghost.fork).map(|fork| fork.1);
        let end = scene.index.trace.horizon();
        for (sign, at) in [(Sign::FirstDifference, fork), (Sign::End, Some(end)), (Sign::Now, Some(moment))] {
            if let Some(along) = at.and_then(|at| inside(frame, at)) {
                self.add(sign, Shape::Line(across(frame, along)), Selection::Nothing, 0);
            }
        }
    }

    /// Conditions on lanes, and what clients ask, on their lanes and in their view.
    fn for_a_while(&mut self) {
        for (place, each) in self.scene.conditions.iter().enumerate() {
            let (sign, shape) = match each.what {
                ConditionKind::Locked => (Sign::Lock, Shape::Area(each.area)),
                ConditionKind::InDoubt => (Sign::InDoubt, Shape::Area(each.area)),
                ConditionKind::Waits => (Sign::Waits, Shape::Line(each.line)),
                ConditionKind::Queued => (Sign::Queued, Shape::Area(each.area)),
                ConditionKind::Sibling => (Sign::Siblings, Shape::Line(each.line)),
                ConditionKind::HeldBack => (Sign::HeldBack, Shape::Line(each.line)),
            };
            self.add(sign, shape, Selection::Lane(each.node), place);
        }
        for each in self.scene.operations.iter() {
            let shape = Shape::Area(each.area);
            self.add(Sign::Operation, shape, self.lane(shape), 0);
        }
        let views = self.scene.index.clients.as_ref().zip(self.scene.clients.as_ref());
        for (seen, each) in views.iter().flat_map(|(view, drawn)| {
            drawn.boxes.iter().filter_map(|each| Some((view.operations.get(each.place)?, each)))
        }) {
            if let Some(bar) = each.bar {
                self.add(Sign::Effect, Shape::Line(bar), Selection::Nothing, 0);
            }
            self.add(Sign::Operation, Shape::Area(each.area), Selection::Lane(seen.id.node), 0);
        }
    }

    /// Lanes by their weight, gaps, pauses, and the bands around them.
    fn lanes(&mut self) {
        for segment in &self.scene.segments {
            let (sign, shape) = match segment {
                Segment::Pause(area, _) => (Sign::Paused, Shape::Area(*area)),
                Segment::Gap(a, b) => (Sign::Stopped, Shape::Line((*a, *b))),
                Segment::Line(weight, a, b) => (of_weight(*weight), Shape::Line((*a, *b))),
            };
            self.add(sign, shape, self.lane(shape), 0);
        }
        for (place, band) in self.scene.bands.iter().enumerate() {
            let shape = Shape::Area(band.rect);
            self.add(Sign::Epoch, shape, self.lane(shape), place);
        }
    }

    fn wedges(&mut self) {
        for (place, wedge) in self.scene.wedges.iter().enumerate() {
            let sign = if wedge.one_way { Sign::CutOneWay } else { Sign::Cut };
            self.add(sign, Shape::Area(wedge.area), Selection::Nothing, place);
        }
    }

    /// The kind of a message.
    fn kind(&mut self, arrow: &Arrow) {
        self.add(of_style(arrow.style), Shape::Line(arrow.line), Selection::Message(arrow.id), 0);
    }

    /// The lane on which a shape is.
    fn lane(&self, shape: Shape) -> Selection {
        let nearest = self.scene.frame.nearest(self.scene.frame.spot(shape.middle()).across);
        nearest.map_or(Selection::Nothing, |(node, _)| Selection::Lane(node))
    }
}

/// The sign of a glyph; none if it is no sign of its own.
fn glyph_sign(class: &str, cause: Cause) -> Option<Sign> {
    let sign = match class.strip_suffix(" hand").unwrap_or(class) {
        "g spark" => Sign::Fired,
        "g persist" if matches!(cause, Cause::Act(Action::LoseDisk(_))) => Sign::DiskLost,
        "g persist" => Sign::Stored,
        "g request" if matches!(cause, Cause::Act(Action::SetClock { .. })) => Sign::ClockSet,
        "g request" => Sign::Received,
        "g append" => Sign::Appended,
        "g commit" => Sign::Committed,
        "g abort" => Sign::Aborted,
        "g deliver" => Sign::Delivered,
        "g hollow" => Sign::HeldBack,
        "g apply" => Sign::Applied,
        "g elect" => Sign::Elected,
        "g crash" => Sign::Crash,
        "g restart" => Sign::Restart,
        _ => return None,
    };
    Some(sign)
}

fn of_weight(weight: Weight) -> Sign {
    match weight {
        Weight::Follows => Sign::Follows,
        Weight::Stands => Sign::Stands,
        Weight::Leads => Sign::Leads,
        Weight::Client => Sign::Client,
    }
}

fn of_style(style: Style) -> Sign {
    match style {
        Style::Permission => Sign::Permission,
        Style::Value => Sign::Value,
        Style::Decision => Sign::Decision,
        Style::Beat => Sign::Beat,
        Style::Client => Sign::ToClient,
    }
}
