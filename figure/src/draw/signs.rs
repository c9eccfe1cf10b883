//! The signs of a figure as it is shown: which there are, where each is, and what each is about.

use super::Shown;
use super::axis::{across, inside};
use crate::layout::arrows::{Arrow, Ending};
use crate::layout::lanes::{self, Segment, Wedge};
use crate::layout::marks;
use crate::plane::geometry::{Line, Point, Rect, spot, to_line};
use crate::read::history::{Cut, Operation};
use crate::read::sentences::{ignored, names};
use crate::read::signs::{About, Sign, subject};
use crate::read::words;
use crate::scene::Scene;
use crate::view::Selection;
use lightcone_engine::protocol::{Cause, ConditionKind, Style, Weight};
use lightcone_engine::run::trace::{Fate, Verdict};
use lightcone_engine::{Action, EventIndex, NodeId, NodeSet, Time, Trace};

/// A sign in a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The sign.
    pub sign: Sign,
    /// Where it is.
    pub shape: Shape,
    /// What it is about.
    pub about: About,
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
        own.retain(|found| {
            found.about.of == selection && (!matches!(selection, Selection::Lane(_)) || stretch(found.shape))
        });
        own
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
        signs.operations();
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
    fn add(&mut self, sign: Sign, shape: Shape, about: About) {
        self.found.push(Found { sign, shape, about });
    }

    /// Octagons, and marks on lanes.
    fn events(&mut self) {
        let (scene, trace) = (self.scene, &self.scene.index.trace);
        for broken in &scene.violations {
            let names = trace.specification().properties.iter().zip(&trace.verdicts);
            let mut own =
                names.filter(|(_, verdict)| matches!(verdict, Verdict::Broken { event, .. } if *event == broken.event));
            let name = own.next().map_or_else(String::new, |(property, _)| property.name.to_owned());
            self.add(Sign::Broken, Shape::Spot(broken.at), event(trace, broken.event, name, String::new()));
        }
        for mark in &scene.marks {
            let cause = trace.event(mark.event).cause;
            for glyph in &mark.drawn.glyphs {
                let who = match cause {
                    Cause::Fire(timer) if glyph.class == "g spark" => subject(trace, Selection::Timer(timer)),
                    _ => String::new(),
                };
                let at = marks::middle(&scene.frame, mark.drawn.at, glyph.class);
                let about = event(trace, mark.event, who, String::new());
                glyph_sign(glyph.class, cause)
                    .into_iter()
                    .for_each(|sign| self.add(sign, Shape::Spot(at), about.clone()));
            }
        }
    }

    /// What becomes of a message.
    fn fate(&mut self, arrow: &Arrow) {
        let trace = &self.scene.index.trace;
        let about = About::of(Selection::Message(arrow.id));
        if let (Some(at), Some(handled)) =
            (arrow.ignored, self.scene.index.message(arrow.id).map(|message| message.fate))
            && let Fate::Delivered(here) = handled
        {
            let why = ignored(trace, here).map_or_else(String::new, |why| [": ", &why].concat());
            let at_moment = event(trace, here, String::new(), why);
            self.add(Sign::Ignored, Shape::Spot(at), About { of: about.of, ..at_moment });
        }
        if let Some(at) = arrow.twice {
            self.add(Sign::Twice, Shape::Spot(at), about.clone());
        }
        if let Some(moved) = &arrow.moved {
            for shape in [Shape::Spot(moved.ring), Shape::Spot(moved.dot), Shape::Line(moved.dots)] {
                self.add(Sign::Moved, shape, about.clone());
            }
        }
        if let Some(waited) = arrow.waited {
            self.add(Sign::WaitsForPaused, Shape::Line(waited), about.clone());
        }
        let (sign, at) = match &arrow.ending {
            Ending::Head if arrow.refuses => (Sign::Refusal, arrow.grip),
            Ending::Head if arrow.reply => (Sign::Reply, arrow.grip),
            Ending::Head => return,
            Ending::UnderWay(at) => (Sign::UnderWay, *at),
            Ending::Lost { by_hand: true, .. } => (Sign::Dropped, arrow.grip),
            Ending::Lost { .. } => (Sign::Lost, arrow.grip),
            Ending::Stopped(_) => (Sign::ReachedStopped, self.scene.frame.point(arrow.tip)),
            Ending::Bar(bar) => (Sign::MeetsCut, Shape::Line(*bar).middle()),
        };
        self.add(sign, Shape::Spot(at), about);
    }

    /// What changes with the cursor, the selection and the last move.
    fn of_the_moment(&mut self) {
        let (scene, moment) = (self.scene, self.shown.moment);
        let (frame, trace) = (&scene.frame, &scene.index.trace);
        for (at, arrow) in scene.flying(moment) {
            let about = About { when: Some((moment, moment)), ..About::of(Selection::Message(arrow.id)) };
            self.add(Sign::UnderWay, Shape::Spot(at), about);
        }
        let pending = lanes::pending(&scene.index, frame, moment);
        for sliver in scene.slivers.iter().chain(&pending) {
            let when = trace.timers.iter().find(|timer| timer.id == sliver.id).map(|timer| (timer.armed, timer.due));
            self.add(Sign::Timer, Shape::Area(sliver.area), About { when, ..About::of(Selection::Timer(sliver.id)) });
        }
        if let Some(cone) = &scene.cone {
            let sign = if cone.ahead { Sign::Future } else { Sign::Past };
            self.add(sign, Shape::Spot(cone.apex), About::of(self.shown.selection));
        }
        if let Some(old) = &self.shown.old {
            let arrows = old.ghost.arrows.iter().map(|(arrow, _)| (frame.point(arrow.tail), frame.point(arrow.tip)));
            for line in arrows.chain(old.ghost.lanes.iter().map(|stretch| stretch.line)) {
                self.add(Sign::Ghost, Shape::Line(line), About::of(Selection::Nothing));
            }
        }
        let fork = self.shown.old.as_ref().and_then(|old| old.ghost.fork).map(|fork| fork.1);
        let lines = [(Sign::FirstDifference, fork), (Sign::End, Some(trace.horizon())), (Sign::Now, Some(moment))];
        for (sign, along) in lines.into_iter().filter_map(|(sign, at)| Some((sign, inside(frame, at?)?))) {
            self.add(sign, Shape::Line(across(frame, along)), About::of(Selection::Nothing));
        }
    }

    /// Conditions on lanes.
    fn for_a_while(&mut self) {
        for each in &self.scene.conditions {
            let (sign, shape) = match each.what {
                ConditionKind::Locked => (Sign::Lock, Shape::Area(each.area)),
                ConditionKind::InDoubt => (Sign::InDoubt, Shape::Area(each.area)),
                ConditionKind::Waits => (Sign::Waits, Shape::Line(each.line)),
                ConditionKind::HeldBack => (Sign::HeldBack, Shape::Line(each.line)),
            };
            let more = (String::new(), each.text.clone());
            self.add(sign, shape, About { when: Some(each.when), more, of: Selection::Lane(each.node) });
        }
    }

    /// Requests of clients, on their lanes and in their view.
    fn operations(&mut self) {
        let (scene, horizon) = (self.scene, self.scene.index.trace.horizon());
        for each in scene.operations.iter() {
            let shape = Shape::Area(each.area);
            let (node, at) = self.place(shape);
            let time = |event: EventIndex| scene.index.trace.event(event).at;
            let stretch =
                |each: &Operation| (time(each.asked), each.answered.map_or(horizon, |(event, _)| time(event)));
            let own = scene.index.operations.iter().filter(|each| each.id.node == node).map(stretch);
            let when = own.into_iter().find(|(from, to)| (*from..=*to).contains(&at));
            self.add(Sign::Operation, shape, About { when, ..About::of(Selection::Lane(node)) });
        }
        let Some((view, drawn)) = scene.index.clients.as_ref().zip(scene.clients.as_ref()) else { return };
        for each in &drawn.boxes {
            if let Some(bar) = each.bar {
                self.add(Sign::Effect, Shape::Line(bar), About::of(Selection::Nothing));
            }
            if let Some(seen) = view.operations.get(each.place) {
                let when = Some((seen.asked.0, seen.answered.map_or(horizon, |(at, ..)| at)));
                let more = (subject(&scene.index.trace, Selection::Lane(seen.id.node)), String::new());
                self.add(Sign::Operation, Shape::Area(each.area), About { of: Selection::Nothing, when, more });
            }
        }
    }

    /// Lanes by their weight, gaps, pauses, and the bands around them.
    fn lanes(&mut self) {
        let (scene, trace) = (self.scene, &self.scene.index.trace);
        for segment in &scene.segments {
            let (sign, shape) = match segment {
                Segment::Pause(area, _) => (Sign::Paused, Shape::Area(*area)),
                Segment::Gap(a, b) => (Sign::Stopped, Shape::Line((*a, *b))),
                Segment::Line(weight, a, b) => (of_weight(*weight), Shape::Line((*a, *b))),
            };
            let (node, at) = self.place(shape);
            let lane = scene.index.lane(node);
            let when = match sign {
                Sign::Stopped => lane.and_then(|lane| lane.span_at(at)).map(|span| (span.from, span.to)),
                Sign::Paused => lane
                    .and_then(|lane| lane.pauses.iter().find(|pause| (pause.from..=pause.to).contains(&at)))
                    .map(|pause| (pause.from, pause.to)),
                _ => None,
            };
            self.add(sign, shape, About { when, ..About::of(Selection::Lane(node)) });
        }
        for band in &scene.bands {
            let shape = Shape::Area(band.rect);
            let epoch = [trace.specification().epoch_word, " ", &band.epoch.to_string()].concat();
            let of = Selection::Lane(self.place(shape).0);
            self.add(Sign::Epoch, shape, About { more: (String::new(), epoch), ..About::of(of) });
        }
    }

    /// The kind of a message.
    fn kind(&mut self, arrow: &Arrow) {
        self.add(of_style(arrow.style), Shape::Line(arrow.line), About::of(Selection::Message(arrow.id)));
    }

    fn wedges(&mut self) {
        for wedge in &self.scene.wedges {
            let sign = if wedge.one_way { Sign::CutOneWay } else { Sign::Cut };
            let until = wedge.healed.unwrap_or(self.scene.index.trace.horizon());
            let more = (self.sides(wedge), String::new());
            let about = About { of: Selection::Nothing, when: Some((wedge.since, until)), more };
            self.add(sign, Shape::Area(wedge.area), about);
        }
    }

    /// Whom a cut parts: "S1 and the others".
    fn sides(&self, wedge: &Wedge) -> String {
        let trace = &self.scene.index.trace;
        let own = |cut: &&Cut| {
            cut.stretch.from == wedge.since && cut.one_way == wedge.one_way && words::links(trace, cut) == wedge.links
        };
        let Some(cut) = self.scene.index.cuts.iter().find(own) else { return String::new() };
        let all = wedge.links.is_none();
        let few = |one: NodeSet, other: NodeSet| all && one.iter().count() > other.iter().count();
        let name = |side: NodeSet, other: NodeSet| {
            if few(side, other) { "the others".to_owned() } else { names(trace, side) }
        };
        let way = if cut.one_way { " to " } else { " and " };
        [&name(cut.from, cut.to), way, &name(cut.to, cut.from)].concat()
    }

    /// The lane on which a shape is, and the moment of its middle.
    fn place(&self, shape: Shape) -> (NodeId, Time) {
        let middle = self.scene.frame.spot(shape.middle());
        let node = self.scene.frame.nearest(middle.across).map_or(NodeId(0), |(node, _)| node);
        (node, self.scene.frame.time(middle.along))
    }
}

/// An event at its moment.
fn event(trace: &Trace, event: EventIndex, who: String, more: String) -> About {
    let at = trace.event(event).at;
    About { of: Selection::Event(event), when: Some((at, at)), more: (who, more) }
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
