//! A participant: does what clients ask under locks, votes, and carries out the decision (Gray; BHG §7.4).
//!
//! Up to its yes it may abort by itself. From its yes to the decision it may do neither: it is in doubt, keeps its
//! locks, over crashes too, and asks until somebody knows.

use super::fact::Fact;
use super::log::{Kept, Record, Transaction, Work};
use super::message::Say;
use super::{COORDINATOR, Patience, TwoPhaseCommit, Wait, about, belief, flaw};
use alloc::vec::Vec;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::Out;
use lightcone_engine::sorted_map::SortedMap;
use lightcone_engine::time::Moment;

/// An operation that waits for a lock.
#[derive(Clone, Debug, Hash)]
pub struct Waiting {
    client: NodeId,
    /// For which transaction.
    pub transaction: Transaction,
    number: u16,
    operation: Operation,
}

impl Waiting {
    /// The row it waits for.
    #[must_use]
    pub fn key(&self) -> Key {
        self.operation.key().unwrap_or(Key(0))
    }
}

/// A participant.
#[derive(Clone, Debug, Hash)]
pub struct Participant {
    /// Its log and its rows.
    pub kept: Kept,
    /// Not voted on, with the clock's time of the last operation; who has been idle longest first.
    pub active: Vec<(Work, Moment)>,
    /// Voted yes on, and the decision not known.
    pub in_doubt: Vec<Work>,
    /// What waits for locks, in the order of arrival.
    pub waiting: Vec<Waiting>,
    patience: Patience,
}

impl Participant {
    /// Goes on from the log: what has a yes record is in doubt, all else that had no decision is gone (BHG §7.4,
    /// recovery).
    pub(super) fn boot(kept: Kept, out: &mut Out<'_, TwoPhaseCommit>) -> Participant {
        let in_doubt = kept.in_doubt().cloned().collect();
        let (active, waiting) = (Vec::new(), Vec::new());
        let mut participant = Participant { kept, active, in_doubt, waiting, patience: Patience::NOBODY };
        participant.ask(out);
        participant
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, TwoPhaseCommit>) {
        match *message {
            Say::Update { transaction, number, operation } => {
                self.update(Waiting { client: from, transaction, number, operation }, out);
            }
            Say::Prepare { transaction, participants, operations } => {
                self.vote(transaction, participants, operations, out);
            }
            Say::Commit(transaction) => self.told_commit(from, transaction, out),
            Say::Abort(transaction) => match self.kept.decision(transaction) {
                None => self.decide(transaction, false, out),
                Some(_) => out.ignore(about("T{} is decided here", transaction)),
            },
            Say::Ask(transaction) => self.answer(from, transaction, out),
            Say::InDoubt(_) => out.ignore(Phrase::with("{node} does not know either", &[from.0.into()])),
            _ => out.ignore(Phrase::plain("not for a participant")),
        }
        self.watch(out);
    }

    /// An operation of a transaction: done at once, or when its row is free.
    fn update(&mut self, asked: Waiting, out: &mut Out<'_, TwoPhaseCommit>) {
        let Waiting { client, transaction, number, .. } = asked;
        if self.kept.decision(transaction).is_some() {
            return refuse(&asked, out);
        }
        let same = |each: &Waiting| (each.transaction, each.number) == (transaction, number);
        if self.waiting.iter().any(same) || self.in_doubt.iter().any(|work| work.transaction == transaction) {
            return out.ignore(about("T{} has asked before", transaction));
        }
        let work = self.active.iter().map(|(work, _)| work).find(|work| work.transaction == transaction);
        let done = work.map_or(0, |work| work.operations);
        if number > done + 1 {
            // What came before was lost in a crash.
            self.decide(transaction, false, out);
            return refuse(&asked, out);
        }
        if let Some(work) = work.filter(|_| number == done) {
            let answer = self.result(work, asked.operation);
            return out.send(client, Say::Updated { transaction, number, answer });
        }
        if number < done {
            return out.ignore(about("T{} has asked before", transaction));
        }
        match self.holder(asked.key()) {
            Some(holder) if holder != transaction => self.waiting.push(asked),
            _ => self.perform(&asked, out),
        }
    }

    /// Who has the row locked.
    #[must_use]
    pub fn holder(&self, key: Key) -> Option<Transaction> {
        self.working().find(|work| work.locks.contains(&key)).map(|work| work.transaction)
    }

    /// All that holds locks.
    pub fn working(&self) -> impl Iterator<Item = &Work> {
        self.in_doubt.iter().chain(self.active.iter().map(|(work, _)| work))
    }

    /// Locks the row and does it in private: nobody sees it before the commit.
    fn perform(&mut self, asked: &Waiting, out: &mut Out<'_, TwoPhaseCommit>) {
        let Waiting { client, transaction, number, operation } = *asked;
        let key = asked.key();
        let mut work = self.take_active(transaction).unwrap_or(Work {
            transaction,
            participants: NodeSet::EMPTY,
            locks: Vec::new(),
            writes: SortedMap::new(),
            operations: 0,
        });
        if !work.locks.contains(&key) {
            work.locks.push(key);
        }
        match operation {
            Operation::Write { value, .. } => drop(work.writes.insert(key, value)),
            Operation::Add { amount, .. } => {
                let before = self.seen(&work, key).unwrap_or(0);
                work.writes.insert(key, before.wrapping_add(amount));
            }
            _ => {}
        }
        work.operations = number;
        let answer = self.result(&work, operation);
        out.send(client, Say::Updated { transaction, number, answer });
        self.active.push((work, out.timer_clock()));
    }

    /// The row as the transaction sees it.
    fn seen(&self, work: &Work, key: Key) -> Option<i32> {
        work.writes.get(&key).or_else(|| self.kept.rows.get(&key)).copied()
    }

    fn result(&self, work: &Work, operation: Operation) -> Answer {
        match operation {
            Operation::Read { key } => Answer::Value(self.seen(work, key)),
            _ => Answer::Done,
        }
    }

    fn take_active(&mut self, transaction: Transaction) -> Option<Work> {
        let place = self.active.iter().position(|(work, _)| work.transaction == transaction)?;
        Some(self.active.remove(place).0)
    }

    /// Yes is a promise, so it is in the log before it is sent; whoever has not got everything says no (BHG §7.4).
    fn vote(
        &mut self,
        transaction: Transaction,
        participants: NodeSet,
        operations: u16,
        out: &mut Out<'_, TwoPhaseCommit>,
    ) {
        match self.kept.decision(transaction) {
            Some(true) => return out.ignore(about("T{} is committed here", transaction)),
            Some(false) => return out.send(COORDINATOR, Say::No(transaction)),
            None => {}
        }
        if self.in_doubt.iter().any(|work| work.transaction == transaction) {
            return out.send(COORDINATOR, Say::Yes(transaction));
        }
        let willing = out.config().votes_no != out.me().0;
        let complete = |(work, _): &(Work, Moment)| work.transaction == transaction && work.operations == operations;
        let Some(place) = self.active.iter().position(complete).filter(|_| willing) else {
            self.decide(transaction, false, out);
            return out.send(COORDINATOR, Say::No(transaction));
        };
        let work = Work { participants, ..self.active.remove(place).0 };
        if !out.config().flaw(flaw::YES_NOT_LOGGED) {
            self.kept.log.push(Record::Prepared(work.clone()));
            out.persist(self.kept.clone());
        }
        out.happened(Fact::Prepared { transaction });
        out.hold(belief::VOTE);
        out.send(COORDINATOR, Say::Yes(transaction));
        if self.in_doubt.is_empty() {
            out.arm(Wait::Decision, out.config().decision_timeout());
        }
        self.in_doubt.push(work);
    }

    fn told_commit(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        let known = self.working().any(|work| work.transaction == transaction);
        match self.kept.decision(transaction) {
            Some(true) => {}
            Some(false) => return out.ignore(about("T{} is aborted here", transaction)),
            None if known => self.decide(transaction, true, out),
            None => return out.ignore(about("T{} is not known here", transaction)),
        }
        if from == COORDINATOR {
            out.send(COORDINATOR, Say::Acknowledge(transaction));
        }
    }

    /// The decision, its own or told: into the log, then the locks go.
    fn decide(&mut self, transaction: Transaction, commit: bool, out: &mut Out<'_, TwoPhaseCommit>) {
        let doubted = self.in_doubt.iter().position(|work| work.transaction == transaction);
        let doubted = doubted.map(|place| self.in_doubt.remove(place));
        if doubted.is_some() && self.in_doubt.is_empty() {
            out.disarm(Wait::Decision);
        }
        let work = doubted.or_else(|| self.take_active(transaction));
        for (key, value) in work.filter(|_| commit).map_or(SortedMap::new(), |work| work.writes) {
            self.kept.rows.insert(key, value);
        }
        self.kept.log.push(if commit { Record::Committed(transaction) } else { Record::Aborted(transaction) });
        out.persist(self.kept.clone());
        out.happened(if commit { Fact::Committed { transaction } } else { Fact::Aborted { transaction } });
        out.hold(belief::DECISION);
        self.waiting.extract_if(.., |each| each.transaction == transaction).for_each(|each| refuse(&each, out));
        self.grant(out);
    }

    /// Rows are free: who has waited longest goes on.
    fn grant(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        let free = |here: &Participant| here.waiting.iter().position(|each| here.holder(each.key()).is_none());
        while let Some(place) = free(self) {
            let asked = self.waiting.remove(place);
            self.perform(&asked, out);
        }
    }

    /// A peer is in doubt. Who has not voted can make sure that nobody commits (BHG §7.4, cooperative termination).
    fn answer(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        let in_doubt = self.in_doubt.iter().any(|work| work.transaction == transaction);
        if in_doubt && !out.config().flaw(flaw::IN_DOUBT_ANSWERS_ABORT) {
            return out.send(from, Say::InDoubt(transaction));
        }
        let decided = self.kept.decision(transaction);
        if decided.is_none() {
            self.decide(transaction, false, out);
        }
        out.send(from, if decided == Some(true) { Say::Commit(transaction) } else { Say::Abort(transaction) });
    }

    /// No vote is asked for: nothing is promised yet, so it may abort (BHG §7.4, time-out actions).
    pub(super) fn on_idle(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        if let Some((work, _)) = self.active.first() {
            self.decide(work.transaction, false, out);
        }
        self.watch(out);
    }

    /// No decision comes: it cannot decide by itself, so it asks, for ever.
    pub(super) fn on_no_decision(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        if out.config().flaw(flaw::ABORTS_AFTER_YES) {
            while let Some(work) = self.in_doubt.first() {
                self.decide(work.transaction, false, out);
            }
        }
        self.ask(out);
        self.watch(out);
    }

    fn ask(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        for work in &self.in_doubt {
            let peers = if out.config().cooperative { work.participants } else { NodeSet::EMPTY };
            out.broadcast(peers.union(NodeSet::only(COORDINATOR)), Say::Ask(work.transaction));
        }
        if !self.in_doubt.is_empty() {
            out.arm(Wait::Decision, out.config().again());
        }
    }

    fn watch(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        let idlest = self.active.first().map(|(work, since)| (work.transaction, *since));
        let longest = out.config().idle_timeout;
        self.patience.watch(idlest, Wait::Prepare, longest, out);
    }
}

fn refuse(asked: &Waiting, out: &mut Out<'_, TwoPhaseCommit>) {
    let Waiting { client, transaction, number, .. } = *asked;
    out.send(client, Say::Updated { transaction, number, answer: Answer::Refused });
}
