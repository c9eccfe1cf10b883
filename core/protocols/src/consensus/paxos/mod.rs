//! Single-decree Paxos (L. Lamport, *Paxos Made Simple*, 2001; § numbers are of that paper). The same
//! algorithm is the synod of *The Part-Time Parliament*, 1998, section 2.
//!
//! **Problem.** Processes that may stop and come back, with messages that may be late, lost or doubled, are to choose
//! one of the values that some of them propose, and never a second one (§2.1).
//!
//! **Idea.** A value is chosen once a majority of acceptors has accepted it. Attempts to have one chosen are numbered:
//! ballots. Before a proposer names a value in a ballot, a majority promises to accept nothing of earlier ballots any
//! more, and says what it has accepted there. Any two majorities meet; so if a value was chosen, somebody names it, and
//! the proposer takes it up as its own. Later ballots can then only choose the same value again (P2c).
//!
//! **Roles.** Proposers have a value and try to get it chosen; acceptors choose; learners find out. They are lanes of
//! their own, or folded: then every lane is a server, and the first few play each role.
//!
//! **Ballots.** Proposer k of p uses the numbers k, k + p, k + 2p, …: disjoint sets (§2.5), which show as ballot n.
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
//! **Faults.** Acceptors keep their promise and what they accepted on disk, proposers the last ballot they tried (§2.5).
//! Whoever loses the disk has broken its promise: that is outside what Paxos bears. Nobody is told when a value becomes
//! chosen; the [`observer`] sees it, learners find out later, and acceptors need never know.
//!
//! **Where.** `proposer`, `acceptor` and `learner` are what a node does in each role; `observer` judges.
//!
//! **Left out.** The election of a distinguished proposer (§2.4): a proposer that is refused waits for a random time
//! instead. The sequence of decisions that makes a state machine (§3).

mod acceptor;
mod learner;
mod message;
pub mod observer;
mod proposer;
mod view;

pub use acceptor::Kept;
pub use message::{Proposal, Say};
pub use proposer::{Phase, Proposer};

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{NodeId, NodeSet, RequestId};
use lightcone_engine::operation::{Operation, Value};
use lightcone_engine::protocol::{
    Accepts, Argument, Assumptions, Command, Condition, Flaw, FlawSet, Inspection, Lane, LaneStatus, NoFact, Out,
    Parameter, Property, Protocol, Settings, Specification, Timer, Unit, View, When,
};
use lightcone_engine::table::Table;
use observer::Watch;

/// Who plays which role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cast {
    proposers: u8,
    acceptors: u8,
    learners: u8,
    /// Whether a lane may play several roles.
    together: bool,
    /// How many acceptors a proposer or learner wants to have heard: a majority.
    quorum: u32,
}

impl Cast {
    /// The lanes that propose.
    #[must_use]
    pub fn proposers(self) -> NodeSet {
        NodeSet::first(self.proposers)
    }

    /// The lanes that accept.
    #[must_use]
    pub fn acceptors(self) -> NodeSet {
        self.after(self.proposers, self.acceptors)
    }

    /// The lanes that learn.
    #[must_use]
    pub fn learners(self) -> NodeSet {
        self.after(self.proposers + self.acceptors, self.learners)
    }

    fn after(self, before: u8, count: u8) -> NodeSet {
        let before = if self.together { 0 } else { before };
        NodeSet(NodeSet::first(before + count).0 & !NodeSet::first(before).0)
    }

    fn everyone(self) -> NodeSet {
        self.proposers().union(self.acceptors()).union(self.learners())
    }

    /// A lane's name.
    #[must_use]
    pub fn name(self, node: NodeId) -> String {
        let (letter, before) = match (self.together, node.0.checked_sub(self.proposers)) {
            (true, _) => ('S', 0),
            (_, None) => ('P', 0),
            (_, Some(place)) if place < self.acceptors => ('A', self.proposers),
            _ => ('L', self.proposers + self.acceptors),
        };
        format!("{letter}{}", node.0 - before + 1)
    }

    fn names(self, nodes: NodeSet) -> String {
        let names: Vec<String> = nodes.iter().map(|node| self.name(node)).collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => names.concat(),
        }
    }

    /// The first ballot of this proposer that is higher than `beyond`: no two proposers share a number (§2.5).
    #[must_use]
    pub fn ballot_beyond(self, proposer: NodeId, beyond: u32) -> u32 {
        let first = u32::from(proposer.0) + 1;
        let every = u32::from(self.proposers);
        beyond.checked_sub(first).map_or(first, |since| first + (since / every + 1) * every)
    }
}

/// How many of so many acceptors are a majority (§2.1): any two have one in common.
fn majority(acceptors: u32) -> u32 {
    acceptors / 2 + 1
}

/// The knobs.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    cast: Cast,
    /// Proposers have a value from the start.
    own_values: bool,
    /// How long a ballot may take, in microseconds.
    patience: u64,
    /// Shortest and longest time from a refusal to the next ballot, in microseconds.
    back_off: (u64, u64),
    /// Only the first learner is told, and tells the others (§2.3).
    distinguished_learner: bool,
    /// From one question of a learner to the next, in microseconds; 0 if it does not ask.
    asks: u64,
    flaws: FlawSet,
}

impl Config {
    fn flaw(&self, flaw: u8) -> bool {
        self.flaws.has(flaw)
    }
}

/// Flaws, by place in the specification.
mod flaw {
    pub const PROMISE_FORGOTTEN_ON_RESTART: u8 = 0;
    pub const HIGHEST_ACCEPTED_IGNORED: u8 = 1;
    pub const BALLOTS_NOT_UNIQUE: u8 = 2;
    pub const ACCEPTS_BELOW_PROMISE: u8 = 3;
    pub const QUORUMS_DO_NOT_MEET: u8 = 4;
}

/// Beliefs that a reader may ask why about.
mod belief {
    use lightcone_engine::protocol::Belief;

    /// The ballot that an acceptor has promised.
    pub const PROMISE: Belief = "promise";
    /// The proposal that an acceptor has accepted.
    pub const ACCEPTED: Belief = "proposal";
    /// That a proposer may propose in its ballot, and this value.
    pub const BALLOT: Belief = "ballot";
    /// The value that is chosen.
    pub const VALUE: Belief = "value";
}

/// Verb of the command to a proposer that gives it a value.
pub const PROPOSE: u8 = 0;

/// A node, in all roles it plays.
#[derive(Clone, Debug)]
pub struct Paxos {
    /// Which one.
    pub me: NodeId,
    /// Who plays which role.
    pub cast: Cast,
    /// What a crash leaves.
    pub kept: Kept,
    /// What it does as a proposer.
    pub proposer: Proposer,
    /// Who has told it to have accepted which proposal.
    pub heard: Table<Proposal, NodeSet>,
    /// The value that it knows to be chosen.
    pub learned: Option<Value>,
    /// Whom it asks next, as a learner: acceptors and proposers in turn.
    turn: u8,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A proposer: until it tries the next ballot.
    Ballot,
    /// A learner: until it asks.
    Ask,
}

impl Timer for Wait {
    const ALL: &'static [(Wait, &'static str)] = &[(Wait::Ballot, "Ballot"), (Wait::Ask, "Ask")];
}

const fn count(id: &'static str, name: &'static str, most: u32, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Count, least: 1, most, default }
}

const fn millis(id: &'static str, name: &'static str, least: u32, default: u32) -> Parameter {
    Parameter { id, name, unit: Unit::Millis, least, most: 60_000, default }
}

const fn choice(id: &'static str, name: &'static str, words: &'static [&'static str]) -> Parameter {
    Parameter { id, name, unit: Unit::Choice(words), least: 0, most: words.len() as u32 - 1, default: 0 }
}

const fn property(
    id: &'static str,
    name: &'static str,
    when: When,
    sentence: &'static str,
    source: &'static str,
) -> Property {
    Property { id, name, when, sentence, source }
}

impl Protocol for Paxos {
    type Config = Config;
    type Message = Say;
    type Timer = Wait;
    type Durable = Kept;
    type Fact = NoFact;
    type Observer = Watch;

    const SPECIFICATION: Specification = Specification {
        number: 4,
        id: "paxos",
        version: 1,
        title: "Paxos",
        summary: "Acceptors choose one value, whoever proposes and whoever stops.",
        source: "Lamport 2001",
        epoch_word: "ballot",
        // §2.1: agents run at any speed, stop and restart; messages take any time, are doubled and lost, not corrupted. What is to be
        // remembered is on stable storage (§2.5).
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: &[
            choice("roles", "Roles", &["separate", "together"]),
            count("proposers", "Proposers", 5, 2),
            count("acceptors", "Acceptors", 7, 3),
            count("learners", "Learners", 4, 1),
            choice("values", "Proposers have a value", &["from-the-start", "when-asked"]),
            millis("ballot-timeout", "A ballot is given up after", 1, 80),
            millis("back-off-min", "After a refusal, wait at least", 0, 10),
            millis("back-off-max", "After a refusal, wait at most", 0, 60),
            choice("acceptors-tell", "Acceptors tell", &["all-learners", "first-learner"]),
            millis("learner-asks", "A learner asks every (0: never)", 0, 200),
        ],
        flaws: &[
            Flaw {
                id: "promise-forgotten-on-restart",
                sentence: "An acceptor does not save its promise and forgets it when it restarts.",
                needs: &[],
            },
            Flaw {
                id: "highest-accepted-ignored",
                sentence: "A proposer proposes its own value, whatever acceptors say they have accepted.",
                needs: &[],
            },
            Flaw { id: "ballots-not-unique", sentence: "Two proposers may use the same ballot number.", needs: &[] },
            Flaw {
                id: "accepts-below-promise",
                sentence: "An acceptor accepts proposals of ballots below the one it has promised.",
                needs: &[],
            },
            Flaw {
                id: "quorums-do-not-meet",
                sentence: "Half of the acceptors, rounded down, count as a quorum.",
                needs: &[],
            },
        ],
        properties: &[
            property(
                "agreement",
                "Agreement",
                When::Always,
                "A chosen value stays chosen: no other is.",
                "Lamport 2001, §2.1",
            ),
            property(
                "validity",
                "Validity",
                When::Always,
                "Only a value that a proposer was to propose is chosen.",
                "Lamport 2001, §2.1",
            ),
            property(
                "later-ballots",
                "Later ballots",
                When::Always,
                "Ballots higher than one in which a value is chosen propose that value.",
                "Lamport 2001, §2.2, P2b",
            ),
            property(
                "learned-is-chosen",
                "Learned is chosen",
                When::Always,
                "Nobody learns a value that is not chosen.",
                "Lamport 2001, §2.1",
            ),
            property(
                "value-chosen",
                "A value is chosen",
                When::ByTheEnd,
                "Some value is chosen.",
                "Lamport 2001, §2.4",
            ),
            property(
                "learners-learn",
                "Every learner learns",
                When::ByTheEnd,
                "Every learner that runs knows the chosen value.",
                "Lamport 2001, §2.3",
            ),
        ],
        commands: &[Command { id: "propose", name: "Propose", argument: Argument::Number }],
    };

    fn configure(settings: &Settings) -> Config {
        let shortest = settings.micros(6);
        let acceptors = settings.number(2);
        let quorum = if settings.flaws.has(flaw::QUORUMS_DO_NOT_MEET) {
            // The flaw: two halves of the acceptors may have nobody in common.
            (acceptors / 2).max(1)
        } else {
            majority(acceptors)
        };
        Config {
            cast: Cast {
                proposers: settings.number(1) as u8,
                acceptors: acceptors as u8,
                learners: settings.number(3) as u8,
                together: settings.on(0),
                quorum,
            },
            own_values: !settings.on(4),
            patience: settings.micros(5),
            back_off: (shortest, settings.micros(7).max(shortest)),
            distinguished_learner: settings.on(8),
            asks: settings.micros(9),
            flaws: settings.flaws,
        }
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let lane = |node| {
            let proposes = config.cast.proposers().contains(node);
            let accepts: &[Accepts] = if proposes { &[Accepts::Command(PROPOSE)] } else { &[] };
            Lane { name: config.cast.name(node), client: false, accepts }
        };
        config.cast.everyone().iter().map(lane).collect()
    }

    /// Acceptors and learners are only counted. Proposers make their ballots from their numbers, and have values by them;
    /// a learner that tells the others is the first of them.
    fn interchangeable(config: &Config) -> Vec<NodeSet> {
        let cast = config.cast;
        let (acceptors, learners) = (cast.acceptors(), cast.learners());
        let first = learners.iter().next().filter(|_| config.distinguished_learner);
        let rest = first.map_or(learners, |first| learners.without(first));
        let others = NodeSet(cast.everyone().0 & !cast.proposers().0);
        // Who plays both roles, who only accepts, and who only learns.
        let only_accept = NodeSet(acceptors.0 & !learners.0);
        let groups = [acceptors.intersection(rest), only_accept, NodeSet(rest.0 & !acceptors.0)];
        groups.map(|group| group.intersection(others)).into_iter().filter(|group| group.len() > 1).collect()
    }

    fn never_matters(message: &Say, from: NodeId, to: NodeId, nodes: View<'_, Self>, config: &Config) -> bool {
        message.never_matters(from, to, nodes, config)
    }

    fn boot(kept: Kept, out: &mut Out<'_, Paxos>) -> Paxos {
        let config = *out.config();
        let me = out.me();
        let (proposer, heard) = (Proposer::boot(out), Table::new());
        if config.cast.learners().contains(me) && config.asks > 0 {
            out.arm(Wait::Ask, (config.asks, config.asks));
        }
        Paxos { me, cast: config.cast, kept, proposer, heard, learned: None, turn: 0 }
    }

    fn on_message(&mut self, from: NodeId, message: &Say, out: &mut Out<'_, Paxos>) {
        match *message {
            Say::Prepare { ballot } => self.on_prepare(from, ballot, out),
            Say::Promise { ballot, accepted } => self.on_promise(from, ballot, accepted, out),
            Say::Refuse { ballot, promised } => self.on_refuse(ballot, promised, out),
            Say::Accept(proposal) => self.on_accept(from, proposal, out),
            Say::Accepted(proposal) => self.on_accepted(from, proposal, out),
            Say::Chosen { value } => self.learn(value, out),
            Say::Query => self.on_query(from, out),
            Say::FindOut => self.on_find_out(from, out),
        }
    }

    fn on_timer(&mut self, timer: Wait, out: &mut Out<'_, Paxos>) {
        match timer {
            Wait::Ballot => self.begin_ballot(out),
            Wait::Ask => self.ask(out),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, Paxos>) {
        self.on_proposer_asked(id, operation, out);
    }

    fn lane_status(&self) -> LaneStatus {
        self.status_now()
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        now.extend(self.condition_now());
    }

    fn inspect(&self, view: &mut Inspection) {
        self.inspect_now(view);
    }
}

impl Hash for Paxos {
    /// Who knows what is chosen neither counts nor asks any more.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.me, self.cast, self.kept, &self.proposer, self.learned).hash(state);
        if self.learned.is_none() {
            (&self.heard, self.turn).hash(state);
        }
    }
}

impl Paxos {
    /// Tells all of `to`; itself last, and at once.
    fn tell(&mut self, to: NodeSet, say: &Say, out: &mut Out<'_, Paxos>) {
        out.broadcast(to, say.clone());
        if to.contains(self.me) {
            self.on_message(self.me, say, out);
        }
    }
}
