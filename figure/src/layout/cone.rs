//! The light cone of an event: everything that it can know of, or everything that can know of it. Exact: a lane
//! is light up to the last event from which a chain of messages leads here; between two lanes, up to the last such
//! message. The future is the same picture the other way round.

use crate::plane::geometry::{Frame, Point, spot};
use crate::plane::pen::Pen;
use crate::read::index::Index;
use lightcone_engine::run::causality;
use lightcone_engine::run::trace::Fate;
use lightcone_engine::{EventIndex, NodeId, Time};

/// A light cone as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Cone {
    /// The area, path data.
    pub area: String,
    /// Its edge without the window's own, path data.
    pub edge: String,
    /// The event.
    pub apex: Point,
    /// Whether it is the future: an edge without a tint.
    pub ahead: bool,
}

/// What is tied to an event by chains of messages: which events, and how far along each lane.
pub struct Reach {
    tied: Vec<bool>,
    ends: Vec<Option<Time>>,
    ahead: bool,
}

impl Reach {
    /// All that an event can know of, itself included; `ahead`: all that can know of it.
    #[must_use]
    pub fn of(index: &Index, event: EventIndex, ahead: bool) -> Reach {
        let trace = &index.trace;
        let (tied, ends) = (vec![false; trace.events.len()], vec![None; trace.lanes().len()]);
        let mut reach = Reach { tied, ends, ahead };
        for each in if ahead { causality::future(trace, event) } else { causality::past(trace, event) } {
            reach.tied[each.index()] = true;
            let here = trace.event(each);
            if let Some(end) = here.node.and_then(|node| reach.ends.get_mut(node.index())) {
                *end = if ahead { end.or(Some(here.at)) } else { Some(here.at) };
            }
        }
        reach
    }

    /// Whether a chain of messages ties that event to this one.
    #[must_use]
    pub fn ties(&self, event: EventIndex) -> bool {
        self.tied.get(event.index()).is_some_and(|tied| *tied)
    }

    /// The last moment of a lane that is known of; ahead, the first that knows.
    #[must_use]
    pub fn end(&self, node: NodeId) -> Option<Time> {
        self.ends.get(node.index()).copied().flatten()
    }

    /// The message between two lanes that is farthest from the rest of the cone: when it was on the one and on the
    /// other. The last to be sent is not always the last to arrive; both ends count.
    fn farthest_message(&self, index: &Index, one: NodeId, other: NodeId) -> Option<(Time, Time)> {
        let between = index.trace.messages.iter().filter_map(|message| {
            let Fate::Delivered(arrival) = message.fate else { return None };
            let tied = self.ties(arrival) && self.ties(message.sent_by);
            let arrived = index.trace.event(arrival).at;
            match (message.id.from, message.id.to) {
                (from, to) if tied && (from, to) == (one, other) => Some((message.sent, arrived)),
                (from, to) if tied && (from, to) == (other, one) => Some((arrived, message.sent)),
                _ => None,
            }
        });
        if self.ahead {
            between.min_by_key(|ends| ends.0.min(ends.1))
        } else {
            between.max_by_key(|ends| ends.0.max(ends.1))
        }
    }

    /// Where a moment is drawn; where the window begins, or ends, if there is none.
    fn place(&self, frame: &Frame, at: Option<Time>) -> f64 {
        let (start, end) = frame.along;
        match at {
            Some(at) => frame.near(at).max(start).min(end),
            None => {
                if self.ahead {
                    end
                } else {
                    start
                }
            }
        }
    }

    /// Whether the first of two places is dark when the second is the last that is light.
    fn nearer(&self, one: f64, other: f64) -> bool {
        if self.ahead { one > other } else { one < other }
    }
}

/// The light cone of an event in the window.
#[must_use]
pub fn cone(index: &Index, frame: &Frame, event: EventIndex, ahead: bool) -> Option<Cone> {
    let here = index.trace.events.get(event.index())?;
    let node = here.node?;
    let reach = Reach::of(index, event, ahead);
    let place = |at: Option<Time>| reach.place(frame, at);
    let start = place(None);
    // Lanes that the cone does not reach have no edge.
    let lit = |node: &NodeId| place(reach.end(*node)) != start;
    let (from, to) = (frame.order.iter().position(lit)?, frame.order.iter().rposition(lit)?);
    let order = &frame.order[from..=to];
    let (first, last) = (*order.first()?, *order.last()?);
    let mut pen = Pen::new(frame).from(spot(start, frame.lane(first) - frame.band));
    pen = pen.to(spot(place(reach.end(first)), frame.lane(first) - frame.band));
    pen = pen.to(spot(place(reach.end(first)), frame.lane(first)));
    for pair in order.windows(2) {
        let (above, below) = (pair[0], pair[1]);
        let (high, low) = (place(reach.end(above)), place(reach.end(below)));
        // Without a message between the two, only what both lanes have behind them is light between them.
        let both = if reach.nearer(high, low) { high } else { low };
        let message = reach.farthest_message(index, above, below);
        let (leaves, meets) = message.map_or((both, both), |(one, other)| (place(Some(one)), place(Some(other))));
        if reach.nearer(leaves, high) {
            let edge = frame.lane(above) + frame.band;
            pen = pen.to(spot(high, edge)).to(spot(leaves, edge));
        }
        if reach.nearer(meets, low) {
            let edge = frame.lane(below) - frame.band;
            pen = pen.to(spot(meets, edge)).to(spot(low, edge));
        }
        pen = pen.to(spot(low, frame.lane(below)));
    }
    pen = pen.to(spot(place(reach.end(last)), frame.lane(last) + frame.band));
    let edge = pen.to(spot(start, frame.lane(last) + frame.band)).data();
    let apex = frame.point(spot(frame.near(here.at), frame.lane(node)));
    Some(Cone { area: format!("{edge}z"), edge, apex, ahead })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::simulate;
    use std::rc::Rc;

    fn index(slug: &str) -> Index {
        Index::of(Rc::new(simulate(&gallery::find("raft", slug).expect("the gallery has it").scenario)))
    }

    #[test]
    fn a_lane_is_light_exactly_up_to_the_last_event_that_is_known() {
        let index = index("stale-read-from-deposed-leader");
        let trace = &index.trace;
        for event in (0..trace.events.len() as u32).step_by(7).map(EventIndex) {
            let past = Reach::of(&index, event, false);
            for other in (0..trace.events.len() as u32).map(EventIndex) {
                let here = trace.event(other);
                let Some(node) = here.node.filter(|_| other <= event) else { continue };
                let light = past.end(node).is_some_and(|end| here.at <= end);
                // Two events of a lane at one moment share its light.
                assert!(light || !past.ties(other));
                let alone =
                    trace.events.iter().filter(|each| each.node == Some(node) && each.at == here.at).count() == 1;
                assert!(!(alone && light) || past.ties(other), "{event:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_is_ahead_of_an_event_has_it_in_its_past() {
        let index = index("stale-read-from-deposed-leader");
        let events = || (0..index.trace.events.len() as u32).step_by(11).map(EventIndex);
        for one in events() {
            let ahead = Reach::of(&index, one, true);
            for other in events() {
                assert_eq!(ahead.ties(other), Reach::of(&index, other, false).ties(one), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_leader_that_is_cut_off_knows_nothing_new_of_the_others() {
        let index = index("stale-read-from-deposed-leader");
        let (cut, leader) = index.cuts.first().map(|cut| (cut.stretch, NodeId(0))).expect("the run has a cut");
        let during = |at: Time| at > cut.from && at < cut.to;
        let mut events = index.trace.events.iter().enumerate();
        let last = events.rfind(|(_, event)| event.node == Some(leader) && during(event.at));
        let past = Reach::of(&index, EventIndex(last.expect("it goes on").0 as u32), false);
        let others = [NodeId(1), NodeId(2)];
        assert!(others.iter().all(|node| past.end(*node).is_none_or(|end| end <= cut.from)));
    }
}
