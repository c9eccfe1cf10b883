//! Proposers: ballot after ballot, until they know what is chosen (§2.2, §2.4, §2.5).

use super::message::{Proposal, Say};
use super::{PROPOSE, Paxos, Wait, belief, flaw};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Answer, Operation, Value};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Mark, Out};
use lightcone_engine::sorted_map::SortedMap;

/// What a proposer is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing.
    #[default]
    Idle,
    /// It asks for promises: phase 1.
    Prepares,
    /// It asks to accept this value: phase 2.
    Proposes(Value),
    /// It was refused, and waits before it tries again.
    BacksOff,
}

/// What a proposer forgets in a crash.
#[derive(Clone, Debug, Default)]
pub struct Proposer {
    /// What it is doing.
    pub phase: Phase,
    /// The value that it is to propose: the first it was given.
    pub wish: Option<Value>,
    /// The highest ballot that it was told of since it last began one, if it is higher than that.
    seen: u32,
    /// Who has promised its ballot, and what each had accepted.
    pub promises: SortedMap<NodeId, Option<Proposal>>,
    /// Requests that wait for the chosen value.
    waiting: Vec<RequestId>,
}

/// The value that the proposer on this lane has from the start: P1 has 10, P2 has 20.
pub(super) fn own_value(proposer: NodeId) -> Value {
    (Value::from(proposer.0) + 1) * 10
}

impl Hash for Proposer {
    /// Promises are counted in phase 1 only.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.phase, self.wish, self.seen, &self.waiting).hash(state);
        if self.phase == Phase::Prepares {
            self.promises.hash(state);
        }
    }
}

impl Proposer {
    pub(super) fn boot(out: &mut Out<'_, Paxos>) -> Proposer {
        let config = *out.config();
        let mut proposer = Proposer::default();
        if config.own_values && config.cast.proposers().contains(out.me()) {
            proposer.wish = Some(own_value(out.me()));
            out.arm(Wait::Ballot, config.back_off);
        }
        proposer
    }

    /// The highest proposal that its promises name.
    fn highest(&self) -> Option<Proposal> {
        self.promises.iter().filter_map(|(_, accepted)| *accepted).max()
    }
}

impl Paxos {
    /// A client's value comes in from outside, or from nobody in particular.
    pub(super) fn on_proposer_asked(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Paxos>) {
        let Operation::Command { verb: PROPOSE, argument } = operation else {
            out.reply(id, Answer::Refused);
            return;
        };
        if !self.cast.proposers().contains(self.me) {
            out.reply(id, Answer::Refused);
        } else if let Some(value) = self.learned {
            out.reply(id, Answer::Value(Some(value)));
        } else {
            self.proposer.wish.get_or_insert(argument.into());
            self.proposer.waiting.push(id);
            self.begin_unless_busy(out);
        }
    }

    /// A learner wants to know what is chosen (§2.3).
    pub(super) fn on_find_out(&mut self, from: NodeId, out: &mut Out<'_, Paxos>) {
        match self.learned {
            Some(value) => self.tell(NodeSet::only(from), &Say::Chosen { value }, out),
            None => self.begin_unless_busy(out),
        }
    }

    fn begin_unless_busy(&mut self, out: &mut Out<'_, Paxos>) {
        if self.proposer.phase == Phase::Idle {
            self.begin_ballot(out);
        }
    }

    /// Phase 1 (a): a ballot higher than any it has tried or was told of.
    pub(super) fn begin_ballot(&mut self, out: &mut Out<'_, Paxos>) {
        if self.learned.is_some() {
            return;
        }
        let config = *out.config();
        let beyond = self.kept.tried.max(self.kept.promised).max(self.proposer.seen);
        let unique = !config.flaw(flaw::BALLOTS_NOT_UNIQUE);
        let ballot = if unique { self.cast.ballot_beyond(self.me, beyond) } else { beyond + 1 };
        self.kept.tried = ballot;
        self.proposer.phase = Phase::Prepares;
        self.proposer.promises = SortedMap::new();
        self.proposer.seen = 0;
        out.hold(belief::BALLOT);
        out.arm(Wait::Ballot, (config.patience, config.patience));
        // §2.5: it never uses a number again, not even after a crash.
        out.persist(self.kept);
        self.tell(self.cast.acceptors(), &Say::Prepare { ballot }, out);
    }

    /// An acceptor has promised. With a quorum of promises the value is settled.
    pub(super) fn on_promise(
        &mut self,
        from: NodeId,
        ballot: u32,
        accepted: Option<Proposal>,
        out: &mut Out<'_, Paxos>,
    ) {
        match self.proposer.phase {
            Phase::Prepares if ballot == self.kept.tried => {}
            // It has its quorum.
            Phase::Proposes(_) if ballot == self.kept.tried => return,
            _ => {
                out.ignore(Phrase::with("ballot {} is over", &[ballot as i32]));
                return;
            }
        }
        if !self.proposer.promises.contains(&from) {
            self.proposer.promises.insert(from, accepted);
            out.evidence(belief::BALLOT);
        }
        if self.proposer.promises.len() >= self.cast.quorum as usize {
            self.propose(ballot, out);
        }
    }

    /// Phase 2 (a): the value of the highest proposal that a promise names, or any value if none names one (P2c).
    fn propose(&mut self, ballot: u32, out: &mut Out<'_, Paxos>) {
        let config = *out.config();
        let (wish, inherited) = (self.proposer.wish, self.proposer.highest());
        let inherited = inherited.filter(|_| !config.flaw(flaw::HIGHEST_ACCEPTED_IGNORED) || wish.is_none());
        let Some(value) = inherited.map(|proposal| proposal.value).or(wish) else {
            self.proposer.phase = Phase::Idle;
            out.disarm(Wait::Ballot);
            out.mark(Mark::Turning, Phrase::plain("has nothing to propose"));
            return;
        };
        self.proposer.phase = Phase::Proposes(value);
        out.hold(belief::BALLOT);
        out.mark(
            Mark::Elected,
            match inherited {
                Some(Proposal { ballot, .. }) => Phrase::with("proposes {} of ballot {}", &[value, ballot as i32]),
                None => Phrase::with("proposes {}", &[value]),
            },
        );
        out.arm(Wait::Ballot, (config.patience, config.patience));
        self.tell(self.cast.acceptors(), &Say::Accept(Proposal { ballot, value }), out);
    }

    /// A higher ballot is under way: it gives its own up, and leaves the other one time (§2.2, §2.4).
    pub(super) fn on_refuse(&mut self, ballot: u32, promised: u32, out: &mut Out<'_, Paxos>) {
        if promised > self.kept.tried {
            self.proposer.seen = self.proposer.seen.max(promised);
        }
        match self.proposer.phase {
            Phase::Prepares | Phase::Proposes(_) if ballot == self.kept.tried => {}
            // It has given this one up.
            Phase::BacksOff if ballot == self.kept.tried => return,
            _ => {
                out.ignore(Phrase::with("ballot {} is over", &[ballot as i32]));
                return;
            }
        }
        self.proposer.phase = Phase::BacksOff;
        out.mark(Mark::Turning, Phrase::with("gives up ballot {}", &[ballot as i32]));
        out.arm(Wait::Ballot, out.config().back_off);
    }

    /// The value is known: nothing is left to propose, and who waits for it is told.
    pub(super) fn end_proposing(&mut self, value: Value, out: &mut Out<'_, Paxos>) {
        self.proposer.phase = Phase::Idle;
        out.disarm(Wait::Ballot);
        for id in core::mem::take(&mut self.proposer.waiting) {
            out.reply(id, Answer::Value(Some(value)));
        }
    }
}
