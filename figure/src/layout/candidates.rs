//! The candidates for labels, each with the places where it could stand.

use super::clients::Drawing;
use crate::layout::arrows::{Arrow, Ending};
use crate::layout::conditions;
use crate::layout::lanes::{Band, HALF_WEDGE, Wedge};
use crate::layout::marks::{self, EventMark, Violation};
use crate::plane::geometry::{Frame, Point, Spot, between, spot};
use crate::plane::labels::{Anchor, Candidate, Ground, Look, Priority, width};
use crate::read::clients::ClientsView;
use crate::read::index::Index;
use crate::read::words;
use crate::view::Selection;
use lightcone_engine::protocol::{Cause, ConditionKind, Source, Style};
use lightcone_engine::run::trace::{Deed, Fate, Message};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::{Action, EventIndex, MessageId};
use std::rc::Rc;

/// The name of the label that tells a newcomer to take an arrow.
pub const HINT: &str = "hint";

/// How much is written, by the mean length of a message on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Turning points that find room; heads are small.
    Nothing,
    /// Turning points, and the first of each kind.
    Turns,
    /// Names of messages.
    Names,
    /// Names and key fields.
    Fields,
}

impl Level {
    /// The level for a mean length in pixels.
    #[must_use]
    pub fn of(length: f64) -> Level {
        match length {
            ..20.0 => Level::Nothing,
            ..48.0 => Level::Turns,
            ..120.0 => Level::Names,
            _ => Level::Fields,
        }
    }
}

/// Heads beside which the invitation could stand.
const MOST_HINTS: usize = 40;

/// How far from the start of its epoch a number is tried.
const NUMBER_STEPS: [f64; 6] = [5.0, 10.0, 16.0, 24.0, 34.0, 1.0];

/// Places along a wedge at which its text is tried.
const WEDGE_PLACES: u8 = 12;

/// How far from its lane a branch is at least that is the first or the last.
const OUTER_BRANCH: f64 = 10.0;

/// Places along a dashed line at which its words are tried.
const WAIT_PLACES: u8 = 8;

/// Letters of a recorded line that stand at its event. The margin has all of it.
const LONGEST_LINE: usize = 36;

/// The beginning of a recorded line.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// A message and its arrow.
type Sent<'a> = (&'a Arrow, &'a Message);

/// Finds candidates for labels.
pub struct Candidates<'a> {
    /// The run whose labels are wanted.
    pub index: &'a Index,
    /// The frame that maps times and lanes to pixels.
    pub frame: &'a Frame,
    /// What labels may not cover.
    pub ground: &'a Ground,
    /// How much is written.
    pub level: Level,
    /// What is selected or pointed at: always written in full.
    pub chosen: &'a [Selection],
    /// The message in the hand. It gets no label here, because the layer of the hand writes its own.
    pub held: Option<MessageId>,
}

impl Candidates<'_> {
    /// Labels of messages: one a broadcast, signs of life not beyond the first. `places`: those of the messages in the run.
    #[must_use]
    pub fn messages(&self, arrows: &[Rc<Arrow>], places: &[u32]) -> Vec<Candidate> {
        let mut wanted = Vec::new();
        let mut groups: SortedMap<(EventIndex, u8, bool), Vec<Sent<'_>>> = SortedMap::new();
        for (arrow, place) in arrows.iter().zip(places) {
            let quiet = self.level == Level::Nothing && !matches!(arrow.ending, Ending::Lost { by_hand: true, .. });
            if quiet && !self.is_chosen(arrow) {
                continue;
            }
            let message = &self.index.trace.messages[*place as usize];
            wanted.extend(self.fate(arrow, message));
            if Some(arrow.id) == self.held {
                continue;
            }
            if self.is_chosen(arrow) {
                wanted.push(self.single(arrow, message, Priority::Held));
            } else if arrow.id.copy == 0 && self.level > Level::Nothing {
                groups.or_insert((message.sent_by, arrow.id.kind, arrow.refuses), Vec::new()).push((arrow, message));
            }
        }
        let mut seen = SortedMap::new();
        for ((_, kind, refuses), group) in groups {
            let first = seen.add((kind, refuses));
            wanted.extend(self.group(&group, first));
        }
        wanted
    }

    fn is_chosen(&self, arrow: &Arrow) -> bool {
        self.chosen.contains(&Selection::Message(arrow.id))
    }

    fn group(&self, group: &[Sent<'_>], first: bool) -> Option<Candidate> {
        let (arrow, message) = *group.first()?;
        let beat = arrow.style == Style::Beat;
        if arrow.refuses {
            // Who counts votes must not count it.
            return Some(self.single(arrow, message, if first { Priority::First } else { Priority::Rest }));
        }
        // The first of its kind says what the others are, even where there is little room.
        let least = if first && !beat { Level::Turns } else { Level::Names };
        // A client's request and its answer are written at the operation's box; a reply is understood from its request.
        // Where a run was recorded, what it says stands at its events.
        let recorded = self.index.trace.is_recorded();
        let said_already = arrow.style == Style::Client || (arrow.style == Style::Value && arrow.reply) || recorded;
        if self.level < least || said_already || (beat && (!first || arrow.reply)) {
            return None;
        }
        let priority = if first && !beat { Priority::First } else { Priority::Rest };
        Some(match group.len() {
            1 => self.single(arrow, message, priority),
            _ => self.broadcast(group, message, priority),
        })
    }

    fn text(&self, message: &Message, full: bool) -> String {
        let trace = &self.index.trace;
        let fields = full || self.level >= Level::Fields;
        match trace.refusal(message) {
            Some(why) if fields && !full => format!("{}: {why}", words::NO),
            Some(_) if !fields => words::NO.to_owned(),
            _ if fields => trace.label(message),
            _ => trace.kind(message.id).label.to_owned(),
        }
    }

    fn single(&self, arrow: &Arrow, message: &Message, priority: Priority) -> Candidate {
        let held = priority == Priority::Held;
        // Replies to one node lie close together, and are told apart where they end: so are those that say no.
        let parts = if arrow.refuses { [0.9, 0.8, 0.7, 0.6, 0.5] } else { [0.5, 0.35, 0.65, 0.2, 0.8] };
        let spots = parts.map(|part| between(arrow.tail, arrow.tip, part));
        let mut places: Vec<_> = spots.iter().flat_map(|at| beside(self.frame, arrow, *at)).collect();
        if held {
            let head = spot(arrow.tip.along, self.frame.lane(arrow.id.to));
            places.extend(near(self.frame, head, self.frame.band + 3.0));
        }
        let look = if held { Look::Strong } else { Look::Plain };
        candidate(format!("m{}", arrow.name), self.text(message, held), look, priority, places)
    }

    /// One label for all: on either side of the lane, before the first arrow there.
    fn broadcast(&self, group: &[Sent<'_>], message: &Message, priority: Priority) -> Candidate {
        let lane = self.frame.lane(message.id.from);
        let mut places = Vec::new();
        for side in [1.0, -1.0] {
            let own = group.iter().map(|(arrow, _)| *arrow).filter(|arrow| (arrow.tip.across - lane) * side > 0.0);
            let Some(steepest) = own.min_by(|a, b| slope(a).total_cmp(&slope(b))) else { continue };
            for out in [36.0, 28.0, 46.0] {
                let at = between(steepest.tail, steepest.tip, (out / way(steepest)).min(0.9));
                places.push(if self.frame.narrow {
                    let at = self.frame.point(at);
                    (Point { x: at.x, y: at.y - 10.0 }, Anchor::Middle)
                } else {
                    (self.frame.point(spot(at.along - 8.0, at.across + 4.0)), Anchor::End)
                });
            }
        }
        let key = format!("b{}-{}", message.sent_by.0, message.id.kind);
        candidate(key, self.text(message, false), Look::Plain, priority, places)
    }

    /// What became of a message, if that is worth a word.
    fn fate(&self, arrow: &Arrow, message: &Message) -> Option<Candidate> {
        if let Ending::Lost { by_hand: true, .. } = arrow.ending {
            if Some(arrow.id) == self.held {
                return None;
            }
            let Point { x, y } = arrow.grip;
            let places = vec![
                (Point { x: x + 12.0, y: y + 4.0 }, Anchor::Start),
                (Point { x: x - 12.0, y: y + 4.0 }, Anchor::End),
                (Point { x, y: y + 20.0 }, Anchor::Middle),
            ];
            return Some(candidate(
                format!("d{}", arrow.name),
                words::DROPPED.into(),
                Look::Hand,
                Priority::Move,
                places,
            ));
        }
        let Fate::Delivered(event) = message.fate else { return None };
        if self.level < Level::Turns {
            return None;
        }
        let why = words::ignored(&self.index.trace, event)?;
        let at = spot(arrow.tip.along, self.frame.lane(arrow.id.to));
        let of_moved = arrow.moved.is_some() || Some(arrow.id) == self.held;
        let priority = if of_moved { Priority::Held } else { Priority::First };
        let places = near(self.frame, at, if of_moved { 26.0 } else { 17.0 }).into();
        let said = candidate(format!("i{}", arrow.name), words::ignored_label(&why), Look::Strong, priority, places);
        Some(Candidate { of: Some(self.index.trace.event(event).at), ..said })
    }

    /// Labels of events: turning points first.
    #[must_use]
    pub fn events(&self, marks: &[EventMark]) -> Vec<Candidate> {
        let mut seen = SortedMap::new();
        marks.iter().filter_map(|mark| self.event(mark, &mut seen)).collect()
    }

    fn event(&self, mark: &EventMark, seen: &mut SortedMap<String>) -> Option<Candidate> {
        let crashed = marks::crashed_by(self.index, mark.event).is_some();
        if self.level == Level::Nothing && !crashed && !self.turns(mark.event) {
            return None;
        }
        let at = self.frame.spot(mark.drawn.at);
        let out = marks::clearance(self.index, mark.event) + 4.0;
        // Beside a flag, the words stand beside its cloth.
        let flag = mark.drawn.glyphs.iter().any(|glyph| glyph.class == "g elect");
        let places = |turning: bool| {
            let mut places = Vec::with_capacity(20);
            if flag {
                places.extend(beside_flag(self.frame, at));
            }
            places.extend(near(self.frame, at, out));
            if turning {
                places.extend(near(self.frame, at, out + 12.0));
                places.extend(near(self.frame, at, out + 24.0));
            }
            places
        };
        // In a crowded figure only turning points are written, and most find no room.
        let crowded = (self.level == Level::Nothing && !crashed).then(|| places(true));
        if crowded.as_ref().is_some_and(|places| !self.ground.has_room(places)) {
            return None;
        }
        let (key, of) = (format!("e{}", mark.event.0), Some(self.index.trace.event(mark.event).at));
        if crashed {
            let (text, look) = match marks::crashed_by(self.index, mark.event) {
                Some(Source::Hand) => (words::CRASHED_BY_YOU, Look::Hand),
                _ => (words::CRASHES, Look::Strong),
            };
            return Some(Candidate {
                of,
                ..candidate(key, text.into(), look, Priority::Turning, near(self.frame, at, out).into())
            });
        }
        let (text, turning) = self.said(mark.event)?;
        let first = self.level > Level::Nothing && seen.add(text.clone());
        let least = match (turning, first) {
            (true, _) => Level::Nothing,
            (_, true) => Level::Turns,
            _ => Level::Fields,
        };
        if self.level < least {
            return None;
        }
        let (look, priority) = match (turning, first) {
            (true, _) => (Look::Strong, Priority::Turning),
            (_, true) => (Look::Plain, Priority::First),
            _ => (Look::Plain, Priority::Rest),
        };
        Some(Candidate { of, ..candidate(key, text, look, priority, crowded.unwrap_or_else(|| places(turning))) })
    }

    /// Whether something turns at an event.
    fn turns(&self, event: EventIndex) -> bool {
        let deeds = self.index.trace.deeds(event);
        deeds.iter().any(|deed| matches!(deed, Deed::Marked(mark, _) if words::is_turning(*mark)))
    }

    /// The words of an event's label, and whether the event is a turning point.
    fn said(&self, event: EventIndex) -> Option<(String, bool)> {
        let trace = &self.index.trace;
        if let Some((_, text)) = trace.line(event) {
            return (!text.is_empty()).then(|| (shortened(text), false));
        }
        let mut marked: Option<(String, bool)> = None;
        for deed in trace.deeds(event) {
            if let Deed::Marked(mark, phrase) = deed {
                let turning = words::is_turning(*mark);
                let text = phrase.show(|node| trace.name(node));
                if !text.is_empty() && marked.as_ref().is_none_or(|(_, before)| turning && !before) {
                    marked = Some((text, turning));
                }
            }
        }
        let said = match trace.event(event).cause {
            Cause::Fire(timer) if self.index.fires(event) && self.index.turns.contains(&event) => {
                Some((words::timer(trace, timer.kind), false))
            }
            Cause::Act(Action::Request { operation, .. }) => Some((words::operation(trace, operation), false)),
            Cause::Act(Action::Restart(_)) => Some((words::RESTARTS.into(), false)),
            _ => None,
        };
        marked.or(said)
    }

    /// Answers of clients' operations, after their boxes.
    #[must_use]
    pub fn answers(&self) -> Vec<Candidate> {
        // What was recorded says its answers itself.
        if self.level == Level::Nothing || self.index.trace.is_recorded() {
            return Vec::new();
        }
        let trace = &self.index.trace;
        let shown = |at| at >= self.frame.window.from && at <= self.frame.window.to;
        let answered = self.index.operations.iter().filter_map(|each| {
            let at = trace.event(each.answered?.0).at;
            let client = trace.lanes().get(each.id.node.index())?.client;
            let text = words::answer(self.index, each.id)?;
            let place = spot(self.frame.at(at), self.frame.lane(each.id.node));
            let key = format!("a{}-{}", each.id.node.0, each.id.ordinal);
            let answer = candidate(key, text, Look::Plain, Priority::Rest, near(self.frame, place, 12.0).into());
            (client && shown(at)).then_some(Candidate { of: Some(at), ..answer })
        });
        answered.collect()
    }

    /// The operation and its answer, beside its box in the clients' view; also the words beside the operation that was done
    /// before.
    #[must_use]
    pub fn clients(&self, view: &ClientsView, drawing: &Drawing) -> Vec<Candidate> {
        let Some(seen) = view.operations.get(drawing.place) else { return Vec::new() };
        let (x, y, w, h) = drawing.area;
        let base = y + h / 2.0 + 4.0;
        let (left, right) =
            ((Point { x: x - 8.0, y: base }, Anchor::End), (Point { x: x + w + 8.0, y: base }, Anchor::Start));
        let above = (Point { x: x + w, y: y - 5.0 }, Anchor::End);
        let key = format!("c{}-{}", seen.id.node.0, seen.id.ordinal);
        let told = words::told(&self.index.trace, seen);
        let places = vec![left, right, above];
        let own = match &seen.wrong {
            None if drawing.fills => {
                let inside = (Point { x: x + 8.0, y: base }, Anchor::Start);
                candidate(key, told, Look::Plain, Priority::Fixed, vec![inside])
            }
            Some(wrong) => candidate(key, wrong.clone(), Look::Bad, Priority::Broken, vec![right, above, left]),
            None => candidate(key, told, Look::Plain, Priority::First, places),
        };
        let before = drawing.before.then(|| {
            let after = view.operations.iter().find(|each| each.after == Some(seen.id));
            let text = words::done_before(after.map(|each| each.what));
            candidate("before".into(), text, Look::Quiet, Priority::First, vec![right, above])
        });
        std::iter::once(own).chain(before).collect()
    }

    /// Numbers of epochs, inside their bands, where they start.
    #[must_use]
    pub fn epochs(&self, bands: &[Band]) -> Vec<Candidate> {
        let numbers = bands.iter().filter_map(|band| {
            let (node, at) = band.start?;
            let mut places = Vec::new();
            for along in NUMBER_STEPS {
                if self.frame.narrow {
                    let Point { x, y } = self.frame.point(spot(at.along + along + 8.0, at.across));
                    places.push((Point { x: x + 4.0, y }, Anchor::Start));
                    places.push((Point { x: x - 4.0, y }, Anchor::End));
                } else {
                    let Point { x, y } = self.frame.point(spot(at.along + along, at.across));
                    // Timers lie on the lane's upper side.
                    places.push((Point { x: x + 3.0, y: y + 12.0 }, Anchor::Start));
                    places.push((Point { x, y: y - 4.0 }, Anchor::Start));
                }
            }
            let key = format!("n{}-{}", node.0, band.epoch);
            Some(candidate(key, band.epoch.to_string(), Look::Epoch, Priority::Fixed, places))
        });
        numbers.collect()
    }

    /// The invitation, at the first head that has room beside it.
    #[must_use]
    pub fn hint(&self, arrows: &[Rc<Arrow>]) -> Candidate {
        let seen = |arrow: &&Rc<Arrow>| arrow.ending == Ending::Head && arrow.tail.along > self.frame.along.0;
        let heads = arrows.iter().filter(seen).filter(|arrow| arrow.style != Style::Beat);
        let beats = arrows.iter().filter(seen).filter(|arrow| arrow.style == Style::Beat);
        let spots = heads.chain(beats).take(MOST_HINTS).map(|arrow| arrow.tip);
        // Off the lane and its band: a line through the words would strike them out.
        let places = spots.flat_map(|at| near(self.frame, at, self.frame.band + 4.0)).collect();
        candidate(HINT.into(), words::TAKE.into(), Look::Quiet, Priority::Rest, places)
    }

    /// Texts of cuts: inside their wedges, shortened or left out where they do not fit.
    #[must_use]
    pub fn wedges(&self, wedges: &[Wedge]) -> Vec<Candidate> {
        let texts = wedges.iter().enumerate().filter(|(_, wedge)| wedge.first).filter_map(|(place, wedge)| {
            let look = if wedge.by_hand { Look::Hand } else { Look::Plain };
            let key = format!("w{place}");
            let candidate = |text: String| {
                let places = self.inside(wedge.room, wedge.middle, 2.0 * HALF_WEDGE, width(&text, look));
                (!places.is_empty()).then(|| candidate(key.clone(), text, look, Priority::Fixed, places))
            };
            let since = || candidate(words::cut_since(wedge.since, wedge.healed, wedge.by_hand));
            let short = || candidate(words::CUT.into());
            match &wedge.links {
                // Whose they are says more than since when, which the axis says, too.
                Some(links) => candidate(links.clone()).or_else(since).or_else(short),
                None => since().or_else(short),
            }
        });
        texts.collect()
    }

    /// The words of a condition: in its ribbon, or else beside its beginning.
    #[must_use]
    pub fn condition(&self, drawn: &conditions::Drawn) -> Option<Candidate> {
        let (key, text) = (drawn.key.clone(), drawn.text.clone());
        let start = spot(drawn.room.0, self.frame.lane(drawn.node));
        let (look, priority, places) = match drawn.what {
            ConditionKind::Locked => {
                let room = (drawn.room.0 + 4.0, drawn.room.1);
                (Look::Plain, Priority::Fixed, self.inside(room, drawn.middle, 16.0, width(&text, Look::Plain)))
            }
            ConditionKind::InDoubt => (Look::Strong, Priority::Turning, near(self.frame, start, 11.0).into()),
            ConditionKind::Queued => (Look::Item, Priority::Fixed, self.in_queue(drawn)),
            ConditionKind::Sibling => (Look::Plain, Priority::First, self.at_branch(drawn)),
            ConditionKind::Waits | ConditionKind::HeldBack => {
                let steps = (0..WAIT_PLACES).map(|place| drawn.room.0 + f64::from(place) * 40.0);
                let steps = steps.take_while(|along| *along < drawn.room.1);
                let places = steps.flat_map(|along| near(self.frame, spot(along, drawn.middle), 6.0)).collect();
                (Look::Plain, Priority::First, places)
            }
        };
        // If there is little room, a line says enough.
        let inside = matches!(drawn.what, ConditionKind::Locked | ConditionKind::Queued);
        let said = drawn.named && (inside || self.level > Level::Nothing);
        (said && !places.is_empty()).then(|| candidate(key, text, look, priority, places))
    }

    /// Places for the name of what is in a queue: in its bar, or where time runs down beside its beginning.
    fn in_queue(&self, drawn: &conditions::Drawn) -> Vec<(Point, Anchor)> {
        let start = drawn.room.0;
        if self.frame.narrow {
            let beside = self.frame.point(spot(start + 10.0, drawn.middle + 10.0));
            return vec![(beside, Anchor::Start)];
        }
        let room = (start + 3.0, drawn.room.1);
        self.inside(room, drawn.middle, 13.0, width(&drawn.text, Look::Item))
    }

    /// Places for a value: outside of the fork, beside the value’s line. A line between others has none.
    fn at_branch(&self, drawn: &conditions::Drawn) -> Vec<(Point, Anchor)> {
        let (lane, (start, end)) = (self.frame.lane(drawn.node), drawn.room);
        let side = drawn.middle - lane;
        let steps = (0..WAIT_PLACES).map(|place| start + 14.0 + f64::from(place) * 24.0);
        let place = |along: f64| {
            let Point { x, y } = self.frame.point(spot(along, drawn.middle));
            match (self.frame.narrow, side < 0.0) {
                (true, true) => (Point { x: x - 5.0, y: y + 4.0 }, Anchor::End),
                (true, false) => (Point { x: x + 5.0, y: y + 4.0 }, Anchor::Start),
                (false, true) => (Point { x, y: y - 5.0 }, Anchor::Start),
                (false, false) => (Point { x, y: y + 13.0 }, Anchor::Start),
            }
        };
        // Between two lines a text would be on one of them.
        let outer = side.abs() + 1.0 > OUTER_BRANCH;
        steps.take_while(|along| outer && *along < end).map(place).collect()
    }

    /// Places for a text inside a shape this high: as near to its start as may be.
    fn inside(&self, room: (f64, f64), middle: f64, high: f64, wide: f64) -> Vec<(Point, Anchor)> {
        // Where time runs down, a text is as wide as its shape or is left out.
        let (needs, step) = if self.frame.narrow { (16.0, 16.0) } else { (wide + 4.0, 24.0) };
        let free = room.1 - room.0 - needs;
        if free < 0.0 || (self.frame.narrow && wide > high - 2.0) {
            return Vec::new();
        }
        let steps = (0..WEDGE_PLACES).map(|place| f64::from(place) * step).take_while(|along| *along <= free);
        let places = steps.map(|along| {
            let start = room.0 + along + 2.0;
            if self.frame.narrow {
                (self.frame.point(spot(start + 11.0, middle)), Anchor::Middle)
            } else {
                (self.frame.point(spot(start, middle + 4.0)), Anchor::Start)
            }
        });
        places.collect()
    }

    /// The sentence, or else the name, of what is broken.
    #[must_use]
    pub fn violation(&self, violation: &Violation) -> Candidate {
        let (at, Point { x, y }) = (self.frame.spot(violation.at), violation.at);
        let beside =
            [(Point { x: x + 15.0, y: y + 4.0 }, Anchor::Start), (Point { x: x - 15.0, y: y + 4.0 }, Anchor::End)];
        // Beside an octagon on a lane there is the lane.
        let off_the_lane = violation.at != violation.shows;
        let near = [20.0, 34.0, 50.0].iter().flat_map(|out| near(self.frame, at, *out));
        let places = beside.into_iter().filter(|_| off_the_lane).chain(near);
        // Where time runs down, the cursor's line at the event would strike it out.
        let struck = |y: f64| self.frame.narrow && (y - 12.0..y + 5.0).contains(&violation.shows.y);
        let places = places.filter(|(at, _)| !struck(at.y)).collect();
        let key = format!("v{}-{}", violation.event.0, violation.sentence);
        candidate(key, violation.sentence.clone(), Look::Bad, Priority::Broken, places)
    }
}

fn candidate(key: String, text: String, look: Look, priority: Priority, places: Vec<(Point, Anchor)>) -> Candidate {
    Candidate { key, text, look, priority, places, of: None }
}

fn way(arrow: &Arrow) -> f64 {
    (arrow.tip.across - arrow.tail.across).abs().max(1.0)
}

fn slope(arrow: &Arrow) -> f64 {
    (arrow.tip.along - arrow.tail.along) / way(arrow)
}

/// Places near a spot on a lane, `out` away from the lane.
#[must_use]
pub fn near(frame: &Frame, at: Spot, out: f64) -> [(Point, Anchor); 6] {
    let Point { x, y } = frame.point(at);
    if frame.narrow {
        let right = |down: f64| (Point { x: x + out + 4.0, y: y + down }, Anchor::Start);
        let left = |down: f64| (Point { x: x - out - 4.0, y: y + down }, Anchor::End);
        return [right(4.0), left(4.0), right(-8.0), left(-8.0), right(16.0), left(16.0)];
    }
    let (above, below) = (y - out + 1.0, y + out + 8.0);
    [
        (Point { x: x + 8.0, y: above }, Anchor::Start),
        (Point { x: x - 4.0, y: above }, Anchor::End),
        (Point { x: x + 8.0, y: below }, Anchor::Start),
        (Point { x: x - 6.0, y: below }, Anchor::End),
        (Point { x: x + 14.0, y: above - 10.0 }, Anchor::Start),
        (Point { x: x - 8.0, y: above - 10.0 }, Anchor::End),
    ]
}

fn beside_flag(frame: &Frame, at: Spot) -> [(Point, Anchor); 2] {
    let Point { x, y } = frame.point(at);
    if frame.narrow {
        [(Point { x: x - 22.0, y: y + 9.0 }, Anchor::End), (Point { x: x - 4.0, y: y - 8.0 }, Anchor::End)]
    } else {
        [(Point { x: x + 16.0, y: y - 9.0 }, Anchor::Start), (Point { x: x - 4.0, y: y - 9.0 }, Anchor::End)]
    }
}

/// Places on either side of an arrow, 10 away from it.
fn beside(frame: &Frame, arrow: &Arrow, at: Spot) -> [(Point, Anchor); 2] {
    let (a, b) = (frame.point(arrow.tail), frame.point(arrow.tip));
    let Point { x, y } = frame.point(at);
    let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y).abs());
    if dx > dy * 2.0 {
        // A flat arrow: above and below.
        return [(Point { x, y: y - 8.0 }, Anchor::Middle), (Point { x, y: y + 18.0 }, Anchor::Middle)];
    }
    // Clear of the slope over the text's height.
    let away = 8.0 + dx / dy.max(1.0) * 7.0;
    [(Point { x: x + away, y: y + 4.0 }, Anchor::Start), (Point { x: x - away, y: y + 4.0 }, Anchor::End)]
}
