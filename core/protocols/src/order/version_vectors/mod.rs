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
//! **Left out.** Deletes, which need a vector to stay. Vectors that are cut when they get long. Replicas that come and go.

pub mod judge;
pub mod object;

pub use object::{Dot, Object, Sibling, Vector};

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

/// What a crash leaves of a replica.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// What it has of each key.
    pub objects: SortedMap<Key, Object>,
    /// How many writes it has counted, or the largest Lamport timestamp that it knows.
    counter: u32,
    /// The number of the last write that it has taken from each client: what is not newer comes twice or too late.
    taken: SortedMap<NodeId, u16>,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.count("Writes counted", self.counter as usize);
        let about = |(key, object): &(Key, Object)| match object.siblings.len() {
            1 => format!("{key} = {object}"),
            count => format!("{key}: {count} siblings ({})", object.context),
        };
        view.summary = self.objects.iter().map(about).collect::<Vec<_>>().join(", ");
        view.list("Vectors", self.objects.iter().map(|(key, object)| format!("{key}: {}", object.context)));
        let rows = self.objects.iter().flat_map(|(key, object)| object.siblings.iter().map(move |each| (key, each)));
        let rows = rows.map(|(key, Sibling { dot, value, context, .. })| {
            Row::of(vec![key.to_string(), value.to_string(), dot.to_string(), context.to_string()])
        });
        view.table("Values", &["Key", "Value", "Replica, number", "Had seen"], rows);
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

impl Stable {
    /// Whether this write is not newer than the last of its client that was taken.
    fn has_taken(&self, write: RequestId) -> bool {
        self.taken.get(&write.node).is_some_and(|last| *last >= write.ordinal)
    }

    /// What becomes of a key by what another replica has; none if nothing changes.
    fn merged(&self, key: Key, theirs: &Object, config: &Config) -> Option<Object> {
        let mine = self.objects.get(&key).cloned().unwrap_or_else(|| Object::empty(config));
        let mut merged = mine.clone();
        merged.merge(theirs, config);
        (merged != mine).then_some(merged)
    }
}

/// A replica.
impl VersionVectors {
    /// Values that do not stand alone.
    fn siblings(&self) -> impl Iterator<Item = (Key, &Sibling)> {
        let several = self.stable.objects.iter().filter(|(_, object)| object.siblings.len() > 1);
        several.flat_map(|(key, object)| object.siblings.iter().map(|sibling| (*key, sibling)))
    }

    fn object(&self, key: Key, config: &Config) -> Object {
        self.stable.objects.get(&key).cloned().unwrap_or_else(|| Object::empty(config))
    }

    /// A write has come. The client is shown all that is there now, and the other replicas too.
    fn on_write(
        &mut self,
        write: RequestId,
        key: Key,
        value: Value,
        context: Vector,
        out: &mut Out<'_, VersionVectors>,
    ) {
        if self.stable.has_taken(write) {
            return out.ignore(phrase!("it has taken this write, or a later one of this client"));
        }
        self.stable.taken.insert(write.node, write.ordinal);
        let config = *out.config();
        let (mut object, dot) = (self.object(key, &config), self.dot(&context, out));
        object.write(Sibling { dot, write, value, context }, &config);
        let here = |old: &&Sibling| object.siblings.iter().any(|each| each.write == old.write);
        let before = self.stable.objects.insert(key, object.clone()).unwrap_or_default();
        let replaced = before.siblings.iter().filter(|old| !here(old)).count() as u8;
        self.save(out);
        let kept = object.siblings.iter().any(|each| each.write == write);
        out.happened(Fact::Stored { write, key, value, dot, replaced, dotted: self.dotted.0, kept });
        out.send(write.node, Message::Shown(write.ordinal, key, object.clone()));
        out.broadcast(NodeSet::first(config.replicas), Message::Replicate(key, object));
    }

    /// The next write's dot, or its stamp.
    fn dot(&mut self, context: &Vector, out: &Out<'_, VersionVectors>) -> Dot {
        let counter = match out.config().resolution {
            Resolution::Siblings | Resolution::Dotted => self.stable.counter + 1,
            // Lamport: beyond all that the replica and the client know.
            Resolution::Lamport => self.stable.counter.max(context.largest()) + 1,
            Resolution::Physical => {
                return Dot { counter: u32::try_from(out.clock_micros() / 1_000).unwrap_or(0), replica: out.me() };
            }
        };
        self.stable.counter = counter;
        Dot { counter, replica: out.me() }
    }

    /// To disk, before anything is shown. The flaw leaves the counter out.
    fn save(&self, out: &mut Out<'_, VersionVectors>) {
        let counter = if out.config().has(Flaw::CounterNotSaved) { 0 } else { self.stable.counter };
        out.persist(Stable { counter, ..self.stable.clone() });
    }

    /// Takes in what another replica has.
    fn merge(&mut self, objects: &[(Key, Object)], out: &mut Out<'_, VersionVectors>) {
        let config = *out.config();
        let mut merged = Vec::new();
        for &(key, ref theirs) in objects {
            if let Some(object) = self.stable.merged(key, theirs, &config) {
                if config.resolution == Resolution::Lamport {
                    self.stable.counter = self.stable.counter.max(object.context.largest());
                }
                let value = object.siblings.iter().map(|each| each.value).min().unwrap_or_default();
                merged.push(Fact::Merged { key, value, values: object.siblings.len() as u8 });
                self.stable.objects.insert(key, object);
            }
        }
        if merged.is_empty() {
            return out.ignore(phrase!("it has all of that, or what replaced it"));
        }
        self.save(out);
        merged.into_iter().for_each(|fact| out.happened(fact));
    }

    /// The time to the next exchange is drawn, so that replicas do not all send at once.
    fn arm_exchange(&self, out: &mut Out<'_, VersionVectors>) {
        let most = out.config().anti_entropy_micros;
        if !self.client && most > 0 {
            out.arm(Timer::Exchange, (most * 3 / 4, most));
        }
    }

    /// Time to send all objects to the next of the others.
    fn exchange(&mut self, out: &mut Out<'_, VersionVectors>) {
        let replicas = out.config().replicas;
        let other = NodeId((out.me().0 + 1 + self.turn) % replicas);
        self.turn = (self.turn + 1) % (replicas - 1);
        if !self.stable.objects.is_empty() {
            out.send(other, Message::Exchange(self.stable.objects.iter().cloned().collect()));
        }
        self.arm_exchange(out);
    }
}

/// A client.
impl VersionVectors {
    /// The next request, once the last is answered. To use another replica is done at once.
    fn ask_next(&mut self, out: &mut Out<'_, VersionVectors>) {
        while let Some((id, operation)) = self.requests.begin() {
            let number = id.ordinal;
            let message = match operation {
                Operation::Read { key } => Message::Read(number, key),
                Operation::Write { key, value } => {
                    Message::Write { number, key, value, context: self.context(key, out) }
                }
                _ => {
                    self.go_to(id, operation, out);
                    continue;
                }
            };
            return out.send(self.replica, message);
        }
    }

    fn go_to(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, VersionVectors>) {
        self.requests.finish(id.ordinal);
        match Command::of(operation) {
            Some(Command::GoTo(replica)) if replica.0 < out.config().replicas => {
                self.replica = replica;
                out.reply(id, Answer::Done);
            }
            _ => out.reply(id, Answer::Refused),
        }
    }

    /// What a write is to replace: all that the client has seen. The flaw forgets it.
    fn context(&self, key: Key, out: &Out<'_, VersionVectors>) -> Vector {
        let seen = self.contexts.get(&key).filter(|_| !out.config().has(Flaw::ContextForgotten));
        seen.cloned().unwrap_or_else(|| Vector::zero(out.config()))
    }

    /// A client is shown what is there, after a read as after a write. Another replica may have shown it more.
    fn on_shown(&mut self, number: u16, key: Key, object: &Object, out: &mut Out<'_, VersionVectors>) {
        let current = self.requests.current();
        let Some(id) = self.requests.finish(number) else {
            return out.ignore(phrase!("the client does not wait for this answer"));
        };
        self.contexts.or_insert(key, Vector::zero(out.config())).join(&object.context);
        let values: Vec<(RequestId, Value)> = object.siblings.iter().map(|each| (each.write, each.value)).collect();
        // An answer has one value. Several are said by the fact.
        let answer = match (current, &values[..]) {
            (Some((_, Operation::Read { .. })), []) => Answer::Value(None),
            (Some((_, Operation::Read { .. })), [(_, value)]) => Answer::Value(Some(*value)),
            _ => Answer::Done,
        };
        out.happened(Fact::Saw { key, values });
        out.reply(id, answer);
        self.ask_next(out);
    }
}
