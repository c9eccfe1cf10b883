//! Version vectors (D. S. Parker and others, *Detection of Mutual Inconsistency in Distributed Systems*, IEEE TSE 1983) and dotted
//! version vectors (N. Preguiça, C. Baquero, P. S. Almeida, V. Fonte and R. Gonçalves, *Dotted Version Vectors*, 2010; P. S. Almeida
//! and others, *Scalable and Accurate Causality Tracking for Eventually Consistent Stores*, DAIS 2014).
//!
//! **Problem.** Replicas take writes without asking each other. When two of them meet, which value is newer? Sometimes neither is:
//! two clients have written without seeing each other's value. Then both values are to be kept, for somebody who knows what they mean.
//!
//! **Idea.** A replica counts its writes. A *version vector* says for each replica how many of its writes are known. If one vector
//! is at least the other in every place, its object is newer; else the two are concurrent. A client is told the vector with what it
//! reads, and sends it back with its next write: the *context*. The write replaces what the context knows.
//!
//! | knob `resolution` | what a replica keeps                  | a write replaces               |
//! |-------------------|---------------------------------------|--------------------------------|
//! | `siblings`        | values, one vector for all of them    | all values, or none            |
//! | `dotted`          | values, each with a dot and a context | the values whose dots it knows |
//! | `lww-lamport`     | one value, with a counter and replica | the value with a smaller stamp |
//! | `lww-physical`    | one value, with a time and replica    | the value with a smaller stamp |
//!
//! One vector for all siblings cannot say which of them a client has seen. A client that has seen all but the newest replaces none
//! of them, and two clients that write in turn make siblings without end (*sibling explosion*). A *dot* names one write: its replica,
//! and its number there. Then each sibling is replaced by itself.
//!
//! **Invariant.** *Whatever knows a replica's n-th write of a key knows its earlier ones of that key: it has them, or values that were
//! written by clients that had seen them.* A replica knows all of its own when it counts the next (`VersionVectors::on_write`);
//! objects travel whole, to replicas as to clients; a merge takes the union, less what one side has replaced (`Object::merge`); a
//! client joins the contexts of all that it was shown (`VersionVectors::on_shown`). So a context knows only what its client
//! has seen, or what was replaced by it, and a write loses nothing else. With dots it also replaces all of that.
//!
//! **Flaws.** [`Flaw::ContextForgotten`]: a client sends no context, so its write replaces nothing. [`Flaw::CounterNotSaved`]: after
//! a restart a replica gives a dot again, and who has seen the first write with it replaces the second too. [`Flaw::MergeKeepsOne`]:
//! a merge throws concurrent values away.
//!
//! | message   | from, to         | carries                                                     |
//! |-----------|------------------|-------------------------------------------------------------|
//! | Read      | client, replica  | a key                                                       |
//! | Write     | client, replica  | a key, a value, the context                                 |
//! | Shown     | replica, client  | all values of the key, and the context: after both of these |
//! | Replicate | replica, replica | the object that a write has changed                         |
//! | Exchange  | replica, replica | all objects, from time to time (anti-entropy)               |
//!
//! **Faults.** Messages may be lost, doubled and late; nodes crash and come back with their disks. A replica saves before it answers.
//! It takes a client's writes in their order, so that one which arrives twice counts once. Nobody asks twice: a client whose question
//! or answer is lost waits for ever. A client that crashes forgets its contexts.
//!
//! **Where.** [`object`] has the rules of writes and merges; `client` and [`replica`] say who sends what; [`judge`] judges.
//!
//! **Left out.** Deletes, which need a vector to stay. Vectors that are cut when they get long. Replicas that come and go.

mod client;
pub mod judge;
pub mod object;
pub mod replica;

pub use object::{Dot, Object, Sibling, Vector};
pub use replica::Stable;

use crate::parts::requests::Requests;
use judge::Judge;
use lightcone_engine::prelude::*;

choices! {
    /// What a replica does with concurrent writes.
    Resolution {
        /// It keeps all, with one version vector.
        Siblings = "siblings";
        /// It keeps all, each with its dot.
        Dotted = "dotted";
        /// It keeps the one with the larger Lamport timestamp.
        Lamport = "lww-lamport";
        /// It keeps the one with the later time.
        Physical = "lww-physical";
    }
}

knobs! {
    /// Replicas, which keep every key.
    replicas: Count(2..=4, default 2) = "replicas", "Replicas";
    /// Clients, which read and write at the replica of their own number, counted round.
    clients: Count(1..=4, default 2) = "clients", "Clients";
    /// What a replica does with concurrent writes.
    resolution: Choice(Resolution::Siblings) = "resolution", "Concurrent writes";
    /// From one exchange of a replica with another to the next, at most; 0 for never.
    anti_entropy_micros: Millis(0..=60_000, default 0) = "anti-entropy", "Replicas exchange objects every (0: never)";
}

flaws! {
    ContextForgotten = "client-forgets-context", "A client writes without the context of what it has read.",
        needs resolution 1;
    CounterNotSaved = "counter-reused-after-restart",
        "A replica does not save its counter: after a restart it gives the same dots again.", needs resolution 1;
    MergeKeepsOne = "merge-keeps-one", "A merge of concurrent values keeps only the largest.";
}

promises! {
    NoLostUpdate: Always = "no-lost-update", "No lost update",
        "What a replica has once stored is there, or was seen by the client that wrote something that is there. Last writer wins does not promise this.",
        "Parker et al. 1983; Preguiça et al. 2010";
    SiblingsAreConcurrent: Always = "siblings-are-concurrent", "Siblings are concurrent",
        "No client that wrote one of two siblings had seen the other. Only dotted version vectors promise this.",
        "Preguiça et al. 2010; Almeida et al. 2014";
    Converged: ByTheEnd = "converged", "Replicas converge",
        "All replicas have the same values of each key. Only anti-entropy promises this, for a message may be lost.",
        "Parker et al. 1983";
}

commands! {
    /// Read and write at this replica from now on.
    GoTo(Node) = "go-to", "Use replica";
}

timers! {
    /// A replica: to send all objects to the next of the others.
    Exchange;
}

messages! {
    /// What travels.
    Message {
        /// What is the value of this key?
        Read(number: u16, key: Key) = Client, "Read", "Read {key}";
        /// Set this key.
        Write {
            /// The request's number among its client's.
            number: u16,
            /// The key.
            key: Key,
            /// The new value.
            value: Value,
            /// What the client has seen of the key.
            context: Vector,
        } = Client, "Write", "{key} = {value} ({context})";
        /// All that the replica has of the key, after a read or a write.
        Shown(number: u16, key: Key, object: Object) = Client reply, "Answer", "{key} = {object}";
        /// A write has changed this object.
        Replicate(key: Key, object: Object) = Value, "Replicate", "{key} = {object}";
        /// All that the sender has.
        Exchange(objects: Vec<(Key, Object)>) = Value, "Exchange", |f| {
            f.write_str("All")?;
            objects.iter().try_for_each(|(key, object)| write!(f, " {key} = {object}"))
        };
    }
}

facts! {
    /// What happens.
    Fact {
        /// A replica has taken a write in.
        Stored {
            /// Its client, and its number.
            write: RequestId,
            /// Its key.
            key: Key,
            /// Its value.
            value: Value,
            /// Its dot or stamp.
            dot: Dot,
            /// How many values were there before and are not now.
            replaced: u8,
            /// Whether dots are to be shown.
            dotted: bool,
            /// Whether it is there now. Under last writer wins it may have the smaller stamp.
            kept: bool,
        } => (Mark::Applied, match kept {
            true => said(*key, *value, dotted.then_some(*dot)),
            false => phrase!("loses {key} = {}, ({node}, {})", *key, *value, dot.replica, dot.counter),
        });
        /// A replica has changed by what another has sent.
        Merged {
            /// The key.
            key: Key,
            /// The least of its values now.
            value: Value,
            /// How many values it has now.
            values: u8,
        } => (Mark::Appended, match values {
            1 => phrase!("{key} = {}", *key, *value),
            _ => phrase!("{key}: {} siblings", *key, *values),
        });
        /// A client is shown what is there.
        Saw {
            /// The key.
            key: Key,
            /// The writes and their values.
            values: Vec<(RequestId, Value)>,
        } => (Mark::Received, match values[..] {
            [] => phrase!("{key} = nothing", *key),
            [(_, one)] => phrase!("{key} = {}", *key, one),
            [(_, one), (_, two)] => phrase!("{key} = {} and {}", *key, one, two),
            [(_, one), (_, two), (_, three)] => phrase!("{key} = {}, {} and {}", *key, one, two, three),
            _ => phrase!("{key}: {} siblings", *key, values.len()),
        });
    }
}

/// "x = 1, (N1, 2)", or without the dot.
fn said(key: Key, value: Value, dot: Option<Dot>) -> Phrase {
    match dot {
        Some(dot) => phrase!("{key} = {}, ({node}, {})", key, value, dot.replica, dot.counter),
        None => phrase!("{key} = {}", key, value),
    }
}

impl Config {
    /// Whether a replica keeps one value only.
    #[must_use]
    pub fn last_writer_wins(&self) -> bool {
        matches!(self.resolution, Resolution::Lamport | Resolution::Physical)
    }

    /// The replica to which a client talks before it is told to use another.
    fn home(&self, client: NodeId) -> NodeId {
        NodeId((client.0 - self.replicas) % self.replicas)
    }
}

/// A replica, or a client. What only the one needs stays empty with the other.
#[derive(Clone, Debug, Hash)]
pub struct VersionVectors {
    /// Whether it is a client.
    client: bool,
    /// Whether siblings have dots to be shown.
    dotted: Unhashed<bool>,
    /// A replica: what is on disk, or should be.
    stable: Stable,
    /// A replica: how often it has sent all objects. The others take turns.
    turn: u8,
    /// A client: what it has to ask.
    requests: Requests,
    /// A client: the replica that it asks.
    replica: NodeId,
    /// A client: what it has seen of each key.
    contexts: SortedMap<Key, Vector>,
}

impl Protocol for VersionVectors {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 8,
        id: "version-vectors",
        version: 1,
        title: "Version vectors",
        summary: "Replicas take writes without asking each other, and tell concurrent writes from newer ones.",
        source: "Parker et al. 1983",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<VersionVectors>] = &[
        Goal {
            id: "siblings",
            sentence: "A replica has two siblings",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| node.siblings().next().is_some())),
        },
        Goal {
            id: "collapsed",
            sentence: "A write replaces siblings",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Stored { replaced: 2.., .. })),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let accepts = const { &[Accepts::Read, Accepts::Write, Verb::GoTo.accepted()] };
        Lane::nodes("N", config.replicas, &[]).chain(Lane::clients(config.clients, accepts)).collect()
    }

    // No `interchangeable`: a replica has its place in every vector, and each client its own replica.

    /// A message matters no more if its client does not wait for the answer and it stores nothing, or if it brings what is there or
    /// was replaced. What a replica has replaced does not come back, unless a flaw forgets it.
    fn never_matters(
        message: &Message,
        from: NodeId,
        to: NodeId,
        nodes: View<'_, VersionVectors>,
        config: &Config,
    ) -> bool {
        let waits = |client, number| nodes.state(client).is_some_and(|state| state.requests.is_current(number));
        let forgets = config.has(Flaw::MergeKeepsOne) || config.has(Flaw::CounterNotSaved);
        let here = nodes.durable(to);
        let old = |key, object: &Object| !forgets && here.merged(key, object, config).is_none();
        match *message {
            Message::Read(number, _) => !waits(from, number),
            Message::Write { number, .. } => here.has_taken(RequestId { node: from, ordinal: number }),
            Message::Shown(number, ..) => !waits(to, number),
            Message::Replicate(key, ref object) => old(key, object),
            Message::Exchange(ref objects) => objects.iter().all(|(key, object)| old(*key, object)),
        }
    }

    fn boot(stable: Stable, out: &mut Out<'_, VersionVectors>) -> VersionVectors {
        let (me, config) = (out.me(), *out.config());
        let client = me.0 >= config.replicas;
        let replica = if client { config.home(me) } else { me };
        let dotted = Unhashed(config.resolution != Resolution::Siblings);
        let (requests, contexts) = (Requests::default(), SortedMap::new());
        let node = VersionVectors { client, dotted, stable, turn: 0, requests, replica, contexts };
        node.arm_exchange(out);
        node
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, VersionVectors>) {
        match *message {
            Message::Read(number, key) => out.send(from, Message::Shown(number, key, self.object(key, out.config()))),
            Message::Write { number, key, value, ref context } => {
                self.on_write(RequestId { node: from, ordinal: number }, key, value, context.clone(), out);
            }
            Message::Shown(number, key, ref object) => self.on_shown(number, key, object, out),
            Message::Replicate(key, ref object) => self.merge(core::slice::from_ref(&(key, object.clone())), out),
            Message::Exchange(ref objects) => self.merge(objects, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out<'_, VersionVectors>) {
        match timer {
            Timer::Exchange => self.exchange(out),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, VersionVectors>) {
        self.requests.push(id, operation);
        self.ask_next(out);
    }

    fn lane_status(&self) -> LaneStatus {
        if self.client { LaneStatus::CLIENT } else { LaneStatus::NODE }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let dot = |sibling: &Sibling| self.dotted.0.then_some(sibling.dot);
        let phrases = self.siblings().map(|(key, sibling)| said(key, sibling.value, dot(sibling)));
        now.extend(phrases.map(|phrase| Condition { what: ConditionKind::Sibling, phrase }));
    }

    fn inspect(&self, view: &mut Inspection) {
        if !self.client {
            return self.stable.inspect(view);
        }
        view.fact("Uses", format!("N{}", self.replica.0 + 1));
        view.maybe("Waits for", self.requests.current().map(|(_, operation)| operation));
        self.requests.inspect_queue(view);
        view.list("Has seen", self.contexts.iter().map(|(key, context)| format!("{key}: {context}")));
    }
}
