//! The scene: everything that is drawn of a run, as plain data. A pure function of the run, the box,
//! the stretch of time and what is chosen; where the cursor is changes nothing here.

use super::arrows::{self, Arrow, Ending};
use super::cone::{self, Cone};
use super::geometry::{Frame, Point, Spot, between, distance, spot, ticks, within};
use super::index::Index;
use super::labels::{Area, Ground, Label};
use super::lanes::{self, Band, OperationBox, Segment, Sliver, Wedge};
use super::marks::{self, EventMark, Violation};
use super::wishes::{Level, Wisher};
use super::words;
use crate::store::{Light, Selection, Tool, Window};
use lightcone::plan::Source;
use lightcone::protocol::Style;
use lightcone::trace::Message;
use lightcone::{EventIndex, MessageId, NodeId, Time};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most arrows in the figure at once; beyond, signs of life go first, then replies that carry values.
pub const MOST_ARROWS: usize = 400;

/// Everything that is drawn of a run.
pub struct Scene {
    /// The run.
    pub index: Rc<Index>,
    /// Where things go.
    pub frame: Frame,
    /// The axis' ticks: where, and the text.
    pub ticks: Vec<(f64, String)>,
    /// Epochs.
    pub bands: Vec<Band>,
    /// Timers that fire.
    pub slivers: Vec<Sliver>,
    /// Cuts.
    pub wedges: Vec<Wedge>,
    /// Messages.
    pub arrows: Vec<Arrow>,
    /// Lanes.
    pub segments: Vec<Segment>,
    /// Clients' operations.
    pub operations: Vec<OperationBox>,
    /// Events.
    pub marks: Vec<EventMark>,
    /// What is broken, and where it shows.
    pub violations: Vec<Violation>,
    /// What the selected event can know of.
    pub cone: Option<Cone>,
    /// Texts.
    pub labels: Vec<Label>,
    /// How much is written.
    pub level: Level,
    /// The message in the hand: it is drawn in a layer of its own.
    pub held: Option<MessageId>,
}

/// What a scene is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The box: width and height; a height of 0 takes what is needed.
    pub size: (f64, f64),
    /// Whether time runs down.
    pub narrow: bool,
    /// The stretch of time.
    pub window: Window,
    /// What is lit around the selected event.
    pub light: Light,
    /// What is written in full.
    pub chosen: Vec<Selection>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// Whether a newcomer is told where to take an arrow.
    pub hint: bool,
}

impl Scene {
    /// Arrows that are not in the hand.
    pub fn at_rest(&self) -> impl Iterator<Item = &Arrow> {
        self.arrows.iter().filter(|arrow| Some(arrow.id) != self.held)
    }

    /// Lays a run out. `choices`: which place each label took before; it keeps it while it can.
    #[must_use]
    pub fn new(index: Rc<Index>, view: &View, choices: &BTreeMap<String, usize>) -> Scene {
        let order: Vec<NodeId> = (0..index.trace.lanes().len() as u8).map(NodeId).collect();
        let frame = Frame::new(view.size, view.narrow, view.window, order);
        let level = Level::of(mean_length(&index, &frame));
        let size = if level == Level::Nothing { 0.75 } else { 1.0 };
        let shown = thinned(&index, index.messages_in(view.window), view);
        let arrows: Vec<Arrow> = shown.map(|message| arrows::lay_out(&index, &frame, message, size)).collect();
        let mut scene = Scene {
            ticks: axis(&frame),
            bands: lanes::bands(&index, &frame),
            slivers: lanes::fired(&index, &frame),
            wedges: lanes::wedges(&index, &frame),
            segments: lanes::segments(&index, &frame),
            operations: lanes::operations(&index, &frame),
            marks: marks::marks(&index, &frame, level == Level::Nothing),
            violations: marks::violations(&index, &frame),
            cone: lit(view).and_then(|(event, ahead)| cone::cone(&index, &frame, event, ahead)),
            labels: Vec::new(),
            arrows,
            level,
            held: view.held,
            frame,
            index,
        };
        scene.labels = scene.labelled(view, choices);
        scene
    }

    fn labelled(&self, view: &View, choices: &BTreeMap<String, usize>) -> Vec<Label> {
        let wisher =
            Wisher { index: &self.index, frame: &self.frame, level: self.level, chosen: &view.chosen, held: view.held };
        let mut wishes = wisher.wedges(&self.wedges);
        wishes.extend(self.violations.iter().map(|violation| wisher.violation(violation)));
        wishes.extend(wisher.messages(&self.arrows));
        wishes.extend(wisher.events(&self.marks));
        wishes.extend(wisher.answers());
        wishes.extend(wisher.epochs(&self.bands));
        wishes.extend(view.hint.then(|| wisher.hint(&self.arrows)));
        self.ground().place(wishes, choices)
    }

    /// Where labels may not stand.
    fn ground(&self) -> Ground {
        let frame = &self.frame;
        let (left, top, width, height) =
            frame.rect(spot(frame.along.0, frame.across.0), spot(frame.along.1, frame.across.1));
        let mut ground = Ground::new(Area { left, top, right: left + width, bottom: top + height });
        for arrow in &self.arrows {
            ground.thin(arrow.line);
            ground.take(Area::around(arrow.grip, 5.0));
        }
        for mark in &self.marks {
            mark.glyphs.iter().for_each(|glyph| self.take_glyph(&mut ground, mark, glyph.class));
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
        for violation in &self.violations {
            ground.take(Area::around(violation.at, 10.0));
        }
        ground
    }

    fn take_glyph(&self, ground: &mut Ground, mark: &EventMark, class: &str) {
        let Spot { along, across } = self.frame.spot(mark.at);
        let at = |along: f64, across: f64| self.frame.point(spot(along, across));
        match class {
            "g elect" => ground.take(Area::around(at(along + 5.0, across - 12.0), 7.0)),
            "g persist" => ground.take(Area::around(at(along, across + self.frame.band + 2.0), 5.0)),
            _ => ground.take(Area::around(mark.at, 7.0)),
        }
    }

    /// Which place each label took.
    #[must_use]
    pub fn choices(&self) -> BTreeMap<String, usize> {
        let mut choices = BTreeMap::new();
        choices.extend(self.labels.iter().map(|label| (label.key.clone(), label.choice)));
        choices
    }

    /// Where messages under way at a moment are.
    #[must_use]
    pub fn flying(&self, at: Time) -> Vec<(Point, Style)> {
        let dots = self.arrows.iter().filter_map(|arrow| {
            let (sent, arrives) = arrow.times;
            let part = at.since(sent) as f64 / arrives.since(sent).max(1) as f64;
            let last = match arrow.ending {
                Ending::Head | Ending::Stopped(_) | Ending::UnderWay(_) => 1.0,
                Ending::Lost { .. } => 0.5,
                Ending::Bar(_) => 0.0,
            };
            let flies = at > sent && at < arrives && part < last;
            flies.then(|| (self.frame.point(between(arrow.tail, arrow.tip, part)), arrow.style))
        });
        dots.collect()
    }
}

/// The event whose light cone is shown, and whether it is the one ahead: none while a message is held, since events have other places then.
fn lit(view: &View) -> Option<(EventIndex, bool)> {
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
    let mean = |beats: bool| {
        let (mut sum, mut count) = (0.0, 0.0);
        for message in index.messages_in(frame.window) {
            if beats || index.trace.kind(message.id).style != Style::Beat {
                sum += message.drawn.since(message.sent) as f64 * frame.scale();
                count += 1.0;
            }
        }
        (count > 0.0).then(|| sum / count)
    };
    mean(false).or_else(|| mean(true)).unwrap_or(100.0)
}

/// On a narrow screen a whole run may be too much to begin with: where it opens then, around what it is about.
#[must_use]
pub fn opening(index: &Index, frame: &Frame) -> Option<Window> {
    let length = mean_length(index, frame);
    if length >= LEAST_LENGTH {
        return None;
    }
    let Window { from, to } = frame.window;
    let width = (to.since(from) as f64 * length / LEAST_LENGTH) as u64;
    let start = subject(index).micros().saturating_sub(width * 2 / 5);
    Some(Window { from: Time::from_micros(start), to: Time::from_micros(start + width) })
}

/// The mean way of a message with which a narrow figure opens.
const LEAST_LENGTH: f64 = 24.0;

/// What a run is about: the first move, what breaks first, or the last turning point of a role.
fn subject(index: &Index) -> Time {
    let trace = &index.trace;
    let moved = trace.messages.iter().filter(|message| message.source == Source::Hand).map(|message| message.drawn);
    let broken = trace.first_violation().map(|(_, event, _)| trace.event(event).at);
    let turned = index.turns.iter().next_back().map(|event| trace.event(*event).at);
    moved.min().or(broken).or(turned).unwrap_or(Time::ZERO)
}

/// The window's messages, at most [`MOST_ARROWS`] if what matters least is left out.
fn thinned<'a>(index: &'a Index, messages: &'a [Message], view: &'a View) -> impl Iterator<Item = &'a Message> {
    let Window { from, to } = view.window;
    let reaches = move |message: &&Message| message.sent <= to && ends(index, message) >= from;
    let count = |keep: u8| messages.iter().filter(reaches).filter(|m| rank(index, m) <= keep).count();
    let keep = [2, 1, 0].into_iter().find(|keep| count(*keep) <= MOST_ARROWS).unwrap_or(0);
    let chosen = move |message: &Message| view.chosen.contains(&Selection::Message(message.id));
    let mut left = MOST_ARROWS;
    messages.iter().filter(reaches).filter(move |message| {
        let shown = chosen(message) || (rank(index, message) <= keep && left > 0);
        left -= usize::from(shown && left > 0);
        shown
    })
}

fn ends(index: &Index, message: &Message) -> Time {
    let handled = match message.fate {
        lightcone::trace::Fate::Delivered(event) => index.trace.event(event).at,
        _ => message.arrives,
    };
    handled.max(message.arrives)
}

/// How soon a message is left out of a crowded figure.
fn rank(index: &Index, message: &Message) -> u8 {
    let kind = index.trace.kind(message.id);
    match (kind.style, kind.reply) {
        (Style::Beat, _) => 2,
        (Style::Value, true) => 1,
        _ => 0,
    }
}

fn axis(frame: &Frame) -> Vec<(f64, String)> {
    let texts = ticks(frame).into_iter().enumerate().map(|(place, time)| {
        let text = if place == 0 && !frame.narrow { words::flag(time) } else { words::millis(time) };
        (frame.at(time), text)
    });
    texts.collect()
}

/// What a pointer is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A message's head, ring or cross: can be taken.
    Head(MessageId),
    /// A message's line.
    Line(MessageId),
    /// An event.
    Event(EventIndex),
    /// A lane, at a moment.
    Lane(NodeId, Time),
    /// Between two lanes, at a moment.
    Gap(NodeId, NodeId, Time),
    /// A lane's head.
    LaneHead(NodeId),
    /// The axis, at a moment.
    Axis(Time),
    /// Nothing.
    Ground,
}

impl Scene {
    /// What is at a point for this tool; `reach` is the radius of a head's target.
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
        match tool {
            Tool::Move => {}
            Tool::Cut => return self.gap(here),
            Tool::Crash | Tool::Pause | Tool::Request => return self.nearest_lane(here),
        }
        let far = |at: Point| (at.x - point.x).hypot(at.y - point.y);
        let heads = self.arrows.iter().map(|arrow| (far(arrow.grip), arrow.id));
        if let Some((_, id)) = heads.filter(|(far, _)| *far <= reach).min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Target::Head(id);
        }
        let events = self.marks.iter().map(|mark| (far(mark.at), mark.event));
        if let Some((_, event)) = events.filter(|(far, _)| *far <= 9.0).min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Target::Event(event);
        }
        let lines = self.arrows.iter().map(|arrow| (to_line(here, arrow.tail, arrow.tip), arrow.id));
        if let Some((_, id)) = lines.filter(|(far, _)| *far <= 6.0).min_by(|a, b| a.0.total_cmp(&b.0)) {
            return Target::Line(id);
        }
        self.ground_target(here)
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

fn to_line(here: Spot, a: Spot, b: Spot) -> f64 {
    let length = distance(a, b).max(0.001);
    let part = ((here.along - a.along) * (b.along - a.along) + (here.across - a.across) * (b.across - a.across))
        / (length * length);
    distance(here, between(a, b, within(part, 0.0, 1.0)))
}
