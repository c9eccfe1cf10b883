//! Agreed priorities. K. Birman & T. Joseph, *Reliable Communication in the Presence of Failures*, ACM TOCS 1987 (ABCAST); G. Coulouris,
//! J. Dollimore, T. Kindberg & G. Blair, *Distributed Systems*, 5th edition, section 15.4.3; R. Guerraoui & A. Schiper, *Genuine Atomic
//! Multicast in Asynchronous Distributed Systems*, TCS 2001.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{NodeSet, Scenario, Trace, simulate};
use lightcone_protocols::parts::broadcast::Item;
use lightcone_protocols::total_order::skeen::{Fact, Message, Priority};
use lightcone_tests::common::for_seeds_of;
use lightcone_tests::common::schedule::{Recipe, draw};
use lightcone_tests::count::share;
use std::collections::{BTreeMap, BTreeSet};

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits.find(|each| (each.protocol, each.slug) == ("skeen", slug)).expect("it is in the gallery").scenario
}

/// The same run without its flaw.
fn right(slug: &str) -> Trace {
    let mut scenario = exhibit(slug);
    scenario.settings.flaws = FlawSet::default();
    simulate(&scenario)
}

/// What each node delivers, with the priorities.
fn delivered(trace: &Trace) -> Vec<Vec<(Item, Priority)>> {
    let mut lists = vec![Vec::new(); trace.lanes().len()];
    for (event, fact) in trace.facts() {
        if let (Fact::Delivered { item, priority }, Some(node)) = (fact, trace.event(event).node) {
            lists[node.index()].push((*item, *priority));
        }
    }
    lists
}

/// The same in words: "2.1: N2.1".
fn names(trace: &Trace) -> Vec<Vec<String>> {
    let names = |list: Vec<(Item, Priority)>| list.iter().map(|(item, by)| format!("{by}: {item}")).collect();
    delivered(trace).into_iter().map(names).collect()
}

/// The final priorities.
fn finals(trace: &Trace) -> BTreeMap<Item, Priority> {
    let agreed = trace.facts().filter_map(|(_, fact)| match fact {
        Fact::Agreed { item, priority } => Some((*item, *priority)),
        _ => None,
    });
    agreed.collect()
}

/// Random schedules without flaws, inside the fault model.
fn in_random_runs(test: impl Fn(&Trace)) {
    let family = lightcone_protocols::by_id("skeen").expect("it is registered");
    let recipe = Recipe { requests: 16, ..Recipe::default() };
    for_seeds_of(family, share(600), |rng| test(&simulate(&draw(family, &recipe, rng))));
}

/// What the messages of a run say, with their senders and receivers.
fn sent(trace: &Trace) -> impl Iterator<Item = (&lightcone_engine::run::trace::Message, &Message)> {
    trace.messages.iter().map(|each| (each, each.payload.as_any().downcast_ref().expect("it is a message of Skeen")))
}

/// Coulouris et al.: each process proposes max(agreed, proposed) + 1; the sender selects the largest; the receivers reorder.
#[test]
fn the_largest_proposal_is_final_and_reorders_the_queue() {
    let trace = simulate(&exhibit("priorities-settle"));
    let proposals: BTreeSet<String> = sent(&trace)
        .filter(|(_, message)| matches!(message, Message::Proposed { .. }))
        .map(|(_, message)| message.to_string())
        .collect();
    let said = ["N1.1 proposed 2.2", "N1.1 proposed 2.3", "N2.1 proposed 1.3", "N2.1 proposed 2.1"];
    assert_eq!(proposals, said.map(String::from).into());
    for list in names(&trace) {
        assert_eq!(list, ["2.1: N2.1", "2.3: N1.1"]);
    }
    let moved: Vec<_> = trace
        .facts()
        .filter_map(|(event, fact)| match fact {
            Fact::Settled { item, moved: true } => Some((trace.event(event).node?.0, item.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(moved, [(0, "N1.1".into())], "only N1 had N1.1 first");
}

/// Coulouris et al.: only what is at the front of the hold-back queue is delivered, even if what stands behind it is agreed.
#[test]
fn a_final_message_waits_for_an_open_one_before_it() {
    let trace = simulate(&exhibit("final-waits"));
    let late = sent(&trace).find(|(_, message)| message.to_string() == "N2.1 proposed 1.3").expect("N3 proposes").0;
    let lightcone_engine::run::trace::Fate::Delivered(arrival) = late.fate else { panic!("it arrives") };
    let first =
        trace.facts().find(|(_, fact)| matches!(fact, Fact::Delivered { .. })).expect("something is delivered").0;
    assert_eq!(first, arrival, "nothing is delivered before N3's proposal is there");
    let waiting = trace.conditions.iter().filter(|change| change.begins.is_some());
    let phrases = waiting.map(|change| change.condition.phrase.show(|node| format!("N{}", node.0 + 1)));
    assert_eq!(phrases.filter(|phrase| phrase == "N1.1 waits for N2.1").count(), 3, "at every node");
}

/// Birman & Joseph: a final priority is unique, and at least as large as each proposal; all deliver in the order of final priorities.
#[test]
fn every_node_delivers_in_the_order_of_final_priorities() {
    in_random_runs(|trace| {
        let finals = finals(trace);
        let different: BTreeSet<Priority> = finals.values().copied().collect();
        assert_eq!(different.len(), finals.len(), "no two are alike");
        for (_, message) in sent(trace) {
            if let Message::Proposed { item, priority } = message {
                assert!(finals.get(item).is_none_or(|last| last >= priority));
            }
        }
        for list in delivered(trace) {
            assert!(list.is_sorted_by(|(_, one), (_, next)| one < next));
            assert!(list.iter().all(|(item, by)| finals.get(item) == Some(by)));
        }
    });
}

/// Guerraoui & Schiper, genuineness: only the sender of a message and those to whom it goes take part.
#[test]
fn who_is_not_concerned_has_no_work() {
    in_random_runs(|trace| {
        let mut concerns: BTreeMap<Item, NodeSet> = BTreeMap::new();
        for (_, fact) in trace.facts() {
            if let Fact::Multicast { item, to } = fact {
                let mut all = to.0;
                all.insert(item.0.node);
                concerns.insert(*item, all);
            }
        }
        for (each, message) in sent(trace) {
            let (Message::Multicast { item, .. } | Message::Proposed { item, .. } | Message::Final { item, .. }) =
                message;
            assert!(concerns[item].contains(each.id.from) && concerns[item].contains(each.id.to));
        }
    });
}

/// Guerraoui & Schiper: pairwise order is weaker than acyclic order, and shows only with overlapping groups.
#[test]
fn a_cycle_of_three_groups_keeps_pairwise_order() {
    let wrong = simulate(&exhibit("proposed-used"));
    assert!(matches!(wrong.verdicts[0], Verdict::Holds { .. }) && matches!(wrong.verdicts[1], Verdict::Broken { .. }));
    let firsts: Vec<String> = delivered(&wrong).iter().map(|list| list[0].0.to_string()).collect();
    assert_eq!(firsts, ["N1.1", "N2.1", "N3.1"]);
    let trace = right("proposed-used");
    assert_eq!(names(&trace), [["2.1: N3.1", "2.2: N1.1"], ["2.2: N1.1", "2.3: N2.1"], ["2.1: N3.1", "2.3: N2.1"]]);
    assert!(trace.verdicts.iter().all(|verdict| matches!(verdict, Verdict::Holds { .. })));
}

/// Lamport's rule for clocks in it: who hears a number goes beyond it.
#[test]
fn who_hears_a_final_priority_proposes_larger_ones() {
    let proposes = |trace: &Trace| {
        let of_n1 = sent(trace).filter(|(each, _)| each.id.from.0 == 0);
        of_n1.map(|(_, message)| message.to_string()).find(|message| message.contains("proposed")).expect("N1 proposes")
    };
    assert_eq!(proposes(&simulate(&exhibit("clock-not-raised"))), "N2.1 proposed 2.1");
    assert_eq!(proposes(&right("clock-not-raised")), "N2.1 proposed 3.1");
}

/// Coulouris et al.: process identifiers make priorities unique, or two messages may have the same.
#[test]
fn of_equal_numbers_the_smaller_node_is_first() {
    for list in names(&right("ties-left-open")) {
        assert_eq!(list, ["2.1: N2.1", "2.2: N1.1"]);
    }
}

/// Birman & Joseph: if the sender fails, a receiver must end the protocol. Nobody does here, so all wait.
#[test]
fn a_sender_that_stops_blocks_what_comes_after() {
    assert!(delivered(&simulate(&exhibit("sender-crashes"))).iter().all(Vec::is_empty));
    let halfway: Vec<usize> = delivered(&simulate(&exhibit("sender-crashes-halfway"))).iter().map(Vec::len).collect();
    assert_eq!(halfway, [0, 2, 0], "what N2 knows would free N3");
}
