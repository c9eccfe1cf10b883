//! §5.2 Leader election, and what Figure 2 says of followers and candidates.

use super::{always, append, at, elections, exhibit, in_schedules, messages, schedules, walk};
use crate::raft::schedule::CLIENTS;
use lightcone_engine::protocol::{Cause, Happening};
use lightcone_engine::{NodeId, Time, simulate};
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::consensus::raft::{Append, Message};
use lightcone_protocols::parts::majority::majority;
use std::collections::BTreeMap;

/// §5.2: "When servers start up, they begin as followers."
#[test]
fn servers_start_up_as_followers() {
    always(600, |moment| {
        let (None, Some(after)) = (moment.before, moment.after) else { return false };
        assert_eq!((after.role, after.leader, after.commit), (Role::Follower, None, 0));
        true
    });
}

/// §5.2: "Leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries) to all followers in order to
/// maintain their authority"; "a server remains in follower state as long as it receives valid RPCs".
#[test]
fn a_leader_sends_heartbeats_to_all_and_nobody_else_stands() {
    for seed in 0..30 {
        let mut scenario = exhibit("election");
        (scenario.seed, scenario.script, scenario.horizon) = (seed, Vec::new(), Time::from_millis(1_500));
        let trace = simulate(&scenario);
        let [leader] = elections(&trace)[..] else { panic!("one is elected, and stays: {:?}", elections(&trace)) };
        for follower in (0..5).filter(|each| *each != leader.0) {
            let is_beat = |say: &Message| matches!(say, Message::Heartbeat(append) if append.entries.is_empty());
            let beats = messages(&trace, leader.0, follower).filter(|(_, say)| is_beat(say));
            let beats: Vec<Time> = beats.map(|(sent, _)| sent).collect();
            assert!(beats.len() > 15 && beats.windows(2).all(|pair| pair[1].since(pair[0]) == 50_000));
        }
    }
}

/// §5.2: "A follower increments its current term and transitions to candidate state. It then votes for itself and
/// issues RequestVote RPCs in parallel to each of the other servers."
#[test]
fn a_server_that_hears_no_leader_stands_in_the_next_term_and_asks_everyone() {
    always(200, |moment| {
        let (Cause::Fire(timer), Some((before, after))) = (moment.cause, moment.states()) else { return false };
        if timer.kind != 0 {
            return false;
        }
        assert_eq!((after.stable.term, after.stable.vote), (before.stable.term + 1, Some(after.me)));
        assert_eq!((after.role, after.votes.contains(after.me)), (Role::Candidate, true));
        let asked = moment.sent().filter(|(_, say)| matches!(say, Message::RequestVote { .. })).count();
        assert_eq!(asked, usize::from(after.servers) - 1);
        true
    });
}

/// §5.2: "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis." The
/// second: whoever asks first gets the vote, if its log is good enough (§5.4.1).
#[test]
fn the_first_candidate_that_asks_gets_the_vote() {
    let (mut too_late, mut behind) = (0, 0);
    always(300, |moment| {
        let (Some((from, Message::RequestVote { term, last, .. })), Some((before, _))) =
            (moment.received, moment.states())
        else {
            return false;
        };
        let (kept, log) = (&before.stable, &before.stable.log);
        let first = *term > kept.term || *term == kept.term && kept.vote.is_none_or(|vote| vote == from);
        let good = *last >= log.end();
        assert_eq!(moment.votes(), first && good);
        too_late += u32::from(good && *term == kept.term && !first);
        behind += u32::from(first && !good);
        moment.votes()
    });
    assert!(too_late > 20 && behind > 10, "{too_late} and {behind}");
}

/// A refused vote says so wherever its message is named.
#[test]
fn a_vote_that_is_refused_is_called_no_vote() {
    let label = |granted| Message::Vote { term: 2, granted }.to_string();
    assert_eq!([label(true), label(false)], ["Vote, term 2", "No vote, term 2"]);
}

/// §5.2: "Each server will vote for at most one candidate in a given term." The first, over crashes.
#[test]
fn a_server_votes_for_one_candidate_a_term_even_over_crashes() {
    let mut came_back = 0;
    for scenario in schedules(&[(CLIENTS, 0)], 200) {
        let mut votes: BTreeMap<(NodeId, u32), NodeId> = BTreeMap::new();
        walk(&scenario, |moment| {
            for (to, say) in moment.sent() {
                let (term, vote) = match say {
                    Message::Vote { term, granted: true } => (*term, to),
                    Message::RequestVote { term, .. } => (*term, moment.node),
                    _ => continue,
                };
                assert_eq!(*votes.entry((moment.node, term)).or_insert(vote), vote, "in term {term}");
            }
            let voted = moment.after.is_some_and(|after| votes.contains_key(&(moment.node, after.stable.term)));
            came_back += u32::from(moment.before.is_none() && voted);
        });
    }
    assert!(came_back > 50, "{came_back} came back in a term in which they had voted");
}

/// §5.2: "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the
/// same term."
#[test]
fn whoever_leads_has_the_votes_of_a_majority() {
    let (mut elected, mut lost) = (0, 0);
    for scenario in schedules(&[], 150) {
        let mut granted: BTreeMap<(NodeId, u32), u32> = BTreeMap::new();
        walk(&scenario, |moment| {
            for (to, say) in moment.sent() {
                if let Message::Vote { term, granted: true } = say {
                    *granted.entry((to, *term)).or_default() |= 1 << moment.node.0;
                }
            }
            let Some(after) = moment.after else { return };
            if moment.elected() {
                let votes = granted.get(&(after.me, after.stable.term)).map_or(0, |votes| votes.count_ones());
                assert!(votes + 1 >= majority(after.servers));
                elected += 1;
            }
            lost += u32::from(after.role == Role::Candidate && matches!(moment.cause, Cause::Fire(_)));
        });
    }
    assert!(elected > 100 && lost > 200, "{elected} won, {lost} stood");
}

/// §5.2: "Once a candidate wins an election, it becomes leader. It then sends heartbeat messages to all of the other
/// servers to establish its authority and prevent new elections." With a no-op, the message carries it.
#[test]
fn a_new_leader_tells_everyone_at_once() {
    always(100, |moment| {
        let Some(after) = moment.after.filter(|_| moment.elected()) else { return false };
        let told = moment.sent().filter(|(_, say)| append(say).is_some()).count();
        assert_eq!(told, usize::from(after.servers) - 1);
        true
    });
}

/// §5.2: "If the leader's term is at least as large as the candidate's current term, then the candidate recognizes the
/// leader as legitimate and returns to follower state. If the term is smaller, the candidate rejects the RPC and
/// continues in candidate state."
#[test]
fn a_candidate_follows_a_leader_of_its_term_and_no_earlier_one() {
    let (mut same, mut earlier) = (0, 0);
    in_schedules(&[], 400, 30, |moment| {
        let (Some((from, Append { term, .. })), Some((before, after))) = (moment.append(), moment.states()) else {
            return false;
        };
        if before.role != Role::Candidate {
            return false;
        }
        if *term < before.stable.term {
            assert_eq!((after.role, after.stable.term), (Role::Candidate, before.stable.term));
            earlier += 1;
        } else {
            assert_eq!((after.role, after.leader), (Role::Follower, Some(from)));
            same += u32::from(*term == before.stable.term);
        }
        true
    });
    assert!(same > 5 && earlier > 5, "{same} and {earlier}");
}

/// §5.2: "When this happens, each candidate will time out and start a new election by incrementing its term."
#[test]
fn after_a_split_vote_there_is_another_election_in_a_later_term() {
    let trace = simulate(&exhibit("split-vote"));
    for candidate in [0, 3] {
        let split = at(&trace, candidate, 90);
        assert_eq!(
            (split.role, split.stable.term, split.votes.len()),
            (Role::Candidate, 1, 2),
            "two votes of four each"
        );
    }
    let leader = elections(&trace);
    assert_eq!(leader.len(), 1);
    assert_eq!(at(&trace, leader[0].0, 320).stable.term, 2, "term 1 has no leader");
}

/// §5.2: "Election timeouts are chosen randomly from a fixed interval (e.g., 150–300ms)."
#[test]
fn election_timeouts_are_drawn_from_the_interval() {
    let mut lengths: Vec<u64> = Vec::new();
    for seed in 0..40 {
        let mut scenario = exhibit("election");
        (scenario.seed, scenario.script) = (seed, Vec::new());
        let trace = simulate(&scenario);
        lengths.extend(trace.timers.iter().filter(|it| it.id.kind == 0).map(|it| it.due.since(it.armed)));
    }
    assert!(lengths.iter().all(|length| (100_000..=200_000).contains(length)));
    for tenth in 0..10 {
        let range = 100_000 + tenth * 10_000..110_000 + tenth * 10_000;
        assert!(lengths.iter().filter(|length| range.contains(*length)).count() * 20 > lengths.len(), "in {range:?}");
    }
}

/// Figure 2, followers: "If election timeout elapses without receiving AppendEntries RPC from current leader or
/// granting vote to candidate: convert to candidate."
#[test]
fn a_follower_waits_anew_after_a_leader_or_a_vote_granted_and_after_nothing_else() {
    let (mut leader, mut vote, mut neither) = (0, 0, 0);
    always(2_000, |moment| {
        let (Some((_, say)), Some((before, after))) = (moment.received, moment.states()) else { return false };
        if before.role != Role::Follower || after.role != Role::Follower {
            return false;
        }
        let led = append(say).is_some_and(|append| append.term >= before.stable.term);
        let armed = moment.happenings.iter().any(|it| matches!(it, Happening::Armed { timer, .. } if timer.kind == 0));
        assert_eq!(armed, led || moment.votes(), "after {say}");
        leader += u32::from(led);
        vote += u32::from(moment.votes());
        neither += u32::from(!armed && !matches!(say, Message::Request { .. }));
        true
    });
    assert!(leader > 1_000 && vote > 100 && neither > 20, "{leader}, {vote} and {neither}");
}
