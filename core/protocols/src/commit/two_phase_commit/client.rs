//! Clients: the operations of one transaction after the other, each where its row is, then the wish to commit. What is
//! not answered is sent again; numbers make that harmless.

use super::log::{Stable, Transaction};
use super::{COORDINATOR, Config, MAX_PARTICIPANTS, Message, Timer, TwoPhaseCommit};
use crate::parts::atomic_commit::Decision;
use crate::parts::requests::Requests;
use lightcone_engine::prelude::*;

/// A transaction that its client has begun.
#[derive(Clone, Copy, Debug, Hash)]
struct Begun {
    transaction: Transaction,
    /// How many operations it has at each participant.
    operations: [u16; MAX_PARTICIPANTS],
    /// Whether a participant has refused one: it can only end.
    doomed: bool,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    /// How many transactions it has begun.
    stable: Stable,
    /// The transaction that its operations belong to.
    begun: Option<Begun>,
    /// Operations, and wishes to commit.
    requests: Requests,
}

impl Client {
    pub(super) fn boot(stable: Stable) -> Client {
        Client { stable, begun: None, requests: Requests::default() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, TwoPhaseCommit>) {
        self.requests.push(id, operation);
        self.next(out);
    }

    fn next(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        while let Some((id, operation)) = self.requests.begin() {
            let participant = participant(operation, out.config());
            if self.begun.map_or(participant.is_none(), |begun| begun.doomed) {
                // There is nothing to commit, or it is aborted already.
                self.begun = self.begun.filter(|_| participant.is_some());
                self.requests.finish(id.ordinal);
                out.reply(id, Answer::Refused);
                continue;
            }
            if let Some(participant) = participant {
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
        let number = self.stable.begun.saturating_mul(clients.into()).saturating_add(place.into());
        self.stable.begun = self.stable.begun.saturating_add(1);
        out.persist(self.stable.clone());
        Begun { transaction: Transaction(number), operations: [0; MAX_PARTICIPANTS], doomed: false }
    }

    /// What it waits for an answer to, and who is asked.
    fn question(&self, config: &Config) -> Option<(NodeId, Message)> {
        let ((_, operation), Begun { transaction, operations, .. }) = self.requests.current().zip(self.begun)?;
        Some(match participant(operation, config) {
            None => (COORDINATOR, Message::CommitRequest { transaction, operations }),
            Some(participant) => {
                let number = operations[participant.index() - 1];
                (participant, Message::Update { transaction, number, operation })
            }
        })
    }

    /// Asks, once more if need be.
    pub(super) fn ask(&self, out: &mut Out<'_, TwoPhaseCommit>) {
        let Some((node, question)) = self.question(out.config()) else { return };
        out.send(node, question);
        out.arm(Timer::Retry, out.config().retry());
    }

    /// Whether it waits for this answer.
    pub(super) fn waits_for(&self, from: NodeId, answer: &Message, config: &Config) -> bool {
        let Some((asked, question)) = self.question(config) else { return false };
        match (question, answer) {
            (Message::Update { transaction, number, .. }, Message::Updated { transaction: of, number: to, .. }) => {
                (asked, transaction, number) == (from, *of, *to)
            }
            (Message::CommitRequest { transaction, .. }, Message::Outcome { transaction: of, .. }) => {
                transaction == *of
            }
            _ => false,
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, TwoPhaseCommit>) {
        let Some((id, _)) = self.requests.current() else {
            return out.ignore(phrase!("it waits for nothing"));
        };
        let answer = match *message {
            _ if !self.waits_for(from, message, out.config()) => {
                return out.ignore(phrase!("it waits for another answer"));
            }
            Message::Updated { answer, .. } => {
                self.begun = self.begun.map(|begun| Begun { doomed: answer == Answer::Refused, ..begun });
                answer
            }
            Message::Outcome { decision, .. } => {
                self.begun = None;
                if decision == Decision::Commit { Answer::Done } else { Answer::Refused }
            }
            _ => return,
        };
        self.requests.finish(id.ordinal);
        out.disarm(Timer::Retry);
        out.reply(id, answer);
        self.next(out);
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        let current = self.requests.current();
        view.summary = match (current, self.begun) {
            (None, None) => "idle".into(),
            (None, Some(begun)) => format!("in {}", begun.transaction),
            (Some(_), _) => "waits for an answer".into(),
        };
        if let Some(Begun { transaction, doomed, .. }) = self.begun {
            view.fact("Transaction", format!("{transaction}{}", if doomed { ", can only abort" } else { "" }));
        }
        if let Some((_, operation)) = current {
            view.fact("Waits for", operation.key().map_or("the outcome".into(), |_| operation.to_string()));
        }
        self.requests.inspect_queue(view);
    }
}

/// Who keeps the row that the operation is about; none for the wish to commit.
fn participant(operation: Operation, config: &Config) -> Option<NodeId> {
    operation.key().map(|key| NodeId(1 + key.0 % config.participants))
}
