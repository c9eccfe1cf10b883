//! Histories known from papers, and the claims about those that no order explains.

use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_formats::edn;
use lightcone_judges::check::linearizable;
use lightcone_judges::{
    Consistency, Disorder, History, OBJECT_TYPES, ObjectType, Recorded, Register, Unplaced, Verdict,
};

/// "0 write 3" asks; "0 ok 3", "0 fail" and "0 info" answer.
fn history(lines: &str) -> Recorded {
    let line = |line: &str| {
        let (process, rest) = line.trim().split_once(' ').expect("a process and a word");
        let (word, value) = rest.split_once(' ').unwrap_or((rest, "nil"));
        match word {
            "ok" | "fail" | "info" => format!("{{:process {process}, :type :{word}, :value {value}}}"),
            asks => format!("{{:process {process}, :type :invoke, :f :{asks}, :value {value}}}"),
        }
    };
    let text: Vec<String> = lines.split(',').map(line).collect();
    edn::read(&text.join("\n")).expect("it is a history")
}

fn judged(name: &str, lines: &str, consistency: Consistency) -> Verdict {
    let object = ObjectType::by_name(name).expect("the table has it");
    let verdict = object.judge(&history(lines), consistency, MAX_CHECKED_CONFIGURATIONS);
    verdict.expect("the object knows these words")
}

fn linearizes(name: &str, lines: &str) -> bool {
    matches!(judged(name, lines, Consistency::Linearizable), Verdict::Explained { .. })
}

fn consistent(name: &str, lines: &str) -> bool {
    matches!(judged(name, lines, Consistency::Sequential), Verdict::Explained { .. })
}

fn unplaced(name: &str, lines: &str) -> Unplaced {
    match judged(name, lines, Consistency::Linearizable) {
        Verdict::Unexplained(unplaced) => unplaced,
        other => panic!("{lines} is {other:?}"),
    }
}

/// Herlihy & Wing 1990, Figure 1: four histories of a queue.
#[test]
fn the_four_queues_of_herlihy_and_wing() {
    // H1: the enqueues overlap, so either may be first.
    assert!(linearizes(
        "queue",
        "0 enqueue 1, 1 enqueue 2, 1 ok, 0 ok, 1 dequeue, 1 ok 1, 0 dequeue, 0 ok 2, 0 enqueue 3, 0 ok"
    ));
    // H2: 1 was in the queue before 2, and yet 2 is first.
    let second = "0 enqueue 1, 0 ok, 1 enqueue 2, 0 dequeue, 1 ok, 0 ok 2";
    assert_eq!(
        unplaced("queue", second).sentence(),
        "dequeue = 2 must be 1: no order of the operations gives this answer"
    );
    // ... which nobody can tell without a clock.
    assert!(consistent("queue", second));
    // H3: what is still being enqueued can be dequeued.
    assert!(linearizes("queue", "0 enqueue 1, 1 dequeue, 1 ok 1"));
    // H4: 2 is dequeued twice.
    let fourth = "0 enqueue 1, 1 enqueue 2, 0 ok, 1 ok, 0 dequeue, 2 dequeue, 0 ok 2, 2 ok 2";
    assert_eq!(unplaced("queue", fourth).claim, "dequeue = 2 must be 1");
    assert!(!consistent("queue", fourth));
}

/// Lamport 1979: two processes each write one register and then read the other's.
#[test]
fn sequential_consistency_is_not_local_and_linearizability_is() {
    let both = "0 write [:x 1], 1 write [:y 1], 0 ok [:x 1], 1 ok [:y 1], \
        0 read [:y nil], 1 read [:x nil], 0 ok [:y nil], 1 ok [:x nil]";
    assert!(!consistent("key-value", both), "one of the writes was first");
    let x = "0 write [:x 1], 0 ok [:x 1], 1 read [:x nil], 1 ok [:x nil]";
    let y = "1 write [:y 1], 1 ok [:y 1], 0 read [:y nil], 0 ok [:y nil]";
    assert!(consistent("key-value", x) && consistent("key-value", y), "each register alone could be so");
    let unplaced = unplaced("key-value", both);
    assert_eq!(unplaced.sentence(), "read y = nothing must be 1: the write of 1 was done before it began");
}

/// Lamport 1986: a regular register may do this, an atomic one may not; ABD's second phase is against it (Attiya, Bar-Noy
/// & Dolev 1995).
#[test]
fn new_then_old_is_seen_though_the_write_goes_on() {
    let inversion = "0 write 1, 0 ok, 0 write 2, 1 read, 1 ok 2, 2 read, 2 ok 1";
    let unplaced = unplaced("register", inversion);
    assert_eq!(unplaced.sentence(), "read x = 1 must be 2: the read of 2 was done before it began");
    assert_eq!((unplaced.furthest, unplaced.operation), (vec![0, 1, 2], 3));
    assert_eq!(unplaced.reason.and_then(|reason| reason.because), Some(2));
    assert!(linearizes("register", "0 write 1, 0 ok, 0 write 2, 1 read, 2 read, 1 ok 2, 2 ok 1"));
}

/// What became of an operation decides: it happened, it did not, or nobody knows, for ever.
#[test]
fn ok_fail_and_info_are_three_things() {
    let reads = |told: &str, value: u32| {
        linearizes("register", &format!("0 write 1, 0 ok, 0 write 2, 0 {told}, 1 read, 1 ok 1, 2 read, 2 ok {value}"))
    };
    assert!(!reads("ok", 2));
    assert!(!reads("fail", 2));
    assert!(reads("fail", 1));
    assert!(reads("info", 2), "it may take effect long after it was given up");
    assert!(reads("info", 1), "or never");
    assert!(linearizes("register", "0 write 1, 0 info, 0 write 2, 0 ok, 1 read, 1 ok 2, 1 read, 1 ok 1"));
    // The number asks again: a new process, which the old one's write may follow.
    assert!(consistent("register", "0 write 1, 0 info, 0 write 2, 0 ok, 0 read, 0 ok 1"));
    assert!(!consistent("register", "0 write 1, 0 ok, 0 write 2, 0 ok, 0 read, 0 ok 1"));
}

#[test]
fn each_reason_is_the_true_one() {
    for (name, lines, sentence) in [
        (
            "register",
            "0 write 1, 0 ok, 0 write 2, 0 ok, 1 read, 1 ok 1",
            "read x = 1 must be 2: the write of 2 was done before it began",
        ),
        (
            "register",
            "0 write 1, 0 ok, 1 read, 1 ok",
            "read x = nothing must be 1: the write of 1 was done before it began",
        ),
        ("register", "0 write 1, 0 ok, 1 read, 1 ok 7", "read x = 7 must be 1: 7 was never written"),
        (
            "register",
            "0 write 1, 0 ok, 1 read, 1 ok 7, 0 write 7, 0 ok",
            "read x = 7 must be 1: 7 was written only after it",
        ),
        (
            "register",
            "0 write 1, 0 ok, 0 write 2, 2 write 3, 0 ok, 2 ok, 1 read, 1 ok 1",
            "read x = 1 must be 2 or 3: the write of 3 was done before it began",
        ),
        (
            "register",
            "0 write 1, 0 ok, 0 write 1, 2 write 2, 0 ok, 2 ok, 1 read, 1 ok 1, 1 read, 1 ok 2",
            "read x = 2 must be 1: no order of the operations gives this answer",
        ),
        (
            "compare-and-set",
            "0 write 1, 0 ok, 0 cas [1 2], 0 ok, 1 read, 1 ok 1",
            "read x = 1 must be 2: the change to 2 was done before it began",
        ),
        (
            "compare-and-set",
            "0 write 1, 0 ok, 0 write 2, 0 ok, 1 cas [1 3], 1 ok",
            "compare-and-set x: 1 to 3 cannot succeed: the write of 2 was done before it began",
        ),
        (
            "compare-and-set",
            "0 write 1, 0 ok, 1 cas [1 3], 1 ok false",
            "compare-and-set x: 1 to 3 must succeed: no order of the operations gives this answer",
        ),
        (
            "key-value",
            "0 write [:z 1], 0 ok [:z 1], 0 add [:z 1], 0 ok [:z 1], 1 read [:z nil], 1 ok [:z 1]",
            "read z = 1 must be 2: no order of the operations gives this answer",
        ),
        (
            "lock",
            "0 acquire, 0 ok, 1 acquire, 1 ok, 0 release, 0 ok",
            "acquire by 1 cannot succeed: process 0 acquired it before and did not release it",
        ),
        (
            "lock",
            "0 acquire, 0 ok, 1 release, 1 ok",
            "release by 1 cannot succeed: no order of the operations gives this answer",
        ),
        ("queue", "0 enqueue 1, 0 ok, 1 dequeue, 1 ok 2", "dequeue = 2 must be 1: 2 was never enqueued"),
        ("queue", "1 dequeue, 1 ok 2, 0 enqueue 2, 0 ok", "dequeue = 2 must be nothing: 2 was enqueued only after it"),
        (
            "queue",
            "0 enqueue 1, 0 ok, 1 dequeue, 1 ok 1, 1 dequeue, 1 ok 1",
            "dequeue = 1 must be nothing: the dequeue of 1 was done before it began",
        ),
        (
            "test-and-set",
            "0 test-and-set, 0 ok 0, 1 test-and-set, 1 ok false",
            "test-and-set = 0 must be 1: a test-and-set was done before it began",
        ),
        ("test-and-set", "0 test-and-set, 0 ok true", "test-and-set = 1 must be 0: nobody had set it"),
        ("log", "0 append 1, 0 ok, 1 read, 1 ok [1 2]", "read = [1 2] must be [1]: 2 was never appended"),
        (
            "log",
            "0 append 1, 0 ok, 0 append 2, 0 ok, 1 read, 1 ok [1]",
            "read = [1] must be [1 2]: the append of 2 was done before it began",
        ),
        ("log", "1 read, 1 ok [1], 0 append 1, 0 ok", "read = [1] must be []: 1 was appended only after it"),
    ] {
        assert_eq!(unplaced(name, lines).sentence(), sentence, "{name}: {lines}");
    }
}

#[test]
fn what_a_specification_does_not_know_is_refused_in_words() {
    for (name, lines, said) in [
        (
            "register",
            "3 push 4, 3 ok",
            "`:push 4` of process 3 is nothing that a register does. It knows: :read nil, :write 3.",
        ),
        (
            "register",
            "3 cas [1 2], 3 ok",
            "`:cas [1 2]` of process 3 is nothing that a register does. It knows: :read nil, :write 3.",
        ),
        (
            "counter",
            "0 read, 0 ok :x",
            "`:read nil with the answer :x` of process 0 is nothing that a counter does. It knows: :add 3, :read nil.",
        ),
    ] {
        let object = ObjectType::by_name(name).expect("the table has it");
        let unfit = object.judge(&history(lines), Consistency::Linearizable, 100).expect_err("it knows no such");
        assert_eq!(unfit.to_string(), said);
    }
    assert_eq!(OBJECT_TYPES.map(|each| each.name).len(), 9);
    assert!(ObjectType::by_name("stack").is_none());
}

/// Additions of which nobody knows, each of another power of two, and a read that needs one more: any of them may be missing.
fn hard(additions: u32, key: Key) -> History<Operation, Answer> {
    let mut history = History::default();
    for process in 0..additions {
        history.call(process, Operation::Add { key, amount: 2 << process }).expect("each asks once");
    }
    history.call(additions, Operation::Read { key }).expect("it asks once");
    history.answer(additions, Answer::Value(Some(1))).expect("it waits");
    history
}

#[test]
fn with_too_many_configurations_it_cannot_tell_and_says_so() {
    assert!(matches!(linearizable::<Register>(&hard(6, Key(0)), 1_000), Verdict::Unexplained(_)));
    let Verdict::Undecided { configurations } = linearizable::<Register>(&hard(12, Key(0)), 1_000) else {
        panic!("it is too hard for a thousand configurations");
    };
    assert!((1_000..=1_001).contains(&configurations), "{configurations}");
}

#[test]
fn a_history_that_is_wrong_in_one_part_is_wrong_even_if_another_is_too_hard() {
    let mut history = hard(12, Key(0));
    let y = Key(1);
    history.call(50, Operation::Read { key: y }).expect("it asks once");
    history.answer(50, Answer::Value(Some(9))).expect("it waits");
    let Verdict::Unexplained(unplaced) = linearizable::<Register>(&history, 1_000) else {
        panic!("9 was never written to y");
    };
    assert_eq!(unplaced.sentence(), "read y = 9 must be nothing: 9 was never written");
}

/// A hundred thousand operations, of which some were given up at the very start: what is remembered stays short.
#[test]
fn long_histories_are_no_harder_than_short_ones() {
    let mut history = History::default();
    let key = Key(0);
    for process in 100..103 {
        history.call(process, Operation::Write { key, value: -1 }).expect("each asks once");
        history.give_up(process).expect("it waits");
    }
    for turn in 0..25_000 {
        let process = turn as u32 % 4;
        history.call(process, Operation::Write { key, value: turn }).expect("it waits for nothing");
        history.call(process + 4, Operation::Read { key }).expect("it waits for nothing");
        history.answer(process, Answer::Done).expect("it waits");
        history.call(process + 8, Operation::Read { key }).expect("it waits for nothing");
        history.answer(process + 4, Answer::Value(Some(turn - turn % 2))).expect("it waits");
        history.answer(process + 8, Answer::Value(Some(turn))).expect("it waits");
        history.call(process, Operation::Add { key, amount: 0 }).expect("it waits for nothing");
        history.answer(process, Answer::Done).expect("it waits");
    }
    match linearizable::<Register>(&history, 200_000) {
        Verdict::Explained { order } => assert_eq!(order.len(), 100_000),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_process_does_one_thing_at_a_time() {
    let mut history: History<(), ()> = History::default();
    assert_eq!(history.answer(1, ()), Err(Disorder::AnsweredWithoutAsking));
    assert_eq!(history.call(1, ()), Ok(0));
    assert_eq!(history.call(1, ()), Err(Disorder::AsksWhileWaiting));
    assert_eq!(history.give_up(1), Ok(0));
    assert_eq!(history.fail(1), Err(Disorder::AnsweredWithoutAsking));
    assert_eq!(history.call(1, ()), Ok(1));
}
