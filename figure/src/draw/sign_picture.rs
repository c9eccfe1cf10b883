//! Pictures of signs, for the page of the grammar: for each sign a piece of the figure of a run in which it occurs.

use super::Shown;
use super::canvas::{Canvas, Value};
use super::shown::Old;
use super::signs::Found;
use crate::by_pointer::ByPointer;
use crate::plane::geometry::{HEADS, Rect};
use crate::plane::labels::{Area, area};
use crate::plane::pen::text;
use crate::read::index::Index;
use crate::read::signs::Sign;
use crate::scene::ghost::{Ghost, ghost};
use crate::scene::{Scene, Viewport};
use crate::view::{Light, Selection, Window};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Cause, Condition, ConditionKind};
use lightcone_engine::run::trace::{ConditionChange, Fate, Message};
use lightcone_engine::{Action, Edit, EventIndex, MessageId, NodeSet, Time, Trace, resimulate};
use std::rc::Rc;

/// The picture's width, in pixels.
pub const WIDTH: f64 = 144.0;
/// The least and the greatest height of a picture, and the room around a sign in it; around one that reaches to other lanes.
const HEIGHT: f64 = 44.0;
const HIGHEST: f64 = 104.0;
const AROUND: f64 = 17.0;
const WIDE: f64 = 45.0;
/// The width of the figure in which a sign is looked for, and the room that a figure has behind its end.
const WHOLE: f64 = 1400.0;
const END: f64 = 16.0;
/// A picture shows so many mean ways of a message, and at most so many of something that takes long.
const WAYS: u64 = 4;
const MOST_WAYS: u64 = 12;

/// A piece of a figure, around a sign.
pub struct Picture {
    /// The figure.
    pub shown: Shown,
    /// The sign in it.
    pub found: Found,
    /// The piece that is drawn.
    pub area: Rect,
}

/// A run in which signs are looked for.
pub struct Example {
    index: Rc<Index>,
    shown: Shown,
    found: Vec<Found>,
}

impl Example {
    /// Looks for the signs of a run.
    #[must_use]
    pub fn of(trace: Trace) -> Example {
        let index = Rc::new(Index::of(Rc::new(trace)));
        let view = Viewport { idle: NodeSet::default(), ..Viewport::whole(&index, (WHOLE, 0.0), false) };
        let shown = shown(&index, &view, Selection::Nothing, None);
        Example { found: shown.signs(), shown, index }
    }

    /// The picture of a sign; none if it does not occur in the run, nor in what becomes of it when somebody does what the
    /// sign tells of.
    #[must_use]
    pub fn picture(&self, sign: Sign) -> Option<Picture> {
        match self.staged(sign) {
            Some(trace) => Example::of(trace).cut_out(sign, Some(&self.index)),
            None => self.cut_out(sign, None),
        }
    }

    /// The run with what the sign tells of; none if it happens by itself.
    fn staged(&self, sign: Sign) -> Option<Trace> {
        let trace = &self.index.trace;
        let message = self.message()?;
        let id = message.id;
        let way = message.arrives.since(message.sent);
        let mut scenario = (*trace.scenario).clone();
        let mut happens = |at: Time, action: Action| scenario.script.push(Edit::At { at, action });
        match sign {
            Sign::Paused | Sign::WaitsForPaused => {
                happens(message.sent.after(way / 2), Action::Pause(id.to));
                happens(message.arrives.after(way), Action::Resume(id.to));
            }
            Sign::DiskLost => happens(message.arrives.after(way), Action::LoseDisk(id.to)),
            Sign::Dropped => scenario.moves.push(Edit::Drop { message: id }),
            Sign::Moved | Sign::Ghost | Sign::FirstDifference => {
                scenario.moves.push(Edit::Deliver { message: id, at: message.arrives.after(way) });
            }
            Sign::Twice => {
                let copy = MessageId { copy: 1, ..id };
                scenario.moves.push(Edit::Duplicate { copy, at: message.arrives.after(way) });
            }
            Sign::Siblings => return Some(self.with_siblings(message)),
            _ => return None,
        }
        Some(resimulate(trace, &scenario))
    }

    /// The run in which whoever receives a message keeps two values for a while. No protocol of the gallery does.
    fn with_siblings(&self, message: &Message) -> Trace {
        let mut trace = resimulate(&self.index.trace, &self.index.trace.scenario);
        let (node, last) = (message.id.to, message.arrives.after(4 * message.arrives.since(message.sent)));
        let own = (0..).zip(&trace.events).filter(|(_, event)| event.node == Some(node) && event.at >= message.arrives);
        let own: Vec<_> = own.map(|(place, event)| (EventIndex(place), event.at)).collect();
        let first = own.first().map(|each| each.0);
        let end = own.iter().find(|(_, at)| *at >= last).map(|each| each.0);
        for (event, places) in
            first.map(|event| (event, [Some(0), Some(1)])).into_iter().chain(end.map(|event| (event, [None; 2])))
        {
            for (name, begins) in ["milk", "eggs"].into_iter().zip(places) {
                let condition = Condition { what: ConditionKind::Sibling, phrase: Phrase::plain(name) };
                trace.conditions.push(ConditionChange { event, node, condition, begins });
            }
        }
        trace
    }

    /// The first message between neighbouring lanes that arrives.
    fn message(&self) -> Option<&Message> {
        let place = |node| self.index.order.iter().position(|each| *each == node);
        let near = |message: &&Message| {
            let ends = place(message.id.from).zip(place(message.id.to));
            ends.is_some_and(|(from, to)| from.abs_diff(to) == 1) && matches!(message.fate, Fate::Delivered(_))
        };
        self.index.trace.messages.iter().find(near)
    }

    fn cut_out(&self, sign: Sign, before: Option<&Rc<Index>>) -> Option<Picture> {
        let trace = &self.index.trace;
        let (from, to, selected) = match sign {
            Sign::Past | Sign::Future => {
                let event = self.heard()?;
                let at = trace.event(event).at;
                (at, at, Some(event))
            }
            Sign::Now | Sign::UnderWay => {
                let message = self.message()?;
                let half = message.sent.after(message.arrives.since(message.sent) / 2);
                (half, half, None)
            }
            Sign::Ghost | Sign::FirstDifference => {
                let message = self.message()?;
                (message.drawn, message.drawn, None)
            }
            _ => {
                let own = self.found.iter().filter(|found| found.sign == sign);
                // Of those that reach over as many lanes, the first.
                let high = |found: &&Found| (extent(&self.shown.scene, found).3 / AROUND) as u32;
                let (x, _, w, _) = own.min_by_key(high)?.shape.area();
                let time = |along: f64| self.shown.scene.frame.time(along);
                (time(x), time(x + w), None)
            }
        };
        let window = around(trace, from, to);
        let (selection, light) = match (selected, sign) {
            (None, _) => (Selection::Nothing, Light::Off),
            (Some(event), Sign::Future) => (Selection::Event(event), Light::Future),
            (Some(event), _) => (Selection::Event(event), Light::Past),
        };
        // The clients' view has room only in a figure that takes what it needs.
        let high = if sign == Sign::Effect { 0.0 } else { 1.0 };
        let size = (HEADS + WIDTH + END, high);
        let chosen = vec![selection];
        let view =
            Viewport { window, light, chosen, idle: NodeSet::default(), ..Viewport::whole(&self.index, size, false) };
        let moment = if matches!(sign, Sign::Now | Sign::UnderWay) { from } else { trace.horizon() };
        let shown = Shown { moment, ..shown(&self.index, &view, selection, before) };
        Picture::of(shown, sign)
    }

    /// An event at which a message arrives and that has no mark.
    fn heard(&self) -> Option<EventIndex> {
        let trace = &self.index.trace;
        let all = (0..trace.events.len() as u32).map(EventIndex);
        let marked = |event: EventIndex| self.found.iter().any(|found| found.of == Selection::Event(event));
        let arrives = |event: EventIndex| matches!(trace.event(event).cause, Cause::Deliver(_));
        all.filter(|event| arrives(*event) && !marked(*event)).nth(1)
    }
}

/// The rectangle around a sign, with the whole arrow of a message.
fn extent(scene: &Scene, found: &Found) -> Rect {
    let (x, y, w, h) = found.shape.area();
    let arrow = scene.arrows.iter().find(|arrow| found.of == Selection::Message(arrow.id));
    let Some(arrow) = arrow else { return (x, y, w, h) };
    let ends = [arrow.tail, arrow.tip].map(|end| scene.frame.point(end).y);
    let (top, foot) = (y.min(ends[0]).min(ends[1]), (y + h).max(ends[0]).max(ends[1]));
    (x, top, w, foot - top)
}

/// The stretch of a picture of something that is so from one moment to another.
fn around(trace: &Trace, from: Time, to: Time) -> Window {
    let mean = trace.plan.model.links.mean_latency_micros().max(1);
    let long = to.since(from) * 5 / 4;
    let width = long.clamp(WAYS * mean, MOST_WAYS * mean);
    // Of what takes longer, the beginning is shown.
    let before = if long > width { width / 8 } else { (width - to.since(from)) / 2 };
    let from = Time::from_micros(from.micros().saturating_sub(before));
    Window { from, to: from.after(width) }
}

fn shown(index: &Rc<Index>, view: &Viewport, selection: Selection, before: Option<&Rc<Index>>) -> Shown {
    let scene = Rc::new(Scene::new(index.clone(), view));
    let old = before.map(|before| {
        let ghost = Rc::new(Ghost { label: None, ..ghost(before, &scene, None) });
        Old { ghost, name: String::new(), leaves: false }
    });
    let light = view.light;
    Shown { selection, light, old, ..Shown::still(ByPointer(scene), index.trace.horizon()) }
}

impl Picture {
    /// The piece of a figure around the sign nearest to its middle.
    fn of(shown: Shown, sign: Sign) -> Option<Picture> {
        let (scene, along) = (&shown.scene, shown.scene.frame.along);
        let middle = f64::midpoint(along.0, along.1);
        // An arrow of a ghost says more than a lane.
        let high = |found: &Found| if sign == Sign::Ghost { 0.0 } else { extent(scene, found).3 };
        let far = |found: &Found| (found.shape.middle().x - middle).abs() + high(found);
        let seen = |found: &Found| {
            let (x, _, w, _) = found.shape.area();
            x <= along.1 && x + w >= along.0
        };
        let own = shown.signs().into_iter().filter(|found| found.sign == sign && seen(found));
        let found = own.min_by(|a, b| far(a).total_cmp(&far(b)))?;
        let (_, y, _, h) = extent(scene, &found);
        let wide = matches!(sign, Sign::Past | Sign::Future | Sign::Broken);
        let around = if wide { WIDE } else { ((HEIGHT - h) / 2.0).max(AROUND) };
        let area = (along.0, y - around, along.1 - along.0, (h + 2.0 * around).min(HIGHEST));
        Some(Picture { shown: shown.only_whole_labels(area), found, area })
    }

    /// Draws it, as an element of its own.
    pub fn draw(&self, out: &mut dyn Canvas) {
        let (x, y, w, h) = self.area;
        let view = [x, y, w, h].map(text).join(" ");
        let values =
            [Value::Fixed("fig piece"), Value::Text(&view), Value::Length(w), Value::Length(h), Value::Fixed("true")];
        out.open("svg", &["class", "viewBox", "width", "height", "aria-hidden"], &values);
        self.shown.draw_bare(out);
        out.close();
    }
}

impl Shown {
    /// The same figure without the labels that a piece would cut.
    fn only_whole_labels(mut self, (x, y, w, h): Rect) -> Shown {
        let piece = Area { left: x, top: y, right: x + w, bottom: y + h };
        if let Some(scene) = Rc::get_mut(&mut self.scene.0) {
            scene.labels.retain(|label| area(&label.text, label.look, label.at, label.anchor).inside(&piece));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::plane::geometry::Point;
    use crate::read::signs::CHAPTERS;
    use crate::svg::written;
    use lightcone_engine::simulate;

    /// Points of the sign that can be seen in its picture.
    fn places(picture: &Picture) -> impl Iterator<Item = Point> {
        let (left, top, width, height) = picture.area;
        let parts =
            (0..=40).flat_map(|along| (0..=8).map(move |across| (f64::from(along) / 40.0, f64::from(across) / 8.0)));
        let all = parts.map(move |(along, across)| Point { x: left + width * along, y: top + height * across });
        let middle = picture.found.shape.middle();
        std::iter::once(middle).chain(all)
    }

    #[test]
    fn every_sign_occurs_in_its_run_and_is_found_at_its_own_place() {
        let mut wrong = Vec::new();
        for sign in CHAPTERS.iter().flat_map(|(_, signs)| signs.iter().copied()) {
            let (protocol, slug) = sign.example();
            let exhibit = gallery::find(protocol, slug).unwrap_or_else(|| panic!("{sign:?}: no such run"));
            let picture = Example::of(simulate(&exhibit.scenario)).picture(sign);
            let Some(picture) = picture else {
                wrong.push(format!("{sign:?} does not occur"));
                continue;
            };
            let here: Vec<_> = places(&picture).map(|at| picture.shown.sign_at(at).map(|found| found.sign)).collect();
            if !here.contains(&Some(sign)) {
                wrong.push(format!("{sign:?} is not found at its place, but {here:?}"));
            }
            let svg = written(|out| picture.draw(out));
            assert!(svg.starts_with("<svg class=\"fig piece\"") && svg.ends_with("</svg>"), "{sign:?}");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
