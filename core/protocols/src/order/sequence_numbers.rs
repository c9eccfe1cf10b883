//! Sequence numbers without causality (M. Kleppmann, *Designing Data-Intensive Applications*, 2017, chapter 9, "Sequence Number
//! Ordering").
//!
//! **Problem.** Number writes at several nodes: no number twice, and no effect before its cause.
//!
//! **Idea.** The first is easy without asking anybody. Four generators:
//!
//! - *Odd and even*: with two nodes N1 gives 1, 3, 5 and N2 gives 2, 4, 6; with more, each takes its own remainder.
//! - *Physical clocks*: a number is the node's clock in milliseconds, and the node where two agree.
//! - *Blocks*: N1 hands out blocks of numbers beforehand, and each node counts through its own.
//! - *A leader's counter*: for each write its node asks N1 for the next number.
//!
//! Only the last knows what came before. The others number a write by what their own node did: if N1 is slow and N2 busy, a write
//! at N2 that was seen before a write at N1 still gets the larger number.
//!
//! **Invariant.** With a leader's counter: *a number that is handed out is larger than all that were handed out before.* A write
//! happens after another. Then its node has asked for its number after the other had one, since it asks when the write has come
//! (`SequenceNumbers::number`); the answer belongs to this write and to no other (`SequenceNumbers::granted`); and a node has one
//! question under way, so its answers do not overtake each other. N1 has its counter on disk before it answers, so a restart hands
//! out nothing twice.
//!
//! **Uniqueness.** Remainders, nodes' names and blocks keep nodes apart. Within a node a counter grows, and is on disk before anybody
//! sees a number; what is left of a block is lost in a crash.
//!
//! **Flaws.** [`Flaw::SameStride`]: all nodes count from 1. [`Flaw::CounterNotSaved`]: a node counts in memory only, and after
//! a restart gives the same numbers again. [`Flaw::AllocatorForgets`]: the same of what N1 hands out. [`Flaw::KeptInReserve`]: a node
//! asks the leader for two numbers and keeps the second for its next write. By then others may have had larger ones.
//!
//! | message | from, to     | carries                                             |
//! |---------|--------------|-----------------------------------------------------|
//! | Write   | client, node | nothing: a client says nothing of what it has seen  |
//! | Number  | node, client | the number of the write                             |
//! | Ask     | node, N1     | for which write                                     |
//! | Granted | N1, node     | for which write: the first of so many numbers       |
//!
//! **Faults.** Messages may be lost, doubled and late; nodes crash and come back with their disks. Nobody asks twice: a write whose
//! question is lost waits for ever, and so do those behind it.
//!
//! **Left out.** What numbers are for: the writes change nothing here. A new leader when N1 is gone.

use crate::parts::causal_past::CausalPast;
use crate::parts::requests::Requests;
use lightcone_engine::prelude::*;

choices! {
    /// How a write gets its number.
    Generator {
        /// Each node counts through its own remainder.
        Strided = "odd-even";
        /// The node's clock, in milliseconds.
        Clock = "clock";
        /// Each node counts through blocks that N1 hands out beforehand.
        Blocks = "blocks";
        /// N1 counts for all.
        Leader = "leader";
    }
}

knobs! {
    /// Nodes, which number writes. The first is the leader, and hands out blocks.
    nodes: Count(2..=4, default 2) = "nodes", "Nodes";
    /// Clients, which write, now at one node, now at another.
    clients: Count(1..=4, default 1) = "clients", "Clients";
    /// How a write gets its number.
    generator: Choice(Generator::Strided) = "generator", "Generator";
    /// How many numbers a block has.
    block: Number(1..=1_000, default 10) = "block", "Numbers in a block";
}

flaws! {
    SameStride = "same-stride", "All nodes count 1, 2, 3: their numbers have no remainder of their own.";
    CounterNotSaved = "counter-not-saved", "A node does not save its counter: after a restart it gives the same numbers again.";
    AllocatorForgets = "allocator-forgets", "The first node does not save which numbers it has handed out.", needs generator 2;
    KeptInReserve = "kept-in-reserve", "A node asks the leader for two numbers and keeps one for its next write.",
        needs generator 3;
}

promises! {
    Unique: Always = "unique", "Unique numbers",
        "No two writes get the same number.", "Kleppmann 2017, chapter 9, Noncausal sequence number generators";
    Causal: Always = "causal", "Consistent with causality",
        "If one write happened before another, its number is smaller. Only a leader's counter promises this.",
        "Kleppmann 2017, chapter 9, Sequence Number Ordering";
}

commands! {
    /// Write at this node.
    WriteAt(Node) = "write-at", "Write at";
}

/// A write: its client, and its number among the client's.
pub type Write = (NodeId, u16);

messages! {
    /// What travels.
    Message {
        /// Number this write.
        Write(write: u16) = Client, "Write", "Write #{write}";
        /// The write has this number.
        Number {
            /// The number.
            number: Number,
            /// The write's number among its client's.
            write: u16,
        } = Client reply, "Number", "{number}";
        /// A number for this write, or a block for all that come.
        Ask(client: NodeId, write: u16) = Permission, "Question for numbers", |f| write!(f, "For c#{write} of {}", client.0 + 1);
        /// These are yours.
        Granted {
            /// For whose write.
            client: NodeId,
            /// For which.
            write: u16,
            /// The first.
            first: u32,
            /// How many.
            count: u32,
        } = Permission reply, "Grant", |f| match count {
            1 => write!(f, "{first}"),
            _ => write!(f, "{first} to {}", first + count - 1),
        };
    }
}

facts! {
    /// What happens.
    Fact {
        /// A node has numbered a write.
        Numbered {
            /// So.
            number: Number,
        } => (Mark::Applied, number.phrase());
        /// N1 has handed out numbers to another node.
        HandedOut {
            /// The first.
            first: u32,
            /// How many.
            count: u32,
        } => match count {
            1 => (Mark::Appended, phrase!("hands out {}", first)),
            _ => (Mark::Appended, phrase!("hands out {} to {}", first, first + count - 1)),
        };
    }
}

/// A number. The order of the fields is the order of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// What was counted or read.
    pub value: u32,
    /// The node, counted from 1, where a clock was read: it breaks ties. Else 0.
    pub node: u8,
}

impl Number {
    fn phrase(self) -> Phrase {
        match self.node {
            0 => phrase!("{}", self.value),
            node => phrase!("({}, {})", self.value, node),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node {
            0 => write!(f, "{}", self.value),
            node => write!(f, "({}, {node})", self.value),
        }
    }
}

/// What a crash leaves.
#[derive(Clone, Debug, Default, Hash)]
pub struct Stable {
    /// The largest that the node has counted or read, or that N1 has handed out to it.
    counted: u32,
    /// N1: the largest that it has handed out.
    handed_out: u32,
}

impl Durable for Stable {
    fn inspect(&self, view: &mut Inspection) {
        view.fact("Counted to", self.counted);
        view.maybe("Handed out to", (self.handed_out > 0).then_some(self.handed_out));
    }
}

/// A node, which numbers, or a client, which writes: one write after the other.
#[derive(Clone, Debug, Hash)]
pub struct SequenceNumbers {
    /// Whether it is a client.
    client: bool,
    /// What is on disk, or should be.
    stable: Stable,
    /// What is left of blocks: from, and up to.
    blocks: VecDeque<(u32, u32)>,
    /// Writes that wait for numbers, oldest first.
    waiting: VecDeque<Write>,
    /// What a client has to write, and where.
    requests: Requests<NodeId>,
    /// The numbers that it gave or got, to be shown.
    numbers: Unhashed<Vec<Number>>,
}

const FIRST: NodeId = NodeId(0);

impl Protocol for SequenceNumbers {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = Stable;
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 7,
        id: "sequence-numbers",
        version: 1,
        title: "Sequence numbers",
        summary: "Nodes number writes in four ways, and only one of them never numbers an effect before its cause.",
        source: "Kleppmann 2017",
        epoch_word: "",
        assumes: Assumptions::CRASH_RECOVERY,
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<SequenceNumbers>] = &[
        Goal {
            id: "numbered",
            sentence: "A write gets its number",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Numbered { .. })),
        },
        Goal {
            id: "two-nodes",
            sentence: "Two nodes have numbered writes",
            reached: Reached::Is(|nodes| {
                nodes.up().filter(|(_, node)| !node.client && node.stable.counted > 0).count() > 1
            }),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let nodes = Lane::nodes("N", config.nodes, &[]);
        nodes.chain(Lane::clients(config.clients, const { &[Verb::WriteAt.accepted()] })).collect()
    }

    // No `interchangeable`: a node counts by its own number, and clients are told where to write. No `never_matters`: the judge
    // follows causality, and of that every message carries some.

    fn boot(stable: Stable, out: &mut Out<'_, SequenceNumbers>) -> SequenceNumbers {
        let client = out.me().0 >= out.config().nodes;
        SequenceNumbers {
            client,
            stable,
            blocks: VecDeque::new(),
            waiting: VecDeque::new(),
            requests: Requests::default(),
            numbers: Unhashed::default(),
        }
    }

    fn on_request(&mut self, id: RequestId, operation: Operation, out: &mut Out<'_, SequenceNumbers>) {
        let Some(Command::WriteAt(node)) = Command::of(operation) else { return };
        if node.0 >= out.config().nodes {
            return out.reply(id, Answer::Refused);
        }
        self.requests.push(id, node);
        self.write_next(out);
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, SequenceNumbers>) {
        match *message {
            Message::Write(write) => self.number((from, write), out),
            Message::Number { number, write } => self.note(number, write, out),
            Message::Ask(client, write) => {
                let count = size(out);
                let first = self.hand_out(count, out);
                out.happened(Fact::HandedOut { first, count });
                out.send(from, Message::Granted { client, write, first, count });
            }
            Message::Granted { client, write, first, count } => self.granted((client, write), first, count, out),
        }
    }

    fn lane_status(&self) -> LaneStatus {
        if self.client { LaneStatus::CLIENT } else { LaneStatus::NODE }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        let waits = |(_, write): &Write| Condition {
            what: ConditionKind::Waits,
            phrase: phrase!("#{} waits for a number", *write),
        };
        now.extend(self.waiting.iter().map(waits));
    }

    fn inspect(&self, view: &mut Inspection) {
        let last = self.numbers.0.last();
        view.summary = last.map_or_else(String::new, |last| format!("last {last}"));
        view.maybe("Waits for", self.requests.current().map(|_| "a number"));
        self.requests.inspect_queue(view);
        view.count("Writes without a number", self.waiting.len());
        let left: Vec<String> = self.blocks.iter().map(|(from, to)| format!("{from} to {to}")).collect();
        view.list("Left of its blocks", &left);
        view.list("Numbers", &self.numbers.0);
    }
}

/// How many numbers N1 hands out at once.
fn size(out: &Out<'_, SequenceNumbers>) -> u32 {
    match out.config().generator {
        Generator::Blocks => out.config().block,
        // The flaw asks for one more than it needs.
        _ => 1 + u32::from(out.config().has(Flaw::KeptInReserve)),
    }
}

impl SequenceNumbers {
    /// A write has come, and is numbered by what the generator knows.
    fn number(&mut self, write: Write, out: &mut Out<'_, SequenceNumbers>) {
        match out.config().generator {
            Generator::Strided => {
                let nodes = u32::from(out.config().nodes);
                // The flaw has no remainders: everybody counts 1, 2, 3.
                let (first, step) =
                    if out.config().has(Flaw::SameStride) { (1, 1) } else { (u32::from(out.me().0) + 1, nodes) };
                let value = if self.stable.counted == 0 { first } else { self.stable.counted + step };
                self.count(write, Number { value, node: 0 }, out);
            }
            Generator::Clock => {
                // A clock that stands still or is set back does not give one number twice: then the node counts on.
                let millis = u32::try_from(out.clock_micros() / 1_000).unwrap_or(0);
                let value = millis.max(self.stable.counted + 1);
                self.count(write, Number { value, node: out.me().0 + 1 }, out);
            }
            Generator::Blocks | Generator::Leader => {
                self.waiting.push_back(write);
                self.serve(out);
                // One question at a time: answers that overtake each other would number a later write first.
                if self.waiting.len() == 1 {
                    self.ask(write, out);
                }
            }
        }
    }

    /// A number of the node's own.
    fn count(&mut self, write: Write, number: Number, out: &mut Out<'_, SequenceNumbers>) {
        self.stable.counted = number.value;
        self.save(out);
        self.give(write, number, out);
    }

    /// To disk, before anything is shown. The flaw leaves that out.
    fn save(&mut self, out: &mut Out<'_, SequenceNumbers>) {
        if !out.config().has(Flaw::CounterNotSaved) {
            out.persist(self.stable.clone());
        }
    }

    fn give(&mut self, (client, write): Write, number: Number, out: &mut Out<'_, SequenceNumbers>) {
        self.numbers.0.push(number);
        out.happened(Fact::Numbered { number });
        out.send(client, Message::Number { number, write });
    }

    /// Numbers what waits from what is left of blocks. A leader's numbers are for one write each: nothing is left of them.
    fn serve(&mut self, out: &mut Out<'_, SequenceNumbers>) {
        while let Some((from, to)) = self.blocks.front().copied()
            && let Some(write) = self.waiting.pop_front()
        {
            self.blocks.pop_front();
            if from < to {
                self.blocks.push_front((from + 1, to));
            }
            self.give(write, Number { value: from, node: 0 }, out);
        }
    }

    /// Asks N1 for numbers; N1 need not ask.
    fn ask(&mut self, write: Write, out: &mut Out<'_, SequenceNumbers>) {
        if out.me() != FIRST {
            return out.send(FIRST, Message::Ask(write.0, write.1));
        }
        let count = size(out);
        let first = self.hand_out(count, out);
        self.granted(write, first, count, out);
    }

    /// N1 hands out the next numbers: on disk before anybody hears of them. The flaw leaves that out.
    fn hand_out(&mut self, count: u32, out: &mut Out<'_, SequenceNumbers>) -> u32 {
        let first = self.stable.handed_out + 1;
        self.stable.handed_out += count;
        if !out.config().has(Flaw::AllocatorForgets) {
            out.persist(self.stable.clone());
        }
        first
    }

    /// Numbers that N1 has handed out. The leader's are for the write for which they were asked, which may have its number already:
    /// then they are lost.
    fn granted(&mut self, write: Write, first: u32, count: u32, out: &mut Out<'_, SequenceNumbers>) {
        let last = first + count - 1;
        // N1 counts up, so what comes twice is not larger than what has come.
        if last <= self.stable.counted {
            return out.ignore(phrase!("it has had these numbers"));
        }
        let for_one = out.config().generator == Generator::Leader && !out.config().has(Flaw::KeptInReserve);
        if for_one && self.waiting.front() != Some(&write) {
            return out.ignore(phrase!("no write waits for this number"));
        }
        self.stable.counted = last;
        self.save(out);
        if for_one {
            self.waiting.pop_front();
            self.give(write, Number { value: first, node: 0 }, out);
        } else {
            self.blocks.push_back((first, last));
            self.serve(out);
        }
        if let Some(next) = self.waiting.front().copied() {
            self.ask(next, out);
        }
    }

    /// A client hears the number of its write.
    fn note(&mut self, number: Number, write: u16, out: &mut Out<'_, SequenceNumbers>) {
        let Some(id) = self.requests.finish(write) else {
            return out.ignore(phrase!("the client has the number of this write, or has forgotten the write"));
        };
        self.numbers.0.push(number);
        out.reply(id, Answer::Done);
        self.write_next(out);
    }

    /// A client's next write, once the last has its number. It says nothing of what it has seen.
    fn write_next(&mut self, out: &mut Out<'_, SequenceNumbers>) {
        let Some((id, node)) = self.requests.begin() else { return };
        out.send(node, Message::Write(id.ordinal));
    }
}

/// Judges the numbers by what happened before what.
#[derive(Clone, Hash)]
pub struct Judge {
    past: CausalPast<Number>,
    /// All numbers, with the node and the event that first gave each.
    given: SortedMap<Number, (NodeId, Witness)>,
    leader: Unhashed<bool>,
}

impl Observer<SequenceNumbers> for Judge {
    fn new(config: &Config) -> Judge {
        Judge {
            past: CausalPast::new(usize::from(config.nodes + config.clients)),
            given: SortedMap::new(),
            leader: Unhashed(config.generator == Generator::Leader),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, SequenceNumbers>, findings: &mut Findings) {
        let Judge { past, given, .. } = self;
        let number = |fact: &Fact| match fact {
            Fact::Numbered { number } => Some(*number),
            Fact::HandedOut { .. } => None,
        };
        past.observe(seen, number, |node, number, before| {
            if let Some((first, event)) = given.get(&number).copied() {
                let twice = || format!("{number} is given twice: by N{} and N{}.", first.0 + 1, node.0 + 1);
                findings.breaks(Promise::Unique, || Breach::of(twice(), [node, first], [event.0]));
            }
            if let Some((larger, event)) = before
                && larger >= number
            {
                let who = given.get(&larger).map(|(node, _)| *node);
                let sentence = || format!("The write with number {number} happened after the one with {larger}.");
                findings.breaks(Promise::Causal, || Breach::of(sentence(), who.into_iter().chain([node]), [event.0]));
            }
            given.or_insert(number, (node, Witness(seen.event)));
        });
    }

    fn at_end(&self, _: View<'_, SequenceNumbers>, findings: &mut Findings) {
        let count = self.given.iter().count();
        for promise in [Promise::Unique, Promise::Causal] {
            findings.untested_if(count == 0, promise, "nothing was numbered");
            findings.untested_if(count == 1, promise, "only one number was given");
        }
        findings.not_promised_if(!self.leader.0, Promise::Causal, "only a leader’s counter promises it");
    }
}
