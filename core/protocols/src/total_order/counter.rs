//! Total order broadcast through a counter (M. Kleppmann, *Designing Data-Intensive Applications*, 2017, chapter 9, "Implementing
//! total order broadcast using linearizable storage"; what is promised: V. Hadzilacos & S. Toueg 1994, sections 3.1 and 3.4).
//!
//! **Problem.** Any node may broadcast. All nodes must deliver the same messages in the same order, although messages overtake
//! each other. Given is a register that holds a number, with one atomic operation: *increment and get*.
//!
//! **Idea.** Who has something to broadcast increments the counter, attaches the number that it gets, and sends the message to
//! all. The counter never sees a message, and no node leads. Everybody delivers number 1, then 2, then 3. A node that has
//! delivered 4 and receives 6 knows that there is a 5, and waits for it. This is what sets numbers of a counter apart from
//! Lamport timestamps: after a timestamp of 4 the next may be 6, and nobody knows whether a 5 is still to come.
//!
//! **Invariant.** *A number stands for one message.* Then whoever delivers all numbers in their order delivers the same list as
//! everybody else, up to where it is. Why each step keeps it:
//!
//! - The counter grows with every number that it gives, in one event (`Counter::increment`). Since nothing happens in between,
//!   no number is given twice. This is all that linearizability is needed for.
//! - The counter remembers what it gave for which message. A request that arrives twice gets the same number again.
//! - A node attaches a number to the message for which it was given, once (`Counter::take`).
//! - A node delivers a number if it has delivered all smaller ones (`Counter::deliver`). What comes too early is held back, what
//!   comes again is ignored.
//!
//! **When all is delivered.** If no node stops between getting a number and having sent it to all, and the counter's holder
//! runs. Else the number is a gap that never closes, and every node waits for it for ever. A node that waits knows
//! the number and not whose it is: only the counter knows that. So one slow node holds up all others, as the sequencer does not.
//!
//! **Flaws.** [`Flaw::ReadThenWrite`] breaks the first step: between a node's read and its write another node reads the same
//! number. [`Flaw::RepeatedRequestCounted`] breaks the second: of two numbers of one message nobody uses the second, which is a gap
//! for ever. [`Flaw::DeliversPastGap`] breaks the last.
//!
//! | message   | from, to      | carries                                 | in Kleppmann's words                    |
//! |-----------|---------------|-----------------------------------------|-----------------------------------------|
//! | Increment | node, counter | the message for which a number is asked | increment-and-get the register          |
//! | Value     | counter, node | the number                              | the value you got from the register     |
//! | Numbered  | node, all     | the message and its number              | attach the value as a sequence number   |
//! | Read      | node, counter | only the flaw: what is the counter?     | not atomic                              |
//! | Write     | node, counter | only the flaw: the counter is this      | not atomic                              |
//!
//! **Faults.** Links lose nothing, but messages may come late, in any order and twice: the book says "resending any lost messages",
//! and that is left to the links. Nodes may stop, and stay away (crash-stop).
//!
//! **Left out.** How to keep the counter when its holder fails: the book shows that this is as hard as consensus.

use crate::parts::broadcast::{self, Item, reliable, total};
use lightcone_engine::prelude::*;
use lightcone_engine::protocol::{Crashes, Links};

knobs! {
    /// Nodes, which broadcast and deliver. The counter has a lane of its own after theirs.
    nodes: Count(2..=7, default 3) = "nodes", "Nodes";
}

flaws! {
    DeliversPastGap = "delivers-past-gap", "A node skips a missing number and delivers the next one that arrives.";
    ReadThenWrite = "read-then-write", "A node reads the counter, adds one and writes it back: two nodes may take one number.";
    RepeatedRequestCounted = "repeated-request-counted", "The counter gives a repeated request another number.";
}

promises! {
    from total::Promise, broadcast::Promise, reliable::Promise;
    NoGap: Always = "no-gap", "No gap",
        "A node delivers a number after all smaller numbers.", "Kleppmann 2017, chapter 9";
    OneNumber: Always = "one-number", "One number each",
        "No number is given to two messages, and no message gets two.", "Kleppmann 2017, chapter 9";
}

commands! {
    /// Broadcast a message.
    Broadcast = "broadcast", "Broadcast";
}

messages! {
    /// What travels.
    Message {
        /// Increment the counter and give me its value.
        Increment(item: Item) = Permission, "Increment-and-get", "Increment and get, for {item}";
        /// This is the counter's value now.
        Value(item: Item, number: u32) = Permission reply, "Counter value", "{number}, for {item}";
        /// This is the message with this number.
        Numbered(number: u32, item: Item) = Value, "Numbered message", "{number}: {item}";
        /// What is the counter's value?
        Read(item: Item) = Permission, "Read", "Read, for {item}";
        /// The counter's value is this from now on.
        Write(number: u32) = Permission, "Write", "Write {number}";
    }
}

facts! {
    /// What happens.
    Fact {
        /// A node is asked to broadcast a message.
        Broadcast {
            /// Which.
            item: Item,
        } = Received, "broadcasts {node}.{}", item.0.node, item.0.ordinal;
        /// A message gets a number: at the counter or, with the flaw, at its node.
        Given {
            /// The number.
            number: u32,
            /// To which message.
            item: Item,
        } = Appended, "{} for {node}.{}", number, item.0.node, item.0.ordinal;
        /// A node has sent a message with its number to all.
        Sent {
            /// Which.
            item: Item,
        };
        /// A node delivers a message.
        Delivered {
            /// Its number.
            number: u32,
            /// Which.
            item: Item,
        } = Delivered, "{}: {node}.{}", number, item.0.node, item.0.ordinal;
    }
}

/// A node, or the holder of the counter, which uses the first two parts only.
#[derive(Clone, Debug, Default, Hash)]
pub struct Counter {
    /// The counter.
    value: u32,
    /// What it gave for which message.
    given: SortedMap<Item, u32>,
    /// The role: whether it holds the counter.
    holder: bool,
    /// A node: its messages that wait for a number.
    waiting: SortedMap<Item>,
    /// Its messages that have a number and are not delivered here.
    own: SortedMap<Item>,
    /// Up to here it has delivered.
    delivered: u32,
    /// What came before a smaller number.
    held: SortedMap<u32, Item>,
    /// All that it has delivered, to be shown.
    log: Unhashed<Vec<(u32, Item)>>,
}

fn holder(config: &Config) -> NodeId {
    NodeId(config.nodes)
}

impl Protocol for Counter {
    type Config = Config;
    type Message = Message;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = Fact;
    type Observer = Judge;

    const SPECIFICATION: Specification = Specification {
        number: 12,
        id: "counter-tob",
        version: 1,
        title: "Total order through a counter",
        summary: "Each broadcaster takes a number from one counter, and every node delivers by number, without gaps.",
        source: "Kleppmann 2017",
        epoch_word: "",
        assumes: Assumptions {
            links: Links { repeat: true, ..Links::RELIABLE },
            crashes: Crashes::Stop,
            ..Assumptions::CRASH_RECOVERY
        },
        parameters: Config::PARAMETERS,
        flaws: Flaw::ALL,
        properties: Promise::ALL,
        commands: Command::ALL,
    };

    const GOALS: &'static [Goal<Counter>] = &[
        Goal {
            id: "delivered",
            sentence: "A message is delivered",
            reached: Reached::Happens(|fact| matches!(fact, Fact::Delivered { .. })),
        },
        Goal {
            id: "held-back",
            sentence: "A message is held back",
            reached: Reached::Is(|nodes| nodes.up().any(|(_, node)| !node.held.is_empty())),
        },
        Goal {
            id: "all-wait",
            sentence: "All nodes wait for the same number",
            reached: Reached::Is(|nodes| {
                let mut waiting = nodes.up().filter(|(_, node)| !node.holder).map(|(_, node)| node.first_missing());
                waiting.next().flatten().is_some_and(|first| waiting.all(|other| other == Some(first)))
            }),
        },
    ];

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(config: &Config) -> Vec<Lane> {
        let counter = Lane { name: "C".into(), client: false, accepts: &[] };
        Lane::nodes("N", config.nodes, const { &[Verb::Broadcast.accepted()] }).chain([counter]).collect()
    }

    // No `interchangeable`, although numbers are given whoever asks: nodes that hold each other's messages look alike to a search too
    // often for it to find one order of them.

    /// A value matters to a message that waits for its number: a node that restarts has none that waits. All else may always
    /// matter, since nodes forget in a crash what they have delivered, and the counter what it gave.
    fn never_matters(message: &Message, _: NodeId, to: NodeId, nodes: View<'_, Counter>, _: &Config) -> bool {
        let waits = |item| nodes.state(to).is_some_and(|node| node.waiting.contains(item));
        matches!(message, Message::Value(item, _) if !waits(item))
    }

    fn boot((): (), out: &mut Out<'_, Counter>) -> Counter {
        Counter { holder: out.me() == holder(out.config()), ..Counter::default() }
    }

    fn on_request(&mut self, id: RequestId, _: Operation, out: &mut Out<'_, Counter>) {
        let item = Item(id);
        out.happened(Fact::Broadcast { item });
        self.waiting.add(item);
        // The flaw does in three steps what must be one.
        let reads = out.config().has(Flaw::ReadThenWrite);
        out.send(holder(out.config()), if reads { Message::Read(item) } else { Message::Increment(item) });
    }

    fn on_message(&mut self, from: NodeId, message: &Message, out: &mut Out<'_, Counter>) {
        match *message {
            Message::Increment(item) => self.increment(from, item, out),
            Message::Value(item, number) => self.take(number, item, out),
            Message::Numbered(number, item) => self.deliver(number, item, out),
            Message::Read(item) => out.send(from, Message::Value(item, self.value)),
            Message::Write(number) => self.value = number,
        }
    }

    fn lane_status(&self) -> LaneStatus {
        match self.holder {
            true => LaneStatus { role: "counter", weight: Weight::Leads, epoch: 0 },
            false => LaneStatus::NODE,
        }
    }

    fn conditions(&self, now: &mut Vec<Condition>) {
        for (Item(id), ()) in &self.waiting {
            let phrase = phrase!("{node}.{} waits for a number", id.node, id.ordinal);
            now.push(Condition { what: ConditionKind::Waits, phrase });
        }
        for (_, Item(id)) in &self.held {
            let phrase = phrase!("{node}.{} waits for number {}", id.node, id.ordinal, self.delivered + 1);
            now.push(Condition { what: ConditionKind::HeldBack, phrase });
        }
    }

    fn inspect(&self, view: &mut Inspection) {
        if self.holder {
            view.summary = format!("counter {}", self.value);
            view.fact("Counter", self.value);
            let mut given: Vec<(u32, Item)> = self.given.iter().map(|(item, number)| (*number, *item)).collect();
            given.sort_unstable();
            let row = |(number, item): (u32, Item)| Row::of(vec![number.to_string(), item.to_string()]);
            return view.table("Numbers", &["Number", "Given for"], given.into_iter().map(row));
        }
        view.summary = format!("delivered {}", self.delivered);
        view.maybe("Waits for number", self.first_missing());
        if !self.waiting.is_empty() {
            view.list("Wait for a number", self.waiting.iter().map(|(item, ())| item));
        }
        let row = |(number, item): &(u32, Item)| {
            let waits_for = self.missing_before(*number).map(|number| number.to_string());
            Row::of(vec![number.to_string(), item.to_string(), waits_for.collect::<Vec<_>>().join(", ")])
                .settled_if(false)
        };
        view.table("Hold-back queue", &["Number", "Message", "Waits for"], self.held.iter().map(row));
        let row = |(number, item): &(u32, Item)| Row::of(vec![number.to_string(), item.to_string()]);
        view.table("Delivered", &["Number", "Message"], self.log.0.iter().map(row));
    }
}

impl Counter {
    /// The counter: increment and get, in one event.
    fn increment(&mut self, from: NodeId, item: Item, out: &mut Out<'_, Counter>) {
        let before = self.given.get(&item).copied();
        // The flaw does not look whether the request has come before.
        let number = before.filter(|_| !out.config().has(Flaw::RepeatedRequestCounted)).unwrap_or_else(|| {
            self.value += 1;
            self.given.insert(item, self.value);
            out.happened(Fact::Given { number: self.value, item });
            self.value
        });
        out.send(from, Message::Value(item, number));
    }

    /// A node attaches the number that it got to its message, and sends that to all.
    fn take(&mut self, number: u32, item: Item, out: &mut Out<'_, Counter>) {
        if self.waiting.remove(&item).is_none() {
            return out.ignore(phrase!("{node}.{} has a number", item.0.node, item.0.ordinal));
        }
        let number = match out.config().has(Flaw::ReadThenWrite) {
            false => number,
            true => {
                // The flaw: what others have read and written meanwhile is not looked at.
                out.happened(Fact::Given { number: number + 1, item });
                out.send(holder(out.config()), Message::Write(number + 1));
                number + 1
            }
        };
        self.own.add(item);
        // To all before itself: what one node has delivered must reach the others, and it may stop at any moment.
        out.broadcast(NodeSet::first(out.config().nodes), Message::Numbered(number, item));
        out.happened(Fact::Sent { item });
        self.deliver(number, item, out);
    }

    /// Delivers in the order of the numbers, as far as no number is missing. Others are held back.
    fn deliver(&mut self, number: u32, item: Item, out: &mut Out<'_, Counter>) {
        // With a flaw this may be another message, or a number that was skipped.
        if number <= self.delivered {
            return out.ignore(phrase!("the next number to deliver is {}", self.delivered + 1));
        }
        if self.held.contains(&number) {
            return out.ignore(phrase!("number {} is held back already", number));
        }
        self.held.insert(number, item);
        // The flaw goes on behind the gap.
        if out.config().has(Flaw::DeliversPastGap) {
            self.delivered = number - 1;
        }
        while let Some(item) = self.held.remove(&(self.delivered + 1)) {
            self.delivered += 1;
            self.log.0.push((self.delivered, item));
            out.happened(Fact::Delivered { number: self.delivered, item });
            if self.own.remove(&item).is_some() {
                out.reply(item.0, Answer::Done);
            }
        }
    }

    /// The number that it waits for, if something is held back.
    fn first_missing(&self) -> Option<u32> {
        (!self.held.is_empty()).then_some(self.delivered + 1)
    }

    /// The numbers that a held number waits for.
    fn missing_before(&self, number: u32) -> impl Iterator<Item = u32> {
        (self.delivered + 1..number).filter(|number| !self.held.contains(number))
    }
}

/// Judges the broadcast by what nodes deliver, and the numbers by what was given.
///
/// Reliable delivery is promised while no number is lost, and numbers can be had.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    broadcasts: broadcast::Judge,
    order: total::Judge,
    /// What was broadcast and has not been sent with a number to all.
    unsent: SortedMap<Item>,
    /// All numbers that were given.
    given: SortedMap<(u32, Item), Witness>,
    /// The last number that each node delivered, and when.
    last: PerNode<Vec<(u32, Witness)>>,
}

impl Observer<Counter> for Judge {
    fn new(config: &Config) -> Judge {
        Judge {
            broadcasts: broadcast::Judge::new(config.nodes),
            order: total::Judge::new(config.nodes),
            unsent: SortedMap::new(),
            given: SortedMap::new(),
            last: PerNode(vec![(0, Witness(EventIndex(0))); config.nodes.into()]),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Counter>, findings: &mut Findings) {
        for (fact, node) in seen.facts().zip(seen.node.iter().cycle()) {
            match *fact {
                Fact::Broadcast { item } => {
                    self.unsent.add(item);
                    self.broadcasts.broadcasts(item, seen.event);
                }
                Fact::Given { number, item } => self.gives(number, item, *node, Witness(seen.event), findings),
                Fact::Sent { item } => drop(self.unsent.remove(&item)),
                Fact::Delivered { number, item } => {
                    self.follows(number, *node, Witness(seen.event), findings);
                    self.broadcasts.delivers::<Counter>(*node, item, seen.event, findings);
                    self.order.delivers::<Counter>(*node, item, seen.event, findings);
                }
            }
        }
    }

    fn at_end(&self, nodes: View<'_, Counter>, findings: &mut Findings) {
        let up: NodeSet = nodes.up().map(|(node, _)| node).collect();
        let counts = up.contains(NodeId(self.last.len() as u8));
        let has_number = |item: &Item| self.given.iter().any(|((_, each), _)| each == item);
        // A number is lost with its node, or cannot be had.
        let lost = |(item, ()): &(Item, ())| if up.contains(item.0.node) { !counts } else { has_number(item) };
        let stuck = self.unsent.iter().any(lost);
        let up = NodeSet::first(self.last.len() as u8).intersection(up);
        self.broadcasts.at_end::<Counter>(findings);
        self.broadcasts.untested::<Counter>(total::Promise::ALL, findings);
        reliable::at_end::<Counter>(&self.broadcasts, if stuck { NodeSet::EMPTY } else { up }, findings);
        let why = if counts { "a node stopped before it had sent its number to all" } else { "the counter stopped" };
        findings.within::<Counter>(reliable::Promise::ALL, |findings| {
            findings.untested_if(stuck, reliable::Promise::ReliableDelivery, why);
        });
        findings.untested_if(self.given.is_empty(), Promise::OneNumber, "no number was given");
        findings.untested_if(self.last.iter().all(|(last, _)| *last == 0), Promise::NoGap, "nothing was delivered");
    }
}

impl Judge {
    /// A message gets a number: no other has it, and the message has no other?
    fn gives(&mut self, number: u32, item: Item, node: NodeId, now: Witness, findings: &mut Findings) {
        for ((other, instead), when) in &self.given {
            let sentence = match (*other == number, *instead == item) {
                (true, false) => format!("Number {number} is given for {instead} and for {item}."),
                (false, true) => format!("{item} gets number {other} and number {number}."),
                _ => continue,
            };
            findings.breaks(Promise::OneNumber, || Breach::of(sentence, [node], [*when]));
        }
        self.given.insert((number, item), now);
    }

    /// A node delivers a number: is it the next?
    fn follows(&mut self, number: u32, node: NodeId, now: Witness, findings: &mut Findings) {
        let (last, when) = core::mem::replace(&mut self.last[node.index()], (number, now));
        if number != last + 1 {
            let name = node.0 + 1;
            let sentence = match number > last {
                true => format!("N{name} delivers number {number} without number {}.", last + 1),
                false => format!("N{name} delivers number {number} after number {last}."),
            };
            findings.breaks(Promise::NoGap, || Breach::of(sentence, [node], (last > 0).then_some(when)));
        }
    }
}
