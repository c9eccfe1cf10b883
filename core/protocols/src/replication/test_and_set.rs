//! A test-and-set lock on several servers (test&set and reset: H. Attiya & J. Welch, *Distributed Computing*, 2004, chapter 4;
//! what it decides: M. Herlihy, *Wait-Free Synchronization*, TOPLAS 1991; majorities: R. H. Thomas, *A Majority Consensus Approach
//! to Concurrency Control for Multiple Copy Databases*, TODS 1979; halves that go on alone: S. Davidson, H. Garcia-Molina & D.
//! Skeen, *Consistency in Partitioned Networks*, ACM Computing Surveys 1985).
//!
//! **Problem.** At most one client may have a lock. One server is enough for that: it keeps one bit, sets it for whoever comes
//! first, and tells everybody what the bit was before. But if the server stops, nobody gets an answer. So there are several
//! servers, and each client asks all of them. Whose yes does a client need?
//!
//! **Idea.** A client waits for a *time-out*. Who has not answered by then has crashed, or is slow, or is cut off: the client
//! sees the same silence in each case and cannot tell which. Three policies say what to make of it:
//!
//! | policy          | the client has the lock when                         | one server is silent           | the network is split  |
//! |-----------------|------------------------------------------------------|--------------------------------|-----------------------|
//! | `all`           | all servers say yes                                  | waits, perhaps for ever        | both halves wait      |
//! | `any-reachable` | all say yes that answer in time, at least one        | goes on without it             | **each half has one** |
//! | `majority`      | more than half of the servers say yes                | goes on if a majority answers  | one half at most goes on |
//!
//! A client that does not get the lock resets the servers that said yes, or may have. Otherwise three clients with a server
//! each could block one another for ever.
//!
//! **Invariant.** *A server that has said yes to an attempt says yes to no other client before the first client gives that attempt up.*
//! With `all` and `majority`, the servers of two winners would share one, and it has said yes to both. The first winner never gives up
//! the attempt that it has won, so the second cannot exist. Why each step keeps this:
//!
//! - A server saves for whom it is set before it says yes (`TestAndSet::test_and_set`). After a restart it still knows.
//! - Attempts of a client are numbered, and the server keeps the number. A reset names the attempt that the client has given up
//!   (`TestAndSet::reset`): a late one clears nothing that was set for another client, or for a later attempt of the same client.
//! - A client counts servers, not answers (`Round::yes` is a set), and silence counts for nothing.
//! - A client saves that it has the lock before it says so. When it restarts, it gives nothing up that it had won.
//!
//! With `any-reachable` the last step of the argument fails: two sets of servers that answered need have nobody in common.
//!
//! **Flaws.** Each breaks one step. [`Flaw::LockNotPersisted`]: a server says yes, restarts, and says yes again.
//! [`Flaw::AnswerCountedTwice`]: two of three answers are a majority of answers, and only one server.
//! [`Flaw::SilenceIsConsent`]: a server that said nothing may have said yes to another. [`Flaw::ResetsAnyHolder`]:
//! a late reset clears what was set for another client.
//!
//! | message    | from, to       | carries                           | source                     |
//! |------------|----------------|-----------------------------------|----------------------------|
//! | TestAndSet | client, server | the number of the attempt         | test&set                   |
//! | WasFree    | server, client | the number: it is yours           | test&set returns 0         |
//! | WasSet     | server, client | the number: another has it        | test&set returns 1         |
//! | Reset      | client, server | the number that is given up       | reset                      |
//!
//! **Faults.** Messages are lost, doubled and late; clients and servers crash and come back with their disks. A reset that is lost leaves
//! a server set for nobody, until the same client asks again. If a server or a client loses its disk,
//! two clients may get the lock.
//!
//! **Left out.** The winner keeps the lock: how to give it back, and what to do about a winner that stops, is the subject of leases
//! and fencing tokens. A client that loses is told so and asks again only if somebody wants it to.

use crate::parts::majority::{is_majority, majority};
use crate::parts::requests::Requests;
use lightcone_engine::prelude::*;

choices! {
    /// Whose yes a client needs.
    Policy {
        /// That of all servers: it waits until all have answered.
        All = "all";
        /// That of all servers that answer before the time-out; of one at least.
        AnyReachable = "any-reachable";
        /// That of more than half.
        Majority = "majority";
    }
}

knobs! {
    /// Servers, each with a bit.
    servers: Count(1..=5, default 2) = "servers", "Servers";
    /// Clients, which want the lock.
    clients: Count(1..=3, default 2) = "clients", "Clients";
    /// Whose yes a client needs.
    policy: Choice(Policy::Majority) = "policy", "A client needs the yes of";
    /// From a client's question to the moment at which it goes on without those that have not answered.
    time_out: Millis(default 60) = "time-out", "A client waits for answers";
}

flaws! {
    LockNotPersisted = "lock-not-persisted", "A server does not save that it is set: after a restart it says yes again.";
    AnswerCountedTwice = "answer-counted-twice", "A client counts a repeated answer of one server twice.",
        needs servers 2, needs policy 2;
    SilenceIsConsent = "silence-is-consent", "After the time-out a client counts a missing answer as yes.";
    ResetsAnyHolder = "resets-any-holder", "A reset clears a server whoever has set it.";
}

promises! {
    OneHolder: Always = "one-holder", "At most one client gets the lock",
        "If a client gets the lock, no other client ever does.", "Herlihy 1991; Thomas 1979";
    EveryRequestAnswered: ByTheEnd = "every-request-answered", "Every request is answered",
        "Every client that asks for the lock gets an answer, even if servers are down.",
        "Davidson, Garcia-Molina & Skeen 1985";
}

commands! {
    /// Try to get the lock.
    TestAndSet = "test-and-set", "Test and set";
}

messages! {
    /// What travels. Each says the number of the client's attempt.
    Message {
        /// Set your bit for me, and tell me what it was.
        TestAndSet(number: u16) = Permission, "Test-and-set", "Test and set, attempt {number}";
        /// It was 0, or it was set for you.
        WasFree(number: u16) = Permission reply, "Free", "Was 0, attempt {number}";
        /// It was 1: another client has it.
        WasSet(number: u16) = Permission reply, "Taken", "Was 1, attempt {number}";
        /// I have given this attempt up: clear the bit if it is mine.
        Reset(number: u16) = Decision, "Reset", "Reset, attempt {number}";
    }
}

timers! {
    /// A client: for answers.
    Wait;
}

facts! {
    /// What happens.
    Fact {
        /// A server sets its bit. The figure shows how long it stays set.
        Set {
            /// For this client.
            client: NodeId,
        };
        /// A server clears its bit.
        Cleared {
            /// The client that says so.
            client: NodeId,
        } = Applied, "cleared by {node}", client;
        /// A client gets the lock.
        Acquired = Elected, "gets the lock";
        /// A client gives an attempt up.
        GaveUp {
            /// Its number.
            number: u16,
        } = Aborted, "gives up attempt {}", number;
    }
}

/// A belief: that the client has the lock. What speaks for it are the answers that it counted.
const LOCK: &str = "lock";

/// What a crash leaves.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// A server: the client for which the bit is set, and the number of its attempt. None while the bit is 0.
    set_for: Option<(NodeId, u16)>,
    /// A client: whether it has the lock.
    holds: bool,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.maybe("Bit", self.set_for.map(|_| "1"));
        view.maybe("Lock", self.holds.then_some("mine"));
    }
}

/// An attempt under way.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub struct Round {
    /// The servers that said yes.
    yes: NodeSet,
    /// The servers that said no.
    no: NodeSet,
    /// With the flaw: answers of servers that had said yes before.
    repeated: u32,
}

/// A server, which keeps a bit, or a client, which wants the lock. What only the one needs stays empty with the other.
#[derive(Clone, Debug, Hash)]
pub struct TestAndSet {
    /// How many lanes are servers.
    servers: u8,
    /// Whether it is a client.
    client: bool,
    /// What a crash leaves.
    stable: Stable,
    /// A client: what it was asked.
    requests: Requests<()>,
    /// A client: the answers to the attempt under way.
    round: Round,
    /// A client: up to this number it has given up every attempt that it has not won.
    gave_up: u16,
}

impl Protocol for TestAndSet {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 13,
        id: "test-and-set",
        version: 1,
        title: "Test-and-set lock",
        summary: "Clients take a lock at two or more servers: at a majority, at all, or at those they reach. At most one may get it.",
        source: "Attiya & Welch 2004; Thomas 1979",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<TestAndSet>] = &[
        Goal {
            id: "acquired",
            sentence: "A client gets the lock",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Acquired)),
        },
        Goal {
            id: "set-for-two",
            sentence: "Servers are set for different clients",
            reached: Reached::Is(|nodes| {
                let mut clients = nodes.up().filter_map(|(_, node)| node.stable.set_for).map(|(client, _)| client);
                clients.next().is_some_and(|first| clients.any(|client| client != first))
            }),
        },
        Goal {
            id: "gave-up",
            sentence: "A client gives up",
            reached: Reached::Happens(|fact| matches!(fact, Fact::GaveUp { .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let servers = Lane::nodes("N", config.servers, &[]);
        servers.chain(Lane::clients(config.clients, const { &[Verb::TestAndSet.accepted()] })).collect()
    }

    /// Servers are only counted, and clients only compared: nobody is preferred by its number.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let servers = NodeSet::first(config.servers);
        let clients = NodeSet(NodeSet::first(config.servers + config.clients).0 & !servers.0);
        [servers, clients].into_iter().filter(|group| group.len() > 1).collect()
    }

    /// No number is used again, so an answer to an attempt that is not under way is ignored for good if it says no, and if it says
    /// yes to a client that has the lock: that client gives nothing up. What servers are told may always matter: a test-and-set
    /// that is late sets the bit.
    fn never_matters(message: &Message, _: NodeId, to: NodeId, nodes: View<'_, TestAndSet>, _: &Config) -> bool {
        match *message {
            Message::WasSet(number) => nodes.state(to).is_none_or(|client| !client.requests.is_current(number)),
            Message::WasFree(_) => nodes.durable(to).holds,
            Message::TestAndSet(_) | Message::Reset(_) => false,
        }
    }

    fn boot(stable: Stable, out: &mut Out<'_, TestAndSet>) -> TestAndSet {
        let servers = out.config().servers;
        let (requests, round) = (Requests::default(), Round::default());
        TestAndSet { servers, client: out.me().0 >= servers, stable, requests, round, gave_up: 0 }
    }

    fn on_request(&mut self, id: RequestId, _: Operation, out: &mut Out<'_, TestAndSet>) {
        self.requests.push(id, ());
        self.begin(out);
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, TestAndSet>) {
        match *message {
            Message::TestAndSet(number) => self.test_and_set(from, number, out),
            Message::Reset(number) => self.reset(from, number, out),
            Message::WasFree(number) => self.on_yes(from, number, out),
            Message::WasSet(number) => self.on_no(from, number, out),
        }
    }

    fn on_timer(&mut self, Timer::Wait: Timer, out: &mut Out<'_, TestAndSet>) {
        if out.config().has(Flaw::SilenceIsConsent) {
            // The flaw: who has not said no has said yes.
            self.round.yes = NodeSet(NodeSet::first(self.servers).0 & !self.round.no.0);
        }
        self.decide(true, out);
    }

    fn lane_status(&self) -> LaneStatus {
        match (self.client, self.stable.holds) {
            (false, _) => LaneStatus::NODE,
            (true, false) => LaneStatus::CLIENT,
            (true, true) => LaneStatus { role: "holder", weight: Weight::Leads, epoch: 0 },
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let set = self.stable.set_for.map(|(client, _)| phrase!("set for {node}", client));
        now.extend(set.map(|phrase| Condition { what: ConditionKind::Locked, phrase }));
        let waits = self.silent().iter().map(|server| phrase!("waits for {node}", server));
        now.extend(waits.map(|phrase| Condition { what: ConditionKind::Waits, phrase }));
    }

    fn inspect(&self, view: &mut Inspection) {
        if !self.client {
            let holder = self.stable.set_for.map(|(client, number)| {
                let name = client.0 - self.servers + 1;
                (format!("c{name}"), number)
            });
            view.summary = holder.as_ref().map_or("bit 0".into(), |(client, _)| format!("bit 1, {client}"));
            view.fact("Bit", u8::from(holder.is_some()));
            view.maybe("Set for", holder.map(|(client, number)| format!("{client}, attempt {number}")));
            return;
        }
        let current = self.requests.current();
        view.summary = match (self.stable.holds, current) {
            (true, _) => "has the lock".into(),
            (false, Some(_)) => format!("{} yes, {} no", self.round.yes.len(), self.round.no.len()),
            (false, None) => "idle".into(),
        };
        view.fact("Lock", if self.stable.holds { "mine" } else { "not mine" });
        view.maybe("Attempt", current.map(|(id, ())| id.ordinal));
        let answer = |server: NodeId| match (self.round.yes.contains(server), self.round.no.contains(server)) {
            (true, _) => "was 0: yes",
            (_, true) => "was 1: no",
            _ => "none yet",
        };
        let rows = current.map(|_| NodeSet::first(self.servers)).unwrap_or(NodeSet::EMPTY);
        let row = |server: NodeId| Row::of(vec![format!("N{}", server.0 + 1), answer(server).into()]);
        view.table("Answers", &["Server", "Answer"], rows.iter().map(row));
        self.requests.inspect_queue(view);
    }
}

/// A server.
impl TestAndSet {
    /// Sets the bit for the client if it is 0, and says what it was. A client that asks again has it already.
    fn test_and_set(&mut self, client: NodeId, number: u16, out: &mut Out<'_, TestAndSet>) {
        match self.stable.set_for {
            Some((holder, _)) if holder != client => {
                return out.refuse(client, Message::WasSet(number), phrase!("set for {node}", holder));
            }
            Some((_, later)) if later > number => return out.ignore(phrase!("{node} has asked again since", client)),
            Some((_, same)) if same == number => {}
            _ => {
                self.stable.set_for = Some((client, number));
                // On disk before the client hears of it; the flaw leaves that out.
                if !out.config().has(Flaw::LockNotPersisted) {
                    out.persist(self.stable.clone());
                }
                out.happened(Fact::Set { client });
            }
        }
        out.send(client, Message::WasFree(number));
    }

    /// Clears the bit if it is set for this attempt or an earlier one, all of which the client has given up.
    fn reset(&mut self, client: NodeId, number: u16, out: &mut Out<'_, TestAndSet>) {
        let flaw = out.config().has(Flaw::ResetsAnyHolder);
        match self.stable.set_for {
            None => out.ignore(phrase!("the bit is 0")),
            Some((holder, _)) if holder != client && !flaw => out.ignore(phrase!("it is set for {node}", holder)),
            Some((_, later)) if later > number && !flaw => out.ignore(phrase!("it is set for attempt {}", later)),
            Some(_) => {
                self.stable.set_for = None;
                out.persist(self.stable.clone());
                out.happened(Fact::Cleared { client });
            }
        }
    }
}

/// A client.
impl TestAndSet {
    /// The next attempt, if none is under way: asks all servers. A client that has the lock need not ask.
    fn begin(&mut self, out: &mut Out<'_, TestAndSet>) {
        let Some((id, ())) = self.requests.begin() else { return };
        if self.stable.holds {
            return self.acquire(id, out);
        }
        self.round = Round::default();
        self.ask(id, out);
    }

    /// Asks those that have not answered, and waits for a time-out.
    fn ask(&self, id: RequestId, out: &mut Out<'_, TestAndSet>) {
        out.broadcast(self.silent(), Message::TestAndSet(id.ordinal));
        out.arm(Timer::Wait, (out.config().time_out, out.config().time_out));
    }

    /// The servers whose answers the attempt under way lacks.
    fn silent(&self) -> NodeSet {
        let asked = if self.requests.current().is_some() { NodeSet::first(self.servers) } else { NodeSet::EMPTY };
        NodeSet(asked.0 & !self.round.yes.union(self.round.no).0)
    }

    /// A server says yes. If the client does not want that any more, it says so; unless it has the lock, or has forgotten
    /// in a crash what it did.
    fn on_yes(&mut self, server: NodeId, number: u16, out: &mut Out<'_, TestAndSet>) {
        if self.requests.is_current(number) && !self.stable.holds {
            if !self.round.yes.insert(server) {
                // The flaw: it counts answers.
                match out.config().has(Flaw::AnswerCountedTwice) {
                    true => self.round.repeated += 1,
                    false => return out.ignore(phrase!("{node} has been counted", server)),
                }
            }
            out.evidence(LOCK);
            return self.decide(false, out);
        }
        match number <= self.gave_up && !self.stable.holds {
            true => out.send(server, Message::Reset(number)),
            false => out.ignore(phrase!("nothing depends on this attempt any more")),
        }
    }

    /// A server says no.
    fn on_no(&mut self, server: NodeId, number: u16, out: &mut Out<'_, TestAndSet>) {
        if !self.requests.is_current(number) || !self.round.no.insert(server) {
            return out.ignore(phrase!("nothing depends on this answer any more"));
        }
        self.decide(false, out);
    }

    /// Has it the lock, or can it not get it any more? Neither: it waits, at the time-out only with the policy that needs all.
    fn decide(&mut self, timed_out: bool, out: &mut Out<'_, TestAndSet>) {
        let Some((id, ())) = self.requests.current() else { return };
        let Round { yes, no, repeated } = self.round;
        let (policy, silent) = (out.config().policy, self.silent());
        let (won, lost) = match policy {
            Policy::All => (yes.len() == u32::from(self.servers), !no.is_empty()),
            Policy::AnyReachable => {
                let agreed = no.is_empty() && !yes.is_empty();
                (agreed && (timed_out || silent.is_empty()), !no.is_empty() || timed_out)
            }
            Policy::Majority => {
                let enough = is_majority(yes, self.servers) || yes.len() + repeated >= majority(self.servers);
                (enough, timed_out || u32::from(self.servers) - no.len() < majority(self.servers))
            }
        };
        match (won, lost) {
            (true, _) => {
                self.stable.holds = true;
                // On disk before anybody hears of it: after a restart it must not give up what it has.
                out.persist(self.stable.clone());
                out.disarm(Timer::Wait);
                self.acquire(id, out);
            }
            (false, true) => self.give_up(id, out),
            (false, false) if timed_out => self.ask(id, out),
            (false, false) => {}
        }
    }

    /// The client has the lock, and says so.
    fn acquire(&mut self, id: RequestId, out: &mut Out<'_, TestAndSet>) {
        out.happened(Fact::Acquired);
        out.hold(LOCK);
        self.requests.finish(id.ordinal);
        out.reply(id, Answer::Done);
        self.begin(out);
    }

    /// The client does not get it. Whoever has set a bit for it, or may have, is told.
    fn give_up(&mut self, id: RequestId, out: &mut Out<'_, TestAndSet>) {
        self.gave_up = id.ordinal;
        out.happened(Fact::GaveUp { number: id.ordinal });
        let may_be_set = NodeSet(NodeSet::first(self.servers).0 & !self.round.no.0);
        out.broadcast(may_be_set, Message::Reset(id.ordinal));
        out.disarm(Timer::Wait);
        self.requests.finish(id.ordinal);
        out.reply(id, Answer::Refused);
        self.begin(out);
    }
}

/// Judges who gets the lock, and who gets an answer.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    servers: Unhashed<u8>,
    policy: Unhashed<Policy>,
    /// The first client that got the lock, and when.
    holder: Option<(NodeId, Witness)>,
    /// Requests without an answer. A client that crashes forgets what it was asked.
    open: SortedMap<RequestId, Witness>,
    /// How many requests there were: of them, how many were answered.
    asked: Unhashed<(u32, u32)>,
}

impl Observer<TestAndSet> for Judge {
    fn new(config: &Config) -> Judge {
        let (servers, policy) = (Unhashed(config.servers), Unhashed(config.policy));
        Judge { servers, policy, holder: None, open: SortedMap::new(), asked: Unhashed((0, 0)) }
    }

    fn observe(&mut self, seen: &Seen<'_, TestAndSet>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if let Some((id, _)) = seen.asked {
            self.asked.0.0 += 1;
            self.open.insert(id, Witness(seen.event));
            findings.lapses(Promise::EveryRequestAnswered, || self.no_answer(id.node, seen.event));
        }
        for happening in seen.happenings {
            match happening {
                Happening::Happened(fact) if *seen.fact(fact) == Fact::Acquired => {
                    self.acquires(node, Witness(seen.event), findings);
                }
                Happening::Replied { request, .. } => {
                    self.asked.0.1 += 1;
                    self.open.remove(request);
                }
                _ => {}
            }
        }
        if seen.crashed() {
            let forgotten: Vec<RequestId> = self.open.iter().map(|(id, _)| *id).filter(|id| id.node == node).collect();
            forgotten.iter().for_each(|id| _ = self.open.remove(id));
        }
        if self.open.is_empty() && self.asked.0.1 > 0 {
            findings.reaches(Promise::EveryRequestAnswered);
        }
    }

    fn at_end(&self, _: View<'_, TestAndSet>, findings: &mut Findings) {
        let (asked, answered) = self.asked.0;
        let nobody = "no client asked for the lock";
        findings.untested_if(asked == 0, Promise::OneHolder, nobody);
        findings.untested_if(asked == 0, Promise::EveryRequestAnswered, nobody);
        findings.untested_if(self.holder.is_none(), Promise::OneHolder, "no client got the lock");
        findings.untested_if(
            answered == 0 && self.open.is_empty(),
            Promise::EveryRequestAnswered,
            "whoever asked has crashed",
        );
        let alone = self.policy.0 == Policy::AnyReachable && self.servers.0 > 1;
        findings.not_promised_if(alone, Promise::OneHolder, "clients that reach different servers may both get it");
        let blocks = self.policy.0 == Policy::All;
        findings.not_promised_if(
            blocks,
            Promise::EveryRequestAnswered,
            "a client that needs all servers waits for each",
        );
        match self.open.iter().min_by_key(|(_, since)| since.0) {
            None if answered > 0 => findings.reaches(Promise::EveryRequestAnswered),
            None => {}
            Some((id, since)) => {
                findings.breaks(Promise::EveryRequestAnswered, || self.no_answer(id.node, since.0));
            }
        }
    }
}

impl Judge {
    /// A client gets the lock: has another got it?
    fn acquires(&mut self, client: NodeId, now: Witness, findings: &mut Findings) {
        let (holder, first) = *self.holder.get_or_insert((client, now));
        if holder != client {
            let [one, two] = [holder, client].map(|node| self.name(node));
            let sentence = || format!("{one} and {two} both have the lock.");
            findings.breaks(Promise::OneHolder, || Breach::of(sentence(), [holder, client], [first]));
        }
    }

    fn no_answer(&self, client: NodeId, since: EventIndex) -> Breach {
        Breach::of(format!("{} has no answer.", self.name(client)), [client], [since])
    }

    fn name(&self, client: NodeId) -> String {
        format!("c{}", client.0 - self.servers.0 + 1)
    }
}
