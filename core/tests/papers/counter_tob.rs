//! Total order through a counter: M. Kleppmann, *Designing Data-Intensive Applications*, 2017, chapter 9, "Implementing total order
//! broadcast using linearizable storage".

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::protocol::FlawSet;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{EventIndex, NodeId, Scenario, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::total_order::counter::Fact;

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits.find(|each| (each.protocol, each.slug) == ("counter-tob", slug)).expect("it is in the gallery").scenario
}

/// A run of three nodes and the counter, whose links take 10 ms.
fn run(script: &str) -> Trace {
    let head =
        "lightcone 1\nprotocol counter-tob 1\nfaults crash-stop\nlatency 10..10 ms\nhorizon 900 ms\nseed 1\nscript\n";
    simulate(&decode(&format!("{head}{script}"), lightcone_protocols::PROTOCOLS).expect("it can be read"))
}

/// What each node delivers, with its numbers, and at which event.
fn delivered(trace: &Trace) -> Vec<Vec<(String, EventIndex)>> {
    let mut lists = vec![Vec::new(); trace.lanes().len() - 1];
    for (event, fact) in trace.facts() {
        if let (Fact::Delivered { number, item }, Some(node)) = (fact, trace.event(event).node) {
            lists[node.index()].push((format!("{number}: {item}"), event));
        }
    }
    lists
}

fn names(list: &[(String, EventIndex)]) -> Vec<&str> {
    list.iter().map(|(name, _)| name.as_str()).collect()
}

/// The numbers that were given, in the order in which they were.
fn given(trace: &Trace) -> Vec<u32> {
    let given =
        trace.facts().filter_map(|(_, fact)| if let Fact::Given { number, .. } = fact { Some(*number) } else { None });
    given.collect()
}

/// A broadcaster increments and gets the linearizable integer for each message: whoever asks first has the smaller number.
#[test]
fn the_order_is_that_in_which_requests_reach_the_counter() {
    let trace = simulate(&exhibit("numbers-from-a-counter"));
    assert_eq!(given(&trace), [1, 2, 3]);
    let lists = delivered(&trace);
    assert_eq!(names(&lists[0]), ["1: N2.1", "2: N3.1", "3: N1.1"]);
    assert!(lists.iter().all(|list| names(list) == names(&lists[0])));
    // The same with N2's request later than N3's.
    let trace =
        run("at 10 ms request N2 broadcast\nat 10 ms request N3 broadcast\ndeliver N2>C Increment#1 at 40 ms\n");
    assert!(delivered(&trace).iter().all(|list| names(list) == ["1: N3.1", "2: N2.1"]));
}

/// The numbers that the register gives form a sequence without gaps, which Lamport timestamps do not.
#[test]
fn the_numbers_form_a_sequence_with_no_gaps() {
    let script: String =
        (0..30).map(|each| format!("at {} ms request N{} broadcast\n", 5 + 7 * each, each % 3 + 1)).collect();
    let trace = run(&script);
    assert_eq!(given(&trace), (1..=30).collect::<Vec<_>>());
    assert!(delivered(&trace).iter().all(|list| list.len() == 30));
}

/// The book's own numbers: a node that has delivered 4 and receives 6 knows that it must wait for 5.
#[test]
fn a_node_that_has_delivered_4_and_receives_6_waits_for_5() {
    let script: String = (0..6).map(|each| format!("at {} ms request N1 broadcast\n", 10 + 30 * each)).collect();
    let trace = run(&format!("{script}deliver N1>N3 Numbered#5 at 400 ms\n"));
    let lists = delivered(&trace);
    let numbered = |number: u16| {
        let message = trace
            .messages
            .iter()
            .find(|each| (each.id.to, each.id.ordinal, trace.kind(each.id).name) == (NodeId(2), number, "Numbered"));
        match message.expect("N1 sends it to N3").fate {
            lightcone_engine::run::trace::Fate::Delivered(event) => event,
            other => panic!("{number}: {other:?}"),
        }
    };
    let when = |number: usize| lists[2][number - 1].1;
    assert_eq!((when(4), when(5), when(6)), (numbered(4), numbered(5), numbered(5)), "6 is delivered right after 5");
    assert!(numbered(6) < numbered(5));
    let waits = trace.conditions.iter().find(|change| change.begins.is_some() && change.event == numbered(6));
    let phrase = waits.expect("6 is held back").condition.phrase;
    assert_eq!(phrase.show(|_| String::new()), "number 6 waits for 5");
}

/// A counter on one machine is easy to keep as long as nothing fails: a number that its node never sends stops all, and so does the counter's holder.
#[test]
fn a_node_that_stops_with_a_number_stops_all_and_so_does_the_counter() {
    for (slug, delivers) in [("node-stops-with-a-number", 0), ("counter-holder-crashes", 1)] {
        let trace = simulate(&exhibit(slug));
        for list in &delivered(&trace)[1..] {
            assert_eq!(list.len(), delivers, "{slug}");
        }
        assert!(matches!(trace.verdicts[3], Verdict::Untested { .. }), "{slug}: {:?}", trace.verdicts[3]);
    }
    // A node that stops without a number stops nobody.
    let trace = run("at 10 ms request N2 broadcast\nat 15 ms crash N1\nat 30 ms request N3 broadcast\n");
    assert!(delivered(&trace)[1..].iter().all(|list| names(list) == ["1: N2.1", "2: N3.1"]));
    assert!(matches!(trace.verdicts[3], Verdict::Holds { .. }));
}

/// Reliable delivery is owed again as soon as no number is lost: a number that is only late is no excuse.
#[test]
fn who_has_its_number_and_runs_must_have_sent_it_by_the_end() {
    let trace = run("at 10 ms request N1 broadcast\nat 15 ms request N2 broadcast\ndeliver C>N1 Value#1 at 2000 ms\n");
    assert!(matches!(trace.verdicts[3], Verdict::NotByTheEnd { .. }));
}

/// The atomic operation is what it takes: reads and writes of the same counter give one number twice.
#[test]
fn reads_and_writes_are_no_increment_and_get() {
    let mut scenario = exhibit("read-then-write");
    let trace = simulate(&scenario);
    assert_eq!(given(&trace), [1, 1]);
    scenario.settings.flaws = FlawSet::default();
    assert_eq!(given(&simulate(&scenario)), [1, 2]);
}
