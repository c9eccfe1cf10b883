//! §5.3 Log replication where logs differ: the consistency check, Figure 7, and what Figure 2 says of AppendEntries.

use super::{agrees, appended, at, exhibit, in_schedules, messages, without_flaws};
use crate::raft::schedule::CLIENTS;
use lightcone_engine::{Time, simulate};
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::consensus::raft::{Append, Appended, Message, Outcome};

/// §5.3: "If the follower does not find an entry in its log with the same index and term, then it refuses the new
/// entries."
#[test]
fn a_follower_refuses_entries_unless_the_logs_agree_at_the_one_before() {
    let mut accepted = 0;
    in_schedules(&[(CLIENTS, 4)], 150, 50, |moment| {
        let (Some((from, Append { term, previous, .. })), Some((before, after))) = (moment.append(), moment.states())
        else {
            return false;
        };
        if *term < before.stable.term {
            return false;
        }
        let mut replies = moment.sent().filter(|(to, _)| *to == from).filter_map(|(_, say)| appended(say));
        let reply = replies.next().map(|appended| appended.outcome);
        if before.stable.log.position(previous.index) == Some(*previous) {
            assert!(matches!(reply, Some(Outcome::Matches(index)) if index >= previous.index));
            accepted += 1;
            return false;
        }
        assert!(matches!(reply, Some(Outcome::Differs { at, .. }) if at == previous.index));
        assert_eq!((&before.stable.log, before.commit), (&after.stable.log, after.commit));
        true
    });
    assert!(accepted > 1_000);
}

/// Figure 2, AppendEntries 3 and 4: "If an existing entry conflicts with a new one (same index but different terms),
/// delete the existing entry and all that follow it. Append any new entries not already in the log."
#[test]
fn entries_go_only_if_one_of_them_contradicts_a_new_one() {
    let mut stays = 0;
    in_schedules(&[(CLIENTS, 4)], 300, 20, |moment| {
        let (Some((_, append)), Some((before, after))) = (moment.append(), moment.states()) else {
            return false;
        };
        let (old, new) = (&before.stable.log, &after.stable.log);
        if !moment.sent().any(|(_, say)| agrees(say).is_some()) {
            return false;
        }
        let (previous, last_new) = (append.previous.index, append.last_new());
        for (index, entry) in (previous + 1..).zip(&append.entries) {
            assert_eq!(new.entry(index), Some(*entry), "they are all there");
        }
        let contradicts = |index: u32| append.entries.get((index - previous - 1) as usize).map(|entry| entry.term);
        let first = (previous + 1..=last_new.min(old.last_index())).find(|&it| old.term(it) != contradicts(it));
        match first {
            Some(first) => {
                assert!(old.agrees(new, first - 1));
                assert_eq!(new.last_index(), last_new, "all that follow it are gone");
            }
            None => {
                assert!(old.agrees(new, old.last_index()), "nothing contradicts it");
                stays += u32::from(last_new < old.last_index());
            }
        }
        first.is_some()
    });
    assert!(stays > 20, "{stays} times the log was longer than the message");
    let trace = simulate(&without_flaws("truncates-on-any-append"));
    assert_eq!(at(&trace, 1, 122).stable.log.last_index(), 1, "the late heartbeat takes nothing away");
}

/// Figure 2, AppendEntries 5: "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new
/// entry)."
#[test]
fn a_follower_commits_no_further_than_what_the_leader_has_confirmed() {
    let mut held_back = 0;
    in_schedules(&[(CLIENTS, 4)], 300, 200, |moment| {
        let (Some((from, append)), Some((before, after))) = (moment.append(), moment.states()) else {
            return false;
        };
        if !moment.sent().any(|(to, say)| to == from && agrees(say).is_some()) {
            assert_eq!(before.commit, after.commit);
            return false;
        }
        let (commit, last_new) = (append.commit, append.last_new());
        assert_eq!(after.commit, before.commit.max(commit.min(last_new)));
        held_back += u32::from(commit > last_new && before.stable.log.last_index() > last_new);
        after.commit > before.commit
    });
    assert!(held_back > 0, "an old message with a new commit index");
}

/// Figure 7: the logs that a leader may meet when it comes to power.
#[test]
fn the_logs_of_figure_7_come_about() {
    let trace = simulate(&exhibit("figure-7"));
    let terms = |node: u8| -> Vec<u32> { at(&trace, node, 351).stable.log.entries().map(|entry| entry.term).collect() };
    assert_eq!(terms(0), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
    assert_eq!(terms(1), [1, 1, 1, 4, 4, 5, 5, 6, 6]);
    assert_eq!(terms(2), [1, 1, 1, 4]);
    assert_eq!(terms(3), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]);
    assert_eq!(terms(4), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]);
    assert_eq!(terms(5), [1, 1, 1, 4, 4, 4, 4]);
    assert_eq!(terms(6), [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
    let leader = at(&trace, 0, 378);
    assert_eq!((leader.role, leader.stable.term), (Role::Leader, 8));
}

/// §5.3: "The leader handles inconsistencies by forcing the followers' logs to duplicate its own."
#[test]
fn a_leader_makes_all_logs_of_figure_7_like_its_own() {
    let trace = simulate(&exhibit("figure-7"));
    let (before, leader) = (at(&trace, 0, 351).stable.log, at(&trace, 0, 520).stable.log);
    assert!(before.agrees(&leader, before.last_index()), "and its own stays");
    for follower in 1..7 {
        assert_ne!(at(&trace, follower, 351).stable.log, before, "S{}", follower + 1);
        assert_eq!(at(&trace, follower, 520).stable.log, leader, "S{}", follower + 1);
    }
}

/// §5.3: "With this optimization, one AppendEntries RPC will be required for each term with conflicting entries, rather
/// than one RPC per entry."
#[test]
fn a_leader_goes_back_a_term_at_a_time() {
    let trace = simulate(&exhibit("figure-7"));
    let differs = |(sent, say): &(Time, &Message)| {
        let refused = matches!(appended(say), Some(Appended { term: 8, outcome: Outcome::Differs { .. }, .. }));
        refused && *sent > Time::from_millis(350)
    };
    // S7 has eight entries of two other terms, S6 two of a term that the leader has too.
    assert_eq!(messages(&trace, 6, 0).filter(differs).count(), 2);
    assert_eq!(messages(&trace, 5, 0).filter(differs).count(), 2);
    // S3 lacks six entries: it says where its log ends.
    assert_eq!(messages(&trace, 2, 0).filter(differs).count(), 1);
}
