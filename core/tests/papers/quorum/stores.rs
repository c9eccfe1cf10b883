//! Dynamo.

use super::{answers, count, run, simulate, value, without_flaws};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Action, Edit, EventIndex, NodeId, Time};
use lightcone_protocols::replication::quorum::Message;
use std::collections::BTreeSet;

/// §4.5: the slowest of the R (or W) replicas that are waited for decides how long a get (or put) takes.
#[test]
fn an_operation_is_as_fast_as_the_slowest_that_it_waits_for() {
    let answered = |read: u32| {
        let trace = run(&format!(
            "set read-quorum {read}\nset client-retry 900 ms\nhorizon 400 ms\nscript\n  \
            at 10 ms request c1 read x\n  deliver N1>c1 Found#1 at 50 ms\n  deliver N2>c1 Found#1 at 100 ms\n  \
            deliver N3>c1 Found#1 at 200 ms\n"
        ));
        let replies = |event: &EventIndex| trace.deeds(*event).iter().any(|deed| matches!(deed, Deed::Replied(..)));
        let event = (0..trace.events.len() as u32).map(EventIndex).find(replies).expect("it is answered");
        trace.event(event).at
    };
    assert_eq!([1, 2, 3].map(answered), [50, 100, 200].map(Time::from_millis));
}

/// §4.6: with a strict quorum it would be unavailable; the first healthy nodes of the preference list take over.
#[test]
fn a_sloppy_quorum_answers_where_a_strict_one_waits() {
    let text = |sloppy| {
        format!(
            "set stand-ins 2\nset sloppy {sloppy}\nhorizon 400 ms\nscript\n  at 5 ms crash N1\n  at 6 ms crash N2\n  \
            at 10 ms request c1 write x 1\n"
        )
    };
    assert_eq!(answers(&run(&text("on"))), [Answer::Done]);
    assert_eq!(answers(&run(&text("off"))), []);
}

/// §4.6: a replica that is sent to another node has "a hint in its metadata" that says for whom it was meant.
#[test]
fn a_hint_names_whom_it_is_for() {
    let trace = without_flaws("hint-dropped-early");
    let hinted = trace.messages.iter().filter(|message| message.id.to == NodeId(3));
    let hinted = hinted.filter_map(|message| match message.payload.as_any().downcast_ref() {
        Some(Message::Store(call, ..)) => Some(call.instead_of),
        _ => None,
    });
    assert_eq!(hinted.collect::<Vec<_>>(), [Some(NodeId(0))]);
}

/// §4.6: the stand-in delivers when the other has recovered, and deletes its copy only once that has succeeded.
#[test]
fn a_hint_is_kept_until_it_is_handed_over() {
    let trace = without_flaws("hint-dropped-early");
    assert!(count(&trace, "HandOff") > 1, "tried while N1 is stopped, and again");
    assert_eq!((value(&trace, 0, 220), value(&trace, 3, 220)), (None, Some(1)));
    assert_eq!((value(&trace, 0, 320), value(&trace, 3, 320)), (Some(1), None));
}

/// §4.6: stand-ins keep their hints in a store of their own, which a crash leaves.
#[test]
fn a_hint_survives_a_crash_of_the_stand_in() {
    let mut scenario = super::exhibit("hint-dropped-early");
    scenario.settings.flaws = FlawSet::default();
    for (at, action) in [(150, Action::Crash(NodeId(3))), (160, Action::Restart(NodeId(3)))] {
        scenario.script.push(Edit::At { at: Time::from_millis(at), action });
    }
    assert_eq!(value(&simulate(&scenario), 0, 320), Some(1));
}

/// §5: stale versions "returned in any of the responses" are brought up to date, those of responses after the quorum too.
#[test]
fn a_read_repairs_whoever_answers_with_an_old_version_be_it_late() {
    let text = |late: &str| {
        format!(
            "horizon 300 ms\nscript\n  at 10 ms request c1 write x 1\n  drop c1>N3 Store#1\n  \
            at 80 ms request c2 read x\n{late}"
        )
    };
    for late in ["  deliver N1>c2 Found#1 at 130 ms\n", "  deliver N3>c2 Found#1 at 130 ms\n"] {
        let trace = run(&text(late));
        assert_eq!(answers(&trace), [Answer::Done, Answer::Value(Some(1))]);
        assert_eq!((value(&trace, 2, 90), value(&trace, 2, 200)), (None, Some(1)), "{late}");
        assert_eq!(count(&trace, "Repair"), 1);
    }
    let trace = run(&format!("set read-repair off\n{}", text("")));
    assert_eq!(value(&trace, 2, 300), None);
}

/// §4.7: nodes compare what they have, and transfer no more than what is missing.
#[test]
fn anti_entropy_brings_a_replica_up_to_date_without_a_reader() {
    let text =
        "set anti-entropy 50 ms\nhorizon 400 ms\nscript\n  at 10 ms request c1 write x 1\n  drop c1>N3 Store#1\n";
    let trace = run(text);
    assert_eq!((value(&trace, 2, 60), value(&trace, 2, 250)), (None, Some(1)));
    let late = trace.messages.iter().filter(|message| message.sent > Time::from_millis(250));
    let kinds: BTreeSet<&str> = late.map(|message| trace.kind(message.id).name).collect();
    assert_eq!(kinds, BTreeSet::from(["Compare"]), "once all have it, nothing else is sent");
}

/// §4.3: a key is at the N nodes from its place on the ring on, so another key has other stand-ins.
#[test]
fn each_key_has_its_own_replicas_on_the_ring() {
    let trace = run(
        "set stand-ins 2\nhorizon 200 ms\nscript\n  at 10 ms request c1 write x 1\n  at 90 ms request c1 write z 2\n",
    );
    let stores = |node: u8| {
        let to = trace.messages.iter().filter(move |message| message.id.to == NodeId(node));
        to.filter(|message| trace.kind(message.id).name == "Store").count()
    };
    assert_eq!([0, 1, 2, 3, 4].map(stores), [1, 1, 2, 1, 1], "x at N1 to N3, z at N3 to N5");
}
