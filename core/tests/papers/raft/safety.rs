//! §5.4 Safety, and the properties of Figure 3 that need it; the log's own are with §5.3.

use super::{always, at, exhibit, in_schedules, messages, schedules, walk, without_flaws};
use crate::raft::schedule::{CLIENTS, NO_OP};
use lightcone_engine::{NodeId, simulate};
use lightcone_protocols::consensus::raft::Message;
use lightcone_protocols::consensus::raft::machine::Log;
use lightcone_protocols::consensus::raft::server::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Figure 3, election safety: "at most one leader can be elected in a given term."
#[test]
fn at_most_one_server_leads_a_term() {
    let (mut leaders, mut at_once) = (0, 0);
    for scenario in schedules(&[], 400) {
        let mut terms: BTreeMap<u32, NodeId> = BTreeMap::new();
        let mut leading = BTreeSet::new();
        walk(&scenario, |moment| {
            leading.remove(&moment.node);
            let Some(after) = moment.after.filter(|after| after.role == Role::Leader) else { return };
            assert_eq!(*terms.entry(after.stable.term).or_insert(after.me), after.me, "in term {}", after.stable.term);
            leading.insert(moment.node);
            at_once += u32::from(moment.elected() && leading.len() > 1);
        });
        leaders += terms.len();
    }
    assert!(leaders > 200 && at_once > 20, "{leaders} leaders, {at_once} times with an older one that does not know");
}

/// §5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the candidate."
#[test]
fn nobody_votes_for_a_log_that_is_behind_its_own() {
    always(30, |moment| {
        let (Some((_, Message::RequestVote { term, last, .. })), Some((before, _))) =
            (moment.received, moment.states())
        else {
            return false;
        };
        let log = &before.stable.log;
        let behind = *last < log.end();
        assert!(!(moment.votes() && behind));
        // It would have voted otherwise.
        behind && *term > before.stable.term
    });
}

/// §5.4.1: "If the logs have last entries with different terms, then the log with the later term is more up-to-date. If
/// the logs end with the same term, then whichever log is longer is more up-to-date."
#[test]
fn a_later_last_term_counts_more_than_a_longer_log() {
    let (mut shorter, mut longer, mut same_term) = (0, 0, 0);
    in_schedules(&[(CLIENTS, 4), (NO_OP, 0)], 1_500, 500, |moment| {
        let (Some((_, Message::RequestVote { term, last, .. })), Some((before, _))) =
            (moment.received, moment.states())
        else {
            return false;
        };
        let own = before.stable.log.end();
        if *term <= before.stable.term {
            return false; // It may have voted.
        }
        if last.term != own.term {
            assert_eq!(moment.votes(), last.term > own.term);
            shorter += u32::from(last.term > own.term && last.index <= own.index);
            longer += u32::from(last.term < own.term && last.index >= own.index);
        } else {
            assert_eq!(moment.votes(), last.index >= own.index);
            same_term += u32::from(last.index < own.index);
        }
        true
    });
    assert!(shorter > 3 && longer > 1 && same_term > 20, "{shorter}, {longer} and {same_term}");
    // Figure 7: S1's log has 10 entries, the last of term 6.
    let trace = simulate(&exhibit("figure-7"));
    let answer = |voter: u8| {
        messages(&trace, voter, 0).find_map(|(_, say)| match say {
            Message::Vote { term: 8, granted } => Some(*granted),
            _ => None,
        })
    };
    assert_eq!(answer(6), Some(true), "S7 has 11, the last of term 3");
    assert_eq!(answer(4), Some(false), "S5 has 12, the last of term 7");
    assert_eq!(answer(3), Some(false), "S4 has 11, the last of term 6");
}

/// Figure 3, leader completeness, and §5.4.3: "If a log entry is committed in a given term, then that entry will be
/// present in the logs of the leaders for all higher-numbered terms."
#[test]
fn what_is_committed_is_in_the_logs_of_all_later_leaders() {
    let mut inherited = 0;
    for scenario in schedules(&[], 200) {
        // What each term's leader has committed, as a log.
        let mut committed: BTreeMap<u32, (Log, u32)> = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(after) = moment.after.filter(|after| after.role == Role::Leader) else { return };
            for (log, index) in committed.range(..after.stable.term).map(|(_, committed)| committed) {
                assert!(after.stable.log.agrees(log, *index));
                inherited += u32::from(*index > 0 && moment.elected());
            }
            committed.insert(after.stable.term, (after.stable.log.clone(), after.commit));
        });
    }
    assert!(inherited > 100, "{inherited}");
}

/// §5.4.2: "Raft never commits log entries from previous terms by counting replicas. Only log entries from the leader's
/// current term are committed by counting replicas."
#[test]
fn a_leader_counts_only_entries_of_its_own_term() {
    always(150, |moment| {
        let Some((before, after)) = moment.states() else { return false };
        if after.role != Role::Leader || after.commit <= before.commit {
            return false;
        }
        assert_eq!(after.stable.log.term(after.commit), Some(after.stable.term));
        true
    });
    let trace = simulate(&without_flaws("figure-8"));
    let leader = at(&trace, 0, 224);
    assert_eq!((leader.role, leader.stable.term, leader.commit), (Role::Leader, 3, 0), "a majority holds x = 1");
    assert_eq!([0, 1, 2].map(|node| at(&trace, node, 224).stable.log.end().term), [1, 1, 1]);
    assert!([1, 2].iter().all(|&peer: &usize| leader.leading.peers[peer].matched == 1), "and it knows");
    assert_eq!([1, 2, 3].map(|node| at(&trace, node, 330).stable.log.end().term), [2, 2, 2], "and it is overwritten");
}

/// §5.4.2: "Once an entry from the current term has been committed in this way, then all prior entries are committed
/// indirectly because of the Log Matching Property." Figure 8 (e).
#[test]
fn entries_of_earlier_terms_are_committed_with_one_of_the_leaders_own() {
    in_schedules(&[(CLIENTS, 4)], 300, 20, |moment| {
        let Some((before, after)) = moment.states() else { return false };
        if after.role != Role::Leader || after.commit <= before.commit {
            return false;
        }
        assert_eq!(after.machine.applied, after.commit);
        (before.commit + 1..=after.commit).any(|index| after.stable.log.term(index) < Some(after.stable.term))
    });
}

/// Figure 3, state machine safety, and §5.4.3: "If a server has applied a log entry at a given index to its state
/// machine, no other server will ever apply a different log entry for the same index."
#[test]
fn no_two_servers_apply_different_entries_at_an_index() {
    let mut by_several = 0;
    for scenario in schedules(&[], 150) {
        let mut applied = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(after) = moment.after else { return };
            for index in 1..=after.machine.applied {
                let entry = after.stable.log.entry(index);
                let (first, servers) = applied.entry(index).or_insert((entry, BTreeSet::new()));
                assert_eq!(*first, entry);
                servers.insert(moment.node);
            }
        });
        by_several += applied.values().filter(|(_, servers)| servers.len() > 2).count();
    }
    assert!(by_several > 200, "{by_several} entries were applied by three servers or more");
}
