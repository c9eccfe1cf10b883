//! Dissertation: §3.10 leadership transfer, §4.2.3 disruptive servers, §6.2 leaders that are alone, §9.6 pre-vote.

use super::{Moment, answers, append, at, elections, exhibit, in_schedules, messages, run, schedules, walk};
use crate::raft::schedule::{CHECK_QUORUM, PRE_VOTE};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::Cause;
use lightcone_engine::{Action, Edit, NodeId, Scenario, Time, simulate};
use lightcone_protocols::consensus::raft::Message;
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::parts::majority::majority;
use std::collections::BTreeMap;

/// §3.10: the prior leader brings the target up to date and sends TimeoutNow; the target stands without waiting.
#[test]
fn leadership_is_handed_over_without_a_timeout() {
    let trace = simulate(&exhibit("leadership-transfer"));
    assert_eq!(elections(&trace), [NodeId(0), NodeId(2)]);
    let told = messages(&trace, 0, 2).find(|(_, say)| matches!(say, Message::TimeoutNow { .. })).expect("it is told").0;
    assert_eq!(at(&trace, 2, told.micros() / 1_000 + 3 * 14).role, Role::Leader, "three messages later");
}

/// §3.10: TimeoutNow leaves only once the target's log is that of the leader.
#[test]
fn a_target_that_lags_is_brought_up_to_date_before_it_is_told_to_stand() {
    let trace = run("horizon 400 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n  \
        drop S1>S3 AppendEntries#2\n  drop S1>S3 AppendEntries#3\n  \
        at 100 ms request S1 transfer-to S3\n");
    assert_ne!(at(&trace, 2, 101).stable.log, at(&trace, 0, 101).stable.log, "it lags when the command comes");
    let told = messages(&trace, 0, 2).find(|(_, say)| matches!(say, Message::TimeoutNow { .. })).expect("it is told").0;
    let then = told.micros() / 1_000;
    assert_eq!(at(&trace, 2, then).stable.log, at(&trace, 0, then).stable.log);
    assert_eq!(elections(&trace), [NodeId(0), NodeId(2)]);
}

/// §3.10: "The prior leader stops accepting new client requests"; "If leadership transfer does not complete after about
/// an election timeout, the prior leader aborts the transfer and resumes accepting client requests."
#[test]
fn a_leader_that_hands_over_takes_no_requests_until_it_gives_up() {
    let trace = run("horizon 700 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 70 ms crash S3\n  \
        at 80 ms request S1 transfer-to S3\n  at 90 ms request c1 write x 1\n");
    assert!(messages(&trace, 3, 0).next().is_some_and(|(sent, _)| sent < Time::from_millis(100)), "S1 is asked");
    assert_eq!(at(&trace, 0, 270).stable.log.last_index(), 1, "the no-op");
    let all = answers(&trace);
    assert_eq!(all[0], (280, Answer::Refused), "S3 does not take over in 200 ms");
    assert_eq!(all[1].1, Answer::Done);
    assert_eq!(at(&trace, 0, 690).role, Role::Leader);
}

/// The shortest election time-out of the schedules.
const SHORTEST: u64 = 100_000;

/// When servers last heard a leader.
#[derive(Default)]
struct Heard(BTreeMap<NodeId, Time>);

impl Heard {
    /// Whether the server leads or has heard a leader within the shortest time-out.
    fn hears(&self, moment: &Moment<'_>) -> bool {
        let lately = self.0.get(&moment.node).is_some_and(|heard| moment.at.since(*heard) < SHORTEST);
        lately || moment.before.is_some_and(|before| before.role == Role::Leader)
    }

    /// A server that comes back does not know whom it has heard: `at_boot` says whether it counts as having heard one.
    fn see(&mut self, moment: &Moment<'_>, at_boot: bool) {
        let term = moment.before.map_or(0, |before| before.stable.term);
        let led = moment.received.and_then(|(_, say)| append(say)).is_some_and(|append| append.term >= term);
        match (moment.before, moment.after) {
            (_, None) => drop(self.0.remove(&moment.node)),
            (None, Some(_)) if at_boot => drop(self.0.insert(moment.node, moment.at)),
            (Some(_), Some(_)) if led => drop(self.0.insert(moment.node, moment.at)),
            _ => {}
        }
    }
}

/// Schedules in which all clocks go right, so that the test need not ask them.
fn with_true_clocks(parameter: usize, count: u64) -> impl Iterator<Item = Scenario> {
    let schedules: Vec<Scenario> = schedules(&[(parameter, 1)], count).collect();
    schedules.into_iter().map(|mut scenario| {
        scenario.script.retain(|edit| !matches!(edit, Edit::At { action: Action::SetClock { .. }, .. }));
        scenario
    })
}

/// §4.2.3: "if a server receives a RequestVote request within the minimum election timeout of hearing from a current
/// leader, it does not update its term or grant its vote."
#[test]
fn a_server_that_hears_a_leader_keeps_its_term_and_its_vote() {
    let (mut keeps, mut yields, mut leads, mut started) = (0, 0, 0, 0);
    for scenario in with_true_clocks(CHECK_QUORUM, 300) {
        let (mut heard, mut heard_since_start) = (Heard::default(), Heard::default());
        walk(&scenario, |moment| {
            let (hears, since_start) = (heard.hears(moment), heard_since_start.hears(moment));
            heard.see(moment, true);
            heard_since_start.see(moment, false);
            let (Some((_, Message::RequestVote { transfer: false, term, .. })), Some((before, after))) =
                (moment.received, moment.states())
            else {
                return;
            };
            if *term <= before.stable.term {
                return;
            }
            if hears {
                assert_eq!((&after.stable, after.role), (&before.stable, before.role));
                assert_eq!(moment.sent().count(), 0);
                let why = match before.role {
                    Role::Leader => "it leads",
                    _ if since_start => "it hears a leader",
                    _ => "it may have heard a leader before it started",
                };
                assert_eq!(moment.ignored(), Some(why));
                keeps += 1;
                leads += u32::from(before.role == Role::Leader);
                started += u32::from(!since_start);
            } else {
                assert_eq!(after.stable.term, *term);
                yields += 1;
            }
        });
    }
    assert!(keeps > 50 && leads > 10 && yields > 100, "{keeps}, {leads} of them leaders, and {yields}");
    assert!(started > 5, "{started} had just started");
}

/// §4.2.3 and §3.10: who was told to stand by the leader itself says so, and gets votes although the others hear a
/// leader.
#[test]
fn leadership_is_handed_over_although_the_others_hear_a_leader() {
    let trace = run("set check-quorum on\nhorizon 320 ms\nscript\n  fire S1 Election#1 at 110 ms\n  \
        at 200 ms request S1 transfer-to S3\n");
    assert_eq!(elections(&trace), [NodeId(0), NodeId(2)]);
    let asked = messages(&trace, 2, 1).filter(|(_, say)| matches!(say, Message::RequestVote { transfer: true, .. }));
    assert_eq!(asked.count(), 1);
}

/// §6.2: "a leader in Raft steps down if an election timeout elapses without a successful round of heartbeats to a
/// majority of its cluster."
#[test]
fn with_check_quorum_a_leader_that_is_alone_steps_down() {
    let text = "horizon 400 ms\nscript\n  fire S1 Election#1 at 105 ms\n  at 160 ms cut S1 | ";
    let trace = run(&format!("set check-quorum on\n{text}S2 S3\n"));
    assert_eq!(at(&trace, 0, 200).role, Role::Leader);
    assert_ne!(at(&trace, 0, 360).role, Role::Leader);
    let trace = run(&format!("set check-quorum on\n{text}S3\n"));
    assert_eq!(at(&trace, 0, 400).role, Role::Leader, "with S2 it has a majority");
    let trace = run(&format!("{text}S2 S3\n"));
    assert_eq!(at(&trace, 0, 400).role, Role::Leader, "without check-quorum it never knows");
}

/// §9.6: "a candidate only increments its term if it first learns from a majority of the cluster that they would be
/// willing to grant the candidate their votes."
#[test]
fn with_pre_vote_nobody_stands_without_a_majority_that_would_vote_for_it() {
    let (mut asked, mut stood) = (0, 0);
    for scenario in schedules(&[(PRE_VOTE, 1)], 200) {
        let mut granted: BTreeMap<(NodeId, u32), u32> = BTreeMap::new();
        walk(&scenario, |moment| {
            for (to, say) in moment.sent() {
                if let Message::PreVoteReply { term, granted: true } = say {
                    *granted.entry((to, *term)).or_default() |= 1 << moment.node.0;
                }
            }
            let Some((before, after)) = moment.states() else { return };
            let told = matches!(moment.received, Some((_, Message::TimeoutNow { .. })));
            asked += u32::from(matches!(moment.cause, Cause::Fire(timer) if timer.kind == 0));
            if !told && after.stable.term > before.stable.term && after.stable.vote == Some(after.me) {
                let willing = granted.get(&(after.me, after.stable.term)).map_or(0, |willing| willing.count_ones());
                assert!(1 + willing >= majority(after.servers));
                stood += 1;
            }
        });
    }
    assert!(stood > 100 && asked > stood + 100, "{asked} asked and {stood} stood");
}

/// §9.6, as for votes: what a server said about an earlier term does not count for a later one.
#[test]
fn a_pre_vote_for_an_earlier_term_does_not_count() {
    let trace = run("set no-op off\nset pre-vote on\nhorizon 310 ms\nscript\n  fire S3 Election#1 at 10 ms\n  \
        deliver S1>S3 PreVoteReply#1 at 300 ms\n  drop S2>S3 PreVoteReply#1\n  fire S2 Election#1 at 40 ms\n  \
        at 180 ms crash S2\n  drop S3>S1 PreVote#2\n  fire S3 Election#6 at 285 ms\n");
    assert_eq!(elections(&trace), [NodeId(1)]);
    for millis in [299, 305] {
        let asks = at(&trace, 2, millis);
        assert_eq!((asks.role, asks.stable.term, asks.votes.len()), (Role::PreCandidate, 1, 1), "about term 2");
    }
    let late = trace.events.iter().find(|event| event.at == Time::from_millis(300)).expect("it arrives");
    assert!(matches!(late.cause, Cause::Deliver(message) if (message.from, message.to) == (NodeId(0), NodeId(2))));
}

/// §9.6: with pre-vote, a server that was cut off does not disrupt the others when it comes back.
#[test]
fn with_pre_vote_a_server_that_is_cut_off_keeps_its_term() {
    let trace = simulate(&exhibit("disruptive-server-with-pre-vote"));
    assert_eq!(elections(&trace), [NodeId(0)], "S1 leads throughout");
    assert_eq!(at(&trace, 2, 600).stable.term, 1);
    let trace = simulate(&exhibit("disruptive-server"));
    assert!(elections(&trace).len() == 2 && at(&trace, 0, 600).stable.term > 2, "without, it deposes S1");
}

/// §9.6: a pre-vote changes nothing at the server that gives it.
#[test]
fn a_pre_vote_changes_nothing() {
    let mut given = 0;
    in_schedules(&[(PRE_VOTE, 1)], 150, 300, |moment| {
        let (Some((_, Message::PreVote { .. })), Some((before, after))) = (moment.received, moment.states()) else {
            return false;
        };
        assert_eq!((&before.stable, before.role, before.leader), (&after.stable, after.role, after.leader));
        given += u32::from(moment.sent().any(|(_, say)| matches!(say, Message::PreVoteReply { granted: true, .. })));
        true
    });
    assert!(given > 100);
}

/// §9.6: a server would vote for a log that is "sufficiently up-to-date", if it has not "received heartbeats from a valid
/// leader for at least a baseline election timeout".
#[test]
fn a_pre_vote_is_given_for_a_good_log_by_who_hears_no_leader() {
    let (mut given, mut hearing, mut behind) = (0, 0, 0);
    for scenario in with_true_clocks(PRE_VOTE, 300) {
        let mut heard = Heard::default();
        walk(&scenario, |moment| {
            let hears = heard.hears(moment);
            heard.see(moment, false);
            let (Some((_, Message::PreVote { term, last })), Some((before, _))) = (moment.received, moment.states())
            else {
                return;
            };
            if *term <= before.stable.term {
                return;
            }
            let log = &before.stable.log;
            let good = *last >= log.end();
            let would = moment.sent().any(|(_, say)| matches!(say, Message::PreVoteReply { granted: true, .. }));
            assert_eq!(would, good && !hears);
            given += u32::from(would);
            hearing += u32::from(good && hears);
            behind += u32::from(!good && !hears);
        });
    }
    assert!(given > 100 && hearing > 50 && behind > 5, "{given}, {hearing} and {behind}");
}
