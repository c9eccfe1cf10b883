//! §2.1 The problem, §2.2 Choosing a value, and what §2.5 says about disks and numbers.

use super::schedule::{exhibit, without_flaws};
use super::{always, at, holds, messages, run, set};
use lightcone_engine::protocol::Cause;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{Trace, simulate};
use lightcone_protocols::consensus::paxos::{Fact, Message, Phase};
use lightcone_tests::count::share;
use std::collections::{BTreeMap, BTreeSet};

/// §2.1: "Only a value that has been proposed may be chosen", "Only a single value is chosen", and nobody learns of
/// one that is not.
#[test]
fn one_proposed_value_is_chosen_and_only_that_is_learned() {
    always(5_000, |moment| {
        let chosen = moment.history.chosen();
        assert!(chosen.windows(2).all(|two| two[0].value == two[1].value), "{chosen:?}");
        // What a server proposes to itself alone is in no message.
        let alone = moment.history.acceptors == 1;
        assert!(alone || chosen.iter().all(|each| moment.history.issued.contains(each)), "{chosen:?}");
        let learned = moment.after.and_then(|node| node.learned);
        assert!(learned.is_none_or(|learned| chosen.iter().any(|each| each.value == learned)), "{learned:?}");
        learned.is_some()
    });
}

/// P1: "An acceptor must accept the first proposal that it receives", for a value is to be chosen even if there is only one.
#[test]
fn a_single_proposal_is_accepted_by_all() {
    let trace = simulate(&exhibit("basic"));
    for acceptor in ["A1", "A2", "A3"] {
        let accepted = at(&trace, acceptor, 60).stable.accepted.expect("it has accepted");
        assert_eq!((accepted.ballot, accepted.value), (1, 7));
    }
}

/// P1a: a proposal numbered n is accepted only by who has not responded to a prepare request with a higher number.
#[test]
fn p1a_nothing_is_accepted_below_a_promise() {
    let mut promised: BTreeMap<u8, u32> = BTreeMap::new();
    always(2_000, |moment| {
        if matches!(moment.cause, Cause::Boot(_)) && moment.node.0 == 0 {
            promised.clear();
        }
        for (_, message, _) in moment.sent() {
            if let Message::Promise { ballot, .. } = message {
                let own = promised.entry(moment.node.0).or_default();
                *own = (*own).max(*ballot);
            }
        }
        let now = moment.history.accepted[moment.node.index()].last();
        let accepts = now.filter(|now| Some(**now) != moment.stable.accepted);
        if let Some(accepts) = accepts {
            assert!(accepts.ballot >= promised.get(&moment.node.0).copied().unwrap_or(0));
        }
        accepts.is_some()
    });
}

/// Phase 1 (b): a promise names the highest-numbered proposal that the acceptor has accepted.
#[test]
fn a_promise_names_the_highest_proposal_accepted() {
    let mut named = 0;
    always(3_000, |moment| {
        let mut promises = 0;
        for (_, message, _) in moment.sent() {
            if let Message::Promise { accepted, .. } = message {
                assert_eq!(*accepted, moment.history.accepted[moment.node.index()].iter().max().copied());
                named += u64::from(accepted.is_some());
                promises += 1;
            }
        }
        promises > 0
    });
    assert!(named > share(500), "{named}");
}

/// P2c: behind a proposal numbered n there is a majority that has accepted nothing below n, or whose highest proposal
/// below n has the same value.
#[test]
fn p2c_a_proposal_has_the_value_of_the_highest_that_a_majority_accepted() {
    let mut inherited = 0;
    always(1_000, |moment| {
        let proposes = moment.sent().into_iter().find_map(|(_, message, _)| match message {
            Message::Accept(proposal) => Some(*proposal),
            _ => None,
        });
        let (Some(proposal), Some(node)) = (proposes, moment.after) else { return false };
        let majority = set(node.promises.iter().map(|(acceptor, _)| *acceptor));
        if !matches!(node.phase, Phase::Proposes(_)) {
            return false; // It has learned within the same event, or was refused by itself.
        }
        assert!(2 * majority.len() as usize > moment.history.acceptors);
        let all = majority.iter().flat_map(|acceptor| &moment.history.accepted[acceptor.index()]);
        if let Some(highest) = all.filter(|earlier| earlier.ballot < proposal.ballot).max() {
            assert_eq!(highest.value, proposal.value);
            inherited += 1;
        }
        true
    });
    assert!(inherited > share(100), "{inherited}");
}

/// P2a: once a value is chosen, every higher-numbered proposal that any acceptor accepts has that value.
#[test]
fn p2a_above_a_chosen_proposal_only_its_value_is_accepted() {
    let mut higher = 0;
    always(3_000, |moment| {
        let Some(first) = moment.history.chosen().first().copied() else { return false };
        for accepted in moment.history.accepted.iter().flatten().filter(|each| each.ballot > first.ballot) {
            assert_eq!(accepted.value, first.value);
            higher += 1;
        }
        true
    });
    assert!(higher > share(1_000), "{higher}");
}

/// §2.2: P2c names what a majority may have chosen, whether or not it was.
#[test]
fn a_value_is_inherited_even_if_it_was_not_chosen() {
    let trace =
        run("horizon 200 ms\nscript\n  fire P1 Ballot#1 at 10 ms\n  drop P1>A1 Accept#1\n  drop P1>A3 Accept#1\n  \
        at 50 ms crash P1\n  drop P2>A1 Prepare#1\n  fire P2 Ballot#1 at 60 ms\n");
    assert_eq!(at(&trace, "A2", 55).stable.accepted.map(|accepted| accepted.value), Some(10));
    assert!(at(&trace, "A1", 55).stable.accepted.is_none() && at(&trace, "A3", 55).stable.accepted.is_none());
    assert_eq!(at(&trace, "P2", 190).learned, Some(10), "P2 wanted 20");
}

/// §2.2, last paragraph: an acceptor that has promised more informs the proposer, who abandons its proposal.
#[test]
fn a_refused_proposer_gives_up_and_goes_beyond_the_ballot_it_was_told() {
    let trace = run("set proposers 3\nhorizon 300 ms\nscript\n  fire P3 Ballot#1 at 10 ms\n  at 25 ms crash P3\n  \
        at 40 ms restart P3\n  fire P3 Ballot#3 at 45 ms\n  fire P2 Ballot#1 at 120 ms\n  fire P1 Ballot#1 at 290 ms\n");
    let prepared: Vec<u32> = messages(&trace)
        .filter_map(|(id, message)| match message {
            Message::Prepare { ballot } if id.from.0 == 1 && id.to.0 == 3 => Some(*ballot),
            _ => None,
        })
        .collect();
    assert_eq!(prepared, [2, 8], "ballot 6 was promised; P2 alone would have tried 5 next, and 8 comes after 6");
    let given_up: Vec<&Fact> =
        trace.facts().map(|(_, fact)| fact).filter(|fact| matches!(fact, Fact::GivesUp { .. })).collect();
    assert_eq!(given_up, [&Fact::GivesUp { ballot: 2 }], "once, whoever refuses it besides");
}

/// §2.2 and §2.5: what an acceptor must remember is in stable storage before it answers; so is a proposer's last number.
#[test]
fn what_a_message_rests_on_is_on_disk_before_it_is_sent() {
    let mut said = [0; 3];
    always(8_000, |moment| {
        let all = moment.sent();
        for (_, message, stable) in &all {
            let kind = match message {
                Message::Prepare { ballot } => {
                    assert!(stable.tried == *ballot);
                    0
                }
                Message::Promise { ballot, accepted } => {
                    assert!(stable.promised >= *ballot && stable.accepted == *accepted);
                    1
                }
                Message::Accepted(proposal) => {
                    assert!(stable.accepted == Some(*proposal) && stable.promised >= proposal.ballot);
                    2
                }
                _ => continue,
            };
            said[kind] += 1;
        }
        !all.is_empty()
    });
    assert!(said.iter().all(|count| *count > share(2_000)), "{said:?}");
}

/// §2.5: "Different proposers choose their numbers from disjoint sets of numbers", and none uses a number again, not even
/// after a crash.
#[test]
fn no_ballot_is_used_twice() {
    let mut used: BTreeMap<u32, u8> = BTreeMap::new();
    let mut latest: BTreeMap<u8, u32> = BTreeMap::new();
    always(2_000, |moment| {
        if matches!(moment.cause, Cause::Boot(_)) && moment.node.0 == 0 {
            (used, latest) = Default::default();
        }
        let prepares = moment.sent().into_iter().find_map(|(_, message, _)| match message {
            Message::Prepare { ballot } => Some(*ballot),
            _ => None,
        });
        let Some(ballot) = prepares else { return false };
        assert_eq!(used.insert(ballot, moment.node.0), None, "ballot {ballot}");
        assert!(latest.insert(moment.node.0, ballot).is_none_or(|before| before < ballot));
        true
    });
}

/// §2.2: an acceptor must remember its promise "even if it fails and then restarts".
#[test]
fn a_restarted_acceptor_refuses_what_it_had_promised_to_refuse() {
    let saved = simulate(&without_flaws(exhibit("promise-forgotten-on-restart")));
    assert_eq!(at(&saved, "A2", 90).stable.promised, 2);
    let refused = messages(&saved)
        .any(|(id, message)| id.from.0 == 3 && matches!(message, Message::Refuse { ballot: 1, promised: 2 }));
    assert!(refused && holds(&saved, "agreement"));
    let forgotten = simulate(&exhibit("promise-forgotten-on-restart"));
    assert_eq!(at(&forgotten, "A2", 90).stable.promised, 0);
}

/// §2.2: each rule is needed. Without it two values are chosen.
#[test]
fn without_any_one_rule_two_values_are_chosen() {
    let slugs =
        ["promise-forgotten-on-restart", "highest-accepted-ignored", "ballots-not-unique", "accepts-below-promise"];
    for slug in slugs {
        assert!(!holds(&simulate(&exhibit(slug)), "agreement"), "{slug}");
    }
    // Halves do not choose by the paper's word, but learners believe that they do.
    let halves = simulate(&exhibit("quorums-do-not-meet"));
    assert_eq!((at(&halves, "L1", 130).learned, at(&halves, "L2", 130).learned), (Some(10), Some(20)));
}

/// §2.5: "Each proposer remembers (in stable storage) the highest-numbered proposal it has tried to issue and begins phase 1
/// with a higher proposal number than any it has already used." If it does not, one ballot has two values.
#[test]
fn a_ballot_that_is_not_saved_is_used_again_with_another_value() {
    let proposed = |trace: &Trace| -> BTreeSet<(u32, i32)> {
        let proposals = messages(trace).filter_map(|(_, message)| match message {
            Message::Accept(proposal) => Some((proposal.ballot, proposal.value)),
            _ => None,
        });
        proposals.collect()
    };
    let forgotten = simulate(&exhibit("ballot-not-saved"));
    assert_eq!(proposed(&forgotten), BTreeSet::from([(1, 7), (1, 8)]));
    let saved = simulate(&without_flaws(exhibit("ballot-not-saved")));
    assert_eq!(proposed(&saved), BTreeSet::from([(1, 7), (3, 8)]), "the next that is P1's");
}

/// Phase 2 (a): what counts is a response "to its prepare requests (numbered n)". One to an earlier request says nothing of
/// what its sender has accepted since.
#[test]
fn a_promise_of_an_earlier_ballot_does_not_count() {
    let proposes =
        |trace: &Trace| messages(trace).any(|(id, message)| id.from.0 == 0 && matches!(message, Message::Accept(_)));
    assert!(!proposes(&simulate(&without_flaws(exhibit("late-promise-counted")))), "P1 has one promise of ballot 3");
    let counted = simulate(&exhibit("late-promise-counted"));
    assert!(proposes(&counted) && !holds(&counted, "later-ballots") && !holds(&counted, "agreement"));
}

/// P1a is about prepare requests, and an acceptor may accept in a ballot whose prepare request it has not had. P2c needs its
/// highest proposal to stay the highest, so it accepts nothing lower afterwards.
#[test]
fn nothing_lower_displaces_what_is_accepted() {
    let accepted = |trace| at(trace, "A3", 105).stable.accepted.map(|accepted| (accepted.ballot, accepted.value));
    let raised = simulate(&without_flaws(exhibit("accepting-does-not-raise-promise")));
    assert_eq!(accepted(&raised), Some((2, 20)));
    let displaced = simulate(&exhibit("accepting-does-not-raise-promise"));
    assert_eq!(accepted(&displaced), Some((1, 10)));
    assert!(!holds(&displaced, "agreement"));
}

/// §2.1: "Only a value that has been proposed may be chosen": a proposer without a value proposes none.
#[test]
fn a_proposer_without_a_value_proposes_nothing() {
    let nothing = simulate(&without_flaws(exhibit("unset-value-proposed")));
    assert!(nothing.facts::<Fact>().any(|(_, fact)| *fact == Fact::HasNothing));
    assert!(!messages(&nothing).any(|(_, message)| matches!(message, Message::Accept(_))));
    let zero = simulate(&exhibit("unset-value-proposed"));
    let breaks: Vec<_> = zero.verdicts.iter().map(|verdict| matches!(verdict, Verdict::Broken { .. })).collect();
    let broken = zero.specification().properties.iter().zip(breaks).filter(|(_, broken)| *broken);
    assert_eq!(broken.map(|(property, _)| property.id).collect::<Vec<_>>(), ["validity"]);
}
