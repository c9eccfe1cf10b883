//! §2.4 Progress, and §2.5 The implementation.

use super::schedule::{exhibit, family};
use super::{at, holds, messages, run};
use fastrand::Rng;
use lightcone_engine::protocol::Settings;
use lightcone_engine::{Edit, NodeId, Scenario, Time, TimerId, simulate};
use lightcone_protocols::consensus::paxos::Message;

/// §2.4: proposers "each keep issuing a sequence of proposals with increasing numbers, none of which are ever chosen".
#[test]
fn a_duel_lasts_as_long_as_one_looks() {
    let mut scenario = exhibit("no-back-off-no-end");
    scenario.horizon = Time::from_millis(5_000);
    let trace = simulate(&scenario);
    assert!(!holds(&trace, "value-chosen"));
    let accepts = messages(&trace).filter(|(_, message)| matches!(message, Message::Accept(_))).count();
    let accepted = messages(&trace).filter(|(_, message)| matches!(message, Message::Accepted(_))).count();
    assert!(accepts > 600 && accepted == 0, "{accepts} {accepted}");
}

/// It ends as soon as one of them waits once.
#[test]
fn one_pause_ends_the_duel() {
    let mut scenario = exhibit("no-back-off-no-end");
    let timer = TimerId { node: NodeId(0), kind: 0, ordinal: 4 };
    scenario.moves.push(Edit::Fire { timer, at: Time::from_micros(130_100) });
    assert!(holds(&simulate(&scenario), "learners-learn"));
}

/// Who waits for a random time ends it: whatever chance draws.
#[test]
fn back_off_ends_the_duel_with_any_seed() {
    for seed in 0..200 {
        let mut scenario = exhibit("dueling-proposers");
        scenario.seed = seed;
        scenario.horizon = Time::from_millis(1_500);
        assert!(holds(&simulate(&scenario), "learners-learn"), "seed {seed}");
    }
}

/// §2.4: if enough of the system works, one proposer that keeps trying higher numbers gets a value chosen.
#[test]
fn without_faults_a_value_is_chosen_and_learned_whatever_the_knobs() {
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        let mut scenario = Scenario::new(family());
        let mut settings = Settings::defaults(family().specification());
        for (place, most) in [(0, 1), (1, 5), (2, 7), (3, 4), (8, 1)] {
            let least = family().specification().parameters[place].least;
            settings.parameters[place] = rng.u32(least..=most);
        }
        settings.parameters[7] = 200;
        scenario.settings = settings;
        scenario.seed = seed;
        scenario.horizon = Time::from_millis(3_000);
        let trace = simulate(&scenario);
        assert!(holds(&trace, "value-chosen") && holds(&trace, "learners-learn"), "seed {seed}");
    }
}

/// A majority of acceptors is enough, and less is not.
#[test]
fn a_majority_is_enough_and_half_is_not() {
    let lines = "set acceptors 4\nhorizon 400 ms\nscript\n  at 5 ms crash A4\n";
    assert!(holds(&run(lines), "learners-learn"));
    let trace = run(&format!("{lines}  at 6 ms crash A3\n"));
    assert!(!holds(&trace, "value-chosen"));
    assert!(messages(&trace).all(|(_, message)| !matches!(message, Message::Accept(_))));
}

/// Those that choose and those that are asked later have one in common.
#[test]
fn what_a_majority_chose_survives_any_minority() {
    let trace = simulate(&exhibit("minority-crashes"));
    let p2 = at(&trace, "P2", 290);
    assert_eq!((p2.wish, p2.learned), (Some(20), Some(10)));
    let named: Vec<_> = p2.promises.iter().filter(|(_, accepted)| accepted.is_some()).collect();
    assert_eq!(named.len(), 1, "A3 alone has accepted 10");
}

/// §2.5: a proposer that comes back "begins phase 1 with a higher proposal number than any it has already used".
#[test]
fn a_proposer_that_comes_back_uses_a_higher_ballot() {
    let trace =
        run("horizon 200 ms\nscript\n  fire P1 Ballot#1 at 10 ms\n  at 25 ms crash P1\n  at 40 ms restart P1\n  \
        fire P1 Ballot#3 at 50 ms\n  fire P2 Ballot#1 at 190 ms\n");
    assert_eq!(
        (at(&trace, "P1", 24).stable.tried, at(&trace, "P1", 45).stable.tried, at(&trace, "P1", 55).stable.tried),
        (1, 1, 3)
    );
    assert_eq!(at(&trace, "P1", 150).learned, Some(10));
}

/// §2.5: each process plays every role. What it tells itself is no message.
#[test]
fn in_one_process_three_roles_take_fewer_messages() {
    let script = "set values when-asked\nhorizon 190 ms\nscript\n  at 10 ms request";
    let apart = run(&format!("set proposers 3\nset learners 3\n{script} P1 propose 7\n"));
    let folded = run(&format!("set roles together\nset proposers 3\nset learners 3\n{script} S1 propose 7\n"));
    assert!(holds(&apart, "learners-learn") && holds(&folded, "learners-learn"));
    assert_eq!((apart.lanes().len(), folded.lanes().len()), (9, 3));
    // Three acceptors, three learners: 9 Prepare, Promise, Accept, and 9 + 3 Accepted. Folded: 6 of the first, 6 Accepted.
    assert_eq!((apart.messages.len(), folded.messages.len()), (21, 12));
}
