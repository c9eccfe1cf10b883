//! §5.1 Raft basics: terms, and the roles of Figure 4.

use super::{always, append, appended, term_of};
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::consensus::raft::{Message, Outcome};
use std::collections::BTreeSet;

/// §5.1: "At any given time each server is in one of three states: leader, follower, or candidate." Figure 4 says how
/// they change. (A pre-candidate is of the dissertation's §9.6; a server told to stand may do two steps at once.)
#[test]
fn roles_change_only_as_figure_4_says() {
    use Role::{Candidate, Follower, Leader};
    let mut changes = BTreeSet::new();
    always(400, |moment| {
        let Some((before, after)) = moment.states() else { return false };
        let told = matches!(moment.received, Some((_, Message::TimeoutNow { .. })));
        if before.role != after.role && !told {
            changes.insert((format!("{:?}", before.role), format!("{:?}", after.role)));
        }
        before.role != after.role
    });
    let allowed = [(Follower, Candidate), (Candidate, Leader), (Candidate, Follower), (Leader, Follower)];
    assert_eq!(changes, allowed.map(|(before, after)| (format!("{before:?}"), format!("{after:?}"))).into());
}

/// §5.1: "Each server stores a current term number, which increases monotonically over time."
#[test]
fn terms_only_grow_even_over_crashes() {
    let mut came_back = 0;
    always(400, |moment| {
        let Some(after) = moment.after else { return false };
        let before = moment.stable.term.max(moment.before.map_or(0, |before| before.stable.term));
        assert!(after.stable.term >= before);
        came_back += u32::from(moment.before.is_none() && before > 0);
        after.stable.term > before
    });
    assert!(came_back > 50);
}

/// §5.1: "Current terms are exchanged whenever servers communicate."
#[test]
fn every_message_between_servers_carries_its_senders_term() {
    always(5_000, |moment| {
        let Some(after) = moment.after else { return false };
        let terms: Vec<u32> = moment.sent().filter_map(|(_, say)| term_of(say)).collect();
        assert!(terms.iter().all(|term| *term == after.stable.term));
        !terms.is_empty()
    });
}

/// §5.1: "If one server's current term is smaller than the other's, then it updates its current term to the larger
/// value."
#[test]
fn a_server_that_hears_of_a_later_term_enters_it() {
    always(400, |moment| {
        let (Some((_, say)), Some((before, after))) = (moment.received, moment.states()) else { return false };
        let Some(term) = term_of(say) else { return false };
        assert!(after.stable.term >= term);
        term > before.stable.term
    });
}

/// §5.1: "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state."
#[test]
fn a_candidate_or_leader_whose_term_is_out_of_date_follows() {
    let mut seen = BTreeSet::new();
    always(100, |moment| {
        let (Some((_, say)), Some((before, after))) = (moment.received, moment.states()) else { return false };
        let late = term_of(say).is_some_and(|term| term > before.stable.term);
        if !late || matches!(say, Message::TimeoutNow { .. }) || before.role == Role::Follower {
            return false;
        }
        assert_eq!(after.role, Role::Follower);
        seen.insert(format!("{:?}", before.role));
        true
    });
    assert_eq!(seen, ["Candidate".into(), "Leader".into()].into());
}

/// §5.1: "If a server receives a request with a stale term number, it rejects the request."
#[test]
fn a_request_of_a_stale_term_is_rejected() {
    let (mut votes, mut appends) = (0, 0);
    always(100, |moment| {
        let (Some((from, say)), Some((before, after))) = (moment.received, moment.states()) else { return false };
        let reply = moment.sent().find(|(to, _)| *to == from).map(|(_, say)| say);
        match say {
            Message::RequestVote { term, .. } if *term < before.stable.term => {
                assert!(matches!(reply, Some(Message::Vote { granted: false, term }) if *term == before.stable.term));
                votes += 1;
            }
            _ if append(say).is_some_and(|append| append.term < before.stable.term) => {
                assert!(reply.and_then(appended).is_some_and(|appended| appended.outcome == Outcome::Stale));
                appends += 1;
            }
            _ => return false,
        }
        assert_eq!((&before.stable, before.role, before.commit), (&after.stable, after.role, after.commit));
        true
    });
    assert!(votes > 10 && appends > 50, "{votes} and {appends}");
}
