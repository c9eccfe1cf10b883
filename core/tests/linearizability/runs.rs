//! The online judge, the check afterwards, and the check of the text agree on runs.

use super::sorts::{CompareAndSet, OneRegister, Sort, Store, draw};
use fastrand::Rng;
use lightcone_content::shelf::{ALL, gallery};
use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::run::trace;
use lightcone_engine::run::trace::Deed;
use lightcone_engine::{EventIndex, NodeId, RequestId, Scenario, Trace, simulate};
use lightcone_formats::edn;
use lightcone_formats::history::of_trace;
use lightcone_judges::check::linearizable;
use lightcone_judges::{Consistency, Endpoint, History, ObjectType, Register, StoreJudge, Verdict, recorded};
use lightcone_tests::common;
use lightcone_tests::common::schedule::{Recipe, draw as draw_schedule};
use lightcone_tests::count::share;

/// Judges a whole history as if it went on now: the first operation whose answer no order explains.
fn first_misplaced(history: &History<Operation, Answer>) -> Option<u32> {
    let mut judge = StoreJudge::default();
    for (endpoint, event) in history.endpoints().iter().zip(0..) {
        let (Endpoint::Call(place) | Endpoint::Return(place)) = *endpoint;
        let entry = &history.entries()[place as usize];
        let id = RequestId { node: NodeId((place >> 16) as u8), ordinal: place as u16 };
        match (endpoint, entry.answer()) {
            _ if entry.failed() => {}
            (Endpoint::Call(_), _) => judge.asked(id, entry.operation, EventIndex(event)),
            (Endpoint::Return(_), Some(answer)) => {
                if judge.answered(id, *answer).is_err() {
                    return Some(place);
                }
            }
            (Endpoint::Return(_), None) => {}
        }
    }
    None
}

fn judges_agree<T: Sort<Operation = Operation, Answer = Answer>>() -> [u32; 2] {
    let mut verdicts = [0; 2];
    for seed in 0..share(5_000) {
        let history = draw::<T>(12, &mut Rng::with_seed(seed));
        let misplaced = first_misplaced(&history);
        match linearizable::<Register>(&history, MAX_CHECKED_CONFIGURATIONS) {
            Verdict::Explained { .. } => assert_eq!(misplaced, None, "{} {seed}: {history:?}", T::NAME),
            Verdict::Unexplained(unplaced) => {
                let misplaced = misplaced.unwrap_or_else(|| panic!("{} {seed} is fine: {history:?}", T::NAME));
                // A comparison's answer that is still to come can show earlier that an order is impossible.
                let compares =
                    history.entries().iter().any(|each| matches!(each.operation, Operation::CompareAndSet { .. }));
                let [judged, checked] =
                    [misplaced, unplaced.operation].map(|place| history.entries()[place as usize].end());
                assert!(judged == checked || compares && judged > checked, "{} {seed}: {history:?}", T::NAME);
            }
            Verdict::Undecided { .. } => panic!("twelve operations are not too many"),
        }
        verdicts[usize::from(misplaced.is_some())] += 1;
    }
    verdicts
}

#[test]
fn the_online_judge_agrees_with_the_check_of_the_whole_history() {
    let verdicts = [judges_agree::<OneRegister>(), judges_agree::<CompareAndSet>(), judges_agree::<Store>()];
    assert!(verdicts.iter().flatten().all(|count| u64::from(*count) > share(500)), "{verdicts:?}");
}

/// Where the property broke; none where the protocol does not promise it.
fn property(trace: &Trace) -> Option<Option<EventIndex>> {
    let place = trace.specification().properties.iter().position(|property| property.id == "linearizable")?;
    Some(match trace.verdicts[place] {
        trace::Verdict::Broken { event, .. } => Some(event),
        _ => None,
    })
}

fn answered(trace: &Trace, name: RequestId) -> Option<EventIndex> {
    let mut events = (0..trace.events.len() as u32).map(EventIndex);
    let answers = |deed: &Deed| matches!(deed, Deed::Replied(id, _) if *id == name);
    events.find(|event| trace.deeds(*event).iter().any(answers))
}

/// Whether the run breaks its promise; none if it makes none.
fn one_verdict(scenario: &Scenario) -> Option<bool> {
    let trace = simulate(scenario);
    let broke = property(&trace)?;
    let found = of_trace(&trace);
    let verdict = linearizable::<Register>(&found.history, MAX_CHECKED_CONFIGURATIONS);
    let stuck = match &verdict {
        Verdict::Explained { .. } => None,
        Verdict::Unexplained(unplaced) => answered(&trace, found.names[unplaced.operation as usize]),
        Verdict::Undecided { .. } => panic!("runs are small"),
    };
    assert_eq!(stuck, broke, "{scenario:?} {:?}", found.history);
    // The same as text.
    let words = recorded(&found.history);
    let text = edn::write(&words);
    assert_eq!(edn::read(&text).as_ref(), Ok(&words));
    let store = ObjectType::by_name("key-value").expect("the table has it");
    let of_words = store.judge(&words, Consistency::Linearizable, MAX_CHECKED_CONFIGURATIONS);
    assert_eq!(of_words.as_ref(), Ok(&verdict), "{text}");
    Some(broke.is_some())
}

fn promises(family: &dyn AnyProtocol) -> bool {
    family.specification().properties.iter().any(|property| property.id == "linearizable")
}

#[test]
fn the_gallerys_runs_have_one_verdict() {
    let verdicts: Vec<bool> = gallery(ALL).iter().filter_map(|exhibit| one_verdict(&exhibit.scenario)).collect();
    assert!([true, false].map(|broken| verdicts.iter().filter(|each| **each == broken).count()).iter().all(|&n| n > 4));
}

#[test]
fn random_runs_have_one_verdict() {
    let mut broken = 0;
    common::for_seeds(share(600), |family, rng| {
        if promises(family) {
            one_verdict(&common::any_scenario(family, rng));
        }
    });
    let family = lightcone_protocols::by_id("quorum").expect("it is registered");
    let abd = family.specification().parameters.iter().position(|parameter| parameter.id == "abd");
    let knobs = vec![(abd.expect("it is a knob of the quorum"), 0)];
    for seed in 0..share(2_000) {
        let mut rng = Rng::with_seed(seed);
        let flaws = common::any_settings(family, &mut rng).flaws;
        let recipe = Recipe { knobs: knobs.clone(), flaws, requests: 24, ..Recipe::default() };
        broken += u64::from(one_verdict(&draw_schedule(family, &recipe, &mut rng)) == Some(true));
    }
    assert!(broken > share(50), "{broken} of the quorum's runs break their promise");
}
