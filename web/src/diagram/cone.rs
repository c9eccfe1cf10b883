//! The light cone of an event: everything that it can know of. Exact: a lane is light up to the last event
//! from which a chain of messages leads here; between two lanes, up to the last such message.

use super::geometry::{Frame, Point, spot};
use super::index::Index;
use super::pen::Pen;
use lightcone::causality;
use lightcone::trace::Fate;
use lightcone::{EventIndex, NodeId, Time};

/// A light cone as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Cone {
    /// The area, path data.
    pub area: String,
    /// Its edge without the window's own, path data.
    pub edge: String,
    /// The event.
    pub apex: Point,
}

/// What an event knows of: which events, and the last moment on each lane.
pub struct Past {
    known: Vec<bool>,
    ends: Vec<Option<Time>>,
}

impl Past {
    /// The past of an event, itself included.
    #[must_use]
    pub fn of(index: &Index, event: EventIndex) -> Past {
        let trace = &index.trace;
        let mut past = Past { known: vec![false; trace.events.len()], ends: vec![None; trace.lanes().len()] };
        for each in causality::past(trace, event) {
            past.known[each.index()] = true;
            let here = trace.event(each);
            if let Some(end) = here.node.and_then(|node| past.ends.get_mut(node.index())) {
                *end = Some(here.at);
            }
        }
        past
    }

    /// Whether a chain of messages leads from there to here.
    #[must_use]
    pub fn knows(&self, event: EventIndex) -> bool {
        self.known.get(event.index()).is_some_and(|known| *known)
    }

    /// The last moment of a lane that is known of.
    #[must_use]
    pub fn end(&self, node: NodeId) -> Option<Time> {
        self.ends.get(node.index()).copied().flatten()
    }

    /// The last message between two lanes that is known to have arrived: when it was on the one and on the other.
    fn last_message(&self, index: &Index, one: NodeId, other: NodeId) -> Option<(Time, Time)> {
        let messages = index.trace.messages.iter().rev();
        let mut between = messages.filter_map(|message| {
            let Fate::Delivered(arrival) = message.fate else { return None };
            let known = self.knows(arrival) && self.knows(message.sent_by);
            let arrived = index.trace.event(arrival).at;
            match (message.id.from, message.id.to) {
                (from, to) if known && (from, to) == (one, other) => Some((message.sent, arrived)),
                (from, to) if known && (from, to) == (other, one) => Some((arrived, message.sent)),
                _ => None,
            }
        });
        // The last to be sent is not always the last to arrive; both ends count.
        let first = between.next()?;
        Some(between.fold(first, |best, next| if next.0.max(next.1) > best.0.max(best.1) { next } else { best }))
    }
}

/// The light cone of an event in the window.
#[must_use]
pub fn cone(index: &Index, frame: &Frame, event: EventIndex) -> Option<Cone> {
    let here = index.trace.events.get(event.index())?;
    let node = here.node?;
    let past = Past::of(index, event);
    let start = frame.along.0;
    let place = |at: Option<Time>| at.map_or(start, |at| frame.near(at).max(start));
    let (first, last) = (*frame.order.first()?, *frame.order.last()?);
    let mut pen = Pen::new(frame).from(spot(start, frame.lane(first) - frame.band));
    pen = pen.to(spot(place(past.end(first)), frame.lane(first) - frame.band));
    pen = pen.to(spot(place(past.end(first)), frame.lane(first)));
    for pair in frame.order.windows(2) {
        let (above, below) = (pair[0], pair[1]);
        let (high, low) = (place(past.end(above)), place(past.end(below)));
        let message = past.last_message(index, above, below);
        // Without a message between the two, only what both lanes have behind them is light between them.
        let (leaves, meets) =
            message.map_or((high.min(low), high.min(low)), |(one, other)| (place(Some(one)), place(Some(other))));
        if leaves < high {
            let edge = frame.lane(above) + frame.band;
            pen = pen.to(spot(high, edge)).to(spot(leaves, edge));
        }
        if meets < low {
            let edge = frame.lane(below) - frame.band;
            pen = pen.to(spot(meets, edge)).to(spot(low, edge));
        }
        pen = pen.to(spot(low, frame.lane(below)));
    }
    pen = pen.to(spot(place(past.end(last)), frame.lane(last) + frame.band));
    let edge = pen.to(spot(start, frame.lane(last) + frame.band)).data();
    let apex = frame.point(spot(frame.near(here.at), frame.lane(node)));
    Some(Cone { area: format!("{edge}z"), edge, apex })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;
    use lightcone::simulate;
    use std::rc::Rc;

    fn index(slug: &str) -> Index {
        Index::of(Rc::new(simulate(&library::find("raft", slug).expect("the gallery has it").scenario)))
    }

    #[test]
    fn a_lane_is_light_exactly_up_to_the_last_event_that_is_known() {
        let index = index("stale-read-from-deposed-leader");
        let trace = &index.trace;
        for event in (0..trace.events.len() as u32).step_by(7).map(EventIndex) {
            let past = Past::of(&index, event);
            for other in (0..trace.events.len() as u32).map(EventIndex) {
                let here = trace.event(other);
                let Some(node) = here.node.filter(|_| other <= event) else { continue };
                let light = past.end(node).is_some_and(|end| here.at <= end);
                // Two events of a lane at one moment share its light.
                assert!(light || !past.knows(other));
                let alone =
                    trace.events.iter().filter(|each| each.node == Some(node) && each.at == here.at).count() == 1;
                assert!(!(alone && light) || past.knows(other), "{event:?} {other:?}");
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
        let past = Past::of(&index, EventIndex(last.expect("it goes on").0 as u32));
        let others = [NodeId(1), NodeId(2)];
        assert!(others.iter().all(|node| past.end(*node).is_none_or(|end| end <= cut.from)));
    }
}
