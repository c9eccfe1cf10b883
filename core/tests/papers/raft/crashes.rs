//! §5.5 Follower and candidate crashes, §5.6 Timing and availability, and the persistent state of Figure 2.

use super::{agrees, always, at, elections, exhibit, run, server, term_of};
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{Action, Edit, EventIndex, MessageId, NodeId, Time, Trace, simulate};
use lightcone_protocols::consensus::raft::{Fact, Message};

/// Figure 2: "Persistent state on all servers (updated on stable storage before responding to RPCs)."
#[test]
fn what_a_message_says_is_in_stable_storage_before_it_leaves() {
    let mut said = [0; 4];
    always(5_000, |moment| {
        let all = moment.sent_with_kept();
        for (to, say, kept) in &all {
            let kind = match say {
                Message::Vote { term, granted: true } => {
                    assert_eq!((kept.term, kept.vote), (*term, Some(*to)));
                    0
                }
                Message::RequestVote { term, .. } => {
                    assert_eq!((kept.term, kept.vote), (*term, Some(moment.node)));
                    1
                }
                Message::AppendEntries(append) | Message::Heartbeat(append) => {
                    assert_eq!(kept.term, append.term);
                    for (index, entry) in (append.previous.index + 1..).zip(&append.entries) {
                        assert_eq!(kept.log.entry(index), Some(*entry));
                    }
                    3
                }
                _ => match agrees(say) {
                    Some(index) => {
                        assert!(Some(kept.term) == term_of(say) && kept.log.last_index() >= index);
                        2
                    }
                    None => continue,
                },
            };
            said[kind] += 1;
        }
        !all.is_empty()
    });
    assert!(said.iter().all(|count| *count > 300), "{said:?}");
}

/// Figure 2: a server comes back with the term, vote and log that it had saved; "volatile state" begins anew.
#[test]
fn a_server_comes_back_with_its_term_its_vote_and_its_log() {
    let mut with_a_log = 0;
    always(100, |moment| {
        let (None, Some(after), Cause::Act(_)) = (moment.before, moment.after, moment.cause) else { return false };
        assert_eq!(&after.stable, moment.stable);
        assert_eq!((after.commit, after.machine.applied, after.leader), (0, 0, None));
        with_a_log += u32::from(after.stable.log.last_index() > 0);
        true
    });
    assert!(with_a_log > 30, "{with_a_log}");
}

/// The `AppendReply` messages from S3 that say it has the first entry.
fn acknowledgements(trace: &Trace) -> usize {
    let has_it = |say: &Message| matches!(say, Message::AppendReply(_)) && agrees(say) == Some(1);
    super::messages(trace, 2, 0).filter(|(_, say)| has_it(say)).count()
}

/// §5.5: "If a follower or candidate crashes, then future RequestVote and AppendEntries RPCs sent to it will fail. Raft
/// handles these failures by retrying indefinitely; if the crashed server restarts, then the RPC will complete
/// successfully. If a server crashes after completing an RPC but before responding, then it will receive the same RPC
/// again after it restarts."
#[test]
fn a_server_that_crashed_is_asked_again_whether_or_not_it_had_done_it() {
    for (effects, has) in [(2, 0), (3, 1)] {
        let trace = run(&format!(
            "set no-op off\nhorizon 500 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 45 ms request c1 write x 1\n  \
             crash during message S1>S3 AppendEntries#1 after {effects}\n  at 180 ms restart S3\n"
        ));
        let crashed = (0..trace.events.len() as u32)
            .map(EventIndex)
            .find(|event| trace.deeds(*event).iter().any(|deed| matches!(deed, Deed::CrashedHere(_))))
            .expect("it crashes there");
        let world = trace.world_at(crashed);
        let kept = world.durable(NodeId(2)).and_then(|kept| kept.as_any().downcast_ref::<super::Stable>());
        assert_eq!(kept.expect("a server's").log.last_index(), has, "after {effects} effects");
        assert!(server(&world, NodeId(2)).is_none());
        assert_eq!((at(&trace, 2, 500).stable.log.last_index(), acknowledgements(&trace)), (1, 1));
    }
}

/// §5.5: "Raft RPCs are idempotent, so this causes no harm."
#[test]
fn messages_that_arrive_twice_change_nothing_the_second_time() {
    let mut scenario = exhibit("log-replication");
    let once = simulate(&scenario);
    for message in once.messages.iter().filter(|message| message.id.from.0 < 5 && message.id.to.0 < 5) {
        let copy = MessageId { copy: 1, ..message.id };
        scenario.script.push(Edit::Duplicate { copy, at: message.arrives.after(1_000) });
    }
    let twice = simulate(&scenario);
    let arrivals = |trace: &Trace| trace.events.iter().filter(|it| matches!(it.cause, Cause::Deliver(_))).count();
    assert!(arrivals(&twice) > arrivals(&once) * 3 / 2, "most arrive twice");
    for node in 0..5 {
        let (one, other) = (at(&once, node, 175), at(&twice, node, 175));
        assert_eq!((one.stable, one.commit, one.role), (other.stable, other.commit, other.role));
        assert_eq!(one.machine, other.machine);
    }
}

/// Runs of five servers in which nothing happens but what `change` adds: 50 of them, with other time-outs.
fn left_alone(millis: u64, latency: (u64, u64), change: &[Edit]) -> impl Iterator<Item = Trace> {
    (0..50).map(move |seed| {
        let mut scenario = exhibit("election");
        (scenario.seed, scenario.script, scenario.horizon) = (seed, change.to_vec(), Time::from_millis(millis));
        scenario.model.links.latency_micros = latency;
        simulate(&scenario)
    })
}

/// §5.6: "Raft will be able to elect and maintain a steady leader as long as the system satisfies the following timing
/// requirement: broadcastTime ≪ electionTimeout ≪ MTBF."
#[test]
fn a_leader_is_elected_and_stays_if_messages_are_faster_than_timeouts_and_hardly_otherwise() {
    assert!(left_alone(1_500, (8_000, 14_000), &[]).all(|trace| elections(&trace).len() == 1));
    let slow = left_alone(1_500, (200_000, 400_000), &[]);
    assert!(slow.filter(|trace| elections(trace).len() == 1).count() < 10);
}

/// §5.6: "When the leader crashes, the system will be unavailable for roughly the election timeout."
#[test]
fn after_a_crash_of_the_leader_there_is_another_one_an_election_timeout_later() {
    let first = Edit::Fire {
        timer: lightcone_engine::TimerId { node: NodeId(0), kind: 0, ordinal: 1 },
        at: Time::from_millis(10),
    };
    let crash = Edit::At { at: Time::from_millis(300), action: Action::Crash(NodeId(0)) };
    let mut soon = 0;
    for trace in left_alone(1_200, (8_000, 14_000), &[first, crash]) {
        let [NodeId(0), other] = elections(&trace)[..] else { panic!("{:?}", elections(&trace)) };
        let mut leads = trace.facts().filter(|(_, fact)| matches!(fact, Fact::Leads { .. }));
        let (event, _) = leads.find(|(event, _)| trace.event(*event).node == Some(other)).expect("it is elected");
        let after = trace.event(event).at.since(Time::from_millis(300));
        // The last heartbeat left 50 ms before the crash at the earliest; two messages make the election.
        assert!(after > 100_000 - 50_000 + 2 * 8_000, "{after}");
        soon += u32::from(after < 14_000 + 200_000 + 2 * 14_000);
    }
    assert!(soon > 40, "{soon} of 50 without another split vote");
}

/// §5.6: "One of our requirements for Raft is that safety must not depend on timing: the system must not produce
/// incorrect results just because some event happens more quickly or slowly than expected."
#[test]
fn messages_slower_than_timeouts_break_nothing() {
    let (mut leaders, mut answered) = (0, 0);
    for mut scenario in super::schedules(&[], 150) {
        scenario.model.links.latency_micros = (1_000, 300_000);
        scenario.horizon = Time::from_millis(1_500);
        let trace = simulate(&scenario);
        assert_eq!(super::schedule::broken(&trace), None);
        leaders += elections(&trace).len();
        answered += super::answers(&trace).len();
    }
    assert!(leaders > 40 && answered > 15, "{leaders} and {answered}");
}
