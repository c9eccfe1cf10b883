//! The ghost: what an older run had and the newer one lacks, and where the two part.

use crate::layout::arrows::{self, Arrow};
use crate::layout::marks;
use crate::plane::geometry::{Frame, Point, Spot, spot};
use crate::plane::labels::{self, Anchor, Label, Look};
use crate::read::index::Index;
use crate::read::{changes, words};
use crate::scene::Scene;
use lightcone_engine::protocol::{Mark, Weight};
use lightcone_engine::run::trace::{Deed, Message};
use lightcone_engine::{EventIndex, MessageId, NodeId, Time};

/// Steps in which a ghost fades.
pub const FADES: u8 = 4;
/// The part of the window after which the ghost has faded.
const REACH: f64 = 0.25;
/// The most arrows of a ghost.
const MOST_ARROWS: usize = 120;

/// Everything that an older run had and the newer one lacks.
#[derive(Clone, Debug, Default)]
pub struct Ghost {
    /// The place and the instant at which the runs part.
    pub fork: Option<(f64, Time)>,
    /// Messages, and how far each has faded: 0 is fresh.
    pub arrows: Vec<(Arrow, u8)>,
    /// Stretches in which a node led or stood.
    pub lanes: Vec<Stretch>,
    /// Flags of elections that no longer happen, path data.
    pub flags: Vec<(String, u8)>,
    /// The first lost turning point.
    pub label: Option<Label>,
}

/// A stretch of a lane that the newer run lacks.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// How heavy it was.
    pub weight: Weight,
    /// The two ends of its line, in pixels.
    pub line: (Point, Point),
    /// How far it has faded.
    pub fade: u8,
}

struct Fading<'a> {
    frame: &'a Frame,
    from: Time,
    micros: f64,
}

impl Fading<'_> {
    /// How far something has faded by a moment; none once it is gone.
    fn at(&self, at: Time) -> Option<u8> {
        let part = at.since(self.from) as f64 / self.micros;
        (part < 1.0).then(|| (part * f64::from(FADES)) as u8)
    }
}

/// The ghost of `old` behind a scene. `held`: the message in the hand is there, however it differs.
#[must_use]
pub fn ghost(old: &Index, scene: &Scene, held: Option<MessageId>) -> Ghost {
    let (new, frame) = (&*scene.index, &scene.frame);
    let Some(parted) = changes::first_difference(&old.trace, &new.trace) else { return Ghost::default() };
    let width = frame.window.to.since(frame.window.from) as f64;
    let fading = Fading { frame, from: parted, micros: (width * REACH).max(1.0) };
    let inside = parted >= frame.window.from && parted <= frame.window.to;
    let mut ghost = Ghost { fork: inside.then(|| (frame.at(parted), parted)), ..Ghost::default() };
    // Both runs have everything that arrived before they part. A message in the hand may have been lost before.
    let differs = |message: &&Message| message.arrives >= parted || held == Some(message.id);
    let later = old.messages_in(frame.window).iter().filter(differs);
    let mut newer = &new.trace.messages[..];
    let gone = later.filter(|message| !is_in(&mut newer, message));
    for message in gone.take(MOST_ARROWS) {
        let fresh = held == Some(message.id) || message.sent <= parted;
        let Some(fade) = (if fresh { Some(0) } else { fading.at(message.sent) }) else { continue };
        ghost.arrows.push((arrows::lay_out(old, frame, message, 1.0), fade));
    }
    for &node in &frame.order {
        stretches(old, new, &fading, node, &mut ghost.lanes);
    }
    elections(old, scene, &fading, &mut ghost);
    ghost
}

/// Whether the newer run has the very same message. Messages are asked for in the order in which they are sent; `newer` are
/// those of the newer run that are left.
fn is_in(newer: &mut &[Message], old: &Message) -> bool {
    let earlier = newer.iter().take_while(|message| message.sent < old.sent).count();
    *newer = &newer[earlier..];
    let same = |message: &Message| {
        (message.id, message.arrives) == (old.id, old.arrives)
            && std::mem::discriminant(&message.fate) == std::mem::discriminant(&old.fate)
    };
    newer.iter().take_while(|message| message.sent == old.sent).any(same)
}

fn stretches(old: &Index, new: &Index, fading: &Fading<'_>, node: NodeId, found: &mut Vec<Stretch>) {
    let (Some(before), Some(after)) = (old.lane(node), new.lane(node)) else { return };
    let weight =
        |status: Option<lightcone_engine::protocol::LaneStatus>| status.map(|status| (status.weight, status.epoch));
    for span in &before.spans {
        let Some(status) = span.status.filter(|status| matches!(status.weight, Weight::Leads | Weight::Stands)) else {
            continue;
        };
        // The newer run is drawn below: only differences are in the ghost.
        let from = span.from.max(fading.from);
        let differs = after.span_at(from).is_none_or(|now| weight(now.status) != Some((status.weight, status.epoch)));
        let (Some(fade), true) = (fading.at(from), differs && span.to > from) else { continue };
        let end = span.to.min(fading.from.after(fading.micros as u64));
        let lane = fading.frame.lane(node);
        let place = |at: Time| fading.frame.point(spot(fading.frame.near(at), lane));
        found.push(Stretch { weight: status.weight, line: (place(from), place(end)), fade });
    }
}

fn elections(old: &Index, scene: &Scene, fading: &Fading<'_>, ghost: &mut Ghost) {
    let first = old.trace.events.partition_point(|event| event.at < fading.from);
    for place in first..old.trace.events.len() {
        let event = EventIndex(place as u32);
        let here = old.trace.event(event);
        let (Some(fade), Some(node)) = (fading.at(here.at), here.node) else { return };
        if !elects(old, event) || still_elects(&scene.index, node, here.at) {
            continue;
        }
        let at = spot(fading.frame.at(here.at), fading.frame.lane(node));
        ghost.flags.push((marks::flag(fading.frame, at).data(), fade));
        if ghost.flags.len() == 1 {
            ghost.label = label(scene, at, &old.trace.name(node));
        }
    }
}

fn elects(index: &Index, event: EventIndex) -> bool {
    index.trace.deeds(event).iter().any(|deed| matches!(deed, Deed::Marked(Mark::Elected, _)))
}

fn still_elects(new: &Index, node: NodeId, at: Time) -> bool {
    let first = new.trace.events.partition_point(|event| event.at < at);
    let same = new.trace.events[first..].iter().zip(first..).take_while(|(event, _)| event.at == at);
    same.into_iter().any(|(event, place)| event.node == Some(node) && elects(new, EventIndex(place as u32)))
}

/// The words at the first lost turning point, where they meet no others; none if there is no such place.
fn label(scene: &Scene, at: Spot, name: &str) -> Option<Label> {
    let text = words::was_elected(name);
    let place = scene.frame.point(at);
    let there = |x: f64, y: f64, anchor| (Point { x: place.x + x, y: place.y + y }, anchor);
    let places = if scene.frame.narrow {
        [
            // Below first: above the dotted line are the words about it.
            (-20.0, 16.0, Anchor::End),
            (20.0, 16.0, Anchor::Start),
            (-20.0, -8.0, Anchor::End),
            (20.0, -8.0, Anchor::Start),
        ]
    } else {
        [(7.0, -16.0, Anchor::Start), (7.0, 26.0, Anchor::Start), (-7.0, -16.0, Anchor::End), (-7.0, 26.0, Anchor::End)]
    };
    let look = Look::Quiet;
    let free = |at: Point, anchor| {
        let own = labels::area(&text, look, at, anchor);
        let inside = own.left >= 0.0 && own.right <= scene.frame.width;
        inside
            && scene
                .labels
                .iter()
                .all(|other| !own.meets(&labels::area(&other.text, other.look, other.at, other.anchor)))
    };
    let mut places = places.into_iter().map(|(x, y, anchor)| there(x, y, anchor));
    let (at, anchor) = places.find(|(at, anchor)| free(*at, *anchor))?;
    Some(Label { key: "ghost".into(), text, look, at, anchor, choice: 0, of: None })
}
