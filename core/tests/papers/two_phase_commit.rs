//! "BHG": P. Bernstein, V. Hadzilacos and N. Goodman, *Concurrency Control and Recovery in Database Systems*, 1987,
//! chapter 7; J. Gray, *Notes on Data Base Operating Systems*, 1978; "R\*": C. Mohan, B. Lindsay and R.
//! Obermarck, *Transaction Management in the R\* Distributed Database Management System*, 1986. All paraphrased.
//!
//! Claims about every run are read off the logs and messages of random fault schedules, not asked of the observer.

mod schedule;

use fastrand::Rng;
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::ConditionKind;
use lightcone_engine::run::trace::{Deed, Verdict};
use lightcone_engine::{Action, Edit, EventIndex, NodeId, Time, Trace, simulate};
use lightcone_formats::text::decode;
use lightcone_protocols::commit::two_phase_commit::log::{Record, Stable};
use lightcone_protocols::commit::two_phase_commit::{Fact, Message};
use lightcone_protocols::parts::atomic_commit::{Decision, Transaction};
use lightcone_tests::common::schedule::inside;
use lightcone_tests::count::share;
use schedule::{CLIENTS, PARTICIPANTS};

const TM: NodeId = NodeId(0);

/// One transaction on x and y, and what else happens.
fn run(lines: &str) -> Trace {
    let all = "  at 5 ms request c1 write x 1\n  at 6 ms request c1 write y 1\n  at 7 ms request c1 commit\n";
    let text = format!("lightcone 1\nprotocol 2pc 1\nset clients 1\nhorizon 400 ms\nscript\n{all}{lines}");
    simulate(&decode(&text, lightcone_protocols::PROTOCOLS).expect("the text can be read"))
}

fn schedules(count: u64, test: impl Fn(&Trace)) {
    for seed in 0..share(count) {
        let mut rng = Rng::with_seed(seed);
        let knobs = [(PARTICIPANTS, rng.u32(1..=4)), (CLIENTS, 2)];
        test(&simulate(&schedule::schedule(&knobs, &mut rng)));
    }
}

/// What each node's log says at the end, the coordinator's first.
fn logs(trace: &Trace) -> Vec<Stable> {
    let world = trace.world_at(EventIndex(trace.events.len() as u32 - 1));
    let servers = trace.lanes().iter().filter(|lane| !lane.client).count() as u8;
    let kept = |node| world.durable(NodeId(node))?.as_any().downcast_ref::<Stable>().cloned();
    (0..servers).map(|node| kept(node).expect("every lane has a log")).collect()
}

fn committed(kept: &Stable) -> impl Iterator<Item = Transaction> {
    kept.log.iter().filter_map(|record| match record {
        Record::Decided(each, Decision::Commit) => Some(*each),
        _ => None,
    })
}

fn said(trace: &Trace, place: u32) -> &Message {
    trace.messages[place as usize].payload.as_any().downcast_ref().expect("a message of this protocol")
}

fn sent(trace: &Trace, what: impl Fn(&Message) -> bool) -> usize {
    (0..trace.messages.len() as u32).filter(|place| what(said(trace, *place))).count()
}

fn answers(trace: &Trace) -> Vec<Answer> {
    let answer = |deed: &Deed| if let Deed::Replied(_, answer) = deed { Some(*answer) } else { None };
    trace.deeds.iter().filter_map(answer).collect()
}

/// Who aborts, in order.
fn aborting(trace: &Trace) -> Vec<NodeId> {
    let aborts = trace.facts().filter(|(_, fact)| matches!(fact, Fact::Decided { decision: Decision::Abort, .. }));
    aborts.filter_map(|(event, _)| trace.event(event).node).collect()
}

/// BHG §7.3, AC1 and AC2: all that decide decide alike, and nobody reverses a decision.
#[test]
fn no_two_logs_disagree() {
    schedules(1_000, |trace| {
        let logs = logs(trace);
        for transaction in logs.iter().flat_map(committed) {
            assert!(
                logs.iter().all(|kept| !kept.log.contains(&Record::Decided(transaction, Decision::Abort))),
                "{transaction}"
            );
        }
    });
}

/// BHG §7.3, AC3: commit is reached only if all have voted yes. §7.4: and a yes is in the log of whoever gave it.
#[test]
fn what_is_committed_has_a_yes_record_at_every_participant() {
    schedules(1_000, |trace| {
        let logs = logs(trace);
        for (transaction, participants) in logs[0].started() {
            for node in participants.iter().filter(|_| committed(&logs[0]).any(|each| each == transaction)) {
                let yes = |record: &Record| matches!(record, Record::Prepared(work) if work.transaction == transaction);
                assert!(logs[node.index()].log.iter().any(yes), "{transaction} at {node:?}");
            }
        }
    });
}

/// BHG §7.3, AC4: if nothing fails and all vote yes, the decision is to commit.
#[test]
fn without_failures_it_commits() {
    for seed in 1..200 {
        let mut scenario = (*run("").scenario).clone();
        scenario.seed = seed;
        assert_eq!(answers(&simulate(&scenario)), [Answer::Done; 3]);
    }
}

/// BHG §7.4: a yes record is written before the yes is sent, a commit record before the commit is sent.
#[test]
fn promises_and_decisions_are_written_before_they_are_sent() {
    let knows = |kept: &Stable, say: &Message| match say {
        Message::Yes(transaction) => {
            kept.log.iter().any(|record| matches!(record, Record::Prepared(work) if work.transaction == *transaction))
        }
        Message::Commit(transaction) => kept.decision(*transaction) == Some(Decision::Commit),
        _ => true,
    };
    schedules(400, |trace| {
        let mut kept = vec![Stable::default(); trace.lanes().len()];
        for event in (0..trace.events.len() as u32).map(EventIndex) {
            let Some(node) = trace.event(event).node else { continue };
            for deed in trace.deeds(event) {
                match deed {
                    Deed::Persisted(durable) => {
                        kept[node.index()] = durable.as_any().downcast_ref::<Stable>().expect("a log").clone();
                    }
                    Deed::Sent(place) => assert!(knows(&kept[node.index()], said(trace, *place)), "{event:?}"),
                    _ => {}
                }
            }
        }
    });
}

/// BHG §7.4: without failures there are three rounds: n vote requests, n votes, n decisions.
#[test]
fn three_messages_for_each_participant_and_the_acknowledgements_of_a_commit() {
    let trace = run("");
    let rounds: [fn(&Message) -> bool; 4] = [
        |say| matches!(say, Message::Prepare(..)),
        |say| matches!(say, Message::Yes(_)),
        |say| matches!(say, Message::Commit(_)),
        |say| matches!(say, Message::Acknowledge(_)),
    ];
    assert_eq!(rounds.map(|round| sent(&trace, round)), [2; 4]);
    assert!(logs(&trace)[0].ended(Transaction(1)), "then the coordinator may forget it");
}

/// Gray: the commit record in the coordinator's log is the point of no return. A crash before it aborts, a crash
/// after it commits, whoever has heard of it.
#[test]
fn the_commit_record_decides() {
    for (effects, answer, decision) in [(1, Answer::Refused, Decision::Abort), (2, Answer::Done, Decision::Commit)] {
        let lines = format!("  crash during message P2>TM Yes#1 after {effects}\n  at 150 ms restart TM\n");
        let trace = run(&lines);
        assert_eq!(sent(&trace, |say| matches!(say, Message::Commit(_))) > 0, answer == Answer::Done);
        assert_eq!(answers(&trace).last(), Some(&answer));
        assert!(logs(&trace).iter().all(|kept| kept.decision(Transaction(1)) == Some(decision)));
    }
}

/// R\*: an abort is not acknowledged, and of a transaction that the coordinator has no record of it says abort.
#[test]
fn abort_is_presumed() {
    let trace = run("  at 84 ms crash TM\n  at 150 ms restart TM\n");
    assert_eq!(sent(&trace, |say| matches!(say, Message::Acknowledge(_))), 0);
    assert_eq!(sent(&trace, |say| matches!(say, Message::Abort(_))), 2, "one for each that asks");
    schedules(300, |trace| {
        for place in 0..trace.messages.len() as u32 {
            if let Message::Acknowledge(transaction) = said(trace, place) {
                assert_eq!(logs(trace)[0].decision(*transaction), Some(Decision::Commit));
            }
        }
    });
}

/// BHG §7.4: whoever has not voted may abort by itself, when no vote request comes and when it votes no.
#[test]
fn before_its_yes_a_participant_needs_nobody() {
    let trace = run("  at 50 ms crash TM\n");
    assert_eq!(aborting(&trace), [NodeId(1), NodeId(2)]);
    assert_eq!(sent(&trace, |say| matches!(say, Message::Ask(_))), 0);
}

/// BHG §7.4, cooperative termination: whoever is asked and has not voted aborts, and says so.
#[test]
fn a_peer_that_has_not_voted_ends_the_doubt() {
    let trace = run("  drop TM>P2 Prepare#1\n  at 84 ms crash TM\n");
    assert_eq!(aborting(&trace), [NodeId(2), NodeId(1)]);
    let alone = run("  drop TM>P2 Prepare#1\n  at 84 ms crash TM\n");
    let mut alone = (*alone.scenario).clone();
    alone.settings.parameters[schedule::COOPERATIVE] = 0;
    assert!(!aborting(&simulate(&alone)).contains(&NodeId(1)), "without it P1 stays in doubt");
}

/// BHG §7.3: with total failures or cuts every such protocol can block; §7.4: here as soon as the coordinator is out of
/// reach and all who can be reached are in doubt.
#[test]
fn those_in_doubt_stay_so_while_the_coordinator_is_cut_off() {
    let trace = run("  at 84 ms cut TM | P1 P2\n");
    assert!(logs(&trace)[1..].iter().all(|kept| kept.in_doubt().count() == 1));
    let healed = run("  at 84 ms cut TM | P1 P2\n  at 200 ms heal all\n");
    assert!(logs(&healed).iter().all(|kept| kept.decision(Transaction(1)).is_some()));
}

/// BHG §7.3: no protocol lets all failed processes recover without asking. Whoever had said yes has to ask; whoever had
/// not does not.
#[test]
fn recovery_is_independent_only_without_a_yes_record() {
    let asks = |lines: &str| {
        let trace = run(lines);
        (0..trace.messages.len())
            .filter(|place| {
                let message = &trace.messages[*place];
                message.id.from == NodeId(2)
                    && message.id.to == TM
                    && matches!(said(&trace, *place as u32), Message::Ask(_))
            })
            .count()
    };
    assert!(asks("  at 86 ms crash P2\n  at 150 ms restart P2\n") > 0);
    assert_eq!(asks("  at 60 ms crash P2\n  at 65 ms restart P2\n"), 0);
}

/// BHG §7.4: locks of those in doubt outlive their crash.
#[test]
fn a_participant_in_doubt_recovers_its_locks() {
    let trace = run("  at 84 ms crash TM\n  at 86 ms crash P2\n  at 150 ms restart P2\n");
    let locked = trace
        .conditions
        .iter()
        .filter(|change| change.node == NodeId(2) && change.condition.what == ConditionKind::Locked);
    let changes: Vec<bool> = locked.map(|change| change.begins.is_some()).collect();
    assert_eq!(changes, [true, false, true], "held, gone with the crash, held again for good");
}

/// c1 and c2 each add 1 to x and to y three times, x and y together.
fn pairs() -> Vec<Edit> {
    let step = |client: &str, place: u64| {
        let what = ["add x 1", "add y 1", "commit"][place as usize % 3];
        format!("  at {} ms request {client} {what}\n", place * 20)
    };
    let lines: String = (0..9).map(|place| step("c1", place) + &step("c2", place)).collect();
    let text = format!("lightcone 1\nprotocol 2pc 1\nscript\n{lines}");
    decode(&text, lightcone_protocols::PROTOCOLS).expect("the text can be read").script
}

fn stops_a_client(edit: &Edit) -> bool {
    let clients = NodeId(3)..;
    match *edit {
        Edit::At { action: Action::Crash(node) | Action::Pause(node), .. } => clients.contains(&node),
        Edit::CrashDuring { .. } => true,
        _ => false,
    }
}

/// Locks are held until the decision, and what is written is written everywhere or nowhere.
#[test]
fn rows_that_are_only_written_together_stay_equal() {
    let mut compared = 0;
    for seed in 0..share(600) {
        let mut scenario = schedule::schedule(&[], &mut Rng::with_seed(seed));
        scenario.script.retain(|edit| !matches!(edit, Edit::At { action: Action::Request { .. }, .. }));
        // Who stops between the two writes has not written them together.
        scenario.script.retain(|edit| !stops_a_client(edit));
        scenario.script.extend(pairs());
        scenario.horizon = Time::from_millis(900);
        // Disks that were blank before are written now.
        let trace = simulate(&inside(scenario));
        let kept = logs(&trace);
        if kept[1..=2].iter().all(|kept| kept.in_doubt().next().is_none()) {
            let value = |node: usize| kept[node].rows.last().map(|(_, value)| *value);
            assert_eq!(value(1), value(2), "seed {seed}");
            compared += u64::from(value(1).is_some());
        }
    }
    assert!(compared > share(300), "{compared} compared");
}

/// BHG §7.4: who is blocked, and whose return or answer would end it.
#[test]
fn who_is_in_doubt_at_the_end_could_be_helped_by_whoever_may_know() {
    let blocked = |lines: &str| match run(lines).verdicts.swap_remove(3) {
        Verdict::NotByTheEnd { breach: Some(breach) } => breach.sentence,
        verdict => panic!("{lines}: {verdict:?}"),
    };
    let both = "P1 and P2 cannot decide T1";
    assert_eq!(blocked("  at 84 ms crash TM\n"), format!("{both} unless TM comes back."));
    assert_eq!(blocked("  at 84 ms cut TM | P1 P2\n"), format!("{both} until TM answers."));
    // P1 has the commit, and could tell P2. P2 alone could tell nobody.
    let one_knows = "  drop TM>P2 Commit#1\n  at 105 ms crash TM\n  at 106 ms crash P1\n";
    assert_eq!(blocked(one_knows), "P2 cannot decide T1 unless TM or P1 comes back.");
    let stopped = "  at 84 ms crash TM\n  at 86 ms crash P2\n  at 87 ms crash P1\n  at 88 ms restart TM\n";
    assert_eq!(blocked(stopped), "P1 and P2 cannot decide T1 unless P1 or P2 comes back.");
}
