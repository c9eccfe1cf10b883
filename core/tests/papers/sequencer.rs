//! Total order through a sequencer. How it works: J.-M. Chang & N. F. Maxemchuk, *Reliable Broadcast Protocols*, ACM TOCS 1984.
//! What is promised: V. Hadzilacos & S. Toueg, *A Modular Approach to Fault-Tolerant Broadcasts and Related Problems*, 1994, and
//! Cachin, Guerraoui & Rodrigues 2011, chapter 6.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::ConditionKind;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Action, Edit, NodeId, Scenario, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::parts::broadcast::Item;
use lightcone_protocols::total_order::sequencer::Fact;
use lightcone_tests::common::for_seeds_of;
use lightcone_tests::common::schedule::{Recipe, draw};
use lightcone_tests::count::share;
use std::collections::BTreeSet;

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits.find(|each| (each.protocol, each.slug) == ("sequencer", slug)).expect("it is in the gallery").scenario
}

/// A run of three nodes whose links take 10 ms.
fn run(script: &str) -> Trace {
    let head = "lightcone 1\nprotocol sequencer 2\nfaults crash-stop\nlatency 10..10 ms\nhorizon 900 ms\nscript\n";
    simulate(&decode(&format!("{head}{script}"), lightcone_protocols::PROTOCOLS).expect("it can be read"))
}

/// What each node delivers, with its numbers.
fn delivered(trace: &Trace) -> Vec<Vec<(u32, Item)>> {
    let mut lists = vec![Vec::new(); trace.lanes().iter().filter(|lane| !lane.client).count()];
    for (event, fact) in trace.facts() {
        if let (Fact::Delivered { number, item }, Some(node)) = (fact, trace.event(event).node) {
            lists[node.index()].push((*number, *item));
        }
    }
    lists
}

fn names(list: &[(u32, Item)]) -> Vec<String> {
    list.iter().map(|(number, item)| format!("{number}: {item}")).collect()
}

/// Who becomes the sequencer, of which epoch.
fn sequencers(trace: &Trace) -> Vec<(NodeId, u32)> {
    let leads = trace.facts().filter_map(|(event, fact)| match fact {
        Fact::Leads { epoch } => Some((trace.event(event).node?, *epoch)),
        _ => None,
    });
    leads.collect()
}

/// Random schedules without flaws, inside the fault model.
fn in_random_runs(test: impl Fn(&Trace)) {
    let family = lightcone_protocols::by_id("sequencer").expect("it is registered");
    let recipe = Recipe { requests: 16, ..Recipe::default() };
    for_seeds_of(family, share(800), |rng| test(&simulate(&draw(family, &recipe, rng))));
}

/// Chang & Maxemchuk: the messages that one site acknowledges get numbers, and all receivers use them in that order.
#[test]
fn the_order_is_that_in_which_messages_reach_the_sequencer() {
    let mut scenario = exhibit("one-leader");
    let trace = simulate(&scenario);
    for list in delivered(&trace) {
        assert_eq!(names(&list), ["1: N2.1", "2: N3.1", "3: N1.1"]);
    }
    // N2's message reaches it later than N3's.
    let submit = trace.messages.iter().find(|message| message.id.from == NodeId(1)).expect("N2 submits").id;
    scenario.script.push(Edit::Deliver { message: submit, at: Time::from_millis(40) });
    for list in delivered(&simulate(&scenario)) {
        assert_eq!(names(&list)[..2], ["1: N3.1", "2: N2.1"]);
    }
}

/// Chang & Maxemchuk: a receiver finds out by a gap in the numbers that it has missed a message, and asks for it.
#[test]
fn a_gap_in_the_numbers_tells_a_receiver_what_it_misses() {
    let trace = simulate(&exhibit("asks-for-what-it-misses"));
    let held = trace.conditions.iter().find(|change| change.condition.what == ConditionKind::HeldBack);
    let held = held.expect("something is held back");
    assert_eq!((held.node, held.condition.phrase.show(|_| String::new()).as_str()), (NodeId(2), "2 waits for 1"));
    let asks = trace.messages.iter().find(|message| trace.kind(message.id).name == "Missing").expect("it asks");
    assert_eq!((asks.sent_by, asks.payload.label().as_str()), (held.event, "Where is 1? Epoch 1"));
    assert_eq!(names(&delivered(&trace)[2]), ["1: N1.1", "2: N2.1"]);
}

/// The same without its question: it waits for ever, and delivers nothing out of order.
#[test]
fn who_does_not_ask_waits_for_ever() {
    let mut scenario = exhibit("asks-for-what-it-misses");
    scenario.settings.parameters[1] = 0;
    let lists = delivered(&simulate(&scenario));
    assert_eq!((lists[1].len(), lists[2].len()), (2, 0));
}

/// Chang & Maxemchuk, the resiliency test: the new token site has all messages that were committed.
#[test]
fn what_was_delivered_keeps_its_number_although_only_a_stopped_node_delivered_it() {
    let trace = simulate(&exhibit("promoted-after-a-crash"));
    let lists = delivered(&trace);
    assert_eq!(names(&lists[0]), ["1: N2.1", "2: N2.2"], "N1 delivers 2 and stops");
    assert_eq!(sequencers(&trace), [(NodeId(2), 3)]);
    for list in &lists[1..] {
        assert_eq!(names(list), ["1: N2.1", "2: N2.2", "3: N3.1"]);
    }
}

/// Chang & Maxemchuk, the majority test: a list of less than half of the sites is not valid.
#[test]
fn without_a_majority_nobody_becomes_the_sequencer() {
    let trace = run(
        "at 1 ms crash N1\nat 2 ms crash N3\nat 10 ms request operator promote N2\nat 20 ms request N2 broadcast\n",
    );
    assert_eq!(sequencers(&trace), []);
    assert_eq!(delivered(&trace), vec![vec![]; 3]);
}

/// Chang & Maxemchuk, the sequence test: a site that has joined a list joins no earlier one.
#[test]
fn who_follows_into_an_epoch_refuses_what_is_of_an_earlier_one() {
    let trace = simulate(&exhibit("operator-promotes-too-early"));
    let ignores =
        |event| trace.deeds(event).iter().any(|deed| matches!(deed, lightcone_engine::run::trace::Deed::Ignored(_)));
    let old = trace.messages.iter().filter(|message| message.payload.label() == "1: N1.1, epoch 1");
    let fates: Vec<_> = old.map(|message| message.fate).collect();
    assert_eq!(fates.len(), 2);
    for fate in fates {
        assert!(matches!(fate, lightcone_engine::run::trace::Fate::Delivered(event) if ignores(event)));
    }
    for list in delivered(&trace) {
        assert_eq!(names(&list), ["1: N2.1", "2: N1.1"]);
    }
    // Of two that are promoted at once, whoever has the later epoch wins in the end.
    let trace = run(
        "at 10 ms request operator promote N2\nat 11 ms request operator promote N3\nat 200 ms request N1 broadcast\n",
    );
    assert_eq!(sequencers(&trace).last(), Some(&(NodeId(2), 3)));
    assert!(delivered(&trace).iter().all(|list| list.len() == 1));
}

/// Hadzilacos & Toueg, section 3.1, integrity: every process delivers a message at most once, and only if some process broadcast it.
#[test]
fn integrity_each_is_delivered_once_and_was_broadcast() {
    in_random_runs(|trace| {
        let broadcast: BTreeSet<Item> = trace
            .facts()
            .filter_map(|(_, fact)| if let Fact::Broadcast { item } = fact { Some(*item) } else { None })
            .collect();
        for list in delivered(trace) {
            let once: BTreeSet<Item> = list.iter().map(|(_, item)| *item).collect();
            assert_eq!(once.len(), list.len());
            assert!(once.is_subset(&broadcast));
        }
    });
}

/// Hadzilacos & Toueg, section 3.4, total order: of two messages that two processes deliver, both deliver the same first.
/// Also of those that stop later (uniform).
#[test]
fn total_order_of_two_messages_all_deliver_the_same_first() {
    in_random_runs(|trace| {
        let lists = delivered(trace);
        for (one, other) in lists.iter().flat_map(|one| lists.iter().map(move |other| (one, other))) {
            let place = |item: &Item| other.iter().position(|(_, each)| each == item);
            let places: Vec<usize> = one.iter().filter_map(|(_, item)| place(item)).collect();
            assert!(places.is_sorted());
        }
    });
}

/// The numbers are what the order comes from: nobody leaves one out.
#[test]
fn every_node_delivers_the_numbers_one_after_another() {
    in_random_runs(|trace| {
        for list in delivered(trace) {
            assert!(list.iter().map(|(number, _)| *number).eq(1..=list.len() as u32));
        }
    });
}

/// Hadzilacos & Toueg, section 3.5: atomic broadcast need not keep the order in which one process broadcasts.
#[test]
fn total_order_is_not_fifo_order() {
    let trace = run("at 10 ms request N2 broadcast\nat 12 ms request N2 broadcast\ndeliver N2>N1 Submit#1 at 50 ms\n");
    for list in delivered(&trace) {
        assert_eq!(names(&list), ["1: N2.2", "2: N2.1"]);
    }
    assert_eq!(trace.first_violation(), None);
}

/// Hadzilacos & Toueg, section 3.1, validity and agreement: here only while the sequencer lives.
#[test]
fn when_the_sequencer_stops_delivery_stops_until_the_operator_acts() {
    let mut scenario = exhibit("leader-crashes");
    let lengths = |scenario: &Scenario| delivered(&simulate(scenario)).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(&scenario), [2, 1, 1], "N1 has delivered 2, and nobody else may");
    let operation = lightcone_engine::operation::Operation::Command { verb: 1, argument: 1 };
    let promote = Action::Request { node: NodeId(3), operation };
    scenario.script.push(Edit::At { at: Time::from_millis(150), action: promote });
    scenario.horizon = Time::from_millis(600);
    assert_eq!(lengths(&scenario), [2, 3, 3]);
}

/// Not in the paper, whose sites decide themselves: an order is obeyed once, however often it comes, and never after a later
/// one; and it is answered.
#[test]
fn an_order_of_the_operator_is_obeyed_once_and_answered() {
    let order = "at 10 ms request operator promote N2\n";
    let copy = run(&format!("{order}copy operator>N2 Promote#1.1 at 300 ms\n"));
    assert_eq!(sequencers(&copy), [(NodeId(1), 2)]);
    // N3 leads before the first order reaches N2: it is late, not wrong, and N2 takes over in its next epoch.
    let late = run(&format!("{order}at 20 ms request operator promote N3\ndeliver operator>N2 Promote#1 at 200 ms\n"));
    assert_eq!(sequencers(&late), [(NodeId(2), 3), (NodeId(1), 5)]);
    // The later of two orders to one node comes first.
    let turned =
        run(&format!("{order}at 20 ms request operator promote N2\ndeliver operator>N2 Promote#1 at 200 ms\n"));
    assert_eq!(sequencers(&turned), [(NodeId(1), 2)]);
    let answers = |trace: &Trace| -> Vec<Answer> {
        let deeds = trace.deeds.iter().filter_map(|deed| match deed {
            Deed::Replied(_, answer) => Some(*answer),
            _ => None,
        });
        deeds.collect()
    };
    assert_eq!(answers(&late), [Answer::Done, Answer::Done]);
    // N3 calls the others into epoch 3 before a majority follows N2 into epoch 2.
    let rivals = run(&format!("{order}at 11 ms request operator promote N3\n"));
    assert_eq!(answers(&rivals), [Answer::Refused, Answer::Done]);
    let lost = run(&format!("{order}drop operator>N2 Promote#1\n"));
    assert_eq!((sequencers(&lost), answers(&lost)), (vec![], vec![]), "an order is given once");
}
