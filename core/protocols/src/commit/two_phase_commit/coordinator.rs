//! The coordinator: asks for votes, decides, and tells the decision until everybody has acknowledged it
//! (Gray; BHG §7.4).
//!
//! A transaction goes through these states here. What is only in memory, a crash takes away; what is in the log stays:
//!
//! | state    | in memory                 | in the log      | leaves it when                                          |
//! |----------|---------------------------|-----------------|---------------------------------------------------------|
//! | voting   | who has said yes          | start           | the last Yes, the first No, the time-out, a crash       |
//! | telling  | who has not acknowledged  | start, commit   | the last Acknowledge. After a crash it begins again     |
//! | ended    |                           | and end         | never                                                   |
//! | aborted  |                           | start, abort    | never                                                   |
//!
//! Abort is **presumed** (R\*): of an aborted transaction nothing has to be in the log, nobody has to acknowledge, and
//! whoever asks about a transaction that is not known to be committed is told that it is aborted. That is safe because
//! a commit is in the log before anybody can know of it. It is cheap because an abort needs no forced record and no
//! second round. (This coordinator writes the abort down all the same, once it has told it.)

use super::*;

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
    pub(super) since: Moment,
}

/// The coordinator.
#[derive(Clone, Debug, Hash)]
pub struct Coordinator {
    /// Its log.
    stable: Stable,
    /// What it counts votes on, oldest first.
    pub(super) voting: Vec<Voting>,
    /// Committed transactions, with those who have not acknowledged.
    pub(super) telling: Vec<(Transaction, NodeSet)>,
}

impl Coordinator {
    /// Goes on from the log: tells again what is committed, and aborts what is undecided (BHG §7.4, recovery). Votes
    /// that came before the crash are forgotten. That does no harm: nobody had heard a decision, and abort is always
    /// safe before one.
    pub(super) fn boot(mut stable: Stable, out: &mut Out<'_>) -> Coordinator {
        // The flaw: nothing is known to be committed.
        if out.config().has(Flaw::ForgetsOnRestart) {
            stable.log.clear();
        }
        let (mut telling, length) = (Vec::new(), stable.log.len());
        for (transaction, participants) in stable.started().collect::<Vec<_>>() {
            let decision = match stable.decision(transaction) {
                Some(Commit) if !stable.ended(transaction) => Commit,
                None => Abort,
                Some(_) => continue,
            };
            out.happened(Fact::Recovered { transaction, decision });
            match decision {
                Commit => telling.push((transaction, participants)),
                Abort => stable.log.push(Record::Decided(transaction, Abort)),
            }
        }
        if stable.log.len() > length {
            out.persist(stable.clone());
        }
        let coordinator = Coordinator { stable, voting: Vec::new(), telling };
        coordinator.tell(out);
        coordinator
    }

    /// The first phase begins (BHG §7.4, step 1), unless this request has come before. `counts` names the participants:
    /// those at which the client has done something.
    pub(super) fn start(&mut self, client: NodeId, transaction: Transaction, counts: Counts, out: &mut Out<'_>) {
        match self.stable.decision(transaction) {
            Some(decision) => return out.send(client, Message::Outcome(transaction, decision)),
            None if self.voting(transaction).is_none() => {}
            None => return out.ignore(phrase!("votes on T{} are being counted", transaction)),
        }
        let asked = counts.into_iter().zip((0..).map(NodeId)).filter(|(operations, _)| *operations > 0);
        let participants = asked.clone().map(|(_, node)| node).collect();
        // The start record is there for a request that comes twice: recovery presumes abort with or without it.
        self.stable.force(Record::Start(transaction, participants), out);
        out.happened(Fact::Asked { transaction });
        for (operations, node) in asked {
            out.send(node, Message::Prepare(transaction, participants, operations));
        }
        let since = out.timer_clock();
        self.voting.push(Voting { transaction, client, participants, yes: NodeSet::EMPTY, since });
    }

    /// One no decides; the last yes does (BHG §7.4, step 3). A vote counts once, however often it comes: yes is a set.
    /// What comes after the decision changes nothing.
    pub(super) fn count(&mut self, from: NodeId, transaction: Transaction, yes: bool, out: &mut Out<'_>) {
        let undecided = self.stable.decision(transaction).is_none();
        let place = self.voting.iter().position(|voting| voting.transaction == transaction);
        let Some(place) = place.filter(|_| undecided) else {
            return out.ignore(phrase!("T{} is decided", transaction));
        };
        out.evidence(DECISION);
        // Whoever says no has aborted already, and need not be told.
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

    /// The decision is in the log before anybody hears of it: from there on it cannot be taken back. The commit record
    /// is the point of no return (Gray): a crash just before it aborts, a crash just after it commits.
    fn commit(&mut self, voting: &Voting, out: &mut Out<'_>) {
        let (transaction, decision) = (voting.transaction, Commit);
        // The flaw does the same in another order: a crash may come when some have heard, and the log says nothing.
        let late = out.config().has(Flaw::SendsBeforeLogging);
        if !late {
            self.stable.force(Record::Decided(transaction, decision), out);
            out.happened(Fact::Decided { transaction, decision });
        }
        out.hold(DECISION);
        out.broadcast(voting.participants, Message::Commit(transaction));
        out.send(voting.client, Message::Outcome(transaction, decision));
        if late {
            self.stable.force(Record::Decided(transaction, decision), out);
            out.happened(Fact::Decided { transaction, decision });
        }
        if self.telling.is_empty() {
            out.arm(Timer::Tell, exactly(out.config().retry_micros));
        }
        self.telling.push((transaction, voting.participants));
    }

    /// Told once, logged whenever it suits: abort is presumed (R\*). Here the order of telling and writing is free,
    /// because after a crash in between the coordinator finds no decision, and aborts again.
    fn abort(&mut self, voting: &Voting, told: NodeSet, out: &mut Out<'_>) {
        let (transaction, decision) = (voting.transaction, Abort);
        out.happened(Fact::Decided { transaction, decision });
        out.hold(DECISION);
        out.broadcast(told, Message::Abort(transaction));
        out.send(voting.client, Message::Outcome(transaction, decision));
        self.stable.force(Record::Decided(transaction, decision), out);
    }

    /// Some votes do not come: nobody can have committed, so it aborts (BHG §7.4, time-out actions). The timer runs for
    /// the oldest. A vote that is only late finds the transaction aborted: slow costs a transaction, never atomicity.
    pub(super) fn on_votes_missing(&mut self, out: &mut Out<'_>) {
        let Some(voting) = self.voting.first().cloned() else { return };
        self.voting.remove(0);
        match out.config().has(Flaw::SilenceCountsAsYes) {
            true => self.commit(&voting, out),
            false => self.abort(&voting, voting.participants, out),
        }
    }

    /// Who has acknowledged is told no more; when all have, nobody will ever ask again (R\*).
    pub(super) fn acknowledged(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_>) {
        let Some(place) = self.telling.iter().position(|(each, _)| *each == transaction) else {
            return out.ignore(phrase!("all have acknowledged T{}", transaction));
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

    /// A participant asks (BHG §7.4, decision request): what is not known to be committed is aborted, unless it is
    /// still being voted on. Then there is no answer yet, and the participant will ask again.
    pub(super) fn answer(&mut self, from: NodeId, transaction: Transaction, out: &mut Out<'_>) {
        match self.stable.decision(transaction) {
            None if self.voting(transaction).is_some() => out.ignore(phrase!("votes on T{} are missing", transaction)),
            known => out.send(from, Message::telling(transaction, known.unwrap_or(Abort))),
        }
    }

    /// Says again, for ever, what is committed and not acknowledged: a participant that was down must learn it some
    /// day.
    pub(super) fn tell(&self, out: &mut Out<'_>) {
        for (transaction, unaware) in &self.telling {
            out.broadcast(*unaware, Message::Commit(*transaction));
        }
        if !self.telling.is_empty() {
            out.arm(Timer::Tell, exactly(out.config().retry_micros));
        }
    }

    /// The votes on this, while they are counted.
    pub(super) fn voting(&self, transaction: Transaction) -> Option<&Voting> {
        self.voting.iter().find(|voting| voting.transaction == transaction)
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match (self.voting.first(), self.telling.first()) {
            (Some(Voting { transaction, yes, participants, .. }), _) => {
                format!("{transaction}: {} of {} yes", yes.len(), participants.len())
            }
            (None, Some((transaction, _))) => format!("{transaction} committed"),
            (None, None) => "no vote".into(),
        };
        for Voting { transaction, yes, participants, .. } in &self.voting {
            let missing = names(NodeSet(participants.0 & !yes.0), "and");
            view.fact("Votes", format!("{transaction}: yes from {}, waits for {missing}", names(*yes, "and")));
        }
        for (transaction, unaware) in &self.telling {
            view.fact("Not acknowledged", format!("{transaction} by {}", names(*unaware, "and")));
        }
        self.stable.inspect_log(view);
    }
}
