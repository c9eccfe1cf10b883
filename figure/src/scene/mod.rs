//! The scene: everything that is drawn of a run, as plain data. It is a pure function of the run, the box, the stretch of
//! time and the selection. The cursor does not change it.

pub mod ghost;
pub mod ticks;

use crate::layout::arrows::{self, Arrow, Ending, MOST_ARROWS};
use crate::layout::candidates::{Candidates, HINT, Level};
use crate::layout::cone::{self, Cone};
use crate::layout::lanes::{self, Band, OperationBox, Segment, Sliver, Wedge};
use crate::layout::marks::{self, Drawn, EventMark, Violation};
use crate::layout::{axis, clients, conditions, stacks};
use crate::plane::geometry::{Frame, Point, Rows, Spot, Stands, between, spot, to_line};
use crate::plane::labels::{Area, Candidate, Ground, Label, area};
use crate::read::alike;
use crate::read::index::Index;
use crate::read::words;
use crate::view::{Light, Selection, Tool, Window};
use lightcone_engine::protocol::{ConditionKind, Kind, Style};
use lightcone_engine::run::trace::{Fate, Message};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::{EventIndex, MessageId, NodeId, NodeSet, Time};
use std::rc::Rc;
use ticks::{Thin, Ticks};

/// Everything that is drawn of a run.
pub struct Scene {
    /// The run that is drawn, with what is looked up about it.
    pub index: Rc<Index>,
    /// The frame that maps times and lanes to pixels.
    pub frame: Frame,
    /// The axis' ticks: where, and the text.
    pub ticks: Vec<(f64, String)>,
    /// Whether they are numbered steps.
    pub steps: bool,
    /// Bands on lanes, one for each stretch in one epoch.
    pub bands: Vec<Band>,
    /// Timers that fire.
    pub slivers: Vec<Sliver>,
    /// Wedges between lanes whose links are cut.
    pub wedges: Vec<Wedge>,
    /// Locks, waiting, doubt, what is held back.
    pub conditions: Vec<conditions::Drawn>,
    /// Arrows for the messages in the window.
    pub arrows: Vec<Rc<Arrow>>,
    /// The arrows' messages, by their places in the run.
    places: Vec<u32>,
    /// Messages that are left out of a crowded figure, for each of some stretches of the figure.
    pub left_out: Vec<Rc<Ticks>>,
    /// Pieces of the lanes' lines.
    pub segments: Vec<Segment>,
    /// Clients' operations.
    pub operations: Rc<Vec<OperationBox>>,
    /// Marks of the events in the window.
    pub marks: Vec<EventMark>,
    /// The violations in the window.
    pub violations: Vec<Violation>,
    /// The clients' view, below the lanes.
    pub clients: Option<Rc<clients::Drawn>>,
    /// The light cone of the selected event.
    pub cone: Option<Cone>,
    /// Labels that found a place.
    pub labels: Vec<Label>,
    /// The hint that tells a newcomer where to take an arrow. It is the page's, not the run's.
    pub hint: Option<Label>,
    /// How much is written.
    pub level: Level,
    /// The message in the hand: it is drawn in a layer of its own.
    pub held: Option<MessageId>,
}

/// The inputs of a scene, besides the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewport {
    /// The box: width and height; a height of 0 takes what is needed.
    pub size: (f64, f64),
    /// Whether time runs down.
    pub narrow: bool,
    /// The stretch of time.
    pub window: Window,
    /// The moment after which events are numbered, instead of an axis with times.
    pub steps: Option<Time>,
    /// What is lit around the selected event.
    pub light: Light,
    /// Everything whose label is written in full.
    pub chosen: Vec<Selection>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// The moment of a cut that the reader only tries, if they try one.
    pub tried: Option<Time>,
    /// Whether a newcomer is told where to take an arrow.
    pub hint: bool,
    /// Lanes that become threads if not all fit.
    pub idle: NodeSet,
    /// Whether it stands alone.
    pub stands: Stands,
}

impl Scene {
    /// Arrows that are not in the hand.
    pub fn at_rest(&self) -> impl Iterator<Item = &Rc<Arrow>> {
        self.arrows.iter().filter(|arrow| Some(arrow.id) != self.held)
    }

    /// Lays a run out.
    #[must_use]
    pub fn new(index: Rc<Index>, view: &Viewport) -> Scene {
        Scene::after(index, view, None)
    }

    /// Lays a run out after another scene: a label keeps its place while it can, and what is drawn as before is shared.
    #[must_use]
    pub fn after(index: Rc<Index>, view: &Viewport, before: Option<&Scene>) -> Scene {
        let choices = before.map_or_else(SortedMap::new, Scene::choices);
        Scene::laid_out(index, view, &choices, before)
    }

    /// `choices`: which place each label took before. The scene is the same whether it shares anything with `before` or not.
    fn laid_out(
        index: Rc<Index>,
        view: &Viewport,
        choices: &SortedMap<String, usize>,
        before: Option<&Scene>,
    ) -> Scene {
        let order = index.order.clone();
        let clients = index.clients.as_ref().map_or(0, |view| view.clients.len());
        let rows = Rows { order, clients, idle: view.idle, stands: view.stands };
        let frame = Frame::new(view.size, view.narrow, view.window, rows);
        let level = Level::of(mean_length(&index, &frame));
        let size = if level == Level::Nothing { 0.75 } else { 1.0 };
        let alike = |before: &&Scene| before.frame == frame && alike::ground(&before.index.trace, &index.trace);
        let before = before.filter(alike);
        let mut thin = Thin::new(&frame);
        let small = |level: Level| level == Level::Nothing;
        let mut twins = Twins::of(before.filter(|before| small(before.level) == small(level)));
        let (mut arrows, mut places) = (Vec::new(), Vec::new());
        for (place, whole) in thinned(&index, view) {
            let message = &index.trace.messages[place];
            if whole {
                arrows.push(twins.next(&index, message).unwrap_or_else(|| {
                    let said = words::message(&index.trace, message);
                    Rc::new(Arrow { said, ..arrows::lay_out(&index, &frame, message, size) })
                }));
                places.push(place as u32);
            } else {
                thin.note(message);
            }
        }
        let mut scene = Scene {
            ticks: axis::ticks(&index, &frame, view.steps),
            steps: view.steps.is_some(),
            bands: lanes::bands(&index, &frame),
            slivers: lanes::fired(&index, &frame),
            wedges: lanes::wedges(&index, &frame, view.tried),
            conditions: [conditions::lay_out(&index, &frame), stacks::lay_out(&index, &frame)].concat(),
            segments: lanes::segments(&index, &frame),
            operations: Rc::new(lanes::operations(&index, &frame)),
            marks: marks::marks(&index, &frame, level == Level::Nothing, before.map(|old| (&*old.index, &*old.marks))),
            violations: marks::violations(&index, &frame),
            clients: index
                .clients
                .as_ref()
                .and_then(|view| clients::lay_out(view, &frame, index.trace.horizon()))
                .map(Rc::new),
            cone: lit(view).and_then(|(event, ahead)| cone::cone(&index, &frame, event, ahead)),
            labels: Vec::new(),
            hint: None,
            left_out: thin.shared(before.map_or(&[], |before| &before.left_out)),
            arrows,
            places,
            level,
            held: view.held,
            frame,
            index,
        };
        scene.labels = scene.labelled(view, choices);
        let hint = scene.labels.iter().position(|label| label.key == HINT);
        scene.hint = hint.map(|place| scene.labels.remove(place));
        scene
    }

    fn labelled(&self, view: &Viewport, choices: &SortedMap<String, usize>) -> Vec<Label> {
        let ground = self.ground();
        let candidates = Candidates {
            index: &self.index,
            frame: &self.frame,
            ground: &ground,
            level: self.level,
            chosen: &view.chosen,
            held: view.held,
        };
        let mut wanted = candidates.wedges(&self.wedges);
        let conditions = self.conditions.iter().filter_map(|each| candidates.condition(each));
        wanted.extend(conditions.filter_map(|words| self.outside_wedges(words)));
        wanted.extend(self.violations.iter().map(|violation| candidates.violation(violation)));
        wanted.extend(candidates.messages(&self.arrows, &self.places));
        wanted.extend(candidates.events(&self.marks));
        wanted.extend(candidates.answers());
        wanted.extend(candidates.epochs(&self.bands));
        if let (Some(view), Some(drawn)) = (&self.index.clients, &self.clients) {
            wanted.extend(drawn.boxes.iter().flat_map(|each| candidates.clients(view, each)));
        }
        wanted.extend(view.hint.then(|| candidates.hint(&self.arrows)));
        ground.place(wanted, choices)
    }

    /// The areas that labels may not cover.
    fn ground(&self) -> Ground {
        let frame = &self.frame;
        let (left, top, width, height) =
            frame.rect(spot(frame.along.0, frame.across.0), spot(frame.along.1, frame.across.1));
        let mut ground = Ground::new(Area { left, top, right: left + width, bottom: top + height }, frame.narrow);
        for arrow in &self.arrows {
            ground.thin(arrow.line);
            if arrow.style == Style::Decision {
                // The stroke is thick, so that two lines may not cross here.
                ground.thin(arrow.line);
            }
            ground.take(Area::around(arrow.grip, 5.0));
            if let Some(moved) = &arrow.moved {
                ground.thick(moved.dots);
            }
        }
        for mark in &self.marks {
            mark.drawn.glyphs.iter().for_each(|glyph| self.take_glyph(&mut ground, mark.drawn.at, glyph.class));
        }
        for segment in &self.segments {
            match segment {
                Segment::Line(_, a, b) => ground.thick((*a, *b)),
                Segment::Gap(a, b) => ground.thin((*a, *b)),
                Segment::Pause((x, y, w, h), _) => {
                    ground.take(Area { left: *x, top: *y, right: x + w, bottom: y + h });
                }
            }
        }
        self.wedges.iter().for_each(|wedge| ground.reserve(wedge.core()));
        for condition in &self.conditions {
            if condition.what == ConditionKind::Sibling {
                ground.thin(condition.line);
                continue;
            }
            let (x, y, w, h) = condition.area;
            ground.reserve(Area { left: x, top: y, right: x + w, bottom: y + h });
        }
        for violation in &self.violations {
            ground.take(Area::around(violation.at, 10.0));
        }
        if let Some(view) = &self.clients {
            let boxes = view.boxes.iter().map(|each| (each.area, each.fills));
            for ((x, y, w, h), fills) in boxes.chain(view.before.iter().map(|way| (way.1, false))) {
                let area = Area { left: x, top: y, right: x + w, bottom: y + h };
                if fills { ground.reserve(area) } else { ground.take(area) }
            }
        }
        ground.settled()
    }

    /// Words of a ribbon, outside the wedges in which it lies where lanes are close together; none if there is no such place.
    fn outside_wedges(&self, mut words: Candidate) -> Option<Candidate> {
        let (text, look) = (&words.text, words.look);
        let meets = |at, anchor| self.wedges.iter().any(|wedge| area(text, look, at, anchor).meets(&wedge.core()));
        words.places.retain(|(at, anchor)| !meets(*at, *anchor));
        (!words.places.is_empty()).then_some(words)
    }

    fn take_glyph(&self, ground: &mut Ground, place: Point, class: &str) {
        let room = if class == "g persist" { 5.0 } else { 7.0 };
        ground.take_in_row(Area::around(marks::middle(&self.frame, place, class), room));
    }

    /// Which place each label took.
    #[must_use]
    pub fn choices(&self) -> SortedMap<String, usize> {
        let labels = self.labels.iter().chain(&self.hint);
        labels.map(|label| (label.key.clone(), label.choice)).collect()
    }

    /// The messages under way at a moment, and where they are.
    #[must_use]
    pub fn flying(&self, at: Time) -> Vec<(Point, &Arrow)> {
        let dots = self.arrows.iter().filter_map(|arrow| {
            let (sent, arrives) = arrow.times;
            let part = at.since(sent) as f64 / arrives.since(sent).max(1) as f64;
            let last = match arrow.ending {
                Ending::Head | Ending::Stopped(_) | Ending::UnderWay(_) => 1.0,
                Ending::Lost { .. } => 0.5,
                Ending::Bar(_) => 0.0,
            };
            // A dot on a lane would hide what happens there.
            let way = (arrow.tip.along - arrow.tail.along).hypot(arrow.tip.across - arrow.tail.across);
            let clear = part * way > NEAR_END && (1.0 - part) * way > NEAR_END;
            let flies = at > sent && at < arrives && part < last && clear;
            flies.then(|| (self.frame.point(between(arrow.tail, arrow.tip, part)), &**arrow))
        });
        dots.collect()
    }
}

/// How near to an end of its way a message under way has no dot.
const NEAR_END: f64 = 16.0;
/// How near to a lane's line a press is on it, whatever crosses there.
const ON_LANE: f64 = 5.0;
/// How near a press must be to what is broken.
const OCTAGON: f64 = 9.0;

/// The event whose light cone is shown, and whether it is the one ahead: none while a message is held, since events have other places then.
fn lit(view: &Viewport) -> Option<(EventIndex, bool)> {
    let ahead = match view.light {
        Light::Past => false,
        Light::Future => true,
        Light::Why | Light::Off => return None,
    };
    view.chosen.iter().find_map(|chosen| match chosen {
        Selection::Event(event) if view.held.is_none() => Some((*event, ahead)),
        _ => None,
    })
}

/// The mean way of the window's messages along the figure, signs of life left out if there are others.
fn mean_length(index: &Index, frame: &Frame) -> f64 {
    let beats: Vec<bool> = index.trace.plan.protocol.kinds().iter().map(|kind| kind.style == Style::Beat).collect();
    let (mut all, mut others) = ((0.0, 0.0), (0.0, 0.0));
    for message in index.messages_in(frame.window) {
        let length = message.drawn.since(message.sent) as f64 * frame.scale();
        all = (all.0 + length, all.1 + 1.0);
        if !beats[usize::from(message.id.kind)] {
            others = (others.0 + length, others.1 + 1.0);
        }
    }
    let mean = |(sum, count): (f64, f64)| (count > 0.0).then(|| sum / count);
    mean(others).or_else(|| mean(all)).unwrap_or(100.0)
}

/// The stretch with which a narrow screen opens, if its window is too much: around the moment of the cursor.
#[must_use]
pub fn opening(index: &Index, frame: &Frame, at: Time) -> Option<Window> {
    let length = mean_length(index, frame);
    if length >= LEAST_LENGTH {
        return None;
    }
    let Window { from, to } = frame.window;
    let width = (to.since(from) as f64 * length / LEAST_LENGTH) as u64;
    let start = at.micros().saturating_sub(width * 2 / 5);
    Some(Window { from: Time::from_micros(start), to: Time::from_micros(start + width) })
}

/// The mean way of a message with which a narrow figure opens.
const LEAST_LENGTH: f64 = 24.0;

/// The arrows of an older scene in the same frame.
struct Twins<'a> {
    old: Option<&'a Scene>,
    next: usize,
}

impl<'a> Twins<'a> {
    fn of(old: Option<&'a Scene>) -> Twins<'a> {
        Twins { old, next: 0 }
    }

    /// The arrow of a message that is drawn alike. Messages are asked for in order of sending.
    fn next(&mut self, index: &Index, message: &Message) -> Option<Rc<Arrow>> {
        let old = self.old?;
        let sent = |place: &usize| old.arrows[*place].times.0;
        let all = old.arrows.len();
        self.next = (self.next..all).find(|place| sent(place) >= message.sent).unwrap_or(all);
        let same = (self.next..all).take_while(|place| sent(place) == message.sent);
        let twin = same.into_iter().find(|place| old.arrows[*place].id == message.id)?;
        let was = &old.index.trace.messages[old.places[twin] as usize];
        arrows::alike((&old.index, was), (index, message)).then(|| old.arrows[twin].clone())
    }
}

/// The places of the window's messages; at most [`MOST_ARROWS`] of them whole, if what matters least is thinned out.
fn thinned<'a>(index: &'a Index, view: &'a Viewport) -> impl Iterator<Item = (usize, bool)> {
    let trace = &index.trace;
    let Window { from, to } = view.window;
    let ranks: Vec<usize> = trace.plan.protocol.kinds().iter().map(rank).collect();
    let reaches = |message: &Message| message.sent <= to && ends(index, message) >= from;
    let inside = index.places_in(view.window).filter(|place| reaches(&trace.messages[*place]));
    let inside: Vec<(usize, usize)> =
        inside.map(|place| (place, ranks[usize::from(trace.messages[place].id.kind)])).collect();
    let mut counts = [0; 3];
    inside.iter().for_each(|(_, rank)| counts[*rank] += 1);
    let keep = [2, 1, 0].into_iter().find(|keep| counts[..=*keep].iter().sum::<usize>() <= MOST_ARROWS).unwrap_or(0);
    let chosen =
        move |message: &Message| view.held == Some(message.id) || view.chosen.contains(&Selection::Message(message.id));
    let mut left = MOST_ARROWS;
    inside.into_iter().map(move |(place, rank)| {
        let whole = chosen(&trace.messages[place]) || (rank <= keep && left > 0);
        left -= usize::from(whole && left > 0);
        (place, whole)
    })
}

fn ends(index: &Index, message: &Message) -> Time {
    let handled = match message.fate {
        Fate::Delivered(event) => index.trace.event(event).at,
        _ => message.arrives,
    };
    handled.max(message.arrives)
}

/// How soon a message of this kind is left out of a crowded figure.
fn rank(kind: &Kind) -> usize {
    match (kind.style, kind.reply) {
        (Style::Beat, _) => 2,
        (Style::Value, true) => 1,
        _ => 0,
    }
}

/// What is chosen, as those hear of it who cannot see the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Whether it is a message.
    pub message: bool,
    /// The name of its element.
    pub name: String,
    /// The message or event in a sentence.
    pub said: String,
    /// Its place.
    pub at: Point,
}

impl Scene {
    /// The message or event that is chosen; none if it is not in the window.
    #[must_use]
    pub fn named(&self, selection: Selection) -> Option<Named> {
        match selection {
            Selection::Message(id) => {
                let arrow = self.arrows.iter().find(|arrow| arrow.id == id)?;
                Some(Named { message: true, name: arrow.name.clone(), said: arrow.said.clone(), at: arrow.grip })
            }
            Selection::Event(event) => {
                let Drawn { name, said, at, .. } = match self.marks.iter().find(|mark| mark.event == event) {
                    Some(mark) => (*mark.drawn).clone(),
                    None => marks::unmarked(&self.index, &self.frame, event)?,
                };
                Some(Named { message: false, name, said, at })
            }
            _ => None,
        }
    }

    /// Whether what is chosen is among the arrows at rest and the marks.
    #[must_use]
    pub fn draws(&self, selection: Selection) -> bool {
        match selection {
            Selection::Message(id) => self.at_rest().any(|arrow| arrow.id == id),
            Selection::Event(event) => self.marks.iter().any(|mark| mark.event == event),
            _ => true,
        }
    }
}

/// The thing under a pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A message's head, ring or cross: can be taken.
    Head(MessageId),
    /// A message's line.
    Line(MessageId),
    /// An event's mark.
    Event(EventIndex),
    /// A lane, at a moment.
    Lane(NodeId, Time),
    /// Between two lanes, at a moment.
    Gap(NodeId, NodeId, Time),
    /// A lane's head.
    LaneHead(NodeId),
    /// The axis, at a moment.
    Axis(Time),
    /// The empty figure beside all of these.
    Ground,
}

impl Scene {
    /// The thing at a point for this tool. `reach` is the radius, in pixels, in which an arrow's head is hit.
    #[must_use]
    pub fn target(&self, tool: Tool, point: Point, reach: f64) -> Target {
        let here = self.frame.spot(point);
        if here.along < self.frame.along.0 - 4.0 {
            let nearest = self.frame.nearest(here.across).filter(|(_, far)| *far < self.frame.pitch / 2.0);
            return nearest.map_or(Target::Ground, |(node, _)| Target::LaneHead(node));
        }
        if here.across < self.frame.across.0 {
            return Target::Axis(self.frame.time(here.along).min(self.index.trace.horizon()));
        }
        if here.across > self.frame.lanes_end && self.frame.clients > 0 {
            return self.asked_at(point);
        }
        match tool {
            Tool::Move => {}
            Tool::Cut => return self.ground_target(here),
            Tool::Crash | Tool::Pause | Tool::Request => return self.nearest_lane(here),
        }
        let far = |at: Point| (at.x - point.x).hypot(at.y - point.y);
        let heads = self.arrows.iter().map(|arrow| (far(arrow.grip), arrow.id));
        let head = heads.filter(|(far, _)| *far <= reach).min_by(|a, b| a.0.total_cmp(&b.0));
        // An octagon may lie over a head: the nearer of the two is meant.
        let nearer = |at: f64| at <= OCTAGON && head.is_none_or(|(far, _)| at < far);
        if let Some(violation) = self.violations.iter().find(|violation| nearer(far(violation.at))) {
            return Target::Event(violation.event);
        }
        if let Some((_, id)) = head {
            return Target::Head(id);
        }
        let events = self.marks.iter().map(|mark| (far(mark.drawn.at), mark.event));
        if let Some((_, event)) = events.filter(|(far, _)| *far <= 9.0).min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Target::Event(event);
        }
        // Where an arrow crosses a lane, or ends there, the lane is meant: the arrow has more places to be pressed at.
        if self.frame.nearest(here.across).is_some_and(|(_, far)| far <= ON_LANE) {
            return self.nearest_lane(here);
        }
        let lines = self.arrows.iter().map(|arrow| (to_line(here, arrow.tail, arrow.tip), arrow.id));
        if let Some((_, id)) = lines.filter(|(far, _)| *far <= 6.0).min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Target::Line(id);
        }
        self.ground_target(here)
    }

    /// The event at which a message arrives, if it is nearer to a point than the arrow's head is.
    #[must_use]
    pub fn arrival_at(&self, id: MessageId, point: Point) -> Option<EventIndex> {
        let arrow = self.arrows.iter().find(|arrow| arrow.id == id)?;
        let Fate::Delivered(event) = self.index.message(id)?.fate else { return None };
        let on_lane = self.frame.point(spot(arrow.tip.along, self.frame.lane(id.to)));
        let far = |at: Point| (at.x - point.x).hypot(at.y - point.y);
        (far(on_lane) < far(arrow.grip)).then_some(event)
    }

    /// The operation of the clients' view at a point: the event that answered it, or asked it.
    fn asked_at(&self, point: Point) -> Target {
        let boxes = self.clients.iter().flat_map(|view| &view.boxes);
        let mut under = boxes.filter(|each| {
            let (x, y, w, h) = each.area;
            (x..=x + w).contains(&point.x) && (y..=y + h).contains(&point.y)
        });
        let place = under.next().map(|each| each.place);
        let seen = place.zip(self.index.clients.as_ref()).and_then(|(place, view)| view.operations.get(place));
        seen.map_or(Target::Ground, |seen| Target::Event(seen.answered.map_or(seen.asked.1, |(_, event, _)| event)))
    }

    fn ground_target(&self, here: Spot) -> Target {
        match self.frame.nearest(here.across) {
            Some((_, far)) if far <= self.frame.band => self.nearest_lane(here),
            _ => self.gap(here),
        }
    }

    fn nearest_lane(&self, here: Spot) -> Target {
        let at = self.frame.time(here.along).min(self.index.trace.horizon());
        self.frame.nearest(here.across).map_or(Target::Ground, |(node, _)| Target::Lane(node, at))
    }

    fn gap(&self, here: Spot) -> Target {
        let at = self.frame.time(here.along).min(self.index.trace.horizon());
        let lane = |node: NodeId| self.frame.lane(node);
        let mut pairs = self.frame.order.windows(2);
        let between = pairs.find(|pair| lane(pair[0]) < here.across && here.across < lane(pair[1]));
        between.map_or(Target::Ground, |pair| Target::Gap(pair[0], pair[1], at))
    }
}

impl Viewport {
    /// A whole run in a box of this size, with nothing chosen or held.
    #[must_use]
    pub fn whole(index: &Index, size: (f64, f64), narrow: bool) -> Viewport {
        let window = Window { from: Time::ZERO, to: index.trace.horizon() };
        let (idle, light, chosen) = (index.idle, Light::Off, Vec::new());
        let stands = Stands::Alone;
        Viewport {
            size,
            narrow,
            window,
            steps: None,
            light,
            chosen,
            held: None,
            tried: None,
            hint: false,
            idle,
            stands,
        }
    }
}

#[cfg(test)]
mod tests;
