//! What clients do: one operation after the other, each in one or two phases.
//!
//! A phase asks all replicas of the key and waits for a quorum, the first R or W to answer. Who has not
//! answered in time is asked again, and its stand-in with it. Operations have numbers, and so have their
//! answers: an answer to an earlier phase or operation is not counted, and a replica that answers twice is
//! counted once.
//!
//! A crash forgets the operation under way. What it has stored by then may be read or not, as with any write
//! that never ends; another client's ABD read that finds it brings it to a quorum.

use super::{Call, Config, Fact, Flaw, Message, Phase, QUORUM, Quorum, Stamp, Timer, Version, names};
use lightcone_engine::prelude::*;

/// A phase of an operation under way, or over: who has answered, and with what.
#[derive(Clone, Debug, Hash)]
pub struct Round {
    /// The client and the number of its operation.
    pub(super) id: RequestId,
    /// The key that it reads or writes.
    pub(super) key: Key,
    /// What it writes; none if it reads.
    pub(super) write: Option<Value>,
    /// Whether it asks or stores.
    pub(super) phase: Phase,
    /// Query phase: the newest version found. Store phase: the version that is stored.
    pub(super) version: Version,
    /// The nodes whose answers count: the quorum, once they are enough.
    pub(super) counted: NodeSet,
    /// The replicas they speak for: themselves, or those for whom they stand in. As many as have been counted.
    answered_for: NodeSet,
    /// The stamps that nodes have answered with, for read repair.
    found: Bag<(NodeId, Stamp)>,
}

impl Quorum {
    /// The next operation begins, with its query phase. A write too must ask: its stamp is to be the largest.
    pub(super) fn begin(&mut self, out: &mut Out<'_, Quorum>) {
        let Some((id, operation)) = self.requests.begin() else { return };
        // Lanes take nothing but what they say they accept.
        let Some(key) = operation.key() else { return };
        let write = if let Operation::Write { value, .. } = operation { Some(value) } else { None };
        let (counted, answered_for, found) = (NodeSet::EMPTY, NodeSet::EMPTY, Bag(Vec::new()));
        let (phase, version) = (Phase::Query, Version::default());
        let round = Round { id, key, write, phase, version, counted, answered_for, found };
        match write {
            // The flaw: what others wrote since is not asked for.
            Some(value) if out.config().has(Flaw::WriteSkipsQuery) => self.write(round, value, out),
            _ => self.start(round, out),
        }
    }

    /// A phase begins: all replicas are asked, and nobody has answered.
    fn start(&mut self, round: Round, out: &mut Out<'_, Quorum>) {
        self.current = Some(round);
        self.ask(false, out);
    }

    /// Asks all who have not answered; `again` also those who stand in for them (Dynamo §4.6). To ask twice
    /// does no harm: a query changes nothing, and a version that a replica has changes nothing either.
    pub(super) fn ask(&self, again: bool, out: &mut Out<'_, Quorum>) {
        let Some(round) = &self.current else { return };
        let config = *out.config();
        let missing = NodeSet(config.replicas_of(round.key).0 & !round.answered_for.0);
        out.broadcast(missing, round.question(None));
        // What stand-ins have is of use only if it counts; what they are left with is handed off in any case.
        if again && (round.phase == Phase::Store || config.counts_stand_ins()) {
            for replica in missing.iter() {
                if let Some(stand_in) = config.stand_in(round.key, replica) {
                    out.send(stand_in, round.question(Some(replica)));
                }
            }
        }
        out.arm(Timer::Retry, (config.retry_micros, config.retry_micros));
    }

    /// A replica, or its stand-in, says what it has. The newest counts (Gifford; ABD).
    pub(super) fn on_found(&mut self, from: NodeId, call: Call, version: Version, out: &mut Out<'_, Quorum>) {
        let Some(round) = self.count(from, Phase::Query, call, out) else {
            return self.on_late(from, call, version.stamp, out);
        };
        round.found.0.push((from, version.stamp));
        if version.stamp > round.version.stamp {
            round.version = version;
        }
        self.settle(out);
    }

    /// A replica, or its stand-in, has what was to be stored, or something newer.
    pub(super) fn on_stored(&mut self, from: NodeId, call: Call, out: &mut Out<'_, Quorum>) {
        match self.count(from, Phase::Store, call, out) {
            Some(_) => self.settle(out),
            None => self.ignore(Phase::Store, call, out),
        }
    }

    /// Counts an answer if the client waits for it: an answer to this phase, and the first for its replica.
    fn count(&mut self, from: NodeId, phase: Phase, call: Call, out: &mut Out<'_, Quorum>) -> Option<&mut Round> {
        let round = self.current.as_mut().filter(|round| round.is(phase, call))?;
        if !round.counts(from, call, out.config()) {
            return None;
        }
        round.counted.insert(from);
        round.answered_for.insert(call.instead_of.unwrap_or(from));
        out.evidence(QUORUM);
        Some(round)
    }

    /// Goes on if enough have answered: a write from its query to its store, a read under ABD to its
    /// write-back. Else the operation is over.
    fn settle(&mut self, out: &mut Out<'_, Quorum>) {
        let config = *out.config();
        let enough = |round: &mut Round| round.answered_for.len() >= config.needed(round.phase);
        let Some(round) = self.current.take_if(enough) else { return };
        out.hold(QUORUM);
        self.last = Some(round.clone());
        // ABD: before it returns a value, a reader makes sure that a quorum has it. A key that was never
        // written needs no write-back: every replica has at least nothing.
        let writes_back = config.abd && !config.has(Flaw::WriteBackSkipped) && round.version.value.is_some();
        match (round.phase, round.write) {
            (Phase::Query, Some(value)) => self.write(round, value, out),
            (Phase::Query, None) if writes_back => self.store(round.version, round, out),
            _ => self.answer(&round, out),
        }
    }

    /// The second phase of a write: a stamp beyond all that was found (Lynch & Shvartsman 1997), and its own.
    /// Beyond its own last stamp too: a write that a crash cut short may be at nodes that the query did not
    /// count.
    fn write(&mut self, round: Round, value: Value, out: &mut Out<'_, Quorum>) {
        self.stable.counter = self.stable.counter.max(round.version.stamp.counter) + 1;
        // On disk before anybody sees it: a client that comes back does not give the stamp again.
        out.persist(self.stable.clone());
        // The flaw: whoever counts to the same number has the same stamp.
        let writer = if out.config().has(Flaw::NoTieBreak) { 0 } else { out.me().0 - out.config().nodes() + 1 };
        let stamp = Stamp { counter: self.stable.counter, writer };
        self.store(Version { stamp, value: Some(value) }, round, out);
    }

    /// The store phase of a write, or of a read that writes back. It counts anew.
    fn store(&mut self, version: Version, round: Round, out: &mut Out<'_, Quorum>) {
        let (counted, answered_for) = (NodeSet::EMPTY, NodeSet::EMPTY);
        self.start(Round { phase: Phase::Store, version, counted, answered_for, ..round }, out);
    }

    /// The operation is over. A read first repairs those that have answered with an older version (Dynamo §5).
    fn answer(&mut self, round: &Round, out: &mut Out<'_, Quorum>) {
        round.found.0.iter().for_each(|&(node, stamp)| round.repair(node, stamp, out));
        out.happened(Fact::Completed { key: round.key, version: round.version });
        out.disarm(Timer::Retry);
        self.requests.finish(round.id.ordinal);
        out.reply(round.id, if round.write.is_none() { Answer::Value(round.version.value) } else { Answer::Done });
        self.begin(out);
    }

    /// An answer after the quorum: who sent an old version then is brought up to date too (Dynamo §5).
    fn on_late(&self, from: NodeId, call: Call, stamp: Stamp, out: &mut Out<'_, Quorum>) {
        match &self.last {
            Some(last) if last.id.ordinal == call.sequence && last.outdates(stamp, out.config()) => {
                last.repair(from, stamp, out);
            }
            _ => self.ignore(Phase::Query, call, out),
        }
    }

    /// Why an answer does not count.
    fn ignore(&self, phase: Phase, call: Call, out: &mut Out<'_, Quorum>) {
        let waits = self.current.as_ref().is_some_and(|round| round.is(phase, call));
        let counts = call.instead_of.is_none() || out.config().counts_stand_ins();
        out.ignore(match (waits, counts) {
            (true, false) => phrase!("a stand-in does not count"),
            (true, true) => phrase!("this replica has been counted"),
            (false, _) => phrase!("it has its quorum"),
        });
    }

    /// The phase under way and the last quorum, which says why the client believes what it returned.
    pub(super) fn inspect_client(&self, view: &mut Inspection) {
        view.summary = match &self.current {
            None => "idle".into(),
            Some(Round { phase: Phase::Query, key, .. }) => format!("asks for {key}"),
            Some(Round { phase: Phase::Store, key, version, .. }) => format!("stores {key} = {version}"),
        };
        if let (Some(round), Some((_, operation))) = (&self.current, self.requests.current()) {
            view.fact("Waits for", operation);
            view.list("Answers that count", round.counted.iter().map(|node| names(NodeSet::only(node))));
            view.fact("Newest found", round.version);
        }
        let last = self.last.as_ref();
        view.maybe("Last quorum", last.map(|last| format!("{}: {} = {}", names(last.counted), last.key, last.version)));
        self.requests.inspect_queue(view);
    }
}

impl Round {
    /// Whether this is the phase that an answer is for.
    fn is(&self, phase: Phase, call: Call) -> bool {
        (self.phase, self.id.ordinal) == (phase, call.sequence)
    }

    /// Whether an answer to this phase is the first that counts for its replica.
    pub(super) fn counts(&self, from: NodeId, Call { instead_of, .. }: Call, config: &Config) -> bool {
        let replica = instead_of.unwrap_or(from);
        (instead_of.is_none() || config.counts_stand_ins()) && !self.answered_for.contains(replica)
    }

    /// What the phase asks of a replica, or of its stand-in.
    fn question(&self, instead_of: Option<NodeId>) -> Message {
        let Round { id, key, version, .. } = *self;
        let call = Call { sequence: id.ordinal, instead_of };
        match (self.phase, self.write) {
            (Phase::Query, _) => Message::Query(call, key),
            (Phase::Store, Some(_)) => Message::Store(call, key, version),
            (Phase::Store, None) => Message::WriteBack(call, key, version),
        }
    }

    /// Whether this is a read that repairs who has answered with this stamp.
    fn outdates(&self, stamp: Stamp, config: &Config) -> bool {
        config.read_repair && self.write.is_none() && stamp < self.version.stamp
    }

    /// Sends the newest version to a replica that has an older one (Dynamo §5). Stand-ins are not repaired.
    fn repair(&self, node: NodeId, stamp: Stamp, out: &mut Out<'_, Quorum>) {
        if self.outdates(stamp, out.config()) && out.config().replicas_of(self.key).contains(node) {
            out.send(node, Message::Repair(self.key, self.version));
        }
    }
}
