//! Reads that do not go through the log: §8, and dissertation §6.4 and §6.4.1.

use super::{READ_INDEX, answers, appended, at, elections, exhibit, in_schedules, messages, run, without_flaws};
use crate::raft::schedule::{NO_OP, READ_MODE};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{NodeId, Time, simulate};
use lightcone_protocols::consensus::raft::server::Role;
use lightcone_protocols::consensus::raft::{Appended, Message, Outcome};
use lightcone_protocols::parts::majority::majority;
use std::collections::BTreeMap;

/// Dissertation §6.4: a read is answered without an entry in the log.
#[test]
fn read_index_answers_without_writing_to_the_log() {
    let text = "horizon 250 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n";
    let text = format!("{text}  at 130 ms request c1 read x\n");
    let trace = run(&format!("set no-op off\n{text}"));
    assert_eq!(answers(&trace)[1].1, Answer::Value(Some(1)));
    assert_eq!(at(&trace, 0, 250).stable.log.last_index(), 1);
    let trace = run(&format!("set no-op off\nset read-mode log\n{text}"));
    assert_eq!(answers(&trace)[1].1, Answer::Value(Some(1)));
    assert_eq!(at(&trace, 0, 250).stable.log.last_index(), 2, "through the log");
}

/// §8: "a leader must have the latest information on which entries are committed." Dissertation §6.4, step 1: before it
/// answers a read, it has committed an entry of its own term.
#[test]
fn reads_wait_until_an_entry_of_the_leaders_term_is_committed() {
    let mut waited = 0;
    in_schedules(&[(NO_OP, 1), (READ_MODE, READ_INDEX)], 150, 30, |moment| {
        let Some(after) = moment.after else { return false };
        let own = after.stable.log.term(after.commit) == Some(after.stable.term);
        let answers = moment.sent().any(|(_, say)| matches!(say, Message::Response { key: Some(_), .. }));
        assert!(!answers || own);
        let asked = matches!(moment.received, Some((_, Message::Request { operation: Operation::Read { .. }, .. })));
        waited += u32::from(asked && after.role == Role::Leader && !own);
        answers
    });
    assert!(waited > 5, "{waited}");
    // Nothing brings one where there is no no-op and nobody writes.
    let text = "horizon 200 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 60 ms request c1 read x\n";
    assert_eq!(answers(&run(text)).len(), 1);
    assert_eq!(answers(&run(&format!("set no-op off\n{text}"))).len(), 0);
}

/// What a test remembers of a leader.
#[derive(Default)]
struct Rounds {
    /// The latest round of heartbeats it has sent.
    sent: u32,
    /// The last round that each follower has answered.
    answered: BTreeMap<NodeId, u32>,
    /// The reads it was asked: its commit index and latest round then.
    asked: BTreeMap<(NodeId, u16), (u32, u32)>,
}

/// §8: "a leader must check whether it has been deposed before processing a read-only request... Raft handles this by
/// having the leader exchange heartbeat messages with a majority of the cluster before responding to read-only requests."
/// Dissertation §6.4, steps 2 to 5: also, the state machine must be as far as the commit index was when it was asked.
#[test]
fn a_read_waits_for_a_round_of_heartbeats_and_for_the_state_machine() {
    let mut leaders: BTreeMap<NodeId, Rounds> = BTreeMap::new();
    let mut rounds_waited = 0;
    in_schedules(&[(READ_MODE, READ_INDEX)], 300, 200, |moment| {
        let Some(after) = moment.after.filter(|after| after.role == Role::Leader) else {
            leaders.remove(&moment.node);
            return false;
        };
        if moment.elected() {
            leaders.remove(&moment.node);
        }
        let rounds = leaders.entry(moment.node).or_default();
        match moment.received {
            Some((client, Message::Request { sequence, operation: Operation::Read { .. } })) => {
                let commit = moment.before.map_or(0, |before| before.commit);
                rounds.asked.entry((client, *sequence)).or_insert((commit, rounds.sent));
            }
            Some((from, Message::AppendReply(appended) | Message::HeartbeatReply(appended)))
                if appended.term == after.stable.term && appended.outcome != Outcome::Stale =>
            {
                let last = rounds.answered.entry(from).or_default();
                *last = appended.round.max(*last);
            }
            _ => {}
        }
        let mut answered = false;
        for (to, say) in moment.sent() {
            match say {
                Message::AppendEntries(append) | Message::Heartbeat(append) => {
                    rounds.sent = rounds.sent.max(append.round);
                }
                Message::Response { sequence, key: Some(_), .. } => {
                    let (commit, before) = rounds.asked[&(to, *sequence)];
                    let confirmed = 1 + rounds.answered.values().filter(|round| **round > before).count() as u32;
                    assert!(confirmed >= majority(after.servers), "only {confirmed} have answered since it was asked");
                    assert!(after.machine.applied >= commit);
                    rounds_waited += 1;
                    answered = true;
                }
                _ => {}
            }
        }
        answered
    });
    assert!(rounds_waited >= 200);
}

/// §8: "read-only operations … run the risk of returning stale data, since the leader responding to the request might
/// have been superseded by a newer leader of which it is unaware."
#[test]
fn a_leader_that_is_cut_off_answers_no_reads() {
    let stale = simulate(&exhibit("stale-read-from-deposed-leader"));
    assert_eq!(answers(&stale).last().map(|(_, answer)| *answer), Some(Answer::Value(Some(1))), "the flaw");
    let trace = simulate(&without_flaws("stale-read-from-deposed-leader"));
    let cut = Time::from_millis(226);
    let asks = |say: &Message| matches!(say, Message::Request { operation: Operation::Read { .. }, .. });
    assert!(messages(&trace, 3, 0).any(|(_, say)| asks(say)), "S1 is asked");
    assert_eq!(at(&trace, 0, 245).role, Role::Leader, "and leads, as far as it knows");
    let answers = |say: &Message| matches!(say, Message::Response { .. });
    assert!(messages(&trace, 0, 3).all(|(sent, say)| sent < cut || !answers(say)));
}

/// Dissertation §6.4: only answers to this term's heartbeats confirm that it leads. S1 led term 1 for eight rounds and more,
/// and leads term 2. S2 refuses a late heartbeat of term 1; that says nothing about rounds of term 2 with such numbers.
#[test]
fn a_late_refusal_of_an_earlier_term_confirms_no_round() {
    let trace = run("set clients 2\nset heartbeat 20 ms\nseed 1\nhorizon 440 ms\nlatency 8..14 ms\nscript\n  \
        fire S1 Election#1 at 6 ms\n  at 60 ms request c1 write x 1\n  deliver S1>S2 Heartbeat#8 at 250 ms\n  \
        at 200 ms crash S1\n  at 205 ms restart S1\n  fire S1 Election#3 at 212 ms\n  at 275 ms cut S1 | S2 S3\n  \
        fire S2 Election#14 at 285 ms\n  at 312 ms request c2 write x 2\n  at 358 ms request c1 read x\n");
    let refuses =
        |say: &Message| matches!(appended(say), Some(Appended { term: 2, outcome: Outcome::Stale, round: 8.. }));
    assert!(messages(&trace, 1, 0).any(|(_, say)| refuses(say)));
    assert_eq!(at(&trace, 0, 400).role, Role::Leader, "as far as it knows");
    assert_eq!(answers(&trace).len(), 2, "both writes, and not the read");
}

/// Dissertation §6.4.1: once a majority has acknowledged its heartbeats, a leader may answer reads for about an election
/// time-out without asking again.
#[test]
fn a_lease_answers_at_once_and_only_while_it_lasts() {
    let text = "set no-op off\nset read-mode lease\nset drift-bound 0\nhorizon 420 ms\nscript\n  \
        fire S1 Election#1 at 105 ms\n  at 150 ms request c1 write x 1\n  at 230 ms cut S1 | S2 S3\n  ";
    let trace = run(&format!("{text}at 250 ms request c1 read x\n"));
    let (when, answer) = answers(&trace)[1];
    assert!(when < 290 && answer == Answer::Value(Some(1)), "cut off, but within its lease");
    let trace = run(&format!("{text}at 340 ms request c1 read x\n"));
    assert!(messages(&trace, 3, 0).count() > 1, "S1 is asked");
    let (when, _) = answers(&trace).get(1).copied().unwrap_or((999, Answer::Refused));
    assert!(when > 400, "its lease is over: it may not answer alone");
}

/// Dissertation §6.4.1: the lease allows for clocks that drift within the bound.
#[test]
fn a_lease_is_shorter_than_the_timeout_by_the_bound_on_drift() {
    let broken = simulate(&exhibit("lease-read-with-drifting-clock"));
    assert!(matches!(broken.verdicts[5], Verdict::Broken { .. }), "the flaw: the bound is ignored");
    let mut trace = without_flaws("lease-read-with-drifting-clock");
    assert_eq!(simulate(&trace).first_violation(), None);
    trace.settings.parameters[super::schedule::DRIFT_BOUND] = 0;
    assert!(matches!(simulate(&trace).verdicts[5], Verdict::Broken { .. }), "clocks that drift beyond the bound");
}

/// Dissertation §6.4.1: leases rest on servers that wait for their time-out. Who is told to stand (§3.10) does not, so a
/// leader that has told someone has no lease any more, not even when it has given up waiting.
#[test]
fn a_leader_that_tells_another_to_stand_has_no_lease() {
    let text = |transfer: &str| {
        let transfer = format!(
            "set no-op off\nset read-mode lease\nset drift-bound 0\nhorizon 520 ms\nscript\n  \
            fire S1 Election#1 at 105 ms\n  at 150 ms request c1 write x 1\n{transfer}"
        );
        format!("{transfer}  at 440 ms cut S1 | S2 S3\n  at 442 ms request c1 read x\n")
    };
    let when = |trace| answers(trace).last().map(|(when, _)| *when);
    let trace = run(&text(""));
    assert_eq!(elections(&trace), [NodeId(0)]);
    assert!(when(&trace) > Some(442), "its lease lasts");
    // S3 is told so late that S1 has given up, and leads where S1 does not see it.
    let trace = run(&text(
        "  at 200 ms request S1 transfer-to S3\n  deliver S1>S3 TimeoutNow#1 at 425 ms\n  \
        drop S3>S1 RequestVote#1\n",
    ));
    assert_eq!(elections(&trace), [NodeId(0), NodeId(2)]);
    assert_eq!(at(&trace, 0, 480).role, Role::Leader);
    assert!(answers(&trace).contains(&(400, Answer::Refused)), "the transfer is given up");
    assert!(when(&trace) < Some(442), "S1 does not answer alone");
}
