//! M. Kleppmann, *Designing Data-Intensive Applications*, 2017, chapter 9, "Sequence Number Ordering".

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::{Scenario, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::PROTOCOLS;
use lightcone_protocols::order::sequence_numbers::{Fact, Number};

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits
        .find(|each| (each.protocol, each.slug) == ("sequence-numbers", slug))
        .expect("it is in the gallery")
        .scenario
}

/// The numbers in the order in which they were given.
fn numbers(trace: &Trace) -> Vec<String> {
    let number = |fact: &Fact| match fact {
        Fact::Numbered { number } => Some(*number),
        Fact::Waits | Fact::HandedOut { .. } => None,
    };
    trace.facts().filter_map(|(_, fact)| number(fact)).map(|number: Number| number.to_string()).collect()
}

fn run(settings: &str, script: &str) -> Trace {
    let text = format!(
        "lightcone 1\nprotocol sequence-numbers 1\n{settings}\nhorizon 400 ms\nlatency 1..1 ms\nscript\n{script}"
    );
    simulate(&decode(&text, PROTOCOLS).expect("a scenario"))
}

/// "If you have two nodes, one node can generate only odd numbers and the other only even numbers."
#[test]
fn one_node_gives_odd_numbers_and_the_other_even_ones() {
    let trace = run(
        "",
        "  at 10 ms request c1 write-at N1\n  at 20 ms request c1 write-at N2\n  at 30 ms request c1 write-at N1\n  at 40 ms request c1 write-at N2",
    );
    assert_eq!(numbers(&trace), ["1", "2", "3", "4"]);
}

/// "One node might process more operations per second than the other": an odd and an even number say nothing of what came first.
#[test]
fn if_one_node_is_busier_its_numbers_run_ahead() {
    assert_eq!(numbers(&simulate(&exhibit("odd-and-even"))), ["1", "3", "5", "2"]);
}

/// "Timestamps from physical clocks are subject to clock skew": the later write has the earlier time.
#[test]
fn a_clock_that_is_behind_gives_an_effect_an_earlier_time() {
    let numbers: Vec<String> = numbers(&simulate(&exhibit("skewed-clock")));
    let millis = |text: &String| text.trim_start_matches('(').split(',').next().and_then(|it| it.parse::<u32>().ok());
    assert!(millis(&numbers[1]) < millis(&numbers[0]), "{numbers:?}");
}

/// "One operation may be given a sequence number in the range from 1,001 to 2,000, and a causally later operation may be given a
/// number in the range from 1 to 1,000."
#[test]
fn a_later_write_gets_a_number_of_an_earlier_block() {
    let script =
        "  at 10 ms request c1 write-at N2\n  at 30 ms request c1 write-at N1\n  at 50 ms request c1 write-at N2";
    assert_eq!(numbers(&run("set generator blocks\nset block 1000", script)), ["1", "1001", "2"]);
}

/// "The leader can simply increment a counter for each operation, and thus assign a monotonically increasing sequence number."
#[test]
fn a_leader_counts_whichever_node_is_asked() {
    let script =
        "  at 10 ms request c1 write-at N2\n  at 30 ms request c1 write-at N1\n  at 50 ms request c1 write-at N2";
    assert_eq!(numbers(&run("set generator leader", script)), ["1", "2", "3"]);
}

/// A write that waits for its number happened before what its node hears of in the meantime: its smaller number is right.
#[test]
fn a_write_happens_when_it_comes_and_not_when_it_gets_its_number() {
    let trace = run(
        "set generator leader\nset clients 2",
        "  at 10 ms request c1 write-at N2\n  at 40 ms request c2 write-at N1\n  at 75 ms request c2 write-at N2\n  deliver N1>N2 Granted#1 at 100 ms",
    );
    assert_eq!(numbers(&trace), ["2", "1", "3"]);
    assert_eq!(trace.first_violation(), None);
}

/// Numbers of duplicate questions come when the node has had later ones: it refuses the smaller ones for good.
#[test]
fn a_number_for_nobody_makes_smaller_ones_too_old() {
    let trace = run(
        "set generator leader\nset clients 2",
        "  at 10 ms request c1 write-at N2\n  copy N2>N1 Ask#1.1 at 15 ms\n  copy N2>N1 Ask#1.2 at 35 ms\n  at 30 ms request c2 write-at N1\n  deliver N1>N2 Granted#2 at 60.5 ms\n  copy c1>N2 Write#1.1 at 60 ms",
    );
    assert_eq!(numbers(&trace), ["1", "3", "5"], "2 is too old after 4, which nobody wanted");
    assert_eq!(trace.first_violation(), None);
}
