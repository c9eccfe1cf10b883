//! Marks on lanes: what an event did, as signs.

use super::arrows::MOST_ARROWS;
use super::lanes::half_weight;
use crate::plane::geometry::{Frame, Point, Spot, between, spot};
use crate::plane::labels::{Look, width};
use crate::plane::pen::Pen;
use crate::read::alike;
use crate::read::index::Index;
use crate::read::words;
use lightcone_engine::protocol::{Breach, Cause, ConditionKind, Mark, Source};
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_engine::{Action, EventIndex};
use std::rc::Rc;

/// An event and what is drawn of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventMark {
    /// The event's place in the run.
    pub event: EventIndex,
    /// Everything that is drawn of the event.
    pub drawn: Rc<Drawn>,
}

/// Everything that is drawn of an event. It does not contain the event's place in the run, so that in two runs that differ
/// by one event the others are drawn alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Names its element: what is delivered or fires has the same name in every run.
    pub name: String,
    /// Its place on the lane.
    pub at: Point,
    /// The signs drawn there, the lowest first.
    pub glyphs: Vec<Glyph>,
    /// The event in a sentence, for screen readers.
    pub said: String,
}

/// One sign of a mark: a path with its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The class that gives it its fill and stroke.
    pub class: &'static str,
    /// Path data of its outline.
    pub path: String,
}

const SPARK: [(f64, f64); 8] =
    [(0.0, -7.0), (1.7, -1.7), (7.0, 0.0), (1.7, 1.7), (0.0, 7.0), (-1.7, 1.7), (-7.0, 0.0), (-1.7, -1.7)];
const SHIELD: [(f64, f64); 5] = [(-4.0, -4.5), (4.0, -4.5), (4.0, 0.5), (0.0, 5.0), (-4.0, 0.5)];
const SQUARE: [(f64, f64); 4] = [(-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)];
const DIAMOND: [(f64, f64); 4] = [(-6.0, 0.0), (0.0, -6.0), (6.0, 0.0), (0.0, 6.0)];
const OCTAGON: [(f64, f64); 8] =
    [(-3.7, -9.0), (3.7, -9.0), (9.0, -3.7), (9.0, 3.7), (3.7, 9.0), (-3.7, 9.0), (-9.0, 3.7), (-9.0, -3.7)];

/// The most events that are marked though they have no sign, or none but that they were recorded.
const MOST_MARKS: usize = MOST_ARROWS;

/// Marks of the window's events; in a crowded figure only of those that have a sign. `before`: an older run and its marks in
/// the same frame. What is drawn alike is shared.
#[must_use]
pub fn marks(index: &Index, frame: &Frame, crowded: bool, before: Option<(&Index, &[EventMark])>) -> Vec<EventMark> {
    let trace = &index.trace;
    let events = index.events_in(frame.window).map(EventIndex);
    let crowded = crowded || events.len() > MOST_MARKS;
    let mut twins = before.map(|(old, marks)| Twins { index: old, marks });
    let marks = events.filter_map(|event| {
        let here = trace.event(event);
        let node = here.node.filter(|node| frame.shows(*node))?;
        let plain = crowded || matches!(here.cause, Cause::Boot(_));
        if plain && !may_have_sign(index, event) {
            return None;
        }
        if let Some(drawn) = twins.as_mut().and_then(|twins| twins.of(index, event)) {
            return (!drawn.glyphs.is_empty() || !plain).then_some(EventMark { event, drawn });
        }
        let at = spot(frame.at(here.at), frame.lane(node));
        let mut glyphs = glyphs(index, frame, event, at);
        if !crowded && trace.line(event).is_some() {
            glyphs.push(Glyph { class: "g event", path: Pen::new(frame).circle(at, 3.0).data() });
        }
        (!glyphs.is_empty() || !plain).then(|| {
            let (name, at, said) = (name(index, event), frame.point(at), words::event(index, event));
            EventMark { event, drawn: Rc::new(Drawn { name, at, glyphs, said }) }
        })
    });
    marks.collect()
}

/// Marks of an older run in the same frame, in order.
struct Twins<'a> {
    index: &'a Index,
    marks: &'a [EventMark],
}

impl Twins<'_> {
    /// What was drawn of an event that is drawn alike. Events are asked for in their order.
    fn of(&mut self, index: &Index, event: EventIndex) -> Option<Rc<Drawn>> {
        let at = index.trace.event(event).at;
        let when = |mark: &EventMark| self.index.trace.event(mark.event).at;
        let earlier = self.marks.iter().take_while(|mark| when(mark) < at).count();
        self.marks = &self.marks[earlier..];
        let mut same = self.marks.iter().take_while(|mark| when(mark) == at);
        let twin = same.find(|mark| alike::event((self.index, mark.event), (index, event)));
        twin.map(|mark| mark.drawn.clone())
    }
}

/// An event in the window that has no mark: its name and its place.
#[must_use]
pub fn unmarked(index: &Index, frame: &Frame, event: EventIndex) -> Option<Drawn> {
    let here = index.trace.events.get(event.index())?;
    let inside = index.events_in(frame.window).contains(&event.0);
    let node = here.node.filter(|node| inside && frame.shows(*node))?;
    let at = frame.point(spot(frame.at(here.at), frame.lane(node)));
    Some(Drawn { name: name(index, event), at, glyphs: Vec::new(), said: words::event(index, event) })
}

fn name(index: &Index, event: EventIndex) -> String {
    match index.trace.event(event).cause {
        Cause::Deliver(message) => format!("m{}", message.word()),
        Cause::Fire(timer) => format!("t{}", timer.word()),
        Cause::Boot(_) | Cause::Act(_) | Cause::Recorded(_) => format!("{}", event.0),
    }
}

fn glyphs(index: &Index, frame: &Frame, event: EventIndex, at: Spot) -> Vec<Glyph> {
    let trace = &index.trace;
    let mut glyphs = Vec::new();
    let mut add = |class: &'static str, pen: Pen<'_>| glyphs.push(Glyph { class, path: pen.data() });
    let pen = || Pen::new(frame);
    let deeds = trace.deeds(event);
    if deeds.iter().any(|deed| matches!(deed, Deed::Persisted(_))) && !is_boot(index, event) {
        let foot = frame.band - 3.0;
        let sign = pen().stroke(at, &[(0.0, foot), (0.0, foot + 7.0)]);
        let sign = sign.stroke(at, &[(-5.0, foot + 7.0), (5.0, foot + 7.0)]);
        add("g persist", sign.stroke(at, &[(-2.5, foot + 10.0), (2.5, foot + 10.0)]));
    }
    if index.fires(event) {
        add("g spark", pen().around(at, &SPARK));
    }
    for (class, mark) in strongest(deeds) {
        match mark {
            Mark::Received => add(class, pen().circle(at, 4.5)),
            Mark::Appended => add(class, pen().around(at, &SQUARE)),
            Mark::Committed | Mark::Aborted => add(class, pen().around(at, &DIAMOND)),
            Mark::Delivered => add(class, pen().around(at, &SHIELD)),
            Mark::Applied => add(class, pen().circle(at, 3.5)),
            Mark::Elected => add(class, flag(frame, at)),
            Mark::Turning => {}
        }
    }
    if held_back(index, event) && strongest(deeds).is_empty() {
        add("g hollow", pen().around(at, &SHIELD));
    }
    if asked(index, event) && strongest(deeds).is_empty() {
        add("g request", pen().circle(at, 4.5));
    }
    if let Some((class, pen)) = outside(index, frame, event, at) {
        add(class, pen);
    }
    glyphs
}

/// Whether an event can have a sign at all: in a crowded figure most have none.
fn may_have_sign(index: &Index, event: EventIndex) -> bool {
    let here = index.trace.event(event);
    let happens = match here.cause {
        Cause::Fire(_) => index.fires(event),
        Cause::Deliver(_) => false,
        _ => true,
    };
    let signs = |deed: &Deed| matches!(deed, Deed::Marked(..) | Deed::Persisted(_) | Deed::CrashedHere(_));
    happens || here.asked.is_some() || index.trace.deeds(event).iter().any(signs) || held_back(index, event)
}

fn is_boot(index: &Index, event: EventIndex) -> bool {
    matches!(index.trace.event(event).cause, Cause::Boot(_))
}

/// Whether a message is held back from this event on.
fn held_back(index: &Index, event: EventIndex) -> bool {
    let lane = index.trace.event(event).node.and_then(|node| index.lane(node));
    let begun = lane.map_or(&[][..], |lane| lane.begun(event));
    begun.iter().any(|spell| spell.condition.what == ConditionKind::HeldBack)
}

/// Whether something was asked here of a node that is not a client: clients have boxes.
fn asked(index: &Index, event: EventIndex) -> bool {
    let here = index.trace.event(event);
    let client = here.node.and_then(|node| index.trace.lanes().get(node.index())).is_some_and(|lane| lane.client);
    here.asked.is_some() && !client
}

/// The flag of an election and the weightiest of the other marks: two signs never lie on each other.
#[must_use]
pub fn strongest(deeds: &[Deed]) -> Vec<(&'static str, Mark)> {
    let rank = |mark: &Mark| match mark {
        Mark::Committed | Mark::Aborted => 0,
        Mark::Delivered => 1,
        Mark::Appended => 2,
        Mark::Received => 3,
        _ => 4,
    };
    let marks = || deeds.iter().filter_map(|deed| if let Deed::Marked(mark, _) = deed { Some(*mark) } else { None });
    let lane = marks().filter(|mark| !matches!(mark, Mark::Elected | Mark::Turning)).min_by_key(rank);
    let flag = marks().find(|mark| *mark == Mark::Elected);
    flag.into_iter().chain(lane).map(|mark| (class(mark), mark)).collect()
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Received => "g request",
        Mark::Appended => "g append",
        Mark::Committed => "g commit",
        Mark::Aborted => "g abort",
        Mark::Delivered => "g deliver",
        Mark::Applied => "g apply",
        Mark::Elected => "g elect",
        Mark::Turning => "g",
    }
}

/// The flag where leading starts.
pub fn flag<'a>(frame: &'a Frame, at: Spot) -> Pen<'a> {
    let pen = Pen::new(frame).stroke(at, &[(0.0, 0.0), (0.0, -18.0), (11.0, -13.5), (0.0, -9.0)]);
    pen.close()
}

/// The middle of a sign of an event whose place on the lane is `at`.
#[must_use]
pub fn middle(frame: &Frame, at: Point, class: &str) -> Point {
    let Spot { along, across } = frame.spot(at);
    let ((on, off), _) = off(class, frame.band);
    frame.point(spot(along + on, across + off))
}

/// How far the middle of a sign is from its event, along and across, and half the square in which the sign and its edge fit.
/// `band`: half the width of a lane's band.
#[must_use]
pub fn off(class: &str, band: f64) -> ((f64, f64), f64) {
    match class {
        "g elect" => ((5.0, -12.0), 14.0),
        "g persist" | "g persist hand" => ((0.0, band + 2.0), 6.0),
        "g append" | "g apply" | "g event" => ((0.0, 0.0), 5.0),
        "g request" | "g request hand" => ((0.0, 0.0), 5.5),
        "g deliver" | "g hollow" => ((0.0, 0.0), 6.5),
        "g commit" | "g abort" => ((0.0, 0.0), 7.5),
        _ => ((0.0, 0.0), 11.0),
    }
}

/// Who crashed the node in this event; none if it did not crash.
#[must_use]
pub fn crashed_by(index: &Index, event: EventIndex) -> Option<Source> {
    let here = index.trace.event(event);
    let inside = index.trace.deeds(event).iter().find_map(|deed| match deed {
        Deed::CrashedHere(source) => Some(*source),
        _ => None,
    });
    inside.or(matches!(here.cause, Cause::Act(Action::Crash(_))).then_some(here.source))
}

/// The sign for what was done to the node from outside, or happened to it in the middle of a handler.
fn outside<'a>(index: &Index, frame: &'a Frame, event: EventIndex, at: Spot) -> Option<(&'static str, Pen<'a>)> {
    let here = index.trace.event(event);
    let crash = crashed_by(index, event);
    let pen = Pen::new(frame);
    let hand = |yes: bool, own: &'static str, plain: &'static str| if yes { own } else { plain };
    if let Some(source) = crash {
        return Some((hand(source == Source::Hand, "g crash hand", "g crash"), pen.cross(at, 6.0)));
    }
    let by_hand = here.source == Source::Hand;
    match here.cause {
        Cause::Act(Action::Restart(_)) => {
            let pen = pen.stroke(at, &[(0.0, -7.0), (0.0, 7.0)]).around(at, &[(0.0, -4.0), (6.0, 0.0), (0.0, 4.0)]);
            Some((hand(by_hand, "g restart hand", "g restart"), pen))
        }
        Cause::Act(Action::LoseDisk(_)) => {
            let foot = frame.band + 4.0;
            let pen = pen.stroke(at, &[(-5.0, foot), (5.0, foot)]).stroke(at, &[(-4.0, foot + 5.0), (4.0, foot - 5.0)]);
            Some((hand(by_hand, "g persist hand", "g persist"), pen))
        }
        Cause::Act(Action::SetClock { .. }) => Some((
            hand(by_hand, "g request hand", "g request"),
            pen.circle(at, 5.0).stroke(at, &[(0.0, -3.0), (0.0, 0.0), (2.0, 1.5)]),
        )),
        _ => None,
    }
}

/// The place where a broken property shows first, and the events that contradict it.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The event at which the violation shows.
    pub event: EventIndex,
    /// The sentence beside it.
    pub sentence: String,
    /// The octagon's place: on the lane of its event, or on a line to an event that contradicts it. A press there takes the
    /// message that broke the property.
    pub at: Point,
    /// The place of its event.
    pub shows: Point,
    /// The octagon, path data.
    pub octagon: String,
    /// The cross in it, path data.
    pub cross: String,
    /// The places of the events that contradict it.
    pub others: Vec<Point>,
}

/// Longer sentences, in parts of the figure's width, have room in the margin alone.
const LONGEST_SENTENCE: f64 = 0.4;

/// How far from its event an octagon stands that has a line to stand on, and how far from its lane: clear of heads and grips.
const OCTAGON_OUT: (f64, f64) = (26.0, 16.0);

/// The violations in the window, in the order of the protocol's properties.
#[must_use]
pub fn violations(index: &Index, frame: &Frame) -> Vec<Violation> {
    let trace = &index.trace;
    let properties = trace.specification().properties.iter().zip(&trace.verdicts);
    let broken = properties.filter_map(|(property, verdict)| match verdict {
        Verdict::Broken { event, breach } => violation(index, frame, property.name, *event, breach),
        _ => None,
    });
    broken.collect()
}

fn violation(index: &Index, frame: &Frame, name: &str, event: EventIndex, breach: &Breach) -> Option<Violation> {
    let trace = &index.trace;
    let place = |event: EventIndex| {
        let here = trace.event(event);
        let node = here.node.or_else(|| breach.nodes.iter().next())?;
        (here.at >= frame.window.from && here.at <= frame.window.to).then(|| spot(frame.at(here.at), frame.lane(node)))
    };
    let shows = place(event)?;
    // On the same lane the line would coincide with the lane.
    let elsewhere = |other: &Spot| (other.across - shows.across).abs() > 1.0;
    let others = breach.events.iter().filter(|other| **other != event).filter_map(|other| place(*other));
    let others: Vec<Spot> = others.filter(elsewhere).collect();
    let at = others.first().map_or(shows, |other| {
        let (along, across) = (other.along - shows.along, (other.across - shows.across).abs());
        let (out, off) = OCTAGON_OUT;
        between(shows, *other, (out / along.hypot(across)).max(off / across).min(0.5))
    });
    let short = width(&breach.sentence, Look::Bad) <= frame.width * LONGEST_SENTENCE;
    Some(Violation {
        event,
        sentence: if short { breach.sentence.clone() } else { words::broken(name) },
        at: frame.point(at),
        shows: frame.point(shows),
        octagon: Pen::new(frame).around(at, &OCTAGON).data(),
        cross: Pen::new(frame).cross(at, 3.5).data(),
        others: others.into_iter().map(|other| frame.point(other)).collect(),
    })
}

/// How far from its lane a label of this event must stay.
#[must_use]
pub fn clearance(index: &Index, event: EventIndex) -> f64 {
    let here = index.trace.event(event);
    let status = here.node.and_then(|node| index.lane(node)).and_then(|lane| lane.span_at(here.at));
    status.and_then(|span| span.status).map_or(1.0, |status| half_weight(status.weight)) + 8.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::plane::geometry::Rows;
    use crate::view::Window;
    use lightcone_engine::{Edit, NodeId, Time, Trace, simulate};

    fn all(trace: Trace) -> (Index, Vec<EventMark>) {
        let window = Window { from: Time::ZERO, to: trace.horizon() };
        let lanes = Rows::lanes((0..trace.lanes().len() as u8).map(NodeId).collect());
        let (index, frame) = (Index::of(Rc::new(trace)), Frame::new((1024.0, 0.0), false, window, lanes));
        let marks = marks(&index, &frame, false, None);
        (index, marks)
    }

    #[test]
    fn events_after_one_that_is_new_are_drawn_alike() {
        let mut scenario = gallery::find("raft", "election").expect("the gallery has it").scenario;
        let (before, old) = all(simulate(&scenario));
        let at = Time::from_micros(before.trace.horizon().micros() / 2);
        // A clock that is set right changes nothing else.
        scenario
            .moves
            .push(Edit::At { at, action: Action::SetClock { node: NodeId(0), jump_micros: 0, drift_ppm: 0 } });
        let (after, new) = all(simulate(&scenario));
        let mut moved = 0;
        for mark in &old {
            let twin = new.iter().find(|twin| twin.drawn.name == mark.drawn.name).expect("it still happens");
            assert_eq!(after.trace.event(twin.event).cause, before.trace.event(mark.event).cause);
            assert_eq!(twin.drawn, mark.drawn);
            moved += u32::from(twin.event != mark.event);
        }
        assert!(moved > 0, "some have another place in the run");
    }
}
