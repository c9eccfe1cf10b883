//! The checker agrees with brute force, which tries every order of every operation that may have happened.

use super::sorts::{
    CompareAndSet, Erased, OneBit, OneCounter, OneLock, OneLog, OneQueue, OneRegister, OneSet, Sort, Store, apply,
    draw, said,
};
use fastrand::Rng;
use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_judges::check::{Effort, linearizable_from, sequentially_consistent_from};
use lightcone_judges::{Completion, Consistency, Entry, ObjectType, Sequential, Verdict, recorded};
use lightcone_tests::count::share;
use std::collections::BTreeMap;

/// An operation, as far as brute force needs it.
#[derive(Clone, Debug)]
struct Done<S: Sequential> {
    place: u32,
    /// Its number, and how often it gave up: then it is a new process.
    process: (u32, usize),
    operation: S::Operation,
    called: u32,
    /// None if nobody knows whether it happened.
    answered: Option<(u32, S::Answer)>,
}

fn done<T: Sort>(history: &Erased<T>) -> Vec<Done<T::Object>> {
    let entries = (0..).zip(history.entries()).filter(|(_, entry)| !entry.failed());
    let gave_up = |entry: &Entry<_, _>| {
        let of_process = history.entries().iter().filter(|each| each.process == entry.process);
        let before = of_process.filter(|each| each.called < entry.called);
        before.filter(|each| matches!(each.completion, Completion::Unknown { .. })).count()
    };
    let done = entries.map(|(place, entry)| Done {
        place,
        process: (entry.process, gave_up(entry)),
        operation: entry.operation,
        called: entry.called,
        answered: match &entry.completion {
            Completion::Answered { at, answer } => Some((*at, answer.clone())),
            _ => None,
        },
    });
    done.collect()
}

/// Whether the order is kept if `next` takes effect while `other` has not.
fn may_come_before<S: Sequential>(consistency: Consistency, next: &Done<S>, other: &Done<S>) -> bool {
    let Some((end, _)) = &other.answered else { return true };
    match consistency {
        Consistency::Linearizable => *end > next.called,
        Consistency::Sequential => other.process != next.process || other.called > next.called,
    }
}

/// Tries every order: whether some has every operation that was over before a moment, and of the others any, with the
/// answers that they give.
fn explained<S: Sequential>(
    left: &[Done<S>],
    taken: u32,
    state: &BTreeMap<u32, S>,
    consistency: Consistency,
    moment: u32,
) -> bool {
    let open = || left.iter().enumerate().filter(|(place, _)| taken & (1 << place) == 0);
    let over = |each: &Done<S>| each.answered.as_ref().is_some_and(|(at, _)| *at < moment);
    if !open().any(|(_, each)| over(each)) {
        return true;
    }
    open().any(|(place, next)| {
        if !open().all(|(at, other)| at == place || may_come_before(consistency, next, other)) {
            return false;
        }
        let mut state = state.clone();
        let answer = apply(&mut state, next.operation);
        next.answered.as_ref().is_none_or(|(_, told)| *told == answer)
            && explained(left, taken | 1 << place, &state, consistency, moment)
    })
}

/// That the order keeps what must be kept and gives the answers; and which answered operations are missing in it.
fn missing<S: Sequential>(history: &[Done<S>], order: &[u32], consistency: Consistency) -> Vec<u32> {
    let mut state = BTreeMap::<u32, S>::new();
    let mut left: Vec<&Done<S>> = history.iter().collect();
    for place in order {
        let at = left.iter().position(|each| each.place == *place).expect("each happened, and once");
        let next = left.remove(at);
        assert!(left.iter().all(|other| may_come_before(consistency, next, other)), "{order:?} keeps the order");
        let answer = apply(&mut state, next.operation);
        assert!(next.answered.as_ref().is_none_or(|(_, told)| *told == answer), "{order:?} gives the answers");
    }
    left.iter().filter(|each| each.answered.is_some()).map(|each| each.place).collect()
}

/// How many histories hold and how many break, in real time and in program order.
fn agree<T: Sort>(count: u64, most: usize) -> [[u32; 2]; 2] {
    let object = ObjectType::by_name(T::NAME).expect("the table has it");
    let mut verdicts = [[0; 2]; 2];
    for seed in 0..share(count) {
        let history = draw::<T>(most, &mut Rng::with_seed(seed));
        let (all, words) = (done::<T>(&history), said::<T>(&history));
        for (mode, consistency) in [Consistency::Linearizable, Consistency::Sequential].into_iter().enumerate() {
            let expected = explained(&all, 0, &BTreeMap::new(), consistency, u32::MAX);
            let verdict = object.judge(&words, consistency, MAX_CHECKED_CONFIGURATIONS);
            let verdict = verdict.expect("the object knows these words");
            looks_ahead::<T>(&history, &all, consistency, &verdict);
            match verdict {
                Verdict::Explained { order } => {
                    assert!(expected, "{} {seed} is explained by {order:?}: {history:?}", T::NAME);
                    assert_eq!(missing(&all, &order, consistency), [0; 0]);
                }
                Verdict::Unexplained(unplaced) => {
                    assert!(!expected, "{} {seed} is not explained, {unplaced:?}: {history:?}", T::NAME);
                    if consistency == Consistency::Linearizable {
                        furthest::<T>(&history, &all, &unplaced.furthest, unplaced.operation);
                    }
                }
                Verdict::Undecided { configurations } => panic!("{configurations} are too many"),
            }
            verdicts[mode][usize::from(expected)] += 1;
        }
    }
    verdicts
}

/// The search that looks ahead from its first step says the same.
fn looks_ahead<T: Sort>(history: &Erased<T>, all: &[Done<T::Object>], consistency: Consistency, verdict: &Verdict) {
    let (effort, begins) = (Effort { quick: 0, limit: MAX_CHECKED_CONFIGURATIONS }, T::Object::default());
    let ahead = match consistency {
        Consistency::Linearizable => linearizable_from(history, &begins, effort),
        Consistency::Sequential => sequentially_consistent_from(history, &begins, effort),
    };
    match (&ahead, verdict) {
        (Verdict::Explained { order }, Verdict::Explained { .. }) => {
            assert_eq!(missing(all, order, consistency), [0; 0]);
        }
        (Verdict::Unexplained(ahead), Verdict::Unexplained(unplaced)) if consistency == Consistency::Linearizable => {
            furthest::<T>(history, all, &ahead.furthest, ahead.operation);
            assert_eq!(ahead.operation, unplaced.operation, "{history:?}");
            assert_eq!(ahead.claim, unplaced.claim, "{history:?}");
        }
        (Verdict::Unexplained(_), Verdict::Unexplained(_)) => {}
        _ => panic!("{} looks ahead to {ahead:?}, not {verdict:?}: {history:?}", T::NAME),
    }
}

/// The operation that cannot be placed is the first that no order gets past, and the partial order explains all
/// answers before it on its part of the object.
fn furthest<T: Sort>(history: &Erased<T>, all: &[Done<T::Object>], order: &[u32], stuck: u32) {
    let entry = &history.entries()[stuck as usize];
    let until = |moment| explained(all, 0, &BTreeMap::new(), Consistency::Linearizable, moment);
    assert!(until(entry.end()), "all before {stuck} is explained: {history:?}");
    assert!(!until(entry.end() + 1), "{stuck} is one too many: {history:?}");
    let part = T::Object::part(entry.operation);
    let of_part = all.iter().filter(|each| T::Object::part(each.operation) == part).cloned();
    let missing = missing(&of_part.collect::<Vec<_>>(), order, Consistency::Linearizable);
    assert!(missing.contains(&stuck));
    assert!(missing.iter().all(|place| history.entries()[*place as usize].end() >= entry.end()));
}

#[test]
fn a_hundred_thousand_random_histories_are_judged_as_brute_force_judges_them() {
    let verdicts = [
        agree::<OneRegister>(20_000, 7),
        agree::<Store>(20_000, 7),
        agree::<CompareAndSet>(20_000, 7),
        agree::<OneLock>(10_000, 7),
        agree::<OneQueue>(10_000, 7),
        agree::<OneBit>(10_000, 7),
        agree::<OneLog>(10_000, 7),
        agree::<OneSet>(10_000, 7),
        agree::<OneCounter>(10_000, 7),
    ];
    let all_tried = verdicts.iter().flatten().flatten().all(|count| u64::from(*count) > share(200));
    assert!(all_tried, "both verdicts of each are tried: {verdicts:?}");
    // What is linearizable is sequentially consistent, and not the other way round.
    assert!(verdicts.iter().all(|[real, program]| u64::from(real[0] - program[0]) > share(100)), "{verdicts:?}");
}

#[test]
fn what_a_run_would_write_is_judged_like_the_run() {
    for seed in 0..share(2_000) {
        let history = draw::<Store>(6, &mut Rng::with_seed(seed));
        assert_eq!(recorded(&history), said::<Store>(&history), "history {seed}");
    }
}

/// Longer histories than brute force can judge: both searches of the checker say the same.
fn both_searches_agree<T: Sort>() {
    let begins = T::Object::default();
    for seed in 0..share(1_500) {
        let history = draw::<T>(18, &mut Rng::with_seed(seed));
        let verdict = |quick| {
            let effort = Effort { quick, limit: MAX_CHECKED_CONFIGURATIONS };
            [linearizable_from(&history, &begins, effort), sequentially_consistent_from(&history, &begins, effort)]
        };
        for (plain, ahead) in verdict(MAX_CHECKED_CONFIGURATIONS).into_iter().zip(verdict(0)) {
            match (&plain, &ahead) {
                (Verdict::Explained { .. }, Verdict::Explained { .. }) => {}
                (Verdict::Unexplained(_), Verdict::Unexplained(_)) => {}
                _ => panic!("{} {seed}: {plain:?}, looking ahead {ahead:?}: {history:?}", T::NAME),
            }
        }
    }
}

#[test]
fn looking_ahead_changes_no_verdict_of_longer_histories() {
    both_searches_agree::<OneRegister>();
    both_searches_agree::<CompareAndSet>();
    both_searches_agree::<Store>();
    both_searches_agree::<OneLock>();
    both_searches_agree::<OneQueue>();
    both_searches_agree::<OneBit>();
    both_searches_agree::<OneLog>();
    both_searches_agree::<OneSet>();
    both_searches_agree::<OneCounter>();
}
