//! §8 Client interaction, and sessions (dissertation §6.3). Reads are in their own file.

use super::{LOG, always, answers, at, exhibit, in_schedules, messages, run, schedules, walk};
use crate::raft::schedule::{self, CLIENTS, READ_MODE};
use lightcone_engine::operation::Answer;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{NodeId, Scenario, Time, simulate};
use lightcone_protocols::consensus::raft::Message;
use lightcone_protocols::consensus::raft::machine::{Command, Machine, Request};
use lightcone_protocols::consensus::raft::server::Role;
use std::collections::BTreeMap;

/// §8: "If the client's first choice is not the leader, that server will reject the client's request and supply
/// information about the most recent leader it has heard from."
#[test]
fn a_client_is_sent_on_to_the_leader_and_asks_it_from_then_on() {
    let trace = run("horizon 300 ms\nscript\n  fire S2 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n  \
        at 200 ms request c1 write x 2\n");
    let sent_on: Vec<_> = messages(&trace, 0, 3).collect();
    let [(_, Message::Redirect { leader: Some(NodeId(1)), .. })] = sent_on[..] else { panic!("{sent_on:?}") };
    assert_eq!([0, 1, 2].map(|server| messages(&trace, 3, server).count()), [1, 2, 0]);
    assert_eq!(answers(&trace).len(), 2);
}

/// §8: "If the leader crashes, client requests will time out; clients then try again with randomly-chosen servers."
/// (Here with the next one, so that a run is easier to follow.)
#[test]
fn a_client_that_gets_no_answer_asks_another_server() {
    let trace = run(
        "horizon 600 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 50 ms crash S1\n  at 60 ms request c1 write x 1\n",
    );
    let asked = |node: u8| messages(&trace, 3, node).count();
    assert!(asked(0) == 1 && asked(1) + asked(2) > 0);
    let again = [1, 2].iter().flat_map(|&node| messages(&trace, 3, node)).map(|(sent, _)| sent).min();
    assert_eq!(again, Some(Time::from_millis(60 + 120)), "when its patience is over");
    assert_eq!(answers(&trace).len(), 1);
}

/// §8: "The solution is for clients to assign unique serial numbers to every command."
#[test]
fn no_client_uses_a_number_for_two_commands() {
    let mut again = 0;
    for scenario in schedules(&[(CLIENTS, 2)], 200) {
        let mut commands = BTreeMap::new();
        walk(&scenario, |moment| {
            if let Some((client, Message::Request { sequence, operation })) = moment.received {
                let (first, asked) = commands.entry((client, *sequence)).or_insert((*operation, 0));
                assert_eq!(first, operation);
                *asked += 1;
                again += u32::from(*asked == 2);
            }
        });
    }
    assert!(again > 100, "{again} were asked more than once");
}

/// §8: "If it receives a command whose serial number has already been executed, it responds immediately without
/// re-executing the request."
#[test]
fn a_command_that_was_executed_is_answered_again_and_not_executed_again() {
    let trace = simulate(&exhibit("duplicate-after-leader-crash"));
    let given = |trace| answers(trace).iter().map(|(_, answer)| *answer).collect::<Vec<_>>();
    assert_eq!(given(&trace), [Answer::Done, Answer::Value(Some(1))]);
    let trace = simulate(&exhibit("duplicate-without-sessions"));
    assert_eq!(given(&trace).last(), Some(&Answer::Value(Some(2))), "the flaw");
    // A leader that has executed it does not even write it down.
    in_schedules(&[], 400, 10, |moment| {
        let (Some((client, Message::Request { sequence, operation })), Some((before, after))) =
            (moment.received, moment.states())
        else {
            return false;
        };
        let session = before.machine.session_at(client, *sequence).filter(|session| session.sequence == *sequence);
        let Some(session) = session.filter(|_| before.role == Role::Leader) else {
            return false;
        };
        let told = moment.sent().any(|(to, say)| {
            to == client && matches!(say, Message::Response { answer, .. } if *answer == session.answer)
        });
        assert!(told, "{operation} is answered at once");
        assert_eq!((&before.stable.log, &before.machine), (&after.stable.log, &after.machine));
        true
    });
}

/// Dissertation §6.3: each server keeps, for each client, the last number it processed and the response; what is in the
/// log twice takes effect once, on every server alike.
#[test]
fn a_command_that_is_in_the_log_twice_takes_effect_once() {
    let mut twice = 0;
    for scenario in schedules(&[(CLIENTS, 2), (READ_MODE, LOG)], 400) {
        let mut machines: BTreeMap<u32, Machine> = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some((before, after)) = moment.states() else { return };
            let (machine, applied) = (&after.machine, after.machine.applied);
            if before.machine.applied == applied {
                return;
            }
            assert_eq!(machines.entry(applied).or_insert_with(|| machine.clone()), machine, "all servers are alike");
            let mut highest = BTreeMap::new();
            let (mut fresh, mut all) = (0, 0);
            for entry in after.stable.log.entries().take(applied as usize) {
                let Command::Client(Request { client, sequence, .. }) = entry.command else { continue };
                all += 1;
                fresh += u32::from(highest.get(&client).is_none_or(|highest| sequence > *highest));
                let highest = highest.entry(client).or_insert(sequence);
                *highest = sequence.max(*highest);
            }
            assert_eq!(machine.executed, fresh);
            for (client, sequence) in highest {
                assert_eq!(machine.session_at(client, sequence).map(|session| session.sequence), Some(sequence));
            }
            twice += u32::from(all > fresh);
        });
    }
    assert!(twice > 20, "{twice}");
}

/// §8, our goal: "linearizable semantics (each operation appears to execute instantaneously, exactly once, at some point
/// between its invocation and its response)." In every read mode.
#[test]
fn clients_see_one_copy_in_every_read_mode() {
    for mode in [LOG, super::READ_INDEX, super::LEASE] {
        let (mut reads, mut writes) = (0, 0);
        for scenario in schedules(&[(READ_MODE, mode)], 150) {
            let trace = simulate(&scenario);
            assert_eq!(schedule::broken(&trace), None);
            for (_, answer) in answers(&trace) {
                let counts = if matches!(answer, Answer::Value(_)) { &mut reads } else { &mut writes };
                *counts += 1;
            }
        }
        assert!(reads > 50 && writes > 50, "{reads} and {writes} in read mode {mode}");
    }
}

/// §5.1, §8: requests are retried until they are answered, and while "any majority of the servers are operational" (§2)
/// they are.
#[test]
fn every_request_is_answered_while_a_majority_runs() {
    let ends = |stopped: &[u8], seed: u64| {
        let mut scenario = Scenario::new(lightcone_protocols::by_id("raft").expect("Raft is registered"));
        scenario.settings = schedule::settings(&[(CLIENTS, 2)]);
        (scenario.seed, scenario.horizon) = (seed, Time::from_millis(2_500));
        let mut text = lightcone_formats::text::encode(&scenario) + "script\n";
        for (place, at) in [100, 250, 400, 600].into_iter().enumerate() {
            text += &format!("  at {at} ms request c1 add x 1\n  at {} ms request c2 read x\n", at + 30);
            if let Some(server) = stopped.get(place) {
                text += &format!("  at {} ms crash S{}\n", at + 5, server + 1);
            }
        }
        let trace = simulate(
            &lightcone_formats::text::decode(&text, lightcone_protocols::PROTOCOLS).expect("the text can be read"),
        );
        let answered = trace.specification().properties.iter().position(|it| it.id == "every-request-answered");
        matches!(trace.verdicts[answered.expect("Raft promises it")], Verdict::Holds { .. })
    };
    assert!((0..40_u8).all(|seed| ends(&[seed % 5, (seed + 1 + seed / 5 % 4) % 5], seed.into())));
    assert!((0..40_u8).all(|seed| !ends(&[seed % 5, (seed + 1) % 5, (seed + 2) % 5], seed.into())), "three of five");
}

/// §8: "Raft handles this by having each leader commit a blank no-op entry into the log at the start of its term."
#[test]
fn a_leader_begins_its_term_with_a_no_op() {
    always(100, |moment| {
        let (true, Some((before, after))) = (moment.elected(), moment.states()) else { return false };
        let first = after.stable.log.entry(before.stable.log.last_index() + 1).expect("there is an entry");
        assert_eq!((first.term, first.command), (after.stable.term, Command::NoOp));
        true
    });
    let trace = run("horizon 90 ms\nscript\n  fire S1 Election#1 at 10 ms\n");
    assert_eq!(at(&trace, 0, 90).commit, 1, "and commits it");
}
