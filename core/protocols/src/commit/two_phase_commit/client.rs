//! Clients: the operations of one transaction after the other, each where its row is, then the wish to commit. What is
//! not answered is sent again; numbers make that harmless.

use super::log::{Kept, Transaction};
use super::message::Say;
use super::{COORDINATOR, Config, MAX_PARTICIPANTS, TwoPhaseCommit, Wait};
use alloc::collections::VecDeque;
use lightcone_engine::id::{NodeId, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::Out;

/// A transaction that its client has begun.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Begun {
    /// Which.
    pub transaction: Transaction,
    /// How many operations it has at each participant.
    operations: [u16; MAX_PARTICIPANTS],
    /// Whether a participant has refused one: it can only end.
    pub doomed: bool,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    /// How many transactions it has begun.
    kept: Kept,
    /// The transaction that its operations belong to.
    pub begun: Option<Begun>,
    /// What it waits for.
    pub current: Option<(RequestId, Operation)>,
    /// What it has still to ask.
    pub queue: VecDeque<(RequestId, Operation)>,
}

impl Client {
    pub(super) fn boot(kept: Kept) -> Client {
        Client { kept, begun: None, current: None, queue: VecDeque::new() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, TwoPhaseCommit>) {
        self.queue.push_back((id, operation));
        self.next(out);
    }

    fn next(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        while self.current.is_none() {
            let Some((id, operation)) = self.queue.pop_front() else { return };
            let ends = operation.key().is_none();
            if self.begun.is_none_or(|begun| begun.doomed) && (ends || self.begun.is_some()) {
                // There is nothing to commit, or it is aborted already.
                out.reply(id, Answer::Refused);
                self.begun = self.begun.filter(|_| !ends);
                continue;
            }
            self.current = Some((id, operation));
            if let Some(participant) = participant(operation, out.config()) {
                let mut begun = self.begun.unwrap_or_else(|| self.begin(out));
                let count = &mut begun.operations[participant.index() - 1];
                *count = count.saturating_add(1);
                self.begun = Some(begun);
            }
            self.ask(out);
        }
    }

    /// Numbers are shared out among clients, and never used again: not after a crash either.
    fn begin(&mut self, out: &mut Out<'_, TwoPhaseCommit>) -> Begun {
        let (clients, place) = (out.config().clients, out.me().0 - out.config().participants);
        let number = self.kept.begun.saturating_mul(clients.into()).saturating_add(place.into());
        self.kept.begun = self.kept.begun.saturating_add(1);
        out.persist(self.kept.clone());
        Begun { transaction: Transaction(number), operations: [0; MAX_PARTICIPANTS], doomed: false }
    }

    /// Asks what it waits for, once more if need be.
    pub(super) fn ask(&self, out: &mut Out<'_, TwoPhaseCommit>) {
        let (Some((_, operation)), Some(begun)) = (self.current, self.begun) else { return };
        let Begun { transaction, operations, .. } = begun;
        match participant(operation, out.config()) {
            None => out.send(COORDINATOR, Say::CommitRequest { transaction, operations }),
            Some(participant) => {
                let number = operations[participant.index() - 1];
                out.send(participant, Say::Update { transaction, number, operation });
            }
        }
        out.arm(Wait::Retry, out.config().again());
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, TwoPhaseCommit>) {
        let Some(((id, _), mut begun)) = self.current.zip(self.begun) else {
            return out.ignore(Phrase::plain("it waits for nothing"));
        };
        match *message {
            Say::Updated { transaction, number, answer }
                if self.waits_for(Some((from, number)), transaction, out.config()) =>
            {
                begun.doomed = answer == Answer::Refused;
                self.begun = Some(begun);
                self.answered(id, answer, out);
            }
            Say::Outcome { transaction, committed } if self.waits_for(None, transaction, out.config()) => {
                self.begun = None;
                self.answered(id, if committed { Answer::Done } else { Answer::Refused }, out);
            }
            _ => out.ignore(Phrase::plain("it waits for another answer")),
        }
    }

    /// Whether it waits for this: an operation at a participant, or the outcome.
    pub(super) fn waits_for(
        &self,
        operation: Option<(NodeId, u16)>,
        transaction: Transaction,
        config: &Config,
    ) -> bool {
        let Some(((_, current), begun)) = self.current.zip(self.begun) else { return false };
        let asks = participant(current, config).map(|node| (node, begun.operations[node.index() - 1]));
        (asks, begun.transaction) == (operation, transaction)
    }

    fn answered(&mut self, id: RequestId, answer: Answer, out: &mut Out<'_, TwoPhaseCommit>) {
        self.current = None;
        out.disarm(Wait::Retry);
        out.reply(id, answer);
        self.next(out);
    }
}

/// Who keeps the row that the operation is about; none for the wish to commit.
fn participant(operation: Operation, config: &Config) -> Option<NodeId> {
    operation.key().map(|key| NodeId(1 + key.0 % config.participants))
}
