//! What a node sees of a run: what happens on its lane and when, what arriving messages say, and what the node does. What becomes
//! of its messages, and what happens elsewhere, it does not see. Two runs in which a node sees the same are one run to it: it
//! has to do the same in both, whatever would be right. A pure function.

use crate::read::changes;
use lightcone_engine::hash::Hasher64;
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::{Deed, Event};
use lightcone_engine::{Action, NodeId, Time, Trace};
use std::hash::{Hash, Hasher};

/// The nodes that see the same in two runs: where each stands in the upper run, and in the lower one. Runs that are the same have
/// none, and a node to which nothing happens is none. What happens after the end of the shorter run is left out.
#[must_use]
pub fn same_views(above: &Trace, below: &Trace) -> Vec<[NodeId; 2]> {
    if changes::first_difference(above, below).is_none() {
        return Vec::new();
    }
    let until = above.horizon().min(below.horizon());
    let nodes = |trace: &Trace| (0..trace.lanes().len() as u8).map(NodeId);
    let pairs = nodes(above).filter_map(|here| {
        let there = nodes(below).find(|there| below.name(*there) == above.name(here))?;
        let view = view(above, here, until)?;
        (Some(view) == self::view(below, there, until)).then_some([here, there])
    });
    pairs.collect()
}

/// All that a node sees until then, as one number: for other runs another, but for a chance of one in 2^64. None if it only starts.
fn view(trace: &Trace, node: NodeId, until: Time) -> Option<u64> {
    let mut seen = Hasher64::default();
    let mut happens = false;
    for event in trace.events.iter().filter(|event| event.node == Some(node) && event.at <= until) {
        // A node does not notice that it stands still, only how late it is when it goes on.
        if matches!(event.cause, Cause::Act(Action::Pause(_) | Action::Resume(_))) {
            continue;
        }
        happens |= !matches!(event.cause, Cause::Boot(_));
        // Clocks are set by events of their nodes. Where these are the same, one moment is one time of the node's own clock.
        event.at.hash(&mut seen);
        came(trace, event, &mut seen);
        let deeds = event.deeds.start as usize..event.deeds.end as usize;
        trace.deeds[deeds].iter().for_each(|deed| did(trace, deed, &mut seen));
    }
    happens.then(|| seen.finish())
}

/// What happens to the node. It is told neither which message of its kind this is, nor which arming of the timer.
fn came(trace: &Trace, event: &Event, seen: &mut Hasher64) {
    match event.cause {
        Cause::Boot(_) => seen.write_u8(0),
        Cause::Deliver(id) => {
            (1_u8, trace.name(id.from), id.kind).hash(seen);
            trace.messages[event.record as usize].payload.fingerprint(seen);
        }
        Cause::Fire(id) => (2_u8, id.kind).hash(seen),
        Cause::Act(Action::Request { operation, .. }) => (3_u8, operation).hash(seen),
        Cause::Act(Action::SetClock { jump_micros, drift_ppm, .. }) => (4_u8, jump_micros, drift_ppm).hash(seen),
        Cause::Act(action) => (5_u8, std::mem::discriminant(&action)).hash(seen),
        Cause::Recorded(_) => seen.write_u8(14),
    }
}

/// What the node does. What becomes of that is no part of it.
fn did(trace: &Trace, deed: &Deed, seen: &mut Hasher64) {
    match deed {
        Deed::Sent(record) => {
            let message = &trace.messages[*record as usize];
            (6_u8, trace.name(message.id.to), message.id.kind).hash(seen);
            message.payload.fingerprint(seen);
        }
        Deed::Armed(record) => (7_u8, trace.timers[*record as usize].id.kind).hash(seen),
        Deed::Disarmed(record) => (8_u8, trace.timers[*record as usize].id.kind).hash(seen),
        Deed::Persisted(content) => {
            seen.write_u8(9);
            content.fingerprint(seen);
        }
        Deed::Replied(_, answer) => (10_u8, answer).hash(seen),
        Deed::Marked(mark, phrase) => (11_u8, mark, phrase).hash(seen),
        Deed::Ignored(why) => (12_u8, why).hash(seen),
        Deed::CrashedHere(_) => seen.write_u8(13),
        Deed::Recorded { text, .. } => (15_u8, text).hash(seen),
        Deed::Heard(record) => (16_u8, trace.name(trace.messages[*record as usize].id.from)).hash(seen),
        // The mark of a fact stands before it; beliefs are what the page asks about; a crash is an event of its own.
        Deed::Happened(_) | Deed::Holds(_) | Deed::Evidence(_) | Deed::LostWaiting(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use lightcone_engine::operation::Operation;
    use lightcone_engine::{Edit, MessageId, NodeSet, Scenario, simulate};

    fn exhibit(slug: &str) -> Scenario {
        gallery::find("test-and-set", slug).expect("the gallery has it").scenario
    }

    /// The names of those that see the same in both.
    fn alike(above: &Scenario, below: &Scenario) -> Vec<String> {
        let [above, below] = [above, below].map(simulate);
        same_views(&above, &below).iter().map(|[node, _]| above.name(*node)).collect()
    }

    #[test]
    fn a_client_sees_the_same_whether_a_server_has_crashed_or_its_link_is_cut() {
        assert_eq!(alike(&exhibit("cannot-tell-crash"), &exhibit("cannot-tell-cut")), ["N1", "c1"]);
    }

    #[test]
    fn what_becomes_of_a_message_is_seen_by_its_receiver_only() {
        let whole = exhibit("majority-fixes-it");
        let trace = simulate(&whole);
        let between = |id: MessageId| (trace.name(id.from), trace.name(id.to)) == ("c2".into(), "N2".into());
        let lost = trace.messages.iter().map(|message| message.id).find(|id| between(*id)).expect("c2 asks N2");
        let mut without = whole.clone();
        without.moves.push(Edit::Drop { message: lost });
        let alike = alike(&whole, &without);
        assert_eq!(alike, ["N1", "c1"], "c2 has one yes, gives up and resets N3");
    }

    #[test]
    fn other_content_at_the_same_times_is_another_view() {
        let one = gallery::find("quorum", "eventually-but-when").expect("the gallery has it").scenario;
        let mut other = one.clone();
        for edit in &mut other.script {
            if let Edit::At { action: Action::Request { operation: Operation::Write { value, .. }, .. }, .. } = edit {
                *value += 1;
            }
        }
        let times =
            |scenario: &Scenario| -> Vec<Time> { simulate(scenario).events.iter().map(|event| event.at).collect() };
        assert_eq!(times(&one), times(&other));
        assert_eq!(alike(&one, &other), ["c0"; 0]);
    }

    #[test]
    fn a_node_that_stands_still_while_nothing_happens_to_it_does_not_notice() {
        let one = exhibit("split-brain");
        let mut other = one.clone();
        let node = NodeId(0);
        for (at, action) in [(100, Action::Pause(node)), (105, Action::Resume(node))] {
            other.moves.push(Edit::At { at: Time::from_millis(at), action });
        }
        let same = alike(&one, &other);
        assert_eq!(same, ["N1", "N2", "c1", "c2"]);
    }

    #[test]
    fn another_time_of_its_own_clock_is_another_view() {
        let one = exhibit("split-brain");
        let mut other = one.clone();
        let action = Action::SetClock { node: NodeId(2), jump_micros: 1_000, drift_ppm: 0 };
        other.moves.push(Edit::At { at: Time::from_millis(1), action });
        assert_eq!(alike(&one, &other), ["N1", "N2", "c2"]);
    }

    #[test]
    fn runs_that_are_the_same_have_no_node_to_mark_and_neither_has_a_node_without_events() {
        let one = exhibit("split-brain");
        assert_eq!(alike(&one, &one), ["c0"; 0]);
        let mut other = one.clone();
        other.script.push(Edit::At {
            at: Time::from_millis(90),
            action: Action::Cut { from: NodeSet::only(NodeId(0)), to: NodeSet::only(NodeId(1)), one_way: false },
        });
        let mut quiet = [one, other];
        quiet.iter_mut().for_each(|scenario| scenario.script.retain(|edit| !asks(edit)));
        assert_eq!(alike(&quiet[0], &quiet[1]), ["c0"; 0]);
    }

    fn asks(edit: &Edit) -> bool {
        matches!(edit, Edit::At { action: Action::Request { .. }, .. })
    }
}
