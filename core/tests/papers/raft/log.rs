//! §5.3 Log replication, as it goes while nothing is wrong with the logs, and the log's properties of Figure 3.

use super::{always, answers, append, at, exhibit, in_schedules, messages, run, schedules, walk};
use crate::raft::schedule::{CLIENTS, NO_OP};
use lightcone_engine::{NodeId, Time, simulate};
use lightcone_protocols::consensus::raft::machine::{Log, Machine};
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::consensus::raft::{Append, Message};
use lightcone_protocols::parts::majority::majority;
use std::collections::BTreeMap;

/// §5.3: "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each
/// of the other servers to replicate the entry."
#[test]
fn a_leader_appends_a_command_and_sends_it_to_everyone() {
    let trace =
        run("set no-op off\nhorizon 70 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 45 ms request c1 write x 1\n");
    assert_eq!(at(&trace, 0, 62).stable.log.last_index(), 1);
    let carries = |say: &Message| append(say).is_some_and(|append| append.entries.len() == 1);
    let sent = [1, 2].map(|follower| {
        let sent: Vec<Time> =
            messages(&trace, 0, follower).filter(|(_, say)| carries(say)).map(|(sent, _)| sent).collect();
        assert_eq!(sent.len(), 1);
        sent[0]
    });
    assert_eq!(sent[0], sent[1], "in parallel");
}

/// §5.3: "Each log entry stores a state machine command along with the term number when the entry was received by the
/// leader."
#[test]
fn an_entry_carries_the_term_in_which_its_leader_received_it() {
    always(300, |moment| {
        let Some((before, after)) = moment.states() else { return false };
        let (old, new) = (before.stable.log.last_index(), after.stable.log.last_index());
        if after.role != Role::Leader || new <= old {
            return false;
        }
        assert!((old + 1..=new).all(|index| after.stable.log.term(index) == Some(after.stable.term)));
        true
    });
}

/// §5.3: "When a leader first comes to power, it initializes all nextIndex values to the index just after the last one
/// in its log (11 in Figure 7)."
#[test]
fn a_new_leader_guesses_that_all_logs_end_where_its_own_does() {
    in_schedules(&[(NO_OP, 0), (CLIENTS, 4)], 300, 50, |moment| {
        let (true, Some((before, after))) = (moment.elected(), moment.states()) else { return false };
        let last = before.stable.log.last_index();
        assert!(
            after
                .leading
                .peers
                .iter()
                .take(after.servers.into())
                .all(|peer| (peer.next, peer.matched) == (last + 1, 0))
        );
        let asks = |say: &Message| append(say).is_some_and(|append| append.previous.index == last);
        assert!(moment.sent().all(|(_, say)| asks(say)));
        last > 0
    });
    let trace = simulate(&exhibit("figure-7"));
    let mut asked = messages(&trace, 0, 1).filter_map(|(_, say)| append(say));
    assert_eq!(asked.find(|append| append.term == 8).expect("it asks").previous.index, 10, "11 in Figure 7");
}

/// §5.3: "A log entry is committed once the leader that created the entry has replicated it on a majority of the
/// servers." As soon as the leader knows, and not before it is so.
#[test]
fn an_entry_is_committed_once_a_majority_holds_it() {
    always(150, |moment| {
        let Some(after) = moment.after.filter(|after| after.role == Role::Leader) else { return false };
        let (term, log, servers) = (after.stable.term, &after.stable.log, after.servers);
        let known = |index: u32| {
            let others = after.leading.peers.iter().take(servers.into()).filter(|peer| peer.matched >= index);
            1 + others.count() as u32 >= majority(after.servers)
        };
        let due = (1..=log.last_index()).filter(|&index| log.term(index) == Some(term) && known(index)).max();
        assert!(after.commit >= due.unwrap_or(0), "it knows that a majority has entry {due:?}");
        // Who goes on to a later term may lose the entry again only if it was not committed: it is still there.
        let holders = (0..servers).filter(|&node| moment.durable(node).log.agrees(log, after.commit)).count() as u32;
        assert!(holders >= majority(after.servers), "{holders} hold entry {}", after.commit);
        moment.before.is_some_and(|before| before.commit < after.commit)
    });
}

/// §5.3: "When the entry has been safely replicated, the leader applies the entry to its state machine and returns the
/// result of that execution to the client."
#[test]
fn a_write_is_answered_once_it_is_committed_and_applied() {
    always(100, |moment| {
        let Some(after) = moment.after else { return false };
        let mut writes = 0;
        for (client, say) in moment.sent() {
            if let Message::Response { sequence, key: None, answer } = say {
                let session = after.machine.session_at(client, *sequence).expect("it was executed");
                assert!(session.sequence > *sequence || session.answer == *answer);
                writes += 1;
            }
        }
        writes > 0
    });
}

/// §5.3: "Once a follower learns that a log entry is committed, it applies the entry to its local state machine (in log
/// order)."
#[test]
fn what_is_committed_is_applied_in_log_order() {
    always(300, |moment| {
        let Some(after) = moment.after else { return false };
        let mut expected = Machine::default();
        for entry in after.stable.log.entries().take(after.commit as usize) {
            expected.apply(entry.command, true);
        }
        assert!(after.commit <= after.stable.log.last_index());
        assert_eq!(after.machine, expected);
        after.role == Role::Follower && moment.before.is_some_and(|before| before.commit < after.commit)
    });
}

/// §5.3: "The leader retries AppendEntries RPCs indefinitely (even after it has responded to the client) until all
/// followers eventually store all log entries."
#[test]
fn a_leader_sends_again_what_is_lost_even_after_it_has_answered() {
    let mut text = "set no-op off\nhorizon 800 ms\nscript\n  fire S1 Election#1 at 10 ms\n".to_owned();
    text += "  at 45 ms request c1 write x 1\n";
    for ordinal in 1..6 {
        text += &format!("  drop S1>S3 AppendEntries#{ordinal}\n");
    }
    let trace = run(&text);
    assert!(answers(&trace)[0].0 < 110);
    let carries = |say: &Message| append(say).is_some_and(|append| !append.entries.is_empty());
    let tries: Vec<Time> = messages(&trace, 0, 2).filter(|(_, say)| carries(say)).map(|(sent, _)| sent).collect();
    assert_eq!(tries.len(), 6, "until it arrives, and then no more: {tries:?}");
    assert_eq!(at(&trace, 2, tries[5].micros() / 1_000).stable.log.last_index(), 0);
    assert_eq!(at(&trace, 2, 800).stable.log.last_index(), 1);
}

/// §5.3: "The leader keeps track of the highest index it knows to be committed, and it includes that index in future
/// AppendEntries RPCs (including heartbeats) so that the other servers eventually find out."
#[test]
fn every_append_carries_the_leaders_commit_index() {
    always(1_000, |moment| {
        let Some(after) = moment.after else { return false };
        let mut later = false;
        for (_, say) in moment.sent() {
            if let Some(Append { commit, .. }) = append(say) {
                assert!(*commit <= after.commit && *commit >= moment.before.map_or(0, |before| before.commit));
                later |= *commit > 0;
            }
        }
        later
    });
    let trace = simulate(&exhibit("commit-learned-next-time"));
    assert_eq!((at(&trace, 0, 80).commit, at(&trace, 1, 80).commit, at(&trace, 1, 120).commit), (1, 0, 1));
}

/// Figure 3, log matching: "If two logs contain an entry with the same index and term, then the logs are identical in
/// all entries up through the given index."
#[test]
fn logs_that_share_an_entry_are_the_same_up_to_it() {
    let (mut shared, mut differ) = (0, 0);
    for scenario in schedules(&[(CLIENTS, 4)], 150) {
        let mut logs: BTreeMap<NodeId, Log> = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(log) = moment.after.map(|after| &after.stable.log) else { return };
            if logs.get(&moment.node) == Some(log) {
                return;
            }
            logs.insert(moment.node, log.clone());
            for other in logs.iter().filter(|(node, _)| **node != moment.node).map(|(_, other)| other) {
                let common = log.last_index().min(other.last_index());
                let last = (1..=common).rev().find(|&index| log.term(index) == other.term(index)).unwrap_or(0);
                for index in 1..=last {
                    assert_eq!(log.entry(index), other.entry(index));
                }
                shared += u32::from(last > 1);
                differ += u32::from(last < common);
            }
        });
    }
    assert!(shared > 500 && differ > 20, "{shared} and {differ}");
}

/// Figure 3, leader append-only: "a leader never overwrites or deletes entries in its log; it only appends new entries."
#[test]
fn a_leader_only_appends() {
    always(300, |moment| {
        let Some((before, after)) = moment.states() else { return false };
        if (before.role, after.role) != (Role::Leader, Role::Leader) || before.stable.term != after.stable.term {
            return false;
        }
        assert!(before.stable.log.agrees(&after.stable.log, before.stable.log.last_index()));
        before.stable.log != after.stable.log
    });
}
