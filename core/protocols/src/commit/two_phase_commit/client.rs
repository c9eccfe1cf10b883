//! Clients: the operations of one transaction after the other, each where its row is, then the wish to commit (Gray).
//!
//! A transaction begins with its first operation and ends with the answer to its commit. A client does one thing at a
//! time and asks again until it is answered; numbers make that harmless (`participant.rs`, `Coordinator::start`). Done
//! means committed: the coordinator has decided, though some participants may not know it yet. Refused means aborted,
//! wherever the reason was, or that there was nothing to commit.
//!
//! When a participant refuses an operation, it has aborted the transaction, and no commit is possible any more. The
//! client asks nobody about the rest of it: every further operation is refused at once, and so is the commit that ends
//! it. The other participants free their locks when they have waited long enough.

use super::*;
use crate::parts::requests::Requests;

/// A transaction that its client has begun and not ended.
#[derive(Clone, Copy, Debug, Hash)]
struct Begun {
    transaction: Transaction,
    /// Its operations so far.
    operations: Counts,
    /// Whether a participant has refused one: it can only end.
    doomed: bool,
}

/// A client. A crash forgets its transaction; the participants abort that when they have waited long enough.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    /// How many transactions it has begun.
    stable: Stable,
    /// The transaction that its operations belong to.
    begun: Option<Begun>,
    /// Operations, and wishes to commit, in the order in which they were asked for.
    requests: Requests,
}

impl Client {
    pub(super) fn boot(stable: Stable) -> Client {
        Client { stable, begun: None, requests: Requests::default() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_>) {
        self.requests.push(id, operation);
        self.next(out);
    }

    /// One request at a time: the next begins when the last is answered.
    fn next(&mut self, out: &mut Out<'_>) {
        while let Some((id, operation)) = self.requests.begin() {
            let node = home(operation, out.config());
            let ends = node == COORDINATOR;
            if self.begun.map_or(ends, |begun| begun.doomed) {
                // There is nothing to commit, or it is aborted already.
                self.begun = self.begun.filter(|_| !ends);
                self.requests.finish(id.ordinal);
                out.reply(id, Answer::Refused);
                continue;
            }
            if !ends {
                let mut begun = self.begun.unwrap_or_else(|| self.begin(out));
                let count = &mut begun.operations[node.index()];
                *count = count.saturating_add(1);
                self.begun = Some(begun);
            }
            self.ask(out);
        }
    }

    /// Numbers are shared out among clients, and never used again: not after a crash either.
    fn begin(&mut self, out: &mut Out<'_>) -> Begun {
        let (clients, place) = (out.config().clients, out.me().0 - out.config().participants);
        let number = self.stable.begun.saturating_mul(clients.into()).saturating_add(place.into());
        self.stable.begun = self.stable.begun.saturating_add(1);
        out.persist(self.stable.clone());
        Begun { transaction: Transaction(number), operations: Counts::default(), doomed: false }
    }

    /// Asks for what is under way, once more if need be. The wish to commit says how many operations each participant
    /// should have done, so that one that has lost some votes no.
    pub(super) fn ask(&self, out: &mut Out<'_>) {
        let (Some((_, operation)), Some(begun)) = (self.requests.current(), self.begun) else { return };
        let Begun { transaction, operations, .. } = begun;
        match home(operation, out.config()) {
            COORDINATOR => out.send(COORDINATOR, Message::CommitRequest(transaction, operations)),
            node => {
                let number = operations[node.index()];
                out.send(node, Message::Update(transaction, number, operation));
            }
        }
        out.arm(Timer::Retry, exactly(out.config().retry_micros));
    }

    /// Whether this answers what it waits for. An answer names the transaction and the operation, so that one that
    /// comes twice or late is not taken for another.
    pub(super) fn waits_for(&self, from: NodeId, message: &Message, config: &Config) -> bool {
        let (Some((_, operation)), Some(begun)) = (self.requests.current(), self.begun) else { return false };
        let node = home(operation, config);
        let about = match *message {
            Message::Updated(transaction, number, _) => (transaction, number),
            Message::Outcome(transaction, _) => (transaction, 0),
            _ => return false,
        };
        (from, about) == (node, (begun.transaction, begun.operations[node.index()]))
    }

    /// An answer: told to whoever asked, and the next request begins.
    pub(super) fn answered(&mut self, from: NodeId, message: &Message, out: &mut Out<'_>) {
        let Some((id, _)) = self.requests.current().filter(|_| self.waits_for(from, message, out.config())) else {
            return out.ignore(phrase!("it no longer waits for this answer"));
        };
        let answer = match *message {
            Message::Updated(.., answer) => answer,
            Message::Outcome(_, Commit) => Answer::Done,
            _ => Answer::Refused,
        };
        let doomed = answer == Answer::Refused;
        self.begun = self.begun.filter(|_| from != COORDINATOR).map(|begun| Begun { doomed, ..begun });
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
        let doomed = |begun: Begun| if begun.doomed { ", can only abort" } else { "" };
        view.maybe("Transaction", self.begun.map(|begun| format!("{}{}", begun.transaction, doomed(begun))));
        let question = |operation: Operation| operation.key().map_or("the outcome".into(), |_| operation.to_string());
        view.maybe("Waits for", current.map(|(_, operation)| question(operation)));
        self.requests.inspect_queue(view);
    }
}

/// Where an operation is asked for: at the participant that keeps its row. The coordinator is asked to commit.
fn home(operation: Operation, config: &Config) -> NodeId {
    operation.key().map_or(COORDINATOR, |key| NodeId(1 + key.0 % config.participants))
}
