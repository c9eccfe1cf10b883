//! test&set and reset (H. Attiya & J. Welch, *Distributed Computing*, 2004, chapter 4) on servers of which some cannot be
//! reached (Davidson, Garcia-Molina & Skeen 1985; Thomas 1979).

use lightcone_engine::id::NodeId;
use lightcone_engine::{Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::PROTOCOLS;
use lightcone_protocols::replication::test_and_set::Fact;

fn run(settings: &str, script: &str) -> Trace {
    let lines: String = script.lines().map(|line| format!("  {}\n", line.trim())).collect();
    let text =
        format!("lightcone 1\nprotocol test-and-set 1\n{settings}\nhorizon 400 ms\nlatency 10..10 ms\nscript\n{lines}");
    simulate(&decode(&text, PROTOCOLS).expect("a scenario"))
}

/// Who gets the lock, in order.
fn winners(trace: &Trace) -> Vec<String> {
    let acquired = trace.facts::<Fact>().filter(|(_, fact)| **fact == Fact::Acquired);
    acquired.filter_map(|(event, _)| trace.event(event).node).map(|node: NodeId| trace.name(node)).collect()
}

/// Everything that servers do with their bits, in order.
fn bits(trace: &Trace) -> Vec<String> {
    let text = |fact: &Fact| match fact {
        Fact::Set { client } => Some(format!("set for {}", trace.name(*client))),
        Fact::Cleared { client } => Some(format!("cleared by {}", trace.name(*client))),
        Fact::Acquired | Fact::GaveUp { .. } => None,
    };
    trace.facts().filter_map(|(_, fact)| text(fact)).collect()
}

/// "test&set(V): temp := V; V := 1; return(temp)": of all callers one is told 0.
#[test]
fn one_server_says_0_to_the_first_client_and_1_to_all_others() {
    let ask = "at 10 ms request c1 test-and-set\nat 10 ms request c2 test-and-set\nat 11 ms request c3 test-and-set";
    for policy in ["all", "any-reachable", "majority"] {
        let trace = run(&format!("set servers 1\nset clients 3\nset policy {policy}"), ask);
        assert_eq!(winners(&trace), ["c1"], "{policy}");
        assert_eq!(bits(&trace), ["set for c1"], "{policy}");
    }
}

/// "reset(V): V := 0": the bit can be set again.
#[test]
fn what_a_client_gives_up_another_can_have() {
    let script = "at 10 ms request c1 test-and-set
        drop N1>c1 WasFree#1
        at 100 ms request c2 test-and-set";
    let trace = run("set servers 1", script);
    assert_eq!(bits(&trace), ["set for c1", "cleared by c1", "set for c2"]);
    assert_eq!(winners(&trace), ["c2"]);
}

/// A client that asks again is told what it was told: to ask twice does no harm.
#[test]
fn a_server_says_yes_again_to_the_client_for_which_it_is_set() {
    let script = "at 10 ms request c1 test-and-set
        drop N1>c1 WasFree#1
        drop N2>c1 WasFree#1";
    let trace = run("set policy all", script);
    assert_eq!(winners(&trace), ["c1"]);
    assert_eq!(bits(&trace), ["set for c1", "set for c1"]);
}

/// Partitioned halves that both go on diverge; if each waits for the other, none goes on.
#[test]
fn in_a_partition_two_servers_can_be_safe_or_available() {
    let script = "at 5 ms cut N1 c1 | N2 c2
        at 10 ms request c1 test-and-set
        at 10 ms request c2 test-and-set";
    assert_eq!(winners(&run("set policy any-reachable", script)), ["c1", "c2"]);
    for policy in ["all", "majority"] {
        assert_eq!(winners(&run(&format!("set policy {policy}"), script)), [""; 0], "{policy}");
    }
}

/// Thomas: "two majorities have at least one member in common", so of all the parts of a network one at most goes on.
#[test]
fn of_two_parts_the_one_with_a_majority_goes_on() {
    let script = "at 5 ms cut N1 N2 c1 | N3 N4 N5 c2
        at 10 ms request c1 test-and-set
        at 10 ms request c2 test-and-set";
    assert_eq!(winners(&run("set servers 5", script)), ["c2"]);
}

/// A majority goes on while less than half is down; a client that needs all does not.
#[test]
fn one_crash_of_three_stops_only_who_needs_all() {
    let script = "at 5 ms crash N2\nat 10 ms request c1 test-and-set";
    for (policy, winner) in [("all", vec![]), ("any-reachable", vec!["c1"]), ("majority", vec!["c1"])] {
        assert_eq!(winners(&run(&format!("set servers 3\nset policy {policy}"), script)), winner, "{policy}");
    }
}

/// What is saved before it is said survives: the winner has the lock, and the servers know it.
#[test]
fn after_a_restart_of_everybody_the_winner_has_the_lock() {
    let all = ["N1", "N2", "c1", "c2"];
    let restarts = all.map(|node| format!("at 60 ms crash {node}\nat 70 ms restart {node}")).join("\n");
    let script = format!(
        "at 10 ms request c1 test-and-set\n{restarts}\nat 80 ms request c2 test-and-set\nat 200 ms request c1 test-and-set"
    );
    let trace = run("", &script);
    assert_eq!(winners(&trace), ["c1", "c1"], "c2 is refused, and c1 is told again");
    assert!(bits(&trace).len() == 2, "{:?}", bits(&trace));
}

/// A reset of an attempt that is over clears nothing that was set since.
#[test]
fn a_late_reset_clears_nothing_of_a_later_attempt() {
    let script = "at 10 ms request c1 test-and-set
        drop c1>N1 TestAndSet#1
        deliver c1>N1 Reset#1 at 150 ms
        at 100 ms request c1 test-and-set";
    let trace = run("set servers 1", script);
    assert_eq!(winners(&trace), ["c1"]);
    assert_eq!(bits(&trace), ["set for c1"]);
}
