//! Which messages under way never matter any more, so that a search may forget them.
//!
//! What a participant has decided, it has decided for good; what the coordinator has started, it does not start again,
//! unless with the flaw that it does not read its log. Clients do not use a number again.

use super::{COORDINATOR, Config, Flaw, Message, TwoPhaseCommit};
use crate::parts::atomic_commit::Decision;
use lightcone_engine::prelude::*;

pub(super) fn never_matters(
    message: &Message,
    from: NodeId,
    to: NodeId,
    nodes: View<'_, TwoPhaseCommit>,
    config: &Config,
) -> bool {
    let is_dead = |answer: Message| never_matters(&answer, to, from, nodes, config);
    let stable = nodes.durable(to);
    let is_prepared = |transaction| stable.in_doubt().any(|work| work.transaction == transaction);
    let has_started =
        |transaction| stable.started().any(|(each, _)| each == transaction) && !config.has(Flaw::ForgetsOnRestart);
    let coordinator = match nodes.state(to) {
        Some(TwoPhaseCommit::Coordinator(coordinator)) => Some(coordinator),
        _ => None,
    };
    let voting = |transaction| coordinator.and_then(|coordinator| coordinator.voting(transaction));
    match *message {
        // It is refused, now or when the decision is there, and its client does not wait for that.
        Message::Update { transaction, number, .. } => {
            let refusal = Message::Updated { transaction, number, answer: Answer::Refused };
            (stable.decision(transaction).is_some() || is_prepared(transaction)) && is_dead(refusal)
        }
        // What its client does not wait for now, it never will.
        Message::Updated { .. } | Message::Outcome { .. } => match nodes.state(to) {
            Some(TwoPhaseCommit::Client(client)) => !client.waits_for(from, message, config),
            _ => true,
        },
        // At most it is answered.
        Message::CommitRequest { transaction, .. } => {
            has_started(transaction) && is_dead(Message::Outcome { transaction, decision: Decision::Commit })
        }
        // Who has committed is silent; who has aborted says no.
        Message::Prepare { transaction, .. } => match stable.decision(transaction) {
            None => false,
            Some(Decision::Commit) => true,
            Some(Decision::Abort) => is_dead(Message::No(transaction)),
        },
        Message::Yes(transaction) => {
            has_started(transaction) && voting(transaction).is_none_or(|voting| voting.yes.contains(from))
        }
        Message::No(transaction) => has_started(transaction) && voting(transaction).is_none(),
        // A commit is acknowledged again; but not to a participant.
        Message::Commit(transaction) => match stable.decision(transaction) {
            None => false,
            Some(Decision::Commit) => from != COORDINATOR || is_dead(Message::Acknowledge(transaction)),
            Some(Decision::Abort) => true,
        },
        Message::Abort(transaction) => stable.decision(transaction).is_some(),
        // Everybody has acknowledged, and that is in the log.
        Message::Acknowledge(transaction) => {
            let ended = stable.ended(transaction) && has_started(transaction);
            let tells = coordinator.is_some_and(|coordinator| coordinator.tells(transaction));
            ended && voting(transaction).is_none() && !tells
        }
        // Who asked has decided since, and who is asked does not decide for that.
        Message::Ask(transaction) => {
            let doubts = is_prepared(transaction) && !config.has(Flaw::InDoubtAnswersAbort);
            let only_answers = to == COORDINATOR || stable.decision(transaction).is_some() || doubts;
            only_answers && is_dead(Message::Commit(transaction)) && is_dead(Message::Abort(transaction))
        }
        // Whoever hears it goes on waiting.
        Message::InDoubt(_) => true,
    }
}
