//! Parker et al. 1983, *Detection of Mutual Inconsistency in Distributed Systems*; Preguiça et al. 2010, *Dotted Version Vectors*;
//! Almeida et al. 2014, *Scalable and Accurate Causality Tracking for Eventually Consistent Stores*.

use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::{NodeId, Scenario, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::PROTOCOLS;
use lightcone_protocols::order::version_vectors::{Dot, Fact, Vector};

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery(ALL).into_iter();
    exhibits
        .find(|each| (each.protocol, each.slug) == ("version-vectors", slug))
        .expect("it is in the gallery")
        .scenario
}

fn run(settings: &str, script: &[&str]) -> Trace {
    let script: Vec<String> = script.iter().map(|line| format!("  at {line}\n")).collect();
    let script = script.concat();
    let text = format!(
        "lightcone 1\nprotocol version-vectors 1\n{settings}\nhorizon 400 ms\nlatency 1..1 ms\nscript\n{script}"
    );
    simulate(&decode(&text, PROTOCOLS).expect("a scenario"))
}

/// What clients are shown, in order: the values after each of their questions.
fn shown(trace: &Trace) -> Vec<Vec<i32>> {
    let values = |fact: &Fact| match fact {
        Fact::Saw { values, .. } => Some(values.iter().map(|(_, value)| *value).collect()),
        _ => None,
    };
    trace.facts().filter_map(|(_, fact)| values(fact)).collect()
}

/// The dots or stamps of writes, in the order in which replicas took them.
fn dots(trace: &Trace) -> Vec<String> {
    let dot = |fact: &Fact| match fact {
        Fact::Stored { dot, .. } => Some(dot.to_string()),
        _ => None,
    };
    trace.facts().filter_map(|(_, fact)| dot(fact)).collect()
}

/// Parker et al.: vectors are compatible when one of them is at least as large as the others in every component; else they
/// conflict.
#[test]
fn two_vectors_conflict_if_neither_is_at_least_the_other_in_every_place() {
    let [old, left, right] = [[1, 0], [2, 0], [1, 1]].map(|counters| Vector(counters.to_vec()));
    assert!(left.covers(&old) && right.covers(&old) && !old.covers(&left));
    assert!(!left.covers(&right) && !right.covers(&left));
    let mut both = left.clone();
    both.join(&right);
    assert_eq!(both.to_string(), "2 · 1");
    assert!(both.covers(&left) && both.covers(&right));
}

/// Parker et al.: after a conflict is reconciled, the new version dominates both.
#[test]
fn a_write_that_has_seen_both_values_replaces_both() {
    let shown = shown(&simulate(&exhibit("concurrent-writes")));
    assert_eq!(shown, [vec![1], vec![2], vec![1, 2], vec![3]]);
}

/// Preguiça et al.: a vector with one entry a server cannot track two clients that write through one server. A server that keeps
/// siblings under one vector keeps them all: they grow with each write.
#[test]
fn with_one_vector_siblings_grow_with_each_write() {
    let most = shown(&simulate(&exhibit("sibling-explosion"))).iter().map(Vec::len).max();
    assert_eq!(most, Some(6));
}

/// Preguiça et al.: a dot identifies the write, and the context what it has seen.
#[test]
fn with_dots_the_same_writes_never_make_more_than_two_siblings() {
    let trace = simulate(&exhibit("sibling-explosion-ends"));
    assert_eq!(shown(&trace), [vec![1], vec![1, 2], vec![2, 3], vec![3, 4], vec![4, 5], vec![5, 6]]);
    assert_eq!(dots(&trace), ["(N1, 1)", "(N1, 2)", "(N1, 3)", "(N1, 4)", "(N1, 5)", "(N1, 6)"]);
}

/// Preguiça et al.: a dot need not follow its context: (N1, 3) may have seen only (N1, 1). Then it replaces (N1, 1), not (N1, 2).
#[test]
fn a_context_knows_a_dot_and_not_the_next() {
    let context = Vector(vec![1, 0]);
    let dot = |counter| Dot { counter, replica: NodeId(0) };
    assert!(context.knows(dot(1)) && !context.knows(dot(2)));
    let script = [
        "1 ms request c2 go-to N1",
        "10 ms request c1 write x 1",
        "20 ms request c2 write x 2",
        "30 ms request c1 write x 3",
        "40 ms request c2 read x",
    ];
    assert_eq!(shown(&run("set resolution dotted", &script)).last(), Some(&vec![2, 3]));
}

/// Almeida et al.: servers exchange whole states, and values that either side has replaced do not come back.
#[test]
fn a_value_that_one_replica_has_replaced_does_not_come_back_from_another() {
    let script = [
        "10 ms request c1 write x 1",
        "20 ms cut N1 | N2",
        "30 ms request c1 write x 2",
        "40 ms heal N1 | N2",
        "300 ms request c1 read x",
        "300 ms request c2 read x",
    ];
    let shown = shown(&run("set resolution dotted\nset anti-entropy 50 ms", &script));
    assert_eq!(shown, [vec![1], vec![2], vec![2], vec![2]]);
}

/// Almeida et al.: last writer wins orders concurrent writes by a timestamp, and drops the one with the smaller one.
#[test]
fn the_later_write_loses_to_a_clock_that_is_ahead() {
    let trace = simulate(&exhibit("skewed-clock-wins"));
    assert_eq!(shown(&trace), [vec![2], vec![2]]);
    assert_eq!(dots(&trace), ["(N2, 78)", "(N1, 60)"]);
}
