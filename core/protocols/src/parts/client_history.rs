//! What clients were told, judged: does some order of their operations explain it (Herlihy & Wing 1990), and is every request
//! answered by the end?
//!
//! Used by protocols that make many servers look like one store: the quorum register, Raft. An operation's call is the
//! moment at which its client first asks a server, not the moment at which it enters the client's queue: until then nobody
//! can have executed it.
//!
//! The judge is outside of the run: it hears what clients ask and are told, and looks at no server. So it holds whatever the
//! servers believe, and a protocol whose servers agree with each other on a wrong answer is found out all the same.
//!
//! - **Linearizable**: at each answer, some order of all operations that have begun explains every answer so far. The order
//!   keeps real time: what was answered before another operation was called comes first. Operations without an answer may
//!   have taken effect or not. Once no order is left, the answer that left none is the breach.
//! - **Every request answered**: by the end of the run no request is open. It lapses with each new request and is reached
//!   again with the last answer, so that the figure shows since when it is so.

use lightcone_engine::prelude::*;
use lightcone_judges::StoreJudge;

/// A request without an answer.
#[derive(Clone, Copy, Debug, Hash)]
struct Open {
    operation: Operation,
    /// When the client was asked.
    since: Witness,
    /// Whether the client has asked a server: the call is then in the history.
    called: bool,
}

/// Judges the clients, which are the lanes from `first_client` on.
#[derive(Clone, Debug, Hash)]
pub struct ClientHistory {
    first_client: NodeId,
    /// The protocol's promise that the history is linearizable.
    linearizable: u8,
    /// The protocol's promise that every request is answered by the end.
    answered: u8,
    store: StoreJudge,
    open: SortedMap<RequestId, Open>,
    /// Whether anything was asked, and whether anything was answered.
    tried: Unhashed<(bool, bool)>,
}

impl ClientHistory {
    /// No history yet. The promises are the protocol's own, for each says in its own words when it makes them.
    pub fn new(first_client: u8, linearizable: impl Into<u8>, every_request_answered: impl Into<u8>) -> ClientHistory {
        ClientHistory {
            first_client: NodeId(first_client),
            linearizable: linearizable.into(),
            answered: every_request_answered.into(),
            store: StoreJudge::default(),
            open: SortedMap::new(),
            tried: Unhashed::default(),
        }
    }

    /// Sees one event. `number` says the number of the client's request that a message asks a server to execute, if it does.
    pub fn observe<P: Protocol>(
        &mut self,
        seen: &Seen<'_, P>,
        number: impl Fn(&P::Message) -> Option<u16>,
        findings: &mut Findings,
    ) {
        let Some(node) = seen.node.filter(|node| *node >= self.first_client) else { return };
        if let Some((id, operation)) = seen.asked {
            self.request(id, operation, seen.event, findings);
        }
        for happening in seen.happenings {
            match happening {
                Happening::Replied { request, answer } => self.answer(*request, *answer, findings),
                Happening::Sent(sent) => {
                    if let Some(ordinal) = number(seen.message(sent)) {
                        self.call(RequestId { node, ordinal }, seen.event);
                    }
                }
                _ => {}
            }
        }
        if seen.crashed() {
            self.crash(node, findings);
        }
    }

    /// A client has crashed: it waits for nothing any more. What it asked may still take effect.
    fn crash(&mut self, client: NodeId, findings: &mut Findings) {
        let lost: Vec<RequestId> = self.open.iter().map(|(id, _)| *id).filter(|id| id.node == client).collect();
        lost.iter().for_each(|id| _ = self.open.remove(id));
        if !lost.is_empty() && self.open.is_empty() && self.tried.0.1 {
            findings.reaches(self.answered);
        }
    }

    /// A client is asked to do something.
    fn request(&mut self, id: RequestId, operation: Operation, event: EventIndex, findings: &mut Findings) {
        let since = Witness(event);
        findings.lapses(self.answered, || self.no_answer(id, operation, since));
        self.open.insert(id, Open { operation, since, called: false });
        self.tried.0.0 = true;
    }

    /// A client asks a server. Only the first time begins the operation: when a client asks again, the first message may have
    /// taken effect.
    fn call(&mut self, id: RequestId, event: EventIndex) {
        if let Some(&open) = self.open.get(&id).filter(|open| !open.called) {
            self.open.insert(id, Open { called: true, ..open });
            self.store.asked(id, open.operation, event);
        }
    }

    /// A client is told something: could it be told that?
    fn answer(&mut self, id: RequestId, answer: Answer, findings: &mut Findings) {
        self.open.remove(&id);
        self.tried.0.1 = true;
        if let Err(misplaced) = self.store.answered(id, answer) {
            findings.breaks(self.linearizable, || {
                Breach::of(format!("{}: {}.", self.name(id), misplaced.sentence()), [id.node], [misplaced.asked])
            });
        }
        if self.open.is_empty() {
            findings.reaches(self.answered);
        }
    }

    /// The run is over: who has waited longest, and since when? And was there anything to judge?
    pub fn at_end(&self, findings: &mut Findings) {
        let (asked, answered) = self.tried.0;
        for promise in [self.linearizable, self.answered] {
            findings.untested_if(!asked, promise, "nothing was asked");
        }
        findings.untested_if(!answered, self.linearizable, "nothing was answered");
        if let Some((key, open)) = self.store.undecided() {
            let why = format!("{open} operations on {key} have no answer: there are too many orders to try.");
            findings.undecided(self.linearizable, why);
        }
        if asked && !answered && self.open.is_empty() {
            return findings.untested_if(true, self.answered, "whoever asked has crashed");
        }
        match self.open.iter().min_by_key(|(_, open)| open.since.0) {
            None => findings.reaches(self.answered),
            Some((id, open)) => findings.breaks(self.answered, || self.no_answer(*id, open.operation, open.since)),
        }
    }

    fn no_answer(&self, id: RequestId, operation: Operation, since: Witness) -> Breach {
        Breach::of(format!("{} has no answer to {operation}.", self.name(id)), [id.node], [since])
    }

    fn name(&self, id: RequestId) -> String {
        format!("c{}", id.node.0 - self.first_client.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINEARIZABLE: u8 = 0;
    const ANSWERED: u8 = 1;
    const X: Key = Key(0);

    const fn id(client: u8, ordinal: u16) -> RequestId {
        RequestId { node: NodeId(2 + client), ordinal }
    }

    fn history() -> (ClientHistory, Findings) {
        (ClientHistory::new(3, LINEARIZABLE, ANSWERED), Findings::default())
    }

    /// c1's write is over when c2 reads.
    fn read_after_write(answer: Option<Value>) -> Findings {
        let (mut history, mut findings) = history();
        history.request(id(1, 1), Operation::Write { key: X, value: 1 }, EventIndex(0), &mut findings);
        history.call(id(1, 1), EventIndex(0));
        history.answer(id(1, 1), Answer::Done, &mut findings);
        history.request(id(2, 1), Operation::Read { key: X }, EventIndex(1), &mut findings);
        history.call(id(2, 1), EventIndex(1));
        history.answer(id(2, 1), Answer::Value(answer), &mut findings);
        findings
    }

    #[test]
    fn a_read_after_a_write_returns_what_was_written() {
        assert!(read_after_write(Some(1)).holds(LINEARIZABLE));
        assert!(!read_after_write(None).holds(LINEARIZABLE));
    }

    /// In c1's queue the write overlaps with c2's read, but no server knows of it yet.
    #[test]
    fn an_operation_begins_when_a_server_is_asked() {
        for called in [false, true] {
            let (mut history, mut findings) = history();
            history.request(id(1, 1), Operation::Write { key: X, value: 1 }, EventIndex(0), &mut findings);
            if called {
                history.call(id(1, 1), EventIndex(0));
            }
            history.request(id(2, 1), Operation::Read { key: X }, EventIndex(1), &mut findings);
            history.call(id(2, 1), EventIndex(1));
            history.answer(id(2, 1), Answer::Value(Some(1)), &mut findings);
            assert_eq!(findings.holds(LINEARIZABLE), called);
        }
    }

    #[test]
    fn to_ask_again_does_not_begin_again() {
        let (mut history, mut findings) = history();
        history.request(id(1, 1), Operation::Read { key: X }, EventIndex(0), &mut findings);
        history.call(id(1, 1), EventIndex(0));
        history.request(id(2, 1), Operation::Write { key: X, value: 1 }, EventIndex(1), &mut findings);
        history.call(id(2, 1), EventIndex(1));
        history.answer(id(2, 1), Answer::Done, &mut findings);
        history.call(id(1, 1), EventIndex(2));
        history.answer(id(1, 1), Answer::Value(None), &mut findings);
        assert!(findings.holds(LINEARIZABLE), "the read began before the write");
    }

    #[test]
    fn the_end_is_good_if_nobody_waits() {
        let (mut history, mut findings) = history();
        history.request(id(1, 1), Operation::Read { key: X }, EventIndex(0), &mut findings);
        assert!(!findings.is_reached(ANSWERED));
        history.answer(id(1, 1), Answer::Refused, &mut findings);
        assert!(findings.is_reached(ANSWERED), "refused without asking anybody is answered too");
        history.request(id(1, 2), Operation::Read { key: X }, EventIndex(1), &mut findings);
        assert!(!findings.is_reached(ANSWERED), "it lapses when something is asked");
        history.at_end(&mut findings);
        assert!(!findings.holds(ANSWERED));
    }
}
