//! Conditions on lanes: locks as ribbons above the lane, waiting and messages held back as dashed lines under it, doubt as
//! hatching. Where conditions have an order (`stacks`), the dashes lie under them.

use crate::layout::lanes::visible;
use crate::layout::stacks;
use crate::plane::geometry::{Frame, Line, Rect, spot};
use crate::read::history::{Spell, has_order};
use crate::read::index::Index;
use lightcone_engine::protocol::ConditionKind;
use lightcone_engine::{EventIndex, NodeId, Time};

const RIBBON: f64 = 16.0;
/// The distance from the lane to its ribbon.
const OUT: f64 = 10.0;
const HALF_DOUBT: f64 = 6.0;
/// A condition that does not end in the run is drawn this far beyond the run's end.
pub(super) const ON: f64 = 24.0;

/// A condition as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The kind of condition.
    pub what: ConditionKind,
    /// Names the condition, as the key of its label.
    pub key: String,
    /// The event that begins it.
    pub event: EventIndex,
    /// The node on whose lane it holds.
    pub node: NodeId,
    /// The ribbon, the bar or the hatched lane.
    pub area: Rect,
    /// The middle line from its beginning to its end; the straight part of a branch.
    pub line: Line,
    /// Path data of one of the lines into which the lane forks; empty if it does not.
    pub branch: String,
    /// Whether it is the next to leave its queue.
    pub next: bool,
    /// Whether its words stand here. A condition that changes its place is drawn more than once.
    pub named: bool,
    /// The stretch of it in the window, along.
    pub room: (f64, f64),
    /// The place of its middle, across.
    pub middle: f64,
    /// The condition in words.
    pub text: String,
    /// Since when, and until when.
    pub when: (Time, Time),
}

/// Conditions of all lanes in the window.
#[must_use]
pub fn lay_out(index: &Index, frame: &Frame) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for node in frame.wide() {
        let spells = index.lane(node).map_or(&[][..], |history| &history.conditions);
        let alone = |spell: &Spell| !has_order(spell.condition.what);
        for (place, spell) in spells.iter().enumerate().filter(|(_, spell)| alone(spell)) {
            let end = frame.near(spell.to) + if spell.over { 0.0 } else { ON };
            let Some(room) = visible(frame, frame.near(spell.from), end) else { continue };
            let below = spells[..place].iter().filter(|other| is_under(other, spell)).count();
            let (middle, half) = across(index, frame, node, spell, below);
            let corners = (spot(frame.near(spell.from), middle - half), spot(end, middle + half));
            let line = (spot(corners.0.along, middle), spot(end, middle));
            drawn.push(Drawn {
                what: spell.condition.what,
                key: format!("l{}-{}-{place}", node.0, spell.event.0),
                event: spell.event,
                node,
                area: frame.rect(corners.0, corners.1),
                line: (frame.point(line.0), frame.point(line.1)),
                branch: String::new(),
                next: false,
                named: true,
                room,
                middle,
                text: spell.condition.phrase.show(|node| index.trace.name(node)),
                when: (spell.from, if spell.over { spell.to } else { index.trace.horizon() }),
            });
        }
    }
    drawn
}

/// Whether the one is still so when the other, of the same sort, begins.
fn is_under(one: &Spell, other: &Spell) -> bool {
    let dashed = |spell: &Spell| matches!(spell.condition.what, ConditionKind::Waits | ConditionKind::HeldBack);
    let alike = one.condition.what == other.condition.what || (dashed(one) && dashed(other));
    alike && one.to > other.from
}

/// The middle of a condition across, and half its height. Ribbons lie on each other as far as there is room.
fn across(index: &Index, frame: &Frame, node: NodeId, spell: &Spell, below: usize) -> (f64, f64) {
    let lane = frame.lane(node);
    match spell.condition.what {
        ConditionKind::Locked => {
            let most = ((frame.pitch - frame.band - OUT) / RIBBON - 1.0).max(0.0);
            (lane - OUT - RIBBON / 2.0 - RIBBON * (below as f64).min(most), RIBBON / 2.0)
        }
        ConditionKind::InDoubt => (lane, HALF_DOUBT),
        // What lies there is queued, and not drawn here.
        ConditionKind::Waits | ConditionKind::HeldBack | ConditionKind::Queued | ConditionKind::Sibling => {
            let under = stacks::reach(index, frame, node, spell).max(frame.band + 1.0);
            (lane + under + 3.0 * below as f64, 0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::plane::labels::area;
    use crate::read::words::begun;
    use crate::scene::{Scene, Viewport};
    use lightcone_engine::phrase::Phrase;
    use lightcone_engine::protocol::Condition;
    use lightcone_engine::run::Trace;
    use lightcone_engine::run::trace::ConditionChange;
    use lightcone_engine::simulate;
    use std::rc::Rc;

    const NODE: NodeId = NodeId(1);

    /// A run of the gallery on whose second lane this is so between two of its events; none: to the end.
    fn run(conditions: &[(ConditionKind, &'static str, usize, Option<usize>)]) -> (Trace, Vec<EventIndex>) {
        let mut trace = simulate(&gallery::find("raft", "election").expect("the gallery has it").scenario);
        let places = trace.events.iter().zip(0..).filter(|(event, _)| event.node == Some(NODE));
        let own: Vec<EventIndex> = places.map(|(_, place)| EventIndex(place)).collect();
        for (what, text, from, to) in conditions {
            let condition = Condition { what: *what, phrase: Phrase::plain(text) };
            let change = |place: usize, begins| ConditionChange { event: own[place], node: NODE, condition, begins };
            trace.conditions.push(change(*from, Some(u16::MAX)));
            trace.conditions.extend(to.map(|to| change(to, None)));
        }
        (trace, own)
    }

    fn scene(trace: Trace, narrow: bool) -> Scene {
        let index = Rc::new(Index::of(Rc::new(trace)));
        let size = if narrow { (390.0, 600.0) } else { (1024.0, 520.0) };
        let view = Viewport::whole(&index, size, narrow);
        Scene::new(index, &view)
    }

    #[test]
    fn a_lock_is_a_ribbon_above_the_lane_with_its_words_inside() {
        let (trace, own) = run(&[
            (ConditionKind::Locked, "x locked by T1", 1, Some(4)),
            (ConditionKind::Locked, "y locked by T1", 2, None),
        ]);
        let times = [1, 4].map(|place| trace.event(own[place]).at);
        let scene = scene(trace, false);
        let (first, second) = (&scene.conditions[0], &scene.conditions[1]);
        let (x, y, w, h) = first.area;
        assert!((x - scene.frame.at(times[0])).abs() < 1e-9 && (x + w - scene.frame.at(times[1])).abs() < 1e-9);
        assert!(y + h < scene.frame.lane(NODE) && y > scene.frame.lane(NodeId(0)) + scene.frame.band);
        assert!(second.area.1 + h <= y + 1e-9, "the second lies above the first");
        assert!(second.area.0 + second.area.2 > scene.frame.along.1, "it goes on beyond the run");
        let label = scene.labels.iter().find(|label| label.text == "x locked by T1").expect("there is room");
        let here = area(&label.text, label.look, label.at, label.anchor);
        assert!(here.left >= x && here.right <= x + w && here.top + 1.0 >= y && here.bottom - 1.0 <= y + h);
    }

    #[test]
    fn words_that_do_not_fit_their_ribbon_are_left_out() {
        let (trace, _) =
            run(&[(ConditionKind::Locked, "something with a long name locked by the transaction T1", 1, Some(2))]);
        for narrow in [false, true] {
            let scene = scene(trace.clone(), narrow);
            assert_eq!(scene.conditions.len(), 1);
            assert!(!scene.labels.iter().any(|label| label.text.starts_with("something")));
        }
    }

    #[test]
    fn doubt_is_on_the_lane_and_waiting_and_what_is_held_back_are_under_it() {
        let (trace, own) = run(&[
            (ConditionKind::InDoubt, "in doubt", 1, Some(4)),
            (ConditionKind::HeldBack, "held back", 1, Some(3)),
            (ConditionKind::Waits, "N2 waits for x", 2, Some(4)),
        ]);
        for narrow in [false, true] {
            let scene = scene(trace.clone(), narrow);
            let lane = scene.frame.lane(NODE);
            let middle =
                |what: ConditionKind| scene.conditions.iter().find(|each| each.what == what).expect("drawn").middle;
            assert!((middle(ConditionKind::InDoubt) - lane).abs() < 1e-9);
            assert!(middle(ConditionKind::Waits) > lane);
            let (waits, held) = (middle(ConditionKind::Waits), middle(ConditionKind::HeldBack));
            assert!(waits > held && held > lane + scene.frame.band, "one lies under the other");
            let mark = scene.marks.iter().find(|mark| mark.event == own[1]).expect("something is received");
            assert!(mark.drawn.glyphs.iter().any(|glyph| glyph.class == "g hollow"), "it has arrived, and waits");
            assert_eq!(begun(&scene.index, own[1]), ["in doubt", "held back"]);
            assert!(narrow || scene.labels.iter().any(|label| label.text == "in doubt"));
        }
    }
}
