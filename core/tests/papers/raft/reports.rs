//! What implementations got wrong, by public reports: each rule of the paper that was left out, with and without.

use super::{answers, at, elections, exhibit, messages, run, without_flaws};
use lightcone_engine::operation::Answer;
use lightcone_engine::{NodeId, Time, Trace, simulate};
use lightcone_protocols::consensus::raft::{Fact, Message};

/// The entries that are deleted, anywhere.
fn deletes(trace: &Trace) -> Vec<(u32, u32)> {
    let deletes = trace.facts::<Fact>().filter_map(|(_, fact)| match *fact {
        Fact::Deletes { first, last } => Some((first, last)),
        _ => None,
    });
    deletes.collect()
}

/// Figure 2: "set commitIndex = min(leaderCommit, index of last new entry)", for a heartbeat too. etcd says it at the sender:
/// "The leader MUST NOT forward the follower's commit to an unmatched index."
#[test]
fn a_heartbeat_commits_no_entry_that_the_leader_has_not_compared() {
    let bounded = simulate(&without_flaws("heartbeat-commits-stale-tail"));
    let stale = at(&bounded, 0, 200);
    assert_eq!((stale.commit, stale.stable.log.term(1)), (0, Some(1)), "it is in doubt still");
    assert_eq!((at(&bounded, 1, 200).commit, at(&bounded, 1, 200).stable.log.term(1)), (1, Some(2)));
    let unbounded = simulate(&exhibit("heartbeat-commits-stale-tail"));
    assert_eq!(at(&unbounded, 0, 200).commit, 1, "its own x = 1");
}

/// §5.2: "Each server will vote for at most one candidate in a given term", whatever it becomes in that term.
#[test]
fn a_leader_that_steps_down_within_its_term_keeps_its_vote() {
    let kept = simulate(&without_flaws("vote-cleared-on-step-down"));
    assert_eq!((elections(&kept), at(&kept, 0, 260).stable.vote), (vec![NodeId(0)], Some(NodeId(0))));
    let cleared = simulate(&exhibit("vote-cleared-on-step-down"));
    assert_eq!((elections(&cleared), at(&cleared, 0, 260).stable.vote), (vec![NodeId(0), NodeId(2)], Some(NodeId(2))));
    assert_eq!(at(&cleared, 2, 255).stable.term, at(&cleared, 0, 200).stable.term);
}

/// Dissertation §10.2.1: a leader may send an entry before it is on its own disk, and commit it then if a majority of the
/// others has it; but itself it must not count.
#[test]
fn a_leader_that_counts_itself_has_the_entry_on_disk() {
    let saved = simulate(&without_flaws("leader-counts-itself-before-saving"));
    assert_eq!((at(&saved, 0, 95).stable.log.last_index(), elections(&saved).len()), (1, 1));
    let lost = simulate(&exhibit("leader-counts-itself-before-saving"));
    assert_eq!(at(&lost, 0, 75).commit, 1, "it has counted itself and S2");
    assert_eq!((at(&lost, 0, 95).stable.log.last_index(), elections(&lost)), (0, vec![NodeId(0), NodeId(2)]));
}

/// Dissertation §6.4.1: "a leader would need to expire its lease before transferring leadership", for who is told to stand
/// does not wait for a time-out, however late it is told.
#[test]
fn a_lease_does_not_outlive_a_transfer_that_failed() {
    let void = simulate(&without_flaws("lease-kept-while-handing-over"));
    let kept = simulate(&exhibit("lease-kept-while-handing-over"));
    for trace in [&void, &kept] {
        assert!(trace.facts::<Fact>().any(|(_, fact)| matches!(fact, Fact::NotTakenOver { .. })));
        assert_eq!(elections(trace), [NodeId(0), NodeId(1)]);
    }
    let old = |trace| answers(trace).iter().any(|(_, answer)| *answer == Answer::Value(Some(1)));
    assert!(old(&kept) && !old(&void));
}

/// Dissertation §4.2.3: a server grants no vote "within the minimum election timeout of hearing from a current leader". A
/// crash is no excuse.
#[test]
fn a_restart_does_not_end_a_lease() {
    let waits = simulate(&without_flaws("lease-forgotten-on-restart"));
    let forgets = simulate(&exhibit("lease-forgotten-on-restart"));
    assert_eq!((elections(&waits), elections(&forgets)), (vec![NodeId(0)], vec![NodeId(0), NodeId(2)]));
    let voted = |trace| {
        let mut votes = messages(trace, 1, 2);
        votes.any(|(at, say)| at < Time::from_millis(300) && matches!(say, Message::Vote { granted: true, .. }))
    };
    assert!(voted(&forgets) && !voted(&waits));
}

/// Figure 3: "a leader never overwrites or deletes entries in its log". It cannot know which of them are committed.
#[test]
fn a_new_leader_keeps_what_it_does_not_know_to_be_committed() {
    let keeps = simulate(&without_flaws("new-leader-drops-uncommitted"));
    assert_eq!((deletes(&keeps), at(&keeps, 1, 150).stable.log.last_index()), (vec![], 1));
    let drops = simulate(&exhibit("new-leader-drops-uncommitted"));
    assert_eq!((deletes(&drops), at(&drops, 1, 150).stable.log.last_index()), (vec![(1, 1)], 0));
    assert_eq!(elections(&drops), elections(&keeps));
}

/// §5.3: "the leader retries AppendEntries RPCs indefinitely", here at the second heartbeat after the entries left: at the first
/// they may be still on their way, as they are in a run that loses nothing.
#[test]
fn a_lost_append_is_sent_again_at_the_second_heartbeat() {
    let lines =
        "set no-op off\nhorizon 300 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n";
    let appends = |trace: &Trace| -> Vec<u64> {
        let sent = messages(trace, 0, 1).filter(|(_, say)| matches!(say, Message::AppendEntries(_)));
        sent.map(|(at, _)| at.micros() / 1_000).collect()
    };
    let beats = |trace: &Trace| -> Vec<u64> {
        let fired = trace.facts::<Fact>().find(|(_, fact)| matches!(fact, Fact::Leads { .. })).map(|(event, _)| event);
        let led = fired.map_or(0, |event| trace.event(event).at.micros());
        (1..).map(|beat| (led + beat * 50_000) / 1_000).take(4).collect()
    };
    assert_eq!(appends(&run(lines)).len(), 1, "nothing is sent twice");
    let lost = run(&format!("{lines}  drop S1>S2 AppendEntries#1\n"));
    let (sent, beats) = (appends(&lost), beats(&lost));
    assert_eq!((sent.len(), sent[1]), (2, beats[1]));
    assert!(beats[0] > sent[0]);
}
