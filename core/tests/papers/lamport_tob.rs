//! L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*, CACM 1978, "Ordering the Events Totally": the
//! queue by timestamps, for total order broadcast and for mutual exclusion.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, NodeId, Scenario, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::order::lamport::Stamp;
use lightcone_protocols::parts::broadcast::Item;
use lightcone_protocols::total_order::lamport_tob::{Fact, Message};
use lightcone_tests::common::for_seeds_of;
use lightcone_tests::common::schedule::{Recipe, draw};
use lightcone_tests::count::share;
use std::collections::BTreeMap;

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits.find(|each| (each.protocol, each.slug) == ("lamport-tob", slug)).expect("it is in the gallery").scenario
}

/// A run of so many nodes, whose links take 10 ms.
fn run(purpose: &str, nodes: u8, script: &str) -> Trace {
    let head = "lightcone 1\nprotocol lamport-tob 1\nfaults crash-stop\nlatency 10..10 ms\nhorizon 900 ms\n";
    let text = format!("{head}set use {purpose}\nset nodes {nodes}\nscript\n{script}");
    simulate(&decode(&text, lightcone_protocols::PROTOCOLS).expect("it can be read"))
}

/// What each node delivers, in its order.
fn delivered(trace: &Trace) -> Vec<Vec<Item>> {
    let mut lists = vec![Vec::new(); trace.lanes().len()];
    for (event, fact) in trace.facts() {
        if let (Fact::Delivered { item }, Some(node)) = (fact, trace.event(event).node) {
            lists[node.index()].push(*item);
        }
    }
    lists
}

/// Grants, in their order, with the events.
fn granted(trace: &Trace) -> Vec<(Item, EventIndex)> {
    let grants = trace.facts().filter_map(|(event, fact)| match fact {
        Fact::Granted { item } => Some((*item, event)),
        _ => None,
    });
    grants.collect()
}

fn names(items: impl IntoIterator<Item = Item>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

/// The timestamps of what was broadcast or asked.
fn stamps(trace: &Trace) -> BTreeMap<Item, Stamp> {
    let stamps = trace.facts().filter_map(|(_, fact)| match fact {
        Fact::Broadcast { item, stamp } | Fact::Asked { item, stamp } => Some((*item, *stamp)),
        _ => None,
    });
    stamps.collect()
}

/// The timestamp that a message carries.
fn stamp_of(message: &lightcone_engine::run::trace::Message) -> Stamp {
    match message.payload.as_any().downcast_ref::<Message>().expect("all messages are of the protocol") {
        Message::Data(_, stamp, _)
        | Message::Request(_, stamp, _)
        | Message::Acknowledge(_, stamp, _)
        | Message::Release(_, stamp, _) => *stamp,
    }
}

fn verdict<'a>(trace: &'a Trace, property: &str) -> &'a Verdict {
    let place = trace.specification().properties.iter().position(|each| each.id == property);
    &trace.verdicts[place.expect("it is promised")]
}

/// Random schedules of one use, inside the fault model.
fn in_random_runs(purpose: u32, test: impl Fn(&Trace)) {
    let family = lightcone_protocols::by_id("lamport-tob").expect("it is registered");
    let recipe = Recipe { requests: 16, knobs: vec![(0, purpose)], ..Recipe::default() };
    for_seeds_of(family, share(600), |rng| test(&simulate(&draw(family, &recipe, rng))));
}

/// From whom the node has received something with a larger timestamp, by this event.
fn has_heard(trace: &Trace, node: NodeId, by: EventIndex, than: Stamp) -> Vec<NodeId> {
    let arrived = |event: EventIndex| match trace.event(event).cause {
        Cause::Deliver(message) if message.to == node => Some(message),
        _ => None,
    };
    let messages = (0..=by.0).map(EventIndex).filter_map(arrived);
    let larger = messages.filter(|id| {
        let sent = trace.messages.iter().find(|message| message.id.original() == id.original());
        sent.is_some_and(|message| stamp_of(message) > than)
    });
    larger.map(|message| message.from).collect()
}

/// "A total ordering of all the requests": everybody goes by the timestamps, first by counter, then by node.
#[test]
fn every_node_delivers_in_the_order_of_timestamps() {
    in_random_runs(0, |trace| {
        let stamps = stamps(trace);
        for list in delivered(trace) {
            assert!(list.is_sorted_by_key(|item| stamps[item]));
        }
    });
    let trace = simulate(&exhibit("all-up"));
    assert!(delivered(&trace).into_iter().all(|list| names(list) == ["N1.1", "N2.1"]));
    let stamps: Vec<String> = stamps(&trace).values().map(Stamp::to_string).collect();
    assert_eq!(stamps, ["(1, 1)", "(1, 2)"], "the second comes first to N3, and is delivered second");
}

/// An answer has the larger timestamp, although the question is not delivered yet when it is sent.
#[test]
fn the_order_agrees_with_what_happened_before_what() {
    let trace = simulate(&exhibit("answer-after-question"));
    let stamps: Vec<String> = stamps(&trace).values().map(Stamp::to_string).collect();
    assert_eq!(stamps, ["(1, 1)", "(3, 2)"]);
    assert!(delivered(&trace).into_iter().all(|list| names(list) == ["N1.1", "N2.1"]));
    in_random_runs(0, |trace| assert!(!matches!(verdict(trace, "causal-order"), Verdict::Broken { .. })));
}

/// "Messages sent from Pi to Pj are received in the same order as they are sent. (These assumptions can be avoided by introducing
/// message numbers …)"
#[test]
fn message_numbers_give_the_order_that_links_do_not_keep() {
    let trace = simulate(&exhibit("fifo-broken"));
    let name = |node: NodeId| trace.lanes()[node.index()].name.clone();
    let held = trace.conditions.iter().map(|change| (change.node, change.condition.phrase.show(name)));
    let held: Vec<_> = held.filter(|(_, phrase)| phrase.contains("message 2")).collect();
    assert_eq!(held[0], (NodeId(2), "message 2 of N1 waits for its message 1".into()));
    let wrong = simulate(&exhibit("fifo-not-restored"));
    assert_eq!(names(delivered(&wrong)[2].clone()), ["N2.1", "N1.1"]);
    assert_eq!(names(delivered(&wrong)[0].clone()), ["N1.1", "N2.1"]);
}

/// "The failure of a single process will make it impossible for any other process to execute State Machine commands."
#[test]
fn if_one_node_is_down_nothing_is_delivered_and_the_queue_names_it() {
    for nodes in 2..=5 {
        let trace = run("broadcast", nodes, "at 5 ms crash N2\nat 10 ms request N1 broadcast\n");
        assert!(delivered(&trace).iter().all(Vec::is_empty));
        let name = |node: NodeId| trace.lanes()[node.index()].name.clone();
        let last = trace.conditions.iter().rfind(|change| change.node == NodeId(0) && change.begins.is_some());
        let phrase = last.expect("N1 waits").condition.phrase.show(name);
        assert_eq!(phrase, "N1.1 waits for N2");
    }
}

/// Rule 5: "(i) There is a Tm:Pi requests resource message in its request queue which is ordered before any other request in its
/// queue. (ii) Pi has received a message from every other process time-stamped later than Tm."
#[test]
fn who_gets_the_resource_has_heard_something_later_from_everybody() {
    in_random_runs(1, |trace| {
        let stamps = stamps(trace);
        for (item, event) in granted(trace) {
            let heard = has_heard(trace, item.0.node, event, stamps[&item]);
            let others = (0..trace.lanes().len() as u8).map(NodeId).filter(|node| *node != item.0.node);
            others.for_each(|other| assert!(heard.contains(&other), "{item} without {other:?}"));
        }
    });
}

/// Conditions I and II: one at a time, and in the order of the timestamps.
#[test]
fn requests_are_granted_in_the_order_of_timestamps() {
    in_random_runs(1, |trace| {
        let stamps = stamps(trace);
        assert!(granted(trace).iter().is_sorted_by_key(|(item, _)| stamps[item]));
        for promise in ["one-holder", "request-order"] {
            assert!(!matches!(verdict(trace, promise), Verdict::Broken { .. }));
        }
    });
    assert_eq!(names(granted(&simulate(&exhibit("takes-turns"))).into_iter().map(|(item, _)| item)), ["N1.1", "N2.1"]);
}

/// Condition II: "granted in the order in which they are made". N2 has heard of N1's request only through N3's, and comes after both.
#[test]
fn a_request_that_happened_before_goes_first_whoever_told_of_it() {
    let script = "at 10 ms request N1 ask\nat 25 ms request N3 ask\nat 40 ms request N2 ask\n\
        deliver N1>N2 Request#1 at 100 ms\n";
    let trace = run("mutual-exclusion", 3, script);
    assert_eq!(names(granted(&trace).into_iter().map(|(item, _)| item)), ["N1.1", "N3.1", "N2.1"]);
    assert!(matches!(verdict(&trace, "request-order"), Verdict::Holds { .. }));
}

/// Rules 1 to 3: a request, an acknowledgement and a release for each other process. (Ricart & Agrawala 1981 count 3(N − 1).)
/// To deliver everywhere, everybody must hear every acknowledgement.
#[test]
fn a_request_costs_three_messages_for_each_other_node() {
    for nodes in 1..=7_u8 {
        let others = usize::from(nodes) - 1;
        let exclusion = run("mutual-exclusion", nodes, "at 10 ms request N1 ask\n");
        assert_eq!((exclusion.messages.len(), granted(&exclusion).len()), (3 * others, 1));
        let broadcast = run("broadcast", nodes, "at 10 ms request N1 broadcast\n");
        assert_eq!(broadcast.messages.len(), others + others * others);
        assert!(delivered(&broadcast).iter().all(|list| list.len() == 1));
    }
}

/// A node that has not asked keeps the requests of others in its queue and waits for nobody.
#[test]
fn only_who_asks_waits_for_a_release() {
    let trace = simulate(&exhibit("takes-turns"));
    let name = |node: NodeId| trace.lanes()[node.index()].name.clone();
    let said = trace.conditions.iter().map(|change| (change.node, change.condition.phrase.show(name)));
    let waits: Vec<_> = said.filter(|(_, phrase)| phrase.ends_with("to release")).collect();
    assert!(waits.iter().all(|wait| *wait == (NodeId(1), "waits for N1 to release".into())));
    assert!(!waits.is_empty());
}

/// Condition III: "if every process which is granted the resource eventually releases it, then every request is eventually granted."
#[test]
fn everybody_who_asks_gets_in() {
    let asks: String =
        (1..=5).flat_map(|node| [10, 30].map(|at| format!("at {at} ms request N{node} ask\n"))).collect();
    let trace = run("mutual-exclusion", 5, &asks);
    assert_eq!(granted(&trace).len(), 10);
    assert!(matches!(verdict(&trace, "progress"), Verdict::Holds { .. }));
}
