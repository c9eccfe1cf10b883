//! The online judge agrees with brute force over all orders, on random small histories.

use lightcone_engine::hash::mix;
use lightcone_engine::operation::{Answer, Key, Operation, Value};
use lightcone_engine::{EventIndex, NodeId, RequestId};
use lightcone_judges::{Judge, Register, Sequential, StoreJudge};
use lightcone_tests::count::share;

const X: Key = Key(0);

#[derive(Clone, Copy, Debug)]
struct Done {
    operation: Operation,
    asked: usize,
    /// None if it was never answered.
    answered: Option<(usize, Answer)>,
}

/// Tries every order that keeps real time, leaving out any of the unanswered operations.
fn some_order_explains(history: &[Done], taken: u32, state: Register) -> bool {
    let open = |place: usize| taken & (1 << place) == 0;
    if (0..history.len()).all(|place| !open(place) || history[place].answered.is_none()) {
        return true;
    }
    let first_end =
        (0..history.len()).filter(|&place| open(place)).filter_map(|place| Some(history[place].answered?.0)).min();
    (0..history.len()).filter(|&place| open(place)).any(|place| {
        let done = history[place];
        if first_end.is_some_and(|end| done.asked > end) {
            return false;
        }
        let mut next = state;
        let answer = next.apply(done.operation);
        let fits = done.answered.is_none_or(|(_, told)| told == answer);
        fits && some_order_explains(history, taken | (1 << place), next)
    })
}

fn random_history(seed: u64) -> Vec<Done> {
    let mut state = seed;
    let mut draw = |bound: u64| {
        state = mix(state.wrapping_add(0x9E37_79B9_7F4A_7C15));
        (state >> 33) % bound
    };
    let clients = 3;
    let mut history: Vec<Done> = Vec::new();
    let mut busy: Vec<Option<usize>> = vec![None; clients];
    for moment in 0..14 {
        let client = draw(clients as u64) as usize;
        if let Some(place) = busy[client].take() {
            let told = match history[place].operation {
                Operation::Read { .. } => Answer::Value([None, Some(1), Some(2), Some(3)][draw(4) as usize]),
                Operation::CompareAndSet { .. } if draw(2) == 0 => Answer::Refused,
                _ => Answer::Done,
            };
            history[place].answered = Some((moment, told));
            continue;
        }
        let value = draw(3) as i32 + 1;
        let operation = match draw(5) {
            0 | 1 => Operation::Read { key: X },
            2 | 3 => Operation::Write { key: X, value },
            _ => Operation::CompareAndSet { key: X, expected: value, value: value % 3 + 1 },
        };
        busy[client] = Some(history.len());
        history.push(Done { operation, asked: moment, answered: None });
    }
    history
}

fn judged(history: &[Done]) -> bool {
    let mut judge = Judge::default();
    for moment in 0..14 {
        for (place, done) in history.iter().enumerate() {
            let id = RequestId { node: NodeId(0), ordinal: place as u16 };
            if done.asked == moment {
                judge.asked(id, done.operation, EventIndex(moment as u32));
            }
            if let Some((at, answer)) = done.answered
                && at == moment
                && judge.answered(id, answer).is_err()
            {
                return false;
            }
        }
    }
    assert!(!judge.undecided());
    true
}

#[test]
fn the_judge_agrees_with_brute_force_on_random_histories() {
    let mut verdicts = [0_u32; 2];
    for seed in 0..share(20_000) {
        let history = random_history(seed);
        let expected = some_order_explains(&history, 0, Register::default());
        assert_eq!(judged(&history), expected, "history {seed}: {history:#?}");
        verdicts[usize::from(expected)] += 1;
    }
    assert!(verdicts.iter().all(|&count| u64::from(count) > share(1_000)), "both verdicts are tried: {verdicts:?}");
}

#[test]
fn a_read_of_an_overwritten_value_says_what_it_must_be() {
    let mut judge = StoreJudge::default();
    let id = |ordinal| RequestId { node: NodeId(0), ordinal };
    for (ordinal, value) in [(1, 1), (2, 2)] {
        judge.asked(id(ordinal), Operation::Write { key: X, value }, EventIndex(0));
        judge.answered(id(ordinal), Answer::Done).expect("writes one after the other are fine");
    }
    judge.asked(id(3), Operation::Read { key: X }, EventIndex(4));
    let misplaced = judge.answered(id(3), Answer::Value(Some(1))).expect_err("1 is gone");
    assert_eq!(misplaced.possible, [Answer::Value(Some(2))]);
    assert!(misplaced.sentence().starts_with("read x = 1 must be 2"), "{}", misplaced.sentence());
}

#[test]
fn keys_are_judged_alone() {
    let mut judge = StoreJudge::default();
    let id = |ordinal| RequestId { node: NodeId(0), ordinal };
    judge.asked(id(1), Operation::Write { key: X, value: 7 }, EventIndex(0));
    judge.answered(id(1), Answer::Done).expect("a write is fine");
    judge.asked(id(2), Operation::Read { key: Key(1) }, EventIndex(1));
    judge.answered(id(2), Answer::Value(None)).expect("y was never written");
}

/// Operations that nobody answers, each by a process of its own, and then a read.
fn read_after_open(operations: impl Iterator<Item = Operation>, answer: Value) -> (StoreJudge, bool) {
    let mut judge = StoreJudge::default();
    let id = |node: u8| RequestId { node: NodeId(node), ordinal: 1 };
    let mut read = 0;
    for operation in operations {
        judge.asked(id(read), operation, EventIndex(0));
        read += 1;
    }
    judge.asked(id(read), Operation::Read { key: X }, EventIndex(1));
    let is_explained = judge.answered(id(read), Answer::Value(Some(answer))).is_ok();
    (judge, is_explained)
}

#[test]
fn with_too_many_open_operations_whole_histories_are_judged() {
    let writes = |most: i32| (0..most).map(|value| Operation::Write { key: X, value });
    for most in [4, 9, 12] {
        for (answer, expected) in [(3, true), (-1, false)] {
            let (judge, is_explained) = read_after_open(writes(most), answer);
            assert_eq!((is_explained, judge.undecided()), (expected, None), "{most} writes, read {answer}");
        }
    }
}

#[test]
fn where_whole_histories_are_too_hard_as_well_it_has_given_up() {
    let adds = (1..=18).map(|bit| Operation::Add { key: X, amount: 1 << bit });
    let (judge, is_explained) = read_after_open(adds, 1);
    assert!(is_explained, "nothing is said against it");
    assert_eq!(judge.undecided(), Some((X, 18)));
}
