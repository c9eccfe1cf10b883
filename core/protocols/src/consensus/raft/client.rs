//! What clients do and what servers do for them (§8): commands, each executed once; and reads that do not go through the log:
//! ReadIndex (dissertation §6.4) and leases (§6.4.1 there).
//!
//! A **command** goes through the log. A client that hears nothing asks again, so a command may be in the log twice; it
//! carries its number among its client's, and the state machine executes it once.
//!
//! A **read** changes nothing and need not be in the log. But a leader that has been replaced does not know it, and what it
//! would answer may be old. ReadIndex, by the dissertation's steps:
//!
//! 1. The leader must have committed an entry of its own term; before, it does not know what is committed (the no-op).
//! 2. It notes its commit index: the read's `index`.
//! 3. It sends a round of heartbeats, and a majority answers: no later leader had been elected when the read came in.
//! 4. Its state machine has applied that index.
//! 5. It answers from the state machine.
//!
//! With a **lease** it leaves step 3 out for as long as nobody can be elected: those who answered a round hear a leader
//! for the shortest election time-out from then on, and neither vote nor stand. The leader counts from when it *sent* the
//! round, which was earlier, by its own clock, which may be slower than theirs by twice the bound on drift. With a
//! transfer that promise is void: who is told to stand does not wait.

use super::machine::{Command, Request, Span};
use super::message::Message;
use super::server::{Role, Server};
use super::{Config, Fact, Flaw, Raft, ReadMode, Timer, name};
use crate::parts::requests::Requests;
use lightcone_engine::prelude::*;

/// A read that waits for steps 3 and 4. It is gone when the server follows: its client asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// The client's request.
    pub request: Request,
    /// The state machine must have applied this much.
    pub index: u32,
    /// A majority must have answered this round of heartbeats.
    pub round: u32,
}

/// For how long a leader may read alone; with other ways to read, nothing. It is gone when the server follows: whoever is
/// elected again begins without a lease.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lease {
    /// When, by its own clock, it sent the last round that a majority has answered.
    from_micros: Option<i64>,
    /// The rounds that a majority has not answered, and when it sent them.
    sent: VecDeque<(u32, i64)>,
    /// It has told another server to stand at once: nobody waits for the time-out any more.
    pub(super) void: bool,
}

impl Config {
    /// Whether the flaw answers this before it is committed: it can answer what it need not execute.
    pub(super) fn answers_early(&self, operation: Operation) -> bool {
        self.has(Flaw::AnswersBeforeCommit) && matches!(operation, Operation::Write { .. } | Operation::Add { .. })
    }

    /// How long a lease lasts by the leader's clock. Nobody who answered the round votes for another within the shortest
    /// election time-out; the leader's clock may be slow and theirs fast (dissertation §6.4.1).
    fn lease_micros(&self) -> i64 {
        let (shortest, bound) = (self.election_min_micros as i64, i64::from(self.drift_bound_per_mille));
        // The flaw counts on all clocks running alike.
        let bound = if self.has(Flaw::LeaseIgnoresDrift) { 0 } else { bound };
        shortest * (1_000 - bound) / (1_000 + bound)
    }
}

impl Server {
    /// A client asks something. §8: who does not lead says who does, if it knows.
    pub(super) fn on_client_request(&mut self, request: Request, out: &mut Out<'_, Raft>) {
        let (config, Request { client, sequence, operation }) = (*out.config(), request);
        if self.role != Role::Leader {
            return out.send(client, Message::Redirect { sequence, leader: self.leader });
        }
        if self.leading.transfer.is_some() {
            // Dissertation §3.10: a leader that hands over takes no more requests.
            return out.ignore(phrase!("it is handing over leadership"));
        }
        if config.read_mode != ReadMode::Log && matches!(operation, Operation::Read { .. }) {
            return self.on_read(request, out);
        }
        // §8: a command that took effect is answered again, not executed again. The flaw does not look.
        match self.machine.session_at(client, sequence).filter(|_| !config.has(Flaw::SessionsNotChecked)) {
            Some(session) if session.sequence == sequence => return respond(request, session.answer, out),
            Some(_) => return out.ignore(phrase!("its client no longer waits for this answer")),
            None => {}
        }
        let command = Command::Client(request);
        self.append_own(command);
        let last = self.stable.log.last_index();
        out.happened(Fact::Appends { entries: Span { first: last, last, command } });
        // Its own log counts towards the majority. "The leader may even commit an entry before it has been written to its own
        // disk, if a majority of followers have written it" (dissertation §10.2.1); but the flaw counts itself all the same,
        // and saves with the next heartbeat.
        if !config.has(Flaw::CountsItselfBeforeSaving) {
            self.save(out);
        }
        if config.answers_early(operation) {
            respond(request, Answer::Done, out);
        }
        for peer in self.others() {
            self.send_entries(peer, out);
        }
        self.advance_commit(out);
    }

    /// A client reads, and the leader need not write to answer.
    fn on_read(&mut self, request: Request, out: &mut Out<'_, Raft>) {
        // Steps 1 and 2. What was committed before its own term, it knows only once an entry of its own is (§8).
        let index = self.commit.max(self.leading.term_start);
        if out.config().has(Flaw::ReadWithoutReadIndex) || (self.machine.applied >= index && self.has_lease(out)) {
            return respond(request, self.machine.read(request.operation), out);
        }
        // Step 3: a new leader may have come; a round of heartbeats that leaves now tells.
        self.leading.reads.push(Read { request, index, round: self.leading.round + 1 });
        self.send_round(false, out);
        self.serve_reads(out);
    }

    /// Steps 4 and 5: answers the reads that are confirmed and whose index is applied.
    pub(super) fn serve_reads(&mut self, out: &mut Out<'_, Raft>) {
        if self.leading.reads.is_empty() {
            return;
        }
        let (round, applied) = (self.confirmed_round(), self.machine.applied);
        let ready = |read: &mut Read| read.round <= round && read.index <= applied;
        for Read { request, .. } in self.leading.reads.extract_if(.., ready) {
            respond(request, self.machine.read(request.operation), out);
        }
    }

    /// The last round of heartbeats that a majority has answered: then it still led.
    fn confirmed_round(&self) -> u32 {
        self.reached_by_majority(self.leading.round, |peer| peer.round)
    }

    /// A round of heartbeats leaves: if a majority answers, the lease runs from now.
    pub(super) fn start_lease_round(&mut self, out: &mut Out<'_, Raft>) {
        if out.config().read_mode == ReadMode::Lease {
            self.leading.lease.sent.push_back((self.leading.round, out.clock_micros()));
            self.extend_lease();
        }
    }

    /// A majority may have answered another round.
    pub(super) fn extend_lease(&mut self) {
        let round = if self.leading.lease.sent.is_empty() { 0 } else { self.confirmed_round() };
        let lease = &mut self.leading.lease;
        while let Some((_, at)) = lease.sent.pop_front_if(|(sent, _)| *sent <= round) {
            lease.from_micros = Some(at);
        }
    }

    /// Whether its lease lasts, by its own clock.
    fn has_lease(&self, out: &Out<'_, Raft>) -> bool {
        let (lease, lasts) = (&self.leading.lease, out.config().lease_micros());
        !lease.void && lease.from_micros.is_some_and(|from| out.clock_micros() - from < lasts)
    }
}

/// Answers a client.
pub(super) fn respond(Request { client, sequence, operation }: Request, answer: Answer, out: &mut Out<'_, Raft>) {
    let key = operation.key().filter(|_| matches!(operation, Operation::Read { .. }));
    out.send(client, Message::Response { sequence, key, answer });
}

/// A client: one operation after the other, each sent to the server that seems to lead, and again to another if no answer
/// comes. The number of the operation makes asking twice harmless.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    /// Whom it asks: the server that leads, as far as it knows.
    pub server: NodeId,
    /// What it asks, and what it has still to ask.
    requests: Requests,
    /// How often it was sent on for this operation since it last lost patience. Two servers that take each other for the
    /// leader would send it back and forth for ever.
    sent_on: u8,
}

impl Client {
    /// The `client`-th of its kind, from 0, starts with the server of the same number.
    pub(super) fn boot(client: u8, servers: u8) -> Client {
        Client { server: NodeId(client % servers), requests: Requests::default(), sent_on: 0 }
    }

    /// Someone asks the client to do something, or tells it whom to ask.
    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Raft>) {
        match super::Command::of(operation) {
            // Whoever sits at the client names the server; what it waits for, it asks there again.
            Some(super::Command::TurnTo(server)) if server.0 < out.config().servers => {
                out.reply(id, Answer::Done);
                self.turn_to(server, out);
            }
            Some(_) => out.reply(id, Answer::Refused),
            None => {
                self.requests.push(id, operation);
                self.ask_next(out);
            }
        }
    }

    /// Whether it waits for an answer to its request with this number. Numbers are not used again: if not now, then never.
    pub(super) fn waits_for(&self, sequence: u16) -> bool {
        self.requests.is_current(sequence)
    }

    /// From now on it asks this server.
    fn turn_to(&mut self, server: NodeId, out: &mut Out<'_, Raft>) {
        (self.server, self.sent_on) = (server, 0);
        self.ask(out);
    }

    /// Asks the next in the queue, once the last is answered.
    fn ask_next(&mut self, out: &mut Out<'_, Raft>) {
        if self.requests.begin().is_some() {
            self.ask(out);
        }
    }

    /// Asks, and waits for its patience to end.
    fn ask(&self, out: &mut Out<'_, Raft>) {
        let Some((id, operation)) = self.requests.current() else { return };
        let patience = out.config().retry_micros;
        out.send(self.server, Message::Request { sequence: id.ordinal, operation });
        out.arm(Timer::Retry, (patience, patience));
    }

    /// No answer: another server may know more.
    pub(super) fn on_retry(&mut self, out: &mut Out<'_, Raft>) {
        self.turn_to(NodeId((self.server.0 + 1) % out.config().servers), out);
    }

    /// A server answers, or says who leads.
    pub(super) fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Raft>) {
        match *message {
            Message::Response { sequence, .. } | Message::Redirect { sequence, .. } if !self.waits_for(sequence) => {
                out.ignore(phrase!("it does not wait for this answer"));
            }
            Message::Response { sequence, answer, .. } => {
                let Some(id) = self.requests.finish(sequence) else { return };
                (self.server, self.sent_on) = (from, 0);
                out.disarm(Timer::Retry);
                out.reply(id, answer);
                self.ask_next(out);
            }
            Message::Redirect { .. } if from != self.server => out.ignore(phrase!("it asks another server by now")),
            Message::Redirect { leader, .. } => {
                // Too often: it waits for its patience to end.
                if let Some(leader) = leader.filter(|_| self.sent_on < out.config().servers) {
                    self.server = leader;
                    self.sent_on += 1;
                    self.ask(out);
                }
            }
            _ => out.ignore(phrase!("not for a client")),
        }
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        let current = self.requests.current().map(|(_, operation)| operation);
        view.summary = match (current, current.and_then(|operation| operation.key())) {
            (Some(Operation::Read { .. }), Some(key)) => format!("reading {key}"),
            (_, Some(key)) => format!("writing {key}"),
            (_, None) => "idle".into(),
        };
        view.maybe("Waits for", current);
        view.fact("Asks", name(self.server));
        self.requests.inspect_queue(view);
    }
}
