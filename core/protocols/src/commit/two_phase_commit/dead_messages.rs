//! Which messages under way never matter any more, so that a search may forget them.
//!
//! What a participant has decided, it has decided for good; what the coordinator has started, it does not start again,
//! unless with the flaw that it does not read its log. Clients do not use a number again.

use super::*;

/// Whether the message, from one of these nodes to the other, is dead.
pub(super) fn dead(
    message: &Message,
    from: NodeId,
    to: NodeId,
    nodes: View<'_, TwoPhaseCommit>,
    config: &Config,
) -> bool {
    let answer_is_dead = |answer: Message| dead(&answer, to, from, nodes, config);
    let stable = nodes.durable(to);
    let is_decided = |transaction| stable.decision(transaction).is_some();
    let is_prepared = |transaction| stable.in_doubt().any(|work| work.transaction == transaction);
    let has_started =
        |transaction| stable.started().any(|(each, _)| each == transaction) && !config.has(Flaw::ForgetsOnRestart);
    let coordinator = if let Some(TwoPhaseCommit::Coordinator(node)) = nodes.state(to) { Some(node) } else { None };
    let voting = |transaction| coordinator.and_then(|node| node.voting(transaction));
    match *message {
        // It is refused, now or when the decision is there, and its client does not wait for that.
        Message::Update { transaction, number, .. } => {
            let refusal = Message::Updated { transaction, number, answer: Answer::Refused };
            (is_decided(transaction) || is_prepared(transaction)) && answer_is_dead(refusal)
        }
        // What its client does not wait for now, it never will.
        Message::Updated { .. } | Message::Outcome { .. } => match nodes.state(to) {
            Some(TwoPhaseCommit::Client(client)) => !client.waits_for(from, message, config),
            _ => true,
        },
        // At most it is answered.
        Message::CommitRequest { transaction, .. } => {
            has_started(transaction) && answer_is_dead(Message::Outcome { transaction, decision: Commit })
        }
        // Who has committed is silent; who has aborted says no.
        Message::Prepare { transaction, .. } => stable
            .decision(transaction)
            .is_some_and(|decision| decision == Commit || answer_is_dead(Message::No(transaction))),
        Message::Yes(transaction) => {
            has_started(transaction) && voting(transaction).is_none_or(|voting| voting.yes.contains(from))
        }
        Message::No(transaction) => has_started(transaction) && voting(transaction).is_none(),
        // A commit is acknowledged again; but not to a participant.
        Message::Commit(transaction) => {
            let is_silent = || from != COORDINATOR || answer_is_dead(Message::Acknowledge(transaction));
            stable.decision(transaction).is_some_and(|decision| decision == Abort || is_silent())
        }
        Message::Abort(transaction) => is_decided(transaction),
        // Everybody has acknowledged, and that is in the log.
        Message::Acknowledge(transaction) => {
            let tells = coordinator.is_some_and(|node| node.telling.iter().any(|(each, _)| *each == transaction));
            has_started(transaction) && stable.ended(transaction) && voting(transaction).is_none() && !tells
        }
        // Who asked has decided since, and who is asked does not decide for that.
        Message::Ask(transaction) => {
            let doubts = is_prepared(transaction) && !config.has(Flaw::InDoubtAnswersAbort);
            let only_answers = to == COORDINATOR || is_decided(transaction) || doubts;
            only_answers && [Commit, Abort].iter().all(|each| answer_is_dead(Message::telling(transaction, *each)))
        }
        // Whoever hears it goes on waiting.
        Message::InDoubt(_) => true,
    }
}
