//! What nodes do, in the order of a ballot: a proposer asks for promises, acceptors promise, the proposer names a value,
//! acceptors accept it, learners count (§2.2, §2.3). Whatever a node must remember is on its disk before it says so (§2.5).
//!
//! What the paper says of each step stands above it. In two things the code does more than it must. A proposer asks all
//! acceptors where "a majority" is enough: then it waits for the fastest majority only. And acceptors answer requests that
//! they could ignore.

use super::{ACCEPTED, BALLOT, Fact, Flaw, Message, PROMISE, Paxos, Phase, Proposal, Timer, VALUE, exactly};
use lightcone_engine::prelude::*;

/// The two phases of a ballot.
impl Paxos {
    /// An idle proposer begins; a busy one need not be told.
    pub(super) fn begin_unless_busy(&mut self, out: &mut Out<'_, Paxos>) {
        if self.phase == Phase::Idle {
            self.begin_ballot(out);
        }
    }

    /// Phase 1 (a): "A proposer selects a proposal number n and sends a prepare request with number n to a majority of
    /// acceptors." The number is higher than any that it has tried, so that it has not used it, and than any that it was
    /// told of: a lower one would be refused.
    pub(super) fn begin_ballot(&mut self, out: &mut Out<'_, Paxos>) {
        let None = self.learned else { return };
        let beyond = self.stable.tried.max(self.stable.promised).max(self.refused_for);
        // With the flaw it takes the next number, whosever that is.
        let unique = !self.config.has(Flaw::BallotsNotUnique);
        let ballot = if unique { self.config.ballot_beyond(self.me, beyond) } else { beyond + 1 };
        self.stable.tried = ballot;
        self.phase = Phase::Prepares;
        self.promises = SortedMap::new();
        self.refused_for = 0;
        out.hold(BALLOT);
        out.arm(Timer::Ballot, exactly(self.config.phase_timeout_micros));
        // §2.5: "Each proposer remembers (in stable storage) the highest-numbered proposal it has tried to issue", so that it
        // never uses a number again, not even after a crash. The flaw remembers it in memory only.
        if !self.config.has(Flaw::BallotNotSaved) {
            out.persist(self.stable);
        }
        self.tell(self.config.acceptors(), &Message::Prepare { ballot }, out);
    }

    /// Phase 1 (b): "If an acceptor receives a prepare request with number n greater than that of any prepare request to
    /// which it has already responded, then it responds to the request with a promise not to accept any more proposals
    /// numbered less than n and with the highest-numbered proposal (if any) that it has accepted." It saves the promise
    /// before it gives it.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: u32, out: &mut Out<'_, Paxos>) {
        if ballot < self.stable.promised {
            return self.refuse(from, ballot, out);
        }
        // Equal is the same request once more: no other proposer has this number.
        if ballot > self.stable.promised {
            self.stable.promised = ballot;
            out.hold(PROMISE);
            // The flaw leaves the promise off the disk.
            if !self.config.has(Flaw::PromiseForgottenOnRestart) {
                out.persist(self.stable);
            }
        }
        let accepted = self.stable.accepted;
        self.tell(NodeSet::only(from), &Message::Promise { ballot, accepted }, out);
    }

    /// A proposer counts promises of its ballot, one for each acceptor, for messages may be doubled. With a quorum of
    /// them it settles on a value. Promises that come later are not needed: the invariant asks for one majority.
    pub(super) fn on_promise(&mut self, from: NodeId, ballot: u32, named: Option<Proposal>, out: &mut Out<'_, Paxos>) {
        // The flaw asks only whether it is a promise, not of which ballot: then "a response to its prepare requests (numbered
        // n)" may be one to an earlier request, and says nothing of what its sender accepted since.
        let late = ballot < self.stable.tried && self.config.has(Flaw::LatePromiseCounted);
        match self.phase {
            Phase::Prepares if ballot == self.stable.tried || late => {}
            // It has its quorum.
            Phase::Proposes(_) if ballot == self.stable.tried => return,
            _ => return out.ignore(phrase!("ballot {} is over", ballot)),
        }
        if !self.promises.contains(&from) {
            self.promises.insert(from, named);
            out.evidence(BALLOT);
        }
        if self.promises.len() >= self.config.quorum() as usize {
            self.propose(out);
        }
    }

    /// Phase 2 (a): "If the proposer receives a response to its prepare requests (numbered n) from a majority of
    /// acceptors, then it sends an accept request to each of those acceptors for a proposal numbered n with a value v,
    /// where v is the value of the highest-numbered proposal among the responses, or is any value if the responses
    /// reported no proposals." It cannot know whether that value is chosen. That it might be is reason enough to take it
    /// over (P2c).
    fn propose(&mut self, out: &mut Out<'_, Paxos>) {
        let ballot = self.stable.tried;
        let highest = self.promises.iter().filter_map(|(_, accepted)| *accepted).max();
        // The flaw: who has a value of its own looks at no other.
        let looks = self.wish.is_none() || !self.config.has(Flaw::HighestAcceptedIgnored);
        let inherited = highest.filter(|_| looks);
        // The flaw takes a field that nobody has set for a value: §2.1, only what was proposed may be chosen.
        let unset = self.config.has(Flaw::ProposesUnsetValue).then_some(0);
        let Some(value) = inherited.map(|proposal| proposal.value).or(self.wish).or(unset) else {
            self.phase = Phase::Idle;
            out.disarm(Timer::Ballot);
            return out.happened(Fact::HasNothing);
        };
        self.phase = Phase::Proposes(value);
        out.hold(BALLOT);
        out.happened(Fact::Proposes { value, inherited_from: inherited.map(|proposal| proposal.ballot) });
        out.arm(Timer::Ballot, exactly(self.config.phase_timeout_micros));
        self.tell(self.config.acceptors(), &Message::Accept(Proposal { ballot, value }), out);
    }

    /// Phase 2 (b): "If an acceptor receives an accept request for a proposal numbered n, it accepts the proposal unless
    /// it has already responded to a prepare request having a number greater than n" (P1a). It tells the learners (§2.3),
    /// and the proposer, which counts as they do.
    pub(super) fn on_accept(&mut self, from: NodeId, proposal: Proposal, out: &mut Out<'_, Paxos>) {
        // The flaw accepts all the same.
        if proposal.ballot < self.stable.promised && !self.config.has(Flaw::AcceptsBelowPromise) {
            return self.refuse(from, proposal.ballot, out);
        }
        if self.stable.accepted != Some(proposal) {
            self.stable.accepted = Some(proposal);
            // To have accepted in a ballot counts as having promised it: nothing lower displaces this. The flaw raises the
            // promise in phase 1 only; but whoever accepts need not have seen the ballot's prepare request.
            if !self.config.has(Flaw::AcceptingPromisesNothing) {
                self.stable.promised = self.stable.promised.max(proposal.ballot);
            }
            out.hold(ACCEPTED);
            out.persist(self.stable);
            out.happened(Fact::Accepts { proposal });
        }
        let learners = self.config.distinguished_learner().map_or(self.config.learners(), NodeSet::only);
        self.tell(learners.union(NodeSet::only(from)), &Message::Accepted(proposal), out);
    }

    /// The request is of a lower ballot than promised. To ignore it would be as safe; a proposer that is told need not
    /// wait for its time-out (§2.2, last paragraph).
    fn refuse(&mut self, from: NodeId, ballot: u32, out: &mut Out<'_, Paxos>) {
        let promised = self.stable.promised;
        if from == self.me {
            return self.on_refuse(ballot, promised, out);
        }
        out.refuse(from, Message::Refuse { ballot, promised }, phrase!("promised {}", promised));
    }

    /// A higher ballot is under way: the proposer gives its own up, and goes beyond the higher one next time (§2.2). Before
    /// that it waits for a random time: two proposers that outbid each other at once would go on for ever (§2.4).
    pub(super) fn on_refuse(&mut self, ballot: u32, promised: u32, out: &mut Out<'_, Paxos>) {
        if promised > self.stable.tried {
            self.refused_for = self.refused_for.max(promised);
        }
        match self.phase {
            Phase::Prepares | Phase::Proposes(_) if ballot == self.stable.tried => {}
            // It has given this one up.
            Phase::BacksOff if ballot == self.stable.tried => return,
            _ => return out.ignore(phrase!("ballot {} is over", ballot)),
        }
        self.phase = Phase::BacksOff;
        out.happened(Fact::GivesUp { ballot });
        out.arm(Timer::Ballot, self.config.back_off());
    }
}

/// Learning (§2.3). A value is chosen once a majority of acceptors has accepted one proposal, and nobody is told: learners
/// count, and a proposer counts in the same way who accepts its proposals. Acceptances in different ballots do not add up,
/// even of one value. A1 may have accepted 10 in ballot 1 and A2 10 in ballot 3, while A3 has accepted 20 in ballot 2: who
/// hears of A1 and A3 then proposes 20.
impl Paxos {
    /// An acceptor has accepted this proposal, or answers a question with the last one that it has.
    pub(super) fn on_accepted(&mut self, from: NodeId, proposal: Proposal, out: &mut Out<'_, Paxos>) {
        let None = self.learned else { return };
        let by = self.heard.or_insert(proposal, NodeSet::EMPTY);
        by.insert(from);
        out.evidence(VALUE);
        if by.len() >= self.config.quorum() {
            self.learn(proposal.value, out);
        }
    }

    /// It knows what is chosen. Nothing is left to propose or to ask, and who waits for the value is told; the
    /// distinguished learner tells the other learners.
    pub(super) fn learn(&mut self, value: Value, out: &mut Out<'_, Paxos>) {
        let None = self.learned else { return };
        self.learned = Some(value);
        self.phase = Phase::Idle;
        out.hold(VALUE);
        out.happened(Fact::Learns { value });
        out.disarm(Timer::Ballot);
        for id in core::mem::take(&mut self.waiting) {
            out.reply(id, Answer::Value(Some(value)));
        }
        out.disarm(Timer::Ask);
        if self.config.distinguished_learner() == Some(self.me) {
            out.broadcast(self.config.learners(), Message::Chosen { value });
        }
    }

    /// It has waited: what was accepted may have been lost on the way. It asks the acceptors. To hear those that answer may
    /// not be enough: next time it asks a proposer, whose next proposal shows what is chosen. Then the acceptors again, and
    /// the next proposer.
    pub(super) fn ask(&mut self, out: &mut Out<'_, Paxos>) {
        out.arm(Timer::Ask, exactly(self.config.ask_every_micros));
        let turn = self.turn;
        self.turn = (turn + 1) % (2 * self.config.proposers);
        if turn.is_multiple_of(2) {
            self.tell(self.config.acceptors(), &Message::Query, out);
        } else {
            self.tell(NodeSet::only(NodeId(turn / 2)), &Message::FindOut, out);
        }
    }

    /// A learner asks an acceptor what it has accepted.
    pub(super) fn on_query(&mut self, from: NodeId, out: &mut Out<'_, Paxos>) {
        match self.stable.accepted {
            Some(accepted) => self.tell(NodeSet::only(from), &Message::Accepted(accepted), out),
            None if from != self.me => out.ignore(phrase!("it has accepted nothing")),
            None => {}
        }
    }

    /// A learner asks a proposer for a proposal. It need not know the value: the promises will name it.
    pub(super) fn on_find_out(&mut self, from: NodeId, out: &mut Out<'_, Paxos>) {
        match self.learned {
            Some(value) => self.tell(NodeSet::only(from), &Message::Chosen { value }, out),
            None => self.begin_unless_busy(out),
        }
    }

    /// Tells all of `to`; itself last, and at once: that is no message.
    fn tell(&mut self, to: NodeSet, message: &Message, out: &mut Out<'_, Paxos>) {
        out.broadcast(to, message.clone());
        if to.contains(self.me) {
            self.on_message(self.me, message, out);
        }
    }
}
