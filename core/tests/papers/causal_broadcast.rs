//! Broadcast from best effort to causal order. How causal order comes about: K. Birman, A. Schiper & P. Stephenson, *Lightweight
//! Causal and Atomic Group Multicast*, ACM TOCS 1991 ("BSS"). The other levels: Cachin, Guerraoui & Rodrigues 2011, chapter 3
//! ("CGR"). What is promised: V. Hadzilacos & S. Toueg 1994, section 3 ("H&T").

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::run::causality::VectorClocks;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, NodeId, Scenario, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::order::causal_broadcast::{Fact, Message, Vector};
use lightcone_protocols::parts::broadcast::Item;
use lightcone_tests::common::for_seeds_of;
use lightcone_tests::common::schedule::{Recipe, draw};
use lightcone_tests::count::share;
use std::collections::BTreeMap;

const LEVELS: [&str; 5] = ["best-effort", "reliable", "uniform", "fifo", "causal"];

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    let exhibit = exhibits.find(|each| (each.protocol, each.slug) == ("causal-broadcast", slug));
    exhibit.expect("it is in the gallery").scenario
}

/// A run of so many nodes, whose links take 10 ms.
fn run(level: &str, nodes: u8, script: &str) -> Trace {
    let head = "lightcone 1\nprotocol causal-broadcast 1\nfaults crash-stop\nlatency 10..10 ms\nhorizon 900 ms\n";
    let text = format!("{head}set level {level}\nset nodes {nodes}\nscript\n{script}");
    simulate(&decode(&text, lightcone_protocols::PROTOCOLS).expect("it can be read"))
}

/// What each node delivers, in its order, with the events.
fn delivered(trace: &Trace) -> Vec<Vec<(Item, EventIndex)>> {
    let mut lists = vec![Vec::new(); trace.lanes().len()];
    for (event, fact) in trace.facts() {
        if let (Fact::Delivered { item }, Some(node)) = (fact, trace.event(event).node) {
            lists[node.index()].push((*item, event));
        }
    }
    lists
}

fn names(list: &[(Item, EventIndex)]) -> Vec<String> {
    list.iter().map(|(item, _)| item.to_string()).collect()
}

/// The vector of each message, from its first copy on any link.
fn vectors(trace: &Trace) -> BTreeMap<Item, Vector> {
    let content = |payload: &Message| match payload {
        Message::Data(item, vector) | Message::Relay(item, vector) => (*item, vector.clone()),
    };
    let payloads = trace.messages.iter().filter_map(|message| message.payload.as_any().downcast_ref::<Message>());
    payloads.map(content).collect()
}

fn verdict<'a>(trace: &'a Trace, property: &str) -> &'a Verdict {
    let place = trace.specification().properties.iter().position(|each| each.id == property);
    &trace.verdicts[place.expect("it is promised")]
}

fn holds(trace: &Trace, property: &str) -> bool {
    matches!(verdict(trace, property), Verdict::Holds { .. })
}

/// Random schedules of one level, inside the fault model.
fn in_random_runs(level: u32, test: impl Fn(&Trace)) {
    let family = lightcone_protocols::by_id("causal-broadcast").expect("it is registered");
    let recipe = Recipe { requests: 16, knobs: vec![(0, level)], ..Recipe::default() };
    for_seeds_of(family, share(600), |rng| test(&simulate(&draw(family, &recipe, rng))));
}

/// BSS, section 5.1, step by step: the sender counts itself one further and puts its vector on the message; the receiver waits
/// until VT(m)[k] = VT(p)[k] + 1 for the sender and VT(m)[k] ≤ VT(p)[k] for all others.
#[test]
fn the_vector_of_an_answer_counts_the_question() {
    let trace = simulate(&exhibit("answer-held-back"));
    let vectors: Vec<Vec<u16>> = vectors(&trace).into_values().map(|vector| vector.to_vec()).collect();
    assert_eq!(vectors, [vec![1, 0, 0], vec![1, 1, 0]]);
    let held = trace.conditions.iter().find(|change| change.begins.is_some()).expect("something is held back");
    let name = |node: NodeId| trace.lanes()[node.index()].name.clone();
    assert_eq!((held.node, held.condition.phrase.show(name).as_str()), (NodeId(2), "N2.1 waits for N1.1"));
    assert!(delivered(&trace).iter().all(|list| names(list) == ["N1.1", "N2.1"]));
}

/// The rule of delivery says of which nodes messages are missing: the margin names the next of each.
#[test]
fn a_message_that_is_held_back_names_all_that_it_waits_for() {
    let script = "at 10 ms request N1 broadcast\nat 11 ms request N3 broadcast\nat 30 ms request N2 broadcast\n\
        deliver N1>N4 Data#1 at 90 ms\ndeliver N3>N4 Data#1 at 80 ms\n\
        deliver N2>N4 Relay#1 at 91 ms\ndeliver N2>N4 Relay#2 at 92 ms\n\
        deliver N3>N4 Relay#1 at 93 ms\ndeliver N1>N4 Relay#1 at 94 ms\n";
    let trace = run("causal", 4, script);
    let name = |node: NodeId| trace.lanes()[node.index()].name.clone();
    let at_n4 = trace.conditions.iter().filter(|change| change.node == NodeId(3) && change.begins.is_some());
    let held: Vec<String> = at_n4.map(|change| change.condition.phrase.show(name)).collect();
    assert_eq!(held, ["N2.1 waits for N1.1 and others", "N2.1 waits for N1.1"]);
    assert_eq!(names(&delivered(&trace)[3]), ["N3.1", "N1.1", "N2.1"]);
}

/// BSS, section 5.1: the rule of delivery, at every delivery of many runs.
#[test]
fn a_message_is_delivered_when_the_vector_says_that_nothing_is_missing() {
    in_random_runs(4, |trace| {
        let vectors = vectors(trace);
        for list in delivered(trace) {
            let mut counted = vec![0; trace.lanes().len()];
            for (item, _) in list {
                let sender = item.0.node.index();
                // Without other nodes nothing travels.
                for (node, number) in vectors.get(&item).into_iter().flat_map(|vector| vector.iter().enumerate()) {
                    let next = counted[node] + 1;
                    assert!(if node == sender { *number == next } else { *number < next }, "{item}");
                }
                counted[sender] += 1;
            }
        }
    });
}

/// BSS, section 4: one vector is smaller than another only if its message happened before the other.
#[test]
fn the_smaller_vector_is_of_a_message_that_happened_before() {
    in_random_runs(4, |trace| {
        let (vectors, clocks) = (vectors(trace), VectorClocks::of(trace));
        let broadcasts: Vec<(Item, EventIndex)> = trace.facts().filter_map(broadcast).collect();
        for (one, a) in &broadcasts {
            for (other, b) in &broadcasts {
                let (Some(first), Some(second)) = (vectors.get(one), vectors.get(other)) else { continue };
                let smaller = first != second && first.iter().zip(second.iter()).all(|(one, other)| one <= other);
                assert!(!smaller || clocks.happened_before(trace, *a, *b), "{one} and {other}");
            }
        }
    });
}

fn broadcast((event, fact): (EventIndex, &Fact)) -> Option<(Item, EventIndex)> {
    match fact {
        Fact::Broadcast { item } => Some((*item, event)),
        _ => None,
    }
}

/// H&T, section 3.3: messages of which neither happened before the other may be delivered in two orders.
#[test]
fn concurrent_messages_need_no_common_order() {
    let trace = simulate(&exhibit("concurrent-in-two-orders"));
    let lists: Vec<Vec<String>> = delivered(&trace).iter().map(|list| names(list)).collect();
    assert_eq!(lists, [["N1.1", "N2.1"], ["N2.1", "N1.1"], ["N1.1", "N2.1"]]);
    assert!(holds(&trace, "causal-order"));
}

/// H&T, section 3.3: causal order implies FIFO order, and FIFO order does not imply causal order.
#[test]
fn causal_order_is_more_than_fifo_order() {
    in_random_runs(4, |trace| assert!(!matches!(verdict(trace, "fifo-order"), Verdict::Broken { .. })));
    let trace = simulate(&exhibit("answer-before-question"));
    assert!(holds(&trace, "fifo-order") && matches!(verdict(&trace, "causal-order"), Verdict::Broken { .. }));
    assert_eq!(names(&delivered(&trace)[2]), ["N2.1", "N1.1"]);
}

/// CGR, algorithm 3.3: every node sends to all once, also if nobody crashes.
#[test]
fn eager_relays_cost_messages_in_the_square_of_the_nodes() {
    for nodes in 1..=7_u8 {
        let count = |level| run(level, nodes, "at 10 ms request N1 broadcast\n").messages.len();
        let others = usize::from(nodes) - 1;
        assert_eq!(count("best-effort"), others);
        assert_eq!(count("reliable"), others + others * others.saturating_sub(1));
        assert_eq!(count("uniform"), others + others * others, "a relay is an acknowledgement: the sender gets it too");
    }
}

/// A sender that crashes after any of its steps, and the first that receives its message after any of its own: two of five.
fn with_two_crashes(level: &str, test: impl Fn(&Trace)) {
    for first in 0..=8 {
        for second in 0..=8 {
            let script = format!(
                "at 10 ms request N1 broadcast\ncrash during request N1#1 after {first}\n\
                 deliver N1>N2 Data#1 at 15 ms\ncrash during message N1>N2 Data#1 after {second}\n"
            );
            test(&run(level, 5, &script));
        }
    }
}

/// CGR, section 3.3: of the nodes that stay up, all deliver or none, whoever crashes half-way.
#[test]
fn reliable_broadcast_is_all_or_nothing_among_those_that_stay_up() {
    for level in &LEVELS[1..] {
        with_two_crashes(level, |trace| {
            let up = &delivered(trace)[2..];
            assert!(up.iter().all(|list| list.len() == up[0].len()), "{level}");
            assert!(!matches!(verdict(trace, "agreement"), Verdict::NotByTheEnd { .. }), "{level}");
        });
    }
}

/// CGR, section 3.4: what a process delivers that crashes, all correct ones deliver.
#[test]
fn only_uniform_broadcast_owes_what_a_crashed_node_delivered() {
    let owed = |trace: &Trace| delivered(trace)[..2].iter().any(|list| !list.is_empty());
    let missed = |trace: &Trace| owed(trace) && delivered(trace)[2].is_empty();
    with_two_crashes("uniform", |trace| assert!(!missed(trace)));
    let some = core::cell::Cell::new(0);
    with_two_crashes("reliable", |trace| some.set(some.get() + u32::from(missed(trace))));
    assert!(some.get() > 0);
}

/// CGR, algorithm 3.5: nobody delivers before a majority has the message, and nobody needs more.
#[test]
fn uniform_broadcast_delivers_while_a_majority_is_up() {
    for (down, all_deliver) in [("N4 N5", true), ("N3 N4 N5", false)] {
        let crashes: String = down.split(' ').map(|node| format!("at 5 ms crash {node}\n")).collect();
        let trace = run("uniform", 5, &format!("{crashes}at 10 ms request N1 broadcast\n"));
        assert_eq!(delivered(&trace)[..2].iter().all(|list| list.len() == 1), all_deliver, "{down}");
    }
}

/// H&T, section 3: each level is held to its own promises and to no others, and to each of its own.
#[test]
fn each_level_claims_exactly_its_own() {
    let own = [
        ("agreement", [false, true, true, true, true]),
        ("passed-on", [false, true, true, true, true]),
        ("uniform-agreement", [false, false, true, false, false]),
        ("fifo-order", [false, false, false, true, true]),
        ("causal-order", [false, false, false, false, true]),
    ];
    for (place, level) in LEVELS.iter().enumerate() {
        let trace = run(level, 3, "at 10 ms request N1 broadcast\n");
        let properties = trace.specification().properties.iter().enumerate();
        for (property, each) in properties {
            let claimed = own.iter().find(|(id, _)| *id == each.id).is_none_or(|(_, levels)| levels[place]);
            assert_eq!(trace.not_promised(property).is_none(), claimed, "{} of {level}", each.id);
        }
    }
}

/// H&T, section 3.1, integrity: a copy of a message changes nothing, at any level.
#[test]
fn a_message_that_arrives_twice_is_delivered_once() {
    for level in LEVELS {
        let script = "at 10 ms request N1 broadcast\ncopy N1>N2 Data#1.1 at 16 ms\ncopy N1>N2 Data#1.2 at 300 ms\n";
        let trace = run(level, 3, script);
        assert!(delivered(&trace).iter().all(|list| names(list) == ["N1.1"]), "{level}");
    }
}
