//! Single-decree Paxos (L. Lamport, *Paxos Made Simple*, 2001; § numbers are of that paper). The same algorithm is the
//! synod of *The Part-Time Parliament*, 1998, section 2.
//!
//! **Problem.** Processes that may stop and come back, with messages that may be late, lost or doubled, are to choose one
//! of the values that some of them propose, and never a second one (§2.1).
//!
//! **Idea.** One acceptor that takes the first value would choose, and stop everything when it stops. So there are several,
//! and a majority decides: any two majorities have an acceptor in common. If each accepted one value only, three proposers
//! could leave three acceptors with three values for ever. So an acceptor may accept again, in another *ballot*: a numbered
//! attempt to have one value chosen. A value is *chosen* once a majority has accepted it in one ballot.
//!
//! Then later ballots must not choose something else. Before a proposer names a value in ballot n, it has a majority
//! promise to accept nothing in ballots below n any more, and tell what it has accepted there. If a value was chosen
//! below n, somebody in that majority tells of it, and the proposer takes it over instead of its own. Later ballots only
//! choose the same value again.
//!
//! ```text
//! ballot 1 of P1                                     ballot 2 of P2, which wants 20
//! P1 → A1 A2 A3   Prepare 1                          P2 → A1 A2 A3   Prepare 2
//! A1 A2 → P1      Promise 1                          A2 → P2         Promise 2, has 10 in ballot 1
//! P1 → A1 A2 A3   Accept 10 in ballot 1              A3 → P2         Promise 2
//! A1 A2 → P1 L1   Accepted 10 in ballot 1: chosen    P2 → A1 A2 A3   Accept 10 in ballot 2
//! ```
//!
//! **Invariant** (the paper's P2c). *For every proposal of a value v in ballot n there is a majority S of acceptors such
//! that either nobody in S has accepted anything in a ballot below n, or v is the value of the highest proposal below n
//! that somebody in S has accepted.* It says that only one value is chosen. Let v be chosen in ballot m by a majority C,
//! and let a proposal have a number n above m. Its S meets C, so S has accepted something in ballot m or in one between m
//! and n, and the highest of that has the value v: in ballot m by choice, between m and n by induction. So the proposal
//! has the value v too (P2b). Each step keeps the invariant:
//!
//! - *Phase 1 (a)*, `begin_ballot`: a number is used by one proposer and once. Proposer k of p uses k, k + p, k + 2p, …,
//!   and its last number is on disk before anybody hears of it. So a ballot has one value.
//! - *Phase 1 (b)*, `on_prepare`: an acceptor tells the highest proposal that it has accepted. Its promise keeps that
//!   answer true for ever: it never accepts anything below n again, so what it told stays its highest below n.
//! - *Phase 2 (a)*, `propose`: the answers of a majority S are there, and the proposer takes the value of the highest
//!   proposal that they name. That is the invariant, and by the promises it stays so.
//! - *Phase 2 (b)*, `on_accept`: an acceptor accepts nothing below its promise (P1a). To accept in ballot n counts as a
//!   promise of n: otherwise a late proposal of a lower ballot could displace the highest one.
//! - *A crash*: promise and accepted proposal are on disk before anybody hears of them (§2.5). Whoever comes back is only
//!   late. A proposer that comes back has a new number for its next ballot.
//!
//! Acceptors that refuse, proposers that back off and learners that ask add nothing to safety. To lose such a message, or
//! any message at all, costs only time.
//!
//! **Flaws.** Each takes one step out of that argument.
//!
//! - [`Flaw::PromiseForgottenOnRestart`]: after a crash an acceptor of S accepts something below n that it did not tell.
//! - [`Flaw::AcceptsBelowPromise`]: the same without a crash.
//! - [`Flaw::HighestAcceptedIgnored`]: a proposal has its proposer's value, whatever S has accepted. That is not P2c.
//! - [`Flaw::BallotsNotUnique`]: one ballot has two values. To an acceptor the second proposer's requests are the first
//!   one's once more: it promises both and accepts both, and the invariant speaks of lower ballots only.
//! - [`Flaw::QuorumsDoNotMeet`]: S and C may have nobody in common, so nobody in S tells of what C has accepted. Besides,
//!   learners count halves too, and take for chosen what no majority has accepted.
//! - [`Flaw::BallotNotSaved`]: after a crash a proposer runs the same ballot again, with another majority or another wish,
//!   so that one ballot has two values.
//! - [`Flaw::LatePromiseCounted`]: of S somebody told what it had accepted when an earlier ballot began, and may have
//!   accepted something since.
//! - [`Flaw::AcceptingPromisesNothing`]: somebody of C who promised nothing in ballot m accepts something lower afterwards,
//!   and tells S of that.
//! - [`Flaw::ProposesUnsetValue`]: a value is chosen that nobody proposed. One value it is, all the same.
//!
//! **Roles.** Proposers have a value and try to get it chosen; acceptors choose; learners find out. They have lanes
//! of their own, or each lane is a server that may play all roles (§2.5). What a server tells itself is no message.
//!
//! | message  | from, to             | carries                                       | §             |
//! |----------|----------------------|-----------------------------------------------|---------------|
//! | Prepare  | proposer, acceptor   | a ballot                                      | 2.2, 1 (a)    |
//! | Promise  | acceptor, proposer   | the ballot; the highest proposal it accepted  | 2.2, 1 (b)    |
//! | Refuse   | acceptor, proposer   | the higher ballot that it has promised        | 2.2, last paragraph |
//! | Accept   | proposer, acceptor   | a proposal: ballot and value                  | 2.2, 2 (a)    |
//! | Accepted | acceptor, learner, proposer | the proposal                           | 2.2, 2 (b); 2.3 |
//! | Chosen   | learner or proposer, learner | the value                             | 2.3           |
//! | Query    | learner, acceptor    | nothing: what have you accepted?              | 2.3           |
//! | FindOut  | learner, proposer    | nothing: issue a proposal, so that I learn    | 2.3           |
//!
//! **Faults.** Anything may be late, lost or doubled; nodes stop and come back with their disks. Whoever loses its disk has
//! broken its promise: that is outside what Paxos bears. Nobody is told when a value becomes chosen; the [`judge`] sees it,
//! learners find out later, and acceptors need never know. Termination cannot be promised (§2.4): two proposers may outbid
//! each other for ever, and a random wait makes that unlikely.
//!
//! **Where.** Here is what there is: knobs, flaws, promises, messages, state. `roles` says who plays which role, `ballot`
//! what nodes do, in the order of a ballot, and `judge` what a run is held to.
//!
//! **Left out.** The election of a distinguished proposer (§2.4): a proposer that is refused waits for a random time
//! instead. The sequence of decisions that makes a state machine (§3).

mod ballot;
pub mod judge;
mod roles;

use judge::Judge;
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Belief;

choices! {
    /// How roles are dealt to lanes.
    Roles {
        /// Each lane plays one role: P1, P2 …, then A1, A2 …, then L1, L2 …
        Separate = "separate";
        /// Every lane is a server: the first ones propose, the first ones accept, the first ones learn.
        Together = "together";
    }
}

choices! {
    /// Where a proposer's value comes from.
    Values {
        /// P1 has 10, P2 has 20, … and each begins a ballot by itself.
        FromTheStart = "from-the-start";
        /// Somebody asks it to propose a value.
        WhenAsked = "when-asked";
    }
}

choices! {
    /// Whom acceptors tell what they accept, besides the proposer (§2.3).
    Told {
        /// Each tells each: a learner knows as soon as it can be known.
        AllLearners = "all-learners";
        /// A distinguished learner, which tells the others: fewer messages, one step more.
        FirstLearner = "first-learner";
    }
}

knobs! {
    /// Who plays which role.
    roles: Choice(Roles::Separate) = "roles", "Roles";
    /// Proposers: they propose values and run ballots.
    proposers: Count(1..=5, default 2) = "proposers", "Proposers";
    /// Acceptors: a majority of them chooses.
    acceptors: Count(1..=7, default 3) = "acceptors", "Acceptors";
    /// Learners: they find out what is chosen.
    learners: Count(1..=4, default 1) = "learners", "Learners";
    /// Whether proposers begin by themselves.
    values: Choice(Values::FromTheStart) = "values", "Proposers have a value";
    /// How long either phase of a ballot may take, before its proposer tries the next.
    phase_timeout_micros: Millis(default 80) = "ballot-timeout", "Ballot time-out";
    /// The shortest time from a refusal to the next ballot.
    back_off_min_micros: Millis(0..=60_000, default 10) = "back-off-min", "After a refusal, wait at least";
    /// The longest; the shortest if that is longer.
    back_off_max_micros: Millis(0..=60_000, default 60) = "back-off-max", "After a refusal, wait at most";
    /// Who hears what acceptors accept.
    told: Choice(Told::AllLearners) = "acceptors-tell", "Acceptors tell";
    /// From one question of a learner that does not know to the next; 0 if it never asks.
    ask_every_micros: Millis(0..=60_000, default 200) = "learner-asks", "A learner asks every (0: never)";
}

flaws! {
    PromiseForgottenOnRestart = "promise-forgotten-on-restart",
        "An acceptor does not save its promise and forgets it when it restarts.";
    HighestAcceptedIgnored = "highest-accepted-ignored",
        "A proposer ignores accepted values and proposes its own.";
    BallotsNotUnique = "ballots-not-unique", "Two proposers may use the same ballot number.", needs proposers 2;
    AcceptsBelowPromise = "accepts-below-promise",
        "An acceptor accepts proposals of ballots below the one it has promised.";
    QuorumsDoNotMeet = "quorums-do-not-meet", "Half of the acceptors, rounded down, count as a quorum.";
    BallotNotSaved = "ballot-not-saved", "A proposer keeps its ballot number in memory only: after a restart it uses the same number again.";
    LatePromiseCounted = "late-promise-counted", "A proposer counts late promises of its earlier ballots.";
    AcceptingPromisesNothing = "accepting-does-not-raise-promise",
        "An acceptor accepts a ballot without promising it.";
    ProposesUnsetValue = "unset-value-proposed", "A proposer without a value of its own proposes 0.";
}

promises! {
    from crate::parts::consensus::Promise;
    LaterBallots: Always = "later-ballots", "Later ballots",
        "Ballots higher than one in which a value is chosen propose that value.", "Lamport 2001, §2.2, P2b";
    LearnedIsChosen: Always = "learned-is-chosen", "Learned is chosen",
        "Nobody learns a value that is not chosen.", "Lamport 2001, §2.1";
    ValueChosen: ByTheEnd = "value-chosen", "A value is chosen", "Some value is chosen.", "Lamport 2001, §2.4";
    LearnersLearn: ByTheEnd = "learners-learn", "Every learner learns",
        "Every running learner knows the chosen value.", "Lamport 2001, §2.3";
}

timers! {
    /// A proposer: until it tries the next ballot.
    Ballot;
    /// A learner: until it asks what is chosen.
    Ask;
}

commands! {
    /// Propose this value, if the proposer has none yet, and answer with what is chosen.
    Propose(Number) = "propose", "Propose";
}

messages! {
    /// What travels. The table in the module's head says from whom to whom.
    Message {
        /// Promise to accept nothing below this ballot, and tell what you have accepted.
        Prepare {
            /// The number of the proposer's new ballot.
            ballot: u32,
        } = Permission, "Prepare", "Prepare {ballot}";
        /// It is promised.
        Promise {
            /// The ballot below which the acceptor accepts nothing any more.
            ballot: u32,
            /// The highest proposal that the acceptor has accepted.
            accepted: Option<Proposal>,
        } = Permission reply, "Promise", |f| match accepted {
            None => write!(f, "Promise {ballot}"),
            Some(accepted) => write!(f, "Promise {ballot}, has {accepted}"),
        };
        /// A higher ballot is promised: give yours up.
        Refuse {
            /// The ballot that is refused, in either phase.
            ballot: u32,
            /// The higher one.
            promised: u32,
        } = Permission reply, "Refusal", "No to {ballot}";
        /// Accept this proposal.
        Accept(proposal: Proposal) = Value, "Accept", "Accept {proposal}";
        /// The acceptor has accepted this proposal.
        Accepted(proposal: Proposal) = Value reply, "Accepted", "Accepted {proposal}";
        /// This value is chosen.
        Chosen {
            /// The value that its sender has learned.
            value: Value,
        } = Decision, "Chosen", "{value} is chosen";
        /// What have you accepted?
        Query = Client, "Query", "What is accepted?";
        /// Issue a proposal, so that I learn what is chosen.
        FindOut = Client, "Find out";
    }
}

facts! {
    /// What happens.
    Fact {
        /// A proposer has its promises and names the value of its ballot (phase 2 (a)).
        Proposes {
            /// Its own value, or the one that it has to take over.
            value: Value,
            /// The ballot in which somebody has accepted the value; none if it is the proposer's own.
            inherited_from: Option<u32>,
        } => match inherited_from {
            Some(ballot) => (Mark::Elected, phrase!("proposes {} of ballot {}", value, ballot)),
            None => (Mark::Elected, phrase!("proposes {}", value)),
        };
        /// A proposer has its promises, but no value: it ran the ballot for a learner, and nothing is chosen.
        HasNothing = Turning, "has nothing to propose";
        /// A proposer has been refused.
        GivesUp {
            /// The ballot that it ends.
            ballot: u32,
        } = Turning, "gives up ballot {}", ballot;
        /// An acceptor has accepted a proposal that it had not accepted last.
        Accepts {
            /// The highest that it has accepted, from now on.
            proposal: Proposal,
        } = Appended, "accepts {} in ballot {}", proposal.value, proposal.ballot;
        /// A node knows what is chosen.
        Learns {
            /// The chosen value.
            value: Value,
        } = Committed, "learns {}", value;
    }
}

/// The ballot that an acceptor has promised. Of this and the next three a reader may ask why.
const PROMISE: Belief = "promise";
/// The proposal that an acceptor has accepted.
const ACCEPTED: Belief = "proposal";
/// That a proposer may propose in its ballot, and this value.
const BALLOT: Belief = "ballot";
/// The value that is chosen.
const VALUE: Belief = "value";

/// A proposal: a value in a ballot. Of two, the one of the higher ballot is the higher: the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// The ballot's number; the least is 1.
    pub ballot: u32,
    /// What is to be chosen.
    pub value: Value,
}

/// "10 in ballot 2".
impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in ballot {}", self.value, self.ballot)
    }
}

/// What a crash leaves (§2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stable {
    /// A proposer: the last ballot it tried; 0 if none.
    pub tried: u32,
    /// An acceptor: the highest ballot it has promised; 0 if none.
    pub promised: u32,
    /// An acceptor: the highest proposal it has accepted.
    pub accepted: Option<Proposal>,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.maybe("Last ballot tried", ballot(self.tried));
        view.maybe("Promised", ballot(self.promised));
        view.maybe("Accepted", self.accepted);
    }
}

/// What a proposer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing: it has no value, or knows what is chosen.
    Idle,
    /// It asks for promises: phase 1.
    Prepares,
    /// It asks to accept this value: phase 2.
    Proposes(Value),
    /// It was refused, and waits before it tries again.
    BacksOff,
}

/// A node, in all roles that it plays. What belongs to a role that it does not play stays empty. A crash leaves `stable`;
/// the rest is lost, and no answer that an acceptor gives depends on it.
#[derive(Clone, Debug)]
pub struct Paxos {
    /// Its lane.
    me: NodeId,
    /// The knobs: what it shows of itself depends on them.
    config: Config,
    /// What a crash leaves, as proposer and as acceptor.
    pub stable: Stable,
    /// A proposer: how far its ballot is.
    pub phase: Phase,
    /// A proposer: the value that it wants to have chosen, the first that it was given.
    pub wish: Option<Value>,
    /// A proposer: who has promised its ballot, and what each had accepted.
    pub promises: SortedMap<NodeId, Option<Proposal>>,
    /// A proposer: the highest ballot that a refusal named since it last began one, if that is higher; else 0.
    refused_for: u32,
    /// A proposer: requests that wait for the chosen value.
    waiting: Vec<RequestId>,
    /// A learner or proposer: who has told it to have accepted which proposal.
    pub heard: SortedMap<Proposal, NodeSet>,
    /// A learner or proposer: the value that it knows to be chosen.
    pub learned: Option<Value>,
    /// A learner: whom it asks next. Even: all acceptors. Odd: the proposer at half of it.
    turn: u8,
}

impl Hash for Paxos {
    /// Promises are counted in phase 1 only. Who knows what is chosen neither counts nor asks any more.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.me, self.stable, self.phase, self.wish, self.refused_for, &self.waiting, self.learned).hash(state);
        if self.phase == Phase::Prepares {
            self.promises.hash(state);
        }
        if self.learned.is_none() {
            (&self.heard, self.turn).hash(state);
        }
    }
}

impl Protocol for Paxos {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 4,
        id: "paxos",
        version: 1,
        title: "Paxos",
        summary: "Acceptors choose one value, even if proposers compete and nodes crash.",
        source: "Lamport 2001",
        epoch_word: "ballot",
        // §2.1: agents run at any speed, stop and restart; messages take any time, are doubled and lost, not corrupted. What is
        // to be remembered is on stable storage (§2.5).
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Paxos>] = &[
        Goal {
            id: "value-taken-over",
            sentence: "A proposer proposes a value that was accepted before",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Proposes { inherited_from: Some(_), .. })),
        },
        Goal {
            id: "ballot-given-up",
            sentence: "A proposer is refused and gives up its ballot",
            reached: Reached::Happens(|fact| matches!(fact, Fact::GivesUp { .. })),
        },
        Goal {
            id: "different-values-accepted",
            sentence: "Acceptors have accepted different values",
            reached: Reached::Is(|nodes| {
                let mut values = nodes.up().filter_map(|(_, node)| Some(node.stable.accepted?.value));
                let first = values.next();
                values.any(|value| Some(value) != first)
            }),
        },
        Goal {
            id: "value-learned",
            sentence: "A node learns the chosen value",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Learns { .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let lane = |node| {
            let proposes = config.proposers().contains(node);
            let accepts = if proposes { const { &[Verb::Propose.accepted()] } } else { &[][..] };
            Lane { name: config.name(node), client: false, accepts }
        };
        let everyone = config.proposers().union(config.acceptors()).union(config.learners());
        everyone.iter().map(lane).collect()
    }

    /// Acceptors and learners are only counted. Proposers make their ballots from their numbers, and have values by them;
    /// a distinguished learner is the first of them.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let (accept, learn) = (config.acceptors(), config.learners());
        let told_apart = config.distinguished_learner().into_iter().collect::<NodeSet>().union(config.proposers());
        let groups = [accept.intersection(learn), minus(accept, learn), minus(learn, accept)];
        groups.map(|group| minus(group, told_apart)).into_iter().filter(|group| group.len() > 1).collect()
    }

    /// What learners are told always matters: a crash forgets what they know, and then they count again. So does most of
    /// what is refused: nobody knows how high a ballot the refusal will tell of.
    fn never_matters(message: &Message, from: NodeId, to: NodeId, nodes: View<'_, Paxos>, config: &Config) -> bool {
        let (tried, promised) = (|node| nodes.durable(node).tried, nodes.durable(to).promised);
        // The only proposer has itself tried what acceptors have promised since.
        let outdated = |ballot| config.proposers == 1 && ballot < tried(from);
        let obeys = !config.has(Flaw::AcceptsBelowPromise);
        // The flaw counts promises in later ballots too.
        let once = !config.has(Flaw::LatePromiseCounted);
        match *message {
            // A promise counts in phase 1 of its ballot, once for each acceptor, and no ballot is begun twice.
            Message::Promise { ballot, .. } => {
                let waits = |node: &Paxos| node.phase == Phase::Prepares && node.stable.tried == ballot;
                let counts = |node: &Paxos| waits(node) && !node.promises.contains(&from);
                once && ballot <= tried(to) && !nodes.state(to).is_some_and(counts)
            }
            // The proposer has tried a ballot as high as that which it is told of, and has given this one up for it.
            Message::Refuse { ballot, promised } => ballot < tried(to) && promised <= tried(to),
            // It is refused, or promised again.
            Message::Prepare { ballot } => outdated(ballot) && ballot <= promised && once,
            // It is refused.
            Message::Accept(Proposal { ballot, .. }) => outdated(ballot) && ballot < promised && obeys,
            Message::Accepted(_) | Message::Chosen { .. } | Message::Query | Message::FindOut => false,
        }
    }

    /// After a crash a proposer begins anew: its next ballot has a number above all that it tried (§2.5).
    fn boot(stable: Stable, out: &mut Out<'_, Paxos>) -> Paxos {
        let (me, config) = (out.me(), *out.config());
        let wish = config.own_value(me);
        if wish.is_some() {
            out.arm(Timer::Ballot, config.back_off());
        }
        if config.learners().contains(me) && config.ask_every_micros > 0 {
            out.arm(Timer::Ask, exactly(config.ask_every_micros));
        }
        let (phase, promises, heard, waiting) = (Phase::Idle, SortedMap::new(), SortedMap::new(), Vec::new());
        Paxos { me, config, stable, phase, wish, promises, refused_for: 0, waiting, heard, learned: None, turn: 0 }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Paxos>) {
        match *message {
            Message::Prepare { ballot } => self.on_prepare(from, ballot, out),
            Message::Promise { ballot, accepted } => self.on_promise(from, ballot, accepted, out),
            Message::Refuse { ballot, promised } => self.on_refuse(ballot, promised, out),
            Message::Accept(proposal) => self.on_accept(from, proposal, out),
            Message::Accepted(proposal) => self.on_accepted(from, proposal, out),
            Message::Chosen { value } => self.learn(value, out),
            Message::Query => self.on_query(from, out),
            Message::FindOut => self.on_find_out(from, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out<'_, Paxos>) {
        match timer {
            Timer::Ballot => self.begin_ballot(out),
            Timer::Ask => self.ask(out),
        }
    }

    /// Somebody asks a proposer to propose a value: the first one counts. All are answered with what is chosen.
    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Paxos>) {
        // Lanes take nothing but what they say they accept.
        let Some(Command::Propose(value)) = Command::of(operation) else { return };
        if let Some(chosen) = self.learned {
            return out.reply(id, Answer::Value(Some(chosen)));
        }
        self.wish.get_or_insert(value.into());
        self.waiting.push(id);
        self.begin_unless_busy(out);
    }

    fn lane_status(&self) -> LaneStatus {
        let (role, weight) = match self.phase {
            Phase::Idle if self.config.acceptors().contains(self.me) => ("acceptor", Weight::Follows),
            Phase::Idle if self.config.proposers().contains(self.me) => ("proposer", Weight::Follows),
            Phase::Idle => ("learner", Weight::Follows),
            Phase::Prepares | Phase::BacksOff => ("proposer", Weight::Stands),
            Phase::Proposes(_) => ("proposer", Weight::Leads),
        };
        let heard = self.heard.last().map_or(0, |(proposal, _)| proposal.ballot);
        LaneStatus { role, weight, epoch: self.stable.tried.max(self.stable.promised).max(heard) }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let heard = self.heard.last().filter(|_| self.learned.is_none());
        let unsure = heard.map(|(heard, _)| phrase!("does not know whether {} is chosen", heard.value));
        let waits = |phrase| Condition { what: ConditionKind::Waits, phrase };
        now.extend(self.waits().or(unsure).map(waits));
    }

    fn inspect(&self, view: &mut Inspection) {
        view.summary = self.summary();
        let plays = |role: NodeSet| role.contains(self.me);
        let (proposers, learners) = (self.config.proposers(), self.config.learners());
        if plays(proposers) {
            view.fact("Ballot", or(ballot(self.stable.tried), "none"));
            view.fact("Wants", or(self.wish, "nothing"));
            view.fact("Does", or(self.waits().map(|waits| waits.show(|node| self.config.name(node))), "idle"));
        }
        if plays(self.config.acceptors()) {
            view.fact("Promised", or(ballot(self.stable.promised), "none"));
            view.fact("Accepted", or(self.stable.accepted, "nothing"));
        }
        if plays(proposers.union(learners)) {
            view.fact("Learned", or(self.learned, "nothing"));
        }
        let promises = self.promises.iter().map(|(acceptor, accepted)| {
            let row = Row::of(vec![self.config.name(*acceptor), or(*accepted, "nothing")]);
            row.in_epoch(accepted.map_or(0, |accepted| accepted.ballot))
        });
        view.table("Promises (phase 1)", &["Acceptor", "Has accepted"], promises);
        // What a majority accepted is settled.
        let heard = self.heard.iter().map(|(Proposal { ballot, value }, by)| {
            let row = Row::of(vec![ballot.to_string(), value.to_string(), self.config.names(*by)]);
            row.in_epoch(*ballot).settled_if(by.len() >= self.config.quorum())
        });
        view.table("Accepted (phase 2)", &["Ballot", "Value", "Accepted by"], heard);
    }
}

impl Paxos {
    /// What a proposer waits for.
    fn waits(&self) -> Option<Phrase> {
        let ballot = self.stable.tried;
        match self.phase {
            Phase::Idle => None,
            Phase::Prepares => Some(phrase!("waits for promises of ballot {}", ballot)),
            Phase::Proposes(value) => Some(phrase!("waits for {} to be accepted in ballot {}", value, ballot)),
            Phase::BacksOff => Some(phrase!("backs off after ballot {}", ballot)),
        }
    }

    /// For the lane's head.
    fn summary(&self) -> String {
        match (self.phase, self.learned, self.stable.accepted) {
            (Phase::Prepares, ..) => format!("{} of {} promises", self.promises.len(), self.config.quorum()),
            (Phase::Proposes(value), ..) => format!("proposes {value}"),
            (Phase::BacksOff, ..) => "backs off".into(),
            (Phase::Idle, Some(value), _) => format!("learned {value}"),
            (Phase::Idle, None, Some(accepted)) => format!("accepted {}", accepted.value),
            (Phase::Idle, None, None) => {
                ballot(self.stable.promised).map_or("".into(), |ballot| format!("promised {ballot}"))
            }
        }
    }
}

/// Ballots count from 1; 0 is none.
fn ballot(number: u32) -> Option<String> {
    (number > 0).then(|| format!("ballot {number}"))
}

fn or(value: Option<impl fmt::Display>, none: &str) -> String {
    value.map_or(none.into(), |value| value.to_string())
}

/// The first nodes without the others.
fn minus(nodes: NodeSet, others: NodeSet) -> NodeSet {
    NodeSet(nodes.0 & !others.0)
}

/// A time that is not drawn.
fn exactly(micros: u64) -> (u64, u64) {
    (micros, micros)
}
