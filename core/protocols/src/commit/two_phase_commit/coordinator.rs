//! The coordinator: asks for votes, decides, and tells the decision until everybody has acknowledged it
//! (Gray; BHG §7.4).
//!
//! Abort is presumed: of an aborted transaction nothing has to be in the log, nobody has to acknowledge, and whoever
//! asks about a transaction that is not known to be committed is told that it is aborted (R*).

use super::fact::Fact;
use super::log::{Kept, Record, Transaction};
use super::message::Say;
use super::{Patience, TwoPhaseCommit, Wait, about, belief, flaw};
use alloc::vec::Vec;
use lightcone_engine::id::{NodeId, NodeSet};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::Out;
use lightcone_engine::time::Moment;

/// A transaction whose votes are counted.
#[derive(Clone, Debug, Hash)]
pub struct Voting {
    /// Which.
    pub transaction: Transaction,
    /// Who wants to know.
    client: NodeId,
    /// Who is asked.
    pub participants: NodeSet,
    /// Who has said yes.
    pub yes: NodeSet,
    /// When it began, by the coordinator's clock.
    since: Moment,
}

/// The coordinator.
#[derive(Clone, Debug, Hash)]
pub struct Coordinator {
    /// Its log.
    pub kept: Kept,
    /// What it counts votes on, oldest first.
    pub voting: Vec<Voting>,
    /// Committed transactions, with those who have not acknowledged.
    pub telling: Vec<(Transaction, NodeSet)>,
    patience: Patience,
}

impl Coordinator {
    /// Goes on from the log: tells again what is committed, and aborts what is undecided (BHG §7.4, recovery).
    pub(super) fn boot(mut kept: Kept, out: &mut Out<'_, TwoPhaseCommit>) -> Coordinator {
        if out.config().flaw(flaw::FORGETS_ON_RESTART) {
            kept.log.clear();
        }
        let mut coordinator = Coordinator { kept, voting: Vec::new(), telling: Vec::new(), patience: Patience::NOBODY };
        let started: Vec<_> = coordinator.kept.started().collect();
        let undecided = coordinator.kept.log.len();
        for (transaction, participants) in started {
            match coordinator.kept.decision(transaction) {
                Some(true) if !coordinator.kept.ended(transaction) => {
                    out.happened(Fact::CommitFound { transaction });
                    coordinator.telling.push((transaction, participants));
                }
                Some(_) => {}
                None => {
                    out.happened(Fact::AbortPresumed { transaction });
                    coordinator.kept.log.push(Record::Aborted(transaction));
                }
            }
        }
        if coordinator.kept.log.len() > undecided {
            out.persist(coordinator.kept.clone());
        }
        coordinator.tell(out);
        coordinator
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, TwoPhaseCommit>) {
        match *message {
            Say::CommitRequest { transaction, operations } => self.start(from, transaction, &operations, out),
            Say::Yes(transaction) => self.count(from, transaction, true, out),
            Say::No(transaction) => self.count(from, transaction, false, out),
            Say::Acknowledge(transaction) => self.acknowledged(from, transaction, out),
            Say::Ask(transaction) => self.answer(from, transaction, out),
            _ => out.ignore(Phrase::plain("not for the coordinator")),
        }
        self.watch(out);
    }

    /// The first phase begins, unless this request has come before.
    fn start(
        &mut self,
        client: NodeId,
        transaction: Transaction,
        operations: &[u16],
        out: &mut Out<'_, TwoPhaseCommit>,
    ) {
        if let Some(committed) = self.kept.decision(transaction) {
            return out.send(client, Say::Outcome { transaction, committed });
        }
        if self.voting.iter().any(|voting| voting.transaction == transaction) {
            return out.ignore(about("the votes on T{} are being counted", transaction));
        }
        let asked = operations.iter().zip(1..).filter(|(count, _)| **count > 0);
        let participants = asked.clone().map(|(_, node)| NodeId(node)).collect();
        // The start record is there for a request that comes twice: recovery presumes abort with or without it.
        self.kept.log.push(Record::Start { transaction, participants });
        out.persist(self.kept.clone());
        out.happened(Fact::Asked { transaction });
        for (&operations, node) in asked {
            out.send(NodeId(node), Say::Prepare { transaction, participants, operations });
        }
        let since = out.timer_clock();
        self.voting.push(Voting { transaction, client, participants, yes: NodeSet::EMPTY, since });
    }

    /// One no decides; the last yes does (BHG §7.4).
    fn count(&mut self, from: NodeId, transaction: Transaction, yes: bool, out: &mut Out<'_, TwoPhaseCommit>) {
        let decided = self.kept.decision(transaction).is_some();
        let found = self.voting.iter().position(|voting| voting.transaction == transaction && !decided);
        let Some(place) = found else {
            return out.ignore(about("T{} is decided", transaction));
        };
        let voting = &mut self.voting[place];
        out.evidence(belief::DECISION);
        if !yes {
            let voting = self.voting.remove(place);
            return self.abort(&voting, voting.participants.without(from), out);
        }
        voting.yes.insert(from);
        if voting.yes == voting.participants {
            let runs_on = out.config().flaw(flaw::TIMES_OUT_AFTER_DECISION);
            let voting = if runs_on { voting.clone() } else { self.voting.remove(place) };
            self.commit(&voting, out);
        }
    }

    /// The decision is in the log before anybody hears of it: from there on it cannot be taken back.
    fn commit(&mut self, voting: &Voting, out: &mut Out<'_, TwoPhaseCommit>) {
        let transaction = voting.transaction;
        self.kept.log.push(Record::Committed(transaction));
        let late = out.config().flaw(flaw::SENDS_BEFORE_LOGGING);
        if !late {
            out.persist(self.kept.clone());
            out.happened(Fact::Committed { transaction });
        }
        out.hold(belief::DECISION);
        out.broadcast(voting.participants, Say::Commit(transaction));
        out.send(voting.client, Say::Outcome { transaction, committed: true });
        if late {
            out.persist(self.kept.clone());
            out.happened(Fact::Committed { transaction });
        }
        if self.telling.is_empty() {
            out.arm(Wait::Tell, out.config().again());
        }
        self.telling.push((transaction, voting.participants));
    }

    /// Told once, logged whenever it suits: abort is presumed (R*).
    fn abort(&mut self, voting: &Voting, told: NodeSet, out: &mut Out<'_, TwoPhaseCommit>) {
        let transaction = voting.transaction;
        out.happened(Fact::Aborted { transaction });
        out.hold(belief::DECISION);
        out.broadcast(told, Say::Abort(transaction));
        out.send(voting.client, Say::Outcome { transaction, committed: false });
        self.kept.log.push(Record::Aborted(transaction));
        out.persist(self.kept.clone());
    }

    /// Some votes do not come: nobody can have committed, so it aborts (BHG §7.4, time-out actions).
    pub(super) fn on_votes_missing(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        if !self.voting.is_empty() {
            let voting = self.voting.remove(0);
            if out.config().flaw(flaw::SILENCE_COUNTS_AS_YES) {
                self.commit(&voting, out);
            } else {
                self.abort(&voting, voting.participants, out);
            }
        }
        self.watch(out);
    }

    fn acknowledged(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        let Some(place) = self.telling.iter().position(|(each, _)| *each == transaction) else {
            return out.ignore(about("everybody knows of T{}", transaction));
        };
        let left = self.telling[place].1.without(from);
        self.telling[place].1 = left;
        if left.is_empty() {
            self.telling.remove(place);
            self.kept.log.push(Record::Ended(transaction));
            out.persist(self.kept.clone());
        }
        if self.telling.is_empty() {
            out.disarm(Wait::Tell);
        }
    }

    /// A participant asks: what is not known to be committed is aborted, unless it is still being voted on.
    fn answer(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        match self.kept.decision(transaction) {
            Some(true) => out.send(from, Say::Commit(transaction)),
            None if self.voting.iter().any(|voting| voting.transaction == transaction) => {
                out.ignore(about("votes on T{} are missing", transaction));
            }
            _ => out.send(from, Say::Abort(transaction)),
        }
    }

    /// Says again, for ever, what is committed and not acknowledged.
    pub(super) fn tell(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        for (transaction, unaware) in &self.telling {
            out.broadcast(*unaware, Say::Commit(*transaction));
        }
        if !self.telling.is_empty() {
            out.arm(Wait::Tell, out.config().again());
        }
    }

    fn watch(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        let oldest = self.voting.first().map(|voting| (voting.transaction, voting.since));
        let longest = out.config().vote_timeout;
        self.patience.watch(oldest, Wait::Votes, longest, out);
    }
}
