//! Quorums that meet (Gifford) and the register on top of them (ABD; Lynch & Shvartsman).

use super::schedule::{ABD, LINEARIZABLE, QUORUMS_MEET, STAND_INS, broken};
use super::{X, answers, count, exhibit, run, schedules, simulate, walk};
use lightcone_engine::operation::Answer;
use lightcone_engine::protocol::Happening;
use lightcone_protocols::replication::quorum::{Fact, Message, Stamp};
use std::collections::BTreeMap;

/// Gifford: a writer finds the current version number in a read quorum, and its version's is greater.
#[test]
fn a_write_goes_beyond_every_version_that_its_quorum_has() {
    let mut writes = 0;
    for scenario in schedules(&[], 150) {
        let mut found: BTreeMap<_, Stamp> = BTreeMap::new();
        walk(&scenario, |moment| {
            if let Some((_, &Message::Found(call, _, version))) = moment.received {
                let most = found.entry((moment.node, call.sequence)).or_default();
                *most = version.stamp.max(*most);
            }
            for (_, message) in moment.sent() {
                if let Message::Store(call, _, version) = message
                    && let Some((_, Message::Found(..))) = moment.received
                {
                    assert!(version.stamp.counter > found[&(moment.node, call.sequence)].counter);
                    writes += 1;
                }
            }
        });
    }
    assert!(writes > 500, "{writes}");
}

/// Gifford: if r + w is not greater than the number of votes, a read may miss the last write altogether.
#[test]
fn quorums_that_need_not_meet_may_miss_a_write_that_is_over() {
    let trace = simulate(&exhibit("eventually-but-when"));
    assert_eq!(answers(&trace)[..3], [Answer::Done, Answer::Value(None), Answer::Value(None)]);
    assert_eq!(broken(&trace, QUORUMS_MEET), None, "nobody promised that they meet");
}

/// ABD: the value that a read returns is at a majority before it returns it.
#[test]
fn what_an_abd_reader_returns_a_write_quorum_has() {
    let mut reads = 0;
    for scenario in schedules(&[(ABD, 1)], 150) {
        let (nodes, write) = (super::schedule::nodes(&scenario), scenario.settings.parameters[2] as usize);
        walk(&scenario, |moment| {
            let reads_a_value =
                |each: &Happening| matches!(each, Happening::Replied { answer: Answer::Value(Some(_)), .. });
            for fact in moment.facts().filter(|_| moment.happenings.iter().any(reads_a_value)) {
                if let Fact::Completed { key, version } = fact {
                    assert!(moment.having(*key, version.stamp, nodes) >= write);
                    reads += 1;
                }
            }
        });
    }
    assert!(reads > 200, "{reads}");
}

/// ABD: without the write-back the register is regular at most: a new value, then an old one again.
#[test]
fn without_writing_back_a_later_read_may_see_less_than_an_earlier() {
    let trace = simulate(&exhibit("r-plus-w-but-stale"));
    let one = |value| Answer::Value(Some(value));
    assert_eq!(answers(&trace), [Answer::Done, one(2), one(1), Answer::Done]);
    assert!(broken(&trace, LINEARIZABLE).is_some() && broken(&trace, QUORUMS_MEET).is_none());
    assert_eq!(answers(&simulate(&exhibit("abd-writes-back"))), [Answer::Done, one(2), one(2), Answer::Done]);
}

/// ABD: an operation takes a number of messages that is linear in the number of processors.
#[test]
fn an_operation_takes_two_round_trips_to_every_replica() {
    for replicas in 2..=7 {
        let trace = run(&format!(
            "set replicas {replicas}\nset read-quorum {0}\nset write-quorum {0}\nset abd on\nscript\n  \
            at 10 ms request c1 write x 1\n  at 100 ms request c1 read x\n",
            replicas / 2 + 1
        ));
        assert_eq!(trace.messages.len(), 2 * 4 * replicas, "write and read, two phases each, there and back");
        assert_eq!((count(&trace, "WriteBack"), answers(&trace).len()), (replicas, 2));
    }
}

/// ABD: it works as long as a majority is up, and no emulation does with less.
#[test]
fn a_minority_may_stop_and_a_majority_may_not() {
    let text = |crashed: &[&str]| {
        let crashes: String = crashed.iter().map(|node| format!("  at 5 ms crash {node}\n")).collect();
        format!(
            "set replicas 5\nset read-quorum 3\nset write-quorum 3\nset abd on\nscript\n{crashes}  \
            at 10 ms request c1 write x 1\n  at 100 ms request c2 read x\n"
        )
    };
    assert_eq!(answers(&run(&text(&["N1", "N4"]))), [Answer::Done, Answer::Value(Some(1))]);
    assert_eq!(answers(&run(&text(&["N1", "N4", "N5"]))), []);
}

/// Lynch & Shvartsman: tags are pairs of a number and the writer, so no two writes have the same.
#[test]
fn no_two_writes_have_the_same_stamp() {
    let mut ties = 0;
    for scenario in schedules(&[], 200) {
        let mut given = BTreeMap::new();
        walk(&scenario, |moment| {
            for (_, message) in moment.sent() {
                if let Message::Store(call, key, version) = message {
                    let by = (moment.node, call.sequence);
                    assert_eq!(
                        *given.entry((*key, version.stamp)).or_insert(by),
                        by,
                        "{} is given twice",
                        version.stamp
                    );
                }
            }
        });
        let counters: Vec<_> = given.keys().map(|(key, stamp)| (*key, stamp.counter)).collect();
        ties += usize::from(counters.windows(2).any(|pair| pair[0] == pair[1]));
    }
    assert!(ties > 20, "in {ties} runs two writers count alike");
}

/// ABD: a processor that is told a smaller label keeps what it has, and acknowledges.
#[test]
fn a_replica_never_goes_back_and_always_answers() {
    let mut older = 0;
    for scenario in schedules(&[(STAND_INS, 0)], 150) {
        let mut latest: BTreeMap<_, Stamp> = BTreeMap::new();
        walk(&scenario, |moment| {
            if moment.node.0 >= super::schedule::nodes(&scenario) {
                return;
            }
            let now = super::durable(moment.world, moment.node.0).version(X).stamp;
            let before = latest.insert(moment.node, now).unwrap_or_default();
            assert!(now >= before);
            if let Some((client, Message::Store(_, X, version) | Message::WriteBack(_, X, version))) = moment.received
                && !moment.happenings.iter().any(|happening| matches!(happening, Happening::CrashedHere(_)))
            {
                assert!(moment.sent().any(|(to, message)| to == client && matches!(message, Message::Stored(_))));
                older += u32::from(version.stamp < before);
            }
        });
    }
    assert!(older > 20, "{older}");
}

/// A client that comes back counts on: none of the papers has clients that do, and the stamps must stay apart.
#[test]
fn a_client_that_was_stopped_does_not_give_a_stamp_again() {
    let trace = run(
        "horizon 400 ms\nscript\n  at 10 ms request c1 write x 1\n  drop c1>N1 Store#1\n  drop c1>N2 Store#1\n  \
        deliver c1>N3 Store#1 at 250 ms\n  at 60 ms crash c1\n  at 70 ms restart c1\n  at 80 ms request c1 write x 2\n",
    );
    let stores = trace.messages.iter().filter_map(|message| match message.payload.as_any().downcast_ref() {
        Some(Message::Store(.., version)) => Some((version.value, version.stamp.counter)),
        _ => None,
    });
    let mut stores: Vec<_> = stores.collect();
    stores.dedup();
    assert_eq!(stores, [(Some(1), 1), (Some(2), 2)]);
}
