//! The coordinator: asks for votes, decides, and tells the decision until everybody has acknowledged it
//! (Gray; BHG §7.4).
//!
//! Abort is presumed: of an aborted transaction nothing has to be in the log, nobody has to acknowledge, and whoever
//! asks about a transaction that is not known to be committed is told that it is aborted (R\*).

use super::log::{Record, Stable, Transaction};
use super::{DECISION, Fact, Flaw, MAX_PARTICIPANTS, Message, Oldest, Timer, TwoPhaseCommit, name, time};
use crate::parts::atomic_commit::{Decision, listed};
use lightcone_engine::prelude::*;

/// A transaction whose votes are counted.
#[derive(Clone, Debug, Hash)]
pub struct Voting {
    /// What they vote on.
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
    stable: Stable,
    /// What it counts votes on, oldest first.
    voting: Vec<Voting>,
    /// Committed transactions, with those who have not acknowledged.
    telling: Vec<(Transaction, NodeSet)>,
}

impl Coordinator {
    /// Goes on from the log: tells again what is committed, and aborts what is undecided (BHG §7.4, recovery).
    pub(super) fn boot(mut stable: Stable, out: &mut Out<'_, TwoPhaseCommit>) -> Coordinator {
        // The flaw: nothing is known to be committed.
        if out.config().has(Flaw::ForgetsOnRestart) {
            stable.log.clear();
        }
        let mut telling = Vec::new();
        let mut presumed = Vec::new();
        for (transaction, participants) in stable.started() {
            match stable.decision(transaction) {
                Some(Decision::Commit) if !stable.ended(transaction) => {
                    out.happened(Fact::Recovered { transaction, decision: Decision::Commit });
                    telling.push((transaction, participants));
                }
                Some(_) => {}
                None => {
                    out.happened(Fact::Recovered { transaction, decision: Decision::Abort });
                    presumed.push(Record::Decided(transaction, Decision::Abort));
                }
            }
        }
        if !presumed.is_empty() {
            stable.log.append(&mut presumed);
            out.persist(stable.clone());
        }
        let coordinator = Coordinator { stable, voting: Vec::new(), telling };
        coordinator.tell(out);
        coordinator
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, TwoPhaseCommit>) {
        let before = self.oldest();
        match *message {
            Message::CommitRequest { transaction, operations } => self.start(from, transaction, operations, out),
            Message::Yes(transaction) => self.count(from, transaction, true, out),
            Message::No(transaction) => self.count(from, transaction, false, out),
            Message::Acknowledge(transaction) => self.acknowledged(from, transaction, out),
            Message::Ask(transaction) => self.answer(from, transaction, out),
            _ => out.ignore(phrase!("not for the coordinator")),
        }
        self.time_votes(before, out);
    }

    /// The first phase begins, unless this request has come before.
    fn start(
        &mut self,
        client: NodeId,
        transaction: Transaction,
        operations: [u16; MAX_PARTICIPANTS],
        out: &mut Out<'_, TwoPhaseCommit>,
    ) {
        if let Some(decision) = self.stable.decision(transaction) {
            return out.send(client, Message::Outcome { transaction, decision });
        }
        if self.voting(transaction).is_some() {
            return out.ignore(phrase!("the votes on T{} are being counted", transaction));
        }
        let asked = operations.into_iter().zip((1..).map(NodeId)).filter(|(operations, _)| *operations > 0);
        let participants = asked.clone().map(|(_, node)| node).collect();
        // The start record is there for a request that comes twice: recovery presumes abort with or without it.
        self.stable.force(Record::Start { transaction, participants }, out);
        out.happened(Fact::Asked { transaction });
        for (operations, node) in asked {
            out.send(node, Message::Prepare { transaction, participants, operations });
        }
        let since = out.moment();
        self.voting.push(Voting { transaction, client, participants, yes: NodeSet::EMPTY, since });
    }

    /// One no decides; the last yes does (BHG §7.4).
    fn count(&mut self, from: NodeId, transaction: Transaction, yes: bool, out: &mut Out<'_, TwoPhaseCommit>) {
        let undecided = self.stable.decision(transaction).is_none();
        let place = self.voting.iter().position(|voting| voting.transaction == transaction);
        let Some(place) = place.filter(|_| undecided) else {
            return out.ignore(phrase!("T{} is decided", transaction));
        };
        out.evidence(DECISION);
        if !yes {
            let voting = self.voting.remove(place);
            return self.abort(&voting, voting.participants.without(from), out);
        }
        let voting = &mut self.voting[place];
        voting.yes.insert(from);
        if voting.yes == voting.participants {
            // The flaw goes on counting, and so does its timer.
            let counts_on = out.config().has(Flaw::TimesOutAfterDecision);
            let voting = if counts_on { voting.clone() } else { self.voting.remove(place) };
            self.commit(&voting, out);
        }
    }

    /// The decision is in the log before anybody hears of it: from there on it cannot be taken back.
    fn commit(&mut self, voting: &Voting, out: &mut Out<'_, TwoPhaseCommit>) {
        let (transaction, decision) = (voting.transaction, Decision::Commit);
        // The flaw does the same in another order: a crash may come when some have heard, and the log says nothing.
        let late = out.config().has(Flaw::SendsBeforeLogging);
        if !late {
            self.stable.force(Record::Decided(transaction, decision), out);
            out.happened(Fact::Decided { transaction, decision });
        }
        out.hold(DECISION);
        out.broadcast(voting.participants, Message::Commit(transaction));
        out.send(voting.client, Message::Outcome { transaction, decision });
        if late {
            self.stable.force(Record::Decided(transaction, decision), out);
            out.happened(Fact::Decided { transaction, decision });
        }
        if self.telling.is_empty() {
            out.arm(Timer::Tell, out.config().retry());
        }
        self.telling.push((transaction, voting.participants));
    }

    /// Told once, logged whenever it suits: abort is presumed (R\*).
    fn abort(&mut self, voting: &Voting, told: NodeSet, out: &mut Out<'_, TwoPhaseCommit>) {
        let (transaction, decision) = (voting.transaction, Decision::Abort);
        out.happened(Fact::Decided { transaction, decision });
        out.hold(DECISION);
        out.broadcast(told, Message::Abort(transaction));
        out.send(voting.client, Message::Outcome { transaction, decision });
        self.stable.force(Record::Decided(transaction, decision), out);
    }

    /// Some votes do not come: nobody can have committed, so it aborts (BHG §7.4, time-out actions).
    pub(super) fn on_votes_missing(&mut self, out: &mut Out<'_, TwoPhaseCommit>) {
        let before = self.oldest();
        if !self.voting.is_empty() {
            let voting = self.voting.remove(0);
            if out.config().has(Flaw::SilenceCountsAsYes) {
                self.commit(&voting, out);
            } else {
                self.abort(&voting, voting.participants, out);
            }
        }
        self.time_votes(before, out);
    }

    /// Who has acknowledged is told no more; when all have, nobody will ever ask again (R\*).
    fn acknowledged(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        let Some(place) = self.telling.iter().position(|(each, _)| *each == transaction) else {
            return out.ignore(phrase!("everybody knows of T{}", transaction));
        };
        let (_, unaware) = &mut self.telling[place];
        *unaware = unaware.without(from);
        if unaware.is_empty() {
            self.telling.remove(place);
            self.stable.force(Record::Ended(transaction), out);
        }
        if self.telling.is_empty() {
            out.disarm(Timer::Tell);
        }
    }

    /// A participant asks: what is not known to be committed is aborted, unless it is still being voted on.
    fn answer(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_, TwoPhaseCommit>) {
        match self.stable.decision(transaction) {
            None if self.voting(transaction).is_some() => out.ignore(phrase!("votes on T{} are missing", transaction)),
            known => out.send(from, Message::telling(transaction, known.unwrap_or(Decision::Abort))),
        }
    }

    /// Says again, for ever, what is committed and not acknowledged.
    pub(super) fn tell(&self, out: &mut Out<'_, TwoPhaseCommit>) {
        for (transaction, unaware) in &self.telling {
            out.broadcast(*unaware, Message::Commit(*transaction));
        }
        if !self.telling.is_empty() {
            out.arm(Timer::Tell, out.config().retry());
        }
    }

    /// The votes on this, while they are counted.
    pub(super) fn voting(&self, transaction: Transaction) -> Option<&Voting> {
        self.voting.iter().find(|voting| voting.transaction == transaction)
    }

    /// Whether it still tells this.
    pub(super) fn tells(&self, transaction: Transaction) -> bool {
        self.telling.iter().any(|(each, _)| *each == transaction)
    }

    fn oldest(&self) -> Oldest {
        self.voting.first().map(|voting| (voting.transaction, voting.since))
    }

    fn time_votes(&self, before: Oldest, out: &mut Out<'_, TwoPhaseCommit>) {
        time(Timer::Votes, before, self.oldest(), out.config().vote_timeout_micros, out);
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match (self.voting.first(), self.telling.first()) {
            (Some(Voting { transaction, yes, participants, .. }), _) => {
                format!("{transaction}: {} of {} yes", yes.len(), participants.len())
            }
            (None, Some((transaction, _))) => format!("{transaction} committed"),
            (None, None) => "no vote".into(),
        };
        let names = |nodes: NodeSet| listed(nodes.iter().map(name), "and");
        for Voting { transaction, yes, participants, .. } in &self.voting {
            let missing = names(NodeSet(participants.0 & !yes.0));
            view.fact("Votes", format!("{transaction}: yes from {}, waits for {missing}", names(*yes)));
        }
        for (transaction, unaware) in &self.telling {
            view.fact("Not acknowledged", format!("{transaction} by {}", names(*unaware)));
        }
        self.stable.inspect_log(view);
    }
}
