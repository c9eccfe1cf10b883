//! A participant: does what clients ask under locks, votes, and carries out the decision (Gray; BHG §7.4).
//!
//! Up to its yes it may abort by itself. From its yes to the decision it may neither commit nor abort: it is **in
//! doubt** (BHG: uncertain), keeps its locks, over crashes too, and asks until somebody knows.
//!
//! | state     | in memory                | in the log          | leaves it when                                         |
//! |-----------|--------------------------|---------------------|--------------------------------------------------------|
//! | active    | locks and writes         |                     | it votes, waits too long, is asked by a peer, crashes  |
//! | in doubt  | the same                 | yes, with all of it | it is told. After a crash it still is in doubt         |
//! | committed | its writes are in the rows | commit            | never                                                  |
//! | aborted   |                          | abort               | never                                                  |
//!
//! **Locks.** Every row that a transaction reads or writes is locked for it alone, and stays so until the decision
//! (strict two-phase locking: another two phases). So nobody sees what may still be undone. Whoever wants the row
//! waits, without knowing whether for a moment or for a coordinator that never comes back. Two transactions may wait
//! for each other at two participants, and neither participant can see that; one of them loses patience (`on_idle`),
//! which ends the circle.
//!
//! **Numbers.** A client numbers a transaction's operations at each participant. What comes twice is answered twice and
//! done once. A gap says that a crash has taken what came before: then the transaction can only abort.

use super::*;

/// An operation, done at once or when its row is free.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Update {
    pub(super) client: NodeId,
    /// For which transaction.
    pub transaction: Transaction,
    /// The operation's place among the transaction's here, from 1.
    pub(super) number: u16,
    pub(super) operation: Operation,
}

impl Update {
    /// The row that it is about. Clients send no operation without one.
    pub fn key(&self) -> Key {
        self.operation.key().unwrap_or(Key(0))
    }

    /// Answers it.
    fn answer(self, answer: Answer, out: &mut Out<'_>) {
        let Update { client, transaction, number, .. } = self;
        out.send(client, Message::Updated(transaction, number, answer));
    }
}

/// A participant.
#[derive(Clone, Debug, Hash)]
pub struct Participant {
    /// Its log and its rows: what is committed, and what it has promised.
    stable: Stable,
    /// Not voted on, with the clock's time of the last operation; what has been idle longest first.
    pub(super) active: Vec<(Work, Moment)>,
    /// Voted yes on, and the decision not known.
    pub(super) in_doubt: Vec<Work>,
    /// What waits for locks, in the order of arrival.
    pub waiting: Vec<Update>,
}

impl Participant {
    /// Goes on from the log: what has a yes record is in doubt, all else that had no decision is gone (BHG §7.4,
    /// recovery).
    pub(super) fn boot(stable: Stable, out: &mut Out<'_>) -> Participant {
        let in_doubt = stable.in_doubt().cloned().collect();
        let participant = Participant { stable, active: Vec::new(), in_doubt, waiting: Vec::new() };
        participant.ask(out);
        participant
    }

    /// An operation of a transaction: done at once, or when its row is free.
    pub(super) fn update(&mut self, asked: Update, out: &mut Out<'_>) {
        let Update { transaction, number, .. } = asked;
        let work = self.active.iter().map(|(work, _)| work).find(|work| work.transaction == transaction);
        let done = work.map_or(0, |work| work.operations);
        let waits = self.waiting.iter().any(|each| (each.transaction, each.number) == (transaction, number));
        match work {
            _ if self.stable.decision(transaction).is_some() => asked.answer(Answer::Refused, out),
            Some(work) if number == done => asked.answer(self.result(work, asked.operation), out),
            _ if waits || number < done || self.is_in_doubt(transaction) => {
                out.ignore(phrase!("T{} has asked already", transaction));
            }
            _ if number > done + 1 => {
                // What came before was lost in a crash.
                self.decide(transaction, Abort, out);
                asked.answer(Answer::Refused, out);
            }
            _ if self.holder(asked.key()).is_some_and(|holder| holder != transaction) => self.waiting.push(asked),
            _ => self.perform(asked, out),
        }
    }

    /// Locks the row and does it in private: nobody sees it before the commit. The transaction becomes the one that has
    /// been idle for the shortest time.
    fn perform(&mut self, asked: Update, out: &mut Out<'_>) {
        let Update { transaction, number, operation, .. } = asked;
        let mut work = self.take(transaction).unwrap_or_else(|| Work { transaction, ..Work::default() });
        let (key, before) = (asked.key(), self.seen(&work, asked.key()));
        if !work.locks.contains(&key) {
            work.locks.push(key);
        }
        match operation {
            Operation::Write { value, .. } => drop(work.writes.insert(key, value)),
            Operation::Add { amount, .. } => drop(work.writes.insert(key, before.unwrap_or(0).wrapping_add(amount))),
            _ => {}
        }
        work.operations = number;
        asked.answer(self.result(&work, operation), out);
        self.active.push((work, out.timer_clock()));
    }

    /// The row as the transaction sees it.
    fn seen(&self, work: &Work, key: Key) -> Option<Value> {
        work.writes.get(&key).or_else(|| self.stable.rows.get(&key)).copied()
    }

    /// What the client is told: the row, or only that it is done.
    fn result(&self, work: &Work, operation: Operation) -> Answer {
        if let Operation::Read { key } = operation { Answer::Value(self.seen(work, key)) } else { Answer::Done }
    }

    /// Yes is a promise, so it is in the log before it is sent, with all that is needed to keep it; whoever has not got
    /// everything says no (BHG §7.4, step 2). A Prepare that comes again gets the same vote again.
    pub(super) fn vote(&mut self, transaction: Transaction, all: NodeSet, operations: u16, out: &mut Out<'_>) {
        match self.stable.decision(transaction) {
            Some(Commit) => return out.ignore(phrase!("T{} is committed here", transaction)),
            Some(Abort) => return out.refuse(COORDINATOR, Message::No(transaction), phrase!("it has aborted")),
            None if self.is_in_doubt(transaction) => return out.send(COORDINATOR, Message::Yes(transaction)),
            None => {}
        }
        let willing = out.config().votes as u8 != out.me().0;
        let complete = |(work, _): &(Work, Moment)| work.transaction == transaction && work.operations == operations;
        let Some(place) = self.active.iter().position(complete).filter(|_| willing) else {
            self.decide(transaction, Abort, out);
            let why = if willing { phrase!("some of its work is missing") } else { phrase!("it is set to vote no") };
            return out.refuse(COORDINATOR, Message::No(transaction), why);
        };
        let work = Work { participants: all, ..self.active.remove(place).0 };
        // The flaw keeps its promise in memory only.
        if !out.config().has(Flaw::YesNotLogged) {
            self.stable.force(Record::Prepared(work.clone()), out);
        }
        out.happened(Fact::Prepared { transaction });
        out.hold(VOTE);
        out.send(COORDINATOR, Message::Yes(transaction));
        if self.in_doubt.is_empty() {
            out.arm(Timer::Decision, exactly(out.config().decision_timeout_micros));
        }
        self.in_doubt.push(work);
    }

    /// The decision arrives, from the coordinator or from a peer that knows. A commit is acknowledged every time (R\*).
    pub(super) fn told(&mut self, from: NodeId, transaction: Transaction, decision: Decision, out: &mut Out<'_>) {
        let known = self.working().any(|work| work.transaction == transaction);
        match (self.stable.decision(transaction), decision) {
            (None, Commit) if !known => return out.ignore(phrase!("T{} is not known here", transaction)),
            (None, _) => self.decide(transaction, decision, out),
            (Some(Commit), Commit) => {}
            (Some(Abort), Commit) => return out.ignore(phrase!("T{} is aborted here", transaction)),
            (Some(_), Abort) => return out.ignore(phrase!("T{} is decided here", transaction)),
        }
        if decision == Commit && from == COORDINATOR {
            out.send(COORDINATOR, Message::Acknowledge(transaction));
        }
    }

    /// The decision, its own or told: into the log, then the locks go. Never called for what is decided: a decision is
    /// made once (BHG §7.3, AC2).
    fn decide(&mut self, transaction: Transaction, decision: Decision, out: &mut Out<'_>) {
        let work = self.take(transaction);
        if self.in_doubt.is_empty() {
            out.disarm(Timer::Decision);
        }
        for (key, value) in work.filter(|_| decision == Commit).map_or(SortedMap::new(), |work| work.writes) {
            self.stable.rows.insert(key, value);
        }
        self.stable.force(Record::Decided(transaction, decision), out);
        out.happened(Fact::Decided { transaction, decision });
        out.hold(DECISION);
        self.waiting
            .extract_if(.., |each| each.transaction == transaction)
            .for_each(|each| each.answer(Answer::Refused, out));
        // Rows are free: who has waited longest goes on.
        while let Some(place) = self.waiting.iter().position(|each| self.holder(each.key()).is_none()) {
            let asked = self.waiting.remove(place);
            self.perform(asked, out);
        }
    }

    /// A peer is in doubt (BHG §7.4, cooperative termination). Who knows says so. Who has not voted can make sure that
    /// nobody commits, by never voting yes. Who is in doubt as well cannot help.
    pub(super) fn answer(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_>) {
        // The flaw decides as if it had not voted.
        if self.is_in_doubt(transaction) && !out.config().has(Flaw::InDoubtAnswersAbort) {
            return out.send(from, Message::InDoubt(transaction));
        }
        let known = self.stable.decision(transaction);
        if known.is_none() {
            self.decide(transaction, Abort, out);
        }
        out.send(from, Message::telling(transaction, known.unwrap_or(Abort)));
    }

    /// No vote is asked for: nothing is promised yet, so it may abort (BHG §7.4, time-out actions). That frees the
    /// locks of a client that is gone, and one side of a deadlock.
    pub(super) fn on_idle(&mut self, out: &mut Out<'_>) {
        if let Some((work, _)) = self.active.first() {
            self.decide(work.transaction, Abort, out);
        }
    }

    /// No decision comes: it cannot decide by itself, so it asks, for ever (BHG §7.4, termination protocol). The others
    /// may have committed or aborted, and any guess contradicts one of the two.
    pub(super) fn on_no_decision(&mut self, out: &mut Out<'_>) {
        // The flaw takes its promise back.
        while let Some(work) = self.in_doubt.first().filter(|_| out.config().has(Flaw::AbortsAfterVotingYes)) {
            self.decide(work.transaction, Abort, out);
        }
        self.ask(out);
    }

    /// Asks the coordinator, and the other participants if these help each other.
    fn ask(&self, out: &mut Out<'_>) {
        for work in &self.in_doubt {
            let peers = if out.config().cooperative { work.participants } else { NodeSet::EMPTY };
            out.broadcast(peers.union(NodeSet::only(COORDINATOR)), Message::Ask(work.transaction));
        }
        if !self.in_doubt.is_empty() {
            out.arm(Timer::Decision, exactly(out.config().retry_micros));
        }
    }

    /// Who has the row locked.
    pub fn holder(&self, key: Key) -> Option<Transaction> {
        self.working().find(|work| work.locks.contains(&key)).map(|work| work.transaction)
    }

    /// All that holds locks.
    pub(super) fn working(&self) -> impl Iterator<Item = &Work> {
        self.in_doubt.iter().chain(self.active.iter().map(|(work, _)| work))
    }

    /// Whether it has voted yes on this and knows no decision.
    fn is_in_doubt(&self, transaction: Transaction) -> bool {
        self.in_doubt.iter().any(|work| work.transaction == transaction)
    }

    /// What it does for the transaction, which it then does no more.
    fn take(&mut self, transaction: Transaction) -> Option<Work> {
        let doubted = self.in_doubt.extract_if(.., |work| work.transaction == transaction).next();
        doubted.or_else(|| Some(self.active.extract_if(.., |(work, _)| work.transaction == transaction).next()?.0))
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        let held = joined(self.working().flat_map(|work| &work.locks));
        view.summary = match (self.in_doubt.is_empty(), held.is_empty()) {
            (false, _) => format!("voted yes, holds {held}"),
            (true, false) => format!("holds {held}"),
            (true, true) => "no locks".into(),
        };
        let doubts = joined(self.in_doubt.iter().map(|work| work.transaction));
        view.maybe("In doubt about", Some(doubts).filter(|doubts| !doubts.is_empty()));
        for Work { transaction, writes, .. } in self.working() {
            let writes = if writes.is_empty() { "nothing".into() } else { assignments(writes) };
            view.fact("Would write", format!("{transaction}: {writes}"));
        }
        // Every row that has a value or a lock, with who holds it and who waits for it.
        let valued = self.stable.rows.iter().map(|(key, _)| *key);
        let locked = self.working().flat_map(|work| work.locks.iter().copied());
        let keys: SortedMap<Key> = valued.chain(locked).map(|key| (key, ())).collect();
        let rows = keys.iter().map(|(key, ())| {
            let waits = self.waiting.iter().filter(|waiting| waiting.key() == *key).map(|waiting| waiting.transaction);
            let (value, holder) = (joined(self.stable.rows.get(key)), joined(self.holder(*key)));
            let settled = holder.is_empty();
            Row::of(vec![key.to_string(), value, holder, joined(waits)]).settled_if(settled)
        });
        view.table("Rows", &["Row", "Value", "Locked by", "Wait"], rows);
        self.stable.inspect_log(view);
    }
}
