//! Clients: one operation after the other, each sent to the server that seems to lead, again to another
//! if no answer comes (§8). The number of the operation makes asking twice harmless.

use super::message::Say;
use super::{Raft, Wait};
use alloc::collections::VecDeque;
use alloc::format;
use lightcone_engine::id::{NodeId, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Inspection, Out};

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    /// How many servers there are.
    servers: u8,
    /// Whom it asks: the server that leads, as far as it knows.
    pub server: NodeId,
    /// What it waits for.
    pub current: Option<(RequestId, Operation)>,
    /// What it has still to ask.
    queue: VecDeque<(RequestId, Operation)>,
    /// How often it was sent on for this operation since it last lost patience.
    sent_on: u8,
}

impl Client {
    /// The `client`-th of its kind, from 0, starts with the server of the same number.
    pub(super) fn boot(client: u8, servers: u8) -> Client {
        let server = NodeId(client % servers);
        Client { servers, server, current: None, queue: VecDeque::new(), sent_on: 0 }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Raft>) {
        if let Operation::Command { argument, .. } = operation {
            self.turn_to(id, NodeId(argument), out);
            return;
        }
        self.queue.push_back((id, operation));
        self.ask_next(out);
    }

    /// Whoever sits at the client names the server; what it waits for, it asks there again.
    fn turn_to(&mut self, id: RequestId, server: NodeId, out: &mut Out<'_, Raft>) {
        if server.0 >= self.servers {
            out.reply(id, Answer::Refused);
            return;
        }
        self.server = server;
        self.sent_on = 0;
        out.reply(id, Answer::Done);
        self.ask(out);
    }

    fn ask_next(&mut self, out: &mut Out<'_, Raft>) {
        if self.current.is_none() {
            self.current = self.queue.pop_front();
            self.sent_on = 0;
            self.ask(out);
        }
    }

    fn ask(&self, out: &mut Out<'_, Raft>) {
        let Some((id, operation)) = self.current else { return };
        let patience = out.config().retry;
        // The simulator counts a lane's operations over crashes: a restarted client does not use a number again.
        out.send(self.server, Say::Request { sequence: id.ordinal, operation });
        out.arm(Wait::Retry, (patience, patience));
    }

    /// No answer: another server may know more.
    pub(super) fn on_retry(&mut self, out: &mut Out<'_, Raft>) {
        self.server = NodeId((self.server.0 + 1) % self.servers);
        self.sent_on = 0;
        self.ask(out);
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Raft>) {
        let waiting_for = self.current.map(|(id, _)| id.ordinal);
        match *message {
            Say::Response { sequence, answer, .. } => {
                let Some((id, _)) = self.current.filter(|_| waiting_for == Some(sequence)) else {
                    out.ignore(Phrase::plain("it has this answer"));
                    return;
                };
                self.server = from;
                self.current = None;
                out.disarm(Wait::Retry);
                out.reply(id, answer);
                self.ask_next(out);
            }
            Say::Redirect { sequence, leader } => {
                if waiting_for != Some(sequence) || from != self.server {
                    out.ignore(Phrase::plain("it asks another server by now"));
                } else if let Some(leader) = leader.filter(|_| self.sent_on < self.servers) {
                    self.server = leader;
                    self.sent_on += 1;
                    self.ask(out);
                }
            }
            _ => out.ignore(Phrase::plain("not for a client")),
        }
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match self.current {
            None => "idle".into(),
            Some((_, Operation::Read { key })) => format!("reading {key}"),
            Some((_, operation)) => match operation.key() {
                Some(key) => format!("writing {key}"),
                None => "waiting".into(),
            },
        };
        if let Some((_, operation)) = self.current {
            view.fact("Waits for", format!("{operation}"));
        }
        view.fact("Asks", format!("S{}", self.server.0 + 1));
        if !self.queue.is_empty() {
            view.fact("Still to ask", format!("{}", self.queue.len()));
        }
    }
}
