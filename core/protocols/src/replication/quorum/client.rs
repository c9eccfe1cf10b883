//! Clients: one operation after the other, each in one or two phases. A phase asks all replicas of the key and waits for a
//! quorum; who has not answered in time is asked again, and its stand-in with it.

use super::message::{Phase, Say, Stamp, Version};
use super::replica::Kept;
use super::{Config, Quorum, Wait, belief, flaw};
use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Answer, Key, Operation};
use lightcone_engine::phrase::Phrase;
use lightcone_engine::protocol::{Condition, ConditionKind, Inspection, Mark, Out};
use lightcone_engine::sorted_map::Bag;

/// Who has answered in a phase, and with what.
#[derive(Clone, Debug, Hash)]
pub struct Round {
    /// Which operation.
    pub id: RequestId,
    /// What it is.
    pub operation: Operation,
    /// Of which key.
    pub key: Key,
    /// Which phase.
    pub phase: Phase,
    /// The newest version found, or the one that is stored.
    pub version: Version,
    /// The nodes whose answers count.
    pub counted: NodeSet,
    /// The replicas they speak for: themselves, or those for whom they stand in.
    homes: NodeSet,
    /// What replicas have, as they said.
    found: Bag<(NodeId, Stamp)>,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    /// The largest counter it has given; survives a crash.
    counter: u32,
    /// What it waits for.
    pub current: Option<Round>,
    /// The last phase that had its quorum.
    pub last: Option<Round>,
    /// What it has still to ask.
    queue: VecDeque<(RequestId, Operation)>,
}

impl Hash for Client {
    /// Of the last quorum, only what it found counts: late answers are compared with it.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let last = self.last.as_ref().map(|last| (last.id, last.phase, last.operation, last.key, last.version));
        (self.counter, &self.current, last, &self.queue).hash(state);
    }
}

impl Client {
    pub(super) fn boot(counter: u32) -> Client {
        Client { counter, current: None, last: None, queue: VecDeque::new() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Quorum>) {
        self.queue.push_back((id, operation));
        self.ask_next(out);
    }

    fn ask_next(&mut self, out: &mut Out<'_, Quorum>) {
        if self.current.is_some() {
            return;
        }
        let Some((id, operation)) = self.queue.pop_front() else { return };
        let Some(key) = operation.key() else {
            out.reply(id, Answer::Refused);
            return;
        };
        let (phase, version) = (Phase::Query, Version::default());
        let (counted, homes, found) = (NodeSet::EMPTY, NodeSet::EMPTY, Bag(Vec::new()));
        let round = Round { id, operation, key, phase, version, counted, homes, found };
        if let (Operation::Write { value, .. }, true) = (operation, out.config().flaws.has(flaw::WRITE_SKIPS_QUERY)) {
            // The flaw: what others wrote since is not asked for.
            self.write(&round, value, out);
            return;
        }
        self.current = Some(round);
        self.ask(false, out);
    }

    /// Asks all who have not answered; `again` also those who stand in for them (Dynamo §4.6).
    pub(super) fn ask(&self, again: bool, out: &mut Out<'_, Quorum>) {
        let Some(round) = &self.current else { return };
        let config = *out.config();
        let missing = NodeSet(config.homes_of(round.key).0 & !round.homes.0);
        out.broadcast(missing, round.question(None));
        // What stand-ins have is of use only if it counts; what they are left with is handed off in any case.
        if again && (round.phase == Phase::Store || config.counts_stand_ins()) {
            for home in missing.iter() {
                if let Some(stand_in) = config.stand_in(round.key, home) {
                    out.send(stand_in, round.question(Some(home)));
                }
            }
        }
        out.arm(Wait::Retry, (config.retry, config.retry));
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Quorum>) {
        match *message {
            Say::Found { sequence, version, instead_of, .. } => {
                if self.is_counted(from, Phase::Query, sequence, instead_of, out) {
                    self.on_found(from, version, out);
                } else {
                    self.on_late(from, sequence, version.stamp, instead_of, out);
                }
            }
            Say::Stored { sequence, instead_of } => {
                if self.is_counted(from, Phase::Store, sequence, instead_of, out) {
                    self.settle(out);
                } else {
                    self.ignore(Phase::Store, sequence, instead_of, out);
                }
            }
            _ => out.ignore(Phrase::plain("not for a client")),
        }
    }

    /// Whether an answer is one for which it waits: of this phase, and the first for that replica.
    fn is_counted(
        &mut self,
        from: NodeId,
        phase: Phase,
        sequence: u16,
        instead_of: Option<NodeId>,
        out: &mut Out<'_, Quorum>,
    ) -> bool {
        let expected = |round: &&mut Round| round.phase == phase && round.id.ordinal == sequence;
        let Some(round) = self.current.as_mut().filter(expected) else { return false };
        if instead_of.is_some() && !out.config().counts_stand_ins() {
            return false;
        }
        let first = round.homes.insert(instead_of.unwrap_or(from));
        if first {
            round.counted.insert(from);
            out.evidence(belief::QUORUM);
        }
        first
    }

    /// A version is found; the newest counts (ABD; Gifford).
    fn on_found(&mut self, from: NodeId, version: Version, out: &mut Out<'_, Quorum>) {
        let Some(round) = &mut self.current else { return };
        round.found.0.push((from, version.stamp));
        if version.stamp > round.version.stamp {
            round.version = version;
        }
        self.settle(out);
    }

    /// Goes on if enough have answered.
    fn settle(&mut self, out: &mut Out<'_, Quorum>) {
        let config = *out.config();
        let Some(round) = self.current.take_if(|round| round.homes.len() >= config.needed(round.phase)) else { return };
        out.hold(belief::QUORUM);
        self.last = Some(round.clone());
        let skips = !config.abd || config.flaws.has(flaw::WRITE_BACK_SKIPPED);
        match (round.phase, round.operation) {
            (Phase::Query, Operation::Write { value, .. }) => self.write(&round, value, out),
            (Phase::Query, _) if !skips && round.version.value.is_some() => {
                // ABD: before it returns a value, a reader makes sure that a quorum has it. That there is none, all know.
                let version = round.version;
                self.store(&round, version, out);
            }
            (_, operation) => {
                let reads = matches!(operation, Operation::Read { .. });
                if reads && config.repair {
                    round.found.0.iter().for_each(|&(node, stamp)| round.repair(node, stamp, out));
                }
                let answer = if reads { Answer::Value(round.version.value) } else { Answer::Done };
                out.mark(Mark::Committed, round.version.phrase(round.key));
                out.disarm(Wait::Retry);
                out.reply(round.id, answer);
                self.ask_next(out);
            }
        }
    }

    /// The second phase of a write: a stamp beyond all that was found (Lynch & Shvartsman 1997), and its own.
    fn write(&mut self, round: &Round, value: i32, out: &mut Out<'_, Quorum>) {
        self.counter = self.counter.max(round.version.stamp.counter) + 1;
        let writer = out.me().0 - out.config().nodes() + 1;
        let writer = if out.config().flaws.has(flaw::NO_TIE_BREAK) { 0 } else { writer };
        out.persist(Kept { counter: self.counter, held: Vec::new() });
        let stamp = Stamp { counter: self.counter, writer };
        self.store(round, Version { stamp, value: Some(value) }, out);
    }

    fn store(&mut self, round: &Round, version: Version, out: &mut Out<'_, Quorum>) {
        let (counted, homes) = (NodeSet::EMPTY, NodeSet::EMPTY);
        self.current = Some(Round { phase: Phase::Store, version, counted, homes, ..round.clone() });
        self.ask(false, out);
    }

    /// An answer after the quorum: who sent an old version then is brought up to date too (Dynamo §5).
    fn on_late(
        &self,
        from: NodeId,
        sequence: u16,
        stamp: Stamp,
        instead_of: Option<NodeId>,
        out: &mut Out<'_, Quorum>,
    ) {
        let is_its = |last: &&Round| last.id.ordinal == sequence && matches!(last.operation, Operation::Read { .. });
        match self.last.as_ref().filter(is_its) {
            Some(last) if out.config().repair && last.version.stamp > stamp => last.repair(from, stamp, out),
            _ => self.ignore(Phase::Query, sequence, instead_of, out),
        }
    }

    fn ignore(&self, phase: Phase, sequence: u16, instead_of: Option<NodeId>, out: &mut Out<'_, Quorum>) {
        let waits = self.current.as_ref().is_some_and(|round| (round.phase, round.id.ordinal) == (phase, sequence));
        out.ignore(Phrase::plain(match waits {
            true if instead_of.is_some() && !out.config().counts_stand_ins() => "a stand-in does not count",
            true => "this replica is counted",
            false => "it has its quorum",
        }));
    }

    pub(super) fn conditions(&self, now: &mut Vec<Condition>) {
        if let Some(round) = &self.current {
            let text = if round.phase == Phase::Query { "asks for {key}" } else { "stores {key}" };
            now.push(Condition { what: ConditionKind::Waits, phrase: Phrase::with(text, &[round.key.0.into()]) });
        }
    }

    pub(super) fn inspect(&self, view: &mut Inspection) {
        view.summary = match &self.current {
            None => "idle".into(),
            Some(Round { phase: Phase::Query, key, .. }) => format!("asks for {key}"),
            Some(Round { key, version, .. }) => format!("stores {key} = {version}"),
        };
        if let Some(round) = &self.current {
            view.fact("Waits for", round.operation.to_string());
            view.fact("Answers that count", round.who());
            view.fact("Newest found", round.version.to_string());
        }
        if let Some(last) = &self.last {
            view.fact("Last quorum", format!("{}: {} = {}", last.who(), last.key, last.version));
        }
        view.fact("Largest counter", self.counter.to_string());
        if !self.queue.is_empty() {
            view.fact("Still to ask", self.queue.len().to_string());
        }
    }
}

impl Round {
    /// Whether an answer to this phase is the first that counts for its replica.
    pub(super) fn counts(&self, from: NodeId, instead_of: Option<NodeId>, config: &Config) -> bool {
        (instead_of.is_none() || config.counts_stand_ins()) && !self.homes.contains(instead_of.unwrap_or(from))
    }

    /// What the phase asks of a replica, or of the stand-in of one.
    fn question(&self, instead_of: Option<NodeId>) -> Say {
        let (sequence, key) = (self.id.ordinal, self.key);
        match self.phase {
            Phase::Query => Say::Query { sequence, key, instead_of },
            Phase::Store => {
                let back = matches!(self.operation, Operation::Read { .. });
                Say::Store { sequence, key, version: self.version, instead_of, back }
            }
        }
    }

    /// Sends the newest version to a replica that has an older one (Dynamo §5). Stand-ins are not repaired.
    fn repair(&self, node: NodeId, stamp: Stamp, out: &mut Out<'_, Quorum>) {
        if stamp < self.version.stamp && out.config().homes_of(self.key).contains(node) {
            out.send(node, Say::Repair { key: self.key, version: self.version });
        }
    }

    fn who(&self) -> alloc::string::String {
        let names: Vec<_> = self.counted.iter().map(|node| format!("N{}", node.0 + 1)).collect();
        if names.is_empty() { "none".into() } else { names.join(", ") }
    }
}
