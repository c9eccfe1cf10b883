//! §2.3 Learning a chosen value.

use super::schedule::exhibit;
use super::{at, holds, messages, run};
use lightcone_engine::simulate;
use lightcone_protocols::consensus::paxos::Message;

/// How many messages of this kind reach learners when three acceptors and three learners choose one value.
fn told(knob: &str) -> (usize, usize) {
    let text = format!(
        "set proposers 1\nset learners 3\nset acceptors-tell {knob}\nhorizon 190 ms\nscript\n  fire P1 Ballot#1 at 10 ms\n"
    );
    let trace = run(&text);
    assert!(holds(&trace, "learners-learn"));
    let to_learners = messages(&trace).filter(|(id, _)| id.to.0 >= 4);
    to_learners.fold((0, 0), |(accepted, chosen), (_, message)| match message {
        Message::Accepted(_) => (accepted + 1, chosen),
        Message::Chosen { .. } => (accepted, chosen + 1),
        _ => (accepted, chosen),
    })
}

/// Each acceptor tells each learner: their product. With a distinguished learner: their sum, and one step more.
#[test]
fn a_distinguished_learner_saves_messages() {
    assert_eq!(told("all-learners"), (9, 0));
    assert_eq!(told("first-learner"), (3, 2));
}

/// The distinguished learner may fail; then the others have to ask.
#[test]
fn without_the_distinguished_learner_the_others_ask() {
    let trace = run(
        "set learners 2\nset acceptors-tell first-learner\nhorizon 400 ms\nscript\n  fire P1 Ballot#1 at 10 ms\n  \
        fire P2 Ballot#1 at 300 ms\n  at 20 ms crash L1\n",
    );
    assert_eq!(at(&trace, "L2", 199).learned, None);
    assert_eq!(at(&trace, "L2", 240).learned, Some(10));
}

/// "Because of message loss, a value could be chosen with no learner ever finding out": asking the acceptors that are up
/// may not be enough, and a new proposal is.
#[test]
fn a_learner_that_cannot_tell_asks_for_a_new_proposal() {
    let trace = simulate(&exhibit("learner-finds-out-late"));
    let before = at(&trace, "L1", 130);
    assert_eq!(before.learned, None);
    let heard: Vec<_> = before.heard.iter().map(|(proposal, by)| (proposal.value, by.len())).collect();
    assert_eq!(heard, [(7, 1)], "A2 has accepted 7; A1 might have, and does not answer");
    let asked = messages(&trace).filter(|(_, message)| matches!(message, Message::Query)).count();
    assert_eq!(asked, 3);
    let after = at(&trace, "L1", 290);
    assert_eq!(after.learned, Some(7));
    assert!(after.heard.iter().any(|(proposal, by)| proposal.ballot == 3 && by.len() == 2), "in a ballot of its own");
}

/// A proposer that knows need not issue a proposal: it says so.
#[test]
fn a_proposer_that_knows_the_value_tells_it() {
    let trace =
        run("set proposers 1\nset learner-asks 100 ms\nhorizon 300 ms\nscript\n  fire P1 Ballot#1 at 10 ms\n  \
        at 5 ms cut L1 | A1 A2 A3\n");
    let told = messages(&trace).filter(|(_, message)| matches!(message, Message::Chosen { value: 10 })).count();
    let prepared = messages(&trace).filter(|(_, message)| matches!(message, Message::Prepare { .. })).count();
    assert_eq!((told, prepared), (1, 3));
    assert_eq!(at(&trace, "L1", 290).learned, Some(10));
}

/// A learner that nobody answers asks for ever: acceptors, then a proposer, then acceptors, then the next proposer.
#[test]
fn a_learner_that_hears_nothing_asks_for_ever() {
    let trace = run("set proposers 3\nset learner-asks 1 ms\nhorizon 400 ms\nscript\n  at 0 ms crash A1\n  \
        at 0 ms crash A2\n  at 0 ms crash A3\n");
    let asked: Vec<u8> =
        messages(&trace).filter(|(_, message)| matches!(message, Message::FindOut)).map(|(id, _)| id.to.0).collect();
    assert!(asked.len() > 190, "{}", asked.len());
    assert!(asked.iter().enumerate().all(|(place, proposer)| usize::from(*proposer) == place % 3), "in turn");
}
